package policy

import "time"

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
)

// A span is one opening of a day, in minutes after midnight on the wall.
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
	yearly map[int]hours // by month*100 + day; beats the week
	dates  map[day]hours // beats both
}

// on gives the openings of a day.
func (c *calendar) on(d day) hours {
	if h, ok := c.dates[d]; ok {
		return h
	}
	if len(c.yearly) > 0 {
		_, m, dom := d.date().Date()
		if h, ok := c.yearly[int(m)*100+dom]; ok {
			return h
		}
	}
	return c.week[d.weekday()]
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

// lastClose gives the last closing at or before t. An opening that goes on
// after midnight closes when that ends.
func (c *calendar) lastClose(t time.Time, loc *time.Location) (time.Time, bool) {
	if c == nil {
		return time.Time{}, false
	}
	d := dayIn(t, loc)
	for range search {
		spans := c.on(d).spans
		for i := len(spans) - 1; i >= 0; i-- {
			to := spans[i].to
			if to == 24*60 && c.opensAtMidnight(d+1) {
				continue
			}
			at := closing(int64(d)*secondsADay+int64(to)*60, loc)
			if at <= t.Unix() {
				return time.Unix(at, 0).UTC(), true
			}
		}
		d--
	}
	return time.Time{}, false
}

func (c *calendar) opensAtMidnight(d day) bool {
	spans := c.on(d).spans
	return len(spans) > 0 && spans[0].from == 0
}
