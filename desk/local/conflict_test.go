package local_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// TestOldConflictsAreCarriedOver: a desk of an earlier version kept its conflicts in a
// note. They become the central system's; what was settled stays settled.
func TestOldConflictsAreCarriedOver(t *testing.T) {
	w := newWorld(t)
	w.hub.Rights = func(a circ.Act) ([]circ.Right, bool) { // a carried conflict is nobody's work
		if a.Operator == "" {
			return nil, true
		}
		return []circ.Right{circ.RightCirculate}, true
	}
	w.pull()
	e := w.fact(circ.CheckOut{Patron: "P", Item: "I1"})
	w.deliver()
	w.pull()
	note := `[{"entry":"` + string(e.Act.ID) + `","seq":1,"verdict":"applied","objections":[{"reason":"patron_blocked","who":"P"}],"found":"2026-11-30T10:00:00Z"},
		{"entry":"gone","seq":9,"verdict":"rejected","objections":[{"reason":"unreadable"}],"found":"2026-11-29T10:00:00Z","settled":"2026-11-29T11:00:00Z","by":"ana","why":"typed in again"}]`
	ok(t, w.journal.Update(w.ctx, func(tx journal.JournalTx) error { return tx.SetNote(w.ctx, "conflicts", []byte(note)) }))
	for i, want := range []int{2, 0} { // the second start finds none
		if n, err := w.CarryOver(w.ctx); err != nil || n != want {
			t.Fatalf("start %d carries %d over: %v", i, n, err)
		}
	}
	for _, when := range []string{"before they are delivered", "after"} {
		open, err := w.Conflicts(w.ctx, false)
		if err != nil || len(open) != 1 || open[0].ID != e.Act.ID || open[0].Class != circ.ClassPatronStopped || open[0].Item != "I1" || open[0].Patron != "P" {
			t.Errorf("%s: open %+v, %v", when, open, err)
		}
		all, err := w.Conflicts(w.ctx, true)
		if err != nil || len(all) != 2 || all[0].ID != "gone" || all[0].Settled.By != "ana" || all[0].Settled.Why != "typed in again" {
			t.Errorf("%s: all %+v, %v", when, all, err)
		}
		w.deliver()
		w.pull()
	}
}

// TestAConflictIsSeenAtOnce: what a receipt objects to is listed before the copy has it.
func TestAConflictIsSeenAtOnce(t *testing.T) {
	w := newWorld(t)
	w.pull()
	w.fact(circ.CheckOut{Patron: "P", Item: "I1"})
	ok(t, w.hub.Store.Update(w.ctx, func(tx journal.HubTx) error {
		return tx.Put(w.ctx, []circ.Row{circ.Block{ID: "b", Patron: "P", Text: "x", At: w.now.Add(-time.Hour)}})
	}))
	w.deliver()
	open, err := w.Conflicts(w.ctx, false)
	if err != nil || len(open) != 1 || open[0].Class != circ.ClassPatronStopped || !open[0].Stands {
		t.Errorf("before the copy has it: %+v, %v", open, err)
	}
	w.open() // the program starts anew
	if again, err := w.Conflicts(w.ctx, false); err != nil || len(again) != 1 {
		t.Errorf("after a start: %+v, %v", again, err)
	}
}
