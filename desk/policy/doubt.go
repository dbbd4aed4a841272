package policy

import (
	"fmt"
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
)

// Note reports whether it is only worth a look: a library may well be closed on
// Sundays.
func (d Doubt) Note() bool { return d.Kind == ClosedWeekday }

// given is a row as it was read.
type given struct {
	name string
	line int
	fit  fit
	answers
}

// Doubts looks for what is hardly meant: rows and numbers that can never count or
// contradict each other, numbers that need another, gaps between terms, libraries
// that do not open. A day from which on calendars are looked at is the caller's.
// They come in the order of the text.
func (s *Set) Doubts(from time.Time) []Doubt {
	d := &doubts{set: s, from: from}
	for _, look := range []func(*doubts){givenTwice, noDefault, needsMore, scheduleGaps, scheduleUnused, neverOpen} {
		look(d)
	}
	return d.sorted()
}

// doubts collects them.
type doubts struct {
	set   *Set
	from  time.Time
	found []Doubt
}

func (d *doubts) add(k DoubtKind, line int, row, format string, a ...any) {
	d.found = append(d.found, Doubt{k, Problem{Line: line, Row: row, Text: fmt.Sprintf(format, a...)}})
}

// givenTwice finds numbers that a later row for the same cases gives again.
func givenTwice(d *doubts) {
	last := map[fit]*[numbers]int{} // which row gives a number last, from 1
	for i, r := range d.set.given {
		if last[r.fit] == nil {
			last[r.fit] = &[numbers]int{}
		}
		for n := range numbers {
			if r.has&(1<<n) != 0 {
				last[r.fit][n] = i + 1
			}
		}
	}
	for i, r := range d.set.given {
		var again []number
		of := 0
		for n := range numbers {
			if r.has&(1<<n) == 0 {
				continue
			}
			if of++; last[r.fit][n] != i+1 {
				again = append(again, n)
			}
		}
		if len(again) == of {
			d.add(Unreachable, r.line, r.name, "nothing of it ever counts: later rows for the same cases give every number again")
		}
		for _, n := range again {
			later := d.set.given[last[r.fit][n]-1]
			if later.value[n] != r.value[n] {
				d.add(Contradiction, r.line, r.name, "%s: %s (line %d) is for the same cases and says another", abouts[n].key, later.name, later.line)
			}
		}
	}
}

// noDefault finds rules without a last resort of their own.
func noDefault(d *doubts) {
	if !d.set.hasDefault {
		d.add(Missing, 0, "", "there is no [default]: what no row gives is as it is built in")
	}
}

// needsMore finds numbers that say nothing without another, in the terms of the
// cases that the row is for.
func needsMore(d *doubts) {
	all := d.set.given
	if d.set.hasDefault {
		all = append([]given{{name: "default", line: d.set.defaultLine, answers: d.set.matrix.fallback}}, all...)
	}
	for _, r := range all {
		t := d.set.Terms(Query{Group: r.fit.group, Type: r.fit.item, Library: r.fit.library, Location: r.fit.location})
		gives := func(n number) bool { return r.has&(1<<n) != 0 && r.row[n] == r.name }
		for _, p := range []struct {
			n number
			p Period
		}{{period, t.Period}, {renewPeriod, t.RenewPeriod}, {waitedPeriod, t.WaitedPeriod}} {
			if gives(p.n) && p.p.Unit == EndOfTerm && t.Schedule == "" {
				d.add(Missing, r.line, r.name, "%s: ends with a term, and no schedule says which", abouts[p.n].key)
			}
		}
		if gives(scheduleOf) && t.Period.Unit != EndOfTerm && t.RenewPeriod.Unit != EndOfTerm && t.WaitedPeriod.Unit != EndOfTerm {
			d.add(Unreachable, r.line, r.name, "schedule: no period ends with a term; a limit is due_by")
		}
		if gives(morning) && t.Overnight == 0 {
			d.add(Unreachable, r.line, r.name, "overnight_due: nothing goes overnight without overnight_from")
		}
		short := t.Period.Unit == Minutes || t.Period.Unit == Hours
		if gives(overnight) && t.Overnight > 0 && !short && t.Period.Unit != EndOfOpening {
			d.add(Unreachable, r.line, r.name, "overnight_from: only loans of minutes and hours go overnight")
		}
		if gives(closedHours) && !short {
			d.add(Unreachable, r.line, r.name, "closed_hours: concerns loans of minutes and hours only")
		}
	}
}

// scheduleGaps finds days between the terms of a schedule.
func scheduleGaps(d *doubts) {
	for _, s := range d.set.inOrder {
		for i := 1; i < len(s.terms); i++ {
			if a, b := s.terms[i-1], s.terms[i]; b.from > a.to+1 {
				d.add(Gap, s.line, s.row(), "no term holds the days from %s to %s: what depends on it cannot be lent then", (a.to + 1).text(), (b.from - 1).text())
			}
		}
		if end := s.terms[len(s.terms)-1].to; end < dayIn(d.from, d.set.whole.loc) {
			d.add(Gap, s.line, s.row(), "its last term ended on %s", end.text())
		}
	}
}

// scheduleUnused finds schedules that no row names.
func scheduleUnused(d *doubts) {
	used := map[string]bool{}
	for _, a := range append([]given{{answers: d.set.matrix.fallback}}, d.set.given...) {
		used[a.value[scheduleOf].text], used[a.value[dueBy].text] = true, true
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
