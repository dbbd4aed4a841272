package journal_test

import (
	"bytes"
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// kinds are a record of each kind, to be filled.
var kinds = []circ.Row{
	circ.Patron{}, circ.Card{}, circ.Block{}, circ.Alert{}, circ.Link{}, circ.Title{}, circ.Item{}, circ.Loan{}, circ.Request{},
	circ.Fee{}, circ.Payment{}, circ.Shift{}, circ.InHouse{}, circ.Mark{}, circ.Rules{},
}

func TestARecordComesBackAsItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := reflect.New(reflect.TypeOf(rapid.SampledFrom(kinds).Draw(t, "kind")))
		fill(t, v.Elem(), false)
		r := v.Elem().Interface().(circ.Row)
		b := journal.EncodeRow(r)
		for _, read := range []func() (circ.Row, error){
			func() (circ.Row, error) { return journal.DecodeRow(r.Key().Kind, b) },
			func() (circ.Row, error) { return journal.DecodeRowOf(r.Key(), b) },
		} {
			got, err := read()
			if err != nil || !reflect.DeepEqual(got, r) {
				t.Fatalf("got %+v, %v\nwant %+v", got, err, r)
			}
		}
	})
}

// A store that takes a kind's word for it does not look for lines.
func TestKindsThatAreInNoIndexHaveNoLines(t *testing.T) {
	listed := map[bool]int{}
	rapid.Check(t, func(t *rapid.T) {
		v := reflect.New(reflect.TypeOf(rapid.SampledFrom(kinds).Draw(t, "kind")))
		fill(t, v.Elem(), false)
		r := v.Elem().Interface().(circ.Row)
		listed[r.Key().Kind.Listed()]++
		if n := len(r.Index()); n > 0 && !r.Key().Kind.Listed() {
			t.Fatalf("%s stands in %d lines", r.Key(), n)
		}
	})
	if len(listed) != 2 || !circ.Kind("kit").Listed() {
		t.Errorf("%v", listed)
	}
}

func TestARecordOfALaterVersionIsKept(t *testing.T) {
	raw := []byte(`{"id":"x", "size": 1.50, "html": "<b>"}`)
	for name, read := range map[string]func() (circ.Row, error){
		"by its id":  func() (circ.Row, error) { return journal.DecodeRow("kit", raw) },
		"by its key": func() (circ.Row, error) { return journal.DecodeRowOf(circ.Key{Kind: "kit", ID: "x"}, raw) },
	} {
		r, err := read()
		if err != nil || r.Key() != (circ.Key{Kind: "kit", ID: "x"}) || len(r.Index()) != 0 || !bytes.Equal(journal.EncodeRow(r), raw) {
			t.Errorf("%s: %+v %v", name, r, err)
		}
	}
}

func TestWhatIsNoRecordIsToldSo(t *testing.T) {
	for _, row := range []struct {
		name string
		key  circ.Key
		body string
	}{
		{"nothing", circ.Key{Kind: circ.KindPatron, ID: "x"}, ``},
		{"another form", circ.Key{Kind: circ.KindPatron, ID: "x"}, `{"id":7}`},
		{"no id", circ.Key{Kind: circ.KindPatron}, `{"family":"x"}`},
		{"the id of another", circ.Key{Kind: circ.KindPatron, ID: "x"}, `{"id":"y"}`},
		{"a kind of a later version, no JSON", circ.Key{Kind: "kit", ID: "x"}, `{`},
		{"a kind of a later version, no id", circ.Key{Kind: "kit"}, `{}`},
	} {
		t.Run(row.name, func(t *testing.T) {
			if r, err := journal.DecodeRowOf(row.key, []byte(row.body)); err == nil {
				t.Errorf("got %+v", r)
			}
		})
	}
	if r, err := journal.DecodeRow("kit", []byte(`{"name":"x"}`)); err == nil {
		t.Errorf("a record of a later version without an id: %+v", r)
	}
	if b := journal.EncodeRow(circ.Fee{ID: "x", At: time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC)}); b != nil {
		t.Errorf("a time after the year 9999 was written: %s", b)
	}
}

func TestAReceiptComesBackAsItWasWritten(t *testing.T) {
	_, events := names(t)
	rapid.Check(t, func(t *rapid.T) {
		var r journal.Receipt
		r.Entry, r.Desk, r.Epoch, r.Seq = "0190", "main-1", rapid.Uint64().Draw(t, "epoch"), rapid.Uint64().Draw(t, "seq")
		r.Verdict = rapid.SampledFrom([]journal.Verdict{journal.Applied, journal.Refused, journal.Noop, journal.Rejected}).Draw(t, "verdict")
		for range rapid.IntRange(0, 3).Draw(t, "events") {
			e := circ.NewEvent(rapid.SampledFrom(events).Draw(t, "event"))
			fill(t, reflect.ValueOf(e).Elem(), false)
			r.Events = append(r.Events, circ.Value(e))
		}
		if rapid.Bool().Draw(t, "objections") {
			fill(t, reflect.ValueOf(&r.Objections).Elem(), false)
		}
		if rapid.Bool().Draw(t, "decision") {
			fill(t, reflect.ValueOf(&r.Decision.Refused).Elem(), false)
			fill(t, reflect.ValueOf(&r.Decision.Tell).Elem(), false)
			fill(t, reflect.ValueOf(&r.Decision.Route).Elem(), false)
			fill(t, reflect.ValueOf(&r.Decision.Trace).Elem(), false)
		}
		b, err := journal.EncodeReceipt(r)
		if err != nil {
			t.Fatal(err)
		}
		got, err := journal.DecodeReceipt(b)
		if err != nil || !reflect.DeepEqual(got, r) {
			t.Fatalf("got  %+v, %v\nwant %+v", got, err, r)
		}
	})
}

func TestAReceiptOfALaterVersionIsKept(t *testing.T) {
	for _, b := range []string{
		`{"entry":"x","desk":"d","epoch":1,"seq":2,"verdict":"applied","weight":1.50,"decision":{"tell":[{"reason":"new","shade":"<b>"}]}}`,
		`{"entry":"x","desk":"d","epoch":1,"seq":2,"verdict":"applied","events":[{"name":"seen","body":{"item":"i","at":"2026-03-01T09:30:00Z","by":"drone"}}]}`,
		`{"entry":"x","desk":"d","epoch":1,"seq":2,"verdict":"applied","events":[{"name":"kit_lent","shade":3,"body":{"new":[1, 2]}}]}`,
	} {
		r, err := journal.DecodeReceipt([]byte(b))
		if err != nil {
			t.Fatal(err)
		}
		got, err := journal.EncodeReceipt(r)
		if err != nil || string(got) != b {
			t.Errorf("%s\nis written as\n%s, %v", b, got, err)
		}
	}
}

func TestWhatIsNoReceiptIsToldSo(t *testing.T) {
	for _, b := range []string{``, `[]`, `{}`, `{"entry":"x"}`, `{"entry":"x","verdict":"perhaps"}`, `{"verdict":"applied"}`, `{"entry":"x","verdict":"applied","events":[{"name":"seen"}]}`} {
		if r, err := journal.DecodeReceipt([]byte(b)); err == nil {
			t.Errorf("%s became %+v", b, r)
		}
	}
}

func FuzzDecodeRow(f *testing.F) {
	f.Add("patron", []byte(`{"id":"x","family":"y"}`))
	f.Add("loan", []byte(`{"id":"x","out":"2026-03-01T09:30:00+01:00","renewals":[{}]}`))
	f.Add("kit", []byte(`{"id":"x"}`))
	f.Fuzz(func(t *testing.T, kind string, b []byte) {
		r, err := journal.DecodeRow(circ.Kind(kind), b)
		for _, k := range kinds { // the reader of rows reads as the standard library does
			if k.Key().Kind != circ.Kind(kind) {
				continue
			}
			want := reflect.New(reflect.TypeOf(k))
			if wrong := json.Unmarshal(b, want.Interface()); err == nil && (wrong != nil || !reflect.DeepEqual(r, want.Elem().Interface())) {
				t.Fatalf("%s was read as %+v, the standard library reads %+v, %v", b, r, want.Elem(), wrong)
			}
		}
		if err != nil {
			return
		}
		r.Index()
		again, err := journal.DecodeRowOf(r.Key(), journal.EncodeRow(r))
		if err != nil || again.Key() != r.Key() {
			t.Fatalf("%s was read as %+v, and then %+v, %v", b, r, again, err)
		}
	})
}

func FuzzDecodeReceipt(f *testing.F) {
	f.Add([]byte(`{"entry":"x","verdict":"applied","events":[{"name":"seen","body":{"item":"i"}},{"name":"new","body":[1]}]}`))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, err := journal.DecodeReceipt(b)
		if err != nil {
			return
		}
		again, err := journal.EncodeReceipt(r)
		if err == nil {
			_, err = journal.DecodeReceipt(again)
		}
		if err != nil {
			t.Fatalf("%s: %v", b, err)
		}
	})
}
