package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Prints reports whether s is UTF-8 in which every character prints: none moves a
// cursor or ends a line. A space prints, a tab does not.
func Prints(s string) bool {
	return utf8.ValidString(s) && !strings.ContainsFunc(s, func(r rune) bool { return !unicode.IsPrint(r) })
}
