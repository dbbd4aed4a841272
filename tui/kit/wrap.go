package kit

import "strings"

// Wrap breaks s between its words into lines of at most width columns. A word longer than a line is cut. The
// result is never empty.
func Wrap(look Look, s string, width int) []string {
	width = max(width, 1)
	lines := []string{""}
	for _, word := range strings.Fields(typed(s)) {
		last := &lines[len(lines)-1]
		switch {
		case *last == "":
			*last = look.Cut(word, width)
		case look.Len(*last)+1+look.Len(word) <= width:
			*last += " " + word
		default:
			lines = append(lines, look.Cut(word, width))
		}
	}
	return lines
}
