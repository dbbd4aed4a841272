package policy

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// head is what every text needs; it is two lines long.
const head = "currency = \"EUR\"\nzone = \"Europe/Berlin\"\n"

func TestParseNamesWhatIsWrongAndWhere(t *testing.T) {
	bad := "currency = \"euro\"\nzone = \"UTC\"\n[default]\nmax_owed = \"abc\"\n"
	if _, err := Parse([]byte(bad)); err == nil || !strings.Contains(err.Error(), "line 4: default: max_owed: \"abc\" is not an amount") {
		t.Errorf("an amount that is none hides behind a currency that is none: %v", err)
	}
	dinars := "currency = \"dinar\"\nzone = \"UTC\"\n[default]\nmax_owed = \"1.500\"\n"
	if _, err := Parse([]byte(dinars)); err == nil || strings.Contains(err.Error(), "max_owed") {
		t.Errorf("an amount of a currency with three decimals is none where the currency is none: %v", err)
	}
	for _, row := range []struct {
		name, text, want string
	}{
		{"not TOML", head + "[default\n", "line 3: not TOML: "},
		{"a key twice", head + "zone = \"UTC\"\n", "line 3: not TOML: "},
		{"not UTF-8", head + "# \xff\n", "the text is not UTF-8"},
		{"no currency", "zone = \"UTC\"\n", "currency: is missing"},
		{"no zone", "currency = \"EUR\"\n", "zone: is missing"},
		{"a currency of no country", "currency = \"euro\"\nzone = \"UTC\"\n", "line 1: currency: \"euro\" is not a code"},
		{"an unknown zone", "currency = \"EUR\"\nzone = \"Berlin\"\n", "line 2: zone: zone \"Berlin\" is not known"},
		{"the machine's own zone", "currency = \"EUR\"\nzone = \"Local\"\n", "line 2: zone: zone \"Local\" is not an IANA name"},
		{"a zone that climbs out of its folder", "currency = \"EUR\"\nzone = \"../../etc/passwd\"\n", "line 2: zone: "},
		{"an unknown key", head + "colour = 1\n", "line 3: colour: is not known here"},
		{"an unknown table", head + "\n[fees]\nx = 1\n", "line 4: fees: is not known here"},
		{"an unknown key of the default", head + "[default]\nperiods = \"1 day\"\n", "line 4: default: periods: is not known here"},
		{"an unknown key of a row", head + "[[terms]]\nloans = 1\n[[terms]]\n\nloan = 1\n", "line 7: terms 2: loan: is not known here"},
		{"an unknown key in an inline table", head + "default = { renewals = 1,\n x = 2 }\n", "line 3: default: x: is not known here"},
		{"an unknown key with a colour code", head + "\"\\u001b[31m\" = 1\n", `line 3: "\x1b[31m": is not known here`},
		{"a dotted key", head + "default.x = 1\n", "line 3: default: x: is not known here"},
		{"a period without a unit", head + "[default]\nperiod = \"14\"\n", "line 4: default: period: read period \"14\": want a number and a unit"},
		{"a period of moons", head + "[default]\nperiod = \"14 moons\"\n", "line 4: default: period: read period \"14 moons\": the unit is none of"},
		{"a period below zero", head + "[default]\nperiod = \"-1 days\"\n", "is not a whole number"},
		{"a period that never ends", head + "[default]\nperiod = \"99999 days\"\n", "longer than a hundred years"},
		{"a period as a number", head + "[default]\nperiod = 14\n", "line 4: default: period: want text in quotes, not a number"},
		{"loans below zero", head + "[default]\nloans = -1\n", "line 4: default: loans: -1 is below zero"},
		{"far too many loans", head + "[default]\nloans = 9223372036854775807\n", "is more than 1000000"},
		{"half a loan", head + "[default]\nloans = 1.5\n", "want a whole number, not a number with a point"},
		{"loans in words", head + "[default]\nloans = \"few\"\n", "want a whole number, not text"},
		{"loans in a list", head + "[default]\nloans = [1]\n", "want a whole number, not a list"},
		{"an amount without quotes", head + "[default]\nfine_per_day = 0.20\n", "want an amount in quotes"},
		{"an amount in whole cents", head + "[default]\nfine_per_day = 20\n", "want an amount in quotes"},
		{"an amount below zero", head + "[default]\nmax_owed = \"-1\"\n", "line 4: default: max_owed: "},
		{"an amount with too many decimals", head + "[default]\nmax_owed = \"1.2345\"\n", "line 4: default: max_owed: "},
		{"an amount beyond all bounds", head + "[default]\nmax_owed = \"99999999999.00\"\n", "is more than 1000000000 minor units"},
		{"a fine has a limit of its own, not none", head + "[default]\nfine_per_day = \"no limit\"\n", "line 4: default: fine_per_day: "},
		{"loanable in words", head + "[default]\nloanable = \"yes\"\n", "want true or false, not text"},
		{"a hold shelf for ten years", head + "[default]\nshelf_days = 3661\n", "3661 is more than 3660"},
		{"double scans for a day", head + "[default]\ndouble_scan = \"1 day\"\n", "is not between 0s and 1h0m0s"},
		{"a duration in words", head + "[default]\ndouble_scan = \"soon\"\n", "want one as in"},
		{"a duration that overflows", head + "[default]\nrenew_min_gain = \"999999999 days\"\n", "at most a hundred years"},
		{"a visit that never sleeps", head + "[desk]\nsleep_after = \"2h\"\n", "line 4: desk: sleep_after: 2h0m0s is not between"},
		{"an unknown key of the desk", head + "[desk]\nsleep = \"2h\"\n", "line 4: desk: sleep: is not known here"},
		{"a row that gives nothing", head + "[[terms]]\ngroup = \"child\"\n", "line 3: terms 1: gives no number"},
		{"an empty group", head + "[[terms]]\ngroup = \" \"\nrenewals = 1\n", "line 4: terms 1: group: is empty"},
		{"a group with a space at its end", head + "[[terms]]\ngroup = \"child \"\nrenewals = 1\n", "begins or ends with a space"},
		{"a group with a bell in it", head + "[[terms]]\ngroup = \"a\\u0007b\"\nrenewals = 1\n", "cannot be printed"},
		{"a group that is too long", head + "[[terms]]\ngroup = \"" + strings.Repeat("ä", 101) + "\"\nrenewals = 1\n", "longer than 100 characters"},
		{"a row by its name", head + "[[terms]]\nname = \"short loans\"\nloans = -1\n", "line 5: short loans: loans: -1 is below zero"},
		{"a limit on the person by item type", head + "[[terms]]\nitem_type = \"dvd\"\nloans = 3\n", "line 5: terms 1: loans: counts all that a person has"},
		{"a limit on the person by location", head + "[[terms]]\nlocation = \"x\"\nmax_owed = \"3\"\n", "line 5: terms 1: max_owed: counts all that a person has"},
		{"terms that are no tables", head + "terms = 3\n", "line 3: terms: want tables under [[terms]], not a number"},
		{"terms that are numbers", head + "terms = [3]\n", "line 3: terms: want tables under [[terms]], not a number"},
		{"a default that is no table", head + "default = 3\n", "line 3: default: want a table, not a number"},
		{"closed days on a whim", head + "closed_days = \"maybe\"\n", "line 3: closed_days: \"maybe\" is none of keep, next_open, previous_open"},
		{"a library without an id", head + "[[library]]\nname = \"Main\"\n", "line 3: library 1: id is missing"},
		{"a library twice", head + "[[library]]\nid = \"main\"\n[[library]]\nid = \"main\"\n", "line 6: library \"main\": id: \"main\" is already another library"},
		{"a library in no zone", head + "[[library]]\nid = \"main\"\nzone = \"Mars\"\n", "line 5: library \"main\": zone: "},
		{"a row for a library that is none", head + "[[library]]\nid = \"main\"\n[[terms]]\nlibrary = \"mian\"\nrenewals = 1\n", "line 6: terms 1: library: \"mian\" is none of the libraries"},
		{"an unknown weekday", head + "[[library]]\nid = \"main\"\n[library.hours]\nmontag = []\n", "line 6: library \"main\", hours: montag: is not known here"},
		{"a whole day without a list", head + "[[library]]\nid = \"main\"\n[library.hours]\nmonday = \"10:00-12:00\"\n", "line 6: library \"main\", hours: monday: want a list"},
		{"an opening that is no text", head + "[[library]]\nid = \"main\"\n[library.hours]\nmonday = [10]\n", "monday: want an opening in quotes"},
		{"an opening without an end", head + "[[library]]\nid = \"main\"\n[library.hours]\nmonday = [\"10:00\"]\n", "opening \"10:00\": want one as in"},
		{"an opening at 25", head + "[[library]]\nid = \"main\"\n[library.hours]\nmonday = [\"10:00-25:00\"]\n", "want times from 00:00 to 24:00"},
		{"an opening at 9:5", head + "[[library]]\nid = \"main\"\n[library.hours]\nmonday = [\"9:5-10:00\"]\n", "want times from 00:00 to 24:00"},
		{"an opening of no time", head + "[[library]]\nid = \"main\"\n[library.hours]\nmonday = [\"20:00-20:00\"]\n", "ends when it begins"},
		{"closed hours on a whim", head + "closed_hours = \"maybe\"\n", "line 3: closed_hours: \"maybe\" is none of keep, end_of_hours, next_hours"},
		{"a calendar of no library", head + "[[library]]\nid = \"main\"\ncalendar_of = \"mian\"\n", "line 5: library \"main\": calendar_of: \"mian\" is none of the libraries"},
		{"a calendar of its own", head + "[[library]]\nid = \"main\"\ncalendar_of = \"main\"\n", "has its calendar from another library itself"},
		{"a calendar of a library without hours", head + "[[library]]\nid = \"main\"\n[[library]]\nid = \"east\"\ncalendar_of = \"main\"\n", "line 7: library \"east\": calendar_of: \"main\" has no opening hours"},
		{"a schedule that is none", head + "[default]\nschedule = \"semester\"\n", "line 4: default: schedule: \"semester\" is none of the schedules"},
		{"a limit by a schedule that is none", head + "[[terms]]\ndue_by = \"semester\"\n", "line 4: terms 1: due_by: \"semester\" is none of the schedules"},
		{"a schedule without terms", head + "[[schedule]]\nid = \"semester\"\n", "line 3: schedule \"semester\": has no [[schedule.term]]"},
		{"a schedule without an id", head + "[[schedule]]\n[[schedule.term]]\nfrom = 2026-10-01\nto = 2027-03-31\n", "line 3: schedule 1: id is missing"},
		{"a schedule twice", head + strings.Repeat("[[schedule]]\nid = \"s\"\n[[schedule.term]]\nfrom = 2026-10-01\nto = 2027-03-31\n", 2), "id: \"s\" is already another schedule"},
		{"a term without an end", head + "[[schedule]]\nid = \"s\"\n[[schedule.term]]\nfrom = 2026-10-01\n", "to is missing"},
		{"a term that ends first", head + "[[schedule]]\nid = \"s\"\n[[schedule.term]]\nfrom = 2026-10-01\nto = 2026-09-01\n", "line 7: schedule \"s\", term 1: to: is before from"},
		{"a term due before it begins", head + "[[schedule]]\nid = \"s\"\n[[schedule.term]]\nfrom = 2026-10-01\nto = 2026-11-01\ndue = 2026-09-30\n", "due: is before from"},
		{"terms that overlap", head + "[[schedule]]\nid = \"s\"\n[[schedule.term]]\nfrom = 2026-10-01\nto = 2026-11-01\n[[schedule.term]]\nfrom = 2026-11-01\nto = 2026-12-01\n", "line 9: schedule \"s\", term 2: from: 2026-11-01 lies in the term before, which ends on 2026-11-01"},
		{"openings that overlap", head + "[[library]]\nid = \"main\"\n[library.hours]\nmonday = [\"12:00-14:00\", \"10:00-12:01\"]\n", "10:00-12:01 and 12:00-14:00 overlap"},
		{"exceptions from nothing", head + "[[library]]\nid = \"main\"\n[[library.exception]]\ndate = 2026-12-24\n", "line 3: library \"main\": has exceptions, but no [library.hours]"},
		{"an exception without a date", head + "[[library]]\nid = \"main\"\n[library.hours]\n[[library.exception]]\nwhy = \"x\"\n", "line 6: library \"main\", exception 1: date is missing"},
		{"an exception with two dates", head + "[[library]]\nid = \"main\"\n[library.hours]\n[[library.exception]]\ndate = 2026-12-24\nyearly = \"12-24\"\n", "has both date and yearly"},
		{"an exception that ends first", head + "[[library]]\nid = \"main\"\n[library.hours]\n[[library.exception]]\ndate = 2026-12-24\nuntil = 2026-12-23\n", "line 8: library \"main\", exception 1: until: is before date"},
		{"an exception for ever", head + "[[library]]\nid = \"main\"\n[library.hours]\n[[library.exception]]\ndate = 2026-12-24\nuntil = 9999-12-31\n", "until: is more than a year after date"},
		{"a date that does not exist", head + "[[library]]\nid = \"main\"\n[library.hours]\n[[library.exception]]\ndate = \"2026-02-30\"\n", "line 7: library \"main\", exception 1: date: want a date"},
		{"a date in the middle ages", head + "[[library]]\nid = \"main\"\n[library.hours]\n[[library.exception]]\ndate = 1066-10-14\n", "date: want a date since 1900"},
		{"30 February of every year", head + "[[library]]\nid = \"main\"\n[library.hours]\n[[library.exception]]\nyearly = \"02-30\"\n", "yearly: \"02-30\" is not a month and a day"},
		{"until of every year", head + "[[library]]\nid = \"main\"\n[library.hours]\n[[library.exception]]\nyearly = \"02-20\"\nuntil = 2026-02-22\n", "line 8: library \"main\", exception 1: until: is not known here"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, err := Parse([]byte(row.text))
			problems, ok := errors.AsType[Problems](err)
			if !ok || s != nil {
				t.Fatalf("parse gave %v, %v", s, err)
			}
			if len(problems) != 1 {
				t.Errorf("%d problems: %v", len(problems), err)
			}
			if got := problems[0].String(); !strings.Contains(got, row.want) || strings.HasPrefix(row.want, "line") && !strings.HasPrefix(got, row.want) {
				t.Errorf("%q, want %q", got, row.want)
			}
		})
	}
}

func TestParseNamesEveryProblemAtOnceInTheOrderOfLines(t *testing.T) {
	_, err := Parse([]byte(`zone = "Mars"
x = 1
[desk]
y = 2
[default]
period = "x"
loans = -1
[[terms]]
z = 3
[[library]]
[library.hours]
monday = ["x", "y"]
`))
	problems, ok := errors.AsType[Problems](err)
	if !ok {
		t.Fatal(err)
	}
	var lines []int
	for _, p := range problems {
		lines = append(lines, p.Line)
	}
	if got, want := fmt.Sprint(lines), "[0 1 2 4 6 7 9 10 12 12]"; got != want {
		t.Errorf("lines %s, want %s\n%v", got, want, err)
	}
	if got := strings.Count(err.Error(), "\n"); got != len(problems)-1 {
		t.Errorf("%d problems are shown in %d lines", len(problems), got+1)
	}
}

func TestALongReportIsCut(t *testing.T) {
	var b strings.Builder
	b.WriteString(head)
	for i := range 250 {
		fmt.Fprintf(&b, "k%d = 1\n", i)
	}
	_, err := Parse([]byte(b.String()))
	if err == nil || strings.Count(err.Error(), "\n") != mostProblems || !strings.HasSuffix(err.Error(), "and 150 more") {
		t.Errorf("report: %v", err)
	}
}

func TestHostileTextsEndSoon(t *testing.T) {
	long := strings.Repeat("a", 200_000)
	for _, row := range []struct{ name, text, want string }{
		{"too long", head + strings.Repeat("#", mostBytes), "at most 262144 are read"},
		{"lists in lists", head + "x = " + strings.Repeat("[", 200_000), "not TOML"},
		{"tables in tables", head + "x = " + strings.Repeat("{a=", 80_000), "not TOML"},
		{"a key of many names", head + strings.Repeat("a.", 100_000) + "a = 1", "line 3: a: is not known here"},
		{"many keys under a long name", head + "[" + long + "]\n" + "x.y = 1\n", "is not known here"},
		{"many rows", head + strings.Repeat("[[terms]]\n", mostRows+1), "terms: has 5001 tables, at most 5000 are read"},
		{"many libraries", head + strings.Repeat("[[library]]\nid=\"a\"\n", mostLibraries+1), "library: has 1001 tables, at most 1000 are read"},
		{"many days of exceptions", head + "[[library]]\nid=\"a\"\n[library.hours]\n" + manyYears(60), "more than 20000 days are exceptions"},
		{"an opening a minute", head + "[[library]]\nid=\"a\"\n[library.hours]\nmonday=[" + strings.Repeat("\"10:00-10:01\",", 1000) + "]\n", "has 1000 openings, at most 24 are read"},
	} {
		t.Run(row.name, func(t *testing.T) {
			_, err := Parse([]byte(row.text))
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Fatalf("error %v, want %q", err, row.want)
			}
			if len(err.Error()) > 20_000 {
				t.Errorf("the report has %d bytes", len(err.Error()))
			}
		})
	}
}

// manyYears writes a closure of every day of so many years.
func manyYears(n int) string {
	var b strings.Builder
	for y := range n {
		fmt.Fprintf(&b, "[[library.exception]]\ndate = %d-01-01\nuntil = %d-12-31\n", 2000+y, 2000+y)
	}
	return b.String()
}

func TestTheTextTravels(t *testing.T) {
	for name, s := range map[string]*Set{"sample": Sample(), "default": Default("EUR", "Europe/Berlin")} {
		again, err := Parse(s.TOML())
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if again.Version() != s.Version() || !bytes.Equal(again.TOML(), s.TOML()) {
			t.Errorf("%s came back as version %s", name, again.Version())
		}
		got := s.TOML()
		clear(got)
		if bytes.Equal(got, s.TOML()) {
			t.Errorf("%s: the text can be changed from outside", name)
		}
	}
}

func TestVersion(t *testing.T) {
	named, unnamed := parse(t, "version = \"7\"\n"+head), parse(t, head)
	if named.Version() != "7" {
		t.Errorf("version %q", named.Version())
	}
	if v := unnamed.Version(); !strings.HasPrefix(v, "sha256:") || v == parse(t, head+"# a word\n").Version() {
		t.Errorf("version %q", v)
	}
}

func TestATextFromAnotherEditor(t *testing.T) {
	s := parse(t, "\ufeff"+strings.ReplaceAll(head+"[default]\nrenewals = 3\n", "\n", "\r\n"))
	if got := s.Terms(Query{}).Renewals; got != 3 {
		t.Errorf("renewals %d", got)
	}
	_, err := Parse([]byte("\ufeff" + strings.ReplaceAll(head+"[default]\nx = 3\n", "\n", "\r\n")))
	if err == nil || !strings.Contains(err.Error(), "line 4: ") {
		t.Errorf("error %v", err)
	}
}

func TestDefaultTakesAnyCurrencyAndZone(t *testing.T) {
	for _, row := range []struct{ name, currency, zone, wantCurrency, wantZone string }{
		{"known ones", "JPY", "Asia/Tokyo", "JPY", "Asia/Tokyo"},
		{"nothing", "", "", "XXX", "UTC"},
		{"the machine's own zone", "EUR", "Local", "EUR", "UTC"},
		{"a word that would end the text", "EUR\"\nx=1", "UTC\"\nx=1", "XXX", "UTC"},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := Default(row.currency, row.zone)
			if s.Currency() != row.wantCurrency || s.Location("").String() != row.wantZone {
				t.Errorf("currency %s, zone %s", s.Currency(), s.Location(""))
			}
		})
	}
	rapid.Check(t, func(t *rapid.T) {
		if s := Default(rapid.String().Draw(t, "currency"), rapid.String().Draw(t, "zone")); s.Location("") == nil {
			t.Fatal("no zone")
		}
	})
}

func TestSample(t *testing.T) {
	s := Sample()
	if got := fmt.Sprint(s.Libraries()); got != "[{main Main Library Europe/Berlin} {east East Branch Europe/Berlin} {kiosk Station Kiosk Europe/Berlin}]" {
		t.Errorf("libraries %s", got)
	}
	if s.LibraryName("east") != "East Branch" || s.LibraryName("west") != "west" {
		t.Errorf("names %q, %q", s.LibraryName("east"), s.LibraryName("west"))
	}
	if s.SleepAfter() != 90*time.Second || s.AskDeadline() != 1500*time.Millisecond || s.BookdropEnds() != 10*time.Minute {
		t.Errorf("sleep %s, ask %s, bookdrop %s", s.SleepAfter(), s.AskDeadline(), s.BookdropEnds())
	}
	for _, row := range []struct {
		name string
		q    Query
		want string // loanable, period, loans, owed
	}{
		{"an adult's book", Query{Group: "adult", Type: "book", Library: "main"}, "true 28 days 20 1000"},
		{"a child's CD", Query{Group: "child", Type: "cd", Library: "main"}, "true 14 days 10 500"},
		{"a DVD for staff", Query{Group: "staff", Type: "dvd", Library: "east"}, "true 7 days -1 -1"},
		{"a book for staff", Query{Group: "staff", Type: "book", Library: "east"}, "true 3 months -1 -1"},
		{"a map", Query{Group: "adult", Type: "map", Library: "main"}, "true 2 hours 20 1000"},
		{"a reference book", Query{Group: "staff", Type: "reference", Library: "main"}, "false 28 days -1 -1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			terms := s.Terms(row.q)
			if got := fmt.Sprint(terms.Loanable, terms.Period, terms.MaxLoans, terms.MaxOwed); got != row.want {
				t.Errorf("terms %s, want %s", got, row.want)
			}
		})
	}
}

func TestDeskTimesWithoutAWord(t *testing.T) {
	s := parse(t, head)
	if s.SleepAfter() != 90*time.Second || s.AskDeadline() != 1500*time.Millisecond || s.BookdropEnds() != 10*time.Minute {
		t.Errorf("sleep %s, ask %s, bookdrop %s", s.SleepAfter(), s.AskDeadline(), s.BookdropEnds())
	}
	s = parse(t, head+"[desk]\nsleep_after = \"2 minutes\"\nask_deadline = \"500ms\"\nbookdrop_ends = \"1 hour\"\n")
	if s.SleepAfter() != 2*time.Minute || s.AskDeadline() != 500*time.Millisecond || s.BookdropEnds() != time.Hour {
		t.Errorf("sleep %s, ask %s, bookdrop %s", s.SleepAfter(), s.AskDeadline(), s.BookdropEnds())
	}
}

func TestPeriodsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Period{rapid.IntRange(1, 1200).Draw(t, "n"), rapid.SampledFrom([]Unit{Minutes, Hours, Days, Weeks, Months}).Draw(t, "unit")}
		if rapid.Bool().Draw(t, "an end") {
			p = Period{Unit: rapid.SampledFrom([]Unit{EndOfOpening, EndOfTerm}).Draw(t, "end")}
		}
		if got, err := ParsePeriod(p.String()); err != nil || got != p {
			t.Fatalf("%s came back as %s, %v", p, got, err)
		}
	})
	if p, err := ParsePeriod(" 1  Month "); err != nil || p != (Period{1, Months}) {
		t.Errorf("1 Month is %v, %v", p, err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(string(sampleTOML))
	f.Add(head + someTermsRows)
	f.Add(head + "[default]\nperiod = \"1 day\"\n[[library]]\nid = \"a\"\n[library.hours]\nmonday = [\"10:00-11:00\"]\n")
	f.Add(head + "default = { renewals = 1 }\n\"a\\u0000#1\".b = 1\n[[terms]]\n[terms.x]\n")
	at := time.Date(2026, 5, 8, 10, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse([]byte(text))
		if err != nil {
			problems, ok := errors.AsType[Problems](err)
			if !ok || len(problems) == 0 {
				t.Fatalf("error %v", err)
			}
			last := strings.Count(text, "\n") + 1
			for _, p := range problems {
				if p.Line < 0 || p.Line > last {
					t.Fatalf("line %d of %d: %s", p.Line, last, p.Text)
				}
			}
			return
		}
		for _, l := range append(s.Libraries(), Library{}) {
			terms := s.Terms(Query{Group: "child", Type: "dvd", Library: l.ID})
			if len(terms.Trace()) != int(numbers) {
				t.Fatalf("trace of %d steps", len(terms.Trace()))
			}
			if due, _ := s.Due(at, l.ID, Lending{Period: terms.Period}); due.Before(at) || due.After(lastInstant) {
				t.Fatalf("due %s", due)
			}
			if until := s.ShelfUntil(at, l.ID, terms.ShelfDays); until.Before(at) {
				t.Fatalf("on the shelf until %s", until)
			}
			if closed, ok := s.LastClose(l.ID, at); ok && closed.After(at) {
				t.Fatalf("closed %s", closed)
			}
		}
	})
}

const someTermsRows = "[[terms]]\ngroup = \"child\"\nloans = 3\nmax_owed = \"1.00\"\n"
