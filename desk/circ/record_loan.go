package circ

import (
	"strings"
	"time"

	"circdesk/desk/policy"
)

// How says how a loan ended. It travels: never renamed.
type How string

// The ways a loan ends.
const (
	Returned How = "returned" // the item was taken back
	Evidence How = "evidence" // the item was seen elsewhere, so it had come back
	Void     How = "void"     // it never was: withdrawn or undone
)

// Renewal is one renewal of a loan.
type Renewal struct {
	ID  string    `json:"id"`
	At  time.Time `json:"at"`
	Due time.Time `json:"due"`
}

// Loan is one item out to one patron.
type Loan struct {
	ID       LoanID           `json:"id"`
	Item     ItemID           `json:"item"`
	Patron   PatronID         `json:"patron"`
	Library  policy.LibraryID `json:"library,omitempty"` // where it was lent
	Desk     DeskID           `json:"desk,omitempty"`
	Out      time.Time        `json:"out"`
	Due      time.Time        `json:"due"`
	Why      []policy.Step    `json:"why,omitempty"`      // how Due was reckoned
	Renewals []Renewal        `json:"renewals,omitempty"` // counted, never summed up; oldest first
	In       time.Time        `json:"in,omitzero"`        // zero: open
	How      How              `json:"how,omitempty"`
}

// Open reports whether the item is still out.
func (r Loan) Open() bool { return r.In.IsZero() }

func (r Loan) Key() Key { return Key{KindLoan, string(r.ID)} }
func (r Loan) Index() []Line {
	lines := []Line{{LoansOfItem, string(r.Item), newest(r.Out) + string(r.ID)}}
	if r.Open() {
		lines = append(lines, Line{LoansOf, string(r.Patron), SortTime(r.Out) + string(r.ID)})
	}
	return lines
}

// newest writes an instant so that later ones come first.
func newest(t time.Time) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return '9' - (r - '0')
		}
		return r
	}, SortTime(t))
}

// last gives when the loan was last made longer: at check-out or at a renewal.
func (r Loan) last() time.Time {
	if n := len(r.Renewals); n > 0 {
		return r.Renewals[n-1].At
	}
	return r.Out
}
