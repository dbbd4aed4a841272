package circ_test

import (
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// knowing gives a case that knows these rows of a world and nothing else.
func knowing(w *world, keys ...circ.Key) *circ.Case {
	c := circ.NewCase(circ.Act{}, rules)
	for _, k := range keys {
		want := circ.ByKey(k.Kind, k.ID)
		c.Add(want, w.read(want))
	}
	return c
}

// written gives the rows that were changed, by key.
func written(c *circ.Case) map[circ.Key]circ.Row {
	rows := map[circ.Key]circ.Row{}
	for _, r := range c.Changes() {
		rows[r.Key()] = r
	}
	return rows
}

// frozen gives the rows as text, to see whether anything wrote to them.
func (w *world) frozen(t failer) string {
	all := map[string]circ.Row{}
	for k, r := range w.rows {
		all[string(k.Kind)+" "+k.ID] = r
	}
	text, err := json.Marshal(all)
	if err != nil {
		t.Errorf("freeze: %v", err)
	}
	return string(text)
}

// ofEveryKind checks a law for events of every kind, with any values.
func ofEveryKind(t *testing.T, law func(*rapid.T, circ.Event)) {
	for _, empty := range circ.AllEvents() {
		t.Run(empty.Name(), rapid.MakeCheck(func(t *rapid.T) {
			e := reflect.New(reflect.TypeOf(empty).Elem())
			fill(t, e.Elem())
			law(t, e.Elem().Interface().(circ.Event))
		}))
	}
}

func TestApplyIsLocal(t *testing.T) {
	w := lively()
	ofEveryKind(t, func(t *rapid.T, e circ.Event) {
		whole := knowing(w, slices.Collect(maps.Keys(w.rows))...)
		whole.Apply(e)
		all := written(whole)
		for _, k := range e.Touches() {
			part := knowing(w, k)
			part.Apply(e)
			if got, want := written(part)[k], all[k]; !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: %v is\n%+v\nwhere it is known alone, and\n%+v\nwhere all is", e.Name(), k, got, want)
			}
		}
	})
}

func TestApplyIsIdempotent(t *testing.T) {
	w := lively()
	ofEveryKind(t, func(t *rapid.T, e circ.Event) {
		once := w.apply(e)
		if twice := once.apply(e); !reflect.DeepEqual(once, twice) {
			t.Fatalf("%s: twice is not once:\n%s\n%s", e.Name(), once.frozen(t), twice.frozen(t))
		}
		c := knowing(w, e.Touches()...)
		c.Apply(e)
		rows := written(c)
		c.Apply(e)
		if !reflect.DeepEqual(rows, written(c)) {
			t.Fatalf("%s: twice in one case is not once", e.Name())
		}
	})
}

func TestApplyWritesOnlyWhatTheEventTouches(t *testing.T) {
	w := lively()
	before := w.frozen(t)
	ofEveryKind(t, func(t *rapid.T, e circ.Event) {
		c := knowing(w, slices.Collect(maps.Keys(w.rows))...)
		c.Apply(e)
		for _, r := range c.Changes() {
			if !slices.Contains(e.Touches(), r.Key()) {
				t.Fatalf("%s writes %v, which it does not name", e.Name(), r.Key())
			}
		}
		if w.frozen(t) != before {
			t.Fatalf("%s writes into a row that it was given", e.Name())
		}
		for _, k := range e.Touches() {
			if k.ID == "" {
				t.Fatalf("%s touches a %s without an id", e.Name(), k.Kind)
			}
		}
	})
}

// TestRenewalsAreNotShared: two renewals of one row do not write into each other.
func TestRenewalsAreNotShared(t *testing.T) {
	w := plain(onLoan("item", "reader", day), edit(circ.KindLoan, "loan of item", func(l *circ.Loan) {
		l.Renewals = append(make([]circ.Renewal, 0, 8), circ.Renewal{ID: "a"})
	}))
	one := w.apply(circ.Renewed{Loan: "loan of item", ID: "one"})
	two := w.apply(circ.Renewed{Loan: "loan of item", ID: "two"})
	is(t, "one", one.loan("loan of item").Renewals[1].ID, "one")
	is(t, "two", two.loan("loan of item").Renewals[1].ID, "two")
	is(t, "the row itself", len(w.loan("loan of item").Renewals), 1)
}

func TestApplyIsTotal(t *testing.T) {
	t.Run("an event of a later version changes nothing", func(t *testing.T) {
		e := circ.UnknownEvent{As: "levitated", Raw: json.RawMessage(`{"item":"item"}`)}
		if w := lively(); !reflect.DeepEqual(w, w.apply(e)) {
			t.Error("it changes something")
		}
	})
	t.Run("any event, where nothing is known", func(t *testing.T) {
		ofEveryKind(t, func(t *rapid.T, e circ.Event) {
			c := circ.NewCase(circ.Act{}, rules)
			c.Apply(e)
			for _, r := range c.Changes() {
				if !slices.Contains(e.Touches(), r.Key()) {
					t.Fatalf("%s makes %v, which it does not name", e.Name(), r.Key())
				}
			}
		})
	})
}

func TestEventsAndCommandsTravel(t *testing.T) {
	for _, e := range circ.AllEvents() {
		t.Run(e.Name(), rapid.MakeCheck(func(t *rapid.T) {
			told := reflect.New(reflect.TypeOf(e).Elem())
			fill(t, told.Elem())
			text, err := json.Marshal(told.Elem().Interface())
			if err != nil {
				t.Fatal(err)
			}
			read := circ.NewEvent(e.Name())
			if err := json.Unmarshal(text, read); err != nil {
				t.Fatal(err)
			}
			if want := told.Elem().Interface(); !reflect.DeepEqual(circ.Value(read), want) {
				t.Fatalf("%s\nis read as\n%+v\nand was\n%+v", text, circ.Value(read), want)
			}
		}))
	}
	for _, k := range circ.AllCommands() {
		t.Run(k.Name(), rapid.MakeCheck(func(t *rapid.T) {
			given := reflect.New(reflect.TypeOf(k).Elem())
			fill(t, given.Elem())
			text, err := json.Marshal(given.Elem().Interface())
			if err != nil {
				t.Fatal(err)
			}
			read := circ.NewCommand(k.Name())
			if err := json.Unmarshal(text, read); err != nil {
				t.Fatal(err)
			}
			if want := given.Elem().Interface(); !reflect.DeepEqual(circ.CommandValue(read), want) {
				t.Fatalf("%s\nis read as\n%+v\nand was\n%+v", text, circ.CommandValue(read), want)
			}
		}))
	}
	t.Run("what a later version wrote is kept byte for byte", func(t *testing.T) {
		const text = `{"who":"reader",  "how":[1,2]}`
		e, k := circ.NewEvent("levitated"), circ.NewCommand("levitate")
		for _, v := range []any{e, k} {
			if err := json.Unmarshal([]byte(text), v); err != nil {
				t.Fatal(err)
			}
		}
		is(t, "event", string(circ.Value(e).(circ.UnknownEvent).Raw), text)
		is(t, "command", string(circ.CommandValue(k).(circ.UnknownCommand).Raw), text)
		for _, v := range []any{circ.Value(e), circ.CommandValue(k)} {
			written, err := v.(json.Marshaler).MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			is(t, "written", string(written), text)
		}
		is(t, "event's name", e.Name(), "levitated")
		is(t, "command's name", k.Name(), "levitate")
	})
}

func TestWhatIsOfALaterVersion(t *testing.T) {
	e := circ.UnknownEvent{As: "levitated", Raw: json.RawMessage(`{}`)}
	k := circ.UnknownCommand{As: "levitate", Raw: json.RawMessage(`{}`)}
	t.Run("a fact is kept, and objected to", func(t *testing.T) {
		events, objections := plain().record(t, act("entry-1", k), []circ.Event{e})
		if !reflect.DeepEqual(events, []circ.Event{e}) {
			t.Errorf("applied %+v", events)
		}
		same(t, "objections", reasons(objections), why(circ.NotUnderstood))
	})
	t.Run("it cannot be taken back", func(t *testing.T) {
		events, objections := plain().retract(t, act("entry-2", nil), circ.Story{Act: act("entry-1", k), Events: []circ.Event{e}})
		same(t, "events", names(events), nil)
		same(t, "objections", reasons(objections), why(circ.NotUnderstood))
	})
	t.Run("what was never read is not written", func(t *testing.T) {
		if text, err := json.Marshal(circ.UnknownEvent{As: "levitated"}); err == nil {
			t.Errorf("event written as %s", text)
		}
		if text, err := json.Marshal(circ.UnknownCommand{As: "levitate"}); err == nil {
			t.Errorf("command written as %s", text)
		}
	})
}

// TestIDs: what an entry makes has an id of its own, the same wherever it is
// derived, in the form of a UUIDv8.
func TestIDs(t *testing.T) {
	form := regexp.MustCompile(`^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`)
	seen := map[string]bool{}
	for _, e := range []circ.EntryID{"a", "b"} {
		for _, k := range []circ.Kind{circ.KindLoan, circ.KindRequest} {
			for n := range 3 {
				id := circ.NewID(e, k, n)
				if !form.MatchString(id) || seen[id] || id != circ.NewID(e, k, n) {
					t.Errorf("%s %s %d: %s", e, k, n, id)
				}
				seen[id] = true
			}
		}
	}
	is(t, "for ever", circ.NewID("01953a5c-7c5e-7000-8000-000000000001", circ.KindLoan, 0), "e4c5b320-ad11-8c6b-8157-3572d877a129")
}

// TestSightings: the last of an item's sightings counts, and a few are kept.
func TestSightings(t *testing.T) {
	w := plain()
	for n := range 9 {
		w = w.apply(circ.Seen{Item: "item", At: ago(time.Duration(n) * time.Hour), Desk: "desk-1"})
	}
	it := w.item("item")
	isAt(t, "seen", it.Seen.At, now)
	is(t, "before that", len(it.Earlier), 5)
	isAt(t, "last of all", it.Earlier[4].At, ago(5*time.Hour))
}

func TestNamesAreDistinct(t *testing.T) {
	seen := map[string]bool{}
	for _, e := range circ.AllEvents() {
		if seen[e.Name()] {
			t.Errorf("two events are named %s", e.Name())
		}
		seen[e.Name()] = true
	}
	seen = map[string]bool{}
	for _, k := range circ.AllCommands() {
		if seen[k.Name()] {
			t.Errorf("two commands are named %s", k.Name())
		}
		seen[k.Name()] = true
	}
}

// TestReasonsAreDistinct reads the constants from the source.
func TestReasonsAreDistinct(t *testing.T) {
	file, err := parser.ParseFile(token.NewFileSet(), "reason.go", nil, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	said := map[string]string{}
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Reason" {
			return true
		}
		for i, name := range spec.Names {
			word := spec.Values[i].(*ast.BasicLit).Value
			if other, twice := said[word]; twice {
				t.Errorf("%s and %s are both %s", other, name.Name, word)
			}
			if word == `""` {
				t.Errorf("%s is empty", name.Name)
			}
			said[word] = name.Name
		}
		return true
	})
	if len(said) < 40 {
		t.Errorf("found %d reasons only: is reason.go still where they are?", len(said))
	}
}

func TestSameIgnoresWhatWasOverwritten(t *testing.T) {
	e := circ.CheckedOut{Loan: "l", Due: dayEnd(1)}
	was, why, other := e, e, e
	was.WasHeld = "r"
	why.Why = []policy.Step{{Code: policy.StepLent}}
	other.Due = dayEnd(3)
	is(t, "overwritten otherwise", circ.Same([]circ.Event{e}, []circ.Event{was}), true)
	is(t, "reckoned otherwise", circ.Same([]circ.Event{e}, []circ.Event{why}), true)
	is(t, "reckoned otherwise, where that counts", circ.SameStory([]circ.Event{e}, []circ.Event{why}), false)
	is(t, "overwritten otherwise, where the reckoning counts", circ.SameStory([]circ.Event{e}, []circ.Event{was}), true)
	is(t, "due otherwise", circ.Same([]circ.Event{e}, []circ.Event{other}), false)
	is(t, "one more", circ.Same([]circ.Event{e}, []circ.Event{e, e}), false)
	is(t, "another kind", circ.Same([]circ.Event{e}, []circ.Event{circ.LoanVoided{Loan: "l"}}), false)
	is(t, "none", circ.Same(nil, nil), true)
}
