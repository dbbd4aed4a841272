package hub_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk/journal"
)

// BenchmarkSegments is how long the server takes until the segments of a whole library
// can be fetched (CIRCDESK_LONG=1: of a million patrons and five million items), and how
// much more memory of its own the process has meanwhile. A desk scans all the time:
// x-scan is how many times as long 95 of 100 scans take as before.
func BenchmarkSegments(b *testing.B) {
	patrons, items := largePatrons, largeItems
	if os.Getenv("CIRCDESK_LONG") != "" {
		patrons, items = 1_000_000, 5_000_000
	}
	for b.Loop() {
		b.StopTimer()
		c, server := hubOf(b, patrons, items)
		es := backlog(b, "d1", rand.Perm(largeItems)[:20_000])
		scan := func() time.Duration {
			if len(es) == 0 {
				b.Fatal("the desk has nothing more to scan")
			}
			begun := time.Now()
			rs, err := c.Deliver(b.Context(), []journal.Entry{es[0]})
			if err != nil {
				b.Fatal(err)
			}
			applied(b, rs[0])
			es = es[1:]
			return time.Since(begun)
		}
		var before, meanwhile []time.Duration
		for range 300 {
			before = append(before, scan())
			time.Sleep(scanPause)
		}
		was := ownMemory()
		most := was
		b.StartTimer()
		begun := time.Now()
		made := 0
		for making := true; making; {
			m, _, on, err := server.Manifest(b.Context(), "")
			if err != nil {
				b.Fatal(err)
			}
			made, making = m.Rows(), on
			most = max(most, ownMemory())
			if making {
				meanwhile = append(meanwhile, scan())
				time.Sleep(scanPause)
			}
		}
		took := time.Since(begun)
		b.StopTimer()
		if made < 2*patrons+2*items {
			b.Fatalf("%d rows are in the segments", made)
		}
		late := func(all []time.Duration) time.Duration {
			return slices.Sorted(slices.Values(all))[(len(all)-1)*95/100]
		}
		b.ReportMetric(float64(made)/took.Seconds(), "rows/s")
		b.ReportMetric(most-was, "MB-more")
		b.ReportMetric(float64(late(meanwhile).Microseconds())/1000, "scan-p95-ms")
		b.ReportMetric(float64(late(meanwhile))/float64(late(before)), "x-scan")
		server.Close()
		b.StartTimer()
	}
}

const scanPause = 10 * time.Millisecond

// ownMemory is the process's own memory in MB; 0 where the system does not tell.
func ownMemory() float64 {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		var kB float64
		if n, _ := fmt.Sscanf(line, "RssAnon: %f kB", &kB); n == 1 {
			return kB / 1024
		}
	}
	return 0
}
