package circ

import "circdesk/desk/policy"

// Renew makes the loan of an item longer. Renewing all of a patron's loans is
// one command for each.
type Renew struct {
	Item    ItemID `json:"item,omitempty"`
	Barcode string `json:"barcode,omitempty"`
}

func (Renew) Name() string { return "renew" }

func (k Renew) lacks(l *lacking) {
	it, ok := l.item(k.Item, k.Barcode)
	if !ok {
		return
	}
	if loan, ok := l.c.Loan(it.Loan); ok {
		if p, ok := l.c.Patron(loan.Patron); ok {
			l.standing(p.ID)
			l.alerts(p.ID, it.ID)
		}
		l.queue(it.Title, func(r Request) bool { return r.Patron != loan.Patron && r.takes(it) })
	}
}

func (k Renew) decide(t *trial) {
	a := &asking{trial: t}
	var ok bool
	if a.it, ok = t.c.Item(k.Item, k.Barcode); !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		return
	}
	if a.loan, ok = t.c.Loan(a.it.Loan); !ok {
		t.refuse(Remark{Reason: NotOnLoan, Item: a.it.ID})
		return
	}
	if a.p, ok = t.c.Patron(a.loan.Patron); !ok {
		t.refuse(Remark{Reason: UnknownPatron})
		return
	}
	a.terms = t.c.terms(a.p, a.it)
	a.renew()
}

// renewChecks are the rules of a renewal, at the desk or by scanning again.
var renewChecks = []check{
	seenSince, oldFacts, loanLost, loanRecalled, cardLost, cardExpired, patronBlocked, owesTooMuch, requestedByOther, renewalsUsed, noDate, noGain,
}

// renew decides on making the item's open loan longer.
func (a *asking) renew() {
	act := a.c.Act
	a.act = policy.ForRenewal
	a.reckon(a.terms.Renewing())
	a.run(renewChecks)
	a.note()
	if !a.d.Done() {
		return
	}
	a.handled()
	a.d.Trace = a.why
	id := a.newID("renewal", 0)
	a.emit(Renewed{
		Loan: a.loan.ID, Item: a.it.ID, Patron: a.loan.Patron, ID: id, At: act.At, Due: a.due, Why: a.d.Trace,
		Desk: act.Desk, Library: act.Library, Operator: act.Operator, InHand: a.inHand,
	})
	a.charge(a.loan, id, act.At)
	if a.inHand && (a.loan.Marked.Missed() || a.loan.Incomplete()) {
		marking{a}.mark(LoanFound)
		a.wasLost(a.loan)
	}
}

// loanLost: what is lost, said to be returned, or came back incomplete is not
// renewed unless the patron shows it.
func loanLost(a *asking) {
	if !a.inHand && a.loan.Incomplete() {
		a.refuse(a.loan.notComplete())
	}
	if s := a.loan.Marked; !a.inHand && s.Missed() {
		a.refuse(Remark{Reason: FindItFirst, When: s.At, Item: a.it.ID})
	}
}
