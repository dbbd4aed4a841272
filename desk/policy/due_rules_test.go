package policy

import (
	"strings"
	"testing"
	"time"
)

// shop opens on weekdays with a break at noon, and on Friday until two in the
// night.
const shop = `
currency = "EUR"
zone = "Europe/Berlin"
[[library]]
id = "main"
[library.hours]
monday = ["09:00-12:00", "14:00-18:00"]
tuesday = ["09:00-12:00", "14:00-18:00"]
wednesday = ["09:00-12:00", "14:00-18:00"]
thursday = ["09:00-12:00", "14:00-18:00"]
friday = ["09:00-12:00", "14:00-02:00"]
[[library.exception]]
date = 2026-05-14
why = "Ascension"
[[schedule]]
id = "semester"
[[schedule.term]]
name = "summer 2026"
from = 2026-04-01
to = 2026-07-19
[[schedule.term]]
name = "winter 2026"
from = 2026-10-01
to = 2027-02-14
due = 2027-02-12
`

// 2026-05-04 is a Monday.
func TestDueByOtherRules(t *testing.T) {
	hours := func(n int, l Lending) Lending { l.Period = Period{n, Hours}; return l }
	days := func(n int, l Lending) Lending { l.Period = Period{n, Days}; return l }
	term := Lending{Period: Period{Unit: EndOfTerm}, Schedule: "semester"}
	closing := Lending{Period: Period{Unit: EndOfOpening}}
	overnight := Lending{Overnight: time.Hour, Morning: 30 * time.Minute}
	for _, row := range []struct {
		name, at string
		lent     Lending
		want     string // empty: no date
		trace    string
	}{
		{"until the library closes for noon", "2026-05-04T10:00:00+02:00", closing, "2026-05-04T12:00:00+02:00", "until_closing"},
		{"until it closes, lent when it opens", "2026-05-04T14:00:00+02:00", closing, "2026-05-04T18:00:00+02:00", "until_closing"},
		{"until it closes after midnight", "2026-05-08T23:00:00+02:00", closing, "2026-05-09T02:00:00+02:00", "until_closing"},
		{"until it closes, lent after midnight", "2026-05-09T01:00:00+02:00", closing, "2026-05-09T02:00:00+02:00", "until_closing"},
		{"until it closes, lent on Sunday: until it closes next", "2026-05-10T11:00:00+02:00", closing, "2026-05-11T12:00:00+02:00", "until_closing"},

		{"end of term", "2026-05-04T10:00:00+02:00", term, "2026-07-17T23:59:59+02:00", "term closed previous_open"},
		{"end of term, with a date of its own", "2026-10-01T00:00:00+02:00", term, "2027-02-12T23:59:59+01:00", "term"},
		{"between the terms", "2026-08-01T10:00:00+02:00", term, "", "no_term"},
		{"lent after the term's own date: due at once", "2027-02-13T10:00:00+01:00", term, "2027-02-13T10:00:00+01:00", "term not_before"},
		{"two weeks, the term ends later", "2026-05-04T10:00:00+02:00", days(14, Lending{DueBy: "semester"}), "2026-05-18T23:59:59+02:00", "lent"},
		{"three months, the term ends before: back to an open day", "2026-05-04T10:00:00+02:00", Lending{Period: Period{3, Months}, DueBy: "semester"}, "2026-07-17T23:59:59+02:00", "lent capped closed previous_open"},
		{"limited by terms, and between them", "2026-08-01T10:00:00+02:00", days(14, Lending{DueBy: "semester"}), "", "lent closed next_open no_term"},

		{"two hours into the break, kept", "2026-05-04T11:00:00+02:00", hours(2, Lending{ClosedHours: KeepHours}), "2026-05-04T13:00:00+02:00", "lent"},
		{"two hours into the break, as the library says", "2026-05-04T11:00:00+02:00", hours(2, Lending{}), "2026-05-04T13:00:00+02:00", "lent"},
		{"two hours into the break, cut", "2026-05-04T11:00:00+02:00", hours(2, Lending{ClosedHours: EndOfHours}), "2026-05-04T12:00:00+02:00", "lent end_of_hours"},
		{"two hours into the break, moved", "2026-05-04T11:00:00+02:00", hours(2, Lending{ClosedHours: NextHours}), "2026-05-04T14:00:00+02:00", "lent next_hours"},
		{"due when it closes is not closed", "2026-05-04T10:00:00+02:00", hours(2, Lending{ClosedHours: NextHours}), "2026-05-04T12:00:00+02:00", "lent"},
		{"due when it opens is not closed", "2026-05-04T11:00:00+02:00", hours(3, Lending{ClosedHours: EndOfHours}), "2026-05-04T14:00:00+02:00", "lent"},
		{"over the night, moved over a holiday", "2026-05-13T17:00:00+02:00", hours(12, Lending{ClosedHours: NextHours}), "2026-05-15T09:00:00+02:00", "lent next_hours"},
		{"into the opening after midnight", "2026-05-08T21:00:00+02:00", hours(4, Lending{ClosedHours: EndOfHours}), "2026-05-09T01:00:00+02:00", "lent"},
		{"lent while it is closed, cut: the end of the next opening", "2026-05-04T07:00:00+02:00", hours(1, Lending{ClosedHours: EndOfHours}), "2026-05-04T12:00:00+02:00", "lent end_of_hours"},

		{"an hour before closing goes overnight", "2026-05-04T17:00:00+02:00", hours(3, overnight), "2026-05-05T09:30:00+02:00", "lent overnight"},
		{"more than an hour before does not", "2026-05-04T16:59:59+02:00", hours(3, overnight), "2026-05-04T19:59:59+02:00", "lent"},
		{"overnight before a holiday and no weekend", "2026-05-13T17:30:00+02:00", hours(1, overnight), "2026-05-15T09:30:00+02:00", "lent overnight"},
		{"overnight before a break is over noon", "2026-05-04T11:30:00+02:00", hours(1, overnight), "2026-05-04T14:30:00+02:00", "lent overnight"},
		{"until closing, overnight", "2026-05-04T17:30:00+02:00", Lending{Period: closing.Period, Overnight: time.Hour}, "2026-05-05T09:00:00+02:00", "until_closing overnight"},
		{"lent while it is closed is not before closing", "2026-05-04T13:30:00+02:00", hours(1, overnight), "2026-05-04T14:30:00+02:00", "lent"},
		{"days do not go overnight", "2026-05-04T17:30:00+02:00", days(1, overnight), "2026-05-05T23:59:59+02:00", "lent"},

		{"open days only", "2026-05-08T10:00:00+02:00", days(5, Lending{ClosedDays: OpenDays}), "2026-05-18T23:59:59+02:00", "lent open_days"},
		{"open days only, none closed on the way", "2026-05-04T10:00:00+02:00", days(3, Lending{ClosedDays: OpenDays}), "2026-05-07T23:59:59+02:00", "lent"},
		{"a week of open days is seven", "2026-05-04T10:00:00+02:00", Lending{Period: Period{1, Weeks}, ClosedDays: OpenDays}, "2026-05-13T23:59:59+02:00", "lent open_days"},
		{"open days, lent for no day on Sunday: the next open day", "2026-05-10T10:00:00+02:00", days(0, Lending{ClosedDays: OpenDays}), "2026-05-11T23:59:59+02:00", "lent closed next_open"},
		{"open days, months: the next open day", "2026-04-09T10:00:00+02:00", Lending{Period: Period{1, Months}, ClosedDays: OpenDays}, "2026-05-11T23:59:59+02:00", "lent closed next_open"},
		{"the same weekday, a week later", "2026-05-07T10:00:00+02:00", days(7, Lending{ClosedDays: SameWeekday}), "2026-05-21T23:59:59+02:00", "lent closed same_weekday"},
		{"the same weekday, in weeks", "2026-04-30T10:00:00+02:00", Lending{Period: Period{2, Weeks}, ClosedDays: SameWeekday}, "2026-05-21T23:59:59+02:00", "lent closed same_weekday"},
		{"no whole weeks: the next open day", "2026-05-04T10:00:00+02:00", days(10, Lending{ClosedDays: SameWeekday}), "2026-05-15T23:59:59+02:00", "lent closed next_open"},
		{"whole weeks to a weekday that never opens: the next open day", "2026-05-09T10:00:00+02:00", days(7, Lending{ClosedDays: SameWeekday}), "2026-05-18T23:59:59+02:00", "lent closed next_open"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := parse(t, shop)
			due, trace := s.Due(instant(t, row.at), "main", row.lent)
			if got := codes(trace); got != row.trace {
				t.Errorf("trace %q, want %q", got, row.trace)
			}
			if row.want == "" {
				if !due.IsZero() {
					t.Errorf("due %s, want no date", due)
				}
				return
			}
			if want := instant(t, row.want); !due.Equal(want) {
				t.Errorf("due %s, want %s", due.In(s.Location("main")), want)
			}
		})
	}
}

// Without hours, or where none are found, nothing is cut and nothing waits.
func TestHourRulesWithoutHours(t *testing.T) {
	at := instant(t, "2026-05-04T10:00:00+02:00")
	for _, row := range []struct{ name, rules, period, want, trace string }{
		{"a library without hours is never closed", "currency = \"EUR\"\nzone = \"Europe/Berlin\"\n", "20 hours", "2026-05-05T06:00:00+02:00", "lent"},
		{"and nobody knows when it closes", "currency = \"EUR\"\nzone = \"Europe/Berlin\"\n", "end of hours", "2026-05-04T23:59:59+02:00", "no_hours"},
		{"one that never opens keeps the time", strings.Replace(closedAlways, "RULE", "next_open", 1), "20 hours", "2026-05-05T06:00:00+02:00", "lent no_open_day"},
		{"one that never opens never closes", strings.Replace(closedAlways, "RULE", "next_open", 1), "end of hours", "2026-05-04T23:59:59+02:00", "no_hours"},
	} {
		p, err := ParsePeriod(row.period)
		if err != nil {
			t.Fatal(err)
		}
		due, trace := parse(t, row.rules).Due(at, "main", Lending{Period: p, ClosedHours: NextHours, Overnight: time.Hour})
		if want := instant(t, row.want); !due.Equal(want) || codes(trace) != row.trace {
			t.Errorf("%s: due %s by %q, want %s by %q", row.name, due, codes(trace), want, row.trace)
		}
	}
}

// One that never closes has no end of hours within the search: the search's end is
// as good as any, and bounded.
func TestALibraryThatNeverClosesIsNeverClosed(t *testing.T) {
	all := "currency = \"EUR\"\nzone = \"Europe/Berlin\"\n[[library]]\nid = \"main\"\n[library.hours]\n"
	for _, d := range weekdays {
		all += d + " = [\"00:00-24:00\"]\n"
	}
	s := parse(t, all)
	at := instant(t, "2026-05-04T10:00:00+02:00")
	if due, trace := s.Due(at, "main", Lending{Period: Period{20, Hours}, ClosedHours: EndOfHours, Overnight: time.Hour}); !due.Equal(at.Add(20*time.Hour)) || codes(trace) != "lent" {
		t.Errorf("due %s by %q", due, codes(trace))
	}
}

func TestALibraryHasTheCalendarOfAnother(t *testing.T) {
	s := parse(t, `
currency = "EUR"
zone = "Europe/Berlin"
[[library]]
id = "kiosk"
calendar_of = "main"
[library.hours]
saturday = ["10:00-12:00"]
[[library.exception]]
date = 2026-12-24
hours = ["10:00-11:00"]
[[library]]
id = "main"
[library.hours]
monday = ["09:00-17:00"]
saturday = ["09:00-17:00"]
[[library.exception]]
yearly = "12-25"
[[library.exception]]
date = 2026-12-19
why = "moving"
[[library.exception]]
date = 2026-12-24
`)
	for _, row := range []struct {
		date string
		open bool
		why  string
	}{
		{"2026-05-04", true, "Monday as in main"},
		{"2026-05-05", false, "Tuesday as in main"},
		{"2026-05-09", true, "Saturday of its own"},
		{"2026-12-19", false, "main's exception, on a weekday of its own"},
		{"2026-12-24", true, "its own exception"},
		{"2026-12-25", false, "main's yearly day"},
	} {
		if got := s.OpenOn("kiosk", instant(t, row.date+"T12:00:00Z")); got != row.open {
			t.Errorf("%s (%s): open %v", row.date, row.why, got)
		}
	}
	if at, ok := s.LastClose("kiosk", instant(t, "2026-05-09T20:00:00+02:00")); !ok || !at.Equal(instant(t, "2026-05-09T12:00:00+02:00")) {
		t.Errorf("closed at %s", at)
	}
}
