package sip2

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"circdesk/desk/central/centraltest"
	"circdesk/desk/circ"
)

// TestTenThousandFacts: a long outage is delivered to a system that answers in 70 ms,
// and the desk dies in the middle: what is left gets less with each delivery,
// each takes seconds, and nothing is said twice. What has nothing to do with each other
// goes on all connections at once; what is about one item stays in its order.
func TestTenThousandFacts(t *testing.T) {
	took := map[int]time.Duration{}
	for _, connections := range []int{1, 4} {
		synctest.Test(t, func(t *testing.T) {
			begun := time.Now()
			manyFactsAt(t, connections)
			took[connections] = time.Since(begun)
		})
	}
	t.Logf("%d facts: %s on one connection, %s on four", manyFacts(), took[1].Round(time.Second), took[4].Round(time.Second))
	if took[4] > took[1]*4/10 {
		t.Errorf("four connections take %s, one takes %s", took[4], took[1])
	}
}

func manyFactsAt(t *testing.T, connections int) {
	const people, books = 40, 240
	l, rows := standing(t), centraltest.Library()
	for n := range people {
		card := fmt.Sprint(5000 + n)
		id := circ.PatronID("p" + card)
		l.patrons[card] = &member{name: "Reader " + card, owes: "0.00"}
		rows = append(rows, circ.Patron{ID: id, Card: card, Family: "Reader", Group: "adult", Home: centraltest.Branch}, circ.Card{Number: card, Patron: id, State: circ.CardValid})
	}
	for n := range books {
		code := fmt.Sprint(8000 + n)
		l.items[code] = &copyOf{title: "Book " + code}
		rows = append(rows, circ.Title{ID: circ.TitleID("t" + code), Title: "Book " + code},
			circ.Item{ID: circ.ItemID("i" + code), Barcode: code, Title: circ.TitleID("t" + code), Type: "book", Home: centraltest.Branch, Location: "stacks"})
	}
	w := &counter{t: t, l: l, dir: t.TempDir(), now: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), connections: connections}
	l.now = func() time.Time { return w.now }
	w.open(rows)
	t.Cleanup(w.close)
	w.sync()
	l.slow = 70 * time.Millisecond
	var said []string                          // what each book goes through, in order
	for n := 0; len(said) < manyFacts(); n++ { // each lends a few, then a pile comes back
		for k := range min(people, manyFacts()/2) {
			code, card := fmt.Sprint(8000+(n*people+k)%books), fmt.Sprint(5000+k)
			w.fact(circ.CheckOut{Card: card, Barcode: code})
			said = append(said, "11 "+card+" "+code)
		}
		for k := range min(people, manyFacts()/2) {
			code := fmt.Sprint(8000 + (n*people+k)%books)
			w.fact(circ.CheckIn{Barcode: code})
			said = append(said, "09 "+code)
		}
	}
	most, before, died := time.Duration(0), w.desk.Unsettled(), false
	for w.desk.Unsettled() > 0 {
		begun := time.Now()
		if _, err := w.line.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
		most = max(most, time.Since(begun))
		left := w.desk.Unsettled()
		if left >= before {
			t.Fatalf("%d entries were left, and %d are", before, left)
		}
		if before = left; !died && left < len(said)/2 {
			died = true
			w.dies()
		}
	}
	w.sync()
	if most > 5*time.Second {
		t.Errorf("one delivery took %s: nobody sees it move", most)
	}
	of := func(all []string) map[string][]string {
		by := map[string][]string{}
		for _, one := range all {
			code := one[len(one)-4:]
			by[code] = append(by[code], one)
		}
		return by
	}
	if len(l.changed) != len(said) {
		t.Errorf("%d changes for %d facts", len(l.changed), len(said))
	}
	told, did := of(said), of(l.changed)
	for code, want := range told {
		if fmt.Sprint(did[code]) != fmt.Sprint(want) {
			t.Fatalf("of %s the system heard %v, it went through %v", code, did[code], want)
		}
	}
	if got := w.objections(); len(got) > 0 {
		t.Errorf("objections %v", got[:1])
	}
	if l.most > connections {
		t.Errorf("%d connections at once", l.most)
	}
}
