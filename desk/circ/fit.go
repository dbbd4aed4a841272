package circ

// Record fits what has already happened, [Case.Told], into what others did
// meanwhile. It gives the events to apply and the objections, and never
// refuses: what the engine itself would have refused or asked is an objection.
// The case stays as it was.
func Record(c *Case) (events []Event, objections []Remark) {
	if _, undo := c.Act.Command.(Undo); undo {
		return Retract(c)
	}
	f := &fitting{story: story{c: c.fork()}}
	d := Decide(c)
	for _, r := range append(d.Refused, d.Ask...) {
		f.object(r)
	}
	for _, r := range d.Tell {
		if r.Reason == RightMissing {
			f.object(r)
		}
	}
	for _, e := range c.Told {
		e.fit(f)
	}
	return f.out, f.objections
}

// Redo fits what an undo took back, [Case.Told] by [Case.Act], into the case
// again: the undo itself was withdrawn, and nobody was told of it.
func Redo(c *Case) (events []Event, objections []Remark) {
	f := &fitting{story: story{c: c.fork()}}
	for _, e := range c.Told {
		e.fit(f)
	}
	return f.out, f.objections
}

// fitting is a told story on its way into the case.
type fitting struct {
	story
	objections []Remark
}

func (f *fitting) object(r Remark) {
	for _, o := range f.objections {
		if o.Reason == r.Reason && o.Who == r.Who && o.Item == r.Item {
			return
		}
	}
	f.objections = append(f.objections, r)
}

// names reports whether the desk told that it took this loan back.
func (f *fitting) names(l LoanID) bool {
	for _, e := range f.c.Told {
		if in, ok := e.(CheckedIn); ok && in.Loan == l {
			return true
		}
	}
	return false
}

// release takes a copy that is kept for a request away from it, so that the
// request waits again: staff work, told as an objection.
func (f *fitting) release(it Item) {
	if it.Held != "" {
		f.emit(Untrapped{Request: it.Held, Item: it.ID})
	}
}
