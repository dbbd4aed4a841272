package bolt

import (
	"context"
	"encoding/binary"
)

// upgrade brings a file of an earlier version to this one, in one transaction.
//
//   - 2: open loans have a line by their due date, what waits for work has one, and so
//     has what was kept of a kind that was not known yet
func (f *file) upgrade() error {
	if f.version == version {
		return nil
	}
	return f.writer.update(context.Background(), func(t *tx) error {
		if f.kind != kindJournal {
			if err := t.relines(); err != nil {
				return err
			}
		}
		return t.put(bucketMeta, metaVersion, binary.BigEndian.AppendUint32(nil, version))
	})
}

// relines puts the lines that all records have now and had not when they were put.
func (t *tx) relines() error {
	rows, err := t.in(bucketRows)
	if err != nil {
		return err
	}
	c := rows.Cursor()
	for key, v := c.First(); key != nil; key, v = c.Next() {
		r, err := t.rowOf(key, v)
		if err != nil {
			return err
		}
		for _, l := range r.Index() {
			k := lineKey(l, key)
			if old, err := t.get(bucketIndex, k); err != nil || old != nil {
				if err != nil {
					return err
				}
				continue
			}
			if err := t.put(bucketIndex, k, lineValue(l, r.Key().ID)); err != nil {
				return err
			}
		}
	}
	return nil
}
