package bolt_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/text"
	"circdesk/store/bolt"
)

var bulk = flag.Int("rows", 20_000, "records that the benchmarks of Load and Read put")

// patron makes the i-th of many patrons.
func patron(i int) circ.Patron {
	return circ.Patron{
		ID: circ.PatronID(fmt.Sprintf("p%08d", i)), Card: fmt.Sprintf("2123400%07d", i),
		Family: fmt.Sprintf("Family%d", i*7919%1000), Given: "Given", Email: fmt.Sprintf("x%d@example.org", i),
		Street: "Long Street 12", Postcode: "12345", City: "Springfield", Group: "adult", Home: "main",
	}
}

func byEmail(i int) circ.Want { return circ.In(circ.ByEmail, text.Fold(patron(i).Email), 1) }

// mixed gives n patrons in no order.
func mixed(n int) iter.Seq2[circ.Row, error] {
	return func(yield func(circ.Row, error) bool) {
		for _, i := range rand.New(rand.NewPCG(1, 2)).Perm(n) {
			if !yield(patron(i), nil) {
				return
			}
		}
	}
}

func list(rows ...circ.Row) iter.Seq2[circ.Row, error] {
	return func(yield func(circ.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

func newHub(t testing.TB, opts ...bolt.Option) (*bolt.Hub, string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hub [1].db")
	h, err := bolt.OpenHub(path, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, h) })
	return h, path
}

func find(t testing.TB, h *bolt.Hub, wants ...circ.Want) (rows [][]circ.Row) {
	t.Helper()
	if err := h.View(t.Context(), func(tx journal.HubTx) (err error) {
		rows, err = tx.Read(t.Context(), wants)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return rows
}

func TestALoadIsFoundByKeyByIndexAndInTheFeed(t *testing.T) {
	const n = 30_000 // more than a sorter holds in memory
	h, path := newHub(t, bolt.NoSync())
	told := 0
	if err := h.Load(t.Context(), mixed(n), func(n int) { told = n }); err != nil {
		t.Fatal(err)
	}
	if told != n {
		t.Errorf("progress ended at %d", told)
	}
	for _, i := range []int{0, 1, 9_999, 10_000, n / 2, n - 1} {
		p := patron(i)
		rows := find(t, h, circ.ByKey(circ.KindPatron, string(p.ID)), byEmail(i))
		if !reflect.DeepEqual(rows, [][]circ.Row{{p}, {p}}) {
			t.Errorf("patron %d: %v", i, rows)
		}
	}
	if rows := find(t, h, circ.In(circ.ByName, "family7 ", 1000)); len(rows[0]) != n/1000 {
		t.Errorf("%d of one name, want %d", len(rows[0]), n/1000)
	}
	seen := map[circ.Key]bool{}
	cursor, complete, pages := "", false, 0
	for !complete {
		if err := h.View(t.Context(), func(tx journal.HubTx) error {
			rows, next, end, err := tx.Since(t.Context(), cursor, 500)
			for _, r := range rows {
				seen[r.Key()] = true
			}
			cursor, complete = next, end
			return err
		}); err != nil {
			t.Fatal(err)
		}
		pages++
	}
	if len(seen) != n || pages < n/10_000 {
		t.Errorf("the feed gave %d in %d pages", len(seen), pages)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*load*")); len(left) != 0 {
		t.Errorf("it left %v", left)
	}
}

func TestASecondLoadPutsOnlyWhatDiffers(t *testing.T) {
	h, _ := newHub(t, bolt.NoSync())
	if err := h.Load(t.Context(), mixed(100), nil); err != nil {
		t.Fatal(err)
	}
	var end string
	if err := h.View(t.Context(), func(tx journal.HubTx) (err error) {
		_, end, _, err = tx.Since(t.Context(), "", 1000)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	renamed := patron(7)
	renamed.Family = "Zuse"
	again := func(yield func(circ.Row, error) bool) {
		for i := range 100 {
			if !yield(patron(i), nil) {
				return
			}
		}
		yield(renamed, nil) // the last of a key counts
	}
	if err := h.Load(t.Context(), again, nil); err != nil {
		t.Fatal(err)
	}
	if err := h.View(t.Context(), func(tx journal.HubTx) error {
		rows, _, _, err := tx.Since(t.Context(), end, 1000)
		if len(rows) != 1 || !reflect.DeepEqual(rows[0], renamed) {
			t.Errorf("the feed gave %v", rows)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	rows := find(t, h, circ.In(circ.ByName, "zuse", 5), circ.In(circ.ByName, strings.ToLower(patron(7).Family)+" ", 5), circ.In(circ.ByName, "family", 1000))
	if len(rows[0]) != 1 || len(rows[1]) != 0 || len(rows[2]) != 99 {
		t.Errorf("found %d of the new name, %d of the old, %d others", len(rows[0]), len(rows[1]), len(rows[2]))
	}
}

func TestALoadThatFailsWhileItReadsPutsNothing(t *testing.T) {
	h, _ := newHub(t, bolt.NoSync())
	sorry := errors.New("line 17: cut off")
	err := h.Load(t.Context(), func(yield func(circ.Row, error) bool) {
		_ = yield(patron(1), nil) && yield(nil, sorry)
	}, nil)
	if !errors.Is(err, sorry) {
		t.Errorf("it says %v", err)
	}
	if err := h.Load(t.Context(), list(patron(1), circ.Patron{}), nil); err == nil {
		t.Error("a record without an id was taken")
	}
	if rows := find(t, h, circ.ByKey(circ.KindPatron, string(patron(1).ID))); len(rows[0]) != 0 {
		t.Errorf("it left %v", rows)
	}
}

func TestALoadGivenUpKeepsRecordsAndLookupsTogether(t *testing.T) {
	h, path := newHub(t, bolt.NoSync())
	ctx, end := context.WithCancel(t.Context())
	if err := h.Load(ctx, mixed(20_000), func(n int) { end() }); !errors.Is(err, context.Canceled) {
		t.Fatalf("it says %v", err)
	}
	check := func(h *bolt.Hub) {
		rows := find(t, h, circ.In(circ.ByName, "family", 30_000))
		if len(rows[0]) != 10_000 {
			t.Errorf("%d found by name", len(rows[0]))
		}
	}
	check(h)
	closed(t, h)
	again, err := bolt.OpenHub(path)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, again)
	check(again)
}

// The state that a kill leaves between the two parts of a load.
func TestALoadCutShortByAKillIsMendedOrTold(t *testing.T) {
	cut := func(b *bbolt.Tx) error {
		if err := b.DeleteBucket([]byte("index")); err != nil {
			return err
		}
		if _, err := b.CreateBucket([]byte("index")); err != nil {
			return err
		}
		return b.Bucket([]byte("meta")).Put([]byte("loading"), []byte{1})
	}
	h, path := newHub(t, bolt.NoSync())
	if err := h.Load(t.Context(), mixed(50), nil); err != nil {
		t.Fatal(err)
	}
	closed(t, h)
	change(t, path, cut)
	write(t, path+".load-123", []byte("left"))
	h, err := bolt.OpenHub(path)
	if err != nil {
		t.Fatal(err)
	}
	if rows := find(t, h, circ.In(circ.ByName, "family", 100), byEmail(7)); len(rows[0]) != 50 || len(rows[1]) != 1 {
		t.Errorf("found %d and %d", len(rows[0]), len(rows[1]))
	}
	closed(t, h)
	if _, err := os.Stat(path + ".load-123"); err == nil {
		t.Error("the files of the load are left")
	}

	cache := filepath.Join(t.TempDir(), "cache.db")
	c, err := bolt.OpenCache(cache, bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	closed(t, c)
	change(t, cache, cut)
	_, err = bolt.OpenCache(cache)
	if _, ok := errors.AsType[*bolt.DamagedError](err); !ok {
		t.Errorf("a cache: %v", err)
	}
}

// While a load goes on others change the records it has put.
func TestWhatIsPutDuringALoadStands(t *testing.T) {
	h, _ := newHub(t, bolt.NoSync())
	renamed := patron(3)
	renamed.Family, renamed.Email = "Zuse", ""
	var once sync.Once
	if err := h.Load(t.Context(), mixed(25_000), func(int) {
		once.Do(func() {
			if err := h.Update(t.Context(), func(tx journal.HubTx) error {
				return tx.Put(t.Context(), []circ.Row{renamed, patron(4)})
			}); err != nil {
				t.Error(err)
			}
		})
	}); err != nil {
		t.Fatal(err)
	}
	rows := find(t, h, byEmail(3), byEmail(4), circ.In(circ.ByName, "zuse", 1), circ.In(circ.ByName, "family", 30_000))
	if len(rows[0]) != 0 || len(rows[1]) != 1 || len(rows[2]) != 1 || len(rows[3]) != 24_999 {
		t.Errorf("found %d %d %d %d", len(rows[0]), len(rows[1]), len(rows[2]), len(rows[3]))
	}
}

func BenchmarkLoad(b *testing.B) {
	for b.Loop() {
		h, _ := newHub(b)
		start := time.Now()
		before, peak := anonymous(), 0.0
		if err := h.Load(context.Background(), mixed(*bulk), func(int) { peak = max(peak, anonymous()-before) }); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(*bulk)/time.Since(start).Seconds(), "rows/s")
		b.ReportMetric(peak/1024, "MB-RssAnon")
	}
}

// anonymous gives the process's anonymous memory in kB, where the system tells.
func anonymous() float64 {
	b, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(b)) {
		var kb float64
		if n, _ := fmt.Sscanf(line, "RssAnon: %f kB", &kb); n == 1 {
			return kb
		}
	}
	return 0
}

func BenchmarkRead(b *testing.B) {
	h, _ := newHub(b)
	if err := h.Load(b.Context(), mixed(*bulk), nil); err != nil {
		b.Fatal(err)
	}
	for name, want := range map[string]func(int) circ.Want{
		"key":   func(i int) circ.Want { return circ.ByKey(circ.KindPatron, string(patron(i).ID)) },
		"email": byEmail,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if rows := find(b, h, want(rand.IntN(*bulk))); len(rows[0]) != 1 {
					b.Fatal(rows)
				}
			}
		})
	}
}

func BenchmarkUpdate(b *testing.B) {
	for _, n := range []int{1, 8, 32} {
		b.Run(fmt.Sprintf("goroutines=%d", n), func(b *testing.B) {
			h, _ := newHub(b)
			each := make(chan int)
			var all sync.WaitGroup
			for range n {
				all.Go(func() {
					for i := range each {
						if err := h.Update(context.Background(), func(tx journal.HubTx) error {
							return tx.Put(context.Background(), []circ.Row{circ.Loan{ID: circ.LoanID(fmt.Sprint(i)), Item: "i", Patron: "p", Out: time.Unix(int64(i), 0)}})
						}); err != nil {
							b.Error(err)
						}
					}
				})
			}
			i := 0
			for b.Loop() {
				each <- i
				i++
			}
			close(each)
			all.Wait()
		})
	}
}
