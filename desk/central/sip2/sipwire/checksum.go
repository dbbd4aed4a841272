package sipwire

// A Sum is the checksum of a message: the sum of its bytes, from the first of
// the code up to AZ and with it, negated, in 16 bits.
type Sum uint16

// SumOf returns the checksum of bytes that end with AZ.
func SumOf(b []byte) Sum { return Sum(0).over(b) }

// over takes further bytes into the sum.
func (s Sum) over(b []byte) Sum {
	for _, c := range b {
		s -= Sum(c)
	}
	return s
}

const hexDigits = "0123456789ABCDEF"

// Append writes the four digits, A to F as capitals.
func (s Sum) Append(dst []byte) []byte {
	return append(dst, hexDigits[s>>12], hexDigits[s>>8&15], hexDigits[s>>4&15], hexDigits[s&15])
}

// ReadSum reads four hexadecimal digits, capital or small. ok is false for
// anything else.
func ReadSum(b []byte) (s Sum, ok bool) {
	if len(b) != sumDigits {
		return 0, false
	}
	for _, c := range b {
		d := hexDigit(c)
		if d < 0 {
			return 0, false
		}
		s = s<<4 | Sum(d)
	}
	return s, true
}

const sumDigits = 4

// hexDigit returns the value of a digit, -1 for what is none.
func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	}
	return -1
}
