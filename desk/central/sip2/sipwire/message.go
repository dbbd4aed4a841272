package sipwire

import (
	"bytes"
	"errors"
)

// Delimiter ends every variable field, where a connection has agreed on no
// other.
const Delimiter = '|'

// Why bytes are no message. Neither error quotes them: they may be about a
// person.
var (
	ErrNoMessage = errors.New("not a SIP2 message: it does not begin with a code of two capital letters or digits")
	ErrDelimiter = errors.New("not a delimiter: it stands in headers and amounts, or is no printable ASCII")
)

// Message is one message as it stands on the wire, in pieces: written one after
// the other they are exactly the bytes that were read.
//
// A message for sending is made by a [Form]. Its fields can be changed, but
// nothing looks at what is put into them then.
type Message struct {
	Lead      []byte // white space and control characters before the code
	Code      Code
	Header    []byte  // the fixed parts; of an unknown message all up to the first delimiter, and with it
	Fields    []Field // in their order, repeated and unknown ones, too
	Sequence  []byte  // what stands between AY and AZ, one digit if it is right; nil: no AY
	Checksum  []byte  // the four hexadecimal digits behind AZ; nil: no AZ
	End       []byte  // white space behind, and the terminator
	Delimiter byte    // 0: [Delimiter]
}

// Parse reads one message with whatever stands before and behind it. It fails
// only where there is no code ([ErrNoMessage]), and for what cannot be a
// delimiter ([ErrDelimiter]); 0 is [Delimiter]. The message keeps b, which is
// not to be changed afterwards.
//
// A delimiter within a value, which some systems do not replace, belongs to it:
// a field ends at a delimiter only where the next one begins, or the message
// ends. A header that is not as the protocol has it ends where the first field
// of this message begins, so that the fields of a message with a broken date
// are found all the same.
func Parse(b []byte, delimiter byte) (Message, error) {
	if delimiter == 0 {
		delimiter = Delimiter
	}
	if !mayDelimit(delimiter) {
		return Message{}, ErrDelimiter
	}
	lead := 0
	for lead < len(b) && space(b[lead]) {
		lead++
	}
	end := len(b)
	for end > lead && control(b[end-1]) {
		end--
	}
	core := b[lead:end]
	if !startsTag(core) {
		return Message{}, ErrNoMessage
	}
	m := Message{Lead: b[:lead], End: b[end:], Delimiter: delimiter}
	spec := byCode[string(core[:2])]
	if spec != nil {
		m.Code = spec.Code
	} else {
		m.Code = Code(core[:2])
	}
	width := -1
	if spec != nil {
		width = spec.width
	}
	if at, sum := trailer(core, delimiter, width); at >= 0 {
		if sum > at {
			m.Sequence = core[at+2 : sum]
		}
		m.Checksum = core[sum+2 : sum+2+sumDigits]
		m.End = b[lead+sum+2+sumDigits:]
		core = core[:at]
	}
	body := core[2:]
	n := headerEnd(body, spec, delimiter)
	m.Header = body[:n]
	m.Fields = fields(body[n:], delimiter)
	return m, nil
}

// mayDelimit reports whether a byte can be told from what stands in headers,
// tags, dates and amounts.
func mayDelimit(c byte) bool {
	small := c >= 'a' && c <= 'z'
	return c > ' ' && c < 0x7f && !codeChar(c) && !small && c != '.' && c != '+' && c != '-' && c != '*'
}

// space reports what may stand before and behind a message: blanks and control
// characters.
func space(c byte) bool   { return c == ' ' || control(c) }
func control(c byte) bool { return c < ' ' || c == 0x7f }

// trailer finds AYnAZhhhh or AZhhhh at the end of a message, blanks behind it
// passed over. at is where it begins, -1: there is none; sum is where AZ
// stands. Without AY it counts only where a field could begin: behind the
// header or a delimiter, so that a value that ends alike stays whole.
func trailer(core []byte, delimiter byte, width int) (at, sum int) {
	n := len(core)
	for n > 0 && core[n-1] == ' ' {
		n--
	}
	sum = n - 2 - sumDigits
	if sum < 2 || core[sum] != 'A' || core[sum+1] != 'Z' {
		return -1, -1
	}
	if _, ok := ReadSum(core[sum+2 : n]); !ok {
		return -1, -1
	}
	if at = sum - 3; at >= 2 && core[at] == 'A' && core[at+1] == 'Y' && core[at+2] != delimiter && !control(core[at+2]) {
		return at, sum
	}
	at = sum
	for at > 2 && digit(core[at-1]) {
		at--
	}
	if at -= 2; at >= 2 && core[at] == 'A' && core[at+1] == 'Y' {
		return at, sum
	}
	if sum == 2 || core[sum-1] == delimiter || sum == 2+width {
		return sum, sum
	}
	return -1, -1
}

// headerEnd says how many bytes of the body are the header.
func headerEnd(body []byte, spec *Spec, delimiter byte) int {
	first := bytes.IndexByte(body, delimiter)
	if first < 0 {
		first = len(body)
	}
	if spec == nil {
		return min(first+1, len(body))
	}
	w := spec.width
	if w <= first && spec.fits(body[:w]) && (w == first || w == len(body) || startsTag(body[w:])) {
		return w
	}
	for at := range first {
		if t, ok := tagAt(body[at:]); ok && spec.Takes(t) {
			return at
		}
	}
	return min(w, first)
}

// fields cuts what stands behind the header.
func fields(rest []byte, delimiter byte) []Field {
	if len(rest) == 0 {
		return nil
	}
	all := make([]Field, 0, bytes.Count(rest, []byte{delimiter})+1)
	for len(rest) > 0 {
		var f Field
		value, n, closed := rest, 0, true
		if t, ok := tagAt(rest); ok {
			f.Tag, value = t, rest[2:]
		}
		if f.Tag != "" || rest[0] != delimiter {
			n, closed = valueEnd(value, delimiter)
		}
		f.Value, f.Open = value[:n:n], !closed
		all = append(all, f)
		rest = value[n:]
		if closed {
			rest = rest[1:]
		}
	}
	return all
}

// valueEnd says where a value ends, and whether a delimiter ends it.
func valueEnd(b []byte, delimiter byte) (n int, closed bool) {
	for {
		i := bytes.IndexByte(b[n:], delimiter)
		if i < 0 {
			return len(b), false
		}
		n += i
		next := n + 1
		for next < len(b) && b[next] == delimiter {
			next++
		}
		if startsTag(b[next:]) || blank(b[next:]) {
			return n, true
		}
		n = next
	}
}

func (m *Message) delimiter() byte {
	if m.Delimiter == 0 {
		return Delimiter
	}
	return m.Delimiter
}

// Append writes the message: of one that was read exactly the bytes it was read
// from.
func (m *Message) Append(dst []byte) []byte {
	dst = append(dst, m.Lead...)
	dst = m.appendBody(dst)
	if m.Sequence != nil {
		dst = append(dst, SequenceTag...)
		dst = append(dst, m.Sequence...)
	}
	if m.Checksum != nil {
		dst = append(dst, ChecksumTag...)
		dst = append(dst, m.Checksum...)
	}
	return append(dst, m.End...)
}

// appendBody writes code, header and fields.
func (m *Message) appendBody(dst []byte) []byte {
	dst = append(dst, m.Code...)
	dst = append(dst, m.Header...)
	for _, f := range m.Fields {
		dst = f.append(dst, m.delimiter())
	}
	return dst
}

// Bytes returns what [Message.Append] writes.
func (m *Message) Bytes() []byte { return m.Append(make([]byte, 0, m.size())) }

// size is how many bytes the message has, and a few more.
func (m *Message) size() int {
	n := len(m.Lead) + len(m.Code) + len(m.Header) + len(m.Sequence) + len(m.Checksum) + len(m.End) + 4
	for _, f := range m.Fields {
		n += len(f.Tag) + len(f.Value) + 1
	}
	return n
}

// Spec returns what the protocol says of this message, nil: it does not know
// it.
func (m *Message) Spec() *Spec { return byCode[string(m.Code)] }

// Odd reports whether a known message has a header that is not as the protocol
// has it: of another width, or with something else where a date, a number or a
// mark belongs.
func (m *Message) Odd() bool {
	spec := m.Spec()
	return spec != nil && !spec.fits(m.Header)
}

// First returns the value of the first field of a tag; its bytes are not to be
// changed. ok is false where there is none.
func (m *Message) First(t Tag) (value []byte, ok bool) {
	for i := range m.Fields {
		if m.Fields[i].Tag == t {
			return m.Fields[i].Value, true
		}
	}
	return nil, false
}

// All returns the values of all fields of a tag, in their order.
func (m *Message) All(t Tag) [][]byte {
	var all [][]byte
	for i := range m.Fields {
		if m.Fields[i].Tag == t {
			all = append(all, m.Fields[i].Value)
		}
	}
	return all
}

// Part returns a fixed part as it stands. ok is false where this message has no
// such part, or a header that ends before it.
func (m *Message) Part(p Part) (value []byte, ok bool) {
	value, _, ok = m.part(p)
	return value, ok
}

func (m *Message) part(p Part) (value []byte, k Kind, ok bool) {
	spec := m.Spec()
	if spec == nil {
		return nil, 0, false
	}
	at, k, ok := spec.slot(p)
	if !ok || at+k.Width() > len(m.Header) {
		return nil, 0, false
	}
	return m.Header[at : at+k.Width()], k, true
}

// Missing returns the required fields that are not there, in their order. A
// field without a value is there.
func (m *Message) Missing() []Tag {
	spec := m.Spec()
	if spec == nil {
		return nil
	}
	var all []Tag
	for _, u := range spec.Fields {
		if _, ok := m.First(u.Tag); u.Required && !ok {
			all = append(all, u.Tag)
		}
	}
	return all
}
