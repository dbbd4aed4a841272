package circ

import (
	"cmp"
	"slices"
	"time"

	"circdesk/desk/policy"
)

// A Conflict is an entry that met something else at the central system: it was
// applied with objections, or rejected. It is kept until a person settles it. Its id is
// that of the entry.
type Conflict struct {
	ID    EntryID       `json:"id"`
	Class ConflictClass `json:"class,omitempty"` // empty: nobody has told of it yet, but of what was done about it
	// Stands: the rules have settled it, and somebody only has to know.
	Stands   bool     `json:"stands,omitempty"`
	Rejected bool     `json:"rejected,omitempty"` // the entry is kept, and nothing of it was done
	Met      []Remark `json:"met,omitempty"`      // the objections

	// What the desk did.
	Of       EntryID          `json:"of,omitempty"` // the entry that it speaks of, as the clerk knows it; empty: itself
	Command  string           `json:"command,omitempty"`
	At       time.Time        `json:"at,omitzero"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"`
	Item     ItemID           `json:"item,omitempty"`
	Barcode  string           `json:"barcode,omitempty"` // as scanned
	Title    TitleID          `json:"title,omitempty"`
	Loan     LoanID           `json:"loan,omitempty"`
	Patron   PatronID         `json:"patron,omitempty"`
	Card     string           `json:"card,omitempty"`
	Found    time.Time        `json:"found,omitzero"` // when the central system met it

	// What people do about it.
	Owner    OperatorID   `json:"owner,omitempty"` // empty: nobody's yet
	Owned    Hand         `json:"owned,omitzero"`
	CallBack time.Time    `json:"call_back,omitzero"` // not before that day; zero: now
	Put      Hand         `json:"put,omitzero"`       // who has set CallBack
	Seen     []ContactUse `json:"seen,omitempty"`     // who looked at how to reach the patron, oldest first
	Settled  Settlement   `json:"settled,omitzero"`   // zero: it is open
}

// A Settlement says who settled a conflict, and how.
type Settlement struct {
	Hand
	By  OperatorID     `json:"by,omitempty"`
	How ConflictAction `json:"how,omitempty"`
	Why string         `json:"why,omitempty"`
}

// A ContactUse is one look at how to reach a patron.
type ContactUse struct {
	Hand
	By     OperatorID `json:"by,omitempty"`
	Patron PatronID   `json:"patron,omitempty"`
}

// Open reports whether nobody has settled it.
func (r Conflict) Open() bool { return r.Settled.At.IsZero() }

// Waits reports whether it is open and its call-back day has come, or it has none.
func (r Conflict) Waits(at time.Time) bool { return r.Open() && !r.CallBack.After(at) }

// Entry is the entry that the clerk knows it by, which can be undone.
func (r Conflict) Entry() EntryID { return cmp.Or(r.Of, r.ID) }

// An Other is what somebody else did, in a conflict.
type Other struct {
	Patron PatronID
	At     time.Time // zero: nobody knows
	Desk   DeskID
	Item   ItemID
}

// Other gives what stands against the entry: of the objections that name somebody
// else's work, the one that says the most. False: none does.
func (r Conflict) Other() (o Other, ok bool) {
	most := 0
	for _, m := range r.Met {
		x := Other{Patron: m.Who, At: m.Since, Desk: m.Desk, Item: m.Item}
		if x.At.IsZero() && slices.Contains(whenDone, m.Reason) {
			x.At = m.When
		}
		if x.Patron == r.Patron {
			x.Patron = ""
		}
		says := 0
		for _, said := range []bool{x.Patron != "", !x.At.IsZero(), x.Desk != ""} {
			if said {
				says++
			}
		}
		if says > most {
			o, most = x, says
		}
	}
	return o, most > 0
}

// whenDone are the reasons whose When is the time of what another did.
var whenDone = []Reason{
	NewerLoan, SeenSince, LoanUnknown, OtherLoanOpen, LoanEnded, ChangedSince, DrawerIsOpen, ShiftOver, LostAlready, ClaimedAlready, RecalledNow, RecalledAlready,
}

// Where a conflict is in the index [ConflictsOf].
const (
	ConflictsOpen    = "open"
	ConflictsSettled = "settled"
)

func (r Conflict) Key() Key { return r.ID.conflict() }
func (r Conflict) Index() []Line {
	switch sort := SortTime(r.At) + string(r.ID); {
	case r.Class == "":
		return nil
	case r.Open():
		return []Line{{ConflictsOf, ConflictsOpen, sort}}
	default:
		return []Line{{ConflictsOf, ConflictsSettled, sort}}
	}
}

func (id EntryID) conflict() Key { return Key{KindConflict, string(id)} }

// Conflict gives a conflict by its entry.
func (c *Case) Conflict(id EntryID) (Conflict, bool) {
	return get[Conflict](c, KindConflict, string(id))
}

// conflictIn gives the conflict that stands in a row; where there is none, what will
// be said of it is kept for whoever tells of it.
func conflictIn(old Row, id EntryID) Conflict {
	if r, ok := old.(Conflict); ok {
		return r
	}
	return Conflict{ID: id}
}
