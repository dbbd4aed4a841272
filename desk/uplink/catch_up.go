package uplink

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
)

// mostAtOnce is how many rows of the feed are put into the copy in one commit: so many
// that records beside each other share it, so few that memory is not felt.
const mostAtOnce = 10_000

// CatchUp takes the feed up to its end: while pages are put into the copy the next are
// asked for, and those that came meanwhile are put together. patience bounds each
// question. What was taken stays when it fails. Whether the copy is as fresh as the
// system the next [Line.Pull] says; it also sees to a cursor that is not of the feed.
func (l Line) CatchUp(ctx context.Context, patience time.Duration) error {
	feeder, ok := l.System.(central.Feeder)
	if !ok {
		return nil
	}
	cursor, err := l.Desk.Cursor(ctx)
	if err != nil {
		return deskError(err)
	}
	ctx, cancel := context.WithCancel(ctx)
	pages := make(chan central.Page, mostAtOnce/pageSize)
	var failed error // of the questions; read when pages is closed
	go func(from string) {
		defer close(pages)
		for end := false; !end && failed == nil; {
			var p central.Page
			p, failed = ask(ctx, feeder, from, patience)
			if failed != nil {
				return
			}
			select {
			case pages <- p:
			case <-ctx.Done():
				failed = ctx.Err()
			}
			from, end = p.Next, p.Complete
		}
	}(cursor)
	defer func() {
		cancel()
		for range pages { // until nobody asks any more
		}
	}()
	for p := range pages {
		for more := true; more && len(p.Rows)+len(p.Gone) < mostAtOnce; {
			var next central.Page
			select {
			case next, more = <-pages:
				if more {
					p = joined(p, next)
				}
			default:
				more = false
			}
		}
		if err := l.Desk.TakePage(ctx, cursor, p); err != nil {
			return deskError(err)
		}
		cursor = p.Next
	}
	if failed != nil && !errors.Is(failed, central.ErrCursor) {
		return fmt.Errorf("read the feed of desk %s: %w", l.Desk.ID, failed)
	}
	return nil
}

func ask(ctx context.Context, f central.Feeder, from string, patience time.Duration) (central.Page, error) {
	c, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return f.Since(c, from, pageSize, 0)
}

// joined is two pages of the feed as one: of a row the later page counts.
func joined(p, next central.Page) central.Page {
	gone := map[circ.Key]bool{}
	for _, k := range next.Gone {
		gone[k] = true
	}
	back := map[circ.Key]bool{}
	for _, r := range next.Rows {
		back[r.Key()] = true
	}
	rows, left := p.Rows, p.Gone
	if len(gone) > 0 {
		rows = slices.DeleteFunc(slices.Clone(rows), func(r circ.Row) bool { return gone[r.Key()] })
	}
	if len(left) > 0 {
		left = slices.DeleteFunc(slices.Clone(left), func(k circ.Key) bool { return back[k] })
	}
	return central.Page{Rows: append(rows, next.Rows...), Gone: append(left, next.Gone...), Next: next.Next, Complete: next.Complete}
}
