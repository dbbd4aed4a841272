package centraltest

import (
	"errors"
	"testing"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// greeter is a system that says how far it has come with a desk's chain.
type greeter interface {
	central.System
	central.Greeter
}

// markOf asks how far the system has come with a desk.
func markOf(t testing.TB, g central.Greeter, desk circ.DeskID) journal.Mark {
	t.Helper()
	w, err := g.Hello(t.Context(), central.Hello{Desk: desk, Library: string(Branch)})
	if err != nil {
		t.Fatalf("hello of desk %s: %v", desk, err)
	}
	if w.Now.IsZero() || w.System == "" {
		t.Errorf("system %q at %s", w.System, w.Now)
	}
	return w.Mark
}

// marks is what a system promises that keeps the chains.
var marks = []story[greeter]{
	{"a desk that was never heard of", func(t *testing.T, s greeter) {
		if m := markOf(t, s, "d1"); m.Seq != 0 || m.Epoch != 0 || m.Hash != (journal.Hash{}) {
			t.Errorf("mark %+v", m)
		}
	}},
	{"the mark moves past every verdict", func(t *testing.T, s greeter) {
		d := newDesk(t, "d1")
		asked := d.asked(out("2003", 999))
		for _, e := range []journal.Entry{asked, d.withdrawn(asked), d.write(journal.Entry{Act: d.act(later), Mode: journal.Asked}), d.fact(in(1))} {
			deliver(t, s, e)
			if m := markOf(t, s, d.id); m != (journal.Mark{Desk: d.id, Epoch: e.Epoch, Seq: e.Seq, Hash: e.Hash()}) {
				t.Fatalf("after entry %d the mark is %+v", e.Seq, m)
			}
		}
		if m := markOf(t, s, "d2"); m.Seq != 0 {
			t.Errorf("the mark of another desk is %+v", m)
		}
	}},
	{"a desk whose name is a path", func(t *testing.T, s greeter) {
		for _, id := range []circ.DeskID{"..", "main/desk 1?x=1#%2e", "Süd-Theke", "{desk}"} {
			d := newDesk(t, id)
			verdicts(t, deliver(t, s, d.fact(in(1))), journal.Applied)
			if m := markOf(t, s, id); m.Seq != 1 || m.Desk != id {
				t.Errorf("desk %q: mark %+v", id, m)
			}
		}
	}},
	{"entries are missing before these", func(t *testing.T, s greeter) {
		d := newDesk(t, "d1")
		first := d.fact(in(1))
		missing, third := d.fact(in(2)), d.fact(in(3))
		deliver(t, s, first)
		gap(t, s, first, third)
		gap(t, s, first, first, third)
		verdicts(t, deliver(t, s, missing, third), journal.Applied, journal.Applied)
	}},
	{"the first entries are missing", func(t *testing.T, s greeter) {
		d := newDesk(t, "d1")
		first := d.fact(in(1))
		second := d.fact(in(2))
		_, err := s.Deliver(t.Context(), []journal.Entry{second})
		if g, ok := errors.AsType[*central.GapError](err); !ok || g.Mark != (journal.Mark{Desk: d.id, Epoch: second.Epoch}) {
			t.Errorf("error %v", err)
		}
		verdicts(t, deliver(t, s, first, second), journal.Applied, journal.Applied)
	}},
	{"another entry has this number", func(t *testing.T, s greeter) {
		d := newDesk(t, "d1")
		deliver(t, s, d.fact(in(1)))
		twin := d.copy()
		second := d.fact(in(2))
		deliver(t, s, second)
		fork(t, s, second, twin.fact(in(3)))
		fork(t, s, second, twin.fact(in(4)))
	}},
	{"an entry that was changed after it was delivered", func(t *testing.T, s greeter) {
		d := newDesk(t, "d1")
		twin := d.copy()
		twin.at = d.at // so that its entry has the same id
		first := d.fact(in(1))
		deliver(t, s, first)
		changed := twin.fact(in(2))
		if changed.Act.ID != first.Act.ID || changed.Hash() == first.Hash() {
			t.Fatal("the desk of the story changed nothing")
		}
		fork(t, s, first, changed)
	}},
	{"an epoch that nobody gave the desk", func(t *testing.T, s greeter) {
		d := newDesk(t, "d1")
		first := d.fact(in(1))
		deliver(t, s, first)
		d.head = journal.Mark{Desk: d.id, Epoch: first.Epoch + 1}
		fork(t, s, first, d.fact(in(2)))
	}},
	{"a chain that was mended", func(t *testing.T, s greeter) {
		d := newDesk(t, "d1")
		first := d.fact(in(1))
		deliver(t, s, first)
		d.head.Hash[0] ^= 1
		fork(t, s, first, d.fact(in(2)))
	}},
	{"a fork within a batch", func(t *testing.T, s greeter) {
		d := newDesk(t, "d1")
		first := d.fact(in(1))
		deliver(t, s, first)
		second := d.fact(in(2))
		d.head.Hash[0] ^= 1
		fork(t, s, first, second, d.fact(in(3)))
	}},
	{"an older epoch", func(t *testing.T, s greeter) {
		d := newDesk(t, "d1")
		d.head.Epoch = 3
		first := d.fact(in(1))
		deliver(t, s, first)
		old := d.copy()
		old.head.Epoch, old.head.Hash = 2, journal.Hash{}
		fork(t, s, first, old.fact(in(2)))
	}},
}

// gap checks that the entries are too early, and that nothing was taken.
func gap(t testing.TB, s greeter, last journal.Entry, entries ...journal.Entry) {
	t.Helper()
	_, err := s.Deliver(t.Context(), entries)
	g, ok := errors.AsType[*central.GapError](err)
	if !ok {
		t.Fatalf("error %v, not a gap", err)
	}
	stays(t, s, last, g.Mark)
}

// fork checks that the entries are of another chain, and that nothing was taken.
func fork(t testing.TB, s greeter, last journal.Entry, entries ...journal.Entry) {
	t.Helper()
	_, err := s.Deliver(t.Context(), entries)
	f, ok := errors.AsType[*central.ForkError](err)
	if !ok {
		t.Fatalf("error %v, not a fork", err)
	}
	stays(t, s, last, f.Mark)
}

// stays checks that the mark is that of an entry.
func stays(t testing.TB, s greeter, last journal.Entry, told journal.Mark) {
	t.Helper()
	want := journal.Mark{Desk: last.Act.Desk, Epoch: last.Epoch, Seq: last.Seq, Hash: last.Hash()}
	if told != want {
		t.Errorf("the error carries the mark %+v, not %+v", told, want)
	}
	if m := markOf(t, s, last.Act.Desk); m != want {
		t.Errorf("the mark is %+v, not %+v", m, want)
	}
}
