package policy

import "time"

// A day is a calendar day without a zone: days since 1970-01-01. Arithmetic on
// days is floating, so a midnight that a zone leaves out is no trouble.
type day int64

const (
	secondsADay = 24 * 60 * 60
	// farthest bounds how far a zone can be from UTC, with room: zones of today
	// lie between -12 and +14 hours, old local mean times within ±16.
	farthest = 26 * 60 * 60
)

// dayIn gives the local day of an instant.
func dayIn(t time.Time, loc *time.Location) day {
	_, off := t.In(loc).Zone()
	return dayOfSeconds(t.Unix() + int64(off))
}

func dayOfSeconds(wall int64) day {
	d := wall / secondsADay
	if wall%secondsADay < 0 {
		d--
	}
	return day(d)
}

func dayOfDate(year int, month time.Month, d int) day {
	return dayOfSeconds(time.Date(year, month, d, 0, 0, 0, 0, time.UTC).Unix())
}

// date gives the day as midnight in UTC: a floating date.
func (d day) date() time.Time { return time.Unix(int64(d)*secondsADay, 0).UTC() }

// weekday gives Sunday = 0 … Saturday = 6, as [time.Weekday] does.
func (d day) weekday() time.Weekday {
	w := (int64(d) + 4) % 7 // 1970-01-01 was a Thursday
	if w < 0 {
		w += 7
	}
	return time.Weekday(w)
}

// addMonths goes n months on; a day that the month does not have becomes its
// last, so 31 January and one month is 28 or 29 February.
func (d day) addMonths(n int) day {
	y, m, dom := d.date().Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return dayOfDate(first.Year(), first.Month(), min(dom, last))
}

// add goes on by a period of days or longer.
func (d day) add(p Period) day {
	switch p.Unit {
	case Weeks:
		return d + 7*day(p.N)
	case Months:
		return d.addMonths(p.N)
	default:
		return d + day(p.N)
	}
}

// end gives the last whole second of the day in a zone: 23:59:59 as a rule. It
// is one second before the first instant that belongs to a later day for good,
// so a clock set back over midnight does not end the day early, and a day that
// the zone leaves out ends with the day before it.
func (d day) end(loc *time.Location) time.Time {
	return time.Unix(closing(int64(d+1)*secondsADay, loc)-1, 0).UTC()
}

// start gives the first instant of the day in a zone: 00:00:00 as a rule, 01:00
// where the zone has no midnight that day.
func (d day) start(loc *time.Location) time.Time {
	return time.Unix(opens(int64(d)*secondsADay, loc), 0).UTC()
}

// closing gives the instant from which on clocks show wall (seconds since
// 1970-01-01 00:00 on the wall) or later, for good. Where clocks are set back
// over it that is the second time, where they jump over it the jump.
func closing(wall int64, loc *time.Location) int64 {
	last := wall - farthest
	for t := time.Unix(last, 0).In(loc); ; {
		from, to := bounds(t)
		_, off := t.Zone()
		u := wall - int64(off)
		if !to.IsZero() {
			u = min(u, to.Unix())
		}
		if from.IsZero() || from.Unix() < u {
			last = u
		}
		if to.IsZero() || to.Unix() > wall+farthest {
			return last
		}
		t = to
	}
}

// bounds gives when the offset of an instant began and when it ends, as
// [time.Time.ZoneBounds] does; both may be instants at which nothing changes. Of
// the last day of a leap year after 2037 that one says in Go 1.26 that the offset
// has ended when the day began: it takes the year for one of 365 days.
func bounds(t time.Time) (from, to time.Time) {
	from, to = t.ZoneBounds()
	if !to.IsZero() && !to.After(t) {
		to = time.Unix(t.Unix()-t.Unix()%secondsADay+secondsADay, 0).In(t.Location())
	}
	return from, to
}

// opens gives the first instant at which clocks show wall or later.
func opens(wall int64, loc *time.Location) int64 {
	for t := time.Unix(wall-farthest, 0).In(loc); ; {
		from, to := bounds(t)
		_, off := t.Zone()
		u := wall - int64(off)
		if !from.IsZero() {
			u = max(u, from.Unix())
		}
		if to.IsZero() || u < to.Unix() {
			return u
		}
		t = to
	}
}
