package circ_test

import (
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// recalled notes that a loan of an item was recalled so long ago, to be due at an
// instant.
func recalled(item string, before time.Duration, due time.Time) change {
	return edit(circ.KindLoan, "loan of "+item, func(l *circ.Loan) {
		if len(l.Renewals) == 0 {
			l.Lent = circ.Term{Due: l.Due}
		}
		l.Recalled = circ.Recall{At: ago(before), Due: due, Desk: "desk-0"}
		l.Due = due
	})
}

// A film is due four days after a recall, but kept for ten.
func TestRecall(t *testing.T) {
	recall := circ.RecallLoan{Barcode: "301"}
	lift := circ.LiftRecall{Barcode: "301"}
	again := circ.Renew{Barcode: "301"}
	old := []change{film("item"), onLoan("item", "other", 7*day)} // due in seven days
	run(t, []row{
		{name: "a loan is due sooner", with: old, do: recall, events: []string{"recalled"}, then: func(t *testing.T, o outcome) {
			l := o.after.loan("loan of item")
			isAt(t, "due", l.Due, dayEnd(4))
			isAt(t, "as it was lent", l.Lent.Due, o.before.loan("loan of item").Due)
			isAt(t, "since", l.RecalledSince(), now)
			is(t, "why", o.Trace[0].Code, policy.StepRecallReturn)
			is(t, "and is written down", l.Why[0], o.Trace[0])
		}},
		{name: "a new loan is kept as long as the rules say", with: []change{film("item"), onLoan("item", "other", 2*day)}, do: recall, events: []string{"recalled"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, dayEnd(8))
			is(t, "why", o.Trace[0].Code, policy.StepRecallGuarantee)
		}},
		{name: "it is due sooner already: recalled, and due as it was", with: []change{film("item"), onLoan("item", "other", 12*day)}, do: recall, events: []string{"recalled"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, dayEnd(2))
			isAt(t, "since", o.after.loan("loan of item").RecalledSince(), now)
			is(t, "why", o.Trace[len(o.Trace)-1].Code, policy.StepDueSooner)
		}},
		{name: "for the first who waits", with: append(old, waiting("r", "third", day), waiting("s", "reader", 2*day), waiting("q", "other", 3*day)), do: recall, tell: why(circ.NextWaits), events: []string{"recalled"}, then: func(t *testing.T, o outcome) {
			is(t, "who", o.remark(t, circ.NextWaits).Who, "reader")
			is(t, "request", o.after.loan("loan of item").Recalled.Request, "s")
		}},
		{name: "whoever waits wants the other copy", with: append(old, waiting("r", "third", day, onlyCopy("copy"))), do: recall, events: []string{"recalled"}},
		{name: "the rules recall nothing of the kind", with: []change{onLoan("item", "other", 7*day)}, do: recall, ask: why(circ.NotRecallable), then: func(t *testing.T, o outcome) {
			is(t, "right", o.remark(t, circ.NotRecallable).Right, circ.RightOverride)
		}},
		{name: "the rules recall nothing of the kind, and the clerk says yes", with: []change{onLoan("item", "other", day)}, do: recall, over: why(circ.NotRecallable), events: []string{"recalled"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, dayEnd(7))
		}},
		{name: "recalled already", with: append(old, recalled("item", day, hence(2*day))), do: recall, refused: why(circ.RecalledAlready)},
		{name: "not on loan", do: recall, refused: why(circ.NotOnLoan)},
		{name: "an item that is not known", do: circ.RecallLoan{Barcode: "399"}, refused: why(circ.UnknownItem)},
		{name: "what is lost", with: append(old, marked("item", circ.LoanLost, day)), do: recall, refused: why(circ.FindItFirst)},
		{name: "a date was set after this", with: append(old, edit(circ.KindLoan, "loan of item", func(l *circ.Loan) {
			l.Lent, l.Fixed, l.Due = circ.Term{Due: l.Due}, circ.Fixed{At: hence(time.Hour), Due: hence(3 * day), Desk: "desk-9"}, hence(3*day)
		})), do: recall, refused: why(circ.ChangedSince)},

		{name: "what is recalled is not renewed", with: append(old, recalled("item", day, hence(3*day))), do: again, ask: why(circ.RecalledNow), then: func(t *testing.T, o outcome) {
			isAt(t, "since", o.remark(t, circ.RecalledNow).When, ago(day))
		}},
		{name: "the rules renew what is recalled never", with: append(old, recalled("item", day, hence(3*day))), blocks: "[[block]]\nreason = \"recalled\"\ndo = \"refuse\"\n", do: again, over: why(circ.RecalledNow), refused: why(circ.RecalledNow)},
		{name: "the clerk renews what is recalled: due when the renewal says, and recalled no more", with: append(old, recalled("item", day, hence(3*day))), do: again, over: why(circ.RecalledNow), events: []string{"renewed"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, dayEnd(14))
			is(t, "recalled", o.after.loan("loan of item").RecalledSince().IsZero(), true)
		}},
		{name: "recalled again after that", with: append(old, recalled("item", 2*day, hence(3*day)), renewed("item", "r", day)), do: recall, events: []string{"recalled"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, dayEnd(4))
		}},
		{name: "a date of an operator ends a recall, too", with: append(old, recalled("item", day, hence(3*day))), do: circ.SetDue{Barcode: "301", Due: hence(20 * day)}, over: why(circ.OwnDate), events: []string{"due_set"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, hence(20*day))
			is(t, "recalled", o.after.loan("loan of item").RecalledSince().IsZero(), true)
		}},

		{name: "the recall is lifted: due as it was lent", with: append(old, recalled("item", day, hence(3*day))), do: lift, events: []string{"recalled"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, dayEnd(7))
			is(t, "recalled", o.after.loan("loan of item").RecalledSince().IsZero(), true)
			is(t, "renewable", o.after.decide(t, act("entry-9", again)).Done(), true)
		}},
		{name: "lifted when it was renewed before it was recalled: due as renewed", with: append(old, renewed("item", "r", 2*day), recalled("item", day, hence(3*day)), edit(circ.KindLoan, "loan of item", func(l *circ.Loan) { l.Lent.Due = dayEnd(7) })), do: lift, events: []string{"recalled"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, dayEnd(12))
		}},
		{name: "nothing to lift", with: old, do: lift, refused: why(circ.NotRecalled)},
		{name: "lifted already", with: append(old, edit(circ.KindLoan, "loan of item", func(l *circ.Loan) {
			l.Lent, l.Recalled = circ.Term{Due: l.Due}, circ.Recall{At: ago(day)}
		})), do: lift, refused: why(circ.NotRecalled)},

		// A film costs 0.50 for each day late, and 2.00 by a recall.
		{name: "late by a recall, at the rate for that, from the recall's date", with: append(old, recalled("item", 6*day, ago(2*day))), do: back, tell: why(circ.WasLate, circ.FeeCharged), events: []string{"checked_in", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			f := lateFee(o.after, "item")
			is(t, "fee", f.Amount, euro(400))
			is(t, "why", slices.ContainsFunc(f.Why, func(s policy.Step) bool { return s.Code == policy.StepRecallFine }), true)
		}},
		{name: "late by a recall, as it would be without a rate of its own", with: append(old, recalled("item", 6*day, ago(2*day)), editItem("item", func(i *circ.Item) { i.Type = "game" })), do: back, tell: why(circ.WasLate, circ.FeeCharged), events: []string{"checked_in", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "fee", lateFee(o.after, "item").Amount, euro(60))
		}},
		{name: "recalled when it was late already: at the rate of any loan", with: []change{film("item"), onLoan("item", "other", 17*day), edit(circ.KindLoan, "loan of item", func(l *circ.Loan) {
			l.Lent, l.Recalled = circ.Term{Due: l.Due}, circ.Recall{At: ago(day), Due: l.Due}
		})}, do: back, tell: why(circ.WasLate, circ.FeeCharged), events: []string{"checked_in", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "fee", lateFee(o.after, "item").Amount, euro(150))
		}},
		{name: "late by a recall when the clerk renews it: the fee is of the renewal, at the recall's rate", with: append(old, recalled("item", 6*day, ago(2*day))), do: again, over: why(circ.RecalledNow), tell: why(circ.FeeCharged), events: []string{"renewed", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "fee", o.after.account(t, "other").Owes, 400)
			later := o.after.decide(t, act("entry-9", back))
			same(t, "and nothing more when it comes back", names(later.Events), []string{"checked_in", "seen"})
		}},
	})
}
