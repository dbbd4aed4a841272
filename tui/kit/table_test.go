package kit

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"
)

func rowsOf(keys ...string) []Row {
	var rows []Row
	for _, k := range keys {
		rows = append(rows, Row{Key: k, Cells: []Cell{{Text: "OUT"}, {Text: "title " + k}, {Text: "Mon 14 Dec"}}})
	}
	return rows
}

func loans() *Table {
	return &Table{Columns: []Column{{Title: "Word", Width: 8}, {Title: "Title", Least: 10}, {Title: "Due", Width: 10, Drop: 1}}}
}

func TestTheChoiceStaysOnItsRow(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(*Table)
		want   string
	}{
		{"rows come before it", func(t *Table) { t.SetRows(rowsOf("x", "y", "a", "b", "c")) }, "b"},
		{"rows change their order", func(t *Table) { t.SetRows(rowsOf("c", "b", "a")) }, "b"},
		{"it goes: the one in its place", func(t *Table) { t.SetRows(rowsOf("a", "c")) }, "c"},
		{"it goes and was the last", func(t *Table) { t.Choose("c"); t.SetRows(rowsOf("a", "b")) }, "b"},
		{"another goes", func(t *Table) { t.SetRows(rowsOf("b", "c")) }, "b"},
		{"all go", func(t *Table) { t.SetRows(nil) }, ""},
		{"it changes where it stands", func(t *Table) { t.Put(Row{Key: "b", Cells: []Cell{{Text: "RENEWED"}}}) }, "b"},
		{"a row without a key is no row", func(t *Table) { t.Put(Row{}); t.SetRows(append(rowsOf("b"), Row{})) }, "b"},
		{"what is not there cannot be chosen", func(t *Table) { t.Choose("z") }, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			tab := loans()
			tab.SetRows(rowsOf("a", "b", "c"))
			tab.Choose("b")
			c.change(tab)
			if tab.Chosen() != c.want {
				t.Errorf("chosen %q, want %q", tab.Chosen(), c.want)
			}
		})
	}
}

func TestKeysMoveTheChoice(t *testing.T) {
	for _, c := range []struct {
		name string
		keys []string
		want string
	}{
		{"down from nothing", []string{"down"}, "a"},
		{"up from nothing begins at the end", []string{"up"}, "e"},
		{"down and down", []string{"down", "down"}, "b"},
		{"not beyond the end", []string{"end", "down", "pgdown"}, "e"},
		{"not before the beginning", []string{"home", "up", "pgup"}, "a"},
		{"a page of three keeps one row in sight", []string{"home", "pgdown"}, "c"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tab := loans()
			tab.SetRows(rowsOf("a", "b", "c", "d", "e"))
			for _, k := range c.keys {
				if !tab.Input(k, 3) {
					t.Errorf("%s is not used", k)
				}
			}
			if tab.Chosen() != c.want {
				t.Errorf("chosen %q, want %q", tab.Chosen(), c.want)
			}
		})
	}
	if loans().Input("f2", 3) {
		t.Error("F2 is used")
	}
}

func TestWhatATableShows(t *testing.T) {
	for _, c := range []struct {
		name string
		tab  func() *Table
		w, h int
		want []string
	}{
		{"rows from the top", func() *Table { x := loans(); x.SetRows(rowsOf("1", "2")); return x }, 40, 3,
			[]string{" OUT       title 1            Mon 14 Dec", " OUT       title 2            Mon 14 Dec", ""}},
		{"growing up from the foot", func() *Table { x := loans(); x.Upward = true; x.SetRows(rowsOf("1")); return x }, 40, 2,
			[]string{"", " OUT       title 1            Mon 14 Dec"}},
		{"the end of a long list that grows up", func() *Table { x := loans(); x.Upward = true; x.SetRows(rowsOf("1", "2", "3")); return x }, 40, 1,
			[]string{" OUT       title 3            Mon 14 Dec"}},
		{"titles", func() *Table { x := loans(); x.Titles = true; x.SetRows(rowsOf("1")); return x }, 40, 2,
			[]string{" Word      Title              Due", " OUT       title 1            Mon 14 Dec"}},
		{"too narrow: the due date goes", func() *Table { x := loans(); x.SetRows(rowsOf("1")); return x }, 24, 1,
			[]string{" OUT       title 1"}},
		{"the chosen row has a mark and its whole width", func() *Table { x := loans(); x.SetRows(rowsOf("1")); x.Choose("1"); return x }, 40, 1,
			[]string{">OUT       title 1            Mon 14 Dec"}},
		{"the chosen row is in sight", func() *Table { x := loans(); x.SetRows(rowsOf("1", "2", "3")); x.Choose("3"); return x }, 24, 2,
			[]string{" OUT       title 2", ">OUT       title 3      "}},
		{"no room", loans, 40, 0, []string{}},
		{"amounts stand at the right", func() *Table {
			return &Table{Columns: []Column{{Width: 6, Right: true}}, rows: []Row{{Key: "1", Cells: []Cell{{Text: "3.20"}}}}}
		}, 10, 1, []string{"   3.20"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := c.tab().View(Look{}, c.w, c.h); !slices.Equal(got, c.want) {
				t.Errorf("got %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestADueDateStandsInItsColumnWhateverTheTitle(t *testing.T) {
	for _, look := range []Look{{}, {Columns: ansi.GraphemeWidth}} {
		for _, name := range hardNames {
			tab := loans()
			tab.SetRows([]Row{{Key: "1", Cells: []Cell{{Text: "OUT"}, {Text: name}, {Text: "Mon 14 Dec"}}}})
			line := tab.View(look, 40, 1)[0]
			before, _, found := strings.Cut(line, "Mon 14 Dec")
			if !found || look.Len(before) != 30 {
				t.Errorf("counting %d, title %q: the date is at %d in %q", look.Columns, name, look.Len(before), line)
			}
			if strings.ContainsAny(line, "\x1b\n\u202e") {
				t.Errorf("title %q reaches the screen as %q", name, line)
			}
		}
	}
}

// Whatever comes and goes, the chosen row is one of the rows and in sight, a row with its key stays chosen, and
// no line is too wide.
func TestATableUnderAnyHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tab := loans()
		tab.Upward = rapid.Bool().Draw(t, "upward")
		model := []string{}
		key := func(name string) string {
			return string(rune('a' + rapid.IntRange(0, 11).Draw(t, name)))
		}
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			was, still := tab.Chosen(), true
			switch rapid.IntRange(0, 4).Draw(t, "step") {
			case 0:
				k := key("put")
				tab.Put(rowsOf(k)[0])
				if !slices.Contains(model, k) {
					model = append(model, k)
				}
			case 1:
				k := key("remove")
				model = slices.DeleteFunc(slices.Clone(model), func(m string) bool { return m == k })
				tab.SetRows(rowsOf(model...))
			case 2:
				model = rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) string {
					return string(rune('a' + rapid.IntRange(0, 11).Draw(t, "row")))
				}), 0, 12, rapid.ID[string]).Draw(t, "rows")
				tab.SetRows(rowsOf(model...))
			default:
				tab.Input(rapid.SampledFrom([]string{"up", "down", "pgup", "pgdown", "home", "end"}).Draw(t, "key"), 4)
				still = false
			}
			var keys []string
			for _, r := range tab.rows {
				keys = append(keys, r.Key)
			}
			if !slices.Equal(keys, model) && len(keys)+len(model) > 0 {
				t.Fatalf("rows %q, want %q", keys, model)
			}
			if still && slices.Contains(model, was) && tab.Chosen() != was {
				t.Fatalf("the choice went from %q to %q", was, tab.Chosen())
			}
			if c := tab.Chosen(); c != "" && !slices.Contains(model, c) {
				t.Fatalf("%q is chosen and not there", c)
			}
			w, h := rapid.IntRange(0, 60).Draw(t, "w"), rapid.IntRange(0, 8).Draw(t, "h")
			lines := tab.View(Look{}, w, h)
			marks := 0
			for _, l := range lines {
				if n := (Look{}).Len(l); n > max(w, 1) {
					t.Fatalf("%d columns in %d: %q", n, w, l)
				}
				if strings.HasPrefix(l, ">") {
					marks++
				}
			}
			if len(lines) != h || tab.Chosen() != "" && w > 0 && h > 0 && marks != 1 {
				t.Fatalf("%d lines for %d, %d marks, chosen %q", len(lines), h, marks, tab.Chosen())
			}
		}
	})
}

func BenchmarkTableView(b *testing.B) {
	theme, _ := NewTheme(Sixteen)
	tab := loans()
	var rows []Row
	for i := range 10000 {
		rows = append(rows, rowsOf(fmt.Sprint(i))...)
	}
	tab.SetRows(rows)
	b.ReportAllocs()
	for b.Loop() {
		tab.View(Look{Theme: theme}, 80, 14)
	}
}

func TestALongCellTakesTheRoomOfTheColumnsAfterIt(t *testing.T) {
	tab := Table{Columns: []Column{{Width: 4}, {Least: 6}, {Width: 5}}}
	tab.Put(Row{Key: "a", Cells: []Cell{{Text: "OUT"}, {Text: "Middlemarch"}, {Text: "…0017"}}})
	tab.Put(Row{Key: "b", Long: true, Cells: []Cell{{Text: "PAID"}, {Text: "2.40 from Maria"}}})
	tab.Put(Row{Key: "c", Long: true, Cells: []Cell{{Text: "PAID"}, {Text: "2.40 from somebody with a name"}}})
	tab.Choose("c")
	got := tab.View(Look{}, 24, 3)
	for i, want := range []string{" OUT   Middlemar…  …0017", " PAID  2.40 from Maria", ">PAID  2.40 from somebo…"} {
		if !strings.HasPrefix(got[i], want) {
			t.Errorf("row %d: %q, want %q", i, got[i], want)
		}
		if (Look{}).Len(got[i]) > 24 {
			t.Errorf("row %d: %q is too wide", i, got[i])
		}
	}
}
