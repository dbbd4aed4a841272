package circ

import (
	"cmp"
	"time"
)

// ReturnCorrected: an item had come back at another time than was written down.
type ReturnCorrected struct {
	Loan   LoanID    `json:"loan"`
	Item   ItemID    `json:"item"`
	Patron PatronID  `json:"patron" private:"yes"`
	In     time.Time `json:"in"`
	By     Taker     `json:"by,omitzero"`

	WasIn        time.Time `json:"was_in,omitzero"`
	WasCorrected Taker     `json:"was_corrected,omitzero"`
}

func (ReturnCorrected) Name() string     { return "return_corrected" }
func (e ReturnCorrected) Touches() []Key { return touch(e.Loan.key()) }
func (e ReturnCorrected) lacks(l *lacking) {
	l.patron(e.Patron)
	l.key(KindItem, string(e.Item))
}

func (e ReturnCorrected) prepare(c *Case) Event {
	e.By = Taker{c.hand(), c.Act.Library, c.Act.Operator}
	if l, ok := c.Loan(e.Loan); ok {
		e.WasIn, e.WasCorrected = l.In, l.Corrected
	}
	return e
}

func (e ReturnCorrected) apply(_ Key, old Row) Row {
	l, ok := old.(Loan)
	if !ok || l.How != Returned {
		return nil
	}
	l.In, l.Corrected = e.In, e.By
	return l
}

// fit: a return that was taken back, or corrected by somebody else meanwhile, is not
// corrected.
func (e ReturnCorrected) fit(f *fitting) {
	e.Patron, e.In = f.c.known(e.Patron), f.when(e.In)
	l, ok := f.c.Loan(e.Loan)
	it, _ := f.c.Item(e.Item, "")
	switch hand := l.inHandAt(it); {
	case !ok || l.How != Returned:
		f.object(Remark{Reason: UndoneAlready, Item: e.Item})
	case e.In.After(hand):
		f.object(Remark{Reason: InHandBefore, When: hand, Item: e.Item})
	case l.Corrected.At.After(f.c.Act.At):
		f.object(Remark{Reason: ChangedSince, When: l.Corrected.At, Desk: l.Corrected.Desk, Item: e.Item})
	default:
		f.emit(e)
	}
}

func (e ReturnCorrected) retract(r *retraction) {
	l, ok := r.c.Loan(e.Loan)
	switch {
	case !ok || l.How != Returned:
		r.object(Remark{Reason: UndoneAlready, Item: e.Item})
	case !l.In.Equal(e.In):
		r.object(Remark{Reason: ChangedSince, When: l.Corrected.At, Desk: l.Corrected.Desk, Item: e.Item})
	default:
		r.emit(ReturnRestored{Loan: e.Loan, Item: e.Item, Patron: e.Patron, In: e.WasIn, Corrected: e.WasCorrected})
	}
}

// ReturnRestored: a return is written down again as it was.
type ReturnRestored struct {
	none
	Loan      LoanID    `json:"loan"`
	Item      ItemID    `json:"item"`
	Patron    PatronID  `json:"patron" private:"yes"`
	In        time.Time `json:"in"`
	Corrected Taker     `json:"corrected,omitzero"`
}

func (ReturnRestored) Name() string          { return "return_restored" }
func (e ReturnRestored) Touches() []Key      { return touch(e.Loan.key()) }
func (e ReturnRestored) prepare(*Case) Event { return e }
func (e ReturnRestored) fit(f *fitting)      { f.emit(e) }
func (e ReturnRestored) retract(*retraction) {}

func (e ReturnRestored) apply(_ Key, old Row) Row {
	l, ok := old.(Loan)
	if !ok || l.How != Returned {
		return nil
	}
	l.In, l.Corrected = e.In, e.Corrected
	return l
}

// CorrectReturn corrects when an item came back the last time. The fee for being
// late follows. It needs the right to.
type CorrectReturn struct {
	Item    ItemID    `json:"item,omitempty"`
	Barcode string    `json:"barcode,omitempty"`
	In      time.Time `json:"in"`
}

func (CorrectReturn) Name() string { return "correct_return" }

func (k CorrectReturn) lacks(l *lacking) {
	it, ok := l.item(k.Item, k.Barcode)
	if !ok {
		return
	}
	l.want(In(LoansOfItem, string(it.ID), historySize))
	if loan, ok := l.c.lastReturned(it.ID); ok {
		l.fees(loan)
	}
}

// lastReturned gives the loan of an item that came back last, of those that were
// read.
func (c *Case) lastReturned(i ItemID) (Loan, bool) {
	return first(c, func(l Loan) bool { return l.Item == i && l.How == Returned },
		func(a, b Loan) int { return cmp.Or(b.Out.Compare(a.Out), cmp.Compare(b.ID, a.ID)) })
}

// inHandAt gives when the item of a loan that came back was first in hand after it
// was written down to be back: it had come back by then. Sightings that are
// forgotten leave when it was written down.
func (r Loan) inHandAt(it Item) time.Time {
	at := r.In
	for _, s := range it.all() { // newest first
		if !s.At.Before(r.In) {
			at = s.At
		}
	}
	return at
}

func (k CorrectReturn) decide(t *trial) {
	it, ok := t.c.Item(k.Item, k.Barcode)
	if !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		return
	}
	l, ok := t.c.lastReturned(it.ID)
	if !ok {
		t.refuse(Remark{Reason: NeverReturned, Item: it.ID})
		return
	}
	hand := l.inHandAt(it)
	switch {
	case k.In.After(t.c.Act.At):
		t.refuse(Remark{Reason: FutureDate, When: k.In})
	case k.In.Before(l.taken()):
		t.refuse(Remark{Reason: BeforeItWasLent, When: l.taken(), Item: it.ID})
	case k.In.After(hand):
		t.refuse(Remark{Reason: InHandBefore, When: hand, Item: it.ID})
	case k.In.Equal(l.In):
		t.refuse(Remark{Reason: DueAlready, When: k.In, Item: it.ID})
	}
	if t.stopped() {
		return
	}
	t.ask(Remark{Reason: OtherReturn, Right: RightOverride, When: k.In, Who: l.Patron, Item: it.ID})
	t.emit(ReturnCorrected{Loan: l.ID, Item: it.ID, Patron: l.Patron, In: k.In})
	t.chargeAgain(l, k.In)
}

// chargeAgain charges what a loan comes to that had come back at another time.
func (t *trial) chargeAgain(l Loan, in time.Time) {
	f, _ := t.c.Fee(feeOf(l.ID))
	minor, _ := t.c.overdue(l, l.lateAt(l.stops(in)))
	if minor > f.Amount.Minor {
		t.charge(l, "", in)
	}
	now, _ := t.c.Loan(l.ID)
	until, _ := t.c.suspendedUntil(now)
	if b, ok := t.c.Block(lateBlock(l.ID)); ok && b.Until.Before(until) || !ok {
		t.suspend(l)
	}
	t.lessen(t.tell)
}
