package relay_test

import (
	"testing"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// TestABranchWorksThroughAnOutage: the central server is gone, two desks and a self-check
// lend and take back, and each sees what the others do; then it comes back.
func TestABranchWorksThroughAnOutage(t *testing.T) {
	y := newYard(t).describes()
	r := y.isRelay("relay")
	a, b := y.isDesk("a", r), y.isDesk("b", r)
	y.asks(r, a, b)
	y.ready(r, a, b)
	a.lend(0, 9) // while all is well
	b.sees(9, "P0")
	y.home(r, a, b)

	y.pull()
	y.down(r, a, b)
	first := a.lend(0, 0)
	b.sees(0, "P0")
	b.back(0)
	a.sees(0, "")
	b.lend(1, 1)
	a.sees(1, "P1")
	a.back(9)
	b.sees(9, "")
	check := y.selfCheck(r)
	check(circ.CheckOut{Patron: "P2", Item: "X2"})
	a.sees(2, "P2")
	b.sees(2, "P2")
	if d, e, err := a.desk.Fact(t.Context(), a.desk.Act("ana", circ.CheckOut{Patron: "P3", Item: "X2"}), nil); err != nil || e != nil || len(d.Ask)+len(d.Refused) == 0 {
		t.Errorf("what the self-check has lent is lent again without a question: %+v %v", d, err)
	}
	check(circ.CheckIn{Item: "X1"})
	a.sees(1, "")

	y.until("all is at the relay", is(func() bool { return a.up.Status().Relay.Held == 2 && b.up.Status().Relay.Held == 2 }))
	if st := a.up.Status(); st.Unsent != 2 || !st.Relay.There || st.Relay.Name != "relay" {
		t.Errorf("what the relay has counts as delivered: %+v", st)
	}
	if n, desks := r.relay.Left(); n != 6 || desks != 3 {
		t.Errorf("the relay holds %d entries of %d desks", n, desks)
	}

	y.plug()
	y.home(r, a, b)
	for i, who := range map[int]circ.PatronID{0: "", 1: "", 2: "P2", 9: ""} {
		if has := y.has(i); has != who {
			t.Errorf("book %d is with %q, not with %q", i, has, who)
		}
	}
	for _, d := range []*box{a, b} {
		if met, err := d.desk.Conflicts(t.Context(), true); err != nil || len(met) > 0 {
			t.Errorf("desk %s has seen all that was done, and met %+v (%v)", d.desk.ID, met, err)
		}
	}
	if st := a.up.Status().Relay; st.Held != 0 {
		t.Errorf("the relay still holds %d", st.Held)
	}
	fine(t, y.store.View(t.Context(), func(tx journal.HubTx) error {
		e, ok, err := tx.Entry(t.Context(), first)
		if !ok || e.Act.Desk != "a" || e.Mode != journal.Fact {
			t.Errorf("the loan came home as %+v", e)
		}
		m, err2 := tx.Head(t.Context(), "relay.check")
		if err2 != nil || m.Seq != 2 {
			t.Errorf("the self-check's chain is %+v", m)
		}
		return err
	}))
}

// selfCheck is a terminal at the relay.
func (y *yard) selfCheck(r *box) func(circ.Command) {
	s := hubserver.New(hubserver.Config{Store: r.relay.Store(), Rules: y.rules, Now: time.Now, Provisional: true})
	return func(c circ.Command) {
		y.t.Helper()
		rights := []circ.Right{circ.RightCirculate}
		fine(y.t, s.Here(y.t.Context(), func(turn *hubserver.Turn) error {
			k, err := turn.Case(y.t.Context(), circ.Act{ID: newID(), Desk: "relay.check", Library: "main", Operator: "sip2:relay.check", At: turn.Now, Zone: "Europe/Berlin", Command: c}, rights)
			if err != nil {
				return err
			}
			j, err := turn.Ask(y.t.Context(), k)
			if err != nil {
				return err
			}
			if j.Receipt.Verdict != journal.Applied {
				y.t.Errorf("the self-check is told %s: %+v", j.Receipt.Verdict, j.Receipt.Decision)
			}
			return turn.Keep(y.t.Context(), j)
		}))
	}
}
