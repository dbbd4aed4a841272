package uplink_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
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
	t     *testing.T
	dir   string
	rules *policy.Set
	first time.Time
	hub   *hubserver.Server
	desk  *local.Desk
	ids   int
	out   []bool // items that are lent
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
func (o *outage) scan(n int) {
	item := n % len(o.out)
	id := circ.ItemID(fmt.Sprint("X", item))
	var c circ.Command = circ.CheckOut{Patron: circ.PatronID(fmt.Sprint("P", item%backlogPatrons)), Item: id}
	if o.out[item] {
		c = circ.CheckIn{Item: id}
	}
	d, e, err := o.desk.Fact(o.t.Context(), o.desk.Act("ana", c), nil)
	fine(o.t, err)
	if e == nil {
		o.t.Fatalf("scan %d was not done: %+v", n, d)
	}
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

// TestThirtyDaysComeHome brings the work of thirty days without a line home, over
// loopback to a server whose store is on a disk, while scans go on at the desk: row
// 21 of the faults. The long form has 60,000 entries, and holds a minute for all of
// them and 20 ms for 95 of 100 scans.
func TestThirtyDaysComeHome(t *testing.T) {
	entries, items, pace := 300, 100, time.Millisecond
	long := os.Getenv("CIRCDESK_LONG") != ""
	opts := []bolt.Option{bolt.NoSync()}
	if long {
		entries, items, pace, opts = 60_000, 4_000, 50*time.Millisecond, nil
	}
	rules, err := policy.Parse([]byte(backlogRules))
	fine(t, err)
	now := time.Now().UTC()
	o := &outage{t: t, dir: t.TempDir(), rules: rules, first: now.AddDate(0, 0, -30), out: make([]bool, items)}
	store, err := bolt.OpenHub(filepath.Join(o.dir, "hub.db"), opts...)
	fine(t, err)
	defer func() { fine(t, store.Close()) }()
	fine(t, store.Update(t.Context(), func(tx journal.HubTx) error { return tx.Put(t.Context(), backlogRows(items)) }))
	o.hub = hubserver.New(hubserver.Config{Store: hubserver.Watch(store), Rules: rules, Now: time.Now})
	at, done := 0, o.open(func() time.Time { return o.first }, bolt.NoSync())
	line := uplink.Line{Desk: o.desk, System: o.hub}
	for complete := false; !complete; {
		complete, err = line.Pull(t.Context(), 0)
		fine(t, err)
	}
	begun := time.Now()
	for ; at < entries; at++ {
		o.first = o.first.Add(30 * 24 * time.Hour / time.Duration(entries+1))
		o.scan(at)
	}
	t.Logf("thirty days were worked through in %v", time.Since(begun))
	done()
	begun = time.Now()
	done = o.open(time.Now, opts...)
	defer func() { done() }()
	t.Logf("the desk was opened with %d entries in %v", o.desk.Unsettled(), time.Since(begun))

	l, err := net.Listen("tcp", "127.0.0.1:0")
	fine(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	defer func() { cancel(); running.Wait() }()
	running.Go(func() { _ = hubserver.HTTP{Server: o.hub}.Serve(ctx, l) })
	client, err := hub.New(hub.Config{URL: "http://" + l.Addr().String()})
	fine(t, err)
	home := make(chan struct{})
	var once sync.Once
	progress := 0
	up := uplink.New(uplink.Config{Desk: o.desk, System: client, On: func(e uplink.Event) {
		if r, ok := e.(uplink.Receipts); ok {
			if progress += len(r.Receipts); progress >= entries {
				once.Do(func() { close(home) })
			}
		}
	}})
	begun = time.Now()
	running.Go(func() { up.Run(ctx) })
	var took []time.Duration
	for going := true; going; {
		select {
		case <-home:
			going = false
		case <-time.After(pace):
			before := time.Now()
			o.scan(at)
			took = append(took, time.Since(before))
			at++
		}
	}
	whole := time.Since(begun)
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
	if int(head.Seq) != at || w.Mark != head || len(open) != 0 {
		t.Errorf("%d scans, the desk is at %d, the server at %+v, %d conflicts", at, head.Seq, w.Mark, len(open))
	}
	slices.Sort(took)
	var p50, p95 time.Duration
	if n := len(took); n > 0 {
		p50, p95 = took[n/2], took[n*95/100]
	}
	t.Logf("%d entries came home in %v, %.0f a second; %d scans meanwhile, p50 %v, p95 %v", progress, whole, float64(entries)/whole.Seconds(), len(took), p50, p95)
	if long && (whole > time.Minute || p95 > 20*time.Millisecond) {
		t.Error("that is too slow")
	}
}
