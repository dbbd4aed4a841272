package kit

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	uv "github.com/charmbracelet/ultraviolet"
	"pgregory.net/rapid"
)

// bench is a batcher with a clock and a timer that the test holds in its hand.
type bench struct {
	*Batcher
	clock   time.Time
	timers  int
	pending []tea.Msg
	got     []InputMsg
}

func newBench() *bench {
	w := &bench{Batcher: NewBatcher(), clock: time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)}
	w.now = func() time.Time { return w.clock }
	w.after = func(_ time.Duration, f func()) { w.timers++; f() }
	w.Attach(func(m tea.Msg) { w.pending = append(w.pending, m) })
	return w
}

func (w *bench) take(msg tea.Msg) {
	if m, ok := w.Filter(nil, msg).(InputMsg); ok {
		w.got = append(w.got, m)
	}
}

// ring lets the timers that are due fire.
func (w *bench) ring() {
	due := w.pending
	w.pending = nil
	for _, m := range due {
		w.take(m)
	}
}

func press(s string) tea.KeyPressMsg {
	switch s {
	case "enter":
		return tea.KeyPressMsg{Code: tea.KeyEnter}
	case "tab":
		return tea.KeyPressMsg{Code: tea.KeyTab}
	case "f2":
		return tea.KeyPressMsg{Code: tea.KeyF2}
	case "backspace":
		return tea.KeyPressMsg{Code: tea.KeyBackspace}
	case "ctrl+j":
		return tea.KeyPressMsg{Code: 'j', Mod: tea.ModCtrl}
	case "alt+y":
		return tea.KeyPressMsg{Code: 'y', Mod: tea.ModAlt}
	}
	return tea.KeyPressMsg{Code: []rune(s)[0], Text: s}
}

func TestAScanThatComesAtOnceIsOneMessage(t *testing.T) {
	w := newBench()
	w.take(press("f2"))
	for _, r := range "31234000000041" {
		w.take(press(string(r)))
	}
	w.take(press("enter"))
	want := []InputMsg{{Key: "f2"}, {Text: "31234000000041", Key: "enter"}}
	if len(w.got) != 2 || w.got[0] != want[0] || w.got[1] != want[1] {
		t.Fatalf("got %q, want %q", w.got, want)
	}
}

func TestATypistWaitsForNothing(t *testing.T) {
	w := newBench()
	for _, r := range "smi" {
		w.clock = w.clock.Add(120 * time.Millisecond)
		w.take(press(string(r)))
	}
	if len(w.got) != 3 || w.timers != 0 {
		t.Fatalf("got %q with %d timers, want each character at once", w.got, w.timers)
	}
}

func TestHeldTextIsReleasedWithoutAKey(t *testing.T) {
	w := newBench()
	w.take(press("1"))
	w.take(press("2"))
	w.take(press("3"))
	if w.timers != 1 {
		t.Fatalf("%d timers for one held text", w.timers)
	}
	w.ring()
	if want := []InputMsg{{Text: "1"}, {Text: "23"}}; len(w.got) != 2 || w.got[1] != want[1] {
		t.Fatalf("got %q, want %q", w.got, want)
	}
}

func TestWithoutAWayBackNothingIsHeld(t *testing.T) {
	b := NewBatcher()
	for range 3 {
		if m := b.Filter(nil, press("1")); m != (InputMsg{Text: "1"}) {
			t.Fatalf("got %v", m)
		}
	}
}

func TestWhatTheBatcherMakesOfASingleMessage(t *testing.T) {
	for _, c := range []struct {
		name string
		msg  tea.Msg
		want tea.Msg
	}{
		{"a paste closes", tea.PasteMsg{Content: "312\r\n313"}, InputMsg{Text: "312\r\n313", Key: KeyPaste}},
		{"the brackets of a paste say nothing", tea.PasteStartMsg{}, nil},
		{"the group separator of a GS1 code is text", tea.KeyPressMsg{Code: ']', Mod: tea.ModCtrl}, InputMsg{Text: "\x1d"}},
		{"a byte that is no UTF-8 leaves a mark", uv.UnknownEvent("ä"), InputMsg{Text: "\uFFFD"}},
		{"a byte of the C1 range leaves a mark", tea.KeyPressMsg{Code: '@', Mod: tea.ModCtrl | tea.ModAlt}, InputMsg{Text: "\uFFFD"}},
		{"Ctrl+Alt+A is a chord", tea.KeyPressMsg{Code: 'a', Mod: tea.ModCtrl | tea.ModAlt}, InputMsg{Key: "ctrl+alt+a"}},
		{"what is no input passes", tea.FocusMsg{}, tea.FocusMsg{}},
		{"an unknown sequence passes", uv.UnknownEvent("\x1b[9z"), uv.UnknownEvent("\x1b[9z")},
		{"a character of several runes stays whole", tea.KeyPressMsg{Code: tea.KeyExtended, Text: "e\u0301"}, InputMsg{Text: "e\u0301"}},
		{"a QWERTZ chord is what the key cap says", tea.KeyPressMsg{Code: 'y', BaseCode: 'z', Mod: tea.ModAlt}, InputMsg{Key: "alt+y"}},
		{"a Cyrillic chord is its place", tea.KeyPressMsg{Code: 'н', BaseCode: 'y', Mod: tea.ModAlt}, InputMsg{Key: "alt+y"}},
		{"AltGr that prints is text", tea.KeyPressMsg{Code: '@', Text: "@", Mod: tea.ModCtrl | tea.ModAlt}, InputMsg{Text: "@"}},
		{"the keypad's Enter is Enter", tea.KeyPressMsg{Code: tea.KeyKpEnter}, InputMsg{Key: KeyEnter}},
		{"Shift+Tab", tea.KeyPressMsg{Code: tea.KeyTab, Mod: tea.ModShift}, InputMsg{Key: "shift+tab"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := NewBatcher().Filter(nil, c.msg); got != c.want {
				t.Errorf("got %#v, want %#v", got, c.want)
			}
		})
	}
}

// However keys, pauses, releases and other messages fall, the stream of text and keys that comes out is the one
// that went in, and a scan line makes the same lines of it.
func TestNoTimingChangesWhatWasScanned(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newBench()
		var line ScanLine
		var sent strings.Builder
		var want []string
		var now strings.Builder
		for range rapid.IntRange(1, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "step") {
			case 0:
				w.ring()
			case 1:
				w.take(tea.WindowSizeMsg{Width: 80, Height: 24})
			case 2:
				k := rapid.SampledFrom([]string{"enter", "tab", "ctrl+j"}).Draw(t, "key")
				w.take(press(k))
				sent.WriteString("<" + k + ">")
				if now.Len() > 0 {
					want = append(want, now.String())
				}
				now.Reset()
			case 3:
				p := rapid.StringMatching(`[0-9]{1,6}`).Draw(t, "paste")
				w.take(tea.PasteMsg{Content: p})
				sent.WriteString(p + "<paste>")
				want = append(want, now.String()+p)
				now.Reset()
			default:
				w.clock = w.clock.Add(time.Duration(rapid.IntRange(0, 40).Draw(t, "ms")) * time.Millisecond)
				c := rapid.StringMatching(`[0-9A-Z$]`).Draw(t, "char")
				w.take(press(c))
				sent.WriteString(c)
				now.WriteString(c)
			}
		}
		w.ring()
		var came strings.Builder
		var lines []string
		for _, m := range w.got {
			came.WriteString(m.Text)
			if m.Key != "" {
				came.WriteString("<" + m.Key + ">")
			}
			closed, _ := line.Input(m)
			for _, c := range closed {
				lines = append(lines, c.Text)
			}
		}
		if came.String() != sent.String() {
			t.Fatalf("sent %q, came %q", sent.String(), came.String())
		}
		if strings.Join(lines, "|") != strings.Join(want, "|") {
			t.Fatalf("scanned %q, want %q", lines, want)
		}
	})
}
