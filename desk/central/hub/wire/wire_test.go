package wire

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"net/http"
	"net/http/httptest"
	"os"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// through sends a value over the line.
func through[T any](t rapid.TB, v T) (out T) {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func mark(t *rapid.T) journal.Mark {
	m := journal.Mark{Desk: circ.DeskID(rapid.String().Draw(t, "desk")), Epoch: rapid.Uint64().Draw(t, "epoch"), Seq: rapid.Uint64().Draw(t, "seq")}
	copy(m.Hash[:], rapid.SliceOfN(rapid.Byte(), 0, 32).Draw(t, "hash"))
	return m
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 123000, time.UTC)
	rapid.Check(t, func(t *rapid.T) {
		h := central.Hello{
			Desk: "d1", Library: "main", Last: mark(t), Now: at, Version: "1.2", Protocol: Protocol, First: rapid.Uint64().Draw(t, "first"), Acked: rapid.Uint64().Draw(t, "acked"),
			Left: rapid.Int().Draw(t, "left"), Epoch: "e", Cursor: "c", Anew: central.Forked, Lease: central.Lease{N: rapid.Uint64().Draw(t, "n"), Now: "now", Next: "next"},
		}
		if got, err := through(t, GreetingOf(h)).Read(); err != nil || got != h {
			t.Errorf("hello %+v became %+v, error %v", h, got, err)
		}
		w := central.Welcome{System: "s", Epoch: "e", Mark: mark(t), Now: at, Heads: []journal.Mark{mark(t)}, State: central.Restored, Grant: rapid.Uint64().Draw(t, "grant"), Ends: at, Recovery: "age1"}
		if got, err := through(t, WelcomeOf(w)).Read(); err != nil || !reflect.DeepEqual(got, w) {
			t.Errorf("welcome %+v became %+v, error %v", w, got, err)
		}
		want := circ.Want{Index: circ.ByName, ID: rapid.String().Draw(t, "id"), After: rapid.String().Draw(t, "after"), N: rapid.IntRange(0, 1000).Draw(t, "n")}
		if rapid.Bool().Draw(t, "by key") {
			want = circ.ByKey(circ.Kind(rapid.String().Draw(t, "kind")), want.ID)
		}
		if got, err := through(t, WantOf(want)).Read(); err != nil || got != want {
			t.Errorf("want %+v became %+v, error %v", want, got, err)
		}
		rows := []circ.Row{
			circ.Title{ID: circ.TitleID(rapid.StringN(1, 20, -1).Draw(t, "title")), Title: rapid.String().Draw(t, "text")},
			journal.UnknownRow{Of: circ.Key{Kind: "robot", ID: "r1"}, Raw: json.RawMessage(`{"arms":2}`)},
		}
		out, err := RowsOf(rows)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := ReadRows(through(t, out)); err != nil || !reflect.DeepEqual(got, rows) {
			t.Errorf("rows %+v became %+v, error %v", rows, got, err)
		}
	})
}

func TestARowThatCannotBeWrittenIsNotSent(t *testing.T) {
	late := circ.Block{ID: "b1", At: time.Date(12000, 1, 1, 0, 0, 0, 0, time.UTC)}
	if _, err := RowsOf([]circ.Row{late}); err == nil {
		t.Error("no error")
	}
}

// TestPathsOfDesks asks the mux of the standard library what it makes of them.
func TestPathsOfDesks(t *testing.T) {
	var got string
	mux := http.NewServeMux()
	mux.HandleFunc("POST "+Entries, func(_ http.ResponseWriter, r *http.Request) { got = r.PathValue("desk") })
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.OneOf(rapid.StringN(1, 12, -1), rapid.StringMatching(`[./%{}?#+ a]{1,6}`)).Filter(func(id string) bool { return id != "/" }).Draw(t, "desk")
		got = ""
		w := httptest.NewRecorder()
		mux.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "http://hub"+EntriesOf(circ.DeskID(id)), nil))
		if w.Code != http.StatusOK || got != id {
			t.Fatalf("desk %q has the path %s: status %d, desk %q", id, EntriesOf(circ.DeskID(id)), w.Code, got)
		}
	})
}

// TestAllIndexesAreKnown holds the closed list and the description against the
// engine's own.
func TestAllIndexesAreKnown(t *testing.T) {
	description, err := os.ReadFile("../../hubserver/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	file, err := parser.ParseFile(token.NewFileSet(), "../../../circ/record.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if kind, ok := v.Type.(*ast.Ident); !ok || kind.Name != "Index" {
			return true
		}
		name, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
		if err != nil {
			t.Fatal(err)
		}
		found++
		if _, err := (Want{Index: circ.Index(name), N: 1}).Read(); err != nil {
			t.Error(err)
		}
		if !strings.Contains(string(description), "\n            - "+name+"\n") {
			t.Errorf("index %q is not in the description", name)
		}
		return true
	})
	if found < 10 {
		t.Errorf("%d indexes found in the engine", found)
	}
}

// TestCodesAreDescribed holds the codes against the description.
func TestCodesAreDescribed(t *testing.T) {
	description, err := os.ReadFile("../../hubserver/openapi.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []Code{
		Malformed, Unauthorized, Forbidden, NotFound, Method, Gap, Fork, Cursor, TooLarge, MediaType, NoEntry, Internal, Unavailable,
		NoDesk, Lapsed, Revoked, BadCode, TooMany,
	} {
		if !strings.Contains(string(description), "\n            - "+string(c)+"\n") {
			t.Errorf("code %q is not in the description", c)
		}
	}
	if got := Code("teapot").Status(); got != http.StatusInternalServerError {
		t.Errorf("a code of a later version has the status %d", got)
	}
}
