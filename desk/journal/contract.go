package journal

import (
	"context"
	"errors"

	"circdesk/desk/circ"
)

// Errors on which callers branch.
var (
	ErrFork   = errors.New("another entry has this number") // same number, other id or hash
	ErrGap    = errors.New("entries are missing before this one")
	ErrTooNew = errors.New("written by a later version")
	ErrHeld   = errors.New("in use by another process")
)

// A Reader reads all wants in one trip; inside an Update it locks what it reads.
// The rows of want i are rows[i], in the order of its index. A want by key of a
// record that is not there gives no rows.
type Reader interface {
	Read(ctx context.Context, wants []circ.Want) (rows [][]circ.Row, err error)
}

// A Book holds records: the server's state, or a desk's cache.
type Book interface {
	Reader
	// Put replaces whole rows. Within one call the last of a key counts.
	Put(ctx context.Context, records []circ.Row) error
}

// A Ledger holds entries and receipts: the server's, or a desk's journal.
type Ledger interface {
	// Head gives the last entry of the desk's newest epoch; a mark with Seq 0
	// when there is none.
	Head(ctx context.Context, desk circ.DeskID) (Mark, error)
	// Heads gives the last entry of each of the desk's epochs that have one, the
	// oldest epoch first.
	Heads(ctx context.Context, desk circ.DeskID) ([]Mark, error)
	// Add appends an entry to the chain of its desk and epoch; each epoch is a
	// chain of its own, and an older one may go on. fresh is false when exactly
	// this entry (id and hash) is there. The same number with another id or hash
	// is ErrFork; a number that does not follow is ErrGap. An id that the desk has
	// in an older epoch was written again (see [Entry.Again]): from then on that id
	// is found at the new place, and the old place waits for nothing; which of the two
	// comes first makes no difference. An id that is there otherwise is ErrFork.
	Add(ctx context.Context, e Entry) (fresh bool, err error)
	// Entry gives an entry by its id.
	Entry(ctx context.Context, id circ.EntryID) (Entry, bool, error)
	// Entries gives at most n entries of mark's desk and epoch after its number.
	Entries(ctx context.Context, after Mark, n int) ([]Entry, error)
	// Settle keeps the receipt of an entry. The first receipt of an entry is
	// final: settling it again changes nothing.
	Settle(ctx context.Context, r Receipt) error
	Receipt(ctx context.Context, id circ.EntryID) (Receipt, bool, error)
	// Later gives the stood or withdrawn entry of the desk that asked which names its
	// asked entry id, which need not be there: the first that stood, else the first. What
	// another desk says of the question counts for nothing. The desk "" is one that is
	// not known, as the question is not there: the desk that named it first.
	Later(ctx context.Context, asked circ.DeskID, id circ.EntryID) (Entry, bool, error)
	// Undos gives the entries that say to undo the entry id, in no order: facts, and
	// questions, whatever became of them (see [Entry.Undoes]).
	Undos(ctx context.Context, id circ.EntryID) ([]Entry, error)
	// Unsettled gives at most n entries of the desk without a receipt, oldest first.
	Unsettled(ctx context.Context, desk circ.DeskID, n int) ([]Entry, error)
}

// A Feed gives record states in the order in which they came to be.
type Feed interface {
	// Since gives the states after the cursor, at least one transaction whole and
	// then at most about n rows. complete: the feed was read to its end, a
	// checkpoint; only then may a desk drop entries from its overlay. The cursor
	// "" is the beginning. A cursor that this feed did not give is an error.
	Since(ctx context.Context, cursor string, n int) (rows []circ.Row, next string, complete bool, err error)
}

// Notes are small values by name, of the caller's own: cursors, enrolment.
type Notes interface {
	Note(ctx context.Context, name string) (value []byte, err error) // nil: none
	SetNote(ctx context.Context, name string, value []byte) error
}

// NoteMidway is the note of a journal that holds the chains of other desks for a
// while: the first entry that it has of a chain may be any of it, since those before
// it are where they belong already.
const NoteMidway = "midway"

// JournalTx is what a transaction on a desk's journal may do.
type JournalTx interface {
	Ledger
	Notes
}

// CacheTx is what a transaction on a desk's cache may do.
type CacheTx interface {
	Book
	Notes
	// Drop takes records away that the desk does not get any more; those that are not
	// there are passed over.
	Drop(ctx context.Context, keys []circ.Key) error
}

// HubTx is what a transaction on the server's store may do.
type HubTx interface {
	Book
	Ledger
	Feed
	Notes
}

// A Store runs transactions. fn may run twice: it sets its results and never
// adds to them, sends, prints or counts. Update returns nil only when all that
// fn wrote is durable; when fn returns an error or panics nothing of it stays.
type Store[T any] interface {
	Update(ctx context.Context, fn func(T) error) error
	View(ctx context.Context, fn func(T) error) error
}
