package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

// withdrawal is an entry that the server applied and of which nobody was told,
// what came in since, and taking it back.
type withdrawal struct {
	name  string
	with  []change
	do    circ.Command
	over  []circ.Reason
	since []change // what other desks told since

	events []string // what taking it back does
	object []circ.Reason
	then   func(t *testing.T, before, after *world)
}

// TestWithdrawn takes back what nobody was told of. It never refuses: what
// others have done since stands, and what was theirs to do is done.
func TestWithdrawn(t *testing.T) {
	made := func(k circ.Kind) string { return circ.NewID("entry-1", k, 0) }
	// noted is a loan to the third that another desk told since, of an hour before;
	// it had ended by what was seen now.
	noted := func(w *world) {
		w.put(circ.Loan{ID: "noted", Item: "item", Patron: "third", Desk: "desk-9", Out: ago(time.Hour), Due: dayEnd(14), In: now, How: circ.Evidence})
		editItem("item", func(i *circ.Item) {
			i.Earlier = append([]circ.Sighting{{At: ago(time.Hour), Desk: "desk-9", Library: "main"}}, i.Earlier...)
		})(w)
	}
	has := func(patron circ.PatronID) func(t *testing.T, before, after *world) {
		return func(t *testing.T, before, after *world) {
			open := after.open("item")
			if len(open) != 1 || open[0].Patron != patron || after.item("item").Loan != open[0].ID {
				t.Errorf("open loans %v, want one of %s", open, patron)
			}
		}
	}
	shownAgain := func(id string, at time.Time) change {
		return func(w *world) {
			loan := made(circ.KindLoan)
			edit(circ.KindLoan, loan, func(l *circ.Loan) {
				if len(l.Renewals) == 0 {
					l.Lent = circ.Term{Due: l.Due}
				}
				l.Renewals = append(l.Renewals, circ.Renewal{ID: id, At: at, Due: dayEnd(15), Desk: "desk-9", Library: "east", InHand: true})
			})(w)
			editItem("item", func(i *circ.Item) {
				i.Earlier = append([]circ.Sighting{i.Seen}, i.Earlier...)
				i.Seen = circ.Sighting{At: at, Desk: "desk-9", Library: "east"}
			})(w)
		}
	}
	owesOther := func(minor int64) func(t *testing.T, before, after *world) {
		return func(t *testing.T, before, after *world) {
			is(t, "owes", after.account(t, "other").Owes, minor)
		}
	}
	foundLater := func(w *world) {
		a := act("theirs", circ.Find{Barcode: "301"})
		a.At, a.Desk = hence(time.Hour), "desk-9"
		after, _ := w.done(t, a)
		*w = *after
	}
	theirs := circ.ItemID(circ.NewID("theirs", circ.KindItem, 0))
	addedElsewhere := func(w *world) { // told without a line, before ours was known there
		a := act("theirs", circ.AddItem{Barcode: "399", Title: "Another"})
		a.Desk = "desk-9"
		_, story := plain().done(t, a)
		events, _ := w.record(t, a, story.Events)
		*w = *w.apply(events...)
	}
	for _, tt := range []withdrawal{
		{name: "a loss, and another desk has said it was lost, too: that stands, and its price is owed", with: []change{film("item"), onLoan("item", "other", 5*day)}, do: circ.Lose{Barcode: "301"}, over: why(circ.ChargeLost), since: []change{marked("item", circ.LoanLost, -time.Hour)}, object: why(circ.ChangedSince), then: owesOther(2300)},
		{name: "a loss, and another desk has found it since: nothing is owed", with: []change{film("item"), onLoan("item", "other", 5*day)}, do: circ.Lose{Barcode: "301"}, over: why(circ.ChargeLost), since: []change{foundLater}, events: []string{"charged", "charged"}, object: why(circ.FeeLessened, circ.ChangedSince), then: owesOther(0)},
		{name: "a second loss, after it was found: what was kept of the first is owed, of then", with: lostAndFound("item"), do: circ.Lose{Barcode: "301"}, over: why(circ.ChargeLost), events: []string{"charged", "charged", "loan_unmarked"}, then: func(t *testing.T, before, after *world) {
			owesOther(1300)(t, before, after)
			after.restores(t, before)
		}},
		{name: "a check-in, and a desk had lent the book an hour before: it is out", do: back, since: []change{noted}, events: []string{"unseen", "reopened"}, then: has("third")},
		{name: "a check-in of another's loan, and a desk had lent the book an hour before: it is out there", with: []change{onLoan("item", "other", 9*day)}, do: back, since: []change{noted}, events: []string{"unseen", "checked_in", "reopened"}, object: why(circ.ChangedSince), then: func(t *testing.T, before, after *world) {
			has("third")(t, before, after)
			isAt(t, "the other's loan had ended by then", after.loan("loan of item").In, ago(time.Hour))
		}},
		{name: "a check-in, and another desk took the book back too since: it came back there, until that is undone", with: []change{onLoan("item", "reader", 9*day)}, do: back, since: []change{editItem("item", func(i *circ.Item) {
			i.Earlier = append([]circ.Sighting{i.Seen}, i.Earlier...)
			i.Seen = circ.Sighting{At: hence(time.Hour), Desk: "desk-9"}
		})}, events: []string{"unseen", "checked_in"}, object: why(circ.ChangedSince, circ.ChangedSince), then: func(t *testing.T, before, after *world) {
			l := after.loan("loan of item")
			isAt(t, "in", l.In, hence(time.Hour))
			is(t, "by evidence", l.How, circ.Evidence)
			undo := act("entry-9", circ.Undo{Entry: "theirs"})
			undo.At = hence(2 * time.Hour)
			d := after.undo(t, undo, circ.Story{Act: act("theirs", back), Events: []circ.Event{circ.Seen{Item: "item", At: hence(time.Hour), Desk: "desk-9"}}})
			same(t, "undone there", names(d.Events), []string{"unseen", "reopened"})
			has("reader")(t, before, after.apply(d.Events...))
		}},
		{name: "a check-out, and a desk had lent the book an hour before: it is out there", do: lend, since: []change{noted}, events: []string{"loan_voided", "reopened"}, then: has("third")},
		{name: "a check-out that closed another's loan, and a desk had lent the book an hour before", with: []change{onLoan("item", "other", 9*day)}, do: lend, over: why(circ.OnLoanToOther), since: []change{noted}, events: []string{"loan_voided", "reopened"}, then: has("third")},
		{name: "a check-out that closed another's loan, and a desk had taken the book back an hour before", with: []change{onLoan("item", "other", 9*day)}, do: lend, over: why(circ.OnLoanToOther), since: []change{func(w *world) {
			editItem("item", func(i *circ.Item) {
				i.Earlier = append([]circ.Sighting{{At: ago(time.Hour), Desk: "desk-9"}}, i.Earlier...)
			})(w)
		}}, events: []string{"loan_voided"}, then: func(t *testing.T, before, after *world) {
			is(t, "open loans", len(after.open("item")), 0)
		}},
		{name: "a check-in, and the last loan was returned, nobody knows where", with: []change{func(w *world) {
			w.put(circ.Loan{ID: "last", Item: "item", Patron: "other", Out: ago(9 * day), Due: dayEnd(5), In: ago(day), How: circ.Returned})
		}}, do: back, events: []string{"unseen"}, then: func(t *testing.T, before, after *world) {
			is(t, "open loans", len(after.open("item")), 0)
		}},
		{name: "a check-out from the hold shelf, and its patron is one with another since: the request is theirs", with: []change{shelved("r", "reader", "item", hence(day))}, do: lend, since: []change{merged("reader", "other")}, events: []string{"loan_voided", "requeued"}, then: func(t *testing.T, before, after *world) {
			is(t, "whose request", after.request("r").Patron, "other")
		}},
		{name: "a check-in, and its patron is one with another since: the loan is theirs", with: []change{onLoan("item", "reader", day)}, do: back, since: []change{merged("reader", "other")}, events: []string{"unseen", "reopened"}, then: func(t *testing.T, before, after *world) {
			is(t, "whose loan", after.loan("loan of item").Patron, "other")
		}},
		{name: "a check-out from the hold shelf, and a desk had lent the book an hour before: it is out there", with: []change{shelved("r", "other", "item", hence(day))}, do: lend, over: why(circ.HeldForOther), since: []change{noted}, events: []string{"loan_voided", "requeued", "untrapped", "reopened"}, then: func(t *testing.T, before, after *world) {
			has("third")(t, before, after)
			is(t, "the request waits", after.request("r").Stage, circ.Waiting)
		}},
		{name: "a renewal at the desk, and a desk had taken the book back an hour before", with: []change{onLoan("item", "reader", 9*day)}, do: lend, since: []change{func(w *world) {
			editItem("item", func(i *circ.Item) {
				i.Earlier = append([]circ.Sighting{{At: ago(time.Hour), Desk: "desk-9"}}, i.Earlier...)
			})(w)
		}}, events: []string{"unrenewed", "checked_in"}, then: func(t *testing.T, before, after *world) {
			is(t, "open loans", len(after.open("item")), 0)
			isAt(t, "ended", after.loan("loan of item").In, ago(time.Hour))
			is(t, "by evidence", after.loan("loan of item").How, circ.Evidence)
		}},
		{name: "a renewal at the desk, and a desk had lent the book to another an hour before", with: []change{onLoan("item", "reader", 9*day)}, do: lend, since: []change{noted}, events: []string{"unrenewed", "checked_in", "reopened"}, then: has("third")},
		{name: "a check-out, after which the patron showed the book at another desk: that stands", do: lend, since: []change{shownAgain("r", hence(time.Minute))}, events: []string{"loan_voided", "checked_out"}, object: why(circ.ChangedSince), then: func(t *testing.T, before, after *world) {
			has("reader")(t, before, after)
			is(t, "the first never was", after.loan(made(circ.KindLoan)).How, circ.Void)
			isAt(t, "due as was said", after.open("item")[0].Due, dayEnd(15))
		}},
		{name: "a check-out, after which the patron showed the book twice", do: lend, since: []change{shownAgain("r", hence(time.Minute)), shownAgain("s", hence(time.Hour))}, events: []string{"loan_voided", "loan_noted", "checked_out"}, object: why(circ.ChangedSince), then: has("reader")},
		{name: "a renewal at the desk, whose check-out was undone elsewhere since: it has become a loan of its own", with: []change{onLoan("item", "reader", 9*day)}, do: lend, since: []change{
			edit(circ.KindLoan, "loan of item", func(l *circ.Loan) { l.In, l.How = hence(time.Minute), circ.Void }),
			func(w *world) {
				own := circ.LoanID(circ.NewID(circ.EntryID(circ.NewID("entry-1", "renewal", 0)), circ.KindLoan, 0))
				w.put(circ.Loan{ID: own, Item: "item", Patron: "reader", Desk: "desk-1", Out: now, Due: dayEnd(14)})
				editItem("item", func(i *circ.Item) { i.Loan = own })(w)
			},
		}, events: []string{"loan_voided"}, then: func(t *testing.T, before, after *world) {
			is(t, "open loans", len(after.open("item")), 0)
		}},
		{name: "a renewal at the desk that is a loan of its own and stands on the first one too", with: []change{onLoan("item", "reader", 9*day)}, do: lend, since: []change{
			edit(circ.KindLoan, "loan of item", func(l *circ.Loan) { l.In, l.How = now, circ.Evidence }),
			func(w *world) {
				own := circ.LoanID(circ.NewID(circ.EntryID(circ.NewID("entry-1", "renewal", 0)), circ.KindLoan, 0))
				w.put(circ.Loan{ID: own, Item: "item", Patron: "reader", Desk: "desk-1", Out: now, Due: dayEnd(14)})
				editItem("item", func(i *circ.Item) { i.Loan = own })(w)
			},
		}, events: []string{"loan_voided", "unrenewed", "reopened"}, object: why(circ.ChangedSince), then: func(t *testing.T, before, after *world) {
			has("reader")(t, before, after)
			is(t, "renewals", len(after.open("item")[0].Renewals), 0)
		}},
		{name: "a check-out that was renewed by telephone since", do: lend, since: []change{edit(circ.KindLoan, made(circ.KindLoan), func(l *circ.Loan) {
			l.Renewals = []circ.Renewal{{ID: "r", At: hence(time.Minute), Due: dayEnd(15), Desk: "desk-9"}}
		})}, events: []string{"loan_voided"}, object: why(circ.ChangedSince)},
		{name: "a renewal after which it was renewed again: the later date stands", with: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, since: []change{edit(circ.KindLoan, "loan of item", func(l *circ.Loan) {
			l.Renewals = append(l.Renewals, circ.Renewal{ID: "r", At: hence(time.Minute), Due: dayEnd(20), Desk: "desk-9"})
			l.Due = dayEnd(20)
		})}, events: []string{"unrenewed"}, object: why(circ.ChangedSince), then: func(t *testing.T, before, after *world) {
			l := after.loan("loan of item")
			isAt(t, "due", l.Due, dayEnd(20))
			is(t, "renewals", len(l.Renewals), 1)
		}},
		{name: "a registration whose card another desk registered too: the person stays", do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F"}}, since: []change{edit(circ.KindPatron, made(circ.KindPatron), func(p *circ.Patron) { p.Aliased = true })}, object: why(circ.ChangedSince)},
		{name: "a new card that another desk met since: it stays, and somebody must look", do: circ.ReplaceCard{Patron: "reader", Number: "card-new"}, since: []change{editPatron("reader", func(p *circ.Patron) {
			p.Aliased, p.Changed = true, circ.Hand{At: ago(time.Hour), Desk: "desk-9"} // it told so late
		})}, object: why(circ.ChangedSince)},
		{name: "a new card of somebody whose first card another desk had met", with: []change{editPatron("reader", func(p *circ.Patron) {
			p.Aliased = true
		})}, do: circ.ReplaceCard{Patron: "reader", Number: "card-new"}, events: []string{"card_replaced"}},
		{name: "an item that another desk added too: what is done there finds it", do: circ.AddItem{Barcode: "399", Title: "Unheard Of"}, since: []change{addedElsewhere}, object: why(circ.ChangedSince), then: func(t *testing.T, before, after *world) {
			it, ok := after.gathered(t, act("entry-9", circ.CheckIn{Item: theirs})).Item(theirs, "")
			is(t, "known", ok, true)
			is(t, "barcode", it.Barcode, "399")
			is(t, "item", string(it.ID), made(circ.KindItem))
		}},
		{name: "a request that was filled since: it never was, and the loan stands", do: circ.Place{Patron: "reader", Title: "title"}, since: []change{
			edit(circ.KindRequest, made(circ.KindRequest), func(r *circ.Request) { r.Stage, r.Copy = circ.Filled, "item" }), onLoan("item", "reader", 0),
		}, events: []string{"request_ended"}, object: why(circ.ChangedSince), then: has("reader")},
		{name: "a request for which a copy is kept since: the copy is free", do: circ.Place{Patron: "reader", Title: "title"}, since: []change{
			edit(circ.KindRequest, made(circ.KindRequest), func(r *circ.Request) { r.Stage, r.Copy = circ.OnShelf, "item" }), editItem("item", func(i *circ.Item) { i.Held = circ.RequestID(made(circ.KindRequest)) }),
		}, events: []string{"request_ended"}, object: why(circ.ChangedSince), then: func(t *testing.T, before, after *world) {
			is(t, "held", after.item("item").Held, "")
		}},
		{name: "money that nobody was told about was never taken", with: []change{owes("f", "reader", 300, day)}, do: circ.Pay{Fee: "f", Amount: euro(300)}, events: []string{"payment_voided"}, then: func(t *testing.T, before, after *world) {
			is(t, "cash", cash(after), 0)
		}},
		{name: "money in a shift that was closed since: it is taken back in the next", with: []change{owes("f", "reader", 300, day), opened("main/till/1", 0, time.Hour)}, do: circ.Pay{Fee: "f", Amount: euro(300), Drawer: "main/till"}, since: []change{closed("main/till/1", 0)}, events: []string{"payment_reversed"}, then: func(t *testing.T, before, after *world) {
			is(t, "cash", cash(after), 0)
			is(t, "owes", after.account(t, "reader").Owes, 300)
			is(t, "in the closed shift", after.takenIn(t, "main/till/1"), 300)
			is(t, "in the next", after.takenIn(t, "main/till/2"), -300)
		}},
		{name: "a close of which nobody was told", with: []change{opened("main/till/1", 0, time.Hour)}, do: circ.CloseDrawer{Drawer: "main/till"}, events: []string{"drawer_reopened"}},
		{name: "a close of which nobody was told, and the next shift has begun", with: []change{opened("main/till/1", 0, time.Hour)}, do: circ.CloseDrawer{Drawer: "main/till"}, since: []change{opened("main/till/2", 0, -time.Minute)}, object: why(circ.ChangedSince)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := plain(tt.with...)
			a := act("entry-1", tt.do)
			a.Over = tt.over
			w, story := before.done(t, a)
			for _, c := range tt.since {
				c(w)
			}
			a = act("entry-1", nil)
			events, objections := w.retract(t, a, story)
			same(t, "events", names(events), tt.events)
			same(t, "objections", reasons(objections), tt.object)
			after := w.apply(events...)
			for _, wrong := range after.wrongs() {
				t.Error(wrong)
			}
			if tt.then != nil {
				tt.then(t, before, after)
			}
		})
	}
	t.Run("what another desk was told as a renewal goes with that one", func(t *testing.T) {
		theirs := circ.CheckedOut{Loan: "own", Item: "item", Patron: "reader", At: now, Due: dayEnd(14), Desk: "desk-9", Renewal: "theirs"}
		noted := circ.LoanNoted{Loan: "noted", Item: "item", Patron: "reader", At: ago(day), In: now, Due: dayEnd(13), Desk: "desk-9", Renewal: "theirs too"}
		w := plain().apply(noted, theirs)
		events, objections := w.retract(t, act("entry-1", nil), circ.Story{Act: act("entry-1", lend), Events: []circ.Event{noted, theirs}})
		same(t, "events", names(events), nil)
		same(t, "objections", reasons(objections), nil)
	})
}
