package local

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Cursor gives how far the feed was read; empty: nothing was.
func (d *Desk) Cursor(ctx context.Context) (cursor string, err error) {
	err = d.Cache.View(ctx, func(tx journal.CacheTx) error {
		v, err := tx.Note(ctx, noteCursor)
		cursor = string(v)
		return err
	})
	return cursor, err
}

// restated is how often it is written down that a copy that does not change is
// complete.
const restated = 10 * time.Minute

// Confirm notes that the copy is complete and was so before: the feed had
// nothing new. write: that is to be written down now and then, by [Desk.Take].
func (d *Desk) Confirm() (write bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.copied = d.Now().UTC()
	return d.copied.Sub(d.stated) >= restated
}

// Copied says when the copy was last known to be complete, after a restart about;
// zero: never.
func (d *Desk) Copied() time.Time {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.copied
}

// Take puts a page of the feed into the copy. When the feed was read to its end
// the copy's mark counts, and the entries up to it leave the layer. A page that
// was read from another place than the copy has reached is not taken: an older
// state never replaces a newer one.
func (d *Desk) Take(ctx context.Context, from string, rows []circ.Row, next string, complete bool) error {
	d.taking.Lock()
	defer d.taking.Unlock()
	return d.take(ctx, from, rows, next, complete)
}

func (d *Desk) take(ctx context.Context, from string, rows []circ.Row, next string, complete bool) error {
	var mark journal.Mark
	var taken bool
	now := d.Now().UTC().Truncate(time.Second)
	err := d.Cache.Update(ctx, func(tx journal.CacheTx) error {
		at, err := tx.Note(ctx, noteCursor)
		if err != nil {
			return err
		}
		if taken = string(at) == from; !taken {
			return nil
		}
		if err := tx.Put(ctx, rows); err != nil {
			return err
		}
		if err := tx.SetNote(ctx, noteCursor, []byte(next)); err != nil {
			return err
		}
		if mark, err = readMark(ctx, tx); err != nil {
			return err
		}
		if !complete {
			return nil
		}
		found, err := tx.Read(ctx, []circ.Want{circ.ByKey(circ.KindMark, string(d.ID))})
		if err != nil {
			return err
		}
		for _, row := range found[0] {
			if m, ok := row.(circ.Mark); ok {
				mark = journal.Mark{Desk: d.ID, Epoch: m.Epoch, Seq: m.Seq}
			}
		}
		if err := tx.SetNote(ctx, noteCopied, []byte(now.Format(time.RFC3339))); err != nil {
			return err
		}
		return writeMark(ctx, tx, mark)
	})
	if err != nil {
		return fmt.Errorf("put %d rows of the feed into the copy of desk %s: %w", len(rows), d.ID, err)
	}
	if !taken {
		return nil
	}
	if complete {
		d.mu.Lock()
		d.copied, d.stated = now, now
		d.mu.Unlock()
	}
	if err := d.reached(ctx, mark, len(rows) > 0); err != nil {
		return err
	}
	return d.renew(ctx)
}

// reached drops the entries that the copy holds. Where the copy holds fewer than
// it did, since the central system was set back, those that it lacks come back.
func (d *Desk) reached(ctx context.Context, m journal.Mark, changed bool) error {
	d.mu.Lock()
	if changed {
		d.movedOn()
	}
	if m.Epoch == d.mark.Epoch && m.Seq < d.mark.Seq {
		d.mu.Unlock()
		return d.reload(ctx)
	}
	defer d.mu.Unlock()
	if m.Epoch != d.mark.Epoch || m.Seq == d.mark.Seq {
		return nil
	}
	d.mark = m
	n := 0
	for n < len(d.pending) && d.pending[n].seq <= m.Seq {
		n++
	}
	d.pending = append([]pending(nil), d.pending[n:]...)
	d.movedOn()
	return nil
}

// movedOn notes that the copy has, or the central system's story of what is
// pending: the layer is to be made anew. d.mu is held.
func (d *Desk) movedOn() {
	d.behind = true
	d.turn++
}

// Afresh lets the feed be read from its beginning: the copy had come to the
// cursor, which is of another feed. What the copy shows stays until then.
func (d *Desk) Afresh(ctx context.Context, cursor string) error {
	d.taking.Lock()
	defer d.taking.Unlock()
	err := d.Cache.Update(ctx, func(tx journal.CacheTx) error {
		at, err := tx.Note(ctx, noteCursor)
		if err != nil || string(at) != cursor {
			return err
		}
		// The other feed has its own mark of this desk, or none.
		if err := tx.Put(ctx, []circ.Row{circ.Mark{Desk: d.ID, Epoch: d.Mark().Epoch}}); err != nil {
			return err
		}
		return tx.SetNote(ctx, noteCursor, nil)
	})
	if err != nil {
		return fmt.Errorf("forget the cursor of desk %s: %w", d.ID, err)
	}
	return nil
}

// Meet notes which store the central system has now, by its epoch, and how many
// of this desk's entries are in it. had is what of this desk had been delivered
// before that was asked. When it is another store than the copy is of, or lacks
// what had been delivered, the copy is taken from its beginning, and entries that
// are lacking are laid over it until they are there again. Rows that the other
// store does not have stay in the copy. An empty epoch is not looked at. Meet
// reports whether it was another store. While the copy is being filled it does
// nothing: it is to be called again.
func (d *Desk) Meet(ctx context.Context, epoch string, has, had journal.Mark) (other bool, err error) {
	if !d.taking.TryLock() {
		return false, nil
	}
	defer d.taking.Unlock()
	lacks := has.Seq < had.Seq && (has.Epoch == had.Epoch || has.Seq == 0)
	var known bool
	err = d.Cache.View(ctx, func(tx journal.CacheTx) error {
		was, err := tx.Note(ctx, noteEpoch)
		known = epoch == "" || string(was) == epoch
		other = lacks || !known && was != nil
		return err
	})
	if err != nil || known && !other {
		return false, err
	}
	at := d.Mark()
	back := lacks && has.Seq < at.Seq
	err = d.Cache.Update(ctx, func(tx journal.CacheTx) error {
		if !known {
			if err := tx.SetNote(ctx, noteEpoch, []byte(epoch)); err != nil {
				return err
			}
		}
		if !other {
			return nil
		}
		m := at
		if back {
			m = journal.Mark{Desk: d.ID, Epoch: at.Epoch, Seq: has.Seq}
		}
		if err := writeMark(ctx, tx, m); err != nil {
			return err
		}
		if err := tx.Put(ctx, []circ.Row{circ.Mark{Desk: d.ID, Epoch: m.Epoch, Seq: m.Seq}}); err != nil {
			return err
		}
		return tx.SetNote(ctx, noteCursor, nil)
	})
	if err == nil && back {
		err = d.reload(ctx)
	}
	if err != nil {
		return other, fmt.Errorf("meet another store of the central system at desk %s: %w", d.ID, err)
	}
	return other, nil
}

func readMark(ctx context.Context, n journal.Notes) (m journal.Mark, err error) {
	v, err := n.Note(ctx, noteMark)
	if err != nil || v == nil {
		return m, err
	}
	if err := json.Unmarshal(v, &m); err != nil {
		return m, fmt.Errorf("read the mark of the copy: %w", err)
	}
	return m, nil
}

func writeMark(ctx context.Context, n journal.Notes, m journal.Mark) error {
	v, err := json.Marshal(m)
	if err != nil {
		return err
	}
	return n.SetNote(ctx, noteMark, v)
}

// readCopied gives when the copy was complete; zero, too, when the note cannot
// be read: nothing hangs on it.
func readCopied(ctx context.Context, n journal.Notes) (time.Time, error) {
	v, err := n.Note(ctx, noteCopied)
	if err != nil || v == nil {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339, string(v))
	if err != nil {
		return time.Time{}, nil
	}
	return at, nil
}
