package local

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"circdesk/desk/central"
	"circdesk/desk/circ"
)

// A Loader is a copy that takes very many rows at once, much faster than page
// by page. Rows come in any order; an error of rows ends it. progress, if not
// nil, is told how many rows are done.
type Loader interface {
	Load(ctx context.Context, rows iter.Seq2[circ.Row, error], progress func(n int)) error
}

// errEnough ends a snapshot whose rows nobody takes any more.
var errEnough = errors.New("no more rows are taken")

// Fill fills a copy that has reached nothing yet from a snapshot, which puts
// all rows and then gives the cursor from which the feed goes on. filled is
// false, without an error, when the copy has reached something or is no
// [Loader]: then the feed fills it. A fill that was cut short is begun anew.
// progress is told how many rows came and how many of them are kept.
func (d *Desk) Fill(ctx context.Context, snapshot func(ctx context.Context, put func([]circ.Row) error) (cursor string, err error), progress func(came, kept int)) (filled bool, err error) {
	loader, ok := d.Cache.(Loader)
	if !ok {
		return false, nil
	}
	d.taking.Lock()
	defer d.taking.Unlock()
	if at, err := d.Cursor(ctx); err != nil || at != "" {
		return false, err
	}
	came, next := 0, ""
	rows := func(yield func(circ.Row, error) bool) {
		more := true
		cursor, err := snapshot(ctx, func(rows []circ.Row) error {
			for _, r := range rows {
				if more = more && yield(r, nil); !more {
					return errEnough
				}
			}
			came += len(rows)
			progress(came, 0)
			return nil
		})
		if err == nil && cursor == "" {
			err = errors.New("the snapshot has no cursor")
		}
		if err != nil && more {
			yield(nil, err)
		}
		next = cursor
	}
	err = loader.Load(ctx, rows, func(n int) { progress(came, n) })
	d.readNames()
	d.mu.Lock()
	d.movedOn()
	d.mu.Unlock()
	if err == nil {
		err = d.take(ctx, "", central.Page{Next: next})
	}
	if err != nil {
		return false, fmt.Errorf("fill the copy of desk %s: %w", d.ID, err)
	}
	return true, nil
}
