package desk

import (
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// Word is the one word of an outcome, as a code: desk/words says it in the
// clerk's language. In JSON it stands as it is: never renamed.
type Word string

// The words.
const (
	WordPatron  Word = "PATRON"  // a visit is open
	WordOut     Word = "OUT"     // lent: hand it over
	WordIn      Word = "IN"      // taken back: shelve it here
	WordUsed    Word = "USED"    // used in the library: shelve it here
	WordHold    Word = "HOLD"    // to the hold shelf
	WordTransit Word = "TRANSIT" // to another library, or to another desk
	WordStaff   Word = "STAFF"   // to somebody who looks at it
	WordRenewed Word = "RENEWED" // due later
	WordAsk     Word = "ASK"     // needs a yes or a no
	WordQueued  Word = "QUEUED"  // waits behind the open question
	WordStop    Word = "STOP"    // not done; Reasons say why
	WordCard    Word = "CARD"    // a card among items that are taken back
	WordItem    Word = "ITEM"    // told about
	WordList    Word = "LIST"    // something to choose from, or to read
	WordDone    Word = "DONE"    // done, with nothing to hand over
	WordPaid    Word = "PAID"
	WordUndone  Word = "UNDONE"
	WordMode    Word = "MODE"  // the desk works otherwise now
	WordAgain   Word = "AGAIN" // the same scan twice within seconds: nothing was done
)

// Outcome is what came of an input. An asked scan has two: the local word, with
// Final false, and then the final one; anything else has one.
type Outcome struct {
	N     int64 // the number that [Session.Send] gave the input
	Final bool
	At    time.Time
	Word  Word
	Text  string // one line for the clerk, without the word
	// Differs: the final word is not what the local one was. It stays on the
	// screen until it is acknowledged.
	Differs bool

	Waiting int // entries not yet delivered, when it was said

	Scanned string // as it was scanned or typed, cleaned
	Patron  *Patron
	Item    *Item
	Title   string
	Due     time.Time // zero: none
	Route   *Route
	Reasons []Said // why it was refused
	Ask     []Said // what needs a yes
	Tell    []Said // what the clerk should hear
	Trace   []Line // why this due date
	Mode    journal.Mode
	Entry   circ.EntryID
	Entries []circ.EntryID // where one input makes several
	Receipt string         // the number on it, where money changed hands
	Amount  money.Amount   // that was taken, or given back where it is below zero
	Drawer  *Drawer        // of the desk, where it was asked for or closed; nil: not
	Then    []Outcome      // of what was queued, in order; of each item of a renewal of all

	// Lists, for a LIST and where they belong to what was opened.
	Patrons   []Patron
	Near      []Near // names that are much like the one that was looked for, beside Patrons
	Sought    string // the name that was looked for; empty: it was not a name
	Coming    bool   // not all names are read yet: there may be more than Patrons
	Titles    []Title
	Holds     []Hold
	Late      []Late // overdue loans of this library, first due first
	Undoable  []Past
	Conflicts []Conflict
	Reach     *Reach
	Outage    *Outage   // the last one; nil: none in thirty days; beside Conflicts
	Unsent    []Past    // what waits for the line, oldest first; beside Conflicts
	Work      []Work    // what waits for somebody's work, the longest first; nil: it is no worklist
	AsOf      time.Time // how old the facts behind it are; zero: nobody knows
}

// Said is a remark with its text in the clerk's language, names filled in.
type Said struct {
	circ.Remark
	Words string
}

// Line is one step of an explanation, in the clerk's language.
type Line struct {
	policy.Step
	Words string
}

// Route is where an item goes, with its text.
type Route struct {
	circ.Route
	Words  string
	Person string // for whom it is kept
}

// Patron is a patron as the panel shows them. In a list of several found only
// the first part is filled.
type Patron struct {
	circ.Patron
	Name    string // "SILVA, Maria"
	Born    string // the year
	Expired bool
	Group   string

	Loans    []Loan
	Requests []Hold
	Fees     []Fee
	Settled  []Fee        // of which nothing is left to pay: the last ones, newest first
	Owes     money.Amount // below zero: credit
	Disputed money.Amount // owed beside it, by fees that are disputed
	IfBack   money.Amount // what would be charged if all that is overdue came back now
	Estimate bool         // another system charges: what would be is only an estimate
	Blocks   []circ.Block
	Alerts   []circ.Alert  // that stand, oldest first
	Standing []circ.Remark // what stands against the next loan or request, blocks included
	Links    []Linked
	Overdue  int
	Ready    int // requests on the hold shelf here or elsewhere
}

// Near is a name with one letter other than what was typed.
type Near struct {
	Patron Patron // one of those who are called so
	Name   string // as that one writes it
	Query  string // finds all of them
	People int    // how many there are, about
}

// Credit is what the patron has paid too much, in minor units.
func (p Patron) Credit() int64 { return max(-p.Owes.Minor, 0) }

// CreditAmount is [Patron.Credit] as money.
func (p Patron) CreditAmount() money.Amount {
	return money.Amount{Minor: p.Credit(), Currency: p.Owes.Currency}
}

// Loan is an open loan with its title.
type Loan struct {
	circ.Loan
	Title   string
	Barcode string
	Overdue bool
	// LongOverdue: so late that the rules take it for that.
	LongOverdue bool
	IfBack      money.Amount // what would be charged if it came back now
}

// Late is an overdue loan with who has it.
type Late struct {
	Loan
	Person string
	Phone  string
	Email  string
}

// Missing gives the parts that are missing of an item that came back incomplete; nil:
// it did not.
func (l Loan) Missing() []string {
	if !l.Incomplete() {
		return nil
	}
	return l.Marked.Missing
}

// Hold is a request with its title and person.
type Hold struct {
	circ.Request
	N       int // its number in the list, from 1
	Of      string
	Barcode string // of the copy that is kept
	Person  string
	Card    string
	Expired bool
}

// Fee is a fee with what it still needs.
type Fee struct {
	circ.Fee
	Left  money.Amount
	Title string
}

// Linked is another person that a patron is tied to.
type Linked struct {
	circ.Link
	Name string
}

// Item is an item as its screen shows it.
type Item struct {
	circ.Item
	Titled  circ.Title
	Status  string // in the clerk's language
	Kind    string // what its type is called
	Place   string // what its location is called
	Loan    *circ.Loan
	Person  string // who has it, or for whom it is kept
	Queue   []Hold
	Alerts  []circ.Alert // that stand, oldest first; without sign-in none
	History []circ.Loan
	Story   []string // what was done with its loan, a line each; without sign-in none
	// LongOverdue: its loan is so late that the rules take it for that.
	LongOverdue bool
}

// Title is a title with its copies.
type Title struct {
	circ.Title
	Items []circ.Item
	Queue int
}

// Past is an entry of today that can perhaps be undone.
type Past struct {
	N      int
	Entry  circ.EntryID
	At     time.Time
	Word   Word
	Text   string // what was done on what, for whom: "lost, Middlemarch, SILVA, Maria"
	Undone bool

	about string // what alone
}

// Conflict is what a person has to settle, with names and titles.
type Conflict struct {
	circ.Conflict
	N        int           // its number in the list, from 1
	Concerns circ.PatronID // whom it concerns, also where only a card is known
	Code     string        // the barcode
	Name     string        // the title
	Person   string        // whom it concerns; empty: nobody, or nobody is to know
	Where    string        // the desk
	Other    *OtherStory   // what somebody else did; nil: nothing is known of it
	Said     []Said
}

// OtherStory is the other side of a conflict, with names.
type OtherStory struct {
	circ.Other
	Person string
	Where  string // the desk; empty: not known
}

// Reach is how a patron is reached; empty: not known.
type Reach struct{ Person, Phone, Email string }

// Notice is something that happened by itself.
type Notice struct {
	At    time.Time
	Kind  NoticeKind
	Words string
	Entry circ.EntryID // what it is about; empty: the desk
}

// NoticeKind says what happened. In JSON it stands as it is: never renamed.
type NoticeKind string

// The notices.
const (
	LineGone     NoticeKind = "line_gone"
	LineBack     NoticeKind = "line_back"
	LateRefusal  NoticeKind = "late_refusal"   // the central system objects to what the clerk was told
	NotShown     NoticeKind = "not_shown"      // asked before a restart, never shown, withdrawn
	ChainStuck   NoticeKind = "chain_stuck"    // the central system refuses this desk's entries
	BookdropEnd  NoticeKind = "bookdrop_ended" // by itself
	NotWritten   NoticeKind = "not_written"    // the entry could not be made durable
	CopyEmptied  NoticeKind = "copy_emptied"   // the copy was too old to be kept
	VisitResumed NoticeKind = "visit_resumed"  // the desk goes on where it stopped
	VisitEnded   NoticeKind = "visit_ended"    // what was open when the desk stopped does not go on
	MirrorGone   NoticeKind = "mirror_gone"    // the journal is written once now
	MirrorBack   NoticeKind = "mirror_back"    // the mirror has all again

	BlocksKnown  NoticeKind = "blocks_known"  // a desk whose copy is being filled knows what must not be missed
	SegmentAgain NoticeKind = "segment_again" // a part of that came damaged, and is fetched again

	// Of scanners that are read as devices: see [Session.Note].
	ScannerHere    NoticeKind = "scanner_here"
	ScannerBack    NoticeKind = "scanner_back"
	ScannerGone    NoticeKind = "scanner_gone"
	ScannerMissing NoticeKind = "scanner_missing" // the settings name it
	ScannerDenied  NoticeKind = "scanner_denied"  // this user may not open it
	ScannerBusy    NoticeKind = "scanner_busy"    // another program has it
	ScannerFailed  NoticeKind = "scanner_failed"  // it cannot be opened
	ScannerFault   NoticeKind = "scanner_fault"   // something that it sent became no scan
	ScannersNone   NoticeKind = "scanners_none"   // this way to reach scanners does not work here
)

// State is all that a screen shows beside outcomes. It is a value: a new one
// comes after every change, after the outcome that made it; while much is to be
// done, one for several changes.
type State struct {
	Library  string
	Desk     circ.DeskID
	Operator string // empty: nobody is signed in
	Rights   []circ.Right
	Place    Place
	Focus    bool

	Alone     bool // there is no central system
	Up        bool
	Since     time.Time
	Answer    time.Time // the last of the central system; zero: there was none
	Stuck     string    // why the central system refuses this desk's entries; empty: it does not
	Paused    bool      // nothing is delivered until a clerk says so
	Waiting   int       // entries not yet delivered
	Relay     AtRelay   // of the branch; zero: the desk has none
	Mirror    Mirror    // of the journal
	Others    Others    // desks that still hold entries
	Sending   int       // entries that waited when the delivery that is under way began; 0: none is
	Copy      time.Time // how old the local facts are; zero: not known
	Lacks     []string  // what is missing for an outage that begins now; nil: nothing, or nobody has looked
	Looked    time.Time // when somebody looked; zero: nobody did
	Filling   int       // rows that came so far of a fill of the empty copy; 0: none is under way
	Conflicts int       // open ones

	Visit      *Visit           // nil: none
	Question   *Outcome         // the one that is open
	Queued     int              // inputs behind it
	Bookdrop   *Drop            // nil: off
	Drawer     *Till            // of the desk; nil: it has none
	InHouse    bool             // each scan on Check in counts one use
	PayMethods []circ.PayMethod // how money changes hands, the usual way first
	Suggests   time.Time        // the date that bookdrop mode begins with when none is given; zero but at AtCheckIn
}

// AtRelay is what a screen shows of the branch's relay.
type AtRelay struct {
	Has   bool   // the desk has a relay
	There bool   // it answers
	Name  string // empty: it has not been met
	Held  int    // of the entries that wait, those that it holds
	Why   string // why it takes nothing; empty: it does, or is not there
}

// Mirror is the journal written a second time. The zero Mirror: it is written once.
type Mirror struct {
	Dir    string
	Behind time.Time // since when it has not all that the journal has; zero: it has all
	Why    string    // why it is behind; empty: it is being copied
	Same   bool      // it is on the journal's own disk, and is lost with it
}

// Visit is what the desk does for one person.
type Visit struct {
	Patron Patron
	Asleep bool // nothing of the patron may be shown
	Lines  []Outcome
}

// Till is what a screen shows of the desk's drawer for money.
type Till struct {
	Name  string
	Shift circ.Shift // the last one; the zero Shift: it was never opened
}

// Drop is bookdrop mode.
type Drop struct {
	Date time.Time // items count as returned then
	Ends time.Time // by itself
}
