package circ

import "time"

// LongOverdue reports whether a loan that is open is so late at an instant that the
// rules of the library where it was lent take it for long overdue. Nothing is written
// down for it, so it is the same wherever it is reckoned. What is lost, said to be
// returned, or came back incomplete, is told as that. Of the case it needs the item and the patron of the loan.
func LongOverdue(c *Case, l Loan, at time.Time) bool {
	if !c.Rules.LongOverdue() || !l.Open() || l.Marked.Missed() || l.Incomplete() || !at.After(l.Due) {
		return false
	}
	it, _ := c.Item(l.Item, "")
	after := c.termsOf(l, it).LongOverdue
	return !after.IsZero() && at.After(c.Rules.After(l.Library, l.Due, after))
}

// longOverdue: who has something that is long overdue is asked about it. It is over
// when that came back, or is said to be lost.
func longOverdue(a *asking) {
	if n := a.out(); n.long > 0 {
		a.stands(Remark{Reason: IsLongOverdue, N: n.long, When: n.since, Who: a.p.ID, Way: Way{Do: WayReturnLost, N: n.long}})
	}
}

// overdueItems wants the items of a patron's loans that may be long overdue.
func (l *lacking) overdueItems(p PatronID) {
	if !l.c.Rules.LongOverdue() {
		return
	}
	for loan := range each[Loan](l.c) {
		if loan.Patron == p && loan.Open() && l.c.Act.At.After(loan.Due) {
			l.key(KindItem, string(loan.Item))
		}
	}
}
