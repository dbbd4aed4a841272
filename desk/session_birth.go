package desk

import (
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// How many birth dates may be wrong of one patron, and how long that counts.
const (
	mostWrongDates = 3
	wrongDatesFor  = time.Hour
)

// wrongDates are the birth dates of a patron that were wrong.
type wrongDates struct {
	n    int
	last time.Time
}

// born says whether the open visit's patron was born on a day: MATCH or NO MATCH, and
// nothing else of the date. After some wrong ones it says neither for a while, also when
// the visit is opened again.
func (s *Session) born(j *job, in Born) {
	v, p, ok := s.forVisit(j)
	if !ok {
		return
	}
	if day, err := time.Parse(time.DateOnly, in.Date); err != nil || day.After(s.now()) {
		s.refuse(j, BadDate, text.Clean(in.Date, maxScanned))
		return
	}
	for id, w := range s.wrong {
		if s.now().Sub(w.last) >= wrongDatesFor {
			delete(s.wrong, id)
		}
	}
	if s.wrong[v.patron].n >= mostWrongDates {
		s.refuse(j, TooManyDates, "")
		return
	}
	key, err := s.c.Desk.BirthKey(s.ctx)
	if err != nil {
		s.failed(j, err)
		return
	}
	var who circ.Patron
	if err := s.read(func(f *facts) { who, _ = f.patron(v.patron) }); err != nil {
		s.failed(j, err)
		return
	}
	switch is, known := who.BornOn(key, in.Date); {
	case !known:
		s.refuse(j, BirthNotKnown, "")
	case !is:
		w := s.wrong[v.patron]
		if s.wrong == nil {
			s.wrong = map[circ.PatronID]wrongDates{}
		}
		s.wrong[v.patron] = wrongDates{w.n + 1, s.now()}
		s.stop(j, Outcome{}, circ.Remark{Reason: BornOtherwise, N: mostWrongDates - w.n - 1})
	default:
		delete(s.wrong, v.patron)
		s.finish(j, Outcome{Word: WordDone, Text: s.c.Words.Text(words.OutcomeBorn, "name", p.Name)})
	}
}
