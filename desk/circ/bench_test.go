package circ_test

import (
	"fmt"
	"testing"
	"time"

	"circdesk/desk/circ"
)

// busy is a world in which a patron has 20 loans, 2 requests, 3 fees with a
// payment each, and ten others wait for the other copy of the title.
func busy() *world {
	w := plain(editPatron("reader", func(p *circ.Patron) { p.Group = "staff" }))
	for i := range 20 {
		id := fmt.Sprintf("has-%02d", i)
		w.put(circ.Item{ID: circ.ItemID(id), Barcode: "8" + id, Title: "title-2", Type: "book", Home: "main"})
		onLoan(id, "reader", time.Duration(i+1)*time.Hour)(w)
	}
	for i := range 3 {
		fee := fmt.Sprintf("fee-%d", i)
		owes(fee, "reader", 100, time.Duration(i+1)*day)(w)
		paid("paid-"+fee, fee, "reader", 50)(w)
	}
	for i := range 10 {
		waiting(fmt.Sprintf("r%d", i), "other", time.Duration(i+1)*day, onlyCopy("copy"))(w)
	}
	for i := range 2 {
		waiting(fmt.Sprintf("own%d", i), "reader", day, func(r *circ.Request) { r.Title = circ.TitleID(fmt.Sprint("else", i)) })(w)
	}
	return w
}

// BenchmarkDecide answers a command from a case that has been read.
func BenchmarkDecide(b *testing.B) {
	w := busy()
	b.Run("check-out with 20 loans", func(b *testing.B) {
		c := w.gathered(b, act("entry-1", lend))
		if d := circ.Decide(c); !d.Done() {
			b.Fatal(d.Refused, d.Ask)
		}
		b.ReportAllocs()
		for b.Loop() {
			circ.Decide(c)
		}
	})
	b.Run("check-in", func(b *testing.B) {
		w := w.clone()
		onLoan("item", "reader", day)(w)
		waiting("first", "third", 99*day)(w)
		c := w.gathered(b, act("entry-1", back))
		if d := circ.Decide(c); !d.Done() || d.Route.Kind != circ.ToHoldShelf {
			b.Fatal(d.Refused, d.Ask, d.Route)
		}
		b.ReportAllocs()
		for b.Loop() {
			circ.Decide(c)
		}
	})
}

// BenchmarkRecord fits a check-out into a case that has been read.
func BenchmarkRecord(b *testing.B) {
	w := busy()
	a := act("entry-1", lend)
	c := circ.NewCase(a, rules)
	c.Told = w.decide(b, a).Events
	w.gather(b, c)
	b.ReportAllocs()
	for b.Loop() {
		circ.Record(c)
	}
}
