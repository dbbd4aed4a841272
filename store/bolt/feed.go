package bolt

import (
	"context"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"

	"circdesk/desk/circ"
)

// The feed has one line for each record, under the number of the transaction
// that put it last and its position there; a record that is put again moves to
// the newest place.

// giant is the number of records from which on a transaction is given in parts.
const giant = 4096

// place gives a record its place in the feed.
func (t *tx) place(row []byte) (turn uint64, pos uint32, err error) {
	if !t.f.feeds() {
		return 0, 0, nil
	}
	b, err := t.in(bucketFeed)
	if err != nil {
		return 0, 0, err
	}
	if t.turn == 0 || t.pos == math.MaxUint32 {
		if t.turn, err = b.NextSequence(); err != nil {
			return 0, 0, err
		}
		t.pos = 0
	}
	t.pos++
	return t.turn, t.pos, t.put(bucketFeed, feedKey(t.turn, t.pos), row)
}

func feedKey(turn uint64, pos uint32) []byte {
	return binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint64(make([]byte, 0, stampSize), turn), pos)
}

// A cursor is the id of the store, the run in which it was given, and the last place that
// was given. Each open of the store to write begins a run, and notes the transaction from
// which it goes on. A store that was put back goes on from an earlier one than the run
// before it had come to: a cursor of that run which lies behind is refused also when the
// feed has come as far again, since what it counts is something else.
var errCursor = errors.New("this store did not give that cursor")

// feedRun is one open of the store, in its file: see [tx.cursor].
type feedRun struct{ id, from uint64 }

const (
	runSize  = 8
	mostRuns = 4096 // a cursor of an older one is refused
)

// metaRuns names the runs in the meta bucket, the oldest first.
var metaRuns = []byte("runs")

func readRuns(v []byte) (runs []feedRun) {
	for ; len(v) >= 2*runSize; v = v[2*runSize:] {
		runs = append(runs, feedRun{binary.BigEndian.Uint64(v), binary.BigEndian.Uint64(v[runSize:])})
	}
	return runs
}

// beginRun begins a run.
func (f *file) beginRun() error {
	if !f.feeds() {
		return nil
	}
	var id [runSize]byte
	rand.Read(id[:]) // never fails: it ends the program instead
	var runs []feedRun
	err := f.writer.update(context.Background(), func(t *tx) error {
		b, err := t.in(bucketFeed)
		if err != nil {
			return err
		}
		runs = append(f.runs[max(0, len(f.runs)-mostRuns+1):len(f.runs):len(f.runs)], feedRun{binary.BigEndian.Uint64(id[:]), b.Sequence()})
		var v []byte
		for _, r := range runs {
			v = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(v, r.id), r.from)
		}
		return t.put(bucketMeta, metaRuns, v)
	})
	if err != nil {
		return fmt.Errorf("begin a run of %s: %w", f.path, err)
	}
	f.runs = runs
	return nil
}

func (t *tx) cursor(turn uint64, pos uint32) string {
	b := append(make([]byte, 0, idSize+runSize+stampSize), t.f.id[:]...)
	if n := len(t.f.runs); n > 0 {
		b = binary.BigEndian.AppendUint64(b, t.f.runs[n-1].id)
	}
	return base64.RawURLEncoding.EncodeToString(append(b, feedKey(turn, pos)...))
}

func (t *tx) readCursor(s string, newest uint64) (turn uint64, pos uint32, err error) {
	if s == "" {
		return 0, 0, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != idSize+stampSize && len(b) != idSize+runSize+stampSize || [idSize]byte(b) != t.f.id {
		return 0, 0, errCursor
	}
	stamp := b[len(b)-stampSize:]
	turn, pos = binary.BigEndian.Uint64(stamp), binary.BigEndian.Uint32(stamp[8:])
	end, known := t.f.endOf(b[idSize : len(b)-stampSize])
	if !known || turn > min(end, newest) {
		return 0, 0, errCursor
	}
	return turn, pos, nil
}

// endOf gives the transaction up to which the store knows a run; none is that of the
// versions that knew no runs.
func (f *file) endOf(run []byte) (turn uint64, known bool) {
	next := 0
	if len(run) > 0 {
		i := slices.IndexFunc(f.runs, func(r feedRun) bool { return r.id == binary.BigEndian.Uint64(run) })
		if i < 0 {
			return 0, false
		}
		next = i + 1
	}
	if next < len(f.runs) {
		return f.runs[next].from, true
	}
	return math.MaxUint64, true
}

// Since gives record states after a cursor. A transaction of more than 4096
// records is given in parts of about that size, or n if that is more.
func (t *tx) Since(ctx context.Context, cursor string, n int) (rows []circ.Row, next string, complete bool, err error) {
	defer t.guard(&err, "read the feed")
	b, err := t.in(bucketFeed)
	if err != nil {
		return nil, "", false, err
	}
	newest := b.Sequence()
	turn, pos, err := t.readCursor(cursor, newest)
	if err != nil {
		return nil, "", false, fmt.Errorf("cursor %.60q: %w", cursor, err)
	}
	c := b.Cursor()
	k, row := c.Seek(feedKey(turn, pos))
	if k != nil && turn == binary.BigEndian.Uint64(k) && pos == binary.BigEndian.Uint32(k[8:]) {
		k, row = c.Next()
	}
	n = max(n, 1)
	for ; k != nil; k, row = c.Next() {
		if err := ctx.Err(); err != nil {
			return nil, "", false, err
		}
		if len(k) != stampSize {
			return nil, "", false, t.damaged("line of the feed of %d bytes", len(k))
		}
		at := binary.BigEndian.Uint64(k)
		if len(rows) >= n && (at != turn || len(rows) >= giant) {
			return rows, t.cursor(turn, pos), false, nil
		}
		r, err := t.row(row)
		if err != nil {
			return nil, "", false, err
		}
		if r == nil {
			return nil, "", false, t.damaged("the feed names a record that is not there")
		}
		turn, pos = at, binary.BigEndian.Uint32(k[8:])
		rows = append(rows, r)
	}
	// All that was put up to now is read: also what was moved away.
	return rows, t.cursor(newest, math.MaxUint32), true, nil
}
