package kit

import (
	"maps"
	"strings"
	"testing"
)

func patronForm() *Form {
	return NewForm(
		Input{Key: "name", Label: "Name", Check: func(v string) string {
			if strings.TrimSpace(v) == "" {
				return "a name is needed"
			}
			return ""
		}},
		Input{Key: "group", Label: "Group", Choices: []Choice{{"a", "Adult"}, {"c", "Child"}, {"s", "Öffentlich"}}},
		Input{Key: "pin", Label: "PIN", Secret: true, Note: "four digits"},
	)
}

func TestWhatAFormMakesOfInput(t *testing.T) {
	for _, c := range []struct {
		name string
		in   []InputMsg
		at   string
		vals map[string]string
		last Moved
	}{
		{"typing and Tab", []InputMsg{{"Silva", "tab"}}, "group", map[string]string{"name": "Silva"}, ToField},
		{"a scan's Enter only moves on", []InputMsg{{"312", "enter"}}, "group", map[string]string{"name": "312"}, ToField},
		{"a line feed too", []InputMsg{{"312", "ctrl+j"}}, "group", map[string]string{"name": "312"}, ToField},
		{"a paste stays in its field", []InputMsg{{"Elm St\r\nRiverside", "paste"}}, "name", map[string]string{"name": "Elm St Riverside"}, Edited},
		{"Enter on the last field says so", []InputMsg{{"x", "tab"}, {"", "tab"}, {"1", "enter"}}, "pin", map[string]string{"pin": "1"}, PastEnd},
		{"Tab goes round", []InputMsg{{"x", "tab"}, {"", "tab"}, {"", "tab"}}, "name", nil, ToField},
		{"Shift+Tab goes back round", []InputMsg{{"x", "shift+tab"}}, "pin", nil, ToField},
		{"up stays in the first", []InputMsg{{"x", "up"}}, "name", nil, Edited},
		{"down stays in the last", []InputMsg{{"x", "shift+tab"}, {"", "down"}}, "pin", nil, Edited},
		{"editing in the middle", []InputMsg{{"Sila", "left"}, {"v", "home"}, {"D", "end"}, {"!", "backspace"}}, "name", map[string]string{"name": "DSilva"}, Edited},
		{"the character after the cursor goes", []InputMsg{{"ab", "home"}, {"", "delete"}, {"", "right"}, {"c", ""}}, "name", map[string]string{"name": "bc"}, Edited},
		{"Ctrl+U empties", []InputMsg{{"abc", "ctrl+u"}}, "name", map[string]string{"name": ""}, Edited},
		{"Ctrl+W takes the last word", []InputMsg{{"Elm Street  ", "ctrl+w"}, {"St", ""}}, "name", map[string]string{"name": "Elm St"}, Edited},
		{"Alt+Backspace too, and leaves what follows", []InputMsg{{"Elm Street 3", "left"}, {"", "alt+backspace"}, {"", "ctrl+backspace"}}, "name", map[string]string{"name": "3"}, Edited},
		{"a word back", []InputMsg{{"Elm Street 3", "ctrl+left"}, {"", "alt+left"}, {"East ", ""}}, "name", map[string]string{"name": "Elm East Street 3"}, Edited},
		{"a word on", []InputMsg{{"Elm Street 3", "home"}, {"", "ctrl+right"}, {"", "alt+right"}, {"s", ""}}, "name", map[string]string{"name": "Elm Streets 3"}, Edited},
		{"the word after the cursor goes", []InputMsg{{"Elm Street 3", "home"}, {"", "ctrl+delete"}, {"", "alt+delete"}}, "name", map[string]string{"name": " 3"}, Edited},
		{"before the last character too", []InputMsg{{"ab", "left"}, {"", "ctrl+delete"}}, "name", map[string]string{"name": "a"}, Edited},
		{"beside nothing no word goes", []InputMsg{{"", "ctrl+w"}, {"", "ctrl+delete"}, {"", "ctrl+left"}, {"", "ctrl+right"}}, "name", map[string]string{"name": ""}, Edited},
		{"a secret is one word", []InputMsg{{"", "shift+tab"}, {"open sesame", "ctrl+left"}, {"x", "ctrl+right"}, {"y", "ctrl+w"}, {"z", ""}}, "pin", map[string]string{"pin": "z"}, Edited},
		{"so its word motions reach its ends", []InputMsg{{"", "shift+tab"}, {"open sesame", "ctrl+left"}, {"x", "ctrl+right"}, {"y", ""}}, "pin", map[string]string{"pin": "xopen sesamey"}, Edited},
		{"a character goes whole", []InputMsg{{"ae\u0301", "left"}, {"x", "right"}, {"", "backspace"}}, "name", map[string]string{"name": "ax"}, Edited},
		{"a scan with a broken byte does not look whole", []InputMsg{{"312\uFFFD4\x1d5", ""}}, "name", map[string]string{"name": "312\uFFFD4\x1d5"}, Edited},
		{"Ctrl+V reads no clipboard", []InputMsg{{"x", "ctrl+v"}}, "name", map[string]string{"name": "x"}, NotUsed},
		{"Ctrl+K is the palette's", []InputMsg{{"xy", "home"}, {"", "ctrl+k"}}, "name", map[string]string{"name": "xy"}, NotUsed},
		{"a letter chooses nothing", []InputMsg{{"x", "tab"}, {"c", ""}}, "group", map[string]string{"group": "a"}, NotUsed},
		{"a scan at a choice is for others, with its Enter", []InputMsg{{"x", "tab"}, {"312", "enter"}}, "group", map[string]string{"group": "a"}, NotUsed},
		{"the space bar turns, and goes round", []InputMsg{{"x", "tab"}, {"   ", ""}}, "group", map[string]string{"group": "a"}, Edited},
		{"arrows turn", []InputMsg{{"x", "tab"}, {"", "left"}}, "group", map[string]string{"group": "s"}, Edited},
		{"a function key is the screen's", []InputMsg{{"x", "f6"}}, "name", map[string]string{"name": "x"}, NotUsed},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := patronForm()
			var last Moved
			for _, m := range c.in {
				last = f.Input(m)
			}
			if f.At() != c.at || last != c.last {
				t.Errorf("at %q, answer %d; want %q, %d", f.At(), last, c.at, c.last)
			}
			for k, want := range c.vals {
				if got := f.Value(k); got != want {
					t.Errorf("%s is %q, want %q", k, got, want)
				}
			}
		})
	}
}

func TestAWrongFieldIsShownAndNothingIsGiven(t *testing.T) {
	f := patronForm()
	f.Input(InputMsg{Key: "tab"})
	if all := formText(f); !strings.Contains(all, "! a name is needed") {
		t.Errorf("not told on leaving:\n%s", all)
	}
	if vals, ok := f.Submit(); ok || vals != nil || f.At() != "name" {
		t.Errorf("gave %v, at %q", vals, f.At())
	}
	f.Input(InputMsg{Text: "Silva"})
	if strings.Contains(formText(f), "needed") {
		t.Error("still told while it is being mended")
	}
	vals, ok := f.Submit()
	if want := map[string]string{"name": "Silva", "group": "a", "pin": ""}; !ok || !maps.Equal(vals, want) {
		t.Errorf("gave %v, %v", vals, ok)
	}
	f.Reject("pin", "too short")
	if f.At() != "pin" || !strings.Contains(formText(f), "! too short") {
		t.Errorf("at %q:\n%s", f.At(), formText(f))
	}
}

func formText(f *Form) string {
	lines, _ := f.View(Look{}, 60, 20)
	return strings.Join(lines, "\n")
}

func TestASecretIsNotOnTheScreen(t *testing.T) {
	f := patronForm()
	f.Set("name", "Silva")
	f.Set("pin", "4821")
	f.Input(InputMsg{Key: "shift+tab"})
	all := formText(f)
	if strings.Contains(all, "4821") || !strings.Contains(all, "****") || !strings.Contains(all, "four digits") {
		t.Errorf("shows\n%s", all)
	}
	if _, cur := f.View(Look{}, 60, 20); cur == nil || cur.X != 5+3+4 || cur.Y != 2 {
		t.Errorf("cursor %+v", cur)
	}
}

func TestTheFieldBeingFilledIsInSight(t *testing.T) {
	var ins []Input
	for _, k := range "abcdefghij" {
		ins = append(ins, Input{Key: string(k), Label: string(k), Value: "東京" + string(k)})
	}
	f := NewForm(ins...)
	for range 20 {
		lines, cur := f.View(Look{}, 30, 3)
		if len(lines) != 3 || cur == nil || cur.Y < 0 || cur.Y > 2 || !strings.HasPrefix(lines[cur.Y], ">"+f.At()) {
			t.Fatalf("at %q: cursor %+v in %q", f.At(), cur, lines)
		}
		f.Input(InputMsg{Key: "tab"})
	}
	if lines, cur := NewForm().View(Look{}, 30, 3); len(lines) != 0 || cur != nil {
		t.Errorf("a form without fields shows %q", lines)
	}
}
