package circ

import "circdesk/desk/money"

// Charge charges a patron a fee by hand: for a card, for damage to an item. Where another
// system owns the fees it is refused: nobody is to owe one twice.
type Charge struct {
	Patron  PatronID     `json:"patron" private:"yes"`
	Type    FeeType      `json:"type"` // of [FeeTypes]
	Amount  money.Amount `json:"amount"`
	Item    ItemID       `json:"item,omitempty"`
	Barcode string       `json:"barcode,omitempty"`
	Text    string       `json:"text,omitempty" private:"yes"`
}

func (Charge) Name() string { return "charge" }

func (k Charge) lacks(l *lacking) {
	l.patron(k.Patron)
	l.item(k.Item, k.Barcode)
}

func (k Charge) decide(t *trial) {
	p, ok := t.c.Patron(k.Patron)
	it, found := t.c.Item(k.Item, k.Barcode)
	switch {
	case !ok:
		t.refuse(Remark{Reason: UnknownPatron})
	case !found && (k.Item != "" || k.Barcode != ""):
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
	case t.c.Rules.FeesElsewhere():
		t.refuse(Remark{Reason: FeesElsewhere})
	case !t.amountIsRight(k.Amount) || !k.Type.known():
		t.refuse(Remark{Reason: NothingGiven, Amount: k.Amount})
	}
	if t.stopped() {
		return
	}
	act := t.c.Act
	t.emit(Charged{
		Fee: FeeID(t.newID(KindFee, 0)), Patron: p.ID, Item: it.ID, Type: k.Type, Amount: k.Amount, At: act.At,
		Text: k.Text, Desk: act.Desk, Library: act.Library, Operator: act.Operator,
	})
}

// MostAmount bounds, in minor units, what is charged or paid at once, so that no sum
// overflows.
const MostAmount = 1_000_000_000

// amountIsRight reports whether it is some money, of the library's currency.
func (t *trial) amountIsRight(a money.Amount) bool {
	return a.Minor > 0 && a.Minor <= MostAmount && a.Currency == t.c.Rules.Currency()
}
