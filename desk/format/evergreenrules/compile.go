package evergreenrules

import (
	"cmp"
	"errors"
	"slices"
)

// place is for what a number holds; an empty field is any.
type place struct{ location, library, group, item string }

func (p place) fields() [4]string { return [4]string{p.location, p.library, p.group, p.item} }

// shape says which fields are named; the greater goes before, as our rules have it.
func (p place) shape() (s int) {
	for _, f := range p.fields() {
		s <<= 1
		if f != "" {
			s |= 1
		}
	}
	return s
}

// meets reports whether there is a case for both.
func (p place) meets(q place) bool {
	b := q.fields()
	for i, a := range p.fields() {
		if a != "" && b[i] != "" && a != b[i] {
			return false
		}
	}
	return true
}

// within reports whether each case for p is one for q.
func (p place) within(q place) bool { return p.and(q) == p && p.meets(q) }

// and gives the cases for both.
func (p place) and(q place) place {
	return place{cmp.Or(p.location, q.location), cmp.Or(p.library, q.library), cmp.Or(p.group, q.group), cmp.Or(p.item, q.item)}
}

// said is a value that Evergreen gives a number for a place.
type said struct {
	place
	value  string
	over   bool    // it goes before all that is not
	weight float64 // the greater goes before
	id     int     // of equal weight the smaller goes before
}

// Bounds of what one number takes; our rules have fewer rows.
const (
	mostSaid   = 20_000
	mostPlaces = 5_000
)

// ErrMany says that the rules would be more than are read.
var ErrMany = errors.New("the rules take more rows than are read: org units and groups with much below them have rules of their own")

// compile gives what must be said of one number in our order, so that each case has
// the value that it has in Evergreen's.
//
// What goes before in Evergreen, but after with us, is said again for the cases that
// it shares with each that it must beat: that place is more specific than both.
func compile(all []said) (map[place]string, error) {
	if len(all) > mostSaid {
		return nil, ErrMany
	}
	slices.SortStableFunc(all, func(a, b said) int { // the weightiest last
		if a.over != b.over {
			return cmp.Compare(btoi(a.over), btoi(b.over))
		}
		return cmp.Or(cmp.Compare(a.weight, b.weight), cmp.Compare(b.id, a.id))
	})
	out := map[place]string{}
	var places []place
	put := func(p place, value string) {
		if _, ok := out[p]; !ok {
			places = append(places, p)
		}
		out[p] = value
	}
	for _, s := range all {
		for _, p := range places[:len(places):len(places)] {
			if p.shape() > s.shape() && p.meets(s.place) {
				put(s.and(p), s.value)
			}
		}
		put(s.place, s.value)
		if len(places) > mostPlaces {
			return nil, ErrMany
		}
	}
	prune(out, places)
	return out, nil
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// prune takes out what the rest says, too.
func prune(out map[place]string, places []place) {
	slices.SortFunc(places, func(a, b place) int { return cmp.Compare(b.shape(), a.shape()) })
	for _, p := range places {
		covered, otherwise := false, false
		for q, v := range out {
			if q.shape() >= p.shape() || !q.meets(p) {
				continue
			}
			otherwise = otherwise || v != out[p]
			covered = covered || p.within(q)
		}
		if covered && !otherwise {
			delete(out, p)
		}
	}
}
