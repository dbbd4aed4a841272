package label

import "strings"

// ISBN13 returns the 13 digits of an ISBN: of an ISBN-13 or ISBN-10, with or
// without hyphens, spaces or the letters ISBN before it, and of the EAN-13 on
// the back of a book with its add-on of five digits (the price), together or
// after a space. ok is false where the check digit is wrong, and for the numbers
// that only look like one: other EANs, and printed music (979-0, an ISMN).
func ISBN13(s string) (isbn string, ok bool) {
	if len(s) > 40 {
		return "", false
	}
	if len(s) > 4 && strings.EqualFold(s[:4], "ISBN") {
		s = strings.TrimLeft(s[4:], ": -")
	}
	s = strings.Map(func(r rune) rune {
		switch r {
		case '-', ' ', '\u2010', '\u2011', '\u2012', '\u2013': // hyphens as they are printed
			return -1
		}
		return r
	}, s)
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

// isbn13 takes 13 characters: 978 or 979, and a sum of the digits, each second
// one three times, that ends in 0 (ISO 2108).
func isbn13(s string) (string, bool) {
	if !digits(s) || s[:3] != "978" && s[:3] != "979" || s[:4] == "9790" || s[12] != eanCheck(s[:12]) {
		return "", false
	}
	return s, true
}

// isbn10 takes 10 characters: the last may be X for ten, and the sum of the
// digits, weighted 10 to 1, is divided by 11 (ISO 2108, until 2007).
func isbn10(s string) (string, bool) {
	if !digits(s[:9]) {
		return "", false
	}
	sum := 0
	for i := range 9 {
		sum += (10 - i) * int(s[i]-'0')
	}
	switch c := s[9]; {
	case c == 'X' || c == 'x':
		sum += 10
	case c >= '0' && c <= '9':
		sum += int(c - '0')
	default:
		return "", false
	}
	if sum%11 != 0 {
		return "", false
	}
	s = "978" + s[:9]
	return s + string(eanCheck(s)), true
}

// eanCheck returns the check digit of the first 12 digits of an EAN-13.
func eanCheck(s string) byte {
	sum := 0
	for i := range 12 {
		d := int(s[i] - '0')
		if i%2 == 1 {
			d *= 3
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10)
}
