package policy

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestLocalDays(t *testing.T) {
	for _, row := range []struct {
		name, zone, at, start, end string
	}{
		{"an ordinary day in Berlin", "Europe/Berlin", "2026-01-15T12:00:00+01:00", "2026-01-15T00:00:00+01:00", "2026-01-15T23:59:59+01:00"},
		{"the last second belongs to its day", "Europe/Berlin", "2026-01-15T23:59:59+01:00", "2026-01-15T00:00:00+01:00", "2026-01-15T23:59:59+01:00"},
		{"the first second belongs to its day", "Europe/Berlin", "2026-01-15T00:00:00+01:00", "2026-01-15T00:00:00+01:00", "2026-01-15T23:59:59+01:00"},
		{"the day that loses an hour", "Europe/Berlin", "2026-03-29T12:00:00+02:00", "2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"},
		{"the day that gains an hour", "Europe/Berlin", "2026-10-25T12:00:00+01:00", "2026-10-25T00:00:00+02:00", "2026-10-25T23:59:59+01:00"},
		{"the local day decides, not the one in UTC", "America/New_York", "2020-11-17T04:00:00Z", "2020-11-16T00:00:00-05:00", "2020-11-16T23:59:59-05:00"},
		{"a day without midnight begins at one in the morning", "America/Santiago", "2019-09-08T12:00:00-03:00", "2019-09-08T01:00:00-03:00", "2019-09-08T23:59:59-03:00"},
		{"the day before a day without midnight", "America/Santiago", "2019-09-07T12:00:00-04:00", "2019-09-07T00:00:00-04:00", "2019-09-07T23:59:59-04:00"},
		{"clocks go back at midnight: the day ends the second time", "America/Santiago", "2019-04-06T12:00:00-03:00", "2019-04-06T00:00:00-03:00", "2019-04-06T23:59:59-04:00"},
		{"clocks go back over midnight at one past: its day ends for good", "America/St_Johns", "2010-11-06T12:00:00-02:30", "2010-11-06T00:00:00-02:30", "2010-11-06T23:59:59-03:30"},
		{"the minute of the next day that is taken back", "America/St_Johns", "2010-11-07T00:00:30-02:30", "2010-11-07T00:00:00-02:30", "2010-11-07T23:59:59-03:30"},
		{"clocks go back to midnight: it begins the first time", "America/Havana", "2025-11-02T12:00:00-05:00", "2025-11-02T00:00:00-04:00", "2025-11-02T23:59:59-05:00"},
		{"the day before the one that Samoa left out", "Pacific/Apia", "2011-12-29T12:00:00-10:00", "2011-12-29T00:00:00-10:00", "2011-12-29T23:59:59-10:00"},
		{"the day after the one that Samoa left out", "Pacific/Apia", "2011-12-31T12:00:00+14:00", "2011-12-31T00:00:00+14:00", "2011-12-31T23:59:59+14:00"},
		{"far east", "Pacific/Kiritimati", "2026-05-05T12:00:00+14:00", "2026-05-05T00:00:00+14:00", "2026-05-05T23:59:59+14:00"},
		{"a zone of quarters of an hour", "Asia/Kathmandu", "2026-05-05T12:00:00+05:45", "2026-05-05T00:00:00+05:45", "2026-05-05T23:59:59+05:45"},
		{"year 9999", "Europe/Berlin", "9999-07-01T12:00:00+02:00", "9999-07-01T00:00:00+02:00", "9999-07-01T23:59:59+02:00"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := Default("EUR", row.zone)
			at := instant(t, row.at)
			if got, want := s.DayStart("any", at), instant(t, row.start); !got.Equal(want) {
				t.Errorf("the day of %s starts %s, want %s", row.at, got.In(want.Location()), want)
			}
			if got, want := s.DayEnd("any", at), instant(t, row.end); !got.Equal(want) {
				t.Errorf("the day of %s ends %s, want %s", row.at, got.In(want.Location()), want)
			}
		})
	}
}

func TestDayLeftOutByItsZoneEndsWithTheDayBefore(t *testing.T) {
	apia := zone(t, "Pacific/Apia")
	gone := dayOfDate(2011, time.December, 30)
	if got, want := gone.end(apia), instant(t, "2011-12-29T23:59:59-10:00"); !got.Equal(want) {
		t.Errorf("30 December 2011 ends %s, want %s", got, want)
	}
	if got, want := gone.start(apia), instant(t, "2011-12-31T00:00:00+14:00"); !got.Equal(want) {
		t.Errorf("30 December 2011 starts %s, want %s", got, want)
	}
}

// zonesToTry have offsets, gaps and overlaps of many kinds.
var zonesToTry = []string{
	"UTC", "Europe/Berlin", "America/New_York", "America/Santiago", "America/Havana", "America/St_Johns",
	"Pacific/Apia", "Pacific/Kiritimati", "Pacific/Kwajalein", "Asia/Kathmandu", "Asia/Tehran", "Asia/Amman",
	"Africa/Cairo", "Australia/Lord_Howe", "Antarctica/Troll", "America/Asuncion", "Atlantic/Azores", "Asia/Manila",
}

// The last day of a leap year after 2037 ends, in every zone: see [bounds].
func TestTheLastDayOfALeapYearEnds(t *testing.T) {
	for _, name := range zonesToTry {
		loc := zone(t, name)
		for year := 2036; year < 2100; year += 4 {
			for hour := -36; hour <= 36; hour += 6 {
				at := time.Date(year, 12, 31, 12+hour, 0, 0, 0, loc)
				d := dayIn(at, loc)
				if start, end := d.start(loc), d.end(loc); start.After(at) || end.Before(at) || end.Sub(start) != 24*time.Hour-time.Second {
					t.Fatalf("%s: %s is not between %s and %s", name, at, start, end)
				}
			}
		}
	}
}

func drawInstant(t *rapid.T) time.Time {
	from := time.Date(1880, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	until := time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	return time.Unix(rapid.Int64Range(from, until).Draw(t, "at"), 0).UTC()
}

func TestEveryInstantLiesInItsLocalDay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loc, err := time.LoadLocation(rapid.SampledFrom(zonesToTry).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		at := drawInstant(t)
		if rapid.Bool().Draw(t, "near a change of clocks") {
			if _, to := at.In(loc).ZoneBounds(); !to.IsZero() {
				at = to.Add(time.Duration(rapid.IntRange(-90000, 90000).Draw(t, "seconds")) * time.Second).UTC()
			}
		}
		d := dayIn(at, loc)
		if y, m, dom := at.In(loc).Date(); d != dayOfDate(y, m, dom) {
			t.Fatalf("%s in %s is day %s", at, loc, d.date())
		}
		start, end := d.start(loc), d.end(loc)
		if start.After(at) || end.Before(at) {
			t.Fatalf("%s in %s is not between %s and %s", at, loc, start, end)
		}
		if got := dayIn(end, loc); got != d {
			t.Fatalf("the end %s of %s lies in %s", end, d.date(), got.date())
		}
		if got := dayIn(end.Add(time.Second), loc); got <= d {
			t.Fatalf("a second after the end %s of %s it is %s", end, d.date(), got.date())
		}
		if got := dayIn(start, loc); got != d {
			t.Fatalf("the start %s of %s lies in %s", start, d.date(), got.date())
		}
	})
}

func TestMonthsEndWithTheMonth(t *testing.T) {
	for _, row := range []struct {
		name, from string
		n          int
		want       string
	}{
		{"31 January and a month", "2026-01-31", 1, "2026-02-28"},
		{"31 January and a month in a leap year", "2028-01-31", 1, "2028-02-29"},
		{"29 February and a year", "2028-02-29", 12, "2029-02-28"},
		{"29 February and four years", "2028-02-29", 48, "2032-02-29"},
		{"31 October and a month", "2026-10-31", 1, "2026-11-30"},
		{"31 December and two months", "2026-12-31", 2, "2027-02-28"},
		{"14 March and eight months", "2018-03-14", 8, "2018-11-14"},
		{"no month", "2026-01-31", 0, "2026-01-31"},
		{"2100 is no leap year", "2100-01-31", 1, "2100-02-28"},
	} {
		t.Run(row.name, func(t *testing.T) {
			from, err := time.Parse(time.DateOnly, row.from)
			if err != nil {
				t.Fatal(err)
			}
			if got := dayOfDate(from.Date()).addMonths(row.n).date().Format(time.DateOnly); got != row.want {
				t.Errorf("%s and %d months is %s, want %s", row.from, row.n, got, row.want)
			}
		})
	}
}

func TestWeekdayIsTheCalendars(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := day(rapid.IntRange(-800000, 3000000).Draw(t, "day"))
		if got, want := d.weekday(), d.date().Weekday(); got != want {
			t.Fatalf("%s is %s, want %s", d.date(), got, want)
		}
		if back := dayOfDate(d.date().Date()); back != d {
			t.Fatalf("day %d came back as %d", d, back)
		}
	})
}
