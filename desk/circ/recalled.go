package circ

import (
	"time"

	"circdesk/desk/policy"
)

// Recall says that a loan was recalled, and when it is due therefore. It shortens
// what was told before it; what a clerk renews or sets later goes beyond it. The
// latest word counts; a word without a date lifts the recall.
type Recall struct {
	At       time.Time        `json:"at,omitzero"`
	Due      time.Time        `json:"due,omitzero"` // zero: the recall is lifted
	Why      []policy.Step    `json:"why,omitempty"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"` // who has recalled it, or lifted that; empty: nobody knows
	Request  RequestID        `json:"request,omitempty"`  // for which it was recalled; empty: for none
}

// RecalledSince gives since when a loan is recalled; zero: it is not, or was renewed
// or got another date since.
func (r Loan) RecalledSince() time.Time {
	k := r.Recalled
	if k.Due.IsZero() || k.At.Before(r.Fixed.At) {
		return time.Time{}
	}
	for _, n := range r.Renewals {
		if n.At.After(k.At) {
			return time.Time{}
		}
	}
	return k.At
}

// dueByRecall reports whether a recall made the loan due when it is.
func (r Loan) dueByRecall() bool {
	if r.Recalled.Due.IsZero() {
		return false
	}
	_, recalled := r.term(r.Renewals, r.Fixed, r.Recalled)
	return recalled
}

// Recalled: a loan was recalled, or a recall was lifted.
type Recalled struct {
	Loan     LoanID           `json:"loan"`
	Item     ItemID           `json:"item"`
	Patron   PatronID         `json:"patron" private:"yes"`
	At       time.Time        `json:"at"`
	Due      time.Time        `json:"due,omitzero"` // zero: it is lifted
	Why      []policy.Step    `json:"why,omitempty"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"`
	Request  RequestID        `json:"request,omitempty"`

	WasRecalled Recall `json:"was_recalled,omitzero"`
}

func (Recalled) Name() string     { return "recalled" }
func (e Recalled) Touches() []Key { return touch(e.Loan.key()) }
func (e Recalled) lacks(l *lacking) {
	l.patron(e.Patron)
	l.key(KindItem, string(e.Item))
}

func (e Recalled) recall() Recall {
	return Recall{e.At, e.Due, e.Why, e.Desk, e.Library, e.Operator, e.Request}
}

func (e Recalled) prepare(c *Case) Event {
	if l, ok := c.Loan(e.Loan); ok {
		e.WasRecalled = l.Recalled
	}
	return e
}

func (e Recalled) apply(_ Key, old Row) Row {
	l, ok := old.(Loan)
	if !ok || l.Recalled.At.After(e.At) {
		return nil
	}
	return l.told(l.Renewals, l.Fixed, e.recall())
}

// fit: a loan that had ended by then is not recalled any more. One that was renewed
// or got another date since keeps that date, and whoever recalled it hears so.
func (e Recalled) fit(f *fitting) {
	e.Patron, e.At = f.c.known(e.Patron), f.when(e.At)
	switch l, out := f.stillOut(e.Loan, e.Item, e.At); {
	case !out:
	case l.Recalled.At.After(e.At):
		f.object(Remark{Reason: ChangedSince, When: l.Recalled.At, Desk: l.Recalled.Desk, Item: e.Item})
	default:
		f.emit(e)
		if since, desk := l.changedAfter(e.At); !since.IsZero() {
			f.object(Remark{Reason: ChangedSince, When: since, Desk: desk, Item: e.Item})
		}
	}
}

// changedAfter gives when a loan was last renewed or got another date after an
// instant, and at which desk; zero: it was not.
func (r Loan) changedAfter(at time.Time) (since time.Time, desk DeskID) {
	if r.Fixed.At.After(at) {
		since, desk = r.Fixed.At, r.Fixed.Desk
	}
	for _, n := range r.Renewals {
		if n.At.After(at) && n.At.After(since) {
			since, desk = n.At, n.Desk
		}
	}
	return since, desk
}

func (e Recalled) retract(r *retraction) {
	l, ok := r.c.Loan(e.Loan)
	switch {
	case !ok || l.How == Void:
	case !l.Recalled.At.Equal(e.At) || !l.Recalled.Due.Equal(e.Due):
		r.object(Remark{Reason: ChangedSince, When: l.Recalled.At, Desk: l.Recalled.Desk, Item: e.Item})
	default:
		r.emit(Unrecalled{Loan: e.Loan, Item: e.Item, Patron: e.Patron, Recalled: e.WasRecalled})
	}
}

// Unrecalled: a recall, or that it was lifted, is taken back.
type Unrecalled struct {
	none
	Loan     LoanID   `json:"loan"`
	Item     ItemID   `json:"item"`
	Patron   PatronID `json:"patron" private:"yes"`
	Recalled Recall   `json:"recalled,omitzero"` // as it was before
}

func (Unrecalled) Name() string          { return "unrecalled" }
func (e Unrecalled) Touches() []Key      { return touch(e.Loan.key()) }
func (e Unrecalled) prepare(*Case) Event { return e }
func (e Unrecalled) fit(f *fitting)      { f.emit(e) }
func (e Unrecalled) retract(*retraction) {}

func (e Unrecalled) apply(_ Key, old Row) Row {
	l, ok := old.(Loan)
	if !ok {
		return nil
	}
	return l.told(l.Renewals, l.Fixed, e.Recalled)
}
