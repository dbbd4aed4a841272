package policy

import (
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestFinesOfOtherSystems has the rows of a list of what other systems' own tests
// expect (Koha's CalcFine.t, Fines.t and maxsuspensiondays.t, Evergreen's
// 03-overdue_circ.t, FOLIO's OverduePeriodCalculatorServiceTest and PeriodTest), by
// their numbers there. FOLIO's minutes are a fee of one for each minute.
func TestFinesOfOtherSystems(t *testing.T) {
	in := func(zone, hours string) string {
		return "currency = \"JPY\"\nzone = \"" + zone + "\"\n[[library]]\nid = \"main\"\n" + hours + "[default]\n"
	}
	daily := in("UTC", "") + "fine = \"1\"\n"
	weekly := in("UTC", "") + "fine = \"1\"\nfine_every = \"7 days\"\n"
	minutes := "fine = \"1\"\nfine_every = \"1 minute\"\nfine_charged = \"completed\"\n"
	open := func(zone, h8, h9, h10 string) string {
		return in(zone, "[library.hours]\nwednesday = ["+h8+"]\nthursday = ["+h9+"]\nfriday = ["+h10+"]\n") + minutes
	}
	const allDay = `"00:00-23:59"`
	const due, back = "2020-04-08T14:00:00Z", "2020-04-10T15:00:00Z"
	grace := func(s string) string { return in("UTC", "") + minutes + "fine_grace = \"" + s + "\"\n" }
	late := func(minutes int) string {
		return instant(t, due).Add(time.Duration(minutes) * time.Minute).Format(time.RFC3339)
	}
	strict := "recall_grace = false\n" // a recall's date has no grace
	for _, row := range []struct {
		id, rules, due, back string
		price, want          int64
		recalled             bool
	}{
		{"126", daily + "fine_up_to_price = true\n", "2000-01-01T23:59:59Z", "2000-01-30T10:00:00Z", 5, 5, false},
		{"127", daily + "fine_up_to_price = true\nreplacement_price = \"6\"\n", "2000-01-01T23:59:59Z", "2000-01-30T10:00:00Z", 0, 6, false},
		{"129", daily + "fine_up_to_price = true\nmax_fine = \"6\"\n", "2000-01-01T23:59:59Z", "2000-01-30T10:00:00Z", 5, 5, false},
		{"132", weekly + "fine_charged = \"completed\"\n", "2000-01-01T23:59:59Z", "2000-01-05T10:00:00Z", 0, 0, false},
		{"133", weekly + "fine_charged = \"completed\"\n", "2000-01-01T23:59:59Z", "2000-01-10T10:00:00Z", 0, 1, false},
		{"135", weekly, "2000-01-01T23:59:59Z", "2000-01-10T10:00:00Z", 0, 2, false},
		// Koha has the item's home decide, or where it is held; here where it was lent does.
		{"141", in("UTC", "") + "fine = \"0\"\n[[terms]]\nlibrary = \"main\"\nfine = \"1\"\n", "2000-01-01T23:59:59Z", "2000-01-02T10:00:00Z", 0, 1, false},
		{"151", daily, "2026-05-01T23:59:59Z", "2026-05-14T12:00:00Z", 0, 13, false},
		{"240", in("UTC", "") + minutes, due, late(10081), 0, 10081, false},
		{"241", open("UTC", "", "", ""), due, back, 0, 0, false},
		{"243", open("America/New_York", allDay, allDay, allDay), due, back, 0, 60*49 - 2, false},
		// The row does not say the hours: 15:00 to 20:00 and 10:00 to 16:00 are eleven.
		{"244", open("Europe/London", `"14:00-20:00"`, allDay, `"10:00-17:00"`), due, back, 0, 60*35 - 1, false},
		{"246", in("UTC", "[library.hours]\nmonday = [\"09:00-17:00\"]\n") + minutes, due, back, 0, 0, false},
		{"247", open("America/New_York", allDay, "", allDay), due, back, 0, 60*25 - 1, false},
		{"249", grace("12 minutes"), due, late(10), 0, 0, false},
		{"252", grace("5 hours"), due, late(255), 0, 0, false},
		{"255", grace("4 days"), due, late(4350), 0, 0, false},
		{"258", grace("3 weeks"), due, late(20200), 0, 0, false},
		{"261", grace("2 months"), due, late(44700), 0, 0, false},
		{"130", daily + "recall_fine = \"5\"\n", "2000-01-01T23:59:59Z", "2000-01-06T10:00:00Z", 0, 25, true},
		{"130, if it were not recalled", daily + "recall_fine = \"5\"\n", "2000-01-01T23:59:59Z", "2000-01-06T10:00:00Z", 0, 5, false},
		{"250", grace("12 minutes") + strict, due, late(10), 0, 10, true},
		{"253", grace("5 hours") + strict, due, late(255), 0, 255, true},
		{"256", grace("4 days") + strict, due, late(4350), 0, 4350, true},
		{"259", grace("3 weeks") + strict, due, late(20200), 0, 20200, true},
		{"262", grace("2 months") + strict, due, late(44700), 0, 44700, true},
		{"262, where grace holds for a recall, too", grace("2 months"), due, late(44700), 0, 0, true},
		{"264", in("UTC", "") + minutes, "2020-07-12T00:00:00Z", "2020-07-12T00:10:30Z", 0, 10, false},
		{"265", in("UTC", "") + strings.Replace(minutes, "1 minute", "1 hour", 1), "2020-07-12T00:00:00Z", "2020-07-12T05:30:00Z", 0, 5, false},
		{"267", in("UTC", "") + strings.Replace(minutes, "1 minute", "1 week", 1), "2020-07-12T00:00:00Z", "2020-07-25T00:00:00Z", 0, 1, false},
	} {
		t.Run(row.id, func(t *testing.T) {
			s := parse(t, row.rules)
			got, trace := s.Fine("main", s.Terms(Query{Library: "main"}), Late{Due: instant(t, row.due), Back: instant(t, row.back), Price: row.price, Recalled: row.recalled})
			if got != row.want {
				t.Errorf("costs %d, want %d: %v", got, row.want, trace)
			}
		})
	}
}

// TestSuspensionsOfOtherSystems has rows of the same list.
func TestSuspensionsOfOtherSystems(t *testing.T) {
	for _, row := range []struct {
		id, rules  string
		late, want int // days
	}{
		{"136", "suspend_days = 2\n", 20, 40},
		{"138", "suspend_days = 7\nsuspend_every = \"15 days\"\nsuspend_most = 333\n", 365, 170},
		{"139", "suspend_days = 15\nsuspend_every = \"7 days\"\nsuspend_most = 333\n", 365, 333},
	} {
		t.Run(row.id, func(t *testing.T) {
			s := parse(t, "currency = \"EUR\"\nzone = \"UTC\"\n[default]\n"+row.rules)
			back := instant(t, "2026-05-14T12:00:00Z")
			until, _ := s.Suspended("main", s.Terms(Query{}), Late{Due: back.AddDate(0, 0, -row.late), Back: back})
			if want := dayIn(back, time.UTC).add(Period{row.want, Days}).end(time.UTC); !until.Equal(want) {
				t.Errorf("until %v, want %v", until, want)
			}
		})
	}
}

func TestFine(t *testing.T) {
	const plain = `
currency = "EUR"
zone = "Europe/Berlin"
[[library]]
id = "main"
[library.hours]
monday = ["10:00-12:00", "14:00-18:00"]
tuesday = ["10:00-18:00"]
wednesday = ["10:00-18:00"]
thursday = ["10:00-18:00"]
friday = ["10:00-18:00"]
[[amnesty]]
name = "the water pipe"
from = 2026-05-20
to = 2026-05-21
[[amnesty]]
name = "bring it all back"
from = 2026-06-08
to = 2026-06-12
returns = true
[default]
fine = "0.20"
`
	const monday = "2026-05-04T23:59:59+02:00"
	for _, row := range []struct {
		name      string
		change    string // what the default says beside
		due, back string
		want      int64
		trace     string // codes; empty: not looked at
		letOff    string // the names of the amnesties; empty: not looked at
	}{
		{"on the day: nothing", "", monday, "2026-05-04T18:00:00+02:00", 0, "", ""},
		{"within the second in which it is due: nothing", "", monday, "2026-05-04T23:59:59.9+02:00", 0, "", ""},
		{"the day after, whatever the hour: a day", "", monday, "2026-05-05T00:00:01+02:00", 20, "fine fine_every late intervals fine_sum", ""},
		{"the day after in the library's zone, on the same day in UTC", "", monday, "2026-05-04T22:30:00Z", 20, "", ""},
		{"a weekend is not counted", "", "2026-05-08T23:59:59+02:00", "2026-05-11T09:00:00+02:00", 20, "fine fine_every late closed_time intervals fine_sum", ""},
		{"a weekend is counted where the rules say so", "fine_when_closed = true", "2026-05-08T23:59:59+02:00", "2026-05-11T09:00:00+02:00", 60, "", ""},
		{"found in the bookdrop on a Sunday: nothing", "", "2026-05-08T23:59:59+02:00", "2026-05-10T09:00:00+02:00", 0, "", ""},
		{"the last day of grace: nothing", `fine_grace = "3 days"`, monday, "2026-05-07T09:00:00+02:00", 0, "fine fine_every late in_grace", ""},
		{"after the grace every day since the due date", `fine_grace = "3 days"`, monday, "2026-05-08T09:00:00+02:00", 80, "", ""},
		{"grace does not count closed days", `fine_grace = "1 day"`, "2026-05-08T23:59:59+02:00", "2026-05-11T09:00:00+02:00", 0, "", ""},
		{"never more than the most", `max_fine = "0.50"`, monday, "2026-05-15T09:00:00+02:00", 50, "fine fine_every late closed_time intervals fine_sum fine_most", ""},
		{"each week that has begun", "fine_every = \"1 week\"\nfine_when_closed = true", monday, "2026-05-13T09:00:00+02:00", 40, "", ""},
		{"each week that is over", "fine_every = \"1 week\"\nfine_charged = \"completed\"", monday, "2026-05-13T09:00:00+02:00", 20, "", ""},
		{"hours that it was open", `fine_every = "1 hour"`, "2026-05-04T11:00:00+02:00", "2026-05-04T15:00:00+02:00", 40, "", ""},
		{"an hour begun", `fine_every = "1 hour"`, "2026-05-04T11:00:00+02:00", "2026-05-04T11:05:00+02:00", 20, "", ""},
		{"half an hour of grace", "fine_every = \"1 hour\"\nfine_grace = \"30 minutes\"", "2026-05-04T11:00:00+02:00", "2026-05-04T11:30:00+02:00", 0, "", ""},
		{"due at four and brought back at five, a fee by the day: the day has begun", "", "2026-05-04T16:00:00+02:00", "2026-05-04T17:00:00+02:00", 20, "", ""},
		{"due at four and brought back the next day: that day, too", "", "2026-05-04T16:00:00+02:00", "2026-05-05T11:00:00+02:00", 20, "", ""},
		{"days of an amnesty are not counted", "", "2026-05-18T23:59:59+02:00", "2026-05-22T09:00:00+02:00", 40, "fine fine_every late let_off intervals fine_sum", "the water pipe"},
		{"hours of an amnesty are not counted", `fine_every = "1 hour"`, "2026-05-19T17:00:00+02:00", "2026-05-22T11:00:00+02:00", 40, "", "the water pipe"},
		{"what comes back in an amnesty for returns costs nothing", "", monday, "2026-06-10T09:00:00+02:00", 0, "fine fine_every late closed_time let_off amnesty", "the water pipe, bring it all back"},
		{"what comes back after it has its days let off", "", "2026-06-05T23:59:59+02:00", "2026-06-15T09:00:00+02:00", 20, "", "bring it all back"},
		{"a rule that costs nothing has no trace", `fine = "0"`, monday, "2026-05-05T09:00:00+02:00", 0, "-", ""},
		{"a summer time that begins takes no hour away from a day", "", "2026-03-27T23:59:59+01:00", "2026-03-30T09:00:00+02:00", 20, "", ""},
		{"a hundred years and more", "", "1926-05-04T23:59:59+01:00", "9999-05-04T23:59:59+02:00", 20 * 26136, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			text := plain + row.change + "\n"
			if strings.HasPrefix(row.change, "fine = ") {
				text = strings.Replace(plain, "fine = \"0.20\"", row.change, 1)
			}
			s := parse(t, text)
			got, trace := s.Fine("main", s.Terms(Query{Library: "main"}), Late{Due: instant(t, row.due), Back: instant(t, row.back)})
			if got != row.want {
				t.Errorf("costs %d, want %d: %v", got, row.want, trace)
			}
			for _, step := range trace {
				if step.Code == StepLetOff && row.letOff != "" && step.Row != row.letOff {
					t.Errorf("let off by %q, want %q", step.Row, row.letOff)
				}
			}
			if row.trace != "" && codes(trace) != strings.Trim(row.trace, "-") {
				t.Errorf("trace %s, want %s", codes(trace), row.trace)
			}
		})
	}
}

func TestAmnestiesAreRead(t *testing.T) {
	const head = "currency = \"EUR\"\nzone = \"UTC\"\n[[library]]\nid = \"main\"\n"
	for _, row := range []struct{ name, text, want string }{
		{"one of a day", "[[amnesty]]\nname = \"moving\"\nfrom = 2026-05-01\nto = 2026-05-01\n", ""},
		{"without its end", "[[amnesty]]\nfrom = 2026-05-01\n", "to is missing"},
		{"without any day", "[[amnesty]]\nname = \"always\"\n", "from is missing"},
		{"ends before it begins", "[[amnesty]]\nfrom = 2026-05-02\nto = 2026-05-01\n", "to: is before from"},
		{"longer than a year", "[[amnesty]]\nfrom = 2026-05-02\nto = 2027-06-01\n", "more than a year"},
		{"for a library that there is not", "[[amnesty]]\nlibrary = \"moon\"\nfrom = 2026-05-02\nto = 2026-05-02\n", "none of the libraries"},
		{"a word that nobody knows", "[[amnesty]]\nfrom = 2026-05-02\nto = 2026-05-02\nuntil = 2026-05-03\n", "until"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Parse([]byte(head + row.text))
			if row.want == "" && err != nil || row.want != "" && (err == nil || !strings.Contains(err.Error(), row.want)) {
				t.Errorf("said %v, want %q", err, row.want)
			}
		})
	}
}

// TestAnAmnestyIsForOneLibrary: others go on.
func TestAnAmnestyIsForOneLibrary(t *testing.T) {
	s := parse(t, "currency = \"EUR\"\nzone = \"UTC\"\n[default]\nfine = \"0.20\"\n[[library]]\nid = \"main\"\n[[library]]\nid = \"branch\"\n[[amnesty]]\nlibrary = \"main\"\nfrom = 2026-05-05\nto = 2026-05-06\n")
	late := Late{Due: instant(t, "2026-05-04T23:59:59Z"), Back: instant(t, "2026-05-07T10:00:00Z")}
	for lib, want := range map[LibraryID]int64{"main": 20, "branch": 60} {
		if got, _ := s.Fine(lib, s.Terms(Query{Library: lib}), late); got != want {
			t.Errorf("%s: costs %d, want %d", lib, got, want)
		}
	}
}

// TestLawsOfFines: never negative, never beyond a limit, never more with an
// earlier return, and never anything for what is not late.
func TestLawsOfFines(t *testing.T) {
	const calendar = "currency = \"EUR\"\nzone = \"Europe/London\"\n[[library]]\nid = \"main\"\n[library.hours]\nmonday = [\"10:00-13:00\", \"14:00-18:00\"]\ntuesday = [\"20:00-02:00\"]\nfriday = [\"00:00-24:00\"]\n[[amnesty]]\nfrom = 2026-05-20\nto = 2026-06-21\n"
	s := parse(t, calendar)
	rapid.Check(t, func(r *rapid.T) {
		terms := BuiltIn()
		terms.Fine = rapid.Int64Range(0, 500).Draw(r, "fine")
		terms.FineEvery = Period{rapid.IntRange(1, 40).Draw(r, "every"), rapid.SampledFrom([]Unit{Minutes, Hours, Days, Weeks}).Draw(r, "unit")}
		terms.FineCharged = rapid.SampledFrom([]Charged{Begun, Completed}).Draw(r, "charged")
		terms.FineGrace = Period{rapid.IntRange(0, 40).Draw(r, "grace"), rapid.SampledFrom([]Unit{Minutes, Hours, Days, Weeks, Months}).Draw(r, "grace unit")}
		terms.FineClosed = rapid.Bool().Draw(r, "closed")
		terms.MaxFine = rapid.Int64Range(-1, 3000).Draw(r, "most")
		terms.FinePrice = rapid.Bool().Draw(r, "price cap")
		terms.RecallFine = rapid.Int64Range(-1, 900).Draw(r, "fine when recalled")
		terms.RecallGrace = rapid.Bool().Draw(r, "grace when recalled")
		price := rapid.Int64Range(0, 3000).Draw(r, "price")
		lib := rapid.SampledFrom([]LibraryID{"main", "elsewhere"}).Draw(r, "library")
		due := instant(t, "2026-05-01T12:00:00Z").Add(time.Duration(rapid.IntRange(0, 90*24*60).Draw(r, "due")) * time.Minute)
		span := func(name string) time.Duration {
			return time.Duration(rapid.IntRange(-60, 120*24*60).Draw(r, name)) * time.Minute
		}
		one, two := due.Add(span("back")), due.Add(span("later"))
		if two.Before(one) {
			one, two = two, one
		}
		recalled := rapid.Bool().Draw(r, "recalled")
		cost := func(back time.Time) int64 {
			n, trace := s.Fine(lib, terms, Late{due, back, price, recalled})
			if n > 0 && len(trace) == 0 {
				r.Fatalf("costs %d and nobody says why", n)
			}
			if f := s.Forecast(lib, &terms, Late{due, back, price, recalled}); f != n {
				r.Fatalf("it is forecast to cost %d, and costs %d", f, n)
			}
			return n
		}
		a, b := cost(one), cost(two)
		switch {
		case a < 0 || b < 0:
			r.Fatalf("costs %d, %d: below zero", a, b)
		case a > b:
			r.Fatalf("back at %v costs %d, at %v %d: more for coming earlier", one, a, two, b)
		case !one.After(due) && a != 0:
			r.Fatalf("costs %d, though it is not late", a)
		case terms.MaxFine >= 0 && b > terms.MaxFine:
			r.Fatalf("costs %d, at most %d", b, terms.MaxFine)
		case terms.FinePrice && price > 0 && b > price:
			r.Fatalf("costs %d, the price is %d", b, price)
		}
	})
}
