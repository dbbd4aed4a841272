package circ

import (
	"strconv"
	"time"
)

// Kind names a sort of record. It travels and is stored: never renamed.
type Kind string

// The kinds of records.
const (
	KindPatron   Kind = "patron"
	KindCard     Kind = "card"
	KindBlock    Kind = "block"
	KindAlert    Kind = "alert"
	KindLink     Kind = "link"
	KindTitle    Kind = "title"
	KindItem     Kind = "item"
	KindLoan     Kind = "loan"
	KindRequest  Kind = "request"
	KindFee      Kind = "fee"
	KindPayment  Kind = "payment"
	KindDrawer   Kind = "drawer" // a shift of one
	KindUse      Kind = "use"
	KindConflict Kind = "conflict"
	KindMark     Kind = "mark"
	KindChain    Kind = "chain" // a mark of a later epoch
	KindRules    Kind = "rules"
)

// Key names one record.
type Key struct {
	Kind Kind   `json:"kind"`
	ID   string `json:"id"`
}

// A Row is one record: what a store keeps whole, and one state in the feed.
// Records are values; a changed record is a new one.
type Row interface {
	Key() Key
	// Index gives the lines under which lookups find the record.
	Index() []Line
}

// A Line is one place of a record in an index: index, what it is looked up by,
// and its place among the rows found. Sort is compared by bytes.
type Line struct {
	Index Index
	Of    string
	Sort  string
}

// Index names a lookup that is not by key. The list is closed: a store that
// answers these knows nothing of rules.
type Index string

// The indexes. Each says what Want.ID holds and the order of its rows.
const (
	ByBarcode    Index = "barcode"     // items by barcode
	ByISBN       Index = "isbn"        // titles by ISBN-13
	ByTitle      Index = "title"       // titles whose folded title begins with ID
	ByName       Index = "name"        // patrons whose folded "family given" begins with ID
	ByPhone      Index = "phone"       // patrons whose digits of the phone number begin with ID
	ByEmail      Index = "email"       // patrons whose folded e-mail begins with ID
	ItemsOf      Index = "items"       // items of a title
	LoansOf      Index = "loans"       // open loans of a patron, oldest first
	DueOf        Index = "due"         // open loans of the library where they were lent, first due first
	RequestsOf   Index = "requests"    // requests of a patron that are not over, oldest first
	QueueOf      Index = "queue"       // waiting requests of a title, in their order
	ShelfOf      Index = "shelf"       // requests on the hold shelf of a library, first to expire first
	FeesOf       Index = "fees"        // fees of a patron, oldest first
	PaymentsOf   Index = "payments"    // payments of a patron, oldest first
	BlocksOf     Index = "blocks"      // blocks of a patron that stand
	AlertsOf     Index = "alerts"      // alerts of a patron that nobody has ended, oldest first
	LinksOf      Index = "links"       // links of a patron to others, that stand
	CardsOf      Index = "cards"       // cards of a patron, lost ones too
	ClaimsOf     Index = "claims"      // loans of a patron that were claimed to be returned, oldest first
	LoansOfItem  Index = "history"     // loans of an item, newest first
	ShiftsOf     Index = "shifts"      // shifts of a drawer, newest first
	MovesOf      Index = "moves"       // movements of money in a shift, oldest first
	ByReceipt    Index = "receipt"     // payments by the number on their receipt
	AlertsOfItem Index = "item_alerts" // alerts of an item that nobody has ended, oldest first
	LoanWork     Index = "loan_work"   // open loans that wait for somebody's work at a library, the longest first
	ItemWork     Index = "item_work"   // items that wait for somebody's work at a library, the longest first
	UsesAt       Index = "uses"        // uses in a library, oldest first
	ConflictsOf  Index = "conflicts"   // conflicts, [ConflictsOpen] or [ConflictsSettled], oldest first
)

// Begins reports whether lookups in the index match the beginning of what they
// look for, not the whole.
func (i Index) Begins() bool {
	switch i {
	case ByTitle, ByName, ByPhone, ByEmail:
		return true
	}
	return false
}

// Timed reports whether the place of a line in the index is a time or a number and
// an id made by chance: it says nothing of whom or what the line is about.
func (i Index) Timed() bool {
	switch i {
	case LoansOf, DueOf, ClaimsOf, LoansOfItem, LoanWork, RequestsOf, QueueOf, ShelfOf, FeesOf, PaymentsOf, MovesOf, ShiftsOf, UsesAt:
		return true
	}
	return false
}

// A Want is one lookup: by key, when Index is empty, else in an index.
type Want struct {
	Key   Key
	Index Index
	ID    string // what is looked up in the index
	After string // only rows whose Sort is greater, for indexes that match the whole
	N     int    // at most so many rows
}

// ByKey wants one record.
func ByKey(k Kind, id string) Want { return Want{Key: Key{k, id}, N: 1} }

// In wants at most n rows of an index.
func In(i Index, id string, n int) Want { return Want{Index: i, ID: id, N: n} }

// SortIn gives the place of a row in a list, after which the next page begins.
// False: it is no row of the list.
func SortIn(r Row, i Index, of string) (string, bool) {
	for _, line := range r.Index() {
		if line.Index == i && line.Of == of {
			return line.Sort, true
		}
	}
	return "", false
}

// Rules is the record that carries the library's rules to every desk. Its only
// id is "rules"; policy.Parse reads Body.
type Rules struct {
	Version string `json:"version"`
	Body    string `json:"body"`
}

// RulesKey is the key of the one record of rules.
var RulesKey = Key{KindRules, "rules"}

// Listed reports whether records of a kind may stand in an index. False: none does; true
// of kinds that are not known.
func (k Kind) Listed() bool { return k != KindMark && k != KindChain && k != KindRules }

func (r Rules) Key() Key    { return RulesKey }
func (Rules) Index() []Line { return nil }

// A Mark says how far a desk's chain has come: the last entry that has a
// verdict. It moves in the transaction of the effects and travels in the feed.
type Mark struct {
	Desk  DeskID `json:"desk"`
	Epoch uint64 `json:"epoch"`
	Seq   uint64 `json:"seq"`
	Hash  string `json:"hash"` // hex of SHA-256; empty before the first entry
}

func (r Mark) Key() Key    { return MarkKey(r.Desk, r.Epoch) }
func (Mark) Index() []Line { return nil }

// MarkKey gives the key of the mark of a desk's epoch. Each epoch has its own: of
// two machines with one journal each hears of its own entries.
func MarkKey(desk DeskID, epoch uint64) Key {
	if epoch <= 1 {
		return Key{KindMark, string(desk)}
	}
	return Key{KindChain, string(desk) + "/" + strconv.FormatUint(epoch, 10)}
}

// A Hand says where and when a record was last changed, so that whoever finds it
// changed knows whom to ask. Zero: not since it was loaded.
type Hand struct {
	At   time.Time `json:"at,omitzero"`
	Desk DeskID    `json:"desk,omitempty"`
}

func (h Hand) same(o Hand) bool { return h.At.Equal(o.At) && h.Desk == o.Desk }
