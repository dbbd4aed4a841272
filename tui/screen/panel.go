package screen

import (
	"strings"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// panelHeight is how many lines the panel of a patron takes.
const panelHeight = 3

// Panel is who the open visit is for, in three lines: who; how much; and what
// the clerk should know. Without a visit it says what to scan, and of one that
// sleeps nothing but that.
func Panel(env *Env, width int) []string {
	p := env.Patron()
	switch {
	case env.Hidden():
		return []string{"", " " + env.Look.Cut(env.Words.Text(words.BarAsleep), width-1), ""}
	case p == nil:
		return []string{"", " " + env.Look.Paint(kit.Quiet, env.Look.Cut(env.Words.Text(words.CheckOutNobody)+" · "+env.Words.Text(words.CheckOutScanCard), width-1)), ""}
	}
	return []string{who(env, width, p), " " + env.Look.Cut(painted(env, counts(env, p)), width-1), remarks(env, width, p)}
}

// who is the patron's name, birth year and street, and the card at the right.
func who(env *Env, width int, p *desk.Patron) string {
	var left []string
	for _, s := range []string{p.Born, p.Street} {
		if s = Clean(s); s != "" {
			left = append(left, s)
		}
	}
	name := Clean(p.Name)
	rest := ""
	if len(left) > 0 {
		rest = " · " + strings.Join(left, " · ")
	}
	end := env.Look.Cut(card(env, p), width/2)
	room := width - 3 - env.Look.Len(end)
	name = env.Look.Cut(name, room)
	line := env.Look.Fit(rest, max(room-env.Look.Len(name), 0))
	return " " + env.Look.Paint(kit.Loud, name) + line + "  " + end
}

// card is the patron's group, and until when the card is valid.
func card(env *Env, p *desk.Patron) string {
	group := env.Look.Paint(kit.Quiet, Clean(p.Group))
	if p.Expires.IsZero() {
		return group
	}
	key, role := words.CheckOutCardUntil, kit.Quiet
	if p.Expired {
		key, role = words.CheckOutCardExpired, kit.Stop
	}
	return env.Words.List(group, env.Look.Paint(role, env.Words.Text(key, "date", env.LastDay(p.Expires))))
}

// count is one thing that a patron has, and how it looks.
type count struct {
	text string
	role kit.Role
}

// inARow is counts as running text.
func inARow(all []count) string {
	var texts []string
	for _, c := range all {
		texts = append(texts, c.text)
	}
	return strings.Join(texts, " · ")
}

// painted is counts in a row, each as it looks.
func painted(env *Env, all []count) string {
	var texts []string
	for _, c := range all {
		texts = append(texts, env.Look.Paint(c.role, c.text))
	}
	return strings.Join(texts, " · ")
}

// counts is how much the patron has, and owes.
func counts(env *Env, p *desk.Patron) []count {
	out := []count{{env.Words.N(words.CheckOutSummaryOut, len(p.Loans)), kit.Plain}}
	if p.Overdue > 0 {
		out = append(out, count{env.Words.N(words.CheckOutSummaryOverdue, p.Overdue), kit.Wrong})
	}
	if p.Ready > 0 {
		out = append(out, count{env.Words.N(words.CheckOutSummaryReady, p.Ready), kit.Held})
	}
	switch p.Owes.Sign() {
	case 1:
		out = append(out, count{env.Words.Text(words.CheckOutSummaryOwes, "amount", env.Words.Money(p.Owes)), kit.Wrong})
	case -1:
		if credit, err := p.Owes.Neg(); err == nil {
			out = append(out, count{env.Words.Text(words.PatronCredit, "amount", env.Words.Money(credit)), kit.Plain})
		}
	}
	return out
}

// remarks is what stands in the way, then what somebody noted.
func remarks(env *Env, width int, p *desk.Patron) string {
	var out []string
	for _, b := range p.Blocks {
		out = append(out, env.Look.Paint(kit.Stop, env.Look.Cut(env.Words.Text(words.CheckOutBlocked, "text", b.Text), width-2)))
	}
	for _, a := range p.Alerts {
		if a.For(circ.AtLoan) {
			out = append(out, env.Look.Paint(kit.Ask, env.Look.Cut(env.Words.Text(words.CheckOutAlert, "text", a.Text), width-2)))
		}
	}
	if p.Note != "" {
		out = append(out, env.Look.Cut(env.Words.Text(words.CheckOutNote, "text", p.Note), width-2))
	}
	if len(out) == 0 {
		return ""
	}
	return " " + env.Look.Cut(strings.Join(out, " · "), width-1)
}
