package policy

// DeskID names a desk. It is compared byte by byte; empty is none.
type DeskID string

// Named is an entry of one of the library's lists: an id, and what people read.
type Named struct {
	ID      string
	Name    string    // the id, where the text gives none
	Library LibraryID // of a location or a desk; empty: of every library
	line    int
}

// Lists of ids are optional: where one is given, ids that it does not have are
// doubted, and its names are shown. mostNamed bounds each.
const mostNamed = 5000

// names is one list, in the order of the text.
type names struct {
	what string // as problems name an entry
	all  []Named
	by   map[namedKey]int
}

// namedKey is what an entry is found by.
type namedKey struct {
	id      string
	library LibraryID
}

// find gives an entry for a library: its own, or else that of every library.
func (n *names) find(id string, lib LibraryID) (Named, bool) {
	for _, k := range []namedKey{{id, lib}, {id, ""}} {
		if i, ok := n.by[k]; ok {
			return n.all[i], true
		}
	}
	return Named{}, false
}

// has reports whether the list has an id, in whatever library. Every id is in a list
// that is not given.
func (n *names) has(id string) bool {
	for i := range n.all {
		if n.all[i].ID == id {
			return true
		}
	}
	return len(n.all) == 0
}

// name gives what an id is called; one that is not known is called by its id.
func (n *names) name(id string, lib LibraryID) string {
	if one, ok := n.find(id, lib); ok {
		return one.Name
	}
	return id
}

// GroupName gives the name of a group; an unknown one has its id.
func (s *Set) GroupName(id Group) string { return s.groups.name(string(id), "") }

// TypeName gives the name of an item type; an unknown one has its id.
func (s *Set) TypeName(id ItemType) string { return s.types.name(string(id), "") }

// LocationName gives the name of a location of a library; an unknown one has its id.
func (s *Set) LocationName(lib LibraryID, id LocationID) string {
	return s.locations.name(string(id), lib)
}

// DeskName gives the name of a desk; an unknown one has its id.
func (s *Set) DeskName(id DeskID) string {
	for i := range s.desks.all {
		if s.desks.all[i].ID == string(id) {
			return s.desks.all[i].Name
		}
	}
	return string(id)
}

// Groups, Types, Locations and Desks give the library's lists in the order of the
// text; nil: there is none.
func (s *Set) Groups() []Named    { return append([]Named(nil), s.groups.all...) }
func (s *Set) Types() []Named     { return append([]Named(nil), s.types.all...) }
func (s *Set) Locations() []Named { return append([]Named(nil), s.locations.all...) }
func (s *Set) Desks() []Named     { return append([]Named(nil), s.desks.all...) }

// Unlisted says what of a case, and which desk, the library's own lists do not have:
// `group "adlut"`. A list that is not given has everything, and so has what is empty.
func (s *Set) Unlisted(q Query, d DeskID) (all []string) {
	listed := func(what, id string, has bool) {
		if id != "" && !has {
			all = append(all, what+" "+quote(id))
		}
	}
	listed("library", string(q.Library), len(s.libraries) == 0 || s.byID[q.Library] != nil)
	listed("group", string(q.Group), s.groups.has(string(q.Group)))
	listed("item type", string(q.Type), s.types.has(string(q.Type)))
	listed("location", string(q.Location), s.locations.has(string(q.Location)))
	listed("desk", string(d), s.desks.has(string(d)))
	return all
}

// readNames reads a list. ofLibrary: an entry may name the library that it is of.
func (s *Set) readNames(t *table, key string, ofLibrary bool) names {
	n := names{what: key, by: map[namedKey]int{}}
	for _, row := range t.tables(key, mostNamed) {
		if _, said := row.left["id"]; !said {
			row.bad("", "id is missing")
		}
		one := Named{ID: row.id("id"), line: row.line()}
		if one.ID != "" {
			row.row = key + " " + quote(one.ID)
		}
		one.Name = one.ID
		if name, ok := row.text("name", 100); ok {
			one.Name = name
		}
		if ofLibrary {
			one.Library = s.libraryOf(row, "library")
		}
		row.done()
		k := namedKey{one.ID, one.Library}
		if _, twice := n.by[k]; twice {
			row.bad("id", "%s is already another %s", quote(one.ID), key)
		}
		if one.ID != "" {
			n.by[k] = len(n.all)
			n.all = append(n.all, one)
		}
	}
	return n
}

// libraryOf takes the id of a library, which must be one of those that are given.
func (s *Set) libraryOf(t *table, key string) LibraryID {
	id := LibraryID(t.id(key))
	if id != "" && len(s.libraries) > 0 && s.byID[id] == nil {
		t.bad(key, "%s is none of the libraries", quote(string(id)))
	}
	return id
}
