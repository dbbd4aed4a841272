package journal

import "context"

// became gives the entry that says what became of a question: its desk's, since nobody
// else knows what a clerk there was told. The question itself need not be known.
func became(ctx context.Context, l Ledger, asked Entry) (later Entry, followed bool, err error) {
	later, followed, err = l.Later(ctx, asked.Act.ID)
	return later, followed && later.Act.Desk == asked.Act.Desk, err
}
