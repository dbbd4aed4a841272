package desk

import (
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/words"
)

// maxLines is how many lines of a visit are kept.
const maxLines = 500

// visit is what the desk does for one person.
type visit struct {
	patron circ.PatronID
	card   string // theirs
	began  time.Time
	from   journal.Mark // the last entry before it
	panel  Patron
	stale  bool // the panel must be read again
	asleep bool
	lines  []Outcome // never changed in place: States share it
	money  []Outcome // final ones where money changed hands, for the slip
	stop   func()    // the timer of its sleep
	heard  heard     // alerts that were told in it
}

// put notes an outcome, in the place of an earlier one of the same input. Only
// what concerns an item is a line.
func (v *visit) put(o Outcome) {
	if o.Final {
		v.stale = true
		if o.Receipt != "" && len(v.money) < maxLines {
			v.money = append(v.money, o)
		}
	}
	if !o.line() {
		return
	}
	for i := len(v.lines) - 1; i >= 0; i-- {
		if v.lines[i].N == o.N && v.lines[i].Scanned == o.Scanned {
			lines := append([]Outcome(nil), v.lines...)
			lines[i] = o
			v.lines = lines
			return
		}
	}
	v.lines = append(v.lines, o)
	if n := len(v.lines) - maxLines; n > 0 {
		v.lines = v.lines[n:]
	}
}

// line reports whether an outcome is one of the visit's list: what concerns one
// item, whether it is known here or not.
func (o Outcome) line() bool {
	switch o.Word {
	case WordQueued:
		return false
	case WordOut, WordRenewed, WordIn, WordHold, WordTransit, WordStaff, WordAgain, WordStop:
		return o.Item != nil || len(o.Then) == 0
	}
	return o.Item != nil
}

// alive begins the wait for the visit's sleep anew.
func (v *visit) alive(s *Session) {
	if v.stop != nil {
		v.stop()
	}
	v.stop = s.after(s.c.Desk.Policy().SleepAfter(), func() { s.fallAsleep(v) })
}

// fallAsleep hides the patron. What waits for an answer is hidden too, and
// asked again when the visit goes on.
func (s *Session) fallAsleep(v *visit) {
	if s.visit != v || v.asleep {
		return
	}
	if s.answer != nil || len(s.asks) > 0 {
		v.alive(s)
		return
	}
	if q := s.question; q != nil && q.order != nil {
		s.question = nil
		again := *q.order.job
		again.sink, again.visit = nil, nil
		s.enqueue(&again)
	}
	v.asleep = true
}

// sleep ends what is shown of the visit.
func (s *Session) sleep(j *job) {
	if s.visit != nil {
		s.fallAsleep(s.visit)
	}
	s.finish(j, Outcome{Word: WordMode, Text: s.c.Words.Text(words.OutcomeSlept)})
}

// open begins the visit of a person. What was queued for the visit before is
// not done: the outcomes say so.
func (s *Session) open(j *job, p circ.Patron) {
	var panel Patron
	if err := s.read(func(f *facts) { panel = s.panel(f, p) }); err != nil {
		s.failed(j, err)
		return
	}
	same := s.visit != nil && s.visit.patron == p.ID
	o := s.patronOutcome(panel)
	if same {
		s.visit.panel, s.visit.asleep, s.visit.stale = panel, false, false
	} else {
		o.Then = s.closeVisit()
		s.visit = &visit{patron: p.ID, card: p.Card, panel: panel, began: s.now(), from: s.head()}
	}
	s.visit.alive(s)
	if len(s.queue) > 0 && s.question == nil && s.answer == nil { // from before it slept
		s.answer = &answer{job: j, first: &o}
		return
	}
	s.finish(j, o)
}

// head gives the last entry of this desk.
func (s *Session) head() journal.Mark {
	m, err := s.c.Desk.Head(s.ctx)
	if err != nil {
		s.c.Log.Error("the last entry cannot be read", "err", err)
	}
	return m
}

// closeVisit ends the visit. It gives the outcomes of what was queued while it
// slept, which is not done; while an answer is carried out the queue goes on.
func (s *Session) closeVisit() (left []Outcome) {
	v := s.visit
	if v == nil {
		return nil
	}
	if v.stop != nil {
		v.stop()
	}
	s.visit = nil
	if up, ok := s.c.Up.(leaver); ok {
		up.Leave(v.card)
	}
	if s.answer != nil {
		return nil
	}
	for _, q := range s.queue {
		q.sink = func(o Outcome) { left = append(left, o) }
		s.refuse(q, NeverShown, "")
	}
	s.queue = nil
	return left
}

// A leaver is a line to a system that may want to hear that a visit is over.
type leaver interface{ Leave(card string) }

// done ends the visit.
func (s *Session) done(j *job) {
	w := s.c.Words
	if s.visit == nil {
		s.finish(j, Outcome{Word: WordDone, Text: w.Text(words.OutcomeDoneNobody)})
		return
	}
	name := s.visit.panel.Name
	left := s.closeVisit()
	s.finish(j, Outcome{Word: WordDone, Text: w.Text(words.OutcomeDone, "name", name), Then: left})
}

// here gives the visit that a job is for. Without one the job ends; while it
// sleeps the clerk is asked whether it goes on.
func (s *Session) here(j *job) (*visit, bool) {
	switch {
	case s.visit == nil:
		s.refuse(j, NoPatron, "")
		return nil, false
	case s.visit.asleep:
		s.stillFor(j)
		return nil, false
	}
	return s.visit, true
}

// openPatron opens a patron as a card does.
func (s *Session) openPatron(j *job, id circ.PatronID) {
	if !s.signedIn(j) {
		return
	}
	if id == "" {
		v, ok := s.here(j)
		if !ok {
			return
		}
		id = v.patron
	}
	var p circ.Patron
	var ok bool
	if err := s.read(func(f *facts) { p, ok = f.patron(id) }); err != nil {
		s.failed(j, err)
		return
	}
	if !ok {
		s.stop(j, Outcome{}, circ.Remark{Reason: circ.UnknownPatron})
		return
	}
	s.open(j, p)
}
