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
	n := 0
	var since time.Time
	for l := range each[Loan](a.c) {
		if l.Patron == a.p.ID && LongOverdue(a.c, l, a.c.Act.At) {
			if n++; n == 1 || l.Due.Before(since) {
				since = l.Due
			}
		}
	}
	if n > 0 {
		a.stands(Remark{Reason: IsLongOverdue, N: n, When: since, Who: a.p.ID, Way: Way{Do: WayReturnLost, N: n}})
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
