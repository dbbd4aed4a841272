package label

import "strings"

// ends are the letters that begin and end Codabar, which have two names each, A to D
// or T, N, * and E; Code 39 has * only.
const ends = "ABCDabcdTN*Etne"

// withoutEnds returns what stands between the start and the stop of Codabar or Code 39,
// where a reader sends them, and which of the two it is. ok is false where there are
// none, and where something stands between that neither can hold.
func withoutEnds(code string, told aim) (inner string, bars Symbology, ok bool) {
	if len(code) < 3 || strings.IndexByte(ends, code[0]) < 0 || strings.IndexByte(ends, code[len(code)-1]) < 0 {
		return "", "", false
	}
	inner, bars = code[1:len(code)-1], Codabar
	if code[0] == '*' && code[len(code)-1] == '*' && told.letter != 'F' {
		bars = Code39
		return inner, bars, (told.silent() || told.letter == 'A') && only(inner, code39)
	}
	return inner, bars, (told.silent() || told.letter == 'F') && only(inner, "0123456789-$:/.+")
}

// only reports whether the text has no other characters.
func only(s, chars string) bool {
	for i := range len(s) {
		if strings.IndexByte(chars, s[i]) < 0 {
			return false
		}
	}
	return true
}
