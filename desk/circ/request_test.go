package circ_test

import (
	"testing"

	"circdesk/desk/circ"
)

func TestPlace(t *testing.T) {
	want := circ.Place{Card: "card-reader", Title: "title"}
	run(t, []row{
		{name: "a patron asks for a title", do: want, events: []string{"placed"}, then: func(t *testing.T, o outcome) {
			r := o.after.request(o.made(circ.KindRequest))
			is(t, "request", r, circ.Request{ID: r.ID, Title: "title", Patron: "reader", Pickup: "main", At: now, Stage: circ.Waiting, Changed: circ.Hand{At: now, Desk: "desk-1"}})
		}},
		{name: "collected at the other library, with a note", do: circ.Place{Patron: "reader", Title: "title", Pickup: "east", Note: "by phone"}, events: []string{"placed"}, then: func(t *testing.T, o outcome) {
			r := o.after.request(o.made(circ.KindRequest))
			is(t, "pickup", r.Pickup, "east")
			is(t, "note", r.Note, "by phone")
		}},
		{name: "the title is named by one of its copies", do: circ.Place{Card: "card-reader", Barcode: "301"}, events: []string{"placed"}, then: func(t *testing.T, o outcome) {
			r := o.after.request(o.made(circ.KindRequest))
			is(t, "title", r.Title, "title")
			is(t, "any copy", r.Item, "")
		}},
		{name: "only this copy will do", do: circ.Place{Card: "card-reader", Barcode: "301", Copy: true}, events: []string{"placed"}, then: func(t *testing.T, o outcome) {
			is(t, "copy", o.after.request(o.made(circ.KindRequest)).Item, "item")
		}},
		{name: "the patron's record was merged", with: []change{merged("reader", "other")}, do: want, events: []string{"placed"}, then: func(t *testing.T, o outcome) {
			is(t, "for", o.after.request(o.made(circ.KindRequest)).Patron, "other")
		}},
		{name: "the card is not known", do: circ.Place{Card: "x", Title: "title"}, refused: why(circ.UnknownPatron)},
		{name: "the title is not known", do: circ.Place{Card: "card-reader", Title: "x"}, refused: why(circ.UnknownTitle)},
		{name: "the item is not known", do: circ.Place{Card: "card-reader", Barcode: "399"}, refused: why(circ.UnknownItem)},
		{name: "neither is known", do: circ.Place{Card: "x", Barcode: "399"}, refused: why(circ.UnknownPatron, circ.UnknownItem)},
		{name: "the item has no title", with: []change{editItem("item", func(i *circ.Item) { i.Title = "" })}, do: circ.Place{Card: "card-reader", Barcode: "301"}, refused: why(circ.UnknownTitle)},
		{name: "asked for already", with: []change{waiting("r", "reader", day)}, do: want, refused: why(circ.AskedAlready)},
		{name: "asked for already, and on the hold shelf", with: []change{shelved("r", "reader", "item", hence(day))}, do: want, refused: why(circ.AskedAlready)},
		{name: "asked for once, and that is over", with: []change{waiting("r", "reader", day, func(r *circ.Request) { r.Stage = circ.Cancelled })}, do: want, events: []string{"placed"}},
		{name: "another asks for the same title", with: []change{waiting("r", "other", day)}, do: want, events: []string{"placed"}},
		{name: "as many requests as the rules give", with: []change{
			waiting("r", "reader", day, func(r *circ.Request) { r.Title = "title-2" }), waiting("s", "reader", day, func(r *circ.Request) { r.Title = "title-3" }),
		}, do: want, ask: why(circ.TooManyAsked), then: func(t *testing.T, o outcome) {
			m := o.remark(t, circ.TooManyAsked)
			is(t, "has", m.N, 2)
			is(t, "of", m.Max, 2)
		}},
		{name: "the card is lost", with: []change{lostCard("old", "reader")}, do: circ.Place{Card: "old", Title: "title"}, refused: why(circ.CardIsLost)},
		{name: "the card has expired", with: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = ago(day) })}, do: want, ask: why(circ.CardExpired)},
		{name: "blocked, and owes too much", with: []change{blocked("b", "reader", "x"), owes("f", "reader", 1001, day)}, do: want, ask: why(circ.PatronBlocked, circ.OwesTooMuch)},
		{name: "blocked, and the clerk says yes", with: []change{blocked("b", "reader", "x")}, do: want, over: why(circ.PatronBlocked), events: []string{"placed"}},
		{name: "asked for already, and blocked", with: []change{waiting("r", "reader", day), blocked("b", "reader", "x")}, do: want, refused: why(circ.AskedAlready), ask: why(circ.PatronBlocked)},
	})
}

func TestMoveRequest(t *testing.T) {
	move := circ.MoveRequest{Request: "r", Pickup: "east"}
	run(t, []row{
		{name: "it is collected at the other library, in its place", with: []change{waiting("r", "reader", day)}, do: move, events: []string{"request_moved"}, then: func(t *testing.T, o outcome) {
			r := o.after.request("r")
			is(t, "pickup", r.Pickup, "east")
			is(t, "stage", r.Stage, circ.Waiting)
			isAt(t, "place", r.At, ago(day))
		}},
		{name: "it is collected there already", with: []change{waiting("r", "reader", day, func(r *circ.Request) { r.Pickup = "east" })}, do: move, refused: why(circ.NothingGiven)},
		{name: "to nowhere", with: []change{waiting("r", "reader", day)}, do: circ.MoveRequest{Request: "r"}, refused: why(circ.NothingGiven)},
		{name: "a copy is on the hold shelf", with: []change{shelved("r", "reader", "item", hence(day))}, do: move, refused: why(circ.HeldAlready)},
		{name: "it was cancelled before", with: []change{waiting("r", "reader", day, func(r *circ.Request) { r.Stage = circ.Cancelled })}, do: move, refused: why(circ.RequestOver)},
		{name: "the request is not known", do: move, refused: why(circ.UnknownThing)},
	})
}

func TestCancelRequest(t *testing.T) {
	cancel := circ.CancelRequest{Request: "r"}
	run(t, []row{
		{name: "a patron does not want it any more", with: []change{waiting("r", "reader", day)}, do: cancel, events: []string{"request_ended"}, then: func(t *testing.T, o outcome) {
			is(t, "stage", o.after.request("r").Stage, circ.Cancelled)
		}},
		{name: "the copy is on the hold shelf", with: []change{shelved("r", "reader", "item", hence(day))}, do: cancel, tell: why(circ.ShelfStill), events: []string{"request_ended"}, then: func(t *testing.T, o outcome) {
			is(t, "fetch", o.remark(t, circ.ShelfStill).Item, "item")
			is(t, "copy", o.after.request("r").Copy, "")
			is(t, "held", o.after.item("item").Held, "")
		}},
		{name: "the request is not known", do: cancel, refused: why(circ.UnknownThing)},
		{name: "none is named", do: circ.CancelRequest{}, refused: why(circ.UnknownThing)},
		{name: "it was cancelled before", with: []change{waiting("r", "reader", day, func(r *circ.Request) { r.Stage = circ.Cancelled })}, do: cancel, refused: why(circ.RequestOver)},
		{name: "the patron has the book", with: []change{waiting("r", "reader", day, func(r *circ.Request) { r.Stage, r.Copy = circ.Filled, "item" })}, do: cancel, refused: why(circ.RequestOver)},
		{name: "a blocked patron may still cancel", with: []change{waiting("r", "reader", day), blocked("b", "reader", "x")}, do: cancel, events: []string{"request_ended"}},
	})
}
