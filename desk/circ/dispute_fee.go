package circ

// DisputeFee notes that a patron disputes a fee: until somebody restores it, it
// stands against nothing.
type DisputeFee struct {
	Fee  FeeID  `json:"fee"`
	Text string `json:"text" private:"yes"`
}

func (DisputeFee) Name() string       { return "dispute" }
func (k DisputeFee) lacks(l *lacking) { l.fee(k.Fee) }

func (k DisputeFee) decide(t *trial) {
	f, ok := t.c.Fee(k.Fee)
	switch {
	case !ok:
		t.refuse(Remark{Reason: UnknownThing, Text: string(k.Fee)})
	case !f.Disputed.At.IsZero():
		t.refuse(Remark{Reason: DisputedNow, When: f.Disputed.At, Who: f.Patron})
	case t.c.Left(f) <= 0:
		t.refuse(Remark{Reason: NothingOwed, Who: f.Patron})
	case k.Text == "":
		t.refuse(Remark{Reason: NoReason})
	default:
		t.emit(Disputed{Fee: f.ID, Patron: f.Patron, Text: k.Text, At: t.c.Act.At, Operator: t.c.Act.Operator})
	}
}

// RestoreFee ends a dispute: the fee is owed as before.
type RestoreFee struct {
	Fee FeeID `json:"fee"`
}

func (RestoreFee) Name() string       { return "restore" }
func (k RestoreFee) lacks(l *lacking) { l.fee(k.Fee) }

func (k RestoreFee) decide(t *trial) {
	f, ok := t.c.Fee(k.Fee)
	switch {
	case !ok:
		t.refuse(Remark{Reason: UnknownThing, Text: string(k.Fee)})
	case f.Disputed.At.IsZero():
		t.refuse(Remark{Reason: NotDisputed, Who: f.Patron})
	default:
		t.emit(Undisputed{Fee: f.ID, Patron: f.Patron})
	}
}
