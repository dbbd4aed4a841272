package uplink

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// A Relay takes the desk's journal while it waits for the central system, and tells what
// the other desks of the branch have done.
type Relay interface {
	// Meet greets it, and says how far it has come with epochs of the desk.
	Meet(ctx context.Context, epochs []uint64) (central.RelayMet, error)
	// Hand hands over entries of one epoch, in their order: as many of them as fit. It
	// gives the last that the relay has then, and how many were taken. It is no receipt.
	Hand(ctx context.Context, entries []journal.Entry) (m journal.Mark, n int, err error)
	// Works gives what was done after a number, and waits for it. run names the memory
	// that the number is of: when now is another one, all begins anew.
	Works(ctx context.Context, run string, after uint64, wait time.Duration) (works []local.Work, now string, next uint64, err error)
}

// RelayStatus is how the line to the relay is.
type RelayStatus struct {
	Has   bool        // the desk has a relay
	There bool        // it answers
	Name  circ.DeskID // of the relay; empty: it has not been met
	Held  int         // entries without a receipt that it holds
	Why   error       // why it takes no entries; nil: it does, or is not there
}

// Branch is a desk's end of the line to the relay of its branch. All that the desk writes
// is handed to the relay, whether the central system answers or not: an entry is
// delivered when that has given its receipt, and not before.
type Branch struct {
	Desk  *local.Desk
	Relay Relay
	On    func(RelayStatus) // hears when the relay comes, goes, or holds more; nil: nobody does
	Log   *slog.Logger      // nil: nothing is logged
	// Patience is how long an answer may take; zero: 5 s.
	Patience time.Duration
	// Again is how long the relay is left alone after it did not answer; then twice as
	// long each time, at most fifteen times. Zero: 1 s.
	Again time.Duration

	jitter  func(time.Duration) time.Duration
	wake    chan struct{}
	once    sync.Once
	handing sync.Mutex // one at a time

	mu    sync.Mutex // what follows
	st    RelayStatus
	met   bool
	heads map[uint64]journal.Mark // how far the relay has come, by epoch
	run   string
	after uint64
	tried bool // the relay has taken all, or has not
	heard bool // of all that the branch had done when it was asked last
}

func (b *Branch) begin() {
	b.once.Do(func() {
		b.wake = make(chan struct{}, 1)
		b.heads = map[uint64]journal.Mark{}
		if b.Log == nil {
			b.Log = slog.New(slog.DiscardHandler)
		}
		if b.Patience == 0 {
			b.Patience = 5 * time.Second
		}
		if b.Again == 0 {
			b.Again = time.Second
		}
		if b.jitter == nil {
			b.jitter = jitter
		}
	})
}

// Wake says that there is something to hand over.
func (b *Branch) Wake() {
	b.begin()
	poke(b.wake)
}

// Status says how the line to the relay is.
func (b *Branch) Status() RelayStatus {
	b.begin()
	b.mu.Lock()
	st, upTo := b.st, make(map[uint64]uint64, len(b.heads))
	for e, m := range b.heads {
		upTo[e] = m.Seq
	}
	b.mu.Unlock()
	st.Has, st.Held = true, b.Desk.UnsettledWithin(upTo)
	return st
}

// order says whether the relay hands this desk's entries on in the branch's order, as far
// as is known, and whether the desk knows that order.
func (b *Branch) order() (keeps, known bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return !b.tried || b.st.There && b.st.Why == nil, b.tried && b.heard
}

// there reports whether the relay answers.
func (b *Branch) there() bool {
	b.begin()
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.met
}

// Run hands over and hears, until the context ends.
func (b *Branch) Run(ctx context.Context) {
	b.begin()
	var wg sync.WaitGroup
	wg.Go(func() { b.hands(ctx) })
	wg.Go(func() { b.hears(ctx) })
	wg.Wait()
}

// handedAgain is how often the relay is asked how far it is when nothing is written, in
// times of [Branch.Again].
const handedAgain = 15

func (b *Branch) hands(ctx context.Context) {
	backoff := b.Again
	for ctx.Err() == nil {
		err := b.Hand(ctx)
		if err == nil {
			backoff = b.Again
			_ = rest(ctx, handedAgain*b.Again, b.wake)
			continue
		}
		_ = rest(ctx, b.jitter(backoff), nil)
		backoff = min(2*backoff, longest/4*b.Again)
	}
}

// forkedError: the relay has other entries of this desk.
type forkedError struct{ at journal.Mark }

func (e *forkedError) Error() string {
	return fmt.Sprintf("the relay has other entries of desk %s from another copy of its journal, up to %d/%d: what is written here goes to the central server itself", e.at.Desk, e.at.Epoch, e.at.Seq)
}

// Hand hands over all that the relay does not have, now.
func (b *Branch) Hand(ctx context.Context) error {
	b.begin()
	b.handing.Lock()
	defer b.handing.Unlock()
	err := b.handAll(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	own, forked := (*DeskError)(nil), (*forkedError)(nil)
	switch {
	case err == nil:
		b.says(func(st *RelayStatus) { st.There, st.Why = true, nil })
	case errors.As(err, &own):
		b.Log.Error("the journal could not be handed to the relay", "err", err)
	case errors.As(err, &forked):
		b.says(func(st *RelayStatus) { st.There, st.Why = true, err })
	default:
		b.lost(err)
	}
	return err
}

// lost notes that the relay does not answer, or takes nothing.
func (b *Branch) lost(why error) {
	_, unknown := errors.AsType[*central.UnknownRelayError](why)
	_, barred := errors.AsType[*central.StandingError](why)
	b.mu.Lock()
	b.met, b.heard = false, false
	b.mu.Unlock()
	b.says(func(st *RelayStatus) {
		if st.There, st.Why = false, nil; unknown || barred {
			st.Why = why
		}
	})
}

// says changes the status, and lets it be known where that is another one now.
func (b *Branch) says(change func(*RelayStatus)) {
	b.mu.Lock()
	was := b.st
	change(&b.st)
	b.tried = true
	now := b.st
	b.mu.Unlock()
	switch {
	case was.There && !now.There:
		b.Log.Warn("the relay is gone")
	case !was.There && now.There:
		b.Log.Info("the relay is there", "relay", now.Name)
	case fmt.Sprint(was.Why) != fmt.Sprint(now.Why) && now.Why != nil:
		b.Log.Warn("the relay takes nothing from this desk", "why", now.Why)
	}
	if b.On != nil {
		b.On(b.Status())
	}
}

func (b *Branch) handAll(ctx context.Context) error {
	p, err := b.Desk.Present(ctx)
	if err != nil {
		return deskError(err)
	}
	if err := b.meet(ctx, p); err != nil {
		return err
	}
	for i, end := range p.Ends {
		if err := b.handEpoch(ctx, end, i == len(p.Ends)-1); err != nil {
			return err
		}
	}
	return nil
}

// meet greets the relay unless that was done, and nothing has been lost since.
func (b *Branch) meet(ctx context.Context, p local.Presence) error {
	b.mu.Lock()
	met := b.met
	for _, end := range p.Ends {
		if _, known := b.heads[end.Epoch]; !known {
			met = false
		}
	}
	b.mu.Unlock()
	if met {
		return nil
	}
	var epochs []uint64
	for _, end := range p.Ends {
		epochs = append(epochs, end.Epoch)
	}
	c, cancel := context.WithTimeout(ctx, b.Patience)
	defer cancel()
	m, err := b.Relay.Meet(c, epochs)
	if err != nil {
		return err
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.met, b.st.Name = true, m.Relay
	clear(b.heads)
	for _, h := range m.Heads {
		b.heads[h.Epoch] = h
	}
	return nil
}

// handEpoch hands over what the relay lacks of an epoch.
func (b *Branch) handEpoch(ctx context.Context, end journal.Mark, newest bool) error {
	for gaps := 0; ; {
		b.mu.Lock()
		from := b.heads[end.Epoch]
		b.mu.Unlock()
		from.Desk, from.Epoch = b.Desk.ID, end.Epoch
		if from.Seq > end.Seq && newest {
			return &forkedError{from}
		}
		if from.Seq >= end.Seq { // of an older epoch the relay may have what was written again since
			return nil
		}
		es, err := b.Desk.After(ctx, from, min(central.BatchSize, int(end.Seq-from.Seq)))
		if err != nil {
			return deskError(err)
		}
		if len(es) == 0 {
			return nil
		}
		c, cancel := context.WithTimeout(ctx, b.Patience)
		m, _, err := b.Relay.Hand(c, es)
		cancel()
		gap := (*central.GapError)(nil)
		switch {
		case errors.As(err, &gap) && gap.Mark.Epoch == end.Epoch && gaps == 0: // it has less than it said: it is another one
			gaps, m = 1, gap.Mark
		case errors.Is(err, journal.ErrFork) && !newest:
			return nil
		case errors.Is(err, journal.ErrFork):
			return &forkedError{from}
		case err != nil:
			return err
		case m.Seq <= from.Seq:
			return fmt.Errorf("hand entries to the relay: it has %d/%d then, as before", m.Epoch, m.Seq)
		}
		b.mu.Lock()
		b.heads[end.Epoch] = m
		b.mu.Unlock()
	}
}

// hears lays what the branch does over the copy.
func (b *Branch) hears(ctx context.Context) {
	backoff := b.Again
	for ctx.Err() == nil {
		b.mu.Lock()
		met := b.met
		b.mu.Unlock()
		if !met {
			_ = rest(ctx, b.Again/4, nil)
			continue
		}
		wait := feedWait
		b.mu.Lock()
		if !b.heard {
			wait = 0
		}
		b.mu.Unlock()
		if err := b.Hear(ctx, wait); err != nil && ctx.Err() == nil {
			b.lost(err)
			b.Wake()
			_ = rest(ctx, b.jitter(backoff), nil)
			backoff = min(2*backoff, longest/4*b.Again)
			continue
		}
		backoff = b.Again
	}
}

// Hear lays the next of what the branch has done over the copy, and waits for it at most
// so long.
func (b *Branch) Hear(ctx context.Context, wait time.Duration) error {
	b.begin()
	b.mu.Lock()
	run, after := b.run, b.after
	b.mu.Unlock()
	c, cancel := context.WithTimeout(ctx, wait+b.Patience)
	defer cancel()
	works, now, next, err := b.Relay.Works(c, run, after, wait)
	if err != nil {
		return err
	}
	if now != run {
		if err := b.Desk.Unhear(ctx); err != nil {
			return deskError(err)
		}
		b.mu.Lock()
		b.met = b.met && run == "" // it began anew: how far is it?
		b.mu.Unlock()
		if run != "" {
			b.Wake()
		}
	}
	if err := b.Desk.Hear(ctx, works); err != nil {
		return deskError(err)
	}
	b.mu.Lock()
	b.run, b.after = now, next
	b.heard = len(works) == 0 || b.heard && now == run
	b.mu.Unlock()
	if len(works) > 0 && b.On != nil {
		b.On(b.Status())
	}
	return nil
}
