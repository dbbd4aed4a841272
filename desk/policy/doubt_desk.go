package policy

import (
	"slices"
	"strings"
)

// unknownIDs finds ids in rows that the library's own lists do not have.
func unknownIDs(d *doubts) {
	s := d.set
	look := func(line int, row string, f fit) {
		d.listed(line, row, "group", &s.groups, string(f.group))
		d.listed(line, row, "item_type", &s.types, string(f.item))
		d.listed(line, row, "location", &s.locations, string(f.location))
	}
	for i := range s.given {
		look(s.given[i].line, s.given[i].name, s.given[i].fit)
	}
	for _, g := range s.givenBlocks {
		look(g.line, g.name, g.fit)
	}
	for _, g := range s.deskRows.given {
		d.listed(g.line, g.name, "desk", &s.desks, string(g.fit.desk))
		d.listed(g.line, g.name, "location", &s.locations, string(g.fit.location))
	}
}

func (d *doubts) listed(line int, row, key string, list *names, id string) {
	if id != "" && !list.has(id) {
		d.add(UnknownID, line, row, "%s: %s is none of the list of [[%s]]", key, quote(id), list.what)
	}
}

// deskTwice finds words of a desk that a later row for the same cases says again.
func deskTwice(d *doubts) {
	for _, g := range d.set.deskRows.given {
		says := d.set.deskRows.rows[g.fit.shape()][g.fit]
		said := 0
		var again []deskWord
		for w := range deskWords {
			if !g.gives(w) {
				continue
			}
			if said++; says.row[w] != g {
				again = append(again, w)
			}
		}
		if len(again) == said && said > 0 {
			d.add(Unreachable, g.line, g.name, "nothing of it ever counts: later rows for the same cases say every word again")
		}
		for _, w := range again {
			if later := says.row[w]; says.n[w] != g.n[w] {
				d.add(Contradiction, g.line, g.name, "%s: %s (line %d) is for the same cases and says another", deskAbouts[w].key, later.name, later.line)
			}
		}
	}
}

// deskElsewhere finds rows for a desk in a library in which it does not stand.
func deskElsewhere(d *doubts) {
	for _, g := range d.set.deskRows.given {
		if g.fit.desk == "" || g.fit.library == "" || len(d.set.desks.all) == 0 || !d.set.desks.has(string(g.fit.desk)) {
			continue
		}
		if _, ok := d.set.desks.find(string(g.fit.desk), g.fit.library); !ok {
			d.add(Unreachable, g.line, g.name, "desk %s does not stand in library %s", quote(string(g.fit.desk)), quote(string(g.fit.library)))
		}
	}
}

// deskUses are the words that say something only where another says yes.
var deskUses = []struct {
	w, of deskWord
	where func(n int) bool // what is said, that needs the other
	never string
}{
	{deskShelves, deskTakes, func(n int) bool { return n == 1 }, "what a desk may not take back it does not shelve either"},
	{deskStay, deskHolds, func(n int) bool { return n >= 0 }, "it has no hold shelf"},
}

// deskNeverUsed finds words that say something only with another that no case of
// theirs has.
func deskNeverUsed(d *doubts) {
	for _, g := range d.set.deskRows.given {
		for _, u := range deskUses {
			if g.gives(u.w) && u.where(g.n[u.w]) && !d.deskSays(g, u.w, u.of) {
				d.add(Unreachable, g.line, g.name, "%s: %s", deskAbouts[u.w].key, u.never)
			}
		}
	}
}

// deskSays reports whether another word is yes in a case in which the row gives
// one; also where other rows give the row's word, which is told as that.
func (d *doubts) deskSays(g *givenDesk, w, other deskWord) bool {
	counts := false
	has := func(f deskFit) bool {
		q := f.query()
		says := d.set.deskRows.says(&q)
		counts = counts || says.row[w] == g
		return says.row[w] == g && says.n[other] == 1
	}
	if has(g.fit) {
		return true
	}
	for _, o := range d.set.deskRows.given {
		if f, ok := g.fit.and(o.fit); ok && has(f) {
			return true
		}
	}
	return !counts
}

// desksOf gives the desks of a library, by the list; where it has none, any desk.
func (s *Set) desksOf(lib LibraryID) []DeskID {
	var ids []DeskID
	for _, one := range s.desks.all {
		if one.Library == "" || one.Library == lib {
			ids = append(ids, DeskID(one.ID))
		}
	}
	if len(ids) == 0 {
		return []DeskID{""}
	}
	return ids
}

// somewhere gives the libraries that an entry of a list is of; where none are
// given, one without a name.
func (s *Set) somewhere(of LibraryID) []LibraryID {
	switch {
	case of != "":
		return []LibraryID{of}
	case len(s.libraries) == 0:
		return []LibraryID{""}
	}
	var all []LibraryID
	for _, l := range s.libraries {
		all = append(all, l.ID)
	}
	return all
}

// nobodyReshelves finds locations of the list from which something may be lent, or
// to which something may come back, and that no desk of their library shelves.
func nobodyReshelves(d *doubts) {
	s := d.set
	if len(s.deskRows.given) == 0 {
		return
	}
	for _, one := range s.locations.all {
		var nobody []string
		libraries := s.somewhere(one.Library)
		for _, lib := range libraries {
			some := slices.ContainsFunc(s.desksOf(lib), func(desk DeskID) bool {
				return s.Desk(DeskQuery{Desk: desk, Library: lib, Home: lib, Location: LocationID(one.ID)}).Reshelves()
			})
			if !some {
				nobody = append(nobody, quote(string(lib)))
			}
		}
		if len(nobody) > 0 {
			where := ""
			if len(nobody) < len(libraries) {
				where = " in " + strings.Join(nobody, ", ")
			}
			d.add(Missing, one.line, "location "+quote(one.ID), "no desk of its library reshelves it%s: what comes back has no way to its shelf", where)
		}
	}
}

// noHoldShelf finds libraries in which no desk has a hold shelf.
func noHoldShelf(d *doubts) {
	s := d.set
	if len(s.deskRows.given) == 0 {
		return
	}
	for _, lib := range s.somewhere("") {
		some := slices.ContainsFunc(s.desksOf(lib), func(desk DeskID) bool { return s.Desk(DeskQuery{Desk: desk, Library: lib}).HoldShelf })
		if !some {
			l := s.library(lib)
			d.add(Missing, l.line, "library "+quote(string(lib)), "no desk has a hold shelf: what is requested for pickup here can wait nowhere")
		}
	}
}
