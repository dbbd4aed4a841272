package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Heads gives the last entry of each of a desk's epochs.
func (t *tx) Heads(ctx context.Context, desk circ.DeskID) (out []journal.Mark, err error) {
	defer t.guard(&err, "read the heads of desk %q", desk)
	b, err := t.in(bucketEntries)
	if err != nil {
		return nil, err
	}
	all := idKey(string(desk))
	c := b.Cursor()
	for k, _ := c.Seek(all); bytes.HasPrefix(k, all); {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		epoch, _ := placeOf(k)
		m, err := t.headOf(desk, epoch)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
		if epoch == math.MaxUint64 {
			break
		}
		k, _ = c.Seek(chainKey(desk, epoch+1))
	}
	return out, nil
}

// headOf gives the last entry of one epoch of a desk; Seq 0: it has none.
func (t *tx) headOf(desk circ.DeskID, epoch uint64) (journal.Mark, error) {
	m := journal.Mark{Desk: desk, Epoch: epoch}
	b, err := t.in(bucketEntries)
	if err != nil {
		return m, err
	}
	chain := chainKey(desk, epoch)
	c := b.Cursor()
	end := binary.BigEndian.AppendUint64(bytes.Clone(chain), math.MaxUint64)
	k, v := c.Seek(end)
	switch {
	case k == nil:
		k, v = c.Last()
	case !bytes.Equal(k, end):
		k, v = c.Prev()
	}
	if !bytes.HasPrefix(k, chain) {
		return m, nil
	}
	if m.Hash, err = hashOf(v); err != nil {
		return m, t.damaged("%s: %v", placeName(k), err)
	}
	m.Seq = seqOf(k)
	return m, nil
}

// again reports whether the entry under one key may be written again under another:
// it is the same desk's, and of an older epoch.
func again(was, key []byte) bool {
	chain := len(was) - 16
	if chain < 0 || len(key)-16 != chain || !bytes.Equal(was[:chain], key[:chain]) {
		return false
	}
	before, _ := placeOf(was)
	now, _ := placeOf(key)
	return before < now
}

// fits reports whether an entry whose id is there under another key may come: it is
// that entry written again in a later epoch, or that entry was written again before
// this, its elder, came.
func (t *tx) fits(e journal.Entry, was, key []byte) (elder bool, err error) {
	if again(was, key) && e.First != (journal.Place{}) {
		return false, nil
	}
	if again(key, was) {
		other, err := t.at(was)
		if err != nil || other.First != (journal.Place{}) {
			return true, err
		}
	}
	return false, fmt.Errorf("id %q is there: %w", e.Act.ID, journal.ErrFork)
}

// moved notes that an entry was written again: what names it names the new place, and
// the old one waits for nothing.
func (t *tx) moved(e journal.Entry, was, key []byte) error {
	if err := t.settled(was); err != nil {
		return err
	}
	if of := e.Undoes(); of != "" {
		if err := t.remove(bucketLater, append(idKey(string(of)), was...)); err != nil {
			return err
		}
	}
	if e.Of == "" {
		return nil
	}
	at, said, err := t.laterAt(e.Act.Desk, e.Of)
	if err != nil || !bytes.Equal(said, was) {
		return err
	}
	return t.put(bucketLater, at, key)
}
