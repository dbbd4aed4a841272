package storetest

import (
	"reflect"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// bookFeed is a transaction that puts records and reads them from the feed.
type bookFeed interface {
	journal.Book
	journal.Feed
}

// RunFeed tests the feed.
func RunFeed[T bookFeed](t *testing.T, open Open[T]) {
	s := open(t)
	t.Run("who follows the feed has what the book has", func(t *testing.T) {
		rapid.Check(t, func(t *rapid.T) { feedHistory(t, s) })
	})
	t.Run("a transaction is given whole", func(t *testing.T) { whole(t, s) })
	t.Run("a giant transaction is given in parts", func(t *testing.T) { inParts(t, s) })
	t.Run("a cursor of somebody else is an error", func(t *testing.T) { strangeCursors(t, s) })
	t.Run("nothing comes from a transaction that failed", func(t *testing.T) { failedIsNotFed(t, s) })
}

// follow reads the feed from a cursor to its end.
func follow[T bookFeed](t fataler, s journal.Store[T], cursor string, n int) (pages [][]circ.Row, end string) {
	t.Helper()
	for {
		var rows []circ.Row
		var complete bool
		view(t, s, func(tx T) (err error) {
			rows, end, complete, err = tx.Since(background, cursor, n)
			return err
		})
		if !complete && len(rows) == 0 {
			t.Fatalf("a page without rows is not the end")
		}
		if end == "" || !complete && end == cursor {
			t.Fatalf("the cursor does not move: %q", end)
		}
		pages, cursor = append(pages, rows), end
		if complete {
			return pages, end
		}
	}
}

// feedHistory: a reader that pulls now and then, in pages of any size, while
// records change, ends with the state of the book, and sees no state twice.
func feedHistory[T bookFeed](t *rapid.T, s journal.Store[T]) {
	begin := unique()
	_, cursor := follow(t, s, "", 1000)
	model, copied := map[circ.Key]circ.Row{}, map[circ.Key]circ.Row{}
	version := 0
	for range rapid.IntRange(1, 8).Draw(t, "steps") {
		if rapid.Bool().Draw(t, "pull") {
			var rows []circ.Row
			view(t, s, func(tx T) (err error) {
				rows, cursor, _, err = tx.Since(background, cursor, rapid.IntRange(0, 5).Draw(t, "n"))
				return err
			})
			take(t, copied, rows)
			continue
		}
		var rows []circ.Row
		for range rapid.IntRange(0, 5).Draw(t, "rows") {
			version++
			id := begin + rapid.SampledFrom(texts[:6]).Draw(t, "id")
			rows = append(rows, circ.Patron{ID: circ.PatronID(id), Note: strconv.Itoa(version)})
		}
		update(t, s, func(tx T) error { return tx.Put(background, rows) })
		for _, r := range rows {
			model[r.Key()] = r
		}
	}
	pages, end := follow(t, s, cursor, rapid.IntRange(1, 5).Draw(t, "last n"))
	for _, rows := range pages {
		take(t, copied, rows)
	}
	if !reflect.DeepEqual(copied, model) {
		t.Errorf("the copy is %v, the book %v", copied, model)
	}
	if again, _ := follow(t, s, end, 3); len(again) != 1 || len(again[0]) != 0 {
		t.Errorf("after the end comes %v", again)
	}
}

// take copies rows; a state must be newer than the one it replaces.
func take(t fataler, into map[circ.Key]circ.Row, rows []circ.Row) {
	t.Helper()
	for _, r := range rows {
		if reflect.DeepEqual(into[r.Key()], r) {
			t.Errorf("%v came twice", r)
		}
		into[r.Key()] = r
	}
}

func patrons(begin string, n int) []circ.Row {
	rows := make([]circ.Row, n)
	for i := range rows {
		rows[i] = circ.Patron{ID: circ.PatronID(begin + strconv.Itoa(i)), Family: "x"}
	}
	return rows
}

func whole[T bookFeed](t *testing.T, s journal.Store[T]) {
	_, cursor := follow(t, s, "", 1000)
	for range 3 {
		update(t, s, func(tx T) error { return tx.Put(background, patrons(unique(), 10)) })
	}
	pages, _ := follow(t, s, cursor, 1)
	if len(pages) < 3 || len(pages[0]) != 10 || len(pages[1]) != 10 || len(pages[2]) != 10 {
		t.Errorf("three transactions of ten came as %d pages, the first of %d", len(pages), len(pages[0]))
	}
	pages, _ = follow(t, s, cursor, 20)
	if len(pages[0]) != 20 {
		t.Errorf("a page of 20 has %d", len(pages[0]))
	}
}

func inParts[T bookFeed](t *testing.T, s journal.Store[T]) {
	const n = 9000
	_, cursor := follow(t, s, "", 1000)
	update(t, s, func(tx T) error { return tx.Put(background, patrons(unique(), n)) })
	pages, _ := follow(t, s, cursor, 100)
	seen := map[circ.Key]bool{}
	for _, rows := range pages {
		if len(rows) > n/2 {
			t.Errorf("a page has %d rows", len(rows))
		}
		for _, r := range rows {
			seen[r.Key()] = true
		}
	}
	if len(seen) != n {
		t.Errorf("%d of %d came", len(seen), n)
	}
}

func strangeCursors[T bookFeed](t *testing.T, s journal.Store[T]) {
	update(t, s, func(tx T) error { return tx.Put(background, patrons(unique(), 1)) })
	_, end := follow(t, s, "", 1000)
	for _, c := range []string{"0", "x", end + "x", end[1:], end[:len(end)-1], "\x00", "AAAA", flip(end, 0), flip(end, len(end)/4)} {
		if err := s.View(background, func(tx T) error {
			_, _, _, err := tx.Since(background, c, 1)
			return err
		}); err == nil {
			t.Errorf("cursor %q was taken", c)
		}
	}
}

// flip changes one character of a cursor.
func flip(s string, i int) string {
	b := []byte(s)
	if b[i] = 'A'; s[i] == 'A' {
		b[i] = 'B'
	}
	return string(b)
}

func failedIsNotFed[T bookFeed](t *testing.T, s journal.Store[T]) {
	_, cursor := follow(t, s, "", 1000)
	_ = s.Update(background, func(tx T) error {
		_ = tx.Put(background, patrons(unique(), 3))
		return errSorry
	})
	if pages, _ := follow(t, s, cursor, 10); len(pages[0]) != 0 {
		t.Errorf("it gave %v", pages)
	}
}
