package label

import "strings"

// ISBN13 returns the 13 digits of an ISBN: of an ISBN-13 or ISBN-10, with or
// without hyphens, spaces or the letters ISBN before it, and of the EAN-13 on
// the back of a book with its add-on of five digits (the price), together or
// after a space. ok is false where the check digit is wrong, and for the numbers
// that only look like one: other EANs, and printed music (979-0, an ISMN).
func ISBN13(s string) (isbn string, ok bool) {
	s, _, _ = bare(s)
	switch len(s) {
	case 18:
		if digits(s[13:]) {
			return isbn13(s[:13])
		}
	case 13:
		return isbn13(s)
	case 10:
		return isbn10(s)
	}
	return "", false
}

// longestISBN is the length of the longest text that is looked at, in bytes.
const longestISBN = 40

// bare takes an ISBN as it is printed: without the letters ISBN before it and without
// hyphens and spaces. It counts those between the digits.
func bare(s string) (number string, named bool, gaps int) {
	if len(s) > longestISBN {
		return "", false, 0
	}
	if named = len(s) > 4 && strings.EqualFold(s[:4], "ISBN"); named {
		s = strings.TrimLeft(s[4:], ": -")
	}
	number = strings.Map(func(r rune) rune {
		switch r {
		case '-', ' ', '\u2010', '\u2011', '\u2012', '\u2013': // hyphens as they are printed
			gaps++
			return -1
		}
		return r
	}, s)
	return number, named, gaps
}

// isbn13 takes 13 characters: 978 or 979, and the check digit of an EAN (ISO 2108).
func isbn13(s string) (string, bool) {
	if !gtinFits(s) || bookland(s) != ISBN {
		return "", false
	}
	return s, true
}

// isbn10 takes 10 characters: the last may be X for ten, and the sum of the
// digits, weighted 10 to 1, is divided by 11 (ISO 2108, until 2007).
func isbn10(s string) (string, bool) {
	if !ISBN10.Fits(s) {
		return "", false
	}
	s = "978" + s[:9]
	return s + string(gtin(s)), true
}

// isbn reads an ISBN as people write it. Ten digits without more pass for one in one
// of eleven cases, and may be something else: a wrong check digit says nothing then.
func isbn(code string, told aim) (reading, bool) {
	number, named, gaps := bare(code)
	plain := !named && gaps == 0
	if told.isRetail() || plain && !told.retail() {
		return reading{}, false
	}
	r := reading{kind: ISBN, canonical: code}
	switch {
	case len(number) == 10 && digits(number[:9]) && ten(number[9], "Xx") >= 0:
		r.scheme, r.sole = ISBN10, named || gaps == 3 || number[9]|0x20 == 'x'
		r.check = checked(ISBN10.Fits(number))
	case len(number) == 13 && digits(number) && bookland(number) == ISBN && !plain:
		r.scheme, r.sole, r.check = GTIN, true, checked(gtinFits(number))
	default:
		return reading{}, false
	}
	if isbn, ok := ISBN13(number); ok {
		r.canonical = isbn
	}
	return r, true
}

// isbnPrice reads an ISBN as people write it, and the price behind it.
func isbnPrice(code string, told aim) (reading, bool) {
	number, named, gaps := bare(code)
	if told.isRetail() || !named && gaps == 0 || len(number) != 18 {
		return reading{}, false
	}
	isbn, ok := ISBN13(number)
	return reading{kind: ISBN, scheme: GTIN, check: Right, canonical: isbn, addOn: number[13:]}, ok
}
