package sip2

import (
	"time"

	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/money"
)

// step is one message that an entry comes to. It is kept while it is under way.
type step struct {
	Code sipwire.Code `json:"code"`
	For  int          `json:"for"` // which of the entry's events, from 0

	Item   string    `json:"item,omitempty"`   // barcode
	Patron string    `json:"patron,omitempty"` // card
	At     time.Time `json:"at"`

	Due       time.Time          `json:"due,omitzero"`
	Since     time.Time          `json:"since,omitzero"` // of a renewal: when the item was lent, or renewed last
	Returned  time.Time          `json:"returned,omitzero"`
	Happened  bool               `json:"happened,omitempty"`
	FeeAgreed bool               `json:"fee_agreed,omitempty"`
	Cancels   bool               `json:"cancels,omitempty"`
	Hold      sipwire.HoldAction `json:"hold,omitempty"`
	OnlyCopy  bool               `json:"only_copy,omitempty"`
	Pickup    string             `json:"pickup,omitempty"`
	Amount    money.Amount       `json:"amount,omitzero"`
	Method    string             `json:"method,omitempty"`
	Fee       sipwire.FeeType    `json:"fee,omitempty"`
	ID        string             `json:"id,omitempty"`
	Text      string             `json:"text,omitempty"`

	ItemID   circ.ItemID   `json:"item_id,omitempty"`
	PatronID circ.PatronID `json:"patron_id,omitempty"`
}

// message makes the message of a step.
func (s step) message(p Profile, a Account) (sipwire.Message, error) {
	switch s.Code {
	case sipwire.Checkout:
		return p.Checkout(a, s.loan())
	case sipwire.Renew:
		return p.Renew(a, s.loan())
	case sipwire.Checkin:
		return p.Checkin(a, Return{Item: s.Item, At: s.At, Returned: s.Returned, Happened: s.Happened, Cancels: s.Cancels})
	case sipwire.Hold:
		return p.PlaceHold(a, Hold{Do: s.Hold, Patron: s.Patron, Item: s.Item, At: s.At, Pickup: s.Pickup, SpecificCopy: s.OnlyCopy})
	case sipwire.FeePaid:
		return p.FeePaid(a, Payment{Patron: s.Patron, At: s.At, Amount: s.Amount, Method: s.Method, For: s.Fee, ID: s.ID})
	case sipwire.BlockPatron:
		return p.BlockPatron(a, s.At, s.Patron, s.Text, false)
	}
	return p.PatronEnable(a, s.At, s.Patron)
}

func (s step) loan() Loan {
	return Loan{Patron: s.Patron, Item: s.Item, At: s.At, Due: s.Due, Happened: s.Happened, FeeAgreed: s.FeeAgreed, Cancels: s.Cancels}
}
