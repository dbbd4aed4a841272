package circ_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// busy is a world in which a patron has so many loans and requests, 3 fees with a
// payment each, and ten others wait for the other copy of the title.
func busy(loans, requests int) *world {
	w := plain(editPatron("reader", func(p *circ.Patron) { p.Group = "staff" }))
	for i := range loans {
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
	for i := range requests {
		waiting(fmt.Sprintf("own%d", i), "reader", day, func(r *circ.Request) { r.Title = circ.TitleID(fmt.Sprint("else", i)) })(w)
	}
	return w
}

// manyRows gives the sample's rules, which have opening hours, with 200 rows more
// of every sort: for a location, a library, a group, a type and all of them
// together. None of them is for the case, so that all of it is looked through.
func manyRows(b *testing.B) *policy.Set {
	b.Helper()
	text := string(policy.SampleTOML())
	for i := range 200 {
		text += "[[terms]]\nperiod = \"3 days\"\n"
		for j, asks := range []string{"item_type = \"t%d\"\n", "group = \"g%d\"\n", "library = \"east\"\n", "location = \"l%d\"\n"} {
			if sort := i%15 + 1; sort&(1<<j) != 0 {
				text += strings.ReplaceAll(asks, "%d", fmt.Sprint(i))
			}
		}
	}
	s, err := policy.Parse([]byte(text))
	if err != nil {
		b.Fatal(err)
	}
	return s
}

// BenchmarkDecide answers a command from a case that has been read.
func BenchmarkDecide(b *testing.B) {
	w := busy(50, 10)
	many := manyRows(b)
	b.Run("check-out with 50 loans, 10 requests, 200 rows of rules", func(b *testing.B) {
		c := circ.NewCase(act("entry-1", lend), many)
		w.gather(b, c)
		if d := circ.Decide(c); !d.Done() {
			b.Fatal(d.Refused, d.Ask)
		}
		b.ReportAllocs()
		for b.Loop() {
			circ.Decide(c)
		}
	})
	b.Run("the same, and five reasons against it", func(b *testing.B) {
		w := w.clone()
		editPatron("reader", func(p *circ.Patron) { p.Group, p.Expires = "child", ago(day) })(w)
		blocked("b", "reader", "has the key")(w)
		owes("f", "reader", 1320, day)(w)
		waiting("first", "third", 99*day)(w)
		c := circ.NewCase(act("entry-1", lend), many)
		w.gather(b, c)
		if d := circ.Decide(c); len(d.Ask) != 5 {
			b.Fatal(d.Refused, d.Ask)
		}
		b.ReportAllocs()
		for b.Loop() {
			circ.Decide(c)
		}
	})
	b.Run("check-out with 1,000 loans and 1,000 fees", func(b *testing.B) {
		w := busy(1000, 10)
		for i := range 1000 {
			fee := fmt.Sprintf("one of many %d", i)
			owes(fee, "reader", 100, time.Duration(i+1)*time.Hour)(w)
			paid("paid "+fee, fee, "reader", 100)(w)
		}
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
	w := busy(20, 2)
	a := act("entry-1", lend)
	c := circ.NewCase(a, rules)
	c.Told = w.decide(b, a).Events
	w.gather(b, c)
	b.ReportAllocs()
	for b.Loop() {
		circ.Record(c)
	}
}
