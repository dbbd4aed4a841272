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
	"circdesk/desk/local"
	"circdesk/desk/relay"
	"circdesk/desk/uplink"
)

// TestHistoriesOfRelays runs random weeks of a branch with a relay: what desks write comes
// home directly, by the relay, or both ways, in any order; answers get lost; desks are
// killed, put back from backups and copied; so is the relay, and its folder is lost; the
// server is put back; clocks are turned. When all is delivered the six invariants hold.
// CIRCDESK_LONG=1 runs 3,000 of them. What they held is printed with -v.
func TestHistoriesOfRelays(t *testing.T) {
	fewerCollections(t)
	setChecks(t, long("10", "3000"))
	held := tally{}
	rapid.Check(t, func(t *rapid.T) { relays(t, relayFlaws{}, held) })
	t.Log(held)
	if testing.Short() || checks() < 500 { // too few to hold everything
		return
	}
	for _, what := range []string{
		"fact", "asked", "killed", "paid", "handed over", "heard", "handed on", "by the relay alone", "goes on in a new epoch",
		"relay killed", "relay put back", "relay lost", "desk put back", "copied", "server put back", "clock turned", "restored", "forked", "cloned",
	} {
		if held[what] == 0 {
			t.Errorf("no history held %q: it proves nothing of that", what)
		}
	}
}

// relayFlaws are the negative controls: each leaves out one law of relays.
type relayFlaws struct {
	counts  bool // a desk takes what the relay says for the central server's receipt
	drops   bool // the relay drops what the server has other entries in the place of
	renames bool // the relay hands on what it has as entries of its own
	stays   bool // the work of others is shown whatever the copy holds
}

// TestEveryLawOfRelaysIsNeeded leaves out one of them at a time.
func TestEveryLawOfRelaysIsNeeded(t *testing.T) {
	fewerCollections(t)
	setFlag(t, "rapid.nofailfile", "true")
	setFlag(t, "rapid.shrinktime", "1ms")
	setChecks(t, "3000")
	setFlag(t, "rapid.seed", long("4", "0")) // one that finds each soon; in the long form any
	for _, control := range []struct {
		name string
		flaw relayFlaws
	}{
		{"only the central server's receipt counts", relayFlaws{counts: true}},
		{"what only the relay has goes on in a new epoch", relayFlaws{drops: true}},
		{"an entry stays its desk's", relayFlaws{renames: true}},
		{"what the copy holds is not shown beside it", relayFlaws{stays: true}},
	} {
		t.Run(control.name, func(t *testing.T) {
			found := &witness{T: t}
			n := 0
			found.check(func(rt *rapid.T) {
				n++
				relays(rt, control.flaw, tally{})
			})
			if found.text == "" {
				t.Fatalf("%d histories did not find it", n)
			}
			t.Logf("found, %d histories with shrinking: %.300s", n, found.text)
		})
	}
}

// station of a relay, and the lines of the desks to it.
type relayed struct {
	*branch
	t     *rapid.T
	flaw  relayFlaws
	held  tally
	m     *machine // the relay's own files
	relay *relay.Relay
	lines map[*machine]*uplink.Branch
}

func relays(t *rapid.T, flaw relayFlaws, held tally) {
	dir, err := os.MkdirTemp(memory(), "relays")
	must(t, err)
	defer os.RemoveAll(dir)
	w := &relayed{branch: newBranch(t, dir), t: t, flaw: flaw, held: held, lines: map[*machine]*uplink.Branch{}}
	w.cloned = func(_, is *machine) { is.after = func() { w.line(is) } }
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
	for _, id := range []circ.DeskID{"a", "b"} {
		m := w.machine(id)
		m.after = func() { w.line(m) }
		m.after()
	}
	w.relays()
	kept, keptRelay := map[*machine][]string{}, []string{w.m.backup()}
	for _, m := range w.machines {
		m.sync()
		kept[m] = []string{m.backup()}
	}
	keptHub := []string{w.backupHub()}
	for range rapid.IntRange(4, 30).Draw(t, "steps") {
		m := rapid.SampledFrom(w.machines).Draw(t, "machine")
		switch rapid.SampledFrom([]string{
			"scan", "scan", "scan", "scan", "scan", "pay", "pay", "kill", "sync", "hand", "hand", "hand", "hear", "hear", "relay", "relay", "relay",
			"kill relay", "restore relay", "lose relay", "backup", "restore", "clone", "backup hub", "restore hub", "clock",
		}).Draw(t, "step") {
		case "scan":
			m.scan(t, held)
		case "pay":
			w.now = w.now.Add(time.Minute)
			a := m.desk.Act("ana", circ.Pay{Fee: "F", Amount: eur(100)})
			_, e, err := m.desk.Fact(context.Background(), a, nil)
			must(t, err)
			if e != nil {
				held["paid"]++
			}
		case "kill": // with a question on its way, or without
			if rapid.Bool().Draw(t, "asked") {
				w.now = w.now.Add(time.Minute)
				_, _, err := m.desk.Ask(context.Background(), m.desk.Act("ana", circ.CheckIn{Item: circ.ItemID(fmt.Sprint("X", rapid.IntRange(0, w.books-1).Draw(t, "book")))}), nil)
				must(t, err)
				w.loses(func() { _, _ = (uplink.Line{Desk: m.desk, System: ringed{m}}).Deliver(context.Background()) })
			}
			held["killed"]++
			m.stop()
			m.start()
		case "sync":
			w.loses(func() {
				if err := m.up.Sync(context.Background()); err != nil && !errors.Is(err, errNoAnswer) {
					t.Fatalf("%s: sync: %v", m.name, err)
				}
			})
		case "hand":
			w.loses(func() {
				if w.lines[m].Hand(context.Background()) == nil {
					held["handed over"]++
				}
			})
		case "hear":
			must(t, w.lines[m].Hear(context.Background(), 0))
			held["heard"] += m.desk.Heard()
		case "relay":
			w.loses(w.handsOn)
		case "kill relay":
			w.m.stop()
			w.m.start()
			held["relay killed"]++
		case "restore relay":
			w.m.restore(rapid.SampledFrom(keptRelay).Draw(t, "copy"))
			held["relay put back"]++
		case "lose relay": // it is enrolled anew, at a server that answers
			w.m.stop()
			must(t, os.RemoveAll(w.m.dir))
			must(t, os.MkdirAll(w.m.dir, 0o700))
			w.m.start()
			w.relays()
			keptRelay = []string{w.m.backup()}
			held["relay lost"]++
		case "backup":
			kept[m] = append(kept[m], m.backup())
			keptRelay = append(keptRelay, w.m.backup())
		case "restore":
			if len(kept[m]) > 0 {
				m.tally(held)
				m.restore(rapid.SampledFrom(kept[m]).Draw(t, "copy"))
				held["desk put back"]++
			}
		case "clone":
			if len(w.machines) < 4 {
				m.clone()
				held["copied"]++
			}
		case "backup hub":
			keptHub = append(keptHub, w.backupHub())
		case "restore hub":
			w.restoreHub(rapid.SampledFrom(keptHub).Draw(t, "copy"))
			must(t, w.server.Renew(context.Background(), fmt.Sprint("put back ", held["server put back"])))
			held["server put back"]++
		case "clock":
			m.skew.Store(int64(rapid.SampledFrom([]time.Duration{0, time.Minute, -time.Minute, time.Hour, -time.Hour}).Draw(t, "skew")))
			held["clock turned"]++
		}
	}
	w.quiet()
}

// quiet brings all home, and looks.
func (w *relayed) quiet() {
	for range 4 {
		for _, m := range w.machines {
			m.sync()
		}
		w.handsOn()
		w.handsOn()
		w.relays()
	}
	for _, m := range w.machines {
		m.tally(w.held)
		m.sync()
		_ = w.lines[m].Hand(context.Background()) // it may have another copy's entries
	}
	w.handsOn()
	w.handsOn()
	w.relays()
	for _, m := range w.machines {
		m.sync()
		must(w.t, w.lines[m].Hear(context.Background(), 0))
		if n := m.desk.Heard(); n > 0 {
			w.t.Fatalf("%s: the work of others, %d entries, is laid over a copy that has it", m.name, n)
		}
	}
	w.holds()
	w.hasAllOf(w.m, w.relay)
	w.conserves(w.held, w.m)
}

// hasAllOf: nothing is left at a relay, and all that is in its files is at the server.
func (b *branch) hasAllOf(m *machine, r *relay.Relay) {
	if n, _ := r.Left(); n > 0 {
		b.t.Fatalf("%d entries are left at %s", n, m.name)
	}
	report, err := m.journal.Verify(context.Background(), func(e journal.Entry) error {
		return b.store.View(context.Background(), func(tx journal.HubTx) error {
			there, ok, err := tx.Entry(context.Background(), e.Act.ID)
			if err != nil {
				return err
			}
			if !ok || there.Act.Desk != e.Act.Desk {
				b.t.Errorf("entry %s, %d/%d of desk %s, was at %s and is not at the server", e.Act.ID, e.Epoch, e.Seq, e.Act.Desk, m.name)
			}
			return nil
		})
	})
	b.ok(err)
	for _, p := range report.Problems {
		b.t.Errorf("%s: %s", m.name, p)
	}
}

// conserves: the chains of the server verify, none is a relay's, and money is conserved:
// what is booked is what its entries have told, each once.
func (b *branch) conserves(held tally, relays ...*machine) {
	told, booked := map[circ.EntryID]int64{}, int64(0)
	report, err := b.store.Verify(context.Background(), func(e journal.Entry) error {
		for _, r := range relays {
			if e.Act.Desk == r.id {
				b.t.Errorf("entry %s is the relay's own", e.Act.ID)
			}
		}
		if e.Epoch > 1 {
			held["goes on in a new epoch"]++
		}
		if p, ok := circ.CommandValue(e.Act.Command).(circ.Pay); ok {
			told[e.Act.ID] = p.Amount.Minor
		}
		return nil
	})
	b.ok(err)
	for _, p := range report.Problems {
		b.t.Errorf("the server: %s", p)
	}
	sum := int64(0)
	for _, n := range told {
		sum += n
	}
	for _, row := range b.state() {
		if p, ok := row.(circ.Payment); ok && p.Kind == circ.Money {
			booked += p.Amount.Minor
		}
	}
	if sum != booked {
		b.t.Errorf("taken %d, booked %d", sum, booked)
	}
}

// loses does something while answers get lost.
func (w *relayed) loses(do func()) {
	w.lost = func(call string) bool { return rapid.IntRange(0, 4).Draw(w.t, "lost "+call) == 0 }
	do()
	w.lost = nil
}

// relays brings the relay's copy up to date.
func (w *relayed) relays() {
	if err := w.m.up.Sync(context.Background()); err != nil && !errors.Is(err, errNoAnswer) {
		w.t.Fatalf("the relay: sync: %v", err)
	}
	must(w.t, w.relay.Fresh(context.Background()))
}

// handsOn has the relay do what is due.
func (w *relayed) handsOn() {
	w.relays()
	before := w.entries()
	err := w.relay.HandOn(context.Background(), bearing{w})
	if err != nil && !errors.Is(err, errNoAnswer) {
		w.t.Fatalf("the relay: hand on: %v", err)
	}
	if n := w.entries() - before; n > 0 {
		w.held["handed on"]++
		w.held["by the relay alone"] += n
	}
}

func (w *relayed) entries() (n int) {
	for _, id := range []circ.DeskID{"a", "b"} {
		must(w.t, w.store.View(context.Background(), func(tx journal.HubTx) error {
			heads, err := tx.Heads(context.Background(), id)
			for _, h := range heads {
				n += int(h.Seq)
			}
			return err
		}))
	}
	return n
}

// line makes a desk's line to the relay anew, as its start does.
func (w *relayed) line(m *machine) {
	w.lines[m] = &uplink.Branch{Desk: m.desk, Relay: besides{w, m}}
}

// besides is a desk's line to the relay.
type besides struct {
	w *relayed
	m *machine
}

func (l besides) Meet(ctx context.Context, epochs []uint64) (central.RelayMet, error) {
	heads, err := l.w.relay.Heads(ctx, l.m.id, epochs)
	return central.RelayMet{Relay: "r", Heads: heads}, err
}

func (l besides) Hand(ctx context.Context, es []journal.Entry) (journal.Mark, int, error) {
	sent, err := wired(es)
	if err != nil {
		return journal.Mark{}, 0, err
	}
	m, err := l.w.relay.Take(ctx, sent)
	if err == nil && l.w.lost != nil && l.w.lost("hand") {
		err = errNoAnswer
	}
	if err == nil && l.w.flaw.counts {
		var rs []journal.Receipt
		for _, e := range sent {
			rs = append(rs, journal.Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Verdict: journal.Applied, Events: e.Told})
		}
		_, err = l.m.desk.Settle(ctx, rs)
	}
	return m, len(es), err
}

func (l besides) Works(ctx context.Context, run string, after uint64, wait time.Duration) ([]local.Work, string, uint64, error) {
	p := l.w.relay.Works(ctx, run, after, wait)
	if l.w.flaw.stays {
		for i := range p.Works {
			p.Works[i].Seq += 1000
		}
	}
	return p.Works, p.Run, p.Next, nil
}

// bearing is the relay's line to the server, for the desks of its branch.
type bearing struct{ w *relayed }

func (c bearing) Deliver(ctx context.Context, es []journal.Entry) ([]journal.Receipt, error) {
	sent, err := wired(es)
	if err != nil {
		return nil, err
	}
	if c.w.flaw.renames {
		for i := range sent {
			e := journal.Entry{Act: sent[i].Act, Mode: sent[i].Mode, Of: sent[i].Of, Told: sent[i].Told, Rules: sent[i].Rules, Epoch: 1}
			e.Act.ID += "-r"
			e.Act.Desk = "r"
			must(c.w.t, c.w.store.View(ctx, func(tx journal.HubTx) error {
				h, err := tx.Head(ctx, "r")
				e.Seq, e.Prev = h.Seq+1, h.Hash
				return err
			}))
			done, err := e.Finish()
			must(c.w.t, err)
			if _, err := c.w.server.Deliver(ctx, []journal.Entry{done}); err != nil {
				return nil, errNoAnswer
			}
		}
		return nil, errNoAnswer
	}
	var rs []journal.Receipt
	if !c.w.flaw.drops || sent[0].First == (journal.Place{}) {
		rs, err = c.w.server.Deliver(ctx, sent)
	}
	if fork := (*central.ForkError)(nil); c.w.flaw.drops && errors.As(err, &fork) {
		err = nil
	}
	if c.w.flaw.drops && err == nil && (rs == nil || sent[0].First != (journal.Place{})) {
		rs = make([]journal.Receipt, len(sent))
		for i, e := range sent {
			rs[i] = journal.Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Verdict: journal.Noop}
		}
		return rs, nil
	}
	if err == nil && c.w.lost != nil && c.w.lost("hand on") {
		return nil, errNoAnswer
	}
	return rs, err
}

func (c bearing) Recorded(ctx context.Context, after journal.Mark, n int) ([]central.Recorded, error) {
	return c.w.server.Recorded(ctx, after, n)
}

func (c bearing) Anew(ctx context.Context, other journal.Mark) (uint64, error) {
	grant, err := c.w.server.Anew(ctx, other)
	if err == nil && c.w.lost != nil && c.w.lost("anew") {
		return 0, errNoAnswer
	}
	return grant, err
}
