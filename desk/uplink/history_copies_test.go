package uplink_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/uplink"
)

// TestHistoriesOfCopies runs random weeks of machines that are put back from backups
// and copied, keyring and all, of a server that is put back, and of answers that get
// lost; and checks, when all is delivered, that each entry that is still in any
// journal has one verdict, that none was applied twice, and that all copies are the
// server's state. CIRCDESK_LONG=1 runs 2,000 of them. What they held is printed
// with -v.
func TestHistoriesOfCopies(t *testing.T) {
	fewerCollections(t)
	setChecks(t, long("8", "2000"))
	held := tally{}
	rapid.Check(t, func(t *rapid.T) { copies(t, held) })
	t.Log(held)
	if testing.Short() || checks() < 25 { // too few to hold everything
		return
	}
	for _, what := range []string{"restored", "forked", "cloned", "desk put back", "copied", "server put back", "fact", "asked", "server told"} {
		if held[what] == 0 && (checks() >= 500 || what != "server told" && what != "cloned") {
			t.Errorf("no history held %q: it proves nothing of that", what)
		}
	}
}

func copies(t *rapid.T, held tally) {
	dir, err := os.MkdirTemp(memory(), "copies")
	must(t, err)
	defer os.RemoveAll(dir)
	b := newBranch(t, dir)
	defer b.close()
	for i := range 2 {
		b.machine(circ.DeskID([]string{"a", "b"}[i])).noRing = rapid.IntRange(0, 4).Draw(t, "without a keyring") == 0
	}
	kept := map[*machine][]string{}
	for _, m := range b.machines {
		m.sync()
		kept[m] = []string{m.backup()}
	}
	keptHub := []string{b.backupHub()}
	for range rapid.IntRange(4, 25).Draw(t, "steps") {
		m := rapid.SampledFrom(b.machines).Draw(t, "machine")
		switch step := rapid.SampledFrom([]string{"scan", "scan", "scan", "scan", "scan", "sync", "sync", "sync", "backup", "restore", "clone", "backup hub", "restore hub", "restart"}).Draw(t, "step"); step {
		case "sync":
			b.lost = func(call string) bool { return rapid.IntRange(0, 4).Draw(t, "lost "+call) == 0 }
			if err := m.up.Sync(context.Background()); err != nil && !errors.Is(err, errNoAnswer) {
				t.Fatalf("%s: sync: %v", m.name, err)
			}
			b.lost = nil
		case "backup":
			kept[m] = append(kept[m], m.backup())
		case "restore":
			if len(kept[m]) > 0 {
				m.tally(held)
				m.restore(rapid.SampledFrom(kept[m]).Draw(t, "copy"))
				held["desk put back"]++
			}
		case "clone":
			if len(b.machines) < 4 {
				m.clone()
				held["copied"]++
			}
		case "backup hub":
			keptHub = append(keptHub, b.backupHub())
		case "restore hub":
			b.restoreHub(rapid.SampledFrom(keptHub).Draw(t, "copy"))
			must(t, b.server.Renew(context.Background(), fmt.Sprint("put back ", held["server put back"]))) // as its people say
			held["server put back"]++
		case "restart":
			m.stop()
			m.start()
		default:
			m.scan(t, held)
		}
	}
	for range 3 {
		for _, m := range b.machines {
			m.sync()
		}
	}
	for _, m := range b.machines {
		m.tally(held)
	}
	for _, id := range []circ.DeskID{"a", "b"} {
		for _, n := range b.notes(id) {
			if n == central.ServerBack {
				held["server told"]++
			}
		}
	}
	b.holds()
}

// tally counts the new epochs.
func (m *machine) tally(held tally) {
	for _, s := range m.rejoined() {
		held[string(s)]++
	}
}

// scan does something with a book, as a fact or asked.
func (m *machine) scan(t *rapid.T, held tally) {
	b := m.b
	b.now = b.now.Add(time.Minute)
	i := circ.ItemID(fmt.Sprint("X", rapid.IntRange(0, b.books-1).Draw(t, "book")))
	var c circ.Command = circ.CheckIn{Item: i}
	if rapid.Bool().Draw(t, "lend") {
		c = circ.CheckOut{Patron: circ.PatronID(fmt.Sprint("P", rapid.IntRange(0, 3).Draw(t, "patron"))), Item: i}
	}
	ctx, a := context.Background(), m.desk.Act("ana", c)
	a.Over = []circ.Reason{circ.OnLoanToOther}
	if rapid.IntRange(0, 2).Draw(t, "line") > 0 || !m.up.Probe(ctx).Up {
		held["fact"]++
		_, _, err := m.desk.Fact(ctx, a, nil)
		must(t, err)
		return
	}
	held["asked"]++
	told, e, err := m.desk.Ask(ctx, a, nil)
	must(t, err)
	b.lost = func(string) bool { return rapid.Bool().Draw(t, "answer lost") }
	d, err := (uplink.Line{Desk: m.desk, System: ringed{m}}).Deliver(ctx)
	b.lost = nil
	for _, r := range d.Receipts {
		if err == nil && r.Entry == a.ID {
			return
		}
	}
	if told.Done() {
		_, err = m.desk.Stood(ctx, e)
	} else {
		_, err = m.desk.Withdrawn(ctx, e)
	}
	must(t, err)
}
