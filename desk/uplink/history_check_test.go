package uplink_test

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// truth is the hub's state when all is quiet.
type truth map[circ.Key]circ.Row

// sorted gives the rows in the order of their keys, so that a history fails the
// same way each time.
func (t truth) sorted() []circ.Row {
	return slices.SortedFunc(maps.Values(t), func(a, b circ.Row) int {
		return cmp.Or(cmp.Compare(a.Key().Kind, b.Key().Kind), cmp.Compare(a.Key().ID, b.Key().ID))
	})
}

func at[R circ.Row](t truth, k circ.Kind, id string) (R, bool) {
	r, ok := t[circ.Key{Kind: k, ID: id}].(R)
	return r, ok
}

// check holds the invariants of the protocol against the end of a history.
func (w *world) check() {
	t := w.dump()
	w.copiesEqual(t)
	w.chainsVerify()
	w.verdicts()
	w.pointersAgree(t)
	w.shownIsTrue(t)
	w.recordFollowsBook(t)
	w.cash(t)
}

func (w *world) dump() truth {
	t := truth{}
	for cursor := ""; ; {
		p, err := w.hub.Since(w.ctx, cursor, 1000, 0)
		must(w.t, err)
		for _, r := range p.Rows {
			t[r.Key()] = r
		}
		if cursor = p.Next; p.Complete {
			return t
		}
	}
}

// copiesEqual: every desk's copy is the hub's state, and nothing is laid over it.
func (w *world) copiesEqual(t truth) {
	for _, s := range w.desks {
		if n := s.desk.Pending(); n > 0 {
			w.fail("%s: %d entries are still laid over the copy", s.name, n)
		}
		for _, want := range t.sorted() {
			k := want.Key()
			must(w.t, s.cache.View(w.ctx, func(tx journal.CacheTx) error {
				rows, err := tx.Read(w.ctx, []circ.Want{circ.ByKey(k.Kind, k.ID)})
				if err == nil && (len(rows[0]) != 1 || !w.flaw.noSeenSince && !reflect.DeepEqual(rows[0][0], want)) {
					return fmt.Errorf("%s: the copy differs from the hub:\n%+v\n%+v", s.name, rows[0], want)
				}
				return err
			}))
		}
	}
}

// chainsVerify: the hub has every entry of every desk, each naming the one before.
func (w *world) chainsVerify() {
	for _, s := range w.desks {
		head, err := s.desk.Head(w.ctx)
		must(w.t, err)
		var prev journal.Hash
		n := uint64(0)
		must(w.t, w.store.View(w.ctx, func(tx journal.HubTx) error {
			es, err := tx.Entries(w.ctx, journal.Mark{Desk: s.name, Epoch: 1}, 10000)
			for _, e := range es {
				if e.Prev != prev || e.Seq != n+1 {
					return fmt.Errorf("the chain of %s breaks at %d", s.name, e.Seq)
				}
				prev, n = e.Hash(), e.Seq
			}
			return err
		}))
		if n != head.Seq || prev != head.Hash {
			w.fail("%s wrote %d entries, the hub has %d", s.name, head.Seq, n)
		}
	}
}

// verdicts: every entry has exactly one, and the desk keeps the same.
func (w *world) verdicts() {
	for _, s := range w.desks {
		es, err := s.desk.After(w.ctx, journal.Mark{Desk: s.name, Epoch: 1}, 10000)
		must(w.t, err)
		for _, e := range es {
			var mine, theirs journal.Receipt
			var ok, ok2 bool
			must(w.t, s.journal.View(w.ctx, func(tx journal.JournalTx) (err error) {
				mine, ok, err = tx.Receipt(w.ctx, e.Act.ID)
				return err
			}))
			must(w.t, w.store.View(w.ctx, func(tx journal.HubTx) (err error) {
				theirs, ok2, err = tx.Receipt(w.ctx, e.Act.ID)
				return err
			}))
			if !ok || !ok2 || mine.Verdict != theirs.Verdict || !w.flaw.toldAfter && !circ.Same(mine.Events, theirs.Events) {
				w.fail("entry %s has two verdicts: %+v, %+v", e.Act.ID, mine, theirs)
			}
		}
	}
}

// pointersAgree: at most one open loan an item, which is the item's; one item
// kept for a request, which is the request's.
func (w *world) pointersAgree(t truth) {
	open, held := map[circ.ItemID]circ.LoanID{}, map[circ.ItemID]circ.RequestID{}
	for _, row := range t.sorted() {
		switch r := row.(type) {
		case circ.Loan:
			if !r.Open() {
				continue
			}
			if open[r.Item] != "" {
				w.fail("%s has two open loans: %s and %s", r.Item, open[r.Item], r.ID)
			}
			open[r.Item] = r.ID
			if it, _ := at[circ.Item](t, circ.KindItem, string(r.Item)); it.Loan != r.ID {
				w.fail("the open loan %+v is not the item's %+v", r, it)
			}
		case circ.Item:
			if l, ok := at[circ.Loan](t, circ.KindLoan, string(r.Loan)); r.Loan != "" && (!ok || !l.Open()) {
				w.fail("the item %+v points at a closed loan %+v", r, l)
			}
			if q, ok := at[circ.Request](t, circ.KindRequest, string(r.Held)); r.Held != "" && (!ok || q.Copy != r.ID || q.Stage != circ.OnShelf && q.Stage != circ.Underway) {
				w.fail("the item %+v is kept for %+v", r, q)
			}
			if r.Held != "" && r.Loan != "" {
				w.fail("the item %+v is out and kept for somebody", r)
			}
		case circ.Request:
			if r.Stage != circ.OnShelf && r.Stage != circ.Underway {
				continue
			}
			if held[r.Copy] != "" {
				w.fail("%s is kept for two: %s and %s", r.Copy, held[r.Copy], r.ID)
			}
			held[r.Copy] = r.ID
			if it, _ := at[circ.Item](t, circ.KindItem, string(r.Copy)); it.Held != r.ID {
				w.fail("the request %+v has a copy, which is not kept for it: %+v", r, it)
			}
		}
	}
}

// undone gives the entries that an undo has, or may have, taken back: one that
// died unshown may have been durable.
func (w *world) undone() map[circ.EntryID]bool {
	out := map[circ.EntryID]bool{}
	for id, a := range w.acts {
		if u, ok := a.Command.(circ.Undo); ok {
			if sh, told := w.shown[id]; sh.done || !told {
				out[u.Entry] = true
			}
		}
	}
	return out
}

// shownIsTrue: what was shown as lent is a loan at the hub; what was refused to
// the clerk is no loan and no payment there.
func (w *world) shownIsTrue(t truth) {
	undone := w.undone()
	for _, id := range w.order {
		sh := w.shown[id]
		if !sh.done {
			if l, ok := at[circ.Loan](t, circ.KindLoan, circ.NewID(id, circ.KindLoan, 0)); ok && l.How != circ.Void {
				w.fail("refused to the clerk, lent at the hub: %s %+v", id, l)
			}
			for n := range 3 {
				if p, ok := at[circ.Payment](t, circ.KindPayment, circ.NewID(id, circ.KindPayment, n)); ok && p.Amount.Minor != 0 {
					w.fail("refused to the clerk, booked at the hub: %s %+v", id, p)
				}
			}
			if q, ok := at[circ.Request](t, circ.KindRequest, circ.NewID(id, circ.KindRequest, 0)); ok && q.Stage != circ.Cancelled {
				w.fail("refused to the clerk, waiting at the hub: %s %+v", id, q)
			}
			continue
		}
		for _, e := range sh.events {
			if out, ok := e.(circ.CheckedOut); ok && !undone[id] {
				if l, ok := at[circ.Loan](t, circ.KindLoan, string(out.Loan)); !ok || l.How == circ.Void {
					w.fail("shown as lent, and no loan at the hub: %s %+v %+v", id, out, l)
				}
			}
		}
	}
}

// recordFollowsBook: the open loan is that of the last scan of the item, where
// no scan of it died unshown and none was taken back.
func (w *world) recordFollowsBook(t truth) {
	book, blurred := map[circ.ItemID]circ.LoanID{}, map[circ.ItemID]bool{}
	for id, a := range w.acts {
		if _, ok := w.shown[id]; !ok {
			for _, it := range itemsOf(w, a) {
				blurred[it] = true
			}
		}
	}
	order := slices.Clone(w.order)
	slices.SortFunc(order, func(a, b circ.EntryID) int { return w.acts[a].At.Compare(w.acts[b].At) })
	for _, id := range order {
		if !w.shown[id].done {
			continue
		}
		switch c := w.acts[id].Command.(type) {
		case circ.CheckOut:
			for _, e := range w.shown[id].events {
				if out, ok := e.(circ.CheckedOut); ok {
					book[out.Item] = out.Loan
				}
			}
		case circ.CheckIn:
			book[c.Item] = ""
		case circ.TakeOff:
			book[c.Item] = ""
		case circ.Undo:
			for _, it := range itemsOf(w, w.acts[id]) {
				blurred[it] = true
			}
		}
	}
	for _, item := range slices.Sorted(maps.Keys(book)) {
		want := book[item]
		if it, _ := at[circ.Item](t, circ.KindItem, string(item)); !blurred[item] && it.Loan != want {
			w.fail("the record does not follow the book %s: the hub has %q, it is out on %q", item, it.Loan, want)
		}
	}
}

func itemsOf(w *world, a circ.Act) []circ.ItemID {
	switch c := a.Command.(type) {
	case circ.CheckOut:
		return []circ.ItemID{c.Item}
	case circ.CheckIn:
		return []circ.ItemID{c.Item}
	case circ.TakeOff:
		return []circ.ItemID{c.Item}
	case circ.Undo:
		return itemsOf(w, w.acts[c.Entry])
	}
	return nil
}

// cash: what was taken is what is booked, where no payment died unshown.
func (w *world) cash(t truth) {
	var taken, booked int64
	for id, a := range w.acts {
		if _, pay := a.Command.(circ.Pay); !pay {
			continue
		}
		sh, ok := w.shown[id]
		if !ok {
			return
		}
		for _, e := range sh.events {
			if p, ok := e.(circ.Paid); ok && sh.done {
				taken += p.Amount.Minor
			}
		}
	}
	for _, row := range t {
		if p, ok := row.(circ.Payment); ok {
			booked += p.Amount.Minor
		}
	}
	if taken != booked {
		w.fail("taken %d, booked %d", taken, booked)
	}
}

// fail ends the history, and tells what the hub was told and what it made of it.
func (w *world) fail(format string, args ...any) {
	for _, s := range w.desks {
		must(w.t, w.store.View(w.ctx, func(tx journal.HubTx) error {
			es, err := tx.Entries(w.ctx, journal.Mark{Desk: s.name, Epoch: 1}, 10000)
			for _, e := range es {
				r, _, err := tx.Receipt(w.ctx, e.Act.ID)
				if err != nil {
					return err
				}
				sh, told := w.shown[e.Act.ID]
				w.t.Logf("%s %s %s %s of %q %+v over %v\n  told %s\n  %s %s objections %v\n  shown %v done %v %s",
					e.Act.ID, e.Act.At.Format("02 15:04"), e.Mode, e.Act.Command.Name(), e.Of, e.Act.Command, e.Act.Over, names(e.Told),
					r.Verdict, names(r.Events), reasons(r.Objections), told, sh.done, names(sh.events))
			}
			return err
		}))
	}
	w.t.Fatalf(format, args...)
}

func names(es []circ.Event) (out []string) {
	for _, e := range es {
		out = append(out, e.Name())
	}
	return out
}
