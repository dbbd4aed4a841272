package label

import "strings"

// library reads a number of 14 digits. Whose it is only patterns say. Bars that libraries
// seldom use may hold another number of that length.
func library(code string, told aim) (reading, bool) {
	if len(code) != 14 || !digits(code) || told.isRetail() {
		return reading{}, false
	}
	return reading{kind: Unknown, scheme: Mod10, check: checked(Mod10.Fits(code)), canonical: code, sole: strings.IndexByte("IMP", told.letter) < 0}, true
}

// code39Mod43 reads what Code 39 can hold, in so far as its last character is the check
// character of the rest. Unless the reader says that it is Code 39, it has a letter and
// a digit: a word is none.
func code39Mod43(code string, told aim) (reading, bool) {
	mixed := strings.ContainsAny(code, "0123456789") && strings.ContainsAny(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
	if told.letter != 'A' && (!told.silent() || !mixed || len(code) < 4) || len(code) < 2 {
		return reading{}, false
	}
	check, ok := mod43(code[:len(code)-1])
	if !ok || check != code[len(code)-1] {
		return reading{}, false
	}
	return reading{kind: Unknown, symbology: Code39, scheme: Mod43, check: Right, canonical: code}, true
}

// plusMod11 reads digits and the + that is ten in Follett's modulus 11.
func plusMod11(code string, told aim) (reading, bool) {
	if !told.silent() && told.letter != 'A' || len(code) < 7 || !strings.HasSuffix(code, "+") {
		return reading{}, false
	}
	return firstFit(code, Mod11, Mod11NCR)
}

// msi reads MSI, which has no check digit that all agree on.
func msi(code string, told aim) (reading, bool) {
	if told.letter != 'M' {
		return reading{}, false
	}
	return firstFit(code, Mod10, Mod11, Mod11NCR)
}

// plesseyBars reads Plessey, where the reader sends its two check characters.
func plesseyBars(code string, told aim) (reading, bool) {
	if told.letter != 'P' {
		return reading{}, false
	}
	return firstFit(code, PlesseyCRC)
}

// firstFit reads a code by the first of the schemes that fits.
func firstFit(code string, schemes ...Scheme) (reading, bool) {
	for _, s := range schemes {
		if s.Fits(code) {
			return reading{kind: Unknown, scheme: s, check: Right, canonical: code}, true
		}
	}
	return reading{}, false
}
