package central

import (
	"context"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// A Greeter says how far it has come with a desk.
type Greeter interface {
	Hello(ctx context.Context, h Hello) (Welcome, error)
}

// Hello is how a desk presents itself.
type Hello struct {
	Desk     circ.DeskID
	Library  string
	Last     journal.Mark // the last entry of its epoch; without a number when there is none yet
	First    uint64       // the number of the first entry of that epoch that it has kept; 0: none
	Acked    uint64       // the entries of that epoch up to it have receipts
	Left     int          // entries without a receipt
	Epoch    string       // of the system's store that it met last; empty: none
	Cursor   string       // how far it has read the feed; empty: not at all
	Lease    Lease
	Anew     State     // it asks for a new epoch, since it is in this state; empty: it does not
	Now      time.Time // by its own clock
	Version  string    // of the program
	Protocol int
}

// Lease is what only one of two copies of a desk can have: it stands beside the
// desk's key, and is another one after each greeting that shows it. The zero
// Lease is none.
type Lease struct {
	N    uint64 // how often it was another one
	Now  string // what the system set last, or was shown last
	Next string // what it is to be; the same again until the answer has come
}

// State is how a desk's journal stands to what the system has of it. It travels:
// never renamed.
type State string

// The states.
const (
	Normal   State = "normal"   // the journal goes on from what the system has
	Restored State = "restored" // the journal is older than what the system has
	Forked   State = "forked"   // under one number the journal has another entry
	Cloned   State = "cloned"   // another machine has greeted as this desk
	Lost     State = "lost"     // entries that the system does not have are not in the journal any more
)

// Welcome is the answer.
type Welcome struct {
	System string         // name and version, for people
	Epoch  string         // changes when the system's store was restored or made anew
	Mark   journal.Mark   // the last entry it has of the desk's epoch; of a desk without one, of the newest
	Heads  []journal.Mark // the last entry it has of each of the desk's epochs, the oldest first
	State  State          // as far as the system can tell; empty: it looks at marks only
	Grant  uint64         // the epoch in which the desk goes on; 0: it stays in the one it has
	Ends   time.Time      // of the desk's enrolment; zero: it has none, and needs none
	Now    time.Time      // by the system's clock

	Birth    []byte // the key of the marks of birth dates, see circ.BirthMark; nil: it gives none
	Recovery string // the public half of the key that opens a journal whose desk has lost its own; empty: there is none
}

// A Recorder gives a desk its own entries back, when it has lost them: at most n
// after the number of a mark, of the mark's desk and epoch.
type Recorder interface {
	Recorded(ctx context.Context, after journal.Mark, n int) ([]Recorded, error)
}

// Recorded is an entry, and what became of it.
type Recorded struct {
	Entry   journal.Entry
	Receipt journal.Receipt
}

// A Roller names the desks of a system.
type Roller interface {
	// Roll gives all desks that the system knows, by their ids.
	Roll(ctx context.Context) ([]DeskState, error)
}

// Standing is whether a desk is known by its key.
type Standing string

// The standings.
const (
	Open     Standing = "open"     // it greeted without a key, where none is asked for
	Enrolled Standing = "enrolled" // by its key
	Lapsed   Standing = "lapsed"   // it was not heard of for too long
	Revoked  Standing = "revoked"  // a person said so
)

// DeskState is what a system knows of a desk.
type DeskState struct {
	Desk     circ.DeskID
	Name     string // for people; empty: its id
	Library  string
	Standing Standing
	Version  string    // of its program
	Seen     time.Time // its last greeting, or its enrolment; zero: none
	Last     journal.Mark
	Left     int       // entries without a receipt when it was last heard of, less those that have come
	Enrolled time.Time // zero: it is not
	Ends     time.Time // of its enrolment, unless it is heard of; zero: it has none
	Notes    []DeskNote
	Relay    bool        // it takes the journals of the other desks of its library
	Via      circ.DeskID // the relay that brought entries of it last; empty: none has
	ViaAt    time.Time   // when that was
}

// DeskNote is something about a desk that people have to know.
type DeskNote struct {
	At    time.Time
	What  Happening
	Epoch uint64 // in which the desk was
	From  uint64 // the first entry that is concerned; 0: none
	To    uint64 // the last one
	Grant uint64 // the epoch that it was given then; 0: none
}

// Happening is what happened to a desk. It is stored and travels: never renamed.
type Happening string

// What happens beside the states that are not normal, which happen too.
const (
	ServerBack Happening = "server_back" // the system's store was put back: entries From to To come again
	KeyRefused Happening = "key_refused" // somebody greeted as this desk with another key
	Renewed    Happening = "enrolled"    // it was enrolled again
	WasRevoked Happening = "revoked"
)
