package uplink

import (
	"context"
	"errors"
	"slices"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/journal"
)

// errTurned: the line came or went meanwhile, and what was under way was given
// up.
var errTurned = errors.New("the line came or went meanwhile")

// longest is how many times as long as the first the last wait of what failed is.
const longest = 60

// delivers hands over what is unsent, as soon as there is something. While the
// line counts as gone it tries now and then: a line may be too slow for
// questions, and not for this. A line that comes ends the wait.
func (u *Uplink) delivers(ctx context.Context) {
	backoff := u.Again
	for ctx.Err() == nil {
		in := u.now()
		held, err := u.deliverAll(ctx)
		switch {
		case err == nil && u.up() && held:
			backoff = u.Again
			_ = rest(ctx, u.Again/4, u.wake)
			continue
		case err == nil && u.up():
			backoff = u.Again
			u.leaves(ctx)
			_ = rest(ctx, 0, u.wake)
			continue
		case err == nil:
			backoff = u.Again
		case in.n != u.now().n:
			continue
		}
		until := time.Now().Add(u.jitter(backoff))
		for ctx.Err() == nil && time.Now().Before(until) {
			_ = rest(ctx, time.Until(until), u.wake)
			if u.up() && in.n != u.now().n {
				break
			}
		}
		if err != nil {
			backoff = min(2*backoff, longest*u.Again)
		}
	}
}

// deliverAll refills a system that was set back, and delivers until nothing is
// unsent, or it is paused; or held: what is left waits for others.
func (u *Uplink) deliverAll(ctx context.Context) (held bool, err error) {
	for {
		if u.paused() {
			return false, nil
		}
		more, held, err := u.deliver(ctx)
		if err != nil || !more {
			return held, err
		}
	}
}

// deliver delivers one batch. more: there may be more to deliver. held: what is left
// waits for others.
func (u *Uplink) deliver(ctx context.Context) (more, held bool, err error) {
	c, in, cancel := u.during(ctx, 10*u.Patience)
	defer cancel()
	d, more, held, err := u.batch(c)
	if len(d.Receipts) > 0 || len(d.Conflicts) > 0 {
		u.tell(Receipts{d})
		poke(u.pull)
	}
	if err != nil {
		more, err = u.forked(ctx, in, err)
		return more, held, err
	}
	if len(d.Receipts) > 0 {
		u.mu.Lock()
		u.st.Answer, u.st.Stuck, u.refusals = u.Desk.Now(), nil, 0
		u.mu.Unlock()
	}
	return more || len(d.Receipts) > 0, held, nil
}

// batch hands one batch over: what a system that was set back lacks first, then what
// is unsent and waits for nobody; and when nothing is, it fetches what the desk has lost.
func (u *Uplink) batch(ctx context.Context) (d Delivered, more, held bool, err error) {
	done, err := u.alone(ctx)
	if err != nil {
		return d, false, false, err
	}
	defer done()
	u.mu.Lock()
	lacks, heads := u.lacks, u.heads
	u.sending = time.Now()
	u.mu.Unlock()
	defer func() {
		u.mu.Lock()
		u.sending = time.Time{}
		u.mu.Unlock()
	}()
	if len(lacks) == 0 {
		es, held, err := u.unsent(ctx)
		if err != nil {
			return d, false, false, err
		}
		if d, err = u.line.handOver(ctx, es); err != nil || len(d.Receipts) > 0 {
			return d, false, held, err
		}
		d, more, err = u.line.Fetch(ctx, heads)
		return d, more, held, err
	}
	d, has, err := u.line.Refill(ctx, lacks[0])
	if err != nil {
		return d, false, false, err
	}
	left := lacks[1:]
	if has != nil {
		left = append([]journal.Mark{*has}, left...)
	}
	u.mu.Lock()
	if slices.Equal(u.lacks, lacks) {
		u.lacks = left
	}
	u.mu.Unlock()
	return d, true, false, nil
}

// forked handles a delivery that failed: where the system has another journal of this
// desk, or lacks what it had, the two are brought together, and it goes on.
func (u *Uplink) forked(ctx context.Context, in turn, err error) (more bool, _ error) {
	if errors.Is(err, journal.ErrFork) || errors.Is(err, journal.ErrGap) {
		if done, err := u.mended(ctx); err != nil || done {
			return done, err
		}
	}
	return false, u.undelivered(ctx, in, err)
}

// mended brings journal and system together after a delivery that did not fit, and
// reports whether that changed anything.
func (u *Uplink) mended(ctx context.Context) (bool, error) {
	u.mu.Lock()
	before, lacked := u.joined, u.lacks
	u.mu.Unlock()
	_ = u.greet(ctx) // it notes what came of it
	u.mu.Lock()
	heads := u.heads
	done := u.joined != before || len(u.lacks) > 0 && !slices.Equal(u.lacks, lacked)
	u.mu.Unlock()
	if done {
		return true, nil
	}
	p, err := u.Desk.Present(ctx)
	if err != nil {
		return false, deskError(err)
	}
	if old, err := u.line.before(ctx, heads, p); err != nil || len(old) == 0 {
		return false, nil // what was said of the delivery counts
	}
	_ = u.join(ctx, central.Forked)
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.joined != before, nil
}

// enoughRefusals is how many deliveries may fail at once, one after the other,
// while greetings are answered.
const enoughRefusals = 3

// undelivered says why a delivery, begun in a turn, failed, and what that means
// for the line.
func (u *Uplink) undelivered(ctx context.Context, in turn, err error) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if d := (*DeskError)(nil); errors.As(err, &d) {
		u.Log.Error("the desk could not deliver", "err", err)
		return err
	}
	if in.n != u.now().n {
		return errTurned
	}
	if errors.Is(err, journal.ErrFork) || errors.Is(err, journal.ErrGap) {
		u.stuck(err)
		return err
	}
	if !u.up() {
		return err
	}
	u.mu.Lock()
	if !errors.Is(err, context.DeadlineExceeded) {
		u.refusals++
	}
	refused := u.refusals >= enoughRefusals
	u.mu.Unlock()
	if refused {
		u.stuck(err)
		return err
	}
	u.failed(in, err)
	return err
}

func (u *Uplink) stuck(why error) {
	u.mu.Lock()
	fresh := u.st.Stuck == nil
	u.st.Stuck = why
	u.mu.Unlock()
	if fresh {
		u.Log.Error("the central system refuses this desk's entries", "why", why)
		u.tell(Stuck{why})
	}
}
