package hubserver

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"testing"

	"circdesk/desk/central/hub/wire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// A desk's morning, in which not all is as it should be: what is no entry is
// refused, what nobody understands is kept, all is counted and logged, and the
// rest of the queue goes on.
func TestWhatIsNotTakenIsCountedAndLoggedAndTheQueueGoesOn(t *testing.T) {
	var log bytes.Buffer
	h := HTTP{Server: newServer(t), Log: slog.New(slog.NewTextHandler(&log, nil))}.Handler()
	const entries = "/v1/desks/d1/entries"
	first := entry(t, 1, journal.Hash{}, circ.CheckOut{Card: "2001", Barcode: "3001"})
	later := entry(t, 2, first.Hash(), circ.UnknownCommand{As: "read_aloud", Raw: json.RawMessage(`{"card":"2001"}`)})
	fourth := entry(t, 4, journal.Hash{}, circ.CheckIn{Barcode: "3001"}) // wrong: it names no entry before
	mode := entry(t, 3, later.Hash(), circ.CheckIn{Barcode: "3001"}).Frame()
	mode.Open = bytes.Replace(mode.Open, []byte(`"mode":"fact"`), []byte(`"mode":"dreamt"`), 1)
	dreamt, err := journal.Decode(mode)
	if err == nil {
		t.Fatal("the mode is known")
	}
	for _, row := range []struct {
		name   string
		body   string
		status int
	}{
		{"not even JSON", "{", 400},
		{"no entry", `{"entries":[{}]}`, 422},
		{"a fact", body(t, first.Frame()), 200},
		{"two of a later version", body(t, later.Frame(), mode), 200},
		{"again, since the answer was lost", body(t, later.Frame(), mode), 200},
		{"a wrong hash", body(t, fourth.Frame()), 409},
		{"what comes after", body(t, entry(t, 4, dreamt.Hash(), circ.CheckIn{Barcode: "3001"}).Frame()), 200},
	} {
		if w := ask(t, h, http.MethodPost, entries, row.body, nil); w.Code != row.status {
			t.Errorf("%s: status %d, %s", row.name, w.Code, w.Body)
		}
	}
	w := ask(t, h, http.MethodGet, "/v1/health", "", nil)
	var got wire.State
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if want := map[wire.Code]int{wire.Malformed: 1, wire.NoEntry: 1, wire.Fork: 1}; !maps.Equal(got.Refused, want) || got.Rejected != 2 || got.Status != "ok" {
		t.Errorf("counted %+v, want %v and 2 rejected", got, want)
	}
	for _, says := range []string{
		`code=malformed path="POST /v1/desks/{desk}/entries" so_far=1`, "code=no_entry", "code=fork",
		`msg="entry rejected and kept" entry=e2 desk=d1 epoch=1 seq=2 why=not_understood so_far=1`, "entry=e3 desk=d1 epoch=1 seq=3 why=unreadable so_far=2",
	} {
		if strings.Count(log.String(), says) != 1 {
			t.Errorf("the log does not say once %q:\n%s", says, log.String())
		}
	}
	if strings.Contains(log.String(), "2001") {
		t.Errorf("a patron is in the log:\n%s", log.String())
	}
}

func TestAFloodOfWrongRequestsDoesNotFillTheLog(t *testing.T) {
	var log bytes.Buffer
	h := HTTP{Server: newServer(t), Log: slog.New(slog.NewTextHandler(&log, nil))}.Handler()
	const n = 1000
	for range n {
		ask(t, h, http.MethodPost, "/v1/search", "{", nil)
	}
	if lines := strings.Count(log.String(), "\n"); lines != alwaysLogged+5 || !strings.Contains(log.String(), "so_far=512") {
		t.Errorf("%d lines", lines)
	}
	var got wire.State
	if err := json.Unmarshal(ask(t, h, http.MethodGet, "/v1/health", "", nil).Body.Bytes(), &got); err != nil || got.Refused[wire.Malformed] != n {
		t.Errorf("counted %v, error %v", got.Refused, err)
	}
}
