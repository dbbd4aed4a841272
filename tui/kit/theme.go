package kit

import (
	"fmt"
	"image/color"
	"strings"

	"charm.land/lipgloss/v2"
)

// Role is what a piece of text means on the screen, never what colour it has. Every role also differs by its word
// or its sign, so that nothing is lost where there are no colours.
type Role uint8

// The roles. The first group goes with the one loud word that answers a scan.
const (
	Plain   Role = iota // running text
	Good                // done: nothing more to think of
	Held                // somebody waits for it: it goes to the hold shelf
	Transit             // it goes to another place
	Renewed             // it stays with the patron, with a new date
	Ask                 // the clerk is asked
	Stop                // it cannot be
	Info                // the clerk should hear of it
	Pending             // not final yet: do not hand over

	Rule     // the line between two parts
	Quiet    // what is read once a day
	Loud     // the one word read at arm's length
	Bar      // the status line
	Alarm    // a bar that must be seen: no line, not listening
	Selected // the row that keys act on
	Hint     // a key's name in the footer and in lists of keys
	Field    // where text is typed
	Wrong    // a message about what was typed
	roles    // how many there are
)

var roleNames = [roles]string{
	"plain", "good", "held", "transit", "renewed", "ask", "stop", "info", "pending",
	"rule", "quiet", "loud", "bar", "alarm", "selected", "hint", "field", "wrong",
}

// String is the role's name in a configuration file and in tests.
func (r Role) String() string {
	if r < roles {
		return roleNames[r]
	}
	return fmt.Sprintf("role(%d)", uint8(r))
}

// Roles lists all roles.
func Roles() []Role {
	all := make([]Role, roles)
	for i := range all {
		all[i] = Role(i)
	}
	return all
}

// Kind is a theme's name, as a library writes it in its configuration.
type Kind string

// The themes.
const (
	Sixteen  Kind = "auto"     // the terminal's own 16 colours; the palette the clerk chose decides
	Dark     Kind = "dark"     // 256 colours for a dark background
	Light    Kind = "light"    // 256 colours for a light background
	Contrast Kind = "contrast" // white on black; bold, reversed, underlined
	Mono     Kind = "mono"     // bold, reversed and underlined only
)

// Kinds lists the themes, the default first.
func Kinds() []Kind { return []Kind{Sixteen, Dark, Light, Contrast, Mono} }

// Theme is a style for each role. The zero Theme styles nothing. NO_COLOR needs no theme: the renderer leaves the
// colours out and keeps bold and reversed.
type Theme struct{ set *styles }

type styles struct {
	kind  Kind
	style [roles]lipgloss.Style
	open  [roles]string // what goes before the text; empty when the role has no style
	block [roles]string // the same for a block of that colour
}

// NewTheme builds the theme of that name; the empty name is [Sixteen].
func NewTheme(k Kind) (Theme, error) {
	table, ok := inks(k)
	if !ok {
		return Theme{}, fmt.Errorf("theme %q: not one of %v", k, Kinds())
	}
	set := &styles{kind: k}
	if k == "" {
		set.kind = Sixteen
	}
	for r, i := range table {
		st := i.style()
		set.style[r] = st
		if before, _, found := strings.Cut(st.Render("x"), "x"); found {
			set.open[r] = before
		}
		if i.bg == own {
			i.reverse = true
		}
		if before, _, found := strings.Cut(i.style().Render("x"), "x"); found {
			set.block[r] = before
		}
	}
	return Theme{set}, nil
}

// Kind is the theme's name; empty for the zero Theme.
func (t Theme) Kind() Kind {
	if t.set == nil {
		return ""
	}
	return t.set.kind
}

// Style is the role's Lip Gloss style, for parts that draw with Lip Gloss themselves.
func (t Theme) Style(r Role) lipgloss.Style {
	if t.set == nil || r >= roles {
		return lipgloss.NewStyle()
	}
	return t.set.style[r]
}

// Paint gives s, one line, the style of the role. It is cheap enough for every cell of every frame.
func (t Theme) Paint(r Role, s string) string {
	if t.set == nil || r >= roles || s == "" || t.set.open[r] == "" {
		return s
	}
	return t.set.open[r] + s + "\x1b[m"
}

// Block gives s, one line, the ground of the role's colour, to be seen from afar.
func (t Theme) Block(r Role, s string) string {
	if t.set == nil || r >= roles || s == "" {
		return s
	}
	return t.set.block[r] + s + "\x1b[m"
}

// Ground is what the theme asks of the whole screen, for tea.View's ForegroundColor and BackgroundColor; nil is the
// terminal's own. Only [Contrast] asks: white on black.
func (t Theme) Ground() (fg, bg color.Color) {
	if t.Kind() == Contrast {
		return lipgloss.BrightWhite, lipgloss.Black
	}
	return nil, nil
}

// ink is a style in short. A negative colour is the terminal's own.
type ink struct {
	fg, bg                          int
	bold, faint, reverse, underline bool
}

func (i ink) style() lipgloss.Style {
	s := lipgloss.NewStyle()
	if c := indexed(i.fg); c != nil {
		s = s.Foreground(c)
	}
	if c := indexed(i.bg); c != nil {
		s = s.Background(c)
	}
	if i.bold {
		s = s.Bold(true)
	}
	if i.faint {
		s = s.Faint(true)
	}
	if i.reverse {
		s = s.Reverse(true)
	}
	if i.underline {
		s = s.Underline(true)
	}
	return s
}

func indexed(n int) color.Color {
	if n < 0 {
		return nil
	}
	return lipgloss.Color(fmt.Sprint(n))
}

const own = -1 // the terminal's own colour

// inks says what each theme does with each role. Blue and orange carry the difference between going on and
// stopping where a theme is free to choose, since red and green look alike to one man in twelve.
func inks(k Kind) ([roles]ink, bool) {
	plain := ink{fg: own, bg: own}
	bold := ink{fg: own, bg: own, bold: true}
	reversed := ink{fg: own, bg: own, reverse: true}
	loudly := ink{fg: own, bg: own, bold: true, reverse: true}
	grey := ink{fg: own, bg: own, faint: true} // the terminal's own grey: colour 8 is its ground in some palettes
	under := ink{fg: own, bg: own, underline: true}
	fg := func(n int) ink { return ink{fg: n, bg: own, bold: true} }
	thin := func(n int) ink { return ink{fg: n, bg: own} }
	on := func(f, b int) ink { return ink{fg: f, bg: b, bold: true} }

	t := [roles]ink{
		Plain: plain, Good: bold, Held: bold, Transit: bold, Renewed: bold, Ask: loudly, Stop: loudly, Info: bold,
		Pending: grey, Rule: grey, Quiet: plain, Loud: bold, Bar: reversed, Alarm: loudly, Selected: reversed,
		Hint: bold, Field: under, Wrong: bold,
	}
	switch k {
	case Mono:
	case Sixteen, "":
		t[Good], t[Held], t[Transit], t[Renewed] = fg(2), fg(6), fg(5), fg(2)
		t[Ask], t[Stop], t[Info], t[Wrong] = fg(3), ink{fg: 1, bg: own, bold: true, reverse: true}, fg(6), fg(1)
	case Dark:
		t[Good], t[Held], t[Transit], t[Renewed] = fg(114), fg(117), fg(182), fg(115)
		t[Ask], t[Stop], t[Info], t[Wrong] = fg(221), on(16, 208), fg(153), fg(215)
		t[Pending], t[Rule], t[Quiet] = thin(248), thin(245), thin(250)
		t[Bar], t[Alarm], t[Selected] = on(231, 24), on(16, 221), on(231, 60)
		t[Hint] = fg(117)
	case Light:
		t[Good], t[Held], t[Transit], t[Renewed] = fg(22), fg(25), fg(90), fg(23)
		t[Ask], t[Stop], t[Info], t[Wrong] = fg(94), on(231, 124), fg(24), fg(124)
		t[Pending], t[Rule], t[Quiet] = thin(240), thin(242), thin(238)
		t[Bar], t[Alarm], t[Selected] = on(231, 24), on(16, 221), on(16, 153)
		t[Hint] = fg(25)
	case Contrast:
		t[Stop], t[Ask], t[Alarm] = on(0, 15), on(0, 15), on(0, 15)
		t[Pending], t[Rule] = plain, plain // its dots tell it
		t[Good].underline = true
	default:
		return t, false
	}
	return t, true
}
