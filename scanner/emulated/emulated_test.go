package emulated_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"circdesk/scanner/emulated"
)

// TestRun runs the command itself, where CIRCDESK_EMULATED=1 asks for it.
func TestRun(t *testing.T) {
	if os.Getenv("CIRCDESK_EMULATED") != "1" {
		t.Skip("the emulated machine runs where CIRCDESK_EMULATED=1")
	}
	out, err := exec.CommandContext(t.Context(), "./run").CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}

func TestReport(t *testing.T) {
	const (
		plan = `{"Plan":["lists","reads"]}`
		one  = `{"Check":{"Name":"lists"}}`
		two  = `{"Check":{"Name":"reads","Saw":"3 scans"}}`
		end  = `{"End":true}`
	)
	for _, row := range []struct {
		name  string
		lines []string
		line  string // what is wrong with the last line, "": nothing
		err   string // what is wrong with the report, "": nothing
	}{
		{"all passed", []string{plan, one, two, end}, "", ""},
		{"in another order", []string{plan, two, one, end}, "", ""},
		{"a console's line ends", []string{plan + "\r", one + "\r", two + "\r", end + "\r"}, "", ""},
		{"a text is to be typed", []string{plan, one, `{"Type":"312\n"}`, two, end}, "", ""},
		{"one failed", []string{plan, one, `{"Check":{"Name":"reads","Failed":"lost"}}`, end}, "", "reads: failed"},
		{"one was not told", []string{plan, one, end}, "", "reads: was not told"},
		{"no end", []string{plan, one, two}, "", "the machine stopped before its end"},
		{"nothing", nil, "", "no check was planned\nthe machine stopped before its end"},
		{"an empty plan", []string{`{"Plan":[]}`, end}, "", "no check was planned"},
		{"a check without a plan", []string{one}, "before the plan", ""},
		{"an end without a plan", []string{end}, "before the plan", ""},
		{"a check that was not planned", []string{plan, `{"Check":{"Name":"sings"}}`}, `"sings" was not planned`, ""},
		{"a check twice, to pass at last", []string{plan, `{"Check":{"Name":"lists","Failed":"no"}}`, one}, "twice", ""},
		{"a name twice in the plan", []string{`{"Plan":["lists","lists"]}`}, "planned twice", ""},
		{"a second plan", []string{plan, `{"Plan":["lists"]}`}, "says nothing", ""},
		{"something after the end", []string{plan, one, two, end, one}, "after the end", ""},
		{"half a line", []string{plan, `{"Check":{"Na`}, "read", ""},
		{"a kernel's message", []string{plan, "[    3.1] usb 1-1: new device"}, "read", ""},
		{"a line that says nothing", []string{plan, `{}`}, "says nothing", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			var r emulated.Report
			var err error
			for i, line := range row.lines {
				if err != nil {
					t.Fatalf("line %d: %v", i-1, err)
				}
				_, err = r.Take(line)
			}
			switch {
			case row.line == "" && err != nil, row.line != "" && (err == nil || !strings.Contains(err.Error(), row.line)):
				t.Fatalf("the last line: %v", err)
			case row.line != "":
				return
			}
			got := ""
			if err := r.Err(); err != nil {
				got = err.Error()
			}
			if got != row.err {
				t.Errorf("got %q, want %q", got, row.err)
			}
		})
	}
}

func TestPassed(t *testing.T) {
	var r emulated.Report
	for _, line := range []string{`{"Plan":["a","b","c"]}`, `{"Check":{"Name":"a"}}`, `{"Check":{"Name":"b","Failed":"x"}}`} {
		if _, err := r.Take(line); err != nil {
			t.Fatal(err)
		}
	}
	if passed, planned := r.Passed(); passed != 1 || planned != 3 {
		t.Errorf("%d of %d", passed, planned)
	}
}

// A device may have any name, and a check may tell of it.
func TestCheckIsOnePrintableLine(t *testing.T) {
	for _, row := range []struct {
		check emulated.Check
		want  string
	}{
		{emulated.Check{Name: "reads"}, "ok    reads"},
		{emulated.Check{Name: "reads", Saw: "3 scans"}, "ok    reads (3 scans)"},
		{emulated.Check{Name: "reads", Failed: "lost"}, "FAIL  reads: lost"},
		{emulated.Check{Name: "reads", Failed: "a\x1b[2J\nok    b"}, "FAIL  reads: a\uFFFD[2J\uFFFDok    b"},
	} {
		if got := row.check.String(); got != row.want {
			t.Errorf("got %q, want %q", got, row.want)
		}
	}
}
