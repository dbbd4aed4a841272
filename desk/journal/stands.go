package journal

import (
	"context"
	"fmt"
)

// stands reports whether the central system took what an entry says as done, as far
// as its ledger knows: a fact, or a question that it answered with yes and nobody has
// withdrawn, or of which it has heard since that the clerk was told so.
func stands(ctx context.Context, l Ledger, e Entry) (bool, error) {
	said := e.Act.ID
	if e.Mode == Asked {
		later, followed, err := l.Later(ctx, e.Act.Desk, e.Act.ID)
		if err != nil {
			return false, fmt.Errorf("read what became of entry %s: %w", said, err)
		}
		switch {
		case followed && later.Mode == Withdrawn:
			return false, nil
		case followed:
			return true, nil
		}
	}
	r, _, err := l.Receipt(ctx, said)
	if err != nil {
		return false, fmt.Errorf("read the receipt of entry %s: %w", said, err)
	}
	return r.Verdict == Applied, nil
}
