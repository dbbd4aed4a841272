package marc

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

const (
	replaced   = "characters without a meaning here became U+FFFD"
	notUTF8    = "the leader says UTF-8, the bytes do not: read as MARC-8"
	nonSorting = '\u0098' // begins text that a list sorted by title passes over
	sorting    = '\u009c' // ends it
)

// text gives the text of a piece of a field. unknown holds the bytes for which
// U+FFFD stands.
func text(b []byte, inUTF8 bool) (s string, unknown []byte) {
	if plain(b) {
		return string(b), nil
	}
	if inUTF8 {
		s, unknown = decodeUTF8(b)
	} else {
		s, unknown = decodeMARC8(b)
	}
	return norm.NFC.String(s), unknown
}

// plain: printable ASCII, which is the same in every character set here.
func plain(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}

// isUTF8 tells from a field's bytes whether they are UTF-8 or MARC-8. What the
// leader says counts only where the bytes could be both:
//
//  1. nothing above ASCII: MARC-8 if an escape sequence is in it, else the same
//  2. an escape sequence of MARC-8 in it: MARC-8, unless the leader says UTF-8;
//     what the sets of MARC-8 hold above ASCII may look like UTF-8
//  3. UTF-8 without a fault: UTF-8, since a mark before its letter, the only
//     thing that is frequent in MARC-8 without escapes, is never that
//  4. UTF-8 with faults: UTF-8 if there is more right with it than wrong
func isUTF8(b []byte, leader bool) bool {
	right, wrong := 0, 0
	for i := 0; i < len(b); {
		if b[i] < utf8.RuneSelf {
			i++
			continue
		}
		r, size := utf8.DecodeRune(b[i:])
		if r == utf8.RuneError && size == 1 {
			wrong++
		} else {
			right++
		}
		i += size
	}
	switch {
	case right == 0 && wrong == 0:
		return !escapes(b)
	case !leader && escapes(b):
		return false
	}
	return right > wrong
}

// escapes: an escape sequence of MARC-8 is in it.
func escapes(b []byte) bool {
	for {
		i := bytes.IndexByte(b, 0x1B)
		if i < 0 {
			return false
		}
		if _, _, n := designation(b[i:]); n > 0 {
			return true
		}
		b = b[i+1:]
	}
}

// faultless: UTF-8 without a control character but tab and line ends. It may say
// no to text that is in order.
func faultless(b []byte) bool {
	for i, c := range b {
		switch {
		case c < ' ' && c != '\t' && c != '\n' && c != '\r', c == 0x7F:
			return false
		case c == 0xC2 && i+1 < len(b) && b[i+1] < 0xA0: // U+0080 to U+009F
			return false
		}
	}
	return utf8.Valid(b)
}

func decodeUTF8(b []byte) (s string, unknown []byte) {
	if faultless(b) {
		return string(b), nil
	}
	var out strings.Builder
	out.Grow(len(b))
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if (r == utf8.RuneError && size == 1) || isControl(r) {
			unknown = append(unknown, b[:size]...)
			r = utf8.RuneError
		}
		out.WriteRune(r)
		b = b[size:]
	}
	return out.String(), unknown
}

// isControl: a control character that has no business in a record's text.
func isControl(r rune) bool {
	switch r {
	case '\t', '\n', '\r', nonSorting, sorting:
		return false
	}
	return unicode.IsControl(r)
}
