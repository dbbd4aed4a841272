package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

func TestUse(t *testing.T) {
	use := circ.Use{Barcode: "301"}
	run(t, []row{
		{name: "it lay on a table, and goes back", do: use, events: []string{"used", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToShelf, Library: "main", Location: "open"})
			u := of[circ.InHouse](o.after, circ.KindUse, o.made(circ.KindUse))
			is(t, "of", u, circ.InHouse{ID: u.ID, Item: "item", At: now, Desk: "desk-1", Library: "main", Type: "book", Home: "main", Location: "open"})
			isAt(t, "seen", o.after.item("item").Seen.At, now)
		}},
		{name: "somebody waits for it", with: []change{waiting("r", "other", day)}, do: use, events: []string{"used", "seen", "trapped"}, then: func(t *testing.T, o outcome) {
			is(t, "route", o.Route.Kind, circ.ToHoldShelf)
		}},
		{name: "it belongs to the other library", do: circ.Use{Barcode: "303"}, events: []string{"used", "seen"}, then: func(t *testing.T, o outcome) {
			is(t, "route", *o.Route, circ.Route{Kind: circ.ToTransit, Library: "east"})
		}},
		{name: "an alert on it is heard", with: []change{alertOn("a of item", "", "item", circ.AtReturn, until(hence(day)))}, do: use, tell: why(circ.ItemAlert), events: []string{"used", "seen"}},
		{name: "it is on loan", with: []change{onLoan("item", "reader", day)}, do: use, refused: why(circ.OnLoanToOther), then: func(t *testing.T, o outcome) {
			is(t, "way", o.remark(t, circ.OnLoanToOther).Way.Do, circ.WayCheckIn)
		}},
		{name: "the item is not known", do: circ.Use{Barcode: "399"}, refused: why(circ.UnknownItem)},
		{name: "it was seen since", with: []change{seen("item", hence(time.Minute))}, do: use, refused: why(circ.SeenSince)},
	})
}

// TestEveryUseCounts: each is a record of its own; told twice it is one, and an undo
// takes it back.
func TestEveryUseCounts(t *testing.T) {
	count := func(w *world) (n int) {
		for _, u := range every[circ.InHouse](w) {
			if u.Undone.IsZero() {
				n++
			}
		}
		return n
	}
	w := plain()
	first := w.decide(t, act("entry-1", circ.Use{Barcode: "301"})).Events
	w = w.apply(first...)
	later := act("entry-2", circ.Use{Barcode: "301"})
	later.At = hence(time.Minute)
	second := w.decide(t, later).Events
	w = w.apply(second...)
	is(t, "used twice", count(w), 2)
	is(t, "told twice", count(w.apply(second...)), 2)
	back := act("entry-3", circ.Undo{Entry: "entry-2"})
	back.At = hence(2 * time.Minute)
	events, objections := w.retract(t, back, circ.Story{Act: later, Events: second})
	if len(objections) > 0 {
		t.Fatal(objections)
	}
	is(t, "one is taken back", count(w.apply(events...)), 1)
}

// TestUseOfWhatWasLentElsewhere: it was used, so it had come back; the desk that knew
// nothing of the loan hears of it.
func TestUseOfWhatWasLentElsewhere(t *testing.T) {
	a := act("entry-1", circ.Use{Barcode: "301"})
	told := plain().decide(t, a).Events
	w := plain(onLoan("item", "reader", day))
	events, objections := w.record(t, a, told)
	same(t, "objections", reasons(objections), why(circ.OnLoanToOther, circ.LoanUnknown))
	same(t, "events", names(events), []string{"used", "checked_in", "seen"})
}
