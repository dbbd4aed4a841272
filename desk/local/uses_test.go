package local_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// TestUsesAreCounted: by location and type, over any number of pages, between two
// instants; what was taken back or happened elsewhere does not count.
func TestUsesAreCounted(t *testing.T) {
	w := newWorld(t)
	w.pull()
	begun := w.now
	var rows []circ.Row
	for i := range 1500 { // more than are read in one trip
		rows = append(rows, circ.InHouse{ID: circ.UseID(fmt.Sprint("u", i)), Item: "I0", Library: "main", Type: "book", Home: "main", Location: "open", At: begun.Add(time.Duration(i) * time.Second)})
	}
	rows = append(rows,
		circ.InHouse{ID: "map", Item: "I1", Library: "main", Type: "map", Home: "east", At: begun},
		circ.InHouse{ID: "undone", Item: "I1", Library: "main", Type: "map", Home: "east", At: begun, Undone: begun},
		circ.InHouse{ID: "at east", Item: "I1", Library: "east", Type: "map", Home: "east", At: begun},
	)
	ok(t, w.cache.Update(w.ctx, func(tx journal.CacheTx) error { return tx.Put(w.ctx, rows) }))
	w.fact(circ.Use{Item: "I2"}) // nobody has sent it yet
	for _, row := range []struct {
		name         string
		since, until time.Time
		want         []local.UseCount
	}{
		{"all", time.Time{}, time.Time{}, []local.UseCount{{Home: "east", Type: "map", N: 1}, {Home: "main", N: 1}, {Home: "main", Location: "open", Type: "book", N: 1500}}},
		{"since, and until the second before", begun.Add(10 * time.Second), begun.Add(12 * time.Second), []local.UseCount{{Home: "main", Location: "open", Type: "book", N: 2}}},
		{"long ago", begun.AddDate(-1, 0, 0), begun, []local.UseCount{}},
	} {
		got, err := w.Uses(w.ctx, "main", row.since, row.until)
		ok(t, err)
		if row.name == "since, and until the second before" {
			got = slices.DeleteFunc(got, func(c local.UseCount) bool { return c.Type == "" }) // today's
		}
		if !slices.Equal(got, row.want) {
			t.Errorf("%s: %+v, want %+v", row.name, got, row.want)
		}
	}
}
