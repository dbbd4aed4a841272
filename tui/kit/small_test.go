package kit

import (
	"strings"
	"testing"
	"time"
)

func TestABellRingsOncePerOutcomeAndNotOnAndOn(t *testing.T) {
	at := time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name  string
		bell  Bell
		first Sound
		kind  Sound
		after time.Duration
		want  bool
	}{
		{"a stop is heard", Bell{Table: Sounds()}, "", SoundStop, 0, true},
		{"a good outcome is silent", Bell{Table: Sounds()}, "", SoundGood, 0, false},
		{"a kind of nobody's is silent", Bell{Table: Sounds()}, "", "fanfare", 0, false},
		{"off", Bell{Table: Sounds(), Off: true}, "", SoundStop, 0, false},
		{"no table", Bell{}, "", SoundStop, 0, false},
		{"not into a sound that plays", Bell{Table: Sounds()}, SoundStop, SoundHeld, 100 * time.Millisecond, false},
		{"again when it is over", Bell{Table: Sounds()}, SoundStop, SoundHeld, time.Second, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.first != "" && c.bell.Ring(c.first, at) == nil {
				t.Fatal("the first is not heard")
			}
			if got := c.bell.Ring(c.kind, at.Add(c.after)) != nil; got != c.want {
				t.Errorf("heard: %v", got)
			}
		})
	}
}

func TestThePatternsOfABell(t *testing.T) {
	for s, fine := range map[string]bool{"": true, "x-x": true, "xx": true, "x x": false, "\a": false, strings.Repeat("x", 16): false} {
		if p, err := ParsePattern(s); (err == nil) != fine || fine && string(p) != s {
			t.Errorf("pattern %q: %q, %v", s, p, err)
		}
	}
	for kind, p := range Sounds() {
		if _, err := ParsePattern(string(p)); err != nil {
			t.Errorf("sound %s: %v", kind, err)
		}
	}
	table := Sounds()
	seen := map[Pattern]Sound{}
	for _, kind := range []Sound{SoundGood, SoundHeld, SoundTransit, SoundAsk, SoundStop} {
		if other, twice := seen[table[kind]]; twice {
			t.Errorf("%s sounds like %s", kind, other)
		}
		seen[table[kind]] = kind
	}
}

func TestMessagesComeAndGo(t *testing.T) {
	var ts Toasts
	if ts.View(Look{}, 40)[0] != "" {
		t.Error("something without messages")
	}
	over := func(role Role, s string) func() {
		cmd := ts.Add(role, s, time.Microsecond)
		return func() { ts.Update(cmd()) }
	}
	first := over(Info, "slip printed")
	again := over(Info, "slip printed")
	second := over(Good, "line up")
	if got := strings.TrimLeft(ts.View(Look{}, 40)[0], " "); got != "slip printed · line up" {
		t.Errorf("shows %q", got)
	}
	if got := ts.View(Look{}, 12)[0]; strings.TrimSpace(got) != "line up" || (Look{}).Len(got) > 12 {
		t.Errorf("narrow: %q", got)
	}
	if got := ts.View(Look{}, 12, 20); strings.TrimSpace(got[0]) != "line up" || strings.TrimSpace(got[1]) != "slip printed" {
		t.Errorf("in two lines: %q", got)
	}
	first()
	if got := ts.View(Look{}, 40)[0]; !strings.Contains(got, "slip printed") {
		t.Errorf("the same words, said again, have gone with the first: %q", got)
	}
	again()
	if got := strings.TrimSpace(ts.View(Look{}, 40)[0]); got != "line up" {
		t.Errorf("shows %q", got)
	}
	second()
	if ts.View(Look{}, 40)[0] != "" {
		t.Error("still there")
	}
	for range 9 {
		over(Plain, strings.Repeat("x", len(ts.list)+1))
	}
	if len(ts.list) > toastMost {
		t.Errorf("%d kept", len(ts.list))
	}
	ts.Clear()
	if ts.View(Look{}, 40)[0] != "" {
		t.Error("there after Clear")
	}
}

func TestProgressIsToldInNumbers(t *testing.T) {
	for _, c := range []struct {
		name  string
		p     Progress
		width int
		want  string
	}{
		{"half way", Progress{"load", 50, 100}, 40, " load  #########·········   50%  50/100"},
		{"nearly all is not all", Progress{"load", 999, 1000}, 24, " load   99%  999/1000"},
		{"all", Progress{"load", 9, 9}, 24, " load  ####### 100%  9/9"},
		{"nobody knows how much", Progress{"load", 37, 0}, 40, " load  37"},
		{"more than there was", Progress{"load", 12, 10}, 20, " load  100%  12/10"},
		{"less than nothing", Progress{"load", -1, 10}, 20, " load    0%  -1/10"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := c.p.View(Look{}, c.width)
			if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(c.want), " ") && !strings.Contains(c.want, "#") || (Look{}).Len(got) > c.width {
				t.Errorf("%q, want %q", got, c.want)
			}
			if strings.Contains(c.want, "#") && !strings.Contains(got, "#") {
				t.Errorf("no bar in %q", got)
			}
		})
	}
}
