package local_test

import (
	"context"
	"fmt"
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// between is a copy of which something happens after what is written next.
type between struct {
	journal.Store[journal.CacheTx]
	then func()
}

func (b *between) Update(ctx context.Context, fn func(journal.CacheTx) error) error {
	err := b.Store.Update(ctx, fn)
	if then := b.then; then != nil {
		b.then = nil
		then()
	}
	return err
}

// The relay of the branch starts anew just when a page of the feed has been written:
// the desk goes on, and what it then hears of the branch is shown until the copy has it.
func TestARelayThatBeginsAnewWhileAPageIsTaken(t *testing.T) {
	w := newWorld(t)
	b := &between{Store: w.cache}
	d, err := local.Open(w.ctx, local.Config{
		ID: "main-1", Library: "main", Zone: "UTC", Journal: w.journal, Cache: b, Rules: rules(t), Now: w.Now,
		NewID: func() circ.EntryID { w.ids++; return circ.EntryID(fmt.Sprintf("e%04d", w.ids)) },
	})
	ok(t, err)
	w.Desk = d
	w.pull()
	work := local.Work{Entry: "x1", Desk: "main-2", Epoch: 1, Seq: 1, Mode: journal.Fact, Events: []circ.Event{
		circ.CheckedOut{Loan: "L", Item: "I0", Patron: "P", At: w.now, Due: w.now.AddDate(0, 0, 14), Desk: "main-2"},
	}}
	ok(t, d.Hear(w.ctx, []local.Work{work}))
	b.then = func() { ok(t, d.Unhear(w.ctx)) }
	w.pull()
	if b.then != nil {
		t.Fatal("no page was taken")
	}
	if n := d.Heard(); n != 0 {
		t.Errorf("%d entries of the branch are shown, and none was heard since", n)
	}
	ok(t, d.Hear(w.ctx, []local.Work{work}))
	if n := d.Heard(); n != 1 {
		t.Errorf("%d entries of the branch are shown", n)
	}
}
