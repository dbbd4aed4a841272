package desk

import (
	"cmp"
	"strconv"

	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// call notes that the patron of a loan was called, or sent another notice.
func (s *Session) call(j *job, in Call) {
	cmd := circ.NoteCall{By: in.By, Text: text.Clean(in.Note, maxNote), Again: in.Again}
	said := []string{"how", s.c.Words.Channel(cmp.Or(in.By, circ.NoticePhone)), "until", s.c.Words.LastDay(in.Again, s.names())}
	switch {
	case in.Text != "":
		f, ok := s.itemScanned(j, in.Text)
		if !ok {
			return
		}
		cmd.Item, cmd.Barcode = named(f)
		s.worked(j, f, cmd, words.OutcomeCalled, said...)
	case in.Fee != "" || in.N != 0:
		s.callOfFee(j, in, cmd, said)
	default:
		s.callOfAll(j, cmd, said)
	}
}

// callOfFee notes it of the loan that a fee is for, also of one that is over.
func (s *Session) callOfFee(j *job, in Call, cmd circ.NoteCall, said []string) {
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	id, ok := s.fee(j, v, in.Fee, in.N)
	if !ok {
		return
	}
	var fee circ.Fee
	var title string
	err := s.read(func(f *facts) {
		fee, _ = one[circ.Fee](f, circ.KindFee, string(id))
		title = clean(f.titleOf(fee.Item).Title)
	})
	switch {
	case err != nil:
		s.failed(j, err)
		return
	case fee.Loan == "":
		s.refuse(j, NoLoanOfFee, "")
		return
	}
	cmd.Loan, cmd.Item = fee.Loan, fee.Item
	s.perform(&order{job: j, cmd: cmd, title: title, patron: &p, done: s.called(title, said)})
}

// callOfAll notes it of all that the open visit's patron has overdue.
func (s *Session) callOfAll(j *job, cmd circ.NoteCall, said []string) {
	if !s.may(j, circ.RightCirculate) {
		return
	}
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	s.freshen(v)
	var orders []*order
	for _, l := range v.panel.Loans {
		if !l.Overdue {
			continue
		}
		cmd.Item = l.Item
		orders = append(orders, &order{
			job: &job{n: j.n, in: j.in, place: j.place, scanned: l.Barcode, visit: v},
			cmd: cmd, title: l.Title, patron: &p, done: s.called(l.Title, said),
		})
	}
	if len(orders) == 0 {
		s.refuse(j, NoneOverdue, "")
		return
	}
	s.performAll(orders, func(then []Outcome) {
		o, done := summary(then, WordDone)
		said = append(said, "name", p.Name)
		o.Patron, o.Text = &p, s.c.Words.N(words.OutcomeCalledAll, done, said...)
		if done < len(then) {
			o.Text = s.c.Words.Text(words.OutcomeCalledSome, append(said, "done", strconv.Itoa(done), "all", strconv.Itoa(len(then)))...)
		}
		if done == 0 {
			o.Word = WordStop
			for _, t := range then {
				o.Reasons = append(o.Reasons, t.Reasons...)
			}
		}
		s.finish(j, o)
	})
}

// called says of a title that it was noted.
func (s *Session) called(title string, said []string) func(*Outcome, circ.Decision, []circ.Event) {
	return func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		o.Word, o.Text = WordDone, s.c.Words.Text(words.OutcomeCalled, append(said, "title", title)...)
		*o = s.warned(*o)
	}
}
