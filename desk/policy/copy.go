package policy

import (
	"fmt"
	"slices"
	"strings"
)

// Copy is which facts the desks of a library system get, for the time without a line.
// The zero Copy is all of them. The table [copy] says it:
//
//	items = "all"            # or "own", the items of the desk's library, or a list of libraries
//	loans = "all"            # or "open"
//	requests = "all"         # or "open"
//	patrons = "all"          # or "circulation": no birth date, address, phone or mail
//
// What meets something else at the central system, its conflicts, every desk gets whole.
type Copy struct {
	Own       bool        // items of the desk's own library
	Libraries []LibraryID // of these, in their order; nil: of all, unless Own
	Loans     bool        // open ones alone
	Requests  bool        // open ones alone
	Patrons   bool        // what circulation needs alone
}

// Copy says which facts the desks get.
func (s *Set) Copy() Copy {
	c := s.copy
	c.Libraries = slices.Clone(c.Libraries)
	return c
}

// All reports whether a desk gets everything.
func (c Copy) All() bool {
	return !c.Own && c.Libraries == nil && !c.Loans && !c.Requests && !c.Patrons
}

// For gives the libraries whose items a desk of a library gets; nil: those of all. A
// desk of no library gets all.
func (c Copy) For(lib LibraryID) []LibraryID {
	switch {
	case c.Own && lib != "":
		return []LibraryID{lib}
	case c.Own:
		return nil
	}
	return c.Libraries
}

// Name names what a desk of a library gets: another name, other facts.
func (c Copy) Name(lib LibraryID) string {
	if c.All() {
		return ""
	}
	libs := slices.Clone(c.For(lib))
	slices.Sort(libs)
	var b strings.Builder
	fmt.Fprintf(&b, "%t %t %t", c.Loans, c.Requests, c.Patrons)
	if libs == nil {
		return b.String() + " all"
	}
	for _, l := range libs {
		fmt.Fprintf(&b, " %q", string(l))
	}
	return b.String()
}

// readCopy reads the table [copy], when the libraries are known.
func (s *Set) readCopy(root *table) {
	t := root.table("copy")
	if t == nil {
		return
	}
	s.copy.Own, s.copy.Libraries = s.copiedItems(t)
	s.copy.Loans = t.either("loans", "open")
	s.copy.Requests = t.either("requests", "open")
	s.copy.Patrons = t.either("patrons", "circulation")
	t.done()
}

// copiedItems reads whose items are copied.
func (s *Set) copiedItems(t *table) (own bool, libs []LibraryID) {
	const want = `want "all", "own" or a list of libraries`
	v, said := t.take("items")
	if !said {
		return false, nil
	}
	list, listed := v.([]any)
	switch {
	case v == "all":
		return false, nil
	case v == "own":
		return true, nil
	case !listed || len(list) == 0 || len(list) > mostLibraries:
		t.bad("items", want)
		return false, nil
	}
	for _, one := range list {
		id, ok := one.(string)
		switch {
		case !ok:
			t.bad("items", want)
		case s.byID[LibraryID(id)] == nil:
			t.bad("items", "%s is none of the libraries", quote(id))
		case slices.Contains(libs, LibraryID(id)):
			t.bad("items", "%s stands there twice", quote(id))
		default:
			libs = append(libs, LibraryID(id))
		}
	}
	return false, libs
}

// either reads a word that is all, or another: then it is true.
func (t *table) either(key, other string) bool {
	word, ok := t.text(key, 60)
	if !ok || word == "all" {
		return false
	}
	if word != other {
		t.bad(key, "%s is none of all, %s", quote(word), other)
	}
	return word == other
}
