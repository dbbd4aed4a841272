package circ

// WriteOff ends the loan of an item that is lost: nobody waits for it any more. What
// was charged for it stays as it is, and so does what was paid. The item is missing,
// or withdrawn where As says so. It needs the right to.
type WriteOff struct {
	Item    ItemID    `json:"item,omitempty"`
	Barcode string    `json:"barcode,omitempty"`
	As      ItemState `json:"as,omitempty"`
}

func (WriteOff) Name() string       { return "write_off" }
func (k WriteOff) lacks(l *lacking) { l.marks(k.Item, k.Barcode) }

func (k WriteOff) decide(t *trial) {
	m, ok := t.marks(k.Item, k.Barcode)
	if !ok {
		return
	}
	as := k.As
	switch {
	case m.loan.Marked.State != LoanLost:
		t.refuse(Remark{Reason: NotLost, Item: m.it.ID})
	case as == "":
		as = ItemMissing
	case as != ItemMissing && as != ItemWithdrawn:
		t.refuse(Remark{Reason: NothingGiven, Item: m.it.ID})
	}
	if t.stopped() {
		return
	}
	act := t.c.Act
	t.ask(Remark{Reason: WritesOff, Right: RightOverride, When: m.loan.Marked.At, Who: m.p.ID, Item: m.it.ID})
	t.emit(CheckedIn{Loan: m.loan.ID, Item: m.it.ID, Patron: m.loan.Patron, At: act.At, How: WrittenOff})
	t.emit(ItemMarked{Item: m.it.ID, State: as, At: act.At, Desk: act.Desk, Library: act.Library})
}
