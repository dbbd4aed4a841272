package text

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestClean(t *testing.T) {
	for _, row := range []struct {
		name string
		text string
		max  int
		want string
	}{
		{"a plain title stays", "The Name of the Rose", 40, "The Name of the Rose"},
		{"nothing stays nothing", "", 40, ""},
		{"a title in composed letters stays", "Händel", 40, "Händel"},
		{"a title in decomposed letters is composed", "Ha\u0308ndel", 40, "Händel"},
		{"Latin-1 read as UTF-8 shows its damage", "H\xe4ndel", 40, "H\ufffdndel"},
		{"white space is one space", "  The \t Name\r\nof\u00a0the\u3000Rose ", 40, "The Name of the Rose"},
		{"line and paragraph separators are spaces", "a\u2028b\u2029c\u0085d", 40, "a b c d"},
		{"only white space is nothing", " \t\u2003\u2800", 40, ""},
		{"a bell does not ring", "a\ab\x00c\x7fd", 40, "abcd"},
		{"a colour goes as a whole", "\x1b[1;31mred\x1b[0m", 40, "red"},
		{"a colour with a one-character introducer goes as a whole", "\u009b31mred", 40, "red"},
		{"a window title goes as a whole", "a\x1b]0;pwned\ab", 40, "ab"},
		{"a window title ended by ST goes as a whole", "a\x1b]0;pwned\x1b\\b", 40, "ab"},
		{"a link keeps its words", "\x1b]8;;http://x\x1b\\book\x1b]8;;\x1b\\", 40, "book"},
		{"a device control string goes as a whole", "a\u0090q#0\u009cb", 40, "ab"},
		{"a character set switch goes as a whole", "a\x1b(0b", 40, "ab"},
		{"a reset goes as a whole", "a\x1bcb", 40, "ab"},
		{"a sequence that does not end takes nothing else with it", "a\x1b]0;the rest of the title", 40, "a0;the rest of the title"},
		{"a colour that does not end takes nothing else with it", "a\x1b[31é", 40, "a31é"},
		{"a sequence that another interrupts takes nothing else with it", "a\x1b]0;title\x1b[31mb\a", 40, "a0;titleb"},
		{"an escape at the end goes", "a\x1b", 40, "a"},
		{"an escape before a letter goes alone", "a\x1bé", 40, "aé"},
		{"an override does not turn a title round", "abc\u202egnp.exe", 40, "abcgnp.exe"},
		{"isolates go", "\u2066a\u2067b\u2068c\u2069", 40, "abc"},
		{"marks of direction go", "a\u200eb\u200fc\u061cd", 40, "abcd"},
		{"two names cannot differ by nothing", "Ann\u200b\u2060\ufeff\u00ada", 40, "Anna"},
		{"a joiner between Latin letters goes", "An\u200dna", 40, "Anna"},
		{"a joiner between Persian letters stays", "می\u200cخواهم", 40, "می\u200cخواهم"},
		{"a joiner between Persian words goes", "می\u200c خواهم", 40, "می خواهم"},
		{"a joiner within a Devanagari cluster stays", "क्\u200dष", 40, "क्\u200dष"},
		{"a variation of a Han character stays", "葛\U000e0100城", 40, "葛\U000e0100城"},
		{"a variation of a Latin letter goes", "a\U000e0100\ufe0fb", 40, "ab"},
		{"tags that nobody sees go", "a\U000e0041\U000e007fb", 40, "ab"},
		{"fillers that nobody sees go", "a\u3164\uffa0\u115fb", 40, "ab"},
		{"an Arabic number sign stays", "\u0600١", 40, "\u0600١"},
		{"emoji are text", "📚 books", 40, "📚 books"},
		{"a tower of marks is cut down", "o" + strings.Repeat("\u0329", 40), 40, "o" + strings.Repeat("\u0329", maxMarks)},
		{"a mark does not climb onto the border", "\u0301a", 40, "◌\u0301a"},

		{"as long as there is room", "abcde", 5, "abcde"},
		{"longer than there is room", "abcdef", 5, "abcd…"},
		{"no space before the cut", "abc def", 5, "abc…"},
		{"a letter keeps its mark at the cut", "abcq\u0308q\u0308", 5, "abc…"},
		{"no joiner before the cut", "0اه\u200cو0", 5, "0اه…"},
		{"room for one", "abc", 1, "…"},
		{"no room", "abc", 0, ""},
		{"less than no room", "abc", -1, ""},
		{"runes count, not bytes", "äöüß", 4, "äöüß"},
		{"what goes does not count", "\x1b[31mabc\x1b[0m", 3, "abc"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := Clean(row.text, row.max); got != row.want {
				t.Errorf("got %+q, want %+q", got, row.want)
			}
		})
	}
}

// hostile draws texts of what makes trouble.
func hostile() *rapid.Generator[string] {
	return rapid.Custom(func(t *rapid.T) string {
		piece := rapid.OneOf(
			rapid.StringN(0, 4, -1),
			rapid.SampledFrom([]string{
				"\x1b", "\x1b[31m", "\x1b]0;", "\a", "\x1b\\", "\u009b", "\u009c", "\u202e", "\u2069", "\u200b", "\u200c", "\u200d",
				"\u0301", "\u0323", "\u0958", "\u094d", "क", "می", "葛", "\U000e0100", "\ufe0f", "👩", "한", "\u1112\u1161\u11ab",
				" ", "\u3000", "\n", "\xff", "\xe4", "ß", "Æ", "が", "ﬁ", "º", "K", "1", ";", "m", "[",
			}),
			rapid.Map(rapid.SliceOfN(rapid.Byte(), 0, 4), func(b []byte) string { return string(b) }),
			rapid.Map(rapid.Int32Range(0, unicode.MaxRune), func(r int32) string { return string(r) }),
		)
		return strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), "")
	})
}

// checkClean holds every promise of Clean.
func checkClean(t interface{ Fatalf(string, ...any) }, s string, max int) {
	got := Clean(s, max)
	switch {
	case !utf8.ValidString(got):
		t.Fatalf("%+q: %+q is not UTF-8", s, got)
	case utf8.RuneCountInString(got) > max:
		t.Fatalf("%+q: %+q is longer than %d", s, got, max)
	case !norm.NFC.IsNormalString(got):
		t.Fatalf("%+q: %+q is not NFC", s, got)
	case strings.Contains(got, "  "), strings.TrimSpace(got) != got:
		t.Fatalf("%+q: %+q has white space to spare", s, got)
	case Clean(got, max) != got:
		t.Fatalf("%+q: %+q cleans to %+q", s, got, Clean(got, max))
	}
	for _, r := range got {
		if r != ' ' && (unicode.IsControl(r) || unicode.IsSpace(r) || unicode.Is(unicode.Bidi_Control, r)) {
			t.Fatalf("%+q: %+q holds %U", s, got, r)
		}
	}
}

func TestCleanHoldsForAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		checkClean(t, hostile().Draw(t, "text"), rapid.IntRange(1, 20).Draw(t, "max"))
	})
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"", "abc def", "a\x1b[31mb", "\u202eabc", "\xff\xfe", "می\u200cخواهم", "o\u0301\u0302"} {
		f.Add(s, 5)
	}
	f.Fuzz(func(t *testing.T, s string, max int) {
		if max < 1 || max > 1000 {
			return
		}
		checkClean(t, s, max)
	})
}

func TestCleanTextCostsNothing(t *testing.T) {
	s := "The Name of the Rose / Umberto Eco; translated by William Weaver."
	if n := testing.AllocsPerRun(100, func() { _ = Clean(s, 200) }); n != 0 {
		t.Errorf("%v allocations for clean ASCII", n)
	}
}
