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
			j := circ.Judge(rules, lend(row.with))
			if !slices.Equal(j.Refused, row.refused) || !slices.Equal(j.Asked, row.asked) {
				t.Errorf("refused %v, asked %v; want %v and %v", j.Refused, j.Asked, row.refused, row.asked)
			}
		})
	}
}

// When an example is due is the engine's date, also where it is shortened by itself,
// and where something stands against it.
func TestExamplesAreDueAsAtTheDesk(t *testing.T) {
	const plain = "currency = \"EUR\"\nzone = \"UTC\"\n[default]\nperiod = \"14 days\"\nrenew_period = \"10 days\"\nperiod_waited = \"3 days\"\n"
	const shorten = "[[block]]\nreason = \"requested_other\"\ndo = \"handle\"\nhandle = \"shorten\"\n"
	at := time.Date(2026, 12, 1, 10, 0, 0, 0, time.UTC)
	for _, row := range []struct {
		name, rules string
		with        policy.Example
		days        int
		asked       []string
	}{
		{name: "lent", rules: plain, days: 14},
		{name: "lent while others wait", rules: plain, with: policy.Example{Waited: true}, days: 3, asked: []string{"requested_other"}},
		{name: "renewed", rules: plain, with: policy.Example{Renewal: true}, days: 10},
		{name: "renewed while others wait", rules: plain, with: policy.Example{Renewal: true, Waited: true}, days: 10, asked: []string{"requested_other"}},
		{name: "renewed while others wait, and that makes it shorter", rules: plain + shorten, with: policy.Example{Renewal: true, Waited: true}, days: 3},
		{name: "lent while others wait, and that makes it shorter", rules: plain + shorten, with: policy.Example{Waited: true}, days: 3},
		{name: "not for loan, and as it would be", rules: plain + "[[terms]]\nloanable = false\n", days: 14, asked: []string{"not_for_loan"}},
		{name: "at a desk that does not lend it", rules: plain + "[[circulation_desk]]\nid = \"stacks\"\n[[desk_terms]]\ndesk = \"stacks\"\ncheck_out = false\n", with: policy.Example{Desk: "stacks"}, days: 14, asked: []string{"not_from_this_desk"}},
		{name: "at another desk", rules: plain + "[[circulation_desk]]\nid = \"stacks\"\n[[desk_terms]]\ndesk = \"stacks\"\ncheck_out = false\n", with: policy.Example{Desk: "front"}, days: 14},
		{name: "recalled", rules: plain, with: policy.Example{Renewal: true, Recalled: true}, days: 10, asked: []string{"recalled"}},
		{name: "recalled after it was renewed", rules: plain, with: policy.Example{Renewal: true, Recalled: true, Renewed: 1}, days: 10, asked: []string{"recalled"}},
		{name: "something is long overdue", rules: plain + "long_overdue = \"90 days\"\n", with: policy.Example{LongOverdue: 1}, days: 14, asked: []string{"long_overdue"}},
		{name: "something is overdue, not long", rules: plain + "long_overdue = \"90 days\"\n", with: policy.Example{Overdue: 1}, days: 14},
	} {
		t.Run(row.name, func(t *testing.T) {
			s, err := policy.Parse([]byte(row.rules))
			if err != nil {
				t.Fatal(err)
			}
			row.with.At = at
			j := circ.Judge(s, row.with)
			if got := j.Due.Format(time.DateOnly); got != at.AddDate(0, 0, row.days).Format(time.DateOnly) || !slices.Equal(j.Asked, row.asked) || j.Refused != nil {
				t.Errorf("due %s, asked %v, refused %v", j.Due, j.Asked, j.Refused)
			}
		})
	}
}
