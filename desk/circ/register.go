package circ

import "circdesk/desk/policy"

// Register makes a new patron with a card. The patron's id is derived from the
// act and stays for ever; a card that turns out to be known makes the new
// record a pointer to the person it belongs to.
type Register struct {
	Patron Patron `json:"patron" private:"yes"` // ID is not looked at
}

func (Register) Name() string { return "register" }

func (k Register) lacks(l *lacking) {
	l.person("", k.Patron.Card)
	l.key(KindPatron, NewID(l.c.Act.ID, KindPatron, 0))
	l.similarTo(k.Patron)
}

func (k Register) decide(t *trial) {
	if k.Patron.Card == "" || k.Patron.Family == "" {
		t.refuse(Remark{Reason: NothingGiven})
		return
	}
	if card, ok := t.c.Card(k.Patron.Card); ok {
		t.refuse(Remark{Reason: CardTaken, Who: card.Patron, Text: card.Number})
		return
	}
	p := k.Patron
	p.ID, p.Merged, p.Aliased, p.Void = PatronID(t.newID(KindPatron, 0)), "", false, false
	if p.Home == "" {
		p.Home = t.c.Act.Library
	}
	if known, ok := t.c.similar(p); ok {
		t.ask(Remark{Reason: SimilarPatron, Who: known.ID})
	}
	t.emit(Registered{Patron: p, At: t.c.Act.At})
	terms := t.c.terms(p, Item{})
	t.fixed(p.ID, FeeCard, terms.CardFee, terms, policy.StepCardFee, "")
}
