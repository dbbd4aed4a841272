package bolt_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
	"circdesk/store/secret"
	"circdesk/store/storetest"
)

var deskKey = bytes.Repeat([]byte{7}, bolt.KeySize)

func locked() bolt.Option { return bolt.Sealed(bolt.Lock{Key: deskKey, Held: "a test"}) }

func sealedJournal(t testing.TB) journal.Store[journal.JournalTx] {
	t.Helper()
	s, err := bolt.OpenJournal(filepath.Join(t.TempDir(), "journal.db"), bolt.NoSync(), locked())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, s) })
	return s
}

func sealedCache(t testing.TB) journal.Store[journal.CacheTx] {
	t.Helper()
	s, err := bolt.OpenCache(filepath.Join(t.TempDir(), "cache.db"), bolt.NoSync(), locked())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, s) })
	return s
}

// A sealed store keeps every promise of one that is not.

func TestSealedJournal(t *testing.T) {
	fewerCollections(t)
	storetest.RunStore(t, sealedJournal)
	storetest.RunLedger(t, sealedJournal)
}

func TestSealedCache(t *testing.T) {
	fewerCollections(t)
	storetest.RunStore(t, sealedCache)
	storetest.RunBook(t, sealedCache)
}

// secrets are texts of story and shelf that say who, or what.
var secrets = []string{
	"21234000012345", "31234000567890", "9783423118217", "Müller", "muller", "Änne", "anne", "030 1234", "0301234", "Adelheid", "adelheid",
	"Blechtrommel", "blechtrommel", "hello", `"id"`,
}

// shows gives those of the texts that can be read in a file.
func shows(t testing.TB, path string) (out []string) {
	t.Helper()
	b := read(t, path)
	for _, s := range secrets {
		if bytes.Contains(b, []byte(s)) {
			out = append(out, s)
		}
	}
	return out
}

// fillFiles writes the files of testdata into a folder.
func fillFiles(t testing.TB, dir string, opts ...bolt.Option) (journalPath, cachePath string) {
	t.Helper()
	journalPath, cachePath = filepath.Join(dir, "journal.db"), filepath.Join(dir, "cache.db")
	opts = append(opts, bolt.NoSync())
	j, err := bolt.OpenJournal(journalPath, opts...)
	if err == nil {
		err = j.Update(t.Context(), func(tx journal.JournalTx) error { return ledgerOf(t, tx) })
	}
	if err != nil {
		t.Fatal(err)
	}
	closed(t, j)
	c, err := bolt.OpenCache(cachePath, opts...)
	if err == nil {
		err = c.Update(t.Context(), func(tx journal.CacheTx) error {
			return errors.Join(tx.Put(t.Context(), shelf()), tx.SetNote(t.Context(), "greeting", []byte("hello")))
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	closed(t, c)
	return journalPath, cachePath
}

func TestASealedFileShowsNobody(t *testing.T) {
	j, c := fillFiles(t, t.TempDir())
	if all := slices.Concat(shows(t, j), shows(t, c)); len(slices.Compact(slices.Sorted(slices.Values(all)))) != len(secrets) {
		t.Fatalf("the test looks for what is not there: an unsealed file shows %q", all)
	}
	j, c = fillFiles(t, t.TempDir(), locked())
	for _, path := range []string{j, c} {
		if all := shows(t, path); len(all) > 0 {
			t.Errorf("%s shows %q", path, all)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm()&0o077 != 0 && filepath.Separator == '/' {
			t.Errorf("%s may be read by others: %v %v", path, info.Mode(), err)
		}
	}
	readSealed(t, j, c)
}

// TestSealedFilesOfEveryVersionAreRead: since 4 there are such files.
func TestSealedFilesOfEveryVersionAreRead(t *testing.T) {
	if dir := filepath.Join("testdata", fmt.Sprint("v", thisVersion), "sealed"); *update {
		if _, err := os.Stat(dir); err != nil {
			if err := os.MkdirAll(dir, 0o755); err != nil {
				t.Fatal(err)
			}
			fillFiles(t, dir, locked())
		}
	}
	for v := 4; v <= thisVersion; v++ {
		dir := t.TempDir()
		j, c := filepath.Join(dir, "journal.db"), filepath.Join(dir, "cache.db")
		for _, path := range []string{j, c} {
			write(t, path, read(t, filepath.Join("testdata", fmt.Sprint("v", v), "sealed", filepath.Base(path))))
		}
		readSealed(t, j, c)
	}
}

// readSealed checks that what fillFiles wrote is there.
func readSealed(t *testing.T, journalPath, cachePath string) {
	t.Helper()
	for _, path := range []string{journalPath, cachePath} {
		if err := bolt.Check(t.Context(), path, locked()); err != nil {
			t.Error(err)
		}
	}
	j, err := bolt.OpenJournal(journalPath, locked())
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, j)
	if err := j.View(t.Context(), func(tx journal.JournalTx) error { return readLedger(t, tx) }); err != nil {
		t.Error(err)
	}
	if r, err := j.Verify(t.Context(), nil); err != nil || len(r.Problems) > 0 || r.Entries != 5 || r.Receipts != 4 {
		t.Errorf("%+v %v", r, err)
	}
	c, err := bolt.OpenCache(cachePath, locked())
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, c)
	if err := c.View(t.Context(), func(tx journal.CacheTx) error {
		for _, w := range shelf() {
			got, err := tx.Read(t.Context(), []circ.Want{{Key: w.Key(), N: 1}})
			if err != nil {
				return err
			}
			if len(got[0]) != 1 || got[0][0].Key() != w.Key() {
				t.Errorf("%v: %v", w.Key(), got[0])
			}
		}
		for _, w := range []circ.Want{
			circ.In(circ.ByBarcode, "31234000567890", 2), circ.In(circ.ByISBN, "9783423118217", 2), circ.In(circ.ItemsOf, "t", 2),
			circ.In(circ.CardsOf, "p", 2), circ.In(circ.LoansOf, "p", 2), circ.In(circ.ByName, "m", 2), circ.In(circ.ByName, "mul", 2),
			circ.In(circ.ByName, "muller anne", 2), circ.In(circ.ByPhone, "0301", 2), circ.In(circ.ByTitle, "die blechtrommel", 2),
		} {
			got, err := tx.Read(t.Context(), []circ.Want{w})
			if err != nil || len(got[0]) != 1 {
				t.Errorf("%s %q: %d records, error %v", w.Index, w.ID, len(got[0]), err)
			}
		}
		return nil
	}); err != nil {
		t.Error(err)
	}
}

func TestASealedFileIsOpenedByItsKeyAlone(t *testing.T) {
	j, _ := fillFiles(t, t.TempDir(), locked())
	other := bytes.Repeat([]byte{8}, bolt.KeySize)
	for _, row := range []struct {
		name string
		opts []bolt.Option
		want error
	}{
		{"no key", nil, bolt.ErrSealed},
		{"another desk's key", []bolt.Option{bolt.Sealed(bolt.Lock{Key: other})}, bolt.ErrOtherKey},
		{"a recovery key, of a desk that has met no server", []bolt.Option{bolt.Sealed(bolt.Lock{Recovery: recovery(t)})}, bolt.ErrSealed},
	} {
		s, err := bolt.OpenJournal(j, row.opts...)
		if !errors.Is(err, row.want) {
			t.Errorf("%s: %v", row.name, err)
		}
		if err == nil {
			closed(t, s)
		}
	}
	if err := bolt.Check(t.Context(), j, bolt.Sealed(bolt.Lock{Key: other})); !errors.Is(err, bolt.ErrOtherKey) {
		t.Errorf("a check with another key: %v", err)
	}
	if err := bolt.Check(t.Context(), j); err != nil {
		t.Errorf("a check without a key: %v", err)
	}
	info, err := bolt.Look(j)
	if err != nil || !info.Sealed || info.Held != "a test" || !info.Entries || len(info.ID) != 32 {
		t.Errorf("%+v %v", info, err)
	}
}

func recovery(t testing.TB) *secret.Recovery {
	t.Helper()
	text, err := secret.NewRecovery(then)
	if err != nil {
		t.Fatal(err)
	}
	r, err := secret.ReadRecovery(text)
	if err != nil {
		t.Fatal(err)
	}
	return &r
}

func TestTheServersRecoveryKeyOpensAJournal(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	j, err := bolt.OpenJournal(path, bolt.NoSync(), locked())
	if err != nil {
		t.Fatal(err)
	}
	first, next := recovery(t), recovery(t)
	last := journal.Mark{Desk: "d", Epoch: 1}
	add := func() {
		e, err := entryAfter(last)
		if err == nil {
			last.Seq, last.Hash = e.Seq, e.Hash()
			err = j.Update(t.Context(), func(tx journal.JournalTx) error {
				_, err := tx.Add(t.Context(), e)
				return err
			})
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	meets := func(r *secret.Recovery, want bool) {
		t.Helper()
		if other, err := j.RecoverableBy(t.Context(), r.Public()); err != nil || other != want {
			t.Errorf("another key took its place: %v, want %v; error %v", other, want, err)
		}
	}
	add()
	meets(first, false)
	meets(first, false)
	add()
	meets(next, true)
	meets(next, false)
	add()
	closed(t, j)
	if info, err := bolt.Look(path); err != nil || !slices.Equal(info.Recoveries, []string{next.Public()}) {
		t.Errorf("%+v %v", info, err)
	}
	for _, row := range []struct {
		name string
		lock bolt.Lock
		want error
	}{
		{"the newest", bolt.Lock{Recovery: next}, nil},
		{"the desk's own", bolt.Lock{Key: deskKey}, nil},
		{"the one before, which is to open nothing new", bolt.Lock{Recovery: first}, bolt.ErrOtherKey},
		{"another server's", bolt.Lock{Recovery: recovery(t)}, bolt.ErrOtherKey},
	} {
		s, err := bolt.OpenJournal(path, bolt.Sealed(row.lock))
		if !errors.Is(err, row.want) {
			t.Errorf("%s: %v", row.name, err)
		}
		if err != nil {
			continue
		}
		if r, err := s.Verify(t.Context(), nil); err != nil || r.Entries != 3 || len(r.Problems) > 0 {
			t.Errorf("%s: %+v %v", row.name, r, err)
		}
		closed(t, s)
	}
	b := read(t, path)
	if bytes.Contains(b, deskKey) {
		t.Error("the desk's key stands in the file")
	}
}

// TestDamageInASealedFileIsFound flips a bit of each value, in the file.
func TestDamageInASealedFileIsFound(t *testing.T) {
	dir := t.TempDir()
	j, c := fillFiles(t, dir, locked())
	for _, row := range []struct {
		path    string
		buckets []string
	}{{j, []string{"entries", "heads", "receipts", "notes", "settled"}}, {c, []string{"rows", "notes"}}} {
		for _, name := range row.buckets {
			was := read(t, row.path)
			change(t, row.path, func(b *bbolt.Tx) error {
				bucket := b.Bucket([]byte(name))
				k, v := bucket.Cursor().First()
				bad := bytes.Clone(v)
				bad[len(bad)/2] ^= 4
				return bucket.Put(bytes.Clone(k), bad)
			})
			if err := readAll(t, row.path); err == nil {
				t.Errorf("a flipped bit in %s of %s is not found", name, filepath.Base(row.path))
			} else if damaged := (*bolt.DamagedError)(nil); !errors.As(err, &damaged) {
				t.Errorf("%s of %s: %v", name, filepath.Base(row.path), err)
			}
			write(t, row.path, was)
		}
	}
}

// readAll reads all that fill wrote, and gives the first error.
func readAll(t testing.TB, path string) error {
	if strings.HasPrefix(filepath.Base(path), "journal") {
		j, err := bolt.OpenJournal(path, locked())
		if err != nil {
			return err
		}
		defer closed(t, j)
		return j.View(t.Context(), func(tx journal.JournalTx) error {
			_, err := tx.Head(t.Context(), "main-1")
			_, err2 := tx.Entries(t.Context(), journal.Mark{Desk: "main-1", Epoch: 1}, 10)
			_, _, err3 := tx.Receipt(t.Context(), "e1")
			_, err4 := tx.Note(t.Context(), "greeting")
			_, err5 := tx.Unsettled(t.Context(), "main-1", 10)
			return errors.Join(err, err2, err3, err4, err5)
		})
	}
	c, err := bolt.OpenCache(path, locked())
	if err != nil {
		return err
	}
	defer closed(t, c)
	return c.View(t.Context(), func(tx journal.CacheTx) error {
		_, err := tx.Note(t.Context(), "greeting")
		for _, r := range shelf() {
			_, err2 := tx.Read(t.Context(), []circ.Want{{Key: r.Key(), N: 1}})
			err = errors.Join(err, err2)
		}
		return err
	})
}

func TestAnOldFileIsSealed(t *testing.T) {
	for _, v := range []string{"v1", "v3", "now"} {
		t.Run(v, func(t *testing.T) {
			dir := t.TempDir()
			j, c := filepath.Join(dir, "journal.db"), filepath.Join(dir, "cache.db")
			if v == "now" {
				fillFiles(t, dir)
			} else {
				for _, path := range []string{j, c} {
					write(t, path, read(t, filepath.Join("testdata", v, filepath.Base(path))))
				}
			}
			id := func() string {
				info, err := bolt.Look(j)
				if err != nil {
					t.Fatal(err)
				}
				return info.ID
			}
			was := id()
			lock := bolt.Lock{Key: deskKey, Held: "a test"}
			write(t, j+".sealing", []byte("of one that was stopped")) // what a killed start leaves
			var done int
			for range 2 { // the second time there is nothing to do
				for _, path := range []string{j, c} {
					if err := bolt.SealFile(t.Context(), path, lock, func(n int) { done += n }, bolt.NoSync()); err != nil {
						t.Fatal(err)
					}
				}
			}
			if done != 5+len(shelf()) {
				t.Errorf("%d entries and records were told", done)
			}
			for _, path := range []string{j, c} {
				if all := shows(t, path); len(all) > 0 {
					t.Errorf("%s shows %q", path, all)
				}
			}
			if now := id(); now != was {
				t.Errorf("it was %s and is %s", was, now)
			}
			readSealed(t, j, c)
			if left, _ := filepath.Glob(filepath.Join(dir, "*.sealing")); len(left) > 0 {
				t.Errorf("left: %v", left)
			}
		})
	}
}

func TestAFileThatIsNotWholeDoesNotTakeTheOthersPlace(t *testing.T) {
	dir := t.TempDir()
	j, _ := fillFiles(t, dir)
	change(t, j, func(b *bbolt.Tx) error {
		return b.Bucket([]byte("entries")).ForEach(func(k, v []byte) error {
			bad := bytes.Clone(v)
			bad[len(bad)-1] ^= 1
			return b.Bucket([]byte("entries")).Put(bytes.Clone(k), bad)
		})
	})
	was := read(t, j)
	err := bolt.SealFile(t.Context(), j, bolt.Lock{Key: deskKey}, nil, bolt.NoSync())
	if damaged := (*bolt.DamagedError)(nil); !errors.As(err, &damaged) {
		t.Errorf("a damaged journal is sealed: %v", err)
	}
	if !bytes.Equal(read(t, j), was) {
		t.Error("it was changed")
	}
}

// TestALoadOfASealedCacheLeavesNothingBeside fills a cache with more than fits in
// memory, and looks at the files beside it.
func TestALoadOfASealedCacheLeavesNothingBeside(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "cache.db")
	c, err := bolt.OpenCache(path, bolt.NoSync(), locked())
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, c)
	beside := 0
	rows := func(yield func(circ.Row, error) bool) {
		for i := range 30_000 {
			p := patron(i)
			p.Card, p.Email, p.Street = largeCard(i), "adelheid@example.org", strings.Repeat("Adelheid ", 40)
			if !yield(p, nil) {
				return
			}
		}
		runs, _ := filepath.Glob(path + ".load-*")
		for _, r := range runs {
			beside++
			if all := shows(t, r); len(all) > 0 {
				t.Errorf("%s shows %q", r, all)
			}
		}
	}
	if err := c.Load(t.Context(), rows, nil); err != nil {
		t.Fatal(err)
	}
	if beside == 0 {
		t.Fatal("all fitted in memory")
	}
	begun := time.Now()
	if err := c.View(t.Context(), func(tx journal.CacheTx) error {
		got, err := tx.Read(t.Context(), []circ.Want{circ.In(circ.ByEmail, "adel", 50), {Key: circ.Key{Kind: circ.KindPatron, ID: string(patron(17).ID)}, N: 1}})
		if err == nil && (len(got[0]) != 50 || len(got[1]) != 1) {
			t.Errorf("%d and %d records", len(got[0]), len(got[1]))
		}
		return err
	}); err != nil {
		t.Error(err)
	}
	t.Logf("50 of 30,000 that begin alike: %v", time.Since(begun))
}

func TestAChildThatDoesNotCheckStartsNoOthers(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	journalOf(t, path, 1)
	t.Setenv("CIRCDESK_CHECK_STORE", path) // as in a program whose main does not call RunCheckChild
	if err := bolt.Check(t.Context(), path); err == nil || !strings.Contains(err.Error(), "RunCheckChild") {
		t.Errorf("%v", err)
	}
}
