package main

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/sample"
)

// TestAReturnIsCorrectedLineByLine: what lay in the bookdrop is taken back late, charged,
// paid, and keeps its patron from borrowing; corrected, the fee comes to less, what was paid
// too much is given back, and the block is over.
func TestAReturnIsCorrectedLineByLine(t *testing.T) {
	t.Parallel()
	l := library{t, demoFolder(t)}
	l.does(exitDone, "", "demo", "--plain")
	l.write(folder.Rules, strings.Replace(string(sample.Rules()), "riverside 1", "strict", 1)+"\n[[terms]]\nlibrary = \"main\"\nmax_owed = \"1.00\"\nsuspend_days = 1\nfine_when_closed = true\n")
	days := func(n int) string { return time.Now().AddDate(0, 0, -n).Format(time.DateOnly) }
	const late, free = "31234567890494", "31234567890148"
	steps := []struct{ line, want string }{
		{":operator head 9876", "MODE"},
		{":checkin " + late, "17 days late, fee of 3.40, suspended for being late until"},
		{":checkout", "MODE"},
		{":patron kowalski", "owes 3.40, BLOCKED"},
		{free, "suspended for being late"},
		{":no", "STOP"},
		{":pay 3.40", "PAID"},
		{":returned " + days(-1) + " " + late + " a slip of the pen", "STOP"},
		{":returned " + days(10) + " " + late, "another date of return"}, // nobody says why
		{":no", "STOP"},
		{":returned " + days(10) + " " + late + " was in the bookdrop", "a fee of 3.40 comes to less by now: 1.40, the suspension for being late ends"},
		{":fee 1", "paid too much, since it comes to less by now: 2.00 credit"},
		{":refund --amount 2.01 moves away", "STOP"},
		{":refund moves away", "PAID    2.00 back to KOWALSKI"},
		{free, "OUT"}, // seven days after the tenth before today are over
		{":returned " + days(20) + " " + late + " the slip says so", "a fee of 1.40 comes to less by now: 0.00, the suspension for being late ends"},
		{":refund moves away", "PAID    1.40 back to KOWALSKI"},
		{":fee all", "owes nothing"},
	}
	var in strings.Builder
	for _, s := range steps {
		fmt.Fprintf(&in, "%s\n", s.line)
	}
	out, errs, code := here(t, in.String(), "desk", "--plain", "--data", l.dir)
	if code != exitDone {
		t.Fatalf("exit code %d: %s", code, errs)
	}
	rest := out
	for _, s := range steps {
		i := strings.Index(rest, s.want)
		if i < 0 {
			t.Fatalf("%s: no %q in what follows:\n%s\nof\n%s", s.line, s.want, rest, out)
		}
		rest = rest[i+len(s.want):]
	}
}
