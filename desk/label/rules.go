package label

import (
	"errors"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
)

// What a pattern may be at most: bytes as it is written, and steps when its repetitions
// are written out. A code is matched within milliseconds then, whatever the pattern.
const (
	maxPattern = 1000
	maxSteps   = 5000
)

// Pattern is the form of a library's own numbers.
type Pattern struct {
	form   *regexp.Regexp // anchored at both ends
	number int            // the group that ends in the check digit; 0: the whole
	scheme Scheme         // empty: no check digit
	refuse bool           // take no number whose check digit is wrong
}

// Rules are the forms of the numbers of one library. A nil *Rules has no
// patterns and still knows all other numbers. Rules are never changed and may be used
// by several goroutines at once.
type Rules struct {
	Card, Item []Pattern
}

// New returns the rules for patterns of cards and of items. A pattern is a regular
// expression in Go's syntax that must match the whole code:
//
//	P [0-9]{1,7}
//	mod10:2[0-9]{13}
//	mod10!:3[0-9]{13}
//	mod11:A5/(?<number>[0-9]{7})A
//
// Before it may stand how the check digit at the end is reckoned: mod10, mod11,
// mod11-9, mod43, plessey or gtin, see [Scheme]. With ! a number whose check digit is
// wrong is refused, otherwise it is a warning. Where the check digit belongs to a part
// of the code only, the part is the group named number.
//
// A code may fit several patterns: then one whose check digit fits is enough. The error
// names the first pattern that cannot be read.
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
// items with 3, and the last digit is the check digit. A wrong one is a warning.
func Default() *Rules {
	return &Rules{
		Card: []Pattern{{form: library2, scheme: Mod10}},
		Item: []Pattern{{form: library3, scheme: Mod10}},
	}
}

var (
	library2 = regexp.MustCompile(`^2[0-9]{13}$`)
	library3 = regexp.MustCompile(`^3[0-9]{13}$`)
)

func compile(sources []string) ([]Pattern, error) {
	patterns := make([]Pattern, 0, len(sources))
	for i, source := range sources {
		p, err := pattern(source)
		if err != nil {
			return nil, fmt.Errorf("pattern %d: %w", i+1, err)
		}
		patterns = append(patterns, p)
	}
	return patterns, nil
}

// prefix is what may stand before a regular expression. What begins with mod is always
// meant as one: a slip of the pen must not become a pattern that nothing fits.
var prefix = regexp.MustCompile(`^(mod[0-9a-z-]*|plessey|gtin)(!?):`)

func pattern(source string) (p Pattern, err error) {
	if said := prefix.FindStringSubmatch(source); said != nil {
		source = source[len(said[0]):]
		p.scheme, p.refuse = Scheme(said[1]), said[2] != ""
		if !slices.Contains(named, p.scheme) {
			return p, fmt.Errorf("no check digit is called %q: there are %q", said[1], named)
		}
	}
	if source == "" || len(source) > maxPattern {
		return p, fmt.Errorf("%d bytes, want 1 to %d", len(source), maxPattern)
	}
	if err := small(source); err != nil { // alone first: `a)(b` must not close our bracket
		return p, err
	}
	if p.form, err = regexp.Compile(`\A(?:` + source + `)\z`); err != nil {
		return p, err
	}
	if at := p.form.SubexpIndex("number"); at > 0 {
		if p.number = at; p.scheme == "" {
			return p, errors.New("the group number has a check digit, and no name before the pattern says which")
		}
	}
	return p, nil
}

// small reads a regular expression and says what is wrong with it, its size too.
func small(source string) error {
	tree, err := syntax.Parse(source, syntax.Perl)
	if err != nil {
		return err
	}
	program, err := syntax.Compile(tree.Simplify())
	if err != nil {
		return err
	}
	if n := len(program.Inst); n > maxSteps {
		return fmt.Errorf("with its repetitions written out it has %d steps, at most %d", n, maxSteps)
	}
	return nil
}

// fit says whether a code has the form, and how it stands to its check digit.
func (p Pattern) fit(code string) (check Check, ok bool) {
	if p.number == 0 {
		if !p.form.MatchString(code) {
			return "", false
		}
	} else {
		groups := p.form.FindStringSubmatch(code)
		if groups == nil {
			return "", false
		}
		code = groups[p.number]
	}
	if p.scheme == "" {
		return NoCheck, true
	}
	return checked(p.scheme.Fits(code)), true
}

// Classify says what a code looks like; pass what [circdesk/desk/text.Code]
// returned. A pattern beats all else. A code that patterns of cards and of items
// both fit is Unknown, as is one whose letters are in the other case than a pattern's:
// perhaps Caps Lock, perhaps no number at all.
//
// Where a code fits nothing with Codabar's start and stop, and without them 14 digits
// or a pattern, they are left out of Label.Code. Where it fits a pattern with or
// without the space behind the first letter only, Label.Code is what fits.
//
// A number that is not the library's own has a kind when its check digit is right. One
// in eleven numbers of ten digits passes for an ISBN, one in ten of twelve or thirteen
// for a UPC or EAN. A library whose own numbers are of that form gives their pattern.
func (r *Rules) Classify(code string) Label {
	o, got, ok := r.look(code, aim{})
	if ok {
		if o.cased {
			return Label{Kind: Unknown, Code: o.code}
		}
		return Label{Kind: o.kind, Code: o.code, CheckWrong: o.check == Wrong, Refuse: o.check == Wrong && o.refuse}
	}
	l := Label{Kind: Unknown, Code: code}
	if got.ends {
		l.Code = got.canonical
	}
	if got.check == Right && got.kind.Tell() != "" {
		l.Kind = got.kind
	}
	if l.Kind == ISBN {
		l.ISBN = got.canonical
	}
	return l
}

// own is a number that fits a pattern of the library.
type own struct {
	kind   Kind
	code   string // as it fits
	check  Check
	scheme Scheme // by which check is right or wrong
	refuse bool   // all patterns that fit refuse a wrong check digit
	both   bool   // patterns of cards and of items fit
	bars   Symbology
	cased  bool // the letters are in the other case than the pattern's
}

// look finds the pattern that a code or its canonical form fits; without one, ok is
// false, it reads the code.
func (r *Rules) look(code string, told aim) (o own, got reading, ok bool) {
	if o, ok = r.own(code, told); ok {
		return o, got, true
	}
	if got = read(code, told); got.canonical != code {
		o, ok = r.own(got.canonical, told)
	}
	return o, got, ok
}

// own finds the pattern that a code fits: as it is, without start and stop, with or
// without the space behind the first letter, or in the other case.
func (r *Rules) own(code string, told aim) (own, bool) {
	if r == nil {
		return own{}, false
	}
	if o, ok := r.match(code); ok {
		return o, true
	}
	if inner, bars, ok := withoutEnds(code, told); ok && (len(inner) >= leastInner || !told.silent()) {
		if o, ok := r.match(inner); ok {
			o.bars = bars
			return o, true
		}
	}
	if space, ok := spaced(code); ok && space[0] == code[0] {
		for _, c := range []string{space, space[:1] + space[2:]} {
			if o, ok := r.match(c); ok {
				return o, true
			}
		}
	}
	for _, c := range otherCase(code) {
		if o, ok := r.match(c); ok {
			o.cased = true
			return o, true
		}
	}
	return own{}, false
}

// leastInner is how many characters stand at least between start and stop when no
// reader says which bars it read.
const leastInner = 6

// otherCase gives a code in capitals, as Code 39 has them, also with the space that one
// of Follett's numbers may have lost.
func otherCase(code string) []string {
	bytes := []byte(code)
	for i, c := range bytes {
		if c >= 'a' && c <= 'z' {
			bytes[i] = c - 'a' + 'A'
		}
	}
	capitals := string(bytes)
	if capitals == code {
		return nil
	}
	if space, ok := spaced(capitals); ok {
		return []string{capitals, space, space[:1] + space[2:]}
	}
	return []string{capitals}
}

// match fits a code to the patterns as it is.
func (r *Rules) match(code string) (own, bool) {
	card, isCard := first(r.Card, code)
	item, isItem := first(r.Item, code)
	switch {
	case isCard && isItem:
		out := better(card, item)
		out.kind, out.both = Unknown, true
		return out, true
	case isCard:
		card.kind = Card
		return card, true
	case isItem:
		item.kind = Item
		return item, true
	}
	return own{}, false
}

// first fits a code to patterns of one kind.
func first(patterns []Pattern, code string) (out own, ok bool) {
	for _, p := range patterns {
		check, fits := p.fit(code)
		if !fits {
			continue
		}
		this := own{code: code, check: check, scheme: p.scheme, refuse: p.refuse}
		if ok {
			this = better(out, this)
		}
		out, ok = this, true
	}
	return out, ok
}

// better is the pattern that a code fits better: one whose check digit is right before
// one that has none, and that before one whose check digit is wrong. A wrong one is
// refused when both patterns refuse it.
func better(a, b own) own {
	rank := []Check{Right, NoCheck, Wrong}
	out := a
	if slices.Index(rank, b.check) < slices.Index(rank, a.check) {
		out = b
	}
	out.refuse = a.refuse && b.refuse
	return out
}
