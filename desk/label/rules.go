package label

import (
	"fmt"
	"regexp"
	"strings"
)

// Checked before a pattern says that numbers of this pattern end in a check
// digit as [CheckDigit] reckons it.
const Checked = "mod10:"

// maxPattern is the length of the longest pattern in bytes.
const maxPattern = 1000

// Pattern is the form of a library's own numbers.
type Pattern struct {
	form    *regexp.Regexp // anchored at both ends
	checked bool           // with a check digit
}

// Rules are the forms of the numbers of one library. A nil *Rules has no
// patterns and still knows an ISBN. Rules are never changed and may be used by
// several goroutines at once.
type Rules struct {
	Card, Item []Pattern
}

// New returns the rules for patterns of cards and of items: regular expressions
// in Go's syntax that must match the whole code, such as `P [0-9]{1,7}`, each
// with [Checked] before it where numbers end in a check digit. The error names
// the first pattern that cannot be read.
func New(card, item []string) (*Rules, error) {
	var r Rules
	var err error
	if r.Card, err = compile(card); err != nil {
		return nil, fmt.Errorf("read card patterns: %w", err)
	}
	if r.Item, err = compile(item); err != nil {
		return nil, fmt.Errorf("read item patterns: %w", err)
	}
	return &r, nil
}

// Default returns the rules for 14-digit library numbers: cards begin with 2,
// items with 3, and the last digit is the check digit.
func Default() *Rules {
	return &Rules{Card: []Pattern{{library2, true}}, Item: []Pattern{{library3, true}}}
}

var (
	library2 = regexp.MustCompile(`^2[0-9]{13}$`)
	library3 = regexp.MustCompile(`^3[0-9]{13}$`)
)

func compile(sources []string) ([]Pattern, error) {
	patterns := make([]Pattern, 0, len(sources))
	for i, source := range sources {
		source, checked := strings.CutPrefix(source, Checked)
		if source == "" || len(source) > maxPattern {
			return nil, fmt.Errorf("pattern %d: %d bytes, want 1 to %d", i+1, len(source), maxPattern)
		}
		if _, err := regexp.Compile(source); err != nil { // alone first: `a)(b` must not close our bracket
			return nil, fmt.Errorf("pattern %d: %w", i+1, err)
		}
		form, err := regexp.Compile(`\A(?:` + source + `)\z`)
		if err != nil {
			return nil, fmt.Errorf("pattern %d: %w", i+1, err)
		}
		patterns = append(patterns, Pattern{form, checked})
	}
	return patterns, nil
}

// Classify says what a code looks like; pass what [circdesk/desk/text.Code]
// returned. A pattern beats an ISBN. A code that patterns of cards and of items
// both fit is Unknown.
//
// Codabar may send its start and stop letters: where a code fits nothing with
// them and 13 or 14 digits stand between, they are left out of Label.Code.
//
// One in eleven numbers of ten digits passes for an ISBN. A library whose own
// numbers are of that form gives their pattern.
func (r *Rules) Classify(code string) Label {
	if l, ok := r.match(code); ok {
		return l
	}
	if inner, ok := codabar(code); ok {
		if l, ok := r.match(inner); ok {
			return l
		}
	}
	if isbn, ok := ISBN13(code); ok {
		return Label{Kind: ISBN, Code: code, ISBN: isbn}
	}
	return Label{Code: code}
}

// match returns the label of a code that fits a pattern.
func (r *Rules) match(code string) (Label, bool) {
	if r == nil {
		return Label{}, false
	}
	card, cardCheck := first(r.Card, code)
	item, itemCheck := first(r.Item, code)
	switch {
	case card && item:
		return Label{Code: code}, true
	case card:
		return Label{Kind: Card, Code: code, CheckWrong: cardCheck && !checks(code)}, true
	case item:
		return Label{Kind: Item, Code: code, CheckWrong: itemCheck && !checks(code)}, true
	}
	return Label{}, false
}

// first reports whether a pattern fits, and whether the first that does has a
// check digit.
func first(patterns []Pattern, code string) (fits, checked bool) {
	for _, p := range patterns {
		if p.form.MatchString(code) {
			return true, p.checked
		}
	}
	return false, false
}

// codabar returns the 13 or 14 digits between a start and a stop letter, which
// have two names each: A to D, or T, N, * and E.
func codabar(code string) (string, bool) {
	const ends = "ABCDabcdTN*Etne"
	if len(code) != 15 && len(code) != 16 {
		return "", false
	}
	inner := code[1 : len(code)-1]
	if !digits(inner) || strings.IndexByte(ends, code[0]) < 0 || strings.IndexByte(ends, code[len(code)-1]) < 0 {
		return "", false
	}
	return inner, true
}
