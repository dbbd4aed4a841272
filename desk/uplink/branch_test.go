package uplink_test

import (
	"context"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/desk/uplink"
	"circdesk/store/bolt"
)

// branch is a server and the machines of its desks, each with a folder of its own,
// which can be put back, and copied to another machine.
type branch struct {
	t        failing
	dir      string
	now      time.Time
	clock    func() time.Time // nil: now
	server   *hubserver.Server
	watched  *hubserver.Watched // the server's store
	store    *bolt.Hub
	machines []*machine
	ids      int
	copies   int
	books    int
	setBack  bool // the server was put back
	cloned   func(was, is *machine)
	lost     func(string) bool // whether the answer to a call is lost; nil: none is
}

// failing is what tests and rapid's checks have in common.
type failing interface {
	Helper()
	Fatalf(format string, args ...any)
	Errorf(format string, args ...any)
}

// machine is what stands on a desk's table: a folder and, beside it, a keyring.
type machine struct {
	b      *branch
	name   string // of the machine
	id     circ.DeskID
	dir    string
	ring   central.Lease // in the keyring, which no copy of the folder has
	noRing bool          // the keyring keeps no lease
	// of a machine that runs by itself
	ringing   sync.Mutex
	nonces    int
	skew      atomic.Int64         // nanoseconds: how far its clock is off
	after     func()               // done at the end of each start; nil: nothing is
	before    func()               // done at the begin of each stop; nil: nothing is
	configure func(*uplink.Config) // nil: nothing is to be configured
	life      *life                // of its program, where that can be killed at a commit; nil: it cannot
	line      central.System       // nil: straight to the server
	// while it runs
	journal *bolt.Journal
	cache   *bolt.Cache
	desk    *local.Desk
	up      *uplink.Uplink
	heard   []uplink.Event
}

func newBranch(t failing, dir string) *branch { return newBranchAt(t, dir, nil) }

// newBranchAt makes a branch with a clock of its own; nil: now is moved.
func newBranchAt(t failing, dir string, clock func() time.Time) *branch {
	b := &branch{t: t, dir: dir, clock: clock, now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), books: 12}
	b.ok(os.MkdirAll(filepath.Join(dir, "hub"), 0o700))
	b.openHub()
	b.ok(b.server.Begin(context.Background(), "first"))
	b.ok(b.store.Update(context.Background(), func(tx journal.HubTx) error {
		rows := []circ.Row{circ.Title{ID: "T", Title: "Middlemarch"}}
		for i := range b.books {
			rows = append(rows, circ.Item{ID: circ.ItemID(fmt.Sprint("X", i)), Barcode: fmt.Sprint("3000", i), Title: "T", Home: "main"})
		}
		for i := range 4 {
			p := circ.PatronID(fmt.Sprint("P", i))
			rows = append(rows, circ.Patron{ID: p, Card: fmt.Sprint("2000", i), Family: "Reader"}, circ.Card{Number: fmt.Sprint("2000", i), Patron: p, State: circ.CardValid})
		}
		return tx.Put(context.Background(), rows)
	}))
	return b
}

func (b *branch) ok(err error) {
	if err != nil {
		b.t.Helper()
		b.t.Fatalf("%v", err)
	}
}

const branchRules = `
version = "branch"
currency = "EUR"
zone = "Europe/Berlin"
[default]
period = "14 days"
loans = 99
`

func (b *branch) rules() *policy.Set {
	rules, err := policy.Parse([]byte(branchRules))
	b.ok(err)
	return rules
}

func (b *branch) openHub() {
	store, err := bolt.OpenHub(filepath.Join(b.dir, "hub", "server.db"), bolt.NoSync(), bolt.Unchecked())
	b.ok(err)
	b.store, b.watched = store, hubserver.Watch(store)
	b.server = hubserver.New(hubserver.Config{Store: b.watched, Rules: b.rules(), Now: b.time})
}

func (b *branch) time() time.Time {
	if b.clock != nil {
		return b.clock()
	}
	return b.now
}

// machine sets a new desk up.
func (b *branch) machine(id circ.DeskID) *machine {
	m := b.place(id)
	m.start()
	return m
}

// place gives a new machine, which is not started.
func (b *branch) place(id circ.DeskID) *machine {
	m := &machine{b: b, name: fmt.Sprintf("%s on machine %d", id, len(b.machines)+1), id: id, dir: filepath.Join(b.dir, fmt.Sprint("machine", len(b.machines)+1))}
	b.ok(os.MkdirAll(m.dir, 0o700))
	b.machines = append(b.machines, m)
	return m
}

func (m *machine) start() {
	b := m.b
	var err error
	m.openJournal()
	m.cache, err = bolt.OpenCache(filepath.Join(m.dir, "cache.db"), bolt.NoSync(), bolt.Unchecked())
	b.ok(err)
	config := local.Config{
		ID: m.id, Library: "main", Zone: "Europe/Berlin", Journal: m.journal, Cache: m.cache, Rules: b.rules(),
		Now:   func() time.Time { return b.time().Add(time.Duration(m.skew.Load())) },
		NewID: func() circ.EntryID { b.ids++; return circ.EntryID(fmt.Sprintf("e%05d", b.ids)) },
	}
	if m.life != nil {
		config.Journal, config.Cache = mortal[journal.JournalTx]{m.journal, m.life}, mortal[journal.CacheTx]{m.cache, m.life}
	}
	m.desk, err = local.Open(context.Background(), config)
	b.ok(err)
	_, err = m.desk.Restart(context.Background())
	b.ok(err)
	system := m.line
	if system == nil {
		system = ringed{m}
	}
	up := uplink.Config{Desk: m.desk, System: system, On: func(e uplink.Event) { m.heard = append(m.heard, e) }}
	if m.configure != nil {
		m.configure(&up)
	}
	m.up = uplink.New(up)
	if m.after != nil {
		m.after()
	}
}

func (m *machine) openJournal() {
	var err error
	m.journal, err = bolt.OpenJournal(filepath.Join(m.dir, "journal.db"), bolt.NoSync(), bolt.Unchecked())
	m.b.ok(err)
}

func (m *machine) stop() {
	if m.before != nil {
		m.before()
	}
	m.b.ok(m.journal.Close())
	m.b.ok(m.cache.Close())
}

// ringed is the line of a machine: it shows the lease of its keyring with each
// greeting.
type ringed struct{ m *machine }

func (r ringed) lost(call string) bool { return r.m.b.lost != nil && r.m.b.lost(call) }

func (r ringed) Deliver(ctx context.Context, es []journal.Entry) ([]journal.Receipt, error) {
	sent, err := wired(es)
	r.m.b.ok(err)
	rs, err := r.m.b.server.Deliver(ctx, sent)
	if err == nil && r.lost("deliver") {
		return nil, errNoAnswer
	}
	return rs, err
}

// wired gives entries as they come over the wire: only frames travel.
func wired(es []journal.Entry) ([]journal.Entry, error) {
	sent := make([]journal.Entry, len(es))
	for i, e := range es {
		var err error
		if sent[i], err = journal.Decode(e.Frame()); err != nil {
			return nil, err
		}
	}
	return sent, nil
}

func (r ringed) Hello(ctx context.Context, h central.Hello) (central.Welcome, error) {
	ring := &r.m.ring
	if !r.m.noRing {
		if ring.Next == "" {
			r.m.b.ids++
			ring.Next = fmt.Sprint("nonce", r.m.b.ids)
		}
		h.Lease = *ring
	}
	w, err := r.m.b.server.Hello(ctx, h)
	if err == nil && r.lost("hello") {
		return central.Welcome{}, errNoAnswer
	}
	if err == nil && !r.m.noRing && (w.State == central.Normal || w.Grant > 0) {
		*ring = central.Lease{N: ring.N + 1, Now: ring.Next}
	}
	return w, err
}

func (r ringed) Since(ctx context.Context, cursor string, n int, wait time.Duration) (central.Page, error) {
	p, err := r.m.b.server.Since(ctx, cursor, n, wait)
	if err != nil && strings.Contains(err.Error(), "did not give that cursor") { // as its HTTP side says it
		err = central.ErrCursor
	}
	return p, err
}

func (r ringed) Recorded(ctx context.Context, after journal.Mark, n int) ([]central.Recorded, error) {
	return r.m.b.server.Recorded(ctx, after, n)
}

// lend lends an item as a fact.
func (m *machine) lend(p, i int) {
	m.b.t.Helper()
	m.do(circ.CheckOut{Patron: circ.PatronID(fmt.Sprint("P", p)), Item: circ.ItemID(fmt.Sprint("X", i))})
}

func (m *machine) do(c circ.Command) *journal.Entry {
	m.b.t.Helper()
	m.b.now = m.b.now.Add(time.Minute)
	a := m.desk.Act("ana", c)
	a.Over = []circ.Reason{circ.OnLoanToOther}
	d, e, err := m.desk.Fact(context.Background(), a, nil)
	m.b.ok(err)
	if e == nil {
		m.b.t.Fatalf("%s: %s was not done: %+v", m.name, c.Name(), d)
	}
	return e
}

// sync is the end of the day.
func (m *machine) sync() {
	m.b.t.Helper()
	if err := m.up.Sync(context.Background()); err != nil {
		m.b.t.Fatalf("%s: sync: %v", m.name, err)
	}
	if n := m.desk.Unsettled(); n > 0 {
		m.b.t.Fatalf("%s: %d entries are left", m.name, n)
	}
}

// rejoined gives how the journal stood each time that a new epoch was begun, since it
// was last asked.
func (m *machine) rejoined() (out []central.State) {
	for _, e := range m.heard {
		if j, ok := e.(uplink.Rejoined); ok {
			out = append(out, j.State)
		}
	}
	m.heard = nil
	return out
}

// backup copies a folder; what it gives is put back with restore.
func (b *branch) backup(dir string) string {
	b.copies++
	to := filepath.Join(b.dir, fmt.Sprint("copy", b.copies))
	b.copyFolder(dir, to)
	return to
}

func (b *branch) copyFolder(from, to string) {
	b.ok(os.RemoveAll(to))
	b.ok(os.MkdirAll(to, 0o700))
	es, err := os.ReadDir(from)
	b.ok(err)
	for _, e := range es {
		in, err := os.Open(filepath.Join(from, e.Name()))
		b.ok(err)
		out, err := os.Create(filepath.Join(to, e.Name()))
		b.ok(err)
		_, err = io.Copy(out, in)
		b.ok(err)
		b.ok(in.Close())
		b.ok(out.Close())
	}
}

// backup copies the machine's folder.
func (m *machine) backup() string {
	m.stop()
	defer m.start()
	return m.b.backup(m.dir)
}

// restore puts a copy of the folder back.
func (m *machine) restore(from string) {
	m.stop()
	m.b.copyFolder(from, m.dir)
	m.start()
}

// clone copies the whole disk, keyring and all, to another machine.
func (m *machine) clone() *machine {
	m.stop()
	b := m.b
	c := &machine{b: b, name: fmt.Sprintf("%s on machine %d", m.id, len(b.machines)+1), id: m.id, dir: filepath.Join(b.dir, fmt.Sprint("machine", len(b.machines)+1)), ring: m.ring, noRing: m.noRing}
	c.skew.Store(m.skew.Load())
	if b.cloned != nil {
		b.cloned(m, c)
	}
	b.copyFolder(m.dir, c.dir)
	b.machines = append(b.machines, c)
	m.start()
	c.start()
	return c
}

func (b *branch) backupHub() string {
	b.ok(b.store.Close())
	defer b.openHub()
	return b.backup(filepath.Join(b.dir, "hub"))
}

func (b *branch) restoreHub(from string) {
	b.ok(b.store.Close())
	b.copyFolder(from, filepath.Join(b.dir, "hub"))
	b.openHub()
	b.setBack = true
}

func (b *branch) close() {
	for _, m := range b.machines {
		m.stop()
	}
	b.ok(b.store.Close())
}

// state gives all rows of the server.
func (b *branch) state() truth {
	t := truth{}
	for cursor := ""; ; {
		p, err := b.server.Since(context.Background(), cursor, 1000, 0)
		b.ok(err)
		for _, r := range p.Rows {
			t[r.Key()] = r
		}
		if cursor = p.Next; p.Complete {
			return t
		}
	}
}

// holder gives the patron who has an item at the server.
func (b *branch) holder(i int) circ.PatronID {
	t := b.state()
	it, _ := at[circ.Item](t, circ.KindItem, fmt.Sprint("X", i))
	l, _ := at[circ.Loan](t, circ.KindLoan, string(it.Loan))
	return l.Patron
}

// holds checks the invariants when all is delivered: each entry that counts has one
// verdict, the same at desk and server, and none was applied twice; an item has at most one
// open loan; each copy is the server's state; the chains of the server verify.
func (b *branch) holds() {
	b.t.Helper()
	t := b.state()
	t.pointersAgree(b.t.Errorf)
	for _, m := range b.machines {
		b.verdicts(m)
		b.copied(m, t)
	}
	r, err := b.store.Verify(context.Background(), nil)
	b.ok(err)
	for _, p := range r.Problems {
		b.t.Errorf("at the server: %s", p)
	}
	b.once()
}

// once: the server has judged each id once, and what it answers for it at another
// place is the same.
func (b *branch) once() {
	seen := map[circ.EntryID]journal.Receipt{}
	for _, id := range slices.Sorted(maps.Keys(b.desks())) {
		b.ok(b.store.View(context.Background(), func(tx journal.HubTx) error {
			heads, err := tx.Heads(context.Background(), id)
			b.ok(err)
			for _, h := range heads {
				es, err := tx.Entries(context.Background(), journal.Mark{Desk: id, Epoch: h.Epoch}, 100000)
				b.ok(err)
				for _, e := range es {
					r, ok, err := tx.Receipt(context.Background(), e.Act.ID)
					b.ok(err)
					if was, twice := seen[e.Act.ID]; !ok || twice && !reflect.DeepEqual(was, r) {
						b.t.Errorf("entry %s has no receipt, or two", e.Act.ID)
					}
					seen[e.Act.ID] = r
				}
			}
			return nil
		}))
	}
}

func (b *branch) desks() map[circ.DeskID]bool {
	out := map[circ.DeskID]bool{}
	for _, m := range b.machines {
		out[m.id] = true
	}
	return out
}

func (b *branch) verdicts(m *machine) {
	b.t.Helper()
	r, err := m.journal.Verify(context.Background(), func(e journal.Entry) error {
		var mine, theirs journal.Receipt
		var ok, there bool
		b.ok(m.journal.View(context.Background(), func(tx journal.JournalTx) (err error) {
			mine, ok, err = tx.Receipt(context.Background(), e.Act.ID)
			return err
		}))
		b.ok(b.store.View(context.Background(), func(tx journal.HubTx) (err error) {
			theirs, there, err = tx.Receipt(context.Background(), e.Act.ID)
			return err
		}))
		if !ok || !there {
			b.t.Errorf("%s: entry %d/%d %s: a verdict at the desk %v, at the server %v", m.name, e.Epoch, e.Seq, e.Act.ID, ok, there)
		}
		if !b.setBack && mine.Verdict != theirs.Verdict {
			b.t.Errorf("%s: entry %s was %s, and is %s at the server", m.name, e.Act.ID, mine.Verdict, theirs.Verdict)
		}
		return nil
	})
	b.ok(err)
	for _, p := range r.Problems {
		b.t.Errorf("%s: %s", m.name, p)
	}
}

func (b *branch) copied(m *machine, t truth) {
	b.t.Helper()
	if n := m.desk.Pending(); n > 0 {
		b.t.Errorf("%s: %d entries are still laid over the copy", m.name, n)
	}
	for _, want := range t.sorted() {
		k := want.Key()
		b.ok(m.cache.View(context.Background(), func(tx journal.CacheTx) error {
			rows, err := tx.Read(context.Background(), []circ.Want{circ.ByKey(k.Kind, k.ID)})
			if err == nil && (len(rows[0]) != 1 || !reflect.DeepEqual(rows[0][0], want)) {
				b.t.Errorf("%s: the copy differs from the server:\n%+v\n%+v", m.name, rows[0], want)
			}
			return err
		}))
	}
}
