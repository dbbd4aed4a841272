package sipwire

// The protocol has three alphabets for yes and no. Each of these returns ok
// false for what is not in its alphabet.

// ReadBinary reads 1 or 0.
func ReadBinary(b []byte) (yes, ok bool) { return oneOf(b, '1', '0') }

// ReadYesNo reads Y or N. U, which some parts have for unknown, is neither.
func ReadYesNo(b []byte) (yes, ok bool) { return oneOf(b, 'Y', 'N') }

// ReadMark reads Y or a blank, as the marks of a patron are written; N, which
// some systems write there, is a blank.
func ReadMark(b []byte) (yes, ok bool) {
	if len(b) == 1 && b[0] == ' ' {
		return false, true
	}
	return oneOf(b, 'Y', 'N')
}

func oneOf(b []byte, yes, no byte) (is, ok bool) {
	if len(b) != 1 {
		return false, false
	}
	return b[0] == yes, b[0] == yes || b[0] == no
}

// Flag returns a fixed part as yes or no, in the alphabet that the part has. ok
// is false where it says neither.
func (m *Message) Flag(p Part) (yes, ok bool) {
	b, k, ok := m.part(p)
	if !ok {
		return false, false
	}
	switch k {
	case Binary:
		return ReadBinary(b)
	case YesNo, YesNoOther:
		return ReadYesNo(b)
	}
	return false, false
}

// FlagField returns the first field of a tag as Y or N. ok is false where it is
// not there, or says neither.
func (m *Message) FlagField(t Tag) (yes, ok bool) {
	b, ok := m.First(t)
	if !ok {
		return false, false
	}
	return ReadYesNo(b)
}

func binaryByte(yes bool) byte {
	if yes {
		return '1'
	}
	return '0'
}

func yesNoByte(yes bool) byte {
	if yes {
		return 'Y'
	}
	return 'N'
}
