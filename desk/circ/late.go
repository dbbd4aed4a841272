package circ

import (
	"cmp"
	"slices"
	"time"

	"circdesk/desk/money"
	"circdesk/desk/policy"
)

// An overdue fee follows its loan. It is charged where a clerk takes a late item
// back or renews it, and told; what is written down later, without anybody at the
// desk, never charges. What others did meanwhile only lessens it: a loan that is
// open again, that was renewed before, or that had come back earlier.

// lateness gives what an overdue fee of a loan is reckoned from: until when it was
// due, and when it came back or was renewed by the renewal. False: it is open, or
// never was, or was not renewed so.
func (r Loan) lateness(renewal string) (late policy.Late, ok bool) {
	if r.How == Void {
		return late, false
	}
	if renewal == "" {
		return r.lateAt(r.stops(r.In)), !r.Open()
	}
	i := slices.IndexFunc(r.Renewals, func(n Renewal) bool { return n.ID == renewal })
	if i < 0 {
		return late, false
	}
	at := r.Renewals[i].At
	set, recall := r.Fixed, r.Recalled
	if set.At.After(at) {
		set = Fixed{}
	}
	if !recall.At.Before(at) {
		recall = Recall{}
	}
	return r.told(r.Renewals[:i], set, recall).lateAt(at), true
}

// lateAt gives how late the loan is that comes back at an instant.
func (r Loan) lateAt(back time.Time) policy.Late {
	return policy.Late{Due: r.Due, Back: back, Recalled: r.dueByRecall()}
}

// stops gives until when a loan that comes back then is reckoned to be late: nothing
// is after it was lost, claimed to be returned, or came back incomplete.
func (r Loan) stops(back time.Time) time.Time {
	at := back
	switch s := r.Marked; {
	case s.Missed():
		at = s.At
	case r.cameIncomplete() && !s.Late.IsZero():
		at = s.Late
	case r.cameIncomplete():
		at = s.Back
	}
	if at.Before(back) {
		return at
	}
	return back
}

// fees gives the ids of the overdue fees that the loan may have.
func (r Loan) fees() []FeeID {
	ids := []FeeID{feeOf(r.ID), lostFee(r.ID, FeeLost), lostFee(r.ID, FeeProcessing)}
	for _, n := range r.Renewals {
		ids = append(ids, feeOfRenewal(n.ID))
	}
	return ids
}

// overdue reckons what a loan costs that was due and came back then, in minor units.
// The rules are those of the library where it was lent.
func (c *Case) overdue(l Loan, late policy.Late) (int64, []policy.Step) {
	if !late.Back.After(late.Due) {
		return 0, nil
	}
	late, terms := c.priced(l, late)
	return c.Rules.Fine(l.Library, *terms, late)
}

// priced gives how late a loan is with the price of its item, and the terms by which it
// is charged.
func (c *Case) priced(l Loan, late policy.Late) (policy.Late, *policy.Terms) {
	it, _ := c.Item(l.Item, "")
	late.Price = it.Price.Minor
	return late, c.termsOf(l, it)
}

// Accrued gives what a loan that is open would cost if it came back at an instant. Of
// the case it needs the item and the patron of the loan.
func Accrued(c *Case, l Loan, at time.Time) money.Amount {
	late := l.lateAt(l.stops(at))
	if !late.Back.After(late.Due) {
		return c.amount(0)
	}
	late, terms := c.priced(l, late)
	return c.amount(c.Rules.Forecast(l.Library, terms, late))
}

// charge charges what a loan costs that comes back or is renewed too late, and tells
// it. Where another system owns the fees, it is only told.
func (t *trial) charge(l Loan, renewal string, back time.Time) {
	back = l.stops(back)
	minor, why := t.c.overdue(l, l.lateAt(back))
	act := t.c.Act
	id := feeOf(l.ID)
	if renewal != "" {
		id = feeOfRenewal(renewal)
	}
	f, charged := t.c.Fee(id)
	if minor == 0 {
		t.letOff(l, why)
	}
	if minor == 0 && (!charged || f.Amount.Minor == 0) {
		return
	}
	if t.c.Rules.FeesElsewhere() {
		t.tell(Remark{Reason: FeeEstimate, Amount: t.c.amount(minor), Who: l.Patron, Item: l.Item})
		return
	}
	t.emit(Charged{
		Fee: id, Patron: l.Patron, Item: l.Item, Loan: l.ID, Renewal: renewal, Type: FeeOverdue, Amount: t.c.amount(minor), At: act.At,
		Due: l.Due, Back: back, Why: why, Desk: act.Desk, Library: act.Library, Operator: act.Operator,
	})
	t.tell(Remark{Reason: FeeCharged, Amount: t.c.amount(minor), Who: l.Patron, Item: l.Item})
}

// letOff tells which amnesty lets off what comes back too late, if one does.
func (t *trial) letOff(l Loan, why []policy.Step) {
	if i := slices.IndexFunc(why, func(s policy.Step) bool { return s.Code == policy.StepAmnesty }); i >= 0 {
		t.tellOff(l, why[i].Row)
	}
}

// tellOff tells once that an amnesty lets off a late return.
func (t *trial) tellOff(l Loan, amnesty string) {
	told := func(r Remark) bool { return r.Reason == FeeLetOff && r.Item == l.Item }
	if !slices.ContainsFunc(t.d.Tell, told) {
		t.tell(Remark{Reason: FeeLetOff, Text: amnesty, Who: l.Patron, Item: l.Item})
	}
}

// letOff lessens an overdue fee that was told by other rules by what an amnesty of those in
// force lets off that was not heard of then, and names it. It is reckoned with the rate that
// was told; what is not known of those rules, as a share of what was told, rounded down
// (see [policy.Set.FineLetOff]). Nothing else that the rules say now changes the fee.
func (f *fitting) letOff(fee Fee) (_ Fee, amnesty string) {
	l, ok := f.c.Loan(fee.Loan)
	if !ok || fee.Type != FeeOverdue || !f.c.byOthers() {
		return fee, ""
	}
	late, ok := l.lateness(fee.Renewal)
	if !ok {
		return fee, ""
	}
	late, terms := f.c.priced(l, late)
	minor, why, by := f.c.Rules.FineLetOff(l.Library, *terms, late, fee.Amount.Minor, fee.Why)
	if by != "" {
		fee.Amount.Minor, fee.Due, fee.Back, fee.Why = minor, late.Due, late.Back, why
	}
	return fee, by
}

// comesTo gives what an overdue fee is at most, as its loan stands now. A fee that
// was reckoned from the same dates stays as it was told, whatever the rules say now.
func (c *Case) comesTo(f Fee) Fee {
	l, ok := c.Loan(f.Loan)
	switch {
	case !ok:
		return f
	case f.Type == FeeLost || f.Type == FeeProcessing:
		return c.lostComesTo(l, f)
	case f.Type != FeeOverdue:
		return f
	}
	late, ok := l.lateness(f.Renewal)
	switch {
	case !ok:
		f.Amount.Minor, f.Due, f.Back, f.Why = 0, time.Time{}, time.Time{}, nil
	case !late.Due.Equal(f.Due) || !late.Back.Equal(f.Back):
		if minor, why := c.overdue(l, late); minor < f.Amount.Minor {
			f.Amount.Minor, f.Due, f.Back, f.Why = minor, late.Due, late.Back, why
		}
	}
	return f
}

// lostComesTo gives what a fee for a lost item is at most, as its loan stands now:
// nothing where it was never lost, and what is not given back where it is there again.
func (c *Case) lostComesTo(l Loan, f Fee) Fee {
	if f.ID != lostFee(l.ID, f.Type) { // charged by hand
		return f
	}
	switch {
	case l.How == Void || !l.Open() && !l.cameIncomplete() && !l.In.After(f.At) || !l.wasLost(f.At):
		f.Amount.Minor = 0
	case f.Type == FeeLost && l.How != WrittenOff && (!l.Open() || l.Marked.State != LoanLost):
		f.Amount.Minor = min(f.Amount.Minor, c.keeps(l, f))
	}
	return f
}

// wasLost reports whether the loan was lost, or may have been, before it was as it is now:
// of what is claimed or incomplete, whether it was said to be lost, and charged for, before.
func (r Loan) wasLost(charged time.Time) bool {
	switch m := r.Marked; m.State {
	case LoanLost, LoanFound:
		return true
	case LoanClaimed:
		return charged.Before(m.At)
	case LoanIncomplete:
		return charged.Before(m.here())
	}
	return false
}

// touched reports whether one of the records was changed. A fee that was changed
// itself is looked at again: it may be back though its loan is not.
func (c *Case) touched(keys ...Key) bool {
	return slices.ContainsFunc(keys, func(k Key) bool { _, ok := c.changed[k]; return ok })
}

// lessen lessens the overdue fees of the loans that were changed, and shortens their
// suspensions, where they come to less now: also those of renewals that the loan does not have any more.
func (s *story) lessen(object func(Remark)) {
	var fees []Fee
	for f := range each[Fee](s.c) {
		if s.c.touched(f.Loan.key(), f.Key()) {
			fees = append(fees, f)
		}
	}
	slices.SortFunc(fees, func(a, b Fee) int { return cmp.Compare(a.ID, b.ID) })
	for _, f := range fees {
		if now := s.c.comesTo(f); now.Amount.Minor < f.Amount.Minor {
			object(Remark{Reason: FeeLessened, Amount: f.Amount, Limit: now.Amount, Who: f.Patron, Item: f.Item})
			s.emit(charges(now))
		}
	}
	s.shorten(object)
}

// fees wants the overdue fees of a loan, and what they are reckoned with.
func (l *lacking) fees(loan Loan) {
	for _, id := range loan.fees() {
		l.key(KindFee, string(id))
	}
	l.key(KindBlock, string(lateBlock(loan.ID)))
	l.patron(loan.Patron)
	l.key(KindItem, string(loan.Item))
}
