package desk

import (
	"context"
	"log/slog"
	"time"

	"circdesk/desk/label"
	"circdesk/desk/local"
	"circdesk/desk/operator"
	"circdesk/desk/uplink"
	"circdesk/desk/words"
)

// Config is what a session is made of. Desk, Labels, Operators, Words and Out
// are needed.
type Config struct {
	Desk      *local.Desk
	Up        Up     // nil: there is no central system, and every entry is a fact
	Drawer    string // the desk's, by name; empty: it has none
	Labels    *label.Rules
	Operators operator.Source
	Words     *words.Book
	// Out hears everything, in order, from the session's goroutine. It must not
	// wait for the session.
	Out  func(Output)
	Slip func(text string) error // nil: slips are refused with a word
	Log  *slog.Logger            // nil: nothing is logged; never anything of a patron

	// After is time.AfterFunc, or a test's.
	After func(time.Duration, func()) (stop func() bool)
}

// Up is the line to the central system. *uplink.Uplink is one; its events go to
// [Session.Hear], and it runs after [Session.Begun].
type Up interface {
	Asking() bool
	Wake()
	Missed()
	Status() uplink.Status
	Sync(context.Context) error
}

// Output is an [Outcome], a [Notice] or a [State].
type Output interface{ output() }

func (Outcome) output() {}
func (Notice) output()  {}
func (State) output()   {}
