package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// chain is what the journal notes of its epochs. The zero chain is that of a
// journal which never began a new one.
type chain struct {
	Epoch uint64            `json:"epoch,omitempty"` // in which the desk writes; less than that of its newest entry: in that one's
	Ends  map[uint64]uint64 `json:"ends,omitempty"`  // the last entry of an older epoch that counts: those behind it were written again
	Fetch *Missing          `json:"fetch,omitempty"` // nil: nothing is missing
}

// Missing is what the desk has lost of its own journal and the central system still
// has: the entries of one epoch after a number, and of the epochs behind it.
type Missing struct {
	Epoch uint64 `json:"epoch"`
	After uint64 `json:"after"`
	Until uint64 `json:"until"` // the first epoch that is not missing
}

const noteChain = "chain"

func readChain(ctx context.Context, n journal.Notes) (c chain, err error) {
	v, err := n.Note(ctx, noteChain)
	if err != nil || v == nil {
		return c, err
	}
	if err := json.Unmarshal(v, &c); err != nil {
		return c, fmt.Errorf("read the epochs of the journal: %w", err)
	}
	return c, nil
}

func (c chain) write(ctx context.Context, n journal.Notes) error {
	v, err := json.Marshal(c)
	if err != nil {
		return err
	}
	return n.SetNote(ctx, noteChain, v)
}

// counts reports whether an entry stands where it was written last.
func (c chain) counts(epoch, seq uint64) bool {
	end, ended := c.Ends[epoch]
	return !ended || seq <= end
}

// current gives the last entry of the epoch in which the desk writes.
func (d *Desk) current(ctx context.Context, tx journal.JournalTx) (m journal.Mark, c chain, err error) {
	if m, err = tx.Head(ctx, d.ID); err != nil {
		return m, c, err
	}
	if c, err = readChain(ctx, tx); err == nil && c.Epoch > m.Epoch {
		m = journal.Mark{Desk: d.ID, Epoch: c.Epoch}
	}
	return m, c, err
}

// Presence is what a desk has to say of its journal.
type Presence struct {
	Last  journal.Mark   // the last entry of the epoch in which it writes; without a number when there is none
	First uint64         // the number of the first entry of that epoch that it has; 0: none
	Had   []journal.Mark // of each epoch the last entry up to which all have receipts, the oldest first; without hashes
	Ends  []journal.Mark // of each epoch the last entry that counts, the oldest first; without hashes
	Left  int            // entries without a receipt
	Read  string         // how far it has read the feed; empty: not at all
	Epoch string         // of the central system's store that it met last; empty: none
}

// Acked gives the number up to which the entries of an epoch have receipts.
func (p Presence) Acked(epoch uint64) uint64 {
	for _, m := range p.Had {
		if m.Epoch == epoch {
			return m.Seq
		}
	}
	return 0
}

// Present says how the journal stands.
func (d *Desk) Present(ctx context.Context) (p Presence, err error) {
	left := d.Unsettled() // first: what has its receipt since counts as left, and never the other way round
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		p = Presence{}
		var c chain
		if p.Last, c, err = d.current(ctx, tx); err != nil {
			return err
		}
		es, err := tx.Entries(ctx, journal.Mark{Desk: d.ID, Epoch: p.Last.Epoch}, 1)
		if err != nil {
			return err
		}
		for _, e := range es {
			p.First = e.Seq
		}
		heads, err := tx.Heads(ctx, d.ID)
		if err != nil {
			return err
		}
		for _, m := range heads {
			if end, ended := c.Ends[m.Epoch]; ended {
				m.Seq = min(m.Seq, end)
			}
			p.Ends = append(p.Ends, journal.Mark{Desk: d.ID, Epoch: m.Epoch, Seq: m.Seq})
		}
		p.Had, err = had(ctx, tx, d.ID, p.Ends)
		return err
	})
	if err == nil {
		err = d.Cache.View(ctx, func(tx journal.CacheTx) error {
			v, err := tx.Note(ctx, noteEpoch)
			if err != nil {
				return err
			}
			p.Epoch = string(v)
			v, err = tx.Note(ctx, noteCursor)
			p.Read = string(v)
			return err
		})
	}
	if err != nil {
		return p, fmt.Errorf("say how the journal of desk %s stands: %w", d.ID, err)
	}
	p.Left = left
	return p, nil
}

// had gives of each epoch the number up to which all entries that count have
// receipts.
func had(ctx context.Context, tx journal.JournalTx, desk circ.DeskID, ends []journal.Mark) ([]journal.Mark, error) {
	if len(ends) == 0 {
		return nil, nil
	}
	newest := ends[len(ends)-1].Epoch
	open, err := unsettled(ctx, tx, desk, func(e journal.Entry) bool { return e.Epoch == newest })
	if err != nil {
		return nil, err
	}
	out := slices.Clone(ends)
	for i := range out {
		for _, e := range open {
			if e.Epoch == out[i].Epoch {
				out[i].Seq = min(out[i].Seq, e.Seq-1)
			}
		}
	}
	return out, nil
}

// unsettled gives entries without a receipt, oldest first, at least up to the first
// that enough says yes to.
func unsettled(ctx context.Context, tx journal.JournalTx, desk circ.DeskID, enough func(journal.Entry) bool) ([]journal.Entry, error) {
	for n := 1; ; n *= 2 { // the first is mostly enough, and each greeting asks
		es, err := tx.Unsettled(ctx, desk, n)
		if err != nil || len(es) < n {
			return es, err
		}
		for _, e := range es {
			if enough(e) {
				return es, nil
			}
		}
	}
}

// At gives the entry with a number; false: there is none.
func (d *Desk) At(ctx context.Context, epoch, seq uint64) (e journal.Entry, ok bool, err error) {
	if seq == 0 {
		return e, false, nil
	}
	es, err := d.After(ctx, journal.Mark{Desk: d.ID, Epoch: epoch, Seq: seq - 1}, 1)
	if err != nil || len(es) == 0 || es[0].Seq != seq {
		return e, false, err
	}
	return es[0], true, nil
}

// ErrMoved: the desk is in another epoch by now.
var ErrMoved = errors.New("the desk is in another epoch by now")

// Begin begins a new epoch, which the central system gave. common says of the epoch
// in which the desk was, and of older ones where that matters, up to which number
// both have the same entries: what stands behind it is written again in the new one,
// in its order and under its ids, since the central system has others under those
// numbers, or none. It gives how many they were. Where there are none of the epoch in
// which the desk was, what the central system has behind that number is missing from
// the journal: see [Desk.Missing]. lost: nothing of it is to be looked for.
//
// It happens whole or not at all. When the desk is not in the epoch was any more it
// is [ErrMoved].
func (d *Desk) Begin(ctx context.Context, was uint64, common map[uint64]uint64, grant uint64, lost bool) (again int, err error) {
	d.writing.Lock()
	defer d.writing.Unlock()
	if err := d.pay(ctx); err != nil {
		return 0, err
	}
	err = d.Journal.Update(ctx, func(tx journal.JournalTx) error {
		again = 0
		at, c, err := d.current(ctx, tx)
		if err != nil {
			return err
		}
		if at.Epoch != was || grant <= was {
			return ErrMoved
		}
		ends := maps.Clone(c.Ends)
		if ends == nil {
			ends = map[uint64]uint64{}
		}
		next := journal.Mark{Desk: d.ID, Epoch: grant}
		missing := &Missing{Epoch: was, After: common[was], Until: grant}
		for _, epoch := range slices.Sorted(maps.Keys(common)) {
			n, err := d.writeAgain(ctx, tx, c, journal.Mark{Desk: d.ID, Epoch: epoch, Seq: common[epoch]}, &next)
			if err != nil {
				return err
			}
			if again += n; n > 0 {
				ends[epoch] = common[epoch]
			}
			if n > 0 && epoch == was {
				missing = &Missing{Epoch: was + 1, Until: grant}
			}
		}
		if lost {
			missing = nil
		}
		return chain{Epoch: grant, Ends: ends, Fetch: missing}.write(ctx, tx)
	})
	if err == nil {
		err = d.load(ctx)
	}
	if err != nil {
		return 0, fmt.Errorf("begin epoch %d of desk %s: %w", grant, d.ID, err)
	}
	return again, nil
}

// writeAgain writes the entries of an epoch behind a number that count again, after
// next. It gives how many they were.
func (d *Desk) writeAgain(ctx context.Context, tx journal.JournalTx, c chain, from journal.Mark, next *journal.Mark) (n int, err error) {
	for {
		es, err := tx.Entries(ctx, from, 500)
		if err != nil || len(es) == 0 {
			return n, err
		}
		for _, e := range es {
			if from.Seq = e.Seq; !c.counts(e.Epoch, e.Seq) {
				return n, nil
			}
			moved, err := e.Again(*next)
			if err != nil {
				return n, err
			}
			if _, err := tx.Add(ctx, moved); err != nil {
				return n, err
			}
			next.Seq, next.Hash = moved.Seq, moved.Hash()
			n++
		}
	}
}

// Missing gives what the desk is to fetch of its own journal; nil: nothing.
func (d *Desk) Missing(ctx context.Context) (m *Missing, err error) {
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		c, err := readChain(ctx, tx)
		m = c.Fetch
		return err
	})
	return m, err
}

// Regain keeps entries of its own that the desk had lost, with their receipts, of
// one epoch and in their order; and what is missing then (nil: nothing). What a
// person has to settle of them is a conflict again. It gives those.
func (d *Desk) Regain(ctx context.Context, entries []journal.Entry, receipts []journal.Receipt, missing *Missing) (fresh []circ.Conflict, err error) {
	d.writing.Lock()
	defer d.writing.Unlock()
	err = d.Journal.Update(ctx, func(tx journal.JournalTx) error {
		c, err := readChain(ctx, tx)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.Act.Desk != d.ID {
				return fmt.Errorf("entry %s is of desk %s", e.Act.ID, e.Act.Desk)
			}
			if _, err := tx.Add(ctx, e); err != nil {
				return err
			}
		}
		if fresh, err = d.keep(ctx, tx, receipts); err != nil {
			return err
		}
		c.Fetch = missing
		return c.write(ctx, tx)
	})
	if err == nil && len(entries) > 0 {
		err = d.load(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("keep %d entries that desk %s had lost: %w", len(entries), d.ID, err)
	}
	return fresh, nil
}
