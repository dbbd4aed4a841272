package load

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/text"
)

// Store is the central server's store, as a load needs it.
type Store interface {
	journal.Store[journal.HubTx]
	// Load puts many records: of a key that comes more than once the last counts.
	// An error of rows ends it before anything is put; a later one may leave some
	// of the records. progress is told how many are done.
	Load(ctx context.Context, rows iter.Seq2[circ.Row, error], progress func(n int)) error
}

// Server is the server that keeps the store: see central.System.
type Server interface {
	Deliver(ctx context.Context, entries []journal.Entry) ([]journal.Receipt, error)
}

// Target is where a load goes. All fields but Operator are needed.
type Target struct {
	Store    Store
	Server   Server
	Now      func() time.Time
	NewID    func() circ.EntryID // a UUIDv7
	Operator circ.OperatorID     // who loads; empty: nobody who signed in
}

// File is a file that is to be loaded: see [TitleFile], [PatronFile] and [BlockFile].
type File struct {
	Name     string        // without folders: under it the load is remembered
	Bytes    io.ReadSeeker // read twice, from its beginning
	Progress func(Progress)

	open func(io.Reader) *Source
}

// TitleFile is a file of titles and items.
func TitleFile(name string, bytes io.ReadSeeker, o TitleOptions) File {
	return File{Name: name, Bytes: bytes, open: func(r io.Reader) *Source { return Titles(r, o) }}
}

// PatronFile is a file of patrons.
func PatronFile(name string, bytes io.ReadSeeker, o PatronOptions) File {
	return File{Name: name, Bytes: bytes, open: func(r io.Reader) *Source { return Patrons(r, o) }}
}

// BlockFile is Evergreen's list of cards with which nobody may borrow.
func BlockFile(name string, bytes io.ReadSeeker, o BlockOptions) File {
	return File{Name: name, Bytes: bytes, open: func(r io.Reader) *Source { return Blocks(r, o) }}
}

// Part is one of the two parts of a load.
type Part string

// The parts of a load, in their order.
const (
	Reading Part = "reading" // bytes of the file
	Putting Part = "putting" // records that the store did not have
)

// Progress says how far a part of a load is.
type Progress struct {
	Part        Part
	Done, Total int64
}

// Report says what a load did.
type Report struct {
	File   string
	Kind   circ.Kind // [circ.KindTitle], [circ.KindPatron] or [circ.KindBlock]
	Hash   string    // hex of the SHA-256 of the file
	Counts Counts
	Merged Merged
	// Unchanged: this very file was the last one loaded under its name, and the
	// load was finished. Nothing was put, and Counts are those of then.
	Unchanged bool
	Entry     circ.EntryID // of the load; of that one, when Unchanged
}

// Errors on which callers branch.
var (
	ErrNoRecords = errors.New("it has no record that can be read")
	ErrMoved     = errors.New("it was changed while it was read")
)

// Into loads a file: it puts the records and, when all of them stand, writes the
// entry of the load. An error, a kill or the end of ctx may leave some of the
// records; loading the same file again finishes the load. A file of which not
// one record can be read is [ErrNoRecords]: nothing is put or written.
func Into(ctx context.Context, to Target, f File) (Report, error) {
	l := newLoading(to, f)
	if err := l.all(ctx); err != nil {
		return l.report, fmt.Errorf("load %ss from %s: %w", l.report.Kind, l.report.File, err)
	}
	return l.report, nil
}

// shortName gives a file's name without folders.
func shortName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	return text.Clean(name, maxLine)
}
