package circ

import "slices"

// MergePatrons says that two records are of one person: what stands under one, and its
// cards, is the other's from now on, and the one becomes a pointer to it. Never automatic:
// that two people are alike makes nobody one person.
type MergePatrons struct {
	Patron PatronID `json:"patron" private:"yes"` // whose record becomes a pointer
	Into   PatronID `json:"into" private:"yes"`   // whose record is kept
}

func (MergePatrons) Name() string { return "merge_patrons" }

func (k MergePatrons) lacks(l *lacking) {
	l.belongings(k.Patron)
	l.patron(k.Into)
	if kept, ok := l.c.Patron(k.Into); ok {
		l.list(LinksOf, string(kept.ID))
	}
}

func (k MergePatrons) decide(t *trial) {
	p, ok := t.c.Patron(k.Patron)
	kept, known := t.c.Patron(k.Into)
	if !t.may(RightSettle) {
		t.refuse(Remark{Reason: RightMissing, Right: RightSettle})
	}
	switch {
	case !ok || !known:
		t.refuse(Remark{Reason: UnknownPatron})
	case p.ID == kept.ID:
		t.refuse(Remark{Reason: SamePerson, Who: p.ID})
	case t.c.tied(p.ID, kept.ID):
		t.refuse(Remark{Reason: LinkedAlready, Who: kept.ID})
	}
	if t.stopped() {
		return
	}
	t.ask(Remark{Reason: MergeRecords, Right: RightSettle, Who: p.ID, Text: p.Card, N: t.c.under(p.ID)})
	t.emit(PatronsMerged{Patron: p.ID, Known: kept.ID, At: t.c.Act.At})
}

// tied reports whether one of two answers for the other, or collects for them: they are
// two.
func (c *Case) tied(a, b PatronID) bool {
	for _, k := range []LinkKind{Guarantor, Pickup} {
		if c.linked(a, b, k) || c.linked(b, a, k) {
			return true
		}
	}
	return false
}

// under gives how many loans, requests, fees and such stand under a record: all but its
// cards and what was paid.
func (c *Case) under(p PatronID) (n int) {
	for _, k := range c.belongings(p) {
		if k.Kind != KindCard && k.Kind != KindPayment {
			n++
		}
	}
	return n
}

// reach gives how a patron is reached.
func (r Patron) reach() Contact {
	var k Contact
	for _, f := range k.fields(&r) {
		if **f.value != "" {
			*f.change = *f.value
		}
	}
	return k
}

// missingIn keeps what a patron's record does not say.
func (k Contact) missingIn(p Patron) (out Contact) {
	from, to := k.fields(&p), out.fields(&p)
	for i := range from {
		if **from[i].value == "" {
			*to[i].change = *from[i].change
		}
	}
	return out
}

// emptied gives the changes that make empty what still stands as it was set.
func (k Contact) emptied(p Patron) (out Contact) {
	from, to := k.fields(&p), out.fields(&p)
	for i := range from {
		if c := *from[i].change; c != nil && *c == **from[i].value {
			*to[i].change = new(string)
		}
	}
	return out
}

// belongings wants what stands under a patron, and links to them.
func (l *lacking) belongings(id PatronID) {
	l.patron(id)
	p, ok := l.c.Patron(id)
	if !ok {
		return
	}
	for _, i := range ofPatron() {
		l.list(i, string(p.ID))
	}
	l.key(KindCard, p.Card)
}

// ofPatron are the lookups of what stands under a patron: what is over stays where it is.
func ofPatron() []Index {
	return []Index{LoansOf, ClaimsOf, RequestsOf, FeesOf, PaymentsOf, BlocksOf, AlertsOf, LinksOf, CardsOf}
}

// belongings gives the keys of what stands under a patron, in the order of the keys.
func (c *Case) belongings(id PatronID) (keys []Key) {
	among := ofPatron()
	stands := func(l Line) bool { return l.Of == string(id) && slices.Contains(among, l.Index) }
	for _, kind := range []Kind{KindLoan, KindRequest, KindFee, KindPayment, KindBlock, KindAlert, KindLink, KindCard} {
		for r := range c.rows(kind) {
			if whose(r) == id && slices.ContainsFunc(r.Index(), stands) {
				keys = append(keys, r.Key())
			}
		}
	}
	slices.SortFunc(keys, compareKeys)
	return keys
}

// whose gives under whom a record stands; none: under nobody.
func whose(r Row) PatronID {
	switch r := r.(type) {
	case Loan:
		return r.Patron
	case Request:
		return r.Patron
	case Fee:
		return r.Patron
	case Payment:
		return r.Patron
	case Block:
		return r.Patron
	case Alert:
		return r.Patron
	case Link:
		return r.Patron
	case Card:
		return r.Patron
	}
	return ""
}

// under gives a record as it stands under somebody else; nil: it stands under nobody.
func under(r Row, p PatronID) Row {
	switch r := r.(type) {
	case Loan:
		r.Patron = p
		return r
	case Request:
		r.Patron = p
		return r
	case Fee:
		r.Patron = p
		return r
	case Payment:
		r.Patron = p
		return r
	case Block:
		r.Patron = p
		return r
	case Alert:
		r.Patron = p
		return r
	case Link:
		r.Patron = p
		return r
	case Card:
		r.Patron = p
		return r
	}
	return nil
}
