package circ

import "circdesk/desk/policy"

// ReplaceCard gives a patron another card. The old number answers LOST CARD.
type ReplaceCard struct {
	Patron PatronID `json:"patron" private:"yes"`
	Number string   `json:"number" private:"yes"`
}

func (ReplaceCard) Name() string { return "replace_card" }

func (k ReplaceCard) lacks(l *lacking) {
	l.patron(k.Patron)
	l.key(KindCard, k.Number)
	if p, ok := l.c.Patron(k.Patron); ok {
		l.key(KindCard, p.Card)
	}
}

func (k ReplaceCard) decide(t *trial) {
	p, ok := t.c.Patron(k.Patron)
	if !ok {
		t.refuse(Remark{Reason: UnknownPatron})
		return
	}
	if k.Number == "" {
		t.refuse(Remark{Reason: NothingGiven})
		return
	}
	if card, taken := t.c.Card(k.Number); taken {
		t.refuse(Remark{Reason: CardTaken, Who: card.Patron, Text: card.Number})
		return
	}
	t.emit(CardReplaced{Patron: p.ID, Old: p.Card, New: k.Number, State: CardLost})
	terms := t.c.terms(p, Item{})
	t.fixed(p.ID, FeeCard, terms.CardReplacementFee, terms, policy.StepCardReplacementFee, "")
}
