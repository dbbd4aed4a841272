package uplink

import (
	"context"
	"errors"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// protocol is the version of what is said in a greeting.
const protocol = 2

// beats greets the system so often that a line that went or came is noticed
// within seconds.
func (u *Uplink) beats(ctx context.Context) {
	for ctx.Err() == nil {
		_ = u.greet(ctx) // it notes what came of it
		wait := u.Beat
		if !u.up() {
			wait /= 4
		}
		if rest(ctx, wait, u.beat) != nil {
			return
		}
	}
}

// Probe greets the system now, as often as it takes until it is known how the
// line is: once when it does not answer. It may be called whether the uplink
// runs or not, and changes nothing where nothing has changed.
func (u *Uplink) Probe(ctx context.Context) Status {
	_ = u.probe(ctx) // the status says it
	return u.Status()
}

// probe says why the line does not count as there.
func (u *Uplink) probe(ctx context.Context) error {
	for range neededAnswers {
		if err := u.greet(ctx); err != nil {
			return err
		}
		if u.up() {
			break
		}
	}
	if !u.up() { // it went meanwhile
		return errTurned
	}
	return nil
}

// greet greets the system once. An error says why it did not answer.
func (u *Uplink) greet(ctx context.Context) error {
	in := u.now()
	if _, ok := u.System.(central.Greeter); !ok {
		u.greeted(in, central.Welcome{}, 0)
		return nil
	}
	begun := time.Now()
	c, cancel := context.WithTimeout(ctx, u.Patience)
	defer cancel()
	w, p, err := u.line.Hello(c, u.Version, "")
	took := time.Since(begun)
	own := (*DeskError)(nil)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &own):
		u.Log.Error("the journal could not be read", "err", err)
		return err
	case err != nil:
		u.failed(in, err)
		if st, ok := errors.AsType[*central.StandingError](err); ok {
			u.bar(st)
		}
		if shut, ok := errors.AsType[*central.ShutError](err); ok {
			u.shut(shut)
		}
		return err
	}
	u.admitted()
	u.Desk.SetClock(w.Now, took)
	if err := u.joins(ctx, w, p); err != nil {
		return err
	}
	u.recoverable(ctx, w.Recovery)
	if err := u.Desk.KeepBirthKey(ctx, w.Birth); err != nil && ctx.Err() == nil {
		u.Log.Error("birth dates cannot be told at this desk", "err", err)
	}
	u.greeted(in, w, took)
	return nil
}

// bar notes that the system does not speak with this desk.
func (u *Uplink) bar(why *central.StandingError) {
	u.mu.Lock()
	fresh := u.barred != why.Standing
	u.barred, u.st.Stuck = why.Standing, why
	u.mu.Unlock()
	if fresh {
		u.Log.Error("the central system does not speak with this desk", "standing", why.Standing)
		u.tell(Barred{why.Standing})
		u.tell(Stuck{why})
	}
}

// shut notes that the system cannot be spoken to until somebody has seen to it, and tells
// it once.
func (u *Uplink) shut(why *central.ShutError) {
	u.mu.Lock()
	fresh := u.closed != why.Error()
	u.closed, u.st.Stuck = why.Error(), why
	u.mu.Unlock()
	if fresh {
		u.Log.Error("the central system cannot be spoken to", "why", why)
		u.tell(Stuck{why})
	}
}

// admitted notes that it does.
func (u *Uplink) admitted() {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.barred != "" || u.closed != "" {
		u.barred, u.closed, u.st.Stuck = "", "", nil
	}
}

// joins brings the journal and what the system has together, where they are not; and
// looks what the system lacks. An error is no answer, or the desk's own.
func (u *Uplink) joins(ctx context.Context, w central.Welcome, p local.Presence) error {
	state, err := u.line.Stands(ctx, w, p)
	if err != nil {
		return err
	}
	u.mu.Lock()
	u.heads = w.Heads
	u.mu.Unlock()
	if state == central.Normal || state == "" {
		parted, err := u.parted(ctx, w, p)
		if err != nil {
			return err
		}
		if !parted {
			u.found(ctx, w, p.Had)
			return nil
		}
		state = central.Forked
	}
	return u.join(ctx, state)
}

// parted reports whether a store that the desk has not met yet has other entries of
// the desk's older epochs than its journal: a greeting speaks of the newest alone. It
// is asked before the store counts as met, so that a desk that dies asks again.
func (u *Uplink) parted(ctx context.Context, w central.Welcome, p local.Presence) (bool, error) {
	if w.Epoch == "" || w.Epoch == p.Epoch {
		return false, nil
	}
	c, cancel := context.WithTimeout(ctx, 10*u.Patience)
	defer cancel()
	old, err := u.line.before(c, w.Heads, p)
	return len(old) > 0, err
}

// alone waits until nothing is delivered, and no epoch begun, until done. The wait may
// be as long as a delivery.
func (u *Uplink) alone(ctx context.Context) (done func(), err error) {
	select {
	case u.joining <- struct{}{}:
		return func() { <-u.joining }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// join begins a new epoch.
func (u *Uplink) join(ctx context.Context, state central.State) error {
	done, err := u.alone(ctx)
	if err != nil {
		return err
	}
	defer done()
	c, cancel := context.WithTimeout(ctx, 10*u.Patience)
	defer cancel()
	j, w, err := u.line.Join(c, u.Version, state)
	lost, own := (*LostError)(nil), (*DeskError)(nil)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.As(err, &lost):
		u.stuck(err)
		return nil // the line is there
	case errors.As(err, &own):
		u.Log.Error("no new epoch could be begun", "state", state, "err", err)
		return err
	case err != nil:
		return err
	}
	u.mu.Lock()
	u.heads = w.Heads
	if j.State != central.Normal {
		u.joined++
		u.st.Stuck = nil
	}
	u.mu.Unlock()
	if j.State == central.Normal {
		return nil
	}
	u.Log.Warn("the journal goes on in a new epoch", "state", j.State, "epoch", j.Epoch, "again", j.Again)
	u.tell(Rejoined{j})
	p, err := u.Desk.Present(ctx)
	if err != nil {
		return deskError(err)
	}
	u.found(ctx, w, p.Had)
	poke(u.wake)
	return nil
}

// found notes what a greeting says of the system's store.
func (u *Uplink) found(ctx context.Context, w central.Welcome, had []journal.Mark) {
	heads := w.Heads
	if heads == nil && w.Mark.Seq > 0 {
		heads = []journal.Mark{w.Mark}
	}
	u.meet(ctx, w, heads, had)
}

// meet looks whether the system has another store than before, or lacks entries
// of this desk that it had taken.
func (u *Uplink) meet(ctx context.Context, w central.Welcome, heads, had []journal.Mark) {
	u.mu.Lock()
	known := len(u.lacks) > 0
	for _, m := range u.lacks {
		known = known && seqOf(heads, m.Epoch) >= m.Seq // it is being refilled
	}
	u.mu.Unlock()
	if known {
		return
	}
	other, err := u.Desk.Meet(ctx, w.Epoch, heads, had)
	if err != nil && ctx.Err() == nil {
		u.Log.Error("the copy could not be set back", "err", err)
	}
	if err != nil || !other {
		return
	}
	var lacks []journal.Mark
	for _, m := range had {
		if has := seqOf(heads, m.Epoch); has < m.Seq {
			lacks = append(lacks, journal.Mark{Desk: u.Desk.ID, Epoch: m.Epoch, Seq: has})
		}
	}
	u.Log.Warn("the central system has another store, or was set back: the copy is taken anew", "lacks", lacks)
	u.mu.Lock()
	if len(lacks) > 0 {
		u.lacks = lacks
	}
	u.mu.Unlock()
	poke(u.wake)
	poke(u.pull)
}

func seqOf(heads []journal.Mark, epoch uint64) uint64 {
	for _, m := range heads {
		if m.Epoch == epoch {
			return m.Seq
		}
	}
	return 0
}

// recoverable has the journal sealed for the system's recovery key, too.
func (u *Uplink) recoverable(ctx context.Context, public string) {
	other, err := u.Desk.RecoverableBy(ctx, public)
	switch {
	case err != nil && ctx.Err() == nil:
		u.Log.Error("the journal could not be sealed for the central system's recovery key, too", "err", err)
	case other:
		u.Log.Warn("the central system has another recovery key: what is written from now on is sealed for that")
	}
}
