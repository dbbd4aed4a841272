package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/gofrs/uuid/v5"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// Rescued is what became of one desk's entries in a journal that was brought to the
// server.
type Rescued struct {
	Desk       circ.DeskID `json:"desk"`
	Entries    int         `json:"entries"`         // in the file, each once
	Fresh      int         `json:"taken"`           // taken now
	Again      int         `json:"known"`           // there before
	Withdrawn  int         `json:"withdrawn"`       // questions whose answer nobody was shown
	Objections int         `json:"objections"`      // of those taken now, applied with an objection or rejected
	From       uint64      `json:"from,omitempty"`  // those from this number on could not be taken
	Why        string      `json:"error,omitempty"` // why
}

// Rescue delivers the entries of a journal in a file, as its desk would have: also
// when the desk's key is lost, by the server's recovery key. The file stays as it
// is. Entries that the server has are not taken again, so it may be repeated; one
// that cannot be taken ends the delivery of its desk, and is reported. What the
// desk had asked and shown to nobody is withdrawn; not so in the journal of a relay,
// whose desks may have been answered since. problems are those of a file that is
// damaged: entries behind the first one are not delivered.
func (s *Server) Rescue(ctx context.Context, path string) (all []Rescued, problems []bolt.Problem, err error) {
	dir, err := os.MkdirTemp("", "circdesk-rescue-")
	if err != nil {
		return nil, nil, err
	}
	defer os.RemoveAll(dir)
	file := filepath.Join(dir, "journal.db")
	if err := folder.CopyFile(file, path); err != nil {
		return nil, nil, err
	}
	if err := bolt.Check(ctx, file, bolt.PagesOnly()); err != nil {
		return nil, nil, named(err, path)
	}
	j, err := bolt.OpenJournal(file, bolt.NoSync(), bolt.Sealed(bolt.Lock{Recovery: &s.Recovery}))
	if err != nil {
		return nil, nil, named(err, path)
	}
	defer j.Close()
	report, err := j.Verify(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	relays := false
	err = j.View(ctx, func(tx journal.JournalTx) error {
		v, err := tx.Note(ctx, journal.NoteMidway)
		relays = v != nil
		return err
	})
	if err != nil {
		return nil, report.Problems, err
	}
	for _, head := range report.Heads {
		r, err := s.rescue(ctx, j, dir, head.Desk, len(report.Problems) == 0 && !relays)
		if err != nil {
			return all, report.Problems, err
		}
		all = append(all, r)
	}
	return all, report.Problems, nil
}

// named names the file that was given, not the copy of it.
func named(err error, path string) error {
	if damaged, ok := errors.AsType[*bolt.DamagedError](err); ok {
		return &bolt.DamagedError{Path: path, Reason: damaged.Reason}
	}
	return fmt.Errorf("open %s: %w", path, err)
}

// rescue delivers one desk's entries, the oldest epoch first. Of a journal that is not
// the whole of the desk's nothing is withdrawn, since nobody knows what else stands.
func (s *Server) rescue(ctx context.Context, j *bolt.Journal, dir string, desk circ.DeskID, whole bool) (r Rescued, err error) {
	r = Rescued{Desk: desk}
	heads, err := headsOf(ctx, j, desk)
	if err != nil {
		return r, err
	}
	has, err := headsOf(ctx, s.HTTP.Server.Store, desk)
	if err != nil {
		return r, err
	}
	for _, head := range heads {
		r.Entries += int(head.Seq)
	}
	newest := heads[len(heads)-1]
	if n := len(has); whole && (n == 0 || has[n-1].Epoch < newest.Epoch || has[n-1].Epoch == newest.Epoch && has[n-1].Seq <= newest.Seq) {
		if r.Withdrawn, err = withdraw(ctx, j, dir, s.rules, desk); err != nil { // nobody has brought more than this
			return r, err
		}
	}
	for _, head := range heads {
		from := journal.Mark{Desk: desk, Epoch: head.Epoch, Seq: min(seqOf(has, head.Epoch), head.Seq)}
		same, err := s.same(ctx, j, desk, head.Epoch, from.Seq)
		if err != nil {
			return r, err
		}
		if !same && head.Epoch < newest.Epoch { // what the server did not have came again in a later one
			n, err := s.agreed(ctx, j, from)
			if err != nil {
				return r, err
			}
			r.Again += int(n)
			r.Entries -= int(head.Seq - n)
			continue
		}
		if !same {
			r.From, r.Why = from.Seq, fmt.Sprintf("the server has another entry %d.%d of the desk", head.Epoch, from.Seq)
			return r, nil
		}
		r.Again += int(from.Seq)
		if r, err = s.deliver(ctx, j, from, r); err != nil || r.Why != "" {
			return r, err
		}
	}
	return r, nil
}

// ledger gives the heads of a desk's epochs.
type ledger interface {
	Heads(ctx context.Context, desk circ.DeskID) ([]journal.Mark, error)
}

func headsOf[T ledger](ctx context.Context, store journal.Store[T], desk circ.DeskID) (heads []journal.Mark, err error) {
	err = store.View(ctx, func(tx T) error {
		heads, err = tx.Heads(ctx, desk)
		return err
	})
	return heads, err
}

// seqOf gives the number of the last entry of an epoch; 0: there is none.
func seqOf(heads []journal.Mark, epoch uint64) uint64 {
	for _, m := range heads {
		if m.Epoch == epoch {
			return m.Seq
		}
	}
	return 0
}

// same reports whether the server's entry with a number is the journal's. Of no
// number it is.
func (s *Server) same(ctx context.Context, j *bolt.Journal, desk circ.DeskID, epoch, seq uint64) (bool, error) {
	if seq == 0 {
		return true, nil
	}
	before := journal.Mark{Desk: desk, Epoch: epoch, Seq: seq - 1}
	var ours, theirs []journal.Entry
	err := j.View(ctx, func(tx journal.JournalTx) (err error) {
		ours, err = tx.Entries(ctx, before, 1)
		return err
	})
	if err == nil {
		err = s.HTTP.Server.Store.View(ctx, func(tx journal.HubTx) (err error) {
			theirs, err = tx.Entries(ctx, before, 1)
			return err
		})
	}
	return err == nil && len(ours) == 1 && len(theirs) == 1 && ours[0].Hash() == theirs[0].Hash(), err
}

// agreed gives the number of the last entry of a chain that the journal and the server
// both have, where they differ at a mark.
func (s *Server) agreed(ctx context.Context, j *bolt.Journal, at journal.Mark) (n uint64, err error) {
	for over := at.Seq; n+1 < over && err == nil; {
		mid := n + (over-n)/2
		var same bool
		if same, err = s.same(ctx, j, at.Desk, at.Epoch, mid); same {
			n = mid
		} else {
			over = mid
		}
	}
	return n, err
}

// withdraw does what the desk itself would do at its next start: it withdraws what
// it has asked and shown to nobody.
func withdraw(ctx context.Context, j *bolt.Journal, dir string, rules *policy.Set, desk circ.DeskID) (int, error) {
	cache, err := bolt.OpenCache(filepath.Join(dir, uuid.Must(uuid.NewV4()).String()+".db"), bolt.NoSync())
	if err != nil {
		return 0, err
	}
	defer cache.Close()
	d, err := local.Open(ctx, local.Config{
		ID: desk, Zone: Zone().String(), Journal: j, Cache: cache, Rules: rules, Now: time.Now,
		NewID: func() circ.EntryID { return circ.EntryID(uuid.Must(uuid.NewV7()).String()) },
	})
	if err != nil {
		return 0, err
	}
	open, err := d.Restart(ctx)
	return len(open), err
}

// deliver delivers the entries after a mark.
func (s *Server) deliver(ctx context.Context, j *bolt.Journal, from journal.Mark, r Rescued) (Rescued, error) {
	for {
		var entries []journal.Entry
		if err := j.View(ctx, func(tx journal.JournalTx) (err error) {
			entries, err = tx.Entries(ctx, from, central.BatchSize)
			for i, e := range entries {
				if open, err := openQuestion(ctx, tx, e); err != nil || open {
					entries = entries[:i]
					return errors.Join(err, errOpenQuestion)
				}
			}
			return err
		}); err != nil {
			r.From, r.Why = from.Seq+uint64(len(entries))+1, err.Error()
		}
		if len(entries) == 0 {
			return r, ctx.Err()
		}
		receipts, err := s.HTTP.Server.Deliver(ctx, entries)
		if ctx.Err() != nil {
			return r, ctx.Err()
		}
		if err != nil {
			r.From, r.Why = from.Seq+1, err.Error()
			return r, nil
		}
		for _, receipt := range receipts {
			if len(receipt.Objections) > 0 || receipt.Verdict == journal.Rejected {
				r.Objections++
			}
		}
		r.Fresh += len(entries)
		from.Seq = entries[len(entries)-1].Seq
		if r.Why != "" {
			return r, nil
		}
	}
}

var errOpenQuestion = errors.New("a question of which nobody knows whether it was withdrawn")

// openQuestion reports whether an entry is a question without an answer, of which
// nothing says what became of it.
func openQuestion(ctx context.Context, tx journal.JournalTx, e journal.Entry) (bool, error) {
	if e.Mode != journal.Asked {
		return false, nil
	}
	_, answered, err := tx.Receipt(ctx, e.Act.ID)
	if err != nil || answered {
		return false, err
	}
	_, followed, err := tx.Later(ctx, e.Act.Desk, e.Act.ID)
	return !followed, err
}
