package circ_test

import (
	"fmt"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

var lend = circ.CheckOut{Card: "card-reader", Barcode: "301"}

func TestCheckOut(t *testing.T) {
	expired := editPatron("reader", func(p *circ.Patron) { p.Expires = ago(day) })
	ofType := func(ty policy.ItemType) change { return editItem("item", func(i *circ.Item) { i.Type = ty }) }
	reference := ofType("reference")
	run(t, []row{
		{name: "a patron takes a book", do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			l := o.after.loan(o.made(circ.KindLoan))
			is(t, "patron", l.Patron, "reader")
			is(t, "open", l.Open(), true)
			isAt(t, "out", l.Out, now)
			isAt(t, "due", l.Due, dayEnd(14))
			is(t, "item's loan", o.after.item("item").Loan, l.ID)
			is(t, "seen", o.after.item("item").Seen, circ.Sighting{At: now, Desk: "desk-1", Library: "main"})
			if len(o.Trace) < 2 || o.Trace[0].Code != policy.StepPeriod || o.Trace[1].Code != policy.StepLent {
				t.Errorf("the due date is not explained: %v", o.Trace)
			}
		}},
		{name: "patron and item are named by their ids", do: circ.CheckOut{Patron: "reader", Item: "item"}, events: []string{"checked_out"}},
		{name: "the patron's record was merged into another", with: []change{merged("reader", "other")}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			is(t, "borrower", o.after.loan(o.made(circ.KindLoan)).Patron, "other")
		}},
		{name: "two merged records point at each other", with: []change{merged("reader", "other"), merged("other", "reader")}, do: lend, refused: why(circ.UnknownPatron)},
		{name: "the card is not known", do: circ.CheckOut{Card: "card-nobody", Barcode: "301"}, refused: why(circ.UnknownPatron), then: func(t *testing.T, o outcome) {
			is(t, "as read", o.remark(t, circ.UnknownPatron).Text, "card-nobody")
		}},
		{name: "the item is not known", do: circ.CheckOut{Card: "card-reader", Barcode: "399"}, refused: why(circ.UnknownItem), then: func(t *testing.T, o outcome) {
			is(t, "as read", o.remark(t, circ.UnknownItem).Text, "399")
		}},
		{name: "neither card nor item is known", do: circ.CheckOut{Card: "x", Barcode: "y"}, refused: why(circ.UnknownPatron, circ.UnknownItem)},
		{name: "nothing is named", do: circ.CheckOut{}, refused: why(circ.UnknownPatron, circ.UnknownItem)},
		{name: "the card was never given out", with: []change{edit(circ.KindCard, "card-reader", func(c *circ.Card) { c.State = circ.CardVoid })}, do: lend, refused: why(circ.UnknownPatron)},
		{name: "the registration was taken back", with: []change{editPatron("reader", func(p *circ.Patron) { p.Void = true })}, do: lend, refused: why(circ.UnknownPatron)},

		{name: "the card is lost", with: []change{lostCard("old", "reader")}, do: circ.CheckOut{Card: "old", Barcode: "301"}, refused: why(circ.CardIsLost), then: func(t *testing.T, o outcome) {
			is(t, "card", o.remark(t, circ.CardIsLost).Text, "old")
		}},
		{name: "the card has expired", with: []change{expired}, do: lend, ask: why(circ.CardExpired), then: func(t *testing.T, o outcome) {
			m := o.remark(t, circ.CardExpired)
			isAt(t, "since", m.When, ago(day))
			is(t, "right", m.Right, circ.RightOverride)
		}},
		{name: "the card expires at this very instant", with: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = now })}, do: lend, ask: why(circ.CardExpired)},
		{name: "the card expires in a second", with: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = hence(time.Second) })}, do: lend, events: []string{"checked_out"}},
		// Koha's dateexpiry.t: a card without an end, and one that ends tomorrow, are valid.
		{name: "the card has no end (60)", with: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = time.Time{} })}, do: lend, events: []string{"checked_out"}},
		{name: "the card expires tomorrow (61)", with: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = hence(day) })}, do: lend, events: []string{"checked_out"}},
		{name: "expired, and the clerk says yes", with: []change{expired}, do: lend, over: why(circ.CardExpired), events: []string{"checked_out"}},
		{name: "expired, and the clerk says yes to something else", with: []change{expired}, do: lend, over: why(circ.PatronBlocked), ask: why(circ.CardExpired)},
		{name: "expired, and who says yes may not", with: []change{expired}, do: lend, over: why(circ.CardExpired), rights: []circ.Right{circ.RightCirculate}, ask: why(circ.CardExpired), tell: why(circ.RightMissing), then: func(t *testing.T, o outcome) {
			is(t, "missing", o.remark(t, circ.RightMissing).Right, circ.RightOverride)
		}},
		{name: "expired, and who says yes may", with: []change{expired}, do: lend, over: why(circ.CardExpired), rights: []circ.Right{circ.RightCirculate, circ.RightOverride}, events: []string{"checked_out"}},

		{name: "who lends may look things up only", do: lend, rights: []circ.Right{}, refused: why(circ.RightMissing), then: func(t *testing.T, o outcome) {
			is(t, "missing", o.remark(t, circ.RightMissing).Right, circ.RightCirculate)
		}},
		{name: "who lends may look things up only, and the card is not known", do: circ.CheckOut{Card: "x", Barcode: "301"}, rights: []circ.Right{circ.RightOverride}, refused: why(circ.UnknownPatron, circ.RightMissing)},

		{name: "lent for the term", with: []change{ofType("textbook")}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan(o.made(circ.KindLoan)).Due, dayEnd(143))
		}},
		{name: "lent for the term, before it begins", with: []change{ofType("textbook")}, do: lend, at: ago(14 * day), refused: why(circ.NoDate)},
		{name: "renewed for the term, when it is over", with: []change{ofType("textbook"), onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, at: hence(200 * day), refused: why(circ.NoDate)},
		{name: "others wait for what is lent for less then, and the clerk says yes", with: []change{ofType("bestseller"), waiting("r", "other", 2*day)}, do: lend, over: why(circ.RequestedBy), events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan(o.made(circ.KindLoan)).Due, dayEnd(7))
			is(t, "why", o.Trace[0].Code, policy.StepWaitedPeriod)
		}},
		{name: "nobody else waits for it", with: []change{ofType("bestseller"), waiting("r", "reader", 2*day)}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan(o.made(circ.KindLoan)).Due, dayEnd(14))
		}},
		{name: "the card ends before", with: []change{ofType("thesis"), editPatron("reader", func(p *circ.Patron) { p.Expires = dayEnd(3).Add(time.Second) })}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan(o.made(circ.KindLoan)).Due, dayEnd(3))
			is(t, "why", o.Trace[len(o.Trace)-1].Row, policy.CapCard)
		}},
		{name: "the card ends in the year 9999: it shortens nothing", with: []change{ofType("thesis"), editPatron("reader", func(p *circ.Patron) { p.Expires = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC) })}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan(o.made(circ.KindLoan)).Due, dayEnd(14))
		}},
		{name: "the card ends before, and the terms do not mind", with: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = dayEnd(3).Add(time.Second) })}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan(o.made(circ.KindLoan)).Due, dayEnd(14))
		}},
		{name: "the card has ended, and the clerk says yes: it shortens nothing (282)", with: []change{ofType("thesis"), expired}, do: lend, over: why(circ.CardExpired), events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan(o.made(circ.KindLoan)).Due, dayEnd(14))
		}},

		{name: "the patron is blocked", with: []change{blocked("b", "reader", "has the key")}, do: lend, ask: why(circ.PatronBlocked), then: func(t *testing.T, o outcome) {
			is(t, "why", o.remark(t, circ.PatronBlocked).Text, "has the key")
		}},
		{name: "the patron is blocked twice", with: []change{blocked("b", "reader", "one"), blocked("c", "reader", "two")}, do: lend, ask: why(circ.PatronBlocked, circ.PatronBlocked)},
		{name: "somebody else is blocked", with: []change{blocked("b", "other", "one")}, do: lend, events: []string{"checked_out"}},
		{name: "the block was lifted", with: []change{blocked("b", "reader", "one"), edit(circ.KindBlock, "b", func(b *circ.Block) { b.Lifted = ago(day) })}, do: lend, events: []string{"checked_out"}},

		{name: "owes as much as is let go", with: []change{owes("f", "reader", 1000, day)}, do: lend, events: []string{"checked_out"}},
		{name: "owes one cent more", with: []change{owes("f", "reader", 1001, day)}, do: lend, ask: why(circ.OwesTooMuch), then: func(t *testing.T, o outcome) {
			m := o.remark(t, circ.OwesTooMuch)
			is(t, "owes", m.Amount, euro(1001))
			is(t, "limit", m.Limit, euro(1000))
			is(t, "right", m.Right, circ.RightMoney)
		}},
		{name: "owes too much in two fees", with: []change{owes("f", "reader", 600, day), owes("g", "reader", 600, day)}, do: lend, ask: why(circ.OwesTooMuch)},
		{name: "owed too much and paid some", with: []change{owes("f", "reader", 1500, 9*day), paid("p", "f", "reader", 500)}, do: lend, events: []string{"checked_out"}},
		{name: "owes too much, less a credit", with: []change{owes("f", "reader", 1500, 9*day), paid("p", "", "reader", 500)}, do: lend, events: []string{"checked_out"}},
		{name: "owes too much, and the right for money is missing", with: []change{owes("f", "reader", 1001, day)}, do: lend, over: why(circ.OwesTooMuch), rights: []circ.Right{circ.RightCirculate, circ.RightOverride}, ask: why(circ.OwesTooMuch), tell: why(circ.RightMissing)},
		{name: "staff may owe anything", with: []change{owes("f", "reader", 100100, day), editPatron("reader", func(p *circ.Patron) { p.Group = "staff" })}, do: lend, events: []string{"checked_out"}},

		{name: "one loan below the limit", with: []change{manyLoans("reader", 2)}, do: lend, events: []string{"checked_out"}},
		{name: "has as many loans as the rules give", with: []change{manyLoans("reader", 3)}, do: lend, ask: why(circ.TooManyLoans), then: func(t *testing.T, o outcome) {
			m := o.remark(t, circ.TooManyLoans)
			is(t, "has", m.N, 3)
			is(t, "of", m.Max, 3)
		}},
		{name: "has too many loans, and the clerk says yes", with: []change{manyLoans("reader", 3)}, do: lend, over: why(circ.TooManyLoans), events: []string{"checked_out"}},
		{name: "staff may have any number of loans", with: []change{manyLoans("reader", 5), editPatron("reader", func(p *circ.Patron) { p.Group = "staff" })}, do: lend, events: []string{"checked_out"}},
		{name: "a loan that has ended does not count", with: []change{manyLoans("reader", 3), edit(circ.KindLoan, "loan of extra-a", func(l *circ.Loan) { l.In, l.How = ago(time.Hour), circ.Returned })}, do: lend, events: []string{"checked_out"}},

		{name: "the item is not for loan", with: []change{reference}, do: lend, ask: why(circ.NotForLoan)},
		{name: "the item is not for loan, and the clerk says yes", with: []change{reference}, do: lend, over: why(circ.NotForLoan), events: []string{"checked_out"}},
		{name: "there is a note on the item", with: []change{editItem("item", func(i *circ.Item) { i.Note = "with a CD" })}, do: lend, tell: why(circ.ItemNote), events: []string{"checked_out"}},
		{name: "a map is lent for hours", with: []change{editItem("item", func(i *circ.Item) { i.Type = "map" })}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan(o.made(circ.KindLoan)).Due, hence(2*time.Hour))
		}},
		{name: "why a map is due when it is", with: []change{editItem("item", func(i *circ.Item) { i.Type = "map" })}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			due := hence(2 * time.Hour)
			is(t, "trace", fmt.Sprintf("%+v", o.Trace), fmt.Sprintf("%+v", []policy.Step{
				{Code: policy.StepPeriod, N: 2, Unit: policy.Hours, Row: "terms 2"}, {Code: policy.StepLent, N: 2, Unit: policy.Hours, At: due},
			}))
			is(t, "and is written down", fmt.Sprintf("%+v", o.after.loan(o.made(circ.KindLoan)).Why), fmt.Sprintf("%+v", o.Trace))
		}},
		{name: "the item was seen after this", with: []change{seen("item", hence(time.Minute))}, do: lend, refused: why(circ.SeenSince), then: func(t *testing.T, o outcome) {
			m := o.remark(t, circ.SeenSince)
			isAt(t, "when", m.When, hence(time.Minute))
			is(t, "desk", m.Desk, "desk-9")
			is(t, "where", m.Where, "east")
		}},
		{name: "the item was seen at this very instant", with: []change{seen("item", now)}, do: lend, events: []string{"checked_out"}},
		{name: "the item was on its way to the other library", with: []change{editItem("item", func(i *circ.Item) { i.Transit = "east" })}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			is(t, "transit", o.after.item("item").Transit, "")
		}},

		{name: "somebody else has it", with: []change{onLoan("item", "other", 3*day)}, do: lend, ask: why(circ.OnLoanToOther), then: func(t *testing.T, o outcome) {
			m := o.remark(t, circ.OnLoanToOther)
			is(t, "who", m.Who, "other")
			is(t, "right", m.Right, circ.RightCirculate)
		}},
		{name: "somebody else had it, and the clerk says that it is here", with: []change{onLoan("item", "other", 3*day)}, do: lend, over: why(circ.OnLoanToOther), tell: why(circ.ClosedOther), events: []string{"checked_in", "checked_out"}, then: func(t *testing.T, o outcome) {
			was := o.after.loan("loan of item")
			is(t, "how it ended", was.How, circ.Evidence)
			isAt(t, "in", was.In, now)
			is(t, "open loans", len(o.after.open("item")), 1)
			is(t, "told who", o.remark(t, circ.ClosedOther).Who, "other")
		}},
		{name: "scanned again after three seconds", with: []change{onLoan("item", "reader", 3*time.Second)}, do: lend, refused: why(circ.DoubleScan)},
		{name: "scanned again as the time for it is up", with: []change{onLoan("item", "reader", 10*time.Second)}, do: lend, refused: why(circ.NoGain)},
		{name: "the same patron brings it to the desk again after days", with: []change{onLoan("item", "reader", 9*day)}, do: lend, events: []string{"renewed"}, then: func(t *testing.T, o outcome) {
			l := o.after.loan("loan of item")
			isAt(t, "due", l.Due, dayEnd(14))
			is(t, "renewals", len(l.Renewals), 1)
		}},
		{name: "a renewal at the desk is not held against the number of loans", with: []change{manyLoans("reader", 3), onLoan("item", "reader", 9*day)}, do: lend, events: []string{"renewed"}},
		{name: "the same patron took it elsewhere after this", with: []change{onLoan("item", "reader", -time.Minute)}, do: lend, refused: why(circ.SeenSince, circ.NoGain)},
		{name: "a lost card renews nothing", with: []change{lostCard("old", "reader"), onLoan("item", "reader", 9*day)}, do: circ.CheckOut{Card: "old", Barcode: "301"}, refused: why(circ.CardIsLost)},
		{name: "scanned again seconds after it was renewed", with: []change{onLoan("item", "reader", 9*day), renewed("item", "r", 2*time.Second)}, do: lend, refused: why(circ.DoubleScan)},

		{name: "it is kept on the hold shelf for another", with: []change{shelved("r", "other", "item", hence(3*day))}, do: lend, ask: why(circ.HeldForOther), then: func(t *testing.T, o outcome) {
			m := o.remark(t, circ.HeldForOther)
			is(t, "who", m.Who, "other")
			isAt(t, "until", m.When, hence(3*day))
		}},
		{name: "kept for another, and the clerk says yes", with: []change{shelved("r", "other", "item", hence(3*day))}, do: lend, over: why(circ.HeldForOther), events: []string{"untrapped", "checked_out"}, then: func(t *testing.T, o outcome) {
			is(t, "the other's request", o.after.request("r").Stage, circ.Waiting)
			is(t, "its copy", o.after.request("r").Copy, "")
			is(t, "held", o.after.item("item").Held, "")
		}},
		{name: "it is on its way to another", with: []change{underway("r", "other", "item", "east")}, do: lend, ask: why(circ.HeldForOther)},
		{name: "kept for another who is first, and a third waits too", with: []change{shelved("r", "other", "item", hence(3*day)), waiting("s", "third", day)}, do: lend, ask: why(circ.HeldForOther)},
		{name: "two others wait for the title", with: []change{waiting("r", "other", 2*day), waiting("s", "third", day)}, do: lend, ask: why(circ.RequestedBy), then: func(t *testing.T, o outcome) {
			is(t, "how many", o.remark(t, circ.RequestedBy).N, 2)
		}},
		{name: "another waits, and the clerk says yes", with: []change{waiting("r", "other", 2*day)}, do: lend, over: why(circ.RequestedBy), events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			is(t, "the other's request", o.after.request("r").Stage, circ.Waiting)
		}},
		{name: "another waits for the other copy only", with: []change{waiting("r", "other", 2*day, onlyCopy("copy"))}, do: lend, events: []string{"checked_out"}},
		{name: "another waits behind a hundred who want the other copy only", with: []change{waiting("r", "other", day), manyWait(100)}, do: lend, ask: why(circ.RequestedBy)},
		{name: "another waits for this copy only", with: []change{waiting("r", "other", 2*day, onlyCopy("item"))}, do: lend, ask: why(circ.RequestedBy)},

		{name: "the patron collects what is kept for them", with: []change{shelved("r", "reader", "item", hence(3*day))}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			r := o.after.request("r")
			is(t, "stage", r.Stage, circ.Filled)
			is(t, "copy", r.Copy, "item")
			isAt(t, "until", r.Until, time.Time{})
			is(t, "held", o.after.item("item").Held, "")
		}},
		{name: "the patron finds a copy of what they wait for", with: []change{waiting("r", "reader", 2*day)}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			is(t, "stage", o.after.request("r").Stage, circ.Filled)
		}},
		{name: "the patron waits for the other copy only, and takes this one", with: []change{waiting("r", "reader", 2*day, onlyCopy("copy"))}, do: lend, events: []string{"checked_out"}, then: func(t *testing.T, o outcome) {
			is(t, "stage", o.after.request("r").Stage, circ.Waiting)
		}},
		{name: "a copy is kept for the patron, and they take another", with: []change{shelved("r", "reader", "copy", hence(3*day))}, do: lend, tell: why(circ.ShelfStill), events: []string{"untrapped", "checked_out"}, then: func(t *testing.T, o outcome) {
			is(t, "take off the shelf", o.remark(t, circ.ShelfStill).Item, "copy")
			is(t, "copy held", o.after.item("copy").Held, "")
			is(t, "stage", o.after.request("r").Stage, circ.Filled)
			is(t, "filled by", o.after.request("r").Copy, "item")
		}},
		{name: "kept for another, yes, while a copy is kept for the patron", with: []change{shelved("r", "other", "item", hence(3*day)), shelved("s", "reader", "copy", hence(3*day))}, do: lend, over: why(circ.HeldForOther), tell: why(circ.ShelfStill), events: []string{"untrapped", "untrapped", "checked_out"}, then: func(t *testing.T, o outcome) {
			is(t, "the other's request", o.after.request("r").Stage, circ.Waiting)
			is(t, "the patron's request", o.after.request("s").Stage, circ.Filled)
		}},

		{name: "everything at once", with: []change{
			lostCard("old", "reader"), expired, blocked("b", "reader", "x"), owes("f", "reader", 1100, day), manyLoans("reader", 3), reference,
			onLoan("item", "other", 20*day), waiting("r", "third", day),
		}, do: circ.CheckOut{Card: "old", Barcode: "301"}, refused: why(circ.CardIsLost), ask: why(circ.CardExpired, circ.PatronBlocked, circ.OwesTooMuch, circ.TooManyLoans, circ.NotForLoan, circ.OnLoanToOther, circ.RequestedBy)},
		{name: "one yes answers only its own question", with: []change{expired, reference}, do: lend, over: why(circ.NotForLoan), ask: why(circ.CardExpired)},
		{name: "both questions are answered", with: []change{expired, reference}, do: lend, over: why(circ.NotForLoan, circ.CardExpired), events: []string{"checked_out"}},
		{name: "a yes does not lift a refusal", with: []change{lostCard("old", "reader")}, do: circ.CheckOut{Card: "old", Barcode: "301"}, over: why(circ.CardIsLost), refused: why(circ.CardIsLost)},
	})
}

func TestNoCommand(t *testing.T) {
	run(t, []row{
		{name: "an act without a command", refused: why(circ.NothingGiven)},
		{name: "a command of a later version", do: circ.UnknownCommand{As: "levitate"}, refused: why(circ.NotUnderstood)},
		{name: "a load is noted", do: circ.LoadNote{File: "patrons.csv", Read: 3, Put: 3}},
	})
}

// TestTheLibrarysZoneCounts: a desk whose clock is set to another zone than the
// library's gives the same date.
func TestTheLibrarysZoneCounts(t *testing.T) {
	w := plain()
	late := time.Date(2026, 3, 10, 22, 30, 0, 0, time.UTC) // half past eleven in Berlin; tomorrow in Tokyo, this afternoon in Anchorage
	for _, zone := range []string{"Europe/Berlin", "Asia/Tokyo", "America/Anchorage", "no zone at all"} {
		a := act("entry-1", lend)
		a.At, a.Zone = late, zone
		d := w.decide(t, a)
		l := w.apply(d.Events...).loan(circ.NewID(a.ID, circ.KindLoan, 0))
		isAt(t, zone, l.Due, dayEnd(14))
	}
}
