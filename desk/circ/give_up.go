package circ

import "slices"

// GiveUp ends the loan of an item that came back incomplete, as of the day it came
// back: nobody waits for the rest any more. As says what becomes of the item: damaged
// or withdrawn; "" puts it back into use, with fewer parts.
type GiveUp struct {
	Item    ItemID    `json:"item,omitempty"`
	Barcode string    `json:"barcode,omitempty"`
	As      ItemState `json:"as,omitempty"`
}

func (GiveUp) Name() string { return "give_up" }

func (k GiveUp) lacks(l *lacking) {
	if it, ok := l.item(k.Item, k.Barcode); ok {
		l.next(it)
		l.ending(it)
	}
}

func (k GiveUp) decide(t *trial) {
	act := t.c.Act
	it, ok := t.c.Item(k.Item, k.Barcode)
	if !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		return
	}
	seenSince(&asking{trial: t, it: it})
	loan, _ := t.c.Loan(it.Loan)
	switch {
	case !loan.Incomplete():
		t.refuse(Remark{Reason: NotIncomplete, Item: it.ID})
	case k.As != "" && k.As != ItemDamaged && k.As != ItemWithdrawn:
		t.refuse(Remark{Reason: NothingGiven, Item: it.ID})
	}
	if t.stopped() {
		return
	}
	missing := loan.Marked.Missing
	t.end(it, loan, act.At)
	if k.As != "" {
		t.emit(ItemMarked{Item: it.ID, State: k.As, At: act.At, Desk: act.Desk, Text: PartsText(missing), Library: act.Library})
		t.emit(Seen{Item: it.ID, At: act.At, Desk: act.Desk, Library: act.Library})
		t.d.Route = &Route{Kind: ToStaff, Library: act.Library, Why: PartsText(missing)}
		return
	}
	gone := func(part string) bool { return slices.Contains(missing, part) }
	if left := slices.DeleteFunc(slices.Clone(it.Parts), gone); len(left) < len(it.Parts) {
		t.emit(PartsSet{Item: it.ID, Parts: left, By: t.c.hand()})
	}
	t.route(it)
}
