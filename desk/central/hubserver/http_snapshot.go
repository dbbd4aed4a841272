package hubserver

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"time"

	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// A Walker is a transaction that can give all records in the order of their
// keys. Where the store's is one, a snapshot is read in pieces; where it is
// not, it is sorted in memory.
type Walker interface {
	// Walk gives at most n records after a key; the zero Key is the beginning.
	Walk(ctx context.Context, after circ.Key, n int) ([]circ.Row, error)
	// Newest gives the cursor of the end of the feed.
	Newest(ctx context.Context) (cursor string, err error)
}

// pieceSize is how many rows of a snapshot are handed on at once.
const pieceSize = 1000

// Snapshot gives all rows in the order of their keys, and the cursor from which
// the feed goes on: see central.Snapshotter. Rows that are written meanwhile may
// be in it or not; the feed has them. No transaction is open while put runs.
func (s *Server) Snapshot(ctx context.Context, put func([]circ.Row) error) (cursor string, err error) {
	walks := false
	err = s.Store.View(ctx, func(tx journal.HubTx) (err error) {
		var w Walker
		if w, walks = tx.(Walker); walks {
			cursor, err = w.Newest(ctx)
		}
		return err
	})
	if err != nil {
		return "", fmt.Errorf("begin a snapshot: %w", err)
	}
	if !walks {
		return s.sorted(ctx, put)
	}
	for after := (circ.Key{}); ; {
		var rows []circ.Row
		err := s.Store.View(ctx, func(tx journal.HubTx) (err error) {
			rows, err = tx.(Walker).Walk(ctx, after, pieceSize)
			return err
		})
		if err != nil {
			return "", fmt.Errorf("read the snapshot after %s %q: %w", after.Kind, after.ID, err)
		}
		if len(rows) == 0 {
			return cursor, nil
		}
		if err := put(rows); err != nil {
			return "", err
		}
		after = rows[len(rows)-1].Key()
	}
}

// sorted reads the whole feed and sorts it.
func (s *Server) sorted(ctx context.Context, put func([]circ.Row) error) (cursor string, err error) {
	var all []circ.Row
	err = s.Store.View(ctx, func(tx journal.HubTx) error {
		all, cursor = nil, ""
		for {
			rows, next, complete, err := tx.Since(ctx, cursor, pieceSize)
			if err != nil {
				return err
			}
			all, cursor = append(all, rows...), next
			if complete {
				return nil
			}
		}
	})
	if err != nil {
		return "", fmt.Errorf("read a snapshot: %w", err)
	}
	slices.SortFunc(all, func(a, b circ.Row) int {
		x, y := a.Key(), b.Key()
		return cmp.Or(cmp.Compare(x.Kind, y.Kind), cmp.Compare(x.ID, y.ID))
	})
	for piece := range slices.Chunk(all, pieceSize) {
		if err := put(piece); err != nil {
			return "", err
		}
	}
	return cursor, nil
}

// snapshot streams all rows, one a line. An error that comes when rows are out
// already is the last line.
func (s *site) snapshot(w http.ResponseWriter, r *http.Request) error {
	select {
	case s.snapshots <- struct{}{}:
		defer func() { <-s.snapshots }()
	default:
		return &wire.Error{Code: wire.Unavailable, Message: fmt.Sprintf("%d snapshots are under way", snapshotsAtOnce)}
	}
	out := &stream{w: w, packed: packs(r)}
	end := wire.End{}
	cursor, err := s.server.Snapshot(r.Context(), func(rows []circ.Row) error {
		end.Rows += len(rows)
		return out.rows(rows)
	})
	last := wire.Line{End: &end}
	if end.Cursor = cursor; err != nil {
		if out.to == nil || r.Context().Err() != nil {
			return err
		}
		last = wire.Line{Error: s.errorOf(r, err)}
	}
	_ = out.lines(last) // who does not take it asks again
	_ = out.close()
	return nil
}

// stream writes lines to one who may be slow, but not for ever.
type stream struct {
	w      http.ResponseWriter
	packed bool
	to     io.Writer // nil: nothing was written yet
	zip    *gzip.Writer
}

// begin writes the head of the answer.
func (o *stream) begin() {
	o.to = o.w
	o.w.Header().Set("Content-Type", wire.Lines)
	if o.packed {
		o.w.Header().Set("Content-Encoding", "gzip")
		o.zip, _ = gzip.NewWriterLevel(o.w, gzip.BestSpeed) // the level is known
		o.to = o.zip
	}
}

func (o *stream) close() error {
	if o.zip == nil {
		return nil
	}
	return o.zip.Close()
}

func (o *stream) rows(rows []circ.Row) error {
	lines := make([]wire.Line, len(rows))
	for i, row := range rows {
		r, err := wire.RowOf(row)
		if err != nil {
			return err
		}
		lines[i].Row = &r
	}
	return o.lines(lines...)
}

func (o *stream) lines(lines ...wire.Line) error {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	for _, l := range lines {
		if err := enc.Encode(l); err != nil {
			return err
		}
	}
	if o.to == nil {
		o.begin()
	}
	_ = http.NewResponseController(o.w).SetWriteDeadline(time.Now().Add(pieceTime)) // a writer of a test has none
	_, err := o.to.Write(b.Bytes())
	return err
}
