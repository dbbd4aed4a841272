package circ

import "time"

// ConflictPutOff: a conflict is to be looked at again on a day; zero: now.
type ConflictPutOff struct {
	none
	Conflict EntryID   `json:"conflict"`
	Until    time.Time `json:"until,omitzero"`
	At       time.Time `json:"at"`
	Desk     DeskID    `json:"desk,omitempty"`

	WasUntil time.Time `json:"was_until,omitzero"`
	WasPut   Hand      `json:"was_put,omitzero"`
}

func (ConflictPutOff) Name() string     { return "conflict_put_off" }
func (e ConflictPutOff) Touches() []Key { return touch(e.Conflict.conflict()) }

func (e ConflictPutOff) prepare(c *Case) Event {
	if r, ok := c.Conflict(e.Conflict); ok {
		e.WasUntil, e.WasPut = r.CallBack, r.Put
	}
	return e
}

func (e ConflictPutOff) apply(_ Key, old Row) Row {
	r := conflictIn(old, e.Conflict)
	r.CallBack, r.Put = e.Until, Hand{e.At, e.Desk}
	return r
}

// fit: the last word counts.
func (e ConflictPutOff) fit(f *fitting) {
	e.At = f.when(e.At)
	if r, ok := f.c.Conflict(e.Conflict); !ok || !r.Put.At.After(e.At) {
		f.emit(e)
	}
}

func (e ConflictPutOff) retract(r *retraction) {
	c, ok := r.c.Conflict(e.Conflict)
	switch {
	case !ok:
	case !c.Put.same(Hand{e.At, e.Desk}):
		r.object(Remark{Reason: ChangedSince, When: c.Put.At, Desk: c.Put.Desk})
	default:
		r.emit(ConflictPutOff{Conflict: e.Conflict, Until: e.WasUntil, At: e.WasPut.At, Desk: e.WasPut.Desk})
	}
}
