package bolt_test

import (
	"fmt"
	"path/filepath"
	"testing"

	"golang.org/x/sync/errgroup"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// BenchmarkStart opens a desk in the folder of a large library, until the first
// card is found: both files are checked in child processes and opened, and what
// is pending is laid over. First nothing is, then 1,000 check-outs, and the
// process that made them has told how much memory it had then.
func BenchmarkStart(b *testing.B) {
	dir := largeFolder(b)
	openDesk(b, dir).close(b)
	start(b, dir, 0, 0)
	_, out := child(b, "lend", dir)
	line, err := out.ReadString('\n')
	if err != nil {
		b.Fatal(err)
	}
	_, _ = out.ReadString('\n') // it ends when its files are closed
	start(b, dir, 1000, number(b, line))
}

func start(b *testing.B, dir string, pending int, kB uint64) {
	files := []string{filepath.Join(dir, "journal.db"), filepath.Join(dir, "cache.db")}
	b.Run(fmt.Sprintf("pending=%d", pending), func(b *testing.B) {
		for b.Loop() {
			var checks errgroup.Group
			for _, path := range files {
				checks.Go(func() error { return bolt.Check(b.Context(), path) })
			}
			if err := checks.Wait(); err != nil {
				b.Fatal(err)
			}
			d := openDesk(b, dir)
			if err := d.View(b.Context(), func(r journal.Reader) error {
				rows, err := r.Read(b.Context(), []circ.Want{circ.ByKey(circ.KindCard, largeCard(7))})
				if err == nil && len(rows[0]) != 1 {
					b.Errorf("found %v", rows)
				}
				return err
			}); err != nil {
				b.Fatal(err)
			}
			if n := d.Pending(); n != pending {
				b.Errorf("%d are pending", n)
			}
			d.close(b)
		}
		if kB > 0 {
			b.ReportMetric(float64(kB)/1024, "MB-RssAnon")
		}
	})
}
