package main

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/sample"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// overridden is a check-out by ada that something stood against.
func overridden(id string, mode journal.Mode, at time.Time, by, why string, over ...circ.Reason) journal.Entry {
	return journal.Entry{Mode: mode, Act: circ.Act{
		ID: circ.EntryID(id), Operator: "ada", By: circ.OperatorID(by), At: at, Zone: "UTC", Over: over, Why: why,
		Command: circ.CheckOut{Card: "2001", Barcode: "B" + id},
	}}
}

// became says what became of an asked entry.
func became(mode journal.Mode, of journal.Entry) journal.Entry {
	e := of
	e.Act.ID, e.Act.At, e.Mode, e.Of = of.Act.ID+"-then", of.Act.At.Add(time.Second), mode, of.Act.ID
	return e
}

func TestOverridesAreListed(t *testing.T) {
	t.Parallel()
	now := time.Now().UTC().Truncate(time.Second)
	day := func(back int) time.Time { return now.AddDate(0, 0, -back) }
	receipt := func(v journal.Verdict) *journal.Receipt { return &journal.Receipt{Verdict: v} }
	stood := overridden("stood", journal.Asked, day(3), "boss", "regular\x1b[2J reader", circ.OwesTooMuch)
	withdrawn := overridden("withdrawn", journal.Asked, day(3), "", "no", circ.OwesTooMuch)
	refused := overridden("refused", journal.Asked, day(3), "", "no", circ.OwesTooMuch)
	late := overridden("late", journal.Asked, day(2), "", "told so", circ.OwesTooMuch)
	dir := journalOf(t, []answered{
		{overridden("old", journal.Fact, day(8), "", "long ago", circ.CardExpired), receipt(journal.Applied)},
		{overridden("fact", journal.Fact, day(4), "boss", "pays on Friday", circ.TooManyLoans, circ.OwesTooMuch, circ.OwesTooMuch), nil},
		{overridden("plain", journal.Fact, day(4), "", ""), nil},
		{overridden("counted", journal.Fact, day(4), "", "", circ.AllThere), nil},
		{stood, nil},
		{became(journal.Stood, stood), nil},
		{withdrawn, nil},
		{became(journal.Withdrawn, withdrawn), nil},
		{refused, receipt(journal.Refused)},
		{late, receipt(journal.Refused)},
		{became(journal.Stood, late), nil},
		{overridden("waits", journal.Asked, day(1), "", "no", circ.OwesTooMuch), nil},
		{overridden("applied", journal.Asked, day(1), "", "", "by_moonlight"), receipt(journal.Applied)},
		{overridden("rejected", journal.Fact, day(1), "", "", circ.OnLoanToOther), receipt(journal.Rejected)},
	})
	out, errs, code := here(t, "", "overrides", "--json", "--data", dir)
	if code != exitDone || errs != "" || strings.Contains(out, "2001") {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	var entries []string
	counts := map[string]int{}
	for l := range strings.Lines(out) {
		var o override
		var c overrideCount
		if err := errors.Join(json.Unmarshal([]byte(l), &o), json.Unmarshal([]byte(l), &c)); err != nil {
			t.Fatal(err)
		}
		switch o.Kind {
		case "override":
			entries = append(entries, o.Entry)
			if o.Entry == "fact" && (o.Operator != "ada" || o.By != "boss" || o.Command != "check_out" || o.Item != "Bfact" || o.Why != "pays on Friday" ||
				!slices.Equal(o.Reasons, []reason{{"owes_too_much", "owes too much"}, {"too_many_loans", "too many loans"}})) {
				t.Errorf("in JSON: %s", l)
			}
		case "count":
			counts[c.Code+" "+c.Operator+" "+c.By] = c.N
		default:
			t.Errorf("of kind %q: %s", o.Kind, l)
		}
	}
	if want := []string{"fact", "stood", "late", "applied", "rejected"}; !slices.Equal(entries, want) {
		t.Errorf("listed are %q, want %q", entries, want)
	}
	if counts["owes_too_much ada boss"] != 2 || counts["owes_too_much ada "] != 1 || counts["too_many_loans ada boss"] != 1 || len(counts) != 5 {
		t.Errorf("counted: %v", counts)
	}

	for _, row := range []struct {
		name  string
		args  []string
		code  int
		has   []string
		hasnt []string
	}{
		{"the last seven days", nil, exitDone, []string{
			"ada, granted by boss  check out Bfact: owes too much; too many loans (pays on Friday)  fact\n",
			"check out Bstood: owes too much (regular reader)  stood\n",
			"ada  check out Bapplied: by_moonlight  applied\n",
			"check out Brejected: on loan to someone else, rejected", "  rejected\n",
			"2 × owes too much: ada, granted by boss\n", "1 × owes too much: ada\n",
		}, []string{"long ago", "Bplain", "Bwithdrawn", "Brefused", "Bwaits", "2001", "\x1b"}},
		{"since a day", []string{"--since", now.Local().AddDate(0, 0, -9).Format(time.DateOnly)}, exitDone, []string{"Bold: card expired (long ago)", "1 × card expired: ada\n"}, nil},
		{"since tomorrow", []string{"--since", now.AddDate(0, 0, 1).Format(time.RFC3339)}, exitDone, []string{"no overrides since "}, []string{"×"}},
		{"since a time that is none", []string{"--since", "Easter"}, exitUsage, []string{"Easter is no time"}, nil},
		{"two times", []string{"--since", "2026-03-07", "--week"}, exitUsage, []string{"give one of them"}, nil},
	} {
		out, errs, code := here(t, "", append([]string{"overrides", "--data", dir}, row.args...)...)
		if code != row.code {
			t.Errorf("%s: exit code %d, want %d", row.name, code, row.code)
		}
		for _, want := range row.has {
			if !strings.Contains(out+errs, want) {
				t.Errorf("%s: no %q in\n%s%s", row.name, want, out, errs)
			}
		}
		for _, no := range row.hasnt {
			if strings.Contains(out+errs, no) {
				t.Errorf("%s: %q in\n%s%s", row.name, no, out, errs)
			}
		}
	}
	if _, errs, code := here(t, "", "overrides", "--data", t.TempDir()); code != exitFailed || !strings.Contains(errs, "journal") {
		t.Errorf("a folder without a journal: exit code %d: %s", code, errs)
	}
}

// A desk that runs is asked, and says the same as its file.
func TestOverridesOfADeskThatRuns(t *testing.T) {
	t.Parallel()
	tour, dir := sample.TheTour(), demoFolder(t)
	d := start(t, "demo", "--json", "--data", dir)
	d.want(tour.Expired, "PATRON")
	d.want(tour.LendItem, "ASK")
	d.want(":yes renews it on Monday", "OUT")
	d.want(":done", "DONE")
	d.want(tour.Owes, "PATRON")
	d.want("31234567890064", "ASK")
	d.want(":yes pays tomorrow as head 9876", "OUT")
	d.want(":sync", "DONE")
	for range 2 {
		out, errs, code := here(t, "", "overrides", "--data", dir)
		lines := strings.Split(out, "\n")
		if code != exitDone || len(lines) != 5 || !strings.Contains(lines[0], "check out "+tour.LendItem+": card expired (renews it on Monday)") ||
			!strings.Contains(lines[1], "granted by head  check out 31234567890064: owes too much (pays tomorrow)") ||
			!strings.HasPrefix(lines[2], "1 × card expired: ") || !strings.HasSuffix(lines[3], ", granted by head") {
			t.Errorf("exit code %d: %s%s", code, out, errs)
		}
		_ = d.in.Close()
		_ = d.cmd.Wait()
	}
}

// The last whole week is Monday to Sunday, whatever today is, by the local clock.
func TestTheLastWholeWeek(t *testing.T) {
	t.Parallel()
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range []struct{ name, now, from, to string }{
		{"on a Monday", "2026-11-30 00:00", "2026-11-23 00:00", "2026-11-30 00:00"},
		{"on a Sunday", "2026-11-29 23:59", "2026-11-16 00:00", "2026-11-23 00:00"},
		{"over the end of a month and a year", "2027-01-06 12:00", "2026-12-28 00:00", "2027-01-04 00:00"},
		{"with a change of clocks in it", "2026-10-28 12:00", "2026-10-19 00:00", "2026-10-26 00:00"},
	} {
		at := func(s string) time.Time {
			v, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		from, to, err := (&program{}).overriddenIn("", true, at(row.now))
		if err != nil || !from.Equal(at(row.from)) || !to.Equal(at(row.to)) {
			t.Errorf("%s: from %v to %v, %v", row.name, from, to, err)
		}
	}
	now := time.Now()
	from, to, _ := (&program{}).overriddenIn("", true, now)
	dir := journalOf(t, []answered{
		{overridden("before", journal.Fact, from.Add(-time.Second).UTC(), "", "", circ.CardExpired), nil},
		{overridden("first", journal.Fact, from.UTC(), "", "", circ.CardExpired), nil},
		{overridden("last", journal.Fact, to.Add(-time.Second).UTC(), "", "", circ.CardExpired), nil},
		{overridden("after", journal.Fact, to.UTC(), "", "", circ.CardExpired), nil},
	})
	out, errs, code := here(t, "", "overrides", "--week", "--data", dir)
	if code != exitDone || !strings.Contains(out, "Bfirst") || !strings.Contains(out, "Blast") || strings.Contains(out, "Bbefore") || strings.Contains(out, "Bafter") {
		t.Errorf("exit code %d: %s%s", code, out, errs)
	}
}
