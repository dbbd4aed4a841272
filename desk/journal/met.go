package journal

import (
	"context"
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

// Raised gives the records of the conflict that the receipt of an entry makes of it, if
// it does: to be put where the receipt is kept, for every desk's copy.
func Raised(ctx context.Context, r Reader, e Entry, receipt Receipt, now time.Time) ([]circ.Row, error) {
	met, is := Met(e, receipt, now.UTC().Round(0))
	if !is {
		return nil, nil
	}
	c := circ.NewCase(e.Act, nil)
	for _, k := range met.Touches() {
		want := circ.ByKey(k.Kind, k.ID)
		found, err := r.Read(ctx, []circ.Want{want})
		if err != nil {
			return nil, err
		}
		c.Add(want, found[0])
	}
	c.Apply(met)
	return c.Changes(), nil
}
