package circ

import (
	"strconv"
	"time"

	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// Judge says what stands against an example: what would be refused, and what
// somebody would have to say yes to, in the order in which a clerk hears it; and
// when it would be due. It is decided as at a desk, on a patron and an item of whom
// no more is known.
func Judge(rules *policy.Set, x policy.Example) policy.Judgement {
	t := try(exampleCase(rules, x))
	j := policy.Judgement{Due: t.due}
	for _, r := range t.d.Refused {
		j.Refused = append(j.Refused, string(r.Reason))
	}
	for _, r := range t.d.Ask {
		j.Asked = append(j.Asked, string(r.Reason))
	}
	return j
}

// The ids of an example.
const (
	examplePatron PatronID = "patron"
	exampleOther  PatronID = "other"
	exampleItem   ItemID   = "item"
	exampleTitle  TitleID  = "title"
	exampleLoan   LoanID   = "loan"
)

const day = 24 * time.Hour

// longAgo is so many years that whatever is overdue since then is long overdue.
const longAgo = 100

// exampleCase gives a case in which an example is all there is. What is lent is due
// at the act's instant, or was an hour ago where it is overdue, or many years ago where
// it is long overdue.
func exampleCase(rules *policy.Set, x policy.Example) *Case {
	at := x.At
	ago := func(d time.Duration) time.Time { return at.Add(-d) }
	c := NewCase(Act{ID: "example", At: at, Desk: DeskID(x.Desk), Library: x.Library, Command: CheckOut{Patron: examplePatron, Item: exampleItem}}, rules)
	put := func(rows ...Row) { c.Add(Want{}, rows) }
	it := Item{ID: exampleItem, Title: exampleTitle, Type: x.Type, Location: x.Location, Home: x.Library}
	for i := range max(x.Loans, x.Overdue, x.LongOverdue) {
		l := Loan{ID: LoanID("loan " + strconv.Itoa(i)), Item: ItemID("item " + strconv.Itoa(i)), Patron: examplePatron, Library: x.Library, Out: ago(day), Due: at}
		switch {
		case i < x.LongOverdue:
			l.Due = at.AddDate(-longAgo, 0, 0)
			l.Out = l.Due.Add(-day)
		case i < x.Overdue:
			l.Due = ago(time.Hour)
		}
		put(l)
	}
	if x.Renewal {
		c.Act.Command = Renew{Item: exampleItem}
		it.Loan = exampleLoan
		l := Loan{ID: exampleLoan, Item: exampleItem, Patron: examplePatron, Library: x.Library, Out: ago(day), Due: at}
		if x.Recalled {
			l.Recalled = Recall{At: ago(time.Hour), Due: at}
		}
		for i := range x.Renewed {
			l.Renewals = append(l.Renewals, Renewal{ID: strconv.Itoa(i), At: ago(time.Hour), Due: at})
		}
		put(l)
	}
	put(Title{ID: exampleTitle}, it, Patron{ID: examplePatron, Group: x.Group, Expires: x.CardUntil, Birth: x.Born})
	for i := range x.Requests {
		put(Request{ID: RequestID("request " + strconv.Itoa(i)), Title: TitleID("title " + strconv.Itoa(i)), Patron: examplePatron, At: ago(time.Hour), Stage: Waiting})
	}
	if x.Waited {
		put(Request{ID: "waits", Title: exampleTitle, Patron: exampleOther, At: ago(time.Hour), Stage: Waiting})
	}
	if x.Guarantor {
		put(Link{ID: "link", Patron: examplePatron, Other: exampleOther, Kind: Guarantor, At: ago(time.Hour)})
	}
	if x.Owes > 0 {
		put(Fee{ID: "fee", Patron: examplePatron, Type: FeeOther, Amount: money.Amount{Minor: x.Owes, Currency: rules.Currency()}, At: ago(time.Hour)})
	}
	return c
}
