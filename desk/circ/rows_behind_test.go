package circ_test

import (
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// TestRowsBehindAReason: a reason names the row that gave its number, or the word of
// the desk, and the row of the block table that says what it means.
func TestRowsBehindAReason(t *testing.T) {
	behind := func(r circ.Reason, row, block string) func(*testing.T, outcome) {
		return func(t *testing.T, o outcome) {
			is(t, "row", o.remark(t, r).Row, row)
			is(t, "block", o.remark(t, r).Block, block)
		}
	}
	const refuseLoans = "[[block]]\nname = \"never more\"\nreason = \"too_many_loans\"\ndo = \"refuse\"\n"
	run(t, []row{
		{name: "a row of the terms says how many loans", blocks: "[[terms]]\nname = \"the few\"\nloans = 0\n", do: lend, ask: why(circ.TooManyLoans), then: behind(circ.TooManyLoans, "the few", "")},
		{name: "and a row of the block table that it is refused", blocks: "[[terms]]\nname = \"the few\"\nloans = 0\n" + refuseLoans, do: lend, refused: why(circ.TooManyLoans), then: behind(circ.TooManyLoans, "the few", "never more")},
		{name: "no number, and a row of the block table", blocks: "[[block]]\nreason = \"patron_blocked\"\ndo = \"refuse\"\n", with: []change{blocked("b", "reader", "lost a map")}, do: lend, refused: why(circ.PatronBlocked), then: behind(circ.PatronBlocked, "", "block 1")},
		{name: "a row for the desk", blocks: desks + "name = \"not here\"\ndesk = \"desk-1\"\ncheck_out = false\n", do: lend, ask: why(circ.NotFromHere), then: behind(circ.NotFromHere, "not here", "")},
		{name: "a renewal that gains too little", blocks: "[[terms]]\nname = \"gain\"\nrenew_min_gain = \"100 days\"\n", with: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, refused: why(circ.NoGain), then: behind(circ.NoGain, "gain", "")},
		{name: "nobody said it", with: []change{blocked("b", "reader", "lost a map")}, do: lend, ask: why(circ.PatronBlocked), then: behind(circ.PatronBlocked, "", "")},
	})
}

// Every number behind a reason is one of the terms.
func TestNumbersBehindReasonsAreNumbers(t *testing.T) {
	numbered := 0
	for _, reason := range policy.BlockReasons() {
		code := policy.NumberBehind(reason)
		if code == "" {
			continue
		}
		numbered++
		if _, ok := rules.Terms(policy.Query{}).StepOf(code); !ok {
			t.Errorf("%s: %s is no number", reason, code)
		}
	}
	if numbered != 11 {
		t.Errorf("%d reasons depend on a number", numbered)
	}
}
