package kit

import "strings"

// The size that every screen must do with.
const (
	LeastWidth  = 80
	LeastHeight = 24
)

// Fits tells whether a terminal has the least size.
func Fits(width, height int) bool { return width >= LeastWidth && height >= LeastHeight }

// Part is one horizontal part of a screen: its least height in lines, and whether it takes what is left over.
type Part struct {
	Least int
	Grows bool
}

// Heights shares height lines among the parts. Parts that grow share what is left, the first getting one more. When
// there are too few lines, growing parts are emptied first and then parts from the first on: the last, where the
// scan line is, go last.
func Heights(height int, parts ...Part) []int {
	h := make([]int, len(parts))
	left, growing := height, 0
	for i, p := range parts {
		h[i] = max(p.Least, 0)
		left -= h[i]
		if p.Grows {
			growing++
		}
	}
	for i, p := range parts {
		if left > 0 && p.Grows {
			share := (left + growing - 1) / growing
			h[i] += share
			left -= share
			growing--
		}
	}
	for _, only := range []bool{true, false} {
		for i, p := range parts {
			if left < 0 && (p.Grows || !only) {
				take := min(h[i], -left)
				h[i] -= take
				left += take
			}
		}
	}
	return h
}

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

// Over lays the lines of a panel, full width, over a screen's lines from row on; rows outside are left out. The
// given lines are not changed.
func Over(screen, panel []string, row int) []string {
	out := append([]string(nil), screen...)
	for i, l := range panel {
		if at := row + i; at >= 0 && at < len(out) {
			out[at] = l
		}
	}
	return out
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
