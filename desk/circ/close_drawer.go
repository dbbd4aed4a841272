package circ

import (
	"cmp"
	"slices"
)

// CloseDrawer ends a shift of a drawer with what was counted in it. Over or short, it
// needs a reason in words, and the right to.
type CloseDrawer struct {
	Drawer  DrawerID  `json:"drawer"`
	Shift   ShiftID   `json:"shift,omitempty"` // which was counted; empty: the one that is open
	Counted []Counted `json:"counted,omitempty"`
	Text    string    `json:"text,omitempty" private:"yes"`
}

func (CloseDrawer) Name() string { return "close_drawer" }

func (k CloseDrawer) lacks(l *lacking) {
	l.drawer(k.Drawer)
	if s, ok := l.c.newestShift(k.Drawer); ok {
		l.list(MovesOf, string(s.ID))
	}
}

func (k CloseDrawer) decide(t *trial) {
	s, ok := t.c.newestShift(k.Drawer)
	switch _, n := s.ID.Parts(); {
	case !ok || !s.Open():
		t.refuse(Remark{Reason: DrawerNotOpen, Text: k.Drawer.Name(), When: s.Closed.At, Desk: s.Closed.Desk})
	case k.Shift != "" && k.Shift != s.ID:
		t.refuse(Remark{Reason: DrawerIsOpen, Text: k.Drawer.Name(), N: n, When: s.Opened.At, Desk: s.Opened.Desk, Amount: s.Float})
	}
	for i, c := range k.Counted {
		twice := slices.ContainsFunc(k.Counted[:i], func(o Counted) bool { return o.Method == c.Method })
		if c.Amount.Minor != 0 && !t.amountIsRight(c.Amount) || twice {
			t.refuse(Remark{Reason: NothingGiven, Amount: c.Amount})
			break
		}
		t.countable(s, c.Method)
	}
	if t.stopped() {
		return
	}
	act := t.c.Act
	e := DrawerClosed{
		Shift: s.ID, Float: s.Float, FloatIn: s.FloatIn, Opened: s.Opened, Counted: k.Counted, Text: cmp.Or(k.Text, act.Why), At: act.At, Desk: act.Desk, Operator: act.Operator,
	}
	t.balance(s, e)
	if !t.stopped() {
		t.closes(e)
	}
}

// countable refuses a method by which nothing can be in a shift. One that the library
// no longer has may be in it still.
func (t *trial) countable(s Shift, m PayMethod) {
	known := slices.Contains(t.c.Rules.PayMethods(), string(m))
	if !known && !slices.ContainsFunc(s.Tallies(t.c.Movements(s.ID)), func(y Tally) bool { return y.Method == m }) {
		t.refuse(Remark{Reason: NoSuchMethod, Text: string(m)})
	}
}

// balance asks about what was counted and is not what is expected.
func (t *trial) balance(s Shift, e DrawerClosed) {
	s.Counted = e.Counted
	var moves []Payment
	for _, m := range t.c.Movements(s.ID) {
		if !m.At.After(e.At) {
			moves = append(moves, m)
		}
	}
	differs := false
	for _, y := range s.Tallies(moves) {
		m := Remark{Right: RightMoney, Text: string(y.Method), Limit: t.c.amount(y.Expected)}
		over := y.Over()
		switch {
		case !y.IsCount && y.Expected != 0:
			t.refuse(Remark{Reason: NotCounted, Text: string(y.Method)})
			continue
		case over > 0:
			m.Reason, m.Amount = DrawerOver, t.c.amount(over)
		case over < 0:
			m.Reason, m.Amount = DrawerShort, t.c.amount(-over)
		default:
			continue
		}
		differs = true
		t.ask(m)
	}
	if differs && len(t.d.Ask) == 0 && e.Text == "" {
		t.refuse(Remark{Reason: NoReason})
	}
}

// closes ends a shift. What others have told after it was counted is of the next one.
func (s *story) closes(e DrawerClosed) {
	d, n := e.Shift.Parts()
	moves := s.c.Movements(e.Shift)
	s.emit(e)
	for _, m := range moves {
		if m.At.After(e.At) {
			s.emit(MoneyMoved{Payment: m.ID, Shift: d.shift(n + 1), Late: e.Shift})
		}
	}
}
