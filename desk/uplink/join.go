package uplink

import (
	"context"
	"errors"
	"fmt"

	"circdesk/desk/central"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// Joined is what became of a journal that did not go on from what the system has.
type Joined struct {
	State central.State // how it stood; normal: it goes on after all
	Epoch uint64        // in which the desk is now
	Again int           // entries that were written again, and are to be delivered under new numbers
}

// LostError: the system gives the desk no new epoch. Its journal lacks entries that
// the system does not have either, and it is to be enrolled again before it goes on.
type LostError struct{ Mark journal.Mark }

func (e *LostError) Error() string {
	return fmt.Sprintf("the journal of desk %s is lost after entry %d/%d: enrol the desk again, with a new code, and it goes on", e.Mark.Desk, e.Mark.Epoch, e.Mark.Seq)
}

// Hello greets the system with how the desk's journal stands. anew: the state in
// which the desk asks for a new epoch; empty: it does not.
func (l Line) Hello(ctx context.Context, version string, anew central.State) (w central.Welcome, p local.Presence, err error) {
	g, ok := l.System.(central.Greeter)
	if !ok {
		return w, p, nil
	}
	if p, err = l.Desk.Present(ctx); err != nil {
		return w, p, deskError(err)
	}
	w, err = g.Hello(ctx, central.Hello{
		Desk: l.Desk.ID, Library: string(l.Desk.Library), Last: p.Last, First: p.First, Acked: p.Acked(p.Last.Epoch), Left: p.Left,
		Epoch: p.Epoch, Cursor: p.Read, Anew: anew, Now: l.Desk.Now().UTC(), Version: version, Protocol: protocol,
	})
	if err != nil {
		return w, p, fmt.Errorf("greet the central system: %w", err)
	}
	return w, p, nil
}

// Stands says how the journal stands to what the system has: as the system says, and
// where it cannot know, by the desk's own entry under the system's last number.
func (l Line) Stands(ctx context.Context, w central.Welcome, p local.Presence) (central.State, error) {
	if w.State != central.Normal {
		return w.State, nil
	}
	m := w.Mark
	if m.Seq == 0 || m.Epoch != p.Last.Epoch || m.Seq > p.Last.Seq || m == p.Last {
		return central.Normal, nil
	}
	e, ok, err := l.Desk.At(ctx, m.Epoch, m.Seq)
	switch {
	case err != nil:
		return "", deskError(err)
	case !ok:
		return central.Lost, nil
	case e.Hash() != m.Hash:
		return central.Forked, nil
	}
	return central.Normal, nil
}

// Join asks for a new epoch, since the journal stands in a state that is not normal,
// and begins it: what the system does not have of the old one is written again, and
// what only the system has is missing until [Line.Fetch]. Where the system finds that
// the journal goes on after all, nothing changes. Nothing is delivered meanwhile.
func (l Line) Join(ctx context.Context, version string, found central.State) (j Joined, w central.Welcome, err error) {
	w, p, err := l.Hello(ctx, version, found)
	if err != nil {
		return j, w, err
	}
	j = Joined{State: w.State, Epoch: p.Last.Epoch}
	if w.Grant == 0 {
		if w.State == central.Normal {
			return j, w, nil
		}
		return j, w, &LostError{Mark: w.Mark}
	}
	common, err := l.before(ctx, w.Heads, p)
	if err != nil {
		return j, w, err
	}
	common[p.Last.Epoch], err = p.Last.Seq, nil
	if w.State != central.Restored {
		common[p.Last.Epoch], err = l.common(ctx, w.Heads, p, p.Last)
	}
	if err != nil {
		return j, w, err
	}
	j.Again, err = l.Desk.Begin(ctx, p.Last.Epoch, common, w.Grant, p.Last.Seq == 0 && w.State == central.Lost)
	if err != nil {
		return j, w, deskError(err)
	}
	j.Epoch = w.Grant
	return j, w, nil
}

// before gives the older epochs of the desk of which the system has other entries, or
// fewer than the desk and others behind them, and the last number that both have in
// common. That is so when the system was put back, and another copy of the desk came
// first.
func (l Line) before(ctx context.Context, heads []journal.Mark, p local.Presence) (map[uint64]uint64, error) {
	out := map[uint64]uint64{}
	for _, end := range p.Ends {
		if end.Epoch == p.Last.Epoch || end.Seq == 0 {
			continue
		}
		common, err := l.common(ctx, heads, p, end)
		if err != nil {
			return nil, err
		}
		if has := seqOf(heads, end.Epoch); common < min(end.Seq, has) {
			out[end.Epoch] = common
		}
	}
	return out, nil
}

// common gives the last number of an epoch under which desk and system have the same
// entry; end is the last that the desk has. Entries name the one before, so what
// follows it is different in all.
func (l Line) common(ctx context.Context, heads []journal.Mark, p local.Presence, end journal.Mark) (uint64, error) {
	epoch := end.Epoch
	has := journal.Mark{}
	for _, m := range heads {
		if m.Epoch == epoch {
			has = m
		}
	}
	same := func(n uint64) (bool, error) {
		mine, ok, err := l.Desk.At(ctx, epoch, n)
		if err != nil || !ok {
			return false, deskError(err)
		}
		if n == has.Seq {
			return mine.Hash() == has.Hash, nil
		}
		r, ok := l.System.(central.Recorder)
		if !ok { // what it gave a receipt for is the same
			return n <= p.Acked(epoch), nil
		}
		theirs, err := r.Recorded(ctx, journal.Mark{Desk: l.Desk.ID, Epoch: epoch, Seq: n - 1}, 1)
		if err != nil {
			return false, fmt.Errorf("look for the last entry that both have: %w", err)
		}
		return len(theirs) > 0 && theirs[0].Entry.Hash() == mine.Hash(), nil
	}
	low, high := uint64(0), min(end.Seq, has.Seq)
	if epoch == p.Last.Epoch {
		low = max(p.First, 1) - 1
	}
	for middle := high; low < high; middle = low + (high-low+1)/2 { // most often all is the same
		ok, err := same(middle)
		if err != nil {
			return 0, err
		}
		if ok {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low, nil
}

// Fetch fetches some of what is missing from the desk's journal; more: there may be
// more. heads is the last entry that the system has of each of the desk's epochs.
func (l Line) Fetch(ctx context.Context, heads []journal.Mark) (d Delivered, more bool, err error) {
	m, err := l.Desk.Missing(ctx)
	if err != nil || m == nil {
		return d, false, deskError(err)
	}
	next := func() *local.Missing {
		for _, h := range heads {
			if h.Epoch > m.Epoch && h.Epoch < m.Until {
				return &local.Missing{Epoch: h.Epoch, Until: m.Until}
			}
		}
		return nil
	}
	r, ok := l.System.(central.Recorder)
	if !ok {
		_, err := l.Desk.Regain(ctx, nil, nil, nil)
		return d, false, deskError(err)
	}
	found, err := r.Recorded(ctx, journal.Mark{Desk: l.Desk.ID, Epoch: m.Epoch, Seq: m.After}, central.BatchSize)
	if err != nil {
		return d, false, fmt.Errorf("fetch what the journal of desk %s has lost: %w", l.Desk.ID, err)
	}
	var es []journal.Entry
	after := next()
	for _, f := range found {
		es, d.Receipts = append(es, f.Entry), append(d.Receipts, f.Receipt)
		after = &local.Missing{Epoch: m.Epoch, After: f.Entry.Seq, Until: m.Until}
	}
	d.Conflicts, err = l.Desk.Regain(ctx, es, d.Receipts, after)
	if errors.Is(err, journal.ErrFork) || errors.Is(err, journal.ErrGap) { // the desk has others in their places
		d.Receipts = nil
		after = next()
		_, err = l.Desk.Regain(ctx, nil, nil, after)
	}
	return d, after != nil, deskError(err)
}
