package central

import (
	"context"
	"time"

	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
)

// A Segmenter gives all facts that a desk gets in segments, which can be taken one by
// one and from any byte on.
type Segmenter interface {
	// Manifest says which segments there are. It waits while they are made, and tells
	// making how many rows are in them so far. A system that knows no segments is
	// errors.ErrUnsupported.
	Manifest(ctx context.Context, making func(rows int)) (Manifest, error)
	// Segment gives the bytes of a segment from one on, in pieces. A segment that is
	// not there any more is [ErrSegment]: there is a newer manifest.
	Segment(ctx context.Context, hash string, from int64, put func([]byte) error) error
}

// Manifest is a snapshot of facts.
type Manifest struct {
	At     time.Time // when it was begun, by the system's clock: the facts are not older
	Cursor string    // from where the feed goes on
	// Marks are how far the system had come with the desks' entries when it was begun.
	Marks    []circ.Mark
	Segments []Segment // first those of what must not be missed

	// Of facts that somebody else than the system gives: the epoch of its store, and the
	// key of the marks of birth dates, as far as they are known there.
	Epoch string
	Birth []byte
}

// Segment is a piece of a snapshot: rows of one kind mostly.
type Segment struct {
	segment.Info
	// First: what a desk should know before all else. Patrons who are blocked, their
	// cards, cards that were lost, items that are not to be lent as they are.
	First bool
}

// Rows says how many rows all segments have.
func (m Manifest) Rows() (n int) {
	for _, s := range m.Segments {
		n += s.Rows
	}
	return n
}

// Size says how many bytes all segments have.
func (m Manifest) Size() (n int64) {
	for _, s := range m.Segments {
		n += s.Size
	}
	return n
}

type segmentError struct{}

func (segmentError) Error() string { return "the segment is not there any more" }

// ErrSegment says that a segment is of a snapshot that is no longer given.
var ErrSegment error = segmentError{}
