package local_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// world is a desk and the hub's judgement, on a clock that the test moves.
type world struct {
	*local.Desk
	t       *testing.T
	ctx     context.Context
	now     time.Time
	ids     int
	journal *failing[journal.JournalTx]
	cache   *bolt.Cache
	hub     *hubserver.Server
}

// failing is a store that cannot be written at times.
type failing[T any] struct {
	journal.Store[T]
	mu  sync.Mutex
	err error
}

func (f *failing[T]) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

func (f *failing[T]) Update(ctx context.Context, fn func(T) error) error {
	f.mu.Lock()
	err := f.err
	f.mu.Unlock()
	if err != nil {
		return err
	}
	return f.Store.Update(ctx, fn)
}

var errFull = errors.New("no room")

func ok(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func rows() []circ.Row {
	out := []circ.Row{
		circ.Title{ID: "T", Title: "Middlemarch"},
		circ.Patron{ID: "P", Card: "2001", Family: "Silva"}, circ.Card{Number: "2001", Patron: "P", State: circ.CardValid},
		circ.Patron{ID: "Q", Card: "2002", Family: "Wu"}, circ.Card{Number: "2002", Patron: "Q", State: circ.CardValid},
	}
	for i := range 5 {
		out = append(out, circ.Item{ID: circ.ItemID(fmt.Sprint("I", i)), Barcode: fmt.Sprint("300", i), Title: "T", Home: "main"})
	}
	return out
}

func rules(t *testing.T) *policy.Set {
	t.Helper()
	r, err := policy.Parse([]byte("version = \"t\"\ncurrency = \"EUR\"\nzone = \"UTC\"\n[default]\nperiod = \"14 days\"\nloans = 5\n"))
	ok(t, err)
	return r
}

// newWorld makes a desk whose copy is empty, and a hub that has the rows.
func newWorld(t *testing.T) *world {
	dir := t.TempDir()
	j, err := bolt.OpenJournal(filepath.Join(dir, "journal.db"), bolt.NoSync(), bolt.Unchecked())
	ok(t, err)
	c, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), bolt.NoSync(), bolt.Unchecked())
	ok(t, err)
	t.Cleanup(func() { j.Close(); c.Close() })
	w := &world{
		t: t, ctx: t.Context(), now: time.Date(2026, 11, 30, 13, 5, 0, 0, time.UTC),
		journal: &failing[journal.JournalTx]{Store: j}, cache: c,
	}
	w.hub = w.newHub("hub.db")
	w.open()
	return w
}

func (w *world) newHub(name string) *hubserver.Server {
	h, err := bolt.OpenHub(filepath.Join(w.t.TempDir(), name), bolt.NoSync(), bolt.Unchecked())
	ok(w.t, err)
	w.t.Cleanup(func() { h.Close() })
	ok(w.t, h.Update(w.ctx, func(tx journal.HubTx) error { return tx.Put(w.ctx, rows()) }))
	return hubserver.New(hubserver.Config{Store: h, Rules: rules(w.t), Now: func() time.Time { return w.now }})
}

// open opens the desk, as after a start of its program.
func (w *world) open() {
	d, err := local.Open(w.ctx, local.Config{
		ID: "main-1", Library: "main", Zone: "UTC", Journal: w.journal, Cache: w.cache, Rules: rules(w.t),
		Now:   func() time.Time { return w.now },
		NewID: func() circ.EntryID { w.ids++; return circ.EntryID(fmt.Sprintf("e%04d", w.ids)) },
	})
	ok(w.t, err)
	w.Desk = d
}

// pull brings the copy up to date.
func (w *world) pull() {
	w.t.Helper()
	for {
		at, err := w.Cursor(w.ctx)
		ok(w.t, err)
		p, err := w.hub.Since(w.ctx, at, 100, 0)
		ok(w.t, err)
		ok(w.t, w.Take(w.ctx, at, p.Rows, p.Next, p.Complete))
		if p.Complete {
			return
		}
	}
}

// judge lets the hub judge what is unsent; nothing is kept.
func (w *world) judge() []journal.Receipt {
	w.t.Helper()
	es, err := w.Unsent(w.ctx, 50)
	ok(w.t, err)
	rs, err := w.hub.Deliver(w.ctx, es)
	ok(w.t, err)
	return rs
}

func (w *world) deliver() {
	w.t.Helper()
	_, err := w.Settle(w.ctx, w.judge())
	ok(w.t, err)
}

func (w *world) act(c circ.Command) circ.Act {
	w.now = w.now.Add(time.Second)
	return w.Act("kim", c)
}

func (w *world) ask(c circ.Command) *journal.Entry {
	w.t.Helper()
	_, e, err := w.Ask(w.ctx, w.act(c), nil)
	ok(w.t, err)
	return e
}

func (w *world) fact(c circ.Command) *journal.Entry {
	w.t.Helper()
	d, e, err := w.Fact(w.ctx, w.act(c), nil)
	ok(w.t, err)
	if e == nil {
		w.t.Fatalf("%+v: %+v", c, d)
	}
	return e
}

// holder says who has an item, as the desk shows it; empty: nobody.
func (w *world) holder(id circ.ItemID) (who circ.PatronID) {
	w.t.Helper()
	ok(w.t, w.View(w.ctx, func(r journal.Reader) error {
		who = holder(w, r, id)
		return nil
	}))
	return who
}

// atHub says who has an item at the hub.
func (w *world) atHub(id circ.ItemID) (who circ.PatronID) {
	w.t.Helper()
	ok(w.t, w.hub.Store.View(w.ctx, func(tx journal.HubTx) error {
		who = holder(w, tx, id)
		return nil
	}))
	return who
}

func holder(w *world, r journal.Reader, id circ.ItemID) circ.PatronID {
	w.t.Helper()
	found, err := r.Read(w.ctx, []circ.Want{circ.ByKey(circ.KindItem, string(id))})
	ok(w.t, err)
	for _, row := range found[0] {
		found, err := r.Read(w.ctx, []circ.Want{circ.ByKey(circ.KindLoan, string(row.(circ.Item).Loan))})
		ok(w.t, err)
		for _, row := range found[0] {
			return row.(circ.Loan).Patron
		}
	}
	return ""
}

// known says how many of the rows the copy has.
func (w *world) known() (n int) {
	w.t.Helper()
	ok(w.t, w.View(w.ctx, func(r journal.Reader) error {
		n = 0
		for _, row := range rows() {
			found, err := r.Read(w.ctx, []circ.Want{circ.ByKey(row.Key().Kind, row.Key().ID)})
			if err != nil {
				return err
			}
			n += len(found[0])
		}
		return nil
	}))
	return n
}

func out(p circ.PatronID, i circ.ItemID) circ.CheckOut { return circ.CheckOut{Patron: p, Item: i} }
