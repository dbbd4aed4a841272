package circ

import (
	"slices"
	"time"

	"circdesk/desk/policy"
)

// Renewed: a loan is due later.
type Renewed struct {
	Loan     LoanID           `json:"loan"`
	Item     ItemID           `json:"item"`
	Patron   PatronID         `json:"patron" private:"yes"`
	ID       string           `json:"id"` // of the renewal, derived from the act
	At       time.Time        `json:"at"`
	Due      time.Time        `json:"due"`
	Why      []policy.Step    `json:"why,omitempty"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"`
	InHand   bool             `json:"in_hand,omitempty"` // the item is at the desk
}

func (Renewed) Name() string { return "renewed" }

func (e Renewed) Touches() []Key {
	if !e.InHand {
		return touch(e.Loan.key())
	}
	return touch(e.Loan.key(), e.Item.key())
}

func (e Renewed) lacks(l *lacking) {
	l.item(e.Item, "")
	l.patron(e.Patron)
	l.key(KindLoan, string(e.again().Loan))
}

func (e Renewed) renewal() Renewal {
	return Renewal{ID: e.ID, At: e.At, Due: e.Due, Why: e.Why, Desk: e.Desk, Library: e.Library, Operator: e.Operator, InHand: e.InHand}
}

func (e Renewed) again() CheckedOut { return e.renewal().again(e.Item, e.Patron) }

func (e Renewed) prepare(*Case) Event { return e }

func (e Renewed) apply(_ Key, old Row) Row {
	switch r := old.(type) {
	case Loan:
		same := func(n Renewal) bool { return n.ID == e.ID }
		return r.renewed(append(slices.DeleteFunc(slices.Clone(r.Renewals), same), e.renewal()))
	case Item:
		if e.InHand {
			return r.sight(Sighting{At: e.At, Desk: e.Desk, Library: e.Library})
		}
	}
	return nil
}

// fit: a loan that has ended is not renewed by an item that is in the patron's
// hands again: that is another loan. What had come back incomplete and was taken along
// again is an ordinary loan from then on: where the item was seen after that, it is over.
func (e Renewed) fit(f *fitting) {
	e.Patron, e.At = f.c.known(e.Patron), f.when(e.At)
	loan, ok := f.c.Loan(e.Loan)
	ended := ok && !loan.Open() && (loan.How == Void || loan.In.Before(e.At))
	switch {
	case ended:
		f.object(Remark{Reason: LoanEnded, When: loan.In, Item: e.Item, Who: loan.Patron})
	case !ok:
		f.object(Remark{Reason: NotOnLoan, Item: e.Item})
	}
	switch {
	case e.InHand && (ended || !ok):
		e.again().fit(f)
	case ok:
		e.Due, e.Why = f.promised(e.Due, e.Why, e.Item, e.Patron)
		f.emit(e)
		if e.InHand {
			f.overSince(e.Loan, e.Item)
		}
	}
}

// overSince ends a loan whose item was seen after the patron had it last.
func (f *fitting) overSince(id LoanID, item ItemID) {
	it, _ := f.c.Item(item, "")
	l, ok := f.c.Loan(id)
	if !ok || it.Loan != id || l.Incomplete() || !it.Seen.At.After(l.had()) {
		return
	}
	f.object(Remark{Reason: SeenSince, When: it.Seen.At, Desk: it.Seen.Desk, Where: it.Seen.Library, Item: it.ID})
	f.emit(CheckedIn{Loan: id, Item: it.ID, Patron: l.Patron, At: it.seenAfter(l.had()), How: Evidence})
}

func (e Renewed) retract(r *retraction) {
	again := e.again()
	own, became := r.c.Loan(again.Loan) // it may have become a loan of its own
	if became = became && own.How != Void; became {
		again.retract(r)
	}
	loan, ok := r.c.Loan(e.Loan)
	n := len(loan.Renewals)
	back := Unrenewed{Loan: e.Loan, Item: e.Item, Patron: e.Patron, ID: e.ID}
	if e.InHand {
		back.Seen, back.Desk = e.At, e.Desk
	}
	switch {
	case !ok || loan.How == Void:
	case !slices.ContainsFunc(loan.Renewals, func(n Renewal) bool { return n.ID == e.ID }):
		if !became {
			r.object(Remark{Reason: UndoneAlready, Item: e.Item})
		}
	case !loan.Open() || loan.Renewals[n-1].ID != e.ID:
		r.loanChanged(loan)
		if !r.undo {
			r.emit(back)
		}
	default:
		r.emit(back)
	}
}

// Unrenewed: a renewal never was; the loan is due as told before.
type Unrenewed struct {
	none
	Loan   LoanID    `json:"loan"`
	Item   ItemID    `json:"item"`
	Patron PatronID  `json:"patron" private:"yes"`
	ID     string    `json:"id"`
	Seen   time.Time `json:"seen,omitzero"` // when the item was in hand at it; zero: it was not
	Desk   DeskID    `json:"desk,omitempty"`
}

func (Unrenewed) Name() string { return "unrenewed" }

func (e Unrenewed) Touches() []Key {
	if e.Seen.IsZero() {
		return touch(e.Loan.key())
	}
	return touch(e.Loan.key(), e.Item.key())
}

func (e Unrenewed) prepare(*Case) Event { return e }
func (e Unrenewed) fit(f *fitting)      { f.emit(e) }
func (e Unrenewed) retract(*retraction) {}

func (e Unrenewed) apply(_ Key, old Row) Row {
	switch r := old.(type) {
	case Loan:
		same := func(n Renewal) bool { return n.ID == e.ID }
		if !slices.ContainsFunc(r.Renewals, same) {
			return nil
		}
		return r.renewed(slices.DeleteFunc(slices.Clone(r.Renewals), same))
	case Item:
		if !e.Seen.IsZero() {
			return r.unsight(e.Seen, e.Desk)
		}
	}
	return nil
}
