package desk

import (
	"slices"

	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// setDue sets when an item is due.
func (s *Session) setDue(j *job, in SetDue) {
	f, ok := s.itemScanned(j, in.Text)
	if !ok {
		return
	}
	id, barcode := named(f)
	s.date(j, f, circ.SetDue{Item: id, Barcode: barcode, Due: in.Due}, circ.OwnDate, in.Why, func(o *Outcome) {
		o.Due = in.Due
		o.Text = s.c.Words.Text(words.OutcomeDue, "title", o.Title, "due", s.c.Words.Due(in.Due, s.names()))
	})
}

// correctReturn corrects when an item had come back.
func (s *Session) correctReturn(j *job, in CorrectReturn) {
	f, ok := s.itemScanned(j, in.Text)
	if !ok {
		return
	}
	id, barcode := named(f)
	s.date(j, f, circ.CorrectReturn{Item: id, Barcode: barcode, In: in.In}, circ.OtherReturn, in.Why, func(o *Outcome) {
		o.Text = s.c.Words.Text(words.OutcomeReturned, "title", o.Title, "at", s.c.Words.When(in.In, s.names()))
	})
}

// date carries out a command about a date that needs a right and a reason. Whoever
// has the right and types a reason has said yes.
func (s *Session) date(j *job, f found, c circ.Command, over circ.Reason, why string, said func(*Outcome)) {
	o := &order{job: j, cmd: c, item: s.itemOf(f), title: clean(f.title.Title), tell: warnings(f), done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		o.Word = WordDone
		said(o)
		s.looks(o, f)
		*o = s.warned(*o)
	}}
	s.willing(o, circ.RightOverride, over, text.Clean(why, maxNote))
	s.perform(o)
}

// willing says yes to a reason for whoever has the right to and has typed why.
func (s *Session) willing(o *order, right circ.Right, over circ.Reason, why string) {
	if why != "" && s.operator != nil && slices.Contains(rights(*s.operator), right) {
		o.over, o.why = []circ.Reason{over}, why
	}
}
