package circ

// LinkPatrons makes one patron the guarantor or the pickup person of another.
type LinkPatrons struct {
	Patron PatronID `json:"patron" private:"yes"`
	Other  PatronID `json:"other" private:"yes"`
	Kind   LinkKind `json:"kind"`
}

func (LinkPatrons) Name() string { return "link" }

func (k LinkPatrons) lacks(l *lacking) {
	l.patron(k.Patron)
	l.patron(k.Other)
	if p, ok := l.c.Patron(k.Patron); ok {
		l.list(LinksOf, string(p.ID))
	}
}

func (k LinkPatrons) decide(t *trial) {
	p, ok := t.c.Patron(k.Patron)
	other, known := t.c.Patron(k.Other)
	switch {
	case !ok || !known:
		t.refuse(Remark{Reason: UnknownPatron})
	case p.ID == other.ID:
		t.refuse(Remark{Reason: SamePerson, Who: p.ID})
	case k.Kind != Guarantor && k.Kind != Pickup:
		t.refuse(Remark{Reason: NothingGiven, Text: string(k.Kind)})
	case t.c.linked(p.ID, other.ID, k.Kind):
		t.refuse(Remark{Reason: LinkedAlready, Who: other.ID})
	default:
		t.emit(Linked{Link: LinkID(t.newID(KindLink, 0)), Patron: p.ID, Other: other.ID, Kind: k.Kind, At: t.c.Act.At})
	}
}

// linked reports whether the link stands already.
func (c *Case) linked(p, other PatronID, k LinkKind) bool {
	same := all(c, func(l Link) bool {
		return l.Patron == p && l.Other == other && l.Kind == k && l.Ended.IsZero()
	}, func(a, b Link) int { return 0 })
	return len(same) > 0
}
