package centraltest

import (
	"testing"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// seconds is what a system makes of a second entry: one that says what became of
// an asked one.
var seconds = []story[central.System]{
	{"the answer got lost, and the clerk said yes too", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		asked := d.asked(out("2001", 1))
		verdicts(t, deliver(t, s, asked, d.stood(asked)), journal.Applied, journal.Noop)
	}},
	{"the question got lost, and the clerk said yes", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		asked := d.asked(out("2001", 1))
		stood := d.stood(asked)
		deliver(t, s, asked)
		verdicts(t, deliver(t, s, asked, stood), journal.Applied, journal.Noop)
	}},
	{"the system had refused, and the book had left all the same", func(t *testing.T, s central.System) {
		other := newDesk(t, "d2")
		d := newDesk(t, "d1")
		asked := d.asked(out("2001", 1)) // before the other had it: now it is seen since
		deliver(t, s, other.fact(in(5)), other.fact(in(6)), other.fact(in(1)))
		rs := deliver(t, s, asked, d.stood(asked))
		verdicts(t, rs, journal.Refused, journal.Applied)
		if !has(rs[0].Decision.Refused, circ.SeenSince) {
			t.Errorf("refused %v", rs[0].Decision.Refused)
		}
		if len(rs[1].Events) == 0 || len(rs[1].Objections) == 0 {
			t.Errorf("%d events, objections %v", len(rs[1].Events), rs[1].Objections)
		}
	}},
	{"the system had lent, and nobody was told", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		asked := d.asked(out("2001", 1))
		verdicts(t, deliver(t, s, asked), journal.Applied)
		rs := deliver(t, s, asked, d.withdrawn(asked))
		verdicts(t, rs, journal.Applied, journal.Applied)
		if len(rs[1].Events) == 0 {
			t.Error("nothing was taken back")
		}
		verdicts(t, deliver(t, s, d.asked(out("2002", 1))), journal.Applied)
	}},
	{"a question comes when nobody waits for its answer any more", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		asked := d.asked(out("2001", 1))
		rs := deliver(t, s, asked, d.withdrawn(asked)) // a system may leave it undone, or do it and take it back
		if did, undid := rs[0].Verdict == journal.Applied, rs[1].Verdict == journal.Applied; did != undid {
			t.Errorf("verdicts %s and %s", rs[0].Verdict, rs[1].Verdict)
		}
		verdicts(t, deliver(t, s, d.asked(out("2002", 1))), journal.Applied)
	}},
	{"the system had refused, and nobody was told", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		asked := d.asked(out("2001", 999))
		verdicts(t, deliver(t, s, asked, d.withdrawn(asked)), journal.Refused, journal.Noop)
	}},
	{"the clerk said yes, and the question comes after that", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		ask := d.draft(out("2001", 1))
		stood := d.stood(ask)
		rs := deliver(t, s, stood)
		verdicts(t, rs, journal.Applied)
		if len(rs[0].Events) == 0 || len(rs[0].Objections) > 0 {
			t.Errorf("%d events, objections %v", len(rs[0].Events), rs[0].Objections)
		}
		asked := d.later(ask)
		rs = deliver(t, s, asked)
		verdicts(t, rs, journal.Noop)
		if len(rs[0].Events)+len(rs[0].Objections) > 0 {
			t.Errorf("%d events, objections %v", len(rs[0].Events), rs[0].Objections)
		}
		verdicts(t, deliver(t, s, stood, asked, d.asked(out("2002", 1))), journal.Applied, journal.Noop, journal.Refused)
	}},
	{"nobody was told, and the question comes after that", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		ask := d.draft(out("2001", 1))
		verdicts(t, deliver(t, s, d.withdrawn(ask)), journal.Noop)
		verdicts(t, deliver(t, s, d.later(ask)), journal.Noop)
		verdicts(t, deliver(t, s, d.asked(out("2002", 1))), journal.Applied)
	}},
	{"the clerk said yes, and a copy of the desk that nobody was told", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		asked := d.asked(out("2001", 1))
		verdicts(t, deliver(t, s, asked, d.stood(asked)), journal.Applied, journal.Noop)
		verdicts(t, deliver(t, s, d.withdrawn(asked)), journal.Noop)
		verdicts(t, deliver(t, s, d.asked(out("2002", 1))), journal.Refused)
	}},
	{"nobody was told, and a copy of the desk that the clerk said yes", func(t *testing.T, s central.System) {
		d := newDesk(t, "d1")
		asked := d.asked(out("2001", 1))
		verdicts(t, deliver(t, s, asked), journal.Applied)
		verdicts(t, deliver(t, s, d.withdrawn(asked)), journal.Applied)
		verdicts(t, deliver(t, s, d.stood(asked)), journal.Applied)
		verdicts(t, deliver(t, s, d.asked(out("2002", 1))), journal.Refused)
	}},
}
