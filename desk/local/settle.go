package local

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Unsent gives at most n entries without a receipt, oldest first and of one epoch, to
// be sent: after what is owed was written down.
func (d *Desk) Unsent(ctx context.Context, n int) ([]journal.Entry, error) {
	if err := d.paid(ctx); err != nil {
		return nil, fmt.Errorf("read unsent entries of desk %s: %w", d.ID, err)
	}
	es, err := d.Waiting(ctx, n)
	if i := slices.IndexFunc(es, func(e journal.Entry) bool { return e.Epoch != es[0].Epoch }); i > 0 {
		es = es[:i]
	}
	return es, err
}

// Waiting gives at most n entries without a receipt, oldest first. It writes
// nothing.
func (d *Desk) Waiting(ctx context.Context, n int) ([]journal.Entry, error) {
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

// Head gives the last entry of the epoch in which the desk writes.
func (d *Desk) Head(ctx context.Context) (m journal.Mark, err error) {
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		m, _, err = d.current(ctx, tx)
		return err
	})
	return m, err
}

// Settle keeps receipts, durably, before anybody hears of them. What was
// applied with an objection, or rejected, is a conflict. It gives the new
// ones.
func (d *Desk) Settle(ctx context.Context, receipts []journal.Receipt) ([]circ.Conflict, error) {
	if len(receipts) == 0 {
		return nil, nil
	}
	if err := d.paid(ctx); err != nil {
		return nil, fmt.Errorf("keep %d receipts of desk %s: %w", len(receipts), d.ID, err)
	}
	var fresh []circ.Conflict
	err := d.Journal.Update(ctx, func(tx journal.JournalTx) (err error) {
		fresh, err = d.keep(ctx, tx, receipts)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("keep %d receipts of desk %s: %w", len(receipts), d.ID, err)
	}
	d.settled(receipts, fresh)
	_ = d.renew(ctx) // else the next look makes the layer anew
	return fresh, nil
}

// keep writes the receipts that are not there yet. It gives the conflicts that they make.
func (d *Desk) keep(ctx context.Context, tx journal.JournalTx, receipts []journal.Receipt) (fresh []circ.Conflict, err error) {
	for _, r := range receipts {
		if _, known, err := tx.Receipt(ctx, r.Entry); err != nil || known {
			if err != nil {
				return nil, err
			}
			continue
		}
		if err := tx.Settle(ctx, r); err != nil {
			return nil, err
		}
		c, is, err := d.metIn(ctx, tx, r)
		if err != nil {
			return nil, err
		}
		if is {
			fresh = append(fresh, c)
		}
	}
	return fresh, nil
}

// metIn gives the conflict that a receipt makes of its entry. False: it met nothing.
func (d *Desk) metIn(ctx context.Context, tx journal.JournalTx, r journal.Receipt) (c circ.Conflict, is bool, err error) {
	if r.Verdict != journal.Rejected && len(r.Objections) == 0 {
		return c, false, nil
	}
	e, ok, err := tx.Entry(ctx, r.Entry)
	if err != nil {
		return c, false, err
	}
	if !ok {
		e.Act = circ.Act{ID: r.Entry, Desk: r.Desk}
	}
	raised, is := journal.Met(e, r, d.Now().UTC())
	return raised.Conflict, is, nil
}

// settled notes the receipts in what is pending, and what they met.
func (d *Desk) settled(receipts []journal.Receipt, met []circ.Conflict) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.settles++
	for _, r := range receipts {
		delete(d.unheard, r.Entry)
		p := d.pending.of(r.Entry)
		if p == nil || p.receipt != nil {
			continue
		}
		answered := *p
		answered.receipt = &r
		if i := slices.IndexFunc(met, func(c circ.Conflict) bool { return c.ID == r.Entry }); i >= 0 {
			answered.met = circ.ConflictRaised{Conflict: met[i]}
		}
		d.pending.replace(&answered)
		if answered.met != nil || p.of != "" || !circ.SameStory(p.told, r.Events) {
			d.movedOn()
		}
	}
}

// Restart withdraws the asked entries that have neither a receipt nor a second
// entry: they were never shown to anybody. It gives them, so that the desk can
// say so. On a full disk their withdrawal is owed: see [Desk.Withdrawn].
func (d *Desk) Restart(ctx context.Context) ([]journal.Entry, error) {
	open, err := d.neverShown(ctx)
	if err != nil {
		return nil, fmt.Errorf("look for what desk %s never showed: %w", d.ID, err)
	}
	for i := range open {
		if _, err := d.Withdrawn(ctx, &open[i]); err != nil && ctx.Err() != nil {
			return open[:i], err
		}
	}
	return open, nil
}

// neverShown gives the asked entries that nothing followed, oldest first: those
// that are pending, and those of which the copy holds the effects, so that only
// the answer was lost.
func (d *Desk) neverShown(ctx context.Context) (open []journal.Entry, err error) {
	d.mu.RLock()
	at := maps.Clone(d.marks)
	second := map[circ.EntryID]bool{}
	var ids []circ.EntryID
	for _, p := range d.pending.list {
		second[p.of] = true
	}
	for _, p := range d.pending.list {
		if p.mode == journal.Asked && p.receipt == nil && !second[p.id] {
			ids = append(ids, p.id)
		}
	}
	d.mu.RUnlock()
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		open = nil
		lost, err := answerLost(ctx, tx, d.ID, at)
		if err != nil {
			return err
		}
		for _, e := range lost {
			if e.Mode != journal.Asked {
				continue
			}
			if _, followed, err := tx.Later(ctx, d.ID, e.Act.ID); err != nil {
				return err
			} else if !followed {
				open = append(open, e)
			}
		}
		for _, id := range ids {
			e, ok, err := tx.Entry(ctx, id)
			if err == nil && !ok {
				err = fmt.Errorf("entry %s is not there", id)
			}
			if err != nil {
				return err
			}
			open = append(open, e)
		}
		return nil
	})
	return open, err
}

// answerLost gives the entries up to the marks that have no receipt: the copy holds
// their effects, so only the answer was lost.
func answerLost(ctx context.Context, tx journal.JournalTx, desk circ.DeskID, at marks) ([]journal.Entry, error) {
	newest, err := tx.Head(ctx, desk)
	if err != nil {
		return nil, err
	}
	above := func(e journal.Entry) bool { return e.Seq > at[e.Epoch] }
	es, err := unsettled(ctx, tx, desk, func(e journal.Entry) bool { return e.Epoch == newest.Epoch && above(e) })
	return slices.DeleteFunc(es, above), err
}

// SettleAgain keeps the receipts of entries that a central system which was set
// back has judged once more. The first receipt of an entry stays; where the new
// verdict on a question is not what the clerk was told, a further entry says
// what was. What met something else this time becomes a conflict; it gives the
// new ones.
func (d *Desk) SettleAgain(ctx context.Context, receipts []journal.Receipt) ([]circ.Conflict, error) {
	fresh, err := d.Settle(ctx, receipts)
	if err != nil {
		return nil, err
	}
	for _, r := range receipts {
		e, m, told, err := d.otherwise(ctx, r)
		if err != nil {
			return fresh, fmt.Errorf("compare two receipts of entry %s: %w", r.Entry, err)
		}
		if m == "" {
			continue
		}
		if _, err := d.write(ctx, d.after(&e, m, told), nil); err != nil {
			return fresh, err
		}
	}
	met, err := d.metAgain(ctx, receipts)
	return append(fresh, met...), err
}

// otherwise says what must follow an asked entry whose second verdict is not its
// first: the mode and what was told; no mode when nothing must.
func (d *Desk) otherwise(ctx context.Context, r journal.Receipt) (e journal.Entry, m journal.Mode, told []circ.Event, err error) {
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		m, told = "", nil
		was, _, err := tx.Receipt(ctx, r.Entry)
		if err != nil {
			return err
		}
		found, ok, err := tx.Entry(ctx, r.Entry)
		if err != nil || !ok || found.Mode != journal.Asked {
			return err
		}
		if _, followed, err := tx.Later(ctx, found.Act.Desk, r.Entry); err != nil || followed {
			return err
		}
		e = found
		did, does := was.Verdict == journal.Applied, r.Verdict == journal.Applied
		switch {
		case did && !(does && circ.Same(was.Events, r.Events)):
			m, told = journal.Stood, was.Events
		case !did && does:
			m = journal.Withdrawn
		}
		return nil
	})
	return e, m, told, err
}

// metAgain gives the conflicts of receipts whose first ones objected to nothing. The
// central system has noted them by itself.
func (d *Desk) metAgain(ctx context.Context, receipts []journal.Receipt) ([]circ.Conflict, error) {
	var fresh []circ.Conflict
	err := d.Journal.View(ctx, func(tx journal.JournalTx) error {
		fresh = nil
		for _, r := range receipts {
			was, _, err := tx.Receipt(ctx, r.Entry)
			if err != nil {
				return err
			}
			if was.Verdict == journal.Rejected || len(was.Objections) > 0 {
				continue
			}
			c, is, err := d.metIn(ctx, tx, r)
			if err != nil {
				return err
			}
			if is {
				fresh = append(fresh, c)
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("keep what %d receipts of desk %s object to: %w", len(receipts), d.ID, err)
	}
	return fresh, nil
}
