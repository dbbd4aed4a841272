package local

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"circdesk/desk/central"
	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// rawWalker is a transaction on a copy that can be read through.
type rawWalker interface {
	WalkRaw(ctx context.Context, after circ.Key, n int) ([]segment.Row, error)
}

// ErrNoFacts: the copy is empty, or was never whole.
var ErrNoFacts = errors.New("this copy is not whole, so nobody can be given it")

// Facts says of what time the copy is, how far it has come, and of which store it is, as
// a manifest without marks and segments. One that was never whole is [ErrNoFacts].
func (d *Desk) Facts(ctx context.Context) (m central.Manifest, err error) {
	err = d.Cache.View(ctx, func(tx journal.CacheTx) error {
		cursor, err := tx.Note(ctx, noteCursor)
		if err != nil {
			return err
		}
		epoch, err := tx.Note(ctx, noteEpoch)
		if err != nil {
			return err
		}
		birth, err := tx.Note(ctx, noteBirth)
		m = central.Manifest{Cursor: string(cursor), Epoch: string(epoch), Birth: birth}
		return err
	})
	if m.At = d.Copied(); err == nil && (m.Cursor == "" || m.At.IsZero()) {
		err = ErrNoFacts
	}
	if err != nil {
		return central.Manifest{}, fmt.Errorf("look how old the copy of desk %s is: %w", d.ID, err)
	}
	return m, nil
}

// Rows gives all rows of the copy as they are kept, in the order of their kinds, without
// what is laid over it. Those that come meanwhile may be as they were or as they are. An
// error comes last; errors.ErrUnsupported: the copy cannot be read through.
func (d *Desk) Rows(ctx context.Context) iter.Seq2[segment.Row, error] {
	return func(yield func(segment.Row, error) bool) {
		for after := (circ.Key{}); ; {
			var rows []segment.Row
			err := d.Cache.View(ctx, func(tx journal.CacheTx) (err error) {
				w, ok := tx.(rawWalker)
				if !ok {
					return errors.ErrUnsupported
				}
				rows, err = w.WalkRaw(ctx, after, learned)
				return err
			})
			if err != nil {
				yield(segment.Row{}, fmt.Errorf("read through the copy of desk %s: %w", d.ID, err))
				return
			}
			for _, r := range rows {
				if !yield(r, nil) {
					return
				}
			}
			if len(rows) == 0 {
				return
			}
			after = rows[len(rows)-1].Key
		}
	}
}
