package circ

import (
	"time"

	"circdesk/desk/money"
)

// Fee is money a patron owes.
type Fee struct {
	ID     FeeID        `json:"id"`
	Patron PatronID     `json:"patron"`
	Item   ItemID       `json:"item,omitempty"`
	Type   string       `json:"type"` // overdue, lost, card …: the library's own list
	Amount money.Amount `json:"amount"`
	At     time.Time    `json:"at"`
	Text   string       `json:"text,omitempty"`
}

func (r Fee) Key() Key { return Key{KindFee, string(r.ID)} }
func (r Fee) Index() []Line {
	return []Line{{FeesOf, string(r.Patron), SortTime(r.At) + string(r.ID)}}
}

// Payment is money taken, keyed by the entry that took it. What a fee still
// needs is counted from its payments. A payment of a fee "" is credit.
type Payment struct {
	ID     PaymentID    `json:"id"`
	Fee    FeeID        `json:"fee,omitempty"`
	Patron PatronID     `json:"patron"`
	Amount money.Amount `json:"amount"` // zero: withdrawn before anybody was told
	At     time.Time    `json:"at"`
	Desk   DeskID       `json:"desk,omitempty"`
}

func (r Payment) Key() Key { return Key{KindPayment, string(r.ID)} }
func (r Payment) Index() []Line {
	return []Line{{PaymentsOf, string(r.Patron), SortTime(r.At) + string(r.ID)}}
}
