package label

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

// checks reports whether a number ends in its check digit.
func checks(code string) bool {
	if code == "" {
		return false
	}
	last := len(code) - 1
	digit, ok := CheckDigit(code[:last])
	return ok && code[last] == digit
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
