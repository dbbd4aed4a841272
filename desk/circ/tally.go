package circ

import "time"

// tally is what a patron has out, counted in one pass, since some have a thousand loans.
type tally struct {
	open    int
	overdue int // of those; not what is lost, said to be returned, or here incomplete
	long    int // of those
	since   time.Time
}

// out counts what the patron has out, once. Checks change nothing of it.
func (a *asking) out() tally {
	if a.counted == nil {
		a.counted = new(tally)
		for l := range each[Loan](a.c) {
			if l.Patron == a.p.ID && l.Open() {
				a.counted.add(a.c, &l)
			}
		}
	}
	return *a.counted
}

func (n *tally) add(c *Case, l *Loan) {
	n.open++
	if !c.Act.At.After(l.Due) || l.Marked.Missed() || l.Incomplete() {
		return
	}
	n.overdue++
	if !LongOverdue(c, *l, c.Act.At) {
		return
	}
	if n.long++; n.long == 1 || l.Due.Before(n.since) {
		n.since = l.Due
	}
}
