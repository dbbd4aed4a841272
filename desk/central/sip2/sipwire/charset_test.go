package sipwire

import (
	"bytes"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
	"pgregory.net/rapid"
)

func TestCharsetNames(t *testing.T) {
	for name, want := range map[string]Charset{
		"utf-8": UTF8, "UTF8": UTF8, "utf8": UTF8, "ISO-8859-1": Latin1, "latin-1": Latin1, "Latin1": Latin1, "iso_8859-1": Latin1,
		"CP850": CP850, "IBM850": CP850, "850": CP850, "English 850": CP850, "code page 850": CP850, "ascii": ASCII, "US-ASCII": ASCII,
	} {
		if got, err := ReadCharset(name); err != nil || got != want {
			t.Errorf("%q is %v, %v", name, got, err)
		}
	}
	for _, name := range []string{"", "utf-16", "windows-1252", strings.Repeat("x", 1000)} {
		if got, err := ReadCharset(name); err == nil {
			t.Errorf("%q is %v", name, got)
		} else if len(err.Error()) > 200 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	}
	for c := range charsets {
		if got, err := ReadCharset(Charset(c).String()); err != nil || got != Charset(c) {
			t.Errorf("%v is %v, %v", Charset(c), got, err)
		}
	}
	if got := Charset(9).String(); got != "Charset(9)" {
		t.Error(got)
	}
}

func TestDecode(t *testing.T) {
	for _, row := range []struct {
		name    string
		charset Charset
		bytes   string
		want    string
	}{
		{"ASCII in all", ASCII, "The Name of the Rose", "The Name of the Rose"},
		{"UTF-8", UTF8, "Händel", "Händel"},
		{"UTF-8, accents behind their letters", UTF8, "Ha\u0308ndel", "Händel"},
		{"UTF-8 that was cut within a letter", UTF8, "H\xc3", "H\ufffd"},
		{"Latin-1 on a connection of UTF-8", UTF8, "H\xe4ndel", "H\ufffdndel"},
		{"Latin-1", Latin1, "H\xe4ndel", "Händel"},
		{"code page 850", CP850, "H\x84ndel \xe1 \x9c", "Händel ß £"},
		{"code page 850, all its letters", CP850, "\x80\x8e\x99\x9a\x9d\xa5\xd1", "ÇÄÖÜØÑÐ"},
		{"more than ASCII has", ASCII, "H\xe4ndel", "H\ufffdndel"},
		{"a bell stays for whoever shows it", UTF8, "a\ab", "a\ab"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.charset.Decode([]byte(row.bytes)); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestEncode(t *testing.T) {
	for _, row := range []struct {
		name    string
		charset Charset
		text    string
		want    string
	}{
		{"ASCII in all", CP850, "The Name of the Rose", "The Name of the Rose"},
		{"UTF-8", UTF8, "Händel 漢字", "Händel 漢字"},
		{"accents behind their letters", UTF8, "Ha\u0308ndel", "Händel"},
		{"Latin-1", Latin1, "Händel", "H\xe4ndel"},
		{"Latin-1, accents behind their letters", Latin1, "Ha\u0308ndel", "H\xe4ndel"},
		{"code page 850", CP850, "Händel ß £", "H\x84ndel \xe1 \x9c"},
		{"ASCII without accents", ASCII, "Händel, Ångström, Œuvres, ßtraße", "Handel, Angstrom, OEuvres, sstrasse"},
		{"letters that the set does not have", Latin1, "Łódź, Dvořák, Ionuț", "L\xf3dz, Dvor\xe1k, Ionut"},
		{"quotes, dashes and dots", Latin1, "“a” – ‘b’…", `"a" - 'b'...`},
		{"money", CP850, "€ 5", "EUR 5"},
		{"a mark without a letter", ASCII, "q\u0323x", "qx"},
		{"another script", Latin1, "Война и мир", "????? ? ???"},
		{"a ligature", ASCII, "ﬁne", "fine"},
		{"wide letters", ASCII, "ＡＢ", "AB"},
		{"a line end", UTF8, "a\r\nb\u2028c\u0085d\te", "a  b c d e"},
		{"an escape", CP850, "a\x1b[31mb\x00", "a [31mb "},
		{"bytes that are no text", UTF8, "a\xffb", "a\ufffdb"},
		{"bytes that are no text, to a set without a sign for it", CP850, "a\xffb", "a?b"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := string(row.charset.Encode(row.text)); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func checkDecode(t interface{ Fatalf(string, ...any) }, c Charset, b []byte) {
	s := c.Decode(b)
	if !utf8.ValidString(s) || !norm.NFC.IsNormalString(s) {
		t.Fatalf("%v: %q is %q", c, b, s)
	}
}

// Every byte of a set of one byte each comes back, but for those that stand for
// nothing and for control characters.
func TestEveryByteComesBack(t *testing.T) {
	for _, c := range []Charset{CP850, Latin1, ASCII} {
		for i := range 256 {
			b := []byte{byte(i)}
			s := c.Decode(b)
			if i < ' ' || i == 0x7f || s == "\ufffd" || c == Latin1 && i >= 0x80 && i < 0xa0 {
				continue
			}
			if got := c.Encode(s); !bytes.Equal(got, b) {
				t.Errorf("%v: %x is %q is %x", c, b, s, got)
			}
		}
	}
}

// No text, in any character set, becomes a byte that ends a value or a message.
func TestValuesEndNothing(t *testing.T) {
	text := rapid.OneOf(
		rapid.String(),
		rapid.SampledFrom([]string{"a|b", "\r\n", "｜", "￨", "|AB|", "a\x00", "\u0085", "\xff|", "|||", strings.Repeat("é|", 300), strings.Repeat("漢", 300)}),
	)
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(text, 0, 4).Draw(t, "text"), "")
		f := Form{Charset: Charset(rapid.IntRange(0, 3).Draw(t, "charset")), Delimiter: rapid.SampledFrom([]byte("|^")).Draw(t, "delimiter")}
		v := f.value(s)
		if len(v) > MaxValue {
			t.Fatalf("%q: %d bytes", s, len(v))
		}
		for _, c := range v {
			if control(c) || c == f.Delimiter {
				t.Fatalf("%v: %q is written %q", f.Charset, s, v)
			}
		}
		if f.Charset == UTF8 && !utf8.Valid(v) {
			t.Fatalf("%q is cut within a letter: %q", s, v)
		}
		checkDecode(t, f.Charset, v)
	})
}
