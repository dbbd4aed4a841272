package circ

import "slices"

// Retract undoes what an entry did, [Case.Was], from the last event to the
// first, with the values that the events overwrote. What has changed since is
// left alone and named. The case stays as it was.
func Retract(c *Case) (events []Event, objections []Remark) {
	r := &retraction{story: story{c: c.fork()}}
	if c.Was == nil {
		return nil, []Remark{{Reason: UnknownThing}}
	}
	_, r.undo = c.Act.Command.(Undo)
	if u, again := c.Was.Act.Command.(Undo); r.undo && again {
		return nil, []Remark{{Reason: NotUndone, Text: string(u.Entry)}}
	}
	for i := len(c.Was.Events) - 1; i >= 0; i-- {
		c.Was.Events[i].retract(r)
	}
	for _, e := range c.Was.Events {
		if item := sighted(e); item != "" {
			r.seenBefore(item)
		}
	}
	r.lessen(r.feeLessened)
	return r.out, r.objections
}

// retraction is a story on its way back.
type retraction struct {
	story
	undo       bool // a clerk takes it back; else nobody was ever told it was done
	objections []Remark
}

func (r *retraction) object(m Remark) { r.objections = append(r.objections, m) }

// feeLessened: whoever takes back a check-in or a renewal knows that its fee goes
// with it; where another's entry is withdrawn, somebody was told of a fee.
func (r *retraction) feeLessened(m Remark) {
	if !r.undo {
		r.object(m)
	}
}

// sighted gives which item the event saw; none: it saw none.
func sighted(e Event) ItemID {
	switch e := e.(type) {
	case CheckedOut:
		return e.Item
	case LoanNoted:
		return e.Item
	case Seen:
		return e.Item
	case Renewed:
		if e.InHand {
			return e.Item
		}
	}
	return ""
}

// seenBefore: a sighting of the item is taken back, and the one before it says
// where the item is. A loan that had ended only because the item was seen is
// open again, and so is one that had come back incomplete and only ended since the
// patron was said to have taken the item again; one that was kept open, since the patron
// had shown the item, has ended when it was seen before, and so has one that was written
// off later.
func (r *retraction) seenBefore(item ItemID) {
	it, ok := r.c.Item(item, "")
	if !ok {
		return
	}
	for _, s := range slices.Backward(it.all()) {
		if l, ok := r.c.offLater(it, s.At); ok {
			r.emit(CheckedIn{Loan: l.ID, Item: item, Patron: l.Patron, At: s.At, How: Evidence})
		}
	}
	if l, out := r.c.Loan(it.Loan); out {
		if !it.Seen.At.After(l.had()) || l.Incomplete() && !r.lentAfter(l) {
			return
		}
		r.emit(CheckedIn{Loan: l.ID, Item: item, Patron: l.Patron, At: l.ends(it.Seen.At), How: Evidence})
	}
	l, ok := r.c.lastLoan(item)
	if !ok || l.How != Evidence || it.Seen.At.After(l.had()) && !l.cameIncomplete() {
		return
	}
	if it.Held != "" { // it was taken from the shelf by then
		r.emit(Untrapped{Request: it.Held, Item: item})
	}
	r.emit(Reopened{Loan: l.ID, Item: item, Patron: l.Patron})
}

// lentAfter reports whether the item of a loan was in another's hands after it came
// back incomplete. That it was only seen then ends no such loan.
func (r *retraction) lentAfter(l Loan) bool {
	last, ok := r.c.lastLoan(l.Item)
	return ok && last.ID != l.ID && last.had().After(l.had())
}

// loanChanged says that the loan has ended or was renewed since.
func (r *retraction) loanChanged(l Loan) {
	if !l.Open() {
		it, _ := r.c.Item(l.Item, "")
		r.changed(it)
		return
	}
	last := l.Renewals[len(l.Renewals)-1]
	r.object(Remark{Reason: ChangedSince, Item: l.Item, When: last.At, Desk: last.Desk})
}

// requestChanged says that somebody has worked on the request since. Where it
// stands as the entry left it, what was in the way has been told.
func (r *retraction) requestChanged(q Request) {
	if was := r.c.Was.Act; q.Changed.same(Hand{was.At, was.Desk}) && len(r.objections) > 0 {
		return
	}
	r.object(Remark{Reason: ChangedSince, Who: q.Patron, Item: q.Copy, When: q.Changed.At, Desk: q.Changed.Desk})
}

// patronChanged says that somebody has changed the patron's record since.
func (r *retraction) patronChanged(p Patron) {
	r.object(Remark{Reason: ChangedSince, Who: p.ID, When: p.Changed.At, Desk: p.Changed.Desk})
}

// changed says that somebody else has worked on the item since.
func (r *retraction) changed(it Item) {
	r.object(Remark{Reason: ChangedSince, Item: it.ID, When: it.Seen.At, Desk: it.Seen.Desk})
}
