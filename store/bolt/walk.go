package bolt

import (
	"bytes"
	"context"
	"math"

	"circdesk/desk/circ"
)

// Walk gives at most n records after a key, in the order of their keys; the zero
// Key is the beginning. Ids of more than 2048 bytes that begin alike stand in an
// order of their own, and so do all ids in a sealed file. The key need not be there.
func (t *tx) Walk(ctx context.Context, after circ.Key, n int) (rows []circ.Row, err error) {
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
		r, err := t.rowOf(k, v)
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
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
