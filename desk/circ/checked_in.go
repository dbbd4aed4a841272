package circ

import (
	"cmp"
	"slices"
	"time"
)

// CheckedIn: a loan is over, since the item was taken back or was seen elsewhere.
type CheckedIn struct {
	Loan   LoanID    `json:"loan"`
	Item   ItemID    `json:"item"`
	Patron PatronID  `json:"patron" private:"yes"`
	At     time.Time `json:"at"`
	How    How       `json:"how"`
	By     Taker     `json:"by,omitzero"` // who has taken the item back, or written the loan off

	WasOff WasOff `json:"was_off,omitzero"` // how it had been written off; zero: it had not
}

// WasOff is the write-off of a loan of which it was heard later that the item had come
// back by then.
type WasOff struct {
	At time.Time `json:"at,omitzero"`
	By Taker     `json:"by,omitzero"`
}

func (CheckedIn) Name() string     { return "checked_in" }
func (e CheckedIn) Touches() []Key { return touch(e.Loan.key(), e.Item.key()) }

// prepare: nobody has taken back what was only found to be over; a write-off that is
// there again is whose it was.
func (e CheckedIn) prepare(c *Case) Event {
	if e.How != Evidence && e.By == (Taker{}) {
		e.By = Taker{c.hand(), c.Act.Library, c.Act.Operator}
	}
	if l, ok := c.Loan(e.Loan); ok && l.How == WrittenOff && e.How != WrittenOff {
		e.WasOff = WasOff{l.In, l.Taker}
	}
	return e
}

func (e CheckedIn) lacks(l *lacking) {
	if loan, ok := l.c.Loan(e.Loan); ok && loan.Marked.State == LoanLost {
		l.key(KindFee, string(lostFee(loan.ID, FeeLost)))
		l.list(PaymentsOf, string(loan.Patron))
	}
}

// lostAndPaid names what was paid for an item that is back, where the desk did not know
// that it was lost: nobody has heard what becomes of the money.
func (f *fitting) lostAndPaid(l Loan) {
	id := lostFee(l.ID, FeeLost)
	if l.Marked.State != LoanLost || f.charges(id) {
		return
	}
	if paid := f.c.paidOn(id); paid > 0 {
		f.object(Remark{Reason: LostWasPaid, Amount: f.c.amount(paid), Who: l.Patron, Item: l.Item})
	}
}

// charges reports whether the desk told what a fee comes to.
func (f *fitting) charges(id FeeID) bool {
	return slices.ContainsFunc(f.c.Told, func(e Event) bool {
		c, ok := e.(Charged)
		return ok && c.Fee == id
	})
}

// paidOn gives what was paid of a fee, in minor units.
func (c *Case) paidOn(id FeeID) (paid int64) {
	for p := range each[Payment](c) {
		if p.Fee == id {
			paid += p.paid()
		}
	}
	return paid
}

func (e CheckedIn) apply(k Key, old Row) Row {
	switch r := old.(type) {
	case Loan:
		if k.Kind == KindLoan {
			r.In, r.How, r.Taker = e.At, e.How, e.By
			return r
		}
	case Item:
		if r.Loan == e.Loan {
			r.Loan = ""
		}
		return r
	}
	return nil
}

// fit: the loan that is open is closed, unless it was renewed with the item in
// hand since; what had come back incomplete ends as of that day; one that had only been
// found over is known better now; another open one is closed by the sighting told with it.
func (e CheckedIn) fit(f *fitting) {
	e.Patron, e.At = f.c.known(e.Patron), f.when(e.At)
	it, _ := f.c.Item(e.Item, "")
	loan, ok := f.c.Loan(e.Loan)
	f.lostAndPaid(loan)
	if it.Loan == e.Loan {
		if loan.Incomplete() && f.c.Act.At.Before(loan.Marked.here()) {
			f.object(loan.notComplete())
		}
		e.At = loan.ends(e.At)
		if since := f.c.Act.At; !it.Seen.At.After(since) || loan.Incomplete() && !loan.taken().After(since) {
			f.emit(e)
		}
		return
	}
	if ok && (loan.How == Evidence || loan.How == WrittenOff) && e.How != WrittenOff && loan.In.After(e.At) { // now it is known when it came back
		f.emit(e)
	}
	if open, out := f.c.Loan(it.Loan); out {
		f.object(Remark{Reason: OtherLoanOpen, Who: open.Patron, When: open.Out, Item: it.ID})
	}
}

// offLater ends a loan, as of a sighting, that was written off later: the item had come
// back by then, or was in other hands, at a desk that did not know of the loan.
func (f *fitting) offLater(it Item, at time.Time) {
	l, ok := f.c.offLater(it, at)
	if !ok {
		return
	}
	if !f.names(l.ID) {
		f.object(Remark{Reason: LoanUnknown, Who: l.Patron, When: l.Out, Desk: l.Desk, Item: it.ID})
	}
	f.lostAndPaid(l)
	f.emit(CheckedIn{Loan: l.ID, Item: it.ID, Patron: l.Patron, At: at, How: Evidence})
}

// offLater gives the loan of an item that ended by a write-off after the item was seen.
func (c *Case) offLater(it Item, at time.Time) (Loan, bool) {
	return first(c, func(l Loan) bool { return l.offLater(it.ID, at) }, func(a, b Loan) int { return cmp.Compare(a.ID, b.ID) })
}

// offLater reports whether a loan was of the item then, and was written off later.
func (r Loan) offLater(i ItemID, at time.Time) bool {
	return r.Item == i && r.How == WrittenOff && r.In.After(at) && r.had().Before(at)
}

// offLater wants the loans of an item that was marked later than it was seen: one may have
// been written off.
func (l *lacking) offLater(it Item, at time.Time) {
	if it.Mark.At.After(at) {
		l.want(In(LoansOfItem, string(it.ID), historySize))
	}
	for loan := range each[Loan](l.c) {
		if loan.offLater(it.ID, at) {
			l.key(KindFee, string(lostFee(loan.ID, FeeLost)))
			l.list(PaymentsOf, string(loan.Patron))
		}
	}
}

func (e CheckedIn) retract(r *retraction) {
	loan, ok := r.c.Loan(e.Loan)
	it, _ := r.c.Item(e.Item, "")
	switch {
	case ok && e.WasOff.At.After(e.At) && loan.How == e.How && loan.In.Equal(e.At): // it was given up before that was heard
		r.emit(CheckedIn{Loan: e.Loan, Item: e.Item, Patron: e.Patron, At: e.WasOff.At, How: WrittenOff, By: e.WasOff.By})
	case !ok || loan.How == Void || e.How == Evidence: // the sighting it followed from says what becomes of it
	case loan.Open():
		r.object(Remark{Reason: UndoneAlready, Item: e.Item})
	case !loan.In.Equal(e.At) && loan.Corrected != Taker{}:
		r.object(Remark{Reason: ChangedSince, Item: e.Item, When: loan.Corrected.At, Desk: loan.Corrected.Desk})
	case !loan.In.Equal(e.At) || loan.How != e.How:
		r.changed(it)
	case it.Loan != "" || it.Seen.At.After(loan.had()): // it was in other hands since, so it had come back by then
		r.changed(it)
		r.emit(CheckedIn{Loan: e.Loan, Item: e.Item, Patron: e.Patron, At: it.seenAfter(loan.had()), How: Evidence})
	default:
		r.emit(Reopened{Loan: e.Loan, Item: e.Item, Patron: e.Patron})
	}
}
