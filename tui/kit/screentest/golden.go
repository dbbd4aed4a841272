package screentest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
	"github.com/charmbracelet/x/vt"

	"circdesk/tui/kit/internal/grid"
)

var update = flag.Bool("update", false, "write golden files anew")

// Golden compares what a terminal of that size shows of view (a tea.View's Content) with testdata/name.txt, cell
// for cell without styles. A view that has more rows or columns than the terminal fails. With -update the file is
// written.
func Golden(tb testing.TB, name, view string, cols, rows int) {
	tb.Helper()
	em := show(tb, name, view, cols, rows)
	compare(tb, name+".txt", strings.Join(grid.Lines(em), "\n")+"\n")
}

// GoldenStyled is [Golden], and compares the styles with testdata/name.style: one line for each piece of a row that
// has a style, such as "3 10-14 bold reverse fg=1".
func GoldenStyled(tb testing.TB, name, view string, cols, rows int) {
	tb.Helper()
	em := show(tb, name, view, cols, rows)
	compare(tb, name+".txt", strings.Join(grid.Lines(em), "\n")+"\n")
	compare(tb, name+".style", strings.Join(styleLines(em), "\n")+"\n")
}

// Lines is what a terminal of that size shows of view, one string a row, without styles.
func Lines(view string, cols, rows int) []string { return grid.Lines(grid.Of(view, cols, rows)) }

func show(tb testing.TB, name, view string, cols, rows int) *vt.Emulator {
	tb.Helper()
	lines := strings.Split(view, "\n")
	if len(lines) > rows {
		tb.Errorf("screen %s: %d rows in a terminal of %d", name, len(lines), rows)
	}
	for i, l := range lines {
		if w := ansi.StringWidth(l); w > cols {
			tb.Errorf("screen %s: row %d has %d columns in a terminal of %d", name, i, w, cols)
		}
	}
	return grid.Of(view, cols, rows)
}

func compare(tb testing.TB, file, got string) {
	tb.Helper()
	path := filepath.Join("testdata", filepath.FromSlash(file))
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			tb.Fatalf("make a folder for golden file %s: %v", path, err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			tb.Fatalf("write golden file %s: %v", path, err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		tb.Fatalf("read golden file %s (go test -update writes it): %v", path, err)
	}
	if w := strings.ReplaceAll(string(want), "\r\n", "\n"); w != got {
		tb.Errorf("%s differs (go test -update, if it should):\n%s", path, differing(w, got))
	}
}

// differing shows the rows that differ, as - wanted and + got.
func differing(want, got string) string {
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	var b strings.Builder
	for i := range max(len(w), len(g)) {
		var a, c string
		if i < len(w) {
			a = w[i]
		}
		if i < len(g) {
			c = g[i]
		}
		if a != c {
			fmt.Fprintf(&b, "row %d\n-%s\n+%s\n", i, a, c)
		}
	}
	return b.String()
}

// styleLines names the styled pieces of each row.
func styleLines(em *vt.Emulator) []string {
	var lines []string
	for y := range em.Height() {
		from, name := 0, ""
		for x := range em.Width() + 1 {
			now := ""
			if c := em.CellAt(x, y); x < em.Width() && c != nil {
				now = styleName(c.Style)
				if c.Width == 0 { // the second half of a wide character
					now = name
				}
			}
			if now == name {
				continue
			}
			if name != "" {
				lines = append(lines, fmt.Sprintf("%d %d-%d %s", y, from, x, name))
			}
			from, name = x, now
		}
	}
	return lines
}

func styleName(s uv.Style) string {
	var parts []string
	for _, a := range []struct {
		bit  uint8
		name string
	}{{uv.AttrBold, "bold"}, {uv.AttrFaint, "faint"}, {uv.AttrItalic, "italic"}, {uv.AttrReverse, "reverse"}, {uv.AttrStrikethrough, "struck"}} {
		if s.Attrs&a.bit != 0 {
			parts = append(parts, a.name)
		}
	}
	if s.Underline != uv.UnderlineNone {
		parts = append(parts, "underline")
	}
	if s.Fg != nil {
		parts = append(parts, "fg="+colorName(s.Fg))
	}
	if s.Bg != nil {
		parts = append(parts, "bg="+colorName(s.Bg))
	}
	return strings.Join(parts, " ")
}

func colorName(c any) string {
	switch c := c.(type) {
	case ansi.BasicColor:
		return fmt.Sprint(uint8(c))
	case ansi.IndexedColor:
		return fmt.Sprint(uint8(c))
	}
	return fmt.Sprintf("%v", c)
}
