package bolt_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// The library that the benchmarks of a desk are made on; each title has five
// copies. CIRCDESK_LONG=1 takes one of a large city, whose copy is made of segments, and
// sealed.
var (
	largePatrons = rounds(100_000, 1_000_000)
	largeItems   = rounds(500_000, 5_000_000)
)

const copies = 5

func largeCard(i int) string    { return fmt.Sprintf("2%013d", i) }
func largeBarcode(i int) string { return fmt.Sprintf("3%013d", i) }

// large gives its records.
func large(yield func(circ.Row, error) bool) {
	for i := range largePatrons {
		p := patron(i)
		p.Card = largeCard(i)
		if !yield(p, nil) || !yield(circ.Card{Number: p.Card, Patron: p.ID, State: circ.CardValid}, nil) {
			return
		}
	}
	for i := range largeItems {
		id := circ.TitleID(fmt.Sprintf("t%08d", i/copies))
		title := circ.Title{ID: id, Title: fmt.Sprintf("The story of number %d", i), Author: "Anonymous", Year: "1999"}
		if i%copies == 0 && !yield(title, nil) {
			return
		}
		item := circ.Item{ID: circ.ItemID(fmt.Sprintf("i%08d", i)), Barcode: largeBarcode(i), Title: id, Type: "book", Home: "main", Location: "stacks", CallNumber: "Sh 12"}
		if !yield(item, nil) {
			return
		}
	}
}

// largeFolder gives the folder of a desk whose cache holds the large library.
func largeFolder(b *testing.B, opts ...bolt.Option) (dir string) {
	b.Helper()
	dir = b.TempDir()
	if kind := inMemory(dir); kind != "" {
		b.Fatalf("%s is on %s, where nothing is durable: set TMPDIR to a folder on a disk", dir, kind)
	}
	c, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), opts...)
	if err != nil {
		b.Fatal(err)
	}
	defer closed(b, c)
	rows := 0
	if os.Getenv("CIRCDESK_LONG") != "" {
		renewLarge(b, c)
		return dir
	}
	if err := c.Load(b.Context(), iter.Seq2[circ.Row, error](large), func(n int) { rows = n }); err != nil {
		b.Fatal(err)
	}
	if want := 2*largePatrons + largeItems + largeItems/copies; rows != want {
		b.Fatalf("%d records are in the cache, want %d", rows, want)
	}
	return dir
}

// renewLarge makes a copy of the large library's segments, as a desk's first fill does.
func renewLarge(b *testing.B, c *bolt.Cache) {
	b.Helper()
	w, err := segment.NewWriter()
	if err != nil {
		b.Fatal(err)
	}
	var names []string
	var d segment.Draft
	put := func(info segment.Info, packed []byte) {
		p, err := c.Part(info.Hash)
		if err != nil {
			b.Fatal(err)
		}
		for piece := range slices.Chunk(packed, 64<<10) {
			if err := p.Add(piece); err != nil {
				b.Fatal(err)
			}
		}
		closed(b, p)
		names = append(names, info.Hash)
	}
	for r := range large {
		if err := d.Add(segment.Row{Key: r.Key(), Body: journal.EncodeRow(r)}); err != nil {
			b.Fatal(err)
		}
		if d.Full() {
			put(w.End(&d))
		}
	}
	if d.Rows() > 0 {
		put(w.End(&d))
	}
	if err := c.Renew(b.Context(), names, nil, nil); err != nil {
		b.Fatal(err)
	}
}

// opened is a desk in a folder, as the program opens it.
type opened struct {
	*local.Desk
	journal *bolt.Journal
	cache   *bolt.Cache
}

func open(ctx context.Context, dir string, opts ...bolt.Option) (o opened, err error) {
	opts = append(opts, bolt.Unchecked())
	if o.journal, err = bolt.OpenJournal(filepath.Join(dir, "journal.db"), opts...); err != nil {
		return o, err
	}
	if o.cache, err = bolt.OpenCache(filepath.Join(dir, "cache.db"), opts...); err != nil {
		return o, err
	}
	o.Desk, err = local.Open(ctx, local.Config{
		ID: "d1", Library: "main", Zone: "Europe/Berlin", Journal: o.journal, Cache: o.cache, Rules: policy.Default("EUR", "Europe/Berlin"), Now: time.Now,
		NewID: func() circ.EntryID { return circ.EntryID(uuid.Must(uuid.NewV7()).String()) },
	})
	return o, err
}

func openDesk(t testing.TB, dir string, opts ...bolt.Option) opened {
	t.Helper()
	o, err := open(t.Context(), dir, opts...)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (o opened) close(t testing.TB) {
	t.Helper()
	closed(t, o.journal)
	closed(t, o.cache)
}

// scans are patrons and items in no order, each once until all were there.
type scans struct {
	patrons, items []int
	n              int
}

func newScans() *scans {
	return &scans{patrons: rand.Perm(largePatrons), items: rand.Perm(largeItems)}
}

func (s *scans) next() circ.CheckOut {
	k := circ.CheckOut{Card: largeCard(s.patrons[s.n%largePatrons]), Barcode: largeBarcode(s.items[s.n%largeItems])}
	s.n++
	return k
}

// checkOut lends as a fact: when it returns, the entry is on the disk.
func (o opened) checkOut(ctx context.Context, k circ.CheckOut) (*journal.Entry, error) {
	d, e, err := o.Fact(ctx, o.Act("clerk", k), nil)
	if err == nil && e == nil {
		err = fmt.Errorf("%v: refused %v, to be asked %v", k, d.Refused, d.Ask)
	}
	return e, err
}

// lendAndWeigh is a child that lends a thousand times in the folder of a desk,
// and tells how much anonymous memory it has then, in kB.
func lendAndWeigh(dir string) {
	ctx := context.Background()
	d, all := must(open(ctx, dir)), newScans()
	for range 1000 {
		must(d.checkOut(ctx, all.next()))
	}
	fmt.Println(int(anonymous()))
	must(0, d.journal.Close())
	must(0, d.cache.Close())
}
