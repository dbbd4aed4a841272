package local

import (
	"bytes"
	"context"
	"fmt"

	"circdesk/desk/journal"
)

// noteBirth is the key of the marks of birth dates. It stands in the copy, is sealed as
// that is, and goes with it when that is emptied.
const noteBirth = "birth_key"

// KeepBirthKey keeps the central system's key of the marks of birth dates; nil changes
// nothing.
func (d *Desk) KeepBirthKey(ctx context.Context, key []byte) error {
	if key == nil {
		return nil
	}
	was, err := d.BirthKey(ctx)
	if err != nil || bytes.Equal(was, key) {
		return err
	}
	if !d.taking.TryLock() { // the copy is being filled: the next greeting brings it again
		return nil
	}
	defer d.taking.Unlock()
	err = d.Cache.Update(ctx, func(tx journal.CacheTx) error { return tx.SetNote(ctx, noteBirth, key) })
	if err != nil {
		return fmt.Errorf("keep the key of birth dates of desk %s: %w", d.ID, err)
	}
	return nil
}

// BirthKey gives the key of the marks of birth dates; nil: the desk has none.
func (d *Desk) BirthKey(ctx context.Context) (key []byte, err error) {
	err = d.Cache.View(ctx, func(tx journal.CacheTx) (err error) {
		key, err = tx.Note(ctx, noteBirth)
		return err
	})
	return key, err
}
