package kit

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

func TestWhatTheScanLineMakesOfInput(t *testing.T) {
	for _, c := range []struct {
		name  string
		in    []InputMsg
		lines []Closed
		key   string
		left  string
	}{
		{"a scan closed by Enter", []InputMsg{{"312", "enter"}}, []Closed{{"312", "enter"}}, "", ""},
		{"a scan in two halves", []InputMsg{{"3", ""}, {"12", "ctrl+j"}}, []Closed{{"312", "ctrl+j"}}, "", ""},
		{"two scans", []InputMsg{{"1", "enter"}, {"2", "tab"}}, []Closed{{"1", "enter"}, {"2", "tab"}}, "", ""},
		{"a paste closes by itself", []InputMsg{{"312", "paste"}}, []Closed{{"312", "paste"}}, "", ""},
		{"the Enter after a paste says nothing new", []InputMsg{{"312", "paste"}, {"", "enter"}}, []Closed{{"312", "paste"}}, "enter", ""},
		{"a paste of a column of barcodes", []InputMsg{{"1\r\n2\n\r3\r\n", "paste"}}, []Closed{{"1", "paste"}, {"2", "paste"}, {"3", "paste"}}, "", ""},
		{"a function key leaves the text", []InputMsg{{"31", "f2"}}, nil, "f2", "31"},
		{"Enter on an empty line is nobody's scan", []InputMsg{{"", "enter"}}, nil, "enter", ""},
		{"blanks are no scan", []InputMsg{{"  ", "enter"}}, nil, "enter", ""},
		{"Backspace takes a whole character", []InputMsg{{"Ze\u0301", "backspace"}}, nil, "", "Z"},
		{"Backspace on an empty line", []InputMsg{{"", "backspace"}}, nil, "", ""},
		{"Ctrl+U takes the line", []InputMsg{{"abc", "ctrl+u"}, {"d", ""}}, nil, "", "d"},
	} {
		t.Run(c.name, func(t *testing.T) {
			var l ScanLine
			var lines []Closed
			var key string
			for _, m := range c.in {
				var got []Closed
				got, key = l.Input(m)
				lines = append(lines, got...)
			}
			if !slices.Equal(lines, c.lines) || key != c.key || l.Text() != c.left {
				t.Errorf("lines %q key %q left %q, want %q %q %q", lines, key, l.Text(), c.lines, c.key, c.left)
			}
		})
	}
}

func TestALineThatIsTooLongIsOneScanAndItsEndIsNone(t *testing.T) {
	for _, by := range []string{"enter", "ctrl+j", "tab", "ctrl+u"} {
		var l ScanLine
		var came []Closed
		long := strings.Repeat("ä", 5000) + "31234000000017"
		for chunk := range slices.Chunk([]rune(long), 700) {
			lines, _ := l.Input(InputMsg{Text: string(chunk)})
			came = append(came, lines...)
		}
		lines, key := l.Input(InputMsg{Key: by})
		came = append(came, lines...)
		if len(came) != 1 || came[0].By != KeyFull || !utf8.ValidString(came[0].Text) || !strings.HasPrefix(long, came[0].Text) || key != "" {
			t.Fatalf("%s: %d lines, key %q", by, len(came), key)
		}
		if lines, _ := l.Input(InputMsg{"31234000000025", "enter"}); len(lines) != 1 || lines[0].Text != "31234000000025" {
			t.Errorf("%s: the scan after it came as %q", by, lines)
		}
	}
	var l ScanLine
	lines, _ := l.Input(InputMsg{strings.Repeat("x", 9000) + "\n31234000000025\n", "paste"})
	if len(lines) != 2 || lines[1].Text != "31234000000025" {
		t.Errorf("pasted: %d lines", len(lines))
	}
}

func TestTheCursorStandsAfterTheText(t *testing.T) {
	for _, c := range []struct {
		name, text, right, shows string
		x                        int
	}{
		{"nothing typed", "", "", " scan card or item", 6},
		{"a few digits", "3123", "", " scan 3123", 10},
		{"longer than the line: its end shows", "0123456789012345678901234567890", "", " scan …90123456789012345678901234567890"[:len(" scan …")] + "901234567890", 19},
		{"room for those that wait", "3123", "5 wait", " scan 3123    5 wait", 10},
		{"wide characters count two", "東京", "", " scan 東京", 10},
	} {
		t.Run(c.name, func(t *testing.T) {
			l := ScanLine{Prompt: " scan ", Placeholder: "card or item"}
			l.Input(InputMsg{Text: c.text})
			look := Look{}
			got := ansi.Strip(l.View(look, 20, c.right))
			if got != c.shows {
				t.Errorf("shows %q, want %q", got, c.shows)
			}
			if w := look.Len(got); w > 20 {
				t.Errorf("%d columns", w)
			}
			if cur := l.Cursor(look, 20, 22, c.right); cur.X != c.x || cur.Y != 22 || cur.Blink {
				t.Errorf("cursor at %d,%d, want %d", cur.X, cur.Y, c.x)
			}
		})
	}
}

func TestAHostileScanCannotTouchTheScreen(t *testing.T) {
	var l ScanLine
	l.Input(InputMsg{Text: "\x1b]0;x\a\x1b[31m\u202eabc\u0301"})
	if got := l.View(Look{}, 60, ""); strings.ContainsAny(got, "\x1b\a\u202e") {
		t.Errorf("view %q", got)
	}
}

func BenchmarkScanLineView(b *testing.B) {
	theme, _ := NewTheme(Sixteen)
	l := ScanLine{Prompt: " scan ", Placeholder: "card or item"}
	l.Input(InputMsg{Text: "31234000000041"})
	b.ReportAllocs()
	for b.Loop() {
		l.View(Look{Theme: theme}, 80, "5 scans waiting")
	}
}
