package money

import (
	"encoding/json"
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestString(t *testing.T) {
	for _, row := range []struct {
		name string
		a    Amount
		want string
	}{
		{"a fine of three euros twenty", Amount{320, "EUR"}, "3.20 EUR"},
		{"five cents", Amount{5, "EUR"}, "0.05 EUR"},
		{"nothing left of a fine", Amount{0, "EUR"}, "0.00 EUR"},
		{"credit", Amount{-320, "USD"}, "-3.20 USD"},
		{"five cents of credit", Amount{-5, "USD"}, "-0.05 USD"},
		{"yen have no decimals", Amount{320, "JPY"}, "320 JPY"},
		{"dinars have three", Amount{5, "KWD"}, "0.005 KWD"},
		{"unidad de fomento has four", Amount{12345, "CLF"}, "1.2345 CLF"},
		{"the zero amount", Amount{}, "0"},
		{"money of no currency", Amount{Minor: 5}, "0.05"},
		{"a currency that would colour the screen", Amount{5, "\x1b[31mE"}, "0.05 ???"},
		{"a currency in small letters", Amount{5, "eur"}, "0.05 ???"},
		{"as much as there can be", Amount{math.MaxInt64, "EUR"}, "92233720368547758.07 EUR"},
		{"as little as there can be", Amount{math.MinInt64, "EUR"}, "-92233720368547758.08 EUR"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if got := row.a.String(); got != row.want {
				t.Errorf("got %q, want %q", got, row.want)
			}
		})
	}
}

func TestReckoning(t *testing.T) {
	eur := func(n int64) Amount { return Amount{n, "EUR"} }
	usd := func(n int64) Amount { return Amount{n, "USD"} }
	type result struct {
		sum, diff       Amount
		sumErr, diffErr error
		cmp             int
		cmpErr          error
	}
	for _, row := range []struct {
		name string
		a, b Amount
		want result
	}{
		{"two fines", eur(120), eur(200), result{sum: eur(320), diff: eur(-80), cmp: -1}},
		{"the first fine of a sum", Amount{}, eur(120), result{sum: eur(120), diff: eur(-120), cmp: -1}},
		{"nothing more to add", eur(120), Amount{}, result{sum: eur(120), diff: eur(120), cmp: 1}},
		{"nothing and nothing", Amount{}, Amount{}, result{}},
		{"a fine and the same fine", eur(120), eur(120), result{sum: eur(240), diff: eur(0)}},
		{"euros and dollars", eur(120), usd(120), result{sumErr: ErrCurrency, diffErr: ErrCurrency, cmpErr: ErrCurrency}},
		{"no euros and a dollar", eur(0), usd(100), result{sumErr: ErrCurrency, diffErr: ErrCurrency, cmpErr: ErrCurrency}},
		{"euros and money of no currency", eur(120), Amount{Minor: 5}, result{sumErr: ErrCurrency, diffErr: ErrCurrency, cmpErr: ErrCurrency}},
		{"more than there can be", eur(math.MaxInt64), eur(1), result{sumErr: ErrOverflow, diff: eur(math.MaxInt64 - 1), cmp: 1}},
		{"less than there can be", eur(math.MinInt64), eur(1), result{sum: eur(math.MinInt64 + 1), diffErr: ErrOverflow, cmp: -1}},
		{"nothing less the least", eur(0), eur(math.MinInt64), result{sum: eur(math.MinInt64), diffErr: ErrOverflow, cmp: 1}},
		{"credit beyond the least", eur(-1), eur(math.MinInt64), result{sumErr: ErrOverflow, diff: eur(math.MaxInt64), cmp: 1}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var got result
			var err error
			if got.sum, err = row.a.Add(row.b); !errors.Is(err, row.want.sumErr) {
				t.Errorf("add: %v, want %v", err, row.want.sumErr)
			}
			if got.diff, err = row.a.Sub(row.b); !errors.Is(err, row.want.diffErr) {
				t.Errorf("sub: %v, want %v", err, row.want.diffErr)
			}
			if got.cmp, err = row.a.Cmp(row.b); !errors.Is(err, row.want.cmpErr) {
				t.Errorf("cmp: %v, want %v", err, row.want.cmpErr)
			}
			got.sumErr, got.diffErr, got.cmpErr = row.want.sumErr, row.want.diffErr, row.want.cmpErr
			if got != row.want {
				t.Errorf("got %+v, want %+v", got, row.want)
			}
		})
	}
}

func TestNeg(t *testing.T) {
	if got, err := (Amount{320, "EUR"}).Neg(); err != nil || got != (Amount{-320, "EUR"}) {
		t.Errorf("got %v, %v", got, err)
	}
	if _, err := (Amount{math.MinInt64, "EUR"}).Neg(); !errors.Is(err, ErrOverflow) {
		t.Errorf("the least has a negative: %v", err)
	}
}

// Money that is added and taken away again leaves what was there, or was never added.
func TestAddThenSub(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.Custom(func(t *rapid.T) Amount {
			return Amount{rapid.Int64().Draw(t, "minor"), rapid.SampledFrom([]string{"EUR", "USD"}).Draw(t, "currency")}
		})
		a, b := amount.Draw(t, "a"), amount.Draw(t, "b")
		sum, err := a.Add(b)
		if err != nil {
			if sum != (Amount{}) {
				t.Fatalf("an error and %v", sum)
			}
			return
		}
		if back, err := sum.Sub(b); err != nil || back != a {
			t.Fatalf("%v + %v - %v = %v, %v", a, b, b, back, err)
		}
		if other, err := b.Add(a); err != nil || other != sum {
			t.Fatalf("%v + %v = %v, %v, the other way %v", a, b, sum, err, other)
		}
	})
}

func TestParse(t *testing.T) {
	for _, row := range []struct {
		name     string
		text     string
		currency string
		want     int64
		err      error
	}{
		{"with a point", "3.20", "EUR", 320, nil},
		{"with a comma", "3,20", "EUR", 320, nil},
		{"whole", "3", "EUR", 300, nil},
		{"one decimal", "3.2", "EUR", 320, nil},
		{"nothing", "0", "EUR", 0, nil},
		{"zeros before", "003.20", "EUR", 320, nil},
		{"white space around", " 3.20\t", "EUR", 320, nil},
		{"a thousand without a separator", "1000", "EUR", 100000, nil},
		{"yen", "320", "JPY", 320, nil},
		{"dinars as they are printed", "1.005", "KWD", 1005, nil},
		{"half a dinar", "1,5", "KWD", 1500, nil},
		{"four decimals where there are four", "1,2345", "CLF", 12345, nil},
		{"as much as there can be", "92233720368547758.07", "EUR", math.MaxInt64, nil},

		{"one cent more than there can be", "92233720368547758.08", "EUR", 0, ErrOverflow},
		{"a barcode scanned into the field", "31234000012345678901", "EUR", 0, ErrOverflow},
		{"credit", "-3.20", "EUR", 0, ErrNegative},
		{"credit with a true minus", "−3.20", "EUR", 0, ErrNegative},
		{"a plus", "+3.20", "EUR", 0, ErrNotMoney},
		{"a thousand, or one", "1.000", "EUR", 0, ErrAmbiguous},
		{"a thousand, or one, with a comma", "1,000", "EUR", 0, ErrAmbiguous},
		{"a thousand yen", "1,000", "JPY", 0, ErrAmbiguous},
		{"a thousand dinars, or one", "1,000", "KWD", 0, ErrAmbiguous},
		{"thousands and decimals", "1,000.50", "EUR", 0, ErrAmbiguous},
		{"thousands and decimals the other way", "1.000,50", "EUR", 0, ErrAmbiguous},
		{"two points", "1..2", "EUR", 0, ErrAmbiguous},
		{"too many decimals", "3.2000", "EUR", 0, ErrDecimals},
		{"decimals of yen", "3.20", "JPY", 0, ErrDecimals},
		{"four decimals of dinars", "1.0000", "KWD", 0, ErrDecimals},
		{"no digit before the point", ".50", "EUR", 0, ErrNotMoney},
		{"no digit after the point", "3.", "EUR", 0, ErrNotMoney},
		{"a point alone", ".", "EUR", 0, ErrNotMoney},
		{"empty", "", "EUR", 0, ErrNotMoney},
		{"a word", "three", "EUR", 0, ErrNotMoney},
		{"a space within", "1 000", "EUR", 0, ErrNotMoney},
		{"other digits", "٣", "EUR", 0, ErrNotMoney},
		{"the currency beside it", "3.20 EUR", "EUR", 0, ErrNotMoney},
		{"scientific", "1e3", "EUR", 0, ErrNotMoney},
		{"no currency", "3.20", "", 0, ErrCode},
		{"a currency in words", "3.20", "euro", 0, ErrCode},
	} {
		t.Run(row.name, func(t *testing.T) {
			got, err := Parse(row.text, row.currency)
			if !errors.Is(err, row.err) {
				t.Fatalf("error %v, want %v", err, row.err)
			}
			want := Amount{}
			if row.err == nil {
				want = Amount{row.want, row.currency}
			}
			if got != want {
				t.Errorf("got %v, want %v", got, want)
			}
		})
	}
}

func TestParseQuotesLittle(t *testing.T) {
	_, err := Parse(strings.Repeat("9", 1<<16), "EUR")
	if err == nil || len(err.Error()) > 200 {
		t.Errorf("error of %d bytes", len(err.Error()))
	}
}

// What is printed can be typed again.
func TestParseReadsDecimal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := Amount{rapid.Int64Min(0).Draw(t, "minor"), rapid.SampledFrom([]string{"EUR", "JPY", "KWD", "CLF"}).Draw(t, "currency")}
		if got, err := Parse(a.Decimal(), a.Currency); err != nil || got != a {
			t.Fatalf("%s reads as %v, %v", a, got, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"3.20", "3,20", "1.000,50", "-1", ".", "٣", "\xff"} {
		f.Add(s, "EUR")
	}
	f.Add("1.005", "KWD")
	f.Fuzz(func(t *testing.T, s, currency string) {
		a, err := Parse(s, currency)
		if err != nil {
			if a != (Amount{}) {
				t.Errorf("an error and %v", a)
			}
			return
		}
		if a.Minor < 0 || a.Currency != currency {
			t.Errorf("%q in %q reads as %v", s, currency, a)
		}
		if again, err := Parse(a.Decimal(), currency); err != nil || again != a {
			t.Errorf("%v reads as %v, %v", a, again, err)
		}
	})
}

// A limit of 0.00 EUR stays a limit; no limit is left out.
func TestOmitZero(t *testing.T) {
	type terms struct {
		Limit Amount `json:"limit,omitzero"`
	}
	for _, row := range []struct {
		limit Amount
		want  string
	}{
		{Amount{}, `{}`},
		{Amount{0, "EUR"}, `{"limit":{"minor":0,"currency":"EUR"}}`},
	} {
		got, err := json.Marshal(terms{row.limit})
		if err != nil || string(got) != row.want {
			t.Errorf("got %s, %v, want %s", got, err, row.want)
		}
	}
}

func TestSign(t *testing.T) {
	for want, a := range map[int]Amount{-1: {-1, "EUR"}, 0: {0, "EUR"}, 1: {1, "EUR"}} {
		if got := a.Sign(); got != want {
			t.Errorf("%v: got %d, want %d", a, got, want)
		}
	}
}

func TestExponents(t *testing.T) {
	for code, n := range exponents {
		if !IsCode(code) || n == 2 || n < 0 || n > 4 {
			t.Errorf("%q has %d decimals", code, n)
		}
	}
}
