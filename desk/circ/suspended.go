package circ

import (
	"cmp"
	"slices"
	"time"
)

// A suspension is a block that follows its loan, as an overdue fee does: whoever was
// late is kept from borrowing for a while, where the rules say so.

// lateBlock gives the id of the suspension for a loan that came back too late.
func lateBlock(l LoanID) BlockID { return BlockID(NewID(EntryID(l), KindBlock, 0)) }

// suspendedUntil gives until when a loan that has come back suspends its patron;
// zero: it does not, amnesty names what lets it off.
func (c *Case) suspendedUntil(l Loan) (until time.Time, amnesty string) {
	late, ok := l.lateness("")
	if !ok {
		return time.Time{}, ""
	}
	it, _ := c.Item(l.Item, "")
	return c.Rules.Suspended(l.Library, *c.termsOf(l, it), late)
}

// suspend suspends whoever has brought a loan back too late, and tells it.
func (t *trial) suspend(l Loan) {
	now, _ := t.c.Loan(l.ID)
	until, amnesty := t.c.suspendedUntil(now)
	if amnesty != "" {
		t.tellOff(l, amnesty)
	}
	if until.IsZero() {
		return
	}
	act := t.c.Act
	t.emit(Blocked{Block: lateBlock(l.ID), Patron: l.Patron, Loan: l.ID, At: act.At, Operator: act.Operator, Until: until})
	t.tell(Remark{Reason: SuspendedNow, Until: until, Who: l.Patron, Item: l.Item})
}

// shorten shortens the suspensions for the loans that were changed, where they come
// to less now.
func (s *story) shorten(object func(Remark)) {
	var late []Block
	for b := range each[Block](s.c) {
		if b.Loan != "" && s.c.touched(b.Loan.key(), b.Key()) && b.Lifted.IsZero() {
			late = append(late, b)
		}
	}
	slices.SortFunc(late, func(a, b Block) int { return cmp.Compare(a.ID, b.ID) })
	for _, b := range late {
		l, ok := s.c.Loan(b.Loan)
		until, _ := s.c.suspendedUntil(l)
		if !ok || !until.Before(b.Until) {
			continue
		}
		object(Remark{Reason: SuspensionOff, Until: until, Who: b.Patron, Item: l.Item})
		if until.IsZero() {
			s.emit(Unblocked{Block: b.ID, Patron: b.Patron, At: s.c.Act.At})
			continue
		}
		s.emit(Blocked{Block: b.ID, Patron: b.Patron, Text: b.Text, At: b.At, Operator: b.Operator, Until: until, Against: b.Against, Loan: b.Loan})
	}
}
