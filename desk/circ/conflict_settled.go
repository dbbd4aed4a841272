package circ

import "time"

// ConflictSettled: a person has settled a conflict. Whoever was first stays.
type ConflictSettled struct {
	none
	Conflict EntryID        `json:"conflict"`
	At       time.Time      `json:"at"`
	Desk     DeskID         `json:"desk,omitempty"`
	Operator OperatorID     `json:"operator,omitempty"`
	How      ConflictAction `json:"how"`
	Text     string         `json:"text" private:"yes"`
}

func (ConflictSettled) Name() string          { return "conflict_settled" }
func (e ConflictSettled) Touches() []Key      { return touch(e.Conflict.conflict()) }
func (e ConflictSettled) prepare(*Case) Event { return e }

func (e ConflictSettled) apply(_ Key, old Row) Row {
	r := conflictIn(old, e.Conflict)
	r.Settled = Settlement{Hand: Hand{e.At, e.Desk}, By: e.Operator, How: e.How, Why: e.Text}
	return r
}

func (e ConflictSettled) fit(f *fitting) {
	e.At = f.when(e.At)
	if c, ok := f.c.Conflict(e.Conflict); !ok || c.Open() {
		f.emit(e)
	}
}

func (e ConflictSettled) retract(r *retraction) {
	c, ok := r.c.Conflict(e.Conflict)
	switch {
	case !ok:
	case !c.Settled.same(Hand{e.At, e.Desk}):
		r.object(Remark{Reason: ChangedSince, When: c.Settled.At, Desk: c.Settled.Desk})
	default:
		r.emit(ConflictReopened{Conflict: e.Conflict})
	}
}

// ConflictReopened: that a conflict was settled is taken back.
type ConflictReopened struct {
	none
	Conflict EntryID `json:"conflict"`
}

func (ConflictReopened) Name() string          { return "conflict_reopened" }
func (e ConflictReopened) Touches() []Key      { return touch(e.Conflict.conflict()) }
func (e ConflictReopened) prepare(*Case) Event { return e }
func (e ConflictReopened) fit(f *fitting)      { f.emit(e) }
func (e ConflictReopened) retract(*retraction) {}

func (e ConflictReopened) apply(_ Key, old Row) Row {
	r := conflictIn(old, e.Conflict)
	r.Settled = Settlement{}
	return r
}
