package circ

import (
	"time"

	"circdesk/desk/policy"
)

// LoanVoided: a loan never was. The item, if it is still out on it, is back
// where it was seen before.
type LoanVoided struct {
	none
	Loan    LoanID           `json:"loan"`
	Item    ItemID           `json:"item"`
	Patron  PatronID         `json:"patron" private:"yes"`
	At      time.Time        `json:"at"`
	Seen    Sighting         `json:"seen,omitzero"`
	Transit policy.LibraryID `json:"transit,omitempty"`
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
		if r.Loan != e.Loan {
			return nil
		}
		r.Loan, r.Seen, r.Transit = "", e.Seen, e.Transit
		return r
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

func (Reopened) Name() string          { return "reopened" }
func (e Reopened) Touches() []Key      { return touch(e.Loan.key(), e.Item.key()) }
func (e Reopened) prepare(*Case) Event { return e }
func (e Reopened) fit(f *fitting)      { f.emit(e) }
func (e Reopened) retract(*retraction) {}

func (e Reopened) apply(_ Key, old Row) Row {
	switch r := old.(type) {
	case Loan:
		r.In, r.How = time.Time{}, ""
		return r
	case Item:
		r.Loan = e.Loan
		return r
	}
	return nil
}
