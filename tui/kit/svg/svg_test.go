package svg

import (
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"
)

func draw(t *testing.T, content string) string {
	t.Helper()
	var b strings.Builder
	if err := String(&b, "check out", content, 20, 3, Night()); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(strings.NewReader(b.String()))
	for {
		if _, err := d.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("no XML: %v\n%s", err, b.String())
		}
	}
	return b.String()
}

func TestThePictureShowsWhatATerminalShows(t *testing.T) {
	for _, c := range []struct {
		name, content string
		want, not     []string
	}{
		{"plain text can be selected", "OUT", []string{">OUT</text>", "<title>check out</title>"}, []string{"bold"}},
		{"reversed text has its ground", "\x1b[7mNO LINE\x1b[m", []string{`<rect x="12" y="12" width="63" height="20" fill="#e6e6e6"/>`, `fill="#16181d"`}, nil},
		{"a ground is one piece under letters of several kinds", "\x1b[7ma · \x1b[1mb\x1b[m", []string{`<rect x="12" y="12" width="45" height="20" fill="#e6e6e6"/>`}, nil},
		{"letters made of blocks touch", "█▄", []string{`<rect x="12" y="12" width="9" height="20" fill="#e6e6e6"/>`, `<rect x="21" y="22" width="9" height="10" fill="#e6e6e6"/>`}, []string{"█"}},
		{"a 16-colour ground is painted", "\x1b[44mx", []string{`fill="#6fb1ff"`}, nil},
		{"bold, underlined, struck", "\x1b[1;4;9mx", []string{`font-weight="bold"`, `text-decoration="underline line-through"`}, nil},
		{"256 colours keep their value", "\x1b[38;5;208mx", []string{`fill="#ff8700"`}, nil},
		{"a wide character stands in its own place", "a東b", []string{`<text x="21" y="27" textLength="18"`, `<text x="39"`}, nil},
		{"blanks between words stay, those at the end go", "OUT   now", []string{`textLength="81" lengthAdjust="spacingAndGlyphs">OUT   now</text>`}, nil},
		{"a rule is one piece", "───", []string{`textLength="27" lengthAdjust="spacingAndGlyphs">───</text>`}, nil},
		{"markup is text", "<b>&", []string{"&lt;b&gt;&amp;"}, []string{"<b>"}},
		{"what is concealed is not in the file", "\x1b[8m1234", nil, []string{"1234"}},
		{"a second row is lower", "\nIN", []string{`y="47"`}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := draw(t, c.content)
			for _, w := range c.want {
				if !strings.Contains(got, w) {
					t.Errorf("no %s in\n%s", w, got)
				}
			}
			for _, n := range c.not {
				if strings.Contains(got, n) {
					t.Errorf("%s in\n%s", n, got)
				}
			}
		})
	}
}

func TestTheSameScreenGivesTheSamePicture(t *testing.T) {
	const content = "\x1b[1;32mOUT\x1b[m Middlemarch\n\x1b[7mSTOP\x1b[m"
	if a, b := draw(t, content), draw(t, content); a != b {
		t.Error("two pictures differ")
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space") }

func TestAFullDiskIsTold(t *testing.T) {
	if err := String(fullDisk{}, "x", "y", 2, 1, Day()); err == nil || !strings.Contains(err.Error(), "no space") {
		t.Errorf("error %v", err)
	}
}
