package text

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestCode(t *testing.T) {
	for _, row := range []struct {
		name string
		text string
		want string // "": refused
	}{
		{"a card", "21112000698132", "21112000698132"},
		{"a card with the scanner's Enter", " 21112000698132\r\n", "21112000698132"},
		{"a card pasted with a byte order mark", "\ufeff21112000698132\u200b", "21112000698132"},
		{"a card framed by STX and ETX", "\x0221112000698132\x03", "21112000698132"},
		{"a code with group separators", "]d2010\x1d17", "]d201017"},
		{"a code with a space inside", "T 12345", "T 12345"},
		{"a code with slashes", "../../etc/passwd", "../../etc/passwd"},
		{"a code with a per cent sign", "30%s%d", "30%s%d"},
		{"an emoji", "👩\u200d🚀", "👩\u200d🚀"},
		{"another script", "книга-7", "книга-7"},
		{"the longest code", strings.Repeat("9", MaxCode), strings.Repeat("9", MaxCode)},

		{"one byte more", strings.Repeat("9", MaxCode+1), ""},
		{"a whole book", strings.Repeat("9", 1<<20), ""},
		{"nothing", "", ""},
		{"only Enter", "\r\n", ""},
		{"only controls", "\x02\x03", ""},
		{"only a byte order mark", "\ufeff", ""},
		{"two codes in one", "21112000698132\n30234000517861", ""},
		{"two columns in one", "21112000698132\t30234000517861", ""},
		{"an arrow key", "\x1b[A", ""},
		{"a code that reorders", "123\u202e456", ""},
		{"two codes that look alike", "123\u200b456", ""},
		{"bytes that are no text", "\xff\xfe12", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got, ok := Code(row.text); got != row.want || ok != (row.want != "") {
				t.Errorf("got %+q, %v, want %+q", got, ok, row.want)
			}
		})
	}
}

func checkCode(t interface{ Fatalf(string, ...any) }, s string) {
	code, ok := Code(s)
	switch again, same := Code(code); {
	case !ok && code != "":
		t.Fatalf("%+q: refused, and %+q", s, code)
	case !ok:
	case code == "" || len(code) > MaxCode || !utf8.ValidString(code) || strings.ContainsAny(code, "\r\n\t\x00\x1b"):
		t.Fatalf("%+q: %+q is no code", s, code)
	case again != code || !same:
		t.Fatalf("%+q: %+q reads as %+q", s, code, again)
	}
}

func TestCodeHoldsForAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { checkCode(t, hostile().Draw(t, "text")) })
}

func FuzzCode(f *testing.F) {
	for _, s := range []string{"21112000698132\r", "\x02A1\x03", "\x1b[A", "👩\u200d🚀", "\xff"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) { checkCode(t, s) })
}
