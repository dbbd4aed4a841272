package money

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
)

// Why a typed amount is refused, besides [ErrOverflow].
var (
	ErrCode      = errors.New("not a currency code")
	ErrNegative  = errors.New("negative amount")
	ErrDecimals  = errors.New("more decimals than the currency has")
	ErrAmbiguous = errors.New("point or comma may divide thousands")
	ErrNotMoney  = errors.New("not an amount")
)

// Parse reads an amount as a clerk types it: 3.20, 3,20, 3.2 or 3, with a point
// or a comma before the decimals, ASCII digits, white space around ignored.
//
// It refuses what could be read in two ways: more than one separator, and three
// digits after the only one (1.000 may be a thousand). A currency with three
// decimals takes them after a point; after a comma they stay refused. It also
// refuses signs, more decimals than the currency has, a separator without
// digits on both sides, and what does not fit. The errors are
// [ErrCode], [ErrNegative], [ErrDecimals], [ErrAmbiguous], [ErrNotMoney] and
// [ErrOverflow]; none of them quotes more than 40 bytes of the input.
func Parse(s, currency string) (Amount, error) {
	if !IsCode(currency) {
		return Amount{}, fmt.Errorf("read amount in currency %.10q: %w", currency, ErrCode)
	}
	minor, err := parse(strings.TrimSpace(s), Exponent(currency))
	if err != nil {
		return Amount{}, fmt.Errorf("read amount %.40q in %s: %w", s, currency, err)
	}
	return Amount{minor, currency}, nil
}

func parse(s string, exponent int) (int64, error) {
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "\u2212") {
		return 0, ErrNegative
	}
	whole, fraction, divided := s, "", false
	if i := strings.IndexAny(s, ".,"); i >= 0 {
		whole, fraction, divided = s[:i], s[i+1:], true
	}
	switch {
	case strings.ContainsAny(fraction, ".,"):
		return 0, ErrAmbiguous
	case !digits(whole), divided && !digits(fraction):
		return 0, ErrNotMoney
	case len(fraction) == 3 && (exponent != 3 || s[len(whole)] == ','):
		return 0, ErrAmbiguous
	case len(fraction) > exponent:
		return 0, ErrDecimals
	}
	minor, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", exponent-len(fraction)), 10, 64)
	if err != nil {
		return 0, ErrOverflow // all digits: nothing else can be wrong
	}
	return minor, nil
}

// digits reports whether the text is one or more ASCII digits.
func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}
