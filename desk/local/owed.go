package local

import (
	"context"
	"errors"
	"slices"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// AnsweredError: the asked entry has its receipt already, so nothing follows it.
type AnsweredError struct{ Receipt journal.Receipt }

func (*AnsweredError) Error() string { return "the answer came just before" }

// unanswered reports the receipt of an asked entry, where there is one.
func unanswered(ctx context.Context, id circ.EntryID) func(journal.JournalTx) error {
	return func(tx journal.JournalTx) error {
		r, ok, err := tx.Receipt(ctx, id)
		if err == nil && ok {
			err = &AnsweredError{r}
		}
		return err
	}
}

// owe notes that an asked entry must be withdrawn as soon as that can be written
// down.
func (d *Desk) owe(asked journal.Entry) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !slices.ContainsFunc(d.owed, func(e journal.Entry) bool { return e.Act.ID == asked.Act.ID }) {
		d.owed = append(d.owed, asked)
		d.changed()
	}
}

// owes reports whether a withdrawal could not be written down yet.
func (d *Desk) owes() bool {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.owed) > 0
}

// pay writes down the withdrawals that are owed. Until that is done nothing
// else of this desk is written, sent or settled: what nobody was told as done
// would be done. d.writing is held.
func (d *Desk) pay(ctx context.Context) error {
	for {
		d.mu.RLock()
		var next *journal.Entry
		if len(d.owed) > 0 {
			next = &d.owed[0]
		}
		d.mu.RUnlock()
		if next == nil {
			return nil
		}
		_, err := d.append(ctx, d.after(next, journal.Withdrawn, nil), unanswered(ctx, next.Act.ID))
		if answered := (*AnsweredError)(nil); err != nil && !errors.As(err, &answered) {
			return err
		}
		d.mu.Lock()
		d.owed = d.owed[1:]
		d.changed()
		d.mu.Unlock()
	}
}

// paid makes sure that nothing is owed.
func (d *Desk) paid(ctx context.Context) error {
	if !d.owes() {
		return nil
	}
	d.writing.Lock()
	defer d.writing.Unlock()
	return d.pay(ctx)
}
