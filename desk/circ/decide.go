package circ

import (
	"cmp"
	"slices"
	"time"

	"circdesk/desk/policy"
)

// Decide answers a command that has not happened yet: what is refused, what is
// asked, what the clerk should hear, and, when it goes through, what happens.
// It does not change the case.
func Decide(c *Case) Decision { return try(c).d }

// try is [Decide], and what was found on the way to it.
func try(c *Case) *trial {
	t := &trial{story: story{c: c.fork()}}
	if c.Act.Command == nil {
		t.refuse(Remark{Reason: NothingGiven})
		return t
	}
	c.Act.Command.decide(t)
	if !ByItself(c.Act.Command) && !t.may(RightCirculate) {
		t.refuse(Remark{Reason: RightMissing, Right: RightCirculate})
	}
	if t.d.Done() {
		t.d.Events = t.out
	} else {
		t.d.Route, t.d.Trace = nil, nil
	}
	return t
}

// story writes events: each is prepared from the case as the ones before left
// it, and applied to it.
type story struct {
	c   *Case
	out []Event
}

func (s *story) emit(e Event) {
	e = e.prepare(s.c)
	s.c.Apply(e)
	s.out = append(s.out, e)
}

// newID derives the n-th id of a kind from the act.
func (s *story) newID(k Kind, n int) string { return NewID(s.c.Act.ID, k, n) }

// trial is a command on its way to a decision.
type trial struct {
	story
	d   Decision
	due time.Time     // of a loan or a renewal, if it goes through; zero: the rules give no date
	why []policy.Step // why then
}

func (t *trial) refuse(r Remark) { t.d.Refused = append(t.d.Refused, r) }
func (t *trial) tell(r Remark)   { t.d.Tell = append(t.d.Tell, r) }

// ask asks for the clerk's word, unless it was given by somebody who may. A
// remark without a right needs the ordinary one.
func (t *trial) ask(r Remark) {
	r.Right = cmp.Or(r.Right, RightCirculate)
	if !t.c.Act.said(r.Reason) {
		t.d.Ask = append(t.d.Ask, r)
		return
	}
	if t.c.Rights != nil && !r.Allows(t.c.Rights) {
		t.d.Ask = append(t.d.Ask, r)
		t.tell(r.lacks())
	}
}

// may reports whether somebody who may do that did it. Rights that are not
// looked at stand against nothing.
func (t *trial) may(r Right) bool { return t.c.Rights == nil || slices.Contains(t.c.Rights, r) }

// stopped reports whether it makes no sense to look further.
func (t *trial) stopped() bool { return len(t.d.Refused) > 0 }
