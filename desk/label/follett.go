package label

// Follett's short numbers are a letter and at most seven digits, without a check
// digit, and with a space between that readers send or drop: T is an item, X a
// textbook, P a patron. Its canonical form is "T 12345".
func follett(code string, told aim) (reading, bool) {
	canonical, ok := spaced(code)
	if !ok || told.isRetail() {
		return reading{}, false
	}
	kind := Item
	if canonical[0] == 'P' {
		kind = Card
	}
	return reading{kind: kind, canonical: canonical, check: NoCheck, guess: true}, true
}

// spaced writes one of Follett's short numbers with a capital and a space.
func spaced(code string) (string, bool) {
	if len(code) < 2 {
		return "", false
	}
	letter, number := code[0]&^0x20, code[1:]
	if number[0] == ' ' {
		number = number[1:]
	}
	if letter != 'T' && letter != 'P' && letter != 'X' || len(number) > 7 || !digits(number) {
		return "", false
	}
	return string(letter) + " " + number, true
}
