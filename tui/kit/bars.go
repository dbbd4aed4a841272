package kit

import (
	"slices"
	"strings"
)

// Segment is a piece of a bar. When a bar is too narrow, segments with the highest Drop go first; Drop 0 stays
// longest and is cut at the end. A segment with a Least, a name, is cut to no fewer than so many columns before it
// goes.
type Segment struct {
	Text  string
	Drop  int
	Least int
}

// StatusLine is the full-width line that always says where one is and how the line to the central system is: left
// segments joined by " · ", right ones at the right edge. The role is [Bar], or [Alarm] when something is wrong.
func StatusLine(look Look, role Role, width int, left, right []Segment) string {
	left, right = slices.Clone(left), slices.Clone(right)
	for {
		over := barLen(look, left) + barLen(look, right) + barGap - width
		if over <= 0 || !giveWay(look, over, &left, &right) {
			break
		}
	}
	return FullBar(look, role, width, joined(left), joined(right))
}

// barGap is what stands at least between the ends of a bar.
const barGap = 2

// FullBar is a bar across the whole width, with something to say at its left and its right end: bookdrop,
// not listening. The left end goes before the right when it is narrow.
func FullBar(look Look, role Role, width int, left, right string) string {
	if width <= 0 {
		return ""
	}
	left, right = typed(left), typed(right)
	right = look.Cut(right, width-2)
	room := width - 2
	if right != "" {
		room -= look.Len(right) + barGap
	}
	line := " " + look.Fit(left, max(room, 0))
	if right != "" {
		line += strings.Repeat(" ", barGap) + right
	}
	return look.Paint(role, look.Fit(line, width))
}

func joined(segs []Segment) string {
	var texts []string
	for _, s := range segs {
		if s.Text != "" {
			texts = append(texts, typed(s.Text))
		}
	}
	return strings.Join(texts, " · ")
}

func barLen(look Look, segs []Segment) int { return look.Len(joined(segs)) + 1 }

// giveWay makes the segment with the highest Drop narrower by over columns, or takes it out; false when all the
// rest must stay.
func giveWay(look Look, over int, sides ...*[]Segment) bool {
	side, at, most := 0, -1, 0
	for s, segs := range sides {
		for i, seg := range *segs {
			if seg.Drop > most {
				side, at, most = s, i, seg.Drop
			}
		}
	}
	if at < 0 {
		return false
	}
	seg := &(*sides[side])[at]
	if room := look.Len(typed(seg.Text)) - over; seg.Least > 0 && room >= seg.Least {
		seg.Text, seg.Drop = look.Cut(typed(seg.Text), room), 0
		return true
	}
	*sides[side] = slices.Delete(*sides[side], at, at+1)
	return true
}

// Tab is one screen in the line of function keys.
type Tab struct {
	Key   string // as KeyName says it
	Label string
	Here  bool // this screen is shown
}

// KeyLine is the line of function keys and screens; the shown one stands out, and without colours it has brackets.
// Labels that do not fit are left out from the end, and the last one shown is … then.
func KeyLine(look Look, caps KeyCaps, width int, tabs []Tab) (line string, zones []Zone) {
	var b strings.Builder
	used := 0
	for i, t := range tabs {
		name := caps.Show(t.Key) + " " + typed(t.Label)
		need := look.Len(name) + 2
		more := 0
		if i < len(tabs)-1 {
			more = 2
		}
		if used+need+more > width {
			if used+2 <= width {
				b.WriteString(" …")
			}
			break
		}
		if t.Here {
			b.WriteString(look.Paint(Selected, "["+name+"]"))
		} else {
			b.WriteString(" " + look.Paint(Hint, caps.Show(t.Key)) + " " + typed(t.Label) + " ")
		}
		zones = append(zones, Zone{From: used, To: used + need, Key: t.Key})
		used += need
	}
	return b.String(), zones
}
