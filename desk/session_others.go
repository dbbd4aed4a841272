package desk

import (
	"context"
	"encoding/json"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// A desk knows which other desks have not delivered all, as the central system said it
// last: it asks when the line comes back, after a delivery, and when somebody looks.

// noteOthers is the note of what was said last, for a start without a line.
const noteOthers = "others"

// rollEvery is how often the central system is asked at most.
const rollEvery = 20 * time.Second

// Others are the other desks that still hold entries. The zero Others: nobody knows.
type Others struct {
	At      time.Time // when the central system said so
	Holding []Holder
}

// Holder is a desk that has not delivered all.
type Holder struct {
	Desk circ.DeskID
	Name string // for people
	Left int
	Seen time.Time // when it was heard of; zero: never
}

// roller is a line to a system that knows how far its desks are.
type roller interface {
	Roll(ctx context.Context) (all []central.DeskState, ok bool)
}

// askOthers asks which other desks hold entries; false: nobody says.
func (s *Session) askOthers(ctx context.Context) (o Others, ok bool) {
	up, is := s.c.Up.(roller)
	if !is {
		return o, false
	}
	all, ok := up.Roll(ctx)
	if !ok {
		return o, false
	}
	o.At = s.now()
	for _, d := range all {
		if d.Left > 0 && d.Desk != s.c.Desk.ID {
			name := clean(d.Name)
			if name == "" {
				name = string(d.Desk)
			}
			o.Holding = append(o.Holding, Holder{d.Desk, name, d.Left, d.Seen})
		}
	}
	return o, true
}

// roll asks it anew, off this goroutine, unless that was just done.
func (s *Session) roll() {
	if _, is := s.c.Up.(roller); !is || !s.c.Up.Status().Up || s.rolling || s.now().Sub(s.others.At) < rollEvery {
		return
	}
	s.rolling = true
	s.off(func(ctx context.Context) func() {
		o, ok := s.askOthers(ctx)
		return func() {
			s.rolling = false
			if ok {
				s.knowOthers(o)
			}
		}
	})
}

// knowOthers keeps what was said.
func (s *Session) knowOthers(o Others) {
	same := len(o.Holding) == len(s.others.Holding)
	for i := range o.Holding {
		same = same && o.Holding[i] == s.others.Holding[i]
	}
	first := s.others.At.IsZero()
	s.others, s.changed = o, true
	if same && !first {
		return
	}
	b, err := json.Marshal(o)
	if err == nil {
		err = s.c.Desk.Journal.Update(s.ctx, func(tx journal.JournalTx) error { return tx.SetNote(s.ctx, noteOthers, b) })
	}
	if err != nil {
		s.c.Log.Error("which desks hold entries was not noted", "err", err)
	}
}

// othersBefore reads what was said before this start.
func (s *Session) othersBefore() {
	err := s.c.Desk.Journal.View(s.ctx, func(tx journal.JournalTx) error {
		b, err := tx.Note(s.ctx, noteOthers)
		if err != nil || b == nil {
			return err
		}
		var o Others
		if json.Unmarshal(b, &o) == nil {
			s.others = o
		}
		return nil
	})
	if err != nil {
		s.c.Log.Error("which desks hold entries cannot be read", "err", err)
	}
}

// lastOutage gives the last time without a line of the last thirty days; nil: there was
// none.
func (s *Session) lastOutage(ctx context.Context) *Outage {
	all, err := ReportOutages(ctx, s.c.Desk, s.now().AddDate(0, 0, -30))
	if err != nil {
		s.c.Log.Error("the last outage cannot be read", "err", err)
	}
	if len(all) == 0 {
		return nil
	}
	last := all[len(all)-1]
	last.Met = nil // they are in the list
	return &last
}
