package words

import (
	"strconv"
	"strings"
	"time"

	"circdesk/desk/money"
)

// near is how far from now a due date is said without its year.
const near = 300 * 24 * time.Hour

// Due gives a due date: "Mon 14 Dec". A loan that ends before its day does also
// has the time, "Mon 14 Dec 15:30". The year stands behind a day that is more
// than 300 days from n.Now, or when that is not known. Empty for no date.
func (b *Book) Due(t time.Time, n Names) string { return b.due(false, t, n) }

// DueLong gives a due date in full words: "Monday 14 December".
func (b *Book) DueLong(t time.Time, n Names) string { return b.due(true, t, n) }

// LastDay gives the last day before an instant, as [Book.Due] does: what is valid
// until midnight is valid on the day before it.
func (b *Book) LastDay(t time.Time, n Names) string {
	if t.IsZero() {
		return ""
	}
	last := t.Add(-time.Nanosecond).In(n.zone())
	return b.Due(time.Date(last.Year(), last.Month(), last.Day(), 23, 59, 59, 0, n.zone()), n)
}

func (b *Book) due(long bool, t time.Time, n Names) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(n.zone())
	year, clock := t, t
	if d := t.Sub(n.Now); !n.Now.IsZero() && d.Abs() <= near {
		year = time.Time{}
	}
	if endsDay(t) {
		clock = time.Time{}
	}
	return b.day(long, t, year, clock)
}

// endsDay reports whether t is in the last minute of its day, as day loans end.
func endsDay(t time.Time) bool { return t.Hour() == 23 && t.Minute() == 59 }

// Date gives a day with its year: "Mon 14 Dec 2026". A nil zone is UTC. Empty
// for no time.
func (b *Book) Date(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = in(t, zone)
	return b.day(false, t, t, time.Time{})
}

// DateTime gives a day with its year and the time: "Mon 14 Dec 2026 15:30". A
// nil zone is UTC. Empty for no time.
func (b *Book) DateTime(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = in(t, zone)
	return b.day(false, t, t, t)
}

// When gives an instant as short as it is still clear: "15:10" on the day of
// n.Now, else "Mon 14 Dec 15:10", with the year where [Book.Due] has it.
func (b *Book) When(t time.Time, n Names) string {
	if t.IsZero() {
		return ""
	}
	t = t.In(n.zone())
	now := n.Now.In(n.zone())
	if !n.Now.IsZero() && t.Year() == now.Year() && t.YearDay() == now.YearDay() {
		return b.Clock(t, n.zone())
	}
	year := t
	if d := t.Sub(n.Now); !n.Now.IsZero() && d.Abs() <= near {
		year = time.Time{}
	}
	return b.day(false, t, year, t)
}

// Clock gives the time of day: "15:30". A nil zone is UTC. Empty for no time.
func (b *Book) Clock(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	return in(t, zone).Format("15:04")
}

// Now gives the weekday and the time, for the status line: "Mon 14:05".
func (b *Book) Now(t time.Time, zone *time.Location) string {
	if t.IsZero() {
		return ""
	}
	t = in(t, zone)
	return b.Text(dateNow, "weekday", b.name("weekday", t.Weekday().String()), "time", t.Format("15:04"))
}

// day writes a day; year and clock are left out when they are zero.
func (b *Book) day(long bool, t, year, clock time.Time) string {
	key, size := dateDay, ""
	if long {
		key, size = dateDayLong, "_long"
	}
	args := []string{
		"weekday", b.name("weekday"+size, t.Weekday().String()),
		"day", strconv.Itoa(t.Day()),
		"month", b.name("month"+size, t.Month().String()),
	}
	if !year.IsZero() {
		args = append(args, "year", strconv.Itoa(year.Year()))
	}
	if !clock.IsZero() {
		args = append(args, "time", clock.Format("15:04"))
	}
	return b.Text(key, args...)
}

// The rows that [Book.Due] and its like are written by.
const (
	dateDay     Key = "date.day"      // {weekday} {day} {month} {year} {time}
	dateDayLong Key = "date.day_long" // {weekday} {day} {month} {year} {time}
	dateNow     Key = "date.now"      // {weekday} {time}
)

// name gives the name of a day or a month, which the table has by its English
// name.
func (b *Book) name(kind, english string) string {
	return b.coded("calendar", kind+"_"+strings.ToLower(english))
}

// in gives t in a zone; nil is UTC.
func in(t time.Time, zone *time.Location) time.Time {
	if zone == nil {
		zone = time.UTC
	}
	return t.In(zone)
}

// Money gives an amount as a desk writes it, without its currency, which is the
// library's: "13.20".
func (b *Book) Money(a money.Amount) string { return a.Decimal() }
