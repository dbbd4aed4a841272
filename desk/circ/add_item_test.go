package circ_test

import (
	"testing"

	"circdesk/desk/circ"
)

func TestAddItem(t *testing.T) {
	run(t, []row{
		{name: "a barcode that nobody knows", do: circ.AddItem{Barcode: "399", Title: "Unheard Of", Staff: "to cataloguing"}, events: []string{"item_added"}, then: func(t *testing.T, o outcome) {
			it := o.after.item(o.made(circ.KindItem))
			is(t, "barcode", it.Barcode, "399")
			is(t, "staff", it.Staff, "to cataloguing")
			is(t, "home", it.Home, "main")
			is(t, "title", of[circ.Title](o.after, circ.KindTitle, string(it.Title)).Title, "Unheard Of")
			is(t, "it can be lent", o.after.decide(t, act("entry-9", circ.CheckOut{Patron: "reader", Barcode: "399"})).Done(), true)
		}},
		{name: "a barcode that is known: the new record points to it", do: circ.AddItem{Barcode: "301", Title: "Unheard Of"}, events: []string{"item_aliased"}, then: func(t *testing.T, o outcome) {
			is(t, "points to", o.after.item(o.made(circ.KindItem)).Merged, "item")
		}},
		{name: "no title", do: circ.AddItem{Barcode: "399"}, refused: why(circ.NothingGiven)},
		{name: "no barcode", do: circ.AddItem{Title: "Unheard Of"}, refused: why(circ.NothingGiven)},
	})
}

// TestAnAliasSaysBy: an item keeps by whom another record points to it, also where the
// event is of a version that did not say.
func TestAnAliasSaysBy(t *testing.T) {
	by := circ.Hand{At: now, Desk: "desk-2"}
	w := plain().apply(circ.ItemAliased{Item: "x", Known: "item", By: by}, circ.ItemAliased{Item: "y", Known: "item"})
	same(t, "pointers", w.item("item").Pointers, []circ.Pointer{{Item: "x", By: by}})
	is(t, "the first points to", w.item("x").Merged, "item")
	is(t, "the second points to", w.item("y").Merged, "item")
}

// TestAddingsAreTakenBackInAnyOrder: an item stays as long as a record points to it whose
// adding counts, and goes with the last.
func TestAddingsAreTakenBackInAnyOrder(t *testing.T) {
	adds := circ.AddItem{Barcode: "399", Title: "Unheard Of"}
	w, first := plain().done(t, act("entry-1", adds))
	w, second := w.done(t, act("entry-2", adds))
	w, third := w.done(t, act("entry-3", adds))
	undo := func(s circ.Story) circ.Decision { return w.undo(t, act("entry-9", circ.Undo{Entry: s.Act.ID}), s) }
	for _, s := range []circ.Story{second, third} {
		same(t, "refused while one points to it", reasons(undo(first).Refused), why(circ.ChangedSince))
		w = w.apply(undo(s).Events...)
	}
	same(t, "then it goes", names(undo(first).Events), []string{"item_unadded"})
}

// TestAnItemThatNeverWas: a question about an item whose adding was taken back is about
// whatever has its barcode now.
func TestAnItemThatNeverWas(t *testing.T) {
	title := circ.Title{ID: "title of theirs", Title: "Unheard Of"}
	w := plain().apply(circ.ItemAdded{Item: circ.Item{ID: "theirs", Barcode: "399", Title: title.ID}, Title: title}, circ.ItemUnadded{Item: "theirs", Title: title.ID})
	lent := circ.CheckOut{Patron: "reader", Item: "theirs", Barcode: "399"}
	same(t, "refused", reasons(w.decide(t, act("entry-1", lent)).Refused), why(circ.UnknownItem))
	w, _ = w.done(t, act("entry-2", circ.AddItem{Barcode: "399", Title: "Unheard Of"}))
	d := w.decide(t, act("entry-3", lent))
	same(t, "events", names(d.Events), []string{"checked_out"})
	is(t, "lent", w.apply(d.Events...).item(circ.NewID("entry-2", circ.KindItem, 0)).Loan != "", true)
}
