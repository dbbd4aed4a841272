package wire

import (
	"fmt"
	"strings"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
)

// The paths of a snapshot in segments.
const (
	Manifest      = "/v1/snapshot/manifest"
	Segment       = "/v1/snapshot/segments/{hash}"
	RelayManifest = "/v1/relay/snapshot/manifest"
	RelaySegment  = "/v1/relay/snapshot/segments/{hash}"
)

// SegmentOf gives the path of a segment.
func SegmentOf(hash string) string { return strings.Replace(Segment, "{hash}", hash, 1) }

// RelaySegmentOf gives the path of a segment at a relay.
func RelaySegmentOf(hash string) string { return strings.Replace(RelaySegment, "{hash}", hash, 1) }

// Packed is the media type of a segment: rows behind one another, each its kind, its
// id and its JSON behind their lengths (as variable-length integers, the lowest seven
// bits first), compressed by Zstandard.
const Packed = "application/octet-stream"

// Listed is [central.Manifest]. While it is made it has no segments, and says how many
// rows are in them so far.
type Listed struct {
	Making   bool        `json:"making,omitempty"`
	Made     int         `json:"made,omitempty"`
	At       time.Time   `json:"at,omitzero"`
	Cursor   string      `json:"cursor,omitempty"`
	Marks    []circ.Mark `json:"marks,omitempty"`
	Segments []Piece     `json:"segments,omitempty"`
	Epoch    string      `json:"epoch,omitempty"`
	Birth    []byte      `json:"birth,omitempty"`
}

// Piece is [central.Segment].
type Piece struct {
	Hash  string `json:"hash"`
	Size  int64  `json:"size"`
	Rows  int    `json:"rows"`
	First bool   `json:"first,omitempty"`
}

// ListedOf writes a manifest.
func ListedOf(m central.Manifest) Listed {
	out := Listed{At: m.At.UTC(), Cursor: m.Cursor, Marks: m.Marks, Epoch: m.Epoch, Birth: m.Birth}
	for _, s := range m.Segments {
		out.Segments = append(out.Segments, Piece{s.Hash, s.Size, s.Rows, s.First})
	}
	return out
}

// MaxSegment bounds a segment, in bytes.
const MaxSegment = segment.MaxOpen

// Read reads what [ListedOf] wrote.
func (l Listed) Read() (central.Manifest, error) {
	m := central.Manifest{At: l.At, Cursor: l.Cursor, Marks: l.Marks, Epoch: l.Epoch, Birth: l.Birth}
	seen := map[string]bool{}
	for _, p := range l.Segments {
		if !segment.Named(p.Hash) || p.Size < 1 || p.Size > MaxSegment || p.Rows < 1 || seen[p.Hash] {
			return m, fmt.Errorf("read a manifest: segment %.80q with %d bytes and %d rows", p.Hash, p.Size, p.Rows)
		}
		seen[p.Hash] = true
		m.Segments = append(m.Segments, central.Segment{Info: segment.Info{Hash: p.Hash, Size: p.Size, Rows: p.Rows}, First: p.First})
	}
	if m.Cursor == "" {
		return m, fmt.Errorf("read a manifest: it has no cursor")
	}
	return m, nil
}
