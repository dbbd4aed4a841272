package hubserver

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Hello says how far the server has come with a desk, how the desk's journal stands
// to that, and gives a desk that asks for it, and needs it, a new epoch. See
// [central.Greeter].
//
// A server that hears from a desk of entries, a lease or an epoch that it does not
// know was put back from a backup: it names its store anew, once, so that no desk
// goes on from a place in the feed that is another one now.
func (s *Server) Hello(ctx context.Context, h central.Hello) (w central.Welcome, err error) {
	var m meeting
	look := func(tx journal.HubTx) (err error) {
		m, err = s.meet(ctx, tx, h)
		return err
	}
	if err = s.Store.View(ctx, look); err == nil && m.writes() {
		err = s.Store.Update(ctx, func(tx journal.HubTx) error {
			if err := look(tx); err != nil {
				return err
			}
			return m.keep(ctx, tx)
		})
	}
	if err != nil {
		return w, fmt.Errorf("greet desk %s: %w", h.Desk, err)
	}
	return m.welcome, nil
}

// meeting is a greeting, and what comes of it.
type meeting struct {
	h       central.Hello
	now     time.Time
	r       record
	heads   []journal.Mark
	head    journal.Mark // of the desk's epoch
	welcome central.Welcome
	changed bool   // the record is to be kept
	renamed string // the store's new epoch; empty: it keeps the one it has
}

func (m *meeting) writes() bool { return m.changed || m.renamed != "" }

func (m *meeting) keep(ctx context.Context, tx journal.HubTx) error {
	if m.renamed != "" {
		if err := tx.SetNote(ctx, noteEpoch, []byte(m.renamed)); err != nil {
			return err
		}
	}
	return writeDesk(ctx, tx, m.r)
}

// meet finds what a greeting comes to. It writes nothing.
func (s *Server) meet(ctx context.Context, tx journal.HubTx, h central.Hello) (m meeting, err error) {
	m = meeting{h: h, now: s.Now().UTC()}
	r, known, err := readDesk(ctx, tx, h.Desk)
	if err != nil {
		return m, err
	}
	m.r, m.changed = r.clone(), !known
	if m.heads, err = tx.Heads(ctx, h.Desk); err != nil {
		return m, err
	}
	m.head = headOf(m.heads, h.Last.Epoch)
	m.head.Desk = h.Desk
	epoch, err := tx.Note(ctx, noteEpoch)
	if err != nil {
		return m, err
	}
	m.welcome = central.Welcome{System: "circdesk", Epoch: string(epoch), Heads: m.heads, Now: m.now, Mark: m.head, Ends: m.r.Ends, Recovery: s.Recovery}
	if m.welcome.Birth, err = birthKey(ctx, tx); err != nil {
		return m, err
	}
	if newest := len(m.heads) - 1; h.Last.Epoch == 0 && newest >= 0 {
		m.welcome.Mark = m.heads[newest]
	}
	if h.Last.Epoch == 0 && len(m.heads) == 0 {
		m.welcome.Mark.Epoch = 0
	}
	ahead, err := beyond(ctx, tx, h.Cursor)
	if err != nil {
		return m, err
	}
	back := m.setBack(ahead)
	if m.welcome.State, err = m.state(ctx, tx, back); err != nil {
		return m, err
	}
	m.greeted(s, h)
	m.anew()
	return m, nil
}

// headOf gives the last entry of one epoch; number 0: there is none.
func headOf(heads []journal.Mark, epoch uint64) journal.Mark {
	for _, m := range heads {
		if m.Epoch == epoch {
			return m
		}
	}
	return journal.Mark{Epoch: epoch}
}

// granted gives the newest epoch that the desk was given.
func (m *meeting) granted() uint64 {
	granted := max(m.r.Granted, 1)
	if n := len(m.heads); n > 0 {
		granted = max(granted, m.heads[n-1].Epoch)
	}
	return granted
}

// beyond reports whether a cursor is none that the feed has given.
func beyond(ctx context.Context, tx journal.HubTx, cursor string) (bool, error) {
	cursor, _, _ = strings.Cut(cursor, cursorScope) // what the desk gets says nothing of the store
	if cursor == "" {
		return false, nil
	}
	_, _, _, err := tx.Since(ctx, cursor, 1)
	if err != nil && ctx.Err() != nil {
		return false, err
	}
	return err != nil, nil // what else is wrong with the feed is told by who reads it
}

// setBack reports whether the desk shows that the store was put back from a
// backup, or has been since the desk met it.
func (m *meeting) setBack(ahead bool) bool {
	h, at := m.h, m.h.Last.Epoch
	was := h.Epoch != "" && h.Epoch != m.welcome.Epoch
	lacks := h.Acked > m.head.Seq
	lost := ahead || lacks && m.r.Back[at] < h.Acked || at > m.granted() || h.Lease.N > m.r.Leases[at].N && m.r.Leases[at].N > 0
	// Of what it gave after that backup it hears from a desk in such an epoch, or from
	// what a relay has brought back.
	if known := max(m.granted(), at); known > max(m.r.Granted, 1) {
		m.r.Granted, m.changed = known, true
	}
	if lacks && m.r.Back[at] < h.Acked {
		m.r.Back[at], m.changed = h.Acked, true
		m.r.note(central.DeskNote{At: m.now, What: central.ServerBack, Epoch: at, From: m.head.Seq + 1, To: h.Acked})
	}
	if lost && !was && h.Epoch != "" {
		m.renamed = rand.Text()
		m.welcome.Epoch = m.renamed
	}
	return lost || was || lacks
}

// state says how the journal stands to what is here: the rows of the table of a
// greeting, in this order.
func (m *meeting) state(ctx context.Context, tx journal.HubTx, back bool) (central.State, error) {
	last := m.h.Last
	switch {
	case last.Seq == 0 && last.Epoch <= 1 && len(m.heads) > 0:
		return central.Lost, nil // the desk had a journal, and has none
	case last.Seq > 0 && m.h.First > m.head.Seq+1:
		return central.Lost, nil // what lies between is nowhere
	case last.Seq > 0 && last.Seq <= m.head.Seq:
		same, err := m.has(ctx, tx, last)
		if err != nil {
			return "", err
		}
		if !same {
			return central.Forked, nil
		}
	}
	if last.Seq < m.head.Seq {
		return central.Restored, nil
	}
	if m.h.Lease.Next != "" && !m.leased(back) {
		return central.Cloned, nil
	}
	return central.Normal, nil
}

// has reports whether exactly the entry of a mark is here.
func (m *meeting) has(ctx context.Context, tx journal.HubTx, at journal.Mark) (bool, error) {
	if at.Seq == m.head.Seq {
		return at.Hash == m.head.Hash, nil
	}
	es, err := tx.Entries(ctx, journal.Mark{Desk: m.h.Desk, Epoch: at.Epoch, Seq: at.Seq - 1}, 1)
	return len(es) > 0 && es[0].Hash() == at.Hash, err
}

// leased compares the lease that a desk shows with the one that was set last, and
// sets the next. One whose answer got lost shows the same two again.
func (m *meeting) leased(back bool) bool {
	at, shown := m.h.Last.Epoch, m.h.Lease
	have := m.r.Leases[at]
	switch {
	case have.Now == "" || have.N == shown.N && have.Now == shown.Now || back && shown.N >= have.N:
		m.r.Leases[at] = lease{N: shown.N + 1, Now: shown.Next, Was: shown.Now}
		m.changed = true
		return true
	case have.N == shown.N+1 && have.Now == shown.Next && have.Was == shown.Now:
		return true
	}
	return false
}

// greeted notes that the desk was heard of.
func (m *meeting) greeted(s *Server, h central.Hello) {
	at := heard{at: m.now, last: journal.Place{Epoch: h.Last.Epoch, Seq: h.Last.Seq}, left: h.Left, had: m.had()}
	if s.hear(m.r, at) {
		m.changed = true
	}
	if h.Library != "" && h.Library != m.r.Library || h.Version != m.r.Version {
		m.changed = true
	}
	if h.Library != "" {
		m.r.Library = h.Library
	}
	m.r.Version = h.Version
	if ends := m.now.Add(s.lapse()); m.r.Key != nil && ends.Sub(m.r.Ends) > time.Hour {
		m.r.Ends, m.changed = ends, true
	}
	m.welcome.Ends = m.r.Ends
	m.r.Seen, m.r.Last, m.r.Left, m.r.Had = at.at, at.last, at.left, at.had
}

// had gives the number up to which nothing of the desk's epoch is among what is left: the
// receipts of what is here behind that are on their way. Where the entries here may be
// other ones than the desk's, they say nothing of what it has left.
func (m *meeting) had() uint64 {
	goes := m.welcome.State == central.Normal || m.welcome.State == central.Restored
	if !goes || m.h.Anew == central.Forked {
		return m.head.Seq
	}
	return m.h.Acked
}

// anew gives a desk that needs it a new epoch: also one that has found by itself
// that its journal is another one. A desk that is known by its key and has lost its
// journal is enrolled again first.
func (m *meeting) anew() {
	st, at := m.welcome.State, m.h.Last.Epoch
	if st == central.Normal && m.h.Anew == central.Forked { // two entries under one number stay two
		st = central.Forked
	}
	if st == central.Normal || m.h.Anew == "" {
		if st == central.Lost && m.r.Key != nil && !m.r.Fresh {
			m.r.note(m.happened(st, 0))
			m.changed = true
		}
		return
	}
	m.welcome.State = st
	if st == central.Lost && m.r.Key != nil && !m.r.Fresh {
		return
	}
	grant := max(m.granted(), at) + 1
	m.r.Granted, m.r.Fresh, m.changed = grant, false, true
	if next := m.h.Lease.Next; next != "" {
		m.r.Leases[grant] = lease{N: m.h.Lease.N + 1, Now: next, Was: m.h.Lease.Now}
	}
	m.r.note(m.happened(st, grant))
	m.welcome.Grant = grant
}

func (m *meeting) happened(st central.State, grant uint64) central.DeskNote {
	return central.DeskNote{
		At: m.now, What: central.Happening(st), Epoch: m.welcome.Mark.Epoch, From: m.h.Last.Seq, To: m.welcome.Mark.Seq, Grant: grant,
	}
}

// Recorded gives a desk its own entries back: see [central.Recorder].
func (s *Server) Recorded(ctx context.Context, after journal.Mark, n int) (out []central.Recorded, err error) {
	err = s.Store.View(ctx, func(tx journal.HubTx) error {
		out = nil
		es, err := tx.Entries(ctx, after, min(n, central.BatchSize))
		if err != nil {
			return err
		}
		for _, e := range es {
			r, _, err := tx.Receipt(ctx, e.Act.ID)
			if err == nil {
				r, err = r.At(e.Epoch, e.Seq)
			}
			if err != nil {
				return err
			}
			out = append(out, central.Recorded{Entry: e, Receipt: r})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("give desk %s its entries after %d/%d: %w", after.Desk, after.Epoch, after.Seq, err)
	}
	return out, nil
}

// given reports whether a desk was given an epoch.
func given(ctx context.Context, tx journal.HubTx, id circ.DeskID, epoch uint64) (bool, error) {
	r, _, err := readDesk(ctx, tx, id)
	return epoch <= r.Granted, err
}
