package circ

import (
	"time"

	"circdesk/desk/policy"
)

// asking is what the checks of a check-out, a renewal and a request look at.
type asking struct {
	*trial
	p      Patron
	card   string // as scanned
	it     Item   // zero for the request of a title
	inHand bool   // the item is at the desk
	loan   Loan   // the item's open loan
	terms  policy.Terms
	due    time.Time // if it goes through; zero: the rules give no date
	why    []policy.Step
}

// A check is one rule: it refuses, asks, tells, or does nothing.
type check func(a *asking)

// run makes all checks, so that the clerk hears all reasons at once.
func (a *asking) run(checks []check) {
	for _, c := range checks {
		c(a)
	}
}

// reckon gives the date when it is due, and why. The patron's card caps it where
// the terms say so; a card that has expired already does not, since whoever lends
// on it has said yes to that (Evergreen ignores a ceiling that is past, too).
func (a *asking) reckon(lent policy.Lending, given string) {
	act := a.c.Act
	var caps []policy.Cap
	if e := a.p.Expires; a.terms.DueByExpiry && e.After(act.At) {
		caps = []policy.Cap{{At: e.Add(-time.Second), Why: policy.CapCard}}
	}
	due, trace := a.c.Rules.Due(act.At, act.Library, lent, caps...)
	a.due, a.why = due, append(stepOf(a.terms.Trace, given), trace...)
}

func cardLost(a *asking) {
	if k, ok := a.c.Card(a.card); ok && k.State == CardLost {
		a.refuse(Remark{Reason: CardIsLost, Text: k.Number, Who: a.p.ID})
	}
}

func cardExpired(a *asking) {
	if e := a.p.Expires; !e.IsZero() && !a.c.Act.At.Before(e) {
		a.ask(Remark{Reason: CardExpired, Right: RightOverride, When: e, Who: a.p.ID})
	}
}

func patronBlocked(a *asking) {
	for _, b := range a.c.Blocks(a.p.ID) {
		a.ask(Remark{Reason: PatronBlocked, Right: RightOverride, Text: b.Text, When: b.At, Who: a.p.ID})
	}
}

func owesTooMuch(a *asking) {
	if owes := a.c.Owes(a.p.ID); a.terms.MaxOwed >= 0 && owes > a.terms.MaxOwed {
		a.ask(Remark{Reason: OwesTooMuch, Right: RightMoney, Amount: a.c.amount(owes), Limit: a.c.amount(a.terms.MaxOwed), Who: a.p.ID})
	}
}

func tooManyLoans(a *asking) {
	if n := count(a.c, openOf(a.p.ID)); a.terms.MaxLoans >= 0 && n >= a.terms.MaxLoans {
		a.ask(Remark{Reason: TooManyLoans, Right: RightOverride, N: n, Max: a.terms.MaxLoans, Who: a.p.ID})
	}
}

func tooManyRequests(a *asking) {
	if n := len(a.c.Requests(a.p.ID)); a.terms.MaxRequests >= 0 && n >= a.terms.MaxRequests {
		a.ask(Remark{Reason: TooManyAsked, Right: RightOverride, N: n, Max: a.terms.MaxRequests, Who: a.p.ID})
	}
}

func notForLoan(a *asking) {
	if !a.terms.Loanable {
		a.ask(Remark{Reason: NotForLoan, Right: RightOverride, Item: a.it.ID})
	}
}

func onLoanToOther(a *asking) {
	if a.loan.ID != "" && a.loan.Patron != a.p.ID {
		a.ask(Remark{Reason: OnLoanToOther, Who: a.loan.Patron, When: a.loan.Due, Item: a.it.ID})
	}
}

func heldForOther(a *asking) {
	if r, ok := a.c.Request(a.it.Held); ok && !r.Stage.Over() && r.Patron != a.p.ID {
		a.ask(Remark{Reason: HeldForOther, Right: RightOverride, Who: r.Patron, When: r.Until, Item: a.it.ID})
	}
}

func requestedByOther(a *asking) {
	if a.it.Held != "" { // kept for somebody: told as that
		return
	}
	n := count(a.c, func(r Request) bool { return r.Stage == Waiting && r.Patron != a.p.ID && r.takes(a.it) })
	if n > 0 {
		a.ask(Remark{Reason: RequestedBy, Right: RightOverride, N: n, Item: a.it.ID})
	}
}

func seenSince(a *asking) {
	if a.it.Seen.At.After(a.c.Act.At) {
		a.refuse(Remark{Reason: SeenSince, Item: a.it.ID, When: a.it.Seen.At, Desk: a.it.Seen.Desk, Where: a.it.Seen.Library})
	}
}

// doubleScan: the same item for the same person within seconds is no renewal.
func doubleScan(a *asking) {
	if since := a.c.Act.At.Sub(a.loan.last()); since >= 0 && since < a.terms.DoubleScan {
		a.refuse(Remark{Reason: DoubleScan, Item: a.it.ID, When: a.loan.Due})
	}
}

func renewalsUsed(a *asking) {
	if n := len(a.loan.Renewals); a.terms.Renewals >= 0 && n >= a.terms.Renewals {
		a.ask(Remark{Reason: RenewalsUsed, Right: RightOverride, N: n, Max: a.terms.Renewals, Item: a.it.ID})
	}
}

// noDate: a day between the terms of a schedule has none.
func noDate(a *asking) {
	if a.due.IsZero() {
		a.refuse(Remark{Reason: NoDate, Item: a.it.ID})
	}
}

// noGain: a renewal that would not move the date is none.
func noGain(a *asking) {
	if a.due.IsZero() { // told as that
		return
	}
	if a.due.Sub(a.loan.Due) < a.terms.RenewMinGain || !a.due.After(a.loan.Due) {
		a.refuse(Remark{Reason: NoGain, When: a.loan.Due, Item: a.it.ID})
	}
}
