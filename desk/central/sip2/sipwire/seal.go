package sipwire

// Check is what a message's checksum says of it.
type Check int

const (
	Unchecked Check = iota // there is none
	Intact
	Damaged
)

// Check compares the checksum with the bytes, as they were read.
func (m *Message) Check() Check {
	if m.Checksum == nil {
		return Unchecked
	}
	if said, ok := ReadSum(m.Checksum); !ok || said != m.sum() {
		return Damaged
	}
	return Intact
}

// sum is the checksum that the message should have.
func (m *Message) sum() Sum {
	s := Sum(0).over([]byte(m.Code)).over(m.Header)
	for _, f := range m.Fields {
		s = s.over([]byte(f.Tag)).over(f.Value)
		if !f.Open {
			s -= Sum(m.delimiter())
		}
	}
	if m.Sequence != nil {
		s = s.over([]byte(SequenceTag)).over(m.Sequence)
	}
	return s.over([]byte(ChecksumTag))
}

// Number returns the message's sequence number, 0 to 9. ok is false where there
// is none, or one that is not a single digit.
func (m *Message) Number() (n int, ok bool) {
	if len(m.Sequence) != 1 || !digit(m.Sequence[0]) {
		return 0, false
	}
	return int(m.Sequence[0] - '0'), true
}

// Detects reports whether the message takes part in error detection: it ends
// with a sequence number and a checksum, right or wrong. Requests to send again
// have a checksum only.
func (m *Message) Detects() bool {
	resend := m.Code == RequestTerminalResend || m.Code == RequestSystemResend
	return m.Checksum != nil && (resend || m.Sequence != nil)
}

// Sealed returns the message with a sequence number (its last digit counts) and
// the checksum for it.
func (m Message) Sealed(number int) Message {
	m.Sequence = []byte{'0' + byte((number%10+10)%10)}
	return m.summed()
}

// Summed returns the message with a checksum and no sequence number: so are
// requests to send again, and the answers to them.
func (m Message) Summed() Message {
	m.Sequence = nil
	return m.summed()
}

// Bare returns the message with neither.
func (m Message) Bare() Message {
	m.Sequence, m.Checksum = nil, nil
	return m
}

func (m Message) summed() Message {
	m.Lead = nil
	m.Checksum = m.sum().Append(nil)
	return m
}
