package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
)

// TestUsesAreCountedOnTheCommandLine: as text, as JSON and for a spreadsheet, which
// takes no location of somebody else's file for a formula.
func TestUsesAreCountedOnTheCommandLine(t *testing.T) {
	t.Parallel()
	dir := demoFolder(t)
	csv, mrc := ownFiles(t, 1, 2)
	titles, err := os.ReadFile(mrc)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(mrc, bytes.Replace(titles, []byte("stacks"), []byte("=1+1+1"), 1), 0o600); err != nil {
		t.Fatal(err)
	}
	in := strings.Join([]string{":inhouse " + itemCode(0), ":inhouse " + itemCode(1), ":inhouse", itemCode(1), ":inhouse off", ""}, "\n")
	if out, errs, code := here(t, in, "demo", "--plain", "--data", dir, "--patrons", csv, "--titles", mrc); code != exitDone {
		t.Fatalf("exit code %d: %s%s", code, out, errs)
	}
	for _, c := range []struct {
		args []string
		code int
		out  string
		errs string
	}{
		{nil, exitDone, "1 ", "3 uses"},
		{[]string{"--csv"}, exitDone, "library,location,item_type,uses\r\nmain,'=1+1+1,book,1\r\nmain,stacks,book,2\r\n", ""},
		{[]string{"--json"}, exitDone, `{"library":"main","location":"=1+1+1","item_type":"book","uses":1}` + "\n", ""},
		{[]string{"--csv", "--until", "2001-01-01"}, exitDone, "library,location,item_type,uses\r\n", ""},
		{[]string{"--since", "tomorrow"}, exitUsage, "", "tomorrow"},
	} {
		out, errs, code := here(t, "", append([]string{"uses", "--data", dir}, c.args...)...)
		if code != c.code || !strings.HasPrefix(out, c.out) || !strings.Contains(errs, c.errs) {
			t.Errorf("uses %v: exit code %d: %q, %q", c.args, code, out, errs)
		}
	}
}

// TestNoCellIsAFormula: whatever a spreadsheet would reckon is a text; numbers stay.
func TestNoCellIsAFormula(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"": "", "stacks": "stacks", "-12.50": "-12.50", "+3": "+3",
		"=1+1": "'=1+1", "+A1": "'+A1", "-A1": "'-A1", "@SUM(A1)": "'@SUM(A1)", "|calc": "'|calc", "%x": "'%x", "\t=1+1": "'=1+1",
	} {
		if got := cell(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}
