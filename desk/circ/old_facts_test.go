package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

const ages = "[[old_facts]]\nafter = \"4 hours\"\nloan = \"tell\"\nrequest = \"tell\"\n[[old_facts]]\nafter = \"24 hours\"\nloan = \"ask\"\nrenewal = \"refuse\"\n[[old_facts]]\nafter = \"7 days\"\nloan = \"refuse\"\n"

// TestOldFacts: what a desk does by itself when its facts are old is what the rules say
// of their age.
func TestOldFacts(t *testing.T) {
	renew, place := circ.Renew{Barcode: "301"}, circ.Place{Card: "card-reader", Title: "title"}
	run(t, []row{
		{name: "the rules say nothing of ages", old: 1000 * time.Hour, do: lend, events: []string{"checked_out"}},
		{name: "it was asked", blocks: ages, do: lend, events: []string{"checked_out"}},
		{name: "the facts are three hours old", blocks: ages, old: 3 * time.Hour, do: lend, events: []string{"checked_out"}},
		{name: "they are four hours old, and it is told", blocks: ages, old: 4 * time.Hour, do: lend, tell: why(circ.OldFacts), events: []string{"checked_out"}},
		{name: "they are a day old, and it is asked", blocks: ages, old: 30 * time.Hour, do: lend, ask: why(circ.OldFacts), then: func(t *testing.T, o outcome) {
			m := o.remark(t, circ.OldFacts)
			is(t, "hours", m.N, 30)
			isAt(t, "of when", m.When, o.act.At.Add(-30*time.Hour))
			is(t, "right", m.Right, circ.RightOverride)
			is(t, "row", m.Row, "old_facts 2")
		}},
		{name: "they are a day old, and somebody says yes", blocks: ages, old: 30 * time.Hour, do: lend, over: why(circ.OldFacts), events: []string{"checked_out"}},
		{name: "they are a week old, and nobody may", blocks: ages, old: 200 * time.Hour, do: lend, over: why(circ.OldFacts), refused: why(circ.OldFacts)},
		{name: "a renewal by facts of a day", blocks: ages, old: 30 * time.Hour, with: []change{onLoan("item", "reader", 9*day)}, do: renew, refused: why(circ.OldFacts)},
		{name: "a request by facts of a week", blocks: ages, old: 200 * time.Hour, do: place, tell: why(circ.OldFacts), events: []string{"placed"}},
		{name: "what comes back is always taken", blocks: ages, old: 2000 * time.Hour, with: []change{onLoan("item", "reader", day)}, do: back, events: []string{"checked_in", "seen"}},
		{name: "a manager says yes, as the block table has it", blocks: ages + "[[block]]\nreason = \"old_facts\"\noverride = [\"manager\"]\n", old: 30 * time.Hour, do: lend, ask: why(circ.OldFacts), then: func(t *testing.T, o outcome) {
			is(t, "right", o.remark(t, circ.OldFacts).Right, circ.RightManager)
		}},
		{name: "the clock was turned back since", blocks: ages, old: -time.Hour, do: lend, events: []string{"checked_out"}},
	})
}
