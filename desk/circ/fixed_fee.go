package circ

import (
	"slices"

	"circdesk/desk/policy"
)

// fixed charges what the terms want for what is done now, and tells it: for a request
// as it is placed, for a card as it is given out. of names the number. Where another
// system owns the fees, it is only told.
func (t *trial) fixed(p PatronID, kind FeeType, minor int64, terms policy.Terms, of string, item ItemID) {
	if minor <= 0 {
		return
	}
	amount := t.c.amount(min(minor, MostAmount))
	if t.c.Rules.FeesElsewhere() {
		t.tell(Remark{Reason: FeeEstimate, Amount: amount, Who: p, Item: item})
		return
	}
	act := t.c.Act
	e := Charged{
		Fee: FeeID(t.newID(KindFee, 0)), Patron: p, Item: item, Type: kind, Amount: amount, At: act.At,
		Desk: act.Desk, Library: act.Library, Operator: act.Operator,
	}
	if step, ok := terms.StepOf(of); ok {
		e.Why = []policy.Step{step}
	}
	t.emit(e)
	t.tell(Remark{Reason: FeeCharged, Amount: amount, Who: p, Item: item})
}

// costs reports whether an event may be what a fee of the same entry is for.
func costs(e Event) bool {
	switch e.(type) {
	case Placed, Registered, CardRenewed, CardReplaced:
		return true
	}
	return false
}

// fellThrough reports whether what a fee of the entry was for has not come about here:
// the card belongs to somebody, who had been registered before.
func (f *fitting) fellThrough() bool {
	return slices.ContainsFunc(f.c.Told, costs) && !slices.ContainsFunc(f.out, costs)
}
