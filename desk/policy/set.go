package policy

import (
	"bytes"
	"slices"
	"time"
)

// Ids of the library's own lists. They are compared byte by byte; empty is none.
type (
	Group      string // of patrons
	ItemType   string
	LibraryID  string
	LocationID string
)

// Set is the rules of one library system. It never changes once it is parsed,
// and is safe for concurrent use. The zero Set is none: use [Parse], [Sample]
// or [Default].
type Set struct {
	text      []byte
	version   string
	currency  string
	matrix    *matrix
	blocks    blockTable
	whole     library // stands in for a library that the set does not name
	libraries []Library
	byID      map[LibraryID]*library
	schedules map[string]*schedule
	amnesties []amnesty // in the order of their days

	given       []given // [default] and the rows, as they were read
	givenBlocks []*givenBlock
	deskRows    deskTable

	groups, types, locations, desks names
	inOrder                         []*schedule

	payMethods    []string
	feesElsewhere bool
	copy          Copy
	guarantors    bool
	givesUp       bool

	sleepAfter, askDeadline, bookdropEnds, searchEvery time.Duration
}

// Library is one library of a set.
type Library struct {
	ID   LibraryID
	Name string
	Zone string // IANA name
}

// library is what is reckoned with.
type library struct {
	name        string
	loc         *time.Location
	closed      Closed
	closedHours ClosedHours
	calendar    *calendar // nil: none
	line        int       // of the text
	like        LibraryID // whose calendar it has, but for what it says itself; "": nobody's
}

func (s *Set) library(id LibraryID) *library {
	if l := s.byID[id]; l != nil {
		return l
	}
	return &s.whole
}

// TOML gives the text that the set was made from, for the desks to read again.
func (s *Set) TOML() []byte { return bytes.Clone(s.text) }

// Version names the rules: as the text does itself, or else "sha256:" and the
// beginning of its hash.
func (s *Set) Version() string { return s.version }

// Currency gives the ISO 4217 code of every amount in the set.
func (s *Set) Currency() string { return s.currency }

// Location gives the zone of a library; an unknown one has the set's. Never nil.
func (s *Set) Location(lib LibraryID) *time.Location { return s.library(lib).loc }

// Libraries gives the libraries in the order of the text.
func (s *Set) Libraries() []Library { return append([]Library(nil), s.libraries...) }

// LibraryName gives the name of a library; an unknown one has its id.
func (s *Set) LibraryName(id LibraryID) string {
	if l := s.byID[id]; l != nil {
		return l.name
	}
	return string(id)
}

// PayMethods gives how money changes hands, the usual way first: never none.
func (s *Set) PayMethods() []string { return slices.Clone(s.payMethods) }

// FeesElsewhere reports whether another system owns the fees: ours are estimates,
// and never charged.
func (s *Set) FeesElsewhere() bool { return s.feesElsewhere }

// Guarantors reports whether some row asks whether a patron has a guarantor.
func (s *Set) Guarantors() bool { return s.guarantors }

// LongOverdue reports whether some row says when a loan is long overdue.
func (s *Set) LongOverdue() bool { return s.givesUp }

// SleepAfter is how long a visit stays open without a scan.
func (s *Set) SleepAfter() time.Duration { return s.sleepAfter }

// AskDeadline is how long a desk waits for the central system's word.
func (s *Set) AskDeadline() time.Duration { return s.askDeadline }

// BookdropEnds is how long the bookdrop's date stays in force without a scan.
func (s *Set) BookdropEnds() time.Duration { return s.bookdropEnds }

// SearchEvery is how long after a round of the search for what is missing the next
// one is due.
func (s *Set) SearchEvery() time.Duration { return s.searchEvery }

// DayStart gives the first instant of the local day that holds at: 00:00 as a
// rule, later where the zone has no midnight that day.
func (s *Set) DayStart(lib LibraryID, at time.Time) time.Time {
	loc := s.library(lib).loc
	return dayIn(at, loc).start(loc)
}

// DayEnd gives the last whole second of the local day that holds at, which is
// when day loans are due: 23:59:59 as a rule.
func (s *Set) DayEnd(lib LibraryID, at time.Time) time.Time {
	loc := s.library(lib).loc
	return dayIn(at, loc).end(loc)
}

// OpenOn reports whether the library opens at all on the local day that holds
// at. A library without opening hours counts as open every day.
func (s *Set) OpenOn(lib LibraryID, at time.Time) bool {
	l := s.library(lib)
	return l.calendar.open(dayIn(at, l.loc))
}

// LastClose gives the last closing at or before an instant: the date suggested
// for what lay in the bookdrop. False: the library has no opening hours, or did
// not close within 400 days.
func (s *Set) LastClose(lib LibraryID, before time.Time) (time.Time, bool) {
	l := s.library(lib)
	return l.calendar.lastClose(before, l.loc)
}

// After gives the last second of the day, or for minutes and hours the instant, so
// long after another.
func (s *Set) After(lib LibraryID, at time.Time, p Period) time.Time {
	loc := s.library(lib).loc
	switch p = p.bounded(); p.Unit {
	case Minutes:
		return at.Add(time.Duration(p.N) * time.Minute)
	case Hours:
		return at.Add(time.Duration(p.N) * time.Hour)
	}
	return dayIn(at, loc).add(p).end(loc)
}

// ShelfUntil gives the last second of the day until which an item waits on the
// hold shelf: so many open days after the day of at (Alma counts open days
// only). Days below zero count as zero. Where a search of 400 days more does
// not find as many open days, closed ones count too.
func (s *Set) ShelfUntil(at time.Time, lib LibraryID, days int) time.Time {
	l := s.library(lib)
	days = min(max(days, 0), 3660)
	first := dayIn(at, l.loc)
	d := first
	for left := days; left > 0; {
		d++
		if l.calendar.open(d) {
			left--
		}
		if d > first+day(days)+search {
			d = first + day(days)
			break
		}
	}
	return d.end(l.loc)
}
