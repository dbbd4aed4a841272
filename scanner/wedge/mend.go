package wedge

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"circdesk/scanner"
	"circdesk/scanner/layout"
)

// Read makes a scan of a text that was typed or pasted and is complete; see
// [scanner.Setup.Scan].
//
// Where the setup says that the computer takes the scanner's keys for those of
// another keyboard, the text is typed back. Where it says nothing, a text is mended
// only if it is certain what the scanner meant:
//
//   - It begins with an AIM identifier whose letter is small, as there is none:
//     Caps Lock is on.
//   - It has letters that no bar code has, such as é or ß, and on another keyboard
//     the same keys give what Code 39 and Codabar can hold, with five digits or more.
//   - It is eight signs or more, four different ones at least, no digit and no letter
//     among them, and on another keyboard the same keys give digits only.
//
// Two keyboards that give different texts are not certain, and neither is anything
// about how fast the keys came. The scan keeps the text as it came in Typed.
func Read(setup scanner.Setup, text string, more int, end scanner.End, at time.Time) scanner.Scan {
	mended, why := typedBack(setup, text)
	scan := setup.Scan("", mended, more, end, at)
	if why != scanner.Unmended {
		scan.Mended = why
		scan.Typed, _ = scanner.Bound(text)
	}
	return scan
}

// typedBack returns what a scanner meant by a text.
func typedBack(setup scanner.Setup, text string) (string, scanner.Mending) {
	if from, ok := layout.Find(setup.Host); ok && setup.Host != "" {
		to, ok := layout.Find(setup.Layout)
		if !ok || to == from {
			return text, scanner.Unmended
		}
		if s, ok := layout.Retype(text, from, to); ok && s != text {
			return s, scanner.OtherLayout
		}
		return text, scanner.Unmended
	}
	if s := setup.Scan("", text, 0, scanner.Whole, time.Time{}); inverted(s.Symbology + s.Text) {
		return swapCase(text), scanner.CapsLock
	}
	if s, ok := foreign(setup, text); ok {
		return s, scanner.OtherLayout
	}
	return text, scanner.Unmended
}

// small are the small letters that are in no AIM identifier, and whose capitals are.
const small = "abcfgilmopqsux"

// inverted reports whether a text begins with an AIM identifier that only Caps Lock
// can have made.
func inverted(text string) bool {
	return len(text) > 3 && text[0] == ']' && strings.IndexByte(small, text[1]) >= 0 && text[2] >= '0' && text[2] <= '9'
}

func swapCase(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			return r ^ 0x20
		}
		return r
	}, text)
}

const (
	fewestDigits = 5 // of a text that holds a letter of no bar code
	fewestSigns  = 8 // of a text of signs only
	fewestKinds  = 4 // different ones among them: a line of dashes is no number
)

// foreign returns what a text is on another keyboard, if only one such text could
// have been a bar code. A scanner types American unless the setup says otherwise;
// only where that fits nothing it may type another.
func foreign(setup scanner.Setup, text string) (string, bool) {
	plain := strings.IndexFunc(text, func(r rune) bool { return r >= unicode.MaxASCII }) < 0
	signs := isSigns(text)
	if plain && !signs {
		return "", false
	}
	types := []string{setup.Layout}
	if setup.Layout == "" {
		types = layout.Names() // us is the first
	}
	for _, name := range types {
		to, ok := layout.Find(name)
		if !ok {
			continue
		}
		var found []string
		for _, host := range layout.Names() {
			from, _ := layout.Find(host)
			s, ok := layout.Retype(text, from, to)
			if !ok || s == text || slices.Contains(found, s) {
				continue
			}
			code := setup.Scan("", s, 0, scanner.Whole, time.Time{}).Text
			if !plain && isCode(code) || signs && isDigits(code) {
				found = append(found, s)
			}
		}
		if len(found) > 0 {
			return found[0], len(found) == 1
		}
	}
	return "", false
}

func isDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

// isSigns reports whether a text is long and mixed enough, and has neither digit
// nor letter nor blank.
func isSigns(s string) bool {
	kinds := make(map[rune]bool)
	n := 0
	for _, r := range s {
		if r <= ' ' || r >= unicode.MaxASCII || unicode.IsLetter(r) || unicode.IsDigit(r) {
			return false
		}
		kinds[r] = true
		n++
	}
	return n >= fewestSigns && len(kinds) >= fewestKinds
}

// isCode reports whether a text is what Code 39 or Codabar can hold, and has enough
// digits to be a number.
func isCode(s string) bool {
	digits := 0
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits++
		}
	}
	const code39 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-. $/+%"
	inner := strings.TrimLeft(strings.TrimRight(s, "ABCD"), "ABCD")
	codabar := len(s)-len(inner) <= 2 && strings.Trim(inner, "0123456789-$:/.+") == ""
	return digits >= fewestDigits && (strings.Trim(s, code39) == "" || codabar)
}
