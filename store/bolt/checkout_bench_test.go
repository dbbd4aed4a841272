package bolt_test

import (
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// mostOfBare is how much longer than a bare update a check-out may take.
const mostOfBare = 1.5

// BenchmarkCheckOut lends a random item to a random patron, as a fact: from the
// command to the entry on the disk, on a cache of 100,000 patrons and 500,000
// items (CIRCDESK_LONG=1: a million and five, and sealed). Bare is one update of a bbolt file with the bytes of such an entry. The
// two take turns in both parts of the benchmark, so that neither has the disk at
// a better hour; ns/op is the median of the part's own, x-bare that of how many
// times the bare update beside it a check-out takes. All entries are read again after the files were
// closed and opened.
func BenchmarkCheckOut(b *testing.B) {
	var opts []bolt.Option
	if os.Getenv("CIRCDESK_LONG") != "" {
		opts = append(opts, locked())
	}
	dir := largeFolder(b, opts...)
	d, all, bare := openDesk(b, dir, opts...), newScans(), openBare(b, dir)
	var written []*journal.Entry
	var outs, bares []time.Duration
	turn := func(b *testing.B) {
		k := all.next()
		start := time.Now()
		e, err := d.checkOut(b.Context(), k)
		outs = append(outs, time.Since(start))
		if err != nil {
			b.Fatal(err)
		}
		written = append(written, e)
		start = time.Now()
		bare.put(b, e)
		bares = append(bares, time.Since(start))
	}
	for range 200 { // a desk that has just been opened is another measure: see BenchmarkStart
		turn(b)
	}
	outs, bares = nil, nil
	b.Run("bare", func(b *testing.B) {
		from := len(bares)
		for b.Loop() {
			turn(b)
		}
		b.ReportMetric(float64(median(bares[from:])), "ns/op")
	})
	b.Run("checkout", func(b *testing.B) {
		from := len(outs)
		for b.Loop() {
			turn(b)
		}
		ratio := beside(outs, bares)
		b.ReportMetric(float64(median(outs[from:])), "ns/op")
		b.ReportMetric(ratio, "x-bare")
		if ratio > mostOfBare {
			b.Errorf("a check-out takes %v and a bare update %v: beside each other %.2f times as long, at most %.1f", median(outs), median(bares), ratio, mostOfBare)
		}
	})
	d.close(b)
	closed(b, bare.db)
	reread(b, dir, written, opts...)
}

func median[N cmp.Ordered](all []N) N {
	all = slices.Sorted(slices.Values(all))
	return all[len(all)/2]
}

// beside gives the median of how many times as long the check-out of a turn took
// as the bare updates before and after it.
func beside(outs, bares []time.Duration) float64 {
	var all []float64
	for i := 1; i < len(outs); i++ {
		all = append(all, 2*float64(outs[i])/float64(bares[i-1]+bares[i]))
	}
	return median(all)
}

// plainFile is a bbolt file as anybody would write it.
type plainFile struct{ db *bbolt.DB }

func openBare(b *testing.B, dir string) plainFile {
	b.Helper()
	db, err := bbolt.Open(filepath.Join(dir, "bare.db"), 0o600, &bbolt.Options{Timeout: time.Second, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket([]byte("entries"))
		return err
	}); err != nil {
		b.Fatal(err)
	}
	return plainFile{db}
}

// put writes the bytes of an entry under its id.
func (p plainFile) put(b *testing.B, e *journal.Entry) {
	f := e.Frame()
	v := slices.Concat(f.Open, f.Private, f.Key)
	if err := p.db.Update(func(tx *bbolt.Tx) error {
		return tx.Bucket([]byte("entries")).Put([]byte(e.Act.ID), v)
	}); err != nil {
		b.Fatal(err)
	}
}

// reread reads a journal that was closed: all that was written is there, as it
// was, and nothing else.
func reread(b *testing.B, dir string, written []*journal.Entry, opts ...bolt.Option) {
	b.Helper()
	path := filepath.Join(dir, "journal.db")
	r, err := bolt.Verify(b.Context(), path, opts...)
	if err != nil || len(r.Problems) > 0 || r.Entries != len(written) {
		b.Fatalf("%d entries were written, %d are there: %v %v", len(written), r.Entries, r.Problems, err)
	}
	d := openDesk(b, dir, opts...)
	defer d.close(b)
	if err := d.journal.View(b.Context(), func(tx journal.JournalTx) error {
		for _, e := range written {
			got, ok, err := tx.Entry(b.Context(), e.Act.ID)
			if err != nil || !ok || got.Hash() != e.Hash() {
				b.Errorf("entry %d: there: %v, the same: %v, error %v", e.Seq, ok, got.Hash() == e.Hash(), err)
			}
		}
		return nil
	}); err != nil {
		b.Fatal(err)
	}
	if n := d.Pending(); n != len(written) {
		b.Errorf("the desk knows of %d entries, %d were written", n, len(written))
	}
}
