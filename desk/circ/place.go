package circ

import "circdesk/desk/policy"

// Place requests a title for a patron, or one copy of it when Copy is set. The
// title may be named by one of its items. What the terms want for it is charged now:
// whoever cancels it later has had the work done.
type Place struct {
	Patron  PatronID         `json:"patron,omitempty" private:"yes"`
	Card    string           `json:"card,omitempty" private:"yes"`
	Title   TitleID          `json:"title,omitempty"`
	Item    ItemID           `json:"item,omitempty"`
	Barcode string           `json:"barcode,omitempty"`
	Copy    bool             `json:"copy,omitempty"`   // only this item will do
	Pickup  policy.LibraryID `json:"pickup,omitempty"` // empty: here
	Note    string           `json:"note,omitempty" private:"yes"`
}

func (Place) Name() string { return "request" }

func (k Place) lacks(l *lacking) {
	p, ok := l.person(k.Patron, k.Card)
	title := k.Title
	if title == "" {
		it, _ := l.item(k.Item, k.Barcode)
		title = it.Title
	}
	l.key(KindTitle, string(title))
	if ok {
		l.list(RequestsOf, string(p.ID))
		l.list(LoansOf, string(p.ID))
		l.overdueItems(p.ID)
		l.standing(p.ID)
	}
}

// placeChecks are the rules of a request.
var placeChecks = []check{oldFacts, cardLost, cardExpired, patronBlocked, owesTooMuch, tooManyOverdue, longOverdue, guarantorMissing, rightAge, tooManyRequests}

func (k Place) decide(t *trial) {
	a := &asking{trial: t, card: k.Card, act: policy.ForRequest}
	var ok bool
	if a.p, ok = t.c.person(k.Patron, k.Card); !ok {
		t.refuse(Remark{Reason: UnknownPatron, Text: k.Card})
	}
	title := k.Title
	if title == "" {
		if a.it, ok = t.c.Item(k.Item, k.Barcode); !ok {
			t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		}
		title = a.it.Title
	}
	if _, ok := t.c.Title(title); !ok && !t.stopped() {
		t.refuse(Remark{Reason: UnknownTitle, Text: string(title)})
	}
	if t.stopped() {
		return
	}
	for _, r := range t.c.Requests(a.p.ID) {
		if r.Title == title {
			t.refuse(Remark{Reason: AskedAlready, When: r.At, Who: a.p.ID})
			break
		}
	}
	a.terms = t.c.terms(a.p, a.it)
	a.run(placeChecks)
	if !t.d.Done() {
		return
	}
	e := Placed{Request: RequestID(t.newID(KindRequest, 0)), Title: title, Patron: a.p.ID, Pickup: k.Pickup, At: t.c.Act.At, Note: k.Note}
	if e.Pickup == "" {
		e.Pickup = t.c.Act.Library
	}
	if k.Copy {
		e.Item = a.it.ID
	}
	t.emit(e)
	t.fixed(a.p.ID, FeeRequest, a.terms.RequestFee, a.terms, policy.StepRequestFee, a.it.ID)
}
