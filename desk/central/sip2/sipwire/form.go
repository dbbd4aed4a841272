package sipwire

import (
	"errors"
	"unicode/utf8"
)

// MaxValue is how many bytes a value for sending has at most. The protocol says
// characters; what real peers have room for is bytes. Longer values are read.
const MaxValue = 255

// Form is how one connection writes its messages. The zero Form is the
// protocol's own: code page 850, | and CR.
type Form struct {
	Charset    Charset
	Delimiter  byte   // 0: [Delimiter]
	Terminator string // "": CR, which all understand
}

// ErrTerminator is the error of a [Form] that no reader could follow.
var ErrTerminator = errors.New("not a terminator: CR, LF, or CR and LF")

// Check says what is wrong with the form: [ErrDelimiter], [ErrTerminator] or
// nothing.
func (f Form) Check() error {
	if !mayDelimit(f.delimiter()) {
		return ErrDelimiter
	}
	switch f.Terminator {
	case "", "\r", "\n", "\r\n":
		return nil
	}
	return ErrTerminator
}

// Parse is [Parse] with the form's delimiter.
func (f Form) Parse(b []byte) (Message, error) { return Parse(b, f.Delimiter) }

// Text returns a value as text, see [Charset.Decode].
func (f Form) Text(value []byte) string { return f.Charset.Decode(value) }

// First returns the first field of a tag as text, "" where there is none.
func (f Form) First(m *Message, t Tag) string {
	b, _ := m.First(t)
	return f.Text(b)
}

// Sent returns what a peer has of a text that was sent to it: without what its character
// set does not have, and cut where a value ends.
func (f Form) Sent(s string) string { return f.Text(f.value(s)) }

// value returns text as a value for sending.
func (f Form) value(s string) []byte { return f.clean(f.Charset.Encode(s)) }

// clean makes bytes a value for sending: delimiters and control characters are
// blanks, and what is longer than [MaxValue] is cut, in UTF-8 between two
// characters. The bytes are its own.
func (f Form) clean(b []byte) []byte {
	for i, c := range b {
		if control(c) || c == f.delimiter() {
			b[i] = ' '
		}
	}
	if len(b) <= MaxValue {
		return b
	}
	n := MaxValue
	for f.Charset == UTF8 && n > MaxValue-utf8.UTFMax && !utf8.RuneStart(b[n]) {
		n--
	}
	return b[:n]
}

func (f Form) delimiter() byte {
	if f.Delimiter == 0 {
		return Delimiter
	}
	return f.Delimiter
}

func (f Form) terminator() []byte {
	if f.Terminator == "" {
		return []byte{'\r'}
	}
	return []byte(f.Terminator)
}

// resend is a request to send again.
func (f Form) resend(code Code) Message {
	m := Message{Code: code, Delimiter: f.delimiter(), End: f.terminator()}
	return m.Summed()
}
