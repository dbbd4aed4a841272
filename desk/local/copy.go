package local

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"circdesk/desk/central"
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
	return d.TakePage(ctx, from, central.Page{Rows: rows, Next: next, Complete: complete})
}

// TakePage is [Desk.Take]; rows that the desk does not get any more leave the copy.
func (d *Desk) TakePage(ctx context.Context, from string, p central.Page) error {
	d.taking.Lock()
	defer d.taking.Unlock()
	return d.take(ctx, from, p)
}

func (d *Desk) take(ctx context.Context, from string, p central.Page) error {
	d.marking.Lock()
	defer d.marking.Unlock()
	rows, next, complete := p.Rows, p.Next, p.Complete
	d.mu.RLock()
	epochs, others := slices.Clone(d.epochs), d.works.chains()
	d.mu.RUnlock()
	var home map[chainOf]uint64
	var at marks
	var taken bool
	now := d.Now().UTC().Truncate(time.Second)
	err := d.Cache.Update(ctx, func(tx journal.CacheTx) error {
		was, err := tx.Note(ctx, noteCursor)
		if err != nil {
			return err
		}
		if taken = string(was) == from; !taken {
			return nil
		}
		if err := tx.Put(ctx, rows); err != nil {
			return err
		}
		if len(p.Gone) > 0 {
			if err := tx.Drop(ctx, p.Gone); err != nil {
				return err
			}
		}
		if err := tx.SetNote(ctx, noteCursor, []byte(next)); err != nil {
			return err
		}
		if at, err = readMarks(ctx, tx); err != nil {
			return err
		}
		if !complete {
			return nil
		}
		found, err := tx.Read(ctx, wantMarks(d.ID, epochs))
		if err != nil {
			return err
		}
		for _, rows := range found {
			for _, row := range rows {
				if m, ok := row.(circ.Mark); ok {
					at[m.Epoch] = m.Seq
				}
			}
		}
		if home, err = readHome(ctx, tx, others); err != nil {
			return err
		}
		if err := tx.SetNote(ctx, noteCopied, []byte(now.Format(time.RFC3339))); err != nil {
			return err
		}
		return at.write(ctx, tx)
	})
	if err != nil {
		return fmt.Errorf("put %d rows of the feed into the copy of desk %s: %w", len(rows), d.ID, err)
	}
	if !taken {
		return nil
	}
	d.putNames(rows)
	if complete {
		d.mu.Lock()
		d.copied, d.stated = now, now
		d.mu.Unlock()
	}
	d.cameHome(home)
	if err := d.reached(ctx, at, len(rows)+len(p.Gone) > 0); err != nil {
		return err
	}
	return d.renew(ctx)
}

// wantMarks looks the marks of a desk's epochs up.
func wantMarks(desk circ.DeskID, epochs []uint64) (out []circ.Want) {
	for _, e := range epochs {
		k := circ.MarkKey(desk, e)
		out = append(out, circ.ByKey(k.Kind, k.ID))
	}
	return out
}

// reached drops the entries that the copy holds. Where the copy holds fewer than
// it did, since the central system was set back, those that it lacks come back.
func (d *Desk) reached(ctx context.Context, at marks, changed bool) error {
	d.mu.Lock()
	if changed {
		d.movedOn()
	}
	fewer := false
	for epoch, seq := range d.marks {
		fewer = fewer || at[epoch] < seq
	}
	if fewer {
		d.mu.Unlock()
		return d.reload(ctx)
	}
	defer d.mu.Unlock()
	if maps.Equal(at, d.marks) {
		return nil
	}
	d.marks = at
	d.pending.drop(func(p *pending) bool { return p.seq <= at[p.epoch] })
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
	d.marking.Lock()
	defer d.marking.Unlock()
	err := d.Cache.Update(ctx, func(tx journal.CacheTx) error {
		at, err := tx.Note(ctx, noteCursor)
		if err != nil || string(at) != cursor {
			return err
		}
		// The other feed has its own marks of this desk, or none.
		if err := tx.Put(ctx, d.noMarks(nil)); err != nil {
			return err
		}
		return tx.SetNote(ctx, noteCursor, nil)
	})
	if err != nil {
		return fmt.Errorf("forget the cursor of desk %s: %w", d.ID, err)
	}
	return nil
}

// noMarks gives the marks of this desk as rows, as far as is known otherwise.
func (d *Desk) noMarks(known marks) (rows []circ.Row) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, e := range d.epochs {
		rows = append(rows, circ.Mark{Desk: d.ID, Epoch: e, Seq: known[e]})
	}
	return rows
}

// Meet notes which store the central system has now, by its epoch, and what of this
// desk's entries is in it: has is the last entry of each of the desk's epochs there,
// had what had been delivered before that was asked. When it is another store than
// the copy is of, or lacks what had been delivered, the copy is taken from its
// beginning, and entries that are lacking are laid over it until they are there
// again. Rows that the other store does not have stay in the copy. An empty epoch is
// not looked at. Meet reports whether it was another store. While the copy is being
// filled it does nothing: it is to be called again.
func (d *Desk) Meet(ctx context.Context, epoch string, has, had []journal.Mark) (other bool, err error) {
	if !d.taking.TryLock() {
		return false, nil
	}
	defer d.taking.Unlock()
	d.marking.Lock()
	defer d.marking.Unlock()
	there := marks{}
	for _, m := range has {
		there[m.Epoch] = m.Seq
	}
	lacks := slices.ContainsFunc(had, func(m journal.Mark) bool { return there[m.Epoch] < m.Seq })
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
	back := false
	err = d.Cache.Update(ctx, func(tx journal.CacheTx) error {
		if !known {
			if err := tx.SetNote(ctx, noteEpoch, []byte(epoch)); err != nil {
				return err
			}
		}
		if !other {
			return nil
		}
		at, err := readMarks(ctx, tx)
		if err != nil {
			return err
		}
		for e, seq := range at {
			if lacks && there[e] < seq {
				at[e], back = there[e], true
			}
		}
		if err := at.write(ctx, tx); err != nil {
			return err
		}
		if err := tx.Put(ctx, d.noMarks(at)); err != nil {
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

// marks says how far the copy has come with each epoch of this desk.
type marks map[uint64]uint64

func readMarks(ctx context.Context, n journal.Notes) (marks, error) {
	at := marks{}
	v, err := n.Note(ctx, noteMarks)
	if err != nil {
		return nil, err
	}
	if v != nil {
		if err := json.Unmarshal(v, &at); err != nil {
			return nil, fmt.Errorf("read the marks of the copy: %w", err)
		}
		return at, nil
	}
	if v, err = n.Note(ctx, noteMark); err != nil || v == nil {
		return at, err
	}
	var one journal.Mark
	if err := json.Unmarshal(v, &one); err != nil {
		return nil, fmt.Errorf("read the mark of the copy: %w", err)
	}
	at[one.Epoch] = one.Seq
	return at, nil
}

func (at marks) write(ctx context.Context, n journal.Notes) error {
	v, err := json.Marshal(at)
	if err != nil {
		return err
	}
	return n.SetNote(ctx, noteMarks, v)
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
