package scanner

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// read is a scan some milliseconds after the beginning.
func read(ms int, text string) Scan {
	return Scan{Text: text, Source: "desk 1", At: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC).Add(time.Duration(ms) * time.Millisecond)}
}

func TestRepeats(t *testing.T) {
	other := func(s Scan, change func(*Scan)) Scan {
		change(&s)
		return s
	}
	for _, row := range []struct {
		name   string
		within time.Duration
		reads  []Scan
		want   string // their texts
	}{
		{"a label", 0, []Scan{read(0, "1")}, "1"},
		{"a label that still lies there", 0, []Scan{read(0, "1"), read(399, "1")}, "1"},
		{"a label that was shown again", 0, []Scan{read(0, "1"), read(400, "1")}, "1 1"},
		{"a label that lies there for a second", 0, []Scan{read(0, "1"), read(300, "1"), read(600, "1"), read(900, "1"), read(1200, "1")}, "1"},
		{"a label that lay there for a second, and was shown again", 0, []Scan{read(0, "1"), read(300, "1"), read(600, "1"), read(1000, "1")}, "1 1"},
		{"two labels", 0, []Scan{read(0, "1"), read(1, "2")}, "1 2"},
		{"two labels on one book, in turns", 0, []Scan{read(0, "1"), read(100, "2"), read(200, "1"), read(300, "2"), read(400, "1")}, "1 2"},
		{"two books under two readers", 0, []Scan{read(0, "1"), other(read(1, "1"), func(s *Scan) { s.Source = "desk 2" })}, "1 1"},
		{"the same number in other bars", 0, []Scan{read(0, "1"), other(read(1, "1"), func(s *Scan) { s.Symbology = "]F0" })}, "1 1"},
		{"a clock that was set back", 0, []Scan{read(1000, "1"), read(0, "1"), read(100, "1")}, "1 1"},
		{"a reader that is quicker", 100 * time.Millisecond, []Scan{read(0, "1"), read(99, "1"), read(199, "1")}, "1 1"},
		{"a reader that never reads again", -1, []Scan{read(0, "1"), read(0, "1")}, "1 1"},
	} {
		t.Run(row.name, func(t *testing.T) {
			r := Repeats{Within: row.within}
			var got []string
			give := r.Once(func(s Scan) { got = append(got, s.Text) })
			for _, s := range row.reads {
				give(s)
			}
			if strings.Join(got, " ") != row.want {
				t.Errorf("gave %q, want %s", got, row.want)
			}
		})
	}
}

// A code that was not read within the time before is always given, one that was never
// is; and nothing piles up.
func TestRepeatsLoseNothingElse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r Repeats
		last, ms := map[string]int{}, 0
		for range rapid.IntRange(1, 200).Draw(t, "reads") {
			ms += rapid.IntRange(0, 500).Draw(t, "later")
			text := strconv.Itoa(rapid.IntRange(1, 5).Draw(t, "text"))
			before, ok := last[text]
			want := ok && ms-before < 400
			if got := r.Again(read(ms, text)); got != want {
				t.Fatalf("%s at %d ms, before at %d: %v", text, ms, before, got)
			}
			last[text] = ms
		}
	})
	var r Repeats
	for i := range 10_000 {
		if r.Again(read(0, strconv.Itoa(i))) {
			t.Fatalf("%d was not read before", i)
		}
	}
	if len(r.seen) > mostSeen {
		t.Errorf("%d codes are remembered", len(r.seen))
	}
}
