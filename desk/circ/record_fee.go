package circ

import (
	"slices"
	"time"

	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// FeeType says what a fee is for. It travels: never renamed. A fee that was loaded
// from another system may have one of that system's.
type FeeType string

// The types that the engine charges, and those that a clerk may choose.
const (
	FeeOverdue    FeeType = "overdue"
	FeeLost       FeeType = "lost"       // to replace an item
	FeeProcessing FeeType = "processing" // beside it
	FeeDamaged    FeeType = "damaged"
	FeePart       FeeType = "part" // of an item that came back without it
	FeeCard       FeeType = "card"
	FeeRequest    FeeType = "request"
	FeeOther      FeeType = "other"
)

// FeeTypes are the types of fees that a clerk may charge.
func FeeTypes() []FeeType {
	return []FeeType{FeeDamaged, FeePart, FeeLost, FeeProcessing, FeeCard, FeeRequest, FeeOther}
}

func (t FeeType) known() bool { return slices.Contains(FeeTypes(), t) }

// Fee is money a patron owes. Amount is what it comes to; what is left of it is
// counted from its payments.
type Fee struct {
	ID       FeeID            `json:"id"`
	Patron   PatronID         `json:"patron"`
	Item     ItemID           `json:"item,omitempty"`
	Loan     LoanID           `json:"loan,omitempty"`
	Renewal  string           `json:"renewal,omitempty"` // the loan was late when it was renewed by this one
	Type     FeeType          `json:"type"`
	Amount   money.Amount     `json:"amount"` // zero: it was taken back
	At       time.Time        `json:"at"`
	Due      time.Time        `json:"due,omitzero"`  // what an overdue fee was reckoned from:
	Back     time.Time        `json:"back,omitzero"` // due then, and back or renewed then
	Why      []policy.Step    `json:"why,omitempty"`
	Text     string           `json:"text,omitempty"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"`
	Disputed Dispute          `json:"disputed,omitzero"`
}

// Dispute says since when a patron disputes a fee, and why. While it is disputed it
// stands against nothing. Zero: nobody does.
type Dispute struct {
	At       time.Time  `json:"at,omitzero"`
	Text     string     `json:"text,omitempty"`
	Operator OperatorID `json:"operator,omitempty"` // who has taken it down; empty: nobody knows
}

func (r Fee) Key() Key { return Key{KindFee, string(r.ID)} }
func (r Fee) Index() []Line {
	return []Line{{FeesOf, string(r.Patron), SortTime(r.At) + string(r.ID)}}
}

// PaymentKind says what a payment is. It travels: never renamed.
type PaymentKind string

// The kinds of payments.
const (
	Money    PaymentKind = ""         // money was taken
	Waiver   PaymentKind = "waived"   // nobody has to pay it any more
	GaveBack PaymentKind = "refunded" // money was given back: Amount lessens what was paid
	Transfer PaymentKind = "moved"    // credit was used; Amount is negative where it came from
)

// PayMethod is how money changes hands, of the library's list: cash, card.
type PayMethod string

// ByCash is the method of which change is given.
const ByCash PayMethod = "cash"

// ByCredit uses the patron's credit: no money changes hands.
const ByCredit PayMethod = "credit"

// Payment is what a fee was settled by, keyed by the entry that did it. What a fee
// still needs is counted from them. Money on the fee "" is credit.
type Payment struct {
	ID       PaymentID    `json:"id"`
	Kind     PaymentKind  `json:"kind,omitempty"`
	Fee      FeeID        `json:"fee,omitempty"`
	Patron   PatronID     `json:"patron"`
	Amount   money.Amount `json:"amount"` // zero: withdrawn before anybody was told, or undone
	Method   PayMethod    `json:"method,omitempty"`
	Text     string       `json:"text,omitempty"` // why it was waived or given back
	At       time.Time    `json:"at"`
	Desk     DeskID       `json:"desk,omitempty"`
	Operator OperatorID   `json:"operator,omitempty"`
	Receipt  ReceiptNo    `json:"receipt,omitempty"`
	Shift    ShiftID      `json:"shift,omitempty"` // of which drawer; empty: of none, or no money changed hands
	Late     ShiftID      `json:"late,omitempty"`  // the shift in which it was told, closed by then; empty: Shift
}

func (r Payment) Key() Key { return Key{KindPayment, string(r.ID)} }
func (r Payment) Index() []Line {
	sort := SortTime(r.At) + string(r.ID)
	lines := []Line{{PaymentsOf, string(r.Patron), sort}}
	if r.Shift != "" {
		lines = append(lines, Line{MovesOf, string(r.Shift), sort})
	}
	if r.Receipt != "" {
		lines = append(lines, Line{ByReceipt, string(r.Receipt), sort})
	}
	return lines
}

// paid gives what the payment adds to what was paid, in minor units.
func (r Payment) paid() int64 {
	switch r.Kind {
	case Waiver:
		return 0
	case GaveBack:
		return -r.Amount.Minor
	}
	return r.Amount.Minor
}

// feeOf gives the id of the overdue fee of a loan that was taken back.
func feeOf(l LoanID) FeeID { return FeeID(NewID(EntryID(l), KindFee, 0)) }

// feeOfRenewal gives the id of the overdue fee of a loan that was late when it was
// renewed.
func feeOfRenewal(id string) FeeID { return FeeID(NewID(EntryID(id), KindFee, 0)) }
