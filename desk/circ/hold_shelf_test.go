package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

func TestShelve(t *testing.T) {
	shelve := circ.Shelve{Barcode: "301"}
	run(t, []row{
		{name: "put on the hold shelf for the next in the queue", with: []change{waiting("r", "other", day)}, do: shelve, events: []string{"seen", "trapped"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToHoldShelf, Library: "main", Request: "r", Patron: "other", Until: dayEnd(7)})
			is(t, "held", o.after.item("item").Held, "r")
		}},
		{name: "it has arrived for somebody", with: []change{underway("r", "other", "item", "east")}, here: "east", do: shelve, events: []string{"seen", "trapped"}, then: func(t *testing.T, o outcome) {
			is(t, "stage", o.after.request("r").Stage, circ.OnShelf)
			is(t, "transit", o.after.item("item").Transit, "")
		}},
		{name: "who waits collects at the other library", with: []change{waiting("r", "other", day, pickupAt("east"))}, do: shelve, events: []string{"seen", "trapped"}, then: func(t *testing.T, o outcome) {
			is(t, "route", o.Route.Kind, circ.ToTransit)
		}},
		{name: "nobody waits", do: shelve, refused: why(circ.NobodyWaits)},
		{name: "who waits wants the other copy", with: []change{waiting("r", "other", day, onlyCopy("copy"))}, do: shelve, refused: why(circ.NobodyWaits)},
		{name: "it is there already", with: []change{shelved("r", "other", "item", hence(day))}, do: shelve, refused: why(circ.HeldAlready)},
		{name: "the item is not known", do: circ.Shelve{Barcode: "399"}, refused: why(circ.UnknownItem)},
		{name: "it is on loan", with: []change{onLoan("item", "reader", day), waiting("r", "other", day)}, do: shelve, refused: why(circ.OnLoanToOther)},
		{name: "it is on loan, and nobody waits", with: []change{onLoan("item", "reader", day)}, do: shelve, refused: why(circ.OnLoanToOther, circ.NobodyWaits)},
		{name: "it was seen since", with: []change{seen("item", hence(time.Minute)), waiting("r", "other", day)}, do: shelve, refused: why(circ.SeenSince)},
	})
}

func TestTakeOff(t *testing.T) {
	off := circ.TakeOff{Barcode: "301"}
	run(t, []row{
		{name: "taken off before the time is up", with: []change{shelved("r", "other", "item", hence(day))}, do: off, events: []string{"untrapped", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "stage", o.after.request("r").Stage, circ.Waiting)
			is(t, "held", o.after.item("item").Held, "")
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToShelf, Library: "main", Location: "open"})
			isAt(t, "in its old place", o.after.request("r").At, ago(3*day))
		}},
		{name: "not collected in time", with: []change{shelved("r", "other", "item", ago(time.Second))}, do: off, events: []string{"request_ended", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "stage", o.after.request("r").Stage, circ.Expired)
			is(t, "held", o.after.item("item").Held, "")
		}},
		{name: "not collected, and another waits", with: []change{shelved("r", "other", "item", ago(time.Second)), waiting("s", "third", day)}, do: off, tell: why(circ.NextWaits), events: []string{"request_ended", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "who", o.remark(t, circ.NextWaits).Who, "third")
		}},
		{name: "it belongs to the other library", with: []change{shelved("r", "other", "item-2", hence(day))}, do: circ.TakeOff{Barcode: "303"}, events: []string{"untrapped", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToTransit, Library: "east"})
			is(t, "transit", o.after.item("item-2").Transit, "east")
		}},
		{name: "it is kept for nobody", do: off, refused: why(circ.NotHeld)},
		{name: "its request is over", with: []change{shelved("r", "other", "item", hence(day)), edit(circ.KindRequest, "r", func(r *circ.Request) { r.Stage, r.Copy = circ.Cancelled, "" })}, do: off, refused: why(circ.NotHeld)},
		{name: "the item is not known", do: circ.TakeOff{Barcode: "399"}, refused: why(circ.UnknownItem)},
		{name: "it was seen since", with: []change{shelved("r", "other", "item", hence(day)), seen("item", hence(time.Minute))}, do: off, refused: why(circ.SeenSince)},
	})
}
