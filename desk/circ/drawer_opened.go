package circ

import (
	"time"

	"circdesk/desk/money"
)

// DrawerOpened: a shift of a drawer began with so much in it.
type DrawerOpened struct {
	Shift    ShiftID      `json:"shift"`
	Float    money.Amount `json:"float"`
	FloatIn  PayMethod    `json:"float_in,omitempty"`
	At       time.Time    `json:"at"`
	Desk     DeskID       `json:"desk,omitempty"`
	Operator OperatorID   `json:"operator,omitempty"`
}

func (DrawerOpened) Name() string          { return "drawer_opened" }
func (e DrawerOpened) Touches() []Key      { return touch(e.Shift.key()) }
func (e DrawerOpened) lacks(l *lacking)    { l.shift(e.Shift) }
func (e DrawerOpened) prepare(*Case) Event { return e }

func (e DrawerOpened) apply(Key, Row) Row {
	return Shift{ID: e.Shift, Float: e.Float, FloatIn: e.FloatIn, Opened: Stamp{At: e.At, Desk: e.Desk, Operator: e.Operator}}
}

// fit: a drawer that somebody has opened meanwhile is open, with the float that was
// told first; a shift that has been closed meanwhile is not begun again.
func (e DrawerOpened) fit(f *fitting) {
	d, n := e.Shift.Parts()
	s, ok := f.c.newestShift(d)
	_, last := s.ID.Parts()
	switch {
	case ok && s.Open():
		f.object(Remark{Reason: DrawerIsOpen, Text: d.Name(), When: s.Opened.At, Desk: s.Opened.Desk, Amount: s.Float})
	case n == 0 || ok && last >= n:
		f.object(Remark{Reason: ShiftOver, Text: d.Name(), N: n, When: s.Closed.At, Desk: s.Closed.Desk})
	default:
		e.Shift, e.At = f.c.nextShift(d), f.when(e.At)
		f.emit(e)
	}
}

// retract: what was taken meanwhile is of the shift that is opened next, which has
// the same number.
func (e DrawerOpened) retract(r *retraction) {
	s, ok := r.c.Shift(e.Shift)
	switch {
	case !ok || s.Opened.At.IsZero():
	case !s.Open():
		r.object(Remark{Reason: ChangedSince, When: s.Closed.At, Desk: s.Closed.Desk})
	case s.Opened.Desk != e.Desk || !s.Opened.At.Equal(e.At):
		r.object(Remark{Reason: ChangedSince, When: s.Opened.At, Desk: s.Opened.Desk})
	default:
		r.emit(DrawerUnopened{Shift: e.Shift})
	}
}

// DrawerUnopened: a shift never began.
type DrawerUnopened struct {
	none
	Shift ShiftID `json:"shift"`
}

func (DrawerUnopened) Name() string          { return "drawer_unopened" }
func (e DrawerUnopened) Touches() []Key      { return touch(e.Shift.key()) }
func (e DrawerUnopened) prepare(*Case) Event { return e }
func (e DrawerUnopened) fit(f *fitting)      { f.emit(e) }
func (e DrawerUnopened) retract(*retraction) {}

func (e DrawerUnopened) apply(_ Key, old Row) Row {
	s, ok := old.(Shift)
	if !ok {
		return nil
	}
	s.Opened = Stamp{}
	return s
}
