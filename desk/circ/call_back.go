package circ

import "time"

// CallBack says on which day a conflict is to be looked at again: the patron was called,
// or somebody has to be asked.
type CallBack struct {
	Conflict EntryID   `json:"conflict"`
	On       time.Time `json:"on,omitzero"` // zero: now
}

func (CallBack) Name() string { return "call_back" }

func (k CallBack) lacks(l *lacking) { l.key(KindConflict, string(k.Conflict)) }

func (k CallBack) decide(t *trial) {
	if c, ok := t.openConflict(k.Conflict); ok {
		t.emit(ConflictPutOff{Conflict: c.ID, Until: k.On, At: t.c.Act.At, Desk: t.c.Act.Desk})
	}
}
