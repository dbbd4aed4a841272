package bolt

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math"

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

// A cursor is the id of the store and the last place that was given.
var errCursor = errors.New("this store did not give that cursor")

func (t *tx) cursor(turn uint64, pos uint32) string {
	return base64.RawURLEncoding.EncodeToString(append(t.f.id[:len(t.f.id):len(t.f.id)], feedKey(turn, pos)...))
}

func (t *tx) readCursor(s string, newest uint64) (turn uint64, pos uint32, err error) {
	if s == "" {
		return 0, 0, nil
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(s)
	if err != nil || len(b) != len(t.f.id)+stampSize || [idSize]byte(b) != t.f.id {
		return 0, 0, errCursor
	}
	b = b[idSize:]
	turn, pos = binary.BigEndian.Uint64(b), binary.BigEndian.Uint32(b[8:])
	if turn > newest {
		return 0, 0, errCursor
	}
	return turn, pos, nil
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
