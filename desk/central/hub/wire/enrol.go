package wire

import (
	"crypto/ed25519"
	"time"

	"circdesk/desk/circ"
)

// Challenged is a challenge: to be signed once, soon, by who shows its key.
type Challenged struct {
	Server    string `json:"server"` // the server's own id
	Challenge string `json:"challenge,omitempty"`
	Enrols    bool   `json:"enrols"` // false: no desk is asked for its key, and there is no challenge
}

// Signed is what a desk's key signs: a [Greeting] or an [Enrolment], as JSON, with the
// challenge that it answers.
type Signed struct {
	Desk      circ.DeskID `json:"desk"`
	Challenge string      `json:"challenge"`
	Body      []byte      `json:"body"`
	Signature []byte      `json:"signature"`
}

// What a signature is for stands in what is signed: one of a hello is none of an
// enrolment.
const (
	ForHello = "circdesk hello 1"
	ForEnrol = "circdesk enrol 1"
)

// signed gives the bytes that are signed: the purpose, the server, the desk and the
// challenge, each ended by a zero byte, then the body. None of them has a zero byte:
// one that has is never signed, nor taken.
func (s Signed) signed(purpose, server string) []byte {
	b := make([]byte, 0, len(purpose)+len(server)+len(s.Desk)+len(s.Challenge)+len(s.Body)+4)
	for _, part := range []string{purpose, server, string(s.Desk), s.Challenge} {
		for i := range len(part) {
			if part[i] == 0 {
				return nil
			}
		}
		b = append(append(b, part...), 0)
	}
	return append(b, s.Body...)
}

// Sign signs, for a purpose and for one server.
func (s Signed) Sign(purpose, server string, sign func([]byte) []byte) Signed {
	s.Signature = sign(s.signed(purpose, server))
	return s
}

// Verify reports whether the signature is that of a key.
func (s Signed) Verify(purpose, server string, key []byte) bool {
	b := s.signed(purpose, server)
	return b != nil && len(key) == ed25519.PublicKeySize && ed25519.Verify(key, b, s.Signature)
}

// Enrolment asks that a key be that of a desk.
type Enrolment struct {
	Code string `json:"code"`           // once only
	Desk string `json:"desk,omitempty"` // whose journal it is; empty: nobody's yet
	Like string `json:"like,omitempty"` // what a desk without a name would be called
	Key  []byte `json:"key"`            // Ed25519
}

// Enrolled answers an [Enrolment].
type Enrolled struct {
	Server  string      `json:"server"`
	Desk    circ.DeskID `json:"desk"` // as which it is known from now on
	Library string      `json:"library,omitempty"`
	Ends    time.Time   `json:"ends,omitzero"`
}

// Began answers a signed hello.
type Began struct {
	Welcome Welcome   `json:"welcome"`
	Token   string    `json:"token"` // shown with all that follows
	Until   time.Time `json:"until"` // by the hub's clock
}
