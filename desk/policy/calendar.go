package policy

import (
	"iter"
	"time"
)

// search is how many days a search for an open day looks at: a library that
// opens once a year is found, one that never opens ends the search.
const search = 400

// Closed says what happens to a due day on which the library is closed.
type Closed string

// The ways. They stand in the library's file: never renamed.
const (
	Keep         Closed = "keep"          // it stays
	NextOpen     Closed = "next_open"     // the next open day
	PreviousOpen Closed = "previous_open" // the open day before, but not before the day it was lent

	// SameWeekday is whole weeks on, where the period is whole weeks and the library
	// opens on that weekday as a rule; else the next open day (Koha's Dayweek).
	SameWeekday Closed = "next_same_weekday"
	// OpenDays counts open days only, in periods of days and weeks; after months it
	// is the next open day (Koha's Calendar).
	OpenDays Closed = "open_days"
)

// ClosedHours says what happens to a loan of minutes or hours that falls due while
// the library is closed. When it closes it is not closed yet.
type ClosedHours string

// The ways. They stand in the library's file: never renamed.
const (
	KeepHours  ClosedHours = "keep"         // it stays
	EndOfHours ClosedHours = "end_of_hours" // the end of the opening in which it was lent; lent while closed, of the next
	NextHours  ClosedHours = "next_hours"   // the beginning of the next opening
)

// A span is one opening of a day, in minutes after midnight on the wall. One that
// goes on after midnight ends after 24:00, and is of the day on which it began.
type span struct{ from, to int }

// hours are the openings of one day, in order, none touching the next. Empty:
// closed.
type hours struct {
	spans []span
	why   string // of an exception
}

// A calendar says when a library is open. A nil calendar is none: every day
// counts as open, and nothing is known of hours.
type calendar struct {
	week   [7]hours      // by time.Weekday
	named  [7]bool       // which of them the library's own text names
	yearly map[int]hours // by month*100 + day; beats the week
	dates  map[day]hours // beats both
	under  *calendar     // another library's, where this one says nothing; nil: none
}

// on gives the openings of a day.
func (c *calendar) on(d day) hours {
	for k := c; k != nil; k = k.under {
		if h, ok := k.dates[d]; ok {
			return h
		}
		if len(k.yearly) > 0 {
			_, m, dom := d.date().Date()
			if h, ok := k.yearly[int(m)*100+dom]; ok {
				return h
			}
		}
	}
	return c.usual(d.weekday())
}

// usual gives the openings of a weekday without exceptions.
func (c *calendar) usual(w time.Weekday) hours {
	for c.under != nil && !c.named[w] {
		c = c.under
	}
	return c.week[w]
}

// open reports whether the library opens at all on the day.
func (c *calendar) open(d day) bool { return c == nil || len(c.on(d).spans) > 0 }

// nearest looks for an open day from d on, d included, by steps of 1 or -1, and
// at most so many steps.
func (c *calendar) nearest(d day, step, most int) (day, bool) {
	for range most + 1 {
		if c.open(d) {
			return d, true
		}
		d += day(step)
	}
	return 0, false
}

// count goes on from a day by so many open days. False: so many closed ones lie
// between that the search ends.
func (c *calendar) count(d day, n int) (day, bool) {
	for closed := 0; n > 0; {
		d++
		if c.open(d) {
			n, closed = n-1, 0
		} else if closed++; closed > search {
			return 0, false
		}
	}
	return d, true
}

// An opening is a time for which the library is open, in seconds since 1970 UTC:
// it is open from the first on, and closed at the last.
type opening struct{ from, to int64 }

// openings gives the openings of so many days from a day on, in order; those that
// touch are one.
func (c *calendar) openings(first day, days int, loc *time.Location) iter.Seq[opening] {
	return func(yield func(opening) bool) {
		var o opening
		begun := false
		for d := first; d < first+day(days); d++ {
			for _, s := range c.on(d).spans {
				next := opening{
					opens(int64(d)*secondsADay+int64(s.from)*60, loc),
					closing(int64(d)*secondsADay+int64(s.to)*60, loc),
				}
				if begun && next.from <= o.to {
					o.to = max(o.to, next.to)
					continue
				}
				if begun && !yield(o) {
					return
				}
				o, begun = next, true
			}
		}
		if begun {
			yield(o)
		}
	}
}

// at gives the opening that holds an instant; where there is none, the next one,
// and open is false. ok is false when there is none within [search] days.
func (c *calendar) at(t int64, loc *time.Location) (o opening, open, ok bool) {
	first := dayIn(time.Unix(t, 0), loc) - 2
	for _, days := range []int{10, search} { // nearly always the first is enough
		for o := range c.openings(first, days, loc) {
			if t < o.to && o.to < int64(first+day(days))*secondsADay-farthest {
				return o, o.from <= t, true
			}
		}
	}
	for o := range c.openings(first, search, loc) { // one that does not end within the search
		if t < o.to {
			return o, o.from <= t, true
		}
	}
	return opening{}, false, false
}

// closedAt reports whether the library is closed at an instant, and has not just
// closed. Without a calendar it is never closed.
func (c *calendar) closedAt(t int64, loc *time.Location) bool {
	if c == nil {
		return false
	}
	if _, open, _ := c.at(t, loc); open {
		return false
	}
	_, open, _ := c.at(t-1, loc)
	return !open
}

// lastClose gives the last closing at or before t. An opening that goes on
// after midnight closes when that ends.
func (c *calendar) lastClose(t time.Time, loc *time.Location) (time.Time, bool) {
	if c == nil {
		return time.Time{}, false
	}
	today := dayIn(t, loc)
	for _, back := range []day{8, search} { // nearly always the first is enough
		var last opening
		for o := range c.openings(today-back, int(back)+2, loc) {
			if o.to > t.Unix() {
				break
			}
			last = o
		}
		if last != (opening{}) {
			return time.Unix(last.to, 0).UTC(), true
		}
	}
	return time.Time{}, false
}
