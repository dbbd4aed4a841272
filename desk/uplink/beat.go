package uplink

import (
	"context"
	"fmt"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/journal"
)

// protocol is the version of what is said in a greeting.
const protocol = 1

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
	g, ok := u.System.(central.Greeter)
	if !ok {
		u.greeted(in, central.Welcome{}, 0)
		return nil
	}
	had, err := u.Desk.Delivered(ctx)
	if err == nil {
		var head journal.Mark
		if head, err = u.Desk.Head(ctx); err == nil {
			return u.hello(ctx, in, g, head, had)
		}
	}
	if ctx.Err() == nil {
		u.Log.Error("the journal could not be read", "err", err)
	}
	return deskError(err)
}

func (u *Uplink) hello(ctx context.Context, in turn, g central.Greeter, head, had journal.Mark) error {
	begun := time.Now()
	c, cancel := context.WithTimeout(ctx, u.Patience)
	defer cancel()
	w, err := g.Hello(c, central.Hello{
		Desk: u.Desk.ID, Library: string(u.Desk.Library), Last: head,
		Now: u.Desk.Now().UTC(), Version: u.Version, Protocol: protocol,
	})
	took := time.Since(begun)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err != nil:
		u.failed(in, err)
		return fmt.Errorf("greet the central system: %w", err)
	}
	u.Desk.SetClock(w.Now, took)
	u.meet(ctx, w, had)
	u.recoverable(ctx, w.Recovery)
	u.greeted(in, w, took)
	return nil
}

// meet looks whether the system has another store than before, or lacks entries
// of this desk that it had taken.
func (u *Uplink) meet(ctx context.Context, w central.Welcome, had journal.Mark) {
	u.mu.Lock()
	known := u.lacks != nil && w.Mark.Seq >= u.lacks.Seq // it is being refilled
	u.mu.Unlock()
	if known {
		return
	}
	other, err := u.Desk.Meet(ctx, w.Epoch, w.Mark, had)
	if err != nil && ctx.Err() == nil {
		u.Log.Error("the copy could not be set back", "err", err)
	}
	if err != nil || !other {
		return
	}
	u.Log.Warn("the central system has another store, or was set back: the copy is taken anew", "has", w.Mark.Seq, "had", had.Seq)
	if w.Mark.Seq < had.Seq {
		u.mu.Lock()
		u.lacks = &w.Mark
		u.mu.Unlock()
	}
	poke(u.wake)
	poke(u.pull)
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
