package local

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Decide answers from the desk's own facts. rights are those of the operator
// and of whoever granted an override; nil: not looked at.
func (d *Desk) Decide(ctx context.Context, a circ.Act, rights []circ.Right) (circ.Decision, error) {
	var was *circ.Story
	if u, ok := a.Command.(circ.Undo); ok {
		err := d.Journal.View(ctx, func(tx journal.JournalTx) (err error) {
			was, err = journal.Story(ctx, tx, u.Entry)
			return err
		})
		if err != nil {
			return circ.Decision{}, err
		}
	}
	var birth []byte
	if _, ok := a.Command.(circ.Register); ok {
		var err error
		if birth, err = d.BirthKey(ctx); err != nil {
			return circ.Decision{}, err
		}
	}
	var dec circ.Decision
	err := d.View(ctx, func(r journal.Reader) error {
		c := circ.NewCase(a, d.rules)
		c.Was, c.Rights, c.BirthKey = was, rights, birth
		if err := journal.Gather(ctx, r, c); err != nil {
			return err
		}
		dec = circ.Decide(c)
		return nil
	})
	if err != nil {
		return circ.Decision{}, fmt.Errorf("decide %s at desk %s: %w", a.Command.Name(), d.ID, err)
	}
	return dec, nil
}

// Fact decides and, when nothing stands against it, writes it down as
// something that has happened. Without an entry nothing was written.
func (d *Desk) Fact(ctx context.Context, a circ.Act, rights []circ.Right) (circ.Decision, *journal.Entry, error) {
	return d.enter(ctx, d.ByItself(a), rights, journal.Fact)
}

// ByItself gives an act as the desk does it without asking: it says of when its facts
// are.
func (d *Desk) ByItself(a circ.Act) circ.Act {
	if at := d.Copied(); !at.IsZero() {
		a.Facts = at.UTC().Round(0)
	}
	return a
}

// Ask decides and writes the question down, so that it may be sent: also what
// the desk itself would refuse.
func (d *Desk) Ask(ctx context.Context, a circ.Act, rights []circ.Right) (circ.Decision, *journal.Entry, error) {
	return d.enter(ctx, a, rights, journal.Asked)
}

// enter decides an act that knows the number on its receipt, and writes it down.
func (d *Desk) enter(ctx context.Context, a circ.Act, rights []circ.Right, m journal.Mode) (circ.Decision, *journal.Entry, error) {
	d.writing.Lock()
	defer d.writing.Unlock()
	owed := d.pay(ctx)
	head, err := d.Head(ctx)
	if err != nil {
		return circ.Decision{}, nil, err
	}
	a.At = d.stamped(a.At)
	a.Receipt = circ.NewReceiptNo(d.ID, max(head.Epoch, 1), head.Seq+1)
	dec, err := d.Decide(ctx, a, rights)
	if err != nil || m == journal.Fact && !dec.Done() {
		return dec, nil, err
	}
	if owed != nil {
		return dec, nil, owed
	}
	e := journal.Entry{Act: a, Mode: m, Told: dec.Events}
	if m == journal.Asked {
		e.No = journal.NoOf(dec)
	}
	written, err := d.append(ctx, e, nil)
	return dec, written, err
}

// Stood writes down that the asked entry got no answer and that the clerk is
// told it is done. When the answer has been kept just before, it counts: that is
// an *AnsweredError, and nothing is written.
func (d *Desk) Stood(ctx context.Context, asked *journal.Entry) (*journal.Entry, error) {
	return d.write(ctx, d.after(asked, journal.Stood, asked.Told), unanswered(ctx, asked.Act.ID))
}

// Withdrawn writes down that the asked entry got no answer and that nobody is
// told it is done; see [Desk.Stood]. What cannot be written now is owed: it is
// written before anything else of this desk is written, sent or settled.
func (d *Desk) Withdrawn(ctx context.Context, asked *journal.Entry) (*journal.Entry, error) {
	e, err := d.write(ctx, d.after(asked, journal.Withdrawn, nil), unanswered(ctx, asked.Act.ID))
	if answered := (*AnsweredError)(nil); err != nil && !errors.As(err, &answered) {
		d.owe(*asked)
	}
	return e, err
}

// after makes the entry that follows an asked one.
func (d *Desk) after(asked *journal.Entry, m journal.Mode, told []circ.Event) journal.Entry {
	now := d.Act(asked.Act.Operator, asked.Act.Command)
	a := asked.Act
	a.ID, a.At = now.ID, now.At
	return journal.Entry{Act: a, Mode: m, Of: asked.Act.ID, Told: told}
}

// write adds the entry to the chain, after what is owed. When it returns without
// an error, the entry is durable and laid over the copy. An error of unless
// stops it; nil: nothing does.
func (d *Desk) write(ctx context.Context, e journal.Entry, unless func(journal.JournalTx) error) (*journal.Entry, error) {
	d.writing.Lock()
	defer d.writing.Unlock()
	if err := d.pay(ctx); err != nil {
		return nil, err
	}
	return d.append(ctx, e, unless)
}

// append adds the entry to the chain; d.writing is held.
func (d *Desk) append(ctx context.Context, e journal.Entry, unless func(journal.JournalTx) error) (*journal.Entry, error) {
	e.Act.At = d.stamped(e.Act.At)
	e.Rules = d.Policy().Version()
	d.heardOf(e.Act.ID, false) // before it is durable: its receipt may come at once
	var done journal.Entry
	err := d.Journal.Update(ctx, func(tx journal.JournalTx) error {
		if unless != nil {
			if err := unless(tx); err != nil {
				return err
			}
		}
		head, _, err := d.current(ctx, tx)
		if err != nil {
			return err
		}
		next := e
		next.Epoch, next.Seq, next.Prev = max(head.Epoch, 1), head.Seq+1, head.Hash
		if done, err = next.Finish(); err != nil {
			return err
		}
		_, err = tx.Add(ctx, done)
		return err
	})
	if err != nil {
		d.heardOf(e.Act.ID, true)
		return nil, fmt.Errorf("write %s entry of desk %s: %w", e.Mode, d.ID, err)
	}
	d.added(ctx, &done)
	return &done, nil
}

// caughtUp notes the receipt of an entry that came before the entry was pending.
// One that cannot be read is of no use: what was told counts until the copy has
// come so far.
func (d *Desk) caughtUp(ctx context.Context, id circ.EntryID) {
	_ = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		r, ok, err := tx.Receipt(ctx, id)
		if err == nil && ok {
			c, is, err := d.metIn(ctx, tx, r)
			if err != nil {
				return err
			}
			var met []circ.Conflict
			if is {
				met = append(met, c)
			}
			d.settled([]journal.Receipt{r}, met)
		}
		return err
	})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.changed()
}

// heardOf notes whether an entry waits for its receipt.
func (d *Desk) heardOf(id circ.EntryID, heard bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if heard {
		delete(d.unheard, id)
	} else {
		d.unheard[id] = true
	}
}

// added lays the entry over the copy.
func (d *Desk) added(ctx context.Context, e *journal.Entry) {
	d.mu.Lock()
	d.pending.add(&pending{epoch: e.Epoch, seq: e.Seq, id: e.Act.ID, mode: e.Mode, of: e.Of, told: e.Told})
	if e.Act.At.After(d.last) {
		d.last = e.Act.At
	}
	if d.epoch = e.Epoch; !slices.Contains(d.epochs, e.Epoch) {
		d.epochs = append(d.epochs, e.Epoch)
	}
	if e.Mode == journal.Withdrawn || d.stale {
		d.changed()
	}
	anew, answered := d.stale, !d.unheard[e.Act.ID]
	d.mu.Unlock()
	if answered {
		d.caughtUp(ctx, e.Act.ID)
		return
	}
	if anew {
		return
	}
	err := d.Cache.View(ctx, func(tx journal.CacheTx) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.stale {
			return nil
		}
		return d.layer.Apply(ctx, tx, e.Told)
	})
	if err != nil { // the entry is durable: the layer is made anew when it is read
		d.mu.Lock()
		d.changed()
		d.mu.Unlock()
	}
}
