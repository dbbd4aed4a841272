package desk

import (
	"context"
	"errors"
	"strconv"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/words"
)

func (s *Session) waitingText() string { return strconv.Itoa(s.c.Desk.Unsettled()) }

// sync delivers all that waits, and brings the copy up to date. Scans go on
// meanwhile.
func (s *Session) sync(j *job) {
	if s.c.Up == nil {
		s.refuse(j, NoCentral, "")
		return
	}
	s.sending = s.c.Desk.Unsettled()
	s.off(func(ctx context.Context) func() {
		err := s.c.Up.Sync(ctx)
		others, known := s.askOthers(ctx)
		return func() {
			s.sending = 0
			if known {
				s.knowOthers(others)
			}
			if s.visit != nil {
				s.visit.stale = true
			}
			w, left := s.c.Words, s.c.Desk.Unsettled()
			if err == nil {
				o := Outcome{Word: WordDone, Text: w.Text(words.OutcomeSynced)}
				if names := s.holders(); known && names != "" {
					o.Text = w.Text(words.OutcomeSyncedHere, "desks", names)
				} else if known {
					o.Text = w.Text(words.OutcomeSyncedAll)
				}
				s.finish(j, o)
				return
			}
			s.c.Log.Warn("not all was delivered and brought up to date", "left", left, "err", err)
			why := circ.Remark{Reason: Failed, Text: s.trouble(err)}
			if _, shut := errors.AsType[*central.ShutError](err); !shut && !s.c.Up.Status().Up {
				why = circ.Remark{Reason: NoLine}
			}
			said := s.said([]circ.Remark{why})
			if left == 0 {
				s.finish(j, Outcome{Word: WordDone, Tell: said, Text: w.Text(words.OutcomeSyncedCopy, "why", s.texts(said))})
				return
			}
			s.stop(j, Outcome{Text: w.N(words.OutcomeSyncedNot, left, "why", s.texts(said))}, why)
		}
	})
}

// A pauser is a line on which delivering can be paused.
type pauser interface{ Pause(on bool) }

// pause stops delivering, or goes on with it. What is done meanwhile waits.
func (s *Session) pause(j *job, on bool) {
	up, ok := s.c.Up.(pauser)
	if !ok {
		s.refuse(j, NoCentral, "")
		return
	}
	if !s.signedIn(j) {
		return
	}
	if up.Pause(on); on {
		s.finish(j, Outcome{Word: WordDone, Text: s.c.Words.N(words.OutcomePaused, s.c.Desk.Unsettled())})
		return
	}
	s.finish(j, Outcome{Word: WordDone, Text: s.c.Words.N(words.OutcomeGoesOn, s.c.Desk.Unsettled())})
}

// holders names the other desks that still hold entries; empty: none does.
func (s *Session) holders() string {
	var all []string
	for _, h := range s.others.Holding {
		all = append(all, s.c.Words.N(words.OutcomeSyncedHolds, h.Left, "desk", h.Name))
	}
	return s.c.Words.List(all...)
}

// mostUnsent is how many of the entries that wait are listed.
const mostUnsent = 100

// unsent lists the entries that wait for the line, oldest first. One that only
// says what became of another is not listed.
func (s *Session) unsent() ([]Past, error) {
	waiting, err := s.c.Desk.Waiting(s.ctx, mostUnsent)
	if err != nil {
		return nil, err
	}
	var out []Past
	for _, e := range waiting {
		if e.Of != "" {
			continue
		}
		word, what := wordOf(e.Told), e.Act.Command
		if u, ok := circ.CommandValue(what).(circ.Undo); ok {
			word = WordUndone
			if of, known := s.entry(u.Entry); known {
				what = of.Act.Command
			}
		}
		out = append(out, Past{N: len(out) + 1, Entry: e.Act.ID, At: e.Act.At, Word: word, Text: s.whatOf(what)})
	}
	return out, nil
}
