package uplink

import (
	"context"
	"errors"
	"fmt"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// Line does one thing at a time between a desk and a central system. It waits
// for nothing and repeats nothing: [Uplink] does.
type Line struct {
	Desk   *local.Desk
	System central.System
}

// Delivered is what came of one delivery.
type Delivered struct {
	Receipts  []journal.Receipt
	Conflicts []local.Conflict // new ones
}

// Deliver hands over the oldest entries without a receipt, one batch, and keeps
// the receipts durably. A system that has fewer entries than the desk believes
// is handed those that it lacks.
func (l Line) Deliver(ctx context.Context) (Delivered, error) {
	entries, err := l.Desk.Unsent(ctx, central.BatchSize)
	if err != nil || len(entries) == 0 {
		return Delivered{}, err
	}
	receipts, err := l.System.Deliver(ctx, entries)
	if gap := (*central.GapError)(nil); errors.As(err, &gap) {
		if receipts, err = l.refill(ctx, gap.Mark, entries[0].Seq); err != nil {
			return Delivered{}, err
		}
		return l.keep(ctx, receipts)
	}
	if err != nil {
		return Delivered{}, fmt.Errorf("deliver %d entries of desk %s: %w", len(entries), l.Desk.ID, err)
	}
	return l.keep(ctx, receipts)
}

// refill hands a system that was set back the entries after its mark, up to the
// one before seq. Their first receipts stay.
func (l Line) refill(ctx context.Context, mark journal.Mark, seq uint64) (all []journal.Receipt, err error) {
	for mark.Seq+1 < seq {
		es, err := l.Desk.After(ctx, mark, min(central.BatchSize, int(seq-mark.Seq-1)))
		if err != nil {
			return nil, err
		}
		if len(es) == 0 {
			return nil, fmt.Errorf("entries of desk %s after %d/%d are not in its journal any more: %w", l.Desk.ID, mark.Epoch, mark.Seq, journal.ErrGap)
		}
		rs, err := l.System.Deliver(ctx, es)
		if err != nil {
			return nil, fmt.Errorf("deliver %d entries of desk %s again: %w", len(es), l.Desk.ID, err)
		}
		all = append(all, rs...)
		mark = journal.Mark{Desk: mark.Desk, Epoch: es[len(es)-1].Epoch, Seq: es[len(es)-1].Seq}
	}
	return all, nil
}

func (l Line) keep(ctx context.Context, receipts []journal.Receipt) (Delivered, error) {
	conflicts, err := l.Desk.Settle(ctx, receipts)
	if err != nil {
		return Delivered{}, err
	}
	return Delivered{receipts, conflicts}, nil
}

// pageSize is how many rows of the feed are taken at once.
const pageSize = 2000

// Pull takes one page of the feed. complete: the copy is as fresh as the system.
func (l Line) Pull(ctx context.Context, wait time.Duration) (complete bool, err error) {
	feeder, ok := l.System.(central.Feeder)
	if !ok {
		return true, nil
	}
	cursor, err := l.Desk.Cursor(ctx)
	if err != nil {
		return false, err
	}
	p, err := feeder.Since(ctx, cursor, pageSize, wait)
	if errors.Is(err, central.ErrCursor) { // another store: its rows come from the beginning
		p, err = feeder.Since(ctx, "", pageSize, 0)
	}
	if err != nil {
		return false, fmt.Errorf("read the feed of desk %s: %w", l.Desk.ID, err)
	}
	if len(p.Rows) == 0 && p.Next == cursor && l.Desk.Pending() == 0 {
		return p.Complete, nil
	}
	return p.Complete, l.Desk.Take(ctx, cursor, p.Rows, p.Next, p.Complete)
}
