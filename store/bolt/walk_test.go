package bolt_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// A snapshot is read in pieces: all records, each once, in the order of their
// keys, and the feed goes on from there.
func TestWalk(t *testing.T) {
	ctx := t.Context()
	s := openHub(t)
	put := func(rows ...circ.Row) {
		t.Helper()
		if err := s.Update(ctx, func(tx journal.HubTx) error { return tx.Put(ctx, rows) }); err != nil {
			t.Fatal(err)
		}
	}
	view := func(fn func(hubserver.Walker, journal.HubTx) error) {
		t.Helper()
		if err := s.View(ctx, func(tx journal.HubTx) error { return fn(tx.(hubserver.Walker), tx) }); err != nil {
			t.Fatal(err)
		}
	}
	walk := func(n int) (keys []circ.Key) {
		t.Helper()
		for after := (circ.Key{}); ; after = keys[len(keys)-1] {
			var rows []circ.Row
			view(func(w hubserver.Walker, _ journal.HubTx) (err error) {
				rows, err = w.Walk(ctx, after, n)
				return err
			})
			if len(rows) > n {
				t.Fatalf("%d records, not %d", len(rows), n)
			}
			if len(rows) == 0 {
				return keys
			}
			for _, r := range rows {
				keys = append(keys, r.Key())
			}
		}
	}
	if keys := walk(3); len(keys) != 0 {
		t.Errorf("an empty store has %v", keys)
	}
	var want []circ.Key
	var long []circ.Row
	for i := range 10 {
		rows := []circ.Row{patron(i), circ.Title{ID: circ.TitleID(fmt.Sprint("t", i)), Title: "x"}, circ.Item{ID: circ.ItemID(fmt.Sprint("i\x00", i))}}
		long = append(long, circ.Item{ID: circ.ItemID(strings.Repeat("j", 3000) + fmt.Sprint(i))})
		put(rows...)
		for _, r := range rows {
			want = append(want, r.Key())
		}
	}
	slices.SortFunc(want, func(a, b circ.Key) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.ID, b.ID)) })
	for _, n := range []int{1, 3, 29, 30, 1000} {
		if keys := walk(n); !slices.Equal(keys, want) {
			t.Errorf("in pieces of %d: %v, not %v", n, keys, want)
		}
	}
	put(long...)
	if keys := walk(4); len(keys) != 40 || len(slices.CompactFunc(keys, func(a, b circ.Key) bool { return a == b })) != 40 {
		t.Errorf("with long ids: %d records", len(keys))
	}
	var cursor string
	view(func(w hubserver.Walker, tx journal.HubTx) (err error) {
		if cursor, err = w.Newest(ctx); err != nil {
			return err
		}
		rows, _, complete, err := tx.Since(ctx, cursor, 100)
		if len(rows) != 0 || !complete {
			t.Errorf("after the end of the feed come %d records", len(rows))
		}
		return err
	})
	put(patron(3))
	view(func(_ hubserver.Walker, tx journal.HubTx) error {
		rows, _, complete, err := tx.Since(ctx, cursor, 100)
		if len(rows) != 1 || !complete {
			t.Errorf("what came since: %d records", len(rows))
		}
		return err
	})
}
