package circ

// CardReplaced: a patron has another card; the old one is lost, or, when the
// replacement itself is taken back, void.
type CardReplaced struct {
	Patron PatronID  `json:"patron" private:"yes"`
	Old    string    `json:"old,omitempty" private:"yes"`
	New    string    `json:"new" private:"yes"`
	State  CardState `json:"state"` // of the old card from now on
	By     Hand      `json:"by,omitzero"`
}

func (CardReplaced) Name() string { return "card_replaced" }
func (e CardReplaced) Touches() []Key {
	return touch(e.Patron.key(), cardKey(e.Old), cardKey(e.New))
}
func (e CardReplaced) lacks(l *lacking) { l.patron(e.Patron) }

func (e CardReplaced) prepare(c *Case) Event {
	e.By = c.hand()
	return e
}

func (e CardReplaced) apply(k Key, old Row) Row {
	switch {
	case k == cardKey(e.New):
		return Card{Number: e.New, Patron: e.Patron, State: CardValid}
	case k == cardKey(e.Old):
		return Card{Number: e.Old, Patron: e.Patron, State: e.State}
	}
	if p, ok := old.(Patron); ok {
		p.Card, p.Changed = e.New, e.By
		return p
	}
	return nil
}

func (e CardReplaced) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	if card, taken := f.c.Card(e.New); taken && card.Patron != e.Patron {
		f.object(Remark{Reason: CardTaken, Who: card.Patron, Text: e.New})
		return
	}
	if p, ok := f.c.Patron(e.Patron); ok && p.Card != e.Old && p.Card != e.New { // the patron has two new cards
		f.patronChanged(p)
	}
	f.emit(e)
}

func (e CardReplaced) retract(r *retraction) {
	p, ok := r.c.Patron(e.Patron)
	switch {
	case !ok:
	case p.Card != e.New, p.Aliased && !p.Changed.same(e.By): // another desk has met the new card since
		r.patronChanged(p)
	case e.Old == "":
		r.object(Remark{Reason: NotUndone, Who: p.ID})
	default:
		r.emit(CardReplaced{Patron: p.ID, Old: e.New, New: e.Old, State: CardVoid})
	}
}
