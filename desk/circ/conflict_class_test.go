package circ_test

import (
	"fmt"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// TestConflictClasses: what a desk did without a line, what others did meanwhile, and
// what it is called at the central system: whether the rule settles it, or a person has
// to. Each case of the protocol's table has its rows.
func TestConflictClasses(t *testing.T) {
	lentElsewhere := func(patron string, at time.Time) change {
		return func(w *world) {
			w.put(circ.Loan{ID: "theirs", Item: "item", Patron: circ.PatronID(patron), Library: "main", Desk: "desk-9", Out: at, Due: at.AddDate(0, 0, 14)})
			editItem("item", func(i *circ.Item) {
				i.Loan, i.Held, i.Seen = "theirs", "", circ.Sighting{At: at, Desk: "desk-9", Library: "main"}
			})(w)
		}
	}
	backElsewhere := func(at time.Time) change {
		return func(w *world) {
			edit(circ.KindLoan, "loan of item", func(l *circ.Loan) { l.In, l.How = at, circ.Returned })(w)
			editItem("item", func(i *circ.Item) { i.Loan = ""; i.Seen = circ.Sighting{At: at, Desk: "desk-9", Library: "main"} })(w)
		}
	}
	unknown := func(k circ.Kind, id string) change {
		return func(w *world) { delete(w.rows, circ.Key{Kind: k, ID: id}) }
	}
	lostAndPaid := func(w *world) {
		id := circ.FeeID(circ.NewID("loan of item", circ.KindFee, 1))
		edit(circ.KindLoan, "loan of item", func(l *circ.Loan) { l.Marked = circ.Marked{State: circ.LoanLost, At: ago(day)} })(w)
		w.put(circ.Fee{ID: id, Patron: "reader", Item: "item", Loan: "loan of item", Type: circ.FeeLost, Amount: euro(2000), At: ago(day)})
		w.put(circ.Payment{ID: "p", Fee: id, Patron: "reader", Amount: euro(2000), At: ago(day)})
	}
	added := func(title string) change {
		return func(w *world) {
			w.put(circ.Item{ID: "theirs", Barcode: "399", Title: "title of theirs", Home: "main"}, circ.Title{ID: "title of theirs", Title: title})
		}
	}
	newcomer := circ.Register{Patron: circ.Patron{Card: "card-new", Family: "Silva", Given: "Maria", Birth: "1984-02-01"}}
	const (
		none    = circ.ConflictClass("")
		settled = true
		review  = false
	)
	named := map[circ.ConflictClass]bool{}
	for _, c := range []struct {
		name   string
		both   []change
		server []change
		do     circ.Command
		over   []circ.Reason
		told   func([]circ.Event)
		rights []circ.Right // of the operator, as the server knows them now; nil: nobody looks
		under  string       // the rules by which it was told; empty: those in force
		class  circ.ConflictClass
		stands bool
		fits   []circ.ConflictAction
	}{
		{name: "1: lent to who has it: a renewal", server: []change{onLoan("item", "reader", 9*day)}, do: lend, class: none},
		{name: "2: lent over a loan to another", server: []change{onLoan("item", "other", 9*day)}, do: lend, class: circ.ClassLentOver, stands: settled, fits: []circ.ConflictAction{circ.ConflictBillNobody, circ.ConflictUndo, circ.ConflictKeep}},
		{name: "3: two desks lent one barcode, here last", server: []change{lentElsewhere("other", ago(time.Hour))}, do: lend, class: circ.ClassDoubleCheckOut, stands: review, fits: []circ.ConflictAction{circ.ConflictReturn, circ.ConflictBillNobody, circ.ConflictUndo, circ.ConflictKeep}},
		{name: "3: two desks lent one barcode, here first", server: []change{lentElsewhere("other", hence(time.Hour))}, do: lend, class: circ.ClassDoubleCheckOut, stands: review},
		{name: "4: the patron was blocked meanwhile", server: []change{blocked("b", "reader", "x")}, do: lend, class: circ.ClassPatronStopped, stands: settled},
		{name: "4: the card has expired and too much is owed", server: []change{editPatron("reader", func(p *circ.Patron) { p.Expires = ago(day) }), owes("f", "reader", 1001, day)}, do: lend, class: circ.ClassPatronStopped, stands: settled},
		{name: "5: the patron was merged", server: []change{merged("reader", "other")}, do: lend, class: none},
		{name: "5: the patron was deleted", server: []change{editPatron("reader", func(p *circ.Patron) { p.Void = true })}, do: lend, class: circ.ClassPatronGone, stands: review},
		{name: "6: it is kept for another", server: []change{shelved("r", "other", "item", hence(day))}, do: lend, class: circ.ClassHoldBypassed, stands: settled},
		{name: "6: another waits for it", server: []change{waiting("r", "other", day)}, do: lend, class: circ.ClassHoldBypassed, stands: settled},
		{name: "7: returned twice, here last", both: []change{onLoan("item", "reader", 9*day)}, server: []change{backElsewhere(ago(time.Hour))}, do: back, class: none},
		{name: "7: returned twice, here first", both: []change{onLoan("item", "reader", 9*day)}, server: []change{backElsewhere(hence(time.Hour))}, do: back, class: circ.ClassReturnedTwice, stands: settled},
		{name: "8: returned before a newer loan", both: []change{onLoan("item", "reader", 9*day)}, server: []change{backElsewhere(hence(time.Hour)), lentElsewhere("other", hence(time.Hour))}, do: back, class: circ.ClassOlderReturn, stands: settled},
		{name: "8: returned, and the desk knew of no loan", server: []change{onLoan("item", "reader", 9*day)}, do: back, class: circ.ClassLoanUnknown, stands: settled},
		{name: "9: what was lost and paid is back", both: []change{onLoan("item", "reader", 9*day)}, server: []change{lostAndPaid}, do: back, class: circ.ClassLostReturned, stands: review},
		{name: "9: what is under way is taken back", both: []change{onLoan("item", "reader", 9*day)}, server: []change{editItem("item", func(i *circ.Item) { i.Transit = "east" })}, do: back, class: none},
		{name: "9: what was withdrawn is taken back", both: []change{onLoan("item", "reader", 9*day)}, server: []change{itemIs("item", circ.ItemWithdrawn)}, do: back, class: none},
		{name: "10: nobody knows the item that was taken back", server: []change{unknown(circ.KindItem, "item")}, do: back, class: circ.ClassUnknownItem, stands: review},
		{name: "11: added at a desk, and nobody knows it: for somebody to catalogue", do: circ.AddItem{Barcode: "399", Title: "Unheard Of"}, class: circ.ClassUnknownItem, stands: review},
		{name: "11: added at two desks by one title", server: []change{added("Unheard of")}, do: circ.AddItem{Barcode: "399", Title: "Unheard Of"}, class: none},
		{name: "11: added at two desks by two titles", server: []change{added("Another")}, do: circ.AddItem{Barcode: "399", Title: "Unheard Of"}, class: circ.ClassItemKnown, stands: review},
		{name: "12: registered twice with one card", server: []change{func(w *world) {
			w.put(circ.Patron{ID: "theirs", Card: "card-new", Family: "F"}, circ.Card{Number: "card-new", Patron: "theirs", State: circ.CardValid})
		}}, do: newcomer, class: circ.ClassPatronKnown, stands: settled},
		{name: "12: registered twice with much the same name", server: []change{func(w *world) {
			w.put(circ.Patron{ID: "theirs", Card: "c", Family: "Silwa", Given: "Maria", Birth: "1984-02-01"})
		}}, do: newcomer, class: circ.ClassPatronSimilar, stands: review, fits: []circ.ConflictAction{circ.ConflictMerge, circ.ConflictUndo, circ.ConflictKeep}},
		{name: "12: of the same name, behind a thousand who begin alike", server: []change{func(w *world) {
			for n := range 1100 {
				w.put(circ.Patron{ID: circ.PatronID(fmt.Sprint("s", n)), Family: fmt.Sprint("Silbermann", n), Given: "M"})
			}
			w.put(circ.Patron{ID: "theirs", Card: "c", Family: "Silva", Given: "Maria", Birth: "1984-02-01"})
		}}, do: newcomer, class: circ.ClassPatronSimilar, stands: review},
		{name: "12: the names are swapped", server: []change{func(w *world) {
			w.put(circ.Patron{ID: "theirs", Card: "c", Family: "Maria", Given: "Silva", Birth: "1984-02-01"})
		}}, do: newcomer, class: circ.ClassPatronSimilar, stands: review},
		{name: "12: born on another day", server: []change{func(w *world) {
			w.put(circ.Patron{ID: "theirs", Card: "c", Family: "Silva", Given: "Maria", Birth: "1985-02-01"})
		}}, do: newcomer, class: none},
		{name: "12: of another name, born on that day", server: []change{func(w *world) {
			w.put(circ.Patron{ID: "theirs", Card: "c", Family: "Silberberg", Given: "Maria", Birth: "1984-02-01"})
		}}, do: newcomer, class: none},
		{name: "13: paid at two desks", both: []change{owes("f", "reader", 300, day)}, server: []change{paid("p", "f", "reader", 300)}, do: circ.Pay{Fee: "f", Amount: euro(300)}, class: circ.ClassOverpaid, stands: settled},
		{name: "13: more was paid than is left", both: []change{owes("f", "reader", 300, day)}, server: []change{paid("p", "f", "reader", 200)}, do: circ.Pay{Fee: "f", Amount: euro(300)}, class: circ.ClassOverpaid, stands: settled},
		{name: "14: the rules give less since: the date that was promised stands", do: lend, under: "older", told: dueAt(dayEnd(28)), class: circ.ClassDateDiffers, stands: settled},
		{name: "15: lent by somebody who may not any more", do: lend, rights: []circ.Right{}, class: circ.ClassOperator, stands: review, fits: []circ.ConflictAction{circ.ConflictUndo, circ.ConflictKeep}},
		{name: "14: the rules give more since: theirs stands", do: lend, under: "older", told: dueAt(dayEnd(3)), class: none},
		{name: "beside the table: renewed, and taken back elsewhere before", both: []change{onLoan("item", "reader", 9*day)}, server: []change{backElsewhere(ago(time.Hour))}, do: circ.Renew{Barcode: "301"}, class: circ.ClassLoanMoved, stands: review, fits: []circ.ConflictAction{circ.ConflictReturn, circ.ConflictRenew, circ.ConflictUndo, circ.ConflictKeep}},
		{name: "beside the table: requested at two desks", server: []change{waiting("r", "reader", day)}, do: circ.Place{Patron: "reader", Title: "title"}, class: circ.ClassRequest, stands: review, fits: []circ.ConflictAction{circ.ConflictUndo, circ.ConflictKeep}},
		{name: "beside the table: waived at two desks", both: []change{owes("f", "reader", 300, day)}, server: []change{paid("p", "f", "reader", 200)}, do: circ.Waive{Fee: "f", Text: "x"}, over: why(circ.WaiveFee), class: circ.ClassMoney, stands: review, fits: []circ.ConflictAction{circ.ConflictKeep}},
	} {
		t.Run(c.name, func(t *testing.T) {
			here, there := plain(c.both...), plain(append(c.both, c.server...)...)
			named[c.class] = true
			a := act("entry-1", c.do)
			a.Over = c.over
			d := here.decide(t, a)
			if !d.Done() {
				t.Fatalf("the desk: %+v", d)
			}
			if c.told != nil {
				c.told(d.Events)
			}
			k := circ.NewCase(a, rules)
			k.Told, k.Under, k.Rights = d.Events, c.under, c.rights
			there.gather(t, k)
			events, met := circ.Record(k)
			raised := circ.Raise(a, events, met, false, hence(day)).Conflict
			if len(met) == 0 {
				raised.Class = none
			}
			if raised.Class != c.class || len(met) > 0 && raised.Stands != c.stands {
				t.Fatalf("class %q, settled by the rule %v, want %q and %v: %v", raised.Class, raised.Stands, c.class, c.stands, reasons(met))
			}
			if c.fits != nil {
				same(t, "fits", raised.Actions(), c.fits)
			}
			after := there.apply(events...)
			if c.under != "" {
				isAt(t, "due at the latest", after.open("item")[0].Due, later(dayEnd(14), d.Events[0].(circ.CheckedOut).Due))
			}
			for _, wrong := range after.wrongs() {
				t.Error(wrong)
			}
		})
	}
	for _, c := range []struct { // what is met beside the engine: at the server's door
		name   string
		met    circ.Remark
		reject bool
		class  circ.ConflictClass
		stands bool
	}{
		{"15: by somebody who was gone already", circ.Remark{Reason: circ.OperatorGone, When: ago(day)}, false, circ.ClassOperator, review},
		{"15: by somebody who was never there", circ.Remark{Reason: circ.NoSuchOperator}, true, circ.ClassOperator, review},
		{"the desk's clock was ahead", circ.Remark{Reason: circ.ClockAhead, When: hence(day)}, false, circ.ClassClock, settled},
		{"nobody can read it", circ.Remark{Reason: circ.Unreadable}, true, circ.ClassRejected, review},
		{"what no class is for", circ.Remark{Reason: circ.LateRefusal}, false, circ.ClassOther, review},
	} {
		named[c.class] = true
		if got := circ.Raise(act("entry-1", lend), nil, []circ.Remark{c.met}, c.reject, now).Conflict; got.Class != c.class || got.Stands != c.stands {
			t.Errorf("%s: class %q, settled by the rule %v, want %q and %v", c.name, got.Class, got.Stands, c.class, c.stands)
		}
	}
	for _, class := range circ.ConflictClasses() {
		if !named[class] {
			t.Errorf("no case is of the class %s", class)
		}
		if fits := (circ.Conflict{Class: class}).Actions(); len(fits) == 0 || fits[len(fits)-1] != circ.ConflictKeep {
			t.Errorf("of %s there is nothing to do: %v", class, fits)
		}
	}
}

func dueAt(at time.Time) func([]circ.Event) {
	return func(events []circ.Event) {
		e := events[0].(circ.CheckedOut)
		e.Due, e.Why = at, []policy.Step(nil)
		events[0] = e
	}
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
