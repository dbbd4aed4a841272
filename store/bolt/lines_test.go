package bolt_test

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// lister is what a look at a cache gives the names of patrons by.
type lister interface {
	Lines(ctx context.Context, index circ.Index, after []byte, n int, tell func(of, id string)) ([]byte, error)
}

// TestTheLinesOfAnIndexAreReadInParts: each once, whatever the parts, also in a sealed
// file, which tells them to nobody else.
func TestTheLinesOfAnIndexAreReadInParts(t *testing.T) {
	long := circ.Patron{ID: circ.PatronID(strings.Repeat("l", 3000)), Family: strings.Repeat("Long ", 1000)}
	want := map[string]string{string(long.ID): long.Index()[0].Of}
	rows := []circ.Row{long, circ.Title{ID: "t", Title: "Family matters"}, circ.Patron{ID: "merged", Family: "Gone", Merged: "p"}}
	for i := range 20 {
		p := patron(i)
		rows = append(rows, p)
		want[string(p.ID)] = p.Index()[0].Of
	}
	for name, s := range map[string]journal.Store[journal.CacheTx]{"open": openCache(t), "sealed": sealedCache(t)} {
		t.Run(name, func(t *testing.T) {
			ctx := t.Context()
			if err := s.Update(ctx, func(tx journal.CacheTx) error { return tx.Put(ctx, rows) }); err != nil {
				t.Fatal(err)
			}
			for _, n := range []int{1, 7, len(want), 1000} {
				got, told := map[string]string{}, 0
				var after []byte
				for more := true; more; more = after != nil {
					if err := s.View(ctx, func(tx journal.CacheTx) (err error) {
						after, err = tx.(lister).Lines(ctx, circ.ByName, after, n, func(of, id string) {
							got[id] = of
							told++
						})
						return err
					}); err != nil {
						t.Fatal(err)
					}
				}
				if !maps.Equal(got, want) || told != len(want) {
					t.Errorf("by %d: %d lines of %v", n, told, slices.Sorted(maps.Keys(got)))
				}
			}
		})
	}
}
