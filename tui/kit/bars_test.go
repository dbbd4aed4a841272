package kit

import (
	"strings"
	"testing"
)

func TestTheStatusLineDropsTheLeastImportantFirst(t *testing.T) {
	left := []Segment{{"Riverside", 2, 6}, {"Main desk", 1, 0}, {"Ana K.", 0, 0}}
	right := []Segment{{"line up", 0, 0}, {"0 waiting", 0, 0}, {"Mon 14:05", 3, 0}}
	for _, c := range []struct {
		width int
		want  string
	}{
		{70, " Riverside · Main desk · Ana K.      line up · 0 waiting · Mon 14:05 "},
		{60, " Riverside · Main desk · Ana K.       line up · 0 waiting "},
		{51, " Rivers… · Main desk · Ana K.  line up · 0 waiting "},
		{50, " River… · Main desk · Ana K.  line up · 0 waiting "},
		{49, " Main desk · Ana K.            line up · 0 waiting "},
		{45, " Main desk · Ana K.      line up · 0 waiting "},
		{32, " Ana K.     line up · 0 waiting "},
		{25, "    line up · 0 waiting  "},
	} {
		got := StatusLine(Look{}, Bar, c.width, left, right)
		if (Look{}).Len(got) != c.width {
			t.Errorf("%d columns: %q has %d", c.width, got, (Look{}).Len(got))
		}
		if strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(c.want), " ") && c.width > 25 {
			t.Errorf("%d columns: %q, want %q", c.width, got, c.want)
		}
		if !strings.Contains(got, "0 waiting") {
			t.Errorf("%d columns: %q does not say what waits", c.width, got)
		}
	}
}

func TestABarFillsItsLine(t *testing.T) {
	for _, c := range []struct {
		name        string
		left, right string
		width       int
		want        string
	}{
		{"two ends", "BOOKDROP", "until 14:15", 30, " BOOKDROP         until 14:15 "},
		{"one end", "NOT LISTENING", "", 20, " NOT LISTENING      "},
		{"too narrow", "NOT LISTENING", "", 8, " NOT L… "},
		{"a hostile name", "a\x1b[2Jb", "", 12, " a\uFFFD[2Jb     "},
		{"no width", "x", "y", 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := FullBar(Look{}, Alarm, c.width, c.left, c.right); got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestTheLineOfFunctionKeys(t *testing.T) {
	tabs := []Tab{{"f2", "Out", true}, {"f3", "In", false}, {"f10", "…", false}}
	for _, c := range []struct {
		width int
		want  string
	}{
		{80, "[F2 Out] F3 In  F10 … "}, {21, "[F2 Out] F3 In  …"}, {12, "[F2 Out] …"}, {3, " …"}, {1, ""},
	} {
		got, zones := KeyLine(Look{}, nil, c.width, tabs)
		if got != c.want {
			t.Errorf("%d columns: %q, want %q", c.width, got, c.want)
		}
		for _, z := range zones { // all that is seen of a tab is its key's
			if seen := strings.Trim(got[z.From:z.To], "[] "); !strings.HasPrefix(seen, KeyCaps(nil).Show(z.Key)) || KeyAt(zones, z.From) != z.Key || KeyAt(zones, z.To-1) != z.Key {
				t.Errorf("%d columns: %+v is %q", c.width, z, seen)
			}
		}
	}
}

func TestAScreenHasItsSize(t *testing.T) {
	got := Compose(Look{}, 5, 3, []string{"123456", "東京東京"})
	if got != "1234…\n東京…\n" {
		t.Errorf("%q", got)
	}
	if got := Compose(Look{}, 5, 1, []string{"1", "2"}); got != "1" {
		t.Errorf("%q", got)
	}
	if got := Cramped(Look{}, 20, 4, "needs 80x24", []string{" OUT", " due", " more"}, " scan 312"); got != "needs 80x24         \n OUT\n due\n scan 312" {
		t.Errorf("%q", got)
	}
	if got := Cramped(Look{}, 20, 1, "needs 80x24", []string{" OUT"}, " scan 312"); got != " scan 312" {
		t.Errorf("one line only: %q", got)
	}
	if !Fits(80, 24) || Fits(79, 24) || Fits(80, 23) {
		t.Error("80x24 is the least")
	}
	if got := RuleLine(Look{}, 3); got != "───" {
		t.Errorf("%q", got)
	}
}
