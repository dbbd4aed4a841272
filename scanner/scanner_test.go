package scanner

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestAIM(t *testing.T) {
	for _, row := range []struct {
		name      string
		text      string
		symbology string
		want      string
	}{
		{"a number in Codabar", "]F021112000698132", "]F0", "21112000698132"},
		{"a number without an identifier", "21112000698132", "", "21112000698132"},
		{"an identifier that ends in a letter", "]ez12", "]ez", "12"},
		{"an identifier with nothing behind it", "]F0", "", "]F0"},
		{"a bracket that begins no identifier", "]1234", "", "]1234"},
		{"a bracket and a letter", "]F-234", "", "]F-234"},
		{"nothing", "", "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if symbology, text := AIM(row.text); symbology != row.symbology || text != row.want {
				t.Errorf("got %q, %q", symbology, text)
			}
		})
	}
}

func TestBound(t *testing.T) {
	for _, row := range []struct {
		name string
		text string
		keep int
	}{
		{"nothing", "", 0},
		{"the longest", strings.Repeat("9", MaxText), MaxText},
		{"one byte more", strings.Repeat("9", MaxText+1), MaxText},
		{"a character of two bytes over the end", strings.Repeat("9", MaxText-1) + "é", MaxText - 1},
		{"a character of four bytes over the end", strings.Repeat("9", MaxText-3) + "📚", MaxText - 3},
		{"bytes that are no characters", strings.Repeat("\x80", MaxText+9), MaxText - utf8.UTFMax},
	} {
		t.Run(row.name, func(t *testing.T) {
			text, cut := Bound(row.text)
			if len(text) != row.keep || len(text)+cut != len(row.text) || !strings.HasPrefix(row.text, text) {
				t.Errorf("kept %d, cut %d of %d bytes", len(text), cut, len(row.text))
			}
		})
	}
}
