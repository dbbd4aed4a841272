package circ

// CarryConflict tells the central system of a conflict that a desk of an earlier
// version has kept for itself, and of how it was settled.
type CarryConflict struct {
	Conflict Conflict `json:"conflict" private:"yes"`
}

func (CarryConflict) Name() string { return "carry_conflict" }

func (k CarryConflict) lacks(l *lacking) { l.key(KindConflict, string(k.Conflict.ID)) }

func (k CarryConflict) decide(t *trial) {
	c := k.Conflict
	if c.ID == "" {
		t.refuse(Remark{Reason: NothingGiven})
		return
	}
	if known, ok := t.c.Conflict(c.ID); ok && known.Class != "" {
		t.refuse(Remark{Reason: SettledAlready})
		return
	}
	settled := c.Settled
	if c.Class == "" {
		c.Class = ClassOther
	}
	c.Settled = Settlement{}
	t.emit(ConflictRaised{Conflict: c})
	if !settled.At.IsZero() {
		t.emit(ConflictSettled{Conflict: c.ID, At: settled.At, Desk: settled.Desk, Operator: settled.By, How: ConflictKeep, Text: settled.Why})
	}
}
