package marc

import (
	"strings"
	"unicode/utf8"
)

// The graphic sets of MARC-8 by the final byte of their escape sequence.
const (
	setASCII   = 'B'
	setANSEL   = 'E'
	setEACC    = '1'
	multiBytes = '$'
)

// marc8 decodes one piece of MARC-8. Its zero value is not useful: begin with
// newMARC8, since every piece begins with ASCII in G0 and ANSEL in G1.
type marc8 struct {
	g0, g1  byte
	out     strings.Builder
	marks   []rune // combining characters whose base has not come yet
	open    [2]bool
	unknown []byte
}

// The two double diacritics: the code of the left half stands for the whole,
// the code of the right half only says where it ends.
var doubles = [2]struct{ left, right rune }{{0x0361, 0xFE21}, {0x0360, 0xFE23}}

// decodeMARC8 gives the text of one subfield or control field, not yet
// normalized. unknown holds the bytes for which U+FFFD stands.
//
// The sets that an escape sequence designates end with the piece: MARC 21 asks
// that every subfield return to the defaults.
func decodeMARC8(b []byte) (text string, unknown []byte) {
	d := marc8{g0: setASCII, g1: setANSEL}
	d.out.Grow(len(b))
	for len(b) > 0 {
		b = b[d.step(b):]
	}
	if len(d.marks) > 0 {
		d.base(0xA0) // marks without a base stand on a no-break space, as Unicode proposes
	}
	return d.out.String(), d.unknown
}

// step decodes what b begins with and says how many bytes that was.
func (d *marc8) step(b []byte) int {
	c := b[0]
	switch {
	case c == 0x1B:
		return d.escape(b)
	case c == ' ', c == '\t', c == '\n', c == '\r':
		d.base(rune(c))
		return 1
	case c == 0x7F && d.g0 == setEACC: // some codes of the tables begin so
		return d.eacc(b)
	case c < 0x20, c == 0x7F, c == 0xA0, c == 0xFF:
		return d.missing(b[:1])
	case c < 0x7F:
		return d.graphic(d.g0, b)
	case c < 0xA0: // the C1 controls of MARC-8 are the same whatever the sets are
		return d.single(setANSEL, c, b[:1])
	default:
		return d.graphic(d.g1, b)
	}
}

func (d *marc8) graphic(set byte, b []byte) int {
	switch {
	case set == setASCII:
		d.base(rune(b[0] & 0x7F))
		return 1
	case set == setEACC:
		return d.eacc(b)
	}
	return d.single(set, b[0]&0x7F, b[:1])
}

func (d *marc8) single(set, c byte, raw []byte) int {
	char, combines, ok := lookup(0, set, c)
	if !ok {
		return d.missing(raw)
	}
	d.char(char, combines)
	return 1
}

// eacc decodes a character of three bytes. What is in no table is one unknown
// character, which ends before a control character.
func (d *marc8) eacc(b []byte) int {
	if len(b) >= 3 {
		if char, combines, ok := lookup(b[0]&0x7F, b[1]&0x7F, b[2]&0x7F); ok {
			d.char(char, combines)
			return 3
		}
	}
	n := 1
	for n < 3 && n < len(b) && b[n]&0x7F >= 0x20 {
		n++
	}
	return d.missing(b[:n])
}

func (d *marc8) char(char rune, combines bool) {
	if !combines {
		d.base(char)
		return
	}
	for i, double := range doubles {
		if char == double.left {
			d.open[i] = true
		}
		if char == double.right && d.open[i] {
			d.open[i] = false
			return
		}
	}
	d.marks = append(d.marks, char)
}

// base writes a character and, after it, the marks that stood before it.
func (d *marc8) base(char rune) {
	d.out.WriteRune(char)
	for _, m := range d.marks {
		d.out.WriteRune(m)
	}
	d.marks = d.marks[:0]
}

func (d *marc8) missing(raw []byte) int {
	d.unknown = append(d.unknown, raw...)
	d.base(utf8.RuneError)
	return len(raw)
}

// escape carries out the escape sequence that b begins with.
func (d *marc8) escape(b []byte) int {
	g1, set, n := designation(b)
	switch {
	case n == 0:
		return d.missing(b[:1])
	case g1:
		d.g1 = set
	default:
		d.g0 = set
	}
	return n
}

// designation reads an escape sequence of MARC-8: which set it puts into G0 or
// G1, and its length. The length is 0 when b does not begin with one.
//
//   - ESC g, b, p, s: Greek symbols, subscripts, superscripts, ASCII into G0
//   - ESC ( F, ESC , F: a set of single bytes into G0; ESC ) F, ESC - F into G1
//   - ESC $ F, ESC $ , F: a set of several bytes into G0; ESC $ ) F, ESC $ - F
//     into G1
//   - F is a final byte; ANSEL's is E with ! before it, also found without
func designation(b []byte) (g1 bool, set byte, n int) {
	at := func(i int) byte {
		if i < len(b) {
			return b[i]
		}
		return 0
	}
	switch at(1) {
	case 's':
		return false, setASCII, 2
	case 'g', 'b', 'p':
		return false, b[1], 2
	}
	i, several := 1, at(1) == multiBytes
	if several {
		i++
	}
	switch at(i) {
	case '(', ',':
		i++
	case ')', '-':
		g1 = true
		i++
	default:
		if !several {
			return false, 0, 0
		}
	}
	if at(i) == '!' && at(i+1) == setANSEL {
		i++
	}
	switch at(i) {
	case setEACC:
		if !several {
			return false, 0, 0
		}
	case '2', '3', '4', setASCII, setANSEL, 'N', 'Q', 'S':
		if several {
			return false, 0, 0
		}
	default:
		return false, 0, 0
	}
	return g1, b[i], i + 1
}
