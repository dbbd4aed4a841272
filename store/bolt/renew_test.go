package bolt_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// stock is a library of so many patrons, each with a card, and items. Its rows are
// like those that come from a large library's catalogue and records.
type stock struct{ patrons, items int }

var families = []string{"Müller", "Özdemir", "Nguyen", "Kowalska", "García Márquez", "Иванова", "Schmidt", "O'Brien", "van der Meer", "Tanaka"}

// segments gives the library's rows, packed.
func (l stock) segments(t testing.TB, put func(info segment.Info, packed []byte)) {
	w, err := segment.NewWriter()
	if err != nil {
		t.Fatal(err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	var d segment.Draft
	add := func(r circ.Row) {
		if err := d.Add(segment.Row{Key: r.Key(), Body: journal.EncodeRow(r)}); err != nil {
			t.Fatal(err)
		}
		if d.Full() {
			put(w.End(&d))
		}
	}
	card := func(i int) string { return fmt.Sprintf("2%013d", i) }
	for i := range l.patrons {
		add(circ.Card{Number: card(i), Patron: circ.PatronID(fmt.Sprintf("p%08d", i)), State: circ.CardValid})
	}
	for i := range l.items {
		add(circ.Item{
			ID: circ.ItemID(fmt.Sprintf("i%08d", i)), Barcode: fmt.Sprintf("3%013d", i*7), Title: circ.TitleID(fmt.Sprintf("t%08d", i/4)), Type: "book", Home: "main",
			Location: "stacks", CallNumber: fmt.Sprintf("%03d.%d %c", random.IntN(1000), random.IntN(100), 'A'+rune(random.IntN(26))), Price: money.Amount{Currency: "EUR", Minor: int64(random.IntN(9000))},
		})
	}
	for i := range l.patrons {
		name := families[random.IntN(len(families))]
		add(circ.Patron{
			ID: circ.PatronID(fmt.Sprintf("p%08d", i)), Card: card(i), Family: fmt.Sprintf("%s-%d", name, random.IntN(20_000)), Given: families[random.IntN(len(families))],
			Birth: fmt.Sprintf("%d-%02d-%02d", 1930+random.IntN(85), 1+random.IntN(12), 1+random.IntN(28)), Street: fmt.Sprintf("Hauptstraße %d", random.IntN(200)),
			Postcode: fmt.Sprint(10000 + random.IntN(80000)), City: "Neustadt", Phone: fmt.Sprintf("+49 30 %07d", random.IntN(1e7)), Email: fmt.Sprintf("reader%d@example.org", i),
			Group: "adult", Home: "main", Expires: time.Date(2027, 1, 1, 0, 0, 0, 0, time.UTC),
		})
	}
	if d.Rows() > 0 {
		put(w.End(&d))
	}
}

// wait puts the library's segments beside a cache, and gives their names.
func (l stock) wait(t testing.TB, c *bolt.Cache) (names []string) {
	t.Helper()
	l.segments(t, func(info segment.Info, packed []byte) {
		p, err := c.Part(info.Hash)
		if err != nil {
			t.Fatal(err)
		}
		for b := range slices.Chunk(packed, 64<<10) {
			if err := p.Add(b); err != nil {
				t.Fatal(err)
			}
		}
		if !p.Whole() || p.Size() != info.Size {
			t.Fatalf("a segment of %d bytes: %d came", info.Size, p.Size())
		}
		if err := p.Close(); err != nil {
			t.Fatal(err)
		}
		names = append(names, info.Hash)
	})
	return names
}

func key32() []byte { return []byte(strings.Repeat("k", bolt.KeySize)) }

func emptyCache(t testing.TB, sealed bool) (*bolt.Cache, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "cache.db")
	var opts []bolt.Option
	if sealed {
		opts = append(opts, bolt.Sealed(bolt.Lock{Key: key32(), Held: "test"}))
	}
	c, err := bolt.OpenCache(path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c, path
}

// mostAnon says what memory of its own the process had at most, in MB, until it is
// asked.
func mostAnon() func() float64 {
	end := make(chan struct{})
	var most float64
	var wg sync.WaitGroup
	wg.Go(func() {
		for t := time.NewTicker(50 * time.Millisecond); ; {
			most = max(most, anon())
			select {
			case <-end:
				t.Stop()
				return
			case <-t.C:
			}
		}
	})
	return func() float64 { close(end); wg.Wait(); return most }
}

func anon() (mb float64) {
	b, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(b)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "RssAnon: %f kB", &kb); n == 1 {
			return kb / 1024
		}
	}
	return 0
}

// shop gives a library's segments from files, as a server does.
type shop struct {
	dir string
	m   central.Manifest
}

func (l stock) shop(t testing.TB) *shop {
	s := &shop{dir: t.TempDir(), m: central.Manifest{At: time.Now(), Cursor: "cursor"}}
	l.segments(t, func(info segment.Info, packed []byte) {
		s.m.Segments = append(s.m.Segments, central.Segment{Info: info})
		if err := os.WriteFile(filepath.Join(s.dir, info.Hash), packed, 0o600); err != nil {
			t.Fatal(err)
		}
	})
	return s
}

func (s *shop) Manifest(context.Context, func(int)) (central.Manifest, error) { return s.m, nil }

func (s *shop) Segment(_ context.Context, hash string, from int64, put func([]byte) error) error {
	b, err := os.ReadFile(filepath.Join(s.dir, hash))
	if err != nil {
		return err
	}
	for piece := range slices.Chunk(b[from:], 64<<10) {
		if err := put(piece); err != nil {
			return err
		}
	}
	return nil
}

// BenchmarkFill fills the copy of a desk with a large library, from the first byte of a
// segment to the copy in its place: what comes is checked, sealed and kept, unpacked,
// sorted and written. CIRCDESK_LONG=1 takes a million patrons, with their cards, and five
// million items.
func BenchmarkFill(b *testing.B) {
	size := stock{20_000, 100_000}
	if os.Getenv("CIRCDESK_LONG") != "" {
		size = stock{1_000_000, 5_000_000}
	}
	for _, sealed := range []bool{true, false} {
		b.Run(map[bool]string{false: "open", true: "sealed"}[sealed], func(b *testing.B) {
			s := size.shop(b)
			runtime.GC()
			debug.FreeOSMemory() // what making the library took
			for b.Loop() {
				b.StopTimer()
				c, path := emptyCache(b, sealed)
				log, err := bolt.OpenJournal(filepath.Join(b.TempDir(), "journal.db"))
				if err != nil {
					b.Fatal(err)
				}
				d, err := local.Open(b.Context(), local.Config{
					ID: "d1", Zone: "UTC", Journal: log, Cache: c, Rules: policy.Default("EUR", "UTC"), Now: time.Now, NewID: func() circ.EntryID { return "e" },
				})
				if err != nil {
					b.Fatal(err)
				}
				before, most := worked(), mostAnon()
				b.StartTimer()
				filled, err := d.FillSegments(b.Context(), s, local.Progress{})
				b.StopTimer()
				if !filled || err != nil {
					b.Fatal(filled, err)
				}
				b.ReportMetric(most(), "MB-RssAnon")
				b.ReportMetric((worked() - before).Seconds(), "cpu-s")
				if info, err := os.Stat(path); err == nil {
					b.ReportMetric(float64(info.Size())/1e6, "MB-file")
				}
				_ = log.Close()
				b.StartTimer()
			}
			b.ReportMetric(float64(s.m.Rows())/b.Elapsed().Seconds()*float64(b.N), "rows/s")
			b.ReportMetric(float64(s.m.Size())/1e6, "MB-packed")
		})
	}
}

func TestARenewedCacheIsWhatALoadMakes(t *testing.T) {
	for _, sealed := range []bool{false, true} {
		made, _ := emptyCache(t, sealed)
		size := stock{300, 900}
		names := size.wait(t, made)
		var told int
		if err := made.Renew(t.Context(), names, map[string][]byte{"cursor": []byte("x")}, func(n int) { told = n }); err != nil || told != 1500 {
			t.Fatalf("%d rows told, %v", told, err)
		}
		loaded, _ := emptyCache(t, sealed)
		rows := func(yield func(circ.Row, error) bool) {
			unpack, err := segment.NewReader()
			if err != nil {
				t.Fatal(err)
			}
			defer unpack.Close()
			size.segments(t, func(_ segment.Info, packed []byte) {
				for r, err := range unpack.Rows(packed) {
					if err != nil {
						t.Fatal(err)
					}
					row, err := journal.DecodeRowOf(r.Key, r.Body)
					yield(row, err)
				}
			})
		}
		if err := loaded.Load(t.Context(), rows, nil); err != nil {
			t.Fatal(err)
		}
		wants := []circ.Want{circ.ByKey(circ.KindPatron, "p00000007"), circ.ByKey(circ.KindItem, "i00000899"), {Index: circ.ByBarcode, ID: "30000000000700", N: 9}, {Index: circ.ItemsOf, ID: "t00000003", N: 9}, {Index: circ.ByName, ID: "muller", N: 2000}, {Index: circ.CardsOf, ID: "p00000001", N: 9}}
		read := func(c *bolt.Cache) (found [][]circ.Row) {
			err := c.View(t.Context(), func(tx journal.CacheTx) (err error) {
				found, err = tx.Read(t.Context(), wants)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return found
		}
		got, want := read(made), read(loaded)
		if !reflect.DeepEqual(got, want) || len(got[2]) != 1 || len(got[3]) != 4 || len(got[4]) == 0 {
			t.Errorf("sealed %v: found %d %d %d rows, want %d %d %d", sealed, len(got[2]), len(got[3]), len(got[4]), len(want[2]), len(want[3]), len(want[4]))
		}
		// And it goes on as any cache does.
		if err := made.Update(t.Context(), func(tx journal.CacheTx) error {
			if v, err := tx.Note(t.Context(), "cursor"); err != nil || string(v) != "x" {
				t.Errorf("the note is %q, %v", v, err)
			}
			if err := tx.Put(t.Context(), []circ.Row{circ.Card{Number: "2new", Patron: "p00000001", State: circ.CardValid}}); err != nil {
				return err
			}
			return tx.Drop(t.Context(), []circ.Key{{Kind: circ.KindItem, ID: "i00000100"}, {Kind: circ.KindItem, ID: "never"}})
		}); err != nil {
			t.Fatal(err)
		}
		if got := read(made); len(got[2]) != 0 || len(got[5]) != 2 {
			t.Errorf("sealed %v: after a change %d items, %d cards", sealed, len(got[2]), len(got[5]))
		}
	}
}

func TestARenewalThatIsGivenUpLeavesTheCache(t *testing.T) {
	c, path := emptyCache(t, true)
	kept := circ.Card{Number: "2kept", Patron: "p", State: circ.CardValid}
	if err := c.Update(t.Context(), func(tx journal.CacheTx) error { return tx.Put(t.Context(), []circ.Row{kept}) }); err != nil {
		t.Fatal(err)
	}
	names := stock{2000, 20_000}.wait(t, c)
	ctx, cancel := context.WithCancel(t.Context())
	if err := c.Renew(ctx, names, nil, func(int) { cancel() }); err == nil {
		t.Fatal("it was given up, and says nothing")
	}
	if err := c.Renew(t.Context(), append(names, segment.Hash([]byte("of another library"))), nil, nil); err == nil { // one that never came
		t.Fatal("a segment is missing, and it says nothing")
	}
	if err := c.Close(); err != nil {
		t.Fatal(err)
	}
	c, err := bolt.OpenCache(path, bolt.Sealed(bolt.Lock{Key: key32(), Held: "test"}))
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	var found [][]circ.Row
	if err := c.View(t.Context(), func(tx journal.CacheTx) (err error) {
		found, err = tx.Read(t.Context(), []circ.Want{circ.ByKey(circ.KindCard, "2kept"), circ.ByKey(circ.KindPatron, "p00000001")})
		return err
	}); err != nil || len(found[0]) != 1 || len(found[1]) != 0 {
		t.Errorf("found %v, %v", found, err)
	}
	left, err := filepath.Glob(path + "*")
	if err != nil || slices.ContainsFunc(left, func(s string) bool { return strings.Contains(s, "renew") || strings.Contains(s, "load") }) {
		t.Errorf("left behind: %v, %v", left, err)
	}
	// What had come waits, and nobody reads it there.
	if err := c.Renew(t.Context(), names, nil, nil); err != nil {
		t.Fatal(err)
	}
}

func TestASegmentThatWaitsIsSealed(t *testing.T) {
	c, path := emptyCache(t, true)
	info := stock{50, 50}
	names := info.wait(t, c)
	var plain []byte
	info.segments(t, func(_ segment.Info, packed []byte) { plain = packed })
	b, err := os.ReadFile(filepath.Join(path+".parts", names[0]))
	if err != nil || len(b) < len(plain) || bytes.Contains(b, plain[100:140]) {
		t.Errorf("it stands there as it came (%d bytes, %v)", len(b), err)
	}
	p, err := c.Part(names[0])
	if err != nil || !p.Whole() {
		t.Fatal(err)
	}
	_ = p.Close()
	b[len(b)/2] ^= 1
	if err := os.WriteFile(filepath.Join(path+".parts", names[0]), b[:len(b)-3], 0o600); err != nil {
		t.Fatal(err)
	}
	p, err = c.Part(names[0])
	if err != nil || p.Whole() || p.Size() != 0 {
		t.Errorf("a piece that was changed counts: %d bytes, %v", p.Size(), err)
	}
	_ = p.Close()
	if err := c.Empty(&bolt.Lock{Key: key32(), Held: "test"}); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(path + ".parts"); err == nil {
		t.Error("an emptied cache leaves what waited for it")
	}
	if _, err := c.Part("../journal.db"); err == nil {
		t.Error("a path is taken for a segment")
	}
}
