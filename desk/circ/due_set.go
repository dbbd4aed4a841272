package circ

import (
	"time"

	"circdesk/desk/policy"
)

// Fixed is a due date that an operator has set. It stands against what was told
// before; a later renewal may go beyond it. The latest word counts.
type Fixed struct {
	At       time.Time        `json:"at,omitzero"`
	Due      time.Time        `json:"due,omitzero"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"` // who has set it; empty: nobody knows
}

// DueSet: an operator has set when a loan is due.
type DueSet struct {
	Loan     LoanID           `json:"loan"`
	Item     ItemID           `json:"item"`
	Patron   PatronID         `json:"patron" private:"yes"`
	At       time.Time        `json:"at"`
	Due      time.Time        `json:"due"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"`

	WasFixed Fixed `json:"was_fixed,omitzero"`
}

func (DueSet) Name() string     { return "due_set" }
func (e DueSet) Touches() []Key { return touch(e.Loan.key()) }
func (e DueSet) lacks(l *lacking) {
	l.patron(e.Patron)
	l.key(KindItem, string(e.Item))
}

func (e DueSet) prepare(c *Case) Event {
	if l, ok := c.Loan(e.Loan); ok {
		e.WasFixed = l.Fixed
	}
	return e
}

func (e DueSet) apply(_ Key, old Row) Row {
	l, ok := old.(Loan)
	if !ok || l.Fixed.At.After(e.At) {
		return nil
	}
	return l.told(l.Renewals, Fixed{e.At, e.Due, e.Desk, e.Library, e.Operator}, l.Recalled)
}

// fit: a loan that had ended by then is not due any more.
func (e DueSet) fit(f *fitting) {
	e.Patron, e.At = f.c.known(e.Patron), f.when(e.At)
	switch l, out := f.stillOut(e.Loan, e.Item, e.At); {
	case !out:
	case l.Fixed.At.After(e.At):
		f.object(Remark{Reason: ChangedSince, When: l.Fixed.At, Desk: l.Fixed.Desk, Item: e.Item})
	default:
		f.emit(e)
	}
}

func (e DueSet) retract(r *retraction) {
	l, ok := r.c.Loan(e.Loan)
	switch {
	case !ok || l.How == Void:
	case !l.Fixed.At.Equal(e.At) || !l.Fixed.Due.Equal(e.Due):
		r.object(Remark{Reason: ChangedSince, When: l.Fixed.At, Desk: l.Fixed.Desk, Item: e.Item})
	default:
		r.emit(DueUnset{Loan: e.Loan, Item: e.Item, Patron: e.Patron, Fixed: e.WasFixed})
	}
}

// DueUnset: a date that was set is taken back.
type DueUnset struct {
	none
	Loan   LoanID   `json:"loan"`
	Item   ItemID   `json:"item"`
	Patron PatronID `json:"patron" private:"yes"`
	Fixed  Fixed    `json:"fixed,omitzero"` // as it was before
}

func (DueUnset) Name() string          { return "due_unset" }
func (e DueUnset) Touches() []Key      { return touch(e.Loan.key()) }
func (e DueUnset) prepare(*Case) Event { return e }
func (e DueUnset) fit(f *fitting)      { f.emit(e) }
func (e DueUnset) retract(*retraction) {}

func (e DueUnset) apply(_ Key, old Row) Row {
	l, ok := old.(Loan)
	if !ok {
		return nil
	}
	return l.told(l.Renewals, e.Fixed, l.Recalled)
}

// SetDue sets when a loan is due, whatever the rules say. It needs the right to.
type SetDue struct {
	Item    ItemID    `json:"item,omitempty"`
	Barcode string    `json:"barcode,omitempty"`
	Due     time.Time `json:"due"`
}

func (SetDue) Name() string       { return "set_due" }
func (k SetDue) lacks(l *lacking) { l.marks(k.Item, k.Barcode) }

func (k SetDue) decide(t *trial) {
	m, ok := t.marks(k.Item, k.Barcode)
	if !ok {
		return
	}
	act := t.c.Act
	switch {
	case !k.Due.After(act.At):
		t.refuse(Remark{Reason: DueInPast, When: k.Due, Item: m.it.ID})
	case k.Due.Equal(m.loan.Due):
		t.refuse(Remark{Reason: DueAlready, When: k.Due, Item: m.it.ID})
	}
	if t.stopped() {
		return
	}
	t.ask(Remark{Reason: OwnDate, Right: RightOverride, When: k.Due, Item: m.it.ID})
	if !t.c.Rules.OpenOn(m.loan.Library, k.Due) {
		t.tell(Remark{Reason: DueWhenClosed, When: k.Due, Item: m.it.ID})
	}
	if e := m.p.Expires; !e.IsZero() && k.Due.After(e) {
		t.tell(Remark{Reason: DueAfterCard, When: e, Who: m.p.ID})
	}
	t.d.Trace = []policy.Step{{Code: policy.StepOwnDate, At: k.Due}}
	t.emit(DueSet{Loan: m.loan.ID, Item: m.it.ID, Patron: m.loan.Patron, At: act.At, Due: k.Due, Desk: act.Desk, Library: act.Library, Operator: act.Operator})
}
