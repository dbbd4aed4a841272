package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Unsent gives at most n entries without a receipt, oldest first.
func (d *Desk) Unsent(ctx context.Context, n int) ([]journal.Entry, error) {
	var out []journal.Entry
	err := d.Journal.View(ctx, func(tx journal.JournalTx) (err error) {
		out, err = tx.Unsettled(ctx, d.ID, n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read unsent entries of desk %s: %w", d.ID, err)
	}
	return out, nil
}

// After gives at most n entries after the mark, sent or not.
func (d *Desk) After(ctx context.Context, m journal.Mark, n int) ([]journal.Entry, error) {
	var out []journal.Entry
	err := d.Journal.View(ctx, func(tx journal.JournalTx) (err error) {
		out, err = tx.Entries(ctx, m, n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read entries of desk %s after %d/%d: %w", d.ID, m.Epoch, m.Seq, err)
	}
	return out, nil
}

// Head gives the newest entry's mark.
func (d *Desk) Head(ctx context.Context) (m journal.Mark, err error) {
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		m, err = tx.Head(ctx, d.ID)
		return err
	})
	return m, err
}

// Settle keeps receipts, durably, before anybody hears of them. What was
// applied with an objection, or rejected, becomes a conflict. It gives the new
// conflicts.
func (d *Desk) Settle(ctx context.Context, receipts []journal.Receipt) ([]Conflict, error) {
	if len(receipts) == 0 {
		return nil, nil
	}
	var fresh []Conflict
	err := d.Journal.Update(ctx, func(tx journal.JournalTx) error {
		fresh = nil
		for _, r := range receipts {
			if _, known, err := tx.Receipt(ctx, r.Entry); err != nil || known {
				if err != nil {
					return err
				}
				continue
			}
			if err := tx.Settle(ctx, r); err != nil {
				return err
			}
			if c, ok := conflictOf(r, d.Now().UTC()); ok {
				fresh = append(fresh, c)
			}
		}
		return addConflicts(ctx, tx, fresh)
	})
	if err != nil {
		return nil, fmt.Errorf("keep %d receipts of desk %s: %w", len(receipts), d.ID, err)
	}
	d.settled(receipts)
	return fresh, nil
}

// settled notes the receipts in what is pending.
func (d *Desk) settled(receipts []journal.Receipt) {
	d.mu.Lock()
	defer d.mu.Unlock()
	at := make(map[circ.EntryID]int, len(d.pending))
	for i, p := range d.pending {
		at[p.id] = i
	}
	for _, r := range receipts {
		i, ok := at[r.Entry]
		if !ok || d.pending[i].receipt != nil {
			continue
		}
		p := &d.pending[i]
		p.receipt = &r
		if p.of != "" || !circ.Same(p.told, r.Events) {
			d.stale = true
		}
	}
}

// Restart withdraws the asked entries that have neither a receipt nor a second
// entry: they were never shown to anybody. It gives them, so that the desk can
// say so.
func (d *Desk) Restart(ctx context.Context) ([]journal.Entry, error) {
	d.mu.RLock()
	second := map[circ.EntryID]bool{}
	for _, p := range d.pending {
		second[p.of] = true
	}
	var open []circ.EntryID
	for _, p := range d.pending {
		if p.mode == journal.Asked && p.receipt == nil && !second[p.id] {
			open = append(open, p.id)
		}
	}
	d.mu.RUnlock()
	var withdrawn []journal.Entry
	for _, id := range open {
		var e journal.Entry
		err := d.Journal.View(ctx, func(tx journal.JournalTx) error {
			found, ok, err := tx.Entry(ctx, id)
			if err == nil && !ok {
				err = errors.New("it is not there")
			}
			e = found
			return err
		})
		if err != nil {
			return withdrawn, fmt.Errorf("read asked entry %s of desk %s: %w", id, d.ID, err)
		}
		if _, err := d.Withdrawn(ctx, &e); err != nil {
			return withdrawn, err
		}
		withdrawn = append(withdrawn, e)
	}
	return withdrawn, nil
}

// Cursor gives how far the feed was read; empty: nothing was.
func (d *Desk) Cursor(ctx context.Context) (cursor string, err error) {
	err = d.Cache.View(ctx, func(tx journal.CacheTx) error {
		v, err := tx.Note(ctx, noteCursor)
		cursor = string(v)
		return err
	})
	return cursor, err
}

// Take puts a page of the feed into the copy. When the feed was read to its end
// the copy's mark counts, and the entries up to it leave the layer. A page that
// was read from another place than the copy has reached is not taken: an older
// state never replaces a newer one.
func (d *Desk) Take(ctx context.Context, from string, rows []circ.Row, next string, complete bool) error {
	var mark journal.Mark
	var taken bool
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
		v, err := json.Marshal(mark)
		if err != nil {
			return err
		}
		return tx.SetNote(ctx, noteMark, v)
	})
	if err != nil {
		return fmt.Errorf("put %d rows of the feed into the copy of desk %s: %w", len(rows), d.ID, err)
	}
	if taken {
		d.reached(mark, len(rows) > 0)
	}
	return nil
}

// reached drops the entries that the copy holds.
func (d *Desk) reached(m journal.Mark, changed bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stale = d.stale || changed
	if m.Epoch != d.mark.Epoch || m.Seq <= d.mark.Seq {
		return
	}
	d.mark = m
	n := 0
	for n < len(d.pending) && d.pending[n].seq <= m.Seq {
		n++
	}
	d.pending = append([]pending(nil), d.pending[n:]...)
	d.stale = true
}
