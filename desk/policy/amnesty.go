package policy

import (
	"cmp"
	"slices"
)

// An amnesty is a span of days, both included, that nobody is charged for: a week
// in which all may bring back what they have, a day on which the library could not
// take anything back.
type amnesty struct {
	name     string
	library  LibraryID // where it was lent; "": everywhere
	from, to day
	returns  bool // what comes back in it costs nothing, however late it is
}

// holds reports whether it is for a library and holds a day.
func (a amnesty) holds(lib LibraryID, d day) bool {
	return (a.library == "" || a.library == lib) && a.from <= d && d <= a.to
}

// readAmnesty reads one.
func (s *Set) readAmnesty(t *table) {
	var a amnesty
	a.name, _ = t.text("name", 100)
	if a.name == "" {
		a.name = t.row
	} else {
		t.row = a.name
	}
	a.library = LibraryID(t.id("library"))
	if a.library != "" && len(s.libraries) > 0 && s.byID[a.library] == nil {
		t.bad("library", "%s is none of the libraries", quote(string(a.library)))
	}
	ok := true
	for _, one := range []struct {
		key string
		d   *day
	}{{"from", &a.from}, {"to", &a.to}} {
		if _, said := t.left[one.key]; !said {
			t.bad("", "%s is missing, as in %s = 2026-12-24", one.key, one.key)
			ok = false
			continue
		}
		var read bool
		*one.d, read = t.date(one.key)
		ok = ok && read
	}
	if v, said := readYesNo(t, "returns", ""); said {
		a.returns = v.n != 0
	}
	switch {
	case !ok:
	case a.to < a.from:
		t.bad("to", "is before from")
	case a.to-a.from >= longest:
		t.bad("to", "is more than a year after from")
	default:
		s.amnesties = append(s.amnesties, a)
		slices.SortStableFunc(s.amnesties, func(a, b amnesty) int { return cmp.Compare(a.from, b.from) })
	}
	t.done()
}

// letsOff gives the amnesty that lets off what comes back on a day.
func (s *Set) letsOff(lib LibraryID, d day) (amnesty, bool) {
	i := slices.IndexFunc(s.amnesties, func(a amnesty) bool { return a.returns && a.holds(lib, d) })
	if i < 0 {
		return amnesty{}, false
	}
	return s.amnesties[i], true
}

// freeDays gives the spans of days that nobody is charged for at a library, in
// order, none overlapping another; one of several amnesties has all their names.
func (s *Set) freeDays(lib LibraryID) (spans []amnesty) {
	for _, a := range s.amnesties {
		if a.library != "" && a.library != lib {
			continue
		}
		if last := len(spans) - 1; last >= 0 && a.from <= spans[last].to+1 {
			spans[last].to = max(spans[last].to, a.to)
			if spans[last].name != a.name {
				spans[last].name += ", " + a.name
			}
			continue
		}
		spans = append(spans, a)
	}
	return spans
}
