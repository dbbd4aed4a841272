package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Doubt is something that can be read in the rules and is hardly meant.
type Doubt struct {
	Kind DoubtKind
	Problem
}

// DoubtKind is for programs: never renamed.
type DoubtKind string

// The kinds of doubts.
const (
	Unreachable   DoubtKind = "unreachable"   // it can never count
	Contradiction DoubtKind = "contradiction" // said twice, and not the same
	Missing       DoubtKind = "missing"       // what is said needs something that is not
	Gap           DoubtKind = "gap"           // days that no term of a schedule holds
	NeverOpen     DoubtKind = "never_open"    // a library that does not open at all
	ClosedWeekday DoubtKind = "closed_weekday"
	UnknownID     DoubtKind = "unknown_id" // that a list of the rules does not have
)

// Note reports whether it is only worth a look: a library may well be closed on
// Sundays.
func (d Doubt) Note() bool { return d.Kind == ClosedWeekday }

// given is a row as it was read, or [default], which is for every case as a row
// that names nothing is.
type given struct {
	name string
	line int
	fit  fit
	answers
}

// Doubts looks for what is hardly meant: rows and numbers that can never count or
// contradict each other, numbers that need another, gaps between terms, libraries
// that do not open, ids that a list does not have, locations that nobody reshelves. A day from which on calendars are looked at is the caller's.
// They come in the order of the text.
func (s *Set) Doubts(from time.Time) []Doubt {
	d := &doubts{set: s, from: from, last: lastWords(s.given)}
	for _, look := range []func(*doubts){givenTwice, noDefault, neverUsed, noAge, noSchedule, blockTwice, askedNobody, neverStands, shortensNothing, scheduleGaps, scheduleUnused, neverOpen, unknownIDs, deskTwice, deskElsewhere, deskNeverUsed, nobodyReshelves, noHoldShelf, olderIsMilder} {
		look(d)
	}
	return d.sorted()
}

// doubts collects them.
type doubts struct {
	set   *Set
	from  time.Time
	last  map[fit]*[numbers]int
	found []Doubt
}

// lastWords says which row gives a number last for its cases, by its place.
func lastWords(all []given) map[fit]*[numbers]int {
	last := map[fit]*[numbers]int{}
	for i := range all {
		r := &all[i]
		if last[r.fit] == nil {
			last[r.fit] = &[numbers]int{}
		}
		for n := range numbers {
			if r.gives(n) {
				last[r.fit][n] = i
			}
		}
	}
	return last
}

func (d *doubts) add(k DoubtKind, line int, row, format string, a ...any) {
	d.found = append(d.found, Doubt{k, Problem{Line: line, Row: row, Text: fmt.Sprintf(format, a...)}})
}

// givenTwice finds numbers that a later row for the same cases gives again.
func givenTwice(d *doubts) {
	for i := range d.set.given {
		r := &d.set.given[i]
		var again []number
		of := 0
		for n := range numbers {
			if !r.gives(n) {
				continue
			}
			if of++; d.last[r.fit][n] != i {
				again = append(again, n)
			}
		}
		if len(again) == of && of > 0 {
			d.add(Unreachable, r.line, r.name, "nothing of it ever counts: later rows for the same cases give every number again")
		}
		for _, n := range again {
			later := &d.set.given[d.last[r.fit][n]]
			if !later.value[n].same(r.value[n]) {
				d.add(Contradiction, r.line, r.name, "%s: %s (line %d) is for the same cases and says another", abouts[n].key, later.name, later.line)
			}
		}
	}
}

// noDefault finds rules without a last resort of their own.
func noDefault(d *doubts) {
	if d.last[fit{}] == nil {
		d.add(Missing, 0, "", "there is no [default]: what no row gives is as it is built in")
	}
}

// wins reports whether a row, by its place, gives a number of a case.
func (d *doubts) wins(row int, n number, q *Query) bool {
	r := &d.set.given[row]
	if !r.gives(n) || d.last[r.fit][n] != row {
		return false
	}
	by, _ := d.set.matrix.giver(q, n)
	return by == r.fit
}

var periods = []number{period, renewPeriod, waitedPeriod}

// uses are the numbers that say something only where another has some value.
var uses = []struct {
	n     number
	of    []number // any of them
	where func(value) bool
	never string
}{
	{scheduleOf, periods, ofUnit(EndOfTerm), "no period ends with a term; a limit is due_by"},
	{morning, []number{overnight}, aboveZero, "nothing goes overnight without overnight_from"},
	{overnight, periods, ofUnit(Minutes, Hours, EndOfOpening), "only loans of minutes and hours go overnight"},
	{closedHours, periods, ofUnit(Minutes, Hours), "concerns loans of minutes and hours only"},
}

func aboveZero(v value) bool { return v.n > 0 }

func ofUnit(units ...Unit) func(value) bool {
	return func(v value) bool { return slices.Contains(units, v.unit) }
}

// neverUsed finds numbers that say something only with another that no case of
// theirs has.
func neverUsed(d *doubts) {
	for i := range d.set.given {
		r := &d.set.given[i]
		for _, u := range uses {
			off := u.n == overnight && r.value[u.n].n == 0 // says that nothing goes overnight
			if !r.gives(u.n) || d.last[r.fit][u.n] != i || off {
				continue
			}
			counts := func(q *Query) bool { return d.wins(i, u.n, q) }
			if !slices.ContainsFunc(u.of, func(m number) bool { return d.inSome(r.fit, m, u.where, counts) }) {
				d.add(Unreachable, r.line, r.name, "%s: %s", abouts[u.n].key, u.never)
			}
		}
	}
}

// inSome reports whether a number has some value in a case of a fit in which
// something more holds. Of two rows, the case that names what either does decides:
// whichever row beats one of them there does so in every case that they share.
func (d *doubts) inSome(f fit, n number, where func(value) bool, more func(*Query) bool) bool {
	has := func(f fit) bool {
		q := f.query()
		_, a := d.set.matrix.giver(&q, n)
		return where(a.value[n]) && more(&q)
	}
	if has(f) {
		return true
	}
	for i := range d.set.given {
		r := &d.set.given[i]
		if !r.gives(n) || !where(r.value[n]) {
			continue
		}
		if both, ok := f.and(r.fit); ok && has(both) {
			return true
		}
	}
	return false
}

// noAge finds cases in which nobody is old enough and young enough.
func noAge(d *doubts) {
	for i := range d.set.given {
		r := &d.set.given[i]
		if !r.gives(minAge) || d.last[r.fit][minAge] != i {
			continue
		}
		younger := func(v value) bool { return v.n >= 0 && v.n < r.value[minAge].n }
		if d.inSome(r.fit, maxAge, younger, func(q *Query) bool { return d.wins(i, minAge, q) }) {
			d.add(Contradiction, r.line, r.name, "min_age: max_age is lower for some of its cases: nobody may")
		}
	}
}

// noSchedule finds periods that end with a term where nothing says which. A case
// that names more than the row does cannot lack what the row's own has, so only
// the libraries are tried: all of them are known.
func noSchedule(d *doubts) {
	for i := range d.set.given {
		r := &d.set.given[i]
		for _, n := range periods {
			if !r.gives(n) || r.value[n].unit != EndOfTerm {
				continue
			}
			lacks, all := d.lacksSchedule(i, n)
			if len(lacks) == 0 {
				continue
			}
			where := ""
			if len(lacks) < all {
				where = " in library " + quote(string(lacks[0]))
			}
			d.add(Missing, r.line, r.name, "%s: ends with a term, and no schedule says which%s", abouts[n].key, where)
		}
	}
}

// lacksSchedule gives the libraries in which a row's period lacks one, and in how
// many it counts.
func (d *doubts) lacksSchedule(row int, n number) (lacks []LibraryID, of int) {
	q := d.set.given[row].fit.query()
	libraries := []LibraryID{q.Library}
	if q.Library == "" && len(d.set.libraries) > 0 {
		libraries = libraries[:0]
		for _, l := range d.set.libraries {
			libraries = append(libraries, l.ID)
		}
	}
	for _, q.Library = range libraries {
		if !d.wins(row, n, &q) {
			continue
		}
		of++
		if _, a := d.set.matrix.giver(&q, scheduleOf); a.value[scheduleOf].text == "" {
			lacks = append(lacks, q.Library)
		}
	}
	return lacks, of
}

// scheduleGaps finds days between the terms of a schedule that are still to come.
func scheduleGaps(d *doubts) {
	today := dayIn(d.from, d.set.whole.loc)
	for _, s := range d.set.inOrder {
		for i := 1; i < len(s.terms); i++ {
			if a, b := s.terms[i-1], s.terms[i]; b.from > a.to+1 && b.from > today {
				d.add(Gap, s.line, s.row(), "no term holds the days from %s to %s: what depends on it cannot be lent then", (a.to + 1).text(), (b.from - 1).text())
			}
		}
		if end := s.terms[len(s.terms)-1].to; end < today {
			d.add(Gap, s.line, s.row(), "its last term ended on %s", end.text())
		}
	}
}

// scheduleUnused finds schedules that no row names.
func scheduleUnused(d *doubts) {
	used := map[string]bool{}
	for i := range d.set.given {
		v := &d.set.given[i].value
		used[v[scheduleOf].text], used[v[dueBy].text] = true, true
	}
	for _, s := range d.set.inOrder {
		if !used[s.id] {
			d.add(Unreachable, s.line, s.row(), "no row names it")
		}
	}
}

// neverOpen finds libraries without opening hours, that never open, or never on a
// weekday.
func neverOpen(d *doubts) {
	for _, one := range d.set.libraries {
		l := d.set.byID[one.ID]
		row := "library " + quote(string(one.ID))
		if l.calendar == nil {
			d.add(Missing, l.line, row, "has no opening hours: it counts as open every day, and never closes")
			continue
		}
		if _, ok := l.calendar.nearest(dayIn(d.from, l.loc), 1, search); !ok {
			d.add(NeverOpen, l.line, row, "never opens within %d days from %s", search, dayIn(d.from, l.loc).text())
			continue
		}
		var never []string
		for w, name := range weekdays {
			if len(l.calendar.usual(time.Weekday(w)).spans) == 0 {
				never = append(never, name)
			}
		}
		if len(never) > 0 {
			d.add(ClosedWeekday, l.line, row, "never opens on %s", strings.Join(never, ", "))
		}
	}
}

func (d *doubts) sorted() []Doubt {
	sortByLine(d.found, func(d Doubt) Problem { return d.Problem })
	return d.found
}

func (d day) text() string { return d.date().Format(time.DateOnly) }
