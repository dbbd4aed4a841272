package relay_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest/wirecheck"
	"circdesk/desk/central/hub"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/desk/relay"
	"circdesk/desk/uplink"
	"circdesk/store/bolt"
)

// yard is a library: a central server, the relay of a branch and desks, each with files of
// its own, on real sockets. Each can be cut off at any moment and come back.
type yard struct {
	t     testing.TB
	dir   string
	rules *policy.Set
	sets  int

	store  *bolt.Hub
	server *hubserver.Server
	at     string       // where the server answers
	stop   func()       // cuts it off; nil: it is not there
	ahead  atomic.Int64 // of the central server's clock, in nanoseconds

	described *wirecheck.Description // all that is said has to be so; nil: it is not looked at
}

const yardRules = `
version = "yard"
currency = "EUR"
zone = "Europe/Berlin"
[default]
period = "14 days"
loans = 99
`

const books, people = 60, 4

func newYard(t testing.TB) *yard {
	rules, err := policy.Parse([]byte(yardRules))
	fine(t, err)
	y := &yard{t: t, dir: inMemory(t), rules: rules}
	if os.Getenv("CIRCDESK_LONG") != "" {
		y.describes()
	}
	y.openStore()
	t.Cleanup(func() { fine(t, y.store.Close()) })
	fine(t, y.server.Begin(t.Context(), "first"))
	fine(t, y.store.Update(t.Context(), func(tx journal.HubTx) error {
		rows := []circ.Row{circ.Title{ID: "T", Title: "Middlemarch"}}
		for i := range books {
			rows = append(rows, circ.Item{ID: item(i), Barcode: fmt.Sprint("3000", i), Title: "T", Home: "main"})
		}
		for i := range people {
			rows = append(rows, circ.Patron{ID: patron(i), Card: fmt.Sprint("2000", i), Family: "Reader"}, circ.Card{Number: fmt.Sprint("2000", i), Patron: patron(i), State: circ.CardValid})
		}
		return tx.Put(t.Context(), rows)
	}))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	fine(t, err)
	y.at = l.Addr().String()
	fine(t, l.Close())
	y.plug()
	t.Cleanup(func() { y.pull() })
	return y
}

// inMemory gives a folder that is quick, where there is one.
func inMemory(t testing.TB) string {
	t.Helper()
	if d, err := os.Stat("/dev/shm"); err != nil || !d.IsDir() || os.Getenv("TMPDIR") != "" {
		return t.TempDir()
	}
	dir, err := os.MkdirTemp("/dev/shm", "relay")
	fine(t, err)
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func fine(t testing.TB, err error) {
	if err != nil {
		t.Helper()
		t.Fatal(err)
	}
}

func item(i int) circ.ItemID     { return circ.ItemID(fmt.Sprint("X", i)) }
func patron(i int) circ.PatronID { return circ.PatronID(fmt.Sprint("P", i)) }

func (y *yard) openStore() {
	store, err := bolt.OpenHub(filepath.Join(y.dir, "hub.db"), bolt.NoSync(), bolt.Unchecked())
	fine(y.t, err)
	y.store = store
	y.server = hubserver.New(hubserver.Config{Store: hubserver.Watch(store), Rules: y.rules, Now: y.now, Rights: func(a circ.Act) ([]circ.Right, bool) {
		return []circ.Right{circ.RightCirculate, circ.RightOverride, circ.RightMoney}, a.Operator == "ana"
	}})
}

// now is the central server's time.
func (y *yard) now() time.Time { return time.Now().Add(time.Duration(y.ahead.Load())) }

// serves serves at an address until it is cut off, with all that hangs on it.
func serves(t testing.TB, at string, h http.Handler) (cut func()) {
	t.Helper()
	var l net.Listener
	var err error
	for range 200 { // the system gives the address back soon
		if l, err = net.Listen("tcp", at); err == nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	fine(t, err)
	s := &http.Server{Handler: h}
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = s.Serve(l)
	}()
	return func() {
		_ = s.Close()
		<-done
	}
}

// plug lets the central server answer, pull takes it away.
func (y *yard) plug() {
	y.stop = serves(y.t, y.at, hubserver.HTTP{Server: y.server, Enrols: true}.Handler())
}
func (y *yard) pull() {
	if y.stop != nil {
		y.stop()
		y.stop = nil
	}
}

// ring is a keyring.
type ring struct {
	mu   sync.Mutex
	kept map[string][]byte
}

func (r *ring) Get(name string) ([]byte, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, ok := r.kept[name]
	if !ok {
		return nil, errors.New("none")
	}
	return v, nil
}

func (r *ring) Set(name string, v []byte) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.kept == nil {
		r.kept = map[string][]byte{}
	}
	r.kept[name] = v
	return nil
}

func (r *ring) Drop(name string) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.kept, name)
	return nil
}

// box is a machine with its files: a desk's, or a relay's.
type box struct {
	y        *yard
	dir      string
	key      *hub.Key
	library  policy.LibraryID
	central  string        // where it looks for the central server
	patience time.Duration // 0: a second

	journal *bolt.Journal
	cache   *bolt.Cache
	desk    *local.Desk
	client  *hub.Client
	up      *uplink.Uplink
	relay   *relay.Relay // nil: it is a desk
	line    *hub.Relay
	at      string // where a relay answers
	end     func() // nil: it does not run
	mu      sync.Mutex
	events  []uplink.Event
}

// enrols sets a machine up that is enrolled, as a relay or a desk.
func (y *yard) enrols(name string, library policy.LibraryID, asRelay bool) *box {
	y.t.Helper()
	invite := y.server.Invite
	if asRelay {
		invite = y.server.InviteRelay
	}
	in, err := invite(y.t.Context(), name, string(library), 0)
	fine(y.t, err)
	key, err := hub.NewKey(&ring{})
	fine(y.t, err)
	c, err := hub.New(hub.Config{URL: "http://" + y.at})
	fine(y.t, err)
	defer c.Close()
	_, err = c.Enrol(y.t.Context(), key, in.Code, "", "")
	fine(y.t, err)
	y.sets++
	b := &box{y: y, dir: filepath.Join(y.dir, fmt.Sprint("box", y.sets)), key: key, library: library, central: "http://" + y.at}
	fine(y.t, os.MkdirAll(b.dir, 0o700))
	y.t.Cleanup(func() { b.kill() })
	return b
}

// isRelay begins a relay.
func (y *yard) isRelay(name string) *box {
	y.t.Helper()
	b := y.enrols(name, "main", true)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	fine(y.t, err)
	b.at = l.Addr().String()
	fine(y.t, l.Close())
	b.begin(nil)
	return b
}

// isDesk begins a desk at a relay.
func (y *yard) isDesk(name string, at *box) *box {
	y.t.Helper()
	b := y.enrols(name, "main", false)
	b.begin(at)
	return b
}

func (b *box) open() {
	y := b.y
	var err error
	b.journal, err = bolt.OpenJournal(filepath.Join(b.dir, "journal.db"), bolt.NoSync(), bolt.Unchecked())
	fine(y.t, err)
	b.cache, err = bolt.OpenCache(filepath.Join(b.dir, "cache.db"), bolt.NoSync(), bolt.Unchecked())
	fine(y.t, err)
	b.desk, err = local.Open(context.Background(), local.Config{
		ID: b.key.Desk(), Library: b.library, Zone: "Europe/Berlin", Journal: b.journal, Cache: b.cache, Rules: y.rules,
		Now: time.Now, NewID: newID,
	})
	fine(y.t, err)
}

var ids struct {
	sync.Mutex
	n int
}

func newID() circ.EntryID {
	ids.Lock()
	defer ids.Unlock()
	ids.n++
	return circ.EntryID(fmt.Sprintf("r%06d", ids.n))
}

// again is how long what failed waits.
const again = 20 * time.Millisecond

// begin starts the machine: a desk at a relay (nil: it knows none), or the relay itself.
func (b *box) begin(at *box) {
	y, t := b.y, b.y.t
	t.Helper()
	b.open()
	config := hub.Config{URL: b.central, Key: b.key, Transport: y.checked()}
	if b.patience == 0 {
		b.patience = time.Second
	}
	line := uplink.Config{Desk: b.desk, Beat: 40 * time.Millisecond, Patience: b.patience, Again: again, Members: true, On: b.hear}
	if at != nil {
		var err error
		config.Transport, err = hub.Ways("http://" + at.at + relay.ToCentral)
		fine(t, err)
		b.line, err = hub.NewRelay(hub.Config{URL: "http://" + at.at, Key: b.key, Transport: y.checked()}, b.members)
		fine(t, err)
		line.Branch = &uplink.Branch{Desk: b.desk, Relay: b.line, Patience: time.Second, Again: again}
	}
	var err error
	b.client, err = hub.New(config)
	fine(t, err)
	line.System = b.client
	b.up = uplink.New(line)
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	cut := func() {}
	if b.at != "" {
		b.relay, err = relay.Open(ctx, relay.Config{Desk: b.desk})
		fine(t, err)
		to, err := url.Parse("http://" + y.at)
		fine(t, err)
		h := relay.HTTP{Relay: b.relay, Key: b.key, Members: b.members, Central: to}
		var l net.Listener
		for range 200 {
			if l, err = net.Listen("tcp", b.at); err == nil {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		fine(t, err)
		running.Go(func() { _ = h.Serve(ctx, l) })
		running.Go(func() {
			b.relay.Run(ctx, hub.Bearer{Client: b.client}, func() bool { return b.up.Status().Up }, func(error) {})
		})
	}
	running.Go(func() { b.up.Run(ctx) })
	b.end = func() {
		cancel()
		cut()
		running.Wait()
		if b.relay != nil {
			b.relay.Close()
		}
		b.client.Close()
		fine(t, b.journal.Close())
		fine(t, b.cache.Close())
	}
}

// describes has all that is said from now on checked; it takes its time.
func (y *yard) describes() *yard {
	d := wirecheck.Read(y.t, hubserver.OpenAPI())
	y.described = &d
	return y
}

// checked is a line on which all must be as the description says, where it is looked at;
// nil: it is not.
func (y *yard) checked() http.RoundTripper {
	if y.described == nil {
		return nil
	}
	next := &http.Transport{}
	y.t.Cleanup(next.CloseIdleConnections)
	return &wirecheck.Transport{T: y.t, Description: *y.described, Next: next}
}

func (b *box) hear(e uplink.Event) {
	b.mu.Lock()
	b.events = append(b.events, e)
	b.mu.Unlock()
	if b.relay == nil {
		return
	}
	switch e.(type) {
	case uplink.LineUp:
		b.relay.Wake()
	case uplink.Fresh:
		_ = b.relay.Fresh(context.Background())
	}
}

func (b *box) members() []central.Member {
	all, _, err := local.ReadMembers(context.Background(), b.journal)
	if err != nil {
		return nil
	}
	return all
}

// kill ends the machine's program.
func (b *box) kill() {
	if b.end != nil {
		b.end()
		b.end = nil
	}
}

// until waits for something; what it says is missing is told when it does not come.
func (y *yard) until(what string, missing func() string) {
	y.t.Helper()
	says := ""
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(3 * time.Millisecond) {
		if says = missing(); says == "" {
			return
		}
	}
	y.t.Fatalf("%s: %s", what, says)
}

// is makes a wait of a condition.
func is(ok func() bool) func() string {
	return func() string {
		if ok() {
			return ""
		}
		return "it does not come"
	}
}

// lend and back are what is scanned at a desk.
func (b *box) lend(p, i int) circ.EntryID {
	b.y.t.Helper()
	return b.does(circ.CheckOut{Patron: patron(p), Item: item(i)})
}

func (b *box) back(i int) circ.EntryID {
	b.y.t.Helper()
	return b.does(circ.CheckIn{Item: item(i)})
}

func (b *box) does(c circ.Command) circ.EntryID {
	b.y.t.Helper()
	d, e, err := b.desk.Fact(context.Background(), b.desk.Act("ana", c), nil)
	fine(b.y.t, err)
	if e == nil {
		b.y.t.Fatalf("desk %s: %s was not done: %+v", b.desk.ID, c.Name(), d)
	}
	b.up.Wake()
	return e.Act.ID
}

// with says who has a book, by a reader; empty: nobody.
func with(t testing.TB, r journal.Reader, i int) circ.PatronID {
	t.Helper()
	rows, err := r.Read(context.Background(), []circ.Want{circ.ByKey(circ.KindItem, string(item(i)))})
	fine(t, err)
	for _, row := range rows[0] {
		loans, err := r.Read(context.Background(), []circ.Want{circ.ByKey(circ.KindLoan, string(row.(circ.Item).Loan))})
		fine(t, err)
		for _, l := range loans[0] {
			if l := l.(circ.Loan); l.Open() {
				return l.Patron
			}
		}
	}
	return ""
}

func (b *box) shows(i int) (who circ.PatronID) {
	b.y.t.Helper()
	fine(b.y.t, b.desk.View(context.Background(), func(r journal.Reader) error { who = with(b.y.t, r, i); return nil }))
	return who
}

func (y *yard) has(i int) (who circ.PatronID) {
	y.t.Helper()
	fine(y.t, y.store.View(context.Background(), func(tx journal.HubTx) error { who = with(y.t, tx, i); return nil }))
	return who
}

// sees waits until a desk shows who has a book.
func (b *box) sees(i int, who circ.PatronID) {
	b.y.t.Helper()
	b.y.until(fmt.Sprintf("desk %s, book %d with %q", b.desk.ID, i, who), func() string {
		if now := b.shows(i); now != who {
			return fmt.Sprintf("it shows %q", now)
		}
		return ""
	})
}

// ready waits until the machines know their line and their branch, and have the facts.
func (y *yard) ready(all ...*box) {
	y.t.Helper()
	for _, b := range all {
		y.until(fmt.Sprintf("desk %s", b.desk.ID), func() string {
			st := b.up.Status()
			switch {
			case !st.Up || st.Copy.IsZero():
				return fmt.Sprintf("line %v, copy of %v", st.Up, st.Copy)
			case len(b.members()) < len(all):
				return fmt.Sprintf("it knows %d desks", len(b.members()))
			case b.up.Branch != nil && !st.Relay.There:
				return fmt.Sprintf("the relay is not there: %v", st.Relay.Why)
			}
			return ""
		})
		if len(b.members()) < len(all) {
			y.t.Fatal("who is in the branch")
		}
	}
}

// down waits until the machines know that the central server is away.
func (y *yard) down(all ...*box) {
	y.t.Helper()
	for _, b := range all {
		y.until(fmt.Sprintf("desk %s notices", b.desk.ID), is(func() bool { return !b.up.Status().Up }))
	}
}

// asks has the machines ask who is in the branch, now.
func (y *yard) asks(all ...*box) {
	y.t.Helper()
	for _, b := range all {
		y.until("the line", is(func() bool { return b.up.Status().Up }))
		y.until("the branch is named", is(func() bool { return b.up.AskMembers(y.t.Context(), b.client) == nil })) // a session may be over
	}
}

// home waits until nothing waits anywhere and all copies are those of the central server;
// and then holds that each entry of each journal is there exactly once, as its desk has
// written it, in the chain of its desk.
func (y *yard) home(all ...*box) {
	y.t.Helper()
	for _, b := range all {
		y.until(fmt.Sprintf("desk %s comes home", b.desk.ID), func() string {
			st := b.up.Status()
			switch {
			case st.Unsent > 0 || st.Pending > 0 || b.desk.Heard() > 0:
				return fmt.Sprintf("%d unsent, %d pending, %d laid over, stuck %v, line %v", st.Unsent, st.Pending, b.desk.Heard(), st.Stuck, st.Up)
			case b.relay != nil:
				if n, _ := b.relay.Left(); n > 0 {
					return fmt.Sprintf("%d left at the relay", n)
				}
			}
			return ""
		})
	}
	seen := map[circ.EntryID]journal.Mark{}
	report, err := y.store.Verify(context.Background(), func(e journal.Entry) error {
		if was, twice := seen[e.Act.ID]; twice && e.First == (journal.Place{}) {
			y.t.Errorf("entry %s is at the central server twice: %v and %d/%d", e.Act.ID, was, e.Epoch, e.Seq)
		}
		seen[e.Act.ID] = journal.Mark{Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Hash: e.Hash()}
		return nil
	})
	fine(y.t, err)
	for _, p := range report.Problems {
		y.t.Errorf("the central server: %s", p)
	}
	for _, b := range all {
		report, err := b.journal.Verify(context.Background(), func(e journal.Entry) error {
			there, ok := seen[e.Act.ID]
			if !ok || there.Desk != e.Act.Desk {
				y.t.Errorf("%s: entry %s %d/%d of desk %s is not at the central server as that desk's", b.desk.ID, e.Act.ID, e.Epoch, e.Seq, e.Act.Desk)
			}
			if there.Epoch == e.Epoch && (there.Seq != e.Seq || there.Hash != e.Hash()) {
				y.t.Errorf("%s: entry %s is another one at the central server", b.desk.ID, e.Act.ID)
			}
			if b.relay == nil {
				y.verdict(b, e.Act.ID)
			}
			return nil
		})
		fine(y.t, err)
		for _, p := range report.Problems {
			y.t.Errorf("%s: %s", b.desk.ID, p)
		}
		y.until(fmt.Sprintf("desk %s shows what the central server has", b.desk.ID), func() string {
			for i := range books {
				if mine, theirs := b.shows(i), y.has(i); mine != theirs {
					return fmt.Sprintf("book %d is with %q, at the central server with %q", i, mine, theirs)
				}
			}
			return ""
		})
	}
}

// verdict holds that a desk has the central server's verdict.
func (y *yard) verdict(b *box, id circ.EntryID) {
	var mine, theirs journal.Receipt
	var has, is bool
	fine(y.t, b.journal.View(context.Background(), func(tx journal.JournalTx) (err error) {
		mine, has, err = tx.Receipt(context.Background(), id)
		return err
	}))
	fine(y.t, y.store.View(context.Background(), func(tx journal.HubTx) (err error) {
		theirs, is, err = tx.Receipt(context.Background(), id)
		return err
	}))
	if !has || !is || mine.Verdict != theirs.Verdict || !reflect.DeepEqual(mine.Objections, theirs.Objections) {
		y.t.Errorf("%s: the verdict on entry %s is %v %s, at the central server %v %s", b.desk.ID, id, has, mine.Verdict, is, theirs.Verdict)
	}
}
