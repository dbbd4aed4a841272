package circ_test

import (
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// A stored case is judged as the desk would decide it.
func TestExamplesAreJudgedAsAtTheDesk(t *testing.T) {
	rules := policy.Sample()
	at := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	lend := func(with func(*policy.Example)) policy.Example {
		x := policy.Example{Query: policy.Query{Group: "adult", Type: "book", Library: "main", At: at}}
		with(&x)
		return x
	}
	for _, row := range []struct {
		name           string
		with           func(*policy.Example)
		refused, asked []string
	}{
		{name: "nothing stands against a book", with: func(*policy.Example) {}},
		{name: "as many loans as may be", with: func(x *policy.Example) { x.Loans = 20 }, asked: []string{"too_many_loans"}},
		{name: "one fewer", with: func(x *policy.Example) { x.Loans = 19 }},
		{name: "owes as much as may be", with: func(x *policy.Example) { x.Owes = 1000 }},
		{name: "owes more", with: func(x *policy.Example) { x.Owes = 1001 }, asked: []string{"owes_too_much"}},
		{name: "too many are overdue, and all count as loans", with: func(x *policy.Example) { x.Overdue = 20 }, asked: []string{"too_many_loans", "too_many_overdue"}},
		{name: "the card has expired", with: func(x *policy.Example) { x.CardUntil = at }, asked: []string{"card_expired"}},
		{name: "the card has expired, and staff may", with: func(x *policy.Example) { x.CardUntil, x.Group = at, "staff" }},
		{name: "others wait", with: func(x *policy.Example) { x.Waited = true }, asked: []string{"requested_other"}},
		{name: "not for loan", with: func(x *policy.Example) { x.Type = "reference" }, asked: []string{"not_for_loan"}},
		{name: "too young", with: func(x *policy.Example) { x.Type, x.Born = "game", "2014-12-02" }, asked: []string{"too_young"}},
		{name: "old enough since today", with: func(x *policy.Example) { x.Type, x.Born = "game", "2014-12-01" }},
		{name: "a child without a guarantor", with: func(x *policy.Example) { x.Group, x.Born = "child", "2015-01-01" }, asked: []string{"guarantor_missing"}},
		{name: "a child with one", with: func(x *policy.Example) { x.Group, x.Born, x.Guarantor = "child", "2015-01-01", true }},
		{name: "no term, no date", with: func(x *policy.Example) { x.Type, x.At = "textbook", at.AddDate(2, 0, 0) }, refused: []string{"no_due_date"}},
		{name: "renewed", with: func(x *policy.Example) { x.Renewal = true }},
		{name: "renewed too often", with: func(x *policy.Example) { x.Renewal, x.Renewed = true, 2 }, asked: []string{"renewals_used"}},
		{name: "renewed while others wait, and overdue", with: func(x *policy.Example) { x.Renewal, x.Waited, x.Overdue = true, true, 1 }, asked: []string{"requested_other"}},
		{name: "requests are no loans", with: func(x *policy.Example) { x.Requests = 50 }},
	} {
		t.Run(row.name, func(t *testing.T) {
			refused, asked := circ.Judge(rules, lend(row.with))
			if !slices.Equal(refused, row.refused) || !slices.Equal(asked, row.asked) {
				t.Errorf("refused %v, asked %v; want %v and %v", refused, asked, row.refused, row.asked)
			}
		})
	}
}
