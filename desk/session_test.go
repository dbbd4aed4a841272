package desk_test

import (
	"testing"

	"circdesk/desk"
	"circdesk/desk/journal"
)

func TestLendAndTakeBack(t *testing.T) {
	for _, row := range []struct {
		name string
		line bool
		mode journal.Mode
	}{
		{"with the line up every scan is asked", true, journal.Asked},
		{"without a line every scan is a fact", false, journal.Fact},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				if !row.line {
					w.pull()
				}
				if o := w.scan(maria); o.Word != desk.WordPatron || o.Patron == nil || o.Patron.Name != "SILVA, Maria" {
					t.Fatalf("the card: %+v", o)
				}
				if o := w.scan(middle); o.Word != desk.WordOut || o.Title != "Middlemarch" || o.Mode != row.mode || o.Entry == "" || o.Due.IsZero() {
					t.Fatalf("the item: %+v", o)
				}
				st := w.st()
				if st.Visit == nil || len(st.Visit.Patron.Loans) != 1 || len(st.Visit.Lines) != 1 || !st.Visit.Lines[0].Final {
					t.Fatalf("the panel: %+v", st.Visit)
				}
				w.do(desk.Go{To: desk.AtCheckIn})
				if o := w.scan(middle); o.Word != desk.WordIn || o.Route == nil || o.Mode != row.mode {
					t.Fatalf("taken back: %+v", o)
				}
				w.plug()
				if l := w.loan("I1"); l.ID != "" || w.st().Waiting != 0 {
					t.Fatalf("at the hub: %+v, %d waiting", l, w.st().Waiting)
				}
			})
		})
	}
}
