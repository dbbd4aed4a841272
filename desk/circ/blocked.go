package circ

import "time"

// Blocked: a patron is kept from borrowing.
type Blocked struct {
	Block    BlockID    `json:"block"`
	Patron   PatronID   `json:"patron" private:"yes"`
	Text     string     `json:"text" private:"yes"`
	At       time.Time  `json:"at"`
	Operator OperatorID `json:"operator,omitempty"`
	Until    time.Time  `json:"until,omitzero"`
	Against  BlockScope `json:"against,omitzero"`
	Loan     LoanID     `json:"loan,omitempty"`

	WasUntil    time.Time  `json:"was_until,omitzero"`
	WasAt       time.Time  `json:"was_at,omitzero"` // zero: it did not stand, or nobody knows
	WasOperator OperatorID `json:"was_operator,omitempty"`
}

func (Blocked) Name() string     { return "blocked" }
func (e Blocked) Touches() []Key { return touch(e.Block.key()) }
func (e Blocked) lacks(l *lacking) {
	l.patron(e.Patron)
	l.key(KindLoan, string(e.Loan))
}

func (e Blocked) prepare(c *Case) Event {
	if b, ok := c.Block(e.Block); ok && b.Lifted.IsZero() {
		e.WasUntil, e.WasAt, e.WasOperator = b.Until, b.At, b.Operator
	}
	return e
}

func (e Blocked) apply(Key, Row) Row {
	return Block{ID: e.Block, Patron: e.Patron, Text: e.Text, At: e.At, Operator: e.Operator, Until: e.Until, Against: e.Against, Loan: e.Loan}
}

// fit: nobody is suspended for longer than was told, nor than the loan comes to.
func (e Blocked) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	if l, ok := f.c.Loan(e.Loan); ok {
		if until, _ := f.c.suspendedUntil(l); until.Before(e.Until) {
			f.object(Remark{Reason: SuspensionOff, Until: until, Who: e.Patron, Item: l.Item})
			if e.Until = until; until.IsZero() {
				return
			}
		}
	}
	f.emit(e)
}

func (e Blocked) retract(r *retraction) {
	b, ok := r.c.Block(e.Block)
	switch {
	case !ok:
	case e.Loan != "" && (!b.Lifted.IsZero() || !b.Until.Equal(e.Until)): // it goes with the loan
	case !b.Lifted.IsZero():
		r.object(Remark{Reason: UndoneAlready, Who: b.Patron})
	case e.Loan != "" && !e.WasUntil.IsZero():
		if e.Until = e.WasUntil; !e.WasAt.IsZero() {
			e.At, e.Operator = e.WasAt, e.WasOperator
		}
		r.emit(e)
	default:
		r.emit(Unblocked{Block: e.Block, Patron: e.Patron, At: r.c.Act.At})
	}
}

// Unblocked: a block is lifted.
type Unblocked struct {
	none
	Block  BlockID   `json:"block"`
	Patron PatronID  `json:"patron" private:"yes"`
	At     time.Time `json:"at"`
}

func (Unblocked) Name() string          { return "unblocked" }
func (e Unblocked) Touches() []Key      { return touch(e.Block.key()) }
func (e Unblocked) prepare(*Case) Event { return e }

func (e Unblocked) apply(_ Key, old Row) Row {
	b, ok := old.(Block)
	if !ok {
		return nil
	}
	b.Lifted = e.At
	return b
}

func (e Unblocked) fit(f *fitting) {
	if b, ok := f.c.Block(e.Block); ok && b.Lifted.IsZero() {
		f.emit(e)
	}
}

func (e Unblocked) retract(r *retraction) {
	b, ok := r.c.Block(e.Block)
	switch {
	case !ok:
	case !b.Lifted.Equal(e.At):
		r.object(Remark{Reason: UndoneAlready, Who: b.Patron})
	default:
		r.emit(Reblocked{Block: e.Block})
	}
}

// Reblocked: a block that was lifted stands again.
type Reblocked struct {
	none
	Block BlockID `json:"block"`
}

func (Reblocked) Name() string          { return "reblocked" }
func (e Reblocked) Touches() []Key      { return touch(e.Block.key()) }
func (e Reblocked) prepare(*Case) Event { return e }
func (e Reblocked) fit(f *fitting)      { f.emit(e) }
func (e Reblocked) retract(*retraction) {}

func (e Reblocked) apply(_ Key, old Row) Row {
	b, ok := old.(Block)
	if !ok {
		return nil
	}
	b.Lifted = time.Time{}
	return b
}
