package central

import (
	"context"
	"fmt"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// BatchSize is how many entries one delivery carries at most.
const BatchSize = 50

// A System takes a desk's entries.
type System interface {
	// Deliver hands over entries of one desk and epoch in their order, at most
	// BatchSize, and gives a receipt for each, in the same order. Asked entries
	// stand at the end, or are followed by what became of them. Delivering an
	// entry again gives its stored receipt. When err is not nil it is unknown
	// what was taken, unless it is a *GapError or a *ForkError: then nothing was.
	Deliver(ctx context.Context, entries []journal.Entry) ([]journal.Receipt, error)
}

// GapError: entries before these are missing; the system has them up to Mark.
type GapError struct{ Mark journal.Mark }

func (e *GapError) Error() string {
	return fmt.Sprintf("the central system has entries of desk %s up to %d/%d: those between are missing", e.Mark.Desk, e.Mark.Epoch, e.Mark.Seq)
}

// Unwrap makes it a journal.ErrGap.
func (*GapError) Unwrap() error { return journal.ErrGap }

// ForkError: another entry than the one delivered has its number. The journal
// of the desk was restored, copied, or cut.
type ForkError struct{ Mark journal.Mark }

func (e *ForkError) Error() string {
	return fmt.Sprintf("the central system has another entry %d/%d of desk %s: its journal was restored from a copy, or two desks use one", e.Mark.Epoch, e.Mark.Seq, e.Mark.Desk)
}

// Unwrap makes it a journal.ErrFork.
func (*ForkError) Unwrap() error { return journal.ErrFork }

// A Pacer says how many entries a delivery should carry, since it takes its time
// with each: between one and [BatchSize].
type Pacer interface{ AtOnce() int }

// AtOnce says how many entries one delivery to a system should carry.
func AtOnce(s System) int {
	if p, ok := s.(Pacer); ok {
		return min(max(p.AtOnce(), 1), BatchSize)
	}
	return BatchSize
}

// A Feeder gives the states of rows in the order in which they came to be.
type Feeder interface {
	// Since gives the states after the cursor; "" is the beginning. It waits at
	// most wait for the first one when there is none. complete: the feed was read
	// to its end, as seen by one transaction. A cursor that is not of this feed
	// is ErrCursor.
	Since(ctx context.Context, cursor string, n int, wait time.Duration) (Page, error)
}

// Page is a piece of the feed.
type Page struct {
	Rows     []circ.Row
	Next     string
	Complete bool
}

// A Searcher answers lookups from its own facts.
type Searcher interface {
	Search(ctx context.Context, wants []circ.Want) ([][]circ.Row, error)
}

// A Finder gives no list of what it has: a desk has it look something up, and what it
// finds comes with the feed. Empty: not this one. That there is no such card or item
// is no error.
type Finder interface {
	Find(ctx context.Context, card, barcode string) error
}

// A Carrier cannot be told everything: its protocol has no words for some commands. A
// desk does not do them then, with or without a line.
type Carrier interface {
	// Carries reports whether the system can be told what a command, by its name,
	// comes to, or need not be.
	Carries(command string) bool
}

// A Leaver wants to hear that somebody's visit is over.
type Leaver interface {
	// Leave says that the visit of who has a card is over, and all that was done in it
	// delivered. Nothing hangs on whether it is heard.
	Leave(ctx context.Context, card string) error
}

// A Snapshotter gives all rows at once, in the order of their keys, and the
// cursor from which the feed goes on.
type Snapshotter interface {
	Snapshot(ctx context.Context, put func([]circ.Row) error) (cursor string, err error)
}

type cursorError struct{}

func (cursorError) Error() string { return "the cursor is not of this feed" }

// ErrCursor says that a cursor is not of this feed: the store behind it was
// made anew or restored. The way out is a snapshot.
var ErrCursor error = cursorError{}
