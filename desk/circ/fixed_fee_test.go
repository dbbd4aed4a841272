package circ_test

import (
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// Students pay for requests and cards; others do not.
func TestFixedFees(t *testing.T) {
	pays := []change{student("reader")}
	ask := circ.Place{Card: "card-reader", Title: "title"}
	fee := func(t *testing.T, o outcome) circ.Fee {
		t.Helper()
		return of[circ.Fee](o.after, circ.KindFee, o.made(circ.KindFee))
	}
	run(t, []row{
		{name: "a request", with: pays, do: ask, tell: why(circ.FeeCharged), events: []string{"placed", "charged"}, then: func(t *testing.T, o outcome) {
			f := fee(t, o)
			is(t, "fee", f.Amount, euro(80))
			is(t, "of", f.Type, circ.FeeRequest)
			is(t, "told", o.remark(t, circ.FeeCharged).Amount, euro(80))
			is(t, "why", f.Why[0].Code, policy.StepRequestFee)
			is(t, "owes", o.after.account(t, "reader").Owes, 80)
		}},
		{name: "a request by a barcode: the fee names the item", with: pays, do: circ.Place{Card: "card-reader", Barcode: "301"}, tell: why(circ.FeeCharged), events: []string{"placed", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "item", fee(t, o).Item, "item")
		}},
		{name: "a request of somebody who pays nothing", do: ask, events: []string{"placed"}},
		{name: "a request that is asked about costs nothing yet", with: append(pays, blocked("b", "reader", "x")), do: ask, ask: why(circ.PatronBlocked)},
		{name: "a request with what is owed at the limit: the fee does not count yet", with: append(pays, owes("f", "reader", 1000, day)), do: ask, tell: why(circ.FeeCharged), events: []string{"placed", "charged"}},
		{name: "a request that is cancelled has cost something", with: append(pays, waiting("r", "reader", day)), do: circ.CancelRequest{Request: "r"}, events: []string{"request_ended"}},
		{name: "a registration", do: circ.Register{Patron: circ.Patron{Card: "new", Family: "F", Group: "student"}}, tell: why(circ.FeeCharged), events: []string{"registered", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "fee", fee(t, o).Amount, euro(600))
			is(t, "of", fee(t, o).Type, circ.FeeCard)
			is(t, "whose", string(fee(t, o).Patron), o.made(circ.KindPatron))
		}},
		{name: "a registration of somebody who pays nothing", do: circ.Register{Patron: circ.Patron{Card: "new", Family: "F"}}, events: []string{"registered"}},
		{name: "a card that is valid for longer", with: pays, do: circ.RenewCard{Patron: "reader", Until: hence(900 * day)}, tell: why(circ.FeeCharged), events: []string{"card_renewed", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "fee", fee(t, o).Amount, euro(500))
		}},
		{name: "a card that would be valid as long as it is", with: append(pays, editPatron("reader", func(p *circ.Patron) { p.Expires = hence(900 * day) })), do: circ.RenewCard{Patron: "reader", Until: hence(900 * day)}, refused: why(circ.NoGain)},
		{name: "another card", with: pays, do: circ.ReplaceCard{Patron: "reader", Number: "new"}, tell: why(circ.FeeCharged), events: []string{"card_replaced", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "fee", fee(t, o).Amount, euro(250))
		}},
		{name: "another card whose number is taken", with: pays, do: circ.ReplaceCard{Patron: "reader", Number: "card-other"}, refused: why(circ.CardTaken)},
	})
}

// TestFixedFeesElsewhere: another system's fee is told as an estimate.
func TestFixedFeesElsewhere(t *testing.T) {
	w := plain(student("reader"))
	elsewhere := mustParse("fees_elsewhere = true\n" + string(rules.TOML()))
	for _, do := range []circ.Command{
		circ.Place{Card: "card-reader", Title: "title"}, circ.ReplaceCard{Patron: "reader", Number: "new"},
		circ.RenewCard{Patron: "reader", Until: hence(900 * day)}, circ.Register{Patron: circ.Patron{Card: "new", Family: "F", Group: "student"}},
	} {
		c := circ.NewCase(act("entry-1", do), elsewhere)
		w.gather(t, c)
		d := circ.Decide(c)
		same(t, do.Name(), reasons(d.Tell), why(circ.FeeEstimate))
		is(t, do.Name(), len(d.Events), 1)
	}
	c := circ.NewCase(act("entry-1", circ.Charge{Patron: "reader", Type: circ.FeeOther, Amount: euro(100)}), elsewhere)
	w.gather(t, c)
	d := circ.Decide(c)
	same(t, "by hand", reasons(d.Refused), why(circ.FeesElsewhere))
	is(t, "by hand", len(d.Events), 0)
}
