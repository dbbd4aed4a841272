// Package grid lays styled lines out as a terminal would show them.
//
// It knows cells and escape sequences. It does not know programs, keys or the words on the screen.
package grid

import (
	"io"
	"strings"

	"github.com/charmbracelet/x/vt"
)

// Of is the screen that a terminal of that size shows of content: lines parted by \n, with styles as escape
// sequences. Questions to the terminal in the content get no answer.
func Of(content string, cols, rows int) *vt.Emulator {
	em := vt.NewEmulator(cols, rows)
	if pipe, ok := em.InputPipe().(io.Closer); ok {
		_ = pipe.Close() // a pipe's Close gives no error
	}
	for i, line := range strings.Split(content, "\n") {
		if i > 0 {
			_, _ = em.WriteString("\r\n") // an open emulator takes all
		}
		_, _ = em.WriteString(line)
	}
	return em
}

// Lines is what stands on the screen, one string a row, without styles and without blanks at the ends of rows.
func Lines(em *vt.Emulator) []string {
	lines := make([]string, em.Height())
	for y := range lines {
		var b strings.Builder
		for x := 0; x < em.Width(); {
			c := em.CellAt(x, y)
			if c == nil || c.Content == "" {
				b.WriteByte(' ')
				x++
				continue
			}
			b.WriteString(c.Content)
			x += max(c.Width, 1)
		}
		lines[y] = strings.TrimRight(b.String(), " ")
	}
	return lines
}
