package scanner

// AIM divides a text that begins with an AIM identifier (ISO/IEC 15424: a
// bracket, a letter, a digit or letter) into the identifier and what was read.
// Text without one, and an identifier with nothing behind it, stays whole.
func AIM(s string) (symbology, text string) {
	if len(s) < 4 || s[0] != ']' || !letter(s[1]) || !letter(s[2]) && (s[2] < '0' || s[2] > '9') {
		return "", s
	}
	return s[:3], s[3:]
}

func letter(c byte) bool { return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' }
