package desk_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk"
)

// TestALoanIsRecalled: it shows where the item is looked up, at the patron and on
// the slip, stands against a renewal, and can be lifted and undone.
func TestALoanIsRecalled(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		w.do(desk.OpenPatron{ID: "P4"})
		out := w.scan(middle)
		for _, step := range []struct {
			name string
			in   desk.Input
			word desk.Word
			why  string
			says string // the beginning of the outcome
		}{
			{"nothing to lift", desk.Recall{Text: middle, Lift: true}, desk.WordStop, "not_recalled", ""},
			{"recalled, which the rules do not provide for", desk.Recall{Text: middle}, desk.WordAsk, "", ""},
			{"yes", desk.Yes{Why: "the teacher needs it"}, desk.WordDone, "", "Middlemarch: recalled, due "},
			{"recalled twice", desk.Recall{Text: middle}, desk.WordStop, "recalled_already", ""},
			{"renewed?", desk.RenewItem{Text: middle}, desk.WordAsk, "", ""},
			{"no", desk.No{}, desk.WordStop, "recalled", ""},
			{"a code that is no item", desk.Recall{Text: "31234000099999"}, desk.WordStop, "unknown_item", ""},
		} {
			w.pass(time.Second)
			o := w.do(step.in)
			if o.Word != step.word || step.why != "" && !strings.HasPrefix(reasons(o.Reasons), step.why) || !strings.HasPrefix(o.Text, step.says) {
				t.Fatalf("%s: %s %q %s, want %s %s", step.name, o.Word, o.Text, reasons(o.Reasons), step.word, step.why)
			}
		}
		it := w.do(desk.Look{Text: middle}).Item
		if !strings.Contains(it.Status, "recalled 14:05") || !it.Loan.Due.Before(out.Due) {
			t.Errorf("the item is shown as %q, due %v", it.Status, it.Loan.Due)
		}
		if p := w.do(desk.OpenPatron{ID: "P4"}).Patron; p.Loans[0].RecalledSince().IsZero() || !p.Loans[0].Due.Equal(it.Loan.Due) {
			t.Errorf("the patron has %+v", p.Loans)
		}
		w.do(desk.Slip{})
		if s := w.slips[0]; !strings.Contains(s, "RECALLED, others wait:\nMiddlemarch") {
			t.Errorf("the slip:\n%s", s)
		}
		if o := w.do(desk.Recall{Text: middle, Lift: true}); o.Word != desk.WordDone || !o.Due.Equal(out.Due) || !strings.HasPrefix(o.Text, "Middlemarch: not recalled any more, due ") {
			t.Errorf("lifted: %s %q, due %v", o.Word, o.Text, o.Due)
		}
		if o := w.do(desk.Undo{N: []int{1}}); o.Word != desk.WordUndone {
			t.Errorf("undone: %s %q", o.Word, o.Text)
		}
		if it := w.do(desk.Look{Text: middle}).Item; !strings.Contains(it.Status, "recalled") {
			t.Errorf("after the undo the item is shown as %q", it.Status)
		}
	})
}
