package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Report is what a walk through a ledger found.
type Report struct {
	Entries  int
	Receipts int
	Heads    []journal.Mark // the last entry of each desk's newest epoch, by desk
	Problems []Problem      // none: all is well
}

// Problem is one thing that is not as it was written.
type Problem struct {
	Place  string // entry 1.5 of desk "main-1", receipt of entry "…"
	Reason string
}

func (p Problem) String() string { return p.Place + ": " + p.Reason }

// Verify walks through all entries and receipts: checksums, hashes, the chain,
// gaps, heads, and what is settled. each, if not nil, is called with every
// entry that is good, in the order of desk, epoch and number; its error ends
// the walk. Problems are no error: the report has them. The error says that
// the walk could not be finished.
func (j *Journal) Verify(ctx context.Context, each func(journal.Entry) error) (Report, error) {
	r, err := j.f.verify(ctx, each)
	j.f.tellBehind(&r)
	return r, err
}

// Verify walks through the server's entries and receipts, as [Journal.Verify].
func (h *Hub) Verify(ctx context.Context, each func(journal.Entry) error) (Report, error) {
	r, err := h.f.verify(ctx, each)
	h.f.tellBehind(&r)
	return r, err
}

// Verify walks through the journal, or the server's store, in a file that no
// process has open for writing: see [Journal.Verify]. It writes nothing.
func Verify(ctx context.Context, path string, opts ...Option) (r Report, err error) {
	f, err := openToRead(path, optionsOf(opts))
	if err != nil {
		return r, fmt.Errorf("verify %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, f.db.Close()) }()
	if f.kind == kindCache {
		return r, fmt.Errorf("verify %s: a cache has no entries", path)
	}
	r, err = f.verify(ctx, nil)
	f.tellBehind(&r)
	return r, err
}

// openToRead opens a file of any kind without the right to write.
func openToRead(path string, o options) (*file, error) {
	o.readOnly = true
	db, _, err := openDB(path, o, false)
	if err != nil {
		return nil, err
	}
	f := &file{path: path, db: db, behind: behind(path)}
	if err := f.look(o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return f, nil
}

func (f *file) verify(ctx context.Context, each func(journal.Entry) error) (r Report, err error) {
	err = f.view(ctx, func(t *tx) error {
		w := walk{ctx: ctx, t: t, each: each, report: &r, midway: t.holdsOthers(ctx)}
		for _, part := range []func() error{w.entries, w.ids, w.heads, w.receipts, w.settled} {
			if err := w.run(part); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		err = fmt.Errorf("verify %s: %w", f.path, err)
	}
	return r, err
}

// walk is one walk through a ledger.
type walk struct {
	ctx    context.Context
	t      *tx
	each   func(journal.Entry) error
	report *Report
	last   []journal.Mark // of each desk, in the order of the file
	midway bool           // chains may begin with any entry
}

func (w *walk) problem(place, reason string) {
	w.report.Problems = append(w.report.Problems, Problem{place, reason})
}

// run runs one part; a damaged page ends it.
func (w *walk) run(part func() error) error {
	done := false
	defer func() {
		if done {
			return
		}
		if r := recover(); r != nil {
			w.problem(w.t.f.path, fmt.Sprint(r))
		}
	}()
	err := part()
	done = true
	return err
}

// through walks through a bucket.
func (w *walk) through(bucket []byte, fn func(k, v []byte) error) error {
	b, err := w.t.in(bucket)
	if err != nil {
		return err
	}
	c := b.Cursor()
	for k, v := c.First(); k != nil; k, v = c.Next() {
		if err := w.ctx.Err(); err != nil {
			return err
		}
		if !bytes.Equal(b.Get(k), v) {
			w.problem(fmt.Sprintf("%s %q", bucket, k), "it is not found by its key")
		}
		if err := fn(k, v); err != nil {
			return err
		}
	}
	return nil
}

func placeName(k []byte) string {
	epoch, seq := placeOf(k)
	desk, _ := readPart(k)
	return fmt.Sprintf("entry %d.%d of desk %q", epoch, seq, desk)
}

func (w *walk) entries() error {
	var before []byte // the key of the entry before
	var hash journal.Hash
	read := w.t.readPlace
	if w.each != nil {
		read = w.t.readEntry
	}
	return w.through(bucketEntries, func(k, v []byte) error {
		w.report.Entries++
		e, h, err := read(k, v)
		epoch, seq := placeOf(k)
		chain := bytes.HasPrefix(before, k[:max(len(k)-8, 0)])
		_, last := placeOf(before)
		switch {
		case err != nil:
			w.problem(placeName(k), err.Error())
		case !bytes.Equal(k, entryKey(e.Act.Desk, e.Epoch, e.Seq)):
			w.problem(placeName(k), fmt.Sprintf("it says to be entry %d.%d of desk %q", e.Epoch, e.Seq, e.Act.Desk))
		case chain && seq != last+1, !chain && seq != 1 && !w.midway:
			w.problem(placeName(k), "entries before it are missing")
		case chain && hash != (journal.Hash{}) && e.Prev != hash:
			w.problem(placeName(k), "it does not follow the one before")
		}
		if err == nil {
			if at, _ := w.t.keyOf(e.Act.ID); !bytes.Equal(at, k) && !w.writtenAgain(e.Act.ID, k, at) {
				w.problem(placeName(k), "it is not found by its id")
			}
			w.mark(journal.Mark{Desk: e.Act.Desk, Epoch: epoch, Seq: seq, Hash: h})
			if w.each != nil {
				if err := w.each(e); err != nil {
					return err
				}
			}
		}
		before, hash = append(before[:0], k...), h
		return nil
	})
}

// writtenAgain reports whether the entry under a key was written again under another.
func (w *walk) writtenAgain(id circ.EntryID, k, at []byte) bool {
	if at == nil || !again(k, at) {
		return false
	}
	v, err := w.t.get(bucketEntries, at)
	if err != nil {
		return false
	}
	got, err := idOf(v)
	return err == nil && string(got) == string(id)
}

// ids checks that the index of ids names no other entries than there are.
func (w *walk) ids() error {
	return w.through(bucketIDs, func(k, at []byte) error {
		v, err := w.t.get(bucketEntries, at)
		if err != nil {
			return err
		}
		if id, err := idOf(v); err != nil || !bytes.Equal(idKey(string(id)), k) {
			id, _ := readPart(k)
			w.problem(fmt.Sprintf("entry %q", id), "its index names another")
		}
		return nil
	})
}

// mark notes the last entry of a desk.
func (w *walk) mark(m journal.Mark) {
	if n := len(w.last); n > 0 && w.last[n-1].Desk == m.Desk {
		w.last[n-1] = m
		return
	}
	w.last = append(w.last, m)
}

func (w *walk) heads() error {
	known := make(map[circ.DeskID]bool, len(w.last))
	for _, m := range w.last {
		known[m.Desk] = true
		head, err := w.t.Head(w.ctx, m.Desk)
		switch {
		case err != nil:
			w.problem(fmt.Sprintf("head of desk %q", m.Desk), err.Error())
		case head != m:
			w.problem(fmt.Sprintf("head of desk %q", m.Desk), fmt.Sprintf("it names entry %d.%d, the last is %d.%d", head.Epoch, head.Seq, m.Epoch, m.Seq))
		}
		w.report.Heads = append(w.report.Heads, m)
	}
	return w.through(bucketHeads, func(k, _ []byte) error {
		if desk, whole := readPart(k); whole && !known[circ.DeskID(desk)] {
			w.problem(fmt.Sprintf("head of desk %q", desk), "its entries are missing")
		}
		return nil
	})
}

func (w *walk) receipts() error {
	return w.through(bucketReceipts, func(k, v []byte) error {
		w.report.Receipts++
		id, _ := readPart(k)
		r, err := w.t.readReceipt(k, v)
		switch {
		case err != nil:
			w.problem(fmt.Sprintf("receipt of entry %q", id), err.Error())
		case !bytes.Equal(k, idKey(string(r.Entry))):
			w.problem(fmt.Sprintf("receipt of entry %q", id), fmt.Sprintf("it says to be of %q", r.Entry))
		}
		return nil
	})
}

// settled checks which entries are kept as having a receipt.
func (w *walk) settled() error {
	upTo, last := map[string]uint64{}, map[string]uint64{}
	ahead := map[string]bool{}
	if err := w.through(bucketSettled, func(chain, _ []byte) error {
		n, err := w.t.settledTo(chain)
		if err != nil {
			w.problem(fmt.Sprintf("desk %q", deskOf(chain)), err.Error())
		}
		upTo[string(chain)] = n
		return nil
	}); err != nil {
		return err
	}
	if err := w.through(bucketAhead, func(k, _ []byte) error {
		ahead[string(k)] = true
		return nil
	}); err != nil {
		return err
	}
	if err := w.through(bucketEntries, func(at, v []byte) error {
		id, err := idOf(v)
		if err != nil || len(at) < 8 { // told already
			return nil
		}
		receipt, err := w.t.get(bucketReceipts, idKey(string(id)))
		if err != nil {
			return err
		}
		chain, seq := string(at[:len(at)-8]), seqOf(at)
		last[chain] = max(last[chain], seq)
		kept := seq <= upTo[chain] || ahead[string(at)]
		now, err := w.t.keyOf(circ.EntryID(id))
		if err != nil {
			return err
		}
		if has := receipt != nil || w.writtenAgain(circ.EntryID(id), at, now); has != kept {
			w.problem(placeName(at), fmt.Sprintf("it has a receipt: %v, and is kept as settled: %v", has, kept))
		}
		delete(ahead, string(at))
		return nil
	}); err != nil {
		return err
	}
	for chain, n := range upTo {
		if n > last[chain] {
			w.problem(fmt.Sprintf("desk %q", deskOf([]byte(chain))), fmt.Sprintf("entries up to %d are kept as settled, the last is %d", n, last[chain]))
		}
	}
	for k := range ahead {
		w.problem(placeName([]byte(k)), "it is kept as settled, and is not there")
	}
	return nil
}

// newest reports the first problem among the last n entries of each desk, and
// in what is kept of all desks.
func (f *file) newest(n uint64) error {
	return f.view(context.Background(), func(t *tx) error {
		heads, err := t.in(bucketHeads)
		if err != nil {
			return err
		}
		c := heads.Cursor()
		for desk, v := c.First(); desk != nil; desk, v = c.Next() {
			head, err := t.readHead(desk, v)
			if err != nil {
				return t.damaged("head of desk %q: %v", deskOf(desk), err)
			}
			if err := t.leadsTo(desk, head, n); err != nil {
				return err
			}
		}
		return nil
	})
}

// leadsTo reports why the last n entries of a desk do not lead to its head.
func (t *tx) leadsTo(desk []byte, head journal.Mark, n uint64) error {
	chain := binary.BigEndian.AppendUint64(bytes.Clone(desk), head.Epoch)
	if _, err := t.settledTo(chain); err != nil {
		return err
	}
	last := journal.Mark{Epoch: head.Epoch, Seq: head.Seq - min(n, head.Seq)}
	first, midway := true, t.holdsOthers(context.Background())
	err := t.afterNumber(chain, last.Seq, func(k, v []byte) error {
		e, h, err := t.readPlace(k, v)
		switch {
		case err != nil:
			return t.damaged("%s: %v", placeName(k), err)
		case !bytes.Equal(k, entryKey(e.Act.Desk, e.Epoch, e.Seq)):
			return t.damaged("%s: it says to be another", placeName(k))
		case e.Seq != last.Seq+1 && !(first && midway), !first && e.Prev != last.Hash:
			return t.damaged("%s: it does not follow the one before", placeName(k))
		}
		last.Seq, last.Hash, first = e.Seq, h, false
		return nil
	})
	if err == nil && last != head {
		err = t.damaged("head of desk %q: it names entry %d.%d, the last is %d.%d", deskOf(desk), head.Epoch, head.Seq, last.Epoch, last.Seq)
	}
	return err
}

// structure lets bbolt check its pages.
func structure(b *bbolt.Tx) (first error) {
	for err := range b.Check() {
		if first == nil {
			first = err
		}
	}
	return first
}
