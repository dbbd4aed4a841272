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
//   - 3: what waits for work has a line, and so has what was kept of a kind that was not
//     known yet; an entry is found by the one that it undoes
//   - 4: a file may be sealed
func (f *file) upgrade() error {
	if f.version == version {
		return nil
	}
	return f.writer.update(context.Background(), func(t *tx) error {
		if f.version < 3 && f.kind != kindJournal {
			if err := t.relines(); err != nil {
				return err
			}
		}
		if f.version < 3 && f.kind != kindCache {
			if err := t.reundo(); err != nil {
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
			k := t.f.lineKey(l, key)
			if old, err := t.get(bucketIndex, k); err != nil || old != nil {
				if err != nil {
					return err
				}
				continue
			}
			if err := t.put(bucketIndex, k, t.f.lineValue(k, l, r.Key().ID)); err != nil {
				return err
			}
		}
	}
	return nil
}

// reundo notes of all entries which others they undo. One that cannot be read is
// left to whoever looks for it.
func (t *tx) reundo() error {
	entries, err := t.in(bucketEntries)
	if err != nil {
		return err
	}
	undo := []byte(`"` + circ.Undo{}.Name() + `"`)
	c := entries.Cursor()
	for key, v := c.First(); key != nil; key, v = c.Next() {
		if !bytes.Contains(v, undo) { // most of them; reading each would take long
			continue
		}
		e, _, err := t.readEntry(key, v)
		if err != nil {
			continue
		}
		if err := t.undoes(e, key); err != nil {
			return err
		}
	}
	return nil
}
