package journal

import (
	"time"

	"circdesk/desk/circ"
)

// Met gives the conflict that the receipt of an entry makes of it: it was applied with
// objections, or rejected. False: it met nothing.
func Met(e Entry, r Receipt, found time.Time) (circ.ConflictRaised, bool) {
	if r.Verdict != Rejected && len(r.Objections) == 0 {
		return circ.ConflictRaised{}, false
	}
	events := r.Events
	if len(events) == 0 {
		events = e.Told
	}
	raised := circ.Raise(e.Act, events, r.Objections, r.Verdict == Rejected, found)
	raised.Conflict.Of = e.Of
	return raised, true
}
