package sip2

import (
	"context"

	"circdesk/desk/central"
	"circdesk/desk/journal"
)

// takenBefore gives the stored receipt of an entry that a ledger had before, by its head
// of the entry's desk. again is false for one that follows, and err a *[central.GapError] or
// *[central.ForkError] for one that does not.
func takenBefore(ctx context.Context, l journal.Ledger, head journal.Mark, e journal.Entry) (r journal.Receipt, again bool, err error) {
	switch {
	case e.Epoch == head.Epoch && e.Seq <= head.Seq:
		old, ok, err := l.Entry(ctx, e.Act.ID)
		if err != nil {
			return r, false, err
		}
		if !ok || old.Hash() != e.Hash() || old.Seq != e.Seq || old.Epoch != e.Epoch {
			return r, false, &central.ForkError{Mark: head}
		}
		r, _, err = l.Receipt(ctx, e.Act.ID)
		return r, true, err
	case head.Seq == 0 && head.Epoch == 0 && e.Seq == 1:
		return r, false, nil
	case e.Epoch != head.Epoch:
		return r, false, &central.ForkError{Mark: head}
	case e.Seq != head.Seq+1:
		return r, false, &central.GapError{Mark: head}
	case e.Prev != head.Hash:
		return r, false, &central.ForkError{Mark: head}
	}
	return r, false, nil
}
