package bolt_test

import (
	"testing"
	"time"
)

// mostOfOne is how much longer a check-out may take that is written twice, on one
// disk: two commits, one after the other.
const mostOfOne = 2.5

// BenchmarkMirroredCheckOut lends a random item to a random patron at two desks with
// the same library, one of them with a mirror in another folder of the same disk: see
// BenchmarkCheckOut. They take turns; x-one is how many times as long it takes at the
// one with the mirror.
func BenchmarkMirroredCheckOut(b *testing.B) {
	one := openDesk(b, largeFolder(b))
	defer one.close(b)
	two := openDesk(b, largeFolder(b))
	defer two.close(b)
	two.journal.Mirror(b.TempDir())
	all := newScans()
	var ones, twos []time.Duration
	turn := func() {
		k := all.next()
		for n := range 2 {
			i := (n + all.n) % 2 // who is first is not always the same one
			d := []opened{one, two}[i]
			start := time.Now()
			if _, err := d.checkOut(b.Context(), k); err != nil {
				b.Fatal(err)
			}
			if took := time.Since(start); i == 0 {
				ones = append(ones, took)
			} else {
				twos = append(twos, took)
			}
		}
	}
	for range 200 {
		turn()
	}
	ones, twos = nil, nil
	for b.Loop() {
		turn()
	}
	if s, ok := two.journal.MirrorState(); !ok || !s.Behind.IsZero() {
		b.Errorf("the mirror has not all: %+v", s)
	}
	ratio := beside(twos, ones)
	b.ReportMetric(float64(median(ones)), "one-ns/op")
	b.ReportMetric(float64(median(twos)), "ns/op")
	b.ReportMetric(ratio, "x-one")
	if ratio > mostOfOne {
		b.Errorf("a check-out takes %v with a mirror and %v without: beside each other %.2f times as long, at most %.1f", median(twos), median(ones), ratio, mostOfOne)
	}
}
