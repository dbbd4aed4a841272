package relay

import (
	"context"
	"errors"
	"fmt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Store is what the relay knows as a server's store, for the terminals of the branch:
// what they do are entries of their own chains, which are handed on as the desks' are.
// Records that are put are seen until the end of the transaction: then what its entries
// have told is laid over the copy, as of any desk.
func (r *Relay) Store() journal.Store[journal.HubTx] { return store{r} }

type store struct{ r *Relay }

func (s store) View(ctx context.Context, fn func(journal.HubTx) error) error {
	return s.r.Desk.Journal.View(ctx, func(j journal.JournalTx) error {
		return s.r.Desk.View(ctx, func(facts journal.Reader) error {
			return fn(&tx{ledger: ledger{j, s.r}, r: s.r, facts: facts, layer: journal.NewLayer()})
		})
	})
}

// Update runs fn on one state, and then writes what it has written, durably.
func (s store) Update(ctx context.Context, fn func(journal.HubTx) error) error {
	done, err := s.r.alone(ctx)
	if err != nil {
		return err
	}
	defer done()
	var t *tx
	err = s.View(ctx, func(h journal.HubTx) error {
		t = h.(*tx)
		t.writes, t.receipts, t.notes = true, map[circ.EntryID]journal.Receipt{}, map[string][]byte{}
		return fn(t)
	})
	if err != nil || len(t.added) == 0 && len(t.notes) == 0 {
		return err
	}
	if len(t.added) == 0 {
		return s.r.Desk.Journal.Update(ctx, func(j journal.JournalTx) error {
			for name, v := range t.notes {
				if err := j.SetNote(ctx, name, v); err != nil {
					return err
				}
			}
			return nil
		})
	}
	first := t.added[0]
	for _, e := range t.added {
		if e.Act.Desk != first.Act.Desk || e.Epoch != first.Epoch {
			return fmt.Errorf("entries of desks %s and %s in one transaction", first.Act.Desk, e.Act.Desk)
		}
	}
	if err := s.r.keep(ctx, place{first.Act.Desk, first.Epoch}, t.added, t.notes); err != nil {
		return err
	}
	for _, e := range t.added {
		receipt := t.receipts[e.Act.ID]
		if err := s.r.tell(ctx, workOf(e, receipt), receipt); err != nil {
			s.r.Log.Error("what a terminal has done is kept, and cannot be shown", "desk", e.Act.Desk, "seq", e.Seq, "err", err)
		}
	}
	s.r.poke()
	return nil
}

// tx is one transaction of a terminal.
type tx struct {
	ledger
	r        *Relay
	facts    journal.Reader
	layer    *journal.Layer // what was put
	writes   bool
	added    []journal.Entry
	receipts map[circ.EntryID]journal.Receipt
	notes    map[string][]byte
}

var errReads = errors.New("this transaction only reads")

func (t *tx) Read(ctx context.Context, wants []circ.Want) ([][]circ.Row, error) {
	return t.layer.Over(t.facts).Read(ctx, wants)
}

func (t *tx) Put(ctx context.Context, rows []circ.Row) error {
	if !t.writes {
		return errReads
	}
	return t.layer.Put(ctx, t.facts, rows)
}

// Head gives the last entry of the terminal's newest epoch: of those added here, held by
// the relay, or known from the copy when the relay has none.
func (t *tx) Head(ctx context.Context, desk circ.DeskID) (journal.Mark, error) {
	for i := len(t.added) - 1; i >= 0; i-- {
		if e := t.added[i]; e.Act.Desk == desk {
			return journal.Mark{Desk: desk, Epoch: e.Epoch, Seq: e.Seq, Hash: e.Hash()}, nil
		}
	}
	m, err := t.JournalTx.Head(ctx, desk)
	if err != nil || m.Seq > 0 {
		return m, err
	}
	for epoch := uint64(1); ; epoch++ { // its epochs follow each other
		k := circ.MarkKey(desk, epoch)
		rows, err := t.facts.Read(ctx, []circ.Want{circ.ByKey(k.Kind, k.ID)})
		if err != nil || len(rows[0]) == 0 {
			return m, err
		}
		if found, ok := rows[0][0].(circ.Mark); ok && found.Seq > 0 {
			if m, err = markOf(found); err != nil {
				return m, err
			}
		}
	}
}

func (t *tx) Add(_ context.Context, e journal.Entry) (bool, error) {
	if !t.writes {
		return false, errReads
	}
	t.added = append(t.added, e)
	return true, nil
}

func (t *tx) Entry(ctx context.Context, id circ.EntryID) (journal.Entry, bool, error) {
	for _, e := range t.added {
		if e.Act.ID == id {
			return e, true, nil
		}
	}
	return t.JournalTx.Entry(ctx, id)
}

func (t *tx) Settle(_ context.Context, receipt journal.Receipt) error {
	if !t.writes {
		return errReads
	}
	t.receipts[receipt.Entry] = receipt
	return nil
}

func (t *tx) Receipt(ctx context.Context, id circ.EntryID) (journal.Receipt, bool, error) {
	if receipt, ok := t.receipts[id]; ok {
		return receipt, true, nil
	}
	return t.ledger.Receipt(ctx, id)
}

func (t *tx) Note(ctx context.Context, name string) ([]byte, error) {
	if v, ok := t.notes[notePrefix+name]; ok {
		return v, nil
	}
	return t.JournalTx.Note(ctx, notePrefix+name)
}

// notePrefix keeps the notes of the terminals apart from those of the relay.
const notePrefix = "terminals/"

func (t *tx) SetNote(_ context.Context, name string, v []byte) error {
	if !t.writes {
		return errReads
	}
	t.notes[notePrefix+name] = v
	return nil
}

var errNoFeed = errors.New("a relay has no feed of its own")

func (t *tx) Since(context.Context, string, int) ([]circ.Row, string, bool, error) {
	return nil, "", false, errNoFeed
}
