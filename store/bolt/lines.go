package bolt

import (
	"bytes"
	"context"

	"circdesk/desk/circ"
)

// Lines tells at most n lines of an index, in the order in which they stand in the
// file, behind the place that another call gave; nil is the beginning. It gives what each
// is looked up by and the id of its record, and the place of the last; nil: there are no
// more. In an index that matches the whole the lines of a sealed file do not say what
// they are looked up by: they are told as empty.
func (t *tx) Lines(ctx context.Context, index circ.Index, after []byte, n int, tell func(of, id string)) (last []byte, err error) {
	defer t.guard(&err, "read the lines of index %s", index)
	prefix := appendPart(nil, string(index))
	from := prefix
	if after != nil {
		from = append(bytes.Clone(after), 0)
	}
	c, k, v, err := t.seek(bucketIndex, from)
	if err != nil {
		return nil, err
	}
	for ; bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if n--; n < 0 {
			return last, nil
		}
		l, err := t.readLine(k, v)
		if err != nil {
			return nil, t.damaged("line of index %s: %v", index, err)
		}
		if t.f.sealed && !index.Begins() {
			l.of, l.id = "", ""
		}
		tell(l.of, l.id)
		last = append(last[:0], k...)
	}
	return nil, nil
}
