package uplink_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/uplink"
)

// notes gives what happened to a desk, as the server's people are told.
func (b *branch) notes(id circ.DeskID) (out []central.Happening) {
	all, err := b.server.Roll(context.Background())
	b.ok(err)
	for _, d := range all {
		for _, n := range d.Notes {
			if d.Desk == id {
				out = append(out, n.What)
			}
		}
	}
	return out
}

func (m *machine) epoch() uint64 {
	head, err := m.desk.Head(context.Background())
	m.b.ok(err)
	return head.Epoch
}

// written gives how many entries there are with an id in the machine's journal.
func (m *machine) known(id circ.EntryID) bool {
	var ok bool
	m.b.ok(m.journal.View(context.Background(), func(tx journal.JournalTx) (err error) {
		_, ok, err = tx.Entry(context.Background(), id)
		return err
	}))
	return ok
}

// The table of a greeting, with folders that are put back and copied.
func TestGreetings(t *testing.T) {
	states := func(t *testing.T, m *machine, want ...central.State) {
		t.Helper()
		if got := m.rejoined(); !slices.Equal(got, want) {
			t.Errorf("%s began new epochs since it was %v, not %v", m.name, got, want)
		}
	}
	told := func(t *testing.T, b *branch, want ...central.Happening) {
		t.Helper()
		if got := b.notes("a"); !slices.Equal(got, want) {
			t.Errorf("the server's people are told %v, not %v", got, want)
		}
	}
	has := func(t *testing.T, b *branch, who ...circ.PatronID) {
		t.Helper()
		for i, p := range who {
			if got := b.holder(i); got != p {
				t.Errorf("%q has book %d, not %q", got, i, p)
			}
		}
	}
	for _, row := range []struct {
		name string
		do   func(t *testing.T, b *branch, a *machine)
	}{
		{"all goes on", func(t *testing.T, b *branch, a *machine) {
			a.lend(1, 1)
			a.sync()
			a.lend(2, 2)
			a.sync()
			states(t, a)
			told(t, b)
			has(t, b, "P0", "P1", "P2")
		}},
		{"the reply got lost", func(t *testing.T, b *branch, a *machine) {
			a.lend(1, 1)
			b.lost = func(call string) bool { return call == "deliver" }
			if err := a.up.Sync(context.Background()); !errors.Is(err, errNoAnswer) {
				t.Fatalf("error %v", err)
			}
			b.lost = nil
			a.stop()
			a.start()
			a.lend(2, 2)
			a.sync()
			states(t, a)
			has(t, b, "P0", "P1", "P2")
		}},
		{"the answer to a greeting got lost, and the machine starts anew", func(t *testing.T, b *branch, a *machine) {
			b.lost = func(call string) bool { return call == "hello" }
			a.up.Probe(context.Background())
			a.up.Probe(context.Background())
			b.lost = nil
			a.stop()
			a.start()
			a.lend(1, 1)
			a.sync()
			states(t, a)
			told(t, b)
		}},
		{"a desk is put back from a backup", func(t *testing.T, b *branch, a *machine) {
			old := a.backup()
			lent := a.do(circ.CheckOut{Patron: "P1", Item: "X1"})
			a.lend(2, 2)
			a.sync()
			a.restore(old)
			if a.known(lent.Act.ID) {
				t.Fatal("the backup is none")
			}
			a.sync()
			states(t, a, central.Restored)
			told(t, b, central.Happening(central.Restored))
			if !a.known(lent.Act.ID) {
				t.Error("the desk did not get its own entries back")
			}
			a.lend(3, 3)
			a.sync()
			has(t, b, "P0", "P1", "P2", "P3")
			if got := a.epoch(); got != 2 {
				t.Errorf("it is in epoch %d", got)
			}
		}},
		{"a desk is put back twice, the second time to before the first", func(t *testing.T, b *branch, a *machine) {
			old := a.backup()
			a.lend(1, 1)
			a.sync()
			a.restore(old)
			a.sync()
			a.lend(2, 2)
			last := a.do(circ.CheckOut{Patron: "P3", Item: "X3"})
			a.sync()
			a.restore(old)
			a.sync()
			states(t, a, central.Restored, central.Restored)
			if !a.known(last.Act.ID) {
				t.Error("the desk did not get the entries of its second epoch back")
			}
			a.lend(0, 4)
			a.sync()
			has(t, b, "P0", "P1", "P2", "P3", "P0")
			if got := a.epoch(); got != 3 {
				t.Errorf("it is in epoch %d", got)
			}
		}},
		{"a desk is put back, and work is done before the line is there", func(t *testing.T, b *branch, a *machine) {
			old := a.backup()
			a.lend(1, 1)
			a.lend(2, 2)
			a.sync()
			a.restore(old)
			fork := a.do(circ.CheckOut{Patron: "P3", Item: "X3"})
			a.sync()
			states(t, a, central.Forked)
			has(t, b, "P0", "P1", "P2", "P3")
			if e, _, err := a.desk.At(context.Background(), 2, 1); err != nil || e.Act.ID != fork.Act.ID || e.Act.Receipt != fork.Act.Receipt {
				t.Errorf("in the new epoch stands %s with the receipt %s, not %s with %s: %v", e.Act.ID, e.Act.Receipt, fork.Act.ID, fork.Act.Receipt, err)
			}
		}},
		{"more was done after the backup was put back than was lost", func(t *testing.T, b *branch, a *machine) {
			old := a.backup()
			a.lend(1, 1)
			a.sync()
			a.restore(old)
			for i := 2; i < 6; i++ {
				a.lend(3, i)
			}
			a.sync()
			states(t, a, central.Forked)
			has(t, b, "P0", "P1", "P3", "P3", "P3", "P3")
		}},
		{"a machine is copied, and both work", func(t *testing.T, b *branch, a *machine) {
			a.lend(1, 1) // waits in both
			c := a.clone()
			a.lend(2, 2)
			c.lend(3, 3)
			a.sync()
			c.sync()
			a.sync()
			states(t, a)
			states(t, c, central.Forked)
			has(t, b, "P0", "P1", "P2", "P3")
			a.lend(0, 4)
			c.lend(1, 5)
			for range 3 { // they do not chase each other from epoch to epoch
				a.sync()
				c.sync()
			}
			a.sync()
			states(t, a)
			states(t, c)
			has(t, b, "P0", "P1", "P2", "P3", "P0", "P1")
			told(t, b, central.Happening(central.Forked))
		}},
		{"a machine is copied, and both greet before either works", func(t *testing.T, b *branch, a *machine) {
			c := a.clone()
			a.sync()
			c.sync()
			states(t, a)
			states(t, c, central.Cloned)
			a.lend(1, 1)
			c.lend(2, 2)
			a.sync()
			c.sync()
			a.sync()
			states(t, a)
			states(t, c)
			has(t, b, "P0", "P1", "P2")
			told(t, b, central.Happening(central.Cloned))
		}},
		{"a machine is copied with its keyring, and the later one has work that waits", func(t *testing.T, b *branch, a *machine) {
			c := a.clone()
			c.lend(2, 2)
			a.sync()
			c.sync()
			states(t, c, central.Cloned)
			a.lend(1, 1)
			a.sync()
			c.sync()
			states(t, a)
			has(t, b, "P0", "P1", "P2")
		}},
		{"the server is put back from a backup", func(t *testing.T, b *branch, a *machine) {
			old := b.backupHub()
			a.lend(1, 1)
			a.lend(2, 2)
			a.sync()
			b.restoreHub(old)
			a.lend(3, 3)
			a.sync()
			states(t, a)
			told(t, b, central.ServerBack)
			has(t, b, "P0", "P1", "P2", "P3")
		}},
		{"the server is put back to before a desk's new epoch", func(t *testing.T, b *branch, a *machine) {
			hub, desk := b.backupHub(), a.backup()
			a.lend(1, 1)
			a.sync()
			a.restore(desk)
			a.lend(2, 2)
			a.sync()
			a.lend(3, 3)
			a.sync()
			b.restoreHub(hub)
			a.lend(0, 4)
			a.sync()
			states(t, a, central.Forked)
			has(t, b, "P0", "", "P2", "P3", "P0") // the first one is nowhere any more
		}},
		{"the server is put back, and only its keyring's lease tells", func(t *testing.T, b *branch, a *machine) {
			old := b.backupHub()
			other := b.machine("b")
			other.sync()
			a.stop()
			a.start()
			a.sync()
			a.up.Probe(context.Background())
			b.restoreHub(old)
			a.sync()
			states(t, a)
			told(t, b)
			other.sync()
		}},
		{"server and desk are put back", func(t *testing.T, b *branch, a *machine) {
			hub := b.backupHub()
			a.lend(1, 1)
			a.sync()
			desk := a.backup()
			a.lend(2, 2)
			a.sync()
			b.restoreHub(hub)
			a.restore(desk)
			a.lend(3, 3)
			a.sync()
			has(t, b, "P0", "P1", "", "P3")
		}},
		{"the server is put back, and a copy comes first", func(t *testing.T, b *branch, a *machine) {
			hub := b.backupHub()
			c := a.clone()
			a.lend(1, 1)
			a.lend(2, 2)
			a.sync()
			b.restoreHub(hub)
			c.lend(3, 3)
			c.sync()
			a.sync()
			c.sync()
			states(t, a, central.Forked)
			has(t, b, "P0", "P1", "P2", "P3")
		}},
		{"the server is put back, and a copy comes first with as much of an epoch that is over", func(t *testing.T, b *branch, a *machine) {
			hub, other := b.backupHub(), a.clone()
			a.lend(1, 1)
			a.sync()
			c := a.clone()
			c.lend(2, 2) // waits, and goes on in a new epoch
			a.lend(3, 3)
			a.sync()
			c.sync()
			states(t, c, central.Forked)
			b.machines = slices.DeleteFunc(b.machines, func(m *machine) bool { return m == a })
			a.stop() // it is broken, and what it alone had is lost
			b.restoreHub(hub)
			b.ok(b.server.Renew(context.Background(), "put back"))
			other.lend(0, 4)
			other.sync()
			c.sync()
			states(t, other)
			states(t, c, central.Forked)
			has(t, b, "P0", "P1", "P2", "", "P0")
		}},
		{"the journal is lost", func(t *testing.T, b *branch, a *machine) {
			a.stop()
			b.ok(os.Remove(filepath.Join(a.dir, "journal.db")))
			a.start()
			a.lend(1, 1)
			a.sync() // nobody asks for a key here: it goes on by itself, and not from one
			states(t, a, central.Forked)
			has(t, b, "P0", "P1")
			if got := a.epoch(); got != 2 {
				t.Errorf("it is in epoch %d", got)
			}
		}},
		{"the journal is lost, and nothing is done since", func(t *testing.T, b *branch, a *machine) {
			a.stop()
			b.ok(os.Remove(filepath.Join(a.dir, "journal.db")))
			a.start()
			a.sync()
			states(t, a, central.Lost)
			told(t, b, central.Happening(central.Lost))
			a.lend(1, 1)
			a.sync()
			has(t, b, "P0", "P1")
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			b := newBranch(t, t.TempDir())
			defer b.close()
			a := b.machine("a")
			a.sync()
			a.lend(0, 0)
			a.sync()
			a.heard = nil
			row.do(t, b, a)
			for _, m := range b.machines {
				m.sync()
			}
			for _, m := range b.machines {
				m.sync()
			}
			b.holds()
		})
	}
}

// What a desk shows stays on its screens while it begins a new epoch.
func TestNothingVanishesInANewEpoch(t *testing.T) {
	b := newBranch(t, t.TempDir())
	defer b.close()
	a := b.machine("a")
	a.sync()
	old := a.backup()
	a.lend(1, 1)
	a.sync()
	a.restore(old)
	a.lend(2, 2)
	shows := func(when string) {
		t.Helper()
		b.ok(a.desk.View(context.Background(), func(r journal.Reader) error {
			rows, err := r.Read(context.Background(), []circ.Want{circ.ByKey(circ.KindItem, "X2")})
			if err == nil && rows[0][0].(circ.Item).Loan == "" {
				t.Errorf("%s the desk does not show what it lent", when)
			}
			return err
		}))
	}
	shows("at first")
	j, w, err := (uplink.Line{Desk: a.desk, System: ringed{a}}).Join(context.Background(), "", central.Forked)
	if err != nil || j.Again != 1 {
		t.Fatalf("%+v, %v", j, err)
	}
	shows("in the new epoch")
	a.stop()
	a.start()
	shows("after a restart")
	line := uplink.Line{Desk: a.desk, System: ringed{a}}
	for more := true; more; {
		if _, more, err = line.Fetch(context.Background(), w.Heads); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := line.Deliver(context.Background()); err != nil {
		t.Fatal(err)
	}
	shows("delivered")
	a.sync()
	shows("at last")
	b.holds()
}

// Of a long journal the last common entry is found by halves.
func TestALongFork(t *testing.T) {
	b := newBranch(t, t.TempDir())
	defer b.close()
	a := b.machine("a")
	a.sync()
	round := func(n int) {
		for i := range n {
			a.do(circ.Use{Item: circ.ItemID(fmt.Sprint("X", i%b.books))})
		}
	}
	round(137)
	a.sync()
	old := a.backup()
	round(90)
	a.sync()
	a.restore(old)
	round(120)
	a.sync()
	if got := a.rejoined(); !slices.Equal(got, []central.State{central.Forked}) {
		t.Errorf("rejoined %v", got)
	}
	head, err := a.desk.Head(context.Background())
	if err != nil || head.Epoch != 2 || head.Seq != 120 {
		t.Errorf("head %+v, %v", head, err)
	}
	b.holds()
}
