package circ

import (
	"time"

	"circdesk/desk/policy"
)

// Record fits what has already happened, [Case.Told], into what others did
// meanwhile. It gives the events to apply and the objections, and never
// refuses: what the engine itself would have refused or asked is an objection.
// The case stays as it was.
func Record(c *Case) (events []Event, objections []Remark) {
	if _, undo := c.Act.Command.(Undo); undo {
		return Retract(c)
	}
	f := &fitting{story: story{c: c.fork()}}
	tried := try(c)
	d := tried.d
	if c.byOthers() {
		f.due, f.why = tried.due, tried.why
	}
	for _, r := range append(d.Refused, d.Ask...) {
		if r.Reason != AllThere { // the desk did not know that there was something to count
			f.object(r)
		}
	}
	for _, r := range d.Tell {
		if r.Reason == RightMissing {
			f.object(r)
		}
	}
	return f.tell()
}

// Redo fits what an undo took back, [Case.Told] by [Case.Act], into the case
// again: the undo itself was withdrawn, and nobody was told of it.
func Redo(c *Case) (events []Event, objections []Remark) {
	f := &fitting{story: story{c: c.fork()}, again: true}
	return f.tell()
}

// fitting is a told story on its way into the case.
type fitting struct {
	story
	objections []Remark
	again      bool          // it was applied before: what is for somebody to see to has been told
	due        time.Time     // by the rules in force, where it was told by others; zero: nobody asks
	why        []policy.Step // why then
}

// byOthers reports whether what was told was told by other rules than those in force.
func (c *Case) byOthers() bool { return c.Under != "" && c.Under != c.Rules.Version() }

// promised gives the date that a patron keeps: the later one of what was told and of
// what the rules in force give, where they have changed since. What was promised later
// than they give is named.
func (f *fitting) promised(told time.Time, why []policy.Step, item ItemID, who PatronID) (time.Time, []policy.Step) {
	switch {
	case f.due.IsZero():
	case f.due.After(told):
		return f.due, f.why
	case f.due.Before(told):
		f.object(Remark{Reason: PromisedLater, When: told, Until: f.due, Item: item, Who: who})
	}
	return told, why
}

// tell fits the told events, one after the other.
func (f *fitting) tell() ([]Event, []Remark) {
	for _, e := range f.c.Told {
		f.c.knownItems(e).fit(f)
	}
	f.lessen(f.object)
	return f.out, f.objections
}

// when gives an instant that was told, not later than the act: a clock that is
// ahead must not put things into the future, where they would stop others.
func (f *fitting) when(told time.Time) time.Time {
	if told.After(f.c.Act.At) {
		return f.c.Act.At
	}
	return told
}

func (f *fitting) object(r Remark) {
	for _, o := range f.objections {
		if o.Reason == r.Reason && o.Right == r.Right && o.Who == r.Who && o.Item == r.Item {
			return
		}
	}
	f.objections = append(f.objections, r)
}

// patronChanged says that others have changed the same of a patron meanwhile.
func (f *fitting) patronChanged(p Patron) {
	f.object(Remark{Reason: ChangedSince, Who: p.ID, When: p.Changed.At, Desk: p.Changed.Desk})
}

// names reports whether the desk told that it took this loan back, whole or not.
func (f *fitting) names(l LoanID) bool {
	for _, e := range f.c.Told {
		switch e := e.(type) {
		case CheckedIn:
			if e.Loan == l {
				return true
			}
		case LoanMarked:
			if e.Loan == l && e.State == LoanIncomplete {
				return true
			}
		}
	}
	return false
}

// stillOut gives a loan that had not ended by an instant; where it had, or is not
// known, it says so.
func (f *fitting) stillOut(id LoanID, item ItemID, at time.Time) (Loan, bool) {
	l, ok := f.c.Loan(id)
	switch {
	case !ok:
		f.object(Remark{Reason: NotOnLoan, Item: item})
	case !l.Open() && !l.In.After(at):
		f.object(Remark{Reason: LoanEnded, When: l.In, Item: item, Who: l.Patron})
	default:
		return l, true
	}
	return l, false
}

// release takes a copy that is kept for a request away from it, so that the
// request waits again: staff work, told as an objection.
func (f *fitting) release(it Item) {
	if it.Held != "" {
		f.emit(Untrapped{Request: it.Held, Item: it.ID})
	}
}
