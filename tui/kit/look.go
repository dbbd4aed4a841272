package kit

import (
	"strings"
	"unicode"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
)

// Look is how parts are drawn: the theme, and how many columns the terminal gives a character. It is comparable,
// so it can be part of the key of what is kept of a frame. The zero Look draws without any style, and counts columns as a
// terminal does that has said nothing of itself.
type Look struct {
	Theme   Theme
	Columns ansi.Method // the renderer's own way of counting; see Learn
}

// Learn takes in what the terminal says about itself. Bubble Tea's renderer counts columns rune by rune until the
// terminal answers that it knows grapheme clusters (mode 2027), and from then on by cluster; a layout that counts
// otherwise puts Devanagari or a joined emoji some columns beside its place. Give it every message.
func (l Look) Learn(msg tea.Msg) Look {
	if m, ok := msg.(tea.ModeReportMsg); ok && m.Mode == ansi.ModeUnicodeCore {
		switch m.Value {
		case ansi.ModeReset, ansi.ModeSet, ansi.ModePermanentlySet:
			l.Columns = ansi.GraphemeWidth
		}
	}
	return l
}

// Paint gives s the style of a role.
func (l Look) Paint(r Role, s string) string { return l.Theme.Paint(r, s) }

// Len is the number of columns s takes; styling in s counts nothing.
func (l Look) Len(s string) int {
	if n, ok := simple(s); ok {
		return n
	}
	return l.Columns.StringWidth(s)
}

// Cut shortens s to at most width columns, with … in the last one when something was left out.
func (l Look) Cut(s string, width int) string {
	if width <= 0 {
		return ""
	}
	if plainASCII(s) {
		if len(s) <= width {
			return s
		}
		return s[:width-1] + "…"
	}
	if n, ok := simple(s); ok && n <= width {
		return s
	}
	return l.Columns.Truncate(s, width, "…")
}

// Fit makes s exactly width columns wide: cut, or filled with spaces on the right. What no counting can hold in
// its column (a character that swallows the one after it) is shown as question marks.
func (l Look) Fit(s string, width int) string { return l.fit(s, width, false) }

// FitRight is [Look.Fit] with the spaces on the left, for amounts and numbers.
func (l Look) FitRight(s string, width int) string { return l.fit(s, width, true) }

func (l Look) fit(s string, width int, right bool) string {
	if width <= 0 {
		return ""
	}
	cut := l.Cut(s, width)
	out := pad(cut, width-l.Len(cut), right)
	if _, ok := simple(out); ok || l.Len(out+" ") == width+1 && l.Len(" "+out) == width+1 {
		return out
	}
	cut = l.Cut(questionMarks(ansi.Strip(s)), width)
	return pad(cut, width-l.Len(cut), right)
}

func pad(s string, n int, right bool) string {
	switch {
	case n <= 0:
		return s
	case right:
		return strings.Repeat(" ", n) + s
	}
	return s + strings.Repeat(" ", n)
}

// simple gives the columns of a text in which every character takes one whatever counts them: ASCII, the Latin
// letters and signs of Western languages, and what frames are drawn with; styling counts nothing. ok is false for
// any other text. Most of a screen is so, and counting by clusters costs twenty times as much.
func simple(s string) (columns int, ok bool) {
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c >= 0x20 && c <= 0x7e:
			columns++
			i++
		case c == 0x1b:
			n := styling(s[i:])
			if n == 0 {
				return 0, false
			}
			i += n
		case c >= 0xc2:
			r, n := utf8.DecodeRuneInString(s[i:])
			if !narrow(r) {
				return 0, false
			}
			columns++
			i += n
		default:
			return 0, false
		}
	}
	return columns, true
}

// styling is the length of the sequence at the beginning of s that styles what follows; 0: there is none.
func styling(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	for i := 2; i < len(s); i++ {
		switch c := s[i]; {
		case c == 'm':
			return i + 1
		case c != ';' && (c < '0' || c > '9'):
			return 0
		}
	}
	return 0
}

// narrow tells the characters that take one column and join with nothing.
func narrow(r rune) bool {
	switch r {
	case '…', '─', '│', '█', '▀', '▄', '→':
		return true
	case '\u00ad', '©', '®': // invisible, or an emoji with what may follow
		return false
	}
	return r >= '\u00a1' && r <= '\u024f'
}

func plainASCII(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

func questionMarks(s string) string {
	return strings.Map(func(r rune) rune {
		if r > 0x7e {
			return '?'
		}
		return r
	}, s)
}

// typed makes text as it is being typed, and words passed in, harmless to show on one line: what could move the
// cursor, colour the screen, ring the bell or turn the writing around becomes a blank or a visible mark, and a
// combining mark with nothing before it gets a base to stand on. Unlike desk/text.Clean, which is for text from
// records, it keeps every blank, so that the cursor moves when the space bar is pressed.
func typed(s string) string {
	if plainASCII(s) {
		return s
	}
	var b strings.Builder
	b.Grow(len(s) + 3)
	for i, r := range s {
		switch {
		case r == utf8.RuneError:
			b.WriteRune('\uFFFD')
		case r == '\t' || r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			b.WriteByte(' ')
		case unicode.IsControl(r):
			b.WriteRune('\uFFFD')
		case turnsWriting(r):
		case i == 0 && joinsBackward(r):
			b.WriteString("\u25cc")
			b.WriteRune(r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// turnsWriting tells the invisible characters that change the direction of what follows, or only mark an order
// of bytes (Unicode 16, section 23.2 and UAX #9).
func turnsWriting(r rune) bool {
	return r == '\u061c' || r == '\u200e' || r == '\u200f' || r == '\ufeff' ||
		r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}

func joinsBackward(r rune) bool {
	return unicode.In(r, unicode.Mn, unicode.Me, unicode.Mc) || r == '\u200d'
}
