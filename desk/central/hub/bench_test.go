package hub_test

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/central/hub"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// BenchmarkDeliver delivers the backlog of one desk, check-outs as facts in
// batches, over HTTP on this machine to a durable store. One round is one entry.
func BenchmarkDeliver(b *testing.B) {
	const patrons = 500
	c, s := large(b, b.N, patrons)
	es := backlog(b, b.N, patrons)
	b.ResetTimer()
	for left := es; len(left) > 0; {
		n := min(len(left), central.BatchSize)
		rs, err := c.Deliver(b.Context(), left[:n])
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range rs {
			if r.Verdict != journal.Applied || len(r.Objections) > 0 {
				b.Fatalf("entry %d: %s, objections %v", r.Seq, r.Verdict, r.Objections)
			}
		}
		left = left[n:]
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "entries/s")
	b.StopTimer()
	w, err := s.Hello(b.Context(), central.Hello{Desk: "d1"})
	if err != nil || w.Mark.Seq != uint64(b.N) {
		b.Fatalf("mark %+v, error %v", w.Mark, err)
	}
}

// large gives a server with so many items and patrons, and a client of it.
func large(b *testing.B, items, patrons int) (*hub.Client, *hubserver.Server) {
	b.Helper()
	store, err := bolt.OpenHub(filepath.Join(b.TempDir(), "hub.db"))
	if err != nil {
		b.Fatal(err)
	}
	s := hubserver.New(hubserver.Config{Store: hubserver.Watch(store), Rules: centraltest.Rules(), Now: time.Now})
	var rows []circ.Row
	for i := range patrons {
		id := circ.PatronID(fmt.Sprintf("p%d", i))
		rows = append(rows, circ.Patron{ID: id, Card: fmt.Sprint(20000 + i), Family: "Patron", Given: fmt.Sprint(i), Group: "adult"},
			circ.Card{Number: fmt.Sprint(20000 + i), Patron: id, State: circ.CardValid})
	}
	for i := range items {
		rows = append(rows, circ.Title{ID: circ.TitleID(fmt.Sprintf("t%d", i)), Title: fmt.Sprintf("Book %d", i)},
			circ.Item{ID: circ.ItemID(fmt.Sprintf("i%d", i)), Barcode: fmt.Sprint(300000 + i), Title: circ.TitleID(fmt.Sprintf("t%d", i)), Type: "book"})
	}
	if err := s.Store.Update(b.Context(), func(tx journal.HubTx) error { return tx.Put(b.Context(), rows) }); err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- hubserver.HTTP{Server: s, Token: token}.Serve(ctx, l) }()
	b.Cleanup(func() {
		cancel()
		<-ended
		if err := store.Close(); err != nil {
			b.Error(err)
		}
	})
	return dial(b, "http://"+l.Addr().String()), s
}

// backlog is what a desk wrote without a line: each item lent once, each patron
// in turn taking five.
func backlog(b *testing.B, items, patrons int) []journal.Entry {
	b.Helper()
	at := time.Now().UTC().Add(-24 * time.Hour).Truncate(time.Second)
	rules := centraltest.Rules().Version()
	var prev journal.Hash
	es := make([]journal.Entry, items)
	for i := range es {
		p := i / 5 % patrons
		id := circ.EntryID(fmt.Sprintf("01900000-0000-7000-8000-%012x", i))
		now := at.Add(time.Duration(i) * time.Second)
		e, err := journal.Entry{
			Act: circ.Act{
				ID: id, Desk: "d1", Library: centraltest.Branch, Operator: "clerk", At: now, Zone: "Europe/Berlin",
				Command: circ.CheckOut{Card: fmt.Sprint(20000 + p), Barcode: fmt.Sprint(300000 + i)},
			},
			Epoch: 1, Seq: uint64(i + 1), Prev: prev, Mode: journal.Fact, Rules: rules,
			Told: []circ.Event{circ.CheckedOut{
				Loan: circ.LoanID(circ.NewID(id, circ.KindLoan, 0)), Item: circ.ItemID(fmt.Sprintf("i%d", i)),
				Patron: circ.PatronID(fmt.Sprintf("p%d", p)), At: now, Due: now.AddDate(0, 0, 14), Desk: "d1", Library: centraltest.Branch,
			}},
		}.Finish()
		if err != nil {
			b.Fatal(err)
		}
		es[i], prev = e, e.Hash()
	}
	return es
}
