package local_test

import (
	"errors"
	"testing"

	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// The answer was kept just before the desk gave up waiting for it.
func TestTheAnswerCameJustBefore(t *testing.T) {
	for _, row := range []struct {
		name string
		end  func(*world, *journal.Entry) error
	}{
		{"it was to stand", func(w *world, e *journal.Entry) error { _, err := w.Stood(w.ctx, e); return err }},
		{"it was to be withdrawn", func(w *world, e *journal.Entry) error { _, err := w.Withdrawn(w.ctx, e); return err }},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newWorld(t)
			w.pull()
			e := w.ask(out("P", "I0"))
			w.deliver()
			answered, is := errors.AsType[*local.AnsweredError](row.end(w, e))
			if !is || answered.Receipt.Entry != e.Act.ID || answered.Receipt.Verdict != journal.Applied {
				t.Fatalf("got %+v", answered)
			}
			if head, err := w.Head(w.ctx); err != nil || head.Seq != 1 || w.Unsettled() != 0 {
				t.Errorf("%d entries, %d waiting: %v", head.Seq, w.Unsettled(), err)
			}
			w.fact(out("P", "I1")) // and nothing is owed
			if got := w.holder("I0"); got != "P" {
				t.Errorf("the loan is of %q", got)
			}
		})
	}
}

// A withdrawal that finds no room is written before anything else, so that what
// nobody was told as done is never done.
func TestAWithdrawalIsOwed(t *testing.T) {
	begin := func(t *testing.T) (*world, []journal.Receipt) {
		w := newWorld(t)
		w.pull()
		e := w.ask(out("P", "I0"))
		answers := w.judge() // on its way
		w.journal.fail(errFull)
		if _, err := w.Withdrawn(w.ctx, e); !errors.Is(err, errFull) {
			t.Fatalf("without room: %v", err)
		}
		if got := w.holder("I0"); got != "" {
			t.Errorf("it is shown as lent to %q", got)
		}
		return w, answers
	}
	t.Run("without room nothing is sent, settled or written", func(t *testing.T) {
		w, answers := begin(t)
		if _, err := w.Unsent(w.ctx, 10); !errors.Is(err, errFull) {
			t.Errorf("sent: %v", err)
		}
		if _, err := w.Settle(w.ctx, answers); !errors.Is(err, errFull) {
			t.Errorf("settled: %v", err)
		}
		if _, _, err := w.Fact(w.ctx, w.act(out("P", "I1")), nil); !errors.Is(err, errFull) {
			t.Errorf("written: %v", err)
		}
	})
	for _, row := range []struct {
		name string
		next func(*world, []journal.Receipt)
		head uint64
	}{
		{"the answer comes first", func(w *world, rs []journal.Receipt) {
			_, err := w.Settle(w.ctx, rs)
			ok(w.t, err)
		}, 2},
		{"another scan comes first", func(w *world, _ []journal.Receipt) { w.fact(out("Q", "I1")) }, 3},
		{"a delivery comes first", func(w *world, _ []journal.Receipt) { w.deliver() }, 2},
		{"the program is started anew first", func(w *world, _ []journal.Receipt) {
			w.open()
			withdrawn, err := w.Restart(w.ctx)
			ok(w.t, err)
			if len(withdrawn) != 1 {
				w.t.Errorf("%d withdrawn", len(withdrawn))
			}
		}, 2},
	} {
		t.Run("when there is room, "+row.name, func(t *testing.T) {
			w, answers := begin(t)
			w.journal.fail(nil)
			row.next(w, answers)
			if head, err := w.Head(w.ctx); err != nil || head.Seq != row.head {
				t.Errorf("%d entries: %v", head.Seq, err)
			}
			w.deliver()
			if got := w.atHub("I0"); got != "" {
				t.Errorf("nobody was told, and the hub has lent it to %q", got)
			}
			w.pull()
			if got := w.holder("I0"); got != "" {
				t.Errorf("the desk shows it as lent to %q", got)
			}
		})
	}
}

// Only the answer was lost, and the copy shows already what was asked.
func TestRestartWhenTheCopyHasIt(t *testing.T) {
	w := newWorld(t)
	w.pull()
	w.ask(out("P", "I0"))
	w.judge()
	w.pull()
	w.fact(out("Q", "I1"))
	w.ask(out("Q", "I2"))
	if w.holder("I0") != "P" || w.Pending() != 2 {
		t.Fatalf("%q has it, %d pending", w.holder("I0"), w.Pending())
	}
	for _, want := range []int{2, 0} { // the second start finds nothing more
		w.open()
		withdrawn, err := w.Restart(w.ctx)
		if err != nil || len(withdrawn) != want || want > 0 && withdrawn[0].Seq != 1 {
			t.Fatalf("%d withdrawn: %v", len(withdrawn), err)
		}
	}
	w.deliver()
	w.pull()
	if w.atHub("I0") != "" || w.atHub("I1") != "Q" || w.atHub("I2") != "" || w.holder("I0") != "" {
		t.Errorf("%q %q %q at the hub", w.atHub("I0"), w.atHub("I1"), w.atHub("I2"))
	}
}

// A full disk does not keep the desk from starting.
func TestRestartOnAFullDisk(t *testing.T) {
	w := newWorld(t)
	w.pull()
	w.ask(out("P", "I0"))
	w.journal.fail(errFull)
	w.open()
	withdrawn, err := w.Restart(w.ctx)
	if err != nil || len(withdrawn) != 1 || w.holder("I0") != "" {
		t.Fatalf("%d withdrawn, %q has it: %v", len(withdrawn), w.holder("I0"), err)
	}
	w.journal.fail(nil)
	w.deliver()
	if got := w.atHub("I0"); got != "" {
		t.Errorf("nobody was told, and the hub has lent it to %q", got)
	}
}
