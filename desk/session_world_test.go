package desk_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/crypto/argon2"

	"circdesk/desk"
	"circdesk/desk/central"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/label"
	"circdesk/desk/local"
	"circdesk/desk/money"
	"circdesk/desk/operator"
	"circdesk/desk/policy"
	"circdesk/desk/uplink"
	"circdesk/desk/words"
	"circdesk/store/bolt"
)

const worldRules = `
version = "stories"
currency = "EUR"
zone = "Europe/Berlin"
closed_days = "keep"

[desk]
sleep_after = "90 seconds"
ask_deadline = "1.5s"
bookdrop_ends = "10 minutes"

[default]
period = "14 days"
renewals = 2
loans = 5
requests = 3
max_owed = "10.00"
shelf_days = 2
fine = "0.20"
double_scan = "10 seconds"
renew_min_gain = "1 second"

[[terms]]
group = "guest"
request_fee = "0.80"
card_fee = "6.00"
card_renewal_fee = "5.00"
card_replacement_fee = "2.50"

[[library]]
id = "main"
name = "Riverside"

[library.hours]
monday = ["10:00-18:00"]
tuesday = ["10:00-18:00"]
saturday = ["10:00-14:00"]

[[library]]
id = "east"
name = "East branch"

[[item_type]]
id = "volume"
name = "Bound volume"

[[location]]
id = "stacks"
name = "Closed stacks"

[[terms]]
item_type = "volume"
period = "10 minutes"
long_overdue = "10 minutes"

[[circulation_desk]]
id = "main-1"

[[circulation_desk]]
id = "main-2"
name = "Stacks desk"

[[desk_terms]]
desk = "main-1"
location = "stacks"
check_out = false
reshelve = false

[[block]]
reason = "not_from_this_desk"
override = ["limited"]
` + oldFacts

// oldFacts is what the rules say of the age of a desk's facts.
const oldFacts = `
[[old_facts]]
after = "40 days"
loan = "tell"

[[old_facts]]
after = "50 days"
loan = "ask"
`

// The sample: cards begin with 2, items with 3; the digit at the end is the
// check digit.
var (
	maria  = card("2000000000001") // owes nothing
	tom    = card("2000000000002") // owes 13.20
	ana    = card("2000000000003") // the card has expired
	lost   = card("2000000000004") // Maria's old card
	middle = card("3000000000001") // Middlemarch
	kind   = card("3000000000002") // Kind of blue
	atlas  = card("3000000000003") // kept at East
	perl   = card("3000000000004") // Perl, requested by Tom
	planet = card("3000000000005")
	alibi  = card("3000000000006")
	stored = card("3000000000009") // in the stacks: lent and shelved at another desk
	nobody = card("2999999999999")
	noitem = card("3999999999999")
)

func card(s string) string {
	d, _ := label.CheckDigit(s)
	return s + string(d)
}

func sample(now time.Time) []circ.Row {
	rows := []circ.Row{
		circ.Patron{ID: "P1", Card: maria, Family: "Silva", Given: "Maria", Birth: "1984-02-01", Street: "Elm St 1", Phone: "030 1234567", Email: "maria@example.org"},
		circ.Patron{ID: "P2", Card: tom, Family: "Wu", Given: "Tom", Birth: "1990-01-01"},
		circ.Patron{ID: "P3", Card: ana, Family: "Silva", Given: "Maria", Birth: "1950-02-01", Street: "Oak St 2", Expires: now.Add(-24 * time.Hour)},
		circ.Patron{ID: "P4", Card: "44", Family: "Okafor", Given: "Lee"},
		circ.Card{Number: "44", Patron: "P4", State: circ.CardValid},
		circ.Card{Number: maria, Patron: "P1", State: circ.CardValid},
		circ.Card{Number: tom, Patron: "P2", State: circ.CardValid},
		circ.Card{Number: ana, Patron: "P3", State: circ.CardValid},
		circ.Card{Number: lost, Patron: "P1", State: circ.CardLost},
		circ.Card{Number: "77", Patron: "P2", State: circ.CardValid},
		circ.Patron{ID: "P5", Card: "55", Family: "Berg", Given: "Ina"},
		circ.Card{Number: "55", Patron: "P5", State: circ.CardValid},
		circ.Fee{ID: "F2", Patron: "P5", Type: "lost", Amount: money.Amount{Minor: 2000, Currency: "EUR"}, At: now.Add(-time.Hour)},
		circ.Fee{ID: "F1", Patron: "P2", Type: "lost", Amount: money.Amount{Minor: 1320, Currency: "EUR"}, At: now.Add(-time.Hour)},
		circ.Request{ID: "R1", Title: "T4", Patron: "P2", Pickup: "main", At: now.Add(-time.Hour), Stage: circ.Waiting},
	}
	for i, t := range []string{"Middlemarch", "Kind of blue", "Atlas", "Perl", "Planet earth", "The deep blue alibi"} {
		id := circ.TitleID(fmt.Sprint("T", i+1))
		home := policy.LibraryID("main")
		if t == "Atlas" {
			home = "east"
		}
		title := circ.Title{ID: id, Title: t}
		if i == 0 {
			title.ISBNs = []string{"9780306406157"}
		}
		rows = append(rows, title,
			circ.Item{ID: circ.ItemID(fmt.Sprint("I", i+1)), Barcode: card(fmt.Sprintf("30000000000%02d", i+1)), Title: id, Home: home, Location: "Adult fiction"})
	}
	return append(rows, circ.Item{ID: "I8", Barcode: "88", Title: "T2", Home: "main"},
		circ.Title{ID: "T9", Title: "Xylem"}, circ.Item{ID: "I9", Barcode: stored, Title: "T9", Type: "volume", Home: "main", Location: "stacks"})
}

// world is a desk, its session and the central system, on a clock that the test
// moves.
type world struct {
	rules string
	t     *testing.T
	dir   string
	hub   *hubserver.Server
	line  *wire
	desk  *local.Desk
	up    *uplink.Uplink
	s     *desk.Session
	store struct {
		journal *breaking
		cache   *bolt.Cache
		hub     *bolt.Hub
	}
	labels *label.Rules
	newID  func() circ.EntryID // nil: ids of its own for each start
	cancel context.CancelFunc
	over   sync.WaitGroup
	err    error

	mu      sync.Mutex
	said    []desk.Outcome
	notices []desk.Notice
	state   desk.State
	states  int
	slips   []string
	noSlip  error
	log     bytes.Buffer // of the session
}

// breaking is a journal whose disk is full at times.
type breaking struct {
	journal.Store[journal.JournalTx]
	mu   sync.Mutex
	full error
	n    int    // how often it was written
	long func() // is called in the middle of a reading that goes through all entries
}

// hold calls a function in the middle of the next reading that goes through all entries.
func (b *breaking) hold(f func()) {
	b.mu.Lock()
	b.long = sync.OnceFunc(f)
	b.mu.Unlock()
}

func (b *breaking) View(ctx context.Context, fn func(journal.JournalTx) error) error {
	b.mu.Lock()
	long := b.long
	b.mu.Unlock()
	if long == nil {
		return b.Store.View(ctx, fn)
	}
	return b.Store.View(ctx, func(tx journal.JournalTx) error { return fn(longRead{tx, long}) })
}

// longRead is a reading that is held up where it takes many entries at once.
type longRead struct {
	journal.JournalTx
	hold func()
}

func (l longRead) Entries(ctx context.Context, from journal.Mark, n int) ([]journal.Entry, error) {
	if n >= 500 {
		l.hold()
	}
	return l.JournalTx.Entries(ctx, from, n)
}

func (b *breaking) fill(err error) {
	b.mu.Lock()
	b.full = err
	b.mu.Unlock()
}

func (b *breaking) Update(ctx context.Context, fn func(journal.JournalTx) error) error {
	b.mu.Lock()
	err := b.full
	b.n++
	b.mu.Unlock()
	if err != nil {
		return err
	}
	return b.Store.Update(ctx, fn)
}

// wire is the line to the hub: cut, slow, or losing replies.
type wire struct {
	hub  *hubserver.Server
	mu   sync.Mutex
	cut  bool
	mute bool          // requests arrive, replies do not
	deaf bool          // deliveries do not arrive, greetings do
	slow time.Duration // before a request arrives
	gone []string      // whose visits are over, as it was told
}

var errCut = errors.New("no answer")

func (w *wire) set(f func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	f()
}

func (w *wire) pass(ctx context.Context) (mute bool, err error) {
	w.mu.Lock()
	cut, mute, slow := w.cut, w.mute, w.slow
	w.mu.Unlock()
	if slow > 0 {
		select {
		case <-time.After(slow):
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	if cut {
		return false, errCut
	}
	return mute, nil
}

func (w *wire) Deliver(ctx context.Context, es []journal.Entry) ([]journal.Receipt, error) {
	w.mu.Lock()
	deaf := w.deaf
	w.mu.Unlock()
	if deaf {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	mute, err := w.pass(ctx)
	if err != nil {
		return nil, err
	}
	rs, err := w.hub.Deliver(ctx, es)
	if mute {
		<-ctx.Done()
		return nil, ctx.Err()
	}
	return rs, err
}

func (w *wire) Hello(ctx context.Context, h central.Hello) (central.Welcome, error) {
	if mute, err := w.pass(ctx); err != nil || mute {
		return central.Welcome{}, errCut
	}
	return w.hub.Hello(ctx, h)
}

func (w *wire) Since(ctx context.Context, cursor string, n int, wait time.Duration) (central.Page, error) {
	if mute, err := w.pass(ctx); err != nil || mute {
		return central.Page{}, errCut
	}
	p, err := w.hub.Since(ctx, cursor, n, 0)
	if err == nil && len(p.Rows) == 0 && wait > 0 {
		select {
		case <-time.After(min(wait, 400*time.Millisecond)):
		case <-ctx.Done():
			return p, ctx.Err()
		}
		return w.hub.Since(ctx, cursor, n, 0)
	}
	return p, err
}

func (w *wire) Search(ctx context.Context, wants []circ.Want) ([][]circ.Row, error) {
	if mute, err := w.pass(ctx); err != nil || mute {
		return nil, errCut
	}
	return w.hub.Search(ctx, wants)
}

// monday is when the stories begin: Monday, 14:05 in Berlin.
var monday = time.Date(2026, 11, 30, 13, 5, 0, 0, time.UTC)

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// story runs fn in a world whose line is up, with ana signed in.
func story(t *testing.T, fn func(w *world)) {
	t.Helper()
	storyAt(t, monday, fn)
}

// storyAt is a story that begins at another time.
func storyAt(t *testing.T, at time.Time, fn func(w *world)) {
	t.Helper()
	storyOf(t, at, worldRules, fn)
}

// storyOf is a story under other rules.
func storyOf(t *testing.T, at time.Time, rulesText string, fn func(w *world)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		w := newWorldOf(t, at, rulesText)
		defer w.close()
		w.start()
		w.do(desk.SignIn{Name: "kim", PIN: "1234"})
		fn(w)
	})
}

// newWorldOf is a world that begins then, with these rules.
func newWorldOf(t *testing.T, at time.Time, rulesText string) *world {
	dir := t.TempDir()
	w := &world{t: t, dir: dir, labels: label.Default(), rules: rulesText}
	time.Sleep(time.Until(at))
	rules, err := policy.Parse([]byte(rulesText))
	must(t, err)
	j, err := bolt.OpenJournal(filepath.Join(dir, "journal.db"), bolt.NoSync(), bolt.Unchecked())
	must(t, err)
	c, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), bolt.NoSync(), bolt.Unchecked())
	must(t, err)
	h, err := bolt.OpenHub(filepath.Join(dir, "hub.db"), bolt.NoSync(), bolt.Unchecked())
	must(t, err)
	w.store.journal, w.store.cache, w.store.hub = &breaking{Store: j}, c, h
	t.Cleanup(func() { j.Close(); c.Close(); h.Close() })
	must(t, h.Update(t.Context(), func(tx journal.HubTx) error { return tx.Put(t.Context(), sample(time.Now())) }))
	w.hub = hubserver.New(hubserver.Config{Store: h, Rules: rules, Now: time.Now})
	w.line = &wire{hub: w.hub}
	return w
}

// start starts the desk, as after a start of its program, and waits until its
// copy is fresh.
func (w *world) start() {
	t := w.t
	rules, err := policy.Parse([]byte(w.rules))
	must(t, err)
	ids := 0
	started := time.Now().UnixNano()
	newID := w.newID
	if newID == nil {
		newID = func() circ.EntryID { ids++; return circ.EntryID(fmt.Sprintf("e%d-%05d", started, ids)) }
	}
	w.desk, err = local.Open(t.Context(), local.Config{
		ID: "main-1", Library: "main", Zone: "Europe/Berlin", Journal: w.store.journal, Cache: w.store.cache,
		Rules: rules, Now: time.Now, NewID: newID,
	})
	must(t, err)
	var s *desk.Session
	w.up = uplink.New(uplink.Config{Desk: w.desk, System: w.line, On: func(e uplink.Event) { s.Hear(e) }})
	s, err = desk.New(desk.Config{
		Desk: w.desk, Up: w.up, Labels: w.labels, Operators: operators(t), Words: words.English(), Out: w.hear, Drawer: "till",
		Log:  slog.New(slog.NewTextHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Slip: func(text string) error { w.slips = append(w.slips, text); return w.noSlip },
	})
	must(t, err)
	w.said, w.s = nil, s // numbers begin anew
	ctx, cancel := context.WithCancel(t.Context())
	w.cancel = cancel
	w.over.Go(func() { w.err = s.Run(ctx) })
	<-s.Begun()
	w.over.Go(func() { w.up.Run(ctx) })
	synctest.Wait()
	time.Sleep(time.Second) // the first greeting and the first pull
	synctest.Wait()
}

// stop ends the session, as when its program ends.
func (w *world) stop() {
	w.cancel()
	w.over.Wait()
	must(w.t, w.err)
}

func (w *world) close() {
	w.stop()
}

// days lets days pass while the desk is closed.
func (w *world) days(n int) {
	w.stop()
	time.Sleep(time.Duration(n) * 24 * time.Hour)
	w.start()
	w.do(desk.SignIn{Name: "kim", PIN: "1234"})
}

func (w *world) hear(o desk.Output) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch o := o.(type) {
	case desk.Outcome:
		w.said = append(w.said, o)
	case desk.Notice:
		w.notices = append(w.notices, o)
	case desk.State:
		w.state = o
		w.states++
	}
}

// cheap PINs: the stories are not about their price.
func operators(t testing.TB) operator.Source {
	t.Helper()
	pin := hash("1234")
	roll, err := operator.Parse([]byte(fmt.Sprintf(`
[[operators]]
name = "kim"
rights = ["circulate"]
pin = %q
[[operators]]
name = "boss"
full = "The Boss"
rights = ["circulate", "override", "override.money", "settle"]
pin = %q
[[operators]]
name = "guest"
rights = []
pin = %q
[[operators]]
name = "pia"
rights = ["circulate", "override"]
pin = %q
`, pin, pin, pin, hash(piasPIN))))
	must(t, err)
	return operator.Fixed(roll, time.Now)
}

// piasPIN is a PIN that is found nowhere else.
const piasPIN = "Zq7vKx2w"

// hash gives a cheap hash of a PIN.
func hash(pin string) string {
	salt := []byte("stories!")
	sum := argon2.IDKey([]byte(pin), salt, 1, 8, 1, 32)
	b64 := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=19$m=8,t=1,p=1$%s$%s", b64(salt), b64(sum))
}

// send sends inputs and gives the number of the last; nothing is waited for.
func (w *world) send(ins ...desk.Input) (n int64) {
	for _, in := range ins {
		n = w.s.Send(in)
	}
	return n
}

// settle waits until nothing moves any more without the clock.
func (w *world) settle() { synctest.Wait() }

// pass lets time pass.
func (w *world) pass(d time.Duration) {
	time.Sleep(d)
	synctest.Wait()
}

// do sends an input and gives its final outcome.
func (w *world) do(in desk.Input) desk.Outcome {
	w.t.Helper()
	n := w.send(in)
	w.settle()
	finals := w.finals(n)
	if len(finals) == 0 {
		w.t.Fatalf("%T%+v: no final outcome", in, in)
	}
	return finals[0]
}

// finals gives the final outcomes of an input.
func (w *world) finals(n int64) (out []desk.Outcome) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range w.said {
		if o.N == n && o.Final {
			out = append(out, o)
		}
	}
	return out
}

func (w *world) scan(code string) desk.Outcome {
	w.t.Helper()
	return w.do(desk.Scan{Text: code})
}

// pull and plug take the line away and put it back.
func (w *world) pull() {
	w.line.set(func() { w.line.cut = true })
	w.pass(5 * time.Second)
}

func (w *world) plug() {
	w.line.set(func() { w.line.cut, w.line.mute, w.line.deaf, w.line.slow = false, false, false, 0 })
	w.pass(5 * time.Second)
}

func (w *world) st() desk.State {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.state
}

// noticed reports whether a notice of the kind was given.
func (w *world) noticed(kind desk.NoticeKind) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	n := 0
	for _, x := range w.notices {
		if x.Kind == kind {
			n++
		}
	}
	return n
}

// loan gives the open loan of an item at the hub.
func (w *world) loan(id circ.ItemID) (out circ.Loan) {
	w.t.Helper()
	must(w.t, w.store.hub.View(w.t.Context(), func(tx journal.HubTx) error {
		rows, err := tx.Read(w.t.Context(), []circ.Want{circ.ByKey(circ.KindItem, string(id))})
		if err != nil {
			return err
		}
		it, _ := rows[0][0].(circ.Item)
		if it.Loan == "" {
			return nil
		}
		rows, err = tx.Read(w.t.Context(), []circ.Want{circ.ByKey(circ.KindLoan, string(it.Loan))})
		if err == nil && len(rows[0]) > 0 {
			out, _ = rows[0][0].(circ.Loan)
		}
		return err
	}))
	return out
}

// elsewhere is another desk that does something at the hub.
func (w *world) elsewhere(c circ.Command) { w.byEast(c, journal.Asked, time.Now()) }

// byEast is what another desk asks, or tells of what has happened there.
func (w *world) byEast(c circ.Command, m journal.Mode, at time.Time, told ...circ.Event) {
	w.t.Helper()
	var head journal.Mark
	must(w.t, w.store.hub.View(w.t.Context(), func(tx journal.HubTx) (err error) {
		head, err = tx.Head(w.t.Context(), "east-1")
		return err
	}))
	e, err := journal.Entry{
		Act: circ.Act{
			ID: circ.EntryID(fmt.Sprint("east", head.Seq+1)), Desk: "east-1", Library: "east", Operator: "jo",
			At: at.UTC(), Zone: "Europe/Berlin", Command: c,
		},
		Epoch: 1, Seq: head.Seq + 1, Prev: head.Hash, Mode: m, Told: told,
	}.Finish()
	must(w.t, err)
	rs, err := w.hub.Deliver(w.t.Context(), []journal.Entry{e})
	must(w.t, err)
	if rs[0].Verdict != journal.Applied {
		w.t.Fatalf("elsewhere: %+v", rs[0])
	}
}

func reasons(said []desk.Said) string {
	var out []string
	for _, s := range said {
		out = append(out, string(s.Reason))
	}
	return strings.Join(out, " ")
}

func wordsOf(os []desk.Outcome) string {
	var out []string
	for _, o := range os {
		out = append(out, string(o.Word))
	}
	return strings.Join(out, " ")
}
