package kit

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"circdesk/desk/text"
)

var hardNames = []string{
	"SILVA, Maria", "東京 太郎", "한국어", "Nguye\u0302\u0303n", "देवनागरी", "ภาษาไทย", "עברית", "👨‍👩‍👧 family", "❤️", "🇩🇪🇫",
	"\u0301lone mark", "\u0600prepended", "x\u0600", "a\tb\nc", "\u202ereversed", "e\u200d", "\x1b[31mred", "\xff\xfe",
}

func TestEveryNameStaysInItsColumn(t *testing.T) {
	for _, look := range []Look{{}, {Columns: ansi.GraphemeWidth}} {
		for _, name := range hardNames {
			for width := 1; width <= 14; width++ {
				for _, fit := range []string{look.Fit(typed(name), width), look.FitRight(text.Clean(name, 99), width)} {
					if got := look.Len("|" + fit + "|"); got != width+2 {
						t.Errorf("counting %d: %q in %d columns became %q: %d", look.Columns, name, width, fit, got-2)
					}
				}
			}
		}
	}
}

func TestAnyTextStaysInItsColumn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		look := Look{Columns: ansi.Method(rapid.IntRange(0, 1).Draw(t, "counting"))}
		s := typed(rapid.String().Draw(t, "text"))
		width := rapid.IntRange(1, 30).Draw(t, "width")
		if got := look.Len("|" + look.Fit(s, width) + "|"); got != width+2 {
			t.Fatalf("%q in %d columns became %q: %d", s, width, look.Fit(s, width), got-2)
		}
	})
}

func FuzzTyped(f *testing.F) {
	for _, s := range hardNames {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := typed(s)
		if again := typed(got); again != got {
			t.Errorf("%q cleaned twice: %q then %q", s, got, again)
		}
		for _, r := range got {
			if r < 0x20 || r >= 0x7f && r < 0xa0 || turnsWriting(r) {
				t.Errorf("%q left %q in %q", s, r, got)
			}
		}
	})
}

func TestTypedLeavesHarmlessTextAlone(t *testing.T) {
	for _, s := range []string{"", "Middlemarch", "Björk, Ä", "東京", "Nguye\u0302\u0303n", "עברית"} {
		if got := typed(s); got != s {
			t.Errorf("%q became %q", s, got)
		}
	}
}

func TestTheTerminalSaysHowItCounts(t *testing.T) {
	for _, c := range []struct {
		name string
		msg  tea.Msg
		want ansi.Method
	}{
		{"it knows clusters", tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeReset}, ansi.GraphemeWidth},
		{"it does not know the question", tea.ModeReportMsg{Mode: ansi.ModeUnicodeCore, Value: ansi.ModeNotRecognized}, ansi.WcWidth},
		{"another mode", tea.ModeReportMsg{Mode: ansi.ModeSynchronizedOutput, Value: ansi.ModeReset}, ansi.WcWidth},
		{"no report", tea.FocusMsg{}, ansi.WcWidth},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := (Look{}).Learn(c.msg).Columns; got != c.want {
				t.Errorf("counts %d, want %d", got, c.want)
			}
		})
	}
}

func TestSimpleTextIsCountedAsTheRendererCountsIt(t *testing.T) {
	for r := rune(0x20); r <= 0x3000; r++ {
		n, ok := simple("a" + string(r) + "b")
		if !ok {
			continue
		}
		for _, m := range []ansi.Method{ansi.WcWidth, ansi.GraphemeWidth} {
			if want := m.StringWidth("a" + string(r) + "b"); n != want {
				t.Errorf("%q (%U): %d columns, method %d says %d", r, r, n, m, want)
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		parts := rapid.SliceOf(rapid.SampledFrom([]string{
			"OUT", " ", "·", "…", "─", "é", "ß", "\x1b[1;7m", "\x1b[m", "\x1b[38;5;208m", "\x1b[2J", "\u0301", "東", "\u200d", "\x1b", "[", "\u00ad", "❤\ufe0f", "\x80",
		})).Draw(t, "parts")
		s := strings.Join(parts, "")
		n, ok := simple(s)
		for _, m := range []ansi.Method{ansi.WcWidth, ansi.GraphemeWidth} {
			if want := m.StringWidth(s); ok && n != want {
				t.Fatalf("%q: %d columns, method %d says %d", s, n, m, want)
			}
			if l := (Look{Columns: m}); ok && n > 0 && l.Cut(s, n) != s {
				t.Fatalf("%q was cut to its own width: %q", s, l.Cut(s, n))
			}
		}
	})
}
