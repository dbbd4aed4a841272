package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

// atlas makes an item one that is long overdue 30 days after it was due.
func atlas(item string) change {
	return editItem(item, func(i *circ.Item) { i.Type = "atlas" })
}

// TestLongOverdue: loans of the plain rules are of 14 days, so that an atlas of 44
// days ago is not long overdue until the day is over.
func TestLongOverdue(t *testing.T) {
	mark := func(s circ.LoanState) change {
		return edit(circ.KindLoan, "loan of copy", func(l *circ.Loan) { l.Marked = circ.Marked{State: s, At: ago(day)} })
	}
	late := func(days int) []change {
		return []change{atlas("copy"), onLoan("copy", "reader", time.Duration(days)*day)}
	}
	run(t, []row{
		{name: "overdue for 30 days", with: late(44), do: lend, events: []string{"checked_out"}},
		{name: "overdue for 31 days", with: late(45), do: lend, ask: why(circ.IsLongOverdue), then: func(t *testing.T, o outcome) {
			m := o.remark(t, circ.IsLongOverdue)
			is(t, "way", m.Way, circ.Way{Do: circ.WayReturnLost, N: 1})
			isAt(t, "due", m.When, rules.DayEnd("main", ago(31*day)))
			is(t, "right", m.Right, circ.RightOverride)
		}},
		{name: "overdue for 31 days, and it is lent all the same", with: late(45), do: lend, over: why(circ.IsLongOverdue), events: []string{"checked_out"}},
		{name: "overdue for 31 days, and it is a request", with: late(45), do: circ.Place{Card: "card-reader", Title: "title-2"}, ask: why(circ.IsLongOverdue)},
		{name: "overdue for 31 days, and it is renewed", with: late(45), do: circ.Renew{Barcode: "302"}, events: []string{"renewed"}},
		{name: "a book is never long overdue", with: []change{onLoan("copy", "reader", 400*day)}, do: lend, events: []string{"checked_out"}},
		{name: "another has it", with: []change{atlas("copy"), onLoan("copy", "other", 45*day)}, do: lend, events: []string{"checked_out"}},
		{name: "it is lost, which is told as that", with: append(late(45), mark(circ.LoanLost)), do: lend, events: []string{"checked_out"}},
		{name: "it is said to be returned", with: append(late(45), mark(circ.LoanClaimed)), do: lend, events: []string{"checked_out"}},
		{name: "it came back incomplete", with: append(late(45), mark(circ.LoanIncomplete)), do: lend, events: []string{"checked_out"}},
		{name: "it was found again, and the patron has it", with: append(late(45), mark(circ.LoanFound)), do: lend, ask: why(circ.IsLongOverdue)},
		{name: "the rules refuse it", with: late(45), blocks: "[[block]]\nreason = \"long_overdue\"\ndo = \"refuse\"\n", do: lend, refused: why(circ.IsLongOverdue)},
	})
}

// TestLongOverdueCostsNothingByItself: nobody is billed for what nobody has told.
func TestLongOverdueCostsNothingByItself(t *testing.T) {
	w := plain(atlas("copy"), onLoan("copy", "reader", 400*day))
	if d := w.decide(t, act("entry-1", circ.CheckIn{Barcode: "302"})); len(d.Events) != 2 {
		t.Errorf("taken back: %v", names(d.Events))
	}
	if fees := every[circ.Fee](w); len(fees) > 0 {
		t.Errorf("charged: %+v", fees)
	}
}

// TestOverdueLoansAreListed: open loans stand by their due date in the library where
// they were lent; those that came back do not.
func TestOverdueLoansAreListed(t *testing.T) {
	l := circ.Loan{ID: "l", Item: "i", Patron: "p", Library: "main", Out: ago(day), Due: now}
	line := func(l circ.Loan) (string, bool) { return circ.SortIn(l, circ.DueOf, "main") }
	first, open := line(l)
	l.Due = hence(time.Second)
	if second, _ := line(l); !open || second <= first {
		t.Errorf("%q, and a second later %q", first, second)
	}
	if l.In = now; func() bool { _, is := line(l); return is }() {
		t.Error("it came back, and is listed")
	}
}
