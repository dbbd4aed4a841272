package label

import "strings"

// recordTypes are the letters of Sierra's records: b bibliographic, i item, p patron,
// o order, c check-in, a authority, r course, n invoice, v vendor, e resource,
// l licence, t contact, j volume.
const recordTypes = "bipocarnveltj"

// sierra reads a record number of Sierra or Millennium: a full stop, a small letter,
// seven or eight digits and a check digit; the full stop, and the letter before seven
// digits, may be missing. The canonical form has no full stop: "i19627919". Sierra takes
// the letter a in place of a check digit that is not known, and shows numbers without
// one, which keep their full stop.
func sierra(code string, told aim) (reading, bool) {
	number, dot := strings.CutPrefix(code, ".")
	letter := ""
	if number != "" && strings.IndexByte(recordTypes, number[0]) >= 0 {
		letter, number = number[:1], number[1:]
	}
	last := len(number) - 1
	switch {
	case told.isRetail() || last < 6 || last > 8 || !digits(number[:last]):
		return reading{}, false
	case dot && letter != "" && last == 6 && digits(number):
		return reading{kind: Sierra, check: NoCheck, canonical: code}, true
	case letter != "" && last > 6 && number[last] == 'a':
		return reading{kind: Sierra, check: NoCheck, canonical: letter + number}, true
	case last == 6 || ten(number[last], "Xx") < 0:
		return reading{}, false
	case letter == "" && (dot || last != 7 || !told.silent()):
		return reading{}, false
	}
	return reading{
		kind: Sierra, scheme: SierraMod, check: checked(SierraMod.Fits(number)), sole: dot,
		canonical: letter + strings.ToLower(number),
	}, true
}
