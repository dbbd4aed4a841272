package bolt

import (
	"bytes"
	"context"
	"math"

	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
)

// Walk gives at most n records after a key, in the order of their keys; the zero
// Key is the beginning. Ids of more than 2048 bytes that begin alike stand in an
// order of their own, and so do all ids in a sealed file. The key need not be there.
func (t *tx) Walk(ctx context.Context, after circ.Key, n int) (rows []circ.Row, err error) {
	return rowsAfter(ctx, t, after, n, t.rowOf)
}

// WalkRaw gives records as [tx.Walk] does, as they are kept: nobody looks into them.
func (t *tx) WalkRaw(ctx context.Context, after circ.Key, n int) (rows []segment.Row, err error) {
	return rowsAfter(ctx, t, after, n, t.rawOf)
}

// rowsAfter gives what read makes of at most n records after a key.
func rowsAfter[R any](ctx context.Context, t *tx, after circ.Key, n int, read func(k, v []byte) (R, error)) (rows []R, err error) {
	defer t.guard(&err, "read records after %s %q", after.Kind, after.ID)
	b, err := t.in(bucketRows)
	if err != nil {
		return nil, err
	}
	from := t.f.rowKey(after)
	c := b.Cursor()
	for k, v := c.Seek(from); k != nil && len(rows) < n; k, v = c.Next() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if bytes.Equal(k, from) {
			continue
		}
		r, err := read(k, v)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// rawOf gives a record as it is kept, in memory of its own.
func (t *tx) rawOf(k, v []byte) (r segment.Row, err error) {
	kind, _ := readPart(k)
	id, whole := readPart(afterPart(k))
	s, err := t.f.openRow(k, v)
	if err != nil {
		return r, t.damaged("%s %q: %v", kind, id, err)
	}
	r = segment.Row{Key: circ.Key{Kind: circ.Kind(kind), ID: id}, Body: bytes.Clone(s.body)}
	switch {
	case t.f.sealed:
		r.ID = string(s.id)
	case !whole: // only the record says all of it
		row, err := t.rowOf(k, v)
		if err != nil {
			return r, err
		}
		r.Key = row.Key()
	}
	return r, nil
}

// Newest gives the cursor of the end of the feed.
func (t *tx) Newest(context.Context) (cursor string, err error) {
	defer t.guard(&err, "read the end of the feed")
	b, err := t.in(bucketFeed)
	if err != nil {
		return "", err
	}
	return t.cursor(b.Sequence(), math.MaxUint32), nil
}
