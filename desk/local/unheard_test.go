package local_test

import (
	"context"
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// An entry waits until its receipt is there, though the copy shows what came of it.
func TestAnEntryWhoseAnswerWasLostWaits(t *testing.T) {
	w := newWorld(t)
	w.pull()
	w.fact(out("P", "I0"))
	w.judge()
	w.pull()
	w.fact(out("P", "I1"))
	for _, when := range []string{"at once", "after a start"} {
		if w.Pending() != 1 || w.Unsettled() != 2 {
			t.Errorf("%s: %d pending, %d waiting", when, w.Pending(), w.Unsettled())
		}
		w.open()
	}
	w.deliver()
	if n := w.Unsettled(); n != 0 {
		t.Errorf("in the end %d wait", n)
	}
}

// An entry is delivered as soon as it is durable, by another goroutine, and its
// receipt may be there before the desk has laid the entry over its copy.
func TestAReceiptThatComesAtOnce(t *testing.T) {
	w := newWorld(t)
	w.pull()
	a := w.act(out("P", "I0"))
	c := w.Config
	c.Journal = &prompt{w.journal, func() { w.deliver() }}
	d, err := local.Open(w.ctx, c)
	ok(t, err)
	w.Desk = d
	_, _, err = w.Fact(w.ctx, a, nil)
	ok(t, err)
	if n := w.Unsettled(); n != 0 {
		t.Errorf("%d wait", n)
	}
	w.pull()
	if n := w.Unsettled(); n != 0 || w.holder("I0") != "P" {
		t.Errorf("%d wait, %q has it", n, w.holder("I0"))
	}
}

// The answer that came at once is no: what the desk would have done is not seen.
func TestARefusalThatComesAtOnce(t *testing.T) {
	w := newWorld(t)
	w.pull()
	w.elsewhere(circ.BlockPatron{Patron: "P", Text: "x"})
	a := w.act(out("P", "I0"))
	c := w.Config
	c.Journal = &prompt{w.journal, func() { w.deliver() }}
	d, err := local.Open(w.ctx, c)
	ok(t, err)
	w.Desk = d
	told, _, err := w.Ask(w.ctx, a, nil)
	ok(t, err)
	for wait := range 2 {
		if !told.Done() || w.holder("I0") != "" || w.Unsettled() != 2*wait {
			t.Errorf("told %+v, %q has it, %d wait", told, w.holder("I0"), w.Unsettled())
		}
		_, err = w.Withdrawn(w.ctx, w.ask(out("Q", "I1"))) // the layer is made anew
		ok(t, err)
	}
}

// An entry that found no room does not wait.
func TestAnEntryWithoutRoomDoesNotWait(t *testing.T) {
	w := newWorld(t)
	w.pull()
	w.journal.fail(errFull)
	if _, _, err := w.Fact(w.ctx, w.act(circ.CheckIn{Item: "I0"}), nil); err == nil {
		t.Fatal("there was room")
	}
	if n := w.Unsettled(); n != 0 {
		t.Errorf("%d wait", n)
	}
}

// prompt is a journal at which something happens just after the first commit.
type prompt struct {
	journal.Store[journal.JournalTx]
	do func()
}

func (p *prompt) Update(ctx context.Context, fn func(journal.JournalTx) error) error {
	err := p.Store.Update(ctx, fn)
	if do := p.do; do != nil {
		p.do = nil
		do()
	}
	return err
}

// A receipt that comes while the desk says how its journal stands is in all that it says,
// or in nothing: the entry counts among those left, or has a receipt.
func TestAReceiptThatComesWhileTheDeskPresentsItself(t *testing.T) {
	w := newWorld(t)
	w.pull()
	w.fact(out("P", "I0"))
	c := w.Config
	seen := &seen{Store: w.journal}
	c.Journal = seen
	d, err := local.Open(w.ctx, c)
	ok(t, err)
	w.Desk = d
	seen.do = func() { w.deliver() }
	p, err := w.Present(w.ctx)
	ok(t, err)
	if without := p.Last.Seq - p.Acked(p.Last.Epoch); uint64(p.Left) != without || w.Unsettled() != 0 {
		t.Errorf("%d of its entries have no receipt, and it says %d; %d wait then", without, p.Left, w.Unsettled())
	}
}

// seen is a journal at which something happens just after the first look.
type seen struct {
	journal.Store[journal.JournalTx]
	do func()
}

func (s *seen) View(ctx context.Context, fn func(journal.JournalTx) error) error {
	err := s.Store.View(ctx, fn)
	if do := s.do; do != nil {
		s.do = nil
		do()
	}
	return err
}
