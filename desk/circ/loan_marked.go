package circ

import (
	"slices"
	"time"

	"circdesk/desk/policy"
)

// LoanState says what is said of a loan that is open. It travels: never renamed.
type LoanState string

// The states of a loan; "" is the ordinary one.
const (
	LoanLost    LoanState = "lost"    // the patron has lost the item, or it is taken for lost
	LoanClaimed LoanState = "claimed" // the patron says that it was returned
	LoanFound   LoanState = "found"   // it was lost, claimed or incomplete, and the patron has it
	// LoanIncomplete: the item has come back without all that belongs to it. It is
	// here, and the loan stays open until the rest comes or is given up.
	LoanIncomplete LoanState = "incomplete"
)

// Marked is the state of a loan, and since when. The latest word counts.
type Marked struct {
	State    LoanState        `json:"state,omitempty"`
	At       time.Time        `json:"at,omitzero"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`  // where it was said; empty: where it was lent
	Operator OperatorID       `json:"operator,omitempty"` // who has said it; empty: nobody knows

	// Of what is incomplete; else zero.
	Missing []string  `json:"missing,omitempty"` // the parts; never none
	Back    time.Time `json:"back,omitzero"`     // when it first came back so
	Late    time.Time `json:"late,omitzero"`     // until when it was late, where it had been lost or claimed
	Here    time.Time `json:"here,omitzero"`     // when it was at the desk so; zero: at At
}

// here gives when what is incomplete was at a desk so. What was said elsewhere since,
// without the item, moves At, not this.
func (m Marked) here() time.Time {
	if m.Here.IsZero() {
		return m.At
	}
	return m.Here
}

// same reports whether it is the same word.
func (m Marked) same(o Marked) bool {
	return m.State == o.State && m.At.Equal(o.At) && m.Back.Equal(o.Back) && slices.Equal(m.Missing, o.Missing)
}

// Missed reports whether the item is lost, or said to be returned.
func (m Marked) Missed() bool { return m.State == LoanLost || m.State == LoanClaimed }

// LoanMarked: a loan is said to be lost, to have been returned, found, or incomplete.
type LoanMarked struct {
	Loan     LoanID           `json:"loan"`
	Item     ItemID           `json:"item"`
	Patron   PatronID         `json:"patron" private:"yes"`
	State    LoanState        `json:"state"`
	At       time.Time        `json:"at"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"`
	Missing  []string         `json:"missing,omitempty"` // what is incomplete:
	Back     time.Time        `json:"back,omitzero"`
	Late     time.Time        `json:"late,omitzero"`
	Here     time.Time        `json:"here,omitzero"`

	WasMarked Marked    `json:"was_marked,omitzero"`
	WasClaim  time.Time `json:"was_claim,omitzero"`
}

func (LoanMarked) Name() string     { return "loan_marked" }
func (e LoanMarked) Touches() []Key { return touch(e.Loan.key()) }
func (e LoanMarked) lacks(l *lacking) {
	l.patron(e.Patron)
	l.key(KindItem, string(e.Item))
}

func (e LoanMarked) prepare(c *Case) Event {
	if l, ok := c.Loan(e.Loan); ok {
		e.WasMarked, e.WasClaim = l.Marked, l.Claimed
	}
	return e
}

func (e LoanMarked) marked() Marked {
	return Marked{State: e.State, At: e.At, Desk: e.Desk, Library: e.Library, Operator: e.Operator, Missing: e.Missing, Back: e.Back, Late: e.Late, Here: e.Here}
}

func (e LoanMarked) apply(_ Key, old Row) Row {
	l, ok := old.(Loan)
	if !ok || l.Marked.At.After(e.At) {
		return nil
	}
	l.Marked = e.marked()
	if e.State == LoanClaimed {
		l.Claimed = e.At
	}
	return l
}

// fit: a loan that had ended by then is not marked any more. What is incomplete is
// here, whatever is said of it elsewhere.
func (e LoanMarked) fit(f *fitting) {
	e.Patron, e.At, e.Back = f.c.known(e.Patron), f.when(e.At), f.when(e.Back)
	switch l, out := f.stillOut(e.Loan, e.Item, e.At); {
	case !out:
	case e.State == LoanIncomplete:
		e.incomplete(f, l)
	case l.Incomplete(): // whoever takes it along again renews it first
		f.object(l.notComplete())
	case l.Marked.At.After(e.At):
		f.object(Remark{Reason: ChangedSince, When: l.Marked.At, Desk: l.Marked.Desk, Item: e.Item})
	default:
		f.emit(e)
	}
}

func (e LoanMarked) retract(r *retraction) {
	l, ok := r.c.Loan(e.Loan)
	switch {
	case !ok || l.How == Void:
	case !l.Marked.same(e.marked()):
		r.object(Remark{Reason: ChangedSince, When: l.Marked.At, Desk: l.Marked.Desk, Item: e.Item})
		e.neverMissed(r, l)
	default:
		r.emit(LoanUnmarked{Loan: e.Loan, Item: e.Item, Patron: e.Patron, Marked: e.WasMarked, Claimed: e.WasClaim})
	}
}

// neverMissed: what came back incomplete after it was said to be lost or claimed to be
// returned is incomplete as before, and was late until it came back, where that is taken
// back: it costs nothing as lost.
func (e LoanMarked) neverMissed(r *retraction, l Loan) {
	m := l.Marked
	if !e.marked().Missed() || m.State != LoanIncomplete || !m.Late.Equal(earlier(e.At, m.Back)) {
		return
	}
	m.Late = time.Time{}
	if e.WasMarked.Missed() {
		m.Late = earlier(e.WasMarked.At, m.Back)
	}
	claimed := l.Claimed
	if e.State == LoanClaimed && claimed.Equal(e.At) {
		claimed = e.WasClaim
	}
	r.emit(LoanUnmarked{Loan: e.Loan, Item: e.Item, Patron: e.Patron, Marked: m, Claimed: claimed})
}

// LoanUnmarked: what was said of a loan is taken back.
type LoanUnmarked struct {
	none
	Loan    LoanID    `json:"loan"`
	Item    ItemID    `json:"item"`
	Patron  PatronID  `json:"patron" private:"yes"`
	Marked  Marked    `json:"marked,omitzero"` // as it was before
	Claimed time.Time `json:"claimed,omitzero"`
}

func (LoanUnmarked) Name() string          { return "loan_unmarked" }
func (e LoanUnmarked) Touches() []Key      { return touch(e.Loan.key()) }
func (e LoanUnmarked) prepare(*Case) Event { return e }
func (e LoanUnmarked) fit(f *fitting)      { f.emit(e) }
func (e LoanUnmarked) retract(*retraction) {}

func (e LoanUnmarked) apply(_ Key, old Row) Row {
	l, ok := old.(Loan)
	if !ok {
		return nil
	}
	l.Marked, l.Claimed = e.Marked, e.Claimed
	return l
}
