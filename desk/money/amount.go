package money

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Why two amounts do not go together.
var (
	ErrCurrency = errors.New("currencies differ")
	ErrOverflow = errors.New("amount too large")
)

// Amount is an amount of money in minor units: 320 of EUR is 3.20 EUR, 320 of
// JPY is 320 JPY. Negative amounts are credit. The zero Amount is nothing in
// no currency and goes together with every currency; any other amount goes
// together with its own currency only.
type Amount struct {
	Minor    int64  `json:"minor"`
	Currency string `json:"currency"` // ISO 4217 code, "" only in the zero Amount
}

// IsZero reports whether the amount is the zero Amount, as `omitzero` asks.
// 0.00 EUR is not: leaving it out would lose its currency. Use [Amount.Sign] to
// ask whether there is any money.
func (a Amount) IsZero() bool { return a == Amount{} }

// Sign returns -1 for credit, 0 for no money in any currency, 1 for money.
func (a Amount) Sign() int { return cmp.Compare(a.Minor, 0) }

// Add returns a + b. The error is [ErrCurrency] or [ErrOverflow], and the sum
// then is the zero Amount.
func (a Amount) Add(b Amount) (Amount, error) {
	currency, err := common(a, b)
	if err != nil {
		return Amount{}, fmt.Errorf("add %s and %s: %w", a, b, err)
	}
	sum := a.Minor + b.Minor
	if (sum > a.Minor) != (b.Minor > 0) {
		return Amount{}, fmt.Errorf("add %s and %s: %w", a, b, ErrOverflow)
	}
	return Amount{sum, currency}, nil
}

// Sub returns a - b. The error is [ErrCurrency] or [ErrOverflow], and the
// difference then is the zero Amount.
func (a Amount) Sub(b Amount) (Amount, error) {
	currency, err := common(a, b)
	if err != nil {
		return Amount{}, fmt.Errorf("subtract %s from %s: %w", b, a, err)
	}
	diff := a.Minor - b.Minor
	if (diff < a.Minor) != (b.Minor > 0) {
		return Amount{}, fmt.Errorf("subtract %s from %s: %w", b, a, ErrOverflow)
	}
	return Amount{diff, currency}, nil
}

// Neg returns -a. The error is [ErrOverflow], for the one number that has no
// negative.
func (a Amount) Neg() (Amount, error) {
	if a.Minor == math.MinInt64 {
		return Amount{}, fmt.Errorf("negate %s: %w", a, ErrOverflow)
	}
	return Amount{-a.Minor, a.Currency}, nil
}

// Cmp returns -1, 0 or 1 as a is less than, equal to or more than b. The error
// is [ErrCurrency].
func (a Amount) Cmp(b Amount) (int, error) {
	if _, err := common(a, b); err != nil {
		return 0, fmt.Errorf("compare %s and %s: %w", a, b, err)
	}
	return cmp.Compare(a.Minor, b.Minor), nil
}

// common returns the currency of both.
func common(a, b Amount) (string, error) {
	switch {
	case a.Currency == b.Currency, b.IsZero():
		return a.Currency, nil
	case a.IsZero():
		return b.Currency, nil
	}
	return "", ErrCurrency
}

// Decimal returns the number alone, with a point and the currency's decimals:
// 3.20, 320, -0.005.
func (a Amount) Decimal() string {
	digits, sign := strconv.FormatInt(a.Minor, 10), ""
	if rest, negative := strings.CutPrefix(digits, "-"); negative {
		digits, sign = rest, "-"
	}
	n := Exponent(a.Currency)
	if n == 0 {
		return sign + digits
	}
	if short := n + 1 - len(digits); short > 0 {
		digits = strings.Repeat("0", short) + digits
	}
	point := len(digits) - n
	return sign + digits[:point] + "." + digits[point:]
}

// String returns the number and its currency, 3.20 EUR: for logs, and for
// screens that have no better way. A currency that is no code of three capital
// letters shows as ???, so that a damaged record cannot write on the screen.
// The zero Amount is 0.
func (a Amount) String() string {
	switch {
	case a.IsZero():
		return "0"
	case a.Currency == "":
		return a.Decimal()
	case !IsCode(a.Currency):
		return a.Decimal() + " ???"
	}
	return a.Decimal() + " " + a.Currency
}
