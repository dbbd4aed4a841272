package label

import "strings"

// issn reads an ISSN: seven digits and a check digit, with a hyphen or the letters
// ISSN or without. The canonical form is "2434-561X".
func issn(code string, told aim) (reading, bool) {
	number, named := code, len(code) > 4 && strings.EqualFold(code[:4], "ISSN")
	if named {
		number = strings.TrimLeft(code[4:], ": -")
	}
	hyphen := len(number) == 9 && number[4] == '-'
	if hyphen {
		number = number[:4] + number[5:]
	}
	if len(number) != 8 || !digits(number[:7]) || ten(number[7], "Xx") < 0 || !hyphen && !named && !told.silent() {
		return reading{}, false
	}
	return reading{
		kind: ISSN, scheme: ISSN8, check: checked(ISSN8.Fits(number)), sole: hyphen || named,
		canonical: number[:4] + "-" + strings.ToUpper(number[4:]),
	}, true
}
