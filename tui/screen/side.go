package screen

import (
	"cmp"
	"slices"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// From how many columns on a panel stands beside the list, and how wide it is.
const (
	sideFrom  = 120
	sideWidth = 42
)

// listWidth is what is left of a width beside the panel and its rule.
func listWidth(width int) int { return width - sideWidth - 3 }

// Beside draws a panel at the right of lines, with a rule between. Nothing is
// drawn at the right of the panel: names in other scripts would push it.
func Beside(env *Env, width int, lines, side []string) []string {
	left := listWidth(width)
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = env.Look.Fit(l, left) + " " + env.Look.Paint(kit.Rule, "│")
		if i < len(side) && side[i] != "" {
			out[i] += " " + env.Look.Cut(side[i], sideWidth)
		}
	}
	return out
}

// Side is what the patron of the visit has, in at most h lines: loans by their
// due dates, what is ready on the hold shelf, and fees.
func Side(env *Env, p *desk.Patron, h int) []string {
	w := env.Words
	var lines []string
	section := func(title words.Key) {
		if len(lines) > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, env.Look.Paint(kit.Quiet, w.Text(title)))
	}
	add := func(role kit.Role, mark, what, of string) {
		lines = append(lines, env.Look.Paint(role, env.Look.Fit(mark+what, 18))+"  "+env.Look.Cut(Clean(of), sideWidth-20))
	}
	if len(p.Loans) > 0 {
		section(words.PatronLoans)
		for _, l := range slices.SortedStableFunc(slices.Values(p.Loans), func(a, b desk.Loan) int { return a.Due.Compare(b.Due) }) {
			switch {
			case l.LongOverdue:
				add(kit.Stop, "! ", env.Due(l.Due), cmp.Or(l.Title, l.Barcode))
			case l.Overdue:
				add(kit.Wrong, "! ", env.Due(l.Due), cmp.Or(l.Title, l.Barcode))
			default:
				add(kit.Plain, "  ", env.Due(l.Due), cmp.Or(l.Title, l.Barcode))
			}
		}
	}
	if p.Ready > 0 {
		section(words.CheckOutReady)
		for _, r := range p.Requests {
			if r.Stage == circ.OnShelf {
				add(kit.Held, "  ", w.Text(words.CheckInUntil, "until", env.Due(r.Until)), r.Of)
			}
		}
	}
	if len(p.Fees) > 0 {
		section(words.PatronFees)
		for _, f := range p.Fees {
			add(kit.Plain, "  ", w.Money(f.Left), firstOf(f.Title, f.Text, env.Words.Fee(f.Type)))
		}
	}
	if len(lines) > h && h > 0 {
		more := len(lines) - h + 1
		lines = append(lines[:h-1:h-1], env.Look.Paint(kit.Quiet, w.N(words.BarMoreRows, more)))
	}
	return lines
}
