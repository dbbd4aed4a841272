package text

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPad(t *testing.T) {
	for _, row := range []struct {
		name  string
		text  string
		width int
		want  string
	}{
		{"shorter than the column", "abc", 5, "abc  "},
		{"as wide as the column", "abcde", 5, "abcde"},
		{"wider than the column", "abcdef", 5, "abcd…"},
		{"wide characters that fit", "紅樓", 5, "紅樓 "},
		{"wide characters that do not", "紅樓夢", 5, "紅樓…"},
		{"half a wide character is a space", "紅樓夢", 4, "紅… "},
		{"combining marks take no room", "q\u0308q\u0308", 4, "q\u0308q\u0308  "},
		{"a letter keeps its mark at the cut", "q\u0308q\u0308q\u0308", 2, "q\u0308…"},
		{"an emoji", "📚📚", 3, "📚…"},
		{"a column of one", "紅", 1, "…"},
		{"no column", "abc", 0, ""},
		{"less than no column", "abc", -3, ""},
		{"nothing", "", 3, "   "},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := Pad(row.text, row.width); got != row.want {
				t.Errorf("got %+q, want %+q", got, row.want)
			}
		})
	}
}

func TestWidth(t *testing.T) {
	for text, want := range map[string]int{"": 0, "abc": 3, "紅樓夢": 6, "q\u0308": 1, "한국": 4, "📚": 2, " a": 2, "…": 1} {
		if got := Width(text); got != want {
			t.Errorf("%+q: got %d, want %d", text, got, want)
		}
	}
}

// Whatever the text, a padded column is as wide as asked, and a cut one no
// wider, and nothing but its end is changed.
func TestColumnsHoldForAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := Clean(hostile().Draw(t, "text"), 100)
		width := rapid.IntRange(0, 20).Draw(t, "width")
		if got := Pad(s, width); Width(got) != width {
			t.Fatalf("%+q in %d columns takes %d: %+q", s, width, Width(got), got)
		}
		if got := Cut(s, width); Width(got) > width || got != s && !strings.HasPrefix(s, strings.TrimSuffix(got, Ellipsis)) {
			t.Fatalf("%+q cut to %d columns is %+q", s, width, got)
		}
	})
}
