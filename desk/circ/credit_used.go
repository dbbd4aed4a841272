package circ

import (
	"time"

	"circdesk/desk/money"
)

// CreditUsed: what a patron had paid too much pays another fee.
type CreditUsed struct {
	Out      PaymentID    `json:"out"`            // takes it from where it was
	In       PaymentID    `json:"in"`             // and puts it on the fee
	From     FeeID        `json:"from,omitempty"` // that was paid and has been lessened; empty: from money on no fee
	Fee      FeeID        `json:"fee"`
	Patron   PatronID     `json:"patron" private:"yes"`
	Amount   money.Amount `json:"amount"` // zero: it was taken back
	At       time.Time    `json:"at"`
	Desk     DeskID       `json:"desk,omitempty"`
	Operator OperatorID   `json:"operator,omitempty"`
}

func (CreditUsed) Name() string          { return "credit_used" }
func (e CreditUsed) Touches() []Key      { return touch(e.Out.key(), e.In.key()) }
func (e CreditUsed) prepare(*Case) Event { return e }
func (e CreditUsed) lacks(l *lacking) {
	l.patron(e.Patron)
	l.key(KindFee, string(e.From))
	l.key(KindFee, string(e.Fee))
	l.list(PaymentsOf, string(e.Patron))
}

func (e CreditUsed) apply(k Key, _ Row) Row {
	m := Payment{ID: e.In, Kind: Transfer, Fee: e.Fee, Patron: e.Patron, Amount: e.Amount, At: e.At, Desk: e.Desk, Operator: e.Operator}
	if PaymentID(k.ID) == e.Out {
		m.ID, m.Fee = e.Out, e.From
		m.Amount.Minor = -m.Amount.Minor
	}
	return m
}

// fit: credit that was used or given back meanwhile is gone.
func (e CreditUsed) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	fee, _ := f.c.Fee(e.Fee)
	told := e.Amount.Minor
	e.Amount.Minor = min(told, max(f.c.Left(fee), 0), f.c.creditOn(e.Patron, e.From))
	if e.Amount.Minor < told {
		f.object(Remark{Reason: CreditGone, Amount: money.Amount{Minor: told - e.Amount.Minor, Currency: e.Amount.Currency}, Who: e.Patron})
	}
	if e.Amount.Minor > 0 {
		f.emit(e)
	}
}

func (e CreditUsed) retract(r *retraction) {
	if m, ok := get[Payment](r.c, KindPayment, string(e.In)); ok && m.Amount.Minor > 0 {
		e.Amount.Minor = 0
		r.emit(e)
	}
}

// creditOn gives what there is of a patron's credit on a fee, or on none.
func (c *Case) creditOn(p PatronID, from FeeID) int64 {
	if from == "" {
		paid, _ := c.payments(p)
		return max(paid[""], 0)
	}
	fee, _ := c.Fee(from)
	return max(-c.Left(fee), 0)
}
