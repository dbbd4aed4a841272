package circ

import "time"

// ConflictAssigned: somebody sees to a conflict, or nobody any more.
type ConflictAssigned struct {
	none
	Conflict EntryID    `json:"conflict"`
	Owner    OperatorID `json:"owner,omitempty"`
	At       time.Time  `json:"at"`
	Desk     DeskID     `json:"desk,omitempty"`

	WasOwner OperatorID `json:"was_owner,omitempty"`
	WasOwned Hand       `json:"was_owned,omitzero"`
}

func (ConflictAssigned) Name() string     { return "conflict_assigned" }
func (e ConflictAssigned) Touches() []Key { return touch(e.Conflict.conflict()) }

func (e ConflictAssigned) prepare(c *Case) Event {
	if r, ok := c.Conflict(e.Conflict); ok {
		e.WasOwner, e.WasOwned = r.Owner, r.Owned
	}
	return e
}

func (e ConflictAssigned) apply(_ Key, old Row) Row {
	r := conflictIn(old, e.Conflict)
	r.Owner, r.Owned = e.Owner, Hand{e.At, e.Desk}
	return r
}

// fit: the last word counts.
func (e ConflictAssigned) fit(f *fitting) {
	e.At = f.when(e.At)
	if r, ok := f.c.Conflict(e.Conflict); !ok || !r.Owned.At.After(e.At) {
		f.emit(e)
	}
}

func (e ConflictAssigned) retract(r *retraction) {
	c, ok := r.c.Conflict(e.Conflict)
	switch {
	case !ok:
	case !c.Owned.same(Hand{e.At, e.Desk}):
		r.object(Remark{Reason: ChangedSince, When: c.Owned.At, Desk: c.Owned.Desk})
	default:
		r.emit(ConflictAssigned{Conflict: e.Conflict, Owner: e.WasOwner, At: e.WasOwned.At, Desk: e.WasOwned.Desk})
	}
}
