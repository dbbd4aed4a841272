package svg

import (
	"bufio"
	"fmt"
	"image/color"
	"io"
	"strings"
	"unicode/utf8"

	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"

	"circdesk/tui/kit/internal/grid"
)

// Screen is what is drawn: an emulator of github.com/charmbracelet/x/vt is one.
type Screen interface {
	Width() int
	Height() int
	CellAt(x, y int) *uv.Cell
}

// Palette is the colours that a terminal's user chooses.
type Palette struct {
	Text, Ground color.RGBA
	Sixteen      [16]color.RGBA
}

// Night is a dark palette, Day a light one. Their hues keep apart for people who see no red or no green.
func Night() Palette {
	return Palette{
		Text: rgb(0xe6e6e6), Ground: rgb(0x16181d),
		Sixteen: [16]color.RGBA{
			rgb(0x16181d), rgb(0xff8c5a), rgb(0x7fd1a8), rgb(0xf2c14e), rgb(0x6fb1ff), rgb(0xd7a6e8), rgb(0x7fd6e6), rgb(0xd0d0d0),
			rgb(0x8a9099), rgb(0xffa97f), rgb(0xa3e3c2), rgb(0xffdb85), rgb(0x9dcaff), rgb(0xe8c8f4), rgb(0xa8e6f0), rgb(0xffffff),
		},
	}
}

// Day is the palette for print.
func Day() Palette {
	return Palette{
		Text: rgb(0x1c1e21), Ground: rgb(0xffffff),
		Sixteen: [16]color.RGBA{
			rgb(0x000000), rgb(0xa83200), rgb(0x00664a), rgb(0x7a5600), rgb(0x004f9e), rgb(0x7b2d87), rgb(0x006575), rgb(0x5b5f66),
			rgb(0x44484e), rgb(0xc23b00), rgb(0x007a58), rgb(0x8f6500), rgb(0x0060bf), rgb(0x93369f), rgb(0x00788a), rgb(0xffffff),
		},
	}
}

func rgb(v uint32) color.RGBA {
	return color.RGBA{R: uint8(v >> 16), G: uint8(v >> 8), B: uint8(v), A: 0xff}
}

// The size of a cell and the place of the letters in it, in the picture's own units.
const (
	cellWidth  = 9
	cellHeight = 20
	baseline   = 15
	fontSize   = 15
	margin     = 12
)

// String draws styled lines as a terminal of that size shows them. The title is for those who cannot see the
// picture; it may be empty.
func String(w io.Writer, title, content string, cols, rows int, p Palette) error {
	return Write(w, title, grid.Of(content, cols, rows), p)
}

// Write draws the screen. The same screen always gives the same bytes, and its text can be selected. The error is
// the writer's.
func Write(w io.Writer, title string, s Screen, p Palette) error {
	out := bufio.NewWriter(w)
	width, height := s.Width()*cellWidth+2*margin, s.Height()*cellHeight+2*margin
	fmt.Fprintf(out, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" role="img">`+"\n", width, height, width, height)
	if title != "" {
		fmt.Fprintf(out, "<title>%s</title>\n", escape(title))
	}
	fmt.Fprintf(out, `<rect width="%d" height="%d" rx="6" fill="%s"/>`+"\n", width, height, hex(p.Ground))
	fmt.Fprintf(out, `<g font-family="ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="%d" fill="%s" xml:space="preserve" style="white-space:pre">`+"\n", fontSize, hex(p.Text))
	for y := range s.Height() {
		row := runs(s, y, p)
		grounds(out, y, row, p)
		for _, r := range row {
			r.draw(out, y, p)
		}
	}
	fmt.Fprint(out, "</g>\n</svg>\n")
	if err := out.Flush(); err != nil {
		return fmt.Errorf("write picture %q: %w", title, err)
	}
	return nil
}

// run is neighbouring cells of one row that look alike.
type run struct {
	x, cells int
	text     strings.Builder
	look     look
	even     bool // letters that every font for terminals draws one cell wide
}

// look is a cell's style with the palette applied.
type look struct {
	fg, bg                                  color.RGBA
	bold, faint, italic, underline, through bool
}

func runs(s Screen, y int, p Palette) []*run {
	var all []*run
	for x := 0; x < s.Width(); {
		c := s.CellAt(x, y)
		text, cells, l := " ", 1, look{fg: p.Text, bg: p.Ground}
		if c != nil {
			l = cellLook(c.Style, p)
			cells = max(c.Width, 1)
			if c.Content != "" && c.Style.Attrs&uv.AttrConceal == 0 {
				text = c.Content
			}
		}
		last := len(all) - 1
		// A cell that is neither a plain letter nor a rule stands by itself, so that a font that draws it wider moves
		// nothing.
		even := len(text) == 1 || text == "─"
		joins := last >= 0 && all[last].even && even && all[last].look == l
		if !joins {
			all = append(all, &run{x: x, look: l, even: even})
			last++
		}
		all[last].text.WriteString(text)
		all[last].cells += cells
		x += cells
	}
	return all
}

func cellLook(st uv.Style, p Palette) look {
	l := look{fg: resolve(st.Fg, p.Text, p), bg: resolve(st.Bg, p.Ground, p)}
	if st.Attrs&uv.AttrReverse != 0 {
		l.fg, l.bg = l.bg, l.fg
	}
	l.bold = st.Attrs&uv.AttrBold != 0
	l.faint = st.Attrs&uv.AttrFaint != 0
	l.italic = st.Attrs&uv.AttrItalic != 0
	l.through = st.Attrs&uv.AttrStrikethrough != 0
	l.underline = st.Underline != uv.UnderlineNone
	return l
}

// resolve is the colour as the palette shows it; nil is the terminal's own.
func resolve(c color.Color, own color.RGBA, p Palette) color.RGBA {
	switch c := c.(type) {
	case nil:
		return own
	case ansi.BasicColor:
		if int(c) < len(p.Sixteen) {
			return p.Sixteen[c]
		}
	case ansi.IndexedColor:
		if int(c) < len(p.Sixteen) {
			return p.Sixteen[c]
		}
	}
	r, g, b, _ := c.RGBA()
	return color.RGBA{R: uint8(r >> 8), G: uint8(g >> 8), B: uint8(b >> 8), A: 0xff}
}

func (r *run) draw(w io.Writer, y int, p Palette) {
	left, top, width := margin+r.x*cellWidth, margin+y*cellHeight, r.cells*cellWidth
	text := r.text.String()
	if part, ok := blocks[text]; ok { // as rectangles, whatever the font: they touch then
		fmt.Fprintf(w, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", left, top+part.from, width, part.height, hex(r.look.fg))
		return
	}
	if !r.look.underline && !r.look.through {
		words := strings.TrimRight(text, " ")
		width -= (len(text) - len(words)) * cellWidth
		text = words
	}
	if text == "" {
		return
	}
	fmt.Fprintf(w, `<text x="%d" y="%d" textLength="%d" lengthAdjust="spacingAndGlyphs"`, left, top+baseline, width)
	if r.look.fg != p.Text {
		fmt.Fprintf(w, ` fill="%s"`, hex(r.look.fg))
	}
	if r.look.bold {
		fmt.Fprint(w, ` font-weight="bold"`)
	}
	if r.look.faint {
		fmt.Fprint(w, ` opacity="0.7"`)
	}
	if r.look.italic {
		fmt.Fprint(w, ` font-style="italic"`)
	}
	if lines := decoration(r.look); lines != "" {
		fmt.Fprintf(w, ` text-decoration="%s"`, lines)
	}
	fmt.Fprintf(w, ">%s</text>\n", escape(text))
}

// blocks are the characters that fill their cell or half of it, in pixels from its top.
var blocks = map[string]struct{ from, height int }{
	"█": {0, cellHeight}, "▀": {0, cellHeight / 2}, "▄": {cellHeight / 2, cellHeight / 2},
}

// grounds paints what lies behind the runs of a row: one piece for as far as the colour is the same, so that no
// seam is seen.
func grounds(w io.Writer, y int, row []*run, p Palette) {
	for i := 0; i < len(row); {
		from, bg, cells := row[i].x, row[i].look.bg, 0
		for ; i < len(row) && row[i].look.bg == bg; i++ {
			cells += row[i].cells
		}
		if bg != p.Ground {
			fmt.Fprintf(w, `<rect x="%d" y="%d" width="%d" height="%d" fill="%s"/>`+"\n", margin+from*cellWidth, margin+y*cellHeight, cells*cellWidth, cellHeight, hex(bg))
		}
	}
}

func decoration(l look) string {
	var d []string
	if l.underline {
		d = append(d, "underline")
	}
	if l.through {
		d = append(d, "line-through")
	}
	return strings.Join(d, " ")
}

func hex(c color.RGBA) string { return fmt.Sprintf("#%02x%02x%02x", c.R, c.G, c.B) }

// escape makes text safe inside an element; what XML 1.0 has no place for becomes U+FFFD.
func escape(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '&':
			b.WriteString("&amp;")
		case r == '<':
			b.WriteString("&lt;")
		case r == '>':
			b.WriteString("&gt;")
		case r < 0x20 || r == 0xfffe || r == 0xffff || r == utf8.RuneError:
			b.WriteRune(utf8.RuneError)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}
