package hubserver

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// FuzzBodies posts anything to every path that takes a body. The hub never
// fails, says why it takes nothing, and changes nothing but for a delivery that
// it answers with a receipt for each entry.
func FuzzBodies(f *testing.F) {
	first := entry(f, 1, journal.Hash{}, circ.CheckIn{Barcode: "3001"})
	second := entry(f, 2, first.Hash(), circ.CheckOut{Card: "2001", Barcode: "3001"})
	later := entry(f, 1, journal.Hash{}, circ.UnknownCommand{As: "read_aloud", Raw: json.RawMessage(`{"a":[1]}`)})
	for _, seed := range []string{
		"", "{}", "null", `{"entries":[]}`, `{"entries":[null,{}]}`, `{"entries":[{"open":"e30=","private":"","key":"AA=="}]}`,
		body(f, first.Frame()), body(f, first.Frame(), second.Frame()), body(f, second.Frame()), body(f, later.Frame()),
		`{"desk":"d1","last":{"desk":"d1","epoch":1,"seq":3,"hash":""},"now":"2026-01-01T00:00:00Z","protocol":1}`,
		`{"wants":[{"key":{"kind":"item","id":"i1"},"n":1},{"index":"name","id":"u","after":"\u0000","n":3}]}`,
	} {
		f.Add(seed)
	}
	s := newServer(f)
	h := HTTP{Server: s}.Handler()
	f.Fuzz(func(t *testing.T, text string) {
		before := end(t, s)
		for _, path := range []string{wire.Hello, wire.Search} {
			if w := ask(t, h, http.MethodPost, path, text, nil); w.Code != http.StatusOK {
				refused(t, w.Code, w.Body.String())
			}
		}
		if end(t, s) != before {
			t.Fatal("a question changed something")
		}
		delivered(t, s, h, text)
	})
}

// FuzzFrames delivers two entries made of anything, of which the second is good
// where the first one is what it was.
func FuzzFrames(f *testing.F) {
	first := entry(f, 1, journal.Hash{}, circ.CheckOut{Card: "2001", Barcode: "3001"})
	second := entry(f, 2, first.Hash(), circ.CheckIn{Barcode: "3001"}).Frame()
	g := first.Frame()
	f.Add(g.Open, g.Private, g.Key)
	f.Add(g.Open, g.Private, []byte{})
	f.Add(bytes.Replace(g.Open, []byte("fact"), []byte("asked"), 1), g.Private, g.Key)
	f.Add(bytes.Replace(g.Open, []byte(`"mode":"fact"`), []byte(`"mode":"stood","of":"e9"`), 1), []byte{}, []byte{})
	f.Add(bytes.Replace(g.Open, []byte("check_out"), []byte("read_aloud"), 1), []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, open, private, key []byte) {
		s := newServer(t)
		h := HTTP{Server: s}.Handler()
		delivered(t, s, h, body(t, journal.Frame{Open: open, Private: private, Key: key}, second))
	})
}

// delivered posts a delivery: it is answered whole, or changes nothing.
func delivered(t *testing.T, s *Server, h http.Handler, text string) {
	t.Helper()
	before := end(t, s)
	w := ask(t, h, http.MethodPost, "/v1/desks/d1/entries", text, nil)
	if w.Code != http.StatusOK {
		refused(t, w.Code, w.Body.String())
		if end(t, s) != before {
			t.Fatalf("something was written, and the answer is %d %s", w.Code, w.Body)
		}
		return
	}
	var sent wire.Delivery
	var got wire.Receipts
	if json.Unmarshal([]byte(text), &sent) != nil || json.Unmarshal(w.Body.Bytes(), &got) != nil || len(got.Receipts) != len(sent.Entries) {
		t.Fatalf("answer %s", w.Body)
	}
	for _, b := range got.Receipts {
		if _, err := journal.DecodeReceipt(b); err != nil {
			t.Fatal(err)
		}
	}
}

func refused(t *testing.T, status int, body string) {
	t.Helper()
	var e wire.Error
	if status >= 500 || json.Unmarshal([]byte(body), &e) != nil || e.Code.Status() != status || strings.TrimSpace(e.Message) == "" {
		t.Fatalf("answer %d %s", status, body)
	}
}
