package circ

import (
	"time"
)

// LoanVoided: a loan never was, and its check-out no sighting of the item.
type LoanVoided struct {
	none
	Loan   LoanID    `json:"loan"`
	Item   ItemID    `json:"item"`
	Patron PatronID  `json:"patron" private:"yes"`
	At     time.Time `json:"at"`
	Seen   time.Time `json:"seen,omitzero"` // when the item was seen at it; zero: it was not
	Desk   DeskID    `json:"desk,omitempty"`
}

func (LoanVoided) Name() string          { return "loan_voided" }
func (e LoanVoided) Touches() []Key      { return touch(e.Loan.key(), e.Item.key()) }
func (e LoanVoided) prepare(*Case) Event { return e }
func (e LoanVoided) fit(f *fitting)      { f.emit(e) }
func (e LoanVoided) retract(*retraction) {}

func (e LoanVoided) apply(_ Key, old Row) Row {
	switch r := old.(type) {
	case Loan:
		r.In, r.How = e.At, Void
		return r
	case Item:
		if r.Loan == e.Loan {
			r.Loan = ""
		}
		return r.unsight(e.Seen, e.Desk)
	}
	return nil
}

// Reopened: a loan that was closed is open again; the item is still out.
type Reopened struct {
	none
	Loan   LoanID   `json:"loan"`
	Item   ItemID   `json:"item"`
	Patron PatronID `json:"patron" private:"yes"`
}

func (Reopened) Name() string     { return "reopened" }
func (e Reopened) Touches() []Key { return touch(e.Loan.key(), e.Item.key()) }

// prepare: the loan is of whoever its patron is by now.
func (e Reopened) prepare(c *Case) Event {
	e.Patron = c.known(e.Patron)
	return e
}

func (e Reopened) fit(f *fitting)      { f.emit(e) }
func (e Reopened) retract(*retraction) {}

func (e Reopened) apply(_ Key, old Row) Row {
	switch r := old.(type) {
	case Loan:
		r.In, r.How, r.Taker = time.Time{}, "", Taker{}
		if e.Patron != "" {
			r.Patron = e.Patron
		}
		return r
	case Item:
		r.Loan = e.Loan
		return r
	}
	return nil
}
