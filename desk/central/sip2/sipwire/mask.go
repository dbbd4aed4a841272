package sipwire

import (
	"bytes"
	"fmt"
)

// masked stands for what a trace does not show.
const masked = "***"

// shown are the fields whose values a trace shows: they say nothing about a
// person, or nothing without the patron that is masked beside them. What is not
// listed is masked: names, numbers, passwords, texts, lists of what a patron
// has, and all that systems add of their own.
var shown = map[Tag]bool{
	ItemID: true, DueDate: true, LibraryName: true, TerminalLocation: true, Institution: true, CurrentLocation: true,
	PermanentLocation: true, Owner: true, CurrencyType: true, Cancel: true, ValidPatron: true, FeeAcknowledged: true,
	StartItem: true, EndItem: true, QueuePosition: true, PickupLocation: true, FeeTypeTag: true, FeeAmount: true,
	SupportedMessages: true, HoldTypeTag: true, HoldItemsLimit: true, OverdueItemsLimit: true, ChargedItemsLimit: true,
	FeeLimit: true, HoldQueueLength: true, ItemProperties: true, SecurityInhibit: true, RecallDate: true, MediaTag: true,
	SortBin: true, LoginUser: true, LoginLocation: true, ValidPassword: true, Collection: true, CallNumber: true,
	Destination: true, AlertTag: true,
}

// Trace returns a message as one line of a log, without patrons' data and
// passwords: *** for a value that is not shown, and for what stands behind a
// delimiter within one that is; nothing for an empty one. A header that is not as the protocol has it is not shown either, nor a checksum,
// from which a PIN could be reckoned: it is ok or wrong. Control characters and
// bytes beyond ASCII are written as \x and two digits.
func (m *Message) Trace() string {
	b := printable(nil, []byte(m.Code))
	if m.Spec() == nil || m.Odd() {
		b = mask(b, m.Header)
	} else {
		b = printable(b, m.Header)
	}
	for _, f := range m.Fields {
		b = printable(b, []byte(f.Tag))
		value := f.Value
		if shown[f.Tag] {
			n := bytes.IndexByte(value, m.delimiter())
			if n < 0 {
				n = len(value)
			}
			b, value = printable(b, value[:n]), value[n:]
		}
		b = mask(b, value)
		if !f.Open {
			b = append(b, m.delimiter())
		}
	}
	if n, ok := m.Number(); ok {
		b = append(append(b, SequenceTag...), '0'+byte(n))
	} else if m.Sequence != nil {
		b = mask(append(b, SequenceTag...), m.Sequence)
	}
	switch m.Check() {
	case Intact:
		b = append(b, "AZ(ok)"...)
	case Damaged:
		b = append(b, "AZ(wrong)"...)
	}
	return string(b)
}

// Trace returns the [Message.Trace] of bytes as they came; of what is no
// message, how long it is.
func Trace(b []byte, delimiter byte) string {
	m, err := Parse(b, delimiter)
	if err != nil {
		return fmt.Sprintf("(%d bytes that are no SIP2 message)", len(b))
	}
	return m.Trace()
}

// mask writes *** for a value, and nothing for none.
func mask(dst, value []byte) []byte {
	if blank(value) {
		return append(dst, value...)
	}
	return append(dst, masked...)
}

// printable writes bytes so that none of them moves a cursor.
func printable(dst, b []byte) []byte {
	for _, c := range b {
		if c < ' ' || c >= 0x7f {
			dst = append(dst, '\\', 'x', hexDigits[c>>4], hexDigits[c&15])
		} else {
			dst = append(dst, c)
		}
	}
	return dst
}
