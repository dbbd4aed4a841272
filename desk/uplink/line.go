package uplink

import (
	"context"
	"errors"
	"fmt"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// Line does one thing at a time between a desk and a central system. It waits
// for nothing and repeats nothing: [Uplink] does.
type Line struct {
	Desk   *local.Desk
	System central.System
}

// DeskError: the desk's own journal or copy failed, not the line.
type DeskError struct{ Err error }

func (e *DeskError) Error() string { return e.Err.Error() }

// Unwrap gives what failed.
func (e *DeskError) Unwrap() error { return e.Err }

func deskError(err error) error {
	if err == nil {
		return nil
	}
	return &DeskError{err}
}

// Delivered is what came of one delivery.
type Delivered struct {
	Receipts  []journal.Receipt
	Conflicts []circ.Conflict // new ones
}

// Deliver hands over the oldest entries without a receipt, one batch, and keeps
// the receipts durably. A system that has fewer entries than the desk believes
// is handed the first that it lacks instead.
func (l Line) Deliver(ctx context.Context) (Delivered, error) {
	d, err := l.deliver(ctx)
	if gap := (*central.GapError)(nil); errors.As(err, &gap) {
		d, _, err = l.Refill(ctx, gap.Mark)
	}
	return d, err
}

func (l Line) deliver(ctx context.Context) (Delivered, error) {
	entries, err := l.Desk.Unsent(ctx, central.AtOnce(l.System))
	if err != nil {
		return Delivered{}, deskError(err)
	}
	return l.handOver(ctx, entries)
}

// handOver hands entries over, and keeps the receipts.
func (l Line) handOver(ctx context.Context, entries []journal.Entry) (Delivered, error) {
	if len(entries) == 0 {
		return Delivered{}, nil
	}
	receipts, err := l.System.Deliver(ctx, entries)
	if err != nil {
		return Delivered{}, fmt.Errorf("deliver %d entries of desk %s: %w", len(entries), l.Desk.ID, err)
	}
	conflicts, err := l.Desk.Settle(ctx, receipts)
	if err != nil {
		return Delivered{}, deskError(err)
	}
	return Delivered{receipts, conflicts}, nil
}

// Refill hands a system that was set back entries after its mark that it had
// taken before, one batch. Their first receipts stay; see
// [local.Desk.SettleAgain]. It gives the mark that the system has then; nil: it
// lacks nothing more.
func (l Line) Refill(ctx context.Context, mark journal.Mark) (d Delivered, has *journal.Mark, err error) {
	p, err := l.Desk.Present(ctx)
	if err != nil {
		return d, nil, deskError(err)
	}
	if mark.Epoch == 0 {
		mark.Epoch = p.Last.Epoch
	}
	had := p.Acked(mark.Epoch)
	if mark.Desk = l.Desk.ID; mark.Seq >= had {
		return d, nil, nil
	}
	es, err := l.Desk.After(ctx, mark, min(central.AtOnce(l.System), int(had-mark.Seq)))
	switch {
	case err != nil:
		return d, nil, deskError(err)
	case len(es) == 0:
		return d, nil, fmt.Errorf("entries of desk %s after %d/%d are not in its journal any more: %w", l.Desk.ID, mark.Epoch, mark.Seq, journal.ErrGap)
	}
	receipts, err := l.System.Deliver(ctx, es)
	if err != nil {
		return d, nil, fmt.Errorf("deliver %d entries of desk %s again: %w", len(es), l.Desk.ID, err)
	}
	conflicts, err := l.Desk.SettleAgain(ctx, receipts)
	if err != nil {
		return d, nil, deskError(err)
	}
	if mark.Seq = es[len(es)-1].Seq; mark.Seq < had {
		has = &mark
	}
	return Delivered{receipts, conflicts}, has, nil
}

// Fill fills a copy that has reached nothing yet from a snapshot, where the
// system gives one and the copy can take it: in segments (see
// [local.Desk.FillSegments]), or else in one piece (see [local.Desk.Fill]).
func (l Line) Fill(ctx context.Context, told local.Progress) (filled bool, err error) {
	if s, ok := l.System.(central.Segmenter); ok {
		filled, err := l.Desk.FillSegments(ctx, s, told)
		if !errors.Is(err, errors.ErrUnsupported) {
			return filled, err
		}
	}
	s, ok := l.System.(central.Snapshotter)
	if !ok {
		return false, nil
	}
	return l.Desk.Fill(ctx, s.Snapshot, func(came, kept int) { told.Filling(local.Filling{Came: came, Kept: kept}) })
}

// pageSize is how many rows of the feed are taken at once.
const pageSize = 2000

// Pull takes one page of the feed. complete: the copy is as fresh as the system.
// A cursor that is not of the system's feed is forgotten.
func (l Line) Pull(ctx context.Context, wait time.Duration) (complete bool, err error) {
	feeder, ok := l.System.(central.Feeder)
	if !ok {
		return true, nil
	}
	cursor, err := l.Desk.Cursor(ctx)
	if err != nil {
		return false, deskError(err)
	}
	p, err := feeder.Since(ctx, cursor, pageSize, wait)
	if errors.Is(err, central.ErrCursor) { // another store: its rows come from the beginning
		return false, deskError(l.Desk.Afresh(ctx, cursor))
	}
	if err != nil {
		return false, fmt.Errorf("read the feed of desk %s: %w", l.Desk.ID, err)
	}
	if len(p.Rows)+len(p.Gone) == 0 && p.Next == cursor && p.Complete && l.Desk.Pending() == 0 && !l.Desk.Confirm() {
		return true, nil
	}
	return p.Complete, deskError(l.Desk.TakePage(ctx, cursor, p))
}
