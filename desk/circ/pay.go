package circ

import "circdesk/desk/money"

// Pay books money that was taken: on one fee, or on the patron's fees from the
// oldest on when Fee is empty. More than is owed becomes credit, after a yes.
type Pay struct {
	Patron PatronID     `json:"patron,omitempty" private:"yes"`
	Fee    FeeID        `json:"fee,omitempty"`
	Amount money.Amount `json:"amount"`
}

func (Pay) Name() string { return "pay" }

func (k Pay) lacks(l *lacking) {
	l.key(KindFee, string(k.Fee))
	id := k.Patron
	if f, ok := l.c.Fee(k.Fee); ok {
		id = f.Patron
	}
	l.patron(id)
	if p, ok := l.c.Patron(id); ok {
		l.list(FeesOf, string(p.ID))
		l.list(PaymentsOf, string(p.ID))
	}
}

func (k Pay) decide(t *trial) {
	id := k.Patron
	fee, named := t.c.Fee(k.Fee)
	if k.Fee != "" {
		if !named {
			t.refuse(Remark{Reason: UnknownThing, Text: string(k.Fee)})
			return
		}
		id = fee.Patron
	}
	p, ok := t.c.Patron(id)
	if !ok {
		t.refuse(Remark{Reason: UnknownPatron})
		return
	}
	if k.Amount.Minor <= 0 || k.Amount.Currency != t.c.Rules.Currency() {
		t.refuse(Remark{Reason: NothingGiven, Amount: k.Amount})
		return
	}
	fees := t.c.Fees(p.ID)
	if named {
		fees = []Fee{fee}
	}
	left, n := k.Amount.Minor, 0
	book := func(f FeeID, minor int64) {
		if minor <= 0 {
			return
		}
		t.emit(Paid{Payment: PaymentID(t.newID(KindPayment, n)), Fee: f, Patron: p.ID, Amount: t.c.amount(minor), At: t.c.Act.At, Desk: t.c.Act.Desk})
		left -= minor
		n++
	}
	for _, f := range fees {
		book(f.ID, min(left, t.c.Left(f)))
	}
	switch {
	case n == 0:
		t.refuse(Remark{Reason: NothingOwed, Who: p.ID})
	case left > 0:
		t.ask(Remark{Reason: Surplus, Amount: t.c.amount(left), Who: p.ID})
		t.tell(Remark{Reason: CreditLeft, Amount: t.c.amount(left), Who: p.ID})
		book("", left)
	}
}
