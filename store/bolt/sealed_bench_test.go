package bolt_test

import (
	"testing"
	"time"
)

// mostOfPlain is how much longer a check-out may take at a desk that is sealed.
const mostOfPlain = 1.1

// BenchmarkSealedCheckOut lends a random item to a random patron at two desks with
// the same library, one of them sealed: see BenchmarkCheckOut. They take turns;
// x-plain is how many times as long it takes at the sealed one.
func BenchmarkSealedCheckOut(b *testing.B) {
	plain := openDesk(b, largeFolder(b))
	defer plain.close(b)
	hidden := openDesk(b, largeFolder(b, locked()), locked())
	defer hidden.close(b)
	all := newScans()
	var plains, sealed []time.Duration
	turn := func() {
		k := all.next()
		for n := range 2 {
			i := (n + all.n) % 2 // who is first is not always the same one
			d := []opened{plain, hidden}[i]
			start := time.Now()
			if _, err := d.checkOut(b.Context(), k); err != nil {
				b.Fatal(err)
			}
			if took := time.Since(start); i == 0 {
				plains = append(plains, took)
			} else {
				sealed = append(sealed, took)
			}
		}
	}
	for range 200 {
		turn()
	}
	plains, sealed = nil, nil
	for b.Loop() {
		turn()
	}
	ratio := beside(sealed, plains)
	b.ReportMetric(float64(median(plains)), "plain-ns/op")
	b.ReportMetric(float64(median(sealed)), "ns/op")
	b.ReportMetric(ratio, "x-plain")
	if ratio > mostOfPlain {
		b.Errorf("a check-out takes %v sealed and %v in the clear: beside each other %.2f times as long, at most %.1f", median(sealed), median(plains), ratio, mostOfPlain)
	}
}
