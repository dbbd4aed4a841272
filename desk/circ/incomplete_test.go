package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

// cameBack says that an item came back so long ago without some parts.
func cameBack(item string, before time.Duration, missing ...string) change {
	return func(w *world) {
		edit(circ.KindLoan, "loan of "+item, func(l *circ.Loan) {
			l.Marked = circ.Marked{State: circ.LoanIncomplete, At: ago(before), Desk: "desk-0", Library: "main", Missing: missing, Back: ago(before)}
		})(w)
		editItem(item, func(i *circ.Item) { i.Seen = circ.Sighting{At: ago(before), Desk: "desk-0", Library: "main"} })(w)
	}
}

func TestPartsAreCounted(t *testing.T) {
	discs := parts("item", "disc 1", "disc 2")
	run(t, []row{
		{name: "lent: are both discs there?", with: []change{discs}, do: lend, ask: why(circ.AllThere), then: func(t *testing.T, o outcome) {
			is(t, "parts", o.remark(t, circ.AllThere).Text, "disc 1, disc 2")
			is(t, "right", o.remark(t, circ.AllThere).Right, circ.RightCirculate)
		}},
		{name: "lent, and they are", with: []change{discs}, do: lend, over: why(circ.AllThere), events: []string{"checked_out"}},
		{name: "taken back: are both discs there?", with: []change{discs, onLoan("item", "other", day)}, do: back, ask: why(circ.AllThere)},
		{name: "taken back, and they are", with: []change{discs, onLoan("item", "other", day)}, do: back, over: why(circ.AllThere), events: []string{"checked_in", "seen"}},
		{name: "nobody has it, and they are counted all the same", with: []change{discs}, do: back, ask: why(circ.AllThere), tell: why(circ.NotOnLoanTell)},
		{name: "a book is not counted", with: []change{onLoan("item", "other", day)}, do: back, events: []string{"checked_in", "seen"}},
		{name: "renewed by telephone: nobody counts", with: []change{discs, onLoan("item", "other", day)}, do: circ.Renew{Barcode: "301"}, over: why(circ.RequestedBy), events: []string{"renewed"}},
		{name: "a box of two discs and a map", do: circ.SetParts{Barcode: "301", Parts: []string{"disc 1", " disc 2 ", "", "map", "map"}}, events: []string{"parts_set"}, then: func(t *testing.T, o outcome) {
			same(t, "parts", o.after.item("item").Parts, []string{"disc 1", "disc 2", "map"})
		}},
		{name: "nobody asks any more", with: []change{discs}, do: circ.SetParts{Barcode: "301"}, events: []string{"parts_set"}, then: func(t *testing.T, o outcome) {
			is(t, "parts", len(o.after.item("item").Parts), 0)
		}},
		{name: "the same as before", with: []change{discs}, do: circ.SetParts{Barcode: "301", Parts: []string{"disc 1", "disc 2"}}, refused: why(circ.NothingGiven)},
		{name: "of an item that nobody knows", do: circ.SetParts{Barcode: "399"}, refused: why(circ.UnknownItem)},
	})
}

func TestIncompleteReturns(t *testing.T) {
	lent := []change{film("item"), parts("item", "disc 1", "disc 2"), onLoan("item", "other", 17*day)} // due three days ago
	came := append(lent[:len(lent):len(lent)], cameBack("item", 2*day, "disc 2"))
	incomplete := circ.Incomplete{Barcode: "301", Missing: []string{"disc 2"}}
	up := func(as circ.ItemState) circ.Command { return circ.GiveUp{Barcode: "301", As: as} }
	run(t, []row{
		{name: "one disc is missing", with: lent, do: incomplete, tell: why(circ.CameBack), events: []string{"loan_marked", "seen"}, then: func(t *testing.T, o outcome) {
			l := o.after.loan("loan of item")
			is(t, "open", l.Open(), true)
			is(t, "incomplete", l.Incomplete(), true)
			isAt(t, "back", l.Marked.Back, now)
			is(t, "to staff", o.Route.Kind, circ.ToStaff)
			is(t, "seen", o.after.item("item").Seen.Desk, "desk-1")
			is(t, "told", o.remark(t, circ.CameBack).Text, "disc 2")
			is(t, "owes", o.after.account(t, "other").Owes, 0)
		}},
		{name: "one disc is missing, and it lay in the book drop since yesterday", with: lent, do: circ.Incomplete{Barcode: "301", Missing: []string{"disc 2"}, Date: ago(day)}, tell: why(circ.CameBack), events: []string{"loan_marked", "seen"}, then: func(t *testing.T, o outcome) {
			isAt(t, "back", o.after.loan("loan of item").Marked.Back, ago(day))
		}},
		{name: "it comes back tomorrow", with: lent, do: circ.Incomplete{Barcode: "301", Missing: []string{"disc 2"}, Date: hence(day)}, refused: why(circ.FutureDate)},
		{name: "nothing is said to be missing", with: lent, do: circ.Incomplete{Barcode: "301", Missing: []string{" "}}, refused: why(circ.NothingGiven)},
		{name: "nobody knows the item", do: circ.Incomplete{Barcode: "399", Missing: []string{"x"}}, refused: why(circ.UnknownItem)},
		{name: "nobody had it: it is damaged", do: incomplete, tell: why(circ.CameBack, circ.NotOnLoanTell), events: []string{"item_marked", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "state", o.after.item("item").Mark.State, circ.ItemDamaged)
			is(t, "text", o.after.item("item").Mark.Text, "disc 2")
		}},
		{name: "nobody had it, and it was on the hold shelf: the request waits again", with: []change{shelved("r", "reader", "item", hence(day))}, do: incomplete, tell: why(circ.CameBack, circ.NotOnLoanTell), events: []string{"untrapped", "item_marked", "seen"}},
		{name: "it was lost, and comes back without a disc: half of the price is given back", with: append(lent[:len(lent):len(lent)], marked("item", circ.LoanLost, day)), do: incomplete, tell: why(circ.CameBack, circ.WasLost, circ.LostGivenBack), events: []string{"loan_marked", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			isAt(t, "late until", o.after.loan("loan of item").Marked.Late, ago(day))
		}},
		{name: "another disc is missing, too", with: came, do: circ.Incomplete{Barcode: "301", Missing: []string{"disc 1", "disc 2"}}, tell: why(circ.CameBack), events: []string{"loan_marked", "seen"}, then: func(t *testing.T, o outcome) {
			m := o.after.loan("loan of item").Marked
			isAt(t, "back", m.Back, ago(2*day))
			same(t, "missing", m.Missing, []string{"disc 1", "disc 2"})
		}},

		{name: "the disc comes: is it all there?", with: came, do: back, ask: why(circ.AllThere), tell: why(circ.WasLate, circ.FeeCharged, circ.WasIncomplete), then: func(t *testing.T, o outcome) {
			is(t, "asked", o.remark(t, circ.AllThere).Text, "disc 2")
		}},
		{name: "the disc comes: returned on the day it came back, late until then", with: came, do: back, over: why(circ.AllThere), tell: why(circ.WasLate, circ.FeeCharged, circ.WasIncomplete), events: []string{"checked_in", "charged", "seen"}, then: func(t *testing.T, o outcome) {
			l := o.after.loan("loan of item")
			isAt(t, "in", l.In, ago(2*day))
			is(t, "how", l.How, circ.Returned)
			is(t, "late", lateFee(o.after, "item").Amount, euro(50))
			is(t, "to the shelf", o.Route.Kind, circ.ToShelf)
		}},
		{name: "the disc comes, and somebody waits for it", with: append(came[:len(came):len(came)], waiting("r", "reader", day)), do: back, over: why(circ.AllThere), tell: why(circ.WasLate, circ.FeeCharged, circ.WasIncomplete), events: []string{"checked_in", "charged", "seen", "trapped"}},
		{name: "it is lent to another as it is", with: came, do: lend, ask: why(circ.OnLoanToOther, circ.AllThere)},
		{name: "it is lent to another, who wants no disc 2: the first loan ends as of the day it came back", with: came, do: lend, over: why(circ.OnLoanToOther, circ.AllThere), tell: why(circ.ClosedOther), events: []string{"checked_in", "checked_out"}, then: func(t *testing.T, o outcome) {
			isAt(t, "in", o.after.loan("loan of item").In, ago(2*day))
		}},
		{name: "the patron takes it home again to look for the disc", with: came, do: circ.CheckOut{Patron: "other", Barcode: "301"}, tell: why(circ.FeeCharged), events: []string{"renewed", "charged", "loan_marked"}, then: func(t *testing.T, o outcome) {
			is(t, "incomplete", o.after.loan("loan of item").Incomplete(), false)
			is(t, "open", o.after.loan("loan of item").Open(), true)
		}},
		{name: "it is here, and so it is not renewed", with: came, do: circ.Renew{Barcode: "301"}, refused: why(circ.NotComplete)},
		{name: "it is here, and so it is not lost", with: came, do: circ.Lose{Barcode: "301"}, refused: why(circ.NotComplete)},
		{name: "it is here, and so nobody claims it", with: came, do: circ.Claim{Barcode: "301"}, refused: why(circ.NotComplete), tell: why(circ.ClaimNoted)},
		{name: "it is here, and so it is not overdue", with: append(came[:len(came):len(came)], onLoan("item-2", "other", 20*day)), do: circ.CheckOut{Patron: "other", Barcode: "302"}, events: []string{"checked_out"}},

		{name: "given up: fewer parts", with: came, do: up(""), tell: why(circ.WasLate, circ.FeeCharged), events: []string{"checked_in", "charged", "parts_set", "seen"}, then: func(t *testing.T, o outcome) {
			isAt(t, "in", o.after.loan("loan of item").In, ago(2*day))
			same(t, "parts", o.after.item("item").Parts, []string{"disc 1"})
			is(t, "to the shelf", o.Route.Kind, circ.ToShelf)
		}},
		{name: "given up: withdrawn", with: came, do: up(circ.ItemWithdrawn), tell: why(circ.WasLate, circ.FeeCharged), events: []string{"checked_in", "charged", "item_marked", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "state", o.after.item("item").Mark.State, circ.ItemWithdrawn)
			is(t, "to staff", o.Route.Kind, circ.ToStaff)
		}},
		{name: "given up: eaten", with: came, do: up("eaten"), refused: why(circ.NothingGiven)},
		{name: "given up, and nothing is missing", with: lent, do: up(""), refused: why(circ.NotIncomplete)},

		{name: "called, and to be called again next week", with: came, do: circ.NoteCall{Barcode: "301", Text: "looks for it", Again: hence(7 * day)}, events: []string{"called"}, then: func(t *testing.T, o outcome) {
			c := o.after.loan("loan of item").Calls[0]
			is(t, "by", c.Operator, "clerk")
			isAt(t, "again", c.Again, hence(7*day))
		}},
		{name: "a letter about it", with: came, do: circ.NoteCall{Barcode: "301", By: circ.NoticeLetter, Text: "second notice"}, events: []string{"called"}, then: func(t *testing.T, o outcome) {
			is(t, "by letter", o.after.loan("loan of item").Calls[0].By, circ.NoticeLetter)
		}},
		{name: "a letter about a loan by its id", with: came, do: circ.NoteCall{Loan: "loan of item", By: circ.NoticeLetter}, events: []string{"called"}},
		{name: "a letter about a loan that never was", do: circ.NoteCall{Loan: "none", By: circ.NoticeLetter}, refused: why(circ.UnknownThing)},
		{name: "a notice by pigeon", with: came, do: circ.NoteCall{Barcode: "301", By: "pigeon"}, refused: why(circ.NoSuchChannel)},
		{name: "called about a book on the shelf", do: circ.NoteCall{Barcode: "301"}, refused: why(circ.NotOnLoan)},
		{name: "the part is billed", do: circ.Charge{Patron: "other", Type: circ.FeePart, Amount: euro(750), Barcode: "301", Text: "disc 2"}, events: []string{"charged"}},
	})
}

// TestDesksSayOtherwiseOfAnIncompleteReturn: what two desks, which knew nothing of
// each other, say of one item comes to the same, whoever is heard first.
func TestDesksSayOtherwiseOfAnIncompleteReturn(t *testing.T) {
	said := func(desk string, at time.Time, k circ.Command) circ.Act {
		a := act("entry of "+desk, k)
		a.Desk, a.At, a.Over = circ.DeskID(desk), at, why(circ.AllThere, circ.ChargeLost)
		return a
	}
	whole, incomplete := back, circ.Incomplete{Barcode: "301", Missing: []string{"disc 2"}}
	for _, row := range []struct {
		name       string
		one, two   circ.Act // in their time
		end        func(t *testing.T, w *world)
		objections [2][]circ.Reason // to the one that is heard second: to two, to one
		with       []change
	}{
		{"incomplete here, then whole there: returned, late until it came back incomplete",
			said("a", now, incomplete), said("b", hence(2*day), whole), func(t *testing.T, w *world) {
				is(t, "open", w.loan("loan of item").Open(), false)
				is(t, "late", lateFee(w, "item").Amount, euro(150))
			}, [2][]circ.Reason{why(circ.FeeLessened), why(circ.SeenSince, circ.FeeLessened)}, nil},
		{"whole here, then incomplete there: returned, and somebody looks at it",
			said("a", now, whole), said("b", hence(2*day), incomplete), func(t *testing.T, w *world) {
				is(t, "open", w.loan("loan of item").Open(), false)
				isAt(t, "in", w.loan("loan of item").In, now)
				is(t, "late", lateFee(w, "item").Amount, euro(150))
			}, [2][]circ.Reason{why(circ.LoanEnded), why(circ.SeenSince, circ.NotComplete)}, nil},
		{"incomplete at both: the last word says what is missing, the first when it came back",
			said("a", now, incomplete), said("b", hence(day), circ.Incomplete{Barcode: "301", Missing: []string{"booklet"}}), func(t *testing.T, w *world) {
				is(t, "incomplete", w.loan("loan of item").Incomplete(), true)
				same(t, "missing", w.loan("loan of item").Marked.Missing, []string{"booklet"})
				isAt(t, "back", w.loan("loan of item").Marked.Back, now)
			}, [2][]circ.Reason{nil, why(circ.SeenSince, circ.ChangedSince)}, nil},
		{"incomplete here, then said to be lost there: it is here, and costs no price",
			said("a", now, incomplete), said("b", hence(day), circ.Lose{Barcode: "301"}), func(t *testing.T, w *world) {
				is(t, "incomplete", w.loan("loan of item").Incomplete(), true)
				is(t, "owes", w.account(t, "other").Owes, 0)
			}, [2][]circ.Reason{why(circ.NotComplete, circ.FeeLessened), why(circ.ChangedSince, circ.FeeLessened)}, nil},
		{"incomplete here, then said to be with the patron there, who had claimed it: it is here",
			said("a", now, incomplete), said("b", hence(day), circ.Find{Barcode: "301"}), func(t *testing.T, w *world) {
				is(t, "incomplete", w.loan("loan of item").Incomplete(), true)
				isAt(t, "back", w.loan("loan of item").Marked.Back, now)
			}, [2][]circ.Reason{why(circ.NotMissed, circ.NotComplete), why(circ.ChangedSince)}, []change{marked("item", circ.LoanClaimed, day)}},
	} {
		t.Run(row.name, func(t *testing.T) {
			morning := plain(append([]change{film("item"), onLoan("item", "other", 17*day)}, row.with...)...) // due three days ago
			for i, order := range [][2]circ.Act{{row.one, row.two}, {row.two, row.one}} {
				w := morning
				for n, a := range order {
					d := morning.decide(t, a)
					events, objections := w.record(t, a, d.Events)
					if w = w.apply(events...); n == 1 {
						same(t, "objections to "+string(a.Desk), reasons(objections), row.objections[i])
					}
					for _, wrong := range w.wrongs() {
						t.Error(wrong)
					}
				}
				row.end(t, w)
			}
		})
	}
}

// TestAnIncompleteReturnThatIsHeardLate: another desk says that the item is lost; then
// the server hears that it had come back incomplete before, and had been renewed in hand
// since. The patron has it.
func TestAnIncompleteReturnThatIsHeardLate(t *testing.T) {
	at := hence(day)
	w := plain(onLoan("item", "other", day)).apply(
		circ.LoanMarked{Loan: "loan of item", Item: "item", Patron: "other", State: circ.LoanLost, At: hence(3 * day), Desk: "b"})
	for i, e := range []circ.Event{
		circ.LoanMarked{Loan: "loan of item", Item: "item", Patron: "other", State: circ.LoanIncomplete, At: now, Back: now, Desk: "a", Missing: []string{"map"}},
		circ.Renewed{Loan: "loan of item", Item: "item", Patron: "other", ID: "r", At: at, Due: dayEnd(20), Desk: "a", InHand: true},
	} {
		a := act("entry of a", nil)
		if a.Desk, a.At = "a", now; i == 1 {
			a.At = at
		}
		events, _ := w.record(t, a, []circ.Event{e})
		w = w.apply(events...)
		is(t, "incomplete", w.loan("loan of item").Incomplete(), i == 0)
	}
	open := w.open("item")
	if len(open) != 1 || open[0].Patron != "other" {
		t.Errorf("on loan: %+v", open)
	}
}

// TestWhatCameBackIncompleteWasTakenAgain: a book came back without its map, and was
// used in the reading room later. Then the server hears that its patron had taken it along
// again in between: it was there again when it was used, so nobody has it.
func TestWhatCameBackIncompleteWasTakenAgain(t *testing.T) {
	w := plain(onLoan("item", "other", day))
	incomplete := act("entry-1", circ.Incomplete{Barcode: "301", Missing: []string{"map"}})
	w, _ = w.done(t, incomplete)
	take := act("entry-2", circ.CheckOut{Patron: "other", Barcode: "301"})
	take.Desk, take.At = "b", hence(day)
	told := w.decide(t, take)
	same(t, "told", names(told.Events), []string{"renewed", "loan_marked"})
	w = w.apply(circ.Seen{Item: "item", At: hence(2 * day), Desk: "c", Library: "main"}, circ.Seen{Item: "item", At: hence(3 * day), Desk: "c", Library: "main"})
	is(t, "incomplete, though it was seen", w.loan("loan of item").Incomplete(), true)

	events, objections := w.record(t, take, told.Events)
	same(t, "objections", reasons(objections), why(circ.SeenSince))
	before, after := w, w.apply(events...)
	is(t, "open loans", len(after.open("item")), 0)
	isAt(t, "back when it was first seen since", after.loan("loan of item").In, hence(2*day))
	is(t, "by evidence", after.loan("loan of item").How, circ.Evidence)

	events, _ = after.retract(t, take, circ.Story{Act: take, Events: events})
	after = after.apply(events...)
	is(t, "incomplete as before, where it was never taken again", after.loan("loan of item").Incomplete(), before.loan("loan of item").Incomplete())
}

// TestALossThatNobodyWasToldOf: an item is said to be lost, and nobody hears the answer;
// another desk takes it back incomplete meanwhile. Where the loss is taken back, the patron
// owes nothing for it.
func TestALossThatNobodyWasToldOf(t *testing.T) {
	w := plain(onLoan("item", "other", day), editItem("item", func(i *circ.Item) { i.Type = "film" }))
	lose := act("entry-1", circ.Lose{Barcode: "301"})
	lose.Over = everything
	incomplete := act("entry-2", circ.Incomplete{Barcode: "301", Missing: []string{"map"}})
	incomplete.Desk, incomplete.At = "b", hence(day)
	told := w.decide(t, incomplete)
	w, did := w.done(t, lose)
	events, _ := w.record(t, incomplete, told.Events)
	w = w.apply(events...)
	is(t, "owes half its price, and the processing", w.account(t, "other").Owes, 1300)
	back := w.loan("loan of item").Marked.Back

	events, objections := w.retract(t, lose, did)
	same(t, "objections", reasons(objections), why(circ.FeeLessened, circ.ChangedSince))
	w = w.apply(events...)
	l := w.loan("loan of item")
	is(t, "incomplete", l.Incomplete(), true)
	isAt(t, "back", l.Marked.Back, back)
	is(t, "it was never lost", l.Marked.Late.IsZero(), true)
	is(t, "owes", w.account(t, "other").Owes, 0)
}
