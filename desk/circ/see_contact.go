package circ

import "cmp"

// SeeContact notes that somebody looks at how a patron of a conflict is reached. What
// they see is no part of it.
type SeeContact struct {
	Conflict EntryID  `json:"conflict"`
	Patron   PatronID `json:"patron,omitempty" private:"yes"` // empty: whom the conflict concerns
}

func (SeeContact) Name() string { return "see_contact" }

func (k SeeContact) lacks(l *lacking) {
	l.key(KindConflict, string(k.Conflict))
	l.patron(k.Patron)
	if c, ok := l.c.Conflict(k.Conflict); ok {
		l.patron(c.Patron)
	}
}

func (k SeeContact) decide(t *trial) {
	c, ok := t.c.Conflict(k.Conflict)
	if !ok || c.Class == "" {
		t.refuse(Remark{Reason: UnknownThing, Text: string(k.Conflict)})
	}
	if !t.may(RightSettle) {
		t.refuse(Remark{Reason: RightMissing, Right: RightSettle})
	}
	p, known := t.c.Patron(cmp.Or(k.Patron, c.Patron))
	if ok && !known {
		t.refuse(Remark{Reason: UnknownPatron})
	}
	if t.stopped() {
		return
	}
	t.emit(ContactSeen{Conflict: c.ID, Patron: p.ID, At: t.c.Act.At, Desk: t.c.Act.Desk, Operator: t.c.Act.Operator})
}
