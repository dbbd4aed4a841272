package circ

import "time"

// AddAlert writes what a clerk must hear when an item or a patron is at the desk:
// of an item, by id or barcode, or else of a patron.
type AddAlert struct {
	Patron  PatronID  `json:"patron,omitempty" private:"yes"`
	Item    ItemID    `json:"item,omitempty"`
	Barcode string    `json:"barcode,omitempty"`
	Text    string    `json:"text" private:"yes"`
	Shown   Moment    `json:"shown,omitempty"` // empty: both
	Until   time.Time `json:"until,omitzero"`  // its last instant, after the act; zero: until it is ended
}

func (AddAlert) Name() string { return "alert" }

func (k AddAlert) ofItem() bool { return k.Item != "" || k.Barcode != "" }

func (k AddAlert) lacks(l *lacking) {
	if k.ofItem() {
		l.item(k.Item, k.Barcode)
		return
	}
	l.patron(k.Patron)
}

func (k AddAlert) decide(t *trial) {
	e := Alerted{Text: k.Text, Shown: k.Shown, At: t.c.Act.At, Operator: t.c.Act.Operator, Until: k.Until}
	if k.ofItem() {
		it, ok := t.c.Item(k.Item, k.Barcode)
		if !ok {
			t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		}
		e.Item = it.ID
	} else {
		p, ok := t.c.Patron(k.Patron)
		if !ok {
			t.refuse(Remark{Reason: UnknownPatron})
		}
		e.Patron = p.ID
	}
	switch e.Shown {
	case "":
		e.Shown = AtBoth
	case AtLoan, AtReturn, AtBoth:
	default:
		t.refuse(Remark{Reason: NothingGiven, Text: string(k.Shown)})
	}
	if k.Text == "" {
		t.refuse(Remark{Reason: NothingGiven})
	}
	if !k.Until.IsZero() && !k.Until.After(t.c.Act.At) {
		t.refuse(Remark{Reason: AlertPast, When: k.Until})
	}
	if t.stopped() {
		return
	}
	e.Alert = AlertID(t.newID(KindAlert, 0))
	t.emit(e)
}

// EndAlert ends an alert.
type EndAlert struct {
	Alert AlertID `json:"alert"`
}

func (EndAlert) Name() string { return "end_alert" }

func (k EndAlert) lacks(l *lacking) { l.key(KindAlert, string(k.Alert)) }

func (k EndAlert) decide(t *trial) {
	a, ok := t.c.Alert(k.Alert)
	switch {
	case !ok:
		t.refuse(Remark{Reason: UnknownThing, Text: string(k.Alert)})
	case !a.Ended.IsZero():
		t.refuse(Remark{Reason: AlertOver, When: a.Ended})
	default:
		t.emit(AlertEnded{Alert: a.ID, Patron: a.Patron, Item: a.Item, At: t.c.Act.At})
	}
}

// alerts wants the alerts of who and what is at the desk.
func (l *lacking) alerts(p PatronID, i ItemID) {
	l.list(AlertsOf, string(p))
	l.list(AlertsOfItem, string(i))
}

// alertsBack wants the alerts of an item that comes back, and of who had it.
func (l *lacking) alertsBack(it Item) { l.alerts(l.c.borrower(it).ID, it.ID) }

// alertBack tells what is for the return of an item.
func (t *trial) alertBack(it Item) { t.alert(t.c.borrower(it).ID, it.ID, AtReturn) }

// borrower gives who has an item; the zero patron: nobody who is known.
func (c *Case) borrower(it Item) Patron {
	loan, _ := c.Loan(it.Loan)
	p, _ := c.Patron(loan.Patron)
	return p
}

// alert tells what somebody wrote for this moment about who and what is at the
// desk.
func (t *trial) alert(p PatronID, i ItemID, m Moment) {
	for _, a := range t.c.Alerts(p, i) {
		switch {
		case !a.For(m):
		case a.Patron != "":
			t.tell(Remark{Reason: PatronAlert, Alert: a.ID, Text: a.Text, When: a.At, Until: a.Until, By: a.Operator, Who: p})
		default:
			t.tell(Remark{Reason: ItemAlert, Alert: a.ID, Text: a.Text, When: a.At, Until: a.Until, By: a.Operator, Item: i})
		}
	}
}
