package uplink

import (
	"context"
	"errors"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/local"
)

// feedWait is how long a page of the feed may be waited for when there is none.
const feedWait = 10 * time.Second

// pulls keeps the copy fresh. A line that comes ends the wait after what failed.
func (u *Uplink) pulls(ctx context.Context) {
	if _, ok := u.System.(central.Feeder); !ok {
		return
	}
	backoff := u.Again
	wait := time.Duration(0) // nothing is waited for until the feed has been read to its end
	told := ""               // why the relay has not filled the copy, as it was logged last
	for ctx.Err() == nil {
		if !u.up() {
			wait = 0
			again := time.Duration(0)
			later, err := u.fillsByRelay(ctx)
			if later {
				again = u.Again
			}
			if err != nil && ctx.Err() == nil && err.Error() != told {
				told = err.Error()
				u.Log.Warn("the copy could not be filled by the relay", "err", err)
			}
			_ = rest(ctx, again, u.pull)
			continue
		}
		in := u.now()
		complete, err := u.pullOnce(ctx, wait)
		wait = 0
		switch {
		case err == nil && complete:
			wait, backoff = feedWait, u.Again
		case err == nil || ctx.Err() != nil || errors.Is(err, errTurned):
		default:
			u.Log.Warn("the copy was not brought up to date", "err", err)
			if d := (*DeskError)(nil); !errors.As(err, &d) {
				poke(u.beat) // is the line there?
			}
			for until := time.Now().Add(backoff); ctx.Err() == nil && time.Now().Before(until) && (!u.up() || in.n == u.now().n); {
				_ = rest(ctx, time.Until(until), u.pull)
			}
			backoff = min(2*backoff, longest*u.Again)
		}
	}
}

// pullOnce fills a copy that is empty, or takes one page of the feed, and all that stand
// behind it. A fill may take as long as something comes.
func (u *Uplink) pullOnce(ctx context.Context, wait time.Duration) (complete bool, err error) {
	if filled, err := u.line.Fill(ctx, u.filling()); err != nil || filled {
		return false, err
	}
	c, in, cancel := u.during(ctx, wait+10*u.Patience)
	defer cancel()
	complete, err = u.line.Pull(c, wait)
	if err == nil && !complete {
		err = u.catchUp(ctx)
	}
	if err != nil && ctx.Err() == nil && in.n != u.now().n {
		return false, errTurned
	}
	if err != nil || !complete {
		return complete, err
	}
	u.tell(Fresh{})
	return true, nil
}

// catchUp takes the feed up to its end, as long as the line stays as it is.
func (u *Uplink) catchUp(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(u.now().life, cancel)()
	return u.line.CatchUp(ctx, 10*u.Patience)
}

// fillsByRelay fills an empty copy from the relay of the branch while the system does not
// answer. The copy is as old as the relay's then, and says so. later: it is to be tried
// again. An error says why it could not be filled, unless the system came meanwhile.
func (u *Uplink) fillsByRelay(ctx context.Context) (later bool, err error) {
	if u.Branch == nil {
		return false, nil
	}
	from, ok := u.Branch.Relay.(central.Segmenter)
	if !ok {
		return false, nil
	}
	if cursor, err := u.Desk.Cursor(ctx); err != nil || cursor != "" {
		return err != nil, err
	}
	u.mu.Lock()
	gone, in := !u.st.Up && !u.st.Since.IsZero(), u.turn
	u.mu.Unlock()
	if !gone || !u.Branch.there() {
		return true, nil
	}
	c, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(in.life, cancel)() // the system itself has newer facts
	filled, err := u.Desk.FillSegments(c, from, u.filling())
	if err != nil {
		if c.Err() != nil {
			err = nil
		}
		return true, err
	}
	if filled {
		u.Log.Info("the copy was filled by the relay", "of", u.Desk.Copied())
		u.tell(Fresh{})
	}
	return false, nil
}

// filling tells how far a fill is.
func (u *Uplink) filling() local.Progress {
	return local.Progress{
		Filling: func(f local.Filling) { u.tell(Filling(f)) },
		First: func(rows int) {
			u.Log.Info("the desk knows who may not borrow, and what is to be kept", "rows", rows)
			u.tell(Blocks{rows})
		},
		Again: func(hash string) {
			u.Log.Warn("a segment of the snapshot was damaged, and is fetched again", "segment", hash)
			u.tell(Again{hash})
		},
	}
}

// Sync delivers all that is unsent, and then brings the copy up to date, now; it waits
// for what the relay hands on before, as long as that comes on. An error says why not: what
// is unsent then is in [Status]. It may be called whether the uplink runs or not.
func (u *Uplink) Sync(ctx context.Context) error {
	u.Pause(false)
	for tries := 3; ; tries-- {
		err := u.sync(ctx)
		if !errors.Is(err, errTurned) || tries == 1 || ctx.Err() != nil {
			return err
		}
		// the line came, or came back, while this was under way: it is there to ask again
	}
}

func (u *Uplink) sync(ctx context.Context) error {
	for {
		held, err := u.Step(ctx)
		if err != nil || !held {
			return err
		}
		if err := rest(ctx, u.Again/4, nil); err != nil {
			return err
		}
	}
}

// Holding gives the other desks of the system that have not delivered all, as it knows
// from what they said last. None where it does not answer, or does not know.
func (u *Uplink) Holding(ctx context.Context) (out []central.DeskState) {
	all, _ := u.Roll(ctx)
	for _, d := range all {
		if d.Left > 0 && d.Desk != u.Desk.ID {
			out = append(out, d)
		}
	}
	return out
}

// Roll gives the desks of the system, and how far each is; false: it does not answer, or
// does not know.
func (u *Uplink) Roll(ctx context.Context) (all []central.DeskState, ok bool) {
	r, ok := u.System.(central.Roller)
	if !ok || !u.up() {
		return nil, false
	}
	c, cancel := context.WithTimeout(ctx, 2*u.Patience)
	defer cancel()
	all, err := r.Roll(c)
	if err != nil {
		u.Log.Warn("the system's desks could not be read", "err", err)
		return nil, false
	}
	return all, true
}
