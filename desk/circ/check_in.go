package circ

import (
	"cmp"
	"time"

	"circdesk/desk/policy"
)

// CheckIn takes an item back and says where it goes. An item that is not on
// loan is taken back too: it was here, and that is worth knowing.
type CheckIn struct {
	Item    ItemID `json:"item,omitempty"`
	Barcode string `json:"barcode,omitempty"`
	// Date is when it came back, if not now: a book drop emptied in the morning.
	Date time.Time `json:"date,omitzero"`
}

func (CheckIn) Name() string { return "check_in" }

func (k CheckIn) lacks(l *lacking) {
	it, ok := l.item(k.Item, k.Barcode)
	if !ok {
		return
	}
	l.next(it)
	l.alertsBack(it)
	l.ending(it)
	l.lost(it)
}

// ending wants what is charged when the item's loan ends.
func (l *lacking) ending(it Item) {
	if loan, out := l.c.Loan(it.Loan); out && l.c.Act.At.After(loan.Due) {
		l.key(KindFee, string(feeOf(loan.ID)))
		l.key(KindBlock, string(lateBlock(loan.ID)))
	}
}

// next wants who gets the item next.
func (l *lacking) next(it Item) {
	if r, ok := l.c.Request(it.Held); ok && !r.Stage.Over() {
		return
	}
	l.queue(it.Title, func(r Request) bool { return r.takes(it) })
}

func (k CheckIn) decide(t *trial) {
	act := t.c.Act
	it, ok := t.c.Item(k.Item, k.Barcode)
	if !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		return
	}
	if k.Date.After(act.At) {
		t.refuse(Remark{Reason: FutureDate, When: k.Date})
	}
	seenSince(&asking{trial: t, it: it})
	if t.stopped() {
		return
	}
	if it.Note != "" {
		t.tell(Remark{Reason: ItemNote, Text: it.Note, Item: it.ID})
	}
	t.takenHere(it)
	loan, out := t.c.Loan(it.Loan)
	t.alertBack(it)
	t.count(it, loan)
	if out {
		t.end(it, loan, loan.back(k.Date, act.At))
		t.wasLost(loan)
		t.wasIncomplete(loan)
	} else {
		t.tell(Remark{Reason: NotOnLoanTell, Item: it.ID})
	}
	t.route(it)
}

// back gives when a loan came back that is taken back now, as of a date: zero is now.
func (r Loan) back(date, now time.Time) time.Time {
	if date.IsZero() {
		return now
	}
	return later(date, r.Out)
}

// end ends a loan whose item came back then, and charges what it comes to.
func (t *trial) end(it Item, loan Loan, at time.Time) {
	at = loan.ends(at)
	t.late(it, loan, at)
	t.emit(CheckedIn{Loan: loan.ID, Item: it.ID, Patron: loan.Patron, At: at, How: Returned})
	t.charge(loan, "", at)
	t.suspend(loan)
}

// wasLost tells of an item that had been given up, and gives back what the rules say.
func (t *trial) wasLost(l Loan) {
	if !l.Marked.Missed() {
		return
	}
	t.tell(Remark{Reason: WasLost, When: l.Marked.At, Who: l.Patron, Item: l.Item})
	if l.Marked.State == LoanLost {
		t.giveBack(l)
	}
}

// late tells by how many days a loan came back too late.
func (t *trial) late(it Item, loan Loan, at time.Time) {
	if !at.After(loan.Due) {
		return
	}
	zone := t.c.Rules.Location(t.c.Act.Library)
	if days := daysBetween(loan.Due.In(zone), at.In(zone)); days > 0 {
		t.tell(Remark{Reason: WasLate, N: days, When: loan.Due, Item: it.ID, Who: loan.Patron})
	}
}

// daysBetween counts the midnights between two instants of one zone.
func daysBetween(a, b time.Time) int {
	day := func(t time.Time) time.Time { return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, time.UTC) }
	return int(day(b).Sub(day(a)) / (24 * time.Hour))
}

// route says where an item that is here goes, and keeps it for whom it is.
func (t *trial) route(it Item) {
	act := t.c.Act
	r, wanted := t.nextFor(it)
	if mark := it.Mark.unfit(); it.Staff != "" || mark.State != "" {
		t.seen(it, "")
		t.d.Route = &Route{Kind: ToStaff, Library: act.Library, Mark: mark.State, Why: cmp.Or(it.Staff, mark.Text)}
		return
	}
	if wanted {
		t.keep(it, r)
		return
	}
	if it.Held != "" { // its request is over
		t.emit(Untrapped{Request: it.Held, Item: it.ID})
	}
	t.home(it)
}

// takenHere tells of an item that this desk does not take back, and has: it is a
// fact, so it goes on its way all the same.
func (t *trial) takenHere(it Item) {
	if !t.c.deskTerms(it).CheckIn {
		to := t.c.deskThat(it, func(d policy.DeskTerms) bool { return d.CheckIn })
		t.tell(Remark{Reason: NotTakenHere, Item: it.ID, Desk: to})
	}
}

// home sends an item that nobody waits for to its shelf: from here, from another
// desk of this library, or from the library that it belongs to.
func (t *trial) home(it Item) {
	here := t.c.Act.Library
	switch {
	case elsewhere(here, it.Home):
		t.seen(it, it.Home)
		t.d.Route = &Route{Kind: ToTransit, Library: it.Home}
	case t.c.deskTerms(it).Reshelves():
		t.seen(it, "")
		t.d.Route = &Route{Kind: ToShelf, Library: here, Location: it.Location}
	default:
		t.seen(it, here)
		t.d.Route = &Route{Kind: ToDesk, Library: here, Location: it.Location, Desk: t.c.deskThat(it, policy.DeskTerms.Reshelves)}
	}
}

// nextFor gives the request that the item is kept for, or the next in the
// queue that it fits.
func (s *story) nextFor(it Item) (Request, bool) {
	if r, ok := s.c.Request(it.Held); ok && !r.Stage.Over() {
		return r, true
	}
	return s.c.nextIn(it.Title, func(r Request) bool { return r.takes(it) })
}

// keep puts the item on the hold shelf for a request, or on its way there: to the
// pickup library, or to a desk of this one that has a hold shelf.
func (t *trial) keep(it Item, r Request) {
	act := t.c.Act
	here := t.c.deskTerms(it)
	switch {
	case elsewhere(act.Library, r.Pickup):
		t.seen(it, r.Pickup)
		t.trap(r, it, Underway, time.Time{})
		t.d.Route = &Route{Kind: ToTransit, Library: r.Pickup, Request: r.ID, Patron: r.Patron}
		return
	case !here.HoldShelf:
		t.seen(it, act.Library)
		t.trap(r, it, Underway, time.Time{})
		to := t.c.deskThat(it, func(d policy.DeskTerms) bool { return d.HoldShelf })
		t.d.Route = &Route{Kind: ToDesk, Library: act.Library, Desk: to, Request: r.ID, Patron: r.Patron}
		return
	}
	until := r.Until
	if r.Stage != OnShelf || r.Copy != it.ID {
		p, _ := t.c.Patron(r.Patron)
		until = t.c.Rules.ShelfUntil(act.At, act.Library, here.Stay(t.c.terms(p, it).ShelfDays))
	}
	t.seen(it, "")
	t.trap(r, it, OnShelf, until)
	t.d.Route = &Route{Kind: ToHoldShelf, Library: act.Library, Request: r.ID, Patron: r.Patron, Until: until}
}

// trap keeps the item for the request, unless it is kept so already.
func (t *trial) trap(r Request, it Item, s Stage, until time.Time) {
	if r.Stage != s || r.Copy != it.ID {
		t.emit(Trapped{Request: r.ID, Item: it.ID, Patron: r.Patron, At: t.c.Act.At, Stage: s, Until: until})
	}
}

func (t *trial) seen(it Item, transit policy.LibraryID) {
	act := t.c.Act
	t.here(it)
	t.emit(Seen{Item: it.ID, At: act.At, Desk: act.Desk, Library: act.Library, Transit: transit})
}

// elsewhere reports whether a library is known and is not this one.
func elsewhere(here, there policy.LibraryID) bool { return there != "" && here != "" && there != here }
