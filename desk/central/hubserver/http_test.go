package hubserver

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// entry gives an entry with a number, after another.
func entry(t testing.TB, seq uint64, prev journal.Hash, c circ.Command) journal.Entry {
	t.Helper()
	e, err := journal.Entry{
		Act: circ.Act{
			ID: circ.EntryID("e" + string(rune('0'+seq))), Desk: "d1", Library: centraltest.Branch,
			At: time.Date(2026, 3, 1, 10, int(seq), 0, 0, time.UTC), Command: c,
		},
		Epoch: 1, Seq: seq, Prev: prev, Mode: journal.Fact,
	}.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// body gives the JSON of a delivery.
func body(t testing.TB, frames ...journal.Frame) string {
	t.Helper()
	b, err := json.Marshal(wire.Delivery{Entries: frames})
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// ask sends a request, from this machine.
func ask(t testing.TB, h http.Handler, method, target, body string, head map[string]string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequestWithContext(atHome(t), method, target, strings.NewReader(body))
	r.Host = "127.0.0.1:8080"
	if method == http.MethodPost {
		r.Header.Set("Content-Type", wire.JSON)
	}
	for k, v := range head {
		r.Header.Set(k, v)
		if v == "" {
			r.Header.Del(k)
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func atHome(t testing.TB) context.Context {
	return context.WithValue(t.Context(), http.LocalAddrContextKey, net.Addr(&net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 8080}))
}

// complaint checks that an answer is an error with a code.
func complaint(t testing.TB, w *httptest.ResponseRecorder, code wire.Code) wire.Error {
	t.Helper()
	var e wire.Error
	if err := json.Unmarshal(w.Body.Bytes(), &e); err != nil {
		t.Fatalf("status %d, %q: %v", w.Code, w.Body, err)
	}
	if w.Code != code.Status() || e.Code != code || e.Message == "" {
		t.Errorf("status %d, %s, not %d %s", w.Code, w.Body, code.Status(), code)
	}
	if got := w.Header().Get("Content-Type"); got != wire.JSON {
		t.Errorf("an error of type %q", got)
	}
	return e
}

// end gives the cursor of the end of the feed: it changes when anything is put.
func end(t testing.TB, s *Server) (cursor string) {
	t.Helper()
	for {
		p, err := s.Since(t.Context(), cursor, 1000, 0)
		if err != nil {
			t.Fatal(err)
		}
		if cursor = p.Next; p.Complete {
			return cursor
		}
	}
}

func TestRequestsThatAreWrong(t *testing.T) {
	s := newServer(t)
	h := HTTP{Server: s}.Handler()
	const entries = "/v1/desks/d1/entries"
	first := entry(t, 1, journal.Hash{}, circ.CheckIn{Barcode: "3001"})
	second := entry(t, 2, first.Hash(), circ.CheckIn{Barcode: "3002"})
	many := make([]journal.Frame, central.BatchSize+1)
	for i := range many {
		many[i] = first.Frame()
	}
	broken := first.Frame()
	broken.Open = []byte(`{"desk":"d1"}`)
	before := end(t, s)
	for _, row := range []struct {
		name   string
		method string
		target string
		body   string
		head   map[string]string
		code   wire.Code
		says   string
	}{
		{"a path that is not there", "GET", "/v1/patrons", "", nil, wire.NotFound, ""},
		{"a path with a detour", "GET", "/v1/../v1/feed", "", nil, wire.NotFound, ""},
		{"a path with two slashes", "GET", "//v1/feed", "", nil, wire.NotFound, ""},
		{"another method", "DELETE", "/v1/hello", "", nil, wire.Method, "POST"},
		{"the feed is posted to", "POST", "/v1/feed", "{}", nil, wire.Method, "GET"},
		{"a form", "POST", entries, "a=b", map[string]string{"Content-Type": "application/x-www-form-urlencoded"}, wire.MediaType, ""},
		{"no type", "POST", entries, "{}", map[string]string{"Content-Type": ""}, wire.MediaType, ""},
		{"a compressed body", "POST", entries, "{}", map[string]string{"Content-Encoding": "gzip"}, wire.MediaType, ""},
		{"no body", "POST", entries, "", nil, wire.Malformed, ""},
		{"no JSON", "POST", entries, "{", nil, wire.Malformed, "JSON"},
		{"two bodies", "POST", entries, "{}{}", nil, wire.Malformed, ""},
		{"a list", "POST", entries, "[]", nil, wire.Malformed, ""},
		{"no entries", "POST", entries, "{}", nil, wire.Malformed, "no entries"},
		{"nothing in the list", "POST", entries, body(t), nil, wire.Malformed, "no entries"},
		{"more than a batch", "POST", entries, body(t, many...), nil, wire.TooLarge, "51"},
		{"more bytes than are taken", "POST", entries, strings.Repeat(" ", wire.MaxBody) + "{}", nil, wire.TooLarge, "1048576"},
		{"an entry of another desk", "POST", "/v1/desks/d2/entries", body(t, first.Frame()), nil, wire.Malformed, `"d1"`},
		{"a second entry that is none", "POST", entries, body(t, first.Frame(), broken), nil, wire.NoEntry, ""},
		{"an entry of nothing", "POST", entries, `{"entries":[{}]}`, nil, wire.NoEntry, ""},
		{"an entry that is null", "POST", entries, `{"entries":[null]}`, nil, wire.NoEntry, ""},
		{"an entry that is not in base64", "POST", entries, `{"entries":[{"open":"%"}]}`, nil, wire.Malformed, "base64"},
		{"the second entry only", "POST", entries, body(t, second.Frame()), nil, wire.Gap, ""},
		{"a batch with a hole", "POST", entries, body(t, first.Frame(), entry(t, 3, second.Hash(), circ.CheckIn{}).Frame()), nil, wire.Gap, ""},
		{"a hello without a desk", "POST", "/v1/hello", `{"now":"2026-01-01T00:00:00Z"}`, nil, wire.Malformed, "desk"},
		{"a hello with a hash that is none", "POST", "/v1/hello", `{"desk":"d1","last":{"hash":"xyz"}}`, nil, wire.Malformed, "hash"},
		{"no rows asked for", "GET", "/v1/feed?n=0", "", nil, wire.Malformed, "n is"},
		{"too many rows asked for", "GET", "/v1/feed?n=5001", "", nil, wire.Malformed, "5000"},
		{"a wait that is no number", "GET", "/v1/feed?wait=25s", "", nil, wire.Malformed, "wait"},
		{"a wait without end", "GET", "/v1/feed?wait=25001", "", nil, wire.Malformed, "25000"},
		{"a query that is none", "GET", "/v1/feed?%zz", "", nil, wire.Malformed, "query"},
		{"a cursor of another feed", "GET", "/v1/feed?cursor=abc", "", nil, wire.Cursor, ""},
		{"a lookup of nothing", "POST", "/v1/search", `{"wants":[{"n":1}]}`, nil, wire.Malformed, "lookup 1 of 1"},
		{"a lookup both ways", "POST", "/v1/search", `{"wants":[{"key":{"kind":"item","id":"i1"},"index":"barcode","n":1}]}`, nil, wire.Malformed, "by key and in an index"},
		{"an index of a later version", "POST", "/v1/search", `{"wants":[{"index":"shoe_size","id":"44","n":1}]}`, nil, wire.Malformed, "shoe_size"},
		{"fewer than no rows", "POST", "/v1/search", `{"wants":[{"index":"barcode","id":"3001","n":-1}]}`, nil, wire.Malformed, "-1"},
		{"more rows than there may be", "POST", "/v1/search", `{"wants":[{"index":"name","n":9223372036854775807},{"index":"name","n":9223372036854775807}]}`, nil, wire.TooLarge, "20000"},
		{"more lookups than there may be", "POST", "/v1/search", `{"wants":[` + strings.Repeat(`{"index":"name","n":1},`, wire.MaxWants) + `{"index":"name","n":1}]}`, nil, wire.TooLarge, "501"},
	} {
		w := ask(t, h, row.method, row.target, row.body, row.head)
		e := complaint(t, w, row.code)
		if all := e.Message + w.Header().Get("Allow"); row.says != "" && !strings.Contains(all, row.says) {
			t.Errorf("%s: says %q, not %q", row.name, all, row.says)
		}
		if (row.code == wire.Gap || row.code == wire.Fork) != (e.Mark != nil) {
			t.Errorf("%s: mark %v", row.name, e.Mark)
		}
		if t.Failed() {
			t.Fatalf("%s: %s %s", row.name, row.method, row.target)
		}
	}
	if e := complaint(t, ask(t, h, "POST", entries, body(t, first.Frame(), broken), nil), wire.NoEntry); e.Entry != 2 {
		t.Errorf("the entry that is none is number %d", e.Entry)
	}
	if end(t, s) != before {
		t.Error("something was written")
	}
	w := ask(t, h, "POST", entries, body(t, first.Frame(), second.Frame()), map[string]string{"Content-Type": "application/json; charset=utf-8"})
	if w.Code != http.StatusOK {
		t.Errorf("a good delivery: status %d, %s", w.Code, w.Body)
	}
}

func TestEntriesThatCannotBeRead(t *testing.T) {
	s := newServer(t)
	h := HTTP{Server: s}.Handler()
	first := entry(t, 1, journal.Hash{}, circ.CheckIn{Barcode: "3001"})
	second := entry(t, 2, first.Hash(), circ.CheckIn{Barcode: "3002"})
	f := second.Frame()
	f.Key = bytes.Repeat([]byte{7}, len(f.Key)) // the key is not hashed: the chain is good
	third := entry(t, 3, second.Hash(), circ.CheckIn{Barcode: "3003"})
	batch := body(t, first.Frame(), f, third.Frame())
	for _, name := range []string{"the first time", "the second time"} {
		w := ask(t, h, "POST", "/v1/desks/d1/entries", batch, nil)
		var got wire.Receipts
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || len(got.Receipts) != 3 {
			t.Fatalf("%s: status %d, %s", name, w.Code, w.Body)
		}
		for i, want := range []journal.Verdict{journal.Applied, journal.Rejected, journal.Applied} {
			r, err := journal.DecodeReceipt(got.Receipts[i])
			if err != nil {
				t.Fatal(err)
			}
			if r.Verdict != want || r.Seq != uint64(i+1) {
				t.Errorf("%s: entry %d is %s, not %s", name, r.Seq, r.Verdict, want)
			}
			if want == journal.Rejected && r.Objections[0].Reason != circ.Unreadable {
				t.Errorf("%s: objections %v", name, r.Objections)
			}
		}
	}
	f = entry(t, 5, third.Hash(), circ.CheckIn{}).Frame()
	f.Key = bytes.Repeat([]byte{7}, len(f.Key))
	if e := complaint(t, ask(t, h, "POST", "/v1/desks/d1/entries", body(t, f), nil), wire.Gap); e.Mark.Seq != 3 {
		t.Errorf("mark %+v", e.Mark)
	}
	f = entry(t, 5, third.Hash(), circ.CheckIn{}).Frame()
	f.Key = bytes.Repeat([]byte{7}, len(f.Key))
	fourth := entry(t, 4, third.Hash(), circ.CheckIn{Barcode: "3004"})
	if e := complaint(t, ask(t, h, "POST", "/v1/desks/d1/entries", body(t, fourth.Frame(), f), nil), wire.Fork); e.Mark.Seq != 3 {
		t.Errorf("half of a batch was taken: mark %+v", e.Mark)
	}
}

func TestAccess(t *testing.T) {
	s := newServer(t)
	closed, open := HTTP{Server: s, Token: "secret"}.Handler(), HTTP{Server: s}.Handler()
	for _, row := range []struct {
		name string
		h    http.Handler
		path string
		head string // Authorization
		host string
		code int
	}{
		{"the token", closed, "/v1/feed", "Bearer secret", "", 200},
		{"the token, by another spelling of its name", closed, "/v1/feed", "bearer  secret", "", 200},
		{"no token", closed, "/v1/feed", "", "", 401},
		{"the beginning of the token", closed, "/v1/feed", "Bearer secre", "", 401},
		{"more than the token", closed, "/v1/feed", "Bearer secret2", "", 401},
		{"an empty token", closed, "/v1/feed", "Bearer ", "", 401},
		{"a password", closed, "/v1/feed", "Basic secret", "", 401},
		{"whether it is well", closed, "/v1/health", "", "", 200},
		{"the description", closed, "/v1/openapi.yaml", "", "", 200},
		{"a hub without a token, by its address", open, "/v1/feed", "", "127.0.0.1:8080", 200},
		{"a hub without a token, by name", open, "/v1/feed", "", "localhost:8080", 200},
		{"a hub without a token, by its other address", open, "/v1/feed", "", "[::1]:8080", 200},
		{"a page in a browser that calls this machine by a name of its own", open, "/v1/feed", "", "rebind.example:8080", 403},
	} {
		head := map[string]string{}
		if row.head != "" {
			head["Authorization"] = row.head
		}
		r := httptest.NewRequestWithContext(atHome(t), "GET", row.path, nil)
		r.Host = row.host
		for k, v := range head {
			r.Header.Set(k, v)
		}
		w := httptest.NewRecorder()
		row.h.ServeHTTP(w, r)
		if w.Code != row.code {
			t.Errorf("%s: status %d, not %d", row.name, w.Code, row.code)
		}
		if w.Code == 401 && w.Header().Get("WWW-Authenticate") == "" {
			t.Errorf("%s: it is not said how", row.name)
		}
	}
	away := httptest.NewRequest("GET", "/v1/feed", nil)
	away.Host = "127.0.0.1"
	w := httptest.NewRecorder()
	open.ServeHTTP(w, away)
	complaint(t, w, wire.Forbidden)
}

// elsewhere is a listener that other machines reach.
type elsewhere struct{ net.Listener }

func (elsewhere) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 80} }

func TestServeWithoutATokenStaysAtHome(t *testing.T) {
	if err := (HTTP{Server: newServer(t)}).Serve(t.Context(), elsewhere{}); !errors.Is(err, ErrOpen) {
		t.Errorf("error %v", err)
	}
}

// faulty is a store that fails.
type faulty struct {
	journal.Store[journal.HubTx]
	view func() error
}

func (f faulty) View(context.Context, func(journal.HubTx) error) error { return f.view() }

func TestFaultsOfTheHub(t *testing.T) {
	for _, row := range []struct {
		name   string
		view   func() error
		code   wire.Code
		log    string
		health int
	}{
		{"the store fails", func() error { return errors.New("disk on fire") }, wire.Internal, "disk on fire", 503},
		{"the store throws", func() error { panic(errors.New("Ada Ünal")) }, wire.Internal, "errorString", 500},
		{"the Go runtime throws", func() error { return []error{}[len(t.Name())] }, wire.Internal, "out of range", 500},
		{"the store is busy", func() error { return context.DeadlineExceeded }, wire.Unavailable, "deadline", 503},
	} {
		var log bytes.Buffer
		s := New(Config{Store: faulty{view: row.view}, Rules: centraltest.Rules(), Now: time.Now})
		h := HTTP{Server: s, Log: slog.New(slog.NewTextHandler(&log, nil))}.Handler()
		e := complaint(t, ask(t, h, "POST", "/v1/search", `{"wants":[{"index":"name","id":"unal","n":1}]}`, nil), row.code)
		if e.ID == "" || !strings.Contains(log.String(), e.ID) || !strings.Contains(log.String(), row.log) {
			t.Errorf("%s: number %q, log %q", row.name, e.ID, log.String())
		}
		if w := ask(t, h, "GET", "/v1/health", "", nil); w.Code != row.health {
			t.Errorf("%s: its health has the status %d", row.name, w.Code)
		}
		if strings.Contains(e.Message, row.log) {
			t.Errorf("%s: says %q", row.name, e.Message)
		}
		if strings.Contains(strings.ToLower(log.String()), "nal\"") || strings.Contains(log.String(), "Ada") {
			t.Errorf("%s: a patron is in the log: %s", row.name, log.String())
		}
	}
}

func TestTheLogHoldsNothingOfAPatron(t *testing.T) {
	var log bytes.Buffer
	h := HTTP{Server: newServer(t), Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))}.Handler()
	first := entry(t, 1, journal.Hash{}, circ.CheckOut{Card: "2001", Barcode: "3001"})
	for _, status := range []int{
		ask(t, h, "POST", "/v1/desks/d1/entries", body(t, first.Frame()), nil).Code,
		ask(t, h, "POST", "/v1/search", `{"wants":[{"index":"name","id":"unal","n":1}]}`, nil).Code,
		ask(t, h, "POST", "/v1/search", `{"wants":[{"index":"unal","id":"2001","n":1}]}`, nil).Code,
	} {
		if status == http.StatusInternalServerError {
			t.Errorf("status %d", status)
		}
	}
	if log.Len() == 0 {
		t.Fatal("nothing was logged")
	}
	for _, of := range []string{"2001", "unal", "ada", "3001"} {
		if strings.Contains(strings.ToLower(log.String()), of) {
			t.Errorf("%q is in the log: %s", of, log.String())
		}
	}
}

func TestAWaitingDeskIsWoken(t *testing.T) {
	s := newServer(t)
	st := HTTP{Server: s}.site(nil)
	st.look = time.Hour // so that only a write wakes it
	cursor := end(t, s)
	got := make(chan central.Page, 1)
	go func() {
		p, err := st.page(t.Context(), cursor, 10, time.Hour)
		if err != nil {
			t.Error(err)
		}
		got <- p
	}()
	time.Sleep(20 * time.Millisecond) // it has looked, and waits
	put(t, s, circ.Title{ID: "new", Title: "New"})
	if p := <-got; len(p.Rows) != 1 || p.Rows[0].Key().ID != "new" {
		t.Errorf("page %+v", p)
	}
}

func TestAWaitingDeskSeesWhatAnotherProcessWrote(t *testing.T) {
	s := newServer(t)
	st := HTTP{Server: s}.site(nil)
	st.look = time.Millisecond
	cursor := end(t, s)
	err := s.Store.(*Watched).Store.Update(t.Context(), func(tx journal.HubTx) error { // past the watch
		return tx.Put(t.Context(), []circ.Row{circ.Title{ID: "new", Title: "New"}})
	})
	if err != nil {
		t.Fatal(err)
	}
	if p, err := st.page(t.Context(), cursor, 10, time.Hour); err != nil || len(p.Rows) != 1 {
		t.Errorf("page %+v, error %v", p, err)
	}
}

func put(t testing.TB, s *Server, rows ...circ.Row) {
	t.Helper()
	if err := s.Store.Update(t.Context(), func(tx journal.HubTx) error { return tx.Put(t.Context(), rows) }); err != nil {
		t.Fatal(err)
	}
}

func TestAServerThatEndsLetsWaitingDesksGo(t *testing.T) {
	s := newServer(t)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- HTTP{Server: s}.Serve(ctx, l) }()
	address := "http://" + l.Addr().String()
	first := get(t, address+"/v1/feed?n=5000")
	var p wire.Page
	if err := json.Unmarshal(first, &p); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(20*time.Millisecond, cancel)
	var q wire.Page
	if err := json.Unmarshal(get(t, address+"/v1/feed?wait=25000&cursor="+p.Next), &q); err != nil {
		t.Fatal(err)
	}
	if len(q.Rows) != 0 || !q.Complete || q.Next != p.Next {
		t.Errorf("page %+v", q)
	}
	http.DefaultClient.CloseIdleConnections()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if _, err := l.Accept(); err == nil {
		t.Error("the listener is still open")
	}
}

// A connection that a client has opened ahead, and on which it asks nothing, does not
// keep the server from ending.
func TestAServerThatEndsDoesNotWaitForASpareConnection(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- HTTP{Server: newServer(t)}.Serve(ctx, l) }()
	spare, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer spare.Close()
	get(t, "http://"+l.Addr().String()+"/v1/feed?n=1") // the spare one was taken before
	http.DefaultClient.CloseIdleConnections()
	cancel()
	// It is closed, and not left until the grace is over.
	if err := spare.SetReadDeadline(time.Now().Add(graceTime / 2)); err != nil {
		t.Fatal(err)
	}
	if _, err := spare.Read(make([]byte, 1)); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("the spare connection: %v", err)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func get(t testing.TB, at string) []byte {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), "GET", at, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("status %d, %q, error %v", res.StatusCode, b, err)
	}
	return b
}

func TestAnswersAreCompressedForThoseWhoSaySo(t *testing.T) {
	h := HTTP{Server: newServer(t)}.Handler()
	for _, row := range []struct {
		accept string
		packed bool
	}{{"", false}, {"gzip", true}, {"br, gzip;q=0.5", true}, {"gzip;q=0", false}, {"gzip; q=0.0", false}, {"br", false}} {
		for _, path := range []string{"/v1/feed", "/v1/snapshot"} {
			head := map[string]string{}
			if row.accept != "" {
				head["Accept-Encoding"] = row.accept
			}
			w := ask(t, h, "GET", path, "", head)
			if got := w.Header().Get("Content-Encoding") == "gzip"; got != row.packed {
				t.Errorf("%s for one who takes %q: compressed %v", path, row.accept, got)
			}
			text := io.Reader(w.Body)
			if row.packed {
				z, err := gzip.NewReader(w.Body)
				if err != nil {
					t.Fatal(err)
				}
				text = z
			}
			if b, err := io.ReadAll(text); err != nil || !bytes.Contains(b, []byte(`"3060"`)) {
				t.Errorf("%s for one who takes %q: error %v", path, row.accept, err)
			}
		}
	}
}

func TestSnapshotsAreNotGivenToAllAtOnce(t *testing.T) {
	st := HTTP{Server: newServer(t)}.site(nil)
	for range snapshotsAtOnce {
		st.snapshots <- struct{}{}
	}
	w := ask(t, st, "GET", "/v1/snapshot", "", nil)
	complaint(t, w, wire.Unavailable)
	if w.Header().Get("Retry-After") == "" {
		t.Error("it is not said when to come again")
	}
	<-st.snapshots
	if w := ask(t, st, "GET", "/v1/snapshot", "", nil); w.Code != http.StatusOK {
		t.Errorf("status %d", w.Code)
	}
}
