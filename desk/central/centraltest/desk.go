package centraltest

import (
	"bytes"
	"context"
	"testing"
	"time"

	"github.com/gofrs/uuid/v5"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// desk writes entries as a desk does. It decides from its own facts: the library
// at the beginning, and what it did itself.
type desk struct {
	t     testing.TB
	id    circ.DeskID
	head  journal.Mark
	at    time.Time
	facts *journal.Layer
	rules *policy.Set
}

// nothing is what lies under a desk's facts.
type nothing struct{}

func (nothing) Read(_ context.Context, wants []circ.Want) ([][]circ.Row, error) {
	return make([][]circ.Row, len(wants)), nil
}

// newDesk gives a desk that has written nothing. Its day began two hours ago.
func newDesk(t testing.TB, id circ.DeskID) *desk {
	t.Helper()
	d := &desk{
		t: t, id: id, head: journal.Mark{Desk: id, Epoch: 1}, facts: journal.NewLayer(), rules: Rules(),
		at: time.Now().UTC().Add(-2 * time.Hour).Truncate(time.Second),
	}
	if err := d.facts.Put(t.Context(), nothing{}, Library()); err != nil {
		t.Fatal(err)
	}
	return d
}

// copy gives a second desk with the same journal: one restored from a backup, or
// two that share one.
func (d *desk) copy() *desk {
	c := newDesk(d.t, d.id)
	c.head, c.at = d.head, d.at.Add(time.Second)
	return c
}

// fact writes what has happened at the desk.
func (d *desk) fact(c circ.Command) journal.Entry {
	d.t.Helper()
	told := d.decide(c)
	e := d.write(journal.Entry{Act: d.act(c), Mode: journal.Fact, Told: told})
	d.lay(told)
	return e
}

// asked writes a question. The desk does not do what it asks.
func (d *desk) asked(c circ.Command, over ...circ.Reason) journal.Entry {
	d.t.Helper()
	told := d.decide(c)
	a := d.act(c)
	a.Over = over
	return d.write(journal.Entry{Act: a, Mode: journal.Asked, Told: told})
}

// draft makes a question, which is in no chain yet: see later.
func (d *desk) draft(c circ.Command) journal.Entry {
	d.t.Helper()
	told := d.decide(c)
	a := d.act(c)
	d.at = a.At
	return journal.Entry{Act: a, Mode: journal.Asked, Told: told}
}

// later writes the question behind what has become of it, as where that was written
// again first.
func (d *desk) later(ask journal.Entry) journal.Entry {
	d.t.Helper()
	at := d.at
	e := d.write(ask)
	d.at = at
	return e
}

// stood writes that the asked entry got no answer and that its clerk was told it
// is done.
func (d *desk) stood(asked journal.Entry) journal.Entry {
	d.t.Helper()
	return d.second(asked, journal.Stood, asked.Told)
}

// withdrawn writes that the asked entry got no answer and that nobody was told.
func (d *desk) withdrawn(asked journal.Entry) journal.Entry {
	d.t.Helper()
	return d.second(asked, journal.Withdrawn, nil)
}

func (d *desk) second(asked journal.Entry, m journal.Mode, told []circ.Event) journal.Entry {
	d.t.Helper()
	e := d.write(journal.Entry{Act: d.act(asked.Act.Command), Mode: m, Of: asked.Act.ID, Told: told})
	d.lay(told)
	return e
}

// act is who does it and when: one minute after what was done before. Its id is
// the one that the next entry gets, so that decide and act agree.
func (d *desk) act(c circ.Command) circ.Act {
	return circ.Act{
		ID: d.name(), Desk: d.id, Library: Branch, Operator: "clerk", Zone: "Europe/Berlin", Command: c,
		At: d.at.Add(time.Minute),
	}
}

// name gives the id of the next entry: made of the desk, its number and the
// time, so that it can be made twice.
func (d *desk) name() circ.EntryID {
	space := uuid.NewV5(uuid.NamespaceOID, d.at.String())
	return circ.EntryID(uuid.NewV5(space, string(d.id)).String())
}

// decide gives what the engine says at the desk.
func (d *desk) decide(c circ.Command) []circ.Event {
	d.t.Helper()
	the := circ.NewCase(d.act(c), d.rules)
	if err := journal.Gather(d.t.Context(), d.facts.Over(nothing{}), the); err != nil {
		d.t.Fatal(err)
	}
	return circ.Decide(the).Events
}

func (d *desk) lay(events []circ.Event) {
	d.t.Helper()
	if err := d.facts.Apply(d.t.Context(), nothing{}, events); err != nil {
		d.t.Fatal(err)
	}
}

// write gives the entry its place in the chain.
func (d *desk) write(e journal.Entry) journal.Entry {
	d.t.Helper()
	e.Epoch, e.Seq, e.Prev, e.Rules = d.head.Epoch, d.head.Seq+1, d.head.Hash, d.rules.Version()
	e, err := e.Finish()
	if err != nil {
		d.t.Fatal(err)
	}
	d.head.Seq, d.head.Hash, d.at = e.Seq, e.Hash(), e.Act.At
	return e
}

// deliver hands entries over and gives their receipts, which must be theirs.
func deliver(t testing.TB, s central.System, entries ...journal.Entry) []journal.Receipt {
	t.Helper()
	rs, err := s.Deliver(t.Context(), entries)
	if err != nil {
		t.Fatalf("deliver %d entries: %v", len(entries), err)
	}
	if len(rs) != len(entries) {
		t.Fatalf("%d receipts for %d entries", len(rs), len(entries))
	}
	for i, r := range rs {
		if e := entries[i]; r.Entry != e.Act.ID || r.Desk != e.Act.Desk || r.Epoch != e.Epoch || r.Seq != e.Seq {
			t.Fatalf("receipt %d of %d is of entry %d.%d %s, not of %d.%d %s", i+1, len(rs), r.Epoch, r.Seq, r.Entry, e.Epoch, e.Seq, e.Act.ID)
		}
	}
	return rs
}

// verdicts checks what became of entries.
func verdicts(t testing.TB, rs []journal.Receipt, want ...journal.Verdict) {
	t.Helper()
	for i, r := range rs {
		if i < len(want) && r.Verdict != want[i] {
			t.Errorf("entry %d: verdict %s, not %s (refused %v, to be asked %v, objections %v)",
				r.Seq, r.Verdict, want[i], r.Decision.Refused, r.Decision.Ask, r.Objections)
		}
	}
	if len(rs) != len(want) {
		t.Errorf("%d receipts, not %d", len(rs), len(want))
	}
}

// equal checks that receipts are the same in all that is kept of them.
func equal(t testing.TB, got, want []journal.Receipt) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d receipts, not %d", len(got), len(want))
	}
	for i := range got {
		a, err := journal.EncodeReceipt(got[i])
		if err != nil {
			t.Fatal(err)
		}
		b, err := journal.EncodeReceipt(want[i])
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a, b) {
			t.Errorf("receipt of entry %d:\n%s\nnot\n%s", want[i].Seq, a, b)
		}
	}
}

// has reports whether one of the remarks has the reason.
func has(remarks []circ.Remark, r circ.Reason) bool {
	for _, m := range remarks {
		if m.Reason == r {
			return true
		}
	}
	return false
}
