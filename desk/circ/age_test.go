package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

func TestAgeAndGuarantor(t *testing.T) {
	born := func(date string) change { return editPatron("reader", func(p *circ.Patron) { p.Birth = date }) }
	guarantor := func(w *world) {
		w.put(circ.Link{ID: "l", Patron: "reader", Other: "other", Kind: circ.Guarantor, At: ago(day)})
	}
	ended := func(w *world) {
		w.put(circ.Link{ID: "l", Patron: "reader", Other: "other", Kind: circ.Guarantor, At: ago(9 * day), Ended: ago(day)})
	}
	pickup := func(w *world) {
		w.put(circ.Link{ID: "l", Patron: "reader", Other: "other", Kind: circ.Pickup, At: ago(day)})
	}
	const adults = "[[terms]]\nitem_type = \"book\"\nmin_age = 18\n"
	const children = "[[terms]]\nitem_type = \"book\"\nmax_age = 12\n"
	const answers = "[[terms]]\ngroup = \"adult\"\nguarantor_under = 16\n"
	run(t, []row{
		{name: "eighteen today", with: []change{born("2008-03-10")}, blocks: adults, do: lend, events: []string{"checked_out"}},
		{name: "eighteen tomorrow", with: []change{born("2008-03-11")}, blocks: adults, do: lend, ask: why(circ.TooYoung), then: func(t *testing.T, o outcome) {
			is(t, "years", o.remark(t, circ.TooYoung).N, 17)
		}},
		{name: "eighteen tomorrow, when it is tomorrow here", with: []change{born("2008-03-11")}, blocks: adults, do: lend, at: time.Date(2026, 3, 10, 23, 30, 0, 0, time.UTC), events: []string{"checked_out"}},
		{name: "born on a leap day, on the last of February", with: []change{born("2008-02-29")}, blocks: adults, do: lend, at: time.Date(2026, 2, 28, 12, 0, 0, 0, time.UTC), ask: why(circ.TooYoung)},
		{name: "born on a leap day, the day after", with: []change{born("2008-02-29")}, blocks: adults, do: lend, at: time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC), events: []string{"checked_out"}},
		{name: "nobody knows how old", blocks: adults, do: lend, tell: why(circ.AgeNotKnown), events: []string{"checked_out"}},
		{name: "a record from elsewhere with the year alone", with: []change{born("1980")}, blocks: adults, do: lend, tell: why(circ.AgeNotKnown), events: []string{"checked_out"}},
		{name: "a grown-up with a children's book", with: []change{born("1980-01-01")}, blocks: children, do: lend, ask: why(circ.TooOld)},
		{name: "a child alone", with: []change{born("2016-01-01")}, blocks: answers, do: lend, ask: why(circ.NoGuarantor), then: func(t *testing.T, o outcome) {
			is(t, "way out", o.remark(t, circ.NoGuarantor).Way.Do, circ.WayLinkPatron)
		}},
		{name: "a child with a guarantor", with: []change{born("2016-01-01"), guarantor}, blocks: answers, do: lend, events: []string{"checked_out"}},
		{name: "a child whose guarantor is none any more", with: []change{born("2016-01-01"), ended}, blocks: answers, do: lend, ask: why(circ.NoGuarantor)},
		{name: "a child with somebody who may collect", with: []change{born("2016-01-01"), pickup}, blocks: answers, do: lend, ask: why(circ.NoGuarantor)},
		{name: "a child alone asks for a title", with: []change{born("2016-01-01")}, blocks: answers, do: circ.Place{Patron: "reader", Title: "title"}, ask: why(circ.NoGuarantor)},
		{name: "a child alone renews", with: []change{born("2016-01-01"), onLoan("item", "reader", 9*day)}, blocks: answers, do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}},
	})
}
