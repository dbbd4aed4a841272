package desk

import (
	"time"

	"circdesk/desk/circ"
)

// Input is what somebody does at the desk. Each gets exactly one final
// [Outcome].
type Input interface{ input() }

// Place is a screen: it says what an item's barcode means there.
type Place string

// The places.
const (
	AtCheckOut Place = "check_out" // lend to the open visit; without one, tell about the item
	AtCheckIn  Place = "check_in"  // take back; a card is told only, and opens nothing
	AtPatron   Place = "patron"    // as AtItems
	AtHolds    Place = "holds"     // put on the hold shelf, or take off when it is there and expired
	AtItems    Place = "items"     // tell about the item
	AtSync     Place = "sync"      // as AtItems
)

type (
	// Scan is a card, a barcode, or something else that was scanned or typed.
	Scan struct {
		Text   string
		Source string // which scanner; empty: the keyboard
	}
	// Go goes to a place. Leaving AtCheckIn ends bookdrop mode and in-house mode.
	Go struct{ To Place }
	// CheckIn takes back as of a date: zero is now.
	CheckIn struct {
		Text string
		Date time.Time
	}
	// Bookdrop begins or ends bookdrop mode: items are taken back as of Date;
	// zero: the end of the library's last opening.
	Bookdrop struct {
		On   bool
		Date time.Time
	}
	// Use counts one use of an item in the library. Text is a code.
	Use struct{ Text string }
	// InHouse begins or ends in-house mode: at AtCheckIn each scan of an item counts
	// one use.
	InHouse struct{ On bool }
	// Done ends the visit.
	Done struct{}
	// Sleep ends what is shown of a visit: nobody has scanned for a while. The
	// session sends it to itself.
	Sleep struct{}

	// Yes answers the open question, for it and for all that is queued of this
	// visit. As and PIN name another operator who grants it; empty: the one who
	// is signed in.
	Yes struct {
		Why string
		As  string
		PIN string
	}
	// No answers the open question. Missing says, at a check-in, which parts are not
	// there, as [Incomplete] does.
	No struct{ Missing string }

	// SignIn switches the operator. The open visit stays.
	SignIn struct{ Name, PIN string }
	// SignOut leaves a desk that only looks things up.
	SignOut struct{}

	// Find looks for patrons by card, name, phone or e-mail. One found is opened.
	Find struct{ Query string }
	// Seek looks for patrons by a name that is still being typed. It opens nobody, is
	// refused by nobody, and what it finds is a list, also of one or of none: see
	// [Outcome.Sought]. One that another has overtaken gives an empty list.
	Seek struct{ Query string }
	// FindTitle looks for titles by their beginning or ISBN.
	FindTitle struct{ Query string }
	// OpenPatron opens the patron as a card does; without an ID it tells of the open
	// visit's once more.
	OpenPatron struct{ ID circ.PatronID }
	// Look tells about an item: status, who has it, its queue.
	Look struct{ Text string }
	// Shelf lists the hold shelf of this library.
	Shelf struct{}

	// Overdue lists the overdue loans of this library; Long: only those that are long
	// overdue.
	Overdue struct{ Long bool }

	// RenewAll renews all loans of the open visit: one entry an item.
	RenewAll struct{}
	// RenewItem renews the loan of one item.
	RenewItem struct{ Text string }
	// Request requests, for the open visit, the title of an item, by its barcode
	// or ISBN, or by Title. Copy: only this item will do. Pickup empty: here.
	Request struct {
		Text   string
		Title  circ.TitleID
		Copy   bool
		Pickup string
		Note   string
	}
	// Cancel cancels a request: by ID, or by its number N, from 1, in the open
	// visit's list.
	Cancel struct {
		ID circ.RequestID
		N  int
	}
	// Shelve and TakeOff put an item on the hold shelf and take it off.
	Shelve  struct{ Text string }
	TakeOff struct{ Text string }
	// Pay books money taken from the open visit's patron: on a fee, or from the
	// oldest on. Amount is as typed, in the library's currency; [PayAll] is all that is
	// left of the fee, or of all fees but those that are disputed.
	Pay struct {
		Amount string
		Fee    circ.FeeID
		N      int            // the fee's number, from 1, in the visit's list; 0: Fee
		Method circ.PayMethod // empty: the usual
		Keep   bool           // what is more than is owed becomes credit, also of cash; else cash gives change
	}
	// Charge charges the open visit's patron a fee by hand. Item is a code; empty
	// for none.
	Charge struct {
		Type   circ.FeeType
		Amount string
		Item   string
		Text   string
	}
	// Waive, Dispute, Restore and FeeStory concern one fee: by ID, or by its number
	// N, from 1, in the visit's list; neither: the only one. Amount empty: all that
	// is left. FeeStory tells how the fee came about and what became of it.
	Waive struct {
		Fee    circ.FeeID
		N      int
		Amount string
		Text   string
	}
	Dispute struct {
		Fee  circ.FeeID
		N    int
		Text string
	}
	Restore struct {
		Fee circ.FeeID
		N   int
	}
	FeeStory struct {
		Fee circ.FeeID
		N   int  // the settled ones follow those of which something is left
		All bool // lists them instead
	}
	// Mark says that an item is lost, claimed to be returned, found, missing, damaged
	// or withdrawn. Text is a code; Note says what is wrong with an item.
	Mark struct {
		Text string
		As   Marking
		Note string
	}
	// Incomplete takes an item back of which something is missing. Text is a code;
	// Missing names the parts, with commas between them, by their names or by their
	// numbers, from 1, in the item's list. Date is as that of [CheckIn].
	Incomplete struct {
		Text    string
		Missing string
		Date    time.Time
	}
	// Complete takes back what had come back incomplete: the rest is there.
	Complete struct{ Text string }
	// GiveUp ends the loan of what came back incomplete. As: damaged, withdrawn, or ""
	// for back into use with fewer parts.
	GiveUp struct {
		Text string
		As   circ.ItemState
	}
	// Call notes that a patron was called about a loan, or sent another notice: about the
	// loan of an item, whose code is Text; about that of a fee, by ID, or by its number N,
	// from 1, in the visit's list; or else about all that the open visit's patron has
	// overdue, one entry a loan. It sends nothing. By empty: by phone. Again: zero for no
	// day.
	Call struct {
		Text  string
		Fee   circ.FeeID
		N     int
		By    circ.Channel
		Note  string
		Again time.Time
	}
	// Bill charges the patron of an item's loan for a part. Note empty: the parts that
	// are missing.
	Bill struct {
		Text   string
		Amount string
		Note   string
	}
	// SetParts says what belongs to an item, with commas between the parts; empty:
	// nothing that is counted.
	SetParts struct {
		Text  string
		Parts string
	}
	// AddItem makes a record for an item that nobody here knows, by a title that is typed,
	// and lends it to the open visit. Text is a code; one that is known is lent as always.
	AddItem struct{ Text, Title string }
	// Worklist lists what waits for somebody's work at this library. Kind empty: all.
	Worklist struct{ Kind WorkKind }
	// SetDue sets when an item is due, and CorrectReturn when it had come back, with a
	// reason. Text is a code.
	SetDue struct {
		Text string
		Due  time.Time
		Why  string
	}
	CorrectReturn struct {
		Text string
		In   time.Time
		Why  string
	}
	// Recall makes an item due sooner, as the rules say; with Lift it is due as it was.
	// Text is a code.
	Recall struct {
		Text string
		Lift bool
	}
	// Refund gives the open visit's patron money back, out of credit. Amount empty:
	// all of it.
	Refund struct {
		Amount string
		Method circ.PayMethod
		Text   string
	}
	// OpenDrawer begins a shift of the desk's drawer for money with what lies in it;
	// CloseDrawer ends it with what was counted. Amounts are as typed; an empty one was
	// not counted. Text says why it is over or short.
	OpenDrawer  struct{ Float string }
	CloseDrawer struct {
		Counted []CountedBy
		Text    string
	}
	// ShowDrawer tells about the desk's drawer, or what was taken or given back under
	// the number of a receipt.
	ShowDrawer struct{ Receipt string }
	// Born asks whether the open visit's patron was born on a day, 2006-01-02. It is
	// never told when they were.
	Born struct{ Date string }
	// Block and Unblock concern the open visit's patron. A block is lifted by ID,
	// or by its number N, from 1, in the visit's list; N 0: the only one.
	// Until is the last instant of a block, zero for none; Against the zero scope for
	// everything.
	Block struct {
		Text    string
		Until   time.Time
		Against circ.BlockScope
	}
	Unblock struct {
		ID circ.BlockID
		N  int
	}
	// Alert writes an alert about the item of a code, or else about the open visit's
	// patron. Shown empty: both; Until is its last instant, zero for none.
	Alert struct {
		Code  string
		Text  string
		Shown circ.Moment
		Until time.Time
	}
	// EndAlert ends an alert: of the item of a code, or else of the open visit's
	// patron; by ID, or by its number N, from 1, in the list of the item's or the
	// visit's; N 0: the only one.
	EndAlert struct {
		Code string
		ID   circ.AlertID
		N    int
	}
	// Register registers a patron, and opens a visit.
	Register struct{ Patron circ.Patron }
	// Edit, RenewCard, ReplaceCard, Link and Merge concern the open visit's patron.
	Edit        struct{ Contact circ.Contact }
	RenewCard   struct{ Until time.Time }
	ReplaceCard struct{ Number string }
	Link        struct {
		Card string // of the other person
		Kind circ.LinkKind
	}
	// Merge says that both records are of one person: what stands under the other's, and
	// its cards, is the open one's from then on.
	Merge struct{ Card string } // of the record that ends

	// Undo takes back entries of today. Entries empty and N empty: the outcome
	// lists them, newest first; N are numbers, from 1, in that list.
	Undo struct {
		Entries []circ.EntryID
		N       []int
	}
	// Sync delivers all that waits, and answers when it is done or cannot be.
	Sync struct{}
	// Pause stops delivering behind what is under way, or goes on with it: see
	// [uplink.Uplink.Pause].
	Pause struct{ On bool }
	// Conflicts lists what a person has to settle, and what waits for the line;
	// Settle settles one.
	Conflicts struct{}
	Settle    struct {
		Entry circ.EntryID
		How   circ.ConflictAction // what is done about it; empty: it is kept as it stands
		Why   string
	}
	// Assign says who sees to a conflict; Owner empty: nobody any more.
	Assign struct {
		Entry circ.EntryID
		Owner string
	}
	// CallBackOn says when a conflict is to be looked at again; zero: now.
	CallBackOn struct {
		Entry circ.EntryID
		On    time.Time
	}
	// Contact asks the central system how the patron of a conflict is reached, or
	// who is on the other side of it.
	Contact struct {
		Entry circ.EntryID
		Other bool
	}
	// Slip writes the loan slip of the open visit: what was lent or renewed in it, and
	// what is recalled.
	Slip struct{}
	// Focus says whether the terminal has it.
	Focus struct{ On bool }
)

// PayAll, for an amount, is all that is owed.
const PayAll = "all"

// CountedBy is what was counted by one method, as it was typed.
type CountedBy struct {
	Method circ.PayMethod
	Amount string
}

func (OpenDrawer) input()    {}
func (CloseDrawer) input()   {}
func (ShowDrawer) input()    {}
func (Scan) input()          {}
func (Go) input()            {}
func (CheckIn) input()       {}
func (Use) input()           {}
func (InHouse) input()       {}
func (Bookdrop) input()      {}
func (Done) input()          {}
func (Sleep) input()         {}
func (Yes) input()           {}
func (No) input()            {}
func (SignIn) input()        {}
func (SignOut) input()       {}
func (Find) input()          {}
func (FindTitle) input()     {}
func (Seek) input()          {}
func (OpenPatron) input()    {}
func (Look) input()          {}
func (Shelf) input()         {}
func (Overdue) input()       {}
func (RenewAll) input()      {}
func (RenewItem) input()     {}
func (Request) input()       {}
func (Cancel) input()        {}
func (Shelve) input()        {}
func (TakeOff) input()       {}
func (Pay) input()           {}
func (Charge) input()        {}
func (Waive) input()         {}
func (Dispute) input()       {}
func (Restore) input()       {}
func (FeeStory) input()      {}
func (Refund) input()        {}
func (SetDue) input()        {}
func (CorrectReturn) input() {}
func (Recall) input()        {}
func (Mark) input()          {}
func (Block) input()         {}
func (Born) input()          {}
func (Unblock) input()       {}
func (Register) input()      {}
func (Edit) input()          {}
func (RenewCard) input()     {}
func (ReplaceCard) input()   {}
func (Merge) input()         {}
func (Link) input()          {}
func (Undo) input()          {}
func (Sync) input()          {}
func (Pause) input()         {}
func (Conflicts) input()     {}
func (Settle) input()        {}
func (Assign) input()        {}
func (CallBackOn) input()    {}
func (Contact) input()       {}
func (Slip) input()          {}
func (Focus) input()         {}
func (Incomplete) input()    {}
func (Complete) input()      {}
func (GiveUp) input()        {}
func (Call) input()          {}
func (Bill) input()          {}
func (SetParts) input()      {}
func (AddItem) input()       {}
func (Worklist) input()      {}
func (Alert) input()         {}
func (EndAlert) input()      {}
