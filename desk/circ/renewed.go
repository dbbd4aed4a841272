package circ

import (
	"slices"
	"time"

	"circdesk/desk/policy"
)

// Renewed: a loan is due later.
type Renewed struct {
	Loan   LoanID        `json:"loan"`
	Item   ItemID        `json:"item"`
	Patron PatronID      `json:"patron" private:"yes"`
	ID     string        `json:"id"` // of the renewal, derived from the act
	At     time.Time     `json:"at"`
	Due    time.Time     `json:"due"`
	Why    []policy.Step `json:"why,omitempty"`

	WasDue time.Time     `json:"was_due,omitzero"`
	WasWhy []policy.Step `json:"was_why,omitempty"`
}

func (Renewed) Name() string     { return "renewed" }
func (e Renewed) Touches() []Key { return touch(e.Loan.key()) }
func (e Renewed) lacks(l *lacking) {
	l.item(e.Item, "")
	l.patron(e.Patron)
}

func (e Renewed) apply(_ Key, old Row) Row {
	r, ok := old.(Loan)
	if !ok {
		return nil
	}
	if !slices.ContainsFunc(r.Renewals, func(n Renewal) bool { return n.ID == e.ID }) {
		r.Renewals = append(slices.Clone(r.Renewals), Renewal{e.ID, e.At, e.Due})
	}
	r.Due, r.Why = e.Due, e.Why
	return r
}

func (e Renewed) prepare(c *Case) Event {
	if l, ok := c.Loan(e.Loan); ok {
		e.WasDue, e.WasWhy = l.Due, l.Why
	}
	return e
}

func (e Renewed) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	loan, ok := f.c.Loan(e.Loan)
	switch {
	case !ok:
		f.object(Remark{Reason: NotOnLoan, Item: e.Item})
		return
	case !loan.Open() && loan.In.Before(e.At):
		f.object(Remark{Reason: LoanEnded, When: loan.In, Item: e.Item, Who: loan.Patron})
	}
	f.emit(e)
}

func (e Renewed) retract(r *retraction) {
	loan, ok := r.c.Loan(e.Loan)
	n := len(loan.Renewals)
	switch {
	case !ok || loan.How == Void:
	case !slices.ContainsFunc(loan.Renewals, func(n Renewal) bool { return n.ID == e.ID }):
		r.object(Remark{Reason: UndoneAlready, Item: e.Item})
	case !loan.Open() || loan.Renewals[n-1].ID != e.ID:
		r.object(Remark{Reason: ChangedSince, Item: e.Item, When: later(loan.last(), loan.In)})
		if !r.undo {
			r.emit(Unrenewed{Loan: e.Loan, Item: e.Item, Patron: e.Patron, ID: e.ID, Due: loan.Due, Why: loan.Why})
		}
	default:
		r.emit(Unrenewed{Loan: e.Loan, Item: e.Item, Patron: e.Patron, ID: e.ID, Due: e.WasDue, Why: e.WasWhy})
	}
}

// Unrenewed: a renewal never was; the loan is due as before.
type Unrenewed struct {
	none
	Loan   LoanID        `json:"loan"`
	Item   ItemID        `json:"item"`
	Patron PatronID      `json:"patron" private:"yes"`
	ID     string        `json:"id"`
	Due    time.Time     `json:"due"`
	Why    []policy.Step `json:"why,omitempty"`
}

func (Unrenewed) Name() string          { return "unrenewed" }
func (e Unrenewed) Touches() []Key      { return touch(e.Loan.key()) }
func (e Unrenewed) prepare(*Case) Event { return e }
func (e Unrenewed) fit(f *fitting)      { f.emit(e) }
func (e Unrenewed) retract(*retraction) {}

func (e Unrenewed) apply(_ Key, old Row) Row {
	r, ok := old.(Loan)
	if !ok {
		return nil
	}
	r.Renewals = slices.DeleteFunc(slices.Clone(r.Renewals), func(n Renewal) bool { return n.ID == e.ID })
	if len(r.Renewals) == 0 {
		r.Renewals = nil
	}
	r.Due, r.Why = e.Due, e.Why
	return r
}
