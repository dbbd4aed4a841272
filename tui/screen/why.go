package screen

import (
	"circdesk/desk"
	"circdesk/desk/words"
	"circdesk/tui/kit"
)

// Why explains an outcome: why this due date, why not, and what would lift it.
func Why(env *Env, o desk.Outcome) Dialog {
	title := env.Words.List(env.Words.Text(words.WhyTitle), What(o))
	return NewRead(title, func(env *Env, width int) []string { return explain(env, o, width) })
}

func explain(env *Env, o desk.Outcome, width int) []string {
	w, look := env.Words, env.Look
	lines := []string{"   " + look.Paint(Role(o), env.SayWord(o))}
	add := func(role kit.Role, s string) {
		lines = append(lines, "   "+look.Paint(role, look.Cut(Clean(s), width-3)))
	}
	if !o.Due.IsZero() {
		add(kit.Loud, w.Text(words.WhyDue, "due", w.Due(o.Due, env.Names())))
	}
	for _, said := range [][]desk.Said{o.Reasons, o.Ask, o.Tell} {
		for _, r := range said {
			add(kit.Plain, r.Words)
			if way := w.Way(r.Remark); way != "" {
				add(kit.Quiet, "  "+w.Text(words.WhyLifts, "way", way))
			}
		}
	}
	for _, l := range o.Trace {
		add(kit.Plain, "  "+l.Words)
	}
	if o.Route != nil {
		add(kit.Plain, o.Route.Words)
	}
	if len(lines) == 1 {
		add(kit.Quiet, w.Text(words.WhyNone))
	}
	return lines
}

// Report tells what became of several things: each with its word, and what the
// clerk should hear of it.
func Report(env *Env, title string, outcomes []desk.Outcome) Dialog {
	return NewRead(title, func(env *Env, width int) []string {
		var lines []string
		for _, o := range outcomes {
			word := env.Look.Paint(Role(o), env.Look.Fit(env.SayWord(o), 9))
			lines = append(lines, " "+word+" "+env.Look.Cut(Clean(What(o)), width-11))
			for _, d := range env.Details(o) {
				lines = append(lines, "           "+env.Look.Cut(d, width-11))
			}
		}
		return lines
	})
}
