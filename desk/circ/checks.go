package circ

import (
	"cmp"

	"circdesk/desk/policy"
)

// asking is what the checks of a check-out, a renewal and a request look at.
type asking struct {
	*trial
	p      Patron
	card   string          // as scanned
	it     Item            // zero for the request of a title
	act    policy.BlockAct // what the block table is asked about
	inHand bool            // the item is at the desk
	loan   Loan            // the item's open loan
	terms  policy.Terms
	done   []Remark // what was handled by itself; told if it goes through

	counted *tally // nil: not yet
}

// A check is one rule: it finds what stands against the act, or does nothing.
type check func(a *asking)

// run makes all checks, so that the clerk hears all reasons at once.
func (a *asking) run(checks []check) {
	for _, c := range checks {
		c(a)
	}
}

// stands says that something stands against the act. What that means, who may say
// yes all the same, and whether it is handled by itself, is in the block table of
// the rules.
func (a *asking) stands(r Remark) { a.standsAs(r, "") }

// standsAs is stands for what has an effect of its own, where no row of the block table
// gives one.
func (a *asking) standsAs(r Remark, own policy.Effect) {
	b := a.c.Rules.Block(policy.BlockQuery{
		Query:  policy.Query{Group: a.p.Group, Type: a.it.Type, Library: a.c.Act.Library, Location: a.it.Location, At: a.c.Act.At},
		Reason: string(r.Reason), Act: a.act,
	})
	r.Block, r.Row = b.Row, cmp.Or(r.Row, a.terms.RowBehind(string(r.Reason)))
	if own != "" && b.Row == "" {
		b.Do = own
	}
	switch b.Do {
	case policy.Refuse:
		a.refuse(r)
	case policy.TellOnly:
		a.tell(r)
	case policy.Handle:
		if a.handles(r, b.By) {
			return
		}
		fallthrough
	default:
		r.Right = RightOf(b.May[0])
		for _, may := range b.May[1:] {
			r.Or = append(r.Or, RightOf(may))
		}
		a.ask(r)
	}
}

// row gives the row that gave a number of the terms; empty: no row did.
func (a *asking) row(code string) string {
	step, _ := a.terms.StepOf(code)
	return step.Row
}

// handles sets right by itself what stands against the act. False: it cannot, and
// somebody is asked. A loan that ends, or is renewed, is told by what happens then.
func (a *asking) handles(r Remark, by policy.Handler) bool {
	switch by {
	case policy.ByReturn, policy.ByRenewal:
		return true
	case policy.ByShorten:
		if a.terms.WaitedPeriod.IsZero() {
			return false
		}
		a.reckon(a.terms.Shortened())
		a.done = append(a.done, Remark{Reason: LentShorter, N: r.N, When: a.due, Item: r.Item})
		return true
	}
	return false
}

// handled tells what was handled by itself, now that it goes through.
func (a *asking) handled() {
	for _, r := range a.done {
		a.tell(r)
	}
}

// reckon gives the date when it is due, and why.
func (a *asking) reckon(lent policy.Lending, given string) {
	act := a.c.Act
	due, trace := a.c.Rules.Due(act.At, act.Library, lent, a.terms.CapByCard(a.p.Expires, act.At)...)
	if step, ok := a.terms.StepOf(given); ok {
		trace = append([]policy.Step{step}, trace...)
	}
	a.due, a.why = due, trace
}

func cardLost(a *asking) {
	if k, ok := a.c.Card(a.card); ok && k.State == CardLost {
		a.stands(Remark{Reason: CardIsLost, Text: k.Number, Who: a.p.ID, Way: Way{Do: WayReplaceCard}})
	}
}

func cardExpired(a *asking) {
	if e := a.p.Expires; !e.IsZero() && !a.c.Act.At.Before(e) {
		a.stands(Remark{Reason: CardExpired, When: e, Who: a.p.ID, Way: Way{Do: WayRenewCard}})
	}
}

func patronBlocked(a *asking) {
	for _, b := range a.c.Blocks(a.p.ID) {
		if b.Against.Has(a.act) {
			a.blocked(b)
		}
	}
}

func (a *asking) blocked(b Block) {
	if b.Loan != "" {
		a.stands(Remark{Reason: Suspended, When: b.At, Until: b.Until, Who: a.p.ID, Way: Way{Do: WayLiftBlock}})
		return
	}
	a.stands(Remark{Reason: PatronBlocked, Text: b.Text, When: b.At, Until: b.Until, Who: a.p.ID, Way: Way{Do: WayLiftBlock}})
}

func owesTooMuch(a *asking) {
	if owes := a.c.Owes(a.p.ID); a.terms.MaxOwed >= 0 && owes > a.terms.MaxOwed {
		a.stands(Remark{Reason: OwesTooMuch, Amount: a.c.amount(owes), Limit: a.c.amount(a.terms.MaxOwed), Who: a.p.ID, Way: Way{Do: WayPay, Amount: a.c.amount(owes - a.terms.MaxOwed)}})
	}
}

func tooManyLoans(a *asking) {
	if n := a.out().open; a.terms.MaxLoans >= 0 && n >= a.terms.MaxLoans {
		a.stands(Remark{Reason: TooManyLoans, N: n, Max: a.terms.MaxLoans, Who: a.p.ID, Way: Way{Do: WayReturn, N: n - a.terms.MaxLoans + 1}})
	}
}

// tooManyOverdue ends by itself when enough of them came back. What is lost, said to
// be returned, or here incomplete does not count.
func tooManyOverdue(a *asking) {
	if n := a.out().overdue; a.terms.MaxOverdue >= 0 && n > a.terms.MaxOverdue {
		a.stands(Remark{Reason: TooManyOverdue, N: n, Max: a.terms.MaxOverdue, Who: a.p.ID, Way: Way{Do: WayReturn, N: n - a.terms.MaxOverdue}})
	}
}

func tooManyRequests(a *asking) {
	if n := count(a.c, wantedBy(a.p.ID)); a.terms.MaxRequests >= 0 && n >= a.terms.MaxRequests {
		a.stands(Remark{Reason: TooManyAsked, N: n, Max: a.terms.MaxRequests, Who: a.p.ID, Way: Way{Do: WayCancel, N: n - a.terms.MaxRequests + 1}})
	}
}

func notForLoan(a *asking) {
	if !a.terms.Loanable {
		a.stands(Remark{Reason: NotForLoan, Item: a.it.ID})
	}
}

// notFromHere: the desk does not lend what stands in the item's location.
func notFromHere(a *asking) {
	if here := a.c.deskTerms(a.it); !here.CheckOut {
		lends, _ := here.StepOf(policy.StepCheckOut)
		to := a.c.deskThat(a.it, func(t policy.DeskTerms) bool { return t.CheckOut })
		a.stands(Remark{Reason: NotFromHere, Item: a.it.ID, Desk: to, Row: lends.Row, Way: Way{Do: WayOtherDesk}})
	}
}

func onLoanToOther(a *asking) {
	if a.loan.ID != "" && a.loan.Patron != a.p.ID {
		a.stands(Remark{Reason: OnLoanToOther, Who: a.loan.Patron, When: a.loan.Due, Since: a.loan.had(), Desk: a.loan.Desk, Item: a.it.ID, Way: Way{Do: WayCheckIn}})
	}
}

// onLoanToSame: what the patron has is not lent to them again; it is renewed.
func onLoanToSame(a *asking) {
	a.stands(Remark{Reason: OnLoanToSame, When: a.loan.Due, Item: a.it.ID, Way: Way{Do: WayCheckIn}})
}

func heldForOther(a *asking) {
	if r, ok := a.c.Request(a.it.Held); ok && !r.Stage.Over() && r.Patron != a.p.ID {
		a.stands(Remark{Reason: HeldForOther, Who: r.Patron, When: r.Until, Item: a.it.ID, Way: Way{Do: WayOtherCopy}})
	}
}

func requestedByOther(a *asking) {
	if a.it.Held != "" { // kept for somebody: told as that
		return
	}
	n := count(a.c, func(r Request) bool { return r.Stage == Waiting && r.Patron != a.p.ID && r.takes(a.it) })
	if n > 0 {
		a.stands(Remark{Reason: RequestedBy, N: n, Item: a.it.ID, Way: Way{Do: WayOtherCopy}})
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
		a.refuse(Remark{Reason: DoubleScan, Item: a.it.ID, When: a.loan.Due, Row: a.row(policy.StepDoubleScan)})
	}
}

func renewalsUsed(a *asking) {
	if n := len(a.loan.Renewals); a.terms.Renewals >= 0 && n >= a.terms.Renewals {
		a.stands(Remark{Reason: RenewalsUsed, N: n, Max: a.terms.Renewals, Item: a.it.ID, Way: Way{Do: WayCheckIn}})
	}
}

// noDate: a day between the terms of a schedule has none.
func noDate(a *asking) {
	if a.due.IsZero() {
		a.refuse(Remark{Reason: NoDate, Item: a.it.ID, Row: a.row(policy.StepSchedule)})
	}
}

// noGain: a renewal that would not move the date is none.
func noGain(a *asking) {
	if a.due.IsZero() { // told as that
		return
	}
	if a.due.Sub(a.loan.Due) < a.terms.RenewMinGain || !a.due.After(a.loan.Due) {
		a.refuse(Remark{Reason: NoGain, When: a.loan.Due, Item: a.it.ID, Row: a.row(policy.StepRenewMinGain)})
	}
}
