package circ

import (
	"slices"
	"time"

	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// Charged: a patron owes a fee; or a fee comes to another amount.
type Charged struct {
	Fee      FeeID            `json:"fee"`
	Patron   PatronID         `json:"patron" private:"yes"`
	Item     ItemID           `json:"item,omitempty"`
	Loan     LoanID           `json:"loan,omitempty"`
	Renewal  string           `json:"renewal,omitempty"`
	Type     FeeType          `json:"type"`
	Amount   money.Amount     `json:"amount"`
	At       time.Time        `json:"at"`
	Due      time.Time        `json:"due,omitzero"`
	Back     time.Time        `json:"back,omitzero"`
	Why      []policy.Step    `json:"why,omitempty"`
	Text     string           `json:"text,omitempty" private:"yes"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"`

	WasAmount int64         `json:"was_amount,omitempty"` // minor units; zero: there was no fee
	WasBy     Taker         `json:"was_by,omitzero"`      // who had charged it; zero: there was no fee, or nobody knows
	WasDue    time.Time     `json:"was_due,omitzero"`
	WasBack   time.Time     `json:"was_back,omitzero"`
	WasWhy    []policy.Step `json:"was_why,omitempty"`
}

// charges gives the event that makes a fee what it is.
func charges(f Fee) Charged {
	return Charged{
		Fee: f.ID, Patron: f.Patron, Item: f.Item, Loan: f.Loan, Renewal: f.Renewal, Type: f.Type, Amount: f.Amount, At: f.At,
		Due: f.Due, Back: f.Back, Why: f.Why, Text: f.Text, Desk: f.Desk, Library: f.Library, Operator: f.Operator,
	}
}

func (e Charged) fee() Fee {
	return Fee{
		ID: e.Fee, Patron: e.Patron, Item: e.Item, Loan: e.Loan, Renewal: e.Renewal, Type: e.Type, Amount: e.Amount, At: e.At,
		Due: e.Due, Back: e.Back, Why: e.Why, Text: e.Text, Desk: e.Desk, Library: e.Library, Operator: e.Operator,
	}
}

func (Charged) Name() string     { return "charged" }
func (e Charged) Touches() []Key { return touch(e.Fee.key()) }
func (e Charged) lacks(l *lacking) {
	l.patron(e.Patron)
	l.key(KindLoan, string(e.Loan))
	l.key(KindItem, string(e.Item))
	if e.Loan == "" {
		l.list(PaymentsOf, string(e.Patron))
	}
}

func (e Charged) prepare(c *Case) Event {
	if f, ok := c.Fee(e.Fee); ok {
		e.WasAmount, e.WasDue, e.WasBack, e.WasWhy = f.Amount.Minor, f.Due, f.Back, f.Why
		e.WasBy = Taker{Hand{f.At, f.Desk}, f.Library, f.Operator}
	}
	return e
}

func (e Charged) apply(_ Key, old Row) Row {
	f := e.fee()
	if was, ok := old.(Fee); ok {
		f.Disputed = was.Disputed
	}
	return f
}

// fit: a fee for what has not come about here is none. An overdue fee is never more
// than was told, nor than it comes to as the loan stands here, nor than another desk
// has charged for the same return, nor than an amnesty leaves of it that the desk did
// not know. What was paid of it is credit then.
func (e Charged) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	if e.Loan == "" && f.fellThrough() {
		f.object(Remark{Reason: FeeLessened, Amount: e.Amount, Limit: f.c.amount(0), Who: e.Patron})
		return
	}
	if e.Loan == "" {
		f.emit(e)
		return
	}
	now := f.c.comesTo(e.fee())
	was, charged := f.c.Fee(e.Fee)
	if stands := f.c.comesTo(was); charged && was.Amount.Minor > 0 && stands.Amount == was.Amount && was.Amount.Minor < now.Amount.Minor {
		now = was
	}
	now, amnesty := f.letOff(now)
	if told := e.Amount; now.Amount.Minor < told.Minor {
		f.object(Remark{Reason: FeeLessened, Amount: told, Limit: now.Amount, Text: amnesty, Who: e.Patron, Item: e.Item})
	}
	if now.Amount.Minor > 0 || charged && was.Amount.Minor > 0 {
		f.emit(charges(now))
	}
}

// retract: an overdue fee goes with what the entry did to the loan; a clerk does not
// take another back once it was paid. That one was taken back on the way, and charged
// again, is no part of what the entry did.
func (e Charged) retract(r *retraction) {
	if e.Loan == "" && e.Amount.Minor == 0 {
		return
	}
	f, ok := r.c.Fee(e.Fee)
	if ok && r.loses(e.Loan) && f.At.Equal(e.At) && e.WasAmount < f.Amount.Minor && f.Amount != e.Amount { // of a loss that never was nothing is kept
		r.feeLessened(Remark{Reason: FeeLessened, Amount: f.Amount, Limit: r.c.amount(e.WasAmount), Who: f.Patron, Item: f.Item})
		r.emit(charges(e.before(f)))
		return
	}
	if !ok || f.Amount != e.Amount || !f.Due.Equal(e.Due) || !f.Back.Equal(e.Back) || e.ofLoss() && !f.At.Equal(e.At) {
		return // it comes to something else by now, or is another's word
	}
	if _, waived := r.c.payments(f.Patron); e.Loan == "" && r.undo && r.c.Left(f) != f.Amount.Minor-waived[f.ID] {
		r.object(Remark{Reason: MoneyStays, Amount: f.Amount, Who: f.Patron}) // it becomes credit
	}
	r.emit(charges(e.before(f)))
}

// ofLoss reports whether it is what the engine charges for a loan that is lost.
func (e Charged) ofLoss() bool { return e.Loan != "" && e.Fee == lostFee(e.Loan, e.Type) }

// before gives a fee as it was before the event.
func (e Charged) before(f Fee) Fee {
	f.Amount.Minor, f.Due, f.Back, f.Why = e.WasAmount, e.WasDue, e.WasBack, e.WasWhy
	if by := e.WasBy; !by.At.IsZero() {
		f.At, f.Desk, f.Library, f.Operator = by.At, by.Desk, by.Library, by.Operator
	}
	return f
}

// loses reports whether what is taken back said that the item of a loan is lost.
func (r *retraction) loses(l LoanID) bool {
	return slices.ContainsFunc(r.c.Was.Events, func(e Event) bool {
		m, ok := e.(LoanMarked)
		return ok && m.Loan == l && m.State == LoanLost
	})
}
