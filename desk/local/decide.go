package local

import (
	"context"
	"fmt"

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
	var dec circ.Decision
	err := d.View(ctx, func(r journal.Reader) error {
		c := circ.NewCase(a, d.rules)
		c.Was, c.Rights = was, rights
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
	dec, err := d.Decide(ctx, a, rights)
	if err != nil || !dec.Done() {
		return dec, nil, err
	}
	e, err := d.write(ctx, journal.Entry{Act: a, Mode: journal.Fact, Told: dec.Events})
	return dec, e, err
}

// Ask decides and writes the question down, so that it may be sent: also what
// the desk itself would refuse.
func (d *Desk) Ask(ctx context.Context, a circ.Act, rights []circ.Right) (circ.Decision, *journal.Entry, error) {
	dec, err := d.Decide(ctx, a, rights)
	if err != nil {
		return dec, nil, err
	}
	e, err := d.write(ctx, journal.Entry{Act: a, Mode: journal.Asked, Told: dec.Events})
	return dec, e, err
}

// Stood writes down that the asked entry got no answer and that the clerk is
// told it is done.
func (d *Desk) Stood(ctx context.Context, asked *journal.Entry) (*journal.Entry, error) {
	return d.second(ctx, asked, journal.Stood, asked.Told)
}

// Withdrawn writes down that the asked entry got no answer and that nobody is
// told it is done.
func (d *Desk) Withdrawn(ctx context.Context, asked *journal.Entry) (*journal.Entry, error) {
	return d.second(ctx, asked, journal.Withdrawn, nil)
}

func (d *Desk) second(ctx context.Context, asked *journal.Entry, m journal.Mode, told []circ.Event) (*journal.Entry, error) {
	now := d.Act(asked.Act.Operator, asked.Act.Command)
	a := asked.Act
	a.ID, a.At = now.ID, now.At
	return d.write(ctx, journal.Entry{Act: a, Mode: m, Of: asked.Act.ID, Told: told})
}

// write adds the entry to the chain. When it returns without an error, the
// entry is durable and laid over the copy.
func (d *Desk) write(ctx context.Context, e journal.Entry) (*journal.Entry, error) {
	d.writing.Lock()
	defer d.writing.Unlock()
	e.Rules = d.Policy().Version()
	var done journal.Entry
	err := d.Journal.Update(ctx, func(tx journal.JournalTx) error {
		head, err := tx.Head(ctx, d.ID)
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
		return nil, fmt.Errorf("write %s entry of desk %s: %w", e.Mode, d.ID, err)
	}
	d.added(ctx, &done)
	return &done, nil
}

// added lays the entry over the copy.
func (d *Desk) added(ctx context.Context, e *journal.Entry) {
	err := d.Cache.View(ctx, func(tx journal.CacheTx) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		d.pending = append(d.pending, pending{seq: e.Seq, id: e.Act.ID, mode: e.Mode, of: e.Of, told: e.Told})
		if e.Act.At.After(d.last) {
			d.last = e.Act.At
		}
		if d.mark.Epoch == 0 {
			d.mark.Epoch = e.Epoch
		}
		if e.Mode == journal.Withdrawn || d.stale {
			d.stale = true
			return nil
		}
		return d.layer.Apply(ctx, tx, e.Told)
	})
	if err != nil { // the entry is durable: the layer is made anew when it is read
		d.mu.Lock()
		d.stale = true
		d.mu.Unlock()
	}
}
