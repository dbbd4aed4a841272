package local

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// UseCount says how often items of a location and a type were used in a library.
type UseCount struct {
	Home     policy.LibraryID
	Location policy.LocationID
	Type     policy.ItemType
	N        int
}

// usesPage is how many uses are read in one trip.
const usesPage = 1000

// Uses counts the uses in a library from an instant on and before another, by
// location and type: from the desk's own copy, with what is not sent yet. A zero
// until is no end. They come in the order of home, location and type.
func (d *Desk) Uses(ctx context.Context, lib policy.LibraryID, since, until time.Time) ([]UseCount, error) {
	var n map[UseCount]int
	err := d.View(ctx, func(r journal.Reader) (err error) {
		n, err = countUses(ctx, r, lib, since, until)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count the uses in library %s: %w", lib, err)
	}
	out := make([]UseCount, 0, len(n))
	for of, n := range n {
		of.N = n
		out = append(out, of)
	}
	slices.SortFunc(out, func(a, b UseCount) int {
		return cmp.Or(cmp.Compare(a.Home, b.Home), cmp.Compare(a.Location, b.Location), cmp.Compare(a.Type, b.Type))
	})
	return out, nil
}

func countUses(ctx context.Context, r journal.Reader, lib policy.LibraryID, since, until time.Time) (map[UseCount]int, error) {
	n := map[UseCount]int{}
	w := circ.Want{Index: circ.UsesAt, ID: string(lib), N: usesPage}
	if !since.IsZero() {
		w.After = circ.SortTime(since)
	}
	for {
		found, err := r.Read(ctx, []circ.Want{w})
		if err != nil {
			return nil, err
		}
		for _, row := range found[0] {
			u, ok := row.(circ.InHouse)
			switch {
			case !ok || u.At.Before(since):
			case !until.IsZero() && !u.At.Before(until):
				return n, nil
			default:
				n[UseCount{Home: u.Home, Location: u.Location, Type: u.Type}]++
			}
		}
		if len(found[0]) < usesPage {
			return n, nil
		}
		var ok bool
		if w.After, ok = circ.SortIn(found[0][len(found[0])-1], circ.UsesAt, string(lib)); !ok {
			return n, nil
		}
	}
}
