package circ

import (
	"time"

	"circdesk/desk/policy"
)

// LoanNoted: a patron had taken an item, and it has been seen elsewhere since;
// the loan is written down as ended.
type LoanNoted struct {
	none
	Loan     LoanID           `json:"loan"`
	Item     ItemID           `json:"item"`
	Patron   PatronID         `json:"patron" private:"yes"`
	Request  RequestID        `json:"request,omitempty"` // filled by it
	At       time.Time        `json:"at"`
	Due      time.Time        `json:"due"`
	Why      []policy.Step    `json:"why,omitempty"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"`
	Renewal  string           `json:"renewal,omitempty"` // it was told as this renewal; empty: as a check-out
	In       time.Time        `json:"in"`

	WasRequest Kept `json:"was_request,omitzero"`
}

func (LoanNoted) Name() string     { return "loan_noted" }
func (e LoanNoted) Touches() []Key { return touch(e.Loan.key(), e.Item.key(), e.Request.key()) }

func (e LoanNoted) apply(k Key, old Row) Row {
	if k.Kind == KindLoan {
		r := Loan{ID: e.Loan, Item: e.Item, Patron: e.Patron, Library: e.Library, Desk: e.Desk, Operator: e.Operator, Out: e.At, Due: e.Due, Why: e.Why, In: e.In, How: Evidence}
		return r.after(old)
	}
	switch r := old.(type) {
	case Item:
		return r.sight(Sighting{At: e.At, Desk: e.Desk, Library: e.Library})
	case Request:
		return r.set(Kept{Stage: Filled, Copy: e.Item}, Hand{e.At, e.Desk})
	}
	return nil
}

func (e LoanNoted) prepare(c *Case) Event {
	if r, ok := c.Request(e.Request); ok {
		e.WasRequest = r.kept()
	}
	return e
}

func (e LoanNoted) fit(f *fitting) { f.emit(e) }

func (e LoanNoted) retract(r *retraction) {
	if loan, ok := r.c.Loan(e.Loan); !ok || loan.How == Void || r.others(e.Renewal) {
		return
	}
	it, _ := r.c.Item(e.Item, "")
	r.changed(it) // that is why it was only noted
	r.emit(LoanVoided{Loan: e.Loan, Item: e.Item, Patron: e.Patron, At: r.c.Act.At, Seen: e.At, Desk: e.Desk})
	r.requeue(e.Request, e.Item, Kept{Stage: Filled, Copy: e.Item}, e.WasRequest, false)
}
