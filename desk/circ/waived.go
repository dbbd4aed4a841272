package circ

import (
	"time"

	"circdesk/desk/money"
)

// Waived: nobody has to pay so much of a fee any more.
type Waived struct {
	Payment  PaymentID    `json:"payment"`
	Fee      FeeID        `json:"fee"`
	Patron   PatronID     `json:"patron" private:"yes"`
	Amount   money.Amount `json:"amount"`
	Text     string       `json:"text" private:"yes"` // why
	At       time.Time    `json:"at"`
	Desk     DeskID       `json:"desk,omitempty"`
	Operator OperatorID   `json:"operator,omitempty"`
}

func (Waived) Name() string     { return "waived" }
func (e Waived) Touches() []Key { return touch(e.Payment.key()) }
func (e Waived) lacks(l *lacking) {
	l.patron(e.Patron)
	l.key(KindFee, string(e.Fee))
	l.list(PaymentsOf, string(e.Patron))
}
func (e Waived) prepare(*Case) Event { return e }

func (e Waived) apply(Key, Row) Row {
	return Payment{ID: e.Payment, Kind: Waiver, Fee: e.Fee, Patron: e.Patron, Amount: e.Amount, Text: e.Text, At: e.At, Desk: e.Desk, Operator: e.Operator}
}

// fit: what was paid or waived meanwhile is not waived again.
func (e Waived) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	fee, _ := f.c.Fee(e.Fee)
	if left := max(f.c.Left(fee), 0); left < e.Amount.Minor {
		e.Amount.Minor = left
		f.object(Remark{Reason: WaivedTwice, Amount: e.Amount, Who: e.Patron})
	}
	if e.Amount.Minor > 0 {
		f.emit(e)
	}
}

func (e Waived) retract(r *retraction) {
	if m, ok := get[Payment](r.c, KindPayment, string(e.Payment)); ok && m.Amount.Minor > 0 {
		r.emit(PaymentVoided{Payment: e.Payment, Fee: e.Fee, Patron: e.Patron, Currency: e.Amount.Currency, At: e.At, Desk: e.Desk, Kind: Waiver})
	}
}
