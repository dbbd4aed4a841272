package main

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// answered is an entry of a desk and what the central system made of it; nil:
// nothing yet.
type answered struct {
	entry   journal.Entry
	receipt *journal.Receipt
}

// journalOf writes a desk's journal.
func journalOf(t *testing.T, all []answered) string {
	t.Helper()
	where := folder.Folder(t.TempDir())
	j, err := bolt.OpenJournal(where.File(folder.Journal))
	if err != nil {
		t.Fatal(err)
	}
	err = j.Update(t.Context(), func(tx journal.JournalTx) error {
		var last journal.Mark
		for i, a := range all {
			e := a.entry
			e.Act.Desk, e.Epoch, e.Seq, e.Prev = "desk-1", 1, uint64(i+1), last.Hash
			e, err := e.Finish()
			if err != nil {
				return err
			}
			if _, err := tx.Add(t.Context(), e); err != nil {
				return err
			}
			last.Hash = e.Hash()
			if a.receipt != nil {
				r := *a.receipt
				r.Entry, r.Desk, r.Epoch, r.Seq = e.Act.ID, "desk-1", 1, e.Seq
				if err := tx.Settle(t.Context(), r); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err := errors.Join(err, j.Close()); err != nil {
		t.Fatal(err)
	}
	return string(where)
}

// lent is a check-out at noon of a day in March, due so many days later by a row.
func lent(id string, on, days int, row string) (journal.Entry, circ.Event) {
	at := time.Date(2026, 3, on, 12, 0, 0, 0, time.UTC)
	out := circ.CheckedOut{
		Loan: circ.LoanID("l" + id), Item: "i", Patron: "p", At: at, Due: at.AddDate(0, 0, days),
		Why: []policy.Step{{Code: policy.StepPeriod, N: days, Unit: policy.Days, Row: row}},
	}
	return journal.Entry{
		Act:  circ.Act{ID: circ.EntryID(id), Operator: "ada", At: at, Zone: "UTC", Command: circ.CheckOut{Card: "2001", Barcode: "B" + id}},
		Mode: journal.Asked, Told: []circ.Event{out}, Rules: "winter",
	}, out
}

func TestTheCentralSystemsAnswersAreComparedWithOurs(t *testing.T) {
	t.Parallel()
	var all []answered
	for i, id := range []string{"a", "b", "c", "d", "e"} { // five of another period, all else the same
		e, _ := lent(id, 1+i, 14, "default")
		_, theirs := lent(id, 1+i, 21, "terms 4")
		all = append(all, answered{e, &journal.Receipt{Verdict: journal.Applied, Events: []circ.Event{theirs}}})
	}
	e, ours := lent("f", 6, 14, "default")
	all = append(all, answered{e, &journal.Receipt{Verdict: journal.Applied, Events: []circ.Event{ours}}})
	e, _ = lent("g", 7, 14, "default")
	all = append(all, answered{e, &journal.Receipt{Verdict: journal.Refused, Decision: circ.Decision{Refused: []circ.Remark{
		{Reason: circ.TooManyLoans, N: 20, Max: 20}, {Reason: circ.PatronBlocked, Text: "SILVA lost a map"},
	}}}})
	e, _ = lent("h", 8, 14, "default")
	all = append(all, answered{e, nil})
	dir := journalOf(t, all)

	out, errs, code := here(t, "", "rules", "shadow", "--json", "--data", dir)
	if code != exitLeft || errs != "" || strings.Contains(out, "SILVA") || strings.Contains(out, "2001") {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	var sorts []shadowed
	lines := strings.Split(strings.TrimSpace(out), "\n")
	for _, l := range lines[:len(lines)-1] {
		var s shadowed
		if err := json.Unmarshal([]byte(l), &s); err != nil {
			t.Fatal(err)
		}
		sorts = append(sorts, s)
	}
	if len(sorts) != 3 || sorts[0].Kind != "other_due" || sorts[0].Code != "period" || sorts[0].Rule != "default" || sorts[0].N != 5 || len(sorts[0].Examples) != 3 ||
		sorts[1].Kind != "they_refuse" || sorts[1].Code != "patron_blocked" || sorts[2].Code != "too_many_loans" || sorts[2].Examples[0].Why != "20 on loan, limit 20" {
		t.Errorf("%+v", sorts)
	}
	if x := sorts[0].Examples[2]; x.Entry != "e" || x.Item != "Be" || x.Rules != "winter" || x.Ours != "2026-03-19T12:00:00Z" || x.Theirs != "2026-03-26T12:00:00Z" {
		t.Errorf("the newest example: %+v", x)
	}
	if want := `{"kind":"total","answered":7,"same":1,"different":6,"waiting":1}`; lines[len(lines)-1] != want {
		t.Errorf("total %s, want %s", lines[len(lines)-1], want)
	}

	for _, row := range []struct {
		name string
		args []string
		code int
		want []string
	}{
		{"in words", nil, exitLeft, []string{"5 × another due date: period (default)\n", " here, ", "1 × they refuse what the desk would not: too_many_loans\n", "20 on loan, limit 20  g\n", "7 answers, 1 as the desk had them, 6 otherwise\n1 entry has no answer yet\n"}},
		{"since a day", []string{"--since", "2026-03-07"}, exitLeft, []string{"1 answer, 0 as the desk had it, 1 otherwise\n"}},
		{"since an instant", []string{"--since", "2026-03-07T12:00:01Z"}, exitDone, []string{"0 answers, 0 as the desk had them, 0 otherwise\n1 entry has no answer yet\n"}},
		{"since a time that is none", []string{"--since", "Easter"}, exitUsage, []string{"Easter is no time"}},
	} {
		out, errs, code := here(t, "", append([]string{"rules", "shadow", "--data", dir}, row.args...)...)
		for _, want := range row.want {
			if code != row.code || !strings.Contains(out+errs, want) {
				t.Errorf("%s: exit code %d, want %d and %q: %s%s", row.name, code, row.code, want, out, errs)
			}
		}
	}
	if _, errs, code := here(t, "", "rules", "shadow", "--data", t.TempDir()); code != exitFailed || !strings.Contains(errs, "journal") {
		t.Errorf("a folder without a journal: exit code %d: %s", code, errs)
	}
}

// At a desk with a server of its own both have the same rules and the same facts.
func TestTheDesksOwnServerAnswersAlike(t *testing.T) {
	t.Parallel()
	csv, mrc := ownFiles(t, 2, 3)
	dir := demoFolder(t)
	d := start(t, "demo", "--json", "--data", dir, "--patrons", csv, "--titles", mrc)
	d.want(cardOf(0), "PATRON")
	d.want(itemCode(0), "OUT")
	d.want(itemCode(1), "OUT")
	d.want(":checkin", "MODE")
	d.want(itemCode(0), "IN")
	d.want(":sync", "DONE")
	for range 2 { // asked of the desk that runs, and of the file
		out, errs, code := here(t, "", "rules", "shadow", "--data", dir, "--since", "2020-01-01")
		if code != exitDone || !strings.HasPrefix(out, "3 answers, 3 as the desk had them, 0 otherwise") {
			t.Errorf("exit code %d: %s%s", code, out, errs)
		}
		_ = d.in.Close()
		_ = d.cmd.Wait()
	}
}

// For a reason that only the central system has, the row is told on which it would
// hang by the desk's own rules, and theirs where they say it.
func TestTheRowOfAReasonIsToldOnBothSides(t *testing.T) {
	t.Parallel()
	const text = "version = \"winter\"\ncurrency = \"EUR\"\nzone = \"UTC\"\n[[terms]]\nname = \"children\"\ngroup = \"child\"\nloans = 30\n" +
		"[[block]]\nname = \"the strict\"\ngroup = \"child\"\nreason = \"patron_blocked\"\ndo = \"refuse\"\n"
	refused := func(of ...circ.Remark) *journal.Receipt {
		return &journal.Receipt{Verdict: journal.Refused, Decision: circ.Decision{Refused: of}}
	}
	var all []answered
	lend := func(id string, change func(*journal.Entry), r *journal.Receipt) {
		e, _ := lent(id, len(all)+1, 14, "default")
		change(&e)
		all = append(all, answered{e, r})
	}
	lend("a", func(*journal.Entry) {}, refused(circ.Remark{Reason: circ.TooManyLoans, N: 20, Max: 20, Row: "terms 9"}))
	lend("b", func(*journal.Entry) {}, refused(circ.Remark{Reason: circ.PatronBlocked}))
	lend("c", func(e *journal.Entry) { // the desk refuses, too, for something else
		e.Told, e.No = nil, journal.No{Refused: []circ.Reason{circ.NotFromHere}, Rows: map[circ.Reason]string{circ.NotFromHere: "front desk"}}
	}, refused(circ.Remark{Reason: circ.TooManyLoans}))
	lend("d", func(e *journal.Entry) { e.Rules = "summer" }, refused(circ.Remark{Reason: circ.TooManyLoans}))
	dir := journalOf(t, all)
	where := folder.Folder(dir)
	cache, err := bolt.OpenCache(where.File(folder.Cache))
	if err != nil {
		t.Fatal(err)
	}
	err = cache.Update(t.Context(), func(tx journal.CacheTx) error {
		rules := circ.Rules{Version: "winter", Body: text}
		items := []circ.Row{rules, circ.Patron{ID: "p", Group: "child"}, circ.Card{Number: "2001", Patron: "p", State: circ.CardValid}, circ.Item{ID: "i", Barcode: "Bc", Type: "dvd"}}
		return tx.Put(t.Context(), items)
	})
	if err := errors.Join(err, cache.Close()); err != nil {
		t.Fatal(err)
	}
	out, errs, code := here(t, "", "rules", "shadow", "--data", dir)
	if code != exitLeft || errs != "" {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	for _, want := range []string{
		"they refuse what the desk would not: too_many_loans (children), there by terms 9\n",
		"they refuse what the desk would not: patron_blocked (the strict)\n",
		"they refuse what the desk would not: too_many_loans\n", // of other rules nobody knows it
		": too_many_loans (children)\n",                         // of the one that both refuse
		": not_from_this_desk (front desk)\n",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("want %q: %s", want, out)
		}
	}
	if out, _, _ := here(t, "", "rules", "shadow", "--json", "--data", dir); !strings.Contains(out, `"rule":"children"`) || !strings.Contains(out, `"their_rule":"terms 9"`) {
		t.Errorf("in JSON: %s", out)
	}
}
