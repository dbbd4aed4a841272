package circ

import "time"

// Disputed: a patron disputes a fee.
type Disputed struct {
	Fee      FeeID      `json:"fee"`
	Patron   PatronID   `json:"patron" private:"yes"`
	Text     string     `json:"text" private:"yes"` // why
	At       time.Time  `json:"at"`
	Operator OperatorID `json:"operator,omitempty"`
}

func (Disputed) Name() string          { return "disputed" }
func (e Disputed) Touches() []Key      { return touch(e.Fee.key()) }
func (e Disputed) lacks(l *lacking)    { l.patron(e.Patron) }
func (e Disputed) prepare(*Case) Event { return e }

func (e Disputed) apply(_ Key, old Row) Row {
	f, ok := old.(Fee)
	if !ok {
		return nil
	}
	f.Disputed = Dispute{e.At, e.Text, e.Operator}
	return f
}

func (e Disputed) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	if fee, ok := f.c.Fee(e.Fee); ok && fee.Disputed.At.IsZero() {
		f.emit(e)
	}
}

func (e Disputed) retract(r *retraction) {
	f, ok := r.c.Fee(e.Fee)
	switch {
	case !ok:
	case !f.Disputed.At.Equal(e.At):
		r.object(Remark{Reason: UndoneAlready, Who: f.Patron})
	default:
		r.emit(Undisputed{Fee: e.Fee, Patron: f.Patron})
	}
}

// Undisputed: a fee is not disputed any more, and is owed as before.
type Undisputed struct {
	Fee    FeeID    `json:"fee"`
	Patron PatronID `json:"patron" private:"yes"`

	WasDisputed Dispute `json:"was_disputed,omitzero" private:"yes"`
}

func (Undisputed) Name() string       { return "undisputed" }
func (e Undisputed) Touches() []Key   { return touch(e.Fee.key()) }
func (e Undisputed) lacks(l *lacking) { l.patron(e.Patron) }

func (e Undisputed) prepare(c *Case) Event {
	if f, ok := c.Fee(e.Fee); ok {
		e.WasDisputed = f.Disputed
	}
	return e
}

func (e Undisputed) apply(_ Key, old Row) Row {
	f, ok := old.(Fee)
	if !ok {
		return nil
	}
	f.Disputed = Dispute{}
	return f
}

func (e Undisputed) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	if fee, ok := f.c.Fee(e.Fee); ok && !fee.Disputed.At.IsZero() {
		f.emit(e)
	}
}

func (e Undisputed) retract(r *retraction) {
	f, ok := r.c.Fee(e.Fee)
	switch {
	case !ok || e.WasDisputed.At.IsZero():
	case !f.Disputed.At.IsZero():
		r.object(Remark{Reason: UndoneAlready, Who: f.Patron})
	default:
		r.emit(Disputed{Fee: e.Fee, Patron: f.Patron, Text: e.WasDisputed.Text, At: e.WasDisputed.At, Operator: e.WasDisputed.Operator})
	}
}
