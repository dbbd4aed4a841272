package policy

import (
	"strings"
	"testing"
	"time"
)

// The rows are those of a list of what other systems' own tests expect (Koha's
// t/Calendar.t, CalcDateDue.t, dateexpiry.t and hold shelf tests, Evergreen's
// pgTAP tests, FOLIO's mod-circulation), by their numbers there. Where a row says
// a date and no time, the loan is one of days, and ends with the library's day.

// kohaCalendar is the calendar of Koha's t/Calendar.t.
const kohaCalendar = `
currency = "EUR"
zone = "Europe/London"
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
yearly = "01-01"
[[library.exception]]
yearly = "12-25"
[[library.exception]]
date = 2011-06-01
[[library.exception]]
date = 2012-07-04
[[library.exception]]
date = 2012-11-11
hours = ["09:00-17:00"]
`

// everyDay opens every day from ten to four; closed names days on which it does
// not, by date or weekday.
func everyDay(rule Closed, closed ...string) string {
	text := "currency = \"EUR\"\nzone = \"Europe/London\"\nclosed_days = \"" + string(rule) + "\"\n[[library]]\nid = \"main\"\n[library.hours]\n"
	var dates string
	shut := map[string]bool{}
	for _, c := range closed {
		if strings.Contains(c, "-") {
			dates += "[[library.exception]]\ndate = " + c + "\n"
		}
		shut[c] = true
	}
	for _, d := range weekdays {
		if !shut[d] {
			text += d + " = [\"10:00-16:00\"]\n"
		}
	}
	return text + dates
}

func withSchedule(text, terms string) string {
	return text + "[[schedule]]\nid = \"s\"\n" + terms
}

func termOf(from, to string) string {
	return "[[schedule.term]]\nname = \"" + from[:7] + "\"\nfrom = " + from + "\nto = " + to + "\n"
}

func TestDueDatesOfOtherSystems(t *testing.T) {
	koha := func(rule Closed) string { return strings.Replace(kohaCalendar, "RULE", string(rule), 1) }
	in := func(zone string) string { return "currency = \"EUR\"\nzone = \"" + zone + "\"\n" }
	period := func(s string) Lending {
		p, err := ParsePeriod(s)
		if err != nil {
			t.Fatal(err)
		}
		return Lending{Period: p}
	}
	with := func(s string, change func(*Lending)) Lending { l := period(s); change(&l); return l }
	year2018 := withSchedule(in("UTC"), termOf("2018-01-01", "2018-12-31"))
	monthly := withSchedule(in("UTC"), termOf("2018-01-01", "2018-01-31")+termOf("2018-02-01", "2018-02-28")+termOf("2018-03-01", "2018-03-31"))
	gap := withSchedule(in("UTC"), termOf("2018-03-01", "2018-03-31")+termOf("2018-05-01", "2018-05-31"))
	ofTerm := with("end of term", func(l *Lending) { l.Schedule = "s" })
	limited := func(s string) Lending { return with(s, func(l *Lending) { l.DueBy = "s" }) }
	cut := func(s string) Lending { return with(s, func(l *Lending) { l.ClosedHours = EndOfHours }) }
	next := func(s string) Lending { return with(s, func(l *Lending) { l.ClosedHours = NextHours }) }
	folioDay := strings.Replace(everyDay(PreviousOpen, "2018-12-13"), "Europe/London", "UTC", 1)
	fridayOpen := func(zone, spans string) string {
		return in(zone) + "[[library]]\nid = \"main\"\n[library.hours]\nfriday = [" + spans + "]\nmonday = [\"00:00-24:00\"]\n"
	}
	for _, row := range []struct {
		id    string
		rules string
		at    string
		lent  Lending
		cap   string
		want  string // a date: the end of the library's day; empty: no date
	}{
		{"12", koha(NextOpen), "2012-07-03T10:00:00Z", period("2 days"), "", "2012-07-05"},
		// 15 and 21 go back by a day to Christmas, a loan of five days from the 20th goes forward to it.
		{"15 and 21, forward", koha(PreviousOpen), "2012-12-20T10:00:00Z", period("5 days"), "", "2012-12-24"},
		{"27, forward", koha(Keep), "2012-12-20T10:00:00Z", period("5 days"), "", "2012-12-25"},
		{"13", koha(NextOpen), "2012-07-23T11:53:00Z", period("7 days"), "", "2012-07-30"},
		{"18", koha(OpenDays), "2012-07-03T10:00:00Z", period("1 day"), "", "2012-07-05"},
		{"19", koha(OpenDays), "2012-07-23T11:53:00Z", period("7 days"), "", "2012-08-01"},
		{"24", koha(Keep), "2012-07-03T10:00:00Z", period("1 day"), "", "2012-07-04"},
		{"25", koha(Keep), "2012-07-23T11:53:00Z", period("7 days"), "", "2012-07-30"},

		// 36, 37 and 39 cap at an expiry that is past already; here they are dated back,
		// so that it is not: see 282.
		{"36 and 37, dated back", everyDay(Keep), "2012-12-28T10:00:00Z", period("10 days"), "2013-01-01T23:59:59Z", "2013-01-01"},
		{"39, dated back", everyDay(NextOpen, "2012-12-31", "2013-01-01"), "2012-12-28T10:00:00Z", period("10 days"), "2013-01-01T23:59:59Z", "2012-12-30"},
		{"40", everyDay(Keep), "2013-02-09T10:00:00Z", period("10 days"), "", "2013-02-19"},
		{"42", everyDay(SameWeekday), "2013-02-09T10:00:00Z", period("10 days"), "", "2013-02-19"},
		{"43", everyDay(SameWeekday), "2013-02-09T10:00:00Z", period("5 days"), "", "2013-02-14"},
		{"45", everyDay(SameWeekday, "2013-02-14"), "2013-02-09T10:00:00Z", period("5 days"), "", "2013-02-15"},
		{"46", everyDay(SameWeekday, "2013-02-23"), "2013-02-09T10:00:00Z", period("14 days"), "", "2013-03-02"},
		{"48", everyDay(SameWeekday, "2013-02-16", "2013-02-23", "2013-03-02"), "2013-02-09T10:00:00Z", period("14 days"), "", "2013-03-09"},
		{"49", everyDay(SameWeekday, "2013-02-16", "2013-02-23", "2013-03-02"), "2013-02-09T10:00:00Z", period("7 days"), "", "2013-03-09"},
		{"51", everyDay(SameWeekday, "saturday"), "2013-02-09T10:00:00Z", period("7 days"), "", "2013-02-17"},
		{"52", everyDay(Keep), "2013-02-17T10:00:00Z", period("0 days"), "", "2013-02-17"},
		{"54", everyDay(Keep), "2023-05-01T14:00:00+01:00", cut("3 hours"), "", "2023-05-01T16:00:00+01:00"},
		{"55", everyDay(Keep), "2023-05-01T14:00:00+01:00", next("3 hours"), "", "2023-05-02T10:00:00+01:00"},
		{"57", everyDay(Keep, "2023-05-02"), "2023-05-01T14:00:00+01:00", next("18 hours"), "", "2023-05-03T10:00:00+01:00"},
		{"58", everyDay(Keep), "2023-05-01T14:00:00+01:00", period("10 days"), "2023-05-01T23:59:59+01:00", "2023-05-01"},
		{"120", in("America/Santiago"), "2015-09-05T12:00:00-03:00", period("1 day"), "", "2015-09-06"},
		{"121", everyDay(OpenDays, weekdays[:]...), "2013-02-09T10:00:00Z", period("1 day"), "", "2013-02-10"},

		{"147", in("America/Chicago"), "2026-02-15T02:15:00-06:00", period("21 days"), "", "2026-03-08"},
		{"148", in("America/Chicago"), "2026-01-01T07:15:00-06:00", period("21 days"), "", "2026-01-22"},
		{"150", in("America/New_York"), "2026-01-01T13:15:00Z", period("2 hours"), "", "2026-01-01T10:15:00-05:00"},
		{"153", in("UTC"), "2018-12-31T00:00:00Z", period("1 day"), "", "2019-01-01"},
		{"154", in("UTC"), "2018-12-31T23:00:00Z", period("1 hour"), "", "2019-01-01T00:00:00Z"},
		{"156", in("America/New_York"), "2020-11-16T06:00:00Z", period("0 days"), "", "2020-11-16"},
		{"157", in("America/New_York"), "2020-11-16T07:00:00Z", period("0 days"), "", "2020-11-16"},
		{"159", in("America/New_York"), "2020-11-16T09:00:00Z", period("0 days"), "", "2020-11-16"},
		{"160", in("America/New_York"), "2020-11-16T10:00:00Z", period("0 days"), "", "2020-11-16"},
		{"162", in("America/New_York"), "2020-11-16T12:00:00Z", period("0 days"), "", "2020-11-16"},
		{"163", in("America/New_York"), "2020-11-16T13:00:00Z", period("0 days"), "", "2020-11-16"},
		{"165", in("America/New_York"), "2020-11-16T15:00:00Z", period("0 days"), "", "2020-11-16"},
		{"166", in("America/New_York"), "2020-11-16T16:00:00Z", period("0 days"), "", "2020-11-16"},
		{"168", in("America/New_York"), "2020-11-16T18:00:00Z", period("0 days"), "", "2020-11-16"},
		{"169", in("America/New_York"), "2020-11-16T19:00:00Z", period("0 days"), "", "2020-11-16"},
		{"171", in("America/New_York"), "2020-11-16T21:00:00Z", period("0 days"), "", "2020-11-16"},
		{"172", in("America/New_York"), "2020-11-16T22:00:00Z", period("0 days"), "", "2020-11-16"},
		{"174", in("America/New_York"), "2020-11-17T00:00:00Z", period("0 days"), "", "2020-11-16"},
		{"175", in("America/New_York"), "2020-11-17T01:00:00Z", period("0 days"), "", "2020-11-16"},
		{"177", in("America/New_York"), "2020-11-17T03:00:00Z", period("0 days"), "", "2020-11-16"},
		{"178", in("America/New_York"), "2020-11-17T04:00:00Z", period("0 days"), "", "2020-11-16"},

		// 180 to 192 keep the time of day, before FOLIO's own rule of 153 ends the day.
		{"180", in("UTC"), "2018-03-14T11:14:54Z", period("8 months"), "", "2018-11-14"},
		{"181", in("UTC"), "2018-03-14T11:14:54Z", period("12 months"), "", "2019-03-14"},
		{"183", in("UTC"), "2018-03-14T11:14:54Z", period("1 week"), "", "2018-03-21"},
		{"184", in("UTC"), "2018-03-14T11:14:54Z", period("2 weeks"), "", "2018-03-28"},
		{"186", in("UTC"), "2018-03-14T11:14:54Z", period("4 weeks"), "", "2018-04-11"},
		{"187", in("UTC"), "2018-03-14T11:14:54Z", period("5 weeks"), "", "2018-04-18"},
		{"189", in("UTC"), "2018-03-14T11:14:54Z", period("7 days"), "", "2018-03-21"},
		{"190", in("UTC"), "2018-03-14T11:14:54Z", period("14 days"), "", "2018-03-28"},
		{"192", in("UTC"), "2018-03-14T11:14:54Z", period("30 days"), "", "2018-04-13"},
		{"193", in("UTC"), "2018-03-14T11:14:54Z", period("100 days"), "", "2018-06-22"},
		{"195", in("UTC"), "2018-03-14T11:14:54Z", period("5 hours"), "", "2018-03-14T16:14:54Z"},
		{"196", in("UTC"), "2018-03-14T11:14:54Z", period("30 hours"), "", "2018-03-15T17:14:54Z"},
		{"198", in("UTC"), "2018-03-14T11:14:54Z", period("60 hours"), "", "2018-03-16T23:14:54Z"},
		{"199", in("UTC"), "2018-03-14T11:14:54Z", period("24 hours"), "", "2018-03-15T11:14:54Z"},
		{"201", in("UTC"), "2018-03-14T11:14:54Z", period("5 minutes"), "", "2018-03-14T11:19:54Z"},
		{"202", in("UTC"), "2018-03-14T11:14:54Z", period("30 minutes"), "", "2018-03-14T11:44:54Z"},
		{"204", in("UTC"), "2018-03-14T11:14:54Z", period("200 minutes"), "", "2018-03-14T14:34:54Z"},

		{"210", withSchedule(in("UTC"), termOf("2018-03-01", "2018-03-31")), "2018-03-11T16:21:43Z", limited("2 weeks"), "", "2018-03-25"},
		{"211", gap, "2018-04-03T09:25:43Z", limited("1 month"), "", ""},
		{"214", year2018, "2018-03-14T11:14:54Z", ofTerm, "", "2018-12-31"},
		{"216", year2018, "2017-12-30T14:32:21Z", ofTerm, "", ""},
		{"217", year2018, "2019-01-01T08:10:45Z", ofTerm, "", ""},
		{"219", monthly, "2018-02-27T16:23:43Z", ofTerm, "", "2018-02-28"},
		{"220", monthly, "2018-03-12T07:15:23Z", ofTerm, "", "2018-03-31"},
		{"222", in("UTC"), "2018-06-01T21:32:11Z", period("30 days"), "", "2018-07-01"},
		// 223 counts from the due date; a renewal here counts from the day it is done.
		{"223, from the day it is done", withSchedule(in("UTC"), "[[schedule.term]]\nfrom = 2018-03-01\nto = 2018-03-31\ndue = 2018-04-10\n"), "2018-03-29T11:14:54Z", limited("15 days"), "", "2018-04-10"},
		{"225", gap, "2018-04-03T09:25:43Z", limited("1 month"), "", ""},
		{"226", folioDay, "2018-12-11T10:00:00Z", period("2 days"), "", "2018-12-12"},
		{"228", strings.Replace(folioDay, "previous_open", "next_open", 1), "2018-12-11T10:00:00Z", period("2 days"), "", "2018-12-14"},
		{"229", withSchedule(in("America/New_York"), termOf("2018-01-01", "2018-12-31")), "2018-01-11T14:43:54-05:00", ofTerm, "", "2018-12-31"},
		{"231", in("UTC"), "2018-12-14T11:00:00Z", cut("1 hour"), "", "2018-12-14T12:00:00Z"},
		{"234", fridayOpen("America/New_York", `"00:00-24:00"`), "2018-12-14T11:00:00-05:00", cut("24 hours"), "", "2018-12-15T00:00:00-05:00"},
		{"235", fridayOpen("UTC", `"00:00-24:00"`), "2018-12-14T11:00:00Z", cut("24 hours"), "", "2018-12-15T00:00:00Z"},
		{"237", in("UTC") + "[[library]]\nid = \"main\"\n[library.hours]\ntuesday = [\"19:00-23:59\"]\nthursday = [\"00:00-03:00\"]\n", "2019-02-05T11:00:00Z", cut("1 hour"), "", "2019-02-05T23:59:00Z"},
		{"238", fridayOpen("UTC", `"08:00-12:00", "14:00-19:00"`), "2019-02-01T11:00:00Z", cut("25 hours"), "", "2019-02-01T12:00:00Z"},
		{"273", in("UTC"), "2018-03-14T11:14:54Z", period("5 hours"), "", "2018-03-14T16:14:54Z"}, // as 300 minutes are
		{"273, in minutes", in("UTC"), "2018-03-14T11:14:54Z", period("300 minutes"), "", "2018-03-14T16:14:54Z"},
		{"277", in("America/New_York"), "2026-04-27T14:10:00-04:00", period("7 days"), "", "2026-05-04"},
		{"279", in("America/New_York"), "2026-05-04T12:10:00-04:00", period("2 hours"), "", "2026-05-04T14:10:00-04:00"},
		{"280", in("UTC"), "2026-05-01T10:00:00Z", period("21 days"), "2026-05-15T23:59:59Z", "2026-05-15T23:59:59Z"},
	} {
		t.Run(row.id, func(t *testing.T) {
			s := parse(t, row.rules)
			var caps []Cap
			if row.cap != "" {
				caps = []Cap{{At: instant(t, row.cap)}}
			}
			due, trace := s.Due(instant(t, row.at), "main", row.lent, caps...)
			var want time.Time
			switch {
			case row.want == "":
			case len(row.want) == len(time.DateOnly):
				noon, err := time.ParseInLocation(time.DateTime, row.want+" 12:00:00", s.Location("main"))
				if err != nil {
					t.Fatal(err)
				}
				want = s.DayEnd("main", noon)
			default:
				want = instant(t, row.want)
			}
			if !due.Equal(want) {
				t.Errorf("due %s, want %s; %s", due.In(s.Location("main")), want, codes(trace))
			}
		})
	}
}

// Rows that speak of days on which a library is open, and no loan.
func TestOpenDaysOfOtherSystems(t *testing.T) {
	koha := parse(t, strings.Replace(kohaCalendar, "RULE", "next_open", 1))
	for _, row := range []struct {
		id, at string
		closed bool
	}{
		{"1", "2012-11-24T12:00:00Z", true},
		{"3", "2012-11-26T12:00:00Z", false},
		{"4", "2013-01-01T12:00:00Z", true},
		{"6", "2011-06-02T12:00:00Z", false},
		{"7", "2012-11-11T12:00:00Z", false},
		{"9", "2011-06-01T11:02:00+01:00", true},
		{"115", "2011-06-26T12:00:00Z", true},
		{"117", "2032-12-25T12:00:00Z", true},
		{"118", "2035-01-01T12:00:00Z", true},
	} {
		if got := !koha.OpenOn("main", instant(t, row.at)); got != row.closed {
			t.Errorf("%s: closed %v", row.id, got)
		}
	}
	at := instant(t, "2026-05-04T10:00:00+01:00")
	for id, w := range map[string]int{"108": 1, "109": 2, "111": 4, "112": 5, "114": 0} { // a search from a weekday that never opens ends
		s := parse(t, everyDay(SameWeekday, weekdays[w]))
		due, _ := s.Due(at.AddDate(0, 0, (w+6)%7), "main", Lending{Period: Period{0, Days}})
		if !s.OpenOn("main", due) || due.Before(at) {
			t.Errorf("%s: due %s", id, due)
		}
	}
	for id, years := range map[string]int{"123": 1} {
		rare := parse(t, everyDay(NextOpen, weekdays[:]...)+"[[library.exception]]\ndate = "+at.AddDate(years, 0, 0).Format(time.DateOnly)+"\nhours = [\"10:00-16:00\"]\n")
		if due, _ := rare.Due(at, "main", Lending{Period: Period{1, Days}}); !due.Equal(rare.DayEnd("main", at.AddDate(years, 0, 0))) {
			t.Errorf("%s: due %s", id, due)
		}
	}
	for id, days := range map[string]int{"142": 6, "145": 3} {
		s := parse(t, everyDay(NextOpen))
		if until := s.ShelfUntil(at, "main", days); !until.Equal(s.DayEnd("main", at.AddDate(0, 0, days))) {
			t.Errorf("%s: on the shelf until %s", id, until)
		}
	}
	for id, years := range map[string]int{"124": -1} { // a search back finds the one day of the year
		ago := at.AddDate(years, 0, 0).Format(time.DateOnly)
		rare := parse(t, everyDay(NextOpen, weekdays[:]...)+"[[library.exception]]\ndate = "+ago+"\nhours = [\"10:00-16:00\"]\n")
		if last, ok := rare.LastClose("main", at); !ok || !last.Equal(instant(t, ago+"T16:00:00+01:00")) {
			t.Errorf("%s: closed last %s, %v", id, last, ok)
		}
	}
	week := parse(t, everyDay(NextOpen, "2024-01-03", "2024-01-06", "2024-01-07"))
	for _, row := range []struct { // whether it opens between two days: on the first open one after the one, before the other
		id, from, to string
		opens        bool
	}{
		{"30", "2024-01-01", "2024-01-03", true},
		{"31", "2024-01-01", "2024-01-02", false},
		{"33", "2024-01-01", "2024-01-05", true},
		{"34", "2024-01-05", "2024-01-07", false},
	} {
		next := week.ShelfUntil(instant(t, row.from+"T12:00:00Z"), "main", 1)
		if got := next.Before(instant(t, row.to+"T00:00:00Z")); got != row.opens {
			t.Errorf("%s: opens between %s and %s: %v", row.id, row.from, row.to, got)
		}
	}
	s := parse(t, everyDay(NextOpen, "2026-05-07"))
	for id, days := range map[string][2]int{"63": {2, 2}, "64": {5, 6}, "66": {-2, 0}} {
		if until := s.ShelfUntil(at, "main", days[0]); !until.Equal(s.DayEnd("main", at.AddDate(0, 0, days[1]))) {
			t.Errorf("%s: %d open days on is %s", id, days[0], until)
		}
	}
}

// Rows on the days and hours between two times in which a library is open: here
// they are what is charged for being late, one for each that is over. Days of ours
// are local ones after the one on which it was due.
//
// Five are decided otherwise. Koha leaves out a whole day for one that is closed,
// and counts none where it begins or ends on such a one (its test says FIXME); here
// closed time is left out to the minute, as FOLIO's OverduePeriodCalculatorService
// does (rows 243, 244, 247).
func TestOpenTimeOfOtherSystems(t *testing.T) {
	every := func(zone, unit, hours string) string {
		return "currency = \"JPY\"\nzone = \"" + zone + "\"\n[default]\nfine = \"1\"\nfine_every = \"1 " + unit + "\"\nfine_charged = \"completed\"\n[[library]]\nid = \"main\"\n" + hours
	}
	never := func(unit string) string { return every("UTC", unit, "") }
	wednesday := func(unit string) string { // closed then
		hours := "[library.hours]\n"
		for i, d := range weekdays {
			if i != 3 {
				hours += d + " = [\"00:00-24:00\"]\n"
			}
		}
		return every("UTC", unit, hours)
	}
	_, ofLibrary, _ := strings.Cut(kohaCalendar, "id = \"main\"\n")
	const noon = "2019-11-05T12:34:56Z" // a Tuesday
	for _, row := range []struct {
		id, rules, from, to string
		want                int64
	}{
		{"16, 22 and 28", every("Europe/London", "day", ofLibrary), "2012-07-23T11:53:00+01:00", "2012-09-17T17:30:00+01:00", 40},
		{"67", every("America/New_York", "day", ""), "2016-03-09T02:29:00-05:00", "2017-01-01T00:00:00-05:00", 298},
		{"69", every("America/New_York", "minute", ""), "2016-03-09T02:29:00-05:00", "2017-01-01T00:00:00-05:00", 298*24*60 - 149},
		{"70", never("hour"), noon, "2019-11-06T12:34:56Z", 24},
		{"72", never("hour"), noon, "2019-11-07T12:34:56Z", 48},
		{"73", never("day"), noon, "2019-11-07T12:34:56Z", 2},
		{"75", never("day"), noon, "2019-11-12T12:34:56Z", 7},
		{"76", never("hour"), noon, "2019-11-15T12:34:56Z", 240},
		{"78", never("hour"), noon, "2019-11-05T15:34:56Z", 3},
		{"79", never("day"), noon, "2019-11-05T15:34:56Z", 0},
		{"81", never("day"), noon, "2019-11-06T09:34:56Z", 1},
		{"82", never("hour"), noon, "2019-11-07T09:34:56Z", 45},
		{"84", never("hour"), noon, "2019-11-12T09:34:56Z", 165},
		{"85", never("day"), noon, "2019-11-12T09:34:56Z", 7},
		{"87", never("day"), noon, "2019-11-15T09:34:56Z", 10},
		{"88, until it closed", wednesday("hour"), noon, "2019-11-06T12:34:56Z", 11},                       // there 0
		{"90, from when it opened", wednesday("hour"), "2019-11-06T12:34:56Z", "2019-11-07T12:34:56Z", 12}, // there 0
		{"91, the day after", wednesday("day"), "2019-11-06T12:34:56Z", "2019-11-07T12:34:56Z", 1},         // there 0
		{"93", wednesday("day"), noon, "2019-11-07T12:34:56Z", 1},
		{"94", wednesday("hour"), noon, "2019-11-12T12:34:56Z", 144},
		{"96, until it closed", wednesday("hour"), noon, "2019-11-13T12:34:56Z", 155}, // there 144
		{"97", wednesday("day"), noon, "2019-11-13T12:34:56Z", 6},
		{"99", wednesday("day"), noon, "2019-11-15T12:34:56Z", 8},
		{"100", wednesday("hour"), noon, "2019-11-07T09:34:56Z", 21},
		{"102", wednesday("hour"), noon, "2019-11-12T09:34:56Z", 141},
		{"103", wednesday("day"), noon, "2019-11-12T09:34:56Z", 6},
		{"105, whatever the hour", wednesday("day"), noon, "2019-11-13T09:34:56Z", 6}, // there 7, and 6 three hours later: 97
		{"106", wednesday("hour"), noon, "2019-11-15T09:34:56Z", 189},
	} {
		t.Run(row.id, func(t *testing.T) {
			s := parse(t, row.rules)
			got, trace := s.Fine("main", s.Terms(Query{Library: "main"}), Late{Due: instant(t, row.from), Back: instant(t, row.to)})
			if got != row.want {
				t.Errorf("%d are open, want %d: %v", got, row.want, trace)
			}
		})
	}
}

// 205, 207, 208: a period that is none is refused when the rules are read.
func TestPeriodsThatOtherSystemsRefuse(t *testing.T) {
	for id, text := range map[string]string{"205": "0 minutes", "207": "5 unknown", "208": ""} {
		if p, err := ParsePeriod(text); err == nil {
			t.Errorf("%s: %q is read as %s", id, text, p)
		}
	}
}
