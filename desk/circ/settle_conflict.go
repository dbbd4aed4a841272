package circ

// SettleConflict says that a person has settled a conflict: how, and in words why. What
// is to be done about it is done before, by commands of its own.
type SettleConflict struct {
	Conflict EntryID        `json:"conflict"`
	How      ConflictAction `json:"how,omitempty"` // empty: it is kept as it stands
	Text     string         `json:"text" private:"yes"`
}

func (SettleConflict) Name() string { return "settle_conflict" }

func (k SettleConflict) lacks(l *lacking) { l.key(KindConflict, string(k.Conflict)) }

func (k SettleConflict) decide(t *trial) {
	c, ok := t.openConflict(k.Conflict)
	if k.Text == "" {
		t.refuse(Remark{Reason: NoReason})
	}
	if !t.may(RightSettle) {
		t.refuse(Remark{Reason: RightMissing, Right: RightSettle})
	}
	if !ok || t.stopped() {
		return
	}
	how := k.How
	if how == "" {
		how = ConflictKeep
	}
	t.emit(ConflictSettled{
		Conflict: c.ID, At: t.c.Act.At, Desk: t.c.Act.Desk, Operator: t.c.Act.Operator, How: how, Text: k.Text,
	})
}

// openConflict gives a conflict that nobody has settled; where there is none, it says so.
func (t *trial) openConflict(id EntryID) (Conflict, bool) {
	c, ok := t.c.Conflict(id)
	switch {
	case !ok || c.Class == "":
		t.refuse(Remark{Reason: UnknownThing, Text: string(id)})
		return c, false
	case !c.Open():
		t.refuse(Remark{Reason: SettledAlready, When: c.Settled.At, Desk: c.Settled.Desk})
		return c, false
	}
	return c, true
}
