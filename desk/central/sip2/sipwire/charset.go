package sipwire

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/unicode/norm"
)

// Charset is the character set of one connection. The zero Charset is the
// protocol's own, code page 850.
type Charset int

const (
	CP850 Charset = iota
	ASCII
	Latin1
	UTF8
)

// charsets are the names of the character sets, small and without hyphens,
// underscores and blanks; the first of each is ours.
var charsets = [][]string{
	CP850:  {"cp850", "ibm850", "850", "codepage850", "english850"},
	ASCII:  {"ascii", "usascii"},
	Latin1: {"latin1", "iso88591", "88591"},
	UTF8:   {"utf8"},
}

// String returns our name of the character set.
func (c Charset) String() string {
	if c < 0 || int(c) >= len(charsets) {
		return fmt.Sprintf("Charset(%d)", int(c))
	}
	return charsets[c][0]
}

// ReadCharset returns the character set of a name as settings have it: utf-8,
// ISO-8859-1, Latin-1, CP850, IBM850, ASCII and the like.
func ReadCharset(name string) (Charset, error) {
	plain := strings.ToLower(strings.NewReplacer("-", "", "_", "", " ", "").Replace(name))
	for c, names := range charsets {
		for _, n := range names {
			if n == plain {
				return Charset(c), nil
			}
		}
	}
	return 0, fmt.Errorf("read character set %.20q: not one of cp850, ascii, latin1, utf8", name)
}

// Decode returns a value as text, always valid UTF-8 in NFC. What the character
// set does not have is U+FFFD. The text is as it was sent otherwise: it may hold
// anything that moves a cursor.
func (c Charset) Decode(b []byte) string {
	if every(b, func(c byte) bool { return c < utf8.RuneSelf }) {
		return string(b)
	}
	if c == UTF8 {
		return norm.NFC.String(strings.ToValidUTF8(string(b), string(utf8.RuneError)))
	}
	var s strings.Builder
	s.Grow(2 * len(b))
	for _, one := range b {
		s.WriteRune(c.rune(one))
	}
	return norm.NFC.String(s.String())
}

// rune returns what a byte stands for in a set of one byte each.
func (c Charset) rune(b byte) rune {
	switch {
	case b < utf8.RuneSelf:
		return rune(b)
	case c == CP850:
		return charmap.CodePage850.DecodeByte(b)
	case c == Latin1:
		return rune(b)
	}
	return utf8.RuneError
}

// Encode returns text as the character set writes it. What it does not have is
// written without its accents or in letters that it has (ł is l, € is EUR), and
// as ? where there are none. Control characters and ends of lines are blanks.
// The text may be in any form; it is NFC before it is encoded.
func (c Charset) Encode(s string) []byte {
	s = norm.NFC.String(strings.ToValidUTF8(s, string(utf8.RuneError)))
	b := make([]byte, 0, len(s))
	for _, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			b = append(b, ' ')
			continue
		}
		var ok bool
		if b, ok = c.append(b, r); !ok {
			b = c.instead(b, r)
		}
	}
	return b
}

// append writes one rune. ok is false where the character set does not have it.
func (c Charset) append(dst []byte, r rune) (b []byte, ok bool) {
	switch {
	case r < utf8.RuneSelf:
		return append(dst, byte(r)), true
	case c == UTF8:
		return utf8.AppendRune(dst, r), true
	case c == Latin1 && r <= 0xff:
		return append(dst, byte(r)), true
	case c == CP850:
		if one, ok := charmap.CodePage850.EncodeRune(r); ok {
			return append(dst, one), true
		}
	}
	return dst, false
}

// instead writes what stands for a rune that the character set does not have.
func (c Charset) instead(dst []byte, r rune) []byte {
	if unicode.Is(unicode.M, r) {
		return dst
	}
	n := len(dst)
	for _, part := range norm.NFKD.String(string(r)) {
		if as, ok := letters[part]; ok {
			dst = append(dst, as...)
			continue
		}
		if unicode.Is(unicode.M, part) {
			continue
		}
		var ok bool
		if dst, ok = c.append(dst, part); !ok {
			return append(dst[:n], '?')
		}
	}
	if len(dst) == n {
		return append(dst, '?')
	}
	return dst
}

// letters are characters that Unicode does not take apart, as people write them
// who do not have the key.
var letters = map[rune]string{
	'ß': "ss", 'ẞ': "SS", 'æ': "ae", 'Æ': "AE", 'œ': "oe", 'Œ': "OE", 'ø': "o", 'Ø': "O", 'ł': "l", 'Ł': "L",
	'đ': "d", 'Đ': "D", 'ð': "d", 'Ð': "D", 'þ': "th", 'Þ': "TH", 'ħ': "h", 'Ħ': "H", 'ŧ': "t", 'Ŧ': "T",
	'ŋ': "n", 'Ŋ': "N", 'ı': "i", 'ȷ': "j", 'ə': "e", 'Ə': "E",
	'‐': "-", '‑': "-", '‒': "-", '–': "-", '—': "-", '―': "-", '−': "-", '·': ".", '•': "*",
	'‘': "'", '’': "'", '‚': ",", '‛': "'", '′': "'", 'ʼ': "'", 'ʻ': "'", 'ʹ': "'", '´': "'",
	'“': `"`, '”': `"`, '„': `"`, '″': `"`, '«': `"`, '»': `"`, '‹': "'", '›': "'",
	'€': "EUR", '£': "GBP", '¡': "!", '¿': "?", '×': "x", '÷': ":", '©': "(c)", '®': "(r)", '⁄': "/", '§': "S.",
}
