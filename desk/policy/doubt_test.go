package policy

import (
	"fmt"
	"slices"
	"strings"
	"testing"
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
		{"the end of a term that another row names", semester + "[[terms]]\ngroup = \"a\"\nperiod = \"end of term\"\n[[terms]]\nlibrary = \"main\"\nschedule = \"s\"\n[[terms]]\ngroup = \"a\"\nlibrary = \"main\"\nloans = 3\n", []string{"missing 25 period: ends with a term", "unreachable 28 schedule: no period ends with a term"}},
		{"a schedule that a limit names", semester + "[[terms]]\ngroup = \"a\"\ndue_by = \"s\"\n", nil},
		{"a schedule that nobody names", semester, []string{"unreachable 15 no row names it"}},
		{"a gap between terms", "[[schedule]]\nid = \"s\"\n" + termOf("2026-10-01", "2027-02-14") + termOf("2027-04-01", "2027-09-30") + "[[terms]]\ngroup = \"a\"\ndue_by = \"s\"\n", []string{"gap 15 no term holds the days from 2027-02-15 to 2027-03-31"}},
		{"a schedule of the past", "[[schedule]]\nid = \"s\"\n" + termOf("2025-10-01", "2026-02-14") + "[[terms]]\ngroup = \"a\"\ndue_by = \"s\"\n", []string{"gap 15 its last term ended on 2026-02-14"}},
		{"a morning without a night", "[[terms]]\ngroup = \"a\"\novernight_due = \"1 hour\"\n", []string{"unreachable 15 overnight_due"}},
		{"a night for days", "[[terms]]\ngroup = \"a\"\novernight_from = \"1 hour\"\n", []string{"unreachable 15 overnight_from"}},
		{"closed hours for days", "[[terms]]\ngroup = \"a\"\nclosed_hours = \"next_hours\"\n", []string{"unreachable 15 closed_hours"}},
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
	got := parse(t, "currency = \"EUR\"\nzone = \"UTC\"\n").Doubts(instant(t, "2026-11-26T12:00:00Z"))
	if len(got) != 1 || got[0].Kind != Missing || !strings.Contains(got[0].Text, "[default]") {
		t.Errorf("without a default: %v", got)
	}
}

func TestTheSampleRaisesNotesOnly(t *testing.T) {
	for _, d := range Sample().Doubts(instant(t, "2026-11-26T12:00:00Z")) {
		if !d.Note() {
			t.Errorf("%s: %s", d.Kind, d.Problem)
		}
	}
}
