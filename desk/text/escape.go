package text

import "strings"

// escape returns the length of the escape sequence (ECMA-48) that the text
// begins with, 0: none. A sequence that does not end is its introducer alone,
// so that a lost terminator does not take the rest of a title with it.
func escape(s string) int {
	if s == "" {
		return 0
	}
	var kind byte
	n := 2
	switch {
	case s[0] == 0x1b && len(s) == 1:
		return 1
	case s[0] == 0x1b:
		kind = s[1]
	case s[0] == 0xc2 && len(s) > 1 && s[1] >= 0x80 && s[1] <= 0x9f:
		kind = s[1] - 0x40 // U+0080 to U+009F are ESC @ to ESC _ in one character
		if !strings.ContainsRune("P[]X^_", rune(kind)) {
			return 0 // an ordinary control character, or white space
		}
	default:
		return 0
	}
	switch {
	case kind == '[':
		return n + controlSequence(s[n:])
	case strings.IndexByte("P]X^_", kind) >= 0:
		return n + controlString(s[n:], kind == ']')
	case kind >= ' ' && kind <= '/': // ESC, intermediates, one final
		end := n
		for end < len(s) && s[end] >= ' ' && s[end] <= '/' {
			end++
		}
		if end < len(s) && s[end] >= '0' && s[end] <= '~' {
			return end + 1
		}
		return 1
	case kind >= '0' && kind <= '~':
		return n
	}
	return 1 // a stray ESC before a control or a letter
}

// controlSequence returns the length of the parameters, intermediates and final
// of a control sequence, 0: it does not end.
func controlSequence(s string) int {
	i := 0
	for i < len(s) && s[i] >= '0' && s[i] <= '?' {
		i++
	}
	for i < len(s) && s[i] >= ' ' && s[i] <= '/' {
		i++
	}
	if i < len(s) && s[i] >= '@' && s[i] <= '~' {
		return i + 1
	}
	return 0
}

// controlString returns the length of a control string with its terminator (ST,
// in an operating system command also BEL), 0: it does not end. It ends nowhere
// once another control interrupts it: so the next one is not looked for there,
// and a text of nothing but beginnings is still read in one pass.
func controlString(s string, bell bool) int {
	for i := range len(s) {
		rest := s[i:]
		switch c := s[i]; {
		case c == 0x07 && bell:
			return i + 1
		case strings.HasPrefix(rest, "\x1b\\"), strings.HasPrefix(rest, "\u009c"):
			return i + 2
		case c < ' ' && (c < '\b' || c > '\r'), c == 0x7f, c == 0xc2 && len(rest) > 1 && rest[1] <= 0x9f:
			return 0
		}
	}
	return 0
}
