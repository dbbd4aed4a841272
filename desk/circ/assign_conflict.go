package circ

// AssignConflict says who sees to a conflict.
type AssignConflict struct {
	Conflict EntryID    `json:"conflict"`
	Owner    OperatorID `json:"owner,omitempty"` // empty: nobody any more
}

func (AssignConflict) Name() string { return "assign_conflict" }

func (k AssignConflict) lacks(l *lacking) { l.key(KindConflict, string(k.Conflict)) }

func (k AssignConflict) decide(t *trial) {
	if c, ok := t.openConflict(k.Conflict); ok {
		t.emit(ConflictAssigned{Conflict: c.ID, Owner: k.Owner, At: t.c.Act.At, Desk: t.c.Act.Desk})
	}
}
