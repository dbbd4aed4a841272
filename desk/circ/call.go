package circ

import "time"

// Call is one call to a patron about a loan, by whom, and when to call again.
type Call struct {
	At       time.Time  `json:"at"`
	Desk     DeskID     `json:"desk,omitempty"`
	Operator OperatorID `json:"operator,omitempty"`
	Text     string     `json:"text,omitempty"`
	Again    time.Time  `json:"again,omitzero"` // zero: nobody has said
}

func (c Call) same(o Call) bool { return c.At.Equal(o.At) && c.Desk == o.Desk }

// NoteCall notes that the patron of an open loan was called.
type NoteCall struct {
	Item    ItemID    `json:"item,omitempty"`
	Barcode string    `json:"barcode,omitempty"`
	Text    string    `json:"text,omitempty" private:"yes"`
	Again   time.Time `json:"again,omitzero"`
}

func (NoteCall) Name() string       { return "note_call" }
func (k NoteCall) lacks(l *lacking) { l.item(k.Item, k.Barcode) }

func (k NoteCall) decide(t *trial) {
	it, ok := t.c.Item(k.Item, k.Barcode)
	if !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		return
	}
	loan, out := t.c.Loan(it.Loan)
	if !out {
		t.refuse(Remark{Reason: NotOnLoan, Item: it.ID})
		return
	}
	act := t.c.Act
	t.emit(Called{Loan: loan.ID, Item: it.ID, Patron: loan.Patron, At: act.At, Desk: act.Desk, Operator: act.Operator, Text: k.Text, Again: k.Again})
}
