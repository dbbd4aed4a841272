package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxCode is the length of the longest code in bytes.
const MaxCode = 128

// Code returns a scanned or typed code as it is looked up: without white space
// and invisible characters around it and without the control characters that
// scanners send as frames and separators. All else is data: a code of another
// trade is an unknown code, not a wrong one.
//
// ok is false, and the code empty, for what cannot be one code: nothing at all,
// more than [MaxCode] bytes, a line break or tab inside (two codes in one),
// invalid UTF-8, an escape sequence, or characters inside that cannot be
// printed.
func Code(s string) (code string, ok bool) {
	s = strings.TrimFunc(s, func(r rune) bool {
		return blank(r) || joiner(r) || hidden(r) && r != '\x1b'
	})
	if len(s) > 4*MaxCode || !utf8.ValidString(s) {
		return "", false
	}
	for _, r := range s {
		switch {
		case unicode.IsGraphic(r), joiner(r): // a joiner holds an emoji together
		case unicode.IsControl(r) && !blank(r) && r != '\x1b':
		default:
			return "", false
		}
	}
	code = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, s)
	if code == "" || len(code) > MaxCode {
		return "", false
	}
	return code, true
}
