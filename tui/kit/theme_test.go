package kit

import (
	"bytes"
	"image/color"
	"math"
	"strings"
	"testing"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

func TestEveryThemeStylesEveryLoudRole(t *testing.T) {
	for _, k := range Kinds() {
		th, err := NewTheme(k)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range []Role{Good, Held, Transit, Renewed, Ask, Stop, Info, Loud, Bar, Alarm, Selected} {
			if got := th.Paint(r, "OUT"); !strings.Contains(got, "OUT") || !strings.HasPrefix(got, "\x1b[") || !strings.HasSuffix(got, "\x1b[m") {
				t.Errorf("theme %s role %s paints %q", k, r, got)
			}
		}
		if th.Paint(Plain, "x") != "x" {
			t.Errorf("theme %s styles running text", k)
		}
	}
}

func TestAnUnknownThemeIsRefusedWithTheNames(t *testing.T) {
	if _, err := NewTheme("sepia"); err == nil || !strings.Contains(err.Error(), "contrast") {
		t.Errorf("error %v", err)
	}
	if th, err := NewTheme(""); err != nil || th.Kind() != Sixteen {
		t.Errorf("no name: %q, %v", th.Kind(), err)
	}
}

func TestTheDefaultThemeLeavesColoursToThePalette(t *testing.T) {
	th, _ := NewTheme(Sixteen)
	for _, r := range Roles() {
		if got := th.Paint(r, "x"); strings.Contains(got, "38;") || strings.Contains(got, "48;") {
			t.Errorf("role %s names a colour of its own: %q", r, got)
		}
	}
}

func TestWithoutColoursTheLoudWordsStillStandOut(t *testing.T) {
	for _, k := range Kinds() {
		th, _ := NewTheme(k)
		for _, r := range []Role{Stop, Ask, Alarm} {
			var out bytes.Buffer
			w := colorprofile.Writer{Forward: &out, Profile: colorprofile.ASCII}
			if _, err := w.WriteString(th.Paint(r, "STOP")); err != nil {
				t.Fatal(err)
			}
			if got := out.String(); !strings.Contains(got, "\x1b[1") || strings.Contains(got, "38;") {
				t.Errorf("theme %s role %s without colours: %q", k, r, got)
			}
		}
	}
}

// The themes that choose their own colours are readable: 4.5 to 1, as WCAG 2.2 success criterion 1.4.3 asks, on
// black and on white.
func TestChosenColoursCanBeRead(t *testing.T) {
	for _, c := range []struct {
		kind   Kind
		ground color.Color
	}{{Dark, color.Black}, {Light, color.White}, {Contrast, color.Black}} {
		th, _ := NewTheme(c.kind)
		for _, r := range Roles() {
			fg, bg := th.Style(r).GetForeground(), th.Style(r).GetBackground()
			if _, none := fg.(lipgloss.NoColor); none {
				continue
			}
			if _, none := bg.(lipgloss.NoColor); none {
				bg = c.ground
			}
			if got := contrast(fg, bg); got < 4.5 {
				t.Errorf("theme %s role %s: contrast %.2f", c.kind, r, got)
			}
		}
	}
}

func contrast(a, b color.Color) float64 {
	x, y := luminance(a), luminance(b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	lin := func(v uint32) float64 {
		f := float64(v) / 0xffff
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b)
}

func TestRolesHaveNames(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Roles() {
		if r.String() == "" || seen[r.String()] {
			t.Errorf("role %d is called %q", r, r)
		}
		seen[r.String()] = true
	}
}

func TestWhatIsNotFinalIsGrey(t *testing.T) {
	for _, k := range Kinds() {
		th, _ := NewTheme(k)
		grey := th.Paint(Pending, "OUT") != "OUT" && th.Paint(Pending, "OUT") != th.Paint(Good, "OUT")
		if grey == (k == Contrast) {
			t.Errorf("theme %s paints %q", k, th.Paint(Pending, "OUT"))
		}
	}
}

func TestABlockOfAWordIsSeenWithoutColours(t *testing.T) {
	for _, k := range Kinds() {
		th, _ := NewTheme(k)
		for _, r := range []Role{Good, Held, Transit, Renewed, Ask, Stop, Info} {
			if bg := th.Style(r).GetBackground(); bg == (lipgloss.NoColor{}) && !strings.Contains(th.Block(r, "OUT"), "7m") && !strings.Contains(th.Block(r, "OUT"), ";7;") {
				t.Errorf("theme %s role %s has no ground: %q", k, r, th.Block(r, "OUT"))
			}
		}
	}
	if got := (Theme{}).Block(Good, "OUT"); got != "OUT" {
		t.Errorf("no theme: %q", got)
	}
}
