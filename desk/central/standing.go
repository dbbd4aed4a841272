package central

import (
	"fmt"
	"time"

	"circdesk/desk/circ"
)

// Unknown: the system knows no desk by this key.
const Unknown Standing = "unknown"

// StandingError: the system does not speak with a desk, since it is not enrolled
// (any more). What the desk writes waits until it is.
type StandingError struct {
	Desk     circ.DeskID
	Standing Standing // unknown, lapsed or revoked
}

func (e *StandingError) Error() string {
	switch e.Standing {
	case Revoked:
		return fmt.Sprintf("desk %s was revoked at the central server: ask whoever runs it. What waits here is kept, and delivered when the desk is enrolled again with a new code", e.Desk)
	case Lapsed:
		return fmt.Sprintf("the enrolment of desk %s has lapsed, since the central server did not hear of it for too long: it works on, and delivers when it is enrolled again with a new code", e.Desk)
	}
	return fmt.Sprintf("desk %s is not enrolled at this central server, or has lost its key: it works on, and delivers when it is enrolled with a new code", e.Desk)
}

// ShutError: the system cannot be spoken to, and waiting does not help: it refuses the
// desk's password, or cannot be trusted. A person has to see to it; what the desk writes
// waits.
type ShutError struct{ Err error }

func (e *ShutError) Error() string { return e.Err.Error() }

// Unwrap gives why.
func (e *ShutError) Unwrap() error { return e.Err }

// Invite is a code by which one desk may be enrolled, once.
type Invite struct {
	Code    string // as people type it
	Name    string // of the desk; empty: of any that is not enrolled
	Library string // in which it stands; empty: as it says
	Ends    time.Time
}
