package kit

import "strings"

// Pager shows a window of lines that are more than the screen: the list of keys, an explanation. The zero Pager
// stands at the first line.
type Pager struct{ top int }

// Input moves the window over n lines, h of them visible. It tells whether it used the key: up, down, pgup, pgdown,
// home, end.
func (p *Pager) Input(key string, n, h int) bool {
	switch key {
	case "up":
		p.top--
	case "down":
		p.top++
	case "pgup":
		p.top -= max(h-1, 1)
	case "pgdown":
		p.top += max(h-1, 1)
	case "home":
		p.top = 0
	case "end":
		p.top = n
	default:
		return false
	}
	p.top = max(min(p.top, n-h), 0)
	return true
}

// Below is how many of n lines come after the window of h.
func (p *Pager) Below(n, h int) int { return max(n-h-max(min(p.top, n-h), 0), 0) }

// View gives h lines, each at most width columns wide; lines after the last are empty.
func (p *Pager) View(look Look, width, h int, lines []string) []string {
	out := make([]string, max(h, 0))
	top := max(min(p.top, len(lines)-h), 0)
	for i := range out {
		if top+i < len(lines) {
			out[i] = strings.TrimRight(look.Cut(lines[top+i], width), " ")
		}
	}
	return out
}
