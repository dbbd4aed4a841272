package circ

import (
	"time"

	"circdesk/desk/policy"
)

// Seen: an item was in somebody's hands at a desk, and is on its way to
// Transit, or stays here when that is empty.
type Seen struct {
	Item    ItemID           `json:"item"`
	At      time.Time        `json:"at"`
	Desk    DeskID           `json:"desk,omitempty"`
	Library policy.LibraryID `json:"library,omitempty"`
	Transit policy.LibraryID `json:"transit,omitempty"`
}

func (Seen) Name() string     { return "seen" }
func (e Seen) Touches() []Key { return touch(e.Item.key()) }
func (e Seen) lacks(l *lacking) {
	if it, ok := l.item(e.Item, ""); ok {
		l.offLater(it, e.At)
	}
}

func (e Seen) prepare(*Case) Event { return e }

func (e Seen) apply(_ Key, old Row) Row {
	it, ok := old.(Item)
	if !ok {
		return nil
	}
	return it.sight(Sighting{At: e.At, Desk: e.Desk, Library: e.Library, Transit: e.Transit})
}

// fit: the item is here, whatever loan the desk knew of; a loan that is open
// and not newer is over, unless the item is known to be here incomplete. One that was
// written off later had ended by then.
func (e Seen) fit(f *fitting) {
	e.At = f.when(e.At)
	it, ok := f.c.Item(e.Item, "")
	since := it.Seen.At.After(e.At)
	if ok && since {
		f.object(Remark{Reason: SeenSince, When: it.Seen.At, Desk: it.Seen.Desk, Where: it.Seen.Library, Item: it.ID})
	}
	if open, out := f.c.Loan(it.Loan); out && !since && !open.Incomplete() && !f.names(open.ID) {
		f.object(Remark{Reason: LoanUnknown, Who: open.Patron, When: open.Out, Desk: open.Desk, Item: it.ID})
		f.emit(CheckedIn{Loan: open.ID, Item: it.ID, Patron: open.Patron, At: e.At, How: Evidence})
	}
	f.offLater(it, e.At)
	f.here(it, e.At)
	f.emit(e)
}

// here says that an item that was missing has been seen since.
func (f *fitting) here(it Item, at time.Time) {
	if it.Mark.State == ItemMissing && at.After(it.Mark.At) {
		f.emit(ItemMarked{Item: it.ID, At: at, Desk: f.c.Act.Desk})
	}
}

func (e Seen) retract(r *retraction) {
	it, ok := r.c.Item(e.Item, "")
	if !ok {
		return
	}
	if it.Seen.At.After(e.At) {
		r.changed(it)
	}
	r.emit(Unseen{Item: e.Item, At: e.At, Desk: e.Desk})
}

// Unseen: a sighting is taken back; the last of the others counts.
type Unseen struct {
	none
	Item ItemID    `json:"item"`
	At   time.Time `json:"at"` // of the sighting taken back
	Desk DeskID    `json:"desk,omitempty"`
}

func (Unseen) Name() string          { return "unseen" }
func (e Unseen) Touches() []Key      { return touch(e.Item.key()) }
func (e Unseen) prepare(*Case) Event { return e }
func (e Unseen) fit(f *fitting)      { f.emit(e) }
func (e Unseen) retract(*retraction) {}

func (e Unseen) apply(_ Key, old Row) Row {
	it, ok := old.(Item)
	if !ok {
		return nil
	}
	return it.unsight(e.At, e.Desk)
}
