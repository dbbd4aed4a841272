package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

// marked says something of the loan of an item so long ago; a lost one is charged.
func marked(item string, s circ.LoanState, before time.Duration) change {
	return func(w *world) {
		edit(circ.KindLoan, "loan of "+item, func(l *circ.Loan) {
			l.Marked = circ.Marked{State: s, At: ago(before), Desk: "desk-0"}
			if s == circ.LoanClaimed {
				l.Claimed = ago(before)
			}
			if s == circ.LoanLost {
				w.put(circ.Fee{ID: lostFee(item, 1), Patron: l.Patron, Item: circ.ItemID(item), Loan: l.ID, Type: circ.FeeLost, Amount: euro(2000), At: ago(before)},
					circ.Fee{ID: lostFee(item, 2), Patron: l.Patron, Item: circ.ItemID(item), Loan: l.ID, Type: circ.FeeProcessing, Amount: euro(300), At: ago(before)})
			}
		})(w)
	}
}

// lostFor lends a film five days ago that is lost since then, and charged for.
func lostFor(item string, before time.Duration) []change {
	return []change{film(item), onLoan(item, "other", 5*day), marked(item, circ.LoanLost, before)}
}

// lostAndFound lends a film that was lost a day ago and is found at home since, so that
// half of its price is kept.
func lostAndFound(item string) []change {
	return append(lostFor(item, day), func(w *world) {
		done(circ.Find{Barcode: w.item(item).Barcode})(w)
	})
}

// lostFee is the id of a fee for the loan of an item that is lost: 1 its price, 2
// what is charged beside it.
func lostFee(item string, n int) circ.FeeID {
	return circ.FeeID(circ.NewID(circ.EntryID("loan of "+item), circ.KindFee, n))
}

// itemIs says what is wrong with an item since yesterday.
func itemIs(item string, s circ.ItemState) change {
	return editItem(item, func(i *circ.Item) {
		i.Mark = circ.ItemMark{State: s, At: ago(day), Desk: "desk-0", Rounds: []time.Time{ago(day)}}
	})
}

func TestLostAndFound(t *testing.T) {
	lent := []change{film("item"), onLoan("item", "other", 17*day)} // due three days ago
	lost := append(lent, marked("item", circ.LoanLost, day))
	long := append(lent, marked("item", circ.LoanLost, 40*day), onLoan("copy", "third", day))
	claimed := append(lent, marked("item", circ.LoanClaimed, day))
	lose, claim, find := circ.Lose{Barcode: "301"}, circ.Claim{Barcode: "301"}, circ.Find{Barcode: "301"}
	fee := func(o outcome, n int) int64 {
		return of[circ.Fee](o.after, circ.KindFee, string(lostFee("item", n))).Amount.Minor
	}
	yes := why(circ.ChargeLost)
	off := circ.WriteOff{Barcode: "301"}
	run(t, []row{
		{name: "written off: the loan ends, what was charged stays, and the item is missing", with: lost, do: off, over: why(circ.WritesOff), events: []string{"checked_in", "item_marked"}, then: func(t *testing.T, o outcome) {
			is(t, "price", fee(o, 1), 2000)
			l := of[circ.Loan](o.after, circ.KindLoan, "loan of item")
			is(t, "how it ended", l.How, circ.WrittenOff)
			is(t, "the item", of[circ.Item](o.after, circ.KindItem, "item").Mark.State, circ.ItemMissing)
		}},
		{name: "written off: somebody who may says yes", with: lost, do: off, ask: why(circ.WritesOff)},
		{name: "written off, and withdrawn", with: lost, do: circ.WriteOff{Barcode: "301", As: circ.ItemWithdrawn}, over: why(circ.WritesOff), events: []string{"checked_in", "item_marked"}},
		{name: "written off as damaged", with: lost, do: circ.WriteOff{Barcode: "301", As: circ.ItemDamaged}, refused: why(circ.NothingGiven)},
		{name: "written off, and it was never lost", with: lent, do: off, refused: why(circ.NotLost)},
		{name: "written off, and it is claimed to be returned", with: claimed, do: off, refused: why(circ.NotLost)},
		{name: "written off, and it is not on loan", do: off, refused: why(circ.NotOnLoan)},
		{name: "lost: its price, and what the rules want beside it", with: lent, do: lose, over: yes, events: []string{"loan_marked", "charged", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "price", fee(o, 1), 2000)
			is(t, "beside", fee(o, 2), 300)
			is(t, "still out", o.after.loan("loan of item").Open(), true)
			is(t, "owes", o.after.account(t, "other").Owes, 2300)
		}},
		{name: "lost, and the item has a price of its own", with: append(lent, editItem("item", func(i *circ.Item) { i.Price = euro(1250) })), do: lose, over: yes, events: []string{"loan_marked", "charged", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "price", fee(o, 1), 1250)
		}},
		{name: "lost: the clerk is asked whether to charge that", with: lent, do: lose, ask: yes, then: func(t *testing.T, o outcome) {
			is(t, "amount", o.remark(t, circ.ChargeLost).Amount, euro(2300))
		}},
		{name: "lost, and it was claimed since: nobody is charged", with: append(lent, marked("item", circ.LoanClaimed, -time.Hour)), do: lose, over: yes, refused: why(circ.ChangedSince)},
		{name: "lost twice", with: lost, do: lose, over: yes, refused: why(circ.LostAlready)},
		{name: "a book on the shelf is not lost by anybody", do: lose, over: yes, refused: why(circ.NotOnLoan)},
		{name: "a book without a price is lost for nothing, and that is told", with: []change{onLoan("item", "other", 17*day)}, do: lose, over: yes, tell: why(circ.LostNoPrice), events: []string{"loan_marked"}},

		{name: "claimed to be returned", with: lent, do: claim, tell: why(circ.ClaimNoted), events: []string{"loan_marked"}, then: func(t *testing.T, o outcome) {
			is(t, "still out", o.after.loan("loan of item").Open(), true)
			is(t, "claims", o.remark(t, circ.ClaimNoted).N, 1)
		}},
		{name: "claimed, and one was claimed before", with: append(lent, onLoan("copy", "other", 9*day), marked("copy", circ.LoanClaimed, day)), do: claim, ask: why(circ.TooManyClaims), tell: why(circ.ClaimNoted)},
		{name: "claimed, and another patron claimed one", with: append(lent, onLoan("copy", "third", 9*day), marked("copy", circ.LoanClaimed, day)), do: claim, tell: why(circ.ClaimNoted), events: []string{"loan_marked"}},
		{name: "claimed twice", with: claimed, do: claim, refused: why(circ.ClaimedAlready), tell: why(circ.ClaimNoted), over: why(circ.TooManyClaims)},
		{name: "claimed, and it is lost: found first", with: lost, do: claim, refused: why(circ.FindItFirst), tell: why(circ.ClaimNoted)},

		{name: "found at home: half of the price is given back, and it is due as before", with: lost, do: find, tell: why(circ.LostGivenBack), events: []string{"loan_marked", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "price", fee(o, 1), 1000)
			is(t, "beside", fee(o, 2), 300)
			is(t, "given back", o.remark(t, circ.LostGivenBack).Amount, euro(1000))
			isAt(t, "due", o.after.loan("loan of item").Due, o.before.loan("loan of item").Due)
		}},
		{name: "found after 40 days: nothing is given back", with: long, do: find, events: []string{"loan_marked"}},
		{name: "found, and nobody missed it", with: lent, do: find, refused: why(circ.NotMissed)},
		{name: "claimed, and found at home after all", with: claimed, do: find, events: []string{"loan_marked"}},

		{name: "lost and brought back: late until it was lost, and half of the price is given back", with: lost, do: back, tell: why(circ.WasLate, circ.FeeCharged, circ.WasLost, circ.LostGivenBack), events: []string{"checked_in", "charged", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "late", lateFee(o.after, "item").Amount, euro(100))
			is(t, "price", fee(o, 1), 1000)
		}},
		{name: "claimed, and it comes back: late until it was claimed", with: claimed, do: back, tell: why(circ.WasLate, circ.FeeCharged, circ.WasLost), events: []string{"checked_in", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "late", lateFee(o.after, "item").Amount, euro(100))
		}},
		{name: "paid, lost and brought back: what is given back is credit", with: append(lost, paid("p", string(lostFee("item", 1)), "other", 2000)), do: back, tell: why(circ.WasLate, circ.FeeCharged, circ.WasLost, circ.LostGivenBack), events: []string{"checked_in", "charged", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "owes", o.after.account(t, "other").Owes, 300+100-1000)
		}},
		{name: "lost and brought back, dated before it was said to be lost: nothing is owed for that", with: lost, do: circ.CheckIn{Barcode: "301", Date: ago(2 * day)}, tell: why(circ.WasLate, circ.FeeCharged, circ.WasLost, circ.LostGivenBack), events: []string{"checked_in", "charged", "charged", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "price", fee(o, 1), 0)
			is(t, "beside", fee(o, 2), 0)
			is(t, "given back", o.remark(t, circ.LostGivenBack).Amount, euro(2300))
		}},
		{name: "what is lost is not renewed", with: lost, do: circ.Renew{Barcode: "301"}, over: why(circ.OwesTooMuch), refused: why(circ.FindItFirst)},
		{name: "the patron shows what was lost, and it is renewed", with: lost, do: circ.CheckOut{Patron: "other", Barcode: "301"}, over: why(circ.OwesTooMuch), tell: why(circ.FeeCharged, circ.WasLost, circ.LostGivenBack), events: []string{"renewed", "charged", "loan_marked", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "found", o.after.loan("loan of item").Marked.State, circ.LoanFound)
		}},
		{name: "what is lost is lent to another: the loan ends, and the price is given back", with: lost, do: lend, over: why(circ.OnLoanToOther), tell: why(circ.ClosedOther, circ.WasLost, circ.LostGivenBack), events: []string{"checked_in", "charged", "checked_out"}},
	})
}

func TestItemsThatAreNotInUse(t *testing.T) {
	mark := func(s circ.ItemState) circ.Command { return circ.MarkItem{Barcode: "301", State: s, Text: "x"} }
	run(t, []row{
		{name: "not on the shelf", do: mark(circ.ItemMissing), events: []string{"item_marked"}, then: func(t *testing.T, o outcome) {
			is(t, "rounds", len(o.after.item("item").Mark.Rounds), 1)
		}},
		{name: "looked for again", with: []change{itemIs("item", circ.ItemMissing)}, do: mark(circ.ItemMissing), events: []string{"item_marked"}, then: func(t *testing.T, o outcome) {
			is(t, "rounds", len(o.after.item("item").Mark.Rounds), 2)
		}},
		{name: "missing from the hold shelf: the request waits again", with: []change{shelved("r", "reader", "item", hence(day))}, do: mark(circ.ItemMissing), events: []string{"untrapped", "item_marked"}, then: func(t *testing.T, o outcome) {
			is(t, "stage", o.after.request("r").Stage, circ.Waiting)
		}},
		{name: "missing, and it is on loan", with: []change{onLoan("item", "other", day)}, do: mark(circ.ItemMissing), refused: why(circ.OnLoanToOther)},
		{name: "damaged twice", with: []change{itemIs("item", circ.ItemDamaged)}, do: mark(circ.ItemDamaged), refused: why(circ.MarkedAlready)},
		{name: "in a state that nobody knows", do: mark("eaten"), refused: why(circ.NothingGiven)},
		{name: "what was missing is taken back", with: []change{itemIs("item", circ.ItemMissing)}, do: back, tell: why(circ.NotOnLoanTell, circ.WasMissing), events: []string{"item_marked", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "state", o.after.item("item").Mark.State, "")
		}},
		{name: "what was missing is lent", with: []change{itemIs("item", circ.ItemMissing)}, do: lend, tell: why(circ.WasMissing), events: []string{"item_marked", "checked_out"}},
		{name: "what is damaged is lent", with: []change{itemIs("item", circ.ItemDamaged)}, do: lend, ask: why(circ.NotInUse)},
		{name: "what is withdrawn is lent all the same", with: []change{itemIs("item", circ.ItemWithdrawn)}, do: lend, over: why(circ.NotInUse), events: []string{"checked_out"}},
		{name: "mended", with: []change{itemIs("item", circ.ItemDamaged)}, do: circ.Find{Barcode: "301"}, events: []string{"item_marked"}},
	})
}

// TestWhatWasWrittenOffHadComeBackBefore: a book is said to be lost, its loan is written
// off and its price charged. Then the server hears that it had been at a desk before that.
// Nobody pays for it; where that is taken back, the loan is written off as it was.
func TestWhatWasWrittenOffHadComeBackBefore(t *testing.T) {
	priced := editItem("item", func(i *circ.Item) { i.Price = euro(2000) })
	knew, knewNothing := plain(onLoan("item", "other", day)), plain()
	for _, row := range []struct {
		name    string
		there   *world // what the other desk knew
		do      circ.Command
		how     circ.How
		object  []circ.Reason
		withNow circ.PatronID // who has it; "": nobody
	}{
		{"taken back by a desk that knew of the loan", knew, back, circ.Returned, why(circ.FeeLessened), ""},
		{"taken back by a desk that did not", knewNothing, back, circ.Evidence, why(circ.LoanUnknown, circ.FeeLessened), ""},
		{"used in the reading room", knewNothing, circ.Use{Barcode: "301"}, circ.Evidence, why(circ.LoanUnknown, circ.FeeLessened), ""},
		{"lent to somebody else", knewNothing, circ.CheckOut{Patron: "third", Barcode: "301"}, circ.Evidence, why(circ.LoanUnknown, circ.FeeLessened), "third"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := plain(onLoan("item", "other", day), priced)
			for i, k := range []circ.Command{circ.Lose{Barcode: "301"}, circ.WriteOff{Barcode: "301"}} {
				a := act([]string{"lost", "off"}[i], k)
				a.At, a.Over = hence(time.Duration(4+i)*day), everything
				w, _ = w.done(t, a)
			}
			before := w
			is(t, "owes what is lost", w.account(t, "other").Owes > 0, true)

			theirs := act("theirs", row.do)
			theirs.Desk, theirs.At, theirs.Over = "b", hence(3*day), everything
			events, objections := w.record(t, theirs, row.there.decide(t, theirs).Events)
			same(t, "objections", reasons(objections), row.object)
			w = w.apply(events...)
			l := w.loan("loan of item")
			is(t, "ended", l.How, row.how)
			isAt(t, "in", l.In, theirs.At)
			is(t, "owes", w.account(t, "other").Owes, 0)
			has := circ.PatronID("")
			for _, l := range w.open("item") {
				has = l.Patron
			}
			is(t, "has it", has, row.withNow)

			events, _ = w.retract(t, theirs, circ.Story{Act: theirs, Events: events})
			w = w.apply(events...)
			is(t, "written off again", w.loan("loan of item").How, circ.WrittenOff)
			isAt(t, "in", w.loan("loan of item").In, hence(5*day))
			is(t, "by", w.loan("loan of item").Taker, before.loan("loan of item").Taker)
			is(t, "owes", w.account(t, "other").Owes, before.account(t, "other").Owes)
			is(t, "open loans", len(w.open("item")), 0)
		})
	}
}
