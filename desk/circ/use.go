package circ

// Use counts one use of an item in the library: it lay on a table, and is put back.
// It goes where a check-in would send it, and a request that waits for it keeps it.
type Use struct {
	Item    ItemID `json:"item,omitempty"`
	Barcode string `json:"barcode,omitempty"`
}

func (Use) Name() string { return "use" }

func (k Use) lacks(l *lacking) {
	if it, ok := l.item(k.Item, k.Barcode); ok {
		l.next(it)
		l.list(AlertsOfItem, string(it.ID))
	}
}

func (k Use) decide(t *trial) {
	act := t.c.Act
	it, ok := t.c.Item(k.Item, k.Barcode)
	if !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		return
	}
	seenSince(&asking{trial: t, it: it})
	if loan, out := t.c.Loan(it.Loan); out {
		t.refuse(Remark{Reason: OnLoanToOther, Who: loan.Patron, When: loan.Due, Item: it.ID, Way: Way{Do: WayCheckIn}})
	}
	if t.stopped() {
		return
	}
	if it.Note != "" {
		t.tell(Remark{Reason: ItemNote, Text: it.Note, Item: it.ID})
	}
	t.takenHere(it)
	t.alert("", it.ID, AtReturn)
	t.emit(Used{
		Use: UseID(t.newID(KindUse, 0)), Item: it.ID, At: act.At, Desk: act.Desk, Library: act.Library,
		Type: it.Type, Home: it.Home, Location: it.Location,
	})
	t.route(it)
}
