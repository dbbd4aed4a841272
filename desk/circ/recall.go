package circ

import "circdesk/desk/policy"

// RecallLoan makes the loan of an item due sooner, since others wait for it or the
// library needs it: as the terms under which it was lent say, and never later than
// it is. The loan is not renewed then. It is for the first who waits for the item,
// if anybody does.
type RecallLoan struct {
	Item    ItemID `json:"item,omitempty"`
	Barcode string `json:"barcode,omitempty"`
}

func (RecallLoan) Name() string { return "recall" }

func (k RecallLoan) lacks(l *lacking) {
	l.marks(k.Item, k.Barcode)
	if it, ok := l.c.Item(k.Item, k.Barcode); ok {
		if loan, out := l.c.Loan(it.Loan); out {
			l.queueBut(loan.Patron, it)
		}
	}
}

// recallChecks are the rules of a recall.
var recallChecks = []check{loanLost, recalledAlready, changedLater, notRecallable}

func (k RecallLoan) decide(t *trial) {
	m, ok := t.marks(k.Item, k.Barcode)
	if !ok {
		return
	}
	m.act = policy.ForRecall
	m.run(recallChecks)
	if !t.d.Done() {
		return
	}
	act := t.c.Act
	e := Recalled{Loan: m.loan.ID, Item: m.it.ID, Patron: m.loan.Patron, At: act.At, Desk: act.Desk, Library: act.Library, Operator: act.Operator}
	e.Due, e.Why = t.c.Rules.Recall(act.At, m.loan.Out, m.loan.Library, m.terms)
	if !e.Due.Before(m.loan.Due) {
		e.Due = m.loan.Due
		e.Why = append(e.Why, policy.Step{Code: policy.StepDueSooner, At: e.Due})
	}
	if r, waits := t.c.nextIn(m.it.Title, func(r Request) bool { return r.Patron != m.loan.Patron && r.takes(m.it) }); waits {
		e.Request = r.ID
		t.tell(Remark{Reason: NextWaits, Who: r.Patron, Item: m.it.ID})
	}
	t.d.Trace = e.Why
	t.emit(e)
}

func recalledAlready(a *asking) {
	if since := a.loan.RecalledSince(); !since.IsZero() {
		a.refuse(Remark{Reason: RecalledAlready, When: since, Item: a.it.ID})
	}
}

// changedLater: a recall does not reach what was told after it.
func changedLater(a *asking) {
	since, desk := a.loan.changedAfter(a.c.Act.At)
	since = later(since, a.loan.Recalled.At)
	if since.After(a.c.Act.At) {
		a.refuse(Remark{Reason: ChangedSince, When: since, Desk: desk, Item: a.it.ID})
	}
}

func notRecallable(a *asking) {
	if !a.terms.Recallable {
		a.stands(Remark{Reason: NotRecallable, Item: a.it.ID})
	}
}

// loanRecalled: what others wait for is not kept any longer.
func loanRecalled(a *asking) {
	if since := a.loan.RecalledSince(); !since.IsZero() {
		a.stands(Remark{Reason: RecalledNow, When: since, Until: a.loan.Due, Item: a.it.ID, Way: Way{Do: WayCheckIn}})
	}
}

// LiftRecall takes a recall off the loan of an item: it is due as it was told
// without it.
type LiftRecall struct {
	Item    ItemID `json:"item,omitempty"`
	Barcode string `json:"barcode,omitempty"`
}

func (LiftRecall) Name() string       { return "lift_recall" }
func (k LiftRecall) lacks(l *lacking) { l.marks(k.Item, k.Barcode) }

func (k LiftRecall) decide(t *trial) {
	m, ok := t.marks(k.Item, k.Barcode)
	if !ok {
		return
	}
	if m.loan.RecalledSince().IsZero() {
		t.refuse(Remark{Reason: NotRecalled, Item: m.it.ID})
		return
	}
	if changedLater(m.asking); t.stopped() {
		return
	}
	t.emit(Recalled{Loan: m.loan.ID, Item: m.it.ID, Patron: m.loan.Patron, At: t.c.Act.At, Desk: t.c.Act.Desk, Library: t.c.Act.Library, Operator: t.c.Act.Operator})
	now, _ := t.c.Loan(m.loan.ID)
	t.d.Trace = now.Why
}
