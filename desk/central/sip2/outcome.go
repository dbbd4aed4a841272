package sip2

import (
	"context"
	"errors"
	"fmt"

	"circdesk/desk/central/sip2/sipwire"
)

// Verdict is what is known of a change.
type Verdict int

// The verdicts. Unknown is the zero one: it has to be found out what was done
// before anything is said again.
const (
	Unknown Verdict = iota
	Done
	Refused
	Unsaid // the system cannot have heard of it: it may be said again
)

func (v Verdict) String() string {
	switch v {
	case Unknown:
		return "unknown"
	case Done:
		return "done"
	case Refused:
		return "refused"
	case Unsaid:
		return "not said"
	}
	return fmt.Sprintf("Verdict(%d)", int(v))
}

// Outcome is what became of a change.
type Outcome struct {
	Verdict Verdict
	Reply   sipwire.Message // Done, Refused
	Text    string          // what the system says to it, safe to show; empty: nothing
	Err     error           // Unknown, Unsaid: why
}

// Change says what does something on this connection, once: see [Pool.Change].
func (c *Conn) Change(ctx context.Context, m sipwire.Message) Outcome {
	reply, err := c.Exchange(ctx, m)
	if err != nil {
		return unanswered(err)
	}
	return c.Profile.outcome(reply)
}

func unanswered(err error) Outcome {
	if no, ok := errors.AsType[*NoAnswerError](err); ok && no.Undone {
		return Outcome{Verdict: Unsaid, Err: err}
	}
	return Outcome{Verdict: Unknown, Err: err}
}

// errNeither: the answer says neither yes nor no where it has to.
var errNeither = errors.New("the answer says neither yes nor no")

// outcome reads what the answer to a change says.
func (p Profile) outcome(reply sipwire.Message) Outcome {
	yes, ok := said(&reply)
	out := Outcome{Reply: reply, Text: p.Says(&reply)}
	switch {
	case !ok:
		out.Err = errNeither
	case yes:
		out.Verdict = Done
	default:
		out.Verdict = Refused
	}
	return out
}

// said reads yes or no from where each answer has it. Of a patron whose card was
// blocked or freed the answer is the patron's status, and BL says whether there is
// such a patron.
func said(m *sipwire.Message) (yes, ok bool) {
	switch m.Code {
	case sipwire.FeePaidResponse:
		return m.Flag(sipwire.PaymentAccepted)
	case sipwire.EndSessionResponse:
		return m.Flag(sipwire.SessionEnded)
	case sipwire.ItemStatusUpdateResponse:
		return m.Flag(sipwire.PropertiesOK)
	case sipwire.PatronStatusResponse, sipwire.PatronEnableResponse:
		valid, there := m.FlagField(sipwire.ValidPatron)
		return valid || !there, true
	}
	return m.Flag(sipwire.OK)
}
