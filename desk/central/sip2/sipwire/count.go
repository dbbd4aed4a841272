package sipwire

// Count returns a fixed part that is a number: a count, a timeout in tenths of
// a second, a number of retries, a print width. Blanks beside it do no harm. ok
// is false where it is blank, which says of a count that the system does not
// keep it, and where it is no number.
func (m *Message) Count(p Part) (n int, ok bool) {
	b, k, ok := m.part(p)
	if !ok || k != Count && k != Digits3 {
		return 0, false
	}
	return number(b)
}

// NumberField returns the first field of a tag as a number: a limit, a place in
// a queue. ok is false where it is not there, or is none.
func (m *Message) NumberField(t Tag) (n int, ok bool) {
	b, ok := m.First(t)
	if !ok {
		return 0, false
	}
	return number(b)
}

// What a timeout period and a number of retries say besides a number.
const (
	OfflineTimeout = 0   // the system is off-line
	Unknown        = 999 // the system cannot tell
)

// appendNumber writes a number with zeros before it, and the most that the
// width has room for where it does not fit.
func appendNumber(dst []byte, n, width int) []byte {
	most := 1
	for range width {
		most *= 10
	}
	n = min(max(n, 0), most-1)
	for most /= 10; most > 0; most /= 10 {
		dst = append(dst, '0'+byte(n/most%10))
	}
	return dst
}
