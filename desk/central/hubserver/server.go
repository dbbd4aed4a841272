package hubserver

import (
	"context"
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
	// Recovery is the public half of the server's recovery key; empty: it has none.
	Recovery string
}

// Server is the central system. It is safe for concurrent use, and is itself a
// central.System, Greeter, Feeder, Searcher and Snapshotter.
type Server struct {
	Config

	mu    sync.Mutex // what follows
	rules *policy.Set
	body  string // that they were read from: two texts may name one version
}

// New makes a server on a store.
func New(c Config) *Server { return &Server{Config: c, rules: c.Rules} }

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
	head, err := tx.Head(ctx, e.Act.Desk)
	if err != nil {
		return t, err
	}
	if again, r, err := s.repeated(ctx, tx, head, e); again || err != nil {
		return took{r, true}, err
	}
	var rows []circ.Row
	r := journal.Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq}
	if unjudged != nil {
		r.Verdict = journal.Rejected
		r.Objections = []circ.Remark{{Reason: circ.Unreadable, Text: unjudged.Why}}
	} else {
		b := journal.Bench{Book: tx, Ledger: tx, Now: s.Now(), Rights: s.Rights}
		if b.Rules, err = s.policy(ctx, tx); err != nil {
			return t, err
		}
		if r, rows, err = journal.Judge(ctx, b, e); err != nil {
			return t, err
		}
	}
	hash := e.Hash()
	rows = append(rows, circ.Mark{Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Hash: hex.EncodeToString(hash[:])})
	if err := tx.Put(ctx, rows); err != nil {
		return t, err
	}
	if _, err := tx.Add(ctx, e); err != nil {
		return t, err
	}
	return took{Receipt: r}, tx.Settle(ctx, r)
}

// repeated gives the stored receipt of an entry that was taken before, and says
// no to one that does not follow.
func (s *Server) repeated(ctx context.Context, tx journal.HubTx, head journal.Mark, e journal.Entry) (bool, journal.Receipt, error) {
	switch {
	case e.Epoch == head.Epoch && e.Seq <= head.Seq:
		old, ok, err := tx.Entry(ctx, e.Act.ID)
		if err != nil {
			return false, journal.Receipt{}, err
		}
		if !ok || old.Hash() != e.Hash() || old.Seq != e.Seq || old.Epoch != e.Epoch {
			return false, journal.Receipt{}, &central.ForkError{Mark: head}
		}
		r, _, err := tx.Receipt(ctx, e.Act.ID)
		return true, r, err
	case head.Seq == 0 && head.Epoch == 0 && e.Seq == 1:
		return false, journal.Receipt{}, nil
	case e.Epoch != head.Epoch:
		return false, journal.Receipt{}, &central.ForkError{Mark: head}
	case e.Seq != head.Seq+1:
		return false, journal.Receipt{}, &central.GapError{Mark: head}
	case e.Prev != head.Hash:
		return false, journal.Receipt{}, &central.ForkError{Mark: head}
	}
	return false, journal.Receipt{}, nil
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

// Hello says how far the server has come with a desk.
func (s *Server) Hello(ctx context.Context, h central.Hello) (w central.Welcome, err error) {
	err = s.Store.View(ctx, func(tx journal.HubTx) error {
		w = central.Welcome{System: "circdesk", Now: s.Now().UTC(), Recovery: s.Recovery}
		epoch, err := tx.Note(ctx, noteEpoch)
		if err != nil {
			return err
		}
		w.Epoch = string(epoch)
		w.Mark, err = tx.Head(ctx, h.Desk)
		return err
	})
	return w, err
}

// noteEpoch names the store: made anew with it, and again when it is restored.
const noteEpoch = "epoch"

// Begin names the store, once. epoch is a random text.
func (s *Server) Begin(ctx context.Context, epoch string) error {
	return s.Store.Update(ctx, func(tx journal.HubTx) error {
		old, err := tx.Note(ctx, noteEpoch)
		if err != nil || old != nil {
			return err
		}
		return tx.SetNote(ctx, noteEpoch, []byte(epoch))
	})
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
