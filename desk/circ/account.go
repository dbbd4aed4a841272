package circ

import (
	"cmp"
	"slices"
)

// Account is what a patron owes, counted from fees and payments.
type Account struct {
	Owes     int64 // minor units, of fees that nobody disputes; credit counts against it; below zero: credit
	Disputed int64 // minor units, of fees that are disputed
	Fees     []FeeLeft
	Settled  []Fee // of which nothing is left to pay, the newest first; what was taken back is no fee
}

// FeeLeft is a fee and what is left of it in minor units; below zero: it was paid,
// and has been lessened since.
type FeeLeft struct {
	Fee
	Left int64
}

// Account gives what a patron owes. What was waived of a fee is never credit: a
// waiver of more than the fee comes to by now counts for as much.
func (c *Case) Account(p PatronID) Account {
	var fees []FeeLeft
	var settled []Fee
	a := c.account(p, func(f Fee, left int64) {
		if left != 0 && fees == nil { // records are large, and some have a thousand
			fees = make([]FeeLeft, 0, c.atMost(KindFee))
		}
		if left != 0 {
			fees = append(fees, FeeLeft{f, left})
		}
		if left <= 0 && f.Amount.Minor > 0 {
			settled = append(settled, f)
		}
	})
	slices.SortFunc(fees, func(x, y FeeLeft) int { return cmp.Or(x.At.Compare(y.At), cmp.Compare(x.ID, y.ID)) })
	slices.SortFunc(settled, func(x, y Fee) int { return cmp.Or(y.At.Compare(x.At), cmp.Compare(y.ID, x.ID)) })
	a.Fees, a.Settled = fees, settled
	return a
}

// account counts, and hands on each fee with what is left of it.
func (c *Case) account(p PatronID, left func(Fee, int64)) (a Account) {
	paid, waived := c.payments(p)
	for _, minor := range paid {
		a.Owes -= minor
	}
	for f := range each[Fee](c) {
		if f.Patron != p {
			continue
		}
		needs := f.needs(waived[f.ID])
		n := needs - paid[f.ID]
		a.Owes += needs
		if !f.Disputed.At.IsZero() && n > 0 {
			a.Owes -= n
			a.Disputed += n
		}
		left(f, n)
	}
	return a
}

// needs gives what has to be paid of a fee of which so much was waived.
func (r Fee) needs(waived int64) int64 { return max(r.Amount.Minor-waived, 0) }

// payments gives what was paid and what was waived of each fee of a patron; money
// on no fee stands at "".
func (c *Case) payments(p PatronID) (paid, waived map[FeeID]int64) {
	for m := range each[Payment](c) {
		if m.Patron != p {
			continue
		}
		if paid == nil {
			paid = map[FeeID]int64{}
		}
		paid[m.Fee] += m.paid()
		if m.Kind == Waiver {
			if waived == nil {
				waived = map[FeeID]int64{}
			}
			waived[m.Fee] += m.Amount.Minor
		}
	}
	return paid, waived
}

// Left gives what a fee still needs, in minor units: counted from its payments.
// Below zero: it was paid, and has been lessened since.
func (c *Case) Left(f Fee) int64 {
	var paid, waived int64
	for p := range each[Payment](c) {
		if p.Fee == f.ID {
			paid += p.paid()
			if p.Kind == Waiver {
				waived += p.Amount.Minor
			}
		}
	}
	return f.needs(waived) - paid
}

// Owes gives what a patron owes in all, in minor units: fees that are disputed do
// not count, credit counts against the others.
func (c *Case) Owes(p PatronID) int64 {
	return max(c.account(p, func(Fee, int64) {}).Owes, 0)
}
