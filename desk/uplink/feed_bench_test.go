package uplink_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"

	"circdesk/desk/central/hub"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/desk/uplink"
	"circdesk/store/bolt"
)

// mostOfCopy is how much longer it may take to apply the feed than its rows take at the
// copy alone.
const mostOfCopy = 2.5

// BenchmarkFeed brings a desk's sealed copy up to date with 100,000 rows, items, loans
// and patrons in turn, page by page over loopback from a server whose store is on a disk;
// all durable. In x-copy it is compared with how long another such copy takes for the
// same rows when they are put into it, page by page, without a server, a line and a desk;
// in x-scan the scans that a clerk makes meanwhile, 95 of 100, with those before.
func BenchmarkFeed(b *testing.B) {
	const rows, page = 100_000, 2000 // as the line asks for
	rules := policy.Default("EUR", "UTC")
	lock := bolt.Sealed(bolt.Lock{Key: bytes.Repeat([]byte{7}, bolt.KeySize), Held: "a test"})
	cache := func(name string) *bolt.Cache {
		c, err := bolt.OpenCache(filepath.Join(b.TempDir(), name), lock)
		fine(b, err)
		return c
	}
	store, err := bolt.OpenHub(filepath.Join(b.TempDir(), "hub.db"))
	fine(b, err)
	defer store.Close()
	server := hubserver.New(hubserver.Config{Store: hubserver.Watch(store), Rules: rules, Now: time.Now, Rights: rights})
	fine(b, server.Begin(b.Context(), "first"))
	line := httptest.NewServer(hubserver.HTTP{Server: server}.Handler())
	defer line.Close()
	var all []circ.Row
	for i := range rows {
		patron, item := circ.PatronID(fmt.Sprintf("P%07d", i)), circ.ItemID(fmt.Sprintf("X%07d", i))
		switch i % 3 {
		case 0:
			all = append(all, circ.Item{ID: item, Barcode: fmt.Sprintf("3%013d", i), Title: circ.TitleID(fmt.Sprint("T", i/9)), Type: "book", Home: "main", Location: "stacks", CallNumber: "Sh 12"})
		case 1:
			all = append(all, circ.Loan{ID: circ.LoanID(fmt.Sprintf("L%07d", i)), Item: circ.ItemID(fmt.Sprintf("X%07d", i-1)), Patron: patron, Out: time.Unix(1_800_000_000, 0).UTC(), Due: time.Unix(1_802_000_000, 0).UTC()})
		case 2:
			all = append(all, circ.Patron{ID: circ.PatronID(fmt.Sprintf("P%07d", i-1)), Card: fmt.Sprintf("2%013d", i), Family: fmt.Sprint("Reader", i), Given: "Ana", Birth: "1980-02-03", Street: "Elm Street 1", City: "Neustadt", Phone: "030 1234567", Group: "adult", Home: "main"})
		}
	}
	fine(b, store.Update(b.Context(), func(tx journal.HubTx) error { return tx.Put(b.Context(), backlogRows(feedScanned)) }))
	for b.Loop() {
		b.StopTimer()
		log, err := bolt.OpenJournal(filepath.Join(b.TempDir(), "journal.db"), lock)
		fine(b, err)
		copied, alone := cache("cache.db"), cache("alone.db")
		d, err := local.Open(b.Context(), local.Config{ID: "d1", Library: "main", Zone: "UTC", Journal: log, Cache: copied, Rules: rules, Now: time.Now, NewID: ids()})
		fine(b, err)
		c, err := hub.New(hub.Config{URL: line.URL})
		fine(b, err)
		l := uplink.Line{Desk: d, System: c}
		pull := func() {
			for complete := false; !complete; {
				complete, err = l.Pull(b.Context(), 0)
				fine(b, err)
				if !complete {
					fine(b, l.CatchUp(b.Context(), time.Minute))
				}
			}
		}
		pull() // what is there before
		for part := range slices.Chunk(all, 5000) {
			fine(b, store.Update(b.Context(), func(tx journal.HubTx) error { return tx.Put(b.Context(), part) }))
		}
		quiet := scansOf(b, d)
		for range 40 {
			quiet.next()
		}
		begun := time.Now()
		for part := range slices.Chunk(all, page) {
			fine(b, alone.Update(context.Background(), func(tx journal.CacheTx) error { return tx.Put(b.Context(), part) }))
		}
		bare := time.Since(begun)
		busy, end := scansOf(b, d), make(chan struct{})
		var clerk sync.WaitGroup
		clerk.Go(func() {
			for {
				select {
				case <-end:
					return
				case <-time.After(20 * time.Millisecond):
					busy.next()
				}
			}
		})
		begun = time.Now()
		b.StartTimer()
		pull()
		b.StopTimer()
		took := time.Since(begun)
		close(end)
		clerk.Wait()
		fine(b, d.View(b.Context(), func(r journal.Reader) error {
			found, err := r.Read(b.Context(), []circ.Want{circ.ByKey(all[rows-1].Key().Kind, all[rows-1].Key().ID)})
			if err == nil && len(found[0]) != 1 {
				b.Error("the last row did not come")
			}
			return err
		}))
		b.ReportMetric(rows/took.Seconds(), "rows/s")
		b.ReportMetric(took.Seconds()/bare.Seconds(), "x-copy")
		b.ReportMetric(milliseconds(of100(busy.took, 95)), "scan-p95-ms")
		b.ReportMetric(float64(of100(busy.took, 95))/float64(of100(quiet.took, 95)), "x-scan")
		if took > time.Duration(mostOfCopy*float64(bare)) {
			b.Errorf("%d rows of the feed take %v, and %v at the copy alone: at most %.1f times as long", rows, took, bare, mostOfCopy)
		}
		c.Close()
		fine(b, copied.Close())
		fine(b, alone.Close())
		fine(b, log.Close())
		b.StartTimer()
	}
}

// feedScanned is how many items are scanned while the feed comes.
const feedScanned = 400

func ids() func() circ.EntryID {
	n := 0
	return func() circ.EntryID { n++; return circ.EntryID(fmt.Sprintf("e%08d", n)) }
}

// deskScans are the scans of one clerk: items are lent, and then taken back.
type deskScans struct {
	b    *testing.B
	d    *local.Desk
	n    int
	took []time.Duration
}

func scansOf(b *testing.B, d *local.Desk) *deskScans { return &deskScans{b: b, d: d} }

func (s *deskScans) next() {
	item := circ.ItemID(fmt.Sprint("X", s.n/2%feedScanned))
	var c circ.Command = circ.CheckIn{Item: item}
	if s.n%2 == 0 {
		c = circ.CheckOut{Patron: circ.PatronID(fmt.Sprint("P", s.n/2%backlogPatrons)), Item: item}
	}
	s.n++
	begun := time.Now()
	if _, e, err := s.d.Fact(s.b.Context(), s.d.Act("ana", c), nil); err != nil || e == nil {
		s.b.Errorf("scan %d: entry %v, %v", s.n, e, err)
	}
	s.took = append(s.took, time.Since(begun))
}
