package circ

import "circdesk/desk/policy"

// CheckOut lends an item to a patron. The same item for the same patron is a
// renewal, unless the block table says otherwise; within seconds it is a double scan. Patron or Card, and Item or
// Barcode, name who and what; the ids win.
type CheckOut struct {
	Patron  PatronID `json:"patron,omitempty" private:"yes"`
	Card    string   `json:"card,omitempty" private:"yes"`
	Item    ItemID   `json:"item,omitempty"`
	Barcode string   `json:"barcode,omitempty"`
}

func (CheckOut) Name() string { return "check_out" }

func (k CheckOut) lacks(l *lacking) {
	p, ok := l.person(k.Patron, k.Card)
	it, found := l.item(k.Item, k.Barcode)
	if !ok || !found {
		return
	}
	l.list(LoansOf, string(p.ID))
	l.overdueItems(p.ID)
	l.list(RequestsOf, string(p.ID))
	l.standing(p.ID)
	l.alerts(p.ID, it.ID)
	l.queueBut(p.ID, it)
	l.lost(it)
	if r, ok := wanted(l.c, p, it); ok {
		l.request(r.ID)
	}
}

// checkOutChecks are the rules of a check-out, in the order in which they are told.
var checkOutChecks = []check{
	seenSince, oldFacts, cardLost, cardExpired, patronBlocked, owesTooMuch, tooManyLoans, tooManyOverdue, longOverdue, guarantorMissing, rightAge,
	notForLoan, notFromHere, itemMarked, onLoanToOther, heldForOther, requestedByOther, noDate,
}

func (k CheckOut) decide(t *trial) {
	a := &asking{trial: t, card: k.Card, act: policy.ForLoan, inHand: true}
	var pok, iok bool
	if a.p, pok = t.c.person(k.Patron, k.Card); !pok {
		t.refuse(Remark{Reason: UnknownPatron, Text: k.Card})
	}
	if a.it, iok = t.c.Item(k.Item, k.Barcode); !iok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
	}
	if t.stopped() {
		return
	}
	a.terms = t.c.terms(a.p, a.it)
	a.loan, _ = t.c.Loan(a.it.Loan)
	if a.loan.ID != "" && a.loan.Patron == a.p.ID {
		if doubleScan(a); !t.stopped() {
			onLoanToSame(a)
			a.renew()
		}
		return
	}
	_, waited := a.c.nextIn(a.it.Title, func(r Request) bool { return r.Patron != a.p.ID && r.takes(a.it) })
	a.reckon(a.terms.Lending(waited))
	a.run(checkOutChecks)
	a.note()
	t.count(a.it, a.loan)
	if t.d.Done() {
		a.lend()
	}
}

// note tells what is written about the item and the person.
func (a *asking) note() {
	if a.it.Note != "" {
		a.tell(Remark{Reason: ItemNote, Text: a.it.Note, Item: a.it.ID})
	}
	a.alert(a.p.ID, a.it.ID, AtLoan)
}

// wanted gives the request of the patron that this check-out fills: the one
// the item is kept for, else the oldest that the item fits.
func wanted(c *Case, p Patron, it Item) (Request, bool) {
	if r, ok := c.Request(it.Held); ok && r.Patron == p.ID && !r.Stage.Over() {
		return r, true
	}
	mine := wantedBy(p.ID)
	return first(c, func(r Request) bool { return mine(r) && r.takes(it) }, byPlace)
}

// lend writes the events of a check-out that nothing stands against any more.
func (a *asking) lend() {
	act := a.c.Act
	a.handled()
	if a.loan.ID != "" { // it is here, so the other has brought it back
		a.emit(CheckedIn{Loan: a.loan.ID, Item: a.it.ID, Patron: a.loan.Patron, At: a.loan.ends(act.At), How: Evidence})
		a.tell(Remark{Reason: ClosedOther, Who: a.loan.Patron, Item: a.it.ID})
		a.wasLost(a.loan)
	}
	r, fills := wanted(a.c, a.p, a.it)
	if a.it.Held != "" && a.it.Held != r.ID {
		a.emit(Untrapped{Request: a.it.Held, Item: a.it.ID})
	}
	if fills && r.Copy != "" && r.Copy != a.it.ID {
		a.emit(Untrapped{Request: r.ID, Item: r.Copy})
		a.tell(Remark{Reason: ShelfStill, Item: r.Copy})
	}
	a.d.Trace = a.why
	a.here(a.it)
	a.emit(CheckedOut{
		Loan: LoanID(a.newID(KindLoan, 0)), Item: a.it.ID, Patron: a.p.ID, Request: r.ID,
		At: act.At, Due: a.due, Why: a.d.Trace, Desk: act.Desk, Library: act.Library, Operator: act.Operator,
	})
}
