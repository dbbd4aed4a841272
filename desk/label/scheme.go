package label

import "slices"

// Scheme is a way to reckon a check digit. In the settings and in JSON schemes stand
// as they are: never renamed.
type Scheme string

const (
	// Mod10 is the modulus 10 of library numbers in Codabar and Code 39, and of MSI;
	// see [CheckDigit].
	Mod10 Scheme = "mod10"
	// Mod11 is the modulus 11 with the weights 2 to 7 from the right, and 2 again
	// after 7. Ten is + (Follett in Code 39) or X, eleven is 0.
	Mod11 Scheme = "mod11"
	// Mod11NCR is as Mod11, with the weights 2 to 9.
	Mod11NCR Scheme = "mod11-9"
	// Mod43 is the check character of Code 39. Where it would be a space, which nobody
	// sees and a line loses, it may be missing: one wrong number in 43 passes so.
	Mod43 Scheme = "mod43"
	// PlesseyCRC are the two check characters of Plessey.
	PlesseyCRC Scheme = "plessey"
	// GTIN is the check digit of EAN, UPC and ISBN-13.
	GTIN Scheme = "gtin"

	// What follows is of numbers that are no library's own: no pattern names them.

	ISBN10    Scheme = "isbn10" // modulus 11 of an ISBN of ten digits; ten is X
	ISSN8     Scheme = "issn"   // modulus 11 of an ISSN; ten is X
	SierraMod Scheme = "sierra" // modulus 11 of Sierra's record numbers; ten is x
	ByReader  Scheme = "reader" // the reader says that it checked, and not how
)

// named are the schemes that a pattern may name.
var named = []Scheme{Mod10, Mod11, Mod11NCR, Mod43, PlesseyCRC, GTIN}

// Fits reports whether a number ends in its check digit by this scheme. It is false
// for a scheme without a name here, and for a text that is no such number at all.
func (s Scheme) Fits(number string) bool {
	last := len(number) - 1
	if last < 1 {
		return false
	}
	body, end := number[:last], number[last]
	switch s {
	case Mod10:
		digit, ok := CheckDigit(body)
		return ok && digit == end
	case Mod11:
		return digits(body) && ten(end, "+Xx") == mod11(body, 7)
	case Mod11NCR:
		return digits(body) && ten(end, "+Xx") == mod11(body, 9)
	case Mod43:
		check, ok := mod43(body)
		space, _ := mod43(number)
		return ok && check == end || space == ' '
	case PlesseyCRC:
		check, ok := plessey(number[:last-1])
		return ok && check == number[last-1:]
	case GTIN:
		return gtinFits(number)
	case ISBN10, ISSN8:
		return digits(body) && ten(end, "Xx") == mod11(body, len(body)+1)
	case SierraMod:
		return digits(body) && ten(end, "Xx") == weighted(body, len(body)+1)%11
	}
	return false
}

// ten is the value of a check digit whose ten is one of the characters; -1 for none.
func ten(c byte, for10 string) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case slices.Contains([]byte(for10), c):
		return 10
	}
	return -1
}
