package circ

import "circdesk/desk/money"

// Refund gives a patron money back, out of credit. It needs a reason in words, and
// the right to.
type Refund struct {
	Patron PatronID     `json:"patron" private:"yes"`
	Amount money.Amount `json:"amount,omitzero"` // zero: all the credit there is
	Method PayMethod    `json:"method,omitempty"`
	Text   string       `json:"text" private:"yes"`
	Drawer DrawerID     `json:"drawer,omitempty"` // of the desk; empty: it has none
}

func (Refund) Name() string { return "refund" }

func (k Refund) lacks(l *lacking) {
	l.drawer(k.Drawer)
	l.patron(k.Patron)
	if p, ok := l.c.Patron(k.Patron); ok {
		l.list(FeesOf, string(p.ID))
		l.list(PaymentsOf, string(p.ID))
	}
}

func (k Refund) decide(t *trial) {
	p, ok := t.c.Patron(k.Patron)
	if !ok {
		t.refuse(Remark{Reason: UnknownPatron})
		return
	}
	credit := max(-t.c.Account(p.ID).Owes, 0)
	amount := t.c.amount(credit)
	if k.Amount.Minor != 0 {
		amount = k.Amount
	}
	method := t.method(k.Method)
	switch {
	case credit == 0 || amount.Minor > credit:
		t.refuse(Remark{Reason: NoCredit, Amount: t.c.amount(credit), Who: p.ID})
	case !t.amountIsRight(amount):
		t.refuse(Remark{Reason: NothingGiven, Amount: amount})
	case method == ByCredit:
		t.refuse(Remark{Reason: NoSuchMethod, Text: string(method)})
	}
	if k.Text == "" {
		t.refuse(Remark{Reason: NoReason})
	}
	if t.stopped() {
		return
	}
	t.ask(Remark{Reason: GiveBack, Right: RightMoney, Amount: amount, Who: p.ID})
	t.emit(Refunded{
		Payment: PaymentID(t.newID(KindPayment, 0)), Patron: p.ID, Amount: amount, Method: method, Text: k.Text,
		At: t.c.Act.At, Desk: t.c.Act.Desk, Operator: t.c.Act.Operator, Receipt: t.c.Act.Receipt, Shift: t.drawn(k.Drawer),
	})
}
