package circ

// Contact is how a patron is reached. Nil: stays as it is.
type Contact struct {
	Street   *string `json:"street,omitempty"`
	Postcode *string `json:"postcode,omitempty"`
	City     *string `json:"city,omitempty"`
	Phone    *string `json:"phone,omitempty"`
	Email    *string `json:"email,omitempty"`
	Language *string `json:"language,omitempty"`
}

// fields pairs what can be changed with where it stands.
func (k *Contact) fields(p *Patron) [6]struct{ change, value **string } {
	ptr := func(s *string) **string { return &s }
	return [6]struct{ change, value **string }{
		{&k.Street, ptr(&p.Street)}, {&k.Postcode, ptr(&p.Postcode)}, {&k.City, ptr(&p.City)},
		{&k.Phone, ptr(&p.Phone)}, {&k.Email, ptr(&p.Email)}, {&k.Language, ptr(&p.Language)},
	}
}

// to gives the patron with the changes made.
func (k Contact) to(p Patron) Patron {
	for _, f := range k.fields(&p) {
		if *f.change != nil {
			**f.value = **f.change
		}
	}
	return p
}

// before gives what the changes overwrite.
func (k Contact) before(p Patron) Contact {
	was := Contact{}
	from, to := k.fields(&p), was.fields(&p)
	for i := range from {
		if *from[i].change != nil {
			old := **from[i].value
			*to[i].change = &old
		}
	}
	return was
}

// stands reports whether the patron still has the values set.
func (k Contact) stands(p Patron) bool {
	for _, f := range k.fields(&p) {
		if *f.change != nil && **f.change != **f.value {
			return false
		}
	}
	return true
}

// Edit changes how a patron is reached.
type Edit struct {
	Patron  PatronID `json:"patron" private:"yes"`
	Contact Contact  `json:"contact" private:"yes"`
}

func (Edit) Name() string { return "edit" }

func (k Edit) lacks(l *lacking) { l.patron(k.Patron) }

func (k Edit) decide(t *trial) {
	p, ok := t.c.Patron(k.Patron)
	switch {
	case !ok:
		t.refuse(Remark{Reason: UnknownPatron})
	case k.Contact.stands(p):
		t.refuse(Remark{Reason: NothingGiven})
	default:
		t.emit(Edited{Patron: p.ID, Contact: k.Contact})
	}
}
