package text

import (
	"strings"

	"github.com/rivo/uniseg"
)

// Width returns how many columns of a terminal a clean text takes: two for wide
// characters, none for combining ones. It counts as most terminals do, character
// by character; those that count what people see as one character give the vowel
// signs of Indian and South-East Asian scripts no column of their own, so nothing
// that must stand straight belongs to the right of an outside text.
func Width(s string) int {
	if plain(s) {
		return len(s)
	}
	return uniseg.StringWidth(s)
}

// Cut returns as much of a clean text as fits into width columns, with … in the
// last of them where it was cut. What people see as one character is never
// divided, so the result may be a column short. With a width of 0 or less
// nothing is left.
func Cut(s string, width int) string {
	if width <= 0 {
		return ""
	}
	if Width(s) <= width {
		return s
	}
	kept, used := 0, 0
	for rest, state := s, -1; ; {
		var cluster string
		var w int
		cluster, rest, w, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if used += w; used > width-1 || rest == "" {
			return s[:kept] + Ellipsis
		}
		kept += len(cluster)
	}
}

// Pad returns a clean text that takes exactly width columns: cut as [Cut] does,
// then filled with spaces. With a width of 0 or less nothing is left.
func Pad(s string, width int) string {
	s = Cut(s, width)
	return s + strings.Repeat(" ", max(0, width-Width(s)))
}
