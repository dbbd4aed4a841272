package bolt_test

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// damages are what becomes of a page: row 7 and 8 of the faults.
var damages = []func(r *rand.Rand, b []byte, at int){
	func(_ *rand.Rand, b []byte, at int) { clear(b[at : at+page]) },
	func(r *rand.Rand, b []byte, at int) { b[at+r.IntN(page)] ^= 1 << r.IntN(8) },
	func(r *rand.Rand, b []byte, at int) { b[at+r.IntN(16)] ^= 1 << r.IntN(8) }, // its head
	func(r *rand.Rand, b []byte, at int) {
		for i := range page {
			b[at+i] = byte(r.Uint32())
		}
	},
	func(r *rand.Rand, b []byte, at int) { copy(b[at:at+page], b[r.IntN(len(b)/page)*page:]) }, // another's
}

// cacheRows is how many records the cache has whose pages are damaged.
const cacheRows = 60

// Whatever becomes of a page of a copy, who reads it without having checked it
// reads what was put, or is told that it is damaged, and lives on.
func TestADamagedPageOfACacheIsToldAndEndsNobody(t *testing.T) {
	path := filepath.Join(t.TempDir(), "cache.db")
	c, err := bolt.OpenCache(path, bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	var want [][]circ.Row
	var wants []circ.Want
	if err := c.Update(t.Context(), func(tx journal.CacheTx) error {
		var rows []circ.Row
		for i := range cacheRows {
			rows = append(rows, patron(i))
			wants = append(wants, circ.ByKey(circ.KindPatron, string(patron(i).ID)))
		}
		return tx.Put(t.Context(), rows)
	}); err != nil {
		t.Fatal(err)
	}
	wants = append(wants, circ.In(circ.ByName, "family", cacheRows))
	all := func(c *bolt.Cache) (rows [][]circ.Row, err error) {
		err = c.View(context.Background(), func(tx journal.CacheTx) error {
			rows, err = tx.Read(context.Background(), wants)
			return err
		})
		return rows, err
	}
	if want, err = all(c); err != nil || len(want[cacheRows]) != cacheRows {
		t.Fatalf("%d are found: %v", len(want[cacheRows]), err)
	}
	closed(t, c)
	whole := read(t, path)
	whole = whole[:min(len(whole), 64*page)]
	told, wrong := 0, 0
	r := rand.New(rand.NewPCG(7, 7))
	for n := range rounds(60, 1000) {
		b := bytes.Clone(whole)
		damages[n%len(damages)](r, b, r.IntN(len(b)/page)*page)
		write(t, path, b)
		c, err := bolt.OpenCache(path, bolt.NoSync(), bolt.Unchecked())
		var got [][]circ.Row
		if err == nil {
			got, err = all(c)
			_ = c.Close()
		}
		_, damaged := errors.AsType[*bolt.DamagedError](err)
		switch {
		case damaged:
			told++
		case err != nil:
			t.Errorf("damage %d: it says %v", n, err)
		case err == nil && !reflect.DeepEqual(got, want):
			wrong++ // a line of an index, or a page of another time: a check finds it
			if !subset(got, want) {
				t.Fatalf("damage %d: it reads what nobody wrote", n)
			}
		}
	}
	if told == 0 {
		t.Error("no damage was told: the test spoils nothing")
	}
	t.Logf("%d were told, %d hid something", told, wrong)
}

// subset reports whether all rows of one are of the other.
func subset(got, want [][]circ.Row) bool {
	for i, rows := range got {
		for _, r := range rows {
			if !slices.ContainsFunc(want[i], func(w circ.Row) bool { return reflect.DeepEqual(r, w) }) {
				return false
			}
		}
	}
	return true
}

// A journal whose newest first page is damaged opens one transaction back: what
// was written last is missing, and it is told.
func TestWhatWasWrittenLastIsMissedWhenAFirstPageIsDamaged(t *testing.T) {
	good := filepath.Join(t.TempDir(), "journal.db")
	journalOf(t, good, 40)
	whole := read(t, good)
	lost := 0
	for i := range 2 {
		for _, at := range []int{17, 40, 60, 71} {
			path := filepath.Join(t.TempDir(), "journal.db")
			b := bytes.Clone(whole)
			b[i*page+at] ^= 4
			write(t, path, b)
			report, err := bolt.Verify(t.Context(), path)
			if err != nil || len(report.Problems) != 1 || !strings.Contains(report.Problems[0].String(), "what was written last may be missing") {
				t.Errorf("page %d, byte %d: verify finds %v, %v", i, at, report.Problems, err)
			}
			if report.Entries < 40 {
				lost++
			}
			j, err := bolt.OpenJournal(path, bolt.NoSync())
			if err != nil {
				t.Fatalf("page %d, byte %d: %v", i, at, err)
			}
			if !j.Behind() {
				t.Errorf("page %d, byte %d: nothing is told, and %d of 40 entries are there", i, at, report.Entries)
			}
			closed(t, j)
		}
	}
	if lost == 0 {
		t.Error("nothing is lost: the test spoils nothing")
	}
	j, err := bolt.OpenJournal(good, bolt.NoSync())
	if err != nil || j.Behind() {
		t.Fatalf("a good journal: %v", err)
	}
	closed(t, j)
}
