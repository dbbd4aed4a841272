package bolt_test

import (
	"encoding/binary"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

var update = flag.Bool("update", false, "make the files of this version, where there are none yet")

// thisVersion is the version that the package writes. The files of each version
// stay in testdata for ever: whoever raises it makes new ones, and leaves the old.
const thisVersion = 4

var then = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

// story gives the entries in a file of testdata: a fact, a question that stood,
// one that was withdrawn.
func story(t testing.TB) (entries []journal.Entry) {
	t.Helper()
	lend := circ.CheckOut{Card: "21234000012345", Barcode: "31234000567890"}
	m := journal.Mark{Epoch: 1}
	for i, e := range []journal.Entry{
		{Mode: journal.Fact, Act: circ.Act{Command: lend, Why: "she forgot her card"}, Told: []circ.Event{circ.CheckedOut{Loan: "l", Item: "i", Patron: "p", At: then, Due: then.AddDate(0, 0, 14)}}},
		{Mode: journal.Asked, Act: circ.Act{Command: lend}},
		{Mode: journal.Stood, Of: "e2", Act: circ.Act{Command: lend}},
		{Mode: journal.Asked, Act: circ.Act{Command: circ.CheckIn{Barcode: "31234000567890"}}},
		{Mode: journal.Withdrawn, Of: "e4", Act: circ.Act{Command: circ.CheckIn{Barcode: "31234000567890"}}},
	} {
		e.Act.ID, e.Act.Desk, e.Act.Operator, e.Act.At = circ.EntryID(fmt.Sprint("e", i+1)), "main-1", "ada", then
		e.Epoch, e.Seq, e.Prev = 1, m.Seq+1, m.Hash
		e, err := e.Finish()
		if err != nil {
			t.Fatal(err)
		}
		m.Seq, m.Hash = e.Seq, e.Hash()
		entries = append(entries, e)
	}
	return entries
}

// longName is too long for a key.
var longName = strings.Repeat("Adelheid ", 300)

// shelf is the records in a file of testdata.
func shelf() []circ.Row {
	return []circ.Row{
		circ.Patron{ID: "p", Card: "21234000012345", Family: "Müller", Given: "Änne", Phone: "030 1234"},
		circ.Patron{ID: "q", Family: longName},
		circ.Card{Number: "21234000012345", Patron: "p", State: circ.CardValid},
		circ.Title{ID: "t", Title: "Die Blechtrommel", ISBNs: []string{"9783423118217"}},
		circ.Item{ID: "i", Barcode: "31234000567890", Title: "t", Loan: "l", Seen: circ.Sighting{At: then, Desk: "main-1"}},
		circ.Loan{ID: "l", Item: "i", Patron: "p", Out: then, Due: then.AddDate(0, 0, 14)},
		circ.Mark{Desk: "main-1", Epoch: 1, Seq: 5, Hash: "ab"},
		journal.UnknownRow{Of: circ.Key{Kind: "robot", ID: "r"}, Raw: []byte(`{"id":"r","arms":2}`)},
	}
}

// ledgerOf writes the entries, all but the last settled, and a note.
func ledgerOf(t testing.TB, tx journal.JournalTx) error {
	for _, e := range story(t) {
		if _, err := tx.Add(t.Context(), e); err != nil {
			return err
		}
		if e.Seq == 5 {
			break
		}
		if err := tx.Settle(t.Context(), journal.Receipt{Entry: e.Act.ID, Desk: "main-1", Epoch: 1, Seq: e.Seq, Verdict: journal.Applied, Events: e.Told}); err != nil {
			return err
		}
	}
	return tx.SetNote(t.Context(), "greeting", []byte("hello"))
}

// makeFiles makes the files of this version.
func makeFiles(t *testing.T, dir string) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	j, err := bolt.OpenJournal(filepath.Join(dir, "journal.db"), bolt.NoSync())
	if err == nil {
		err = j.Update(t.Context(), func(tx journal.JournalTx) error { return ledgerOf(t, tx) })
	}
	if err != nil {
		t.Fatal(err)
	}
	closed(t, j)
	c, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), bolt.NoSync())
	if err == nil {
		err = c.Update(t.Context(), func(tx journal.CacheTx) error { return tx.Put(t.Context(), shelf()) })
	}
	if err != nil {
		t.Fatal(err)
	}
	closed(t, c)
	h, err := bolt.OpenHub(filepath.Join(dir, "hub.db"), bolt.NoSync())
	if err == nil {
		err = h.Update(t.Context(), func(tx journal.HubTx) error {
			if err := tx.Put(t.Context(), shelf()); err != nil {
				return err
			}
			return ledgerOf(t, tx)
		})
	}
	if err != nil {
		t.Fatal(err)
	}
	closed(t, h)
}

func TestFilesOfEveryVersionAreRead(t *testing.T) {
	if dir := filepath.Join("testdata", fmt.Sprint("v", thisVersion)); *update {
		if _, err := os.Stat(dir); err != nil {
			makeFiles(t, dir)
		}
	}
	path := filepath.Join(t.TempDir(), "journal.db")
	journalOf(t, path, 1)
	change(t, path, func(b *bbolt.Tx) error {
		if v := b.Bucket([]byte("meta")).Get([]byte("version")); binary.BigEndian.Uint32(v) != thisVersion {
			t.Errorf("a new file has the version %d", v)
		}
		return nil
	})
	for v := 1; v <= thisVersion; v++ {
		t.Run(fmt.Sprint("v", v), func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range []string{"journal.db", "cache.db", "hub.db"} {
				path := filepath.Join(dir, name)
				write(t, path, read(t, filepath.Join("testdata", fmt.Sprint("v", v), name)))
				if err := bolt.Check(t.Context(), path); err != nil {
					t.Error(err)
				}
			}
			readJournal(t, filepath.Join(dir, "journal.db"))
			readCache(t, filepath.Join(dir, "cache.db"))
			readHub(t, filepath.Join(dir, "hub.db"))
		})
	}
}

func readJournal(t *testing.T, path string) {
	j, err := bolt.OpenJournal(path)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, j)
	if err := j.View(t.Context(), func(tx journal.JournalTx) error { return readLedger(t, tx) }); err != nil {
		t.Error(err)
	}
	r, err := j.Verify(t.Context(), nil)
	if err != nil || len(r.Problems) != 0 || r.Entries != 5 || r.Receipts != 4 {
		t.Errorf("%+v %v", r, err)
	}
	next, err := entryAfter(journal.Mark{Desk: "d", Epoch: 1})
	if err == nil {
		err = j.Update(t.Context(), func(tx journal.JournalTx) error {
			_, err := tx.Add(t.Context(), next)
			return err
		})
	}
	if err != nil {
		t.Errorf("it goes on: %v", err)
	}
}

// readLedger checks that what was written by ledgerOf is there.
func readLedger(t *testing.T, tx journal.JournalTx) error {
	got, err := tx.Entries(t.Context(), journal.Mark{Desk: "main-1", Epoch: 1}, 10)
	if err != nil {
		return err
	}
	want := story(t)
	if len(got) != len(want) {
		t.Fatalf("%d entries", len(got))
	}
	for i, w := range want { // sealed under keys of their own, so their hashes differ
		if g := got[i]; !reflect.DeepEqual(g.Act, w.Act) || g.Mode != w.Mode || g.Of != w.Of || g.Seq != w.Seq || !reflect.DeepEqual(g.Told, w.Told) {
			t.Errorf("entry %d is %+v, want %+v", i+1, g, w)
		}
	}
	for id, want := range map[circ.EntryID]circ.EntryID{"e2": "e3", "e4": "e5", "e1": ""} {
		if later, _, err := tx.Later(t.Context(), "main-1", id); err != nil || later.Act.ID != want {
			t.Errorf("after %s came %q, want %q (%v)", id, later.Act.ID, want, err)
		}
	}
	r, ok, err := tx.Receipt(t.Context(), "e1")
	if err != nil || !ok || r.Verdict != journal.Applied || !reflect.DeepEqual(r.Events, want[0].Told) {
		t.Errorf("receipt %+v %v %v", r, ok, err)
	}
	open, err := tx.Unsettled(t.Context(), "main-1", 10)
	if err != nil || len(open) != 1 || open[0].Act.ID != "e5" {
		t.Errorf("unsettled: %v %v", open, err)
	}
	if v, err := tx.Note(t.Context(), "greeting"); string(v) != "hello" || err != nil {
		t.Errorf("note %q %v", v, err)
	}
	return nil
}

// readBook checks that the shelf is there.
func readBook(t *testing.T, tx journal.Reader) error {
	var wants []circ.Want
	for _, r := range shelf() {
		wants = append(wants, circ.ByKey(r.Key().Kind, r.Key().ID))
	}
	n := len(wants)
	wants = append(wants, circ.In(circ.DueOf, "", 5))
	wants = append(wants, circ.In(circ.ByName, "muller", 5), circ.In(circ.ByName, "adelheid", 5), circ.In(circ.ByBarcode, "31234000567890", 5), circ.In(circ.LoansOf, "p", 5), circ.In(circ.ByISBN, "9783423118217", 5))
	got, err := tx.Read(t.Context(), wants)
	if err != nil {
		return err
	}
	for i, want := range shelf() {
		if len(got[i]) != 1 || !reflect.DeepEqual(got[i][0], want) {
			t.Errorf("%v is %v, want %v", want.Key(), got[i], want)
		}
	}
	for i, id := range []string{"l", "p", "q", "i", "l", "t"} {
		if rows := got[n+i]; len(rows) != 1 || rows[0].Key().ID != id {
			t.Errorf("in %s: found %v, want %s", wants[n+i].Index, rows, id)
		}
	}
	return nil
}

func readCache(t *testing.T, path string) {
	c, err := bolt.OpenCache(path)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, c)
	if err := c.View(t.Context(), func(tx journal.CacheTx) error { return readBook(t, tx) }); err != nil {
		t.Error(err)
	}
}

func readHub(t *testing.T, path string) {
	h, err := bolt.OpenHub(path)
	if err != nil {
		t.Fatal(err)
	}
	defer closed(t, h)
	if err := h.View(t.Context(), func(tx journal.HubTx) error {
		if err := readBook(t, tx); err != nil {
			return err
		}
		rows, _, complete, err := tx.Since(t.Context(), "", 100)
		if err != nil || !complete || len(rows) != len(shelf()) {
			t.Errorf("the feed gave %d, complete: %v, %v", len(rows), complete, err)
		}
		return readLedger(t, tx)
	}); err != nil {
		t.Error(err)
	}
}

// TestAnOlderFileGetsAllLinesWhenItIsOpened: every line that its records have now.
func TestAnOlderFileGetsAllLinesWhenItIsOpened(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	rows := append(shelf(),
		circ.Item{ID: "wet", Home: "main", Mark: circ.ItemMark{State: circ.ItemDamaged, At: then}},
		circ.Loan{ID: "claimed", Item: "j", Patron: "p", Library: "main", Out: then, Due: then, Marked: circ.Marked{State: circ.LoanClaimed, At: then}},
		circ.InHouse{ID: "u", Item: "i", Library: "main", At: then},
		circ.Payment{ID: "m", Patron: "p", Shift: "drawer/1", Receipt: "r-1", At: then},
	)
	c, err := bolt.OpenCache(path, bolt.NoSync())
	if err == nil {
		err = c.Update(t.Context(), func(tx journal.CacheTx) error { return tx.Put(t.Context(), rows) })
	}
	if err != nil {
		t.Fatal(err)
	}
	closed(t, c)
	change(t, path, func(b *bbolt.Tx) error {
		if err := b.DeleteBucket([]byte("index")); err != nil {
			return err
		}
		if _, err := b.CreateBucket([]byte("index")); err != nil {
			return err
		}
		return b.Bucket([]byte("meta")).Put([]byte("version"), binary.BigEndian.AppendUint32(nil, 1))
	})
	if c, err = bolt.OpenCache(path, bolt.NoSync()); err != nil {
		t.Fatal(err)
	}
	defer closed(t, c)
	err = c.View(t.Context(), func(tx journal.CacheTx) error {
		for _, r := range rows {
			for _, l := range r.Index() {
				found, err := tx.Read(t.Context(), []circ.Want{circ.In(l.Index, l.Of, 50)})
				if err != nil {
					return err
				}
				is := false
				for _, f := range found[0] {
					is = is || f.Key() == r.Key()
				}
				if !is {
					t.Errorf("%v has no line in %s of %q", r.Key(), l.Index, l.Of)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestAnEarlierVersionsUndosAreFound: in a file in which undos were not looked for
// yet, they are found when it has been opened.
func TestAnEarlierVersionsUndosAreFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "journal.db")
	open := func(fn func(journal.JournalTx) error) {
		t.Helper()
		j, err := bolt.OpenJournal(path, bolt.NoSync())
		if err != nil {
			t.Fatal(err)
		}
		defer closed(t, j)
		if err := j.Update(t.Context(), fn); err != nil {
			t.Fatal(err)
		}
	}
	open(func(tx journal.JournalTx) error {
		e := journal.Entry{Mode: journal.Fact, Epoch: 1, Seq: 1, Act: circ.Act{ID: "e1", Desk: "main-1", Operator: "ada", At: then, Command: circ.Undo{Entry: "e0"}}}
		e, err := e.Finish()
		if err == nil {
			_, err = tx.Add(t.Context(), e)
		}
		return err
	})
	change(t, path, func(b *bbolt.Tx) error {
		if err := b.DeleteBucket([]byte("later")); err != nil {
			return err
		}
		if _, err := b.CreateBucket([]byte("later")); err != nil {
			return err
		}
		return b.Bucket([]byte("meta")).Put([]byte("version"), binary.BigEndian.AppendUint32(nil, 2))
	})
	open(func(tx journal.JournalTx) error {
		undos, err := tx.Undos(t.Context(), "e0")
		if err == nil && (len(undos) != 1 || undos[0].Act.ID != "e1") {
			t.Errorf("it is undone by %+v", undos)
		}
		return err
	})
}
