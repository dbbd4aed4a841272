package circ_test

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// meeting is one fact on its way into what others did meanwhile: a desk decides
// at now from what it knows, and the server records it from what it knows.
type meeting struct {
	name   string // a sentence from the desk
	both   []change
	desk   []change // what only the desk knows
	server []change // what only the server knows
	do     circ.Command
	over   []circ.Reason
	rights []circ.Right             // as the server sees them
	told   func([]circ.Event)       // changes what the desk told, before it is sent
	events []string                 // what is applied, by name
	object []circ.Reason            // the objections
	then   func(*testing.T, *world) // the server's world after it
}

func TestRecord(t *testing.T) {
	const loanID = "loan of item"
	newLoan := circ.NewID("entry-1", circ.KindLoan, 0)
	said := func(s string) *string { return &s }
	adds := func(id string) change {
		return func(w *world) {
			title := circ.Title{ID: circ.TitleID("title of " + id), Title: "Unheard Of"}
			*w = *w.apply(circ.ItemAdded{Item: circ.Item{ID: circ.ItemID(id), Barcode: "399", Title: title.ID}, Title: title})
		}
	}
	added, addedAgain := adds("theirs"), adds("again")
	unadded := func(w *world) {
		*w = *w.apply(circ.ItemUnadded{Item: "theirs", Title: "title of theirs"})
	}
	ended := func(at time.Time, how circ.How) change {
		return func(w *world) {
			edit(circ.KindLoan, loanID, func(l *circ.Loan) { l.In, l.How = at, how })(w)
			editItem("item", func(i *circ.Item) { i.Loan = ""; i.Seen = circ.Sighting{At: at, Desk: "desk-9", Library: "main"} })(w)
		}
	}
	owesOther := func(minor int64) func(*testing.T, *world) {
		return func(t *testing.T, w *world) { is(t, "owes", w.account(t, "other").Owes, minor) }
	}
	// lentLater is a loan by another desk after now.
	lentLater := func(patron string, at time.Time) change {
		return func(w *world) {
			w.put(circ.Loan{ID: "later", Item: "item", Patron: circ.PatronID(patron), Library: "main", Desk: "desk-9", Out: at, Due: at.AddDate(0, 0, 14)})
			editItem("item", func(i *circ.Item) {
				i.Loan, i.Held, i.Seen = "later", "", circ.Sighting{At: at, Desk: "desk-9", Library: "main"}
			})(w)
		}
	}
	// shownAgain is a renewal with the item in hand at another desk.
	shownAgain := func(loan string, at time.Time) change {
		return func(w *world) {
			edit(circ.KindLoan, loan, func(l *circ.Loan) {
				l.Lent = circ.Term{Due: l.Due}
				l.Renewals = []circ.Renewal{{ID: "r", At: at, Due: l.Due, Desk: "desk-9", InHand: true}}
			})(w)
			seen("item", at)(w)
		}
	}
	// later tells everything so much later.
	later := func(by time.Duration) func([]circ.Event) {
		return func(events []circ.Event) {
			for i, e := range events {
				v := reflect.New(reflect.TypeOf(e)).Elem()
				v.Set(reflect.ValueOf(e))
				at := v.FieldByName("At")
				at.Set(reflect.ValueOf(at.Interface().(time.Time).Add(by)))
				events[i] = v.Interface().(circ.Event)
			}
		}
	}
	unknown := func(k circ.Kind, id string) change {
		return func(w *world) { delete(w.rows, circ.Key{Kind: k, ID: id}) }
	}
	lentTo := func(patron circ.PatronID) func(*testing.T, *world) {
		return func(t *testing.T, w *world) {
			open := w.open("item")
			if len(open) != 1 || open[0].Patron != patron {
				t.Fatalf("open loans %v, want one of %s", open, patron)
			}
		}
	}
	for _, m := range []meeting{
		// The laws of a check-out that meets others.
		{name: "nothing happened meanwhile", do: lend, events: []string{"checked_out"}, then: lentTo("reader")},
		{name: "the desk did not know that the same patron has it", server: []change{onLoan("item", "reader", 9*day)}, do: lend, events: []string{"checked_in", "checked_out"}, then: func(t *testing.T, w *world) {
			lentTo("reader")(t, w)
			isAt(t, "due as was said", w.open("item")[0].Due, dayEnd(14))
		}},
		{name: "the desk did not know that another has it", server: []change{onLoan("item", "other", 9*day)}, do: lend, events: []string{"checked_in", "checked_out"}, object: why(circ.OnLoanToOther), then: func(t *testing.T, w *world) {
			lentTo("reader")(t, w)
			isAt(t, "the other's loan ended", w.loan(loanID).In, now)
			is(t, "by evidence", w.loan(loanID).How, circ.Evidence)
			is(t, "and nobody is billed", len(every[circ.Fee](w)), 0)
		}},
		{name: "two desks lend the same barcode, this one first", server: []change{lentLater("other", hence(time.Hour))}, do: lend, events: []string{"loan_noted"}, object: why(circ.SeenSince, circ.OnLoanToOther, circ.NewerLoan), then: func(t *testing.T, w *world) {
			lentTo("other")(t, w)
			isAt(t, "the earlier loan ended", w.loan(newLoan).In, hence(time.Hour))
			is(t, "by evidence", w.loan(newLoan).How, circ.Evidence)
			is(t, "of", w.loan(newLoan).Patron, "reader")
		}},
		{name: "two desks lend the same barcode, this one last", server: []change{lentLater("other", ago(time.Hour))}, do: lend, events: []string{"checked_in", "checked_out"}, object: why(circ.OnLoanToOther), then: func(t *testing.T, w *world) {
			lentTo("reader")(t, w)
			isAt(t, "the earlier loan ended", w.loan("later").In, now)
		}},
		{name: "lent at ten, taken back elsewhere at eleven, told at twelve", server: []change{seen("item", hence(time.Hour))}, do: lend, events: []string{"loan_noted"}, object: why(circ.SeenSince), then: func(t *testing.T, w *world) {
			is(t, "open loans", len(w.open("item")), 0)
			isAt(t, "ended", w.loan(newLoan).In, hence(time.Hour))
			isAt(t, "last seen", w.item("item").Seen.At, hence(time.Hour))
		}},
		{name: "blocked meanwhile: the loan stands", server: []change{blocked("b", "reader", "x")}, do: lend, events: []string{"checked_out"}, object: why(circ.PatronBlocked), then: lentTo("reader")},
		{name: "expired, over the limits and in debt meanwhile: the loan stands", server: []change{
			editPatron("reader", func(p *circ.Patron) { p.Expires = ago(day) }), manyLoans("reader", 3), owes("f", "reader", 1001, day),
		}, do: lend, events: []string{"checked_out"}, object: why(circ.CardExpired, circ.OwesTooMuch, circ.TooManyLoans), then: lentTo("reader")},
		{name: "the card was reported lost meanwhile", server: []change{edit(circ.KindCard, "card-reader", func(c *circ.Card) { c.State = circ.CardLost })}, do: lend, events: []string{"checked_out"}, object: why(circ.CardIsLost), then: lentTo("reader")},
		{name: "the clerk said yes to what the server asks too", both: []change{blocked("b", "reader", "x")}, do: lend, over: why(circ.PatronBlocked), events: []string{"checked_out"}, then: lentTo("reader")},
		{name: "who said yes may not, at the server", both: []change{blocked("b", "reader", "x")}, do: lend, over: why(circ.PatronBlocked), rights: []circ.Right{circ.RightCirculate}, events: []string{"checked_out"}, object: why(circ.PatronBlocked, circ.RightMissing), then: lentTo("reader")},
		{name: "who lent may lend no more, at the server: the loan stands", do: lend, rights: []circ.Right{}, events: []string{"checked_out"}, object: why(circ.RightMissing), then: lentTo("reader")},
		{name: "the patron was merged: the loan follows", server: []change{merged("reader", "other")}, do: lend, events: []string{"checked_out"}, then: lentTo("other")},
		{name: "the registration was taken back: the loan stands under it", server: []change{editPatron("reader", func(p *circ.Patron) { p.Void = true })}, do: lend, events: []string{"checked_out"}, object: why(circ.UnknownPatron), then: lentTo("reader")},
		{name: "the server does not know the patron: the loan stands", server: []change{unknown(circ.KindPatron, "reader")}, do: lend, events: []string{"checked_out"}, object: why(circ.UnknownPatron), then: lentTo("reader")},
		{name: "the server does not know the item: the loan is kept", server: []change{unknown(circ.KindItem, "item")}, do: lend, events: []string{"checked_out"}, object: why(circ.UnknownItem), then: lentTo("reader")},
		{name: "the rules give less: the date that was said stands", do: lend, told: func(events []circ.Event) {
			e := events[0].(circ.CheckedOut)
			e.Due = dayEnd(28)
			events[0] = e
		}, events: []string{"checked_out"}, then: func(t *testing.T, w *world) {
			isAt(t, "due", w.loan(newLoan).Due, dayEnd(28))
		}},

		// Requests.
		{name: "another waits for the title", server: []change{waiting("r", "other", day)}, do: lend, events: []string{"checked_out"}, object: why(circ.RequestedBy), then: func(t *testing.T, w *world) {
			lentTo("reader")(t, w)
			is(t, "the other waits", w.request("r").Stage, circ.Waiting)
		}},
		{name: "it was put on the hold shelf for another", server: []change{shelved("r", "other", "item", hence(day))}, do: lend, events: []string{"untrapped", "checked_out"}, object: why(circ.HeldForOther), then: func(t *testing.T, w *world) {
			lentTo("reader")(t, w)
			is(t, "the other waits again", w.request("r").Stage, circ.Waiting)
			is(t, "held", w.item("item").Held, "")
		}},
		{name: "collected from the hold shelf, while the server kept another copy for them", desk: []change{shelved("r", "reader", "item", hence(day))}, server: []change{shelved("r", "reader", "copy", hence(day))}, do: lend, events: []string{"untrapped", "checked_out"}, object: why(circ.OtherCopyHeld), then: func(t *testing.T, w *world) {
			is(t, "the request", w.request("r").Stage, circ.Filled)
			is(t, "filled by", w.request("r").Copy, "item")
			is(t, "the other copy is free", w.item("copy").Held, "")
		}},
		{name: "collected from the hold shelf, while the server had it on its way there", desk: []change{shelved("r", "reader", "item", hence(day))}, server: []change{underway("r", "reader", "item", "east")}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, w *world) {
			is(t, "the request", w.request("r").Stage, circ.Filled)
			is(t, "transit", w.item("item").Transit, "")
		}},
		{name: "the request it fills was cancelled meanwhile", desk: []change{waiting("r", "reader", day)}, server: []change{waiting("r", "reader", day, func(r *circ.Request) { r.Stage = circ.Cancelled })}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, w *world) {
			lentTo("reader")(t, w)
			is(t, "the request", w.request("r").Stage, circ.Cancelled)
		}},
		{name: "asked for twice, at two desks", server: []change{waiting("r", "reader", day)}, do: circ.Place{Patron: "reader", Title: "title"}, events: []string{"placed"}, object: why(circ.AskedAlready)},
		{name: "asked for under a record that was merged", server: []change{merged("reader", "other")}, do: circ.Place{Patron: "reader", Title: "title"}, events: []string{"placed"}, then: func(t *testing.T, w *world) {
			is(t, "for", w.request(circ.NewID("entry-1", circ.KindRequest, 0)).Patron, "other")
		}},
		{name: "cancelled while a copy was put on the hold shelf", desk: []change{waiting("r", "reader", day)}, server: []change{shelved("r", "reader", "item", hence(day))}, do: circ.CancelRequest{Request: "r"}, events: []string{"request_ended"}, then: func(t *testing.T, w *world) {
			is(t, "the copy is free", w.item("item").Held, "")
			is(t, "the request", w.request("r").Stage, circ.Cancelled)
		}},
		{name: "moved at two desks", both: []change{waiting("r", "reader", day)}, server: []change{edit(circ.KindRequest, "r", func(r *circ.Request) { r.Pickup = "west" })}, do: circ.MoveRequest{Request: "r", Pickup: "east"}, events: []string{"request_moved"}, object: why(circ.ChangedSince), then: func(t *testing.T, w *world) {
			is(t, "pickup", w.request("r").Pickup, "east")
		}},
		{name: "moved while a copy was put on the hold shelf", desk: []change{waiting("r", "reader", day)}, server: []change{shelved("r", "reader", "item", hence(day))}, do: circ.MoveRequest{Request: "r", Pickup: "east"}, object: why(circ.HeldAlready)},
		{name: "moved though it was cancelled", desk: []change{waiting("r", "reader", day)}, server: []change{waiting("r", "reader", day, func(r *circ.Request) { r.Stage = circ.Cancelled })}, do: circ.MoveRequest{Request: "r", Pickup: "east"}, object: why(circ.RequestOver)},
		{name: "cancelled at two desks", desk: []change{waiting("r", "reader", day)}, server: []change{waiting("r", "reader", day, func(r *circ.Request) { r.Stage = circ.Cancelled })}, do: circ.CancelRequest{Request: "r"}, object: why(circ.RequestOver)},
		{name: "cancelled though the patron had collected it", desk: []change{waiting("r", "reader", day)}, server: []change{waiting("r", "reader", day, func(r *circ.Request) { r.Stage, r.Copy = circ.Filled, "item" })}, do: circ.CancelRequest{Request: "r"}, object: why(circ.RequestOver), then: func(t *testing.T, w *world) {
			is(t, "the request", w.request("r").Stage, circ.Filled)
		}},

		// Check-ins.
		{name: "returned", both: []change{onLoan("item", "reader", 9*day)}, do: back, events: []string{"checked_in", "seen"}, then: func(t *testing.T, w *world) {
			isAt(t, "in", w.loan(loanID).In, now)
		}},
		{name: "returned at two desks, here last", both: []change{onLoan("item", "reader", 9*day)}, server: []change{ended(ago(time.Hour), circ.Returned)}, do: back, events: []string{"seen"}, then: func(t *testing.T, w *world) {
			isAt(t, "the first closed it", w.loan(loanID).In, ago(time.Hour))
			isAt(t, "last seen", w.item("item").Seen.At, now)
		}},
		{name: "the desk knew of no loan", server: []change{onLoan("item", "reader", 9*day)}, do: back, events: []string{"checked_in", "seen"}, object: why(circ.LoanUnknown), then: func(t *testing.T, w *world) {
			is(t, "open loans", len(w.open("item")), 0)
			isAt(t, "ended", w.loan(loanID).In, now)
			is(t, "by evidence", w.loan(loanID).How, circ.Evidence)
		}},
		{name: "the desk knew of another loan, which had ended", desk: []change{onLoan("item", "reader", 9*day)}, server: []change{onLoan("item", "reader", 9*day), ended(ago(5*day), circ.Returned), lentLater("other", ago(day))}, do: back, events: []string{"checked_in", "seen"}, object: why(circ.OtherLoanOpen, circ.LoanUnknown), then: func(t *testing.T, w *world) {
			is(t, "open loans", len(w.open("item")), 0)
			isAt(t, "the other's ended", w.loan("later").In, now)
			isAt(t, "the first ended as known", w.loan(loanID).In, ago(5*day))
		}},
		{name: "returned here at ten, lent elsewhere at eleven, told at twelve", both: []change{onLoan("item", "reader", 9*day)}, server: []change{ended(hence(time.Hour), circ.Evidence), lentLater("other", hence(time.Hour))}, do: back, events: []string{"checked_in", "seen"}, object: why(circ.SeenSince, circ.OtherLoanOpen), then: func(t *testing.T, w *world) {
			lentTo("other")(t, w)
			isAt(t, "the first ended when it was returned", w.loan(loanID).In, now)
			is(t, "and was returned", w.loan(loanID).How, circ.Returned)
		}},
		{name: "not on loan here, lent elsewhere since", server: []change{lentLater("other", hence(time.Hour))}, do: back, events: []string{"seen"}, object: why(circ.SeenSince), then: lentTo("other")},
		{name: "the server does not know the item it takes back", server: []change{unknown(circ.KindItem, "item")}, do: back, events: []string{"seen"}, object: why(circ.UnknownItem)},
		{name: "renewed meanwhile, and returned all the same", both: []change{onLoan("item", "reader", 9*day)}, server: []change{renewed("item", "r", time.Hour)}, do: back, events: []string{"checked_in", "seen"}, then: func(t *testing.T, w *world) {
			is(t, "open loans", len(w.open("item")), 0)
			is(t, "renewals", len(w.loan(loanID).Renewals), 1)
		}},
		{name: "kept for somebody who has cancelled", both: []change{onLoan("item", "reader", 9*day)}, desk: []change{waiting("r", "other", day)}, server: []change{waiting("r", "other", day, func(r *circ.Request) { r.Stage = circ.Cancelled })}, do: back, events: []string{"checked_in", "seen"}, object: why(circ.RequestGone), then: func(t *testing.T, w *world) {
			is(t, "held", w.item("item").Held, "")
			is(t, "the request", w.request("r").Stage, circ.Cancelled)
		}},
		{name: "kept for somebody for whom another copy is kept", both: []change{onLoan("item", "reader", 9*day)}, desk: []change{waiting("r", "other", day)}, server: []change{shelved("r", "other", "copy", hence(day))}, do: back, events: []string{"checked_in", "seen"}, object: why(circ.RequestGone), then: func(t *testing.T, w *world) {
			is(t, "held", w.item("item").Held, "")
			is(t, "the other copy", w.item("copy").Held, "r")
		}},
		{name: "kept for somebody, while the server keeps it for another", both: []change{waiting("r", "other", day)}, server: []change{shelved("s", "third", "item", hence(day))}, do: back, events: []string{"seen"}, object: why(circ.RequestGone), then: func(t *testing.T, w *world) {
			is(t, "held", w.item("item").Held, "s")
			is(t, "the desk's request waits", w.request("r").Stage, circ.Waiting)
		}},
		{name: "kept for somebody, and lent elsewhere since", both: []change{onLoan("item", "reader", 9*day), waiting("r", "other", day)}, server: []change{ended(hence(time.Hour), circ.Evidence), lentLater("third", hence(time.Hour))}, do: back, events: []string{"checked_in", "seen"}, object: why(circ.SeenSince, circ.OtherLoanOpen, circ.RequestGone), then: func(t *testing.T, w *world) {
			lentTo("third")(t, w)
			is(t, "the request waits", w.request("r").Stage, circ.Waiting)
		}},
		{name: "kept for somebody, and taken back elsewhere since", both: []change{waiting("r", "other", day)}, server: []change{seen("item", hence(time.Hour))}, do: back, events: []string{"seen"}, object: why(circ.SeenSince, circ.RequestGone), then: func(t *testing.T, w *world) {
			is(t, "held", w.item("item").Held, "")
			is(t, "the request waits", w.request("r").Stage, circ.Waiting)
		}},
		{name: "taken off the hold shelf, while the server had it on loan", desk: []change{shelved("r", "reader", "item", hence(day))}, server: []change{waiting("r", "reader", day, func(r *circ.Request) { r.Stage, r.Copy = circ.Filled, "item" }), onLoan("item", "reader", day)}, do: circ.TakeOff{Barcode: "301"}, events: []string{"checked_in", "seen"}, object: why(circ.NotHeld, circ.LoanUnknown), then: func(t *testing.T, w *world) {
			is(t, "open loans", len(w.open("item")), 0)
			is(t, "the request", w.request("r").Stage, circ.Filled)
		}},

		// Renewals.
		{name: "renewed, after it had been returned elsewhere", both: []change{onLoan("item", "reader", 9*day)}, server: []change{ended(ago(time.Hour), circ.Returned)}, do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}, object: why(circ.NotOnLoan, circ.LoanEnded), then: func(t *testing.T, w *world) {
			is(t, "open loans", len(w.open("item")), 0)
		}},
		{name: "a loan that is renewed is on its merged patron", both: []change{onLoan("item", "reader", 9*day)}, server: []change{edit(circ.KindLoan, loanID, func(l *circ.Loan) { l.Patron = "other" }), merged("reader", "other")}, do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}, then: lentTo("other")},
		{name: "renewed, and the server does not know the loan", desk: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, object: why(circ.NotOnLoan)},
		{name: "renewed at two desks, as often as the rules give", both: []change{onLoan("item", "reader", 9*day)}, server: []change{renewed("item", "r", 5*day), renewed("item", "s", 4*day)}, do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}, object: why(circ.RenewalsUsed), then: func(t *testing.T, w *world) {
			isAt(t, "due as was said", w.loan(loanID).Due, dayEnd(14))
			is(t, "renewals", len(w.loan(loanID).Renewals), 3)
		}},
		{name: "renewed at two desks, the other one gave a later date: that one is kept", both: []change{onLoan("item", "reader", 9*day)}, server: []change{edit(circ.KindLoan, loanID, func(l *circ.Loan) {
			l.Lent = circ.Term{Due: l.Due}
			l.Due, l.Renewals = dayEnd(30), []circ.Renewal{{ID: "r", At: ago(time.Hour), Due: dayEnd(30)}}
		})}, do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}, object: why(circ.NoGain), then: func(t *testing.T, w *world) {
			isAt(t, "due", w.loan(loanID).Due, dayEnd(30))
			is(t, "renewals", len(w.loan(loanID).Renewals), 2)
		}},
		{name: "renewed before the renewal that the server knows: the older stands first", both: []change{onLoan("item", "reader", 9*day)}, server: []change{renewed("item", "r", -time.Hour)}, do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}, object: why(circ.NoGain), then: func(t *testing.T, w *world) {
			is(t, "the last", w.loan(loanID).Renewals[1].ID, "r")
		}},

		// The same book for the same patron again: the book is at the desk.
		{name: "scanned again for the patron, who had returned it elsewhere: it is lent again", both: []change{onLoan("item", "reader", 9*day)}, server: []change{ended(ago(time.Hour), circ.Returned)}, do: lend, events: []string{"checked_out"}, object: why(circ.LoanEnded), then: func(t *testing.T, w *world) {
			lentTo("reader")(t, w)
			isAt(t, "due as was said", w.open("item")[0].Due, dayEnd(14))
			isAt(t, "the first ended as it was", w.loan(loanID).In, ago(time.Hour))
		}},
		{name: "scanned again for the patron, whose check-out was undone elsewhere: it is lent again", both: []change{onLoan("item", "reader", 9*day)}, server: []change{ended(hence(time.Hour), circ.Void), editItem("item", func(i *circ.Item) { i.Seen = circ.Sighting{} })}, do: lend, events: []string{"checked_out"}, object: why(circ.LoanEnded), then: lentTo("reader")},
		{name: "scanned again for the patron, of whose loan the server does not know", desk: []change{onLoan("item", "reader", 9*day)}, do: lend, events: []string{"checked_out"}, object: why(circ.NotOnLoan), then: lentTo("reader")},
		{name: "scanned again for the patron, and lent to another since", both: []change{onLoan("item", "reader", 9*day)}, server: []change{ended(ago(time.Hour), circ.Returned), lentLater("other", hence(time.Hour))}, do: lend, events: []string{"loan_noted"}, object: why(circ.SeenSince, circ.OnLoanToOther, circ.LoanEnded, circ.NewerLoan), then: lentTo("other")},
		{name: "returned here, scanned again for the patron elsewhere since: it is still out", both: []change{onLoan("item", "reader", 9*day)}, server: []change{shownAgain(loanID, hence(time.Hour))}, do: back, events: []string{"seen"}, object: why(circ.SeenSince), then: lentTo("reader")},
		{name: "not on loan here, scanned again for the patron elsewhere since: it is still out", server: []change{onLoan("item", "reader", 9*day), shownAgain(loanID, hence(time.Hour))}, do: back, events: []string{"seen"}, object: why(circ.SeenSince), then: lentTo("reader")},
		{name: "lent here, scanned again for whom it was lent to before since: this loan has ended", server: []change{onLoan("item", "other", 9*day), shownAgain(loanID, hence(time.Hour))}, do: lend, events: []string{"loan_noted"}, object: why(circ.SeenSince, circ.OnLoanToOther), then: func(t *testing.T, w *world) {
			lentTo("other")(t, w)
			isAt(t, "ended", w.loan(newLoan).In, hence(time.Hour))
		}},

		// A clock that is an hour ahead: the server's time stands.
		{name: "lent by a clock that is ahead", do: lend, told: later(time.Hour), events: []string{"checked_out"}, then: func(t *testing.T, w *world) {
			isAt(t, "out", w.loan(newLoan).Out, now)
			isAt(t, "seen", w.item("item").Seen.At, now)
			isAt(t, "due as was said", w.loan(newLoan).Due, dayEnd(14))
		}},
		{name: "returned by a clock that is ahead", both: []change{onLoan("item", "reader", 9*day), waiting("r", "other", day)}, do: back, told: later(time.Hour), events: []string{"checked_in", "seen", "trapped"}, then: func(t *testing.T, w *world) {
			isAt(t, "in", w.loan(loanID).In, now)
			isAt(t, "seen", w.item("item").Seen.At, now)
		}},
		{name: "scanned again by a clock that is ahead", both: []change{onLoan("item", "reader", 9*day)}, do: lend, told: later(time.Hour), events: []string{"renewed"}, then: func(t *testing.T, w *world) {
			isAt(t, "renewed", w.loan(loanID).Renewals[0].At, now)
			isAt(t, "seen", w.item("item").Seen.At, now)
		}},
		{name: "asked for by a clock that is ahead", do: circ.Place{Patron: "reader", Title: "title"}, told: later(time.Hour), events: []string{"placed"}, then: func(t *testing.T, w *world) {
			isAt(t, "at", w.request(circ.NewID("entry-1", circ.KindRequest, 0)).At, now)
		}},
		{name: "lent by a clock that is behind: as it was told", do: lend, told: later(-time.Hour), events: []string{"checked_out"}, then: func(t *testing.T, w *world) {
			isAt(t, "out", w.loan(newLoan).Out, ago(time.Hour))
		}},

		{name: "a request that costs something, and the server knows a fee of its own: what was told", both: []change{student("reader")}, server: []change{editPatron("reader", func(p *circ.Patron) { p.Group = "staff" })}, do: circ.Place{Patron: "reader", Title: "title"}, events: []string{"placed", "charged"}, then: func(t *testing.T, w *world) {
			is(t, "owes", w.account(t, "reader").Owes, 80)
		}},
		{name: "registered for a fee at two desks with one card: the second owes nothing", server: []change{func(w *world) {
			w.put(circ.Patron{ID: "theirs", Card: "card-new", Family: "F"}, circ.Card{Number: "card-new", Patron: "theirs", State: circ.CardValid})
		}}, do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F", Group: "student"}}, events: []string{"aliased"}, object: why(circ.CardTaken, circ.PatronKnown, circ.FeeLessened), then: func(t *testing.T, w *world) {
			is(t, "owes", w.account(t, "theirs").Owes, 0)
		}},
		{name: "another card for a fee, whose number is somebody's meanwhile: nothing is owed", both: []change{student("reader")}, server: []change{func(w *world) {
			w.put(circ.Card{Number: "card-new", Patron: "other", State: circ.CardValid})
		}}, do: circ.ReplaceCard{Patron: "reader", Number: "card-new"}, object: why(circ.CardTaken, circ.FeeLessened), then: func(t *testing.T, w *world) {
			is(t, "owes", w.account(t, "reader").Owes, 0)
		}},

		// Recalls.
		{name: "recalled, as the server knows it", both: []change{film("item"), onLoan("item", "other", 7*day)}, do: circ.RecallLoan{Barcode: "301"}, events: []string{"recalled"}, then: func(t *testing.T, w *world) {
			isAt(t, "due", w.loan(loanID).Due, dayEnd(4))
		}},
		{name: "recalled, and had been renewed elsewhere before: due when the recall says", both: []change{film("item"), onLoan("item", "other", 7*day)}, server: []change{renewed("item", "r", 2*day), edit(circ.KindLoan, loanID, func(l *circ.Loan) { l.Lent.Due = dayEnd(7) })}, do: circ.RecallLoan{Barcode: "301"}, events: []string{"recalled"}, then: func(t *testing.T, w *world) {
			isAt(t, "due", w.loan(loanID).Due, dayEnd(4))
			is(t, "renewals", len(w.loan(loanID).Renewals), 1)
		}},
		{name: "recalled, and renewed elsewhere since: what the patron was told last stands", both: []change{film("item"), onLoan("item", "other", 7*day)}, server: []change{func(w *world) {
			edit(circ.KindLoan, loanID, func(l *circ.Loan) { l.Lent.Due = l.Due })(w)
			renewed("item", "r", -time.Hour)(w)
		}}, do: circ.RecallLoan{Barcode: "301"}, events: []string{"recalled"}, object: why(circ.ChangedSince), then: func(t *testing.T, w *world) {
			isAt(t, "due", w.loan(loanID).Due, dayEnd(14))
			is(t, "recalled", w.loan(loanID).RecalledSince().IsZero(), true)
		}},
		{name: "renewed, and recalled elsewhere before: the renewal stands, and somebody must look", both: []change{film("item"), onLoan("item", "other", 7*day)}, server: []change{recalled("item", time.Hour, dayEnd(4))}, do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}, object: why(circ.RecalledNow), then: func(t *testing.T, w *world) {
			isAt(t, "due", w.loan(loanID).Due, dayEnd(14))
		}},
		{name: "renewed, and recalled elsewhere since: due when the recall says", both: []change{film("item"), onLoan("item", "other", 7*day)}, server: []change{recalled("item", -time.Hour, dayEnd(4))}, do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}, object: why(circ.RecalledNow), then: func(t *testing.T, w *world) {
			isAt(t, "due", w.loan(loanID).Due, dayEnd(4))
		}},
		{name: "recalled, and had come back elsewhere", both: []change{film("item"), onLoan("item", "other", 7*day)}, server: []change{ended(ago(time.Hour), circ.Returned)}, do: circ.RecallLoan{Barcode: "301"}, object: why(circ.NotOnLoan, circ.LoanEnded), then: func(t *testing.T, w *world) {
			isAt(t, "due", w.loan(loanID).Due, dayEnd(7))
		}},
		{name: "recalled, and came back elsewhere since: it had been recalled", both: []change{film("item"), onLoan("item", "other", 7*day)}, server: []change{ended(hence(time.Hour), circ.Returned)}, do: circ.RecallLoan{Barcode: "301"}, events: []string{"recalled"}, object: why(circ.NotOnLoan)},
		{name: "recalled at two desks, here first", both: []change{film("item"), onLoan("item", "other", 7*day)}, server: []change{recalled("item", -time.Hour, dayEnd(5))}, do: circ.RecallLoan{Barcode: "301"}, object: why(circ.RecalledAlready, circ.ChangedSince), then: func(t *testing.T, w *world) {
			isAt(t, "due", w.loan(loanID).Due, dayEnd(5))
		}},
		{name: "late by a recall that was lifted elsewhere: nothing is owed", both: []change{film("item"), onLoan("item", "other", 7*day), recalled("item", 6*day, ago(2*day))}, server: []change{
			edit(circ.KindLoan, loanID, func(l *circ.Loan) { l.Due, l.Recalled = l.Lent.Due, circ.Recall{At: ago(3 * day), Desk: "desk-9"} }),
		}, do: back, events: []string{"checked_in", "seen"}, object: why(circ.FeeLessened), then: func(t *testing.T, w *world) {
			is(t, "owes", w.account(t, "other").Owes, 0)
		}},

		// People.
		{name: "registered at two desks with one card", server: []change{func(w *world) {
			w.put(circ.Patron{ID: "theirs", Card: "card-new", Family: "F"}, circ.Card{Number: "card-new", Patron: "theirs", State: circ.CardValid})
		}}, do: circ.Register{Patron: circ.Patron{Card: "card-new", Family: "F"}}, events: []string{"aliased"}, object: why(circ.CardTaken, circ.PatronKnown), then: func(t *testing.T, w *world) {
			is(t, "the new record points to", w.patron(circ.NewID("entry-1", circ.KindPatron, 0)).Merged, "theirs")
			is(t, "the card's patron", w.card("card-new").Patron, "theirs")
		}},
		{name: "added where it was known, and its adding was taken back since: it is there again", desk: []change{added}, server: []change{added, unadded}, do: circ.AddItem{Barcode: "399", Title: "Another"}, events: []string{"item_added", "item_aliased"}, object: why(circ.UnknownItem), then: func(t *testing.T, w *world) {
			is(t, "barcode", w.item("theirs").Barcode, "399")
			is(t, "title", of[circ.Title](w, circ.KindTitle, string(w.item("theirs").Title)).Title, "Another")
			is(t, "points to", w.item(circ.NewID("entry-1", circ.KindItem, 0)).Merged, "theirs")
		}},
		{name: "added where it was known, and it is another record's since: both point to that", desk: []change{added}, server: []change{added, unadded, addedAgain}, do: circ.AddItem{Barcode: "399", Title: "Unheard Of"}, events: []string{"item_aliased", "item_aliased"}, then: func(t *testing.T, w *world) {
			is(t, "theirs points to", w.item("theirs").Merged, "again")
			is(t, "ours points to", w.item(circ.NewID("entry-1", circ.KindItem, 0)).Merged, "again")
		}},
		{name: "added where it was known, and that points to the new record by now", desk: []change{added}, server: []change{added, adds(circ.NewID("entry-1", circ.KindItem, 0)), func(w *world) {
			*w = *w.apply(circ.ItemAliased{Item: "theirs", Known: circ.ItemID(circ.NewID("entry-1", circ.KindItem, 0))})
		}}, do: circ.AddItem{Barcode: "399", Title: "Unheard Of"}, then: func(t *testing.T, w *world) {
			is(t, "points to", w.item(circ.NewID("entry-1", circ.KindItem, 0)).Merged, "")
		}},
		{name: "lent, and the adding of the item was taken back since: somebody is told", desk: []change{added}, server: []change{added, unadded}, do: circ.CheckOut{Patron: "reader", Item: "theirs", Barcode: "399"}, events: []string{"checked_out"}, object: why(circ.UnknownItem)},
		{name: "blocked under a record that was merged", server: []change{merged("reader", "other")}, do: circ.BlockPatron{Patron: "reader", Text: "x"}, events: []string{"blocked"}, then: func(t *testing.T, w *world) {
			is(t, "who", of[circ.Block](w, circ.KindBlock, circ.NewID("entry-1", circ.KindBlock, 0)).Patron, "other")
		}},
		{name: "a block lifted at two desks", both: []change{blocked("b", "reader", "x")}, server: []change{edit(circ.KindBlock, "b", func(b *circ.Block) { b.Lifted = ago(time.Hour) })}, do: circ.Unblock{Block: "b"}, object: why(circ.BlockLifted), then: func(t *testing.T, w *world) {
			isAt(t, "lifted first", of[circ.Block](w, circ.KindBlock, "b").Lifted, ago(time.Hour))
		}},
		{name: "an alert under a record that was merged", server: []change{merged("reader", "other")}, do: circ.AddAlert{Patron: "reader", Text: "x"}, events: []string{"alerted"}, then: func(t *testing.T, w *world) {
			is(t, "whom", of[circ.Alert](w, circ.KindAlert, circ.NewID("entry-1", circ.KindAlert, 0)).Patron, "other")
		}},
		{name: "an alert that the desk did not know: the loan stands, and nobody objects", server: []change{alertOn("a", "reader", "", circ.AtBoth)}, do: lend, events: []string{"checked_out"}, then: lentTo("reader")},
		{name: "an alert ended at two desks", both: []change{alertOn("a", "reader", "", circ.AtBoth)}, server: []change{edit(circ.KindAlert, "a", endedAlert)}, do: circ.EndAlert{Alert: "a"}, object: why(circ.AlertOver), then: func(t *testing.T, w *world) {
			isAt(t, "ended first", of[circ.Alert](w, circ.KindAlert, "a").Ended, ago(day))
		}},
		{name: "a new card whose number is somebody's meanwhile", server: []change{func(w *world) {
			w.put(circ.Card{Number: "card-new", Patron: "other", State: circ.CardValid})
		}}, do: circ.ReplaceCard{Patron: "reader", Number: "card-new"}, object: why(circ.CardTaken), then: func(t *testing.T, w *world) {
			is(t, "the card's patron", w.card("card-new").Patron, "other")
			is(t, "the old card", w.card("card-reader").State, circ.CardValid)
		}},
		{name: "an address changed at two desks: the last told stands, and somebody must look", server: []change{editPatron("reader", func(p *circ.Patron) { p.City = "Village" })}, do: circ.Edit{Patron: "reader", Contact: circ.Contact{City: said("Town")}}, events: []string{"edited"}, object: why(circ.ChangedSince), then: func(t *testing.T, w *world) {
			is(t, "city", w.patron("reader").City, "Town")
		}},
		{name: "an address changed alike at two desks", server: []change{editPatron("reader", func(p *circ.Patron) { p.City = "Town" })}, do: circ.Edit{Patron: "reader", Contact: circ.Contact{City: said("Town")}}, events: []string{"edited"}, object: why(circ.NothingGiven)},
		{name: "an address, while the phone was changed elsewhere", server: []change{editPatron("reader", func(p *circ.Patron) { p.Phone = "1" })}, do: circ.Edit{Patron: "reader", Contact: circ.Contact{City: said("Town")}}, events: []string{"edited"}},
		{name: "a card renewed at two desks until another day", server: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = hence(100 * day) })}, do: circ.RenewCard{Patron: "reader", Until: hence(365 * day)}, events: []string{"card_renewed"}, object: why(circ.ChangedSince)},
		{name: "a card replaced at two desks: the patron has two new ones", server: []change{editPatron("reader", func(p *circ.Patron) { p.Card = "card-2" }), func(w *world) {
			w.put(circ.Card{Number: "card-2", Patron: "reader", State: circ.CardValid}, circ.Card{Number: "card-reader", Patron: "reader", State: circ.CardLost})
		}}, do: circ.ReplaceCard{Patron: "reader", Number: "card-3"}, events: []string{"card_replaced"}, object: why(circ.ChangedSince), then: func(t *testing.T, w *world) {
			is(t, "the newest", w.patron("reader").Card, "card-3")
			is(t, "the other opens too", w.card("card-2").State, circ.CardValid)
			is(t, "the first is lost", w.card("card-reader").State, circ.CardLost)
		}},
		{name: "two records made one, and one was lent to meanwhile: that goes with it", server: []change{onLoan("item", "other", day)}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), events: []string{"patrons_merged"}, then: func(t *testing.T, w *world) {
			is(t, "whose loan", w.loan("loan of item").Patron, "reader")
			is(t, "points to", w.patron("other").Merged, "reader")
		}},
		{name: "two records made one at two desks", server: []change{merged("other", "reader")}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), object: why(circ.SamePerson)},
		{name: "two records made one at two desks, the other way about", server: []change{merged("reader", "other")}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), object: why(circ.SamePerson)},
		{name: "one was made a third's meanwhile: somebody must look", server: []change{merged("other", "third")}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), object: why(circ.ChangedSince), then: func(t *testing.T, w *world) {
			is(t, "points to", w.patron("other").Merged, "third")
			is(t, "the third is nobody else", w.patron("third").Merged, "")
		}},
		{name: "the one that is kept was made a third's meanwhile: both are the third's", server: []change{merged("reader", "third")}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), events: []string{"patrons_merged"}, then: func(t *testing.T, w *world) {
			is(t, "points to", w.patron("other").Merged, "third")
		}},
		{name: "the one that is kept is gone", server: []change{editPatron("reader", func(p *circ.Patron) { p.Void = true })}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), object: why(circ.UnknownPatron)},
		{name: "one answers for the other, as another desk knows: somebody must look", server: []change{func(w *world) {
			w.put(circ.Link{ID: "l", Patron: "reader", Other: "other", Kind: circ.Guarantor, At: ago(day)})
		}}, do: circ.MergePatrons{Patron: "other", Into: "reader"}, over: why(circ.MergeRecords), events: []string{"patrons_merged"}, object: why(circ.LinkedAlready)},
		{name: "lent to one whose record was made another's by hand meanwhile", server: []change{done(circ.MergePatrons{Patron: "reader", Into: "other"})}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, w *world) {
			is(t, "whose loan", w.open("item")[0].Patron, "other")
		}},
		{name: "linked to a person whose record was merged", server: []change{merged("other", "third")}, do: circ.LinkPatrons{Patron: "reader", Other: "other", Kind: circ.Guarantor}, events: []string{"linked"}, then: func(t *testing.T, w *world) {
			is(t, "to", of[circ.Link](w, circ.KindLink, circ.NewID("entry-1", circ.KindLink, 0)).Other, "third")
		}},

		// Money.
		{name: "paid at two desks: the cash is booked and becomes credit", both: []change{owes("f", "reader", 300, day)}, server: []change{paid("p", "f", "reader", 300)}, do: circ.Pay{Fee: "f", Amount: euro(300)}, events: []string{"paid"}, object: why(circ.NothingOwed, circ.Overpaid), then: func(t *testing.T, w *world) {
			is(t, "cash", cash(w), 600)
			is(t, "left", w.gathered(t, act("e", lend)).Left(of[circ.Fee](w, circ.KindFee, "f")), 0)
		}},
		{name: "paid in part elsewhere: the rest becomes credit", both: []change{owes("f", "reader", 300, day)}, server: []change{paid("p", "f", "reader", 100)}, do: circ.Pay{Fee: "f", Amount: euro(300)}, events: []string{"paid", "paid"}, object: why(circ.Surplus, circ.Overpaid), then: func(t *testing.T, w *world) {
			is(t, "cash", cash(w), 400)
			is(t, "left", w.gathered(t, act("e", lend)).Left(of[circ.Fee](w, circ.KindFee, "f")), 0)
		}},
		{name: "paid on a fee that the server does not know", desk: []change{owes("f", "reader", 300, day)}, do: circ.Pay{Fee: "f", Amount: euro(300)}, events: []string{"paid"}, object: why(circ.UnknownThing), then: func(t *testing.T, w *world) {
			is(t, "cash", cash(w), 300)
		}},

		// What is late, where others know more.
		{name: "a late film taken back, as the server knows it", both: []change{film("item"), onLoan("item", "other", 17*day)}, do: back, events: []string{"checked_in", "charged", "seen"}, then: func(t *testing.T, w *world) {
			is(t, "fee", lateFee(w, "item").Amount, euro(150))
		}},
		{name: "it had been renewed elsewhere: nothing is late", both: []change{film("item"), onLoan("item", "other", 17*day)}, server: []change{renewed("item", "r", 4*day)}, do: back, events: []string{"checked_in", "seen"}, object: why(circ.FeeLessened), then: func(t *testing.T, w *world) {
			is(t, "fee", lateFee(w, "item").ID, "")
		}},
		{name: "it had come back the day before elsewhere, and the fee was less", both: []change{film("item"), onLoan("item", "other", 17*day)}, server: []change{func(w *world) {
			a := act("theirs", back)
			a.At, a.Desk = ago(day), "desk-9"
			after, _ := w.done(t, a)
			*w = *after
		}}, do: back, events: []string{"charged", "seen"}, object: why(circ.FeeLessened), then: func(t *testing.T, w *world) {
			is(t, "fee", lateFee(w, "item").Amount, euro(100))
		}},
		{name: "the server lends it on, and the desk had it back an hour before: the fee that was told", both: []change{film("item"), onLoan("item", "other", 17*day)}, server: []change{ended(hence(time.Hour), circ.Evidence)}, do: back, events: []string{"checked_in", "charged", "seen"}, object: why(circ.SeenSince), then: func(t *testing.T, w *world) {
			is(t, "fee", lateFee(w, "item").Amount, euro(150))
		}},
		{name: "a renewal before the due date reaches the server after the late return: the fee goes", both: []change{film("item"), onLoan("item", "other", 5*day)}, server: []change{ended(hence(12*day), circ.Returned), func(w *world) {
			w.put(circ.Fee{ID: circ.FeeID(circ.NewID("loan of item", circ.KindFee, 0)), Patron: "other", Item: "item", Loan: "loan of item", Type: circ.FeeOverdue, Amount: euro(150), At: hence(12 * day), Due: w.loan(loanID).Due, Back: hence(12 * day)})
		}}, do: circ.Renew{Barcode: "301"}, events: []string{"renewed", "charged"}, object: why(circ.NotOnLoan, circ.FeeLessened), then: func(t *testing.T, w *world) {
			is(t, "fee", lateFee(w, "item").Amount, euro(0))
		}},
		{name: "said to be lost, and taken back elsewhere before: nobody pays for it", both: []change{film("item"), onLoan("item", "other", 5*day)}, server: []change{ended(ago(time.Hour), circ.Returned)}, do: circ.Lose{Barcode: "301"}, over: why(circ.ChargeLost), object: why(circ.NotOnLoan, circ.LoanEnded, circ.FeeLessened), then: func(t *testing.T, w *world) {
			is(t, "owes", w.account(t, "other").Owes, 0)
		}},
		{name: "lost and found, and comes back incomplete: half of the price stays", both: lostAndFound("item"), do: circ.Incomplete{Barcode: "301", Missing: []string{"map"}}, events: []string{"loan_marked", "seen"}, then: owesOther(1300)},
		{name: "lost and found, and claimed to be returned: half of the price stays", both: lostAndFound("item"), do: circ.Claim{Barcode: "301"}, events: []string{"loan_marked"}, then: owesOther(1300)},
		{name: "lost, and taken back as of a day before: nothing is owed", both: lostFor("item", day), do: circ.CheckIn{Barcode: "301", Date: ago(2 * day)}, events: []string{"checked_in", "charged", "charged", "seen"}, then: owesOther(0)},
		{name: "claimed, then said to be lost, and had come back incomplete elsewhere before: nobody pays for it", both: []change{film("item"), onLoan("item", "other", 5*day), marked("item", circ.LoanClaimed, day)}, server: []change{done(circ.Incomplete{Barcode: "301", Missing: []string{"map"}})}, do: circ.Lose{Barcode: "301"}, over: why(circ.ChargeLost), object: why(circ.NotComplete, circ.FeeLessened), then: owesOther(0)},
		{name: "said to be lost at another desk, and had been taken back before: the fees go", both: []change{film("item"), onLoan("item", "other", 5*day)}, server: []change{marked("item", circ.LoanLost, -time.Hour)}, do: back, events: []string{"checked_in", "seen", "charged", "charged"}, object: why(circ.FeeLessened), then: func(t *testing.T, w *world) {
			is(t, "owes", w.account(t, "other").Owes, 0)
		}},
		{name: "a late return, and the patron had claimed it elsewhere before: late until then", both: []change{film("item"), onLoan("item", "other", 17*day)}, server: []change{marked("item", circ.LoanClaimed, day)}, do: back, events: []string{"checked_in", "charged", "seen"}, object: why(circ.FeeLessened), then: func(t *testing.T, w *world) {
			is(t, "fee", lateFee(w, "item").Amount, euro(100))
		}},
		{name: "missing, and seen elsewhere since", server: []change{seen("item", hence(time.Hour))}, do: circ.MarkItem{Barcode: "301", State: circ.ItemMissing}, object: why(circ.SeenSince)},
		{name: "taken back, and missing at the server since yesterday", server: []change{itemIs("item", circ.ItemMissing)}, do: back, events: []string{"item_marked", "seen"}, then: func(t *testing.T, w *world) {
			is(t, "state", w.item("item").Mark.State, "")
		}},
		{name: "waived at two desks", both: []change{owes("f", "reader", 300, day)}, server: []change{waived("p", "f", "reader", 200)}, do: circ.Waive{Fee: "f", Text: "x"}, over: why(circ.WaiveFee), events: []string{"waived"}, object: why(circ.WaivedTwice), then: func(t *testing.T, w *world) {
			is(t, "owes", w.account(t, "reader").Owes, 0)
		}},
		{name: "waived, and paid meanwhile: nothing is waived and nothing is credit", both: []change{owes("f", "reader", 300, day)}, server: []change{paid("p", "f", "reader", 300)}, do: circ.Waive{Fee: "f", Text: "x"}, over: why(circ.WaiveFee), object: why(circ.NothingOwed, circ.WaivedTwice), then: func(t *testing.T, w *world) {
			is(t, "owes", w.account(t, "reader").Owes, 0)
		}},
		{name: "credit given back at two desks: the cash is booked, and owed", both: []change{paid("c", "", "reader", 400)}, server: []change{func(w *world) {
			w.put(circ.Payment{ID: "b", Kind: circ.GaveBack, Patron: "reader", Amount: euro(400), At: ago(day)})
		}}, do: circ.Refund{Patron: "reader", Text: "x"}, over: why(circ.GiveBack), events: []string{"refunded"}, object: why(circ.NoCredit, circ.CreditGone), then: func(t *testing.T, w *world) {
			is(t, "owes", w.account(t, "reader").Owes, 400)
			is(t, "cash", cash(w), -400)
		}},
		{name: "credit used at two desks: it pays once", both: []change{paid("c", "", "reader", 300), owes("f", "reader", 300, day), owes("g", "reader", 300, 2*day)}, server: []change{func(w *world) {
			w.put(circ.Payment{ID: "o", Kind: circ.Transfer, Patron: "reader", Amount: euro(-300), At: ago(day)}, circ.Payment{ID: "i", Kind: circ.Transfer, Fee: "g", Patron: "reader", Amount: euro(300), At: ago(day)})
		}}, do: circ.Pay{Fee: "f", Method: circ.ByCredit}, object: why(circ.NoCredit, circ.CreditGone), then: func(t *testing.T, w *world) {
			is(t, "owes", w.account(t, "reader").Owes, 300)
		}},
		{name: "disputed at two desks", both: []change{owes("f", "reader", 300, day)}, server: []change{disputed("f")}, do: circ.DisputeFee{Fee: "f", Text: "x"}, object: why(circ.DisputedNow)},
	} {
		t.Run(m.name, func(t *testing.T) {
			desk, server := plain(m.both...), plain(m.both...)
			for _, c := range m.desk {
				c(desk)
			}
			for _, c := range m.server {
				c(server)
			}
			a := act("entry-1", m.do)
			a.Over = m.over
			d := desk.decide(t, a)
			if !d.Done() {
				t.Fatalf("the desk refuses %v, asks %v", reasons(d.Refused), reasons(d.Ask))
			}
			if m.told != nil {
				m.told(d.Events)
			}
			c := circ.NewCase(a, rules)
			c.Told, c.Rights = d.Events, m.rights
			server.gather(t, c)
			events, objections := circ.Record(c)
			same(t, "events", names(events), m.events)
			same(t, "objections", reasons(objections), m.object)
			after := server.apply(events...)
			for _, wrong := range after.wrongs() {
				t.Error(wrong)
			}
			if m.then != nil {
				m.then(t, after)
			}
		})
	}
}

// cash is all the money that was taken.
func cash(w *world) (sum int64) {
	for _, p := range every[circ.Payment](w) {
		switch p.Kind {
		case circ.Money:
			sum += p.Amount.Minor
		case circ.GaveBack:
			sum -= p.Amount.Minor
		}
	}
	return sum
}

// owed gives what the accounts of all patrons come to, and what all fees still need less
// what was paid: nothing is lost or made between them, also where records became one.
func (w *world) owed() (accounts, fees int64) {
	c := circ.NewCase(circ.Act{}, rules)
	paid, waived := int64(0), map[circ.FeeID]int64{}
	for _, p := range every[circ.Payment](w) {
		c.Add(circ.ByKey(circ.KindPayment, string(p.ID)), []circ.Row{p})
		switch p.Kind {
		case circ.Waiver:
			waived[p.Fee] += p.Amount.Minor
		case circ.GaveBack:
			paid -= p.Amount.Minor
		default:
			paid += p.Amount.Minor
		}
	}
	for _, f := range every[circ.Fee](w) {
		c.Add(circ.ByKey(circ.KindFee, string(f.ID)), []circ.Row{f})
		fees += max(f.Amount.Minor-waived[f.ID], 0)
	}
	for _, p := range every[circ.Patron](w) {
		if p.Merged == "" {
			a := c.Account(p.ID)
			accounts += a.Owes + a.Disputed
		}
	}
	return accounts, fees - paid
}

// wrongs names what must never be in the records of a library.
func (w *world) wrongs() (out []string) {
	for _, l := range every[circ.Loan](w) {
		it, known := w.rows[circ.Key{Kind: circ.KindItem, ID: string(l.Item)}].(circ.Item)
		if known && l.Open() != (it.Loan == l.ID) {
			out = append(out, "loan "+string(l.ID)+" and its item do not agree on whether it is open")
		}
	}
	for _, i := range every[circ.Item](w) {
		if i.Loan != "" && i.Held != "" {
			out = append(out, "item "+string(i.ID)+" is on loan and kept for "+string(i.Held))
		}
		if i.Held == "" {
			continue
		}
		if r := w.request(string(i.Held)); r.Copy != i.ID || r.Stage != circ.OnShelf && r.Stage != circ.Underway {
			out = append(out, "item "+string(i.ID)+" is kept for "+string(i.Held)+", which does not know of it")
		}
	}
	for _, f := range every[circ.Fee](w) {
		if l := w.loan(string(f.Loan)); l.ID != "" && f.Type == circ.FeeOverdue && f.Renewal == "" {
			late := policy.Late{Due: l.Due, Back: l.In}
			terms := rules.Terms(policy.Query{Group: w.patron(string(l.Patron)).Group, Type: w.item(string(l.Item)).Type})
			if most, _ := rules.Fine("main", terms, late); l.Open() || l.How == circ.Void || f.Amount.Minor > most {
				if f.Amount.Minor > 0 {
					out = append(out, "fee "+string(f.ID)+" is more than its loan comes to")
				}
			}
		}
	}
	moved := int64(0)
	for _, p := range every[circ.Payment](w) {
		if p.Kind == circ.Transfer {
			moved += p.Amount.Minor
		}
	}
	if moved != 0 {
		out = append(out, "using credit has made or lost money")
	}
	if owed, all := w.owed(); owed != all {
		out = append(out, fmt.Sprintf("all patrons owe %d, and all fees need %d", owed, all))
	}
	for _, r := range every[circ.Request](w) {
		kept := r.Stage == circ.OnShelf || r.Stage == circ.Underway
		if kept && w.item(string(r.Copy)).Held != r.ID {
			out = append(out, "request "+string(r.ID)+" has a copy that is not kept for it")
		}
		if r.Stage == circ.Waiting && r.Copy != "" {
			out = append(out, "request "+string(r.ID)+" waits and has a copy")
		}
	}
	return out
}
