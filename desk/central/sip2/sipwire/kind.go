package sipwire

// Kind is the form of a fixed part of a header.
type Kind int

// The kinds. All but Char, Status, Summary and what may be blank are never
// blank in a message that is well made.
const (
	Binary     Kind = iota // 0 or 1
	YesNo                  // Y or N
	YesNoOther             // Y, N, or U for unknown
	Char                   // one character
	Code1                  // a code of one digit
	Code2                  // a code of two digits
	Digits3                // a code or number of three digits
	Count                  // four digits; blank: the system does not count this
	Currency               // ISO 4217
	Version                // x.xx
	Date                   // 18 characters, see [ReadDate]
	DateOrNone             // the same; blank: none
	Status                 // the 14 marks of a patron, see [PatronStatus]
	Summary                // the 10 marks that say which list is wanted, see [List]
)

// Width is how many bytes a part of this kind has.
func (k Kind) Width() int {
	switch k {
	case Binary, YesNo, YesNoOther, Char, Code1:
		return 1
	case Code2:
		return 2
	case Digits3, Currency:
		return 3
	case Count, Version:
		return 4
	case Summary:
		return 10
	case Status:
		return 14
	case Date, DateOrNone:
		return dateWidth
	}
	return 0
}

// mayBeBlank reports whether blanks are a value of this kind.
func (k Kind) mayBeBlank() bool {
	return k == Count || k == DateOrNone || k == Status || k == Summary
}

// looks reports whether bytes may be a part of this kind. It is lenient in what
// a part says and strict in where it stands: it tells a header that begins one
// byte too early or too late from one with another system's values.
func (k Kind) looks(b []byte) bool {
	if len(b) != k.Width() {
		return false
	}
	switch k {
	case Binary, YesNo, YesNoOther:
		return every(b, func(c byte) bool { return c == 'Y' || c == 'N' || c == 'U' || c == '0' || c == '1' || c == ' ' })
	case Char:
		return b[0] > ' ' && b[0] < 0x7f
	case Code1, Code2, Digits3, Count:
		return every(b, digitOrBlank)
	case Currency:
		return every(b, func(c byte) bool { return c >= 'A' && c <= 'Z' || c == ' ' })
	case Version:
		return digitOrBlank(b[0]) && !digitOrBlank(b[1]) && digitOrBlank(b[2]) && digitOrBlank(b[3])
	case Status, Summary:
		return every(b, func(c byte) bool { return c == 'Y' || c == 'N' || c == ' ' })
	case Date, DateOrNone:
		return looksLikeDate(b)
	}
	return false
}

func every(b []byte, is func(byte) bool) bool {
	for _, c := range b {
		if !is(c) {
			return false
		}
	}
	return true
}

func digit(c byte) bool        { return c >= '0' && c <= '9' }
func digitOrBlank(c byte) bool { return digit(c) || c == ' ' }

// blank reports whether there are only blanks, or nothing.
func blank(b []byte) bool { return every(b, func(c byte) bool { return c == ' ' }) }

// number reads digits, with blanks before or behind.
func number(b []byte) (n int, ok bool) {
	b = trimBlanks(b)
	if len(b) == 0 || len(b) > 9 || !every(b, digit) {
		return 0, false
	}
	for _, c := range b {
		n = n*10 + int(c-'0')
	}
	return n, true
}

func trimBlanks(b []byte) []byte {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	for len(b) > 0 && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}
