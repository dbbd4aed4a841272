package circ

// BlockPatron keeps a patron from borrowing until the block is lifted.
type BlockPatron struct {
	Patron PatronID `json:"patron" private:"yes"`
	Text   string   `json:"text" private:"yes"`
}

func (BlockPatron) Name() string { return "block" }

func (k BlockPatron) lacks(l *lacking) { l.patron(k.Patron) }

func (k BlockPatron) decide(t *trial) {
	p, ok := t.c.Patron(k.Patron)
	if !ok {
		t.refuse(Remark{Reason: UnknownPatron})
	}
	if k.Text == "" {
		t.refuse(Remark{Reason: NothingGiven})
	}
	if t.stopped() {
		return
	}
	t.emit(Blocked{Block: BlockID(t.newID(KindBlock, 0)), Patron: p.ID, Text: k.Text, At: t.c.Act.At, Operator: t.c.Act.Operator})
}

// Unblock lifts a block.
type Unblock struct {
	Block BlockID `json:"block"`
}

func (Unblock) Name() string { return "unblock" }

func (k Unblock) lacks(l *lacking) { l.key(KindBlock, string(k.Block)) }

func (k Unblock) decide(t *trial) {
	b, ok := t.c.Block(k.Block)
	switch {
	case !ok:
		t.refuse(Remark{Reason: UnknownThing, Text: string(k.Block)})
	case !b.Lifted.IsZero():
		t.refuse(Remark{Reason: BlockLifted, When: b.Lifted})
	default:
		t.emit(Unblocked{Block: b.ID, Patron: b.Patron, At: t.c.Act.At})
	}
}
