package sip2

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"circdesk/desk/central/centraltest"
	"circdesk/desk/central/sip2/siptest"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/desk/uplink"
	"circdesk/store/bolt"
)

// counter is a whole desk at a library that speaks SIP2: its journal, its copy, and
// the way to the library.
type counter struct {
	t       testing.TB
	l       *library
	far     *siptest.Proxy // in place of l; nil: it is l
	as      string         // the profile
	dir     string
	store   *bolt.Hub
	client  *Client
	journal *bolt.Journal
	cache   *bolt.Cache
	desk    *local.Desk
	line    uplink.Line
	now     time.Time

	connections int // 0: as the profile has it
}

func newCounter(t testing.TB, l *library) *counter {
	t.Helper()
	w := &counter{t: t, l: l, dir: t.TempDir(), now: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC)}
	l.now = func() time.Time { return w.now }
	w.open(centraltest.Library())
	t.Cleanup(w.close)
	w.sync()
	return w
}

func (w *counter) open(loaded []circ.Row) {
	w.t.Helper()
	var err error
	must := func() {
		if err != nil {
			w.t.Helper()
			w.t.Fatal(err)
		}
	}
	w.store = openStore(w.t, filepath.Join(w.dir, "sip2.db"))
	w.client = clientOf(w.t, w.l, w.store, loaded)
	if w.far != nil {
		w.client = New(w.farConfig())
	}
	if w.connections > 0 {
		c := w.client.ClientConfig
		c.Profile.Connections = w.connections
		w.client = New(c)
	}
	w.client.Now, w.client.Rest = func() time.Time { return w.now }, time.Nanosecond
	w.journal, err = bolt.OpenJournal(filepath.Join(w.dir, "journal.db"), bolt.NoSync())
	must()
	w.cache, err = bolt.OpenCache(filepath.Join(w.dir, "cache.db"), bolt.NoSync())
	must()
	w.desk, err = local.Open(context.Background(), local.Config{
		ID: "d1", Library: centraltest.Branch, Zone: "UTC", Journal: w.journal, Cache: w.cache,
		Rules: policy.Default("EUR", "UTC"), Now: func() time.Time { return w.now },
		NewID: func() circ.EntryID { return circ.EntryID(uuid.Must(uuid.NewV7()).String()) },
	})
	must()
	w.line = uplink.Line{Desk: w.desk, System: w.client}
}

// farConfig is that of a library at the other end of a proxy. A connection is made
// when the library is through with those that were lost.
func (w *counter) farConfig() ClientConfig {
	c := w.client.ClientConfig
	profile, err := ProfileOf(w.as)
	if err != nil {
		w.t.Fatal(err)
	}
	if w.as == "koha" {
		profile.Layouts = []string{"01/02/2006 15:04"} // as this library has set it
	}
	c.Profile, c.Account.Location = profile, "main"
	c.Dial = func(ctx context.Context, network, address string) (net.Conn, error) {
		if err := w.far.Settle(ctx); err != nil {
			return nil, err
		}
		return w.far.Dial(ctx, network, address)
	}
	return c
}

func (w *counter) close() {
	w.client.Close()
	w.l.all.Wait()
	w.store.Close()
	w.journal.Close()
	w.cache.Close()
}

// dies is a crash and a new start: nothing is left but the files.
func (w *counter) dies() {
	w.close()
	w.open(nil)
	if _, err := w.desk.Restart(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

// fact writes what has happened.
func (w *counter) fact(k circ.Command, over ...circ.Reason) *journal.Entry {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	a := w.desk.Act("ana", k)
	a.Over = over
	d, e, err := w.desk.Fact(context.Background(), a, nil)
	if err != nil || e == nil {
		w.t.Fatalf("%s: %v, refused %v, to be asked %v", k.Name(), err, d.Refused, d.Ask)
	}
	return e
}

// asks asks, and gives the answer; nil: there was none.
func (w *counter) asks(k circ.Command, over ...circ.Reason) (*journal.Entry, *journal.Receipt) {
	w.t.Helper()
	w.now = w.now.Add(time.Minute)
	a := w.desk.Act("ana", k)
	a.Over = over
	_, e, err := w.desk.Ask(context.Background(), a, nil)
	if err != nil {
		w.t.Fatal(err)
	}
	d, _ := w.line.Deliver(context.Background()) // a silence has no receipt
	for _, r := range d.Receipts {
		if r.Entry == e.Act.ID {
			return e, &r
		}
	}
	return e, nil
}

// sync delivers until nothing is left, and brings the copy up to date. It gives how
// many deliveries failed.
func (w *counter) sync() (failed int) {
	w.t.Helper()
	for w.desk.Unsettled() > 0 {
		if _, err := w.line.Deliver(context.Background()); err != nil {
			if failed++; failed > 50 {
				w.t.Fatalf("%d entries are never delivered: %v", w.desk.Unsettled(), err)
			}
		}
	}
	for {
		complete, err := w.line.Pull(context.Background(), 0)
		if err != nil {
			w.t.Fatal(err)
		}
		if complete {
			return failed
		}
	}
}

// objections gives the reasons of the conflicts that are open.
func (w *counter) objections() (all []circ.Reason) {
	w.t.Helper()
	cs, err := w.desk.Conflicts(context.Background(), false)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range cs {
		for _, o := range c.Met {
			all = append(all, o.Reason)
		}
	}
	return all
}

// loan gives the open loan of an item, as the desk sees it.
func (w *counter) loan(n int) (l circ.Loan, open bool) {
	w.t.Helper()
	err := w.desk.View(context.Background(), func(r journal.Reader) error {
		it, _, err := itemBy(context.Background(), r, fmt.Sprint(3000+n))
		if err != nil {
			return err
		}
		l, open, err = read[circ.Loan](context.Background(), r, circ.KindLoan, string(it.Loan))
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return l, open && l.Open()
}

func out3(card string, n int) circ.Command {
	return circ.CheckOut{Card: card, Barcode: fmt.Sprint(3000 + n)}
}
func back(n int) circ.Command { return circ.CheckIn{Barcode: fmt.Sprint(3000 + n)} }
