package desk

import (
	"context"
	"errors"
	"strconv"

	"circdesk/desk/circ"
	"circdesk/desk/local"
	"circdesk/desk/text"
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
	s.off(func(ctx context.Context) func() {
		err := s.c.Up.Sync(ctx)
		return func() {
			if s.visit != nil {
				s.visit.stale = true
			}
			w, left := s.c.Words, s.c.Desk.Unsettled()
			if err == nil {
				s.finish(j, Outcome{Word: WordDone, Text: w.Text(words.OutcomeSynced)})
				return
			}
			s.c.Log.Warn("not all was delivered and brought up to date", "left", left, "err", err)
			why := circ.Remark{Reason: Failed, Text: s.trouble(err)}
			if !s.c.Up.Status().Up {
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

func (s *Session) countConflicts() {
	open, err := s.c.Desk.Conflicts(s.ctx, false)
	if err != nil {
		s.c.Log.Error("the conflicts could not be read", "err", err)
		return
	}
	s.conflicts = len(open)
}

// listConflicts lists what a person has to settle, oldest first.
func (s *Session) listConflicts(j *job) {
	if !s.signedIn(j) {
		return
	}
	open, err := s.c.Desk.Conflicts(s.ctx, false)
	if err != nil {
		s.failed(j, err)
		return
	}
	s.conflicts = len(open)
	o := Outcome{Word: WordList, Text: s.c.Words.Text(words.OutcomeConflictsNone)}
	if len(open) > 0 {
		o.Text = s.c.Words.N(words.OutcomeConflicts, len(open))
	}
	for _, c := range open {
		o.Conflicts = append(o.Conflicts, s.joined(c))
	}
	if o.Unsent, err = s.unsent(); err != nil {
		s.failed(j, err)
		return
	}
	s.finish(j, o)
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

// joined gives a conflict its names and titles.
func (s *Session) joined(c local.Conflict) Conflict {
	out := Conflict{Conflict: c, Said: s.said(c.Objections)}
	e, ok := s.entry(c.Entry)
	if !ok {
		return out
	}
	out.At, out.Operator = e.Act.At, e.Act.Operator
	if e.Act.Command == nil {
		return out
	}
	out.Command = s.c.Words.Command(e.Act.Command.Name())
	id, barcode, title := Concerns(e.Act.Command)
	person := personOf(e.Act.Command, e.Told)
	err := s.read(func(f *facts) {
		it, known := one[circ.Item](f, circ.KindItem, string(id))
		if !known {
			it, _ = f.item(barcode)
		}
		if title == "" {
			title = it.Title
		}
		out.Item, out.Title = clean(it.Barcode), clean(f.title(title).Title)
		if out.Item == "" {
			out.Item = clean(barcode)
		}
		if p, ok := f.patron(person); ok {
			out.Person = personName(p)
		}
	})
	if err != nil {
		s.c.Log.Error("a conflict could not be joined", "entry", c.Entry, "err", err)
	}
	return out
}

// personOf gives whom an entry concerns.
func personOf(c circ.Command, told []circ.Event) circ.PatronID {
	switch c := circ.CommandValue(c).(type) {
	case circ.CheckOut:
		return c.Patron
	case circ.Place:
		return c.Patron
	case circ.Pay:
		return c.Patron
	case circ.BlockPatron:
		return c.Patron
	case circ.AddAlert:
		return c.Patron
	case circ.Edit:
		return c.Patron
	case circ.RenewCard:
		return c.Patron
	case circ.ReplaceCard:
		return c.Patron
	case circ.LinkPatrons:
		return c.Patron
	}
	for _, e := range told {
		switch e := circ.Value(e).(type) {
		case circ.CheckedIn:
			return e.Patron
		case circ.Renewed:
			return e.Patron
		case circ.Registered:
			return e.Patron.ID
		case circ.RequestEnded:
			return e.Patron
		case circ.Unblocked:
			return e.Patron
		case circ.AlertEnded:
			return e.Patron
		}
	}
	return ""
}

// settle notes that a person has settled a conflict.
func (s *Session) settle(j *job, in Settle) {
	if !s.may(j, circ.RightCirculate) {
		return
	}
	why := text.Clean(in.Why, maxWhy)
	if why == "" {
		s.refuse(j, ReasonNeeded, "")
		return
	}
	err := s.c.Desk.SettleConflict(s.ctx, in.Entry, circ.OperatorID(s.operator.Name), why)
	switch {
	case errors.Is(err, local.ErrNoConflict):
		s.refuse(j, NoSuchConflict, "")
		return
	case err != nil:
		s.failed(j, err)
		return
	}
	s.countConflicts()
	what := ""
	if e, ok := s.entry(in.Entry); ok {
		what = s.whatOf(e.Act.Command)
	}
	s.finish(j, Outcome{Word: WordDone, Entry: in.Entry, Text: s.c.Words.Text(words.OutcomeSettled, "title", what)})
}
