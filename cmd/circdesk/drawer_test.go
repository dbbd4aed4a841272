package main

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/money"
)

// TestAFolderKnowsItsLibrary: a command on the folder of a desk that does not run finds
// what was done there, though nobody says in which library it stands.
func TestAFolderKnowsItsLibrary(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	here(t, ":drawer open 50\n:inhouse 31234567890072\n", "demo", "--plain", "--data", dir)
	for _, row := range []struct{ command, want string }{
		{"drawer report", "50.00 expected"}, {"uses", "1 Riverside, Music, cd"}, {"overdue", "The trial"},
	} {
		if out, errs, code := here(t, "", append(strings.Fields(row.command), "--data", dir)...); code != exitDone || !strings.Contains(out, row.want) {
			t.Errorf("%s: exit code %d, want %q in\n%s%s", row.command, code, row.want, out, errs)
		}
	}
}

// TestTheDrawerOfADay: opened and closed from the command line, with money from the
// desk between, and reported for the accounts.
func TestTheDrawerOfADay(t *testing.T) {
	t.Parallel()
	dir := ownFolder(t)
	var roll strings.Builder
	for name, rights := range map[string]string{"ana": `"circulate"`, "head": `"circulate", "override.money"`} {
		fmt.Fprintf(&roll, "[[operators]]\nname = %q\nrights = [%s]\npin = %q\n", name, rights, cheapHash("4711"))
	}
	if err := os.WriteFile(filepath.Join(dir, folder.Operators), []byte(roll.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	drawer := func(in string, args ...string) (out, errs string, code int) {
		t.Helper()
		return here(t, in, append([]string{"drawer", args[0], "--data", dir}, args[1:]...)...)
	}
	says := func(code int, want, in string, args ...string) {
		t.Helper()
		if out, errs, got := drawer(in, args...); got != code || !strings.Contains(out+errs, want) {
			t.Errorf("drawer %s: exit code %d, want %d, and %q in\n%s%s", strings.Join(args, " "), got, code, want, out, errs)
		}
	}
	says(exitDone, "has never been opened", "", "report")
	says(exitUsage, "--as", "4711\n", "open", "50")
	says(exitFailed, "wrong", "4712\n", "open", "50", "--as", "ana")
	says(exitUsage, "not an amount", "4711\n", "open", "fifty", "--as", "ana")
	says(exitDone, "50.00 expected", "4711\n", "open", "50", "--as", "ana")

	out, errs, _ := here(t, ":operator head 4711\n"+cardOf(0)+"\n:charge card 5\n:pay 3.20\n:pay 1.80 by card\n:drawer\n", "desk", "--json", "--data", dir)
	var receipts []string
	var last answer
	for l := range strings.Lines(out) {
		last = answer{}
		if err := json.Unmarshal([]byte(l), &last); err != nil {
			t.Fatal(err)
		}
		if last.Receipt != "" {
			receipts = append(receipts, last.Receipt)
		}
	}
	if len(receipts) != 2 || last.Word != "LIST" || !strings.Contains(out, `"expected":"53.20"`) {
		t.Fatalf("at the desk:\n%s%s", out, errs)
	}
	says(exitDone, receipts[0]+": 3.20 taken", "", "report", "--receipt", receipts[0])
	says(exitFailed, "no receipt", "", "report", "--receipt", receipts[0]+"9")
	says(exitFailed, "had no shift 9", "", "report", "--shift", "9")

	says(exitFailed, "not everything was counted: card", "4711\n", "close", "cash=53.20", "--as", "ana")
	says(exitFailed, "too little in the drawer: 0.20, cash", "4711\n", "close", "cash=53", "card=1.80", "--as", "ana", "--why", "no idea")
	says(exitDone, "53.00 counted, 0.20 too little", "4711\n", "close", "cash=53", "card=1.80", "--as", "head", "--why", "no idea")

	file := filepath.Join(t.TempDir(), "drawer.csv")
	if _, errs, code := drawer("", "report", "--csv", file); code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(data))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	column := func(row []string, name string) string { return row[slices.Index(rows[0], name)] }
	var lines []string
	for _, row := range rows[1:] {
		lines = append(lines, strings.Join([]string{column(row, "kind"), column(row, "method"), column(row, "amount"), column(row, "amount_minor")}, " "))
	}
	want := []string{
		"taken cash 3.20 320", "taken card 1.80 180",
		"float cash 50.00 5000", "sum_taken cash 3.20 320", "sum_given_back cash 0.00 0", "sum_expected cash 53.20 5320", "sum_counted cash 53.00 5300", "sum_over cash -0.20 -20",
		"float card 0.00 0", "sum_taken card 1.80 180", "sum_given_back card 0.00 0", "sum_expected card 1.80 180", "sum_counted card 1.80 180", "sum_over card 0.00 0",
	}
	if !slices.Equal(lines, want) || column(rows[1], "receipt") != receipts[0] || column(rows[1], "delivered") != "yes" || column(rows[1], "patron_id") == "" {
		t.Errorf("for the accounts:\n%s", data)
	}
	out, _, _ = drawer("", "report", "--json")
	var d drawn
	if err := json.Unmarshal([]byte(out[:strings.IndexByte(out, '\n')]), &d); err != nil || d.Kind != "shift" || d.Closed == nil || d.Closed.Operator != "head" || d.Why != "no idea" || strings.Count(out, "\n") != 3 {
		t.Errorf("in JSON (%v):\n%s", err, out)
	}

	// What is taken after the close is of the next shift.
	out, errs, _ = here(t, ":operator head 4711\n"+cardOf(0)+"\n:charge card 1\n:pay 1\n:yes was on the counter\n", "desk", "--json", "--data", dir)
	if !strings.Contains(out, `"PAID"`) {
		t.Fatalf("after the close:\n%s%s", out, errs)
	}
	says(exitDone, "1 movement of money waits for the next shift", "", "report")
	says(exitDone, "", "4711\n", "open", "20", "--as", "head")
	out, _, _ = drawer("", "report", "--csv", "-")
	rows, err = csv.NewReader(strings.NewReader(out)).ReadAll()
	if err != nil || len(rows) < 2 || column(rows[1], "kind") != "taken" || column(rows[1], "amount") != "1.00" || column(rows[1], "shift") != "2" {
		t.Errorf("the next shift for the accounts (%v):\n%s", err, out)
	}
}

// TestTheAccountsHoldNoFormula: what a spreadsheet would carry out is written as text.
func TestTheAccountsHoldNoFormula(t *testing.T) {
	t.Parallel()
	noon := time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)
	d := desk.Drawer{Name: "till", N: 1, Currency: "EUR", Moves: []desk.Move{{Payment: circ.Payment{
		Kind: circ.GaveBack, Patron: "=cmd|' /C calc'!A0", Amount: money.Amount{Minor: 150, Currency: "EUR"}, Method: "@cash", Operator: "+ana\n=1", Desk: "-1+2", Receipt: "desk-1-7", At: noon,
	}}}}
	var b strings.Builder
	if err := writeAccounts(&b, d, time.FixedZone("here", 3600)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(b.String())).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"given_back", "desk-1-7", "2026-11-30 13:00:00", "2026-11-30T12:00:00Z", "'@cash", "-1.50", "-150", "EUR", "'=cmd|' /C calc'!A0", "'+ana =1", "'-1+2", "till", "1", "", "no", "yes"}
	if !slices.Equal(rows[1], want) {
		t.Errorf("%q\nwant %q", rows[1], want)
	}
}
