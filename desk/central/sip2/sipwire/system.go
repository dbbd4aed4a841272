package sipwire

import (
	"bytes"
	"crypto/sha256"
)

// Turn is what a [System] is to do next: [Wait], [Send] the bytes, or [Take] the
// message, carry it out, and [System.Answer] it.
type Turn struct {
	Do      Act
	Bytes   []byte
	Message Message
}

// System is the answering end of one connection (SIP2 calls it ACS): it asks for
// what came damaged, says again what did not arrive, and never has a request
// carried out twice that came twice in a row with the same number and checksum.
// It keeps the last answer, and of the request no more than a digest.
type System struct {
	Form Form

	// Strict: a message without sequence number and checksum is asked for again.
	// Without it a message whose own were damaged passes for one that has none.
	Strict bool

	last     *Message // what was said last; nil: nothing
	request  Message  // what is to be answered
	open     bool     // request is
	digest   [sha256.Size]byte
	answered bool   // digest is of the request that answer answers
	answer   []byte // as it was sent
	answerOf Message
}

// Heard takes what has come: one message, or what stood in the place of one. A
// message that the protocol does not know is the caller's to answer, to
// [System.AskAgain] for, or to pass over.
func (s *System) Heard(b []byte) Turn {
	s.open = false
	m, err := s.Form.Parse(b)
	switch {
	case err != nil, m.Check() == Damaged:
		return s.askAgain()
	case m.Code == RequestTerminalResend:
		return Turn{}
	case s.Strict && !m.Detects():
		return s.askAgain()
	case m.Code == RequestSystemResend:
		return s.sayAgain(&m)
	}
	if digest, ok := digestOf(&m); ok {
		if s.answered && digest == s.digest {
			s.last = &s.answerOf
			return Turn{Do: Send, Bytes: s.answer}
		}
		s.digest = digest
	}
	s.answered, s.open, s.request = false, true, m
	return Turn{Do: Take, Message: m}
}

// digestOf returns the digest of a message by which it is known again: of all
// its bytes, since different barcodes have the same checksum. ok is false for a
// message without number and checksum, which nobody could tell from another of
// the same text.
func digestOf(m *Message) (digest [sha256.Size]byte, ok bool) {
	if !m.Detects() {
		return digest, false
	}
	plain := *m
	plain.Lead, plain.End = nil, nil
	plain.Checksum = bytes.ToUpper(m.Checksum)
	return sha256.Sum256(plain.Bytes()), true
}

// Answer returns the bytes that answer the request which was taken last: with
// its number and a checksum if it had both, without if not. It is nil where no
// request is open.
func (s *System) Answer(m Message) []byte {
	if !s.open {
		return nil
	}
	s.open = false
	m = m.Bare()
	if s.request.Detects() {
		m.Sequence = s.request.Sequence
		m = m.summed()
		s.answered, s.answer, s.answerOf = true, m.Bytes(), m
		s.last = &s.answerOf
		return s.answer
	}
	s.last = &m
	return m.Bytes()
}

// AskAgain returns the bytes that ask for the request again which was taken
// last, with a checksum if it had one. Some systems answer so what they do not
// know. It is nil where no request is open.
func (s *System) AskAgain() []byte {
	if !s.open {
		return nil
	}
	s.open = false
	m := s.Form.resend(RequestTerminalResend)
	if !s.request.Detects() {
		m = m.Bare()
	}
	s.last = &m
	return m.Bytes()
}

// Forget forgets the last answer: the same request is carried out again then.
// It is for a time after which no terminal waits any more, since there are some
// that give every request the same number.
func (s *System) Forget() { s.answered, s.answer = false, nil }

func (s *System) askAgain() Turn {
	m := s.Form.resend(RequestTerminalResend)
	s.last = &m
	return Turn{Do: Send, Bytes: m.Bytes()}
}

// sayAgain says again what was said last, without its number; where nothing
// was, the terminal is asked.
func (s *System) sayAgain(m *Message) Turn {
	if s.last == nil {
		return s.askAgain()
	}
	again := s.last.Bare()
	if m.Checksum != nil {
		again = again.Summed()
	}
	return Turn{Do: Send, Bytes: again.Bytes()}
}
