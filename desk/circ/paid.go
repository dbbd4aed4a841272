package circ

import (
	"time"

	"circdesk/desk/money"
)

// Paid: money was taken, on a fee or, when Fee is empty, as credit.
type Paid struct {
	Payment  PaymentID    `json:"payment"`
	Fee      FeeID        `json:"fee,omitempty"`
	Patron   PatronID     `json:"patron" private:"yes"`
	Amount   money.Amount `json:"amount"`
	Method   PayMethod    `json:"method,omitempty"`
	At       time.Time    `json:"at"`
	Desk     DeskID       `json:"desk,omitempty"`
	Operator OperatorID   `json:"operator,omitempty"`
	Receipt  ReceiptNo    `json:"receipt,omitempty"`
	Shift    ShiftID      `json:"shift,omitempty"` // of a drawer
	Late     ShiftID      `json:"late,omitempty"`  // in which it was told, and which is closed
}

func (Paid) Name() string     { return "paid" }
func (e Paid) Touches() []Key { return touch(e.Payment.key()) }
func (e Paid) lacks(l *lacking) {
	l.patron(e.Patron)
	l.key(KindFee, string(e.Fee))
	l.list(PaymentsOf, string(e.Patron))
	l.money(e.Payment, e.Shift)
}
func (e Paid) prepare(*Case) Event { return e }

func (e Paid) apply(Key, Row) Row {
	return Payment{ID: e.Payment, Fee: e.Fee, Patron: e.Patron, Amount: e.Amount, Method: e.Method, At: e.At, Desk: e.Desk, Operator: e.Operator, Receipt: e.Receipt, Shift: e.Shift, Late: e.Late}
}

// fit: cash that was taken is always booked; what the fee no longer needs
// becomes credit, under an id of its own derived from the payment's. In a shift that
// has been closed meanwhile nothing is booked any more: it is of the next one.
func (e Paid) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	e.Shift, e.Late = f.booked(e.Shift, e.Late)
	e.Payment = f.unused(e.Payment)
	fee, ok := f.c.Fee(e.Fee)
	if !ok {
		e.Fee = ""
		f.emit(e)
		return
	}
	left := max(f.c.Left(fee), 0)
	if over := e.Amount.Minor - left; over > 0 {
		f.object(Remark{Reason: Overpaid, Amount: money.Amount{Minor: over, Currency: e.Amount.Currency}, Who: e.Patron})
		credit := e
		credit.Payment, credit.Fee = PaymentID(NewID(EntryID(e.Payment), KindPayment, 0)), ""
		credit.Amount.Minor = over
		f.emit(credit)
		e.Amount.Minor = left
	}
	if e.Amount.Minor > 0 {
		f.emit(e)
	}
}

// retract: a clerk's undo never gives money back; money that nobody was told
// about was never taken.
func (e Paid) retract(r *retraction) {
	if r.undo {
		r.object(Remark{Reason: MoneyStays, Amount: e.Amount, Who: e.Patron})
		return
	}
	r.void(PaymentVoided{Payment: e.Payment, Fee: e.Fee, Patron: e.Patron, Currency: e.Amount.Currency, At: e.At, Desk: e.Desk, Method: e.Method})
}

// PaymentVoided: a payment never was; a waiver is taken back.
type PaymentVoided struct {
	none
	Payment  PaymentID   `json:"payment"`
	Fee      FeeID       `json:"fee,omitempty"`
	Patron   PatronID    `json:"patron" private:"yes"`
	Currency string      `json:"currency"`
	At       time.Time   `json:"at"`
	Desk     DeskID      `json:"desk,omitempty"`
	Kind     PaymentKind `json:"kind,omitempty"`
	Method   PayMethod   `json:"method,omitempty"`
}

func (PaymentVoided) Name() string          { return "payment_voided" }
func (e PaymentVoided) Touches() []Key      { return touch(e.Payment.key()) }
func (e PaymentVoided) prepare(*Case) Event { return e }
func (e PaymentVoided) fit(f *fitting)      { f.emit(e) }
func (e PaymentVoided) retract(*retraction) {}

func (e PaymentVoided) apply(_ Key, old Row) Row {
	if p, ok := old.(Payment); ok {
		p.Amount.Minor, p.Text = 0, ""
		return p
	}
	return Payment{ID: e.Payment, Kind: e.Kind, Fee: e.Fee, Patron: e.Patron, Amount: money.Amount{Currency: e.Currency}, Method: e.Method, At: e.At, Desk: e.Desk}
}
