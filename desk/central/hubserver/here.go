package hubserver

import (
	"context"
	"fmt"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// Turn is a transaction in which desks act that have no journal of their own: the
// terminals that speak to the server in another protocol. What they do is entries of
// a chain for each, judged as those of any desk. It is good until its function returns.
type Turn struct {
	Now   time.Time // by the server's clock, UTC
	Rules *policy.Set

	tx          journal.HubTx
	provisional bool
}

// Here runs fn in a transaction that writes. It returns nil only when all that fn has
// kept is durable; fn may run twice.
func (s *Server) Here(ctx context.Context, fn func(*Turn) error) error {
	return s.Store.Update(ctx, func(tx journal.HubTx) error { return s.turn(ctx, tx, fn) })
}

// Look runs fn in a transaction that reads one state.
func (s *Server) Look(ctx context.Context, fn func(*Turn) error) error {
	return s.Store.View(ctx, func(tx journal.HubTx) error { return s.turn(ctx, tx, fn) })
}

func (s *Server) turn(ctx context.Context, tx journal.HubTx, fn func(*Turn) error) error {
	rules, err := s.policy(ctx, tx)
	if err != nil {
		return err
	}
	return fn(&Turn{Now: s.Now().UTC().Round(0), Rules: rules, tx: tx, provisional: s.Provisional})
}

// Read is that of a journal.Reader.
func (t *Turn) Read(ctx context.Context, wants []circ.Want) ([][]circ.Row, error) {
	return t.tx.Read(ctx, wants)
}

// Case reads all that deciding an act needs. rights are those of who acts.
func (t *Turn) Case(ctx context.Context, a circ.Act, rights []circ.Right) (*circ.Case, error) {
	c := circ.NewCase(a, t.Rules)
	c.Rights = rights
	return c, journal.Gather(ctx, t.tx, c)
}

// Note and SetNote are those of journal.Notes.
func (t *Turn) Note(ctx context.Context, name string) ([]byte, error) { return t.tx.Note(ctx, name) }
func (t *Turn) SetNote(ctx context.Context, name string, value []byte) error {
	return t.tx.SetNote(ctx, name, value)
}

// Judged is what an act came to. Nothing of it is written yet: see [Turn.Keep].
type Judged struct {
	Entry   journal.Entry
	Receipt journal.Receipt
	rows    []circ.Row
}

// Ask judges the act of a case as something that has not happened yet. The case is
// used up by it.
func (t *Turn) Ask(ctx context.Context, c *circ.Case) (Judged, error) {
	return t.judge(ctx, journal.Entry{Act: c.Act, Mode: journal.Asked}, c.Rights, c)
}

// Tell judges an act as something that has happened: it is never refused. What stood
// against it are the receipt's objections.
func (t *Turn) Tell(ctx context.Context, a circ.Act, told []circ.Event, rights []circ.Right) (Judged, error) {
	return t.judge(ctx, journal.Entry{Act: a, Mode: journal.Fact, Told: told}, rights, nil)
}

func (t *Turn) judge(ctx context.Context, e journal.Entry, rights []circ.Right, c *circ.Case) (j Judged, err error) {
	head, err := t.tx.Head(ctx, e.Act.Desk)
	if err != nil {
		return j, err
	}
	e.Epoch, e.Seq, e.Prev, e.Rules = max(head.Epoch, 1), head.Seq+1, head.Hash, t.Rules.Version()
	e.Act.Receipt = circ.NewReceiptNo(e.Act.Desk, e.Epoch, e.Seq)
	if c != nil {
		c.Act.Receipt = e.Act.Receipt
	}
	b := journal.Bench{
		Book: t.tx, Ledger: t.tx, Rules: t.Rules, Now: t.Now, Case: c,
		Rights: func(circ.Act) ([]circ.Right, bool) { return rights, true },
	}
	if j.Receipt, j.rows, err = journal.Judge(ctx, b, e); err != nil {
		return j, err
	}
	if e.Mode == journal.Asked {
		e.Told = j.Receipt.Events
		if t.provisional {
			e.Mode = journal.Fact
		}
	}
	j.Entry = e
	return j, nil
}

// Keep writes what an act came to, with its effects: what was applied. A question that
// was refused is not kept, since nothing has happened.
func (t *Turn) Keep(ctx context.Context, j Judged) error {
	if j.Receipt.Verdict != journal.Applied {
		return nil
	}
	e, err := j.Entry.Finish()
	if err != nil {
		return fmt.Errorf("keep entry %d of desk %s: %w", j.Entry.Seq, j.Entry.Act.Desk, err)
	}
	met, err := journal.Raised(ctx, t.tx, e, j.Receipt, t.Now)
	if err != nil {
		return err
	}
	return write(ctx, t.tx, e, j.Receipt, append(j.rows[:len(j.rows):len(j.rows)], met...))
}

// Earlier gives the receipt of an entry that was kept, and its act.
func (t *Turn) Earlier(ctx context.Context, id circ.EntryID) (r journal.Receipt, a circ.Act, found bool, err error) {
	e, found, err := t.tx.Entry(ctx, id)
	if err != nil || !found {
		return r, a, false, err
	}
	r, found, err = t.tx.Receipt(ctx, id)
	return r, e.Act, found, err
}
