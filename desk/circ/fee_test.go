package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

// waived lets a patron off so much of a fee.
func waived(payment, fee, patron string, minor int64) change {
	return func(w *world) {
		w.put(circ.Payment{ID: circ.PaymentID(payment), Kind: circ.Waiver, Fee: circ.FeeID(fee), Patron: circ.PatronID(patron), Amount: euro(minor), At: ago(day), Desk: "desk-0"})
	}
}

func disputed(fee string) change {
	return edit(circ.KindFee, fee, func(f *circ.Fee) { f.Disputed = circ.Dispute{At: ago(day), Text: "never had it"} })
}

// lateFee is the overdue fee of the loan of an item.
func lateFee(w *world, item string) circ.Fee {
	return of[circ.Fee](w, circ.KindFee, circ.NewID(circ.EntryID("loan of "+item), circ.KindFee, 0))
}

// account is what a patron owes in a world.
func (w *world) account(t testing.TB, patron circ.PatronID) circ.Account {
	t.Helper()
	return w.gathered(t, act("entry-x", circ.Refund{Patron: patron})).Account(patron)
}

func TestWhatIsLateCosts(t *testing.T) {
	late := []change{film("item"), onLoan("item", "other", 17*day)} // due three days ago
	const again = "r"
	run(t, []row{
		{name: "a film three days late", with: late, do: back, tell: why(circ.WasLate, circ.FeeCharged), events: []string{"checked_in", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			f := lateFee(o.after, "item")
			is(t, "amount", f.Amount, euro(150))
			is(t, "whose", f.Patron, "other")
			is(t, "of the loan", f.Loan, "loan of item")
			isAt(t, "due", f.Due, o.before.loan("loan of item").Due)
			isAt(t, "back", f.Back, now)
			is(t, "told", o.remark(t, circ.FeeCharged).Amount, euro(150))
			is(t, "owes", o.after.account(t, "other").Owes, 150)
			if len(f.Why) == 0 {
				t.Error("nobody says why")
			}
		}},
		{name: "a book three days late costs nothing here", with: []change{onLoan("item", "other", 17*day)}, do: back, tell: why(circ.WasLate), events: []string{"checked_in", "seen"}},
		{name: "a film on its last day", with: []change{film("item"), onLoan("item", "other", 14*day)}, do: back, events: []string{"checked_in", "seen"}},
		{name: "a film that lay in the bookdrop since its last day", with: late, do: circ.CheckIn{Barcode: "301", Date: ago(3*day + time.Hour)}, events: []string{"checked_in", "seen"}},
		{name: "a film that lay in the bookdrop since yesterday", with: late, do: circ.CheckIn{Barcode: "301", Date: ago(day)}, tell: why(circ.WasLate, circ.FeeCharged), events: []string{"checked_in", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "amount", lateFee(o.after, "item").Amount, euro(100))
		}},
		{name: "a film so late that the most is charged", with: []change{film("item"), onLoan("item", "other", 90*day)}, do: back, tell: why(circ.WasLate, circ.FeeCharged), events: []string{"checked_in", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "amount", lateFee(o.after, "item").Amount, euro(400))
		}},
		{name: "a late film is renewed: the fee is of the renewal", with: late, do: circ.Renew{Barcode: "301"}, tell: why(circ.FeeCharged), events: []string{"renewed", "charged"}, then: func(t *testing.T, o outcome) {
			f := of[circ.Fee](o.after, circ.KindFee, circ.NewID(circ.EntryID(circ.NewID("entry-1", "renewal", 0)), circ.KindFee, 0))
			is(t, "amount", f.Amount, euro(150))
			is(t, "of the return there is none", lateFee(o.after, "item").ID, "")
		}},
		{name: "back in time after a renewal", with: append(late, renewed("item", again, day)), do: back, events: []string{"checked_in", "seen"}},
		{name: "taken back late once more after an undo", with: append(late, func(w *world) {
			w.put(circ.Fee{ID: circ.FeeID(circ.NewID("loan of item", circ.KindFee, 0)), Patron: "other", Loan: "loan of item", Type: circ.FeeOverdue, Amount: euro(0), At: ago(day)})
		}), do: back, tell: why(circ.WasLate, circ.FeeCharged), events: []string{"checked_in", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "amount", lateFee(o.after, "item").Amount, euro(150))
		}},
	})
}

func TestWhereAnotherSystemOwnsTheFees(t *testing.T) {
	w := plain(film("item"), onLoan("item", "other", 17*day))
	c := circ.NewCase(act("entry-1", back), mustParse("fees_elsewhere = true\n"+string(rules.TOML())))
	w.gather(t, c)
	d := circ.Decide(c)
	same(t, "told", reasons(d.Tell), why(circ.WasLate, circ.FeeEstimate))
	same(t, "events", names(d.Events), []string{"checked_in", "seen"})
	is(t, "about", d.Tell[1].Amount, euro(150))
}

func TestForecastIsWhatIsCharged(t *testing.T) {
	w := plain(film("item"), onLoan("item", "other", 17*day))
	c := w.gathered(t, act("entry-1", back))
	forecast := circ.Accrued(c, w.loan("loan of item"), now)
	after := w.apply(circ.Decide(c).Events...)
	is(t, "forecast", forecast, lateFee(after, "item").Amount)
	is(t, "steps", len(w.steps(c, "item")), len(lateFee(after, "item").Why))
	if soon := circ.Accrued(c, w.loan("loan of item"), ago(4*day)); soon.Minor != 0 {
		t.Errorf("costs %v before it is due", soon)
	}
}

func TestFeesByHand(t *testing.T) {
	charge := circ.Charge{Patron: "reader", Type: circ.FeeDamaged, Amount: euro(500), Barcode: "301", Text: "coffee"}
	with := func(change func(*circ.Charge)) circ.Command { k := charge; change(&k); return k }
	run(t, []row{
		{name: "coffee on a book", do: charge, events: []string{"charged"}, then: func(t *testing.T, o outcome) {
			f := of[circ.Fee](o.after, circ.KindFee, o.made(circ.KindFee))
			is(t, "amount", f.Amount, euro(500))
			is(t, "item", f.Item, "item")
			is(t, "by", f.Operator, "clerk")
			is(t, "owes", o.after.account(t, "reader").Owes, 500)
		}},
		{name: "a new card, for no item", do: with(func(k *circ.Charge) { k.Type, k.Barcode = circ.FeeCard, "" }), events: []string{"charged"}},
		{name: "an item that is not known", do: with(func(k *circ.Charge) { k.Barcode = "999" }), refused: why(circ.UnknownItem)},
		{name: "nobody known", do: with(func(k *circ.Charge) { k.Patron = "nobody" }), refused: why(circ.UnknownPatron)},
		{name: "no money", do: with(func(k *circ.Charge) { k.Amount = euro(0) }), refused: why(circ.NothingGiven)},
		{name: "more money than anybody has", do: with(func(k *circ.Charge) { k.Amount = euro(1_000_000_001) }), refused: why(circ.NothingGiven)},
		{name: "for being late: the rules charge that", do: with(func(k *circ.Charge) { k.Type = circ.FeeOverdue }), refused: why(circ.NothingGiven)},
	})
}

func TestWaive(t *testing.T) {
	two := []change{owes("f", "reader", 300, 9*day), owes("g", "reader", 500, day)}
	waive := func(minor int64) circ.Command {
		return circ.Waive{Fee: "f", Amount: euro(minor), Text: "was in hospital"}
	}
	yes := why(circ.WaiveFee)
	run(t, []row{
		{name: "all of a fee", with: two, do: circ.Waive{Fee: "f", Text: "was in hospital"}, over: yes, events: []string{"waived"}, then: func(t *testing.T, o outcome) {
			is(t, "owes", o.after.account(t, "reader").Owes, 500)
			is(t, "in cash", cash(o.after), 0)
		}},
		{name: "nobody has said yes", with: two, do: circ.Waive{Fee: "f", Text: "was in hospital"}, ask: yes, then: func(t *testing.T, o outcome) {
			is(t, "right", o.remark(t, circ.WaiveFee).Right, circ.RightMoney)
			is(t, "amount", o.remark(t, circ.WaiveFee).Amount, euro(300))
		}},
		{name: "a yes without the right", with: two, do: waive(100), over: yes, rights: []circ.Right{circ.RightCirculate, circ.RightOverride}, ask: yes, tell: why(circ.RightMissing)},
		{name: "a part", with: two, do: waive(100), over: yes, events: []string{"waived"}, then: func(t *testing.T, o outcome) {
			is(t, "owes", o.after.account(t, "reader").Owes, 700)
		}},
		{name: "more than is left", with: append(two, paid("p", "f", "reader", 250)), do: waive(100), over: yes, refused: why(circ.NothingGiven)},
		{name: "nothing is left", with: append(two, waived("p", "f", "reader", 300)), do: waive(100), over: yes, refused: why(circ.NothingOwed)},
		{name: "without a reason", with: two, do: circ.Waive{Fee: "f"}, over: yes, refused: why(circ.NoReason)},
		{name: "a fee that is not known", with: two, do: circ.Waive{Fee: "x", Text: "y"}, over: yes, refused: why(circ.UnknownThing)},
	})
}

func TestDispute(t *testing.T) {
	two := []change{owes("f", "reader", 1300, 9*day), owes("g", "reader", 500, day)}
	run(t, []row{
		{name: "a fee that the patron says is wrong", with: two, do: circ.DisputeFee{Fee: "f", Text: "never had it"}, events: []string{"disputed"}, then: func(t *testing.T, o outcome) {
			a := o.after.account(t, "reader")
			is(t, "owes", a.Owes, 500)
			is(t, "disputed", a.Disputed, 1300)
		}},
		{name: "what is disputed stands against nothing", with: append(two, disputed("f")), do: lend, events: []string{"checked_out"}},
		{name: "what was restored does", with: two, do: lend, ask: why(circ.OwesTooMuch)},
		{name: "money goes to what nobody disputes", with: append(two, disputed("f")), do: circ.Pay{Patron: "reader", Amount: euro(500)}, events: []string{"paid"}, then: func(t *testing.T, o outcome) {
			is(t, "owes", o.after.account(t, "reader").Owes, 0)
		}},
		{name: "a disputed fee is paid when it is named", with: append(two, disputed("f")), do: circ.Pay{Fee: "f", Amount: euro(1300)}, events: []string{"paid"}},
		{name: "disputed twice", with: append(two, disputed("f")), do: circ.DisputeFee{Fee: "f", Text: "no"}, refused: why(circ.DisputedNow)},
		{name: "nothing left to dispute", with: append(two, paid("p", "f", "reader", 1300)), do: circ.DisputeFee{Fee: "f", Text: "no"}, refused: why(circ.NothingOwed)},
		{name: "without a reason", with: two, do: circ.DisputeFee{Fee: "f"}, refused: why(circ.NoReason)},
		{name: "restored", with: append(two, disputed("f")), do: circ.RestoreFee{Fee: "f"}, events: []string{"undisputed"}, then: func(t *testing.T, o outcome) {
			is(t, "owes", o.after.account(t, "reader").Owes, 1800)
		}},
		{name: "restored, and nobody disputed it", with: two, do: circ.RestoreFee{Fee: "f"}, refused: why(circ.NotDisputed)},
	})
}

func TestCredit(t *testing.T) {
	credit := []change{paid("c", "", "reader", 400)}
	fee := append(credit, owes("f", "reader", 300, day))
	use := circ.Pay{Patron: "reader", Method: circ.ByCredit}
	back := func(minor int64) circ.Command {
		return circ.Refund{Patron: "reader", Amount: euro(minor), Text: "moves away"}
	}
	yes := why(circ.GiveBack)
	run(t, []row{
		{name: "credit pays a fee", with: fee, do: use, events: []string{"credit_used"}, then: func(t *testing.T, o outcome) {
			a := o.after.account(t, "reader")
			is(t, "owes", a.Owes, -100)
			is(t, "open fees", len(a.Fees), 0)
			is(t, "cash", cash(o.after), 400)
		}},
		{name: "what was paid of a fee that is less by now pays another", with: []change{owes("e", "reader", 100, 2*day), paid("p", "e", "reader", 250), owes("f", "reader", 300, day)}, do: use, events: []string{"credit_used"}, then: func(t *testing.T, o outcome) {
			is(t, "owes", o.after.account(t, "reader").Owes, 150)
		}},
		{name: "there is no credit", with: []change{owes("f", "reader", 300, day)}, do: use, refused: why(circ.NoCredit)},
		{name: "there is no fee", with: credit, do: use, refused: why(circ.NothingOwed)},
		{name: "credit lessens what stands against a loan", with: []change{owes("f", "reader", 1300, day), paid("c", "", "reader", 300)}, do: lend, events: []string{"checked_out"}},
		{name: "a waiver of a fee that came to less is no credit", with: []change{owes("f", "reader", 300, day), waived("w", "f", "reader", 500)}, do: back(200), over: yes, refused: why(circ.NoCredit)},
		{name: "given back", with: credit, do: back(0), over: yes, events: []string{"refunded"}, then: func(t *testing.T, o outcome) {
			is(t, "owes", o.after.account(t, "reader").Owes, 0)
			is(t, "cash", cash(o.after), 0)
		}},
		{name: "a part of it", with: credit, do: back(150), over: yes, events: []string{"refunded"}, then: func(t *testing.T, o outcome) {
			is(t, "owes", o.after.account(t, "reader").Owes, -250)
		}},
		{name: "nobody has said yes", with: credit, do: back(150), ask: yes},
		{name: "more than there is", with: credit, do: back(500), over: yes, refused: why(circ.NoCredit)},
		{name: "while a fee needs it", with: fee, do: back(200), over: yes, refused: why(circ.NoCredit)},
		{name: "without a reason", with: credit, do: circ.Refund{Patron: "reader"}, over: yes, refused: why(circ.NoReason)},
		{name: "in shells", with: credit, do: circ.Refund{Patron: "reader", Method: "shells", Text: "x"}, over: yes, refused: why(circ.NoSuchMethod)},
		{name: "paid in shells", with: fee, do: circ.Pay{Patron: "reader", Amount: euro(300), Method: "shells"}, refused: why(circ.NoSuchMethod)},
		{name: "paid by card", with: fee, do: circ.Pay{Patron: "reader", Amount: euro(300), Method: "card"}, events: []string{"paid"}, then: func(t *testing.T, o outcome) {
			is(t, "method", of[circ.Payment](o.after, circ.KindPayment, o.made(circ.KindPayment)).Method, "card")
		}},
	})
}
