package local

import (
	"context"
	"fmt"
	"time"
)

// Empty empties the copy: what this desk itself has done stays, laid over nothing,
// and the copy is filled again when the central system answers. empty does it to the
// store; nothing else changes the copy meanwhile.
func (d *Desk) Empty(ctx context.Context, empty func() error) error {
	d.taking.Lock()
	defer d.taking.Unlock()
	d.marking.Lock()
	defer d.marking.Unlock()
	err := empty()
	if err == nil {
		d.readNames()
		d.mu.Lock()
		d.copied, d.stated = time.Time{}, time.Time{}
		d.movedOn()
		d.mu.Unlock()
		err = d.reload(ctx)
	}
	if err == nil {
		err = d.renew(ctx)
	}
	if err != nil {
		return fmt.Errorf("empty the copy of desk %s: %w", d.ID, err)
	}
	return nil
}
