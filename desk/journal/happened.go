package journal

import (
	"context"
	"fmt"
)

// Happened reports whether what the entry says was done at its desk in the end, as
// far as this ledger knows: a fact always, whatever the central system made of it; a
// question once it was answered with yes, or the clerk was told that it is done. An
// entry that only says what became of another is told by that one.
func Happened(ctx context.Context, l Ledger, e Entry) (bool, error) {
	if e.Mode != Asked {
		return e.Mode == Fact, nil
	}
	later, followed, err := l.Later(ctx, e.Act.Desk, e.Act.ID)
	if err != nil {
		return false, fmt.Errorf("read what became of entry %s: %w", e.Act.ID, err)
	}
	if followed {
		return later.Mode == Stood, nil
	}
	r, _, err := l.Receipt(ctx, e.Act.ID)
	if err != nil {
		return false, fmt.Errorf("read the receipt of entry %s: %w", e.Act.ID, err)
	}
	return r.Verdict == Applied, nil
}
