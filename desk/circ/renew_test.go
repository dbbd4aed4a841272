package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

func TestRenew(t *testing.T) {
	again := circ.Renew{Barcode: "301"}
	lent := onLoan("item", "reader", 9*day)
	run(t, []row{
		{name: "a loan is made longer", with: []change{lent}, do: again, events: []string{"renewed"}, then: func(t *testing.T, o outcome) {
			l := o.after.loan("loan of item")
			isAt(t, "due", l.Due, dayEnd(14))
			is(t, "renewals", len(l.Renewals), 1)
			is(t, "id", l.Renewals[0].ID, o.made("renewal"))
			if len(o.Trace) < 2 || o.Trace[0].Code != policy.StepPeriod {
				t.Errorf("the due date is not explained: %v", o.Trace)
			}
		}},
		{name: "named by its id", with: []change{lent}, do: circ.Renew{Item: "item"}, events: []string{"renewed"}},
		{name: "the item is not known", do: circ.Renew{Barcode: "399"}, refused: why(circ.UnknownItem)},
		{name: "the item is not on loan", do: again, refused: why(circ.NotOnLoan)},
		{name: "whoever has it is not known here", with: []change{onLoan("item", "nobody", 9*day)}, do: again, refused: why(circ.UnknownPatron)},
		{name: "it would be due as before", with: []change{onLoan("item", "reader", time.Hour)}, do: again, refused: why(circ.NoGain)},
		{name: "it would gain a day, which is enough", with: []change{onLoan("item", "reader", day)}, do: again, events: []string{"renewed"}},
		{name: "it would gain five minutes, which is not enough", with: []change{onLoan("item", "reader", 9*day), editItem("item", func(i *circ.Item) { i.Type = "map" }), edit(circ.KindLoan, "loan of item", func(l *circ.Loan) { l.Due = hence(115 * time.Minute) })}, do: again, refused: why(circ.NoGain)},
		{name: "it would gain ten minutes, which is enough for a map", with: []change{onLoan("item", "reader", 9*day), editItem("item", func(i *circ.Item) { i.Type = "map" }), edit(circ.KindLoan, "loan of item", func(l *circ.Loan) { l.Due = hence(110 * time.Minute) })}, do: again, events: []string{"renewed"}},
		{name: "it would gain nothing, and the rules ask for nothing", with: []change{onLoan("item", "reader", time.Hour), editItem("item", func(i *circ.Item) { i.Type = "disc" })}, do: again, refused: why(circ.NoGain)},
		{name: "it is due later than a renewal would give", with: []change{lent, edit(circ.KindLoan, "loan of item", func(l *circ.Loan) { l.Due = hence(60 * day) })}, do: again, refused: why(circ.NoGain)},
		{name: "renewed once before", with: []change{lent, renewed("item", "r", 5*day)}, do: again, events: []string{"renewed"}, then: func(t *testing.T, o outcome) {
			is(t, "renewals", len(o.after.loan("loan of item").Renewals), 2)
		}},
		{name: "renewed as often as the rules give", with: []change{lent, renewed("item", "r", 5*day), renewed("item", "s", 4*day)}, do: again, ask: why(circ.RenewalsUsed), then: func(t *testing.T, o outcome) {
			m := o.remark(t, circ.RenewalsUsed)
			is(t, "used", m.N, 2)
			is(t, "of", m.Max, 2)
		}},
		{name: "renewed as often as the rules give, and the clerk says yes", with: []change{lent, renewed("item", "r", 5*day), renewed("item", "s", 4*day)}, do: again, over: why(circ.RenewalsUsed), events: []string{"renewed"}},
		{name: "the rules never renew this type", with: []change{lent, editItem("item", func(i *circ.Item) { i.Type = "serial" })}, do: again, ask: why(circ.RenewalsUsed)},
		{name: "staff renew any number of times", with: []change{lent, renewed("item", "r", 5*day), renewed("item", "s", 4*day), editPatron("reader", func(p *circ.Patron) { p.Group = "staff" })}, do: again, events: []string{"renewed"}},
		{name: "another waits for the title", with: []change{lent, waiting("r", "other", day)}, do: again, ask: why(circ.RequestedBy)},
		{name: "another waits for the other copy only", with: []change{lent, waiting("r", "other", day, onlyCopy("copy"))}, do: again, events: []string{"renewed"}},
		{name: "the borrower themselves waits for the title", with: []change{lent, waiting("r", "reader", day)}, do: again, events: []string{"renewed"}},
		{name: "the card has expired", with: []change{lent, editPatron("reader", func(p *circ.Patron) { p.Expires = ago(day) })}, do: again, ask: why(circ.CardExpired)},
		{name: "the borrower is blocked", with: []change{lent, blocked("b", "reader", "x")}, do: again, ask: why(circ.PatronBlocked)},
		{name: "the borrower owes too much", with: []change{lent, owes("f", "reader", 1001, day)}, do: again, ask: why(circ.OwesTooMuch)},
		{name: "the borrower has more loans than the rules give", with: []change{lent, manyLoans("reader", 4)}, do: again, events: []string{"renewed"}},
		{name: "it was seen elsewhere since", with: []change{lent, seen("item", hence(time.Minute))}, do: again, refused: why(circ.SeenSince)},
		{name: "an overdue loan is renewed from today", with: []change{onLoan("item", "reader", 30*day)}, do: again, events: []string{"renewed"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, dayEnd(14))
		}},
		{name: "the rules have a period of its own for renewals", with: []change{lent, editItem("item", func(i *circ.Item) { i.Type = "score" })}, do: again, events: []string{"renewed"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, dayEnd(28))
			is(t, "the row that gave it", o.Trace[0], policy.Step{Code: policy.StepRenewPeriod, N: 28, Unit: policy.Days, Row: "terms 4"})
			is(t, "and is written down", o.after.loan("loan of item").Why[0], o.Trace[0])
		}},
		{name: "there is a note on it", with: []change{lent, editItem("item", func(i *circ.Item) { i.Note = "x" })}, do: again, tell: why(circ.ItemNote), events: []string{"renewed"}},
		{name: "all reasons at once", with: []change{onLoan("item", "reader", time.Hour), blocked("b", "reader", "x"), owes("f", "reader", 1001, day), waiting("r", "other", day)}, do: again, refused: why(circ.NoGain), ask: why(circ.PatronBlocked, circ.OwesTooMuch, circ.RequestedBy)},
	})
}
