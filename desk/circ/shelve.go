package circ

// Shelve puts an item on the hold shelf: for the request it is kept for, or
// for the next in the queue that it fits.
type Shelve struct {
	Item    ItemID `json:"item,omitempty"`
	Barcode string `json:"barcode,omitempty"`
}

func (Shelve) Name() string { return "shelve" }

func (k Shelve) lacks(l *lacking) {
	if it, ok := l.item(k.Item, k.Barcode); ok {
		l.next(it)
	}
}

func (k Shelve) decide(t *trial) {
	it, ok := t.c.Item(k.Item, k.Barcode)
	if !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		return
	}
	seenSince(&asking{trial: t, it: it})
	if loan, out := t.c.Loan(it.Loan); out {
		t.refuse(Remark{Reason: OnLoanToOther, Who: loan.Patron, When: loan.Due, Item: it.ID})
	}
	r, wanted := t.nextFor(it)
	if !wanted {
		t.refuse(Remark{Reason: NobodyWaits, Item: it.ID})
	} else if r.Stage == OnShelf && r.Copy == it.ID && !elsewhere(t.c.Act.Library, r.Pickup) {
		t.refuse(Remark{Reason: HeldAlready, Who: r.Patron, When: r.Until, Item: it.ID})
	}
	if !t.stopped() {
		t.keep(it, r)
	}
}
