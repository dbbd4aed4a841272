package bolt_test

import (
	"context"
	"math/rand/v2"
	"path/filepath"
	"runtime"
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/names/namestest"
	"circdesk/desk/text"
	"circdesk/store/bolt"
)

// The people of a large library, whose names are searched.
const namedPatrons = 1_000_000

// mostOfNames is how many bytes of memory the names of so many may take.
const mostOfNames = 80_000_000

// mostWhileRead is how much longer a check-out may take while the names are read.
const mostWhileRead = 1.5

// BenchmarkSealedNames looks a million patrons of a sealed cache up by name: the whole
// answer, with the records that it shows. A check-out while the names are read is
// compared with one behind it. The memory and that comparison can fail it; how often a
// name with a mistake is found, BenchmarkNames of package names measures.
func BenchmarkSealedNames(b *testing.B) {
	people := namestest.People(1, namedPatrons)
	dir := b.TempDir()
	cache, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), locked())
	if err != nil {
		b.Fatal(err)
	}
	err = cache.Load(b.Context(), func(yield func(circ.Row, error) bool) {
		for i, p := range people {
			row := patron(i)
			row.ID = circ.PatronID(circ.NewID("E", circ.KindPatron, i))
			row.Family, row.Given, row.Card = p.Family, p.Given, largeCard(i)
			if !yield(row, nil) || !yield(circ.Card{Number: row.Card, Patron: row.ID, State: circ.CardValid}, nil) {
				return
			}
		}
		for i := range 50_000 {
			if !yield(circ.Item{ID: circ.ItemID(largeBarcode(i)), Barcode: largeBarcode(i), Title: "t", Type: "book", Home: "main"}, nil) {
				return
			}
		}
	}, nil)
	if err != nil {
		b.Fatal(err)
	}
	closed(b, cache)
	d := openDesk(b, dir, locked())
	defer d.close(b)
	r := rand.New(rand.NewPCG(7, 7))
	card := 0
	lend := func() time.Duration {
		card++
		begun := time.Now()
		if _, err := d.checkOut(b.Context(), circ.CheckOut{Card: largeCard(card), Barcode: largeBarcode(card)}); err != nil {
			b.Fatal(err)
		}
		return time.Since(begun)
	}
	for range 200 {
		lend()
	}
	before := heap()
	ctx, cancel := context.WithCancel(b.Context())
	done := make(chan struct{})
	begun := time.Now()
	go func() {
		defer close(done)
		_ = d.KeepNames(ctx)
	}()
	defer func() { cancel(); <-done }()
	var peak uint64
	var during []time.Duration
	for {
		found, err := d.FindNamed(b.Context(), "x", 1)
		if err != nil {
			b.Fatal(err)
		}
		if !found.Coming && len(during) > 0 {
			break
		}
		during = append(during, lend())
		var m runtime.MemStats
		if len(during)%50 == 0 {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
		time.Sleep(3 * time.Millisecond)
	}
	took := time.Since(begun)
	held := heap() - before
	var behind []time.Duration
	for range len(during) {
		behind = append(behind, lend())
		time.Sleep(3 * time.Millisecond)
	}
	slices.Sort(during)
	slices.Sort(behind)
	ratio := float64(during[len(during)/2]) / float64(behind[len(behind)/2])
	b.Run("read", func(b *testing.B) {
		for b.Loop() { // it was
		}
		b.ReportMetric(0, "ns/op")
		b.ReportMetric(float64(held)/1e6, "MB")
		b.ReportMetric(float64(peak)/1e6, "MB-peak-heap")
		b.ReportMetric(took.Seconds(), "s")
		b.ReportMetric(ratio, "x-check-out")
		if held > mostOfNames {
			b.Errorf("the names take %d bytes, more than %d", held, mostOfNames)
		}
		if ratio > mostWhileRead {
			b.Errorf("a check-out takes %.2f times as long while the names are read, more than %.1f", ratio, mostWhileRead)
		}
	})
	for _, kind := range []struct {
		name string
		made func(p namestest.Person) string
	}{
		{"prefix", func(p namestest.Person) string {
			return string([]rune(p.Family)[:min(len([]rune(p.Family)), 2+r.IntN(4))])
		}},
		{"substring", func(p namestest.Person) string { n := []rune(text.Fold(p.Family)); return string(n[len(n)/3:]) }},
		{"one wrong letter", func(p namestest.Person) string { return namestest.Mistake(r, p) }},
	} {
		b.Run(kind.name, func(b *testing.B) {
			for b.Loop() {
				var all []time.Duration
				for range 1000 {
					query := kind.made(people[r.IntN(namedPatrons)])
					at := time.Now()
					var err error
					if kind.name == "prefix" {
						_, err = d.FindBegun(b.Context(), query, 20)
					} else {
						_, err = d.FindNamed(b.Context(), query, 50)
					}
					if err != nil {
						b.Fatal(err)
					}
					all = append(all, time.Since(at))
				}
				slices.Sort(all)
				b.ReportMetric(0, "ns/op")
				b.ReportMetric(float64(all[len(all)/2].Microseconds())/1000, "p50-ms")
				b.ReportMetric(float64(all[len(all)*99/100].Microseconds())/1000, "p99-ms")
			}
		})
	}
}

// heap is how many bytes of the heap are held.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
