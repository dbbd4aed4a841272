package policy

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pelletier/go-toml/v2"
)

// Bounds of a calendar.
const (
	mostSpans      = 24   // openings of a day
	mostExceptions = 5000 // tables
	mostDates      = 20000
	longest        = 366 // days of one exception
)

var weekdays = [7]string{"sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"}

// calendar takes a library's opening hours; nil: there are none. Where it is over
// another library's, a weekday that is not named is that one's.
func (t *table) calendar(over bool) *calendar {
	week := t.table("hours")
	exceptions := t.tables("exception", mostExceptions)
	if week == nil && !over {
		if len(exceptions) > 0 {
			t.bad("", "has exceptions, but no [library.hours] that they are exceptions from")
		}
		return nil
	}
	c := &calendar{yearly: map[int]hours{}, dates: map[day]hours{}}
	if week != nil {
		for i, name := range weekdays {
			_, c.named[i] = week.left[name]
			c.week[i].spans = week.spans(name)
		}
		week.done()
	}
	for _, e := range exceptions {
		e.exception(c)
	}
	return c
}

// exception takes one exception into the calendar. A later one for the same day
// replaces an earlier one.
func (t *table) exception(c *calendar) {
	h := hours{spans: t.spans("hours")}
	h.why, _ = t.text("why", 100)
	_, dated := t.left["date"]
	_, yearly := t.left["yearly"]
	switch {
	case dated && yearly:
		t.bad("", "has both date and yearly")
		t.take("date")
		t.take("yearly")
		t.take("until")
	case dated:
		t.dated(c, h)
	case yearly:
		t.yearly(c, h)
	default:
		t.bad("", "date is missing, as in date = 2026-12-24, or yearly = \"12-25\"")
		t.take("until")
	}
	t.done()
}

func (t *table) dated(c *calendar, h hours) {
	_, ranged := t.left["until"]
	from, ok := t.date("date")
	until := from
	if ranged {
		var ended bool
		until, ended = t.date("until")
		ok = ok && ended
	}
	if !ok {
		return
	}
	switch {
	case until < from:
		t.bad("until", "is before date")
		return
	case until-from >= longest:
		t.bad("until", "is more than a year after date")
		return
	case len(c.dates)+int(until-from) >= mostDates:
		t.bad("", "more than %d days are exceptions", mostDates)
		return
	}
	for d := from; d <= until; d++ {
		c.dates[d] = h
	}
}

func (t *table) yearly(c *calendar, h hours) {
	s, ok := t.text("yearly", 60)
	if !ok {
		return
	}
	// 2000 is a leap year: 29 February is a day.
	at, err := time.Parse("2006-01-02", "2000-"+s)
	if err != nil {
		t.bad("yearly", "%s is not a month and a day, as in \"12-25\"", quote(s))
		return
	}
	c.yearly[int(at.Month())*100+at.Day()] = h
}

// date takes a day, as TOML writes dates or as text.
func (t *table) date(key string) (day, bool) {
	v, _ := t.take(key)
	var at time.Time
	var err error
	switch v := v.(type) {
	case toml.LocalDate:
		at = v.AsTime(time.UTC)
	case string:
		at, err = time.Parse(time.DateOnly, v)
	default:
		err = fmt.Errorf("not a date")
	}
	if err != nil || at.Year() < 1900 {
		t.bad(key, "want a date since 1900, as in 2026-12-24")
		return 0, false
	}
	return dayOfDate(at.Date()), true
}

// spans takes the openings of a day: ["10:00-12:30", "14:00-19:00"]. None: closed.
func (t *table) spans(key string) []span {
	v, ok := t.take(key)
	if !ok {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		t.bad(key, "want a list, as in [\"10:00-12:30\", \"14:00-19:00\"], not %s", kind(v))
		return nil
	}
	if len(list) > mostSpans {
		t.bad(key, "has %d openings, at most %d are read", len(list), mostSpans)
		return nil
	}
	var spans []span
	for _, v := range list {
		s, ok := v.(string)
		if !ok {
			t.bad(key, "want an opening in quotes, as in \"10:00-12:30\", not %s", kind(v))
			continue
		}
		one, err := parseSpan(s)
		if err != nil {
			t.bad(key, "%v", err)
			continue
		}
		spans = append(spans, one)
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	return t.joined(key, spans)
}

// joined makes one opening of two that touch, and notes those that overlap.
func (t *table) joined(key string, spans []span) []span {
	var out []span
	for _, s := range spans {
		last := len(out) - 1
		switch {
		case last >= 0 && s.from < out[last].to:
			t.bad(key, "%s and %s overlap", out[last], s)
		case last >= 0 && s.from == out[last].to:
			out[last].to = s.to
		default:
			out = append(out, s)
		}
	}
	return out
}

func (s span) String() string {
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.from/60, s.from%60, s.to/60, s.to%60)
}

// parseSpan reads "10:00-12:30"; "20:00-02:00" ends on the day after.
func parseSpan(s string) (span, error) {
	from, to, ok := strings.Cut(s, "-")
	if !ok {
		return span{}, fmt.Errorf("opening %s: want one as in \"10:00-12:30\"", quote(s))
	}
	a, okA := parseClock(strings.TrimSpace(from))
	b, okB := parseClock(strings.TrimSpace(to))
	switch {
	case !okA || !okB:
		return span{}, fmt.Errorf("opening %s: want times from 00:00 to 24:00, as in \"10:00-12:30\"", quote(s))
	case a == b:
		return span{}, fmt.Errorf("opening %s: ends when it begins; all day is \"00:00-24:00\"", quote(s))
	case b < a:
		b += 24 * 60
	}
	return span{a, b}, nil
}

// parseClock reads "9:30" or "09:30" as minutes after midnight.
func parseClock(s string) (int, bool) {
	h, m, ok := strings.Cut(s, ":")
	if !ok || len(h) > 2 || len(m) != 2 {
		return 0, false
	}
	hh, okH := digits(h)
	mm, okM := digits(m)
	at := hh*60 + mm
	return at, okH && okM && mm < 60 && at <= 24*60
}
