package circ

import (
	"time"

	"circdesk/desk/policy"
)

// BlockPatron keeps a patron from borrowing until the block is lifted, or ends.
type BlockPatron struct {
	Patron  PatronID   `json:"patron" private:"yes"`
	Text    string     `json:"text" private:"yes"`
	Until   time.Time  `json:"until,omitzero"` // its last instant, after the act; zero: until it is lifted
	Against BlockScope `json:"against,omitzero"`
}

// BlockScope is what a block stands against; the zero scope is everything.
type BlockScope struct {
	Loan    bool `json:"loan,omitempty"`
	Renewal bool `json:"renewal,omitempty"`
	Request bool `json:"request,omitempty"`
}

// Has reports whether the scope holds an act.
func (s BlockScope) Has(act policy.BlockAct) bool {
	switch {
	case s == BlockScope{}:
		return true
	case act == policy.ForLoan:
		return s.Loan
	case act == policy.ForRenewal:
		return s.Renewal
	case act == policy.ForRequest:
		return s.Request
	}
	return false
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
	if !k.Until.IsZero() && !k.Until.After(t.c.Act.At) {
		t.refuse(Remark{Reason: BlockEnded, When: k.Until})
	}
	if t.stopped() {
		return
	}
	t.emit(Blocked{
		Block: BlockID(t.newID(KindBlock, 0)), Patron: p.ID, Text: k.Text, At: t.c.Act.At, Operator: t.c.Act.Operator,
		Until: k.Until, Against: k.Against,
	})
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
