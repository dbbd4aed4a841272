package uplink_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/desk/uplink"
	"circdesk/store/bolt"
)

// office is one desk, its uplink and the hub, on a clock that the test moves.
type office struct {
	t     *testing.T
	ctx   context.Context
	desk  *local.Desk
	up    *uplink.Uplink
	cable *cable
	books struct {
		journal *full
		cache   journal.Store[journal.CacheTx]
	}
	ids   int
	wrong atomic.Int64 // nanoseconds: how far the desk's clock is ahead

	mu     sync.Mutex
	events []uplink.Event
}

// full is a journal whose disk is full at times.
type full struct {
	journal.Store[journal.JournalTx]
	mu  sync.Mutex
	err error
}

func (f *full) set(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.err = err
}

func (f *full) Update(ctx context.Context, fn func(journal.JournalTx) error) error {
	f.mu.Lock()
	err := f.err
	f.mu.Unlock()
	if err != nil {
		return err
	}
	return f.Store.Update(ctx, fn)
}

const officeRules = `
version = "office"
currency = "EUR"
zone = "Europe/Berlin"
[default]
period = "14 days"
loans = 5
`

func officeRows() []circ.Row {
	rows := []circ.Row{circ.Title{ID: "T", Title: "Middlemarch"}}
	for i := range 4 {
		p := circ.PatronID(fmt.Sprint("P", i))
		rows = append(rows,
			circ.Item{ID: circ.ItemID(fmt.Sprint("X", i)), Barcode: fmt.Sprint("3000", i), Title: "T", Home: "main"},
			circ.Patron{ID: p, Card: fmt.Sprint("2000", i), Family: "Reader"},
			circ.Card{Number: fmt.Sprint("2000", i), Patron: p, State: circ.CardValid})
	}
	return rows
}

// cable is the line to the hub. What hangs on it when it is cut is cut too.
type cable struct {
	mu    sync.Mutex
	hub   *hubserver.Server
	epoch string
	cut   chan struct{} // closed while it is cut
	hangs bool          // nothing comes back
	shut  error         // what the hub says to a greeting
	sulks error         // what the hub says to a delivery
	deaf  bool          // deliveries hang, greetings do not
	dull  bool          // greetings hang, deliveries do not
	mute  error         // what the hub says to who asks for the feed
	short int           // a snapshot is cut off after so many rows; 0: it is not
	calls map[string]int
}

var errPulled = errors.New("connection refused")

func (c *cable) set(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

func (c *cable) pull() { c.set(func() { close(c.cut) }) }
func (c *cable) plug() {
	c.set(func() { c.cut, c.hangs, c.deaf, c.dull = make(chan struct{}), false, false, false })
}

// pass lets a call through, or holds it up.
func (c *cable) pass(ctx context.Context, name string) (context.Context, *hubserver.Server, error) {
	c.mu.Lock()
	cut, hub, hangs := c.cut, c.hub, c.hangs || c.deaf && name == "deliver" || c.dull && name == "hello"
	c.calls[name]++
	c.mu.Unlock()
	select {
	case <-cut:
		return ctx, nil, errPulled
	default:
	}
	ctx, cancel := context.WithCancelCause(ctx)
	go func() {
		select {
		case <-cut:
			cancel(errPulled)
		case <-ctx.Done():
		}
	}()
	if hangs {
		<-ctx.Done()
		return ctx, nil, context.Cause(ctx)
	}
	return ctx, hub, nil
}

func (c *cable) Deliver(ctx context.Context, es []journal.Entry) ([]journal.Receipt, error) {
	ctx, hub, err := c.pass(ctx, "deliver")
	if err != nil {
		return nil, err
	}
	c.mu.Lock()
	sulks := c.sulks
	c.mu.Unlock()
	if sulks != nil {
		return nil, sulks
	}
	rs, err := hub.Deliver(ctx, es)
	if fork := (*central.ForkError)(nil); errors.As(err, &fork) && fork.Mark.Seq == 0 { // as its HTTP side says it
		return nil, &central.GapError{Mark: fork.Mark}
	}
	return rs, err
}

func (c *cable) Hello(ctx context.Context, h central.Hello) (central.Welcome, error) {
	ctx, hub, err := c.pass(ctx, "hello")
	if err != nil {
		return central.Welcome{}, err
	}
	w, err := hub.Hello(ctx, h)
	c.mu.Lock()
	if c.shut != nil {
		err = c.shut
	}
	w.Epoch = c.epoch
	c.mu.Unlock()
	return w, err
}

func (c *cable) Leave(ctx context.Context, card string) error {
	_, _, err := c.pass(ctx, "leave "+card)
	return err
}

func (c *cable) Since(ctx context.Context, cursor string, n int, wait time.Duration) (central.Page, error) {
	ctx, hub, err := c.pass(ctx, "since")
	if err != nil {
		return central.Page{}, err
	}
	c.mu.Lock()
	mute := c.mute
	c.mu.Unlock()
	if mute != nil {
		return central.Page{}, mute
	}
	over := time.After(wait)
	for {
		written := hub.Store.(*hubserver.Watched).Written()
		p, err := hub.Since(ctx, cursor, n, 0)
		if err != nil {
			return p, errors.Join(central.ErrCursor, err)
		}
		if len(p.Rows) > 0 || !p.Complete || wait == 0 {
			return p, nil
		}
		select {
		case <-written:
		case <-over:
			return p, nil
		case <-ctx.Done():
			return central.Page{}, context.Cause(ctx)
		}
	}
}

func (c *cable) Snapshot(ctx context.Context, put func([]circ.Row) error) (string, error) {
	ctx, hub, err := c.pass(ctx, "snapshot")
	if err != nil {
		return "", err
	}
	c.mu.Lock()
	left := c.short
	c.mu.Unlock()
	cuts := left > 0
	return hub.Snapshot(ctx, func(rows []circ.Row) error {
		if cuts {
			rows = rows[:min(left, len(rows))]
			if left -= len(rows); left == 0 {
				return errPulled
			}
		}
		return put(rows)
	})
}

func fine(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// inOffice runs fn with a desk whose line is up and whose copy is fresh.
func inOffice(t *testing.T, fn func(o *office)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		o := newOffice(t)
		ctx, cancel := context.WithCancel(t.Context())
		var running sync.WaitGroup
		running.Go(func() { o.up.Run(ctx) })
		defer func() { cancel(); running.Wait() }()
		o.pass(time.Second)
		o.heard()
		fn(o)
	})
}

// beforeRun runs fn with a desk that is new, and an uplink that does nothing by
// itself.
func beforeRun(t *testing.T, fn func(o *office)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) { fn(newOffice(t)) })
}

func newOffice(t *testing.T) *office {
	o := &office{t: t, ctx: t.Context()}
	dir := t.TempDir()
	j, err := bolt.OpenJournal(filepath.Join(dir, "journal.db"), bolt.NoSync(), bolt.Unchecked())
	fine(t, err)
	c, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), bolt.NoSync(), bolt.Unchecked())
	fine(t, err)
	t.Cleanup(func() { j.Close(); c.Close() })
	o.books.journal, o.books.cache = &full{Store: j}, c
	o.cable = &cable{cut: make(chan struct{}), epoch: "first", calls: map[string]int{}}
	o.cable.hub = o.newHub()
	o.open()
	return o
}

// open opens the desk, as after a start of its program.
func (o *office) open() {
	rules, err := policy.Parse([]byte(officeRules))
	fine(o.t, err)
	o.desk, err = local.Open(o.ctx, local.Config{
		ID: "a", Library: "main", Zone: "Europe/Berlin", Journal: o.books.journal, Cache: o.books.cache, Rules: rules,
		Now:   func() time.Time { return time.Now().Add(time.Duration(o.wrong.Load())) },
		NewID: func() circ.EntryID { o.ids++; return circ.EntryID(fmt.Sprintf("o%05d", o.ids)) },
	})
	fine(o.t, err)
	o.up = uplink.New(uplink.Config{Desk: o.desk, System: o.cable, On: func(e uplink.Event) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.events = append(o.events, e)
	}})
}

// newHub makes a hub that has four items and four patrons.
func (o *office) newHub() *hubserver.Server {
	h, err := bolt.OpenHub(filepath.Join(o.t.TempDir(), "hub.db"), bolt.NoSync(), bolt.Unchecked())
	fine(o.t, err)
	o.t.Cleanup(func() { h.Close() })
	fine(o.t, h.Update(o.ctx, func(tx journal.HubTx) error { return tx.Put(o.ctx, officeRows()) }))
	rules, err := policy.Parse([]byte(officeRules))
	fine(o.t, err)
	return hubserver.New(hubserver.Config{Store: hubserver.Watch(h), Rules: rules, Now: time.Now})
}

// pass lets time pass, and all that then moves come to rest.
func (o *office) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// heard gives what was said of the line since it was last asked.
func (o *office) heard() (out string) {
	for _, e := range o.since() {
		switch e.(type) {
		case uplink.LineUp:
			out += "up "
		case uplink.LineDown:
			out += "down "
		case uplink.Stuck:
			out += "stuck "
		}
	}
	return out
}

// since gives what happened since it was last asked.
func (o *office) since() (es []uplink.Event) {
	o.mu.Lock()
	defer o.mu.Unlock()
	es, o.events = o.events, nil
	return es
}

func (o *office) calls(name string) int {
	o.cable.mu.Lock()
	defer o.cable.mu.Unlock()
	return o.cable.calls[name]
}

// lend lends an item as a fact.
func (o *office) lend(p circ.PatronID, i circ.ItemID) {
	o.t.Helper()
	time.Sleep(time.Second)
	d, e, err := o.desk.Fact(o.ctx, o.desk.Act("ana", circ.CheckOut{Patron: p, Item: i}), nil)
	fine(o.t, err)
	if e == nil {
		o.t.Fatalf("not lent: %+v", d)
	}
	o.up.Wake()
}

// holder says who has an item, as a reader shows it; empty: nobody.
func (o *office) holder(r journal.Reader, id circ.ItemID) circ.PatronID {
	rows, err := r.Read(o.ctx, []circ.Want{circ.ByKey(circ.KindItem, string(id))})
	fine(o.t, err)
	for _, row := range rows[0] {
		loans, err := r.Read(o.ctx, []circ.Want{circ.ByKey(circ.KindLoan, string(row.(circ.Item).Loan))})
		fine(o.t, err)
		for _, l := range loans[0] {
			return l.(circ.Loan).Patron
		}
	}
	return ""
}

func (o *office) atHub(id circ.ItemID) (who circ.PatronID) {
	o.cable.mu.Lock()
	hub := o.cable.hub
	o.cable.mu.Unlock()
	fine(o.t, hub.Store.View(o.ctx, func(tx journal.HubTx) error { who = o.holder(tx, id); return nil }))
	return who
}

func (o *office) atDesk(id circ.ItemID) (who circ.PatronID) {
	fine(o.t, o.desk.View(o.ctx, func(r journal.Reader) error { who = o.holder(r, id); return nil }))
	return who
}
