package plain

import (
	"context"

	"circdesk/desk"
	"circdesk/desk/words"
)

// why explains the last word: why this due date, why not, and what would lift it.
func why(d *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	if rest != "" {
		return nil, nil
	}
	w := d.c.Words
	if d.last == nil {
		return nil, d.says(desk.WordList, w.Text(words.WhyNone))
	}
	o := *d.last
	r := d.says(desk.WordList, w.List(w.Text(words.WhyTitle), o.Text))
	if !o.Due.IsZero() {
		r.out.Tell = append(r.out.Tell, desk.Said{Words: w.Text(words.WhyDue, "due", d.env().Due(o.Due))})
	}
	for _, said := range [][]desk.Said{o.Reasons, o.Ask, o.Tell} {
		for _, s := range said {
			s.Words = w.Reasons(s.Words, w.Way(s.Remark))
			r.out.Tell = append(r.out.Tell, s)
		}
	}
	r.out.Trace = o.Trace
	for _, l := range o.Trace {
		r.out.Tell = append(r.out.Tell, desk.Said{Words: l.Words})
	}
	if len(r.out.Tell) == 0 {
		r.out.Text = w.Text(words.WhyNone)
	}
	return nil, r
}
