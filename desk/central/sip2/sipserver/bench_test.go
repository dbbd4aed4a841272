package sipserver

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// What the ratios have to be at least.
const (
	leastOfBare  = 0.7 // pairs of one connection, against bare pairs of commits on the same file
	leastOfEight = 2.5 // pairs of eight connections, against those of one
	mostMillis   = 20  // the 99th of a hundred answers at eight, told but not asked for: it is the disk's
)

// BenchmarkPairs has terminals lend and take back over loopback, every reply durable, on
// a library of 20,000 items. Beside it stand bare pairs: two commits to the same file of
// the same records, entries and receipts, without a connection, and nothing read or
// decided. The three take turns of 200 ms, so that none has the disk at a better hour.
// TMPDIR says which disk it is.
func BenchmarkPairs(b *testing.B) {
	store, err := bolt.OpenHub(filepath.Join(b.TempDir(), "hub.db"))
	if err != nil {
		b.Fatal(err)
	}
	defer store.Close()
	if err := store.Load(b.Context(), benchLibrary, nil); err != nil {
		b.Fatal(err)
	}
	w := startOn(b, store, nil)
	const terminals = 8
	var all [terminals]*lender
	for i := range all {
		all[i] = &lender{m: w.kiosk(b), n: i}
	}
	plain := &bare{b: b, store: store}
	var alone, one, eight tally
	turns := func(d time.Duration) {
		plain.make(int(d/time.Millisecond) * 5)
		alone.turn(d, func(yield func() bool) {
			for yield() && len(plain.ready) > 0 {
				plain.pair()
			}
		})
		one.turn(d, func(yield func() bool) {
			for yield() {
				one.took = all[0].pair(one.took)
			}
		})
		var wg sync.WaitGroup
		before := time.Now()
		var took [terminals][]time.Duration
		for i, x := range all {
			wg.Go(func() {
				for time.Since(before) < d {
					took[i] = x.pair(took[i])
				}
			})
		}
		wg.Wait()
		eight.spent += time.Since(before)
		for _, t := range took {
			eight.n += len(t) / 2
			eight.took = append(eight.took, t...)
		}
	}
	for range 10 { // the disk is busy with the load
		turns(200 * time.Millisecond)
	}
	alone, one, eight = tally{}, tally{}, tally{}
	for b.Loop() {
		for range 20 { // a ratio of few turns is chance
			turns(200 * time.Millisecond)
		}
	}
	b.ReportMetric(alone.rate(), "bare-pairs/s")
	b.ReportMetric(one.rate(), "pairs/s")
	b.ReportMetric(eight.rate(), "pairs-of-8/s")
	b.ReportMetric(one.rate()/alone.rate(), "x-bare")
	b.ReportMetric(eight.rate()/one.rate(), "x-one")
	b.ReportMetric(eight.millis(50), "ms-p50-of-8")
	b.ReportMetric(eight.millis(99), "ms-p99-of-8")
	b.ReportMetric(0, "ns/op")
	b.Logf("bare %.0f/s, one %.0f/s, eight %.0f/s, p50 %.2f ms, p99 %.2f ms", alone.rate(), one.rate(), eight.rate(), eight.millis(50), eight.millis(99))
	if r := one.rate() / alone.rate(); r < leastOfBare {
		b.Errorf("one connection does %.2f of bare pairs, at least %.1f", r, leastOfBare)
	}
	if r := eight.rate() / one.rate(); r < leastOfEight {
		b.Errorf("eight connections do %.2f times as much as one, at least %.1f", r, leastOfEight)
	}
	if ms := eight.millis(99); ms > mostMillis {
		b.Logf("an answer at eight connections takes %.1f ms at the 99th of a hundred; %d were hoped for", ms, mostMillis)
	}
}

// tally counts pairs.
type tally struct {
	n     int
	spent time.Duration
	took  []time.Duration // of each answer
}

func (t *tally) rate() float64 { return float64(t.n) / t.spent.Seconds() }

func (t *tally) millis(percent int) float64 {
	all := slices.Sorted(slices.Values(t.took))
	return float64(all[len(all)*percent/100].Microseconds()) / 1000
}

func (t *tally) turn(d time.Duration, do func(yield func() bool)) {
	began, n := time.Now(), -1
	do(func() bool { n++; return time.Since(began) < d })
	t.n += n
	t.spent += time.Since(began)
}

const benchItems = 20_000

func benchLibrary(yield func(circ.Row, error) bool) {
	for i := range 200 {
		id := circ.PatronID(fmt.Sprintf("p%d", i))
		card := fmt.Sprint(2000000 + i)
		if !yield(circ.Patron{ID: id, Card: card, Family: "Patron", Given: fmt.Sprint(i), Group: "adult"}, nil) || !yield(circ.Card{Number: card, Patron: id, State: circ.CardValid}, nil) {
			return
		}
	}
	for i := range benchItems {
		id := circ.TitleID(fmt.Sprintf("t%d", i))
		item := circ.Item{ID: circ.ItemID(fmt.Sprintf("i%d", i)), Barcode: fmt.Sprint(3000000 + i), Title: id, Type: "book", Home: "main", Location: "stacks"}
		if !yield(circ.Title{ID: id, Title: fmt.Sprintf("Book %d", i)}, nil) || !yield(item, nil) {
			return
		}
	}
}

// lender is one terminal at work.
type lender struct {
	m *machine
	n int // the pairs so far, in steps of eight: no two terminals have the same item
}

// pair lends an item and takes it back.
func (x *lender) pair(took []time.Duration) []time.Duration {
	item, card := 3000000+x.n%benchItems, 2000000+x.n%200
	x.n += 8
	at := time.Now()
	now := at.UTC().Format("20060102    150405")
	if got := x.m.safe(fmt.Sprintf("11NN%s                  AOMAIN|AA%d|AB%d|AC|", now, card, item)); !strings.HasPrefix(got, "121N") {
		x.m.t.Errorf("not lent: %q", got)
	}
	took = append(took, time.Since(at))
	at = time.Now()
	if got := x.m.safe(fmt.Sprintf("09N%s%sAPMAIN|AOMAIN|AB%d|AC|", now, now, item)); !strings.HasPrefix(got, "101Y") {
		x.m.t.Errorf("not taken back: %q", got)
	}
	return append(took, time.Since(at))
}

// bare writes what pairs write, and does nothing else: the same records, entries and
// receipts, made beforehand.
type bare struct {
	b     *testing.B
	store *bolt.Hub
	mark  journal.Mark
	n     int
	ready []written
}

type written struct {
	rows    []circ.Row
	entry   journal.Entry
	receipt journal.Receipt
}

// make makes pairs that can be written.
func (x *bare) make(pairs int) {
	for range pairs {
		i := x.n % benchItems
		x.n++
		it := circ.Item{ID: circ.ItemID(fmt.Sprintf("i%d", i)), Barcode: fmt.Sprint(3000000 + i), Title: circ.TitleID(fmt.Sprintf("t%d", i)), Type: "book", Home: "main", Location: "stacks"}
		at := time.Now().UTC()
		out := newID()
		loan := circ.Loan{ID: circ.LoanID(circ.NewID(out, circ.KindLoan, 0)), Item: it.ID, Patron: circ.PatronID(fmt.Sprintf("p%d", x.n%200)), Library: "main", Desk: "bare", Out: at, Due: at.AddDate(0, 0, 14)}
		it.Loan, it.Seen = loan.ID, circ.Sighting{At: at, Desk: "bare", Library: "main"}
		x.add(out, at, circ.CheckOut{Card: fmt.Sprint(2000000 + x.n%200), Barcode: it.Barcode},
			[]circ.Event{circ.CheckedOut{Loan: loan.ID, Item: it.ID, Patron: loan.Patron, At: at, Due: loan.Due, Desk: "bare", Library: "main"}}, it, loan)
		it.Loan, loan.In, loan.How = "", at, circ.Returned
		x.add(newID(), at, circ.CheckIn{Barcode: it.Barcode}, []circ.Event{
			circ.CheckedIn{Loan: loan.ID, Item: it.ID, Patron: loan.Patron, At: at, How: circ.Returned}, circ.Seen{Item: it.ID, At: at, Desk: "bare", Library: "main"},
		}, it, loan)
	}
}

func (x *bare) add(id circ.EntryID, at time.Time, k circ.Command, told []circ.Event, rows ...circ.Row) {
	e, err := journal.Entry{
		Act:   circ.Act{ID: id, Desk: "bare", Library: "main", Operator: "bare", At: at, Zone: "Europe/Berlin", Command: k},
		Epoch: 1, Seq: x.mark.Seq + 1, Prev: x.mark.Hash, Mode: journal.Asked, Told: told,
	}.Finish()
	if err != nil {
		x.b.Fatal(err)
	}
	x.mark.Seq, x.mark.Hash = e.Seq, e.Hash()
	rows = append(rows, circ.Mark{Desk: "bare", Epoch: 1, Seq: e.Seq, Hash: fmt.Sprintf("%x", x.mark.Hash)})
	x.ready = append(x.ready, written{rows, e, journal.Receipt{Entry: id, Desk: "bare", Epoch: 1, Seq: e.Seq, Verdict: journal.Applied, Events: told}})
}

// pair writes one pair.
func (x *bare) pair() {
	ctx := context.Background()
	for range 2 {
		w := x.ready[0]
		x.ready = x.ready[1:]
		if err := x.store.Update(ctx, func(tx journal.HubTx) error {
			if err := tx.Put(ctx, w.rows); err != nil {
				return err
			}
			if _, err := tx.Add(ctx, w.entry); err != nil {
				return err
			}
			return tx.Settle(ctx, w.receipt)
		}); err != nil {
			x.b.Fatal(err)
		}
	}
}
