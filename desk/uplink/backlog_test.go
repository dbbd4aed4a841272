package uplink_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/desk/uplink"
	"circdesk/store/bolt"
)

const backlogRules = `
version = "backlog"
currency = "EUR"
zone = "Europe/Berlin"
[default]
period = "14 days"
loans = 50
`

// outage is a desk that was without a line for thirty days, with its files on a
// disk, and the server to which its work comes home.
type outage struct {
	t       testing.TB
	dir     string
	rules   *policy.Set
	first   time.Time
	hub     *hubserver.Server
	desk    *local.Desk
	ids     int
	scanned int
	out     []bool // items that are lent
}

const backlogPatrons = 200

func (o *outage) open(now func() time.Time, opts ...bolt.Option) (done func()) {
	j, err := bolt.OpenJournal(filepath.Join(o.dir, "journal.db"), opts...)
	fine(o.t, err)
	c, err := bolt.OpenCache(filepath.Join(o.dir, "cache.db"), opts...)
	fine(o.t, err)
	o.desk, err = local.Open(o.t.Context(), local.Config{
		ID: "a", Library: "main", Zone: "Europe/Berlin", Journal: j, Cache: c, Rules: o.rules, Now: now,
		NewID: func() circ.EntryID { o.ids++; return circ.EntryID(fmt.Sprintf("o%08d", o.ids)) },
	})
	fine(o.t, err)
	return func() {
		fine(o.t, j.Close())
		fine(o.t, c.Close())
	}
}

// scan lends the next item, or takes it back.
func (o *outage) scan() {
	item := o.scanned % len(o.out)
	id := circ.ItemID(fmt.Sprint("X", item))
	var c circ.Command = circ.CheckOut{Patron: circ.PatronID(fmt.Sprint("P", item%backlogPatrons)), Item: id}
	if o.out[item] {
		c = circ.CheckIn{Item: id}
	}
	d, e, err := o.desk.Fact(o.t.Context(), o.desk.Act("ana", c), nil)
	fine(o.t, err)
	if e == nil {
		o.t.Fatalf("scan %d was not done: %+v", o.scanned, d)
	}
	o.scanned++
	o.out[item] = !o.out[item]
}

func backlogRows(items int) (rows []circ.Row) {
	for i := range backlogPatrons {
		p := circ.PatronID(fmt.Sprint("P", i))
		rows = append(rows, circ.Patron{ID: p, Card: fmt.Sprint("2000", i), Family: "Reader"},
			circ.Card{Number: fmt.Sprint("2000", i), Patron: p, State: circ.CardValid})
	}
	for i := range items {
		rows = append(rows, circ.Title{ID: circ.TitleID(fmt.Sprint("T", i)), Title: "Middlemarch"},
			circ.Item{ID: circ.ItemID(fmt.Sprint("X", i)), Barcode: fmt.Sprint("3000", i), Title: circ.TitleID(fmt.Sprint("T", i)), Home: "main"})
	}
	return rows
}

// thirtyDays lets a desk work for thirty days without a line, and opens it again, with
// its server beside it, whose store opens as opts say, too.
func thirtyDays(t testing.TB, entries, items int, opts ...bolt.Option) *outage {
	rules, err := policy.Parse([]byte(backlogRules))
	fine(t, err)
	o := &outage{t: t, dir: t.TempDir(), rules: rules, first: time.Now().UTC().AddDate(0, 0, -30), out: make([]bool, items)}
	o.hub = o.server("hub.db", opts...)
	done := o.open(func() time.Time { return o.first }, bolt.NoSync())
	line := uplink.Line{Desk: o.desk, System: o.hub}
	for complete := false; !complete; {
		complete, err = line.Pull(t.Context(), 0)
		fine(t, err)
	}
	begun := time.Now()
	for range entries {
		o.first = o.first.Add(30 * 24 * time.Hour / time.Duration(entries+1))
		o.scan()
	}
	t.Logf("thirty days were worked through in %v", time.Since(begun))
	done()
	begun = time.Now()
	t.Cleanup(o.open(time.Now, opts...))
	t.Logf("the desk was opened with %d entries in %v", o.desk.Unsettled(), time.Since(begun))
	return o
}

// server makes a server that knows the library, of a store of its own.
func (o *outage) server(file string, opts ...bolt.Option) *hubserver.Server {
	store, err := bolt.OpenHub(filepath.Join(o.dir, file), opts...)
	fine(o.t, err)
	o.t.Cleanup(func() { fine(o.t, store.Close()) })
	ctx := o.t.Context()
	fine(o.t, store.Update(ctx, func(tx journal.HubTx) error { return tx.Put(ctx, backlogRows(len(o.out))) }))
	return hubserver.New(hubserver.Config{Store: hubserver.Watch(store), Rules: o.rules, Now: time.Now})
}

// scans scans at a pace until it is enough. It gives how long each scan took.
func (o *outage) scans(pace time.Duration, enough <-chan struct{}) (took []time.Duration) {
	for {
		select {
		case <-enough:
			return took
		case <-time.After(pace):
			begun := time.Now()
			o.scan()
			took = append(took, time.Since(begun))
		}
	}
}

// comeHome brings all that was scanned home over loopback while scans go on at a
// pace, and checks that it came exactly once. It gives how long it took until as
// much was home as there was when the line came, and each of the scans.
func (o *outage) comeHome(pace time.Duration) (whole time.Duration, took []time.Duration) {
	t := o.t
	client, stop := o.line()
	defer stop()
	waiting, came := o.desk.Unsettled(), 0
	home := make(chan struct{})
	var once sync.Once
	up := uplink.New(uplink.Config{Desk: o.desk, System: client, On: func(e uplink.Event) {
		if r, ok := e.(uplink.Receipts); ok {
			if came += len(r.Receipts); came >= waiting {
				once.Do(func() { close(home) })
			}
		}
	}})
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer func() { cancel(); running.Wait() }()
	begun := time.Now()
	running.Go(func() { up.Run(ctx) })
	took = o.scans(pace, home)
	whole = time.Since(begun)
	fine(t, up.Sync(ctx))
	if n := o.desk.Unsettled(); n != 0 {
		t.Errorf("%d entries are left", n)
	}
	open, err := o.desk.Conflicts(t.Context(), false)
	fine(t, err)
	head, err := o.desk.Head(t.Context())
	fine(t, err)
	w, err := client.Hello(t.Context(), central.Hello{Desk: o.desk.ID, Library: "main", Last: head, Now: time.Now(), Protocol: 1})
	fine(t, err)
	if int(head.Seq) != o.scanned || w.Mark != head || len(open) != 0 {
		t.Errorf("%d scans, the desk is at %d, the server at %+v, %d conflicts", o.scanned, head.Seq, w.Mark, len(open))
	}
	return whole, took
}

// line gives a client of the server over loopback.
func (o *outage) line() (c *hub.Client, stop func()) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	fine(o.t, err)
	ctx, cancel := context.WithCancel(o.t.Context())
	var running sync.WaitGroup
	running.Go(func() { _ = hubserver.HTTP{Server: o.hub}.Serve(ctx, l) })
	c, err = hub.New(hub.Config{URL: "http://" + l.Addr().String()})
	fine(o.t, err)
	return c, func() { cancel(); running.Wait() }
}

// TestThirtyDaysComeHome brings the work of thirty days without a line home, over
// loopback to a server whose store is on a disk, while scans go on at the desk: row
// 21 of the faults. The long form has 60,000 entries; how long they take is
// [BenchmarkThirtyDays].
func TestThirtyDaysComeHome(t *testing.T) {
	entries, items, pace, opts := 300, 100, time.Millisecond, []bolt.Option{bolt.NoSync()}
	if os.Getenv("CIRCDESK_LONG") != "" {
		entries, items, pace, opts = 60_000, 4_000, 50*time.Millisecond, nil
	}
	o := thirtyDays(t, entries, items, opts...)
	whole, took := o.comeHome(pace)
	t.Logf("%d entries came home in %v, with %d scans meanwhile", entries, whole, len(took))
}
