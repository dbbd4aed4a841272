package uplink_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/relay"
	"circdesk/desk/uplink"
)

// TestHistoriesOfABranchInOrder runs random weeks of a branch in which each desk sees by
// the relay what the others have done before it does something: nothing that a desk does
// is a surprise, so nothing may meet an objection, by whatever way and in whatever pieces
// it comes home. Answers get lost, and desks and the relay are killed.
// CIRCDESK_LONG=1 runs 2,000 of them.
func TestHistoriesOfABranchInOrder(t *testing.T) {
	fewerCollections(t)
	setChecks(t, long("30", "2000"))
	held := tally{}
	rapid.Check(t, func(t *rapid.T) { ordered(t, disorder{}, held) })
	t.Log(held)
	if testing.Short() || checks() < 500 {
		return
	}
	for _, what := range []string{"lent", "taken back", "paid", "waited", "delivered itself", "handed on", "killed", "relay killed", "answer lost"} {
		if held[what] == 0 {
			t.Errorf("no history held %q: it proves nothing of that", what)
		}
	}
}

// disorder are the negative controls.
type disorder struct {
	impatient bool // a desk does not wait for what others did
	jumps     bool // the relay hands on as it comes
}

func TestTheOrderOfABranchIsNeeded(t *testing.T) {
	fewerCollections(t)
	setFlag(t, "rapid.nofailfile", "true")
	setFlag(t, "rapid.shrinktime", "1ms")
	setChecks(t, "3000")
	setFlag(t, "rapid.seed", long("4", "0"))
	for _, control := range []struct {
		name string
		flaw disorder
	}{
		{"a desk waits for what others did before", disorder{impatient: true}},
		{"the relay hands on in the order in which it took", disorder{jumps: true}},
	} {
		t.Run(control.name, func(t *testing.T) {
			found := &witness{T: t}
			n := 0
			found.check(func(rt *rapid.T) { n++; ordered(rt, control.flaw, tally{}) })
			if found.text == "" {
				t.Fatalf("%d histories did not find it", n)
			}
			t.Logf("found, %d histories with shrinking: %.300s", n, found.text)
		})
	}
}

func ordered(t *rapid.T, flaw disorder, held tally) {
	dir, err := os.MkdirTemp(memory(), "ordered")
	must(t, err)
	defer os.RemoveAll(dir)
	w := &relayed{branch: newBranch(t, dir), t: t, held: held, lines: map[*machine]*uplink.Branch{}}
	w.books = 4
	defer w.close()
	must(t, w.store.Update(context.Background(), func(tx journal.HubTx) error {
		return tx.Put(context.Background(), []circ.Row{circ.Fee{ID: "F", Patron: "P0", Type: circ.FeeDamaged, Amount: eur(100000), At: w.now}})
	}))
	w.m = &machine{b: w.branch, name: "the relay", id: "r", dir: filepath.Join(dir, "relay")}
	must(t, os.MkdirAll(w.m.dir, 0o700))
	w.m.after = func() {
		w.relay, err = relay.Open(context.Background(), relay.Config{Desk: w.m.desk})
		must(t, err)
	}
	w.m.start()
	defer func() { w.m.stop() }()
	for _, id := range []circ.DeskID{"a", "b", "c"} {
		m := w.machine(id)
		m.after = func() {
			w.line(m)
			m.up.OrderTime = 1000 * time.Hour // as long as it takes
			if !flaw.impatient {
				m.up.Branch = w.lines[m]
			}
			must(t, w.lines[m].Hand(context.Background()))
		}
		m.after()
		w.hearsAll(m)
		m.sync()
	}
	w.relays()
	for range rapid.IntRange(4, 30).Draw(t, "steps") {
		m := rapid.SampledFrom(w.machines).Draw(t, "machine")
		switch rapid.SampledFrom([]string{"scan", "scan", "scan", "scan", "scan", "pay", "step", "step", "relay", "relay", "kill", "kill relay"}).Draw(t, "step") {
		case "scan":
			w.now = w.now.Add(time.Minute)
			i := circ.ItemID(fmt.Sprint("X", rapid.IntRange(0, w.books-1).Draw(t, "book")))
			if rapid.Bool().Draw(t, "lend") {
				w.does(m, circ.CheckOut{Patron: circ.PatronID(fmt.Sprint("P", rapid.IntRange(0, 3).Draw(t, "patron"))), Item: i}, "lent")
			} else {
				w.does(m, circ.CheckIn{Item: i}, "taken back")
			}
		case "pay":
			w.now = w.now.Add(time.Minute)
			w.does(m, circ.Pay{Fee: "F", Amount: eur(100)}, "paid")
		case "step":
			if rapid.Bool().Draw(t, "heard") {
				w.hearsAll(m)
			}
			w.loses(func() { w.steps(m) })
		case "relay":
			w.loses(func() { w.passes(flaw) })
		case "kill":
			m.stop()
			m.start()
			w.steps(m) // with its line, and before it has heard anything
			w.hearsAll(m)
			w.steps(m)
			held["killed"]++
		case "kill relay":
			w.m.stop()
			w.m.start()
			held["relay killed"]++
			for _, m := range w.machines { // it does not show again what its copy has, so theirs are to have it, too
				w.hearsAll(m)
				w.steps(m)
			}
		}
	}
	for range 4 {
		w.passes(disorder{})
		w.relays()
		for _, m := range w.machines {
			w.hearsAll(m)
			w.steps(m)
		}
	}
	for _, m := range w.machines {
		w.hearsAll(m)
		m.sync()
		w.hearsAll(m)
	}
	w.holds()
	w.noSurprise()
}

// does does something at a desk that has seen all that the others did, and hands it to
// the relay.
func (w *relayed) does(m *machine, c circ.Command, what string) {
	ctx := context.Background()
	w.hearsAll(m)
	a := m.desk.Act("ana", c)
	a.Over = []circ.Reason{circ.OnLoanToOther}
	_, e, err := m.desk.Fact(ctx, a, nil)
	must(w.t, err)
	if e != nil {
		w.held[what]++
	}
	must(w.t, w.lines[m].Hand(ctx))
}

// hearsAll lays all that the branch has done over a desk's copy.
func (w *relayed) hearsAll(m *machine) {
	for range 2 { // then nothing more has come
		must(w.t, w.lines[m].Hear(context.Background(), 0))
	}
}

// steps delivers what a desk may deliver now.
func (w *relayed) steps(m *machine) {
	left := m.desk.Unsettled()
	waits, err := m.up.Step(context.Background())
	switch {
	case errors.Is(err, errNoAnswer):
		w.held["answer lost"]++
	case err != nil:
		w.t.Fatalf("%s: %v", m.name, err)
	case waits:
		w.held["waited"]++
	}
	if m.desk.Unsettled() < left {
		w.held["delivered itself"]++
	}
}

// passes has the relay do what is due.
func (w *relayed) passes(flaw disorder) {
	if !flaw.jumps {
		w.handsOn()
		return
	}
	w.relays()
	if err := w.relay.HandOn(context.Background(), jumping{bearing{w}}); err != nil && !errors.Is(err, errNoAnswer) {
		w.t.Fatalf("the relay: hand on: %v", err)
	}
}

// jumping is a line by which some chains get past others.
type jumping struct{ bearing }

func (c jumping) Deliver(ctx context.Context, es []journal.Entry) ([]journal.Receipt, error) {
	if rapid.Bool().Draw(c.w.t, "jumped") {
		return nil, &central.StandingError{Desk: es[0].Act.Desk, Standing: central.Lapsed}
	}
	return c.bearing.Deliver(ctx, es)
}

// noSurprise holds that nothing met an objection.
func (w *relayed) noSurprise() {
	ctx := context.Background()
	_, err := w.store.Verify(ctx, func(e journal.Entry) error {
		return w.store.View(ctx, func(tx journal.HubTx) error {
			r, _, err := tx.Receipt(ctx, e.Act.ID)
			if len(r.Objections) > 0 || r.Verdict != journal.Applied {
				w.t.Errorf("entry %d/%d of desk %s at %s, %s %+v, was %s over %v: its desk had seen all that was done before", e.Epoch, e.Seq, e.Act.Desk, e.Act.At.Format("15:04"), e.Act.Command.Name(), e.Act.Command, r.Verdict, r.Objections)
			}
			return err
		})
	})
	must(w.t, err)
	for _, m := range w.machines {
		if met, err := m.desk.Conflicts(ctx, true); err != nil || len(met) > 0 {
			w.t.Errorf("%s: %+v (%v)", m.name, met, err)
		}
	}
}
