package desk

import (
	"circdesk/desk/words"
)

// overdue lists what is overdue at this library, first due first.
func (s *Session) overdue(j *job, in Overdue) {
	if !s.signedIn(j) {
		return
	}
	found, more, err := s.c.Desk.Overdue(s.ctx, s.c.Desk.Library, s.now(), listSize)
	if err != nil {
		s.failed(j, err)
		return
	}
	o := Outcome{Word: WordList}
	for _, l := range found {
		if in.Long && !l.Long {
			continue
		}
		o.Late = append(o.Late, Late{
			Loan: Loan{
				Loan: safe(l.Loan), Title: clean(l.Title.Title), Barcode: clean(l.Item.Barcode),
				Overdue: true, LongOverdue: l.Long, IfBack: l.IfBack,
			},
			Person: personName(l.Patron), Phone: clean(l.Patron.Phone), Email: clean(l.Patron.Email),
		})
	}
	w := s.c.Words
	switch {
	case len(o.Late) == 0 && in.Long:
		o.Text = w.Text(words.OutcomeOverdueNoneLong)
	case len(o.Late) == 0:
		o.Text = w.Text(words.OutcomeOverdueNone)
	case more:
		o.Text = w.N(words.OutcomeOverdueMore, len(o.Late))
	default:
		o.Text = w.N(words.OutcomeOverdue, len(o.Late))
	}
	s.finish(j, o)
}
