package journal_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// names reads the names of all commands and events from the engine's source, so
// that a new one is tested without a line here.
func names(t testing.TB) (commands, events []string) {
	t.Helper()
	files, err := filepath.Glob("../circ/*.go")
	if err != nil || len(files) == 0 {
		t.Fatalf("no source of the engine: %v", err)
	}
	name := regexp.MustCompile(`\) Name\(\) string +\{ return "([a-z_]+)" \}`)
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range name.FindAllSubmatch(src, -1) {
			n := string(m[1])
			if _, unknown := circ.NewCommand(n).(*circ.UnknownCommand); !unknown {
				commands = append(commands, n)
			}
			if _, unknown := circ.NewEvent(n).(*circ.UnknownEvent); !unknown {
				events = append(events, n)
			}
		}
	}
	if len(commands) < 17 || len(events) < 27 {
		t.Fatalf("found %d commands and %d events in the engine's source", len(commands), len(events))
	}
	return commands, events
}

// secret is in every text that fill puts below a private field.
const secret = "SECRET"

// fill sets every field to something that is not zero.
func fill(t *rapid.T, v reflect.Value, private bool) {
	if v.Type() == reflect.TypeFor[time.Time]() {
		v.Set(reflect.ValueOf(time.Unix(rapid.Int64Range(1, 4e9).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "ns")).UTC()))
		return
	}
	switch v.Kind() {
	case reflect.String:
		s := rapid.String().Draw(t, "text")
		if s == "" {
			s = "x"
		}
		if private {
			s = secret + s
		}
		v.SetString(s)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int64:
		v.SetInt(rapid.Int64Range(1, 1<<50).Draw(t, "n"))
	case reflect.Uint64:
		v.SetUint(rapid.Uint64Range(1, 1<<50).Draw(t, "n"))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(t, v.Elem(), private)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(t, v.Index(i), private)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Type().Field(i)
			if f.IsExported() {
				fill(t, v.Field(i), private || f.Tag.Get("private") != "")
			}
		}
	default:
		t.Fatalf("fill does not know %s: teach it", v.Type())
	}
}

func drawEntry(t *rapid.T, commands, events []string) journal.Entry {
	c := circ.NewCommand(rapid.SampledFrom(commands).Draw(t, "command"))
	fill(t, reflect.ValueOf(c).Elem(), false)
	e := journal.Entry{
		Act: circ.Act{
			ID: "0190-entry", Desk: "main-1", Library: "main", Operator: "ada", By: "bob", At: time.Unix(1_800_000_000, 123).UTC(),
			Zone: "Europe/Berlin", Command: circ.CommandValue(c), Over: []circ.Reason{circ.HeldForOther}, Why: secret + "why",
		},
		Epoch: rapid.Uint64Range(0, 1<<40).Draw(t, "epoch"), Seq: rapid.Uint64Range(1, 1<<40).Draw(t, "seq"),
		Prev: journal.Hash{1, 2, 3}, Mode: journal.Fact, Rules: "7",
	}
	if rapid.Bool().Draw(t, "stood") {
		e.Mode, e.Of = journal.Stood, "0190-asked"
	}
	for range rapid.IntRange(0, 2).Draw(t, "reasons") {
		e.No.Refused = append(e.No.Refused, circ.Reason(rapid.SampledFrom([]circ.Reason{circ.CardExpired, "of_a_later_version"}).Draw(t, "reason")))
		e.No.Rows = map[circ.Reason]string{e.No.Refused[0]: "terms 3"}
	}
	for range rapid.IntRange(0, 3).Draw(t, "events") {
		ev := circ.NewEvent(rapid.SampledFrom(events).Draw(t, "event"))
		fill(t, reflect.ValueOf(ev).Elem(), false)
		e.Told = append(e.Told, circ.Value(ev))
	}
	return e
}

func TestAnEntryComesBackAsItWasWritten(t *testing.T) {
	commands, events := names(t)
	rapid.Check(t, func(t *rapid.T) {
		e := drawEntry(t, commands, events)
		before, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		done, err := e.Finish()
		if err != nil {
			t.Fatal(err)
		}
		if after, _ := json.Marshal(e); !bytes.Equal(before, after) {
			t.Fatalf("Finish changed what it was given:\n%s\n%s", before, after)
		}
		f := done.Frame()
		if bytes.Contains(f.Open, []byte(secret)) || bytes.Contains(f.Private, []byte(secret)) {
			t.Fatalf("something private can be read: %s", f.Open)
		}
		got, err := journal.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		if got.Hash() != done.Hash() {
			t.Fatal("another hash")
		}
		if !reflect.DeepEqual(got, done) {
			t.Fatalf("got  %+v\nwant %+v", got, done)
		}
	})
}

func TestAnEntryWithoutItsKeyTellsNothingOfAPerson(t *testing.T) {
	commands, events := names(t)
	rapid.Check(t, func(t *rapid.T) {
		done, err := drawEntry(t, commands, events).Finish()
		if err != nil {
			t.Fatal(err)
		}
		f := done.Frame()
		f.Key = nil
		got, err := journal.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		if got.Hash() != done.Hash() {
			t.Fatal("the chain no longer verifies")
		}
		if b, _ := json.Marshal(got); bytes.Contains(b, []byte(secret)) {
			t.Fatalf("something private came back without the key: %s", b)
		}
		if got.Act.Command.Name() != done.Act.Command.Name() || len(got.Told) != len(done.Told) {
			t.Fatal("what is not private was lost")
		}
	})
}

// TestTheChainVerifiesWhenAKeyIsDestroyed: the history of one person is unlinked,
// and every entry still names the one before.
func TestTheChainVerifiesWhenAKeyIsDestroyed(t *testing.T) {
	var frames []journal.Frame
	var prev journal.Hash
	for n := range 3 {
		e := finished(t, func(e *journal.Entry) {
			e.Act.ID, e.Seq, e.Prev, e.Act.Why = circ.EntryID(fmt.Sprint("entry-", n)), uint64(n+1), prev, "asked for by P"
		})
		prev = e.Hash()
		frames = append(frames, e.Frame())
	}
	frames[1].Key = nil
	prev = journal.Hash{}
	for n, f := range frames {
		e, err := journal.Decode(f)
		if err != nil || e.Prev != prev {
			t.Fatalf("entry %d: the chain is broken: %v", n, err)
		}
		prev = e.Hash()
		lent := e.Told[0].(circ.CheckedOut)
		if known := e.Act.Why != "" && e.Act.Command.(circ.CheckOut).Card != "" && lent.Patron != ""; known == (n == 1) {
			t.Errorf("entry %d: the person is known: %v", n, known)
		}
		if lent.Item != "i-567890" {
			t.Errorf("entry %d: the item is %q", n, lent.Item)
		}
	}
}

func checkOut() journal.Entry {
	at := time.Date(2026, 3, 1, 9, 30, 0, 0, time.UTC)
	return journal.Entry{
		Act: circ.Act{
			ID: "01953a5c-7c5e-7000-8000-000000000001", Desk: "main-1", Library: "main", Operator: "ada", At: at, Zone: "Europe/Berlin",
			Command: circ.CheckOut{Card: "21234000012345", Barcode: "31234000567890"},
		},
		Epoch: 1, Seq: 1, Mode: journal.Fact, Rules: "7",
		Told: []circ.Event{circ.CheckedOut{
			Loan: "7f6f3c9e-0000-8000-8000-000000000001", Item: "i-567890", Patron: "p-12345", At: at, Due: at.Add(28 * 24 * time.Hour),
			Desk: "main-1", Library: "main", WasHeld: "held",
		}},
	}
}

// finished gives the entry changed, in its final form.
func finished(t testing.TB, change func(*journal.Entry)) journal.Entry {
	t.Helper()
	e := checkOut()
	if change != nil {
		change(&e)
	}
	e, err := e.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestFinishRefusesHalfAnEntry(t *testing.T) {
	for _, row := range []struct {
		name  string
		spoil func(*journal.Entry)
		want  string
	}{
		{"no id", func(e *journal.Entry) { e.Act.ID = "" }, "no id"},
		{"no desk", func(e *journal.Entry) { e.Act.Desk = "" }, "no desk"},
		{"a desk that is no text", func(e *journal.Entry) { e.Act.Desk = "\xff" }, "no text"},
		{"no number", func(e *journal.Entry) { e.Seq = 0 }, "no number"},
		{"no command", func(e *journal.Entry) { e.Act.Command = nil }, "no command"},
		{"a mode nobody knows", func(e *journal.Entry) { e.Mode = "guessed" }, `mode "guessed"`},
		{"stood, and of what", func(e *journal.Entry) { e.Mode = journal.Stood }, "stood"},
		{"a fact that names another entry", func(e *journal.Entry) { e.Of = "x" }, "fact"},
		{"an event that is none", func(e *journal.Entry) { e.Told = append(e.Told, nil) }, "event 2 of 2"},
		{"a time that JSON cannot write", func(e *journal.Entry) { e.Act.At = time.Date(12026, 1, 1, 0, 0, 0, 0, time.UTC) }, "year"},
	} {
		t.Run(row.name, func(t *testing.T) {
			e := checkOut()
			row.spoil(&e)
			_, err := e.Finish()
			if err == nil || !strings.Contains(err.Error(), row.want) {
				t.Fatalf("got %v, want %q in it", err, row.want)
			}
		})
	}
}

func TestAFinishedEntryIsFinal(t *testing.T) {
	e := finished(t, nil)
	again, err := e.Finish()
	if err != nil || !reflect.DeepEqual(again, e) {
		t.Fatalf("a second Finish gave another frame: %v", err)
	}
	if twin := finished(t, nil); twin.Hash() == e.Hash() {
		t.Fatal("two entries have one key, or one nonce")
	}
	if (journal.Entry{}).Hash() != (journal.Hash{}) {
		t.Fatal("an entry without a frame has a hash")
	}
}

func TestTheHashCoversAllButTheKey(t *testing.T) {
	e := finished(t, nil)
	f := e.Frame()
	flip := func(b []byte) []byte { b = bytes.Clone(b); b[len(b)/2] ^= 1; return b }
	other := func(g journal.Frame) bool {
		got, err := journal.Decode(g)
		return err != nil || got.Hash() != e.Hash()
	}
	if !other(journal.Frame{Open: bytes.Replace(f.Open, []byte("i-567890"), []byte("i-567891"), 1), Private: f.Private, Key: f.Key}) {
		t.Error("another item has the same hash")
	}
	if !other(journal.Frame{Open: f.Open, Private: flip(f.Private)}) {
		t.Error("another private part has the same hash")
	}
	if _, err := journal.Decode(journal.Frame{Open: f.Open, Private: f.Private, Key: flip(f.Key)}); err == nil {
		t.Error("another key opened it")
	}
	moved := finished(t, func(e *journal.Entry) { e.Act.ID = "another" }).Frame()
	if _, err := journal.Decode(journal.Frame{Open: moved.Open, Private: f.Private, Key: f.Key}); err == nil {
		t.Error("the private part of one entry opened in another")
	}
}

func TestAnEntryOfALaterVersionIsKept(t *testing.T) {
	e := finished(t, nil)
	f := e.Frame()
	f.Open = bytes.Replace(f.Open, []byte(`"name":"check_out","body":{`), []byte(`"name":"lend_kit","body":{"kit":"a<b","n":1.50,`), 1)
	f.Open = bytes.Replace(f.Open, []byte(`"name":"checked_out","body":{`), []byte(`"name":"kit_lent","shade":3,"body":{"new":[1, 2],`), 1)
	got, err := journal.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	c, ok := got.Act.Command.(circ.UnknownCommand)
	if !ok || c.As != "lend_kit" || !bytes.Contains(c.Raw, []byte(`"n":1.50`)) {
		t.Errorf("command: %#v", got.Act.Command)
	}
	ev, ok := got.Told[0].(circ.UnknownEvent)
	if !ok || ev.As != "kit_lent" || !bytes.Contains(ev.Raw, []byte(`"new":[1, 2]`)) {
		t.Errorf("event: %#v", got.Told[0])
	}
	if again, _ := got.Finish(); !reflect.DeepEqual(again.Frame(), f) {
		t.Error("the frame is not byte for byte the same")
	}
	b, err := journal.EncodeReceipt(journal.Receipt{Entry: "x", Verdict: journal.Applied, Events: got.Told})
	if err != nil {
		t.Fatal(err)
	}
	r, err := journal.DecodeReceipt(b)
	if err != nil || r.Events[0].Name() != "kit_lent" {
		t.Errorf("in a receipt: %v %v", r.Events, err)
	}
}

func TestDecodeSaysWhatItCouldNotRead(t *testing.T) {
	good := finished(t, nil).Frame()
	replace := func(from, to string) journal.Frame {
		if !bytes.Contains(good.Open, []byte(from)) {
			t.Fatalf("%s is not in %s", from, good.Open)
		}
		return journal.Frame{Open: bytes.Replace(good.Open, []byte(from), []byte(to), 1), Private: good.Private, Key: good.Key}
	}
	for _, row := range []struct {
		name  string
		frame journal.Frame
		place bool
	}{
		{"nothing", journal.Frame{}, false},
		{"no JSON", journal.Frame{Open: []byte("\x00\xff")}, false},
		{"cut off", journal.Frame{Open: good.Open[:len(good.Open)/2]}, false},
		{"no desk", replace(`"desk":"main-1"`, `"desk":""`), false},
		{"a number that is none", replace(`"seq":1`, `"seq":-1`), false},
		{"a hash before that is none", replace(`"mode"`, `"prev":"zz","mode"`), false},
		{"a private part that is too short", journal.Frame{Open: good.Open, Private: []byte("x"), Key: good.Key}, true},
		{"a key that is too short", journal.Frame{Open: good.Open, Private: good.Private, Key: good.Key[:5]}, true},
		{"a body of another form", replace(`"body":{"barcode":`, `"body":[],"was":{"barcode":`), true},
		{"a mode of a later version", replace(`"mode":"fact"`, `"mode":"lent"`), true},
		{"a mode that names no entry", replace(`"mode":"fact"`, `"mode":"stood"`), true},
		{"a time of another form", replace(`"at":"`, `"at":{},"was":"`), true},
		{"events of another form", replace(`"told":[`, `"told":{},"was":[`), true},
		{"an event without a body", replace(`"told":[`, `"told":[{"name":"seen"},`), true},
	} {
		t.Run(row.name, func(t *testing.T) {
			e, err := journal.Decode(row.frame)
			un, ok := errors.AsType[*journal.UnreadableError](err)
			if !ok {
				t.Fatalf("got %v, %v", e, err)
			}
			if place := un.Desk == "main-1" && un.Seq == 1 && strings.Contains(err.Error(), "main-1"); place != row.place {
				t.Errorf("the error names the place: %v, want %v: %v", place, row.place, err)
			}
			if kept := e.Act.ID != "" && e.Frame().Open != nil && e.Act.Command != nil; kept != row.place {
				t.Errorf("can be kept: %v, want %v", kept, row.place)
			}
		})
	}
}

func FuzzDecode(f *testing.F) {
	g := finished(f, nil).Frame()
	f.Add(g.Open, g.Private, g.Key)
	f.Add([]byte(`{"id":"x","desk":"d","seq":1,"mode":"fact","command":{"name":"x","body":null}}`), []byte{}, []byte{})
	f.Fuzz(func(t *testing.T, open, private, key []byte) {
		e, err := journal.Decode(journal.Frame{Open: open, Private: private, Key: key})
		if err != nil {
			return
		}
		if e.Act.Desk == "" || e.Seq == 0 || e.Act.Command == nil {
			t.Fatalf("half an entry: %+v", e)
		}
	})
}

func BenchmarkFinish(b *testing.B) {
	e := checkOut()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := e.Finish(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDecode(b *testing.B) {
	f := finished(b, nil).Frame()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := journal.Decode(f); err != nil {
			b.Fatal(err)
		}
	}
}

// The place of an entry is read without the rest.
func TestAPlaceIsThatOfTheEntry(t *testing.T) {
	e := finished(t, func(e *journal.Entry) { e.Mode, e.Of, e.Prev, e.Seq = journal.Stood, "asked", journal.Hash{1, 2}, 7 })
	got, err := journal.DecodePlace(e.Frame())
	if err != nil {
		t.Fatal(err)
	}
	if got.Act.ID != e.Act.ID || got.Act.Desk != e.Act.Desk || got.Epoch != e.Epoch || got.Seq != 7 || got.Prev != e.Prev || got.Mode != e.Mode || got.Of != "asked" || got.Hash() != e.Hash() {
		t.Errorf("got %+v", got)
	}
	if _, err := journal.DecodePlace(journal.Frame{Open: []byte(`{"id":"x","seq":1}`)}); err == nil {
		t.Error("an entry of no desk has a place")
	}
}

func BenchmarkDecodePlace(b *testing.B) {
	f := finished(b, nil).Frame()
	b.ReportAllocs()
	for b.Loop() {
		if _, err := journal.DecodePlace(f); err != nil {
			b.Fatal(err)
		}
	}
}
