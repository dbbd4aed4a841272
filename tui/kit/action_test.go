package kit

import (
	"slices"
	"strings"
	"testing"
)

func deskActions() []Action {
	return []Action{
		{ID: "help", Keys: []string{"f1"}, Label: "Keys", Help: "all keys", Rank: 9},
		{ID: "out", Keys: []string{"f2", "alt+1"}, Label: "Out", Help: "lend"},
		{ID: "palette", Keys: []string{"ctrl+k"}, Label: "all", Rank: 7},
		{ID: "done", Keys: []string{"alt+d"}, Scope: "out", Label: "done", Help: "end the visit", Rank: 1},
		{ID: "undo", Keys: []string{"alt+u"}, Scope: "out", Label: "undo", Rank: 2, Off: func() string { return "nothing done yet" }},
		{ID: "pay", Keys: []string{"alt+p"}, Scope: "fees", Label: "pay", Help: "take Gebühren", Money: true, Rank: 1},
		{ID: "yes", Keys: []string{"f2"}, Scope: "ask", Label: "lend all the same", Override: true},
	}
}

func TestWhatARegistryRefuses(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func([]Action) []Action
		says   string
	}{
		{"a key bound twice in one scope", func(a []Action) []Action { a[4].Keys = []string{"alt+d"}; return a }, "bound to done and to undo"},
		{"a key that holds everywhere, bound again", func(a []Action) []Action { a[3].Keys = []string{"f1"}; return a }, "everywhere to help"},
		{"an id twice", func(a []Action) []Action { a[4].ID = "done"; return a }, `"done": listed twice`},
		{"no label", func(a []Action) []Action { a[0].Label = ""; return a }, "no label"},
		{"a bare letter", func(a []Action) []Action { a[3].Keys = []string{"d"}; return a }, "a scan may contain it"},
		{"a bare digit", func(a []Action) []Action { a[3].Keys = []string{"7"}; return a }, "a scan may contain it"},
		{"a capital", func(a []Action) []Action { a[3].Keys = []string{"shift+d"}; return a }, "a scan may contain it"},
		{"the space bar", func(a []Action) []Action { a[3].Keys = []string{"space"}; return a }, "a scan may contain it"},
		{"a line feed", func(a []Action) []Action { a[3].Keys = []string{"ctrl+j"}; return a }, "line feed"},
		{"the key that takes a word off a field", func(a []Action) []Action { a[3].Keys = []string{"ctrl+w"}; return a }, "a word off the line"},
		{"a carriage return", func(a []Action) []Action { a[3].Keys = []string{"ctrl+m"}; return a }, "carriage return"},
		{"Tab in disguise", func(a []Action) []Action { a[3].Keys = []string{"ctrl+i"}; return a }, "it is Tab"},
		{"Esc in disguise", func(a []Action) []Action { a[3].Keys = []string{"ctrl+["}; return a }, "it is Esc"},
		{"the GS1 separator", func(a []Action) []Action { a[3].Keys = []string{"ctrl+]"}; return a }, "GS1"},
		{"the key that stops the screen", func(a []Action) []Action { a[3].Keys = []string{"ctrl+s"}; return a }, "stop the screen"},
		{"the key that starts the screen", func(a []Action) []Action { a[3].Keys = []string{"ctrl+q"}; return a }, "start the screen"},
		{"Enter on money", func(a []Action) []Action { a[5].Keys = []string{"enter"}; return a }, "Enter never does"},
		{"Enter on an override", func(a []Action) []Action { a[6].Keys = []string{"enter"}; return a }, "Enter never does"},
		{"Enter on what destroys", func(a []Action) []Action { a[3].Keys, a[3].Destroys = []string{"enter"}, true; return a }, "Enter never does"},
		{"Shift+Enter", func(a []Action) []Action { a[3].Keys = []string{"shift+enter"}; return a }, "plain Enter"},
		{"a key written large", func(a []Action) []Action { a[3].Keys = []string{"Alt+D"}; return a }, "written small"},
		{"an empty key", func(a []Action) []Action { a[3].Keys = []string{""}; return a }, "empty key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := NewRegistry(c.change(deskActions()), "ask")
			if err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("error %v, want %q", err, c.says)
			}
		})
	}
	if _, err := NewRegistry(deskActions(), "ask"); err != nil {
		t.Errorf("the plain list: %v", err)
	}
	if _, err := NewRegistry(append(deskActions(), Action{ID: "next", Keys: []string{"enter"}, Scope: "out", Label: "next"}), "ask"); err != nil {
		t.Errorf("Enter on what is harmless: %v", err)
	}
}

func TestWhichActionAKeyFinds(t *testing.T) {
	r, err := NewRegistry(deskActions(), "ask")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, key string
		scopes    []string
		want      string
	}{
		{"a key of the screen", "alt+d", []string{"out"}, "done"},
		{"a key that holds everywhere", "f2", []string{"out"}, "out"},
		{"its twin", "alt+1", nil, "out"},
		{"a key of another screen", "alt+p", []string{"out"}, ""},
		{"with Caps Lock on", "alt+shift+d", []string{"out"}, "done"},
		{"a question is asked alone", "f2", []string{"ask"}, "yes"},
		{"nothing else holds beside a question", "f1", []string{"ask", "out"}, ""},
		{"a key of nobody", "f12", []string{"out"}, ""},
		{"no key", "", []string{"out"}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if a, ok := r.Match(c.key, c.scopes...); a.ID != c.want || ok != (c.want != "") {
				t.Errorf("found %q, want %q", a.ID, c.want)
			}
		})
	}
}

func TestKeysCanBeChanged(t *testing.T) {
	r, _ := NewRegistry(deskActions(), "ask")
	other, err := r.Rebind(map[string][]string{"done": {"f11"}, "help": nil})
	if err != nil {
		t.Fatal(err)
	}
	if a, _ := other.Match("f11", "out"); a.ID != "done" {
		t.Errorf("F11 finds %q", a.ID)
	}
	if _, ok := other.Match("alt+d", "out"); ok {
		t.Error("the old key still holds")
	}
	if a, _ := r.Match("alt+d", "out"); a.ID != "done" {
		t.Error("the first registry has changed")
	}
	if a, ok := other.Action("help"); !ok || len(a.Keys) != 0 {
		t.Errorf("help has keys %q", a.Keys)
	}
	for name, keys := range map[string]map[string][]string{
		"no such action": {"nothing": {"f11"}},
		"Enter never":    {"pay": {"enter"}},
		"everywhere to":  {"done": {"ctrl+k"}},
		"scan may":       {"done": {"9"}},
	} {
		if _, err := r.Rebind(keys); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("keys %v: error %v, want %q", keys, err, name)
		}
	}
}

func TestTheFooterHoldsWhatFitsMostImportantFirst(t *testing.T) {
	r, _ := NewRegistry(deskActions(), "ask")
	caps := KeyCaps{"ctrl": "Strg"}
	for _, c := range []struct {
		width int
		want  string
	}{
		{80, " Alt+D done  Alt+U undo  Strg+K all  F1 Keys"},
		{36, " Alt+D done  Alt+U undo  Strg+K all"},
		{34, " Alt+D done  Alt+U undo"},
		{10, ""},
		{0, ""},
	} {
		if got, _ := Footer(Look{}, caps, c.width, r.In("out")); got != c.want {
			t.Errorf("%d columns: %q, want %q", c.width, got, c.want)
		}
	}
}

func TestTheListOfKeysSaysWhyAnActionIsOff(t *testing.T) {
	r, _ := NewRegistry(deskActions(), "ask")
	for _, width := range []int{80, 40, 20} {
		lines := KeyList(Look{}, nil, width, map[string]string{"out": "Check out", "": "Everywhere"}, r.In("out"))
		for _, l := range lines {
			if n := (Look{}).Len(l); n > width {
				t.Errorf("%d columns in %d: %q", n, width, l)
			}
		}
	}
	all := strings.Join(KeyList(Look{}, nil, 80, map[string]string{"out": "Check out", "": "Everywhere"}, r.In("out")), "\n")
	for _, want := range []string{" Check out\n", "Alt+D     done", "end the visit", "nothing done yet", "\n\n Everywhere\n", "F2 Alt+1"} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
}

func TestWhatAPaletteRuns(t *testing.T) {
	type in = []InputMsg
	for _, c := range []struct {
		name string
		in   in
		want []Picked
	}{
		{"a word and Enter", in{{"visit", ""}, {"", "enter"}}, []Picked{{Run: "done"}}},
		{"word and Enter in one message", in{{"visit", "enter"}}, []Picked{{Run: "done"}}},
		{"the Enter of a scan under way runs nothing", in{{"", "enter"}}, nil},
		{"arrows choose", in{{"", "down"}, {"", "down"}, {"", "enter"}}, []Picked{{Run: "out"}}},
		{"Enter never pays", in{{"pay", "enter"}}, nil},
		{"accents and case count nothing", in{{"GEBUHREN", "enter"}}, nil},
		{"what is off does not run", in{{"undo", "enter"}}, nil},
		{"a scan goes to the queue", in{{"31234000000041", "enter"}}, []Picked{{Line: Closed{"31234000000041", "enter"}}}},
		{"so does one closed by a line feed", in{{"3123", ""}, {"4000000041", "ctrl+j"}}, []Picked{{Line: Closed{"31234000000041", "ctrl+j"}}}},
		{"and a pasted one", in{{"31234000000041", "paste"}}, []Picked{{Line: Closed{"31234000000041", "paste"}}}},
		{"after a scan the palette still works", in{{"312", "enter"}, {"visit", "enter"}}, []Picked{{Line: Closed{"312", "enter"}}, {Run: "done"}}},
		{"Esc shuts", in{{"vi", ""}, {"", "esc"}}, []Picked{{Shut: true}}},
		{"another key is given back", in{{"", "f2"}}, []Picked{{Key: "f2"}}},
		{"Ctrl+U starts anew", in{{"pay", "ctrl+u"}, {"visit", "enter"}}, []Picked{{Run: "done"}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := NewPalette("> ", slices.DeleteFunc(deskActions(), func(a Action) bool { return a.Scope == "ask" }))
			var got []Picked
			for _, m := range c.in {
				got = append(got, p.Input(m)...)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

func TestThePaletteShowsKeysAndReasons(t *testing.T) {
	p := NewPalette(" > ", deskActions())
	p.Input(InputMsg{Text: "d"})
	lines := p.View(Look{}, nil, 60, 5)
	if len(lines) != 5 || lines[0] != " > d" || !strings.HasPrefix(lines[1], " > ") {
		t.Errorf("lines %q", lines)
	}
	if all := strings.Join(lines, "\n"); !strings.Contains(all, "Alt+U") || !strings.Contains(all, "nothing done yet") {
		t.Errorf("no key or reason in\n%s", all)
	}
	if x := p.CursorX(Look{}, 60); x != 4 {
		t.Errorf("cursor at %d", x)
	}
	for range 20 {
		p.Input(InputMsg{Key: "down"})
	}
	if lines = p.View(Look{}, nil, 60, 3); !strings.HasPrefix(lines[1]+lines[2], " > ") && !strings.HasPrefix(lines[2], " > ") {
		t.Errorf("the chosen one is out of sight: %q", lines)
	}
}

func TestAPagerStaysWithinItsLines(t *testing.T) {
	lines := []string{"1", "2", "3", "4", "5"}
	for _, c := range []struct {
		name  string
		keys  []string
		first string
	}{
		{"at the beginning", nil, "1"},
		{"above the beginning", []string{"up", "pgup"}, "1"},
		{"one down", []string{"down"}, "2"},
		{"a page", []string{"pgdown"}, "3"},
		{"the end", []string{"end", "down", "pgdown"}, "3"},
		{"and back", []string{"end", "home"}, "1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var p Pager
			for _, k := range c.keys {
				if !p.Input(k, len(lines), 3) {
					t.Errorf("%s is not used", k)
				}
			}
			if got := p.View(Look{}, 10, 3, lines); got[0] != c.first || len(got) != 3 {
				t.Errorf("shows %q", got)
			}
		})
	}
	var p Pager
	if p.Input("f2", 5, 3) {
		t.Error("F2 is used")
	}
}

func TestEveryKeyIsShownAsPeopleWriteIt(t *testing.T) {
	for key, want := range map[string]string{"alt+d": "Alt+D", "f10": "F10", "shift+tab": "Shift+Tab", "ctrl+k": "Strg+K", "pgup": "Bild↑", "ä": "Ä"} {
		if got := (KeyCaps{"ctrl": "Strg", "pgup": "Bild↑"}).Show(key); got != want {
			t.Errorf("%s is shown as %s, want %s", key, got, want)
		}
	}
}
