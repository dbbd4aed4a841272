package circ

import (
	"time"

	"circdesk/desk/money"
)

// PaymentReversed: a movement of money of which nobody was told is taken back in
// another shift than its own, since that is closed.
type PaymentReversed struct {
	Payment PaymentID    `json:"payment"`
	Of      PaymentID    `json:"of"`
	Kind    PaymentKind  `json:"kind,omitempty"`
	Fee     FeeID        `json:"fee,omitempty"`
	Patron  PatronID     `json:"patron" private:"yes"`
	Amount  money.Amount `json:"amount"` // below zero
	Method  PayMethod    `json:"method,omitempty"`
	At      time.Time    `json:"at"`
	Desk    DeskID       `json:"desk,omitempty"`
	Receipt ReceiptNo    `json:"receipt,omitempty"`
	Shift   ShiftID      `json:"shift"`
	Late    ShiftID      `json:"late"` // of the movement that is taken back
}

func (PaymentReversed) Name() string          { return "payment_reversed" }
func (e PaymentReversed) Touches() []Key      { return touch(e.Payment.key()) }
func (e PaymentReversed) lacks(l *lacking)    { l.shift(e.Shift) }
func (e PaymentReversed) prepare(*Case) Event { return e }
func (e PaymentReversed) fit(f *fitting)      { f.emit(e) }
func (e PaymentReversed) retract(*retraction) {}

func (e PaymentReversed) apply(Key, Row) Row {
	return Payment{ID: e.Payment, Kind: e.Kind, Fee: e.Fee, Patron: e.Patron, Amount: e.Amount, Method: e.Method, At: e.At, Desk: e.Desk, Receipt: e.Receipt, Shift: e.Shift, Late: e.Late}
}

// reversal gives the id under which a payment is taken back, and again the one under
// which it is booked once more after that.
func (id PaymentID) reversal() PaymentID { return PaymentID(NewID(EntryID(id), KindPayment, 1)) }
func (id PaymentID) again() PaymentID    { return PaymentID(NewID(EntryID(id), KindPayment, 2)) }

// void takes a movement of money back of which nobody was told. Where its shift is
// closed, its figures do not change: it is taken back in the next one.
func (r *retraction) void(v PaymentVoided) {
	p, ok := get[Payment](r.c, KindPayment, string(v.Payment))
	if !ok || !r.c.standsIn(p) {
		r.emit(v)
		return
	}
	if _, done := get[Payment](r.c, KindPayment, string(p.ID.reversal())); done || p.Amount.Minor == 0 {
		return
	}
	d, _ := p.Shift.Parts()
	e := PaymentReversed{
		Payment: p.ID.reversal(), Of: p.ID, Kind: p.Kind, Fee: p.Fee, Patron: p.Patron, Amount: p.Amount, Method: p.Method,
		At: p.At, Desk: p.Desk, Receipt: p.Receipt, Shift: r.c.shiftNow(d), Late: p.Shift,
	}
	e.Amount.Minor = -e.Amount.Minor
	r.emit(e)
}

// money wants what says whether a movement of money may still be changed.
func (l *lacking) money(id PaymentID, told ShiftID) {
	l.shift(told)
	if told != "" {
		l.key(KindPayment, string(id.reversal()))
	}
	if p, ok := get[Payment](l.c, KindPayment, string(id)); ok && p.Shift != told {
		l.shift(p.Shift)
		l.key(KindPayment, string(id.reversal()))
	}
}

// unused gives the id under which a payment is booked: another one where it was taken
// back in a later shift than its own.
func (f *fitting) unused(id PaymentID) PaymentID {
	if p, ok := get[Payment](f.c, KindPayment, string(id)); ok && f.c.standsIn(p) {
		return id.again()
	}
	return id
}
