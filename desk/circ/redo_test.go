package circ_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
)

// redoing is an entry, its undo, of which nobody was told, what came in since,
// and the entry done again.
type redoing struct {
	name  string
	with  []change
	do    circ.Command
	over  []circ.Reason
	since []change // after the undo

	events []string // what doing it again does
	object []circ.Reason
	then   func(t *testing.T, did, after *world) // did: the world after the entry
}

// TestRedo does again what an undo took back of which nobody was told.
func TestRedo(t *testing.T) {
	made := func(k circ.Kind) string { return circ.NewID("entry-1", k, 0) }
	said := func(s string) *string { return &s }
	lentSince := func(w *world) {
		w.put(circ.Loan{ID: "later", Item: "item", Patron: "third", Desk: "desk-9", Out: hence(10 * time.Minute), Due: dayEnd(14)})
		editItem("item", func(i *circ.Item) {
			i.Loan, i.Held, i.Seen = "later", "", circ.Sighting{At: hence(10 * time.Minute), Desk: "desk-9", Library: "main"}
		})(w)
	}
	owesKept := func(t *testing.T, did, after *world) {
		is(t, "owes half of the price, and the processing", after.account(t, "other").Owes, 1300)
	}
	has := func(patron circ.PatronID) func(t *testing.T, did, after *world) {
		return func(t *testing.T, did, after *world) {
			if open := after.open("item"); len(open) != 1 || open[0].Patron != patron {
				t.Errorf("open loans %v, want one of %s", open, patron)
			}
		}
	}
	for _, tt := range []redoing{
		{name: "a check-out", do: lend, events: []string{"checked_out"}},
		{name: "a check-out from the hold shelf", with: []change{shelved("r", "reader", "item", hence(day))}, do: lend, events: []string{"checked_out"}},
		{name: "a check-out that closed another's loan", with: []change{onLoan("item", "other", day)}, do: lend, over: why(circ.OnLoanToOther), events: []string{"checked_in", "checked_out"}},
		{name: "a check-out of what was lent to another since: it has ended", do: lend, since: []change{lentSince}, events: []string{"loan_noted"}, object: why(circ.NewerLoan), then: has("third")},
		{name: "a check-out of what was taken back since: it has ended", do: lend, since: []change{seen("item", hence(10*time.Minute))}, events: []string{"loan_noted"}, object: why(circ.SeenSince), then: func(t *testing.T, did, after *world) {
			is(t, "open loans", len(after.open("item")), 0)
			isAt(t, "ended", after.loan(made(circ.KindLoan)).In, hence(10*time.Minute))
		}},
		{name: "a check-out from the hold shelf, while another copy is kept since", with: []change{shelved("r", "reader", "item", hence(day))}, do: lend, since: []change{
			editItem("item", func(i *circ.Item) { i.Held = "" }), shelved("r", "reader", "copy", hence(day)),
		}, events: []string{"untrapped", "checked_out"}, object: why(circ.OtherCopyHeld), then: func(t *testing.T, did, after *world) {
			is(t, "the other copy is free", after.item("copy").Held, "")
			is(t, "filled by", after.request("r").Copy, "item")
		}},
		{name: "a check-out that filled a request which was cancelled since", with: []change{waiting("r", "reader", day)}, do: lend, since: []change{
			edit(circ.KindRequest, "r", func(r *circ.Request) { r.Stage = circ.Cancelled }),
		}, events: []string{"checked_out"}, then: func(t *testing.T, did, after *world) {
			is(t, "the request", after.request("r").Stage, circ.Cancelled)
			has("reader")(t, did, after)
		}},

		{name: "a check-out that another desk renewed by telephone meanwhile", do: lend, since: []change{
			edit(circ.KindLoan, made(circ.KindLoan), func(l *circ.Loan) {
				l.Lent = circ.Term{Due: l.Due}
				l.Due, l.Renewals = dayEnd(20), []circ.Renewal{{ID: "r", At: hence(10 * time.Minute), Due: dayEnd(20), Desk: "desk-9"}}
			}),
		}, events: []string{"checked_out"}, then: func(t *testing.T, did, after *world) {
			has("reader")(t, did, after)
			isAt(t, "due", after.open("item")[0].Due, dayEnd(20))
			is(t, "renewals", len(after.open("item")[0].Renewals), 1)
		}},
		{name: "a check-out that another desk renewed by telephone, before it lent the book to another", do: lend, since: []change{
			edit(circ.KindLoan, made(circ.KindLoan), func(l *circ.Loan) {
				l.Renewals = []circ.Renewal{{ID: "r", At: hence(5 * time.Minute), Due: dayEnd(20), Desk: "desk-9"}}
			}), lentSince,
		}, events: []string{"loan_noted"}, object: why(circ.NewerLoan), then: func(t *testing.T, did, after *world) {
			is(t, "renewals", len(after.loan(made(circ.KindLoan)).Renewals), 1)
		}},

		{name: "a check-in", with: []change{onLoan("item", "reader", day)}, do: back, events: []string{"checked_in", "seen"}},
		{name: "a check-in of what was not on loan", do: back, events: []string{"seen"}},
		{name: "a check-in that kept it for somebody", with: []change{onLoan("item", "reader", day), waiting("r", "other", day)}, do: back, events: []string{"checked_in", "seen", "trapped"}},
		{name: "a check-in that kept it for somebody, for whom another copy is kept since", with: []change{onLoan("item", "reader", day), waiting("r", "other", day)}, do: back, since: []change{shelved("r", "other", "copy", hence(day))}, events: []string{"checked_in", "seen"}, object: why(circ.RequestGone), then: func(t *testing.T, did, after *world) {
			is(t, "the other copy stays", after.item("copy").Held, "r")
			is(t, "held", after.item("item").Held, "")
		}},
		{name: "a check-in of what was lent to another since: the other has it", with: []change{onLoan("item", "reader", day)}, do: back, since: []change{
			edit(circ.KindLoan, "loan of item", func(l *circ.Loan) { l.In, l.How = hence(10*time.Minute), circ.Evidence }), lentSince,
		}, events: []string{"checked_in", "seen"}, object: why(circ.OtherLoanOpen, circ.SeenSince), then: func(t *testing.T, did, after *world) {
			has("third")(t, did, after)
			isAt(t, "it came back when it did", after.loan("loan of item").In, now)
		}},
		{name: "a check-in of what was taken back again since", with: []change{onLoan("item", "reader", day)}, do: back, since: []change{
			edit(circ.KindLoan, "loan of item", func(l *circ.Loan) { l.In, l.How = hence(10*time.Minute), circ.Returned }),
			editItem("item", func(i *circ.Item) { i.Loan, i.Seen = "", circ.Sighting{At: hence(10 * time.Minute), Desk: "desk-9"} }),
		}, events: []string{"seen"}, object: why(circ.SeenSince), then: func(t *testing.T, did, after *world) {
			is(t, "open loans", len(after.open("item")), 0)
		}},

		{name: "a renewal", with: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}},
		{name: "a renewal with the item in hand", with: []change{onLoan("item", "reader", 9*day)}, do: lend, events: []string{"renewed"}},
		{name: "a renewal of what was renewed since: the later date stands", with: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, since: []change{renewed("item", "r", -2*day)}, events: []string{"renewed"}, then: func(t *testing.T, did, after *world) {
			isAt(t, "due", after.loan("loan of item").Due, dayEnd(16))
			is(t, "renewals", len(after.loan("loan of item").Renewals), 2)
		}},
		{name: "a renewal of what has come back since", with: []change{onLoan("item", "reader", 9*day)}, do: lend, since: []change{
			edit(circ.KindLoan, "loan of item", func(l *circ.Loan) { l.In, l.How = hence(10*time.Minute), circ.Returned }),
			editItem("item", func(i *circ.Item) { i.Loan, i.Seen = "", circ.Sighting{At: hence(10 * time.Minute), Desk: "desk-9"} }),
		}, events: []string{"renewed"}, then: func(t *testing.T, did, after *world) {
			is(t, "open loans", len(after.open("item")), 0)
		}},

		{name: "an incomplete return of what was said to be returned, and another desk says since that the patron has it: it is here, late until it was said to be returned", with: []change{onLoan("item", "reader", 20*day), marked("item", circ.LoanClaimed, 2*day)}, do: circ.Incomplete{Barcode: "301", Missing: []string{"map"}}, since: []change{
			marked("item", circ.LoanFound, -10*time.Minute),
		}, events: []string{"loan_marked", "seen"}, object: why(circ.ChangedSince), then: func(t *testing.T, did, after *world) {
			l := after.loan("loan of item")
			is(t, "incomplete", l.Incomplete(), true)
			isAt(t, "back", l.Marked.Back, now)
			isAt(t, "late until", l.Marked.Late, ago(2*day))
		}},
		{name: "an incomplete return of what was lost and found at home before: what is kept of the price stays", with: lostAndFound("item"), do: circ.Incomplete{Barcode: "301", Missing: []string{"map"}}, events: []string{"loan_marked", "seen"}, then: owesKept},
		{name: "the same, where another desk has called the patron since", with: lostAndFound("item"), do: circ.Incomplete{Barcode: "301", Missing: []string{"map"}}, since: []change{
			edit(circ.KindLoan, "loan of item", func(l *circ.Loan) {
				l.Calls = []circ.Call{{At: hence(10 * time.Minute), Desk: "desk-9", Text: "looks for the map"}}
			}),
		}, events: []string{"loan_marked", "seen"}, then: owesKept},
		{name: "a claim that what was lost and found at home was returned: what is kept of the price stays", with: lostAndFound("item"), do: circ.Claim{Barcode: "301"}, events: []string{"loan_marked"}, then: owesKept},
		{name: "a return, dated before the item was said to be lost: nothing is owed for that", with: lostFor("item", day), do: circ.CheckIn{Barcode: "301", Date: ago(2 * day)}, events: []string{"checked_in", "charged", "charged", "seen"}, then: func(t *testing.T, did, after *world) {
			is(t, "owes", after.account(t, "other").Owes, 0)
		}},
		{name: "an incomplete return of what the patron has shown at another desk since: the patron has it", with: []change{onLoan("item", "reader", 20*day), marked("item", circ.LoanClaimed, 2*day)}, do: circ.Incomplete{Barcode: "301", Missing: []string{"map"}}, since: []change{
			marked("item", circ.LoanFound, -10*time.Minute),
			edit(circ.KindLoan, "loan of item", func(l *circ.Loan) {
				l.Renewals = []circ.Renewal{{ID: "r", At: hence(10 * time.Minute), Due: dayEnd(14), Desk: "desk-9", InHand: true}}
			}),
			seen("item", hence(10*time.Minute)),
		}, events: []string{"seen"}, object: why(circ.ChangedSince, circ.SeenSince), then: func(t *testing.T, did, after *world) {
			is(t, "incomplete", after.loan("loan of item").Incomplete(), false)
			has("reader")(t, did, after)
		}},

		{name: "a recall", with: []change{film("item"), onLoan("item", "reader", 7*day)}, do: circ.RecallLoan{Barcode: "301"}, events: []string{"recalled"}},
		{name: "a recall of what was renewed since: the renewal stands", with: []change{film("item"), onLoan("item", "reader", 7*day)}, do: circ.RecallLoan{Barcode: "301"}, since: []change{renewed("item", "r", -day)}, events: []string{"recalled"}, object: why(circ.ChangedSince), then: func(t *testing.T, did, after *world) {
			isAt(t, "due", after.loan("loan of item").Due, dayEnd(15))
		}},
		{name: "a request: it waits in its old place", with: []change{waiting("s", "third", -time.Minute)}, do: circ.Place{Patron: "reader", Title: "title"}, events: []string{"placed"}, then: func(t *testing.T, did, after *world) {
			q := after.gathered(t, act("entry-9", back)).Queue("title")
			is(t, "first", string(q[0].ID), made(circ.KindRequest))
		}},
		{name: "a cancelled request, for which a copy is kept since", with: []change{waiting("r", "reader", day)}, do: circ.CancelRequest{Request: "r"}, since: []change{shelved("r", "reader", "item", hence(day))}, events: []string{"request_ended"}, then: func(t *testing.T, did, after *world) {
			is(t, "the copy is free", after.item("item").Held, "")
		}},
		{name: "a cancelled request that was filled since", with: []change{waiting("r", "reader", day)}, do: circ.CancelRequest{Request: "r"}, since: []change{
			edit(circ.KindRequest, "r", func(r *circ.Request) { r.Stage, r.Copy = circ.Filled, "item" }), onLoan("item", "reader", 0),
		}, object: why(circ.RequestOver), then: has("reader")},
		{name: "shelving", with: []change{waiting("r", "other", day)}, do: circ.Shelve{Barcode: "301"}, events: []string{"seen", "trapped"}},
		{name: "taking off the shelf", with: []change{shelved("r", "other", "item", hence(day))}, do: circ.TakeOff{Barcode: "301"}, events: []string{"untrapped", "seen"}},
		{name: "taking off the shelf what was collected since", with: []change{shelved("r", "other", "item", hence(day))}, do: circ.TakeOff{Barcode: "301"}, since: []change{
			edit(circ.KindRequest, "r", func(r *circ.Request) { r.Stage, r.Copy = circ.Filled, "item" }), lentSince,
		}, events: []string{"seen"}, object: why(circ.SeenSince), then: has("third")},

		{name: "a block", do: circ.BlockPatron{Patron: "reader", Text: "x"}, events: []string{"blocked"}},
		{name: "a lifted block", with: []change{blocked("b", "reader", "x")}, do: circ.Unblock{Block: "b"}, events: []string{"unblocked"}},
		{name: "an alert", do: circ.AddAlert{Patron: "reader", Text: "x"}, events: []string{"alerted"}},
		{name: "an ended alert", with: []change{alertOn("a", "", "item", circ.AtBoth)}, do: circ.EndAlert{Alert: "a"}, events: []string{"alert_ended"}},
		{name: "a registration", do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F"}}, events: []string{"registered"}},
		{name: "a registration whose card another desk has given out since", do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F"}}, since: []change{func(w *world) {
			w.put(circ.Card{Number: "card-new", Patron: "other", State: circ.CardValid})
		}}, events: []string{"aliased"}, object: why(circ.PatronKnown), then: func(t *testing.T, did, after *world) {
			is(t, "the card's patron", after.card("card-new").Patron, "other")
			is(t, "points to", after.patron(made(circ.KindPatron)).Merged, "other")
		}},
		{name: "an address", do: circ.Edit{Patron: "reader", Contact: circ.Contact{City: said("Town")}}, events: []string{"edited"}},
		{name: "an address that was changed since: somebody must look", do: circ.Edit{Patron: "reader", Contact: circ.Contact{City: said("Town")}}, since: []change{editPatron("reader", func(p *circ.Patron) { p.City = "Village" })}, events: []string{"edited"}, object: why(circ.ChangedSince)},
		{name: "a card's new date", do: circ.RenewCard{Patron: "reader", Until: hence(365 * day)}, events: []string{"card_renewed"}},
		{name: "a new card", do: circ.ReplaceCard{Patron: "reader", Number: "card-new"}, events: []string{"card_replaced"}},
		{name: "a new card whose number is somebody's since", do: circ.ReplaceCard{Patron: "reader", Number: "card-new"}, since: []change{func(w *world) {
			w.put(circ.Card{Number: "card-new", Patron: "other", State: circ.CardValid})
		}}, object: why(circ.CardTaken), then: func(t *testing.T, did, after *world) {
			is(t, "the old card opens", after.card("card-reader").State, circ.CardValid)
		}},
		{name: "an opened drawer", do: circ.OpenDrawer{Drawer: "main/till"}, events: []string{"drawer_opened"}},
		{name: "an opened drawer that another desk has opened since", do: circ.OpenDrawer{Drawer: "main/till"}, since: []change{opened("main/till/1", 500, -time.Minute)}, object: why(circ.DrawerIsOpen)},
		{name: "two records made one", with: []change{onLoan("item", "other", 9*day), owes("f", "other", 300, day)}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), events: []string{"patrons_merged"}},
		{name: "two records made one, and one was made a third's since", do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), since: []change{merged("other", "third")}, object: why(circ.ChangedSince)},
		{name: "an item that was added", do: circ.AddItem{Barcode: "399", Title: "Unheard Of"}, events: []string{"item_added"}},
		{name: "a link", do: circ.LinkPatrons{Patron: "reader", Other: "other", Kind: circ.Guarantor}, events: []string{"linked"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := act("entry-1", tt.do)
			a.Over = tt.over
			did, story := plain(tt.with...).done(t, a)
			w := did.undone(t, story)
			for _, c := range tt.since {
				c(w)
			}
			events, objections := w.redo(t, story)
			same(t, "events", names(events), tt.events)
			same(t, "objections", reasons(objections), tt.object)
			after := w.apply(events...)
			for _, wrong := range after.wrongs() {
				t.Error(wrong)
			}
			if tt.since == nil {
				after.is(t, did)
			}
			if tt.then != nil {
				tt.then(t, did, after)
			}
		})
	}
}

// TestRedoRestores: an undo that is undone leaves every row as if there had been
// none, and doing it again once more changes nothing.
func TestRedoRestores(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		deeds, did := drawDeeds(r, t, lively(), "desk-1", now, 6)
		if len(deeds) == 0 {
			return
		}
		story := deeds[len(deeds)-1].story
		if staysDone(story) {
			return // no undo takes it back
		}
		w := did.undone(t, story)
		for n := range 2 {
			events, objections := w.redo(t, story)
			if n == 0 && len(objections) > 0 {
				r.Fatalf("%+v: objections %+v", story.Act.Command, objections)
			}
			w = w.apply(events...)
			w.is(r, did)
		}
	})
}

// TestRedoMeetsOthers: another desk works on after an undo, and then the undo is
// withdrawn: the records stay whole, and no money comes or goes.
func TestRedoMeetsOthers(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		deeds, w := drawDeeds(r, t, lively(), "desk-1", now, 3)
		if len(deeds) == 0 {
			return
		}
		story := deeds[len(deeds)-1].story
		if staysDone(story) {
			return
		}
		_, w = drawDeeds(r, t, w.undone(t, story), "desk-2", story.Act.At.Add(time.Hour), 5)
		events, objections := w.redo(t, story)
		after := w.apply(events...)
		for _, wrong := range after.wrongs() {
			r.Errorf("%s", wrong)
		}
		if cash(after) != cash(w) {
			r.Errorf("cash was %d, and is %d", cash(w), cash(after))
		}
		for _, i := range every[circ.Item](after) {
			if l, out := after.rows[circ.Key{Kind: circ.KindLoan, ID: string(i.Loan)}].(circ.Loan); out && !l.Incomplete() && had(l).Before(i.Seen.At) {
				r.Errorf("%s is in hand since %v, and was seen %v", i.ID, had(l), i.Seen.At)
			}
		}
		if r.Failed() {
			r.Fatalf("%+v again: %+v\nobjections %+v", story.Act.Command, events, objections)
		}
	})
}

// staysDone reports whether no undo takes a story back.
func staysDone(story circ.Story) bool {
	switch story.Act.Command.(type) {
	case circ.Pay, circ.Refund, circ.CloseDrawer, circ.SeeContact, circ.CarryConflict:
		return true
	case circ.AddItem: // of one that is known there is nothing to take back
		_, aliased := story.Events[0].(circ.ItemAliased)
		return aliased
	}
	return false
}

// undone gives the world after a clerk's undo that nothing stands against.
func (w *world) undone(t testing.TB, story circ.Story) *world {
	t.Helper()
	a := act("entry-undo", circ.Undo{Entry: story.Act.ID})
	a.At = story.Act.At.Add(time.Minute)
	d := w.undo(t, a, story)
	if !d.Done() {
		t.Fatalf("%s is not undone: %v", story.Act.Command.Name(), reasons(d.Refused))
	}
	return w.apply(d.Events...)
}

// redo fits a story that was taken back into this world again, without applying it.
func (w *world) redo(t testing.TB, story circ.Story) ([]circ.Event, []circ.Remark) {
	t.Helper()
	c := circ.NewCase(story.Act, rules)
	c.Told = story.Events
	w.gather(t, c)
	return circ.Redo(c)
}

// is checks that the world has the rows of another.
func (w *world) is(t failer, want *world) {
	t.Helper()
	got, whole := w.clone(), want.clone()
	for k, r := range got.rows {
		got.rows[k] = plainly(r)
	}
	for k, r := range whole.rows {
		whole.rows[k] = plainly(r)
	}
	if g, x := got.frozen(t), whole.frozen(t); g != x {
		t.Errorf("the world is\n%s\nwant\n%s", g, x)
	}
}
