package uplink_test

import (
	"slices"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/journal"
)

// How much longer may it take than what can be had: to bring a backlog home than its
// entries take at the server alone, and 95 of 100 scans meanwhile than without a
// line.
const (
	mostOfServer = 5.0
	mostOfIdle   = 10.0
)

// BenchmarkThirtyDays brings 60,000 entries of thirty days home, over loopback to a
// server whose store is on a disk, while a scan is made every 50 ms; all durable. In
// x-server it is compared with how long the server takes for the same entries when
// they are handed to it without a desk, a line and scans; in x-idle the scans with
// those at the same desk before the line is there. An op is all 60,000.
func BenchmarkThirtyDays(b *testing.B) {
	const entries, items, pace = 60_000, 4_000, 50 * time.Millisecond
	for b.Loop() {
		o := thirtyDays(b, entries, items)
		enough := make(chan struct{})
		time.AfterFunc(200*pace, func() { close(enough) })
		idle := o.scans(pace, enough)
		alone := o.alone(entries / 10)
		waiting := o.scanned
		whole, scans := o.comeHome(pace)

		rate := float64(waiting) / whole.Seconds()
		b.ReportMetric(rate, "entries/s")
		b.ReportMetric(alone/rate, "x-server")
		b.ReportMetric(milliseconds(of100(scans, 50)), "ms-scan-p50")
		b.ReportMetric(milliseconds(of100(scans, 95)), "ms-scan-p95")
		b.ReportMetric(milliseconds(slices.Max(scans)), "ms-scan-max")
		b.ReportMetric(milliseconds(of100(idle, 95)), "ms-idle-p95")
		slower := float64(of100(scans, 95)) / float64(of100(idle, 95))
		b.ReportMetric(slower, "x-idle")
		if alone/rate > mostOfServer {
			b.Errorf("%.0f entries came home in a second, the server alone takes %.0f: %.1f times as long, at most %.1f", rate, alone, alone/rate, mostOfServer)
		}
		if slower > mostOfIdle {
			b.Errorf("95 of 100 scans take %v while a backlog comes home and %v without a line: %.1f times as long, at most %.1f", of100(scans, 95), of100(idle, 95), slower, mostOfIdle)
		}
	}
}

// alone hands the first n entries to another server, and gives how many it takes in a
// second.
func (o *outage) alone(n int) float64 {
	s := o.server("alone.db")
	es, err := o.desk.After(o.t.Context(), journal.Mark{Desk: o.desk.ID, Epoch: 1}, n)
	fine(o.t, err)
	begun := time.Now()
	for batch := range slices.Chunk(es, central.BatchSize) {
		if _, err := s.Deliver(o.t.Context(), batch); err != nil {
			o.t.Fatal(err)
		}
	}
	return float64(len(es)) / time.Since(begun).Seconds()
}

// of100 gives how long a part of 100 takes at most.
func of100(took []time.Duration, part int) time.Duration {
	return slices.Sorted(slices.Values(took))[len(took)*part/100]
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
