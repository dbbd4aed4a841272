package circ

import "time"

// Edited: a patron is reached otherwise.
type Edited struct {
	Patron  PatronID `json:"patron" private:"yes"`
	Contact Contact  `json:"contact" private:"yes"`
	By      Hand     `json:"by,omitzero"`

	WasContact Contact `json:"was_contact" private:"yes"`
}

func (Edited) Name() string       { return "edited" }
func (e Edited) Touches() []Key   { return touch(e.Patron.key()) }
func (e Edited) lacks(l *lacking) { l.patron(e.Patron) }

func (e Edited) apply(_ Key, old Row) Row {
	if p, ok := old.(Patron); ok {
		p.Changed = e.By
		return e.Contact.to(p)
	}
	return nil
}

func (e Edited) prepare(c *Case) Event {
	e.By = c.hand()
	if p, ok := c.Patron(e.Patron); ok {
		e.WasContact = e.Contact.before(p)
	}
	return e
}

// fit: what was told last stands; where others have changed the same meanwhile,
// somebody must look at it.
func (e Edited) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	if p, ok := f.c.Patron(e.Patron); ok && !e.WasContact.stands(p) && !e.Contact.stands(p) {
		f.patronChanged(p)
	}
	f.emit(e)
}

func (e Edited) retract(r *retraction) {
	p, ok := r.c.Patron(e.Patron)
	if !ok {
		return
	}
	if !e.Contact.stands(p) {
		r.patronChanged(p)
		return
	}
	r.emit(Edited{Patron: p.ID, Contact: e.WasContact})
}

// CardRenewed: a patron's card is valid until then.
type CardRenewed struct {
	Patron PatronID  `json:"patron" private:"yes"`
	Until  time.Time `json:"until,omitzero"` // zero: no end
	By     Hand      `json:"by,omitzero"`

	WasUntil time.Time `json:"was_until,omitzero"`
}

func (CardRenewed) Name() string       { return "card_renewed" }
func (e CardRenewed) Touches() []Key   { return touch(e.Patron.key()) }
func (e CardRenewed) lacks(l *lacking) { l.patron(e.Patron) }

func (e CardRenewed) apply(_ Key, old Row) Row {
	if p, ok := old.(Patron); ok {
		p.Expires, p.Changed = e.Until, e.By
		return p
	}
	return nil
}

func (e CardRenewed) prepare(c *Case) Event {
	e.By = c.hand()
	if p, ok := c.Patron(e.Patron); ok {
		e.WasUntil = p.Expires
	}
	return e
}

func (e CardRenewed) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	if p, ok := f.c.Patron(e.Patron); ok && !p.Expires.Equal(e.WasUntil) && !p.Expires.Equal(e.Until) {
		f.patronChanged(p)
	}
	f.emit(e)
}

func (e CardRenewed) retract(r *retraction) {
	p, ok := r.c.Patron(e.Patron)
	switch {
	case !ok:
	case !p.Expires.Equal(e.Until):
		r.patronChanged(p)
	default:
		r.emit(CardRenewed{Patron: p.ID, Until: e.WasUntil})
	}
}
