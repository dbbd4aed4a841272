package desk

import (
	"circdesk/desk/circ"
	"circdesk/desk/words"
)

// recall recalls the loan of an item, or lifts its recall.
func (s *Session) recall(j *job, in Recall) {
	f, ok := s.itemScanned(j, in.Text)
	if !ok {
		return
	}
	id, barcode := named(f)
	var cmd circ.Command = circ.RecallLoan{Item: id, Barcode: barcode}
	says := words.OutcomeRecalled
	if in.Lift {
		cmd, says = circ.LiftRecall{Item: id, Barcode: barcode}, words.OutcomeRecallLifted
	}
	title := clean(f.title.Title)
	s.perform(&order{job: j, cmd: cmd, item: s.itemOf(f), title: title, tell: warnings(f), done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		s.looks(o, f)
		due := ""
		if o.Item != nil && o.Item.Loan != nil {
			o.Due = o.Item.Loan.Due
			due = s.c.Words.Due(o.Due, s.names())
		}
		o.Word, o.Text = WordDone, s.c.Words.Text(says, "title", title, "due", due)
		*o = s.warned(*o)
	}})
}
