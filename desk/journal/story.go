package journal

import (
	"context"
	"fmt"
	"time"

	"circdesk/desk/circ"
)

// Story gives what the entry did in the end, as far as this ledger knows: the
// events of its receipt once it has one, the told ones until then; those of
// the entry that says it stood, and none when it was withdrawn, also where the entry
// itself has not come yet. Nil: nothing is known of it.
func Story(ctx context.Context, l Ledger, id circ.EntryID) (*circ.Story, error) {
	e, ok, err := l.Entry(ctx, id)
	if err == nil && !ok {
		e, ok, err = l.Later(ctx, "", id)
		e.Act.ID, e.Mode = id, Asked
	}
	if err != nil || !ok {
		return nil, err
	}
	told, r, err := tale(ctx, l, e)
	if err != nil {
		return nil, fmt.Errorf("tell the story of entry %s: %w", id, err)
	}
	act := e.Act
	act.At = heldBack(r, act.At)
	return &circ.Story{Act: act, Events: told}, nil
}

// heldBack gives when an act of that instant was judged to have happened: then, unless
// the clock was ahead.
func heldBack(r Receipt, at time.Time) time.Time {
	for _, o := range r.Objections {
		if o.Reason == circ.ClockAhead && o.When.Equal(at) && !o.Until.IsZero() {
			return o.Until
		}
	}
	return at
}

// tale gives what an entry did, and the receipt that says so, where one does.
func tale(ctx context.Context, l Ledger, e Entry) ([]circ.Event, Receipt, error) {
	r, settled, err := l.Receipt(ctx, e.Act.ID)
	if err != nil {
		return nil, r, err
	}
	later, followed, err := l.Later(ctx, e.Act.Desk, e.Act.ID)
	if err != nil {
		return nil, r, err
	}
	switch {
	case followed && later.Mode == Withdrawn:
		return nil, r, nil
	case followed:
		lr, done, err := l.Receipt(ctx, later.Act.ID)
		switch {
		case err != nil:
			return nil, r, err
		case !done:
			return later.Told, Receipt{}, nil
		case lr.Verdict == Noop:
			return r.Events, r, nil
		}
		return lr.Events, lr, nil
	case settled:
		return r.Events, r, nil
	case e.Mode == Asked: // nobody has answered yet: nothing is done
		return nil, r, nil
	}
	return e.Told, r, nil
}
