package policy

import (
	"math/bits"
	"slices"
)

// DeskQuery asks what a desk may do with an item, or what the desk has. An empty
// field fits only rows that do not name it.
type DeskQuery struct {
	Desk     DeskID
	Library  LibraryID  // where the desk is
	Home     LibraryID  // of the item
	Location LocationID // of the item, in its home
}

// DeskTerms are what a desk may do with the items of a location, and what it has.
// Without rows every desk may do everything, has a hold shelf, and picks from the
// shelf.
type DeskTerms struct {
	CheckOut       bool
	CheckIn        bool
	Reshelve       bool // see [DeskTerms.Reshelves]
	HoldShelf      bool
	LongestStay    int // on its hold shelf, in open days: caps shelf_days; below zero: as the terms say
	PicksFromShelf bool

	row [deskWords]string
}

// Reshelves reports whether what is taken back is put on its shelf from this desk.
// What a desk may not take back it does not shelve either.
func (t DeskTerms) Reshelves() bool { return t.CheckIn && t.Reshelve }

// Stay gives how many open days an item stays on the desk's hold shelf, by those
// that the terms give.
func (t DeskTerms) Stay(days int) int {
	if t.LongestStay < 0 {
		return days
	}
	return min(days, t.LongestStay)
}

// A deskWord is one of the desk terms, each resolved by itself.
type deskWord int

// The words, in the order of the trace.
const (
	deskLends deskWord = iota
	deskTakes
	deskShelves
	deskHolds
	deskStay
	deskPicks
	deskWords // how many there are
)

// deskAbouts says how each is written, and whether it may depend on the item.
var deskAbouts = [deskWords]struct {
	key    string
	ofItem bool
	read   func(t *table, key, currency string) (value, bool)
}{
	deskLends:   {StepCheckOut, true, readYesNo},
	deskTakes:   {StepCheckIn, true, readYesNo},
	deskShelves: {StepReshelve, true, readYesNo},
	deskHolds:   {StepHoldShelf, false, readYesNo},
	deskStay:    {StepLongestStay, false, readStay},
	deskPicks:   {StepPicks, false, readYesNo},
}

// deskBuiltIn is what holds where no row speaks.
var deskBuiltIn = [deskWords]int{1, 1, 1, 1, NoLimit, 1}

func readStay(t *table, key, _ string) (value, bool) {
	if v, ok := t.left[key]; ok && isNoLimit(v) {
		t.take(key)
		return value{n: NoLimit}, true
	}
	return readCount(t, key, 3660)
}

// deskFit is what a row asks; empty fields ask nothing.
type deskFit struct {
	desk     DeskID
	location LocationID
	home     LibraryID
	library  LibraryID
}

// deskShape says which fields a row names. A greater one is more specific.
type deskShape uint8

const (
	namesDeskLibrary deskShape = 1 << iota
	namesHome
	namesDeskLocation
	namesDesk
	deskShapes // how many there are
)

func (f deskFit) shape() (s deskShape) {
	if f.library != "" {
		s |= namesDeskLibrary
	}
	if f.home != "" {
		s |= namesHome
	}
	if f.location != "" {
		s |= namesDeskLocation
	}
	if f.desk != "" {
		s |= namesDesk
	}
	return s
}

// of gives the fit that a row of the shape must have to fit the query.
func (s deskShape) of(q *DeskQuery) (f deskFit) {
	if s&namesDeskLibrary != 0 {
		f.library = q.Library
	}
	if s&namesHome != 0 {
		f.home = q.Home
	}
	if s&namesDeskLocation != 0 {
		f.location = q.Location
	}
	if s&namesDesk != 0 {
		f.desk = q.Desk
	}
	return f
}

// query asks for the case that names what the fit does, and nothing else.
func (f deskFit) query() DeskQuery {
	return DeskQuery{Desk: f.desk, Library: f.library, Home: f.home, Location: f.location}
}

// and gives what a case must be for both. False: there is none.
func (f deskFit) and(g deskFit) (deskFit, bool) {
	ok := agree(&f.desk, g.desk) && agree(&f.location, g.location) && agree(&f.home, g.home) && agree(&f.library, g.library)
	return f, ok
}

// deskSays is what rows of one fit say together.
type deskSays struct {
	has uint8 // a bit for each word
	n   [deskWords]int
	row [deskWords]*givenDesk
}

// givenDesk is a row as it was read.
type givenDesk struct {
	name string
	line int
	fit  deskFit
	has  uint8
	n    [deskWords]int
}

func (g *givenDesk) gives(w deskWord) bool { return g.has&(1<<w) != 0 }

// deskTable finds the rows of a case. Rows of one shape are in one map.
type deskTable struct {
	rows  [deskShapes]map[deskFit]*deskSays
	given []*givenDesk
}

// give puts a row in; of two for the same, the later word counts.
func (d *deskTable) give(g *givenDesk) {
	d.given = append(d.given, g)
	s := g.fit.shape()
	if d.rows[s] == nil {
		d.rows[s] = map[deskFit]*deskSays{}
	}
	says := d.rows[s][g.fit]
	if says == nil {
		says = &deskSays{}
		d.rows[s][g.fit] = says
	}
	for w := range deskWords {
		if g.gives(w) {
			says.has |= 1 << w
			says.n[w], says.row[w] = g.n[w], g
		}
	}
}

// some reports whether a row says so of a word.
func (d *deskTable) some(w deskWord, n int) bool {
	return slices.ContainsFunc(d.given, func(g *givenDesk) bool { return g.gives(w) && g.n[w] == n })
}

// says resolves every word of a case.
func (d *deskTable) says(q *DeskQuery) deskSays {
	found := deskSays{n: deskBuiltIn}
	for i := int(deskShapes) - 1; i >= 0; i-- {
		if d.rows[i] == nil {
			continue
		}
		says := d.rows[i][deskShape(i).of(q)]
		if says == nil {
			continue
		}
		for left := says.has &^ found.has; left != 0; left &= left - 1 {
			w := bits.TrailingZeros8(left)
			found.n[w], found.row[w] = says.n[w], says.row[w]
		}
		found.has |= says.has
	}
	return found
}

// Desk gives what a desk may do with an item, each word by itself from the most
// specific row that says it: a row for a desk beats any without one, then a row
// for a location, then for the library that the item belongs to, then for the
// library that the desk is in; of rows for the same four the later wins.
func (s *Set) Desk(q DeskQuery) DeskTerms {
	if len(s.deskRows.given) == 0 {
		return DeskTerms{CheckOut: true, CheckIn: true, Reshelve: true, HoldShelf: true, LongestStay: NoLimit, PicksFromShelf: true}
	}
	f := s.deskRows.says(&q)
	t := DeskTerms{
		CheckOut: f.n[deskLends] != 0, CheckIn: f.n[deskTakes] != 0, Reshelve: f.n[deskShelves] != 0,
		HoldShelf: f.n[deskHolds] != 0, LongestStay: f.n[deskStay], PicksFromShelf: f.n[deskPicks] != 0,
	}
	for w, g := range f.row {
		if g != nil {
			t.row[w] = g.name
		}
	}
	return t
}

// Trace gives one step for each word, in a fixed order: which row gave it.
func (t DeskTerms) Trace() []Step {
	n := [deskWords]int{yes(t.CheckOut), yes(t.CheckIn), yes(t.Reshelve), yes(t.HoldShelf), t.LongestStay, yes(t.PicksFromShelf)}
	steps := make([]Step, deskWords)
	for w := range deskWords {
		steps[w] = Step{Code: deskAbouts[w].key, N: n[w], Row: t.row[w]}
	}
	return steps
}

// StepOf gives the step of the trace with a code; false: there is none.
func (t DeskTerms) StepOf(code string) (Step, bool) {
	for _, s := range t.Trace() {
		if s.Code == code {
			return s, true
		}
	}
	return Step{}, false
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

// DeskThat gives the first desk in the list of the rules that stands in a library
// and may do something with an item; empty: the list has none.
func (s *Set) DeskThat(q DeskQuery, may func(DeskTerms) bool) DeskID {
	for i := range s.desks.all {
		one := &s.desks.all[i]
		if one.Library != "" && q.Library != "" && one.Library != q.Library {
			continue
		}
		q.Desk = DeskID(one.ID)
		if may(s.Desk(q)) {
			return q.Desk
		}
	}
	return ""
}

// readDeskRow reads one row of the desk terms.
func (s *Set) readDeskRow(t *table) {
	if name, ok := t.text("name", 100); ok {
		t.row = name
	}
	g := &givenDesk{name: t.row, line: t.line(), fit: deskFit{
		desk:     DeskID(t.id("desk")),
		location: LocationID(t.id("location")),
		home:     s.libraryOf(t, "home"),
		library:  s.libraryOf(t, "library"),
	}}
	if len(t.left) == 0 {
		t.bad("", "says nothing of the desk")
	}
	for w := range deskWords {
		v, ok := deskAbouts[w].read(t, deskAbouts[w].key, "")
		if !ok {
			continue
		}
		g.has |= 1 << w
		g.n[w] = int(v.n)
		if !deskAbouts[w].ofItem && (g.fit.location != "" || g.fit.home != "") {
			t.bad(deskAbouts[w].key, "is of the desk, so it may depend on desk and library, not on location or home")
		}
	}
	t.done()
	s.deskRows.give(g)
}
