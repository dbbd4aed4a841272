package circ_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
)

// TestRaisingIsTotal: whatever was done and met, there is a conflict of the entry with a
// class that has fitting actions.
func TestRaisingIsTotal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := act("entry-1", drawCommand(t))
		var events []circ.Event
		for range rapid.IntRange(0, 3).Draw(t, "events") {
			events = append(events, drawEvent(t))
		}
		reason := rapid.SampledFrom([]circ.Reason{circ.SeenSince, circ.OnLoanToOther, circ.Overpaid, "of a later version"}).Draw(t, "reason")
		c := circ.Raise(a, events, []circ.Remark{{Reason: reason}}, rapid.Bool().Draw(t, "rejected"), now).Conflict
		if c.ID != "entry-1" || c.Class == "" || len(c.Actions()) == 0 || !c.Open() {
			t.Fatalf("raised %+v", c)
		}
	})
}

// TestWorkOnAConflict: what somebody does about a conflict, and what stands against it.
func TestWorkOnAConflict(t *testing.T) {
	settled := func(c *circ.Conflict) {
		c.Settled = circ.Settlement{Hand: circ.Hand{At: ago(time.Hour), Desk: "desk-9"}, By: "head", How: circ.ConflictKeep, Why: "called"}
	}
	conflict := func(o outcome) circ.Conflict {
		c, _ := o.after.rows[circ.Key{Kind: circ.KindConflict, ID: "clash"}].(circ.Conflict)
		return c
	}
	open := clash("clash", circ.ClassLentOver)
	run(t, []row{
		{name: "settled by taking the other's loan back", with: []change{open}, do: circ.SettleConflict{Conflict: "clash", How: circ.ConflictReturn, Text: "it is here"}, events: []string{"conflict_settled"}, then: func(t *testing.T, o outcome) {
			s := conflict(o).Settled
			is(t, "how", s.How, circ.ConflictReturn)
			is(t, "why", s.Why, "it is here")
			is(t, "by", s.By, "clerk")
			isAt(t, "at", s.At, now)
		}},
		{name: "settled without a reason", with: []change{open}, do: circ.SettleConflict{Conflict: "clash"}, refused: why(circ.NoReason)},
		{name: "settled without the right", with: []change{open}, rights: []circ.Right{circ.RightCirculate}, do: circ.SettleConflict{Conflict: "clash", Text: "x"}, refused: why(circ.RightMissing)},
		{name: "settled twice", with: []change{clash("clash", circ.ClassLentOver, settled)}, do: circ.SettleConflict{Conflict: "clash", Text: "x"}, refused: why(circ.SettledAlready)},
		{name: "a conflict that nobody knows", do: circ.SettleConflict{Conflict: "clash", Text: "x"}, refused: why(circ.UnknownThing)},
		{name: "somebody sees to it", with: []change{open}, do: circ.AssignConflict{Conflict: "clash", Owner: "head"}, events: []string{"conflict_assigned"}, then: func(t *testing.T, o outcome) {
			is(t, "owner", conflict(o).Owner, "head")
		}},
		{name: "a settled one is nobody's any more", with: []change{clash("clash", circ.ClassLentOver, settled)}, do: circ.AssignConflict{Conflict: "clash", Owner: "head"}, refused: why(circ.SettledAlready)},
		{name: "to be looked at in three days", with: []change{open}, do: circ.CallBack{Conflict: "clash", On: hence(3 * day)}, events: []string{"conflict_put_off"}, then: func(t *testing.T, o outcome) {
			c := conflict(o)
			is(t, "waits now", c.Waits(now), false)
			is(t, "waits then", c.Waits(hence(3*day)), true)
		}},
		{name: "how the patron is reached is looked at, and that is noted", with: []change{open}, do: circ.SeeContact{Conflict: "clash"}, events: []string{"contact_seen"}, then: func(t *testing.T, o outcome) {
			is(t, "by", conflict(o).Seen[0].By, "clerk")
			is(t, "whose", conflict(o).Seen[0].Patron, "reader")
		}},
		{name: "who may not settle does not see how a patron is reached", with: []change{open}, rights: []circ.Right{circ.RightCirculate}, do: circ.SeeContact{Conflict: "clash"}, refused: why(circ.RightMissing)},
		{name: "a desk of an earlier version tells of its own", do: circ.CarryConflict{Conflict: circ.Conflict{ID: "clash", Met: []circ.Remark{{Reason: circ.Overpaid}}}}, events: []string{"conflict_raised"}, then: func(t *testing.T, o outcome) {
			is(t, "open", conflict(o).Open(), true)
		}},
		{name: "and of one that was settled there", do: circ.CarryConflict{Conflict: circ.Conflict{ID: "clash", Settled: circ.Settlement{Hand: circ.Hand{At: ago(day), Desk: "desk-1"}, By: "jo", Why: "called"}}}, events: []string{"conflict_raised", "conflict_settled"}, then: func(t *testing.T, o outcome) {
			is(t, "by", conflict(o).Settled.By, "jo")
		}},
		{name: "what the central system knows already is not carried over it", with: []change{open}, do: circ.CarryConflict{Conflict: circ.Conflict{ID: "clash"}}, refused: why(circ.SettledAlready)},
	})
}

// TestWhatWasDoneAboutAConflictStays: a server that was set back hears first how a
// conflict was settled, and then of it.
func TestWhatWasDoneAboutAConflictStays(t *testing.T) {
	w := plain().apply(
		circ.ConflictAssigned{Conflict: "clash", Owner: "head", At: now},
		circ.ConflictSettled{Conflict: "clash", At: hence(time.Hour), Operator: "head", How: circ.ConflictKeep, Text: "called"},
		circ.Raise(act("clash", lend), nil, []circ.Remark{{Reason: circ.PatronBlocked}}, false, hence(2*time.Hour)),
	)
	c := w.rows[circ.Key{Kind: circ.KindConflict, ID: "clash"}].(circ.Conflict)
	is(t, "class", c.Class, circ.ClassPatronStopped)
	is(t, "owner", c.Owner, "head")
	is(t, "open", c.Open(), false)
}
