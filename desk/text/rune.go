package text

import "unicode"

// blank reports white space, line and paragraph separators, and the Braille
// pattern that only looks like a space.
func blank(r rune) bool { return unicode.IsSpace(r) || r == '\u2800' }

// joiner reports ZERO WIDTH NON-JOINER and ZERO WIDTH JOINER.
func joiner(r rune) bool { return r == '\u200c' || r == '\u200d' }

// joining are the scripts in which a joiner changes how a word is written.
var joining = []*unicode.RangeTable{
	unicode.Arabic, unicode.Syriac, unicode.Mongolian, unicode.Nko, unicode.Devanagari, unicode.Bengali,
	unicode.Gurmukhi, unicode.Gujarati, unicode.Oriya, unicode.Tamil, unicode.Telugu, unicode.Kannada,
	unicode.Malayalam, unicode.Sinhala, unicode.Tibetan, unicode.Myanmar, unicode.Khmer,
}

// joins reports a letter or mark of a script that writes with joiners.
func joins(r rune) bool {
	return (unicode.IsLetter(r) || unicode.Is(unicode.M, r)) && unicode.In(r, joining...)
}

// selector reports variation selectors 1 to 256, without the two that only
// choose between a text and a picture: terminals disagree on their width.
func selector(r rune) bool {
	return r >= '\ufe00' && r <= '\ufe0d' || r >= '\U000e0100' && r <= '\U000e01ef'
}

// visibleFormats are the format characters that people see: signs that stand
// over or before a number (Prepended_Concatenation_Mark, Unicode PropList).
var visibleFormats = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x0600, Hi: 0x0605, Stride: 1}, {Lo: 0x06dd, Hi: 0x06dd, Stride: 1}, {Lo: 0x070f, Hi: 0x070f, Stride: 1},
		{Lo: 0x0890, Hi: 0x0891, Stride: 1}, {Lo: 0x08e2, Hi: 0x08e2, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0x110bd, Hi: 0x110bd, Stride: 1}, {Lo: 0x110cd, Hi: 0x110cd, Stride: 1}},
}

// hidden reports what nobody sees: controls, format characters, code points that
// are no characters, and the others that Unicode calls ignorable by default
// (Default_Ignorable_Code_Point in DerivedCoreProperties).
func hidden(r rune) bool {
	switch {
	case unicode.IsControl(r), unicode.Is(unicode.Noncharacter_Code_Point, r):
		return true
	case unicode.Is(unicode.Cf, r):
		return !unicode.Is(visibleFormats, r)
	case r == '\u034f', r == '\u115f', r == '\u1160', r == '\u17b4', r == '\u17b5', r == '\u3164', r == '\uffa0':
		return true // the grapheme joiner, Hangul fillers, Khmer vowels that are not written
	case r >= '\ufe00' && r <= '\ufe0f', r == '\u2065', r >= '\ufff0' && r <= '\ufff8', r >= '\U000e0000' && r <= '\U000e0fff':
		return true
	}
	return false
}
