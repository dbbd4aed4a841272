package hubserver

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// mortal is a store whose process dies at a chosen statement of a transaction.
type mortal struct {
	journal.Store[journal.HubTx]
	left int // statements until then; negative: it lives
}

func (m *mortal) Update(ctx context.Context, fn func(journal.HubTx) error) error {
	err := m.Store.Update(ctx, func(tx journal.HubTx) error { return fn(mortalTx{tx, m}) })
	m.statement() // the answer is lost
	return err
}

func (m *mortal) statement() {
	if m.left--; m.left == 0 {
		runtime.Goexit()
	}
}

type mortalTx struct {
	journal.HubTx
	m *mortal
}

func (t mortalTx) Read(ctx context.Context, ws []circ.Want) ([][]circ.Row, error) {
	t.m.statement()
	return t.HubTx.Read(ctx, ws)
}

func (t mortalTx) Put(ctx context.Context, rows []circ.Row) error {
	t.m.statement()
	err := t.HubTx.Put(ctx, rows)
	t.m.statement()
	return err
}

func (t mortalTx) Head(ctx context.Context, d circ.DeskID) (journal.Mark, error) {
	t.m.statement()
	return t.HubTx.Head(ctx, d)
}

func (t mortalTx) Add(ctx context.Context, e journal.Entry) (bool, error) {
	t.m.statement()
	fresh, err := t.HubTx.Add(ctx, e)
	t.m.statement()
	return fresh, err
}

func (t mortalTx) Settle(ctx context.Context, r journal.Receipt) error {
	t.m.statement()
	err := t.HubTx.Settle(ctx, r)
	t.m.statement()
	return err
}

// TestAServerThatDiesAtAnyStatement kills the server at each statement of a
// batch, one after the other, before it and after it, and at last before the
// answer: then nothing of the batch is there, or all of it, with a receipt for
// each entry; and the same batch again gives the same records as without a death.
func TestAServerThatDiesAtAnyStatement(t *testing.T) {
	es := []journal.Entry{entry(t, 1, journal.Hash{}, circ.CheckOut{Card: "2001", Barcode: "3001"})}
	for i, c := range []circ.Command{
		circ.CheckIn{Barcode: "3001"}, circ.CheckOut{Card: "2002", Barcode: "3001"}, circ.Pay{Patron: "ada"}, circ.CheckOut{Card: "2002", Barcode: "3002"},
	} {
		es = append(es, entry(t, uint64(i+2), es[i].Hash(), c))
	}
	now := time.Now()
	clock := func() time.Time { return now } // a conflict says when it was met
	want := rowsOf(t, func(s *Server) { s.Now = clock; deliverTo(t, s, es) })
	whole, deaths := false, 0
	for n := 1; !whole; n++ {
		var s *Server
		got := rowsOf(t, func(made *Server) {
			s, made.Now = made, clock
			m := &mortal{Store: s.Store, left: n}
			s.Store = m
			ended := make(chan bool)
			go func() {
				lives := false
				defer func() { ended <- lives }()
				if _, err := s.Deliver(t.Context(), es); err != nil {
					t.Errorf("death %d: %v", n, err)
				}
				lives = true
			}()
			if whole = <-ended; !whole {
				deaths++
			}
			s.Store = m.Store
			taken := 0
			if err := s.Store.View(t.Context(), func(tx journal.HubTx) error {
				head, err := tx.Head(t.Context(), "d1")
				if err != nil {
					return err
				}
				kept, err := tx.Entries(t.Context(), journal.Mark{Desk: "d1", Epoch: 1}, 100)
				if taken = len(kept); uint64(taken) != head.Seq {
					t.Errorf("death %d: the mark is %d, %d entries are there", n, head.Seq, taken)
				}
				for _, e := range kept {
					if _, ok, err := tx.Receipt(t.Context(), e.Act.ID); err != nil || !ok {
						t.Errorf("death %d: entry %s has no receipt: %v", n, e.Act.ID, err)
					}
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
			if taken != 0 && taken != len(es) {
				t.Errorf("death %d: %d of %d entries were taken", n, taken, len(es))
			}
			deliverTo(t, s, es)
		})
		if got != want {
			t.Fatalf("death %d: the records are others than without it:\n%s\nand not\n%s", n, got, want)
		}
	}
	if deaths < 5*len(es) {
		t.Errorf("it died %d times: the test shows nothing", deaths)
	}
	t.Logf("it died %d times", deaths)
}

func deliverTo(t *testing.T, s *Server, es []journal.Entry) {
	t.Helper()
	rs, err := s.Deliver(t.Context(), es)
	if err != nil || len(rs) != len(es) {
		t.Fatalf("%d receipts, %v", len(rs), err)
	}
}

// rowsOf gives all records of a new server after something.
func rowsOf(t *testing.T, fn func(*Server)) string {
	t.Helper()
	s := newServer(t)
	fn(s)
	return rowsIn(t, s)
}

func rowsIn(t *testing.T, s *Server) string {
	t.Helper()
	var all strings.Builder
	if _, err := s.Snapshot(t.Context(), func(rows []circ.Row) error {
		b, err := json.Marshal(rows)
		all.Write(b)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// Poison: what no desk of ours writes, or one of a later version does. Each is
// answered, the queue goes on behind it, and a request is never larger than is
// taken. Of the text nothing is changed: what shows it makes it safe.
func TestPoison(t *testing.T) {
	frame := func(mend func(f *journal.Frame)) journal.Frame {
		f := entry(t, 1, journal.Hash{}, circ.CheckIn{Barcode: "3001"}).Frame()
		mend(&f)
		return f
	}
	spelt := func(code string) journal.Frame {
		return entry(t, 1, journal.Hash{}, circ.CheckIn{Barcode: code}).Frame()
	}
	for _, row := range []struct {
		name    string
		frame   journal.Frame
		verdict journal.Verdict // empty: the request is refused
		code    wire.Code
	}{
		{"a good entry", spelt("3001"), journal.Applied, ""},
		{"a kind of the future", entry(t, 1, journal.Hash{}, circ.UnknownCommand{As: "read_aloud", Raw: json.RawMessage(`{"a":[1]}`)}).Frame(), journal.Rejected, ""},
		{"escape codes", spelt("\x1b]0;gone\a\x1b[2J\u009b31m"), journal.Applied, ""},
		{"invalid UTF-8", frame(func(f *journal.Frame) {
			f.Open = bytes.Replace(f.Open, []byte("3001"), []byte("3\xff\xfe1"), 1)
		}), journal.Applied, ""},
		{"a key of another", frame(func(f *journal.Frame) { f.Key = bytes.Repeat([]byte{7}, len(f.Key)) }), journal.Rejected, ""},
		{"half an entry", frame(func(f *journal.Frame) { f.Open = f.Open[:len(f.Open)/2] }), "", wire.NoEntry},
		{"nothing", journal.Frame{}, "", wire.NoEntry},
		{"10 MB", spelt(strings.Repeat("3", 10<<20)), "", wire.TooLarge},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := newServer(t)
			h := HTTP{Server: s}.Handler()
			w := ask(t, h, http.MethodPost, "/v1/desks/d1/entries", body(t, row.frame), nil)
			if row.verdict == "" {
				complaint(t, w, row.code)
				row.frame = spelt("3001")
			} else {
				var got wire.Receipts
				if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Receipts) != 1 {
					t.Fatalf("status %d, %s", w.Code, w.Body)
				}
				if r, err := journal.DecodeReceipt(got.Receipts[0]); err != nil || r.Verdict != row.verdict {
					t.Errorf("verdict %s, %v", r.Verdict, err)
				}
			}
			first, err := journal.Decode(row.frame)
			if err != nil && row.verdict == "" {
				t.Fatal(err)
			}
			next := entry(t, 2, first.Hash(), circ.CheckIn{Barcode: "3002"})
			if w := ask(t, h, http.MethodPost, "/v1/desks/d1/entries", body(t, row.frame, next.Frame()), nil); w.Code != http.StatusOK {
				t.Errorf("the queue does not go on: %d %s", w.Code, w.Body)
			}
		})
	}
}
