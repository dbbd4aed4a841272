package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// letters are those that Unicode does not take apart, as people write them who
// do not have the key.
var letters = map[rune]string{
	'ß': "ss", 'æ': "ae", 'œ': "oe", 'ø': "o", 'ł': "l", 'đ': "d", 'ð': "d", 'þ': "th", 'ħ': "h", 'ŧ': "t",
	'ŋ': "n", 'ı': "i", 'ȷ': "j", 'ĸ': "k", 'ƀ': "b", 'ɨ': "i", 'ƶ': "z", 'ǥ': "g", 'ɖ': "d", 'ə': "e", 'ς': "σ",
}

// Fold returns a name or title as it is looked up: compatible forms made one
// (NFKD), small letters, without the accents of Latin, Greek and Cyrillic, the
// points of Hebrew and the vowel signs of Arabic; ß is ss, ł is l, ø is o, æ is
// ae, đ is d and the like; punctuation is a space, and spaces are single and not
// at the ends. Letters of other scripts keep their marks.
//
// Two texts that a person would call the same name fold alike; the reverse does
// not hold. Fold is for comparing, never for showing. Folding twice is folding
// once.
func Fold(s string) string {
	if folded(s) {
		return s
	}
	s = norm.NFKD.String(strings.ToValidUTF8(s, string(utf8.RuneError)))
	var b strings.Builder
	b.Grow(len(s))
	space := false
	for _, r := range s {
		r = unicode.ToLower(r)
		switch {
		case blank(r), divides(r):
			space = b.Len() > 0
			continue
		case accent(r), joiner(r), selector(r), hidden(r):
			continue
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		if as, ok := letters[r]; ok {
			b.WriteString(as)
		} else {
			b.WriteRune(r)
		}
	}
	return norm.NFC.String(b.String())
}

// folded reports whether the text is small ASCII letters, digits and single
// spaces inside.
func folded(s string) bool {
	space := true
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == ' ' && !space) {
			return false
		}
		space = c == ' '
	}
	return s == "" || !space
}

// divides reports what stands between words: punctuation, and the signs that
// are typed for it or that transcriptions use for it (ʼ ʻ ʹ ´ `).
func divides(r rune) bool {
	return unicode.IsPunct(r) || unicode.Is(unicode.Sk, r) || r >= '\u02b9' && r <= '\u02bf' || r == '\u2044'
}

// accent reports a mark that a person leaves out when looking for a name.
func accent(r rune) bool {
	return r >= '\u0300' && r <= '\u036f' || // accents of all scripts
		r >= '\u1ab0' && r <= '\u1aff' || r >= '\u1dc0' && r <= '\u1dff' ||
		r >= '\u20d0' && r <= '\u20ff' || r >= '\ufe20' && r <= '\ufe2f' ||
		r >= '\u0483' && r <= '\u0487' || // Cyrillic, of old texts
		r >= '\u0591' && r <= '\u05c7' && unicode.Is(unicode.Mn, r) || // Hebrew points
		r >= '\u064b' && r <= '\u0652' || r == '\u0640' || r == '\u0670' // Arabic vowel signs, tatweel
}
