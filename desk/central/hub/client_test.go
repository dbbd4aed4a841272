package hub_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hub"
	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// entry gives the first entry of a desk.
func entry(t testing.TB, desk circ.DeskID, why string) journal.Entry {
	t.Helper()
	e, err := journal.Entry{
		Act:   circ.Act{ID: "e1", Desk: desk, At: time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC), Command: circ.CheckIn{Barcode: "3001"}, Why: why},
		Epoch: 1, Seq: 1, Mode: journal.Fact,
	}.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// lying starts a server that gives one answer to everything.
func lying(t testing.TB, status int, head map[string]string, body string) *hub.Client {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for k, v := range head {
			w.Header().Set(k, v)
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(s.Close)
	return dial(t, s.URL)
}

func TestAddresses(t *testing.T) {
	for _, row := range []struct {
		name  string
		url   string
		plain bool
		good  bool
	}{
		{"https", "https://hub.example.org:8443", false, true},
		{"https behind a proxy", "https://library.example.org/circdesk/", false, true},
		{"this machine", "http://127.0.0.1:8080", false, true},
		{"this machine by its other address", "http://[::1]:8080", false, true},
		{"this machine by name", "http://localhost:8080", false, true},
		{"another machine in the clear", "http://hub.example.org", false, false},
		{"a machine whose name begins like this one", "http://127.0.0.1.example.org", false, false},
		{"another machine in the clear, on purpose", "http://hub.example.org", true, true},
		{"nothing", "", false, false},
		{"a name", "hub.example.org", false, false},
		{"another protocol", "ftp://hub.example.org", false, false},
		{"no host", "https:///x", false, false},
		{"a password in it", "https://ada:secret@hub.example.org", false, false},
		{"a query", "https://hub.example.org/?a=b", false, false},
		{"no URL", "https://ada:secret@[", false, false},
	} {
		_, err := hub.New(hub.Config{URL: row.url, Plain: row.plain})
		if (err == nil) != row.good {
			t.Errorf("%s: error %v", row.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: the error shows a password: %v", row.name, err)
		}
	}
}

func TestAnswersThatAreWrong(t *testing.T) {
	receipt := func(change func(*journal.Receipt)) string {
		r := journal.Receipt{Entry: "e1", Desk: "d1", Epoch: 1, Seq: 1, Verdict: journal.Applied}
		change(&r)
		b, err := journal.EncodeReceipt(r)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	good := receipt(func(*journal.Receipt) {})
	one := `{"receipts":[` + good + `]}`
	mark := `,"mark":{"desk":"d1","epoch":1,"seq":4,"hash":"` + strings.Repeat("ab", 32) + `"}`
	kind := func(code wire.Code) func(error) bool {
		return func(err error) bool {
			e, ok := errors.AsType[*hub.Error](err)
			return ok && e.Code == code
		}
	}
	untyped := func(err error) bool {
		return err != nil && !kind("")(err) && !errors.Is(err, journal.ErrGap) && !errors.Is(err, journal.ErrFork)
	}
	for _, row := range []struct {
		name   string
		status int
		body   string
		is     func(error) bool
	}{
		{"as it should be", 200, one, func(err error) bool { return err == nil }},
		{"no receipt", 200, `{"receipts":[]}`, untyped},
		{"nothing", 200, ``, untyped},
		{"a page of a proxy", 200, `<html>`, untyped},
		{"two receipts", 200, `{"receipts":[` + good + `,` + good + `]}`, untyped},
		{"a receipt of another entry", 200, `{"receipts":[` + receipt(func(r *journal.Receipt) { r.Entry = "e2" }) + `]}`, untyped},
		{"a receipt of another desk", 200, `{"receipts":[` + receipt(func(r *journal.Receipt) { r.Desk = "d2" }) + `]}`, untyped},
		{"a receipt of another number", 200, `{"receipts":[` + receipt(func(r *journal.Receipt) { r.Seq = 2 }) + `]}`, untyped},
		{"a receipt of another epoch", 200, `{"receipts":[` + receipt(func(r *journal.Receipt) { r.Epoch = 2 }) + `]}`, untyped},
		{"a verdict that nobody knows", 200, strings.Replace(one, "applied", "perhaps", 1), untyped},
		{"too much", 200, `{"receipts":[` + strings.Repeat(" ", wire.MaxAnswer) + good + `]}`, untyped},
		{"a gap", 409, `{"code":"gap","message":"m"` + mark + `}`, func(err error) bool {
			g, ok := errors.AsType[*central.GapError](err)
			return ok && g.Mark.Seq == 4 && g.Mark.Hash[31] == 0xab
		}},
		{"a fork", 409, `{"code":"fork","message":"m"` + mark + `}`, func(err error) bool {
			f, ok := errors.AsType[*central.ForkError](err)
			return ok && f.Mark.Seq == 4
		}},
		{"a gap without a mark", 409, `{"code":"gap","message":"m"}`, kind("")},
		{"a gap with a mark that is none", 409, `{"code":"gap","message":"m","mark":{"hash":"x"}}`, kind("")},
		{"a gap with another status", 500, `{"code":"gap","message":"m"` + mark + `}`, kind("")},
		{"no access", 401, `{"code":"unauthorized","message":"m"}`, kind(wire.Unauthorized)},
		{"a code of a later version", 418, `{"code":"teapot","message":"m"}`, kind("")},
		{"a page of a proxy that is an error", 502, `<html>`, kind("")},
		{"an error without end", 500, strings.Repeat("x", 100000), kind("")},
		{"nothing at all", 503, ``, kind("")},
	} {
		c := lying(t, row.status, nil, row.body)
		_, err := c.Deliver(t.Context(), []journal.Entry{entry(t, "d1", "")})
		if !row.is(err) {
			t.Errorf("%s: error %v", row.name, err)
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\n") {
			t.Errorf("%s: the error moves the cursor: %q", row.name, err)
		}
	}
}

func TestOtherAnswersThatAreWrong(t *testing.T) {
	row := `{"kind":"title","id":"t1","row":{"id":"t1","title":"A"}}`
	ctx := t.Context()
	since := func(c *hub.Client) error { _, err := c.Since(ctx, "", 10, 0); return err }
	search := func(c *hub.Client) error {
		_, err := c.Search(ctx, []circ.Want{circ.ByKey(circ.KindTitle, "t1")})
		return err
	}
	hello := func(c *hub.Client) error { _, err := c.Hello(ctx, central.Hello{Desk: "d1"}); return err }
	snapshot := func(c *hub.Client) error {
		_, err := c.Snapshot(ctx, func([]circ.Row) error { return nil })
		return err
	}
	for _, at := range []struct {
		name string
		ask  func(*hub.Client) error
		body string
		good bool
	}{
		{"a page", since, `{"rows":[` + row + `],"next":"a","complete":true}`, true},
		{"a row of a later version", since, `{"rows":[{"kind":"robot","id":"r1","row":{"arms":2}}],"next":"a","complete":true}`, true},
		{"a page without rows that is not the last", since, `{"rows":[],"next":"a","complete":false}`, false},
		{"a row that says to be another", since, `{"rows":[{"kind":"title","id":"t2","row":{"id":"t1"}}],"complete":true}`, false},
		{"a row without a kind", since, `{"rows":[{"row":{}}],"complete":true}`, false},
		{"a result", search, `{"found":[[` + row + `]]}`, true},
		{"two results", search, `{"found":[[],[]]}`, false},
		{"more rows than asked for", search, `{"found":[[` + row + `,` + row + `]]}`, false},
		{"a welcome", hello, `{"mark":{"hash":""}}`, true},
		{"a welcome with a hash that is none", hello, `{"mark":{"hash":"zz"}}`, false},
		{"a snapshot", snapshot, `{"row":` + row + "}\n" + `{"end":{"cursor":"c","rows":1}}` + "\n", true},
		{"a snapshot with a line of a later version", snapshot, `{"hint":1}` + "\n" + `{"end":{"cursor":"c","rows":0}}` + "\n", true},
		{"a snapshot that was cut off", snapshot, `{"row":` + row + "}\n", false},
		{"a snapshot that was cut off within its end", snapshot, `{"end":{"cursor":"c","rows":0}}`, false},
		{"a snapshot of which a row is missing", snapshot, `{"end":{"cursor":"c","rows":1}}` + "\n", false},
		{"a snapshot that failed", snapshot, `{"error":{"code":"internal","message":"m","id":"x"}}` + "\n", false},
		{"a snapshot that is a page of a proxy", snapshot, "<html>\n", false},
		{"a snapshot of one endless line", snapshot, strings.Repeat(" ", wire.MaxLine+1), false},
	} {
		if err := at.ask(lying(t, 200, nil, at.body)); (err == nil) != at.good {
			t.Errorf("%s: error %v", at.name, err)
		}
	}
}

func TestTheTokenStaysWhereItBelongs(t *testing.T) {
	told := make(chan string, 1)
	thief := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { told <- r.Header.Get("Authorization") }))
	defer thief.Close()
	c := lying(t, http.StatusTemporaryRedirect, map[string]string{"Location": thief.URL}, "")
	if _, err := c.Deliver(t.Context(), []journal.Entry{entry(t, "d1", "")}); err == nil {
		t.Error("the redirect was followed")
	}
	select {
	case token := <-told:
		t.Errorf("the other was called with %q", token)
	default:
	}
}

func TestNobodyIsCalledForWhatCannotBeDelivered(t *testing.T) {
	c := lying(t, 200, nil, "{}")
	if rs, err := c.Deliver(t.Context(), nil); err != nil || len(rs) != 0 {
		t.Errorf("nothing: error %v", err)
	}
	for name, es := range map[string][]journal.Entry{
		"two desks":         {entry(t, "d1", ""), entry(t, "d2", "")},
		"an unfinished one": {{Act: circ.Act{Desk: "d1"}}},
		"more than a batch": make([]journal.Entry, central.BatchSize+1),
	} {
		if _, err := c.Deliver(t.Context(), es); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestALargeBatchGoesInSeveralRequests(t *testing.T) {
	c := dial(t, start(t, bolt.NoSync()))
	var prev journal.Hash
	var es []journal.Entry
	for i := range 5 {
		e, err := journal.Entry{
			Act: circ.Act{
				ID: circ.EntryID(fmt.Sprint("e", i)), Desk: "d1", At: time.Now().UTC().Add(-time.Hour), Command: circ.CheckIn{Barcode: "3001"},
				Why: strings.Repeat("x", wire.MaxBody/4),
			},
			Epoch: 1, Seq: uint64(i + 1), Prev: prev, Mode: journal.Fact,
		}.Finish()
		if err != nil {
			t.Fatal(err)
		}
		es, prev = append(es, e), e.Hash()
	}
	rs, err := c.Deliver(t.Context(), es)
	if err != nil || len(rs) != len(es) {
		t.Fatalf("%d receipts, error %v", len(rs), err)
	}
	for i, r := range rs {
		if r.Entry != es[i].Act.ID || r.Verdict != journal.Applied {
			t.Errorf("receipt %d: %s, %s", i+1, r.Entry, r.Verdict)
		}
	}
	huge := entry(t, "d2", strings.Repeat("x", wire.MaxBody))
	_, err = c.Deliver(t.Context(), []journal.Entry{huge})
	if e, ok := errors.AsType[*hub.Error](err); !ok || e.Code != wire.TooLarge {
		t.Errorf("one that is too large: error %v", err)
	}
}

func TestACallEndsWithItsContext(t *testing.T) {
	ended := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
		close(ended)
	}))
	defer s.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	_, err := dial(t, s.URL).Deliver(ctx, []journal.Entry{entry(t, "d1", "")})
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	<-ended
}

func TestNothingOfAPatronIsInAnAddress(t *testing.T) {
	var seen []string
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen = append(seen, r.RequestURI)
		b, err := io.ReadAll(r.Body)
		if err != nil {
			t.Error(err)
		}
		var asked wire.Lookups
		if json.Unmarshal(b, &asked) == nil && len(asked.Wants) > 0 {
			_, _ = io.WriteString(w, `{"found":[[]]}`)
		}
	}))
	defer s.Close()
	c := dial(t, s.URL)
	if _, err := c.Search(t.Context(), []circ.Want{circ.In(circ.ByName, "unal ada", 5)}); err != nil {
		t.Fatal(err)
	}
	_, _ = c.Deliver(t.Context(), []journal.Entry{entry(t, "d1", "unal")}) // the answer is none
	if len(seen) != 2 || strings.Contains(strings.Join(seen, " "), "unal") {
		t.Errorf("asked %q", seen)
	}
}
