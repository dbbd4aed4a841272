package circ

import (
	"time"

	"circdesk/desk/policy"
)

// RenewCard lets a patron's card be valid until an instant.
type RenewCard struct {
	Patron PatronID  `json:"patron" private:"yes"`
	Until  time.Time `json:"until"`
}

func (RenewCard) Name() string { return "renew_card" }

func (k RenewCard) lacks(l *lacking) { l.patron(k.Patron) }

func (k RenewCard) decide(t *trial) {
	p, ok := t.c.Patron(k.Patron)
	switch {
	case !ok:
		t.refuse(Remark{Reason: UnknownPatron})
	case !k.Until.After(t.c.Act.At):
		t.refuse(Remark{Reason: NothingGiven, When: k.Until})
	case k.Until.Equal(p.Expires):
		t.refuse(Remark{Reason: NoGain, When: k.Until, Who: p.ID})
	default:
		t.emit(CardRenewed{Patron: p.ID, Until: k.Until})
		terms := t.c.terms(p, Item{})
		t.fixed(p.ID, FeeCard, terms.CardRenewalFee, terms, policy.StepCardRenewalFee, "")
	}
}
