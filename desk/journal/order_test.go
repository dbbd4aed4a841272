package journal_test

import (
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// TestWhatBecameOfAQuestionInAnyOrder: what became of a question may come before the
// question, as when the server was put back from a backup, and may be said twice, as by a
// desk and its copy. What a clerk was told counts, once, and nothing else does.
func TestWhatBecameOfAQuestionInAnyOrder(t *testing.T) {
	const applied, noop, rejected = journal.Applied, journal.Noop, journal.Rejected
	at := noon.Add(-5 * time.Minute)
	mine := circ.LoanID(circ.NewID("asked", circ.KindLoan, 0))
	lent := circ.CheckedOut{Loan: mine, Item: "item", Patron: "reader", At: at, Due: noon.AddDate(0, 0, 14), Desk: "desk-1"}
	before := entry("before", journal.Fact, 30, lend,
		circ.CheckedOut{Loan: "before", Item: "item", Patron: "reader", At: noon.Add(-30 * time.Minute), Due: noon.AddDate(0, 0, 14), Desk: "desk-1"})
	blocked := []circ.Row{circ.Block{ID: "b", Patron: "reader", Text: "x", At: noon.AddDate(0, 0, -1)}}
	named := func(id string, e journal.Entry) journal.Entry { e.Act.ID = circ.EntryID(id); return e }

	asked := entry("asked", journal.Asked, 5, lend)
	stood, withdrawn := named("stood", second(journal.Stood, lend, lent)), named("withdrawn", second(journal.Withdrawn, lend))
	twice := named("stood, the copy says", stood)
	other := lent
	other.Due = noon.AddDate(0, 1, 0)
	otherwise := named("stood otherwise, the copy says", second(journal.Stood, lend, other))
	never := named("withdrawn, the copy says", withdrawn)
	theirs := withdrawn
	theirs.Act.Desk = "desk-2"
	theirStood := named("stood, another desk says", stood)
	theirStood.Act.Desk = "desk-2"
	takenBack := entry("undo", journal.Fact, 2, circ.Undo{Entry: "asked"}, circ.LoanVoided{Loan: mine, Item: "item", Patron: "reader", At: noon})
	takenBack.Act.Desk = "desk-2"

	undo := circ.Undo{Entry: "before"}
	undoes := entry("asked", journal.Asked, 5, undo)
	undone, notUndone := second(journal.Stood, undo, circ.LoanVoided{Loan: "before", Item: "item", Patron: "reader", At: at}), second(journal.Withdrawn, undo)

	for _, tt := range []struct {
		name     string
		first    []circ.Row // what the server holds beside
		past     []journal.Entry
		entries  []journal.Entry
		verdicts []journal.Verdict
		object   []circ.Reason // of all
		loan     circ.LoanID   // the item's in the end
		did      []string      // what the question came to in the end
	}{
		{name: "it stood, then the question", entries: []journal.Entry{stood, asked}, verdicts: []journal.Verdict{applied, noop}, loan: mine, did: []string{"checked_out"}},
		{name: "it stood, and the question does not come", entries: []journal.Entry{stood}, verdicts: []journal.Verdict{applied}, loan: mine, did: []string{"checked_out"}},
		{name: "it stood, which would be refused, then the question", first: blocked, entries: []journal.Entry{stood, asked}, verdicts: []journal.Verdict{applied, noop}, object: []circ.Reason{circ.PatronBlocked}, loan: mine, did: []string{"checked_out"}},
		{name: "it stood, was undone elsewhere, then the question", entries: []journal.Entry{stood, takenBack, asked}, verdicts: []journal.Verdict{applied, applied, noop}, did: []string{"checked_out"}},
		{name: "it stood, was lent elsewhere, then the question", entries: []journal.Entry{stood, elsewhere(3), asked}, verdicts: []journal.Verdict{applied, applied, noop}, object: []circ.Reason{circ.OnLoanToOther}, loan: "elsewhere", did: []string{"checked_out"}},
		{name: "withdrawn, then the question", entries: []journal.Entry{withdrawn, asked}, verdicts: []journal.Verdict{noop, noop}},
		{name: "another desk says that it is withdrawn, then the question", entries: []journal.Entry{theirs, asked}, verdicts: []journal.Verdict{noop, applied}, loan: mine, did: []string{"checked_out"}},
		{name: "the question, another desk says that it stood, withdrawn", entries: []journal.Entry{asked, theirStood, withdrawn}, verdicts: []journal.Verdict{applied, rejected, applied}, object: []circ.Reason{circ.UnknownThing}},
		{name: "the question, another desk says that it is withdrawn, and its own that it stood otherwise", entries: []journal.Entry{asked, theirs, otherwise}, verdicts: []journal.Verdict{applied, rejected, applied}, object: []circ.Reason{circ.UnknownThing, circ.ToldOtherwise}, loan: mine, did: []string{"loan_voided", "checked_out"}},

		{name: "it stood, was withdrawn by a copy, then the question", entries: []journal.Entry{stood, withdrawn, asked}, verdicts: []journal.Verdict{applied, noop, noop}, loan: mine, did: []string{"checked_out"}},
		{name: "it stood, then the question, was withdrawn by a copy", entries: []journal.Entry{stood, asked, withdrawn}, verdicts: []journal.Verdict{applied, noop, noop}, loan: mine, did: []string{"checked_out"}},
		{name: "the question, it stood, was withdrawn by a copy", entries: []journal.Entry{asked, stood, withdrawn}, verdicts: []journal.Verdict{applied, applied, noop}, object: []circ.Reason{circ.ToldOtherwise}, loan: mine, did: []string{"loan_voided", "checked_out"}},
		{name: "withdrawn by a copy, it stood, then the question", entries: []journal.Entry{withdrawn, stood, asked}, verdicts: []journal.Verdict{noop, applied, noop}, loan: mine, did: []string{"checked_out"}},
		{name: "the question, withdrawn by a copy, it stood", entries: []journal.Entry{asked, withdrawn, stood}, verdicts: []journal.Verdict{applied, applied, applied}, loan: mine, did: []string{"checked_out"}},
		{name: "the question, withdrawn by a copy, it stood twice", entries: []journal.Entry{asked, withdrawn, stood, twice}, verdicts: []journal.Verdict{applied, applied, applied, noop}, loan: mine, did: []string{"checked_out"}},
		{name: "it stood twice, then the question", entries: []journal.Entry{stood, twice, asked}, verdicts: []journal.Verdict{applied, noop, noop}, loan: mine, did: []string{"checked_out"}},
		{name: "it stood, and stood otherwise, then the question", entries: []journal.Entry{stood, otherwise, asked}, verdicts: []journal.Verdict{applied, noop, noop}, object: []circ.Reason{circ.ToldOtherwise}, loan: mine, did: []string{"checked_out"}},
		{name: "withdrawn twice, then the question", entries: []journal.Entry{withdrawn, never, asked}, verdicts: []journal.Verdict{noop, noop, noop}},
		{name: "the question, withdrawn twice", entries: []journal.Entry{asked, withdrawn, never}, verdicts: []journal.Verdict{applied, applied, noop}},

		{name: "it stood, then the question, which is an undo", past: []journal.Entry{before}, entries: []journal.Entry{undone, undoes}, verdicts: []journal.Verdict{applied, noop}, did: []string{"loan_voided"}},
		{name: "withdrawn, then the question, which is an undo", past: []journal.Entry{before}, entries: []journal.Entry{notUndone, undoes}, verdicts: []journal.Verdict{noop, noop}, loan: "before"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := newCourt(t)
			c.put(tt.first...)
			for _, e := range tt.past {
				c.judge(e)
			}
			var got []journal.Verdict
			var object []circ.Reason
			for _, e := range tt.entries {
				r := c.judge(e)
				got, object = append(got, r.Verdict), append(object, reasons(r.Objections)...)
			}
			if !slices.Equal(got, tt.verdicts) || !slices.Equal(object, tt.object) {
				t.Errorf("the verdicts are %v, objections %v; want %v, %v", got, object, tt.verdicts, tt.object)
			}
			if loan := c.item().Loan; loan != tt.loan {
				t.Errorf("the item is out on %q, want %q", loan, tt.loan)
			}
			if l := rowOf[circ.Loan](c, circ.KindLoan, string(tt.loan)); tt.loan != "" && !l.Open() {
				t.Errorf("the loan is %+v", l)
			}
			if s := c.story("asked"); s.Act.ID != "asked" || !slices.Equal(eventNames(s.Events), tt.did) {
				t.Errorf("its story is %+v", s)
			}
			if happened := c.happened(asked); happened != (len(tt.did) > 0) {
				t.Errorf("it happened: %v", happened)
			}
		})
	}
}
