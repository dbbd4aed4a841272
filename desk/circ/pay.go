package circ

import (
	"slices"

	"circdesk/desk/money"
)

// Pay books money that was taken: on one fee, or on the patron's fees from the
// oldest on, but for those that are disputed, when Fee is empty. More than is owed
// becomes credit, after a yes, or is given back as change and never booked. By credit
// no money is taken: what the patron has paid too much is used, as far as it goes.
type Pay struct {
	Patron PatronID     `json:"patron,omitempty" private:"yes"`
	Fee    FeeID        `json:"fee,omitempty"`
	Amount money.Amount `json:"amount,omitzero"`
	Method PayMethod    `json:"method,omitempty"` // empty: the first of the library's list
	Change bool         `json:"change,omitempty"` // what is more than is owed is given back
	Drawer DrawerID     `json:"drawer,omitempty"` // of the desk; empty: it has none
}

func (Pay) Name() string { return "pay" }

func (k Pay) lacks(l *lacking) {
	l.drawer(k.Drawer)
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
	method := t.method(k.Method)
	if method != ByCredit && !t.amountIsRight(k.Amount) {
		t.refuse(Remark{Reason: NothingGiven, Amount: k.Amount})
	}
	if t.stopped() {
		return
	}
	var open []FeeLeft
	account := t.c.Account(p.ID)
	for _, f := range account.Fees {
		if f.Left > 0 && (f.ID == k.Fee || k.Fee == "" && f.Disputed.At.IsZero()) {
			open = append(open, f)
		}
	}
	if len(open) == 0 {
		t.refuse(Remark{Reason: NothingOwed, Who: p.ID})
		return
	}
	if method == ByCredit {
		t.useCredit(p.ID, open, account)
		return
	}
	t.book(p.ID, open, k, method)
}

// method gives how the money changes hands.
func (t *trial) method(m PayMethod) PayMethod {
	known := t.c.Rules.PayMethods()
	if m == "" {
		return PayMethod(known[0])
	}
	if m != ByCredit && !slices.Contains(known, string(m)) {
		t.refuse(Remark{Reason: NoSuchMethod, Text: string(m)})
	}
	return m
}

// book books money on fees, from the first on.
func (t *trial) book(p PatronID, open []FeeLeft, k Pay, m PayMethod) {
	act, n, left := t.c.Act, 0, k.Amount.Minor
	shift := t.drawn(k.Drawer)
	book := func(f FeeID, minor int64) {
		if minor > 0 {
			t.emit(Paid{
				Payment: PaymentID(t.newID(KindPayment, n)), Fee: f, Patron: p, Amount: t.c.amount(minor), Method: m,
				At: act.At, Desk: act.Desk, Operator: act.Operator, Receipt: act.Receipt, Shift: shift,
			})
			left -= minor
			n++
		}
	}
	for _, f := range open {
		book(f.ID, min(left, f.Left))
	}
	switch {
	case left <= 0:
	case k.Change:
		t.tell(Remark{Reason: ChangeDue, Amount: t.c.amount(left), Who: p})
	default:
		t.ask(Remark{Reason: Surplus, Amount: t.c.amount(left), Who: p})
		t.tell(Remark{Reason: CreditLeft, Amount: t.c.amount(left), Who: p})
		book("", left)
	}
}

// useCredit pays fees, from the first on, out of what was paid too much.
func (t *trial) useCredit(p PatronID, open []FeeLeft, a Account) {
	act, n := t.c.Act, 0
	sources := []FeeID{""}
	for _, f := range a.Fees {
		if f.Left < 0 {
			sources = append(sources, f.ID)
		}
	}
	for _, from := range sources {
		credit := t.c.creditOn(p, from)
		for i := range open {
			minor := min(credit, open[i].Left)
			if minor <= 0 {
				continue
			}
			t.emit(CreditUsed{
				Out: PaymentID(t.newID(KindPayment, 2*n)), In: PaymentID(t.newID(KindPayment, 2*n+1)), From: from, Fee: open[i].ID,
				Patron: p, Amount: t.c.amount(minor), At: act.At, Desk: act.Desk, Operator: act.Operator,
			})
			credit -= minor
			open[i].Left -= minor
			n++
		}
	}
	if n == 0 {
		t.refuse(Remark{Reason: NoCredit, Amount: t.c.amount(0), Who: p})
	}
}
