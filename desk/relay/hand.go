package relay

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Central is what the relay needs of the central server, for desks of the branch.
type Central interface {
	central.System
	central.Recorder
	// Anew gives a new epoch for a desk, of which the server has another entry than
	// the relay under the number of a mark.
	Anew(ctx context.Context, other journal.Mark) (epoch uint64, err error)
}

// HandOn hands on what the central server does not have, in the order in which it came
// here, so that nothing arrives before what its desk had seen. What comes meanwhile is due
// after that. A chain that the server does not take is left, and the others go on. An error
// says why not all of them could be tried: the line is gone, or the relay's own file fails.
func (r *Relay) HandOn(ctx context.Context, c Central) error {
	p, err := r.Desk.Present(ctx)
	if err != nil {
		return err
	}
	if err := r.meets(ctx, p.Epoch); err != nil {
		return err
	}
	r.mu.Lock()
	due := r.took.runs()
	pieces := len(due)
	for _, at := range r.order { // what is in no run, or was left
		due = append(due, run{place: at, To: r.chains[at].last.Seq})
	}
	r.mu.Unlock()
	left := map[place]bool{}
	for i, d := range due {
		if r.sent(d.place) >= d.To || i < pieces && left[d.place] {
			continue
		}
		if err := r.handChain(ctx, c, d.place, d.To); err != nil {
			return fmt.Errorf("hand on what desk %s has written in epoch %d: %w", d.Desk, d.Epoch, err)
		}
		left[d.place] = r.sent(d.place) < d.To
	}
	return nil
}

// sent gives up to which entry of a chain the central server has answered.
func (r *Relay) sent(at place) uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	if ch := r.chains[at]; ch != nil {
		return ch.sent
	}
	return 0
}

// meets notes which store the central server has. Of another one than before nobody knows
// what is in it.
func (r *Relay) meets(ctx context.Context, epoch string) error {
	r.mu.Lock()
	was := r.epoch
	if was != epoch {
		for _, ch := range r.chains {
			ch.sent, ch.ask = 0, was != ""
		}
		r.epoch = epoch
	}
	r.mu.Unlock()
	if was == epoch {
		return nil
	}
	err := r.Desk.Journal.Update(ctx, func(tx journal.JournalTx) error { return tx.SetNote(ctx, noteEpoch, []byte(epoch)) })
	if err != nil {
		r.mu.Lock()
		r.epoch = was
		r.mu.Unlock()
	}
	return err
}

// handChain hands on a chain's entries up to a number.
func (r *Relay) handChain(ctx context.Context, c Central, at place, upTo uint64) error {
	home, err := r.Desk.HasHome(ctx, at.Desk, at.Epoch)
	if err != nil {
		return err
	}
	other, err := r.arrived(ctx, c, at, home)
	if err != nil {
		return err
	}
	if other {
		return r.parts(ctx, c, at, journal.Mark{Desk: at.Desk, Epoch: at.Epoch, Seq: home.Seq})
	}
	r.mu.Lock()
	ch := r.chains[at]
	from := max(min(home.Seq, ch.last.Seq), ch.sent)
	if last := min(ch.last.Seq, upTo); ch.ask && last > 0 { // the copy says what the other store had: the last entry shows what this one has
		if ch.end != nil {
			last = min(last, *ch.end)
		}
		from = min(from, max(last, 1)-1)
	}
	r.mu.Unlock()
	for tries := 0; ; {
		es, err := r.after(ctx, at, from)
		es = slices.DeleteFunc(es, func(e journal.Entry) bool { return e.Seq > upTo })
		if err != nil || len(es) == 0 {
			return err
		}
		receipts, err := c.Deliver(ctx, es)
		gap, fork, barred := (*central.GapError)(nil), (*central.ForkError)(nil), (*central.StandingError)(nil)
		switch {
		case err == nil:
			if err := r.home(ctx, at, es, receipts); err != nil {
				return err
			}
			from = es[len(es)-1].Seq
			continue
		case errors.As(err, &gap) && tries == 0 && gap.Mark.Epoch == at.Epoch: // it was put back
			tries, from = 1, gap.Mark.Seq
			continue
		case errors.As(err, &fork):
			return r.parts(ctx, c, at, fork.Mark)
		case errors.As(err, &gap): // what lies between is not here, and perhaps nowhere
			return r.parts(ctx, c, at, gap.Mark)
		case errors.As(err, &barred):
			r.leave(at, err)
			return nil
		}
		return err
	}
}

// arrived notes what is home without the relay, which the copy says by a number only:
// the central server may have another entry under it.
func (r *Relay) arrived(ctx context.Context, c Central, at place, home circ.Mark) (other bool, err error) {
	r.mu.Lock()
	ch := r.chains[at]
	upTo := ch.last.Seq
	if ch.end != nil {
		upTo = min(upTo, *ch.end)
	}
	upTo = min(upTo, home.Seq)
	known := upTo <= ch.sent || ch.ask
	r.mu.Unlock()
	if known {
		return false, nil
	}
	mine, err := r.after(ctx, at, upTo-1)
	if err != nil || len(mine) == 0 || mine[0].Seq != upTo {
		return false, err
	}
	theirs, err := markOf(home)
	if err != nil {
		return false, err
	}
	if upTo < home.Seq {
		found, err := c.Recorded(ctx, journal.Mark{Desk: at.Desk, Epoch: at.Epoch, Seq: upTo - 1}, 1)
		if err != nil {
			return false, err
		}
		if len(found) == 0 { // it was put back since
			return false, nil
		}
		theirs.Hash = found[0].Entry.Hash()
	}
	if theirs.Hash != mine[0].Hash() {
		return true, nil
	}
	r.mu.Lock()
	ch.sent = max(ch.sent, upTo)
	r.mu.Unlock()
	return false, nil
}

// after gives a batch of a chain.
func (r *Relay) after(ctx context.Context, at place, seq uint64) (es []journal.Entry, err error) {
	r.mu.Lock()
	end := r.chains[at].end
	r.mu.Unlock()
	err = r.Desk.Journal.View(ctx, func(tx journal.JournalTx) error {
		es, err = tx.Entries(ctx, journal.Mark{Desk: at.Desk, Epoch: at.Epoch, Seq: seq}, central.BatchSize)
		return err
	})
	if end != nil {
		es = slices.DeleteFunc(es, func(e journal.Entry) bool { return e.Seq > *end })
	}
	return es, err
}

// leave notes why a chain is not handed on for now. It is told once.
func (r *Relay) leave(at place, why error) {
	r.mu.Lock()
	c := r.chains[at]
	fresh := c.why == nil || c.why.Error() != why.Error()
	c.why = why
	r.mu.Unlock()
	if fresh {
		r.Log.Warn("a desk's entries wait here: the central server does not take them from this relay", "desk", at.Desk, "epoch", at.Epoch, "why", why)
	}
}

// home notes what the central server made of entries, for all desks.
func (r *Relay) home(ctx context.Context, at place, es []journal.Entry, receipts []journal.Receipt) error {
	if len(receipts) != len(es) {
		return fmt.Errorf("%d receipts for %d entries", len(receipts), len(es))
	}
	err := r.Desk.Journal.Update(ctx, func(tx journal.JournalTx) error {
		for _, receipt := range receipts {
			if err := tx.Settle(ctx, receipt); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	c := r.chains[at]
	c.sent, c.why = max(c.sent, es[len(es)-1].Seq), nil
	if last := es[len(es)-1].Seq; last == c.last.Seq || c.end != nil && last >= *c.end {
		c.ask = false
	}
	var other []int
	for i, receipt := range receipts {
		if was, shown := r.told[receipt.Entry]; shown && !circ.Same(was.Events, receipt.Events) {
			other = append(other, i)
		}
	}
	r.mu.Unlock()
	for _, i := range other {
		if err := r.tell(ctx, workOf(es[i], receipts[i]), receipts[i]); err != nil {
			return err
		}
	}
	return nil
}

// parts goes on with a chain of which the central server has other entries, or lacks some
// that are not here: the desk or the server was put back from a backup, or the desk was
// copied, and somebody else came first. What only the relay
// has is written again in a new epoch, in its order and under its ids; the desk does the
// same with what it has, and what is told twice is done once.
func (r *Relay) parts(ctx context.Context, c Central, at place, theirs journal.Mark) error {
	before := r.endOf(at)
	common, err := r.common(ctx, c, at, theirs) // what stands there stays, whatever comes meanwhile
	if err != nil {
		return err
	}
	grant, err := c.Anew(ctx, journal.Mark{Desk: at.Desk, Epoch: at.Epoch, Seq: common})
	if barred := (*central.StandingError)(nil); errors.As(err, &barred) {
		r.leave(at, err)
		return nil
	}
	if err != nil {
		return err
	}
	done, err := r.alone(ctx)
	if err != nil {
		return err
	}
	defer done()
	if r.endOf(at) != before { // somebody else was there first
		r.poke()
		return nil
	}
	es, _, err := r.held(ctx, at, common)
	if err != nil {
		return err
	}
	next := journal.Mark{Desk: at.Desk, Epoch: grant}
	var again []journal.Entry
	for _, e := range es {
		moved, err := e.Again(next)
		if err != nil {
			return err
		}
		again = append(again, moved)
		next.Seq, next.Hash = moved.Seq, moved.Hash()
	}
	if err := r.move(ctx, at, common, again); err != nil {
		return err
	}
	r.Log.Warn("the central server has other entries of a desk: what only the relay has goes on in a new epoch", "desk", at.Desk, "epoch", at.Epoch, "after", common, "grant", grant, "again", len(again))
	for _, e := range again {
		r.mu.Lock()
		receipt := r.told[e.Act.ID]
		r.mu.Unlock()
		if err := r.tell(ctx, workOf(e, receipt), receipt); err != nil {
			return err
		}
	}
	r.poke()
	return nil
}

// endOf gives where a chain ends; nil: nothing of it was written again.
func (r *Relay) endOf(at place) *uint64 {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.chains[at].end
}

// move writes entries again in another epoch; the chain where they stood ends before.
func (r *Relay) move(ctx context.Context, at place, common uint64, again []journal.Entry) error {
	r.mu.Lock()
	was := r.chains[at].end
	r.chains[at].end = &common
	r.mu.Unlock()
	if len(again) == 0 {
		return nil
	}
	err := r.keep(ctx, place{at.Desk, again[0].Epoch}, again, nil)
	if err != nil {
		r.mu.Lock()
		r.chains[at].end = was
		r.mu.Unlock()
	}
	return err
}

// common gives the last number of a chain under which the relay and the central server
// have the same entry.
func (r *Relay) common(ctx context.Context, c Central, at place, theirs journal.Mark) (uint64, error) {
	if theirs.Epoch != at.Epoch { // it does not know this epoch
		return 0, nil
	}
	all, _, err := r.held(ctx, at, 0)
	if err != nil || len(all) == 0 {
		return 0, err
	}
	begin := all[0].Seq - 1
	low, high := begin, min(all[len(all)-1].Seq, theirs.Seq)
	for low < high {
		middle := low + (high-low+1)/2
		found, err := c.Recorded(ctx, journal.Mark{Desk: at.Desk, Epoch: at.Epoch, Seq: middle - 1}, 1)
		if err != nil {
			return 0, err
		}
		if len(found) > 0 && found[0].Entry.Hash() == all[middle-1-begin].Hash() {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return low, nil
}

// Run hands on whenever something is due and ready says that the central server answers,
// until the context ends. failed hears why not all could be handed on.
func (r *Relay) Run(ctx context.Context, c Central, ready func() bool, failed func(error)) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-r.due:
		}
		if !ready() {
			continue
		}
		if err := r.HandOn(ctx, c); err != nil && ctx.Err() == nil {
			failed(err)
		}
	}
}

// markOf reads a mark's row.
func markOf(m circ.Mark) (journal.Mark, error) {
	out := journal.Mark{Desk: m.Desk, Epoch: m.Epoch, Seq: m.Seq}
	if m.Hash == "" {
		return out, nil
	}
	if n, err := hex.Decode(out.Hash[:], []byte(m.Hash)); err != nil || n != len(out.Hash) || len(m.Hash) != 2*n {
		return out, fmt.Errorf("the mark of desk %s has no hash: %q", m.Desk, m.Hash)
	}
	return out, nil
}
