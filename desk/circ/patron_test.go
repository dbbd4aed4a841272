package circ_test

import (
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
)

func TestBlocks(t *testing.T) {
	run(t, []row{
		{name: "a patron is blocked", do: circ.BlockPatron{Patron: "reader", Text: "has the key"}, events: []string{"blocked"}, then: func(t *testing.T, o outcome) {
			b := of[circ.Block](o.after, circ.KindBlock, o.made(circ.KindBlock))
			is(t, "block", b, circ.Block{ID: b.ID, Patron: "reader", Text: "has the key", At: now, Operator: "clerk"})
			same(t, "and cannot borrow", reasons(o.after.decide(t, act("entry-2", lend)).Ask), why(circ.PatronBlocked))
		}},
		{name: "blocked for a week, and then no more", do: circ.BlockPatron{Patron: "reader", Text: "x", Until: hence(7 * day)}, events: []string{"blocked"}, then: func(t *testing.T, o outcome) {
			last, over := act("entry-2", lend), act("entry-2", lend)
			last.At, over.At = hence(7*day), hence(7*day+time.Second)
			d := o.after.decide(t, last)
			same(t, "at the last instant", reasons(d.Ask), why(circ.PatronBlocked))
			isAt(t, "until", d.Ask[0].Until, hence(7*day))
			is(t, "a second later", o.after.decide(t, over).Done(), true)
		}},
		{name: "blocked until yesterday", do: circ.BlockPatron{Patron: "reader", Text: "x", Until: ago(day)}, refused: why(circ.BlockEnded)},
		{name: "blocked until this very instant", do: circ.BlockPatron{Patron: "reader", Text: "x", Until: now}, refused: why(circ.BlockEnded)},
		{name: "blocked for requests: may borrow and renew", with: []change{onLoan("copy", "reader", 9*day)}, do: circ.BlockPatron{Patron: "reader", Text: "x", Against: circ.BlockScope{Request: true}}, events: []string{"blocked"}, then: func(t *testing.T, o outcome) {
			is(t, "borrows", o.after.decide(t, act("entry-2", lend)).Done(), true)
			is(t, "renews", o.after.decide(t, act("entry-2", circ.Renew{Item: "copy"})).Done(), true)
			same(t, "requests", reasons(o.after.decide(t, act("entry-2", circ.Place{Card: "card-reader", Title: "title"})).Ask), why(circ.PatronBlocked))
			c := o.after.gathered(t, act("entry-2", lend))
			p, _ := c.Patron("reader")
			same(t, "stands", reasons(circ.Standing(c, p)), why(circ.PatronBlocked))
		}},
		{name: "blocked for loans: may renew and request", with: []change{onLoan("copy", "reader", 9*day)}, do: circ.BlockPatron{Patron: "reader", Text: "x", Against: circ.BlockScope{Loan: true}}, events: []string{"blocked"}, then: func(t *testing.T, o outcome) {
			same(t, "borrows", reasons(o.after.decide(t, act("entry-2", lend)).Ask), why(circ.PatronBlocked))
			is(t, "renews", o.after.decide(t, act("entry-2", circ.Renew{Item: "copy"})).Done(), true)
		}},
		{name: "without a word", do: circ.BlockPatron{Patron: "reader"}, refused: why(circ.NothingGiven)},
		{name: "nobody known, without a word", do: circ.BlockPatron{}, refused: why(circ.UnknownPatron, circ.NothingGiven)},
		{name: "the block is lifted", with: []change{blocked("b", "reader", "x")}, do: circ.Unblock{Block: "b"}, events: []string{"unblocked"}, then: func(t *testing.T, o outcome) {
			isAt(t, "lifted", of[circ.Block](o.after, circ.KindBlock, "b").Lifted, now)
			is(t, "and may borrow", o.after.decide(t, act("entry-2", lend)).Done(), true)
		}},
		{name: "the block was lifted before", with: []change{blocked("b", "reader", "x"), edit(circ.KindBlock, "b", func(b *circ.Block) { b.Lifted = ago(day) })}, do: circ.Unblock{Block: "b"}, refused: why(circ.BlockLifted)},
		{name: "the block is not known", do: circ.Unblock{Block: "b"}, refused: why(circ.UnknownThing)},
	})
}

func TestRegister(t *testing.T) {
	fresh := circ.Patron{Card: "card-new", Family: "A new family", Group: "adult"}
	run(t, []row{
		{name: "a new patron", do: circ.Register{Patron: fresh}, events: []string{"registered"}, then: func(t *testing.T, o outcome) {
			p := o.after.patron(o.made(circ.KindPatron))
			is(t, "card", p.Card, "card-new")
			is(t, "home", p.Home, "main")
			is(t, "card's patron", o.after.card("card-new"), circ.Card{Number: "card-new", Patron: p.ID, State: circ.CardValid})
			is(t, "and may borrow", o.after.decide(t, act("entry-2", circ.CheckOut{Card: "card-new", Barcode: "301"})).Done(), true)
		}},
		{name: "an id, pointers and a void mark that are brought along are not looked at", do: circ.Register{Patron: circ.Patron{ID: "reader", Card: "card-new", Family: "F", Home: "east", Merged: "other", Aliased: true, Void: true}}, events: []string{"registered"}, then: func(t *testing.T, o outcome) {
			p := o.after.patron(o.made(circ.KindPatron))
			is(t, "patron", p, circ.Patron{ID: p.ID, Card: "card-new", Family: "F", Home: "east", Changed: circ.Hand{At: now, Desk: "desk-1"}})
			is(t, "the known one", o.after.patron("reader"), o.before.patron("reader"))
		}},
		{name: "without a card", do: circ.Register{Patron: circ.Patron{Family: "F"}}, refused: why(circ.NothingGiven)},
		{name: "without a name", do: circ.Register{Patron: circ.Patron{Card: "card-new"}}, refused: why(circ.NothingGiven)},
		{name: "the card is somebody's", do: circ.Register{Patron: circ.Patron{Card: "card-other", Family: "F"}}, refused: why(circ.CardTaken), then: func(t *testing.T, o outcome) {
			is(t, "whose", o.remark(t, circ.CardTaken).Who, "other")
		}},
		{name: "the card is somebody's lost one", with: []change{lostCard("old", "other")}, do: circ.Register{Patron: circ.Patron{Card: "old", Family: "F"}}, refused: why(circ.CardTaken)},
		{name: "the card was never given out after all", with: []change{edit(circ.KindCard, "card-other", func(c *circ.Card) { c.State = circ.CardVoid })}, do: circ.Register{Patron: circ.Patron{Card: "card-other", Family: "F"}}, events: []string{"registered"}},
	})
}

func TestEdit(t *testing.T) {
	said := func(s string) *string { return &s }
	run(t, []row{
		{name: "a patron has moved", with: []change{editPatron("reader", func(p *circ.Patron) { p.Phone = "1" })}, do: circ.Edit{Patron: "reader", Contact: circ.Contact{Street: said("High Street 1"), City: said("Town")}}, events: []string{"edited"}, then: func(t *testing.T, o outcome) {
			p := o.after.patron("reader")
			is(t, "street", p.Street, "High Street 1")
			is(t, "city", p.City, "Town")
			is(t, "phone", p.Phone, "1")
		}},
		{name: "every field can be changed", do: circ.Edit{Patron: "reader", Contact: circ.Contact{Street: said("1"), Postcode: said("2"), City: said("3"), Phone: said("4"), Email: said("5"), Language: said("6")}}, events: []string{"edited"}, then: func(t *testing.T, o outcome) {
			p := o.after.patron("reader")
			is(t, "all", p.Street+p.Postcode+p.City+p.Phone+p.Email+p.Language, "123456")
		}},
		{name: "a number is taken out", with: []change{editPatron("reader", func(p *circ.Patron) { p.Phone = "1" })}, do: circ.Edit{Patron: "reader", Contact: circ.Contact{Phone: said("")}}, events: []string{"edited"}, then: func(t *testing.T, o outcome) {
			is(t, "phone", o.after.patron("reader").Phone, "")
		}},
		{name: "nothing is changed", do: circ.Edit{Patron: "reader"}, refused: why(circ.NothingGiven)},
		{name: "it stands so already", with: []change{editPatron("reader", func(p *circ.Patron) { p.Phone = "1" })}, do: circ.Edit{Patron: "reader", Contact: circ.Contact{Phone: said("1")}}, refused: why(circ.NothingGiven)},
		{name: "nobody known", do: circ.Edit{Patron: "nobody", Contact: circ.Contact{Phone: said("1")}}, refused: why(circ.UnknownPatron)},
		{name: "the record was merged", with: []change{merged("reader", "other")}, do: circ.Edit{Patron: "reader", Contact: circ.Contact{Phone: said("1")}}, events: []string{"edited"}, then: func(t *testing.T, o outcome) {
			is(t, "phone", o.after.patron("other").Phone, "1")
		}},
	})
}

func TestCards(t *testing.T) {
	year := hence(365 * day)
	run(t, []row{
		{name: "a card is renewed", with: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = ago(day) })}, do: circ.RenewCard{Patron: "reader", Until: year}, events: []string{"card_renewed"}, then: func(t *testing.T, o outcome) {
			isAt(t, "until", o.after.patron("reader").Expires, year)
			is(t, "and may borrow", o.after.decide(t, act("entry-2", lend)).Done(), true)
		}},
		{name: "until an instant that is past", do: circ.RenewCard{Patron: "reader", Until: now}, refused: why(circ.NothingGiven)},
		{name: "until no instant", do: circ.RenewCard{Patron: "reader"}, refused: why(circ.NothingGiven)},
		{name: "valid until then already", with: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = year })}, do: circ.RenewCard{Patron: "reader", Until: year}, refused: why(circ.NoGain)},
		{name: "nobody known", do: circ.RenewCard{Patron: "nobody", Until: year}, refused: why(circ.UnknownPatron)},

		{name: "a lost card is replaced", do: circ.ReplaceCard{Patron: "reader", Number: "card-new"}, events: []string{"card_replaced"}, then: func(t *testing.T, o outcome) {
			is(t, "card", o.after.patron("reader").Card, "card-new")
			old := o.after.decide(t, act("entry-2", lend))
			same(t, "the old number answers", reasons(old.Refused), why(circ.CardIsLost))
			is(t, "and names whose it is", old.Refused[0].Who, "reader")
			is(t, "the new one borrows", o.after.decide(t, act("entry-3", circ.CheckOut{Card: "card-new", Barcode: "301"})).Done(), true)
		}},
		{name: "the first card of a patron without one", with: []change{editPatron("reader", func(p *circ.Patron) { p.Card = "" })}, do: circ.ReplaceCard{Patron: "reader", Number: "card-new"}, events: []string{"card_replaced"}, then: func(t *testing.T, o outcome) {
			is(t, "card", o.after.patron("reader").Card, "card-new")
		}},
		{name: "the number is somebody's", do: circ.ReplaceCard{Patron: "reader", Number: "card-other"}, refused: why(circ.CardTaken)},
		{name: "the number is the patron's own", do: circ.ReplaceCard{Patron: "reader", Number: "card-reader"}, refused: why(circ.CardTaken)},
		{name: "the number is a lost card's", with: []change{lostCard("old", "reader")}, do: circ.ReplaceCard{Patron: "reader", Number: "old"}, refused: why(circ.CardTaken)},
		{name: "no number", do: circ.ReplaceCard{Patron: "reader"}, refused: why(circ.NothingGiven)},
		{name: "nobody known to replace it for", do: circ.ReplaceCard{Patron: "nobody", Number: "card-new"}, refused: why(circ.UnknownPatron)},
	})
}

func TestLinkPatrons(t *testing.T) {
	link := circ.LinkPatrons{Patron: "reader", Other: "other", Kind: circ.Guarantor}
	linked := func(kind circ.LinkKind, ended time.Time) change {
		return func(w *world) {
			w.put(circ.Link{ID: "l", Patron: "reader", Other: "other", Kind: kind, At: ago(day), Ended: ended})
		}
	}
	run(t, []row{
		{name: "one answers for another", do: link, events: []string{"linked"}, then: func(t *testing.T, o outcome) {
			l := of[circ.Link](o.after, circ.KindLink, o.made(circ.KindLink))
			is(t, "link", l, circ.Link{ID: l.ID, Patron: "reader", Other: "other", Kind: circ.Guarantor, At: now})
		}},
		{name: "one may collect for another", do: circ.LinkPatrons{Patron: "reader", Other: "other", Kind: circ.Pickup}, events: []string{"linked"}},
		{name: "they are linked so already", with: []change{linked(circ.Guarantor, time.Time{})}, do: link, refused: why(circ.LinkedAlready)},
		{name: "they are linked otherwise", with: []change{linked(circ.Pickup, time.Time{})}, do: link, events: []string{"linked"}},
		{name: "they were linked once", with: []change{linked(circ.Guarantor, ago(time.Hour))}, do: link, events: []string{"linked"}},
		{name: "somebody answers for themselves", do: circ.LinkPatrons{Patron: "reader", Other: "reader", Kind: circ.Guarantor}, refused: why(circ.SamePerson)},
		{name: "both records are of one person", with: []change{merged("other", "reader")}, do: link, refused: why(circ.SamePerson)},
		{name: "a kind that does not exist", do: circ.LinkPatrons{Patron: "reader", Other: "other", Kind: "rival"}, refused: why(circ.NothingGiven)},
		{name: "the other is not known", do: circ.LinkPatrons{Patron: "reader", Other: "nobody", Kind: circ.Guarantor}, refused: why(circ.UnknownPatron)},
	})
}

func TestMergePatrons(t *testing.T) {
	merge := circ.MergePatrons{Patron: "other", Into: "reader"}
	link := func(patron, other circ.PatronID) change {
		return func(w *world) {
			w.put(circ.Link{ID: "l", Patron: patron, Other: other, Kind: circ.Guarantor, At: ago(day)})
		}
	}
	yes := why(circ.MergeRecords)
	run(t, []row{
		{name: "asked once more, with what is moved", with: []change{onLoan("item", "other", 9*day), waiting("r", "other", day), lostCard("old", "other")}, do: merge, ask: yes, then: func(t *testing.T, o outcome) {
			m := o.remark(t, circ.MergeRecords)
			is(t, "right", m.Right, circ.RightSettle)
			is(t, "whose record ends", m.Who, "other")
			is(t, "card", m.Text, "card-other")
			is(t, "things", m.N, 2)
		}},
		{name: "all that stands under one record is the other's", with: []change{
			onLoan("item", "other", 9*day), shelved("s", "other", "copy", hence(day)), waiting("r", "other", day), owes("f", "other", 300, day), paid("p", "f", "other", 100), blocked("b", "other", "x"), alertOn("a", "other", "", circ.AtBoth), link("other", "third"), lostCard("old", "other"),
		}, do: merge, over: yes, events: []string{"patrons_merged"}, then: func(t *testing.T, o outcome) {
			w := o.after
			is(t, "points to", w.patron("other").Merged, "reader")
			is(t, "loan", w.loan("loan of item").Patron, "reader")
			is(t, "on the shelf", w.request("s").Patron, "reader")
			is(t, "waiting", w.request("r").Patron, "reader")
			is(t, "owes", w.account(t, "reader").Owes, 200)
			is(t, "owed by the other", w.account(t, "other").Owes, 0)
			is(t, "block", of[circ.Block](w, circ.KindBlock, "b").Patron, "reader")
			is(t, "alert", of[circ.Alert](w, circ.KindAlert, "a").Patron, "reader")
			is(t, "link", of[circ.Link](w, circ.KindLink, "l").Patron, "reader")
			is(t, "card", w.card("card-other"), circ.Card{Number: "card-other", Patron: "reader", State: circ.CardValid})
			is(t, "lost card", w.card("old"), circ.Card{Number: "old", Patron: "reader", State: circ.CardLost})
			is(t, "the card that is on the record", w.patron("reader").Card, "card-reader")
			d := w.decide(t, act("entry-9", circ.CheckOut{Card: "card-other", Barcode: "303"}))
			is(t, "the other card opens", slices.Contains(reasons(d.Refused), circ.UnknownPatron), false)
		}},
		{name: "what the kept record does not say is taken over", with: []change{editPatron("other", func(p *circ.Patron) { p.Email, p.City = "o@example.org", "Town" }), editPatron("reader", func(p *circ.Patron) { p.City = "Village" })}, do: merge, over: yes, events: []string{"patrons_merged"}, then: func(t *testing.T, o outcome) {
			is(t, "e-mail", o.after.patron("reader").Email, "o@example.org")
			is(t, "city", o.after.patron("reader").City, "Village")
		}},
		{name: "without the right", rights: []circ.Right{circ.RightCirculate}, do: merge, refused: why(circ.RightMissing)},
		{name: "with oneself", do: circ.MergePatrons{Patron: "reader", Into: "reader"}, refused: why(circ.SamePerson)},
		{name: "merged already", with: []change{merged("other", "reader")}, do: merge, refused: why(circ.SamePerson)},
		{name: "one answers for the other: they are two", with: []change{link("reader", "other")}, do: merge, refused: why(circ.LinkedAlready)},
		{name: "or the other way about", with: []change{link("other", "reader")}, do: merge, refused: why(circ.LinkedAlready)},
		{name: "somebody whom nobody knows", do: circ.MergePatrons{Patron: "nobody", Into: "reader"}, refused: why(circ.UnknownPatron)},
		{name: "into somebody whom nobody knows", do: circ.MergePatrons{Patron: "other", Into: "nobody"}, refused: why(circ.UnknownPatron)},
	})
}
