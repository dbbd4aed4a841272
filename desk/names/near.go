package names

import (
	"unicode/utf8"
)

// fewest is how many letters a word has of which one may be wrong; in scripts that
// write a word as a sign or two, one less.
const (
	fewest     = 3
	fewestSign = 2
)

// mayErr reports whether a word is long enough to be taken for another that is much
// like it.
func mayErr(word string) bool {
	n := utf8.RuneCountInString(word)
	if r, _ := utf8.DecodeRuneInString(word); r >= '\u2e80' {
		return n >= fewestSign
	}
	return n >= fewest
}

// oneOff reports whether one word becomes the other by one letter that is put in, left
// out or changed, or two neighbours that change places. Words that are the same are not.
func oneOff(a, b []byte) bool {
	if d := len(a) - len(b); d > utf8.UTFMax || d < -utf8.UTFMax {
		return false
	}
	i := 0
	for i < len(a) && i < len(b) && a[i] == b[i] {
		i++
	}
	for i > 0 && (i < len(a) && !utf8.RuneStart(a[i]) || i < len(b) && !utf8.RuneStart(b[i])) {
		i--
	}
	a, b = a[i:], b[i:]
	n := 0
	for n < len(a) && n < len(b) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	for n > 0 && !utf8.RuneStart(a[len(a)-n]) {
		n--
	}
	a, b = a[:len(a)-n], b[:len(b)-n]
	if len(a)+len(b) == 0 || len(a) > 2*utf8.UTFMax || len(b) > 2*utf8.UTFMax {
		return false
	}
	na, nb := utf8.RuneCount(a), utf8.RuneCount(b)
	switch {
	case na <= 1 && nb <= 1:
		return true
	case na == 2 && nb == 2:
		a1, w := utf8.DecodeRune(a)
		a2, _ := utf8.DecodeRune(a[w:])
		b1, w := utf8.DecodeRune(b)
		b2, _ := utf8.DecodeRune(b[w:])
		return a1 == b2 && a2 == b1
	}
	return false
}
