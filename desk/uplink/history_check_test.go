package uplink_test

import (
	"cmp"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
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
	if !w.wild {
		w.recordFollowsBook(t)
	}
	w.cash(t)
	w.drawers(t)
	w.feesWereTold(t)
	w.goneWhenWrittenOff(t)
	w.peopleAreWhole(t)
	w.conflictsAreKept()
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
func (w *world) pointersAgree(t truth) { t.pointersAgree(w.fail) }

func (t truth) pointersAgree(fail func(string, ...any)) {
	open, held := map[circ.ItemID]circ.LoanID{}, map[circ.ItemID]circ.RequestID{}
	for _, row := range t.sorted() {
		switch r := row.(type) {
		case circ.Loan:
			if !r.Open() {
				continue
			}
			if open[r.Item] != "" {
				fail("%s has two open loans: %s and %s", r.Item, open[r.Item], r.ID)
			}
			open[r.Item] = r.ID
			if it, _ := at[circ.Item](t, circ.KindItem, string(r.Item)); it.Loan != r.ID {
				fail("the open loan %+v is not the item's %+v", r, it)
			}
		case circ.Item:
			if l, ok := at[circ.Loan](t, circ.KindLoan, string(r.Loan)); r.Loan != "" && (!ok || !l.Open()) {
				fail("the item %+v points at a closed loan %+v", r, l)
			}
			if q, ok := at[circ.Request](t, circ.KindRequest, string(r.Held)); r.Held != "" && (!ok || q.Copy != r.ID || q.Stage != circ.OnShelf && q.Stage != circ.Underway) {
				fail("the item %+v is kept for %+v", r, q)
			}
			if r.Held != "" && r.Loan != "" {
				fail("the item %+v is out and kept for somebody", r)
			}
		case circ.Request:
			if r.Stage == circ.Filled {
				t.filled(r, fail)
			}
			if r.Stage != circ.OnShelf && r.Stage != circ.Underway {
				continue
			}
			if held[r.Copy] != "" {
				fail("%s is kept for two: %s and %s", r.Copy, held[r.Copy], r.ID)
			}
			held[r.Copy] = r.ID
			if it, _ := at[circ.Item](t, circ.KindItem, string(r.Copy)); it.Held != r.ID {
				fail("the request %+v has a copy, which is not kept for it: %+v", r, it)
			}
		}
	}
}

// filled: the patron of a filled request has, or had, the copy that filled it.
func (t truth) filled(q circ.Request, fail func(string, ...any)) {
	who, _ := t.person(q.Patron)
	for _, row := range t {
		if l, ok := row.(circ.Loan); ok && l.Item == q.Copy && l.How != circ.Void {
			if had, _ := t.person(l.Patron); had.ID == who.ID {
				return
			}
		}
	}
	fail("the request %+v was filled, and its patron never had the copy", q)
}

// peopleAreWhole: nothing belongs to a record that is only a pointer, and the
// card that a patron has opens that patron. What was over when a person merged two
// people stays where it was.
func (w *world) peopleAreWhole(t truth) {
	for _, row := range t.sorted() {
		switch r := row.(type) {
		case circ.Loan:
			if p, ok := at[circ.Patron](t, circ.KindPatron, string(r.Patron)); ok && p.Merged != "" && (r.Open() || p.Card == "") {
				w.fail("the loan %+v is a pointer's", r)
			}
		case circ.Request:
			over := r.Stage == circ.Cancelled || r.Stage == circ.Filled
			if p, ok := at[circ.Patron](t, circ.KindPatron, string(r.Patron)); ok && p.Merged != "" && (!over || p.Card == "") {
				w.fail("the request %+v is a pointer's", r)
			}
		case circ.Patron:
			k, ok := at[circ.Card](t, circ.KindCard, r.Card)
			if r.Merged != "" { // its card is of who was kept
				if theirs, _ := t.person(k.Patron); ok && k.Patron != theirs.ID {
					w.fail("the card %+v is a pointer's", k)
				}
			} else if r.Card != "" && (!ok || k.Patron != r.ID || k.State != circ.CardValid) {
				w.fail("the patron %+v has the card %+v", r, k)
			}
		}
	}
}

// undone gives the entries that an undo has taken back.
func (w *world) undone() map[circ.EntryID]bool {
	out := map[circ.EntryID]bool{}
	for _, id := range w.order {
		if u, ok := w.acts[id].Command.(circ.Undo); ok && w.shown[id].done {
			out[u.Entry] = true
		}
	}
	return out
}

// shownIsTrue: what was shown as done is so at the hub; what was refused to the
// clerk, or died before it was told and was not done, is not.
func (w *world) shownIsTrue(t truth) {
	undone := w.undone()
	for _, id := range w.order {
		switch {
		case !w.shown[id].done:
			w.neverWas(t, id)
		case !undone[id]:
			for _, e := range w.shown[id].events {
				w.stands(t, id, e)
			}
		default:
			w.takenBack(t, id)
		}
	}
}

// neverWas: nothing counts of what the entry would have made.
func (w *world) neverWas(t truth, id circ.EntryID) {
	made := func(k circ.Kind, n int) string { return circ.NewID(id, k, n) }
	// A record that another has used since, or points to, stays, and its desk is told.
	if it, ok := at[circ.Item](t, circ.KindItem, made(circ.KindItem, 0)); ok && it.Barcode != "" && it.Loan == "" && it.Held == "" && it.Seen == (circ.Sighting{}) && len(it.Pointers) == 0 {
		w.fail("refused to the clerk, a new item at the hub: %s %+v", id, it)
	}
	if l, ok := at[circ.Loan](t, circ.KindLoan, made(circ.KindLoan, 0)); ok && l.How != circ.Void {
		w.fail("refused to the clerk, lent at the hub: %s %+v", id, l)
	}
	if f, ok := at[circ.Fee](t, circ.KindFee, made(circ.KindFee, 0)); ok && f.Amount.Minor != 0 {
		w.fail("refused to the clerk, charged at the hub: %s %+v", id, f)
	}
	for n := range 3 {
		if p, ok := at[circ.Payment](t, circ.KindPayment, made(circ.KindPayment, n)); ok && p.Amount.Minor+reversed(t, p) != 0 {
			w.fail("refused to the clerk, booked at the hub: %s %+v", id, p)
		}
	}
	if q, ok := at[circ.Request](t, circ.KindRequest, made(circ.KindRequest, 0)); ok && q.Stage != circ.Cancelled && q.Stage != circ.Filled {
		w.fail("refused to the clerk, waiting at the hub: %s %+v", id, q)
	}
	if b, ok := at[circ.Block](t, circ.KindBlock, made(circ.KindBlock, 0)); ok && b.Lifted.IsZero() {
		w.fail("refused to the clerk, blocked at the hub: %s %+v", id, b)
	}
	if a, ok := at[circ.Alert](t, circ.KindAlert, made(circ.KindAlert, 0)); ok && a.Ended.IsZero() {
		w.fail("refused to the clerk, an alert at the hub: %s %+v", id, a)
	}
	if u, ok := at[circ.InHouse](t, circ.KindUse, made(circ.KindUse, 0)); ok && u.Undone.IsZero() {
		w.fail("refused to the clerk, counted as used at the hub: %s %+v", id, u)
	}
	for _, row := range t {
		l, ok := row.(circ.Loan)
		if ok && l.How != circ.Void && slices.ContainsFunc(l.Renewals, func(n circ.Renewal) bool { return n.ID == made("renewal", 0) }) {
			w.fail("refused to the clerk, renewed at the hub: %s %+v", id, l)
		}
	}
}

// stands: what was shown is there, and no less than was shown.
func (w *world) stands(t truth, id circ.EntryID, e circ.Event) {
	switch e := e.(type) {
	case circ.CheckedOut:
		if l, ok := at[circ.Loan](t, circ.KindLoan, string(e.Loan)); !ok || l.How == circ.Void || sooner(l, l.Out, e.Due) {
			w.fail("shown as lent until %v, and at the hub it is not: %s %+v %+v", e.Due, id, e, l)
		}
	case circ.Renewed:
		w.renewed(t, id, e)
	case circ.Placed:
		if q, ok := at[circ.Request](t, circ.KindRequest, string(e.Request)); !ok || q.Stage == circ.Cancelled && !w.cancelled(e.Request) {
			w.fail("shown as requested, and nobody waits at the hub: %s %+v", id, q)
		}
	case circ.Blocked:
		if b, ok := at[circ.Block](t, circ.KindBlock, string(e.Block)); e.Loan == "" && !ok || e.Loan == "" && !b.Lifted.IsZero() && !w.lifted(e.Block) {
			w.fail("shown as blocked, and not blocked at the hub: %s %+v", id, b)
		}
	case circ.Charged:
		f, _ := at[circ.Fee](t, circ.KindFee, string(e.Fee))
		if w.gotNone(t, id) {
			if f.Amount.Minor != 0 {
				w.fail("charged for a card that was somebody's: %s %+v", id, f)
			}
		} else if e.Loan == "" && f.Amount.Minor != e.Amount.Minor {
			w.fail("shown as charged %v, and at the hub it is not: %s %+v", e.Amount, id, f)
		}
	case circ.Used:
		if u, ok := at[circ.InHouse](t, circ.KindUse, string(e.Use)); !ok || !u.Undone.IsZero() {
			w.fail("shown as used, and not counted at the hub: %s %+v", id, u)
		}
	case circ.Alerted:
		if a, ok := at[circ.Alert](t, circ.KindAlert, string(e.Alert)); !ok || !a.Ended.IsZero() && !w.ended(e.Alert) {
			w.fail("shown as an alert, and none at the hub: %s %+v", id, a)
		}
	case circ.ItemAdded:
		was, _ := at[circ.Item](t, circ.KindItem, string(e.Item.ID))
		known, ok := at[circ.Item](t, circ.KindItem, string(t.item(e.Item.ID)))
		if !ok || known.Barcode != e.Item.Barcode || was.Merged == "" && was.Title != e.Item.Title {
			w.fail("shown as a new item, and not so at the hub: %s %+v %+v", id, was, known)
		}
	case circ.PatronsMerged:
		one, _ := t.person(e.Patron)
		other, _ := t.person(e.Known)
		if one.ID != other.ID && !w.objected(id, circ.ChangedSince) && !w.objected(id, circ.UnknownPatron) {
			w.fail("shown as one person, and two at the hub: %s %+v %+v", id, one, other)
		}
	case circ.Registered:
		p, ok := t.person(e.Patron.ID)
		k, known := at[circ.Card](t, circ.KindCard, e.Patron.Card)
		if who, _ := t.person(k.Patron); !ok || !known || k.State == circ.CardVoid || who.ID != p.ID {
			w.fail("shown as registered, and the card is not theirs at the hub: %s %+v %+v", id, p, k)
		}
	}
}

// renewed: the patron has the item until the day that was said, on the loan that
// was renewed or on the one that was made of it.
func (w *world) renewed(t truth, id circ.EntryID, e circ.Renewed) {
	l, ok := at[circ.Loan](t, circ.KindLoan, string(e.Loan))
	if !ok || !slices.ContainsFunc(l.Renewals, func(n circ.Renewal) bool { return n.ID == e.ID }) {
		l, ok = at[circ.Loan](t, circ.KindLoan, circ.NewID(circ.EntryID(e.ID), circ.KindLoan, 0))
	}
	from := l.Out
	for _, n := range l.Renewals {
		if n.ID == e.ID {
			from = n.At
		}
	}
	if !ok || l.How != circ.Void && sooner(l, from, e.Due) {
		w.fail("shown as renewed until %v, and at the hub it is not: %s %+v", e.Due, id, l)
	}
}

// sooner reports whether a loan is due before a date that was told at an instant,
// though no operator has set another and no recall since has shortened it.
func sooner(l circ.Loan, told, due time.Time) bool {
	if r := l.Recalled; !r.Due.IsZero() && !r.At.Before(told) && r.Due.Before(due) {
		due = r.Due
	}
	return l.Fixed.At.IsZero() && l.Due.Before(due)
}

// gotNone reports whether the card that an entry gave out was somebody's at the hub.
func (w *world) gotNone(t truth, id circ.EntryID) bool {
	return slices.ContainsFunc(w.shown[id].events, func(e circ.Event) bool {
		switch e := e.(type) {
		case circ.Registered:
			p, _ := at[circ.Patron](t, circ.KindPatron, string(e.Patron.ID))
			return p.Merged != "" && p.Card == "" // else somebody has merged two people
		case circ.CardReplaced:
			k, _ := at[circ.Card](t, circ.KindCard, e.New)
			theirs, _ := t.person(k.Patron)
			mine, _ := t.person(e.Patron)
			return theirs.ID != mine.ID
		}
		return false
	})
}

// takenBack: what an undo took back counts no more.
func (w *world) takenBack(t truth, id circ.EntryID) {
	for _, e := range w.shown[id].events {
		if used, ok := e.(circ.Used); ok {
			if u, ok := at[circ.InHouse](t, circ.KindUse, string(used.Use)); ok && u.Undone.IsZero() {
				w.fail("shown as undone, and counted as used at the hub: %s %+v", id, u)
			}
		}
		if out, ok := e.(circ.CheckedOut); ok {
			if l, ok := at[circ.Loan](t, circ.KindLoan, string(out.Loan)); ok && l.How != circ.Void {
				w.fail("shown as undone, and lent at the hub: %s %+v", id, l)
			}
		}
	}
}

func (w *world) cancelled(r circ.RequestID) bool {
	return slices.ContainsFunc(w.order, func(id circ.EntryID) bool {
		c, ok := w.acts[id].Command.(circ.CancelRequest)
		return ok && c.Request == r && w.shown[id].done
	})
}

func (w *world) lifted(b circ.BlockID) bool {
	return slices.ContainsFunc(w.order, func(id circ.EntryID) bool {
		c, ok := w.acts[id].Command.(circ.Unblock)
		return ok && c.Block == b && w.shown[id].done
	})
}

func (w *world) ended(a circ.AlertID) bool {
	return slices.ContainsFunc(w.order, func(id circ.EntryID) bool {
		c, ok := w.acts[id].Command.(circ.EndAlert)
		return ok && c.Alert == a && w.shown[id].done
	})
}

// person follows merged records.
func (t truth) person(id circ.PatronID) (circ.Patron, bool) {
	for range 8 {
		p, ok := at[circ.Patron](t, circ.KindPatron, string(id))
		if !ok || p.Merged == "" {
			return p, ok && !p.Void
		}
		id = p.Merged
	}
	return circ.Patron{}, false
}

// item follows records that turned out to be another item's.
func (t truth) item(id circ.ItemID) circ.ItemID {
	for range 8 {
		it, ok := at[circ.Item](t, circ.KindItem, string(id))
		if !ok || it.Merged == "" {
			return id
		}
		id = it.Merged
	}
	return id
}

// recordFollowsBook: who has an item is who took it last, by all that was shown
// and not taken back, whichever desk told it first.
func (w *world) recordFollowsBook(t truth) {
	undone, book, loan := w.undone(), map[circ.ItemID]circ.PatronID{}, map[circ.ItemID]circ.LoanID{}
	for _, id := range w.order {
		if !w.shown[id].done || undone[id] {
			continue
		}
		switch c := w.acts[id].Command.(type) {
		case circ.CheckOut:
			book[t.item(c.Item)], loan[t.item(c.Item)] = c.Patron, lentAs(t, w.shown[id].events)
		case circ.CheckIn:
			book[t.item(c.Item)] = ""
		case circ.Use:
			book[t.item(c.Item)] = ""
		case circ.Shelve:
			book[t.item(c.Item)] = ""
		case circ.TakeOff:
			book[t.item(c.Item)] = ""
		case circ.Incomplete: // it is here, whoever has the rest
			book[t.item(c.Item)] = ""
		case circ.GiveUp:
			book[t.item(c.Item)] = ""
		case circ.WriteOff: // nobody saw it: only the loan that was told ends
			for _, e := range w.shown[id].events {
				if in, ok := e.(circ.CheckedIn); ok && in.Loan == loan[t.item(c.Item)] && !w.heldBack(t, w.acts[id], c.Item) {
					book[t.item(c.Item)] = ""
				}
			}
		}
	}
	for _, item := range slices.Sorted(maps.Keys(book)) {
		it, _ := at[circ.Item](t, circ.KindItem, string(item))
		l, _ := at[circ.Loan](t, circ.KindLoan, string(it.Loan))
		if l.Incomplete() {
			l.Patron = ""
		}
		has, _ := t.person(l.Patron)
		want, _ := t.person(book[item])
		if has.ID != want.ID && !w.wereOne(t, has.ID, want.ID) {
			w.fail("the record does not follow the book %s: the hub says that %q has it, it is with %q", item, has.ID, want.ID)
		}
	}
}

// wereOne reports whether two people were one for a while, until somebody took that
// back: what was lent meanwhile may be under either.
func (w *world) wereOne(t truth, a, b circ.PatronID) bool {
	group := map[circ.PatronID]circ.PatronID{}
	of := func(id circ.PatronID) circ.PatronID {
		if p, ok := t.person(id); ok {
			id = p.ID
		}
		for group[id] != "" {
			id = group[id]
		}
		return id
	}
	for _, id := range w.order {
		if k, ok := w.acts[id].Command.(circ.MergePatrons); ok && w.shown[id].done && of(k.Patron) != of(k.Into) {
			group[of(k.Patron)] = of(k.Into)
		}
	}
	return a != "" && b != "" && of(a) == of(b)
}

// heldBack reports whether a write-off was not carried out, since the item had been seen
// later, as its clerk is told, and that sighting never was: it was taken back since.
func (w *world) heldBack(t truth, a circ.Act, item circ.ItemID) (held bool) {
	it, _ := at[circ.Item](t, circ.KindItem, string(item))
	must(w.t, w.store.View(w.ctx, func(tx journal.HubTx) error {
		es, err := tx.Entries(w.ctx, journal.Mark{Desk: a.Desk, Epoch: 1}, 10000)
		if err != nil {
			return err
		}
		for _, e := range es {
			if e.Act.ID != a.ID && e.Of != a.ID {
				continue
			}
			r, _, err := tx.Receipt(w.ctx, e.Act.ID)
			if err != nil {
				return err
			}
			for _, m := range r.Objections {
				held = held || m.Reason == circ.SeenSince && m.Item == item && !wasSeen(it, m.When, m.Desk)
			}
		}
		return nil
	}))
	return held
}

// wasSeen reports whether an item was seen at a desk then, as the hub has it now.
func wasSeen(it circ.Item, at time.Time, d circ.DeskID) bool {
	return slices.ContainsFunc(append(slices.Clone(it.Earlier), it.Seen), func(s circ.Sighting) bool { return s.At.Equal(at) && s.Desk == d })
}

// goneWhenWrittenOff: what was written off had not been at a desk since its patron had
// it last.
func (w *world) goneWhenWrittenOff(t truth) {
	for _, row := range t.sorted() {
		l, ok := row.(circ.Loan)
		if !ok || l.How != circ.WrittenOff || l.Marked.State == circ.LoanIncomplete {
			continue
		}
		had := l.Out
		for _, n := range l.Renewals {
			if n.InHand && n.At.After(had) {
				had = n.At
			}
		}
		it, _ := at[circ.Item](t, circ.KindItem, string(l.Item))
		for _, s := range append(slices.Clone(it.Earlier), it.Seen) {
			if s.At.After(had) && s.At.Before(l.In) {
				w.fail("written off, and it had been at desk %s at %v: %+v", s.Desk, s.At, l)
			}
		}
	}
}

// lentAs gives the loan that a check-out was told as: a renewal of one that had ended
// has become a loan of its own.
func lentAs(t truth, told []circ.Event) (id circ.LoanID) {
	for _, e := range told {
		switch e := e.(type) {
		case circ.CheckedOut:
			id = e.Loan
		case circ.Renewed:
			id = e.Loan
			own := circ.LoanID(circ.NewID(circ.EntryID(e.ID), circ.KindLoan, 0))
			if l, ok := at[circ.Loan](t, circ.KindLoan, string(own)); ok && l.How != circ.Void {
				id = own
			}
		}
	}
	return id
}

// cash: what was taken is what is booked.
func (w *world) cash(t truth) {
	taken, booked := int64(startCredit), int64(0)
	for _, id := range w.order {
		for _, e := range w.shown[id].events {
			if !w.shown[id].done {
				continue
			}
			switch e := e.(type) {
			case circ.Paid:
				taken += e.Amount.Minor
			case circ.Refunded:
				taken -= e.Amount.Minor
			}
		}
	}
	moved := int64(0)
	for _, row := range t {
		if p, ok := row.(circ.Payment); ok {
			switch p.Kind {
			case circ.Money:
				booked += p.Amount.Minor
			case circ.GaveBack:
				booked -= p.Amount.Minor
			case circ.Transfer:
				moved += p.Amount.Minor
			}
		}
	}
	if taken != booked {
		w.fail("taken %d, booked %d", taken, booked)
	}
	if moved != 0 {
		w.fail("using credit has made %d", moved)
	}
	w.owed(t)
}

// owed: what the accounts of all patrons come to is what all fees still need, less what
// was paid.
func (w *world) owed(t truth) {
	c := circ.NewCase(circ.Act{}, w.rules)
	need, waived := int64(0), map[circ.FeeID]int64{}
	for k, row := range t {
		if p, ok := row.(circ.Payment); ok {
			c.Add(circ.ByKey(k.Kind, k.ID), []circ.Row{p})
			switch p.Kind {
			case circ.Waiver:
				waived[p.Fee] += p.Amount.Minor
			case circ.GaveBack:
				need += p.Amount.Minor
			default:
				need -= p.Amount.Minor
			}
		}
	}
	for k, row := range t {
		if f, ok := row.(circ.Fee); ok {
			c.Add(circ.ByKey(k.Kind, k.ID), []circ.Row{f})
			need += max(f.Amount.Minor-waived[f.ID], 0)
		}
	}
	for _, row := range t {
		if p, ok := row.(circ.Patron); ok && p.Merged == "" {
			a := c.Account(p.ID)
			need -= a.Owes + a.Disputed
		}
	}
	if need != 0 {
		w.fail("all fees need %d that is on no patron's account", need)
	}
}

// feesWereTold: nobody owes what nobody was told, nor more than that, and what is
// late costs no more than its loan comes to.
func (w *world) feesWereTold(t truth) {
	told := map[circ.FeeID]int64{"F": 1000, "G": 100000, "H": startFee}
	for _, id := range w.order {
		for _, e := range w.shown[id].events {
			if c, ok := e.(circ.Charged); ok && w.shown[id].done {
				told[c.Fee] = max(told[c.Fee], c.Amount.Minor)
			}
		}
	}
	until := map[circ.BlockID]time.Time{}
	for _, id := range w.order {
		for _, e := range w.shown[id].events {
			if b, ok := e.(circ.Blocked); ok && w.shown[id].done && b.Until.After(until[b.Block]) {
				until[b.Block] = b.Until
			}
		}
	}
	for _, row := range t {
		if b, ok := row.(circ.Block); ok && b.Loan != "" && b.Lifted.IsZero() {
			l, _ := at[circ.Loan](t, circ.KindLoan, string(b.Loan))
			if l.Open() || l.How == circ.Void || b.Until.After(until[b.ID]) {
				w.fail("suspended longer than was told, %v: %+v for %+v", until[b.ID], b, l)
			}
		}
		f, ok := row.(circ.Fee)
		if !ok {
			continue
		}
		if f.Amount.Minor > told[f.ID] {
			w.fail("owes %v, and was told %d: %+v", f.Amount, told[f.ID], f)
		}
		if l, ok := at[circ.Loan](t, circ.KindLoan, string(f.Loan)); ok && f.Type != circ.FeeOverdue && f.Amount.Minor > 0 {
			back := !l.Open() && l.How != circ.WrittenOff || l.Marked.State != circ.LoanLost
			lost := l.Marked.State == circ.LoanLost || l.Marked.State == circ.LoanFound || l.Marked.State == circ.LoanIncomplete && (!l.Marked.Late.IsZero() || w.wasFound(l.ID))
			switch l.Marked.State { // it was lost before it was said to be so
			case circ.LoanClaimed, circ.LoanIncomplete:
				lost = lost || f.At.Before(cmp.Or(l.Marked.Here, l.Marked.At))
			}
			if l.How == circ.Void || !lost || f.Type == circ.FeeLost && back && f.Amount.Minor > 1000 {
				w.fail("the fee %+v is for what is not lost: %+v", f, l)
			}
		} else if ok && f.Renewal == "" && f.Amount.Minor > 0 {
			it, _ := at[circ.Item](t, circ.KindItem, string(l.Item))
			terms := w.rules.Terms(policy.Query{Type: it.Type, Library: l.Library})
			in := l.In
			if m := l.Marked; m.State == circ.LoanIncomplete && len(l.Renewals) == 0 && m.Back.Before(in) {
				in = m.Back
			}
			most, _ := w.rules.Fine(l.Library, terms, policy.Late{Due: l.Due, Back: in, Recalled: !l.RecalledSince().IsZero()})
			if l.Open() || l.How == circ.Void || f.Amount.Minor > most {
				w.fail("the fee %+v is more than the loan comes to, %d: %+v", f, most, l)
			}
		}
	}
}

// wasFound reports whether somebody was told that the item of a loan was found again:
// what it came to as lost may stay.
func (w *world) wasFound(id circ.LoanID) bool {
	for _, sh := range w.shown {
		for _, e := range sh.events {
			if m, ok := e.(circ.LoanMarked); ok && sh.done && m.Loan == id && m.State == circ.LoanFound {
				return true
			}
		}
	}
	return false
}

// conflictsAreKept: each entry that met an objection, or was rejected, is a
// conflict at its desk.
func (w *world) conflictsAreKept() {
	for _, s := range w.desks {
		kept := map[circ.EntryID]bool{}
		all, err := s.desk.Conflicts(w.ctx, true)
		must(w.t, err)
		for _, c := range all {
			kept[c.ID] = true
		}
		for id, r := range s.truth {
			for _, e := range r.Events {
				w.held["event: "+e.Name()]++
			}
			if len(r.Objections) == 0 && r.Verdict != journal.Rejected {
				continue
			}
			w.held["conflict"]++
			if clamped(r) {
				w.held["clock ahead"]++
			}
			if !kept[id] {
				w.fail("the conflict of %s is not kept: %+v", id, r)
			}
		}
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
