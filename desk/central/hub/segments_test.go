package hub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/central/hub"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// A branch is a desk whose copy is to be filled by a server that holds a library, over
// a line that a test can cut and change.
type branch struct {
	t       *testing.T
	hub     *bolt.Hub
	server  *hubserver.Server
	client  *hub.Client
	line    *badLine
	path    string
	cache   *bolt.Cache
	desk    *local.Desk
	library string

	first, again int // what a fill has told
	filled       bool
}

// badLine cuts answers with segments behind so many bytes, and changes bytes in them.
type badLine struct {
	to     http.RoundTripper
	cut    int64 // 0: nothing is cut
	change func(path string, b []byte)
	came   int64 // bytes of segments that came whole or in part
	asked  int
}

func (l *badLine) RoundTrip(r *http.Request) (*http.Response, error) {
	res, err := l.to.RoundTrip(r)
	if err != nil || !strings.Contains(r.URL.Path, "/segments/") {
		return res, err
	}
	l.asked++
	body, err := io.ReadAll(res.Body)
	_ = res.Body.Close()
	if err != nil {
		return nil, err
	}
	if l.change != nil {
		l.change(r.URL.Path, body)
	}
	var end io.Reader = bytes.NewReader(nil)
	if l.cut > 0 && int64(len(body)) > l.cut {
		body, end = body[:l.cut], broken{}
	}
	l.came += int64(len(body))
	res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(body), end))
	return res, nil
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("the line was cut") }

func newBranch(t *testing.T, rules *policy.Set, rows []circ.Row) *branch {
	store, err := bolt.OpenHub(filepath.Join(t.TempDir(), "hub.db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	b := &branch{t: t, hub: store, path: filepath.Join(t.TempDir(), "cache.db"), library: "main", line: &badLine{}}
	b.server = hubserver.New(hubserver.Config{Store: hubserver.Watch(store), Rules: rules, Now: time.Now, Segments: filepath.Join(t.TempDir(), "segments")})
	b.put(rows...)
	if err := b.server.Begin(t.Context(), "epoch of the test"); err != nil {
		t.Fatal(err)
	}
	address, stop := serve(t, b.server)
	b.line.to = http.DefaultTransport
	b.client, err = hub.New(hub.Config{URL: address, Token: token, Transport: b.line})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		b.client.Close()
		stop()
		b.server.Close()
		b.closes()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	b.opens()
	return b
}

func (b *branch) put(rows ...circ.Row) {
	b.t.Helper()
	if err := b.server.Store.Update(b.t.Context(), func(tx journal.HubTx) error { return tx.Put(b.t.Context(), rows) }); err != nil {
		b.t.Fatal(err)
	}
}

// opens starts the desk.
func (b *branch) opens() {
	b.t.Helper()
	var err error
	b.cache, err = bolt.OpenCache(b.path, bolt.NoSync(), bolt.Sealed(bolt.Lock{Key: bytes.Repeat([]byte{7}, bolt.KeySize), Held: "test"}))
	if err != nil {
		b.t.Fatal(err)
	}
	log, err := bolt.OpenJournal(filepath.Join(b.t.TempDir(), "journal.db"), bolt.NoSync())
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = log.Close() })
	n := 0
	b.desk, err = local.Open(b.t.Context(), local.Config{
		ID: "d1", Library: policy.LibraryID(b.library), Zone: "UTC", Journal: log, Cache: b.cache, Rules: centraltest.Rules(), Now: time.Now,
		NewID: func() circ.EntryID { n++; return circ.EntryID(fmt.Sprint("e", n)) },
	})
	if err != nil {
		b.t.Fatal(err)
	}
	if _, err := b.client.Hello(b.t.Context(), central.Hello{Desk: "d1", Library: b.library, Last: journal.Mark{Desk: "d1"}}); err != nil {
		b.t.Fatal(err)
	}
}

func (b *branch) closes() {
	if err := b.cache.Close(); err != nil {
		b.t.Error(err)
	}
}

// fill fills the copy, once.
func (b *branch) fill() error {
	filled, err := b.desk.FillSegments(b.t.Context(), b.client, local.Progress{First: func(n int) { b.first += n }, Again: func(string) { b.again++ }})
	b.filled = b.filled || filled
	return err
}

// pull takes the feed to its end.
func (b *branch) pull() {
	b.t.Helper()
	for {
		at, err := b.desk.Cursor(b.t.Context())
		if err != nil {
			b.t.Fatal(err)
		}
		p, err := b.client.Since(b.t.Context(), at, 1000, 0)
		if errors.Is(err, central.ErrCursor) {
			if err := b.desk.Afresh(b.t.Context(), at); err != nil {
				b.t.Fatal(err)
			}
			if err := b.fill(); err != nil {
				b.t.Fatal(err)
			}
			continue
		}
		if err != nil {
			b.t.Fatal(err)
		}
		if err := b.desk.TakePage(b.t.Context(), at, p); err != nil {
			b.t.Fatal(err)
		}
		if p.Complete {
			return
		}
	}
}

// copied gives all rows of the copy.
func (b *branch) copied() map[circ.Key]circ.Row {
	b.t.Helper()
	out := map[circ.Key]circ.Row{}
	err := b.cache.View(b.t.Context(), func(tx journal.CacheTx) error {
		for after := (circ.Key{}); ; {
			rows, err := tx.(interface {
				Walk(context.Context, circ.Key, int) ([]circ.Row, error)
			}).Walk(b.t.Context(), after, 1000)
			if err != nil || len(rows) == 0 {
				return err
			}
			for _, r := range rows {
				out[r.Key()] = r
			}
			after = rows[len(rows)-1].Key()
		}
	})
	if err != nil {
		b.t.Fatal(err)
	}
	return out
}

// marked stands for the keyed hash of a date of birth.
const marked = "marked"

// knows checks that the copy has exactly some rows.
func (b *branch) knows(want []circ.Row) {
	b.t.Helper()
	got := b.copied()
	for _, r := range want {
		if p, ok := got[r.Key()].(circ.Patron); ok && p.BirthMark != "" {
			p.BirthMark = marked // by a key that the server makes
			got[r.Key()] = p
		}
		if !reflect.DeepEqual(got[r.Key()], r) {
			b.t.Fatalf("%v is %+v, want %+v", r.Key(), got[r.Key()], r)
		}
		delete(got, r.Key())
	}
	for k := range got {
		b.t.Errorf("%v is there", k)
	}
}

// town is a library of so many patrons and items, whose rows do not compress well.
func town(n int) (rows []circ.Row) {
	random := rand.New(rand.NewPCG(3, 4))
	for i := range n {
		p := circ.PatronID(fmt.Sprintf("p%05d", i))
		rows = append(rows,
			circ.Patron{ID: p, Card: fmt.Sprintf("2%09d", i), Family: fmt.Sprintf("%x", random.Uint64()), Note: fmt.Sprintf("%x%x%x", random.Uint64(), random.Uint64(), random.Uint64()), Group: "adult"},
			circ.Card{Number: fmt.Sprintf("2%09d", i), Patron: p, State: circ.CardValid},
			circ.Item{ID: circ.ItemID(fmt.Sprintf("i%05d", i)), Barcode: fmt.Sprintf("3%09d", i), Title: "t", Home: "main", Note: fmt.Sprintf("%x%x", random.Uint64(), random.Uint64())},
		)
	}
	return append(rows, circ.Title{ID: "t", Title: "Die Blechtrommel"},
		circ.Block{ID: "b1", Patron: "p00003", Text: "owes a book", At: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)},
		circ.Card{Number: "2lost", Patron: "p00004", State: circ.CardLost},
		circ.Item{ID: "i-broken", Barcode: "3broken", Title: "t", Home: "main", Mark: circ.ItemMark{State: circ.ItemDamaged}},
	)
}

func TestASnapshotThatIsCutEach64kB(t *testing.T) {
	rows := town(6000)
	b := newBranch(t, centraltest.Rules(), rows)
	b.line.cut = 64 << 10
	m, err := b.client.Manifest(t.Context(), func(int) {})
	if err != nil {
		t.Fatal(err)
	}
	cuts, blocks := 0, false
	for ; !b.filled; cuts++ {
		if err := b.fill(); err == nil && !b.filled {
			t.Fatal("it neither fails nor fills")
		}
		if b.first > 0 && !b.filled { // the old copy knows them already
			got := b.copied()
			blocks = got[circ.Key{Kind: circ.KindBlock, ID: "b1"}] != nil && got[circ.Key{Kind: circ.KindPatron, ID: "p00003"}] != nil && got[circ.Key{Kind: circ.KindCard, ID: "2lost"}] != nil &&
				got[circ.Key{Kind: circ.KindItem, ID: "i-broken"}] != nil && got[circ.Key{Kind: circ.KindPatron, ID: "p00001"}] == nil
		}
		if cuts%2 == 0 && !b.filled { // and a restart of the desk
			b.closes()
			b.opens()
		}
	}
	if least := int(m.Size() / b.line.cut); cuts < least || least < 6 {
		t.Errorf("it was filled after %d cuts, there are %d bytes", cuts, m.Size())
	}
	if b.line.came != m.Size() || b.again != 0 {
		t.Errorf("%d bytes came of %d: what was there came again; %d segments were damaged", b.line.came, m.Size(), b.again)
	}
	if !blocks {
		t.Error("the desk did not know who may not borrow before the rest was there")
	}
	b.pull()
	b.knows(rows)
	left, err := filepath.Glob(b.path + "*")
	if err != nil || len(left) > 2 { // the cache and its process
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestASegmentThatCameDamagedIsFetchedAgain(t *testing.T) {
	for _, row := range []struct {
		name  string
		times int
		fills bool
	}{{"once", 1, true}, {"twice", 2, true}, {"each time", 1 << 30, false}} {
		t.Run(row.name, func(t *testing.T) {
			rows := town(50)
			b := newBranch(t, centraltest.Rules(), rows)
			done := 0
			b.line.change = func(_ string, body []byte) {
				if done < row.times && len(body) > 0 {
					body[len(body)/2] ^= 1
					done++
				}
			}
			err := b.fill()
			if b.filled != row.fills || (err == nil) != row.fills || b.again == 0 {
				t.Fatalf("filled: %v, %d times told, error %v", b.filled, b.again, err)
			}
			if row.fills {
				b.pull()
				b.knows(rows)
			} else if n := len(b.copied()); n != 0 {
				t.Errorf("%d rows of damaged segments are in the copy", n)
			}
		})
	}
}

func TestTheCopyServesWhileAnotherIsMade(t *testing.T) {
	rows := town(200)
	b := newBranch(t, centraltest.Rules(), rows)
	if err := b.fill(); err != nil {
		t.Fatal(err)
	}
	b.pull()
	at, err := b.desk.Cursor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := b.desk.Afresh(t.Context(), at); err != nil {
		t.Fatal(err)
	}
	b.line.cut = 1000
	for b.line.asked = 0; b.line.asked < 3; {
		if err := b.fill(); err == nil {
			t.Fatal("it is filled over a line that is cut")
		}
		b.knows(rows)
	}
	b.line.cut = 0
	changed := circ.Card{Number: "2000000001", Patron: "p00001", State: circ.CardLost}
	b.put(changed)
	if err := b.fill(); err != nil {
		t.Fatal(err)
	}
	b.pull()
	for i, r := range rows {
		if r.Key() == changed.Key() {
			rows[i] = changed
		}
	}
	b.knows(rows)
}

func TestADeskGetsWhatTheRulesSay(t *testing.T) {
	out, back := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC), time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	patron := circ.Patron{ID: "p", Card: "2", Family: "Müller", Birth: "1980-01-01", Street: "Am Markt 1", Phone: "030", Email: "m@example.org", Group: "adult"}
	bare := circ.Patron{ID: "p", Card: "2", Family: "Müller", BirthMark: marked, Group: "adult"}
	own := circ.Item{ID: "own", Barcode: "3own", Home: "main"}
	other := circ.Item{ID: "other", Barcode: "3other", Home: "east"}
	astray := circ.Item{ID: "astray", Barcode: "3astray", Home: "east", Transit: "west", Seen: circ.Sighting{At: out, Desk: "d2", Library: "west", Transit: "west"}}
	open := circ.Loan{ID: "l1", Item: "own", Patron: "p", Out: out, Due: back}
	ended := circ.Loan{ID: "l2", Item: "own", Patron: "p", Out: out, Due: back, In: back, How: circ.Returned}
	waiting := circ.Request{ID: "r1", Patron: "p", Title: "t", At: out, Stage: circ.Waiting}
	met := circ.Conflict{ID: "c1", Item: "other"}
	all := []circ.Row{patron, own, other, astray, open, ended, waiting, met}
	for _, row := range []struct {
		name, table string
		want        []circ.Row
	}{
		{"everything, when they say nothing", "", all},
		{"everything, when they say so", "[copy]\nitems = \"all\"\nloans = \"all\"\n", all},
		{"items of the own library, and those that are astray", "[copy]\nitems = \"own\"\n", []circ.Row{patron, own, astray, open, ended, waiting, met}},
		{"items of libraries in a list", "[copy]\nitems = [\"east\"]\n", []circ.Row{patron, other, astray, open, ended, waiting, met}},
		{"loans that are open", "[copy]\nloans = \"open\"\n", []circ.Row{patron, own, other, astray, open, waiting, met}},
		{"patrons without what nobody needs", "[copy]\npatrons = \"circulation\"\n", []circ.Row{bare, own, other, astray, open, ended, waiting, met}},
	} {
		t.Run(row.name, func(t *testing.T) {
			rules, err := policy.Parse([]byte("currency = \"EUR\"\nzone = \"UTC\"\n" + row.table + "[[library]]\nid = \"main\"\n[[library]]\nid = \"east\"\n"))
			if err != nil {
				t.Fatal(err)
			}
			b := newBranch(t, rules, all)
			if err := b.fill(); err != nil {
				t.Fatal(err)
			}
			b.knows(row.want) // by the snapshot
			b.put(all...)
			b.pull()
			b.knows(row.want) // and by the feed
		})
	}
}

func TestWhatADeskDoesNotGetAnyMoreLeavesItsCopy(t *testing.T) {
	rules, err := policy.Parse([]byte("currency = \"EUR\"\nzone = \"UTC\"\n[copy]\nitems = \"own\"\nloans = \"open\"\n[[library]]\nid = \"main\"\n[[library]]\nid = \"east\"\n"))
	if err != nil {
		t.Fatal(err)
	}
	out := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	item := circ.Item{ID: "i", Barcode: "3", Title: "t", Home: "main"}
	loan := circ.Loan{ID: "l", Item: "i", Patron: "p", Out: out, Due: out}
	b := newBranch(t, rules, []circ.Row{item, loan})
	if err := b.fill(); err != nil {
		t.Fatal(err)
	}
	b.knows([]circ.Row{item, loan})
	item.Home = "east"
	loan.In, loan.How = out, circ.Returned
	b.put(item, loan)
	b.pull()
	b.knows(nil)
	err = b.cache.View(t.Context(), func(tx journal.CacheTx) error {
		rows, err := tx.Read(t.Context(), []circ.Want{{Index: circ.ByBarcode, ID: "3", N: 5}, {Index: circ.LoansOf, ID: "p", N: 5}})
		if len(rows[0])+len(rows[1]) > 0 {
			t.Errorf("an index still names %v", rows)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
	// The rules change: what the desk gets now was never in its feed.
	body := "currency = \"EUR\"\nzone = \"UTC\"\n[copy]\nloans = \"open\"\n[[library]]\nid = \"main\"\n[[library]]\nid = \"east\"\n"
	r := circ.Rules{Version: "2", Body: body}
	b.put(r)
	b.pull()
	b.knows([]circ.Row{item, r})
}
