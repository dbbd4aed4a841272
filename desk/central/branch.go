package central

import (
	"context"
	"fmt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Member is a desk of a branch, as its relay and the others may know it.
type Member struct {
	Desk     circ.DeskID
	Name     string   // for people; empty: its id
	Key      []byte   // the public half, Ed25519; empty: it has none
	Standing Standing // as far as the central server knew
	Relay    bool     // it takes the journals of the others
}

// A Brancher names the desks of the library in which who asks stands.
type Brancher interface {
	Branch(ctx context.Context) ([]Member, error)
}

// RelayMet is what a relay says of itself and of a desk.
type RelayMet struct {
	Relay circ.DeskID
	Run   string         // of the relay's memory: another one after each of its starts
	Heads []journal.Mark // how far it has come with the epochs that were asked for
}

// UnknownRelayError: what answers is no relay of this library, as the central server
// knew. Nothing is handed to it.
type UnknownRelayError struct{ Relay circ.DeskID }

func (e *UnknownRelayError) Error() string {
	return fmt.Sprintf("what answers calls itself relay %.80q: the central server has named no such relay of this library. A desk that has not met the central server since the relay was enrolled does so first", e.Relay)
}
