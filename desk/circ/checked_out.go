package circ

import (
	"time"

	"circdesk/desk/policy"
)

// CheckedOut: a patron has taken an item.
type CheckedOut struct {
	Loan     LoanID           `json:"loan"`
	Item     ItemID           `json:"item"`
	Patron   PatronID         `json:"patron" private:"yes"`
	Request  RequestID        `json:"request,omitempty"` // filled by it
	At       time.Time        `json:"at"`
	Due      time.Time        `json:"due"`
	Why      []policy.Step    `json:"why,omitempty"`
	Desk     DeskID           `json:"desk,omitempty"`
	Library  policy.LibraryID `json:"library,omitempty"`
	Operator OperatorID       `json:"operator,omitempty"`
	Renewal  string           `json:"renewal,omitempty"` // it was told as this renewal; empty: as a check-out

	WasHeld    RequestID `json:"was_held,omitempty"`
	WasRequest Kept      `json:"was_request,omitzero"`
}

// Kept is how a request stood: its stage, and the copy kept for it.
type Kept struct {
	Stage Stage     `json:"stage,omitempty"`
	Copy  ItemID    `json:"copy,omitempty"`
	Until time.Time `json:"until,omitzero"`
}

func (r Request) kept() Kept { return Kept{r.Stage, r.Copy, r.Until} }

func (r Request) set(k Kept, by Hand) Request {
	r.Stage, r.Copy, r.Until, r.Changed = k.Stage, k.Copy, k.Until, by
	return r
}

func (CheckedOut) Name() string { return "checked_out" }

func (e CheckedOut) Touches() []Key {
	return touch(e.Loan.key(), e.Item.key(), e.Request.key())
}

func (e CheckedOut) apply(k Key, old Row) Row {
	switch k.Kind {
	case KindLoan:
		return e.loan().after(old)
	case KindItem:
		if it, ok := old.(Item); ok {
			it.Loan, it.Held = e.Loan, ""
			return it.sight(Sighting{At: e.At, Desk: e.Desk, Library: e.Library})
		}
	case KindRequest:
		if r, ok := old.(Request); ok {
			return r.set(Kept{Filled, e.Item, time.Time{}}, Hand{e.At, e.Desk})
		}
	}
	return nil
}

func (e CheckedOut) loan() Loan {
	return Loan{ID: e.Loan, Item: e.Item, Patron: e.Patron, Library: e.Library, Desk: e.Desk, Operator: e.Operator, Out: e.At, Due: e.Due, Why: e.Why}
}

func (e CheckedOut) lacks(l *lacking) {
	it, _ := l.item(e.Item, "")
	l.offLater(it, e.At)
	l.patron(e.Patron)
	if r, ok := l.request(e.Request); ok && r.Copy != it.ID {
		l.key(KindItem, string(r.Copy))
	}
}

func (e CheckedOut) prepare(c *Case) Event {
	if it, ok := c.Item(e.Item, ""); ok {
		e.WasHeld = it.Held
	}
	if r, ok := c.Request(e.Request); ok {
		e.WasRequest = r.kept()
	}
	return e
}

// fit: the newest check-out or check-in that stands says where the item is; an
// older loan is recorded as ended.
func (e CheckedOut) fit(f *fitting) {
	e.Patron, e.At = f.c.known(e.Patron), f.when(e.At)
	e.Due, e.Why = f.promised(e.Due, e.Why, e.Item, e.Patron)
	it, _ := f.c.Item(e.Item, "")
	if r, ok := f.c.Request(e.Request); !ok || r.Stage.Over() {
		e.Request = ""
	} else if r.Copy != "" && r.Copy != e.Item { // another copy is kept for the same person
		f.object(Remark{Reason: OtherCopyHeld, Item: r.Copy, Who: r.Patron})
		f.emit(Untrapped{Request: r.ID, Item: r.Copy})
	}
	f.offLater(it, e.At)
	open, out := f.c.Loan(it.Loan)
	switch {
	case out && open.ID != e.Loan && open.Out.After(e.At):
		f.object(Remark{Reason: NewerLoan, Who: open.Patron, When: open.Out, Desk: open.Desk, Item: it.ID})
		e.note(f, it, open.Out)
		return
	case open.ID != e.Loan && it.Seen.At.After(e.At): // an older loan that is open was renewed with the item in hand
		f.object(Remark{Reason: SeenSince, When: it.Seen.At, Desk: it.Seen.Desk, Where: it.Seen.Library, Item: it.ID})
		e.note(f, it, it.Seen.At)
		return
	case out && open.ID != e.Loan:
		f.emit(CheckedIn{Loan: open.ID, Item: it.ID, Patron: open.Patron, At: open.ends(e.At), How: Evidence})
	}
	if it.Held != "" && it.Held != e.Request {
		f.release(it)
	}
	f.here(it, e.At)
	f.emit(e)
}

// note writes the loan down as ended. The patron has had the item, so what is
// kept for the same request since then is free again.
func (e CheckedOut) note(f *fitting, it Item, in time.Time) {
	if e.Request != "" && it.Held == e.Request {
		f.object(Remark{Reason: OtherCopyHeld, Item: it.ID, Who: e.Patron})
		f.release(it)
	}
	f.emit(e.noted(in))
}

// noted gives the check-out as a loan that has ended.
func (e CheckedOut) noted(in time.Time) LoanNoted {
	return LoanNoted{Loan: e.Loan, Item: e.Item, Patron: e.Patron, Request: e.Request, At: e.At, Due: e.Due, Why: e.Why, Desk: e.Desk, Library: e.Library, Operator: e.Operator, Renewal: e.Renewal, In: in}
}

// known gives whom a patron's id means now.
func (c *Case) known(id PatronID) PatronID {
	if p, ok := c.Patron(id); ok {
		return p.ID
	}
	return id
}

func (e CheckedOut) retract(r *retraction) {
	if r.others(e.Renewal) {
		return
	}
	loan, ok := r.c.Loan(e.Loan)
	if !ok || loan.How == Void {
		r.object(Remark{Reason: UndoneAlready, Item: e.Item})
		return
	}
	it, _ := r.c.Item(e.Item, "")
	mine := it.Loan == e.Loan
	if len(loan.Renewals) > 0 {
		r.loanChanged(loan)
	}
	r.emit(LoanVoided{Loan: e.Loan, Item: e.Item, Patron: e.Patron, At: r.c.Act.At, Seen: e.At, Desk: e.Desk})
	if !mine {
		r.changed(it)
	}
	if shown := loan.shown(); len(shown) > 0 {
		r.stillHas(loan, shown)
		return
	}
	r.requeue(e.Request, e.Item, Kept{Stage: Filled, Copy: e.Item}, e.WasRequest, mine)
}

// stillHas: the patron has shown the item at renewals of a loan that was taken
// back. Each of them stands, as a check-out; one that is over by now ended when that
// loan had.
func (r *retraction) stillHas(l Loan, shown []Renewal) {
	for i, n := range shown {
		e := n.again(l.Item, l.Patron)
		switch last := i == len(shown)-1; {
		case !last:
			r.emit(e.noted(shown[i+1].At))
		case l.Open():
			r.emit(e)
		default:
			r.emit(e.noted(later(l.In, n.At)))
		}
	}
}

// others reports whether a renewal is another entry's: it goes with that one.
func (r *retraction) others(renewal string) bool {
	return renewal != "" && renewal != NewID(r.c.Was.Act.ID, "renewal", 0)
}

// requeue sets a request back to how it stood, if it still stands as the event
// left it; where its copy is elsewhere by now, it waits.
func (r *retraction) requeue(id RequestID, item ItemID, now, was Kept, here bool) {
	q, ok := r.c.Request(id)
	if !ok || was.Stage == "" {
		return
	}
	if q.Stage != now.Stage || q.Copy != now.Copy {
		r.requestChanged(q)
		return
	}
	if was.Copy != "" {
		it, _ := r.c.Item(was.Copy, "")
		if !here && was.Copy == item || it.Loan != "" || it.Held != "" && it.Held != id {
			was = Kept{Stage: Waiting}
		}
	}
	r.emit(Requeued{Request: id, Item: item, Kept: was})
}
