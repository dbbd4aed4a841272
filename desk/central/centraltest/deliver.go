package centraltest

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"testing"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// later is a command that no version knows yet.
var later = circ.UnknownCommand{As: "read_aloud", Raw: json.RawMessage(`{"book":"3001"}`)}

// deliveries is what every system promises.
var deliveries = []story[central.System]{
	{"a book goes out and comes back", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		es := []journal.Entry{d.fact(out("2001", 1)), d.fact(in(1))}
		rs := deliver(t, s, es...)
		verdicts(t, rs, journal.Applied, journal.Applied)
		for i, r := range rs {
			if len(es[i].Told) == 0 {
				t.Fatal("the desk of the story told nothing")
			}
			if !circ.Same(r.Events, es[i].Told) {
				t.Errorf("from the same facts the desk told %v and the system applied %v", es[i].Told, r.Events)
			}
			if len(r.Objections) > 0 {
				t.Errorf("objections %v", r.Objections)
			}
		}
	}},
	{"nothing is delivered", func(t *testing.T, s central.System) {
		if rs, err := s.Deliver(t.Context(), nil); err != nil || len(rs) != 0 {
			t.Errorf("%d receipts, error %v", len(rs), err)
		}
	}},
	{"a morning without a line comes in batches", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		var es []journal.Entry
		for n := 1; n <= shelf; n++ {
			es = append(es, d.fact(in(n)))
		}
		for _, r := range append(deliver(t, s, es[:central.BatchSize]...), deliver(t, s, es[central.BatchSize:]...)...) {
			verdicts(t, []journal.Receipt{r}, journal.Applied)
		}
	}},
	{"more than a batch is refused whole", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		var es []journal.Entry
		for n := 1; n <= central.BatchSize+1; n++ {
			es = append(es, d.fact(in(n)))
		}
		if rs, err := s.Deliver(t.Context(), es); err == nil {
			t.Errorf("%d receipts", len(rs))
		}
		if g, ok := s.(central.Greeter); ok && markOf(t, g, d.id).Seq != 0 {
			t.Error("the mark moved")
		}
		deliver(t, s, es[:central.BatchSize]...)
	}},
	{"a batch comes twice", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		es := []journal.Entry{d.fact(out("2001", 1)), d.fact(out("2001", 2)), d.asked(out("2003", 3))}
		first := deliver(t, s, es...)
		verdicts(t, first, journal.Applied, journal.Applied, journal.Refused)
		equal(t, deliver(t, s, es...), first)
	}},
	{"a batch comes again after the book went on", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		lent := d.fact(out("2001", 1))
		first := deliver(t, s, lent)
		deliver(t, s, d.fact(in(1)), d.fact(out("2002", 1)))
		equal(t, deliver(t, s, lent), first)
	}},
	{"half of a batch was taken before", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		es := []journal.Entry{d.fact(out("2001", 1)), d.fact(out("2001", 2)), d.fact(out("2002", 3)), d.fact(in(1))}
		first := deliver(t, s, es[:2]...)
		rs := deliver(t, s, es...)
		verdicts(t, rs, journal.Applied, journal.Applied, journal.Applied, journal.Applied)
		equal(t, rs[:2], first)
	}},
	{"a question after what waited", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		rs := deliver(t, s, d.fact(out("2001", 1)), d.fact(in(1)), d.asked(out("2002", 1)))
		verdicts(t, rs, journal.Applied, journal.Applied, journal.Applied)
		if len(rs[2].Events) == 0 || !rs[2].Decision.Done() {
			t.Errorf("a yes with %d events, refused %v, to be asked %v", len(rs[2].Events), rs[2].Decision.Refused, rs[2].Decision.Ask)
		}
	}},
	{"a question about a book that nobody knows", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		rs := deliver(t, s, d.asked(out("2001", 999)))
		verdicts(t, rs, journal.Refused)
		if !has(rs[0].Decision.Refused, circ.UnknownItem) || len(rs[0].Events) > 0 {
			t.Errorf("refused %v, %d events", rs[0].Decision.Refused, len(rs[0].Events))
		}
	}},
	{"a question is answered with a question, and the yes is a new entry", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		rs := deliver(t, s, d.asked(out("2003", 1)))
		verdicts(t, rs, journal.Refused)
		if !has(rs[0].Decision.Ask, circ.PatronBlocked) {
			t.Errorf("to be asked: %v", rs[0].Decision.Ask)
		}
		verdicts(t, deliver(t, s, d.asked(out("2003", 1), circ.PatronBlocked)), journal.Applied)
	}},
	{"a fact about a blocked patron stands, with an objection", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1") // it did not know of the block
		a := d.act(out("2003", 1))
		loan := circ.CheckedOut{
			Loan: circ.LoanID(circ.NewID(a.ID, circ.KindLoan, 0)), Item: item(1), Patron: "cleo",
			At: a.At, Due: a.At.AddDate(0, 0, 14), Desk: d.id, Library: Branch,
		}
		rs := deliver(t, s, d.write(journal.Entry{Act: a, Mode: journal.Fact, Told: []circ.Event{loan}}))
		verdicts(t, rs, journal.Applied)
		if !has(rs[0].Objections, circ.PatronBlocked) || len(rs[0].Events) == 0 {
			t.Errorf("objections %v, %d events", rs[0].Objections, len(rs[0].Events))
		}
	}},
	{"a command of a later version is rejected, kept, and blocks nobody", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		es := []journal.Entry{d.fact(out("2001", 1)), d.write(journal.Entry{Act: d.act(later), Mode: journal.Fact}), d.fact(in(1))}
		rs := deliver(t, s, es...)
		verdicts(t, rs, journal.Applied, journal.Rejected, journal.Applied)
		if !has(rs[1].Objections, circ.NotUnderstood) || len(rs[1].Events) > 0 {
			t.Errorf("objections %v, %d events", rs[1].Objections, len(rs[1].Events))
		}
		equal(t, deliver(t, s, es...), rs)
	}},
	{"nobody waits any more", func(t *testing.T, s central.System) {
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		d := newDesk(t, "d1")
		e := d.fact(out("2001", 1))
		if rs, err := s.Deliver(ctx, []journal.Entry{e}); err == nil {
			t.Errorf("%d receipts for one who has gone", len(rs))
		}
		verdicts(t, deliver(t, s, e), journal.Applied)
	}},
	{"four desks at once, each sending twice", func(t *testing.T, s central.System) {
		var all sync.WaitGroup
		for i := range 4 {
			d := newDesk(t, circ.DeskID(fmt.Sprintf("d%d", i)))
			var es []journal.Entry
			for range 5 {
				es = append(es, d.fact(out("2001", 10+i)), d.fact(in(10+i)))
			}
			for range 2 {
				all.Go(func() {
					rs, err := s.Deliver(t.Context(), es)
					if err != nil || len(rs) != len(es) {
						t.Errorf("desk %s: %d receipts, error %v", d.id, len(rs), err)
					}
					for _, r := range rs {
						if r.Verdict != journal.Applied {
							t.Errorf("desk %s, entry %d: verdict %s", d.id, r.Seq, r.Verdict)
						}
					}
				})
			}
		}
		all.Wait()
	}},
}
