package circ

import (
	"slices"
	"time"
)

// ContactSeen: somebody has looked at how a patron is reached.
type ContactSeen struct {
	none
	Conflict EntryID    `json:"conflict"`
	Patron   PatronID   `json:"patron" private:"yes"`
	At       time.Time  `json:"at"`
	Desk     DeskID     `json:"desk,omitempty"`
	Operator OperatorID `json:"operator,omitempty"`
}

func (ContactSeen) Name() string          { return "contact_seen" }
func (e ContactSeen) Touches() []Key      { return touch(e.Conflict.conflict()) }
func (e ContactSeen) prepare(*Case) Event { return e }

// retract: no undo makes anybody forget what they saw; what nobody was told was not seen.
func (e ContactSeen) retract(r *retraction) {
	if r.undo {
		r.object(Remark{Reason: NotUndone, Text: string(e.Conflict)})
		return
	}
	r.emit(ContactUnseen{Conflict: e.Conflict, At: e.At, Desk: e.Desk, Operator: e.Operator})
}

func (e ContactSeen) apply(_ Key, old Row) Row {
	r := conflictIn(old, e.Conflict)
	use := ContactUse{Hand: Hand{e.At, e.Desk}, By: e.Operator, Patron: e.Patron}
	if slices.Contains(r.Seen, use) {
		return r
	}
	r.Seen = append(slices.Clone(r.Seen), use)
	slices.SortStableFunc(r.Seen, func(a, b ContactUse) int { return a.At.Compare(b.At) })
	return r
}

func (e ContactSeen) fit(f *fitting) {
	e.Patron, e.At = f.c.known(e.Patron), f.when(e.At)
	f.emit(e)
}

// ContactUnseen: nobody has looked after all.
type ContactUnseen struct {
	none
	Conflict EntryID    `json:"conflict"`
	At       time.Time  `json:"at"`
	Desk     DeskID     `json:"desk,omitempty"`
	Operator OperatorID `json:"operator,omitempty"`
}

func (ContactUnseen) Name() string          { return "contact_unseen" }
func (e ContactUnseen) Touches() []Key      { return touch(e.Conflict.conflict()) }
func (e ContactUnseen) prepare(*Case) Event { return e }
func (e ContactUnseen) fit(f *fitting)      { f.emit(e) }
func (e ContactUnseen) retract(*retraction) {}

func (e ContactUnseen) apply(_ Key, old Row) Row {
	r, ok := old.(Conflict)
	if !ok {
		return nil
	}
	r.Seen = slices.DeleteFunc(slices.Clone(r.Seen), func(u ContactUse) bool { return u.same(Hand{e.At, e.Desk}) && u.By == e.Operator })
	if len(r.Seen) == 0 {
		r.Seen = nil
	}
	return r
}
