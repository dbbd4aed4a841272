package circ

import (
	"slices"
	"time"

	"circdesk/desk/policy"
)

// Act is who does what, where and when. Its ID is made before anything is
// decided; every id that an event makes is derived from it.
type Act struct {
	ID       EntryID
	Desk     DeskID
	Library  policy.LibraryID
	Operator OperatorID
	By       OperatorID // the operator who granted the override, if another
	At       time.Time  // UTC, the desk's clock plus its offset; the engine knows no other time
	Zone     string     // IANA name of the desk's zone
	Command  Command
	Over     []Reason // what was said yes to
	Why      string   // the words given for it
	// Facts is when the desk last had all that the central system had, for what it does
	// without asking; zero: it asks, or nobody knows. UTC.
	Facts   time.Time
	Receipt ReceiptNo // on the receipt for money; it follows from the place of the entry
}

// said reports whether the clerk said yes to the reason.
func (a Act) said(r Reason) bool {
	return slices.Contains(a.Over, r)
}
