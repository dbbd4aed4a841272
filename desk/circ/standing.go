package circ

import "circdesk/desk/policy"

// standingChecks are the rules that concern the person alone.
var standingChecks = []check{cardExpired, patronBlocked, owesTooMuch, tooManyLoans, tooManyOverdue, longOverdue, guarantorMissing}

// Standing gives all that stands now against a patron's next loan or request
// whatever the item, each with its way out and with who may say yes. Rows of the
// block table for item types and locations do not count in it. Of the case it
// needs the act's instant and library, and the patron's loans, the items of those
// that are overdue, requests, fees, payments and blocks.
func Standing(c *Case, p Patron) []Remark {
	t := &trial{story: story{c: c}}
	a := &asking{trial: t, p: p, act: policy.ForLoan, terms: c.terms(p, Item{})}
	a.run(standingChecks)
	a.act = policy.ForRequest
	for _, b := range c.Blocks(p.ID) {
		if b.Against.Has(policy.ForRequest) && !b.Against.Has(policy.ForLoan) {
			a.blocked(b)
		}
	}
	tooManyRequests(a)
	return append(append(t.d.Refused, t.d.Ask...), t.d.Tell...)
}

// denials are the rules that concern the person alone, act by act.
var denials = map[policy.BlockAct][]check{
	policy.ForLoan:    append([]check{cardLost}, standingChecks...),
	policy.ForRenewal: {cardLost, cardExpired, patronBlocked, owesTooMuch},
	policy.ForRequest: {cardLost, cardExpired, patronBlocked, owesTooMuch, tooManyOverdue, longOverdue, guarantorMissing, tooManyRequests},
}

// Denied gives what stands now against an act of a patron whatever the item: what is
// refused, and what needs somebody's word. What would only be told does not. card is the
// one that was shown. Of the case it needs what [Standing] does, and the card.
func Denied(c *Case, p Patron, card string, act policy.BlockAct) []Remark {
	t := &trial{story: story{c: c}}
	a := &asking{trial: t, p: p, card: card, act: act, terms: c.terms(p, Item{})}
	a.run(denials[act])
	return append(t.d.Refused, t.d.Ask...)
}
