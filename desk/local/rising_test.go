package local_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// TestTimesOfADeskRise: a clock that stands still, or was set back a little, and acts that
// were made before others and are written after them: each entry is after the one before.
func TestTimesOfADeskRise(t *testing.T) {
	w := newWorld(t)
	w.pull()
	early := w.Act("kim", out("P", "I0"))
	asked := w.ask(circ.CheckIn{Item: "I1"}) // written later than it
	if _, err := w.Withdrawn(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	if _, _, err := w.Fact(t.Context(), early, nil); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.Add(-time.Minute)
	asked = w.ask(circ.CheckIn{Item: "I0"})
	if _, err := w.Stood(t.Context(), asked); err != nil {
		t.Fatal(err)
	}
	w.open() // a restart
	w.fact(circ.CheckIn{Item: "I1"})
	var last time.Time
	err := w.Journal.View(t.Context(), func(tx journal.JournalTx) error {
		es, err := tx.Entries(t.Context(), journal.Mark{Desk: w.Desk.ID, Epoch: 1}, 100)
		if len(es) != 6 {
			t.Errorf("%d entries", len(es))
		}
		for _, e := range es {
			if !e.Act.At.After(last) {
				t.Errorf("%s entry %d is of %s, and the one before of %s", e.Mode, e.Seq, e.Act.At, last)
			}
			last = e.Act.At
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
