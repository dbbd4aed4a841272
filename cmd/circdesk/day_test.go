package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// atServer reads what the central server of a folder holds, when nobody has it
// open.
func atServer(t testing.TB, dir string) (loans []circ.Loan, items map[circ.ItemID]circ.Item, patrons map[circ.PatronID]circ.Patron) {
	t.Helper()
	store, err := bolt.OpenHub(filepath.Join(dir, "server.db"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	s := hubserver.New(hubserver.Config{Store: store, Rules: policy.Default("EUR", "UTC"), Now: time.Now})
	items, patrons = map[circ.ItemID]circ.Item{}, map[circ.PatronID]circ.Patron{}
	_, err = s.Snapshot(context.Background(), func(rows []circ.Row) error {
		for _, r := range rows {
			switch r := r.(type) {
			case circ.Loan:
				loans = append(loans, r)
			case circ.Item:
				items[r.ID] = r
			case circ.Patron:
				patrons[r.ID] = r
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return loans, items, patrons
}

// open gives who has what, by barcode and card, and fails where an item is out
// twice or does not know its loan.
func openLoans(t testing.TB, dir string) map[string]string {
	t.Helper()
	loans, items, patrons := atServer(t, dir)
	out := map[string]string{}
	for _, l := range loans {
		if !l.Open() {
			continue
		}
		it := items[l.Item]
		if _, twice := out[it.Barcode]; twice {
			t.Errorf("item %s is on loan twice", it.Barcode)
		}
		if it.Loan != l.ID {
			t.Errorf("item %s has loan %q, and %s is open", it.Barcode, it.Loan, l.ID)
		}
		out[it.Barcode] = patrons[l.Patron].Card
	}
	return out
}

func TestANewcomerLendsABook(t *testing.T) {
	t.Parallel()
	p := start(t, "demo", "--plain", "--json")
	lend, item := tourOf(t, p)
	p.want(lend, "PATRON")
	out := p.want(item, "OUT")
	if out.Due == "" || out.Title == "" || out.Entry == "" || out.Mode != "asked" || len(out.Trace) == 0 {
		t.Errorf("the loan is told as %s", out.raw)
	}
	if _, err := time.Parse(time.RFC3339, out.Due); err != nil {
		t.Error(err)
	}
	p.want(item, "AGAIN")
	p.want(":done", "DONE")
	p.want(":checkin", "MODE")
	p.want(item, "IN")
	p.want(":quit", "DONE")
	p.end()
}

// tourOf reads the card that a newcomer sees.
func tourOf(t *testing.T, p *process) (card, item string) {
	t.Helper()
	p.want(":help", "LIST") // by now all has been said
	for _, l := range strings.Split(p.said(), "\n") {
		var words []string
		for _, w := range strings.FieldsFunc(l, func(r rune) bool { return r < '0' || r > '9' }) {
			if len(w) == 14 {
				words = append(words, w)
			}
		}
		if len(words) == 2 {
			return words[0], words[1]
		}
	}
	t.Fatalf("nothing to try:\n%s", p.said())
	return "", ""
}

// TestALineThatIsPulledInTheMiddleOfADay is the promise of this program: the
// line goes, the program is killed, and the central server ends with exactly the
// loans that were shown, once each.
func TestALineThatIsPulledInTheMiddleOfADay(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	csv, mrc := ownFiles(t, 4, 40)
	args := []string{"demo", "--plain", "--json", "--data", dir, "--patrons", csv, "--titles", mrc}
	shown := map[string]string{}
	lend := func(p *process, n, from, to int, mode string) {
		t.Helper()
		p.want(cardOf(n), "PATRON")
		for i := from; i < to; i++ {
			if out := p.want(itemCode(i), "OUT"); out.Mode != mode {
				t.Errorf("the loan of %s is %s, want %s: %s", itemCode(i), out.Mode, mode, out.raw)
			}
			shown[itemCode(i)] = cardOf(n)
		}
		p.want(":done", "DONE")
	}
	p := start(t, args...)
	lend(p, 0, 0, 8, "asked")
	p.want(":pull", "MODE")
	lend(p, 1, 8, 16, "fact")
	p.want(":checkin", "MODE")
	for _, n := range []int{0, 1, 8} {
		p.want(itemCode(n), "IN")
		delete(shown, itemCode(n))
	}
	p.want(":checkout", "MODE")
	p.kill()

	p = start(t, args...)       // the line is there again when it starts
	p.want(":checkout", "MODE") // where it was a moment before it was killed may not be noted
	p.want(":pull", "MODE")
	lend(p, 2, 16, 24, "fact")
	lend(p, 3, 0, 1, "fact") // what was taken back without a line
	p.want(":plug", "MODE")
	if a := p.want(":sync", "DONE"); a.Waiting != 0 {
		t.Errorf("after a sync there wait %d: %s", a.Waiting, a.raw)
	}
	lend(p, 3, 24, 30, "asked")
	p.want(":conflicts", "LIST")
	p.end()

	if got := openLoans(t, dir); fmt.Sprint(got) != fmt.Sprint(shown) {
		t.Errorf("the central server has\n%v, the clerk was shown\n%v", got, shown)
	}
	out, errs, code := here(t, "", "journal", "verify", "--data", dir)
	if code != 0 {
		t.Errorf("verify ended with %d: %s%s", code, out, errs)
	}
	out, errs, code = here(t, "", "sync", "--data", dir)
	if code != 0 || !strings.Contains(out, "nothing is left") {
		t.Errorf("sync ended with %d: %s%s", code, out, errs)
	}
}

func TestTheSameFilesAgainKeepTheLoansAndAddNothing(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	csv, mrc := ownFiles(t, 2, 5)
	args := []string{"demo", "--json", "--data", dir, "--patrons", csv, "--titles", mrc}
	p := start(t, args...)
	p.want(cardOf(0), "PATRON")
	p.want(itemCode(0), "OUT")
	p.want(":sync", "DONE")
	p.end()
	before, items, patrons := atServer(t, dir)
	p = start(t, args...)
	if a := p.want(cardOf(0), "PATRON"); len(a.Patron.Loans) != 1 || a.Patron.Loans[0].Barcode != itemCode(0) {
		t.Errorf("after a start the patron has %v: %s", a.Patron.Loans, a.raw)
	}
	p.end()
	after, items2, patrons2 := atServer(t, dir)
	if len(after) != len(before) || len(items2) != len(items) || len(patrons2) != len(patrons) {
		t.Errorf("loans %d → %d, items %d → %d, patrons %d → %d", len(before), len(after), len(items), len(items2), len(patrons), len(patrons2))
	}
	p = start(t, "demo", "--json", "--data", dir) // the sample would be another library
	if err := p.cmd.Wait(); err == nil || !strings.Contains(p.said(), dir) {
		t.Errorf("another library in the same folder: %v, %s", err, p.said())
	}
}

// TestWhatIsAskedOfADeskThatRuns asks it from beside: its journal, its conflicts,
// a sync.
func TestWhatIsAskedOfADeskThatRuns(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	csv, mrc := ownFiles(t, 1, 3)
	p := start(t, "demo", "--json", "--data", dir, "--patrons", csv, "--titles", mrc)
	p.want(cardOf(0), "PATRON")
	lent := p.want(itemCode(0), "OUT")
	p.want(":pull", "MODE")
	p.want(itemCode(1), "OUT")
	for _, running := range []bool{true, false} {
		list, errs, code := here(t, "", "journal", "list", "--json", "--data", dir)
		if code != 0 || strings.Count(list, "\n") != 2 || !strings.Contains(list, `"entry":"`+lent.Entry+`"`) {
			t.Errorf("running %v: the list ended with %d: %s%s", running, code, list, errs)
		}
		show, errs, code := here(t, "", "journal", "show", lent.Entry, "--data", dir)
		if code != 0 || !strings.Contains(show, `"verdict": "applied"`) || !strings.Contains(show, `"due"`) {
			t.Errorf("running %v: the entry ended with %d: %s%s", running, code, show, errs)
		}
		if out, errs, code := here(t, "", "journal", "verify", "--data", dir); code != 0 || !strings.Contains(out, "2 entries, whole") {
			t.Errorf("running %v: verify ended with %d: %s%s", running, code, out, errs)
		}
		if out, errs, code := here(t, "", "conflicts", "list", "--data", dir); code != 0 {
			t.Errorf("running %v: conflicts ended with %d: %s%s", running, code, out, errs)
		}
		out, errs, code := here(t, "", "outage", "report", "--json", "--data", dir)
		if code != exitLeft || strings.Count(out, "\n") != 1 || !strings.Contains(out, `"check_out":1`) || !strings.Contains(out, `"waiting":1`) {
			t.Errorf("running %v: the outage ended with %d: %s%s", running, code, out, errs)
		}
		if out, errs, code := here(t, "", "overdue", "--long", "--data", dir); code != 0 || out != "" || !strings.Contains(errs, "nothing is long overdue") {
			t.Errorf("running %v: what is overdue ended with %d: %s%s", running, code, out, errs)
		}
		out, errs, code = here(t, "", "sync", "--data", dir)
		if running && (code != exitLeft || !strings.Contains(out, "1 entry still waits")) {
			t.Errorf("a sync without a line ended with %d: %s%s", code, out, errs)
		}
		if !running && (code != 0 || !strings.Contains(out, "nothing is left")) {
			t.Errorf("a sync of a desk that is closed ended with %d: %s%s", code, out, errs)
		}
		if running {
			_, errs, code := here(t, "", "demo", "--json", "--data", dir)
			if code != exitHeld || !strings.Contains(errs, fmt.Sprint(p.cmd.Process.Pid)) {
				t.Errorf("a second desk ended with %d: %s", code, errs)
			}
			p.end()
		}
	}
	if got := openLoans(t, dir); len(got) != 2 {
		t.Errorf("the server has %v", got)
	}
}
