package circ

import "time"

// Registered: there is a new patron, with a card.
type Registered struct {
	Patron Patron    `json:"patron" private:"yes"`
	At     time.Time `json:"at"`
}

func (Registered) Name() string { return "registered" }
func (e Registered) Touches() []Key {
	return touch(e.Patron.ID.key(), cardKey(e.Patron.Card))
}
func (e Registered) lacks(l *lacking) {
	l.person("", e.Patron.Card)
	l.list(LoansOf, string(e.Patron.ID))
	l.list(RequestsOf, string(e.Patron.ID))
}

func (e Registered) prepare(c *Case) Event {
	e.Patron.Changed = c.hand()
	return e
}

func (e Registered) apply(k Key, _ Row) Row {
	if k.Kind == KindCard {
		return Card{Number: e.Patron.Card, Patron: e.Patron.ID, State: CardValid}
	}
	return e.Patron
}

// fit: a card that is known belongs to whom it belongs; the new record becomes
// a pointer to them.
func (e Registered) fit(f *fitting) {
	card, ok := f.c.Card(e.Patron.Card)
	if !ok || card.Patron == e.Patron.ID {
		f.emit(e)
		return
	}
	known := f.c.known(card.Patron)
	f.object(Remark{Reason: PatronKnown, Who: known, Text: card.Number})
	f.emit(Aliased{Patron: e.Patron.ID, Known: known})
}

func (e Registered) retract(r *retraction) {
	p, ok := get[Patron](r.c, KindPatron, string(e.Patron.ID))
	loans, requests := r.c.Loans(p.ID), r.c.Requests(p.ID)
	switch {
	case !ok || p.Merged != "":
	case p.Void:
		r.object(Remark{Reason: UndoneAlready, Who: p.ID})
	case len(loans) > 0:
		r.object(Remark{Reason: ChangedSince, Who: p.ID, Item: loans[0].Item, When: loans[0].Out, Desk: loans[0].Desk})
	case len(requests) > 0:
		r.requestChanged(requests[0])
	case p.Aliased || p.Card != e.Patron.Card:
		r.patronChanged(p)
	default:
		r.emit(Unregistered{Patron: p.ID, Card: e.Patron.Card})
	}
}

// Unregistered: a registration never was; the card is free again.
type Unregistered struct {
	none
	Patron PatronID `json:"patron" private:"yes"`
	Card   string   `json:"card" private:"yes"`
}

func (Unregistered) Name() string          { return "unregistered" }
func (e Unregistered) Touches() []Key      { return touch(e.Patron.key(), cardKey(e.Card)) }
func (e Unregistered) prepare(*Case) Event { return e }
func (e Unregistered) fit(f *fitting)      { f.emit(e) }
func (e Unregistered) retract(*retraction) {}

func (e Unregistered) apply(_ Key, old Row) Row {
	switch r := old.(type) {
	case Patron:
		return Patron{ID: r.ID, Void: true}
	case Card:
		if r.Patron == e.Patron {
			r.State = CardVoid
			return r
		}
	}
	return nil
}

// Aliased: a patron registered at a desk was known already.
type Aliased struct {
	none
	Patron PatronID `json:"patron" private:"yes"`
	Known  PatronID `json:"known" private:"yes"`
	By     Hand     `json:"by,omitzero"`
}

func (Aliased) Name() string          { return "aliased" }
func (e Aliased) Touches() []Key      { return touch(e.Patron.key(), e.Known.key()) }
func (e Aliased) fit(f *fitting)      { f.emit(e) }
func (e Aliased) retract(*retraction) {} // a pointer nobody follows harms nobody

func (e Aliased) prepare(c *Case) Event {
	e.By = c.hand()
	return e
}

func (e Aliased) apply(k Key, old Row) Row {
	if k == e.Patron.key() {
		return Patron{ID: e.Patron, Merged: e.Known}
	}
	p, ok := old.(Patron)
	if !ok {
		return nil
	}
	p.Aliased, p.Changed = true, e.By
	return p
}
