package circ

import (
	"slices"
	"time"
)

// Channel is how a patron was told of a loan. It travels: never renamed.
type Channel string

// The channels.
const (
	NoticePhone  Channel = "phone" // and empty, as calls were noted first
	NoticeLetter Channel = "letter"
	NoticeEmail  Channel = "email"
	NoticeSMS    Channel = "sms"
)

// Channels gives all of them, the usual one first.
func Channels() []Channel { return []Channel{NoticePhone, NoticeLetter, NoticeEmail, NoticeSMS} }

// Call is one call to a patron about a loan, or another notice that was sent, by whom,
// and when to call again.
type Call struct {
	At       time.Time  `json:"at"`
	Desk     DeskID     `json:"desk,omitempty"`
	Operator OperatorID `json:"operator,omitempty"`
	Text     string     `json:"text,omitempty"`
	Again    time.Time  `json:"again,omitzero"` // zero: nobody has said
	By       Channel    `json:"by,omitempty"`   // empty: by phone
}

func (c Call) same(o Call) bool { return c.At.Equal(o.At) && c.Desk == o.Desk }

// NoteCall notes that the patron of a loan was called, or sent a notice. A call alone
// sends nothing. The loan is the open one of an item, or, where Loan is not empty, that
// one, which may be over: its fee is still owed.
type NoteCall struct {
	Loan    LoanID    `json:"loan,omitempty"`
	Item    ItemID    `json:"item,omitempty"`
	Barcode string    `json:"barcode,omitempty"`
	Text    string    `json:"text,omitempty" private:"yes"`
	Again   time.Time `json:"again,omitzero"`
	By      Channel   `json:"by,omitempty"` // empty: by phone
}

func (NoteCall) Name() string { return "note_call" }

func (k NoteCall) lacks(l *lacking) {
	if k.Loan == "" {
		l.item(k.Item, k.Barcode)
		return
	}
	l.key(KindLoan, string(k.Loan))
	if loan, ok := l.c.Loan(k.Loan); ok {
		l.patron(loan.Patron)
	}
}

func (k NoteCall) decide(t *trial) {
	if k.By != "" && !slices.Contains(Channels(), k.By) {
		t.refuse(Remark{Reason: NoSuchChannel, Text: string(k.By)})
		return
	}
	loan, ok := k.loan(t)
	if !ok {
		return
	}
	act := t.c.Act
	t.emit(Called{Loan: loan.ID, Item: loan.Item, Patron: loan.Patron, At: act.At, Desk: act.Desk, Operator: act.Operator, Text: k.Text, Again: k.Again, By: k.By})
}

// loan gives the loan that is meant; false: it is refused.
func (k NoteCall) loan(t *trial) (Loan, bool) {
	if k.Loan != "" {
		loan, ok := t.c.Loan(k.Loan)
		if !ok || loan.How == Void {
			t.refuse(Remark{Reason: UnknownThing, Text: string(k.Loan)})
		}
		return loan, ok && loan.How != Void
	}
	it, ok := t.c.Item(k.Item, k.Barcode)
	if !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		return Loan{}, false
	}
	loan, out := t.c.Loan(it.Loan)
	if !out {
		t.refuse(Remark{Reason: NotOnLoan, Item: it.ID})
	}
	return loan, out
}
