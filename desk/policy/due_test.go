package policy

import (
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// weekdaysOnly opens Monday to Friday, with the closed rule to be filled in.
const weekdaysOnly = `
currency = "EUR"
zone = "Europe/Berlin"
closed_days = "RULE"
[[library]]
id = "main"
[library.hours]
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]
[[library.exception]]
yearly = "12-25"
why = "Christmas"
[[library.exception]]
date = 2026-05-16
hours = ["10:00-12:00"]
`

const closedAlways = `
currency = "EUR"
zone = "Europe/Berlin"
closed_days = "RULE"
[[library]]
id = "main"
[library.hours]
`

func TestDue(t *testing.T) {
	rule := func(text string, c Closed) string { return strings.Replace(text, "RULE", string(c), 1) }
	in := func(zone string) string { return "currency = \"EUR\"\nzone = \"" + zone + "\"\n" }
	for _, row := range []struct {
		name  string
		rules string
		at    string
		p     Period
		caps  []string // instants
		want  string
		trace string
	}{
		// 1 Add, 2 end of the local day
		{"a day loan is due when the day ends", in("Europe/Berlin"), "2026-05-04T10:00:00+02:00", Period{14, Days}, nil, "2026-05-18T23:59:59+02:00", "lent"},
		{"no days is the same day", in("Europe/Berlin"), "2026-05-04T10:00:00+02:00", Period{0, Days}, nil, "2026-05-04T23:59:59+02:00", "lent"},
		{"lent in the last minute of the day", in("Europe/Berlin"), "2026-05-04T23:59:59+02:00", Period{1, Days}, nil, "2026-05-05T23:59:59+02:00", "lent"},
		{"two weeks are fourteen days", in("Europe/Berlin"), "2026-05-04T10:00:00+02:00", Period{2, Weeks}, nil, "2026-05-18T23:59:59+02:00", "lent"},
		{"a month from the 31st ends with the month", in("Europe/Berlin"), "2026-01-31T10:00:00+01:00", Period{1, Months}, nil, "2026-02-28T23:59:59+01:00", "lent"},
		{"the library's day counts, not the one in UTC", in("America/New_York"), "2020-11-17T04:00:00Z", Period{0, Days}, nil, "2020-11-16T23:59:59-05:00", "lent"},
		{"days over the change of clocks", in("America/Chicago"), "2026-02-15T02:15:00-06:00", Period{21, Days}, nil, "2026-03-08T23:59:59-05:00", "lent"},
		{"a day without midnight", in("America/Santiago"), "2015-09-05T10:00:00-03:00", Period{1, Days}, nil, "2015-09-06T23:59:59-03:00", "lent"},
		{"on to the day that clocks go back at midnight", in("America/Santiago"), "2019-04-05T10:00:00-03:00", Period{1, Days}, nil, "2019-04-06T23:59:59-04:00", "lent"},
		{"hours are instants", in("Europe/Berlin"), "2018-03-14T11:14:54Z", Period{30, Hours}, nil, "2018-03-15T17:14:54Z", "lent"},
		{"24 hours are not a day", in("Europe/Berlin"), "2018-03-14T11:14:54Z", Period{24, Hours}, nil, "2018-03-15T11:14:54Z", "lent"},
		{"hours over the change of clocks", in("Europe/Berlin"), "2026-03-29T01:30:00+01:00", Period{2, Hours}, nil, "2026-03-29T04:30:00+02:00", "lent"},
		{"due in the minutes that clocks leave out", in("Europe/Berlin"), "2026-03-29T01:30:00+01:00", Period{1, Hours}, nil, "2026-03-29T03:30:00+02:00", "lent"},
		{"due in the minutes that come twice: an hour is an hour", in("Europe/Berlin"), "2026-10-25T02:30:00+02:00", Period{1, Hours}, nil, "2026-10-25T02:30:00+01:00", "lent"},
		{"due in minutes at a midnight that does not exist", in("America/Santiago"), "2019-09-07T23:30:00-04:00", Period{30, Minutes}, nil, "2019-09-08T01:00:00-03:00", "lent"},
		{"due in minutes at a midnight that comes twice", in("America/Santiago"), "2019-04-06T23:30:00-03:00", Period{30, Minutes}, nil, "2019-04-06T23:00:00-04:00", "lent"},
		{"lent in the hour that comes twice, the second time", in("America/Santiago"), "2019-04-06T23:30:00-04:00", Period{0, Days}, nil, "2019-04-06T23:59:59-04:00", "lent"},
		{"a day loan due on the leap day", in("Europe/Berlin"), "2028-02-28T10:00:00+01:00", Period{1, Days}, nil, "2028-02-29T23:59:59+01:00", "lent"},
		{"the day after the last of February, where there is no leap day", in("Europe/Berlin"), "2026-02-28T10:00:00+01:00", Period{1, Days}, nil, "2026-03-01T23:59:59+01:00", "lent"},
		{"a year of months from the leap day", in("Europe/Berlin"), "2028-02-29T10:00:00+01:00", Period{12, Months}, nil, "2029-02-28T23:59:59+01:00", "lent"},
		{"four years of months from the leap day", in("Europe/Berlin"), "2028-02-29T10:00:00+01:00", Period{48, Months}, nil, "2032-02-29T23:59:59+01:00", "lent"},
		{"200 minutes", in("Europe/Berlin"), "2018-03-14T11:14:54Z", Period{200, Minutes}, nil, "2018-03-14T14:34:54Z", "lent"},
		{"an unknown unit adds nothing", in("Europe/Berlin"), "2026-05-04T10:00:00+02:00", Period{3, "moons"}, nil, "2026-05-04T23:59:59+02:00", "unknown_unit"},
		{"a period below zero is none", in("Europe/Berlin"), "2026-05-04T10:00:00+02:00", Period{-3, Days}, nil, "2026-05-04T23:59:59+02:00", "lent"},
		{"hours below zero are none", in("Europe/Berlin"), "2026-05-04T10:00:00+02:00", Period{-3, Hours}, nil, "2026-05-04T10:00:00+02:00", "lent"},
		{"a day loan lent within the last second", in("Europe/Berlin"), "2026-05-04T23:59:59.5+02:00", Period{0, Days}, nil, "2026-05-04T23:59:59.5+02:00", "lent not_before"},
		{"the year 9999 is the last", in("Europe/Berlin"), "9999-12-20T10:00:00Z", Period{1, Months}, nil, "9999-12-31T23:59:59Z", "lent calendar_end"},
		{"a library without hours is open every day", in("Europe/Berlin"), "2026-05-08T10:00:00+02:00", Period{1, Days}, nil, "2026-05-09T23:59:59+02:00", "lent"},

		// 3 closed days; 2026-05-09 and -10 are Saturday and Sunday
		{"due on a Saturday, next open day", rule(weekdaysOnly, NextOpen), "2026-05-08T10:00:00+02:00", Period{1, Days}, nil, "2026-05-11T23:59:59+02:00", "lent closed next_open"},
		{"due on a Saturday, open day before", rule(weekdaysOnly, PreviousOpen), "2026-05-07T10:00:00+02:00", Period{2, Days}, nil, "2026-05-08T23:59:59+02:00", "lent closed previous_open"},
		{"due on a Saturday, kept", rule(weekdaysOnly, Keep), "2026-05-08T10:00:00+02:00", Period{1, Days}, nil, "2026-05-09T23:59:59+02:00", "lent"},
		{"due on a Saturday that opens for once", rule(weekdaysOnly, NextOpen), "2026-05-15T10:00:00+02:00", Period{1, Days}, nil, "2026-05-16T23:59:59+02:00", "lent"},
		{"due on a Friday that is Christmas", rule(weekdaysOnly, NextOpen), "2026-12-11T10:00:00+01:00", Period{2, Weeks}, nil, "2026-12-28T23:59:59+01:00", "lent closed next_open"},
		{"closed days on the way do not lengthen it", rule(weekdaysOnly, NextOpen), "2026-05-08T10:00:00+02:00", Period{4, Days}, nil, "2026-05-12T23:59:59+02:00", "lent"},
		{"lent on a Saturday for no day, open day before: not before it was lent", rule(weekdaysOnly, PreviousOpen), "2026-05-09T10:00:00+02:00", Period{0, Days}, nil, "2026-05-09T23:59:59+02:00", "lent closed no_open_day"},
		{"lent on a Saturday until Sunday, open day before: none since", rule(weekdaysOnly, PreviousOpen), "2026-05-09T10:00:00+02:00", Period{1, Days}, nil, "2026-05-10T23:59:59+02:00", "lent closed no_open_day"},
		{"never open: the date stays", rule(closedAlways, NextOpen), "2026-05-08T10:00:00+02:00", Period{1, Days}, nil, "2026-05-09T23:59:59+02:00", "lent closed no_open_day"},
		{"never open, going back", rule(closedAlways, PreviousOpen), "2026-05-08T10:00:00+02:00", Period{50, Months}, nil, "2030-07-08T23:59:59+02:00", "lent closed no_open_day"},
		{"open once in a year", rule(closedAlways, NextOpen) + "[[library.exception]]\ndate = 2027-05-09\nhours = [\"10:00-11:00\"]\n", "2026-05-08T10:00:00+02:00", Period{1, Days}, nil, "2027-05-09T23:59:59+02:00", "lent closed next_open"},
		{"hour loans do not ask whether it is open", rule(weekdaysOnly, NextOpen), "2026-05-08T10:00:00+02:00", Period{24, Hours}, nil, "2026-05-09T10:00:00+02:00", "lent"},

		// 4 caps
		{"a cap that is later changes nothing", in("Europe/Berlin"), "2026-05-04T10:00:00+02:00", Period{14, Days}, []string{"2026-06-01T00:00:00Z"}, "2026-05-18T23:59:59+02:00", "lent"},
		{"a cap in the year 9999 changes nothing", in("Europe/Berlin"), "2026-05-04T10:00:00+02:00", Period{14, Days}, []string{"9999-12-31T23:59:59Z"}, "2026-05-18T23:59:59+02:00", "lent"},
		{"a cap in the year 9999, on a closed day, in that year", rule(closedAlways, NextOpen), "9999-12-20T10:00:00Z", Period{1, Months}, []string{"9999-12-31T12:00:00Z"}, "9999-12-31T12:00:00Z", "lent closed no_open_day capped closed no_open_day"},
		{"a cap shortens", in("Europe/Berlin"), "2026-05-04T10:00:00+02:00", Period{14, Days}, []string{"2026-05-08T23:59:59+02:00"}, "2026-05-08T23:59:59+02:00", "lent capped"},
		{"the shortest of two caps", in("Europe/Berlin"), "2026-05-04T10:00:00+02:00", Period{14, Days}, []string{"2026-05-08T23:59:59+02:00", "2026-05-07T23:59:59+02:00"}, "2026-05-07T23:59:59+02:00", "lent capped capped"},
		{"capped on a Saturday: back to Friday, never forward", rule(weekdaysOnly, NextOpen), "2026-05-04T10:00:00+02:00", Period{14, Days}, []string{"2026-05-09T23:59:59+02:00"}, "2026-05-08T23:59:59+02:00", "lent capped closed previous_open"},
		{"capped on a Saturday, kept", rule(weekdaysOnly, Keep), "2026-05-04T10:00:00+02:00", Period{14, Days}, []string{"2026-05-09T23:59:59+02:00"}, "2026-05-09T23:59:59+02:00", "lent capped"},
		{"rolled forward, then capped before that", rule(weekdaysOnly, NextOpen), "2026-05-08T10:00:00+02:00", Period{1, Days}, []string{"2026-05-10T23:59:59+02:00"}, "2026-05-08T23:59:59+02:00", "lent closed next_open capped closed previous_open"},
		{"capped on the Saturday it was lent", rule(weekdaysOnly, NextOpen), "2026-05-09T10:00:00+02:00", Period{3, Days}, []string{"2026-05-09T23:59:59+02:00"}, "2026-05-09T23:59:59+02:00", "lent capped closed no_open_day"},
		{"a cap that is past gives the time it was lent", in("Europe/Berlin"), "2026-05-04T10:00:00+02:00", Period{14, Days}, []string{"2026-01-01T00:00:00Z"}, "2026-05-04T10:00:00+02:00", "lent capped not_before"},
		{"an hour loan capped at closing time", rule(weekdaysOnly, NextOpen), "2026-05-08T16:30:00+02:00", Period{2, Hours}, []string{"2026-05-08T17:00:00+02:00"}, "2026-05-08T17:00:00+02:00", "lent capped"},
		{"an hour loan capped on a closed day stays there", rule(weekdaysOnly, NextOpen), "2026-05-08T16:30:00+02:00", Period{24, Hours}, []string{"2026-05-09T12:00:00+02:00"}, "2026-05-09T12:00:00+02:00", "lent capped"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := parse(t, row.rules)
			var caps []Cap
			for _, c := range row.caps {
				caps = append(caps, Cap{At: instant(t, c), Why: "card"})
			}
			got, trace := s.Due(instant(t, row.at), "main", Lending{Period: row.p}, caps...)
			if want := instant(t, row.want); !got.Equal(want) {
				t.Errorf("due %s, want %s", got.In(s.Location("main")), want)
			}
			if got.Location() != time.UTC {
				t.Errorf("due %s is not in UTC", got)
			}
			if c := codes(trace); c != row.trace {
				t.Errorf("trace %q, want %q", c, row.trace)
			}
			if last := trace[len(trace)-1]; !last.At.Equal(got) {
				t.Errorf("the trace ends at %s, the loan at %s", last.At, got)
			}
		})
	}
}

func TestTraceSaysWhyAndHowFar(t *testing.T) {
	s := parse(t, strings.Replace(weekdaysOnly, "RULE", "next_open", 1))
	_, trace := s.Due(instant(t, "2026-12-11T10:00:00+01:00"), "main", Lending{Period: Period{2, Weeks}}, Cap{At: instant(t, "2026-12-24T22:59:59Z"), Why: "card"})
	want := []Step{
		{Code: StepLent, N: 2, Unit: Weeks, At: instant(t, "2026-12-25T22:59:59Z")},
		{Code: StepClosed, At: instant(t, "2026-12-25T22:59:59Z"), Row: "Christmas"},
		{Code: StepNextOpen, N: 3, At: instant(t, "2026-12-28T22:59:59Z")},
		{Code: StepCapped, At: instant(t, "2026-12-24T22:59:59Z"), Row: "card"},
	}
	if !reflect.DeepEqual(trace, want) {
		t.Errorf("trace\n%+v, want\n%+v", trace, want)
	}
}

func TestAnUnknownLibraryHasTheSetsZoneAndNoCalendar(t *testing.T) {
	s := parse(t, strings.Replace(weekdaysOnly, "RULE", "next_open", 1))
	got, _ := s.Due(instant(t, "2026-05-08T10:00:00+02:00"), "elsewhere", Lending{Period: Period{1, Days}})
	if want := instant(t, "2026-05-09T23:59:59+02:00"); !got.Equal(want) {
		t.Errorf("due %s, want %s", got, want)
	}
}

func drawCalendar(t *rapid.T, s *Set) {
	c := &calendar{yearly: map[int]hours{}, dates: map[day]hours{}}
	some := hours{spans: rapid.SampledFrom([][]span{{{600, 720}}, {{0, 1440}}, {{540, 720}, {840, 1600}}}).Draw(t, "openings")}
	for i := range c.week {
		if rapid.Bool().Draw(t, "open") {
			c.week[i] = some
		}
	}
	for range rapid.IntRange(0, 5).Draw(t, "exceptions") {
		h := hours{}
		if rapid.Bool().Draw(t, "opens") {
			h = some
		}
		c.dates[day(rapid.IntRange(20000, 20400).Draw(t, "day"))] = h
	}
	s.byID["main"].calendar = c
	s.byID["main"].closed = rapid.SampledFrom([]Closed{Keep, NextOpen, PreviousOpen, SameWeekday, OpenDays}).Draw(t, "rule")
	s.byID["main"].closedHours = rapid.SampledFrom([]ClosedHours{KeepHours, EndOfHours, NextHours}).Draw(t, "hours rule")
}

func TestLawsOfDue(t *testing.T) {
	units := []Unit{Minutes, Hours, Days, Weeks, Months, EndOfOpening}
	rapid.Check(t, func(t *rapid.T) {
		s, err := Parse([]byte("currency = \"EUR\"\nzone = \"" + rapid.SampledFrom(zonesToTry).Draw(t, "zone") + "\"\n[[library]]\nid = \"main\"\n"))
		if err != nil {
			t.Fatal(err)
		}
		drawCalendar(t, s)
		l := s.byID["main"]
		at := time.Unix(rapid.Int64Range(20000*secondsADay, 20400*secondsADay).Draw(t, "at"), rapid.Int64Range(0, 999999999).Draw(t, "ns")).UTC()
		p := Period{rapid.IntRange(-1, 500).Draw(t, "n"), rapid.SampledFrom(units).Draw(t, "unit")}
		lent := Lending{Period: p, Overnight: time.Duration(rapid.IntRange(0, 3).Draw(t, "overnight")) * time.Hour, Morning: time.Hour}
		var caps []Cap
		for range rapid.IntRange(0, 2).Draw(t, "caps") {
			caps = append(caps, Cap{At: at.Add(time.Duration(rapid.IntRange(-100, 2000).Draw(t, "cap")) * time.Hour)})
		}
		due, trace := s.Due(at, "main", lent, caps...)
		if due.Before(at) {
			t.Fatalf("due %s before it was lent at %s", due, at)
		}
		for _, c := range caps {
			if due.After(c.At) && !due.Equal(at) {
				t.Fatalf("due %s after the cap %s", due, c.At)
			}
		}
		again, traceAgain := s.Due(at, "main", lent, caps...)
		if !again.Equal(due) || !reflect.DeepEqual(trace, traceAgain) {
			t.Fatalf("due %s, then %s", due, again)
		}
		said := " " + codes(trace) + " "
		byDay := p.Unit != Minutes && p.Unit != Hours && p.Unit != EndOfOpening
		excused := strings.Contains(said, " "+StepNoOpenDay+" ") || strings.Contains(said, " "+StepNotBefore+" ")
		if byDay && l.closed != Keep && !excused && !s.OpenOn("main", due) {
			t.Fatalf("due %s on a closed day, and the trace says %s", due, said)
		}
		if byDay && len(caps) == 0 && !strings.Contains(said, StepNotBefore) && !due.Equal(s.DayEnd("main", due)) {
			t.Fatalf("due %s, not when the day ends", due)
		}
		if !byDay && l.closedHours != KeepHours && len(caps) == 0 && !excused && !strings.Contains(said, StepOvernight) && l.calendar.closedAt(due.Unix(), l.loc) && !strings.Contains(said, StepNoHours) {
			t.Fatalf("due %s while it is closed, and the trace says %s", due, said)
		}
		if l.closed == SameWeekday || l.closedHours == EndOfHours { // a longer loan may be the shorter
			return
		}
		longer := lent
		longer.Period.N++
		later, _ := s.Due(at, "main", longer)
		if plain, _ := s.Due(at, "main", lent); later.Before(plain) {
			t.Fatalf("%s gives %s, one more only %s", p, plain, longer)
		}
	})
}

func TestDueOfAnyTimeAndPeriodIsSome(t *testing.T) {
	s := parse(t, strings.Replace(closedAlways, "RULE", "next_open", 1))
	times := []time.Time{{}, time.Unix(1<<55, 0), time.Unix(-1<<55, 0), lastInstant, lastInstant.Add(time.Hour)}
	periods := []Period{{}, {1 << 30, Minutes}, {1 << 30, Hours}, {1 << 30, Days}, {1 << 30, Weeks}, {1 << 30, Months}, {-1 << 30, Months}, {1, "\x00"}}
	for _, at := range times {
		for _, p := range periods {
			due, trace := s.Due(at, "main", Lending{Period: p}, Cap{At: at.Add(time.Hour)})
			if due.Before(at) || len(trace) == 0 {
				t.Errorf("lent %s for %s: due %s, %d steps", at, p, due, len(trace))
			}
			if !at.After(lastInstant) && due.After(lastInstant) {
				t.Errorf("lent %s for %s: due %s, which cannot be written", at, p, due)
			}
		}
	}
}
