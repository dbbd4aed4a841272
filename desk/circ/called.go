package circ

import (
	"cmp"
	"slices"
	"time"
)

// callsKept bounds the calls of a loan; older ones are forgotten.
const callsKept = 20

// Called: a patron was called about a loan, or sent another notice.
type Called struct {
	Loan     LoanID     `json:"loan"`
	Item     ItemID     `json:"item"`
	Patron   PatronID   `json:"patron" private:"yes"`
	At       time.Time  `json:"at"`
	Desk     DeskID     `json:"desk,omitempty"`
	Operator OperatorID `json:"operator,omitempty"`
	Text     string     `json:"text,omitempty" private:"yes"`
	Again    time.Time  `json:"again,omitzero"`
	By       Channel    `json:"by,omitempty"`
}

func (Called) Name() string          { return "called" }
func (e Called) Touches() []Key      { return touch(e.Loan.key()) }
func (e Called) prepare(*Case) Event { return e }
func (e Called) lacks(l *lacking)    { l.patron(e.Patron) }

func (e Called) call() Call { return Call{e.At, e.Desk, e.Operator, e.Text, e.Again, e.By} }

func (e Called) apply(_ Key, old Row) Row {
	l, ok := old.(Loan)
	if !ok {
		return nil
	}
	return l.called(append(slices.DeleteFunc(slices.Clone(l.Calls), e.call().same), e.call()))
}

// called gives the loan with these calls.
func (r Loan) called(all []Call) Loan {
	slices.SortFunc(all, func(a, b Call) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Desk, b.Desk)) })
	all = all[max(len(all)-callsKept, 0):]
	if r.Calls = all; len(all) == 0 {
		r.Calls = nil
	}
	return r
}

// fit: that there was a call is so, whatever has become of the loan.
func (e Called) fit(f *fitting) {
	e.Patron, e.At = f.c.known(e.Patron), f.when(e.At)
	f.emit(e)
}

func (e Called) retract(r *retraction) {
	if l, ok := r.c.Loan(e.Loan); ok && slices.ContainsFunc(l.Calls, e.call().same) {
		r.emit(Uncalled{Loan: e.Loan, At: e.At, Desk: e.Desk})
	}
}

// Uncalled: a call never was.
type Uncalled struct {
	none
	Loan LoanID    `json:"loan"`
	At   time.Time `json:"at"`
	Desk DeskID    `json:"desk,omitempty"`
}

func (Uncalled) Name() string          { return "uncalled" }
func (e Uncalled) Touches() []Key      { return touch(e.Loan.key()) }
func (e Uncalled) prepare(*Case) Event { return e }
func (e Uncalled) fit(f *fitting)      { f.emit(e) }
func (e Uncalled) retract(*retraction) {}

func (e Uncalled) apply(_ Key, old Row) Row {
	l, ok := old.(Loan)
	if !ok {
		return nil
	}
	return l.called(slices.DeleteFunc(slices.Clone(l.Calls), Call{At: e.At, Desk: e.Desk}.same))
}
