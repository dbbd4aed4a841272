package journal

import (
	"context"
	"fmt"

	"circdesk/desk/circ"
)

// Story gives what the entry did in the end, as far as this ledger knows: the
// events of its receipt once it has one, the told ones until then; those of
// the entry that says it stood, and none when it was withdrawn. Nil: no such
// entry.
func Story(ctx context.Context, l Ledger, id circ.EntryID) (*circ.Story, error) {
	e, ok, err := l.Entry(ctx, id)
	if err != nil || !ok {
		return nil, err
	}
	told, err := tale(ctx, l, e)
	if err != nil {
		return nil, fmt.Errorf("tell the story of entry %s: %w", id, err)
	}
	return &circ.Story{Act: e.Act, Events: told}, nil
}

func tale(ctx context.Context, l Ledger, e Entry) ([]circ.Event, error) {
	r, settled, err := l.Receipt(ctx, e.Act.ID)
	if err != nil {
		return nil, err
	}
	later, followed, err := l.Later(ctx, e.Act.ID)
	if err != nil {
		return nil, err
	}
	switch {
	case followed && later.Mode == Withdrawn:
		return nil, nil
	case followed:
		lr, done, err := l.Receipt(ctx, later.Act.ID)
		switch {
		case err != nil:
			return nil, err
		case !done:
			return later.Told, nil
		case lr.Verdict == Noop:
			return r.Events, nil
		}
		return lr.Events, nil
	case settled:
		return r.Events, nil
	case e.Mode == Asked: // nobody has answered yet: nothing is done
		return nil, nil
	}
	return e.Told, nil
}
