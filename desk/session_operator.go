package desk

import (
	"context"
	"errors"
	"math"
	"slices"

	"circdesk/desk/circ"
	"circdesk/desk/operator"
	"circdesk/desk/words"
)

// signIn switches the operator. What comes after waits until the PIN is
// checked.
func (s *Session) signIn(j *job, in SignIn) {
	s.busy = true
	s.off(func(ctx context.Context) func() {
		who, err := s.c.Operators.SignIn(ctx, in.Name, in.PIN)
		return func() {
			s.busy = false
			if err != nil {
				s.notSignedIn(j, err)
				return
			}
			s.operator = &who
			o := Outcome{Word: WordMode, Text: s.c.Words.Text(words.OutcomeSignedIn, "name", who.Display())}
			if !s.resume(j, o) {
				s.finish(j, o)
			}
		}
	})
}

// notSignedIn says why somebody is not signed in; never the PIN.
func (s *Session) notSignedIn(j *job, err error) {
	if wait, ok := errors.AsType[*operator.Wait](err); ok {
		s.stop(j, Outcome{}, circ.Remark{Reason: WaitForPIN, N: int(math.Ceil(wait.For.Seconds()))})
		return
	}
	if errors.Is(err, operator.ErrRefused) {
		s.refuse(j, WrongPIN, "")
		return
	}
	s.failed(j, err)
}

// signOut leaves a desk that only looks things up; the visit and bookdrop
// mode end.
func (s *Session) signOut(j *job) {
	s.operator = nil
	s.endDrop()
	left := s.closeVisit()
	s.finish(j, Outcome{Word: WordMode, Text: s.c.Words.Text(words.OutcomeSignedOut), Then: left})
}

// signedIn reports whether somebody is; else the job ends.
func (s *Session) signedIn(j *job) bool {
	if s.operator == nil {
		s.refuse(j, SignInFirst, "")
		return false
	}
	return true
}

// may reports whether the operator has the right; else the job ends.
func (s *Session) may(j *job, r circ.Right) bool {
	if !s.signedIn(j) {
		return false
	}
	if !s.operator.Has(string(r)) {
		s.stop(j, Outcome{}, circ.Remark{Reason: circ.RightMissing, Right: r})
		return false
	}
	return true
}

func rights(o operator.Operator) []circ.Right {
	out := make([]circ.Right, 0, len(o.Rights))
	for _, r := range o.Rights {
		out = append(out, circ.Right(r))
	}
	return out
}

// rightsFor gives the rights under which an order is decided.
func (s *Session) rightsFor(o *order) []circ.Right {
	out := rights(*s.operator)
	if o.grant != nil {
		out = append(out, o.grant.rights...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}
