package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// plainRules raise no doubt; each row adds something to them.
const plainRules = `currency = "EUR"
zone = "Europe/Berlin"
[default]
period = "14 days"
[[library]]
id = "main"
[library.hours]
monday = ["09:00-17:00"]
tuesday = ["09:00-17:00"]
wednesday = ["09:00-17:00"]
thursday = ["09:00-17:00"]
friday = ["09:00-17:00"]
saturday = ["09:00-17:00"]
sunday = ["09:00-17:00"]
`

func TestDoubts(t *testing.T) {
	const east = "[[library]]\nid = \"east\"\n[library.hours]\nmonday = [\"09:00-17:00\"]\ntuesday = [\"09:00-17:00\"]\nwednesday = [\"09:00-17:00\"]\nthursday = [\"09:00-17:00\"]\nfriday = [\"09:00-17:00\"]\nsaturday = [\"09:00-17:00\"]\nsunday = [\"09:00-17:00\"]\n"
	semester := "[[schedule]]\nid = \"s\"\n" + termOf("2026-10-01", "2027-03-31") + termOf("2027-04-01", "2027-09-30")
	for _, row := range []struct {
		name, more string
		want       []string // kind, line, and the beginning of what is said
	}{
		{"nothing", "", nil},
		{"rows for other cases", "[[terms]]\ngroup = \"a\"\nrenewals = 1\n[[terms]]\nitem_type = \"a\"\nrenewals = 1\n", nil},
		{"a number twice", "[[terms]]\ngroup = \"a\"\nrenewals = 1\nperiod = \"1 day\"\n[[terms]]\ngroup = \"a\"\nrenewals = 2\n", []string{"contradiction 15 renewals: terms 2 (line 19) is for the same cases and says another"}},
		{"a row that says what a later one says", "[[terms]]\ngroup = \"a\"\nrenewals = 1\n[[terms]]\ngroup = \"a\"\nrenewals = 1\nloans = 3\n", []string{"unreachable 15 nothing of it ever counts"}},
		{"a row that later ones replace", "[[terms]]\ngroup = \"a\"\nrenewals = 1\n[[terms]]\ngroup = \"a\"\nrenewals = 2\n", []string{"unreachable 15 nothing of it", "contradiction 15 renewals"}},
		{"the end of no term", "[[terms]]\ngroup = \"a\"\nperiod = \"end of term\"\n", []string{"missing 15 period: ends with a term, and no schedule"}},
		{"the end of a term that another row names", semester + "[[terms]]\ngroup = \"a\"\nperiod = \"end of term\"\n[[terms]]\nlibrary = \"main\"\nschedule = \"s\"\n[[terms]]\ngroup = \"a\"\nlibrary = \"main\"\nloans = 3\n", nil},
		{"a schedule that a limit names", semester + "[[terms]]\ngroup = \"a\"\ndue_by = \"s\"\n", nil},
		{"a schedule that nobody names", semester, []string{"unreachable 15 no row names it"}},
		{"a gap between terms", "[[schedule]]\nid = \"s\"\n" + termOf("2026-10-01", "2027-02-14") + termOf("2027-04-01", "2027-09-30") + "[[terms]]\ngroup = \"a\"\ndue_by = \"s\"\n", []string{"gap 15 no term holds the days from 2027-02-15 to 2027-03-31"}},
		{"a schedule of the past", "[[schedule]]\nid = \"s\"\n" + termOf("2025-10-01", "2026-02-14") + "[[terms]]\ngroup = \"a\"\ndue_by = \"s\"\n", []string{"gap 15 its last term ended on 2026-02-14"}},
		{"a morning without a night", "[[terms]]\ngroup = \"a\"\novernight_due = \"1 hour\"\n", []string{"unreachable 15 overnight_due"}},
		{"a night for days", "[[terms]]\ngroup = \"a\"\novernight_from = \"1 hour\"\n", []string{"unreachable 15 overnight_from"}},
		{"closed hours for days", "[[terms]]\ngroup = \"a\"\nclosed_hours = \"next_hours\"\n", []string{"unreachable 15 closed_hours"}},
		{"a schedule for all, and one row that ends with a term", semester + "[[terms]]\nlibrary = \"main\"\nschedule = \"s\"\n[[terms]]\nitem_type = \"textbook\"\nlibrary = \"main\"\nperiod = \"end of term\"\n", nil},
		{"a schedule of a library, and a type that ends with a term at any", semester + "[[terms]]\nlibrary = \"main\"\nschedule = \"s\"\n[[terms]]\nitem_type = \"textbook\"\nperiod = \"end of term\"\n", nil},
		{"a schedule for renewals of a group", semester + "[[terms]]\nlibrary = \"main\"\nschedule = \"s\"\n[[terms]]\ngroup = \"a\"\nrenew_period = \"end of term\"\n", nil},
		{"a schedule that a more specific row names", semester + "[[terms]]\ngroup = \"a\"\nperiod = \"end of term\"\n[[terms]]\nlibrary = \"main\"\ngroup = \"a\"\nschedule = \"s\"\n", nil},
		{"a schedule that only rows for other cases could use", semester + "[[terms]]\ngroup = \"a\"\nschedule = \"s\"\n[[terms]]\ngroup = \"b\"\nperiod = \"end of term\"\nschedule = \"s\"\n", []string{"unreachable 25 schedule: no period ends with a term"}},
		{"a term that a more specific row takes away", semester + "[[terms]]\nlibrary = \"main\"\nschedule = \"s\"\n[[terms]]\ngroup = \"a\"\nperiod = \"end of term\"\nschedule = \"s\"\n[[terms]]\ngroup = \"a\"\nlibrary = \"main\"\nperiod = \"1 day\"\n", []string{"unreachable 25 schedule: no period ends with a term"}},
		{"no schedule at one of two libraries", east + semester + "[[terms]]\nitem_type = \"textbook\"\nperiod = \"end of term\"\n[[terms]]\nlibrary = \"main\"\nschedule = \"s\"\n", []string{"missing 35 period: ends with a term, and no schedule says which in library \"east\""}},
		{"no schedule at the library that has another period", east + semester + "[[terms]]\nitem_type = \"textbook\"\nperiod = \"end of term\"\n[[terms]]\nlibrary = \"main\"\nschedule = \"s\"\n[[terms]]\nlibrary = \"east\"\nperiod = \"1 day\"\n", nil},
		{"rows of one name", semester + "[[terms]]\nname = \"n\"\ngroup = \"a\"\nschedule = \"s\"\n[[terms]]\nname = \"n\"\ngroup = \"a\"\nitem_type = \"b\"\nperiod = \"end of term\"\n", nil},
		{"old enough, and too old already", "[[terms]]\nitem_type = \"a\"\nmin_age = 18\n[[terms]]\ngroup = \"child\"\nmax_age = 15\n", []string{"contradiction 15 min_age: max_age is lower"}},
		{"old enough at one age", "[[terms]]\nitem_type = \"a\"\nmin_age = 15\nmax_age = 15\n", nil},
		{"too old already, where a more specific row lets them", "[[terms]]\nitem_type = \"a\"\nmin_age = 18\n[[terms]]\ngroup = \"child\"\nmax_age = 15\n[[terms]]\ngroup = \"child\"\nitem_type = \"a\"\nmin_age = 0\n", nil},
		{"a gap of the past", "[[schedule]]\nid = \"s\"\n" + termOf("2025-10-01", "2026-02-14") + termOf("2026-04-01", "2027-09-30") + "[[terms]]\ngroup = \"a\"\ndue_by = \"s\"\n", nil},
		{"a morning for a group, a night for a type", "[[terms]]\ngroup = \"a\"\novernight_due = \"1 hour\"\n[[terms]]\nitem_type = \"map\"\nperiod = \"2 hours\"\novernight_from = \"1 hour\"\n", nil},
		{"a morning where the night is none", "[[terms]]\ngroup = \"a\"\novernight_due = \"1 hour\"\n[[terms]]\nitem_type = \"map\"\nperiod = \"2 hours\"\novernight_from = \"1 hour\"\n[[terms]]\ngroup = \"a\"\nitem_type = \"map\"\novernight_from = \"0s\"\n", []string{"unreachable 15 overnight_due: nothing goes overnight"}},
		{"a night for a library, hours for a type", "[[terms]]\nlibrary = \"main\"\novernight_from = \"1 hour\"\n[[terms]]\nitem_type = \"map\"\nperiod = \"2 hours\"\n", nil},
		{"a night for hours while others wait", "[[terms]]\ngroup = \"a\"\nperiod_waited = \"3 hours\"\novernight_from = \"1 hour\"\n", nil},
		{"a night until closing", "[[terms]]\ngroup = \"a\"\nperiod = \"end of hours\"\novernight_from = \"1 hour\"\n", nil},
		{"closed hours for a library, minutes for a type", "[[terms]]\nlibrary = \"main\"\nclosed_hours = \"next_hours\"\n[[terms]]\nitem_type = \"map\"\nperiod = \"30 minutes\"\n", nil},
		{"closed hours for a renewal of hours", "[[terms]]\ngroup = \"a\"\nrenew_period = \"2 hours\"\nclosed_hours = \"next_hours\"\n", nil},
		{"closed hours until closing", "[[terms]]\ngroup = \"a\"\nperiod = \"end of hours\"\nclosed_hours = \"next_hours\"\n", []string{"unreachable 15 closed_hours"}},
		{"a number that a later row gives too, and its own", "[[terms]]\ngroup = \"a\"\nrenewals = 1\nloans = 3\n[[terms]]\ngroup = \"a\"\nrenewals = 1\n", nil},
		{"a week, and seven days", "[[terms]]\ngroup = \"a\"\nperiod = \"1 week\"\nloans = 3\n[[terms]]\ngroup = \"a\"\nperiod = \"7 days\"\n", nil},
		{"a row that a later one replaces needs nothing", "[[terms]]\nname = \"n\"\ngroup = \"a\"\nloans = 3\nperiod = \"end of term\"\n[[terms]]\nname = \"n\"\ngroup = \"a\"\nperiod = \"7 days\"\n", []string{"contradiction 15 period: n (line 20)"}},
		{"a row for every case gives what [default] gives", "[[terms]]\nperiod = \"7 days\"\n", []string{"unreachable 3 nothing of it", "contradiction 3 period: terms 1 (line 15)"}},
		{"a library without hours", "[[library]]\nid = \"east\"\n", []string{"missing 15 has no opening hours"}},
		{"a library that never opens", "[[library]]\nid = \"east\"\n[library.hours]\n", []string{"never_open 15 never opens within 400 days from 2026-11-26"}},
		{"a library that opens on one day", "[[library]]\nid = \"east\"\n[library.hours]\n[[library.exception]]\ndate = 2027-01-02\nhours = [\"10:00-12:00\"]\n", []string{"closed_weekday 15 never opens on sunday, monday, tuesday, wednesday, thursday, friday, saturday"}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := parse(t, plainRules+row.more)
			var got []string
			for _, d := range s.Doubts(instant(t, "2026-11-26T12:00:00Z")) {
				got = append(got, fmt.Sprintf("%s %d %s", d.Kind, d.Line, d.Text))
			}
			if !slices.EqualFunc(got, row.want, strings.HasPrefix) {
				t.Errorf("doubts %q, want %q", got, row.want)
			}
		})
	}
	if got := parse(t, "currency = \"EUR\"\nzone = \"UTC\"\n[[terms]]\nperiod = \"1 day\"\n").Doubts(time.Time{}); len(got) > 0 {
		t.Errorf("with a row for every case instead of a default: %v", got)
	}
	got := parse(t, "currency = \"EUR\"\nzone = \"UTC\"\n").Doubts(instant(t, "2026-11-26T12:00:00Z"))
	if len(got) != 1 || got[0].Kind != Missing || !strings.Contains(got[0].Text, "[default]") {
		t.Errorf("without a default: %v", got)
	}
}

// TestADoubtIsInNoCase: whatever the rows, a number is doubted if it counts in none
// of all the cases that the rows' words give, and a term without a schedule if one
// of them has it.
func TestADoubtIsInNoCase(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := "currency = \"EUR\"\nzone = \"UTC\"\n[[schedule]]\nid = \"s\"\n" + termOf("2026-10-01", "2027-03-31")
		known := rapid.Bool().Draw(r, "libraries are known")
		if known {
			text += "[[library]]\nid = \"la\"\n[[library]]\nid = \"lb\"\n"
		}
		row := func(says []string) string {
			out := ""
			for _, say := range says {
				if rapid.Bool().Draw(r, say) {
					out += say + "\n"
				}
			}
			for _, key := range []string{"period", "renew_period", "period_waited"} {
				if p := rapid.SampledFrom([]string{"", "", "1 day", "2 hours", "end of term", "end of hours"}).Draw(r, key); p != "" {
					out += key + " = \"" + p + "\"\n"
				}
			}
			return out
		}
		says := []string{"schedule = \"s\"", "closed_hours = \"next_hours\"", "overnight_due = \"1h\"", "renewals = 1"}
		text += "[default]\n" + row(says)
		for range rapid.IntRange(0, 5).Draw(r, "rows") {
			text += "[[terms]]\nshelf_days = 3\n" + row(append([]string{
				"location = \"x\"", "library = \"" + rapid.SampledFrom([]string{"la", "lb"}).Draw(r, "library") + "\"", "group = \"ga\"", "item_type = \"ta\"",
				rapid.SampledFrom([]string{"overnight_from = \"1h\"", "overnight_from = \"0s\""}).Draw(r, "night"),
			}, says...))
		}
		s := parse(t, text)
		want := map[string]bool{} // "row number": whether it counts, or lacks what it needs, in some case
		for _, g := range s.given {
			for n, key := range map[number]string{scheduleOf: StepSchedule, closedHours: StepClosedHours, overnight: StepOvernightFrom, morning: StepOvernightDue} {
				if g.gives(n) && !(n == overnight && g.value[n].n == 0) {
					want[g.name+" "+key] = false
				}
			}
		}
		for _, q := range everyCase() {
			v := s.Terms(q)
			lacks := v.Schedule == "" && !(known && q.Library == "") // nobody lends there
			units := []Unit{v.Period.Unit, v.RenewPeriod.Unit, v.WaitedPeriod.Unit}
			hours := slices.Contains(units, Minutes) || slices.Contains(units, Hours)
			for n, counts := range map[number]bool{
				scheduleOf: slices.Contains(units, EndOfTerm), closedHours: hours,
				overnight: v.Overnight > 0 && (hours || slices.Contains(units, EndOfOpening)), morning: v.Overnight > 0,
				period: lacks && v.Period.Unit == EndOfTerm, renewPeriod: lacks && v.RenewPeriod.Unit == EndOfTerm,
				waitedPeriod: lacks && v.WaitedPeriod.Unit == EndOfTerm,
			} {
				if counts {
					want[v.Trace()[n].Row+" "+v.Trace()[n].Code] = true
				}
			}
		}
		last := map[string]bool{} // a row that later ones replace is doubted as that
		for _, g := range s.given {
			for n := range numbers {
				last[g.name+" "+abouts[n].key] = s.given[lastWords(s.given)[g.fit][n]].name == g.name
			}
		}
		doubted := map[string]bool{}
		for _, d := range s.Doubts(time.Time{}) {
			key, _, _ := strings.Cut(d.Text, ":")
			doubted[d.Row+" "+key] = d.Kind != Contradiction
		}
		for what, is := range want {
			needs := strings.Contains(what, "period") // true is the doubt
			if !last[what] {
				continue
			}
			if got := doubted[what]; got != (is == needs) {
				r.Fatalf("%s: doubted %v, and in some case it %v\n%s", what, got, is, text)
			}
		}
		for what := range doubted {
			if _, known := want[what]; !known && strings.Contains(what, "period") && doubted[what] {
				r.Fatalf("%s is doubted in no case\n%s", what, text)
			}
		}
	})
}

// everyCase gives all that can be asked with the words of the rows, and with words
// of no row.
func everyCase() (all []Query) {
	for _, lib := range []LibraryID{"", "la", "lb"} {
		for _, loc := range []LocationID{"", "x"} {
			for _, g := range []Group{"", "ga"} {
				for _, item := range []ItemType{"", "ta"} {
					all = append(all, Query{Location: loc, Library: lib, Group: g, Type: item})
				}
			}
		}
	}
	return all
}

func TestTheSampleRaisesNotesOnly(t *testing.T) {
	for _, d := range Sample().Doubts(instant(t, "2026-11-26T12:00:00Z")) {
		if !d.Note() {
			t.Errorf("%s: %s", d.Kind, d.Problem)
		}
	}
}
