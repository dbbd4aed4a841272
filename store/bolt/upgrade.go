package bolt

import (
	"bytes"
	"context"
	"encoding/binary"

	"circdesk/desk/circ"
)

// upgrade brings a file of an earlier version to this one, in one transaction.
//
//   - 2: open loans have a line by their due date
func (f *file) upgrade() error {
	if f.version == version {
		return nil
	}
	return f.writer.update(context.Background(), func(t *tx) error {
		if f.kind != kindJournal {
			if err := t.relines(circ.KindLoan); err != nil {
				return err
			}
		}
		return t.put(bucketMeta, metaVersion, binary.BigEndian.AppendUint32(nil, version))
	})
}

// relines writes the lines of all records of a kind anew: they may have more than
// when the records were put.
func (t *tx) relines(k circ.Kind) error {
	rows, err := t.in(bucketRows)
	if err != nil {
		return err
	}
	prefix := appendPart(nil, string(k))
	c := rows.Cursor()
	for key, v := c.Seek(prefix); bytes.HasPrefix(key, prefix); key, v = c.Next() {
		r, err := t.rowOf(key, v)
		if err != nil {
			return err
		}
		for _, l := range r.Index() {
			if err := t.put(bucketIndex, lineKey(l, key), lineValue(l, r.Key().ID)); err != nil {
				return err
			}
		}
	}
	return nil
}
