package label

import "strings"

// Check says how a code stands to its check digit.
type Check string

const (
	NoCheck Check = "none"  // it has none, or nobody knows which
	Right   Check = "right" // a way to reckon it, of those that the code's form allows, fits
	Wrong   Check = "wrong" // the form allows one way only, and it does not fit
)

// checked is [Right] or [Wrong].
func checked(fits bool) Check {
	if fits {
		return Right
	}
	return Wrong
}

// CheckDigit returns the check digit, '0' to '9', that belongs behind the digits
// of a library number: the modulus 10 of Codabar labels, which is the Luhn sum.
// From the right every other digit counts double, and the digits of a double are
// added. ok is false for anything but one or more digits.
//
// A 14-digit number ends in the check digit of its first 13.
func CheckDigit(s string) (digit byte, ok bool) {
	if !digits(s) {
		return 0, false
	}
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 0 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10), true
}

// mod11 returns what is missing to a multiple of 11 when the digits count 2, 3, 4 …
// from the right, and after the last weight 2 again: 0 to 10.
func mod11(s string, last int) int {
	return (11 - weighted(s, last)%11) % 11
}

// weighted adds the digits, which count 2, 3, 4 … from the right, and after the last
// weight 2 again.
func weighted(s string, last int) int {
	sum, w := 0, 2
	for i := len(s) - 1; i >= 0; i-- {
		sum += w * int(s[i]-'0')
		if w++; w > last {
			w = 2
		}
	}
	return sum
}

// code39 are the characters of Code 39, in the order of their values.
const code39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"

// mod43 returns the check character of Code 39: the sum of the values, without what
// is a multiple of 43. ok is false where a character is none of Code 39, or there is
// none.
func mod43(s string) (check byte, ok bool) {
	sum := 0
	for i := range len(s) {
		v := strings.IndexByte(code39, s[i])
		if v < 0 {
			return 0, false
		}
		sum += v
	}
	return code39[sum%len(code39)], s != ""
}

// gtin returns the check digit of EAN, UPC and ISBN-13: from the right the digits
// count 3, 1, 3 … (ISO/IEC 15420). It takes digits.
func gtin(s string) byte {
	sum := 0
	for i := range len(s) {
		d := int(s[len(s)-1-i] - '0')
		if i%2 == 0 {
			d *= 3
		}
		sum += d
	}
	return byte('0' + (10-sum%10)%10)
}

// gtinFits reports whether digits end in the check digit of EAN, UPC and ISBN-13.
func gtinFits(s string) bool {
	return digits(s) && len(s) > 1 && gtin(s[:len(s)-1]) == s[len(s)-1]
}

// hex are the characters of Plessey, in the order of their values.
const hex = "0123456789ABCDEF"

// plessey returns the two check characters of Plessey: the characters are four bits
// each, the lowest first, and what is left of them when x⁸+x⁷+x⁶+x⁵+x³+1 is taken
// out. ok is false where a character is none of Plessey, or there is none.
func plessey(s string) (check string, ok bool) {
	const polynomial = 0b1_1110_1001
	rest := 0
	shift := func(bit int) {
		if rest = rest<<1 | bit; rest > 0xff {
			rest ^= polynomial
		}
	}
	for i := range len(s) {
		v := strings.IndexByte(hex, s[i])
		if v < 0 {
			return "", false
		}
		for bit := range 4 {
			shift(v >> bit & 1)
		}
	}
	for range 8 {
		shift(0)
	}
	out := []byte{0, 0}
	for bit := range 8 { // the highest bit comes first, and is the lowest of its character
		out[bit/4] |= byte(rest>>(7-bit)&1) << (bit % 4)
	}
	return string([]byte{hex[out[0]], hex[out[1]]}), s != ""
}

// digits reports whether the text is one or more ASCII digits.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
