package sipwire

import (
	"strings"

	"circdesk/desk/money"
)

// ReadAmount reads an amount of a currency: digits, with a point before the
// decimals (a comma from systems that write as their country does), a minus
// before a credit, blanks around it. Zeros behind the currency's decimals do no
// harm; other digits there are refused, and so are amounts that can be read in
// two ways. Nothing is the zero Amount. The errors are those of [money.Parse].
func ReadAmount(b []byte, currency string) (money.Amount, error) {
	s := strings.Trim(string(b), " ")
	if s == "" {
		return money.Amount{}, nil
	}
	s, credit := strings.CutPrefix(s, "-")
	if at := strings.IndexByte(s, '.'); at >= 0 {
		keep := min(len(s), at+1+money.Exponent(currency))
		s = strings.TrimSuffix(s[:keep]+strings.TrimRight(s[keep:], "0"), ".")
	}
	a, err := money.Parse(s, currency)
	if err == nil && credit {
		return a.Neg()
	}
	return a, err
}

// AppendAmount writes an amount with a point before its currency's decimals. The
// currency goes into a field of its own.
func AppendAmount(dst []byte, a money.Amount) []byte { return append(dst, a.Decimal()...) }

// Currency returns the currency of the message's amounts, "": it names none.
func (m *Message) Currency() string {
	b, ok := m.Part(CurrencyPart)
	if !ok {
		b, ok = m.First(CurrencyType)
	}
	if code := string(trimBlanks(b)); ok && money.IsCode(code) {
		return code
	}
	return ""
}

// Amount returns the first field of a tag as an amount of the message's
// currency, of the library's where the message names none. A field that is not
// there, or is empty, is the zero Amount.
func (m *Message) Amount(t Tag, library string) (money.Amount, error) {
	b, _ := m.First(t)
	currency := m.Currency()
	if currency == "" {
		currency = library
	}
	return ReadAmount(b, currency)
}
