package kit

import "strings"

// The size that every screen must do with.
const (
	LeastWidth  = 80
	LeastHeight = 24
)

// Fits tells whether a terminal has the least size.
func Fits(width, height int) bool { return width >= LeastWidth && height >= LeastHeight }

// Compose joins lines into a screen of exactly height lines, each cut to width columns.
func Compose(look Look, width, height int, lines []string) string {
	var b strings.Builder
	for i := range height {
		if i > 0 {
			b.WriteByte('\n')
		}
		if i < len(lines) {
			b.WriteString(look.Cut(lines[i], width))
		}
	}
	return b.String()
}

// RuleLine is the line between two parts.
func RuleLine(look Look, width int) string {
	return look.Paint(Rule, strings.Repeat("─", max(width, 0)))
}

// Cramped is the screen of a terminal that is too small: one line that says so, what must be seen all the same as
// far as there is room, and the scan line at the foot, since scans still count.
func Cramped(look Look, width, height int, says string, seen []string, scanLine string) string {
	lines := make([]string, max(height, 0))
	if height > 2 {
		copy(lines[1:height-1], seen)
	}
	if height > 0 {
		lines[height-1] = scanLine
	}
	if height > 1 {
		lines[0] = look.Paint(Alarm, look.Fit(typed(says), width))
	}
	return Compose(look, width, height, lines)
}
