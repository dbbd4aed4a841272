package circ

import (
	"time"

	"circdesk/desk/money"
)

// DrawerClosed: a shift of a drawer ended, with so much counted in it. It also says how
// the shift had begun, for whoever does not know that it had.
type DrawerClosed struct {
	Shift    ShiftID      `json:"shift"`
	Float    money.Amount `json:"float"`
	FloatIn  PayMethod    `json:"float_in,omitempty"`
	Opened   Stamp        `json:"opened,omitzero"`
	Counted  []Counted    `json:"counted,omitempty"`
	Text     string       `json:"text,omitempty" private:"yes"` // why it was over or short
	At       time.Time    `json:"at"`
	Desk     DeskID       `json:"desk,omitempty"`
	Operator OperatorID   `json:"operator,omitempty"`
}

func (DrawerClosed) Name() string          { return "drawer_closed" }
func (e DrawerClosed) Touches() []Key      { return touch(e.Shift.key()) }
func (e DrawerClosed) prepare(*Case) Event { return e }
func (e DrawerClosed) lacks(l *lacking) {
	l.shift(e.Shift)
	l.list(MovesOf, string(e.Shift))
	d, _ := e.Shift.Parts()
	l.list(MovesOf, string(l.c.shiftNow(d)))
}

func (e DrawerClosed) apply(_ Key, old Row) Row {
	s, _ := old.(Shift)
	if s.Opened.At.IsZero() {
		s = Shift{ID: e.Shift, Float: e.Float, FloatIn: e.FloatIn, Opened: e.Opened}
	}
	s.Closed = Stamp{At: e.At, Desk: e.Desk, Operator: e.Operator}
	s.Counted, s.Text = e.Counted, e.Text
	return s
}

// fit: a shift is closed once; what was counted in it again is in the journal. What
// was counted in a shift that is not open here was counted all the same: it ends the
// shift that the drawer is in.
func (e DrawerClosed) fit(f *fitting) {
	d, n := e.Shift.Parts()
	now := f.c.nextShift(d)
	_, m := now.Parts()
	s, open := f.c.Shift(now)
	open = open && s.Open()
	if n < m {
		was, _ := f.c.Shift(e.Shift)
		f.object(Remark{Reason: ShiftOver, Text: d.Name(), N: n, When: was.Closed.At, Desk: was.Closed.Desk})
		return
	}
	if !open || n > m {
		f.object(Remark{Reason: DrawerNotOpen, Text: d.Name(), N: n})
	}
	e.Shift, e.At = now, f.when(e.At)
	e.Opened.At = f.when(e.Opened.At)
	f.closes(e)
}

// retract: a clerk's undo never opens what was closed. Where nobody was told of the
// close, the shift goes on, unless the next one has begun.
func (e DrawerClosed) retract(r *retraction) {
	if r.undo {
		r.object(Remark{Reason: StaysClosed, When: e.At, Desk: e.Desk})
		return
	}
	if s, ok := r.c.Shift(e.Shift); !ok || !s.Closed.At.Equal(e.At) || s.Closed.Desk != e.Desk {
		return
	}
	if next, ok := r.goesOn(e.Shift); !ok {
		r.object(Remark{Reason: ChangedSince, When: next.Opened.At, Desk: next.Opened.Desk})
		return
	}
	r.emit(DrawerReopened{Shift: e.Shift})
}

// goesOn reports whether a shift that was closed may go on: its drawer's next one has
// not begun. Else it gives that.
func (r *retraction) goesOn(id ShiftID) (Shift, bool) {
	d, _ := id.Parts()
	last, ok := r.c.newestShift(d)
	return last, ok && last.ID == id
}

// DrawerReopened: a shift that was closed goes on.
type DrawerReopened struct {
	none
	Shift ShiftID `json:"shift"`
}

func (DrawerReopened) Name() string          { return "drawer_reopened" }
func (e DrawerReopened) Touches() []Key      { return touch(e.Shift.key()) }
func (e DrawerReopened) prepare(*Case) Event { return e }
func (e DrawerReopened) fit(f *fitting)      { f.emit(e) }
func (e DrawerReopened) retract(*retraction) {}

func (e DrawerReopened) apply(_ Key, old Row) Row {
	s, ok := old.(Shift)
	if !ok {
		return nil
	}
	s.Closed, s.Counted, s.Text = Stamp{}, nil, ""
	return s
}
