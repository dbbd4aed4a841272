package circ

// MoneyMoved: a movement of money is of another shift than the one it was told in,
// which had been counted before.
type MoneyMoved struct {
	Payment  PaymentID `json:"payment"`
	Shift    ShiftID   `json:"shift"`
	Late     ShiftID   `json:"late,omitempty"` // in which it was told; empty: in this one
	WasShift ShiftID   `json:"was_shift,omitempty"`
	WasLate  ShiftID   `json:"was_late,omitempty"`
}

func (MoneyMoved) Name() string       { return "money_moved" }
func (e MoneyMoved) Touches() []Key   { return touch(e.Payment.key()) }
func (e MoneyMoved) lacks(l *lacking) { l.shift(e.WasShift) }

func (e MoneyMoved) prepare(c *Case) Event {
	p, _ := get[Payment](c, KindPayment, string(e.Payment))
	e.WasShift, e.WasLate = p.Shift, p.Late
	return e
}

func (e MoneyMoved) apply(_ Key, old Row) Row {
	p, ok := old.(Payment)
	if !ok {
		return nil
	}
	p.Shift, p.Late = e.Shift, e.Late
	return p
}

// fit: the close that it was told with has moved whatever was to be moved.
func (e MoneyMoved) fit(*fitting) {}

func (e MoneyMoved) retract(r *retraction) {
	p, ok := get[Payment](r.c, KindPayment, string(e.Payment))
	if _, goesOn := r.goesOn(e.WasShift); ok && goesOn && !r.undo && p.Shift == e.Shift {
		r.emit(MoneyMoved{Payment: e.Payment, Shift: e.WasShift, Late: e.WasLate})
	}
}
