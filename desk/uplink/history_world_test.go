package uplink_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/central"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/money"
	"circdesk/desk/policy"
	"circdesk/desk/uplink"
	"circdesk/store/bolt"
)

// The rules of the histories: small limits, so that they are met.
const historyRules = `
version = "histories"
currency = "EUR"
zone = "Europe/Berlin"
closed_days = "keep"

[default]
period = "2 days"
renewals = 2
loans = 2
requests = 3
max_owed = "8.00"
shelf_days = 2
double_scan = "10 seconds"
renew_min_gain = "1 second"
period_waited = "1 day"
due_by_expiry = true
closed_hours = "end_of_hours"
fine = "0.30"
max_fine = "2.00"
replacement_price = "20.00"
lost_processing = "3.00"
lost_refund = "50%"
claims = 1
overdue = 1
recallable = true
recall_return = "1 day"
recall_fine = "0.90"
recall_grace = false
request_fee = "0.10"
card_fee = "0.20"
card_renewal_fee = "0.30"
card_replacement_fee = "0.40"
long_overdue = "3 days"

[[library]]
id = "main"
[library.hours]
monday = ["09:00-19:00"]
tuesday = ["09:00-12:00", "14:00-02:00"]
wednesday = ["09:00-19:00"]
friday = ["09:00-19:00"]

[[library]]
id = "east"
calendar_of = "main"
closed_days = "next_open"

[[terms]]
item_type = "map"
period = "3 hours"
overnight_from = "1 hour"
fine_every = "1 hour"
fine_charged = "completed"
fine_grace = "30 minutes"
suspend_days = 3

[[block]]
reason = "too_many_loans"
override = ["limited", "manager"]

[[block]]
reason = "requested_other"
acts = ["renewal"]
do = "refuse"

[[block]]
reason = "card_expired"
acts = ["request"]
do = "tell"

[[desk_terms]]
library = "east"
check_in = false
hold_shelf = false
`

// step is the time between two things that happen, as a rule: far more than a
// double scan, and than clocks differ.
const step = 5 * time.Hour

// skews are how far a desk's clock is from the hub's.
var skews = []time.Duration{0, 0, 0, time.Minute, 8 * time.Minute, -time.Minute, -8 * time.Minute}

// flaws are the negative controls: each leaves out one law, outside of the code
// that ships, and the histories must find it.
type flaws struct {
	verdictByID   bool // a second entry gets the stored verdict of the first
	anyPage       bool // entries leave the layer at any page of the feed
	noSeenSince   bool // nobody remembers when an item was last seen
	toldOnly      bool // a fact is applied as told
	toldAfter     bool // the layer shows what was told after the receipt
	noWithdrawals bool // open questions are forgotten at a restart
	judgesAgain   bool // a repeat is judged anew
	appliesAgain  bool // a repeat is applied anew, and answered as before
	missesRows    bool // a page of the feed now and then lacks its last record
	bySeqAlone    bool // a kill takes what was written last, and a repeat is known by its number alone
	paysAgain     bool // a repeated payment is another one
	// one invariant alone is looked at, at the end; nil: all are, on the way too
	only func(*world, truth)
}

// wildSkews are how far a clock may be off that somebody set wrong, or whose
// battery is empty: then it begins at 1970.
var wildSkews = []time.Duration{0, time.Hour, -time.Hour, 365 * 24 * time.Hour, -365 * 24 * time.Hour, -56 * 365 * 24 * time.Hour}

// starts are when histories begin: two of them shortly before the clocks change.
var starts = []time.Time{
	time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC),
	time.Date(2026, 3, 27, 9, 0, 0, 0, time.UTC), time.Date(2026, 10, 23, 9, 0, 0, 0, time.UTC),
}

// world is a hub and some desks, under faults.
type world struct {
	t     *rapid.T
	ctx   context.Context
	flaw  flaws
	held  tally
	now   time.Time // the hub's clock
	hub   *hubserver.Server
	rules *policy.Set
	store journal.Store[journal.HubTx]
	desks []*station
	last  *station // of the last scan
	late  [][]journal.Entry
	acts  map[circ.EntryID]circ.Act
	order []circ.EntryID // as they were shown
	shown map[circ.EntryID]shown
	wild  bool                     // clocks are turned: nobody can tell what was first
	hasty bool                     // most is done within seconds of the last, without a line
	tills bool                     // nearly all that is done is done with money
	count map[circ.ShiftID]figures // of shifts that the hub has closed
	seqs  int
}

func (w *world) station(d circ.DeskID) *station {
	return w.desks[slices.IndexFunc(w.desks, func(s *station) bool { return s.name == d })]
}

// station is a desk with its stores, which outlive a kill.
type station struct {
	name    circ.DeskID
	file    string // of the journal
	opened  *bolt.Journal
	lib     policy.LibraryID
	skew    time.Duration
	fuse    *fuse
	journal journal.Store[journal.JournalTx]
	cache   journal.Store[journal.CacheTx]
	desk    *local.Desk
	line    uplink.Line
	// what the last delivery said, whatever the desk was given to keep
	truth map[circ.EntryID]journal.Receipt
}

// open opens the journal.
func (s *station) open(t *rapid.T) {
	var err error
	s.opened, err = bolt.OpenJournal(s.file, bolt.NoSync(), bolt.Unchecked())
	must(t, err)
	s.journal = killing[journal.JournalTx]{s.opened, s.fuse}
}

// survives reports whether the desk dies while it does something.
func (s *station) survives(do func()) (died bool) {
	defer func() {
		if p := recover(); p != nil {
			if _, ok := p.(killed); !ok {
				panic(p)
			}
			s.fuse.safe()
			died = true
		}
	}()
	do()
	return false
}

// shown is what the clerk was told.
type shown struct {
	done   bool
	events []circ.Event
	mode   journal.Mode
}

type killed struct{}

// fuse ends a desk at a chosen commit of any of its stores: just before it, or
// just after.
type fuse struct{ before, after int } // the n-th Update from now; 0: never

func (f *fuse) safe() { f.before, f.after = 0, 0 }

// killing is a store whose process dies.
type killing[T any] struct {
	journal.Store[T]
	*fuse
}

func (k killing[T]) Update(ctx context.Context, fn func(T) error) error {
	k.before--
	k.after--
	now := k.after == 0
	if k.before == 0 {
		panic(killed{})
	}
	err := k.Store.Update(ctx, fn)
	if now {
		panic(killed{})
	}
	return err
}

func newWorld(t *rapid.T, flaw flaws, held tally) *world {
	dir, err := os.MkdirTemp(memory(), "history")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	w := &world{
		t: t, ctx: context.Background(), flaw: flaw, held: held,
		now: rapid.SampledFrom(starts).Draw(t, "start"), wild: rapid.IntRange(0, 11).Draw(t, "wild clocks") == 0,
		acts: map[circ.EntryID]circ.Act{}, shown: map[circ.EntryID]shown{}, count: map[circ.ShiftID]figures{},
	}
	hub, err := bolt.OpenHub(filepath.Join(dir, "hub.db"), bolt.NoSync(), bolt.Unchecked())
	must(t, err)
	t.Cleanup(func() { hub.Close() })
	w.store = hub
	if flaw.noSeenSince {
		w.store = blindHub{hub}
	}
	rules, err := policy.Parse([]byte(historyRules))
	must(t, err)
	w.rules = rules
	w.hub = hubserver.New(hubserver.Config{Store: w.store, Rules: rules, Now: func() time.Time { return w.now }, Rights: rights})
	must(t, w.store.Update(w.ctx, func(tx journal.HubTx) error { return tx.Put(w.ctx, startRows()) }))
	names := []circ.DeskID{"a", "b", "c", "d"}
	for i, name := range names[:rapid.SampledFrom([]int{2, 2, 2, 3, 4}).Draw(t, "desks")] {
		s := &station{name: name, file: filepath.Join(dir, string(name)+".journal"), fuse: &fuse{}}
		s.open(t)
		t.Cleanup(func() { s.opened.Close() })
		c, err := bolt.OpenCache(filepath.Join(dir, string(name)+".cache"), bolt.NoSync(), bolt.Unchecked())
		must(t, err)
		t.Cleanup(func() { c.Close() })
		var cache journal.Store[journal.CacheTx] = c
		if flaw.noSeenSince {
			cache = blindCache{cache}
		}
		s.lib, s.skew = []policy.LibraryID{"main", "east"}[i%2], rapid.SampledFrom(skews).Draw(t, "skew")
		s.cache, s.truth = killing[journal.CacheTx]{cache, s.fuse}, map[circ.EntryID]journal.Receipt{}
		w.desks = append(w.desks, s)
		w.start(s)
		w.pullAll(s)
	}
	w.last = w.desks[0]
	return w
}

// memory gives a folder that is kept in memory, where there is one: the stores
// of a history live for milliseconds. Empty: the ordinary one.
func memory() string {
	const shared = "/dev/shm"
	if d, err := os.Stat(shared); err == nil && d.IsDir() && os.Getenv("TMPDIR") == "" {
		return shared
	}
	return ""
}

// rights: ana may all, ben the ordinary work.
func rights(a circ.Act) ([]circ.Right, bool) {
	if a.Operator == "ana" {
		return []circ.Right{circ.RightCirculate, circ.RightOverride, circ.RightMoney, circ.RightSettle}, true
	}
	return []circ.Right{circ.RightCirculate}, a.Operator == "ben"
}

func startRows() []circ.Row {
	rows := []circ.Row{circ.Title{ID: "T", Title: "Middlemarch"}}
	for i := range 3 {
		rows = append(rows, circ.Item{ID: circ.ItemID(fmt.Sprint("X", i)), Barcode: fmt.Sprint("3000", i), Title: "T", Home: "main", Type: []policy.ItemType{"book", "map", "book"}[i]})
		p := circ.PatronID(fmt.Sprint("P", i))
		rows = append(rows, circ.Patron{ID: p, Card: fmt.Sprint("2000", i), Family: "Reader"},
			circ.Card{Number: fmt.Sprint("2000", i), Patron: p, State: circ.CardValid})
	}
	return append(rows, circ.Fee{ID: "F", Patron: "P0", Type: "card", Amount: eur(1000)},
		circ.Fee{ID: "H", Patron: "P1", Type: "card", Amount: eur(startFee)}, circ.Payment{ID: "K", Patron: "P1", Amount: eur(startCredit)},
		circ.Patron{ID: "P9", Family: "Payer"}, circ.Fee{ID: "G", Patron: "P9", Type: "card", Amount: eur(100000)})
}

// What P1 owes, and has as credit, when a history begins.
const startFee, startCredit = 150, 400

func eur(minor int64) money.Amount { return money.Amount{Minor: minor, Currency: "EUR"} }

func must(t *rapid.T, err error) {
	if err != nil {
		t.Helper()
		t.Fatal(err)
	}
}

// start opens the desk, as after a start of its program.
func (w *world) start(s *station) {
	rules, err := policy.Parse([]byte(historyRules))
	must(w.t, err)
	s.desk, err = local.Open(w.ctx, local.Config{
		ID: s.name, Library: s.lib, Zone: "Europe/Berlin", Journal: s.journal, Cache: s.cache, Rules: rules,
		Now: func() time.Time { return w.now.Add(s.skew) },
		NewID: func() circ.EntryID {
			w.seqs++
			return circ.EntryID(fmt.Sprintf("%s%05d", s.name, w.seqs))
		},
	})
	must(w.t, err)
	s.line = uplink.Line{Desk: s.desk, System: network{w, s}}
	if !w.flaw.noWithdrawals {
		_, err = s.desk.Restart(w.ctx)
		must(w.t, err)
	}
}

// network is the line between a desk and the hub, with its faults.
type network struct {
	w *world
	s *station
}

var errNoAnswer = errors.New("no answer")

func (n network) Deliver(_ context.Context, es []journal.Entry) ([]journal.Receipt, error) {
	w := n.w
	if w.flaw.appliesAgain { // all of it comes once more, when others have gone on
		w.late = append(w.late, es)
	}
	switch fault := rapid.SampledFrom([]string{"", "", "", "lost", "reply lost", "twice", "late", "half"}).Draw(w.t, "net"); fault {
	case "lost":
		return nil, errNoAnswer
	case "late":
		w.late = append(w.late, es)
		return nil, errNoAnswer
	case "reply lost": // and yet the copy may hear of it before the desk goes on
		w.deliver(es)
		for range rapid.IntRange(0, 3).Draw(w.t, "pages meanwhile") {
			w.pull(n.s)
		}
		return nil, errNoAnswer
	case "half":
		w.deliver(es[:len(es)/2])
		return nil, errNoAnswer
	case "twice":
		w.deliver(es)
	}
	return w.answer(n.s, es)
}

// answer delivers and notes the true receipts; what the desk keeps may be flawed.
func (w *world) answer(s *station, es []journal.Entry) ([]journal.Receipt, error) {
	rs, err := w.deliver(es)
	if err != nil {
		return nil, err
	}
	kept := make([]journal.Receipt, len(rs))
	for i, r := range rs {
		s.truth[r.Entry] = r
		kept[i] = r
		if w.flaw.toldAfter {
			kept[i].Events = es[i].Told
		}
	}
	return kept, nil
}

func (w *world) deliver(es []journal.Entry) ([]journal.Receipt, error) {
	if len(es) == 0 {
		return nil, nil
	}
	// over the wire: only frames travel
	sent := make([]journal.Entry, len(es))
	for i, e := range es {
		d, err := journal.Decode(e.Frame())
		must(w.t, err)
		sent[i] = d
	}
	if f := w.flaw; f.verdictByID || f.toldOnly || f.judgesAgain || f.appliesAgain || f.bySeqAlone || f.paysAgain {
		return w.flawedDeliver(sent)
	}
	return w.hub.Deliver(w.ctx, sent)
}

func (n network) Since(ctx context.Context, cursor string, rows int, wait time.Duration) (central.Page, error) {
	if n.w.flaw.anyPage { // the smallest pages, where it is seen soonest
		p, err := n.w.hub.Since(ctx, cursor, 1, wait)
		p.Complete = true
		return p, err
	}
	p, err := n.w.hub.Since(ctx, cursor, 3, wait)
	if n.w.flaw.missesRows && len(p.Rows) == 3 {
		p.Rows = p.Rows[:2]
	}
	return p, err
}

// pull takes one page of the feed; pages are a transaction or two.
func (w *world) pull(s *station) bool {
	complete, err := s.line.Pull(w.ctx, 0)
	must(w.t, err)
	return complete
}

func (w *world) pullAll(s *station) {
	for range 10000 {
		if p, err := w.hub.Since(w.ctx, w.cursor(s), 1, 0); err == nil && p.Complete && len(p.Rows) == 0 {
			w.pull(s)
			return
		}
		w.pull(s)
	}
	w.t.Fatal("the feed never ends")
}

func (w *world) cursor(s *station) string {
	c, err := s.desk.Cursor(w.ctx)
	must(w.t, err)
	return c
}

// fresh: the desk's copy is at the hub's head, and nothing of it waits.
func (w *world) fresh(s *station) bool {
	p, err := w.hub.Since(w.ctx, w.cursor(s), 1, 0)
	must(w.t, err)
	return p.Complete && len(p.Rows) == 0 && s.desk.Pending() == 0
}

// others: the act undoes another desk's entry, of which the desk has no record.
func (w *world) others(s *station, a circ.Act) bool {
	u, ok := a.Command.(circ.Undo)
	return ok && w.acts[u.Entry].Desk != s.name
}

// scan is what a desk does with one command, line up or not: see DESIGN, modes.
func (w *world) scan(s *station, a circ.Act, up bool) {
	may, _ := rights(a)
	if !up {
		d, e, err := s.desk.Fact(w.ctx, a, may)
		must(w.t, err)
		w.show(a, shown{done: e != nil, events: d.Events, mode: journal.Fact})
		return
	}
	same := w.fresh(s) && !w.others(s, a)
	told, e, err := s.desk.Ask(w.ctx, a, may)
	must(w.t, err)
	if _, err := s.line.Deliver(w.ctx); err == nil {
		r, ok := s.truth[a.ID]
		if !ok {
			w.fail("answered without a receipt for %s", a.ID)
		}
		if same && !clamped(r) {
			w.sameAnswer(a, told, r)
		}
		w.show(a, shown{done: r.Verdict == journal.Applied, events: r.Events, mode: journal.Asked})
		return
	} else if !errors.Is(err, errNoAnswer) {
		w.fail("deliver: %v", err)
	}
	if !told.Done() {
		_, err = s.desk.Withdrawn(w.ctx, e)
		must(w.t, err)
		w.show(a, shown{mode: journal.Withdrawn})
		return
	}
	_, err = s.desk.Stood(w.ctx, e)
	must(w.t, err)
	w.show(a, shown{done: true, events: told.Events, mode: journal.Stood})
}

func (w *world) show(a circ.Act, s shown) {
	w.shown[a.ID] = s
	w.order = append(w.order, a.ID)
	w.held[string(s.mode)]++
	if s.done {
		w.held["done: "+a.Command.Name()]++
	}
}

// clamped reports whether the desk's clock was too far ahead to decide alike.
func clamped(r journal.Receipt) bool { return slices.Contains(reasons(r.Objections), circ.ClockAhead) }

// sameAnswer: the same facts have the same answer, word for word, with the same
// explanation.
func (w *world) sameAnswer(a circ.Act, told circ.Decision, r journal.Receipt) {
	w.held["same facts"]++
	there := r.Decision
	there.Events = r.Events
	if !equal(told, there) {
		w.fail("%s: same facts, two answers:\n%+v\n%+v", a.Command.Name(), told, there)
	}
}

// equal reports whether two values are the same when written down.
func equal(a, b any) bool { return written(a) == written(b) }

func written(v any) string {
	if d, ok := v.(circ.Decision); ok {
		return mustJSON(d) + fmt.Sprint(names(d.Events)) + mustJSON(d.Events)
	}
	return mustJSON(v)
}

func mustJSON(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func reasons(rs []circ.Remark) (out []circ.Reason) {
	for _, r := range rs {
		out = append(out, r.Reason)
	}
	return out
}

// blindCache and blindHub show items that were never seen anywhere.
type blindCache struct {
	journal.Store[journal.CacheTx]
}

type blindHub struct {
	journal.Store[journal.HubTx]
}

type blindCacheTx struct{ journal.CacheTx }
type blindHubTx struct{ journal.HubTx }

func (b blindCache) View(ctx context.Context, fn func(journal.CacheTx) error) error {
	return b.Store.View(ctx, func(tx journal.CacheTx) error { return fn(blindCacheTx{tx}) })
}

func (b blindHub) Update(ctx context.Context, fn func(journal.HubTx) error) error {
	return b.Store.Update(ctx, func(tx journal.HubTx) error { return fn(blindHubTx{tx}) })
}

func (b blindCacheTx) Read(ctx context.Context, ws []circ.Want) ([][]circ.Row, error) {
	return blind(b.CacheTx.Read(ctx, ws))
}

func (b blindHubTx) Read(ctx context.Context, ws []circ.Want) ([][]circ.Row, error) {
	return blind(b.HubTx.Read(ctx, ws))
}

func blind(rows [][]circ.Row, err error) ([][]circ.Row, error) {
	for _, found := range rows {
		for i, r := range found {
			if it, ok := r.(circ.Item); ok {
				it.Seen, it.Earlier = circ.Sighting{}, nil
				found[i] = it
			}
		}
	}
	return rows, err
}
