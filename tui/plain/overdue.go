package plain

import (
	"context"

	"circdesk/desk"
	"circdesk/desk/words"
)

func overdue(_ *Desk, _ context.Context, rest string) (desk.Input, *reply) {
	switch rest {
	case "":
		return desk.Overdue{}, nil
	case "long":
		return desk.Overdue{Long: true}, nil
	}
	return nil, nil
}

// lateLines are overdue loans, a line each, and what can be done about them.
func (d *Desk) lateLines(late []desk.Late) (out []string) {
	w := d.c.Words
	for _, l := range late {
		state, owes := w.Text(words.PatronOverdue), ""
		if l.LongOverdue {
			state = w.Text(words.PatronLongOverdue)
		}
		if l.IfBack.Minor > 0 {
			owes = w.Text(words.PlainIfBack, "amount", w.Money(l.IfBack))
		}
		out = append(out, w.List(w.Text(words.OutcomeDue, "title", l.Title, "due", d.env().Due(l.Due)), state, l.Barcode, l.Person, l.Phone, l.Email, owes))
	}
	if len(out) > 0 {
		out = append(out, w.Text(words.PlainOverdueNext))
	}
	return out
}
