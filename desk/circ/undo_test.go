package circ_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
)

// taking is one entry, what happened since, and taking it back.
type taking struct {
	name  string
	with  []change
	do    circ.Command // the entry that is taken back
	over  []circ.Reason
	since []change // what happened between

	refused []circ.Reason // an undo says this; nil: it goes through
	tell    []circ.Reason
	events  []string // what the undo does
	then    func(t *testing.T, before, after *world)
}

func TestUndo(t *testing.T) {
	const loanID = "loan of item"
	made := func(k circ.Kind) string { return circ.NewID("entry-1", k, 0) }
	said := func(s string) *string { return &s }
	lentSince := func(w *world) {
		w.put(circ.Loan{ID: "later", Item: "item", Patron: "third", Out: hence(time.Minute), Due: dayEnd(14)})
		editItem("item", func(i *circ.Item) {
			i.Loan, i.Held, i.Seen = "later", "", circ.Sighting{At: hence(time.Minute), Desk: "desk-9", Library: "main"}
		})(w)
	}
	for _, tt := range []taking{
		{name: "a check-out", do: lend, events: []string{"loan_voided"}, then: func(t *testing.T, before, after *world) {
			is(t, "the loan", after.loan(made(circ.KindLoan)).How, circ.Void)
		}},
		{name: "a check-out from the hold shelf", with: []change{shelved("r", "reader", "item", hence(day))}, do: lend, events: []string{"loan_voided", "requeued"}, then: func(t *testing.T, before, after *world) {
			is(t, "the request", plainly(after.request("r")), plainly(before.request("r")))
		}},
		{name: "a check-out that released another copy", with: []change{shelved("r", "reader", "copy", hence(day))}, do: lend, events: []string{"loan_voided", "requeued", "requeued"}, then: func(t *testing.T, before, after *world) {
			is(t, "the other copy", after.item("copy").Held, "r")
			is(t, "the request", plainly(after.request("r")), plainly(before.request("r")))
		}},
		{name: "a check-out of what was kept for another", with: []change{shelved("r", "other", "item", hence(day))}, do: lend, over: why(circ.HeldForOther), events: []string{"loan_voided", "requeued"}, then: func(t *testing.T, before, after *world) {
			is(t, "the other's request", plainly(after.request("r")), plainly(before.request("r")))
		}},
		{name: "a check-out that closed another's loan", with: []change{onLoan("item", "other", day)}, do: lend, over: why(circ.OnLoanToOther), events: []string{"loan_voided", "reopened"}, then: func(t *testing.T, before, after *world) {
			is(t, "open again", after.loan(loanID).Open(), true)
			is(t, "the item's loan", after.item("item").Loan, loanID)
		}},
		{name: "a check-out of what has come back since", do: lend, since: []change{func(w *world) {
			edit(circ.KindLoan, made(circ.KindLoan), func(l *circ.Loan) { l.In, l.How = hence(time.Minute), circ.Returned })(w)
			editItem("item", func(i *circ.Item) {
				i.Loan, i.Seen = "", circ.Sighting{At: hence(time.Minute), Desk: "desk-9", Library: "main"}
			})(w)
		}}, refused: why(circ.ChangedSince)},

		{name: "a check-in", with: []change{onLoan("item", "reader", day)}, do: back, events: []string{"unseen", "reopened"}, then: func(t *testing.T, before, after *world) {
			is(t, "open again", after.loan(loanID).Open(), true)
		}},
		{name: "a check-in that kept it for somebody", with: []change{onLoan("item", "reader", day), waiting("r", "other", day)}, do: back, tell: why(circ.TellThePerson), events: []string{"requeued", "unseen", "reopened"}, then: func(t *testing.T, before, after *world) {
			is(t, "the request", plainly(after.request("r")), plainly(before.request("r")))
		}},
		{name: "a check-in that sent it to somebody", with: []change{onLoan("item", "reader", day), waiting("r", "other", day, pickupAt("east"))}, do: back, events: []string{"requeued", "unseen", "reopened"}, then: func(t *testing.T, before, after *world) {
			is(t, "transit", after.item("item").Transit, "")
		}},
		{name: "a check-in of what was not on loan", do: back, events: []string{"unseen"}},
		{name: "a check-in of what was lent since", with: []change{onLoan("item", "reader", day)}, do: back, since: []change{lentSince}, refused: why(circ.ChangedSince)},
		{name: "a check-in that kept it for somebody who has cancelled since", with: []change{onLoan("item", "reader", day), waiting("r", "other", day)}, do: back, since: []change{
			edit(circ.KindRequest, "r", func(r *circ.Request) { r.Stage, r.Copy, r.Until = circ.Cancelled, "", time.Time{} }), editItem("item", func(i *circ.Item) { i.Held = "" }),
		}, refused: why(circ.ChangedSince)},

		{name: "a renewal", with: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, events: []string{"unrenewed"}},
		{name: "a renewal after which it was renewed again", with: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, since: []change{
			edit(circ.KindLoan, loanID, func(l *circ.Loan) {
				l.Renewals = append(slices.Clone(l.Renewals), circ.Renewal{ID: "r", At: hence(day), Due: dayEnd(15)})
			}),
		}, refused: why(circ.ChangedSince)},
		{name: "a renewal of what has come back since", with: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, since: []change{
			edit(circ.KindLoan, loanID, func(l *circ.Loan) { l.In, l.How = hence(time.Minute), circ.Returned }), editItem("item", func(i *circ.Item) { i.Loan = "" }),
		}, refused: why(circ.ChangedSince)},

		{name: "a recall", with: []change{film("item"), onLoan("item", "reader", 7*day)}, do: circ.RecallLoan{Barcode: "301"}, events: []string{"unrecalled"}, then: func(t *testing.T, before, after *world) {
			isAt(t, "due", after.loan(loanID).Due, before.loan(loanID).Due)
			is(t, "recalled", after.loan(loanID).RecalledSince().IsZero(), true)
		}},
		{name: "a recall that was lifted since", with: []change{film("item"), onLoan("item", "reader", 7*day)}, do: circ.RecallLoan{Barcode: "301"}, since: []change{
			edit(circ.KindLoan, loanID, func(l *circ.Loan) { l.Due, l.Recalled = l.Lent.Due, circ.Recall{At: hence(time.Minute)} }),
		}, refused: why(circ.ChangedSince)},
		{name: "a recall by which it was late: the fee is less", with: []change{film("item"), onLoan("item", "reader", 7*day)}, do: circ.RecallLoan{Barcode: "301"}, since: []change{func(w *world) {
			a := act("theirs", back)
			a.At, a.Desk = hence(6*day), "desk-9"
			after, _ := w.done(t, a)
			*w = *after
		}}, events: []string{"unrecalled", "charged"}, then: func(t *testing.T, before, after *world) {
			is(t, "owes", after.account(t, "reader").Owes, 0)
		}},
		{name: "the lifting of a recall", with: []change{film("item"), onLoan("item", "reader", 7*day), recalled("item", day, hence(2*day))}, do: circ.LiftRecall{Barcode: "301"}, events: []string{"unrecalled"}, then: func(t *testing.T, before, after *world) {
			isAt(t, "due", after.loan(loanID).Due, hence(2*day))
			isAt(t, "recalled", after.loan(loanID).RecalledSince(), ago(day))
		}},
		{name: "a request", do: circ.Place{Patron: "reader", Title: "title"}, events: []string{"request_ended"}, then: func(t *testing.T, before, after *world) {
			is(t, "stage", after.request(made(circ.KindRequest)).Stage, circ.Cancelled)
		}},
		{name: "a request for which a copy is kept since", do: circ.Place{Patron: "reader", Title: "title"}, since: []change{func(w *world) {
			edit(circ.KindRequest, made(circ.KindRequest), func(r *circ.Request) { r.Stage, r.Copy = circ.OnShelf, "item" })(w)
			editItem("item", func(i *circ.Item) { i.Held = circ.RequestID(made(circ.KindRequest)) })(w)
		}}, refused: why(circ.ChangedSince)},
		{name: "a request that cost something: nothing is owed", with: []change{student("reader")}, do: circ.Place{Patron: "reader", Title: "title"}, events: []string{"charged", "request_ended"}, then: func(t *testing.T, before, after *world) {
			is(t, "owes", after.account(t, "reader").Owes, 0)
		}},
		{name: "a request whose fee was paid since", with: []change{student("reader")}, do: circ.Place{Patron: "reader", Title: "title"}, since: []change{paid("p", made(circ.KindFee), "reader", 80)}, refused: why(circ.MoneyStays)},
		{name: "a registration that cost something", do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F", Group: "student"}}, events: []string{"charged", "unregistered"}, then: func(t *testing.T, before, after *world) {
			is(t, "the fee", of[circ.Fee](after, circ.KindFee, made(circ.KindFee)).Amount, euro(0))
		}},
		{name: "a request that was moved", with: []change{waiting("r", "reader", day, func(r *circ.Request) { r.Pickup = "main" })}, do: circ.MoveRequest{Request: "r", Pickup: "east"}, events: []string{"request_moved"}, then: func(t *testing.T, before, after *world) {
			is(t, "pickup", after.request("r").Pickup, "main")
		}},
		{name: "a request that was moved, and has a copy since", with: []change{waiting("r", "reader", day)}, do: circ.MoveRequest{Request: "r", Pickup: "east"}, since: []change{shelved("r", "reader", "item", hence(day))}, refused: why(circ.ChangedSince)},
		{name: "a cancelled request", with: []change{waiting("r", "reader", day)}, do: circ.CancelRequest{Request: "r"}, events: []string{"requeued"}},
		{name: "a cancelled request that had a copy", with: []change{shelved("r", "reader", "item", hence(day))}, do: circ.CancelRequest{Request: "r"}, events: []string{"requeued"}, then: func(t *testing.T, before, after *world) {
			is(t, "held", after.item("item").Held, "r")
		}},
		{name: "a cancelled request whose copy was lent since", with: []change{shelved("r", "reader", "item", hence(day))}, do: circ.CancelRequest{Request: "r"}, since: []change{lentSince}, events: []string{"requeued"}, then: func(t *testing.T, before, after *world) {
			is(t, "it waits", after.request("r").Stage, circ.Waiting)
			is(t, "no copy", after.request("r").Copy, "")
			is(t, "the loan stays", after.item("item").Loan, "later")
		}},
		{name: "shelving", with: []change{waiting("r", "other", day)}, do: circ.Shelve{Barcode: "301"}, tell: why(circ.TellThePerson), events: []string{"requeued", "unseen"}},
		{name: "taking off the shelf", with: []change{shelved("r", "other", "item", hence(day))}, do: circ.TakeOff{Barcode: "301"}, events: []string{"unseen", "requeued"}},
		{name: "taking off the shelf what was not collected", with: []change{shelved("r", "other", "item", ago(day))}, do: circ.TakeOff{Barcode: "301"}, events: []string{"unseen", "requeued"}},

		{name: "a block", do: circ.BlockPatron{Patron: "reader", Text: "x"}, events: []string{"unblocked"}, then: func(t *testing.T, before, after *world) {
			is(t, "may borrow", after.decide(t, act("entry-9", lend)).Done(), true)
		}},
		{name: "a lifted block", with: []change{blocked("b", "reader", "x")}, do: circ.Unblock{Block: "b"}, events: []string{"reblocked"}},
		{name: "a corrected return that suspends for longer: it is as it was, and by whom it was", with: []change{laptop("item"), onLoan("item", "other", 17*day), done(circ.CheckIn{Barcode: "301", Date: ago(day)})}, do: circ.CorrectReturn{Barcode: "301", In: ago(2 * time.Hour)}, over: why(circ.OtherReturn), events: []string{"blocked", "return_restored"}, then: func(t *testing.T, before, after *world) {
			isAt(t, "suspended", suspension(after, "item").At, suspension(before, "item").At)
		}},
		{name: "an alert", do: circ.AddAlert{Patron: "reader", Text: "x"}, events: []string{"alert_ended"}, then: func(t *testing.T, before, after *world) {
			same(t, "told", reasons(after.decide(t, act("entry-9", lend)).Tell), nil)
		}},
		{name: "an alert that was ended since", do: circ.AddAlert{Item: "item", Text: "x"}, since: []change{edit(circ.KindAlert, made(circ.KindAlert), endedAlert)}, refused: why(circ.UndoneAlready)},
		{name: "an ended alert", with: []change{alertOn("a", "reader", "", circ.AtBoth)}, do: circ.EndAlert{Alert: "a"}, events: []string{"alert_restored"}, then: func(t *testing.T, before, after *world) {
			same(t, "told", reasons(after.decide(t, act("entry-9", lend)).Tell), why(circ.PatronAlert))
		}},
		{name: "an ended alert that another desk had ended first", with: []change{alertOn("a", "reader", "", circ.AtBoth)}, do: circ.EndAlert{Alert: "a"}, since: []change{edit(circ.KindAlert, "a", endedAlert)}, refused: why(circ.UndoneAlready)},
		{name: "a registration", do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F"}}, events: []string{"unregistered"}, then: func(t *testing.T, before, after *world) {
			same(t, "the card", reasons(after.decide(t, act("entry-9", circ.CheckOut{Card: "card-new", Barcode: "301"})).Refused), why(circ.UnknownPatron))
			is(t, "nothing of the person is left", after.patron(made(circ.KindPatron)), circ.Patron{ID: circ.PatronID(made(circ.KindPatron)), Void: true})
		}},
		{name: "a registration of somebody who has borrowed since", do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F"}}, since: []change{onLoan("item", made(circ.KindPatron), 0)}, refused: why(circ.ChangedSince)},
		{name: "a registration of somebody whose card was replaced since", do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F"}}, since: []change{
			edit(circ.KindPatron, made(circ.KindPatron), func(p *circ.Patron) { p.Card = "card-newer" }),
		}, refused: why(circ.ChangedSince)},
		{name: "an address", with: []change{editPatron("reader", func(p *circ.Patron) { p.City = "Old" })}, do: circ.Edit{Patron: "reader", Contact: circ.Contact{City: said("New"), Phone: said("1")}}, events: []string{"edited"}},
		{name: "an address that was changed again", do: circ.Edit{Patron: "reader", Contact: circ.Contact{City: said("New")}}, since: []change{editPatron("reader", func(p *circ.Patron) { p.City = "Newer" })}, refused: why(circ.ChangedSince)},
		{name: "an address, while the phone was changed", do: circ.Edit{Patron: "reader", Contact: circ.Contact{City: said("New")}}, since: []change{editPatron("reader", func(p *circ.Patron) { p.Phone = "1" })}, events: []string{"edited"}, then: func(t *testing.T, before, after *world) {
			is(t, "city", after.patron("reader").City, "")
			is(t, "phone", after.patron("reader").Phone, "1")
		}},
		{name: "a card's new date", with: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = hence(day) })}, do: circ.RenewCard{Patron: "reader", Until: hence(365 * day)}, events: []string{"card_renewed"}},
		{name: "a card's new date that was changed again", do: circ.RenewCard{Patron: "reader", Until: hence(365 * day)}, since: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = hence(30 * day) })}, refused: why(circ.ChangedSince)},
		{name: "a new card", do: circ.ReplaceCard{Patron: "reader", Number: "card-new"}, events: []string{"card_replaced"}, then: func(t *testing.T, before, after *world) {
			is(t, "the old card opens again", after.decide(t, act("entry-9", lend)).Done(), true)
			same(t, "the new one does not", reasons(after.decide(t, act("entry-9", circ.CheckOut{Card: "card-new", Barcode: "301"})).Refused), why(circ.UnknownPatron))
		}},
		{name: "a new card that was replaced again", do: circ.ReplaceCard{Patron: "reader", Number: "card-new"}, since: []change{editPatron("reader", func(p *circ.Patron) { p.Card = "card-newer" })}, refused: why(circ.ChangedSince)},
		{name: "two records made one", with: []change{onLoan("item", "other", 9*day), waiting("r", "other", day), owes("f", "other", 300, day), paid("p", "f", "other", 100), blocked("b", "other", "x"), lostCard("old", "other"), editPatron("other", func(p *circ.Patron) { p.Email = "o@example.org" })}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), events: []string{"patrons_unmerged"}, then: func(t *testing.T, before, after *world) {
			is(t, "the loan is the other's again", after.loan("loan of item").Patron, "other")
		}},
		{name: "two records made one, and more was lent since: that stays with whom it was lent to", with: []change{onLoan("item", "other", 9*day)}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), since: []change{onLoan("copy", "reader", 0)}, events: []string{"patrons_unmerged"}, then: func(t *testing.T, before, after *world) {
			is(t, "of before", after.loan("loan of item").Patron, "other")
			is(t, "of since", after.loan("loan of copy").Patron, "reader")
		}},
		{name: "two records made one, and a fee of the one that went was paid since", with: []change{owes("f", "other", 300, day)}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), since: []change{paid("p", "f", "reader", 100)}, refused: why(circ.ChangedSince)},
		{name: "two records made one, and the credit of the one that went was used since", with: []change{paid("c", "", "other", 300)}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), since: []change{func(w *world) {
			w.put(circ.Payment{ID: "o", Kind: circ.Transfer, Patron: "reader", Amount: euro(-300), At: hence(time.Minute)}, circ.Payment{ID: "i", Kind: circ.Transfer, Fee: "g", Patron: "reader", Amount: euro(300), At: hence(time.Minute)})
		}}, refused: why(circ.ChangedSince)},
		{name: "two records made one, and that with a third since", do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), since: []change{merged("reader", "third")}, refused: why(circ.ChangedSince)},
		{name: "an item that was added", do: circ.AddItem{Barcode: "399", Title: "Unheard Of"}, events: []string{"item_unadded"}},
		{name: "an item that was added, and is on loan", do: circ.AddItem{Barcode: "399", Title: "Unheard Of"}, since: []change{onLoan(circ.NewID("entry-1", circ.KindItem, 0), "reader", 0)}, refused: why(circ.ChangedSince)},
		{name: "an item that was known after all: nobody follows the pointer any more", do: circ.AddItem{Barcode: "301", Title: "Unheard Of"}, events: []string{"item_aliased"}},
		{name: "a link", do: circ.LinkPatrons{Patron: "reader", Other: "other", Kind: circ.Guarantor}, events: []string{"unlinked"}},

		{name: "money stays", with: []change{owes("f", "reader", 300, day)}, do: circ.Pay{Patron: "reader", Amount: euro(300)}, refused: why(circ.MoneyStays)},
		{name: "an opened drawer", do: circ.OpenDrawer{Drawer: "main/till", Float: euro(5000)}, events: []string{"drawer_unopened"}, then: func(t *testing.T, before, after *world) {
			same(t, "it is not in use", reasons(after.decide(t, act("entry-9", circ.CloseDrawer{Drawer: "main/till"})).Refused), why(circ.DrawerNotOpen))
		}},
		{name: "an opened drawer, in which money lies since: it is of the next shift", do: circ.OpenDrawer{Drawer: "main/till"}, since: []change{paidIn("p", "main/till/1", "reader", 300, 0)}, events: []string{"drawer_unopened"}, then: func(t *testing.T, before, after *world) {
			d := after.decide(t, act("entry-9", circ.OpenDrawer{Drawer: "main/till"}))
			same(t, "told at the next opening", reasons(d.Tell), why(circ.MoneyBefore))
			is(t, "in", after.apply(d.Events...).takenIn(t, "main/till/1"), 300)
		}},
		{name: "an opened drawer that was closed since", do: circ.OpenDrawer{Drawer: "main/till"}, since: []change{closed("main/till/1", 0)}, refused: why(circ.ChangedSince)},
		{name: "a closed drawer stays closed", with: []change{opened("main/till/1", 0, time.Hour)}, do: circ.CloseDrawer{Drawer: "main/till"}, refused: why(circ.StaysClosed)},
		{name: "a load cannot be taken back", do: circ.LoadNote{File: "f"}, refused: why(circ.NotUndone)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			before := plain(tt.with...)
			a := act("entry-1", tt.do)
			a.Over = tt.over
			w, story := before.done(t, a)
			for _, c := range tt.since {
				c(w)
			}
			undo := act("entry-2", circ.Undo{Entry: "entry-1"})
			undo.At = hence(5 * time.Minute)
			d := w.undo(t, undo, story)
			same(t, "refused", slices.Compact(reasons(d.Refused)), tt.refused)
			same(t, "told", reasons(d.Tell), tt.tell)
			same(t, "events", names(d.Events), tt.events)
			after := w.apply(d.Events...)
			for _, wrong := range after.wrongs() {
				t.Error(wrong)
			}
			if tt.refused == nil && tt.since == nil {
				after.restores(t, before)
			}
			if tt.then != nil {
				tt.then(t, before, after)
			}
			if d.Done() && tt.since == nil {
				undo.ID = "entry-3"
				if twice := after.apply(after.undo(t, undo, story).Events...); !reflect.DeepEqual(twice, after) {
					t.Error("it is taken back a second time")
				}
			}
		})
	}
	t.Run("an entry that is not known", func(t *testing.T) {
		same(t, "refused", reasons(plain().decide(t, act("entry-2", circ.Undo{Entry: "entry-1"})).Refused), why(circ.UnknownThing))
	})
	t.Run("an undo itself", func(t *testing.T) {
		w, story := plain().done(t, act("entry-1", lend))
		undo := act("entry-2", circ.Undo{Entry: "entry-1"})
		d := w.undo(t, undo, story)
		w = w.apply(d.Events...)
		d = w.undo(t, act("entry-3", circ.Undo{Entry: "entry-2"}), circ.Story{Act: undo, Events: d.Events})
		same(t, "refused", reasons(d.Refused), why(circ.NotUndone))
	})
	t.Run("an undo that left somebody with the book", func(t *testing.T) {
		w := plain(onLoan("item", "reader", day))
		undo := circ.Story{Act: act("entry-2", circ.Undo{Entry: "entry-1"}), Events: []circ.Event{
			circ.CheckedOut{Loan: "loan of item", Item: "item", Patron: "reader", At: ago(day), Desk: "desk-0"},
		}}
		d := w.undo(t, act("entry-3", circ.Undo{Entry: "entry-2"}), undo)
		same(t, "refused", reasons(d.Refused), why(circ.NotUndone))
	})
}

// undo decides on taking back a story.
func (w *world) undo(t testing.TB, a circ.Act, was circ.Story) circ.Decision {
	t.Helper()
	c := circ.NewCase(a, rules)
	c.Was = &was
	w.gather(t, c)
	return circ.Decide(c)
}

// failer is a test or a property.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
}

// restores checks that every row is what it was before, and that what is new
// stays only as something that never was.
func (w *world) restores(t failer, before *world) {
	t.Helper()
	for k, r := range w.rows {
		old, was := before.rows[k]
		switch {
		case was && !reflect.DeepEqual(plainly(old), plainly(r)):
			t.Errorf("%v is\n%+v\nand was\n%+v", k, r, old)
		case !was && !neverWas(r):
			t.Errorf("%v still counts: %+v", k, r)
		}
	}
	for k := range before.rows {
		if _, ok := w.rows[k]; !ok {
			t.Errorf("%v is gone", k)
		}
	}
}

// plainly gives a row without who changed it last, and without what may be
// forgotten: the oldest sightings.
func plainly(r circ.Row) circ.Row {
	switch r := r.(type) {
	case circ.Item:
		r.Earlier = nil
		return r
	case circ.Request:
		r.Changed = circ.Hand{}
		return r
	case circ.Patron:
		r.Changed = circ.Hand{}
		return r
	case circ.Fee:
		if r.Amount.Minor == 0 { // who had charged it last counts for nothing
			return circ.Fee{ID: r.ID, Patron: r.Patron}
		}
	}
	return r
}

// neverWas reports whether a row made by an entry counts for nothing.
func neverWas(r circ.Row) bool {
	switch r := r.(type) {
	case circ.Loan:
		return r.How == circ.Void
	case circ.InHouse:
		return !r.Undone.IsZero()
	case circ.Request:
		return r.Stage == circ.Cancelled
	case circ.Payment:
		return r.Amount.Minor == 0
	case circ.Fee:
		return r.Amount.Minor == 0
	case circ.Block:
		return !r.Lifted.IsZero()
	case circ.Alert:
		return !r.Ended.IsZero()
	case circ.Link:
		return !r.Ended.IsZero()
	case circ.Shift:
		return r.Opened.At.IsZero()
	case circ.Patron:
		return r.Void
	case circ.Card:
		return r.State == circ.CardVoid
	case circ.Conflict:
		return r.Class == ""
	case circ.Item: // one that was added, or a pointer to what is known: nobody meets it
		return r.Barcode == ""
	case circ.Title:
		return r.Title == ""
	}
	return false
}

// TestARefusedUndoNamesTheOtherDesk: what another desk did since is told with
// its name and time.
func TestARefusedUndoNamesTheOtherDesk(t *testing.T) {
	said := func(s string) *string { return &s }
	patron := circ.PatronID(circ.NewID("entry-1", circ.KindPatron, 0))
	request := circ.RequestID(circ.NewID("entry-1", circ.KindRequest, 0))
	for _, tt := range []struct {
		name  string
		with  []change
		do    circ.Command
		since circ.Command // at the other desk
		met   circ.Event   // or what came of it there
	}{
		{name: "a check-out of what has come back since", do: lend, since: back},
		{name: "a check-out that was renewed since", do: lend, met: circ.Renewed{Loan: circ.LoanID(circ.NewID("entry-1", circ.KindLoan, 0)), ID: "r", At: hence(time.Hour), Due: dayEnd(20), Desk: "desk-2"}},
		{name: "a check-in of what was lent since", with: []change{onLoan("item", "reader", day)}, do: back, since: circ.CheckOut{Card: "card-other", Barcode: "301"}},
		{name: "a renewal that was renewed since", with: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, met: circ.Renewed{Loan: "loan of item", ID: "r", At: hence(time.Hour), Due: dayEnd(20), Desk: "desk-2"}},
		{name: "a renewal of what has come back since", with: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, since: back},
		{name: "a request for which a copy is kept since", do: circ.Place{Patron: "reader", Title: "title"}, since: back},
		{name: "a check-in that kept it for somebody who has cancelled since", with: []change{waiting("r", "other", day)}, do: back, since: circ.CancelRequest{Request: "r"}},
		{name: "a cancelled request that stands again since", with: []change{waiting("r", "other", day)}, do: circ.CancelRequest{Request: "r"}, met: circ.Requeued{Request: "r", Kept: circ.Kept{Stage: circ.Waiting}, By: circ.Hand{At: hence(time.Hour), Desk: "desk-2"}}},
		{name: "shelving of what was taken off since", with: []change{waiting("r", "other", day)}, do: circ.Shelve{Barcode: "301"}, since: circ.TakeOff{Barcode: "301"}},
		{name: "an address that was changed since", do: circ.Edit{Patron: "reader", Contact: circ.Contact{City: said("Town")}}, since: circ.Edit{Patron: "reader", Contact: circ.Contact{City: said("Village")}}},
		{name: "a card's date that was changed since", do: circ.RenewCard{Patron: "reader", Until: hence(300 * day)}, since: circ.RenewCard{Patron: "reader", Until: hence(400 * day)}},
		{name: "a new card that was replaced since", do: circ.ReplaceCard{Patron: "reader", Number: "card-2"}, since: circ.ReplaceCard{Patron: "reader", Number: "card-3"}},
		{name: "a registration of somebody who has borrowed since", do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F"}}, since: circ.CheckOut{Card: "card-new", Barcode: "301"}},
		{name: "a registration of somebody who waits since", do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F"}}, since: circ.Place{Card: "card-new", Title: "title"}},
		{name: "a registration of somebody whose card was replaced since", do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F"}}, since: circ.ReplaceCard{Patron: patron, Number: "card-2"}},
		{name: "a registration that another desk met since", do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F"}}, met: circ.Aliased{Patron: "x", Known: patron, By: circ.Hand{At: hence(time.Hour), Desk: "desk-2"}}},
		{name: "an item that was added at another desk since", do: circ.AddItem{Barcode: "399", Title: "Unheard Of"}, since: circ.AddItem{Barcode: "399", Title: "Another"}},
		{name: "a request that is kept for since", do: circ.Place{Patron: "reader", Title: "title"}, met: circ.Trapped{Request: request, Item: "item", Stage: circ.OnShelf, By: circ.Hand{At: hence(time.Hour), Desk: "desk-2"}}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			w, story := plain(tt.with...).done(t, act("entry-1", tt.do))
			if tt.met != nil {
				w = w.apply(tt.met)
			} else {
				a := act("entry-2", tt.since)
				a.Desk, a.At = "desk-2", hence(time.Hour)
				w, _ = w.done(t, a)
			}
			undo := act("entry-3", circ.Undo{Entry: "entry-1"})
			undo.At = hence(2 * time.Hour)
			d := w.undo(t, undo, story)
			if len(d.Refused) == 0 {
				t.Fatalf("it is undone: %v", names(d.Events))
			}
			for _, m := range d.Refused {
				if m.Reason != circ.ChangedSince || m.Desk != "desk-2" || !m.When.Equal(hence(time.Hour)) {
					t.Errorf("refused: %+v", m)
				}
			}
		})
	}
}

// TestANotedLoan: a check-out that another desk had overtaken is written down as
// ended. It can be taken back only where nobody was told of it.
func TestANotedLoan(t *testing.T) {
	a := act("entry-1", lend)
	told := plain().decide(t, a).Events
	w := plain(seen("item", hence(time.Hour)))
	events, _ := w.record(t, a, told)
	same(t, "events", names(events), []string{"loan_noted"})
	w = w.apply(events...)
	it := w.item("item")
	isAt(t, "seen last", it.Seen.At, hence(time.Hour))
	isAt(t, "and before that", it.Earlier[0].At, now)
	story := circ.Story{Act: a, Events: events}

	undo := act("entry-2", circ.Undo{Entry: "entry-1"})
	undo.At = hence(2 * time.Hour)
	d := w.undo(t, undo, story)
	same(t, "an undo is refused", reasons(d.Refused), why(circ.ChangedSince))
	is(t, "and says by whom", d.Refused[0].Desk, "desk-9")

	events, objections := w.retract(t, act("entry-3", nil), story)
	same(t, "taken back", names(events), []string{"loan_voided"})
	same(t, "objections", reasons(objections), why(circ.ChangedSince))
	it = w.apply(events...).item("item")
	isAt(t, "seen last", it.Seen.At, hence(time.Hour))
	is(t, "seen before", len(it.Earlier), 0)
}

// TestAWithdrawnLoanThatWasRenewedInHand: nobody was told of a loan, and it was renewed
// with the item in hand elsewhere, and then the item was lent to another. The renewal
// stands as a loan of its own that is over; where the other loan never was either, the
// patron still has the item.
func TestAWithdrawnLoanThatWasRenewedInHand(t *testing.T) {
	w, first := plain().done(t, act("entry-1", lend))
	loan := circ.LoanID(circ.NewID("entry-1", circ.KindLoan, 0))
	w = w.apply(circ.Renewed{Loan: loan, Item: "item", Patron: "reader", ID: circ.NewID("entry-2", "renewal", 0), At: hence(day), Due: dayEnd(20), Desk: "desk-2", InHand: true})
	a := act("entry-3", circ.CheckOut{Card: "card-other", Barcode: "301"})
	a.Desk, a.At, a.Over = "desk-3", hence(2*day), []circ.Reason{circ.OnLoanToOther}
	w, second := w.done(t, a)

	events, objections := w.retract(t, act("entry-4", nil), first)
	same(t, "events", names(events), []string{"loan_voided", "loan_noted"})
	same(t, "objections", reasons(objections), why(circ.ChangedSince, circ.ChangedSince))
	w = w.apply(events...)
	open := w.open("item")
	if len(open) != 1 || open[0].Patron != "other" {
		t.Errorf("on loan: %+v", open)
	}

	events, _ = w.retract(t, act("entry-5", nil), second)
	open = w.apply(events...).open("item")
	if len(open) != 1 || open[0].Patron != "reader" {
		t.Fatalf("on loan: %+v, after %v", open, names(events))
	}
	isAt(t, "due", open[0].Due, dayEnd(20))
}

// TestUndoOfWhatWasAppliedTwice: an asked entry that was told again, since nobody
// heard the answer, is taken back at the server and done anew; an undo takes it back
// once.
func TestUndoOfWhatWasAppliedTwice(t *testing.T) {
	fee := circ.FeeID(circ.NewID("entry-1", circ.KindFee, 0))
	charged := func(minor, was int64) circ.Event {
		return circ.Charged{Fee: fee, Patron: "reader", Type: circ.FeeRequest, Amount: euro(minor), At: now, WasAmount: was}
	}
	w, events := plain().apply(charged(80, 0)), []circ.Event{charged(0, 80), charged(80, 0)}
	d := w.apply(events...)
	story := circ.Story{Act: act("entry-1", circ.Charge{Patron: "reader", Type: circ.FeeRequest, Amount: euro(80)}), Events: events}
	a := act("entry-2", circ.Undo{Entry: "entry-1"})
	a.At = hence(time.Minute)
	got := d.undo(t, a, story)
	is(t, "owes", d.apply(got.Events...).account(t, "reader").Owes, 0)
}
