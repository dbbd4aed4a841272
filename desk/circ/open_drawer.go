package circ

import (
	"slices"

	"circdesk/desk/money"
)

// OpenDrawer begins a shift of a drawer with what lies in it.
type OpenDrawer struct {
	Drawer DrawerID     `json:"drawer"`
	Float  money.Amount `json:"float,omitzero"` // zero: it is empty
}

func (OpenDrawer) Name() string { return "open_drawer" }

func (k OpenDrawer) lacks(l *lacking) {
	l.drawer(k.Drawer)
	if k.Drawer != "" {
		l.list(MovesOf, string(l.c.nextShift(k.Drawer)))
	}
}

func (k OpenDrawer) decide(t *trial) {
	act := t.c.Act
	if !k.Drawer.valid() {
		t.refuse(Remark{Reason: NothingGiven, Text: string(k.Drawer)})
		return
	}
	if s, ok := t.c.newestShift(k.Drawer); ok && s.Open() {
		t.refuse(Remark{Reason: DrawerIsOpen, Text: k.Drawer.Name(), When: s.Opened.At, Desk: s.Opened.Desk, Amount: s.Float})
	}
	if k.Float.Minor != 0 && !t.amountIsRight(k.Float) {
		t.refuse(Remark{Reason: NothingGiven, Amount: k.Float})
	}
	if t.stopped() {
		return
	}
	id := t.c.nextShift(k.Drawer)
	if n := len(t.c.Movements(id)); n > 0 {
		t.tell(Remark{Reason: MoneyBefore, N: n, Text: k.Drawer.Name()})
	}
	t.emit(DrawerOpened{
		Shift: id, Float: t.c.amount(k.Float.Minor), FloatIn: t.floatIn(), At: act.At, Desk: act.Desk, Operator: act.Operator,
	})
}

// floatIn gives how a float is counted: as cash, where the library takes any.
func (t *trial) floatIn() PayMethod {
	known := t.c.Rules.PayMethods()
	if slices.Contains(known, string(ByCash)) {
		return ByCash
	}
	return PayMethod(known[0])
}
