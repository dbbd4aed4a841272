package circ

import "circdesk/desk/money"

// Waive lets a patron off a fee, or off so much of it. It needs a reason in words,
// and the right to.
type Waive struct {
	Fee    FeeID        `json:"fee"`
	Amount money.Amount `json:"amount,omitzero"` // zero: all that is left
	Text   string       `json:"text" private:"yes"`
}

func (Waive) Name() string       { return "waive" }
func (k Waive) lacks(l *lacking) { l.fee(k.Fee) }

// fee wants a fee with all that was paid by the same patron.
func (l *lacking) fee(id FeeID) {
	l.key(KindFee, string(id))
	if f, ok := l.c.Fee(id); ok {
		l.patron(f.Patron)
		l.list(PaymentsOf, string(f.Patron))
	}
}

func (k Waive) decide(t *trial) {
	f, ok := t.c.Fee(k.Fee)
	if !ok {
		t.refuse(Remark{Reason: UnknownThing, Text: string(k.Fee)})
		return
	}
	left := max(t.c.Left(f), 0)
	amount := t.c.amount(left)
	if k.Amount.Minor != 0 {
		amount = k.Amount
	}
	switch {
	case left == 0:
		t.refuse(Remark{Reason: NothingOwed, Who: f.Patron})
	case !t.amountIsRight(amount) || amount.Minor > left:
		t.refuse(Remark{Reason: NothingGiven, Amount: amount})
	}
	if k.Text == "" {
		t.refuse(Remark{Reason: NoReason})
	}
	if t.stopped() {
		return
	}
	t.ask(Remark{Reason: WaiveFee, Right: RightMoney, Amount: amount, Who: f.Patron, Item: f.Item})
	t.emit(Waived{
		Payment: PaymentID(t.newID(KindPayment, 0)), Fee: f.ID, Patron: f.Patron, Amount: amount, Text: k.Text,
		At: t.c.Act.At, Desk: t.c.Act.Desk, Operator: t.c.Act.Operator,
	})
}
