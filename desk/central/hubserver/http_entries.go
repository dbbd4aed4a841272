package hubserver

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/http"

	"circdesk/desk/central"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// entries takes a batch. Asking is delivering, with the asked entries last.
func (s *site) entries(w http.ResponseWriter, r *http.Request) error {
	var d wire.Delivery
	if err := s.bears(r.Context(), circ.DeskID(r.PathValue("desk"))); err != nil {
		return err
	}
	if err := read(w, r, &d); err != nil {
		return err
	}
	b, err := open(circ.DeskID(r.PathValue("desk")), d.Entries)
	if err != nil {
		return err
	}
	all, err := s.server.deliver(r.Context(), b)
	if err != nil {
		return s.server.headed(r.Context(), b.entries[0], err)
	}
	if by, desk := asker(r.Context()), b.entries[0].Act.Desk; by != "" && by != desk {
		if err := s.server.brought(context.WithoutCancel(r.Context()), desk, by); err != nil { // what was taken is taken
			s.log.LogAttrs(r.Context(), slog.LevelWarn, "which relay a desk came by is not noted", slog.String("err", err.Error()))
		}
	}
	out := wire.Receipts{Receipts: make([]json.RawMessage, len(all))}
	for i, t := range all {
		if t.Verdict == journal.Rejected && !t.again {
			s.noteRejected(r.Context(), t.Receipt)
		}
		if out.Receipts[i], err = journal.EncodeReceipt(t.Receipt); err != nil {
			return err
		}
	}
	return s.answer(w, r, out)
}

// batch is what was delivered.
type batch struct {
	entries []journal.Entry
	unread  map[int]error // those of which only the place can be read, and why
}

// open reads a batch of one desk. An entry of a later version, or one of which
// only the place in its chain can be read, is an entry too: it is kept.
func open(desk circ.DeskID, frames []journal.Frame) (batch, error) {
	b := batch{unread: map[int]error{}}
	switch {
	case len(frames) == 0:
		return b, malformed("no entries")
	case len(frames) > central.BatchSize:
		return b, &wire.Error{Code: wire.TooLarge, Message: fmt.Sprintf("%d entries: at most %d at once", len(frames), central.BatchSize)}
	}
	for i, f := range frames {
		e, err := journal.Decode(f)
		if err != nil {
			if u, ok := errors.AsType[*journal.UnreadableError](err); !ok || u.Desk == "" {
				return b, &wire.Error{Code: wire.NoEntry, Message: err.Error(), Entry: i + 1}
			}
			b.unread[i] = err
		}
		if e.Act.Desk != desk {
			return b, malformed("entry %d of %d is of desk %q, delivered as of %q", i+1, len(frames), e.Act.Desk, desk)
		}
		b.entries = append(b.entries, e)
	}
	return b, nil
}

// chained reports whether each entry follows the one before.
func (b batch) chained() bool {
	for i := 1; i < len(b.entries); i++ {
		before, e := b.entries[i-1], b.entries[i]
		if e.Epoch != before.Epoch || e.Seq != before.Seq+1 || e.Prev != before.Hash() {
			return false
		}
	}
	return true
}

// deliver takes the entries; what of one cannot be read is rejected and kept. A
// batch that is no chain is a gap or a fork, or was taken before.
func (s *Server) deliver(ctx context.Context, b batch) ([]took, error) {
	if len(b.unread) == 0 || !b.chained() {
		return s.takeAll(ctx, b.entries)
	}
	var out []took
	for from := 0; from < len(b.entries); {
		to := from
		for to < len(b.entries) && b.unread[to] == nil {
			to++
		}
		if to > from {
			ts, err := s.takeAll(ctx, b.entries[from:to])
			if err != nil {
				return nil, err
			}
			out = append(out, ts...)
		}
		if to < len(b.entries) {
			e := b.entries[to]
			t, err := s.keep(ctx, e, &journal.UnjudgedError{Entry: e.Act.ID, Why: b.unread[to].Error()})
			if err != nil {
				return nil, err
			}
			out = append(out, t)
		}
		from = to + 1
	}
	return out, nil
}

// headed gives a gap or a fork the mark that the server has: what the batch
// itself had brought is undone by then. A store's own no (an id that another
// entry has) is a fork. Where the server has nothing of the desk, all before the
// first of the batch is missing: a server made anew is filled by the desks.
func (s *Server) headed(ctx context.Context, first journal.Entry, err error) error {
	gap, fork := errors.Is(err, journal.ErrGap), errors.Is(err, journal.ErrFork)
	if !gap && !fork {
		return err
	}
	var newest, head journal.Mark
	if err := s.Store.View(ctx, func(tx journal.HubTx) error {
		heads, err := tx.Heads(ctx, first.Act.Desk)
		if n := len(heads); n > 0 {
			newest = heads[n-1]
		}
		head = headOf(heads, first.Epoch)
		return err
	}); err != nil {
		return err
	}
	newest.Desk, head.Desk = first.Act.Desk, first.Act.Desk
	switch {
	case gap || newest.Seq == 0 && first.Seq > 1:
		return &central.GapError{Mark: head}
	case head.Seq == 0:
		return &central.ForkError{Mark: newest}
	}
	return &central.ForkError{Mark: head}
}
