package hub_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"net"
	"path/filepath"
	"slices"
	"sync"
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

// The library of the benchmarks. TMPDIR says where its store is: on a disk, since
// all is durable.
const (
	largePatrons = 20_000
	largeItems   = 100_000
)

// BenchmarkDeliver delivers the backlog of one desk, check-outs as facts in
// batches, over HTTP on this machine to a durable store. One round is one entry.
func BenchmarkDeliver(b *testing.B) {
	c, s := largeHub(b)
	es := backlog(b, "d1", rand.Perm(largeItems)[:min(b.N, largeItems)])
	b.ResetTimer()
	for left := es; len(left) > 0; {
		n := min(len(left), central.BatchSize)
		rs, err := c.Deliver(b.Context(), left[:n])
		if err != nil {
			b.Fatal(err)
		}
		for _, r := range rs {
			applied(b, r)
		}
		left = left[n:]
	}
	b.ReportMetric(float64(len(es))/b.Elapsed().Seconds(), "entries/s")
	b.StopTimer()
	w, err := s.Hello(b.Context(), central.Hello{Desk: "d1"})
	if err != nil || w.Mark.Seq != uint64(len(es)) {
		b.Fatalf("mark %+v, error %v", w.Mark, err)
	}
}

// BenchmarkDesks has many desks scan at once: each delivers one entry and waits
// for its receipt before the next. One round is one entry of any desk.
func BenchmarkDesks(b *testing.B) {
	c, _ := largeHub(b)
	for run, desks := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("desks=%d", desks), func(b *testing.B) {
			items := rand.Perm(largeItems)[:min(b.N, largeItems)]
			var logs [][]journal.Entry
			for d := range desks {
				id := circ.DeskID(fmt.Sprintf("d%d.%d.%d", run, b.N, d))
				logs = append(logs, backlog(b, id, items[d*len(items)/desks:(d+1)*len(items)/desks]))
			}
			took := make([][]time.Duration, desks)
			b.ResetTimer()
			var all sync.WaitGroup
			for d, es := range logs {
				all.Go(func() {
					for _, e := range es {
						start := time.Now()
						rs, err := c.Deliver(context.Background(), []journal.Entry{e})
						if err != nil {
							b.Error(err)
							return
						}
						took[d] = append(took[d], time.Since(start))
						if rs[0].Verdict != journal.Applied {
							b.Errorf("entry %d of desk %s: %s", e.Seq, e.Act.Desk, rs[0].Verdict)
						}
					}
				})
			}
			all.Wait()
			b.StopTimer()
			every := slices.Sorted(slices.Values(slices.Concat(took...)))
			b.ReportMetric(float64(len(every))/b.Elapsed().Seconds(), "entries/s")
			b.ReportMetric(float64(every[len(every)/2].Microseconds())/1000, "ms-p50")
		})
	}
}

func applied(b *testing.B, r journal.Receipt) {
	b.Helper()
	if r.Verdict != journal.Applied || len(r.Objections) > 0 {
		b.Fatalf("entry %d: %s, objections %v", r.Seq, r.Verdict, r.Objections)
	}
}

// largeHub gives a server that holds the large library, and a client of it.
func largeHub(b *testing.B) (*hub.Client, *hubserver.Server) {
	return hubOf(b, largePatrons, largeItems)
}

func hubOf(b *testing.B, patrons, items int) (*hub.Client, *hubserver.Server) {
	b.Helper()
	store, err := bolt.OpenHub(filepath.Join(b.TempDir(), "hub.db"))
	if err != nil {
		b.Fatal(err)
	}
	if err := store.Load(b.Context(), library(patrons, items), nil); err != nil {
		b.Fatal(err)
	}
	s := hubserver.New(hubserver.Config{Store: hubserver.Watch(store), Rules: centraltest.Rules(), Now: time.Now})
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

func library(patrons, items int) iter.Seq2[circ.Row, error] {
	return func(yield func(circ.Row, error) bool) {
		for i := range patrons {
			id := circ.PatronID(fmt.Sprintf("p%d", i))
			p := circ.Patron{ID: id, Card: largeCard(i), Family: "Patron", Given: fmt.Sprint(i), Group: "adult"}
			if !yield(p, nil) || !yield(circ.Card{Number: p.Card, Patron: id, State: circ.CardValid}, nil) {
				return
			}
		}
		for i := range items {
			id := circ.TitleID(fmt.Sprintf("t%d", i))
			item := circ.Item{ID: circ.ItemID(fmt.Sprintf("i%d", i)), Barcode: fmt.Sprint(3000000 + i), Title: id, Type: "book"}
			if !yield(circ.Title{ID: id, Title: fmt.Sprintf("Book %d", i)}, nil) || !yield(item, nil) {
				return
			}
		}
	}
}

func largeCard(i int) string { return fmt.Sprint(2000000 + i) }

// backlog is what a desk wrote without a line: each item lent once, to any
// patron.
func backlog(b *testing.B, desk circ.DeskID, items []int) []journal.Entry {
	b.Helper()
	at := time.Now().UTC().Add(-24 * time.Hour).Truncate(time.Second)
	rules := centraltest.Rules().Version()
	var prev journal.Hash
	es := make([]journal.Entry, len(items))
	for i, item := range items {
		p := item % largePatrons // at most five for each
		id := circ.EntryID(fmt.Sprintf("%s-%012x", desk, i))
		now := at.Add(time.Duration(i) * time.Second)
		e, err := journal.Entry{
			Act: circ.Act{
				ID: id, Desk: desk, Library: centraltest.Branch, Operator: "clerk", At: now, Zone: "Europe/Berlin",
				Command: circ.CheckOut{Card: largeCard(p), Barcode: fmt.Sprint(3000000 + item)},
			},
			Epoch: 1, Seq: uint64(i + 1), Prev: prev, Mode: journal.Fact, Rules: rules,
			Told: []circ.Event{circ.CheckedOut{
				Loan: circ.LoanID(circ.NewID(id, circ.KindLoan, 0)), Item: circ.ItemID(fmt.Sprintf("i%d", item)),
				Patron: circ.PatronID(fmt.Sprintf("p%d", p)), At: now, Due: now.AddDate(0, 0, 14), Desk: desk, Library: centraltest.Branch,
			}},
		}.Finish()
		if err != nil {
			b.Fatal(err)
		}
		es[i], prev = e, e.Hash()
	}
	return es
}
