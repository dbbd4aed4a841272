package circ

import (
	"time"

	"circdesk/desk/money"
)

// Refunded: money was given back, out of a patron's credit.
type Refunded struct {
	Payment  PaymentID    `json:"payment"`
	Patron   PatronID     `json:"patron" private:"yes"`
	Amount   money.Amount `json:"amount"`
	Method   PayMethod    `json:"method,omitempty"`
	Text     string       `json:"text" private:"yes"` // why
	At       time.Time    `json:"at"`
	Desk     DeskID       `json:"desk,omitempty"`
	Operator OperatorID   `json:"operator,omitempty"`
	Receipt  ReceiptNo    `json:"receipt,omitempty"`
	Shift    ShiftID      `json:"shift,omitempty"` // of a drawer
	Late     ShiftID      `json:"late,omitempty"`  // in which it was told, and which is closed
}

func (Refunded) Name() string          { return "refunded" }
func (e Refunded) Touches() []Key      { return touch(e.Payment.key()) }
func (e Refunded) prepare(*Case) Event { return e }
func (e Refunded) lacks(l *lacking) {
	l.patron(e.Patron)
	l.list(FeesOf, string(e.Patron))
	l.list(PaymentsOf, string(e.Patron))
	l.money(e.Payment, e.Shift)
}

func (e Refunded) apply(Key, Row) Row {
	return Payment{ID: e.Payment, Kind: GaveBack, Patron: e.Patron, Amount: e.Amount, Method: e.Method, Text: e.Text, At: e.At, Desk: e.Desk, Operator: e.Operator, Receipt: e.Receipt, Shift: e.Shift, Late: e.Late}
}

// fit: money that was given back is always booked; where the credit is gone by now,
// the patron owes it.
func (e Refunded) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	e.Shift, e.Late = f.booked(e.Shift, e.Late)
	e.Payment = f.unused(e.Payment)
	if gone := e.Amount.Minor + min(f.c.Account(e.Patron).Owes, 0); gone > 0 {
		f.object(Remark{Reason: CreditGone, Amount: money.Amount{Minor: gone, Currency: e.Amount.Currency}, Who: e.Patron})
	}
	f.emit(e)
}

// retract: a clerk's undo never takes money back.
func (e Refunded) retract(r *retraction) {
	if r.undo {
		r.object(Remark{Reason: MoneyStays, Amount: e.Amount, Who: e.Patron})
		return
	}
	r.void(PaymentVoided{Payment: e.Payment, Patron: e.Patron, Currency: e.Amount.Currency, At: e.At, Desk: e.Desk, Kind: GaveBack, Method: e.Method})
}
