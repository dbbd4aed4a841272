package local_test

import (
	"context"
	"fmt"
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// between does something behind each write to the copy, before the desk goes on.
type between struct {
	journal.Store[journal.CacheTx]
	do func()
}

func (b *between) Update(ctx context.Context, fn func(journal.CacheTx) error) error {
	err := b.Store.Update(ctx, fn)
	if b.do != nil {
		b.do()
	}
	return err
}

// theirs is what another desk of the branch has done, as the relay tells it.
func theirs(n uint64) local.Work {
	return local.Work{Entry: circ.EntryID(fmt.Sprint("other-", n)), Desk: "main-2", Epoch: 1, Seq: n, Mode: journal.Fact}
}

// The relay begins anew while a page of the feed is being kept.
func TestTheRelayBeginsAnewWhileAPageComes(t *testing.T) {
	w := newWorld(t)
	c := w.Config
	b := &between{Store: w.cache}
	c.Cache = b
	d, err := local.Open(w.ctx, c)
	ok(t, err)
	w.Desk = d
	w.pull()
	ok(t, w.Hear(w.ctx, []local.Work{theirs(1)}))
	w.elsewhere(circ.CheckOut{Patron: "P", Item: "I0"})
	b.do = func() { ok(t, w.Unhear(w.ctx)) }
	w.pull()
	b.do = nil
	if n := w.Heard(); n != 0 {
		t.Errorf("%d entries of the branch are laid over the copy", n)
	}
	ok(t, w.Hear(w.ctx, []local.Work{theirs(1), theirs(2)}))
	if n := w.Heard(); n != 2 {
		t.Errorf("%d entries of the branch are laid over the copy, then", n)
	}
}

// What a desk writes goes behind what the branch had done before, as long as that is not
// home.
func TestAnEntryIsBehindWhatTheBranchDidBefore(t *testing.T) {
	w := newWorld(t)
	w.pull()
	behind := func(what string, ahead, behind int) {
		t.Helper()
		if a, b := w.Behind(); a != ahead || b != behind {
			t.Errorf("%s: %d are ahead, not %d, and the next is behind %d, not %d", what, a, ahead, b, behind)
		}
	}
	ok(t, w.Hear(w.ctx, []local.Work{theirs(1)}))
	behind("nothing is written", 0, 0)
	first := w.fact(out("P", "I0")).Act.ID
	behind("the relay does not have it", 0, 1)
	ok(t, w.Hear(w.ctx, []local.Work{{Entry: first, Desk: "main-1", Epoch: 1, Seq: 1, Mode: journal.Fact}, theirs(2)}))
	behind("others have done more since", 0, 1)
	w.open()
	ok(t, w.Hear(w.ctx, []local.Work{{Entry: first, Desk: "main-1", Epoch: 1, Seq: 1, Mode: journal.Fact}, theirs(1), theirs(2)}))
	behind("it was first", 1, 0)
	w.fact(out("P", "I1"))
	behind("one was first, and one is not", 1, 2)
	w.deliver()
	behind("both have their receipts", 0, 0)
}

// A question is decided by what the central system knows: it waits for nothing.
func TestAQuestionIsBehindNothing(t *testing.T) {
	w := newWorld(t)
	w.pull()
	ok(t, w.Hear(w.ctx, []local.Work{theirs(1)}))
	e := w.ask(out("P", "I0"))
	if _, n := w.Behind(); n != 0 {
		t.Errorf("the question is behind %d entries", n)
	}
	_, err := w.Stood(w.ctx, e)
	ok(t, err)
	if _, n := w.Behind(); n != 1 {
		t.Errorf("what was done without its answer is behind %d entries", n)
	}
}

// What others did before comes later, as when the relay begins anew: what the desk did
// since is not hidden by it.
func TestWhatOthersDidBeforeComesLater(t *testing.T) {
	w := newWorld(t)
	w.pull()
	mine := w.fact(out("P", "I0"))
	before := theirs(1)
	before.Events = []circ.Event{circ.CheckedOut{Loan: "L", Item: "I0", Patron: "Q", At: mine.Act.At.Add(-1), Due: mine.Act.At.Add(1)}}
	echo := local.Work{Entry: mine.Act.ID, Desk: "main-1", Epoch: 1, Seq: 1, Mode: journal.Fact, Events: append([]circ.Event{circ.CheckedIn{Loan: "L", Item: "I0", Patron: "Q", At: mine.Act.At, How: circ.Evidence}}, mine.Told...)}
	for _, row := range []struct {
		name string
		all  [][]local.Work
		who  circ.PatronID
	}{
		{"before the relay has the desk's own", [][]local.Work{{before}}, "P"},
		{"with the desk's own", [][]local.Work{{before, echo}}, "P"},
		{"and then the desk's own", [][]local.Work{{before}, {echo}}, "P"},
		{"behind the desk's own", [][]local.Work{{echo, before}}, "Q"},
		{"after the desk's own", [][]local.Work{{echo}, {before}}, "Q"},
	} {
		ok(t, w.Unhear(w.ctx))
		for _, works := range row.all {
			ok(t, w.Hear(w.ctx, works))
		}
		if who := w.holder("I0"); who != row.who {
			t.Errorf("%s: the book is with %q", row.name, who)
		}
	}
}
