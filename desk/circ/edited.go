package circ

import "time"

// Edited: a patron is reached otherwise.
type Edited struct {
	Patron  PatronID `json:"patron" private:"yes"`
	Contact Contact  `json:"contact" private:"yes"`

	WasContact Contact `json:"was_contact" private:"yes"`
}

func (Edited) Name() string       { return "edited" }
func (e Edited) Touches() []Key   { return touch(e.Patron.key()) }
func (e Edited) lacks(l *lacking) { l.patron(e.Patron) }

func (e Edited) apply(_ Key, old Row) Row {
	if p, ok := old.(Patron); ok {
		return e.Contact.to(p)
	}
	return nil
}

func (e Edited) prepare(c *Case) Event {
	if p, ok := c.Patron(e.Patron); ok {
		e.WasContact = e.Contact.before(p)
	}
	return e
}

func (e Edited) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	f.emit(e)
}

func (e Edited) retract(r *retraction) {
	p, ok := r.c.Patron(e.Patron)
	if !ok {
		return
	}
	if !e.Contact.stands(p) {
		r.object(Remark{Reason: ChangedSince, Who: p.ID})
		return
	}
	r.emit(Edited{Patron: p.ID, Contact: e.WasContact})
}

// CardRenewed: a patron's card is valid until then.
type CardRenewed struct {
	Patron PatronID  `json:"patron" private:"yes"`
	Until  time.Time `json:"until,omitzero"` // zero: no end

	WasUntil time.Time `json:"was_until,omitzero"`
}

func (CardRenewed) Name() string       { return "card_renewed" }
func (e CardRenewed) Touches() []Key   { return touch(e.Patron.key()) }
func (e CardRenewed) lacks(l *lacking) { l.patron(e.Patron) }

func (e CardRenewed) apply(_ Key, old Row) Row {
	if p, ok := old.(Patron); ok {
		p.Expires = e.Until
		return p
	}
	return nil
}

func (e CardRenewed) prepare(c *Case) Event {
	if p, ok := c.Patron(e.Patron); ok {
		e.WasUntil = p.Expires
	}
	return e
}

func (e CardRenewed) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	f.emit(e)
}

func (e CardRenewed) retract(r *retraction) {
	p, ok := r.c.Patron(e.Patron)
	switch {
	case !ok:
	case !p.Expires.Equal(e.Until):
		r.object(Remark{Reason: ChangedSince, Who: p.ID})
	default:
		r.emit(CardRenewed{Patron: p.ID, Until: e.WasUntil})
	}
}
