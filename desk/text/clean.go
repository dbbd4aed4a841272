package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"golang.org/x/text/unicode/norm"
)

// Ellipsis marks a text that was cut.
const Ellipsis = "…"

// maxMarks is how many combining marks one letter keeps. Written languages need
// fewer; more of them only climb over the lines above.
const maxMarks = 8

// Clean returns outside text (a record, a typed name, an error of another
// system) as one line that people can be shown: no byte of it moves the cursor,
// colours the screen, rings the bell, reorders what stands beside it, or hides.
//
//   - Invalid UTF-8 becomes U+FFFD, one for each run of it; the rest is NFC.
//   - Escape sequences go as a whole, other control characters one by one.
//   - Bidirectional controls, zero-width and other invisible characters go. A
//     joiner stays within a word of a script that writes with joiners, a
//     variation selector stays behind a Han character.
//   - White space, line and paragraph separators: one space for each run, none
//     at the ends.
//   - A letter keeps at most 8 marks; marks without a letter at the very
//     beginning get a dotted circle.
//
// The result has at most max runes; what was cut off is marked with … and the
// cut is between two characters as people see them. With max of 0 or less
// nothing is left. Cleaning twice is cleaning once, and text that is clean
// already is returned as it is; ASCII without an allocation.
func Clean(s string, max int) string {
	if max <= 0 {
		return ""
	}
	if len(s) <= max && plain(s) {
		return s
	}
	s = norm.NFC.String(strings.ToValidUTF8(s, string(utf8.RuneError)))
	return cutRunes(norm.NFC.String(visible(s)), max)
}

// plain reports whether the text is printable ASCII with single spaces inside.
func plain(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if c < ' ' || c > '~' || c == ' ' && space {
			return false
		}
		space = c == ' '
	}
	return s == "" || !space
}

// visible keeps what people see of a valid text.
func visible(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	var last rune // the last rune written, 0: none
	space, marks := false, 0
	for i := 0; i < len(s); {
		if n := escape(s[i:]); n > 0 {
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case blank(r):
			space = last != 0
			continue
		case joiner(r):
			next, _ := utf8.DecodeRuneInString(s[i:])
			if space || !joins(last) || !joins(next) {
				continue
			}
		case selector(r):
			if space || !unicode.Is(unicode.Han, last) {
				continue
			}
		case hidden(r):
			continue
		}
		if !unicode.Is(unicode.M, r) {
			marks = 0
		} else if marks++; marks > maxMarks {
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		} else if last == 0 && unicode.Is(unicode.M, r) {
			b.WriteRune('◌')
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// cutRunes returns at most max runes of a text, with … where it was cut.
func cutRunes(s string, max int) string {
	if len(s) <= max || utf8.RuneCountInString(s) <= max {
		return s
	}
	kept, runes := 0, 0
	for rest, state := s, -1; ; {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if runes += utf8.RuneCountInString(cluster); runes > max-1 {
			return strings.TrimRight(s[:kept], " \u200c\u200d") + Ellipsis // nothing is left for a joiner to join
		}
		kept += len(cluster)
	}
}
