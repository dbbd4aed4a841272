package circ_test

import (
	"testing"

	"circdesk/desk/circ"
)

// desks are rows for the desks of the main library: desk-1, at which the table acts,
// and the one that the row is about.
const desks = "[[circulation_desk]]\nid = \"desk-1\"\nlibrary = \"main\"\n[[circulation_desk]]\nid = \"stacks\"\nlibrary = \"main\"\n[[circulation_desk]]\nid = \"far\"\nlibrary = \"east\"\n[[desk_terms]]\n"

// TestDeskTerms: what a desk may do, and has, decides where a book is lent and where
// it goes. The item is of the location "open".
func TestDeskTerms(t *testing.T) {
	off := circ.TakeOff{Barcode: "301"}
	shelve := circ.Shelve{Barcode: "301"}
	stacks := func(where string) func(*testing.T, outcome) {
		return func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToDesk, Library: "main", Location: "open", Desk: circ.DeskID(where)})
			is(t, "transit", o.after.item("item").Transit, "main")
		}
	}
	run(t, []row{
		{name: "another desk may not lend it", blocks: desks + "desk = \"stacks\"\ncheck_out = false\n", do: lend, events: []string{"checked_out"}},
		{name: "this desk may not lend it", blocks: desks + "desk = \"desk-1\"\ncheck_out = false\n", do: lend, ask: why(circ.NotFromHere), then: func(t *testing.T, o outcome) {
			is(t, "desk", o.remark(t, circ.NotFromHere).Desk, "stacks")
			is(t, "way", o.remark(t, circ.NotFromHere).Way.Do, circ.WayOtherDesk)
			is(t, "right", o.remark(t, circ.NotFromHere).Right, circ.RightOverride)
		}},
		{name: "this desk may not lend it, and the clerk says yes", blocks: desks + "desk = \"desk-1\"\ncheck_out = false\n", do: lend, over: why(circ.NotFromHere), events: []string{"checked_out"}},
		{name: "no desk of this library lends it, so none is named", blocks: desks + "library = \"main\"\ncheck_out = false\n", do: lend, ask: why(circ.NotFromHere), then: func(t *testing.T, o outcome) {
			is(t, "desk", o.remark(t, circ.NotFromHere).Desk, "")
		}},
		{name: "this desk may not lend what stands elsewhere", blocks: desks + "location = \"closed\"\ncheck_out = false\n", do: lend, events: []string{"checked_out"}},
		{name: "this desk may not lend the books of the other library", blocks: desks + "home = \"east\"\ncheck_out = false\n", do: circ.CheckOut{Card: "card-reader", Barcode: "303"}, ask: why(circ.NotFromHere)},
		{name: "a renewal is of no desk", blocks: desks + "check_out = false\n", with: []change{onLoan("item", "reader", 9*day)}, do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}},

		{name: "this desk may not take it back, and has", blocks: desks + "desk = \"desk-1\"\ncheck_in = false\n", with: []change{onLoan("item", "reader", day)}, do: back,
			tell: why(circ.NotTakenHere), events: []string{"checked_in", "seen"}, then: func(t *testing.T, o outcome) {
				is(t, "desk", o.remark(t, circ.NotTakenHere).Desk, "stacks")
				stacks("stacks")(t, o)
			}},
		{name: "this desk takes it back and does not shelve it", blocks: desks + "desk = \"desk-1\"\nreshelve = false\n", with: []change{onLoan("item", "reader", day)}, do: back, events: []string{"checked_in", "seen"}, then: stacks("stacks")},
		{name: "nobody is listed who shelves it", blocks: "[[desk_terms]]\nreshelve = false\n", with: []change{onLoan("item", "reader", day)}, do: back, events: []string{"checked_in", "seen"}, then: stacks("")},
		{name: "it has arrived at the desk that shelves it", blocks: desks + "desk = \"stacks\"\nreshelve = false\n", with: []change{inTransit("item", "main")}, do: back, tell: why(circ.NotOnLoanTell), events: []string{"seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToShelf, Library: "main", Location: "open"})
			is(t, "transit", o.after.item("item").Transit, "")
		}},
		{name: "what belongs to the other library goes there", blocks: desks + "reshelve = false\n", do: circ.CheckIn{Barcode: "303"}, tell: why(circ.NotOnLoanTell), events: []string{"seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToTransit, Library: "east"})
		}},
		{name: "taken off the hold shelf at a desk that does not shelve", blocks: desks + "desk = \"desk-1\"\nreshelve = false\n", with: []change{shelved("r", "other", "item", hence(day))}, do: off, events: []string{"untrapped", "seen"}, then: stacks("stacks")},

		{name: "kept for somebody at a desk without a hold shelf", blocks: desks + "desk = \"desk-1\"\nhold_shelf = false\n", with: []change{onLoan("item", "reader", day), waiting("r", "other", day)}, do: back, events: []string{"checked_in", "seen", "trapped"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToDesk, Library: "main", Desk: "stacks", Request: "r", Patron: "other"})
			is(t, "stage", o.after.request("r").Stage, circ.Underway)
			is(t, "held", o.after.item("item").Held, "r")
		}},
		{name: "it has arrived at the desk with the hold shelf", blocks: desks + "desk = \"stacks\"\nhold_shelf = false\n", with: []change{underway("r", "other", "item", "main")}, do: shelve, events: []string{"seen", "trapped"}, then: func(t *testing.T, o outcome) {
			is(t, "stage", o.after.request("r").Stage, circ.OnShelf)
			isAt(t, "until", o.after.request("r").Until, dayEnd(7))
		}},
		{name: "who waits collects elsewhere, and no desk is asked", blocks: desks + "hold_shelf = false\n", with: []change{waiting("r", "other", day, pickupAt("east"))}, do: shelve, events: []string{"seen", "trapped"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToTransit, Library: "east", Request: "r", Patron: "other"})
		}},
		{name: "the hold shelf keeps it for three open days", blocks: desks + "library = \"main\"\nlongest_stay = 3\n", with: []change{waiting("r", "other", day)}, do: shelve, events: []string{"seen", "trapped"}, then: func(t *testing.T, o outcome) {
			isAt(t, "until", o.Route.Until, dayEnd(3))
		}},
		{name: "a longer stay than the rules give changes nothing", blocks: desks + "library = \"main\"\nlongest_stay = 30\n", with: []change{waiting("r", "other", day)}, do: shelve, events: []string{"seen", "trapped"}, then: func(t *testing.T, o outcome) {
			isAt(t, "until", o.Route.Until, dayEnd(7))
		}},
	})
}
