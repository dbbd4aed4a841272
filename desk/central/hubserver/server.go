package hubserver

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"sync"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// Config is what a server is made of.
type Config struct {
	Store journal.Store[journal.HubTx]
	Rules *policy.Set      // until the store holds the library's
	Now   func() time.Time // the server's clock
	// Rights gives the rights of an act's operators; nil: not looked at.
	Rights func(circ.Act) (rights []circ.Right, known bool)
	// Gone gives since when an operator may not sign in any more; see [journal.Bench].
	Gone  func(circ.OperatorID) time.Time
	Lapse time.Duration // how long a desk's enrolment lasts without contact; 0: 90 days
	// Recovery is the public half of the server's recovery key; empty: it has none.
	Recovery string
	// Provisional: another server judges in the end, as of a relay's. What a terminal
	// has asked for and was told is a fact by the time that one hears of it.
	Provisional bool
	// Segments is the folder for the segments of snapshots, which is the server's alone
	// and is emptied when it begins; empty: one of the machine's, for files that do not last.
	Segments string
}

// Server is the central system. It is safe for concurrent use, and is itself a
// central.System, Greeter, Feeder, Searcher and Snapshotter.
type Server struct {
	Config
	shelf *shelf

	mu     sync.Mutex // what follows
	rules  *policy.Set
	body   string // that they were read from: two texts may name one version
	heard  map[circ.DeskID]heard
	barred map[circ.DeskID]bool // those that were revoked since this began
}

// New makes a server on a store.
func New(c Config) *Server { return &Server{Config: c, rules: c.Rules, shelf: &shelf{dir: c.Segments}} }

// Deliver takes entries of one desk: see central.System.
func (s *Server) Deliver(ctx context.Context, entries []journal.Entry) ([]journal.Receipt, error) {
	all, err := s.takeAll(ctx, entries)
	if err != nil {
		return nil, err
	}
	out := make([]journal.Receipt, len(all))
	for i, t := range all {
		out[i] = t.Receipt
	}
	return out, nil
}

// took is what became of an entry.
type took struct {
	journal.Receipt
	again bool // it had been taken before
}

func (s *Server) takeAll(ctx context.Context, entries []journal.Entry) ([]took, error) {
	if len(entries) > central.BatchSize {
		return nil, fmt.Errorf("deliver %d entries: at most %d at once", len(entries), central.BatchSize)
	}
	all, err := s.batch(ctx, entries)
	if bad := (*journal.UnjudgedError)(nil); errors.As(err, &bad) {
		return s.oneByOne(ctx, entries)
	}
	return all, err
}

// batch takes all entries in one transaction.
func (s *Server) batch(ctx context.Context, entries []journal.Entry) (out []took, err error) {
	err = s.Store.Update(ctx, func(tx journal.HubTx) error {
		out = make([]took, 0, len(entries))
		for _, e := range entries {
			t, err := s.take(ctx, tx, e, nil)
			if err != nil {
				return err
			}
			out = append(out, t)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// oneByOne takes each entry in a transaction of its own; one that cannot be
// judged even so is rejected, kept, and moves the mark.
func (s *Server) oneByOne(ctx context.Context, entries []journal.Entry) ([]took, error) {
	out := make([]took, 0, len(entries))
	for _, e := range entries {
		ts, err := s.batch(ctx, []journal.Entry{e})
		if bad := (*journal.UnjudgedError)(nil); errors.As(err, &bad) {
			ts = make([]took, 1)
			ts[0], err = s.keep(ctx, e, bad)
		}
		if err != nil {
			return nil, err
		}
		out = append(out, ts...)
	}
	return out, nil
}

// keep takes an entry that cannot be judged: it is rejected, and moves the mark.
func (s *Server) keep(ctx context.Context, e journal.Entry, why *journal.UnjudgedError) (t took, err error) {
	err = s.Store.Update(ctx, func(tx journal.HubTx) (err error) {
		t, err = s.take(ctx, tx, e, why)
		return err
	})
	return t, err
}

// take takes one entry. All that can fail because of what it says fails before
// the first write.
func (s *Server) take(ctx context.Context, tx journal.HubTx, e journal.Entry, unjudged *journal.UnjudgedError) (t took, err error) {
	if again, r, err := s.repeated(ctx, tx, e); again || err != nil {
		return took{r, true}, err
	}
	var rows []circ.Row
	r := journal.Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq}
	was, judged, err := judgedBefore(ctx, tx, e)
	switch {
	case err != nil:
		return t, err
	case judged:
		if r, err = was.At(e.Epoch, e.Seq); err != nil {
			return t, err
		}
	case unjudged != nil:
		r.Verdict = journal.Rejected
		r.Objections = []circ.Remark{{Reason: circ.Unreadable, Text: unjudged.Why}}
	default:
		b := journal.Bench{Book: tx, Ledger: tx, Now: s.Now(), Rights: s.Rights, Gone: s.Gone}
		if b.Rules, err = s.policy(ctx, tx); err != nil {
			return t, err
		}
		if b.Rights != nil || b.Gone != nil {
			machine, err := ofTerminal(ctx, tx, e.Act)
			if err != nil {
				return t, err
			}
			if machine { // nobody has signed in, and what it may its relay knows
				b.Rights, b.Gone = nil, nil
			}
		}
		if r, rows, err = journal.Judge(ctx, b, e); err != nil {
			return t, err
		}
	}
	if !judged {
		met, err := journal.Raised(ctx, tx, e, r, s.Now())
		if err != nil {
			return t, err
		}
		rows = append(rows, met...)
	}
	return took{r, judged}, write(ctx, tx, e, r, rows)
}

// write writes an entry, its effects, its receipt, and the mark of its desk.
func write(ctx context.Context, tx journal.HubTx, e journal.Entry, r journal.Receipt, rows []circ.Row) error {
	hash := e.Hash()
	rows = append(rows, circ.Mark{Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Hash: hex.EncodeToString(hash[:])})
	if err := tx.Put(ctx, rows); err != nil {
		return err
	}
	if _, err := tx.Add(ctx, e); err != nil {
		return err
	}
	return tx.Settle(ctx, r)
}

// judgedBefore gives the receipt of an entry that was written again, and was taken
// before under another number: the old one, or the new one when the old comes late.
func judgedBefore(ctx context.Context, tx journal.HubTx, e journal.Entry) (r journal.Receipt, judged bool, err error) {
	other, known, err := tx.Entry(ctx, e.Act.ID)
	if err != nil || !known {
		return r, false, err
	}
	elder, younger := other, e
	if other.Epoch > e.Epoch {
		elder, younger = e, other
	}
	again, err := elder.Again(journal.Mark{Epoch: younger.Epoch, Seq: younger.Seq - 1, Hash: younger.Prev})
	if err != nil || again.Hash() != younger.Hash() {
		return r, false, &central.ForkError{Mark: journal.Mark{Desk: other.Act.Desk, Epoch: other.Epoch, Seq: other.Seq, Hash: other.Hash()}}
	}
	return tx.Receipt(ctx, e.Act.ID)
}

// repeated gives the stored receipt of an entry that was taken before, and says
// no to one that does not follow.
func (s *Server) repeated(ctx context.Context, tx journal.HubTx, e journal.Entry) (bool, journal.Receipt, error) {
	newest, err := tx.Head(ctx, e.Act.Desk)
	if err != nil {
		return false, journal.Receipt{}, err
	}
	head := newest
	if e.Epoch != newest.Epoch && newest.Seq > 0 {
		heads, err := tx.Heads(ctx, e.Act.Desk)
		if err != nil {
			return false, journal.Receipt{}, err
		}
		head = headOf(heads, e.Epoch)
	}
	head.Desk, head.Epoch = e.Act.Desk, e.Epoch
	switch {
	case e.Seq <= head.Seq:
		return s.stored(ctx, tx, head, e)
	case head.Seq == 0 && newest.Seq > 0:
		if ok, err := given(ctx, tx, e.Act.Desk, e.Epoch); err != nil {
			return false, journal.Receipt{}, err
		} else if !ok {
			return false, journal.Receipt{}, &central.ForkError{Mark: newest}
		}
	}
	switch {
	case e.Seq != head.Seq+1:
		return false, journal.Receipt{}, &central.GapError{Mark: head}
	case e.Prev != head.Hash:
		return false, journal.Receipt{}, &central.ForkError{Mark: head}
	}
	return false, journal.Receipt{}, nil
}

// stored gives the receipt of what has the number of an entry, if it is that entry.
func (s *Server) stored(ctx context.Context, tx journal.HubTx, head journal.Mark, e journal.Entry) (bool, journal.Receipt, error) {
	es, err := tx.Entries(ctx, journal.Mark{Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq - 1}, 1)
	if err != nil {
		return false, journal.Receipt{}, err
	}
	if len(es) == 0 || es[0].Hash() != e.Hash() {
		return false, journal.Receipt{}, &central.ForkError{Mark: head}
	}
	r, _, err := tx.Receipt(ctx, e.Act.ID)
	if err == nil {
		r, err = r.At(e.Epoch, e.Seq)
	}
	return true, r, err
}

// policy gives the rules in force.
func (s *Server) policy(ctx context.Context, r journal.Reader) (*policy.Set, error) {
	rules, found, err := journal.RulesOf(ctx, r)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if !found || rules.Body == s.body {
		return s.rules, nil
	}
	set, err := policy.Parse([]byte(rules.Body))
	if err != nil {
		return nil, fmt.Errorf("read the rules %s in force: %w", rules.Version, err)
	}
	s.rules, s.body = set, rules.Body
	return s.rules, nil
}

// noteEpoch names the store: made anew with it, and again when it is restored.
const noteEpoch = "epoch"

// Begin names the store, and the server, once. epoch is a random text.
func (s *Server) Begin(ctx context.Context, epoch string) error {
	return s.Store.Update(ctx, func(tx journal.HubTx) error {
		own, err := tx.Note(ctx, noteServer)
		if err == nil && own == nil {
			err = tx.SetNote(ctx, noteServer, []byte(rand.Text()))
		}
		if err == nil {
			err = makeBirthKey(ctx, tx)
		}
		if err != nil {
			return err
		}
		old, err := tx.Note(ctx, noteEpoch)
		if err != nil || old != nil {
			return err
		}
		return tx.SetNote(ctx, noteEpoch, []byte(epoch))
	})
}

// Renew names the store anew: it was put back from a backup, or made of another
// one. Desks then take their copies from the beginning and deliver what it lacks.
func (s *Server) Renew(ctx context.Context, epoch string) error {
	return s.Store.Update(ctx, func(tx journal.HubTx) error { return tx.SetNote(ctx, noteEpoch, []byte(epoch)) })
}

// Since reads the feed once; the waiting is its HTTP handler's. See central.Feeder.
func (s *Server) Since(ctx context.Context, cursor string, n int, _ time.Duration) (p central.Page, err error) {
	err = s.Store.View(ctx, func(tx journal.HubTx) (err error) {
		p.Rows, p.Next, p.Complete, err = tx.Since(ctx, cursor, n)
		return err
	})
	return p, err
}

// Search answers lookups: see central.Searcher.
func (s *Server) Search(ctx context.Context, wants []circ.Want) (rows [][]circ.Row, err error) {
	err = s.Store.View(ctx, func(tx journal.HubTx) (err error) {
		rows, err = tx.Read(ctx, wants)
		return err
	})
	return rows, err
}
