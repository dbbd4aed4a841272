package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
)

// What is overdue is listed with who has it; what is long overdue is told as that
// on the item's and the patron's screens, and stands against the next loan.
func TestLongOverdueIsShown(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.scan(stored)
		w.do(desk.Yes{Why: "the lift is broken"})
		w.scan(kind)
		w.do(desk.Done{})
		if o := w.do(desk.Overdue{}); o.Word != desk.WordList || len(o.Late) != 0 || o.Text != "nothing is overdue" {
			t.Fatalf("on the same day: %+v", o)
		}
		w.pass(11 * time.Minute)
		if o := w.do(desk.Overdue{}); len(o.Late) != 1 || o.Late[0].Person != "SILVA, Maria" || o.Late[0].Phone == "" || o.Late[0].LongOverdue || o.Text != "1 overdue" {
			t.Fatalf("a minute after it was due: %+v", o)
		}
		if o := w.do(desk.Overdue{Long: true}); len(o.Late) != 0 || o.Text != "nothing is long overdue" {
			t.Fatalf("a minute after it was due: %+v", o)
		}
		w.pass(10 * time.Minute)
		o := w.do(desk.Overdue{Long: true})
		if len(o.Late) != 1 || o.Late[0].Title != "Xylem" || o.Late[0].Barcode != stored || !o.Late[0].LongOverdue {
			t.Fatalf("eleven minutes after it was due: %+v", o)
		}
		if o := w.do(desk.Look{Text: stored}); !strings.HasPrefix(o.Item.Status, "LONG OVERDUE from SILVA, Maria") {
			t.Errorf("the item is %q", o.Item.Status)
		}
		o = w.scan(maria)
		late := 0
		for _, l := range o.Patron.Loans {
			if l.LongOverdue {
				late++
			}
		}
		if late != 1 || !stands(o.Patron, circ.IsLongOverdue) {
			t.Errorf("%d loans are long overdue, and there stands %+v", late, o.Patron.Standing)
		}
		if o := w.scan(planet); o.Word != desk.WordAsk || !strings.Contains(reasons(o.Ask), "long_overdue") || !strings.Contains(o.Text, "1 item is long overdue") {
			t.Errorf("the next loan: %s %q", o.Word, o.Text)
		}
		w.do(desk.SignOut{})
		if o := w.do(desk.Overdue{}); o.Word != desk.WordStop || len(o.Late) != 0 {
			t.Errorf("nobody is signed in: %+v", o)
		}
	})
}

// stands reports whether something stands against the patron's next loan.
func stands(p *desk.Patron, why circ.Reason) bool {
	return slices.ContainsFunc(p.Standing, func(r circ.Remark) bool { return r.Reason == why })
}
