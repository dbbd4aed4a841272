package circ_test

import (
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/money"
)

func TestPay(t *testing.T) {
	two := []change{owes("old", "reader", 300, 9*day), owes("new", "reader", 500, day)}
	pay := func(minor int64) circ.Command { return circ.Pay{Patron: "reader", Amount: euro(minor)} }
	// booked gives what the entry booked on each fee.
	booked := func(o outcome) map[circ.FeeID]int64 {
		m := map[circ.FeeID]int64{}
		for _, p := range every[circ.Payment](o.after) {
			if _, before := o.before.rows[p.Key()]; !before {
				m[p.Fee] += p.Amount.Minor
			}
		}
		return m
	}
	run(t, []row{
		{name: "all that is owed", with: two, do: pay(800), events: []string{"paid", "paid"}, then: func(t *testing.T, o outcome) {
			is(t, "old", booked(o)["old"], 300)
			is(t, "new", booked(o)["new"], 500)
			is(t, "owes", o.after.gathered(t, act("entry-2", lend)).Owes("reader"), 0)
		}},
		{name: "less than is owed goes to the oldest first", with: two, do: pay(400), events: []string{"paid", "paid"}, then: func(t *testing.T, o outcome) {
			is(t, "old", booked(o)["old"], 300)
			is(t, "new", booked(o)["new"], 100)
		}},
		{name: "less than the oldest fee", with: two, do: pay(100), events: []string{"paid"}, then: func(t *testing.T, o outcome) {
			is(t, "old", booked(o)["old"], 100)
		}},
		{name: "a fee that was paid in part", with: append(two, paid("p", "old", "reader", 200)), do: pay(150), events: []string{"paid", "paid"}, then: func(t *testing.T, o outcome) {
			is(t, "old", booked(o)["old"], 100)
			is(t, "new", booked(o)["new"], 50)
		}},
		{name: "on the fee that is named", with: two, do: circ.Pay{Fee: "new", Amount: euro(500)}, events: []string{"paid"}, then: func(t *testing.T, o outcome) {
			is(t, "new", booked(o)["new"], 500)
			is(t, "payment's patron", of[circ.Payment](o.after, circ.KindPayment, o.made(circ.KindPayment)).Patron, "reader")
		}},
		{name: "more than is owed", with: two, do: pay(1000), ask: why(circ.Surplus), tell: why(circ.CreditLeft), then: func(t *testing.T, o outcome) {
			is(t, "surplus", o.remark(t, circ.Surplus).Amount, euro(200))
		}},
		{name: "more than is owed, and the clerk says yes", with: two, do: pay(1000), over: why(circ.Surplus), tell: why(circ.CreditLeft), events: []string{"paid", "paid", "paid"}, then: func(t *testing.T, o outcome) {
			is(t, "credit", booked(o)[""], 200)
			is(t, "all payments have ids of their own", len(every[circ.Payment](o.after)), 3)
		}},
		{name: "more than is owed, and the rest is given back", with: two, do: circ.Pay{Patron: "reader", Amount: euro(1000), Change: true}, tell: why(circ.ChangeDue), events: []string{"paid", "paid"}, then: func(t *testing.T, o outcome) {
			is(t, "change", o.remark(t, circ.ChangeDue).Amount, euro(200))
			is(t, "credit", booked(o)[""], 0)
		}},
		{name: "just what is owed, and nothing is given back", with: two, do: circ.Pay{Patron: "reader", Amount: euro(800), Change: true}, events: []string{"paid", "paid"}},
		{name: "more than the named fee needs, though another is open", with: two, do: circ.Pay{Fee: "old", Amount: euro(400)}, ask: why(circ.Surplus), tell: why(circ.CreditLeft)},
		{name: "nothing is owed", do: pay(100), refused: why(circ.NothingOwed)},
		{name: "the named fee is paid", with: append(two, paid("p", "old", "reader", 300)), do: circ.Pay{Fee: "old", Amount: euro(100)}, refused: why(circ.NothingOwed)},
		{name: "no money", with: two, do: pay(0), refused: why(circ.NothingGiven)},
		{name: "less than no money", with: two, do: pay(-100), refused: why(circ.NothingGiven)},
		{name: "money of another country", with: two, do: circ.Pay{Patron: "reader", Amount: money.Amount{Minor: 800, Currency: "CHF"}}, refused: why(circ.NothingGiven)},
		{name: "the fee is not known", do: circ.Pay{Fee: "x", Amount: euro(100)}, refused: why(circ.UnknownThing)},
		{name: "nobody known", do: circ.Pay{Patron: "nobody", Amount: euro(100)}, refused: why(circ.UnknownPatron)},
		{name: "the oldest fee has a later id", with: []change{owes("a", "reader", 300, day), owes("z", "reader", 300, 9*day)}, do: pay(300), events: []string{"paid"}, then: func(t *testing.T, o outcome) {
			is(t, "oldest", booked(o)["z"], 300)
		}},
	})
}
