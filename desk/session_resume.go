package desk

import (
	"context"
	"encoding/json"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/words"
)

// A desk that was killed comes back to where it was: the place, the visit with what
// was done in it, the open question and what waits behind it. What was done stands in
// the journal; the rest is one note beside it, sealed with it, which is written when a
// visit, a place or a question begins or ends, in a transaction of its own that no
// scan waits for. A scan that only lends changes nothing of it, and costs nothing.
// What was lost with the process is at most what changed in the last moment.
//
// Refused scans of a visit stand nowhere, and are not in its list again.

// noteResume is the name of the note.
const noteResume = "resume"

// kept is what the note says.
type kept struct {
	Operator string        `json:"operator"`
	At       time.Time     `json:"at"`
	Place    Place         `json:"place"`
	InHouse  bool          `json:"in_house,omitempty"`
	Drop     time.Time     `json:"drop,omitzero"`
	Patron   circ.PatronID `json:"patron,omitempty"`
	Asleep   bool          `json:"asleep,omitempty"`
	Began    time.Time     `json:"began,omitzero"`
	From     journal.Mark  `json:"from,omitzero"` // the last entry before the visit
	Question *keptInput    `json:"question,omitempty"`
	Lost     int           `json:"lost,omitempty"` // questions that cannot be asked again
	Queue    []keptInput   `json:"queue,omitempty"`
}

// keptInput is an input that is to be looked at again.
type keptInput struct {
	Kind  string          `json:"kind"`
	Place Place           `json:"place"`
	In    json.RawMessage `json:"in"`
}

// keptKey is what of the session decides whether the note must be written again.
type keptKey struct {
	operator string
	place    Place
	inhouse  bool
	drop     time.Time
	visit    *visit
	asleep   bool
	question *question
	queue    int
	last     int64 // number of the last in the queue
}

// askable are the inputs that are asked again. Money, marks and people are not: who
// does them has the form before them.
var askable = map[string]func() Input{
	"scan":     func() Input { return &Scan{} },
	"check_in": func() Input { return &CheckIn{} },
	"use":      func() Input { return &Use{} },
	"renew":    func() Input { return &RenewItem{} },
	"request":  func() Input { return &Request{} },
	"shelve":   func() Input { return &Shelve{} },
	"take_off": func() Input { return &TakeOff{} },
}

func keepInput(j *job) (k keptInput, ok bool) {
	switch j.in.(type) {
	case Scan:
		k.Kind = "scan"
	case CheckIn:
		k.Kind = "check_in"
	case Use:
		k.Kind = "use"
	case RenewItem:
		k.Kind = "renew"
	case Request:
		k.Kind = "request"
	case Shelve:
		k.Kind = "shelve"
	case TakeOff:
		k.Kind = "take_off"
	default:
		return k, false
	}
	b, err := json.Marshal(j.in)
	k.Place, k.In = j.place, b
	return k, err == nil
}

// input gives the input; nil: this program does not know it.
func (k keptInput) input() Input {
	make, ok := askable[k.Kind]
	if !ok {
		return nil
	}
	in := make()
	if json.Unmarshal(k.In, in) != nil {
		return nil
	}
	switch in := in.(type) {
	case *Scan:
		return *in
	case *CheckIn:
		return *in
	case *Use:
		return *in
	case *RenewItem:
		return *in
	case *Request:
		return *in
	case *Shelve:
		return *in
	case *TakeOff:
		return *in
	}
	return nil
}

// keeper writes the note, one state after the other; a state that a later one
// overtakes is left out.
type keeper struct {
	key  keptKey
	next chan []byte // holds the last that is not written yet; nil in it removes the note
	done chan struct{}
}

// keeps begins to write the note.
func (s *Session) keeps() {
	s.keeper = keeper{next: make(chan []byte, 1), done: make(chan struct{})}
	next, done := s.keeper.next, s.keeper.done
	go func() {
		defer close(done)
		for b := range next {
			s.setNote(b)
		}
	}()
}

// setNote writes the note. Nothing hangs on it but where the next start begins.
func (s *Session) setNote(b []byte) {
	ctx := context.WithoutCancel(s.ctx)
	err := s.c.Desk.Journal.Update(ctx, func(tx journal.JournalTx) error { return tx.SetNote(ctx, noteResume, b) })
	if err != nil {
		s.c.Log.Error("where the desk is was not noted", "err", err)
	}
}

// kept ends the writing. A desk that was left has nothing to come back to.
func (s *Session) keptAll() {
	close(s.keeper.next)
	<-s.keeper.done
	if s.left.Load() {
		s.setNote(nil)
	}
}

// Leave says that the clerk leaves the desk: the visit ends with the session, and does
// not come back.
func (s *Session) Leave() { s.left.Store(true) }

// keep has the note written when something of it has changed.
func (s *Session) keep() {
	key := keptKey{place: s.place, inhouse: s.inhouse, visit: s.visit, question: s.question, queue: len(s.queue)}
	if s.operator != nil {
		key.operator = s.operator.Name
	}
	if s.drop != nil {
		key.drop = s.drop.Date
	}
	if s.visit != nil {
		key.asleep = s.visit.asleep
	}
	if key.queue > 0 {
		key.last = s.queue[key.queue-1].n
	}
	if key == s.keeper.key || s.answer != nil || s.operator == nil && s.keeper.key.operator == "" {
		return
	}
	s.keeper.key = key
	select {
	case <-s.keeper.next: // it was not written yet
	default:
	}
	s.keeper.next <- s.noteOf(key)
}

// noteOf gives the note; nil: there is nothing to come back to.
func (s *Session) noteOf(key keptKey) []byte {
	if s.operator == nil {
		return nil
	}
	k := kept{Operator: key.operator, At: s.now(), Place: key.place, InHouse: key.inhouse, Drop: key.drop}
	if v := s.visit; v != nil {
		k.Patron, k.Asleep, k.Began, k.From = v.patron, v.asleep, v.began, v.from
	}
	if q := s.question; q != nil {
		j := q.job
		if q.order != nil {
			j = q.order.job
		}
		in, ok := keepInput(j)
		switch {
		case !ok:
			k.Lost = 1
		case q.order == nil: // whether the visit goes on: it is asked when the job is done
			k.Queue = append(k.Queue, in)
		default:
			k.Question = &in
		}
	}
	for _, j := range s.queue {
		if in, ok := keepInput(j); ok {
			k.Queue = append(k.Queue, in)
		} else {
			k.Lost++
		}
	}
	b, err := json.Marshal(k)
	if err != nil {
		s.c.Log.Error("where the desk is cannot be noted", "err", err)
		return nil
	}
	return b
}

// wasKept reads the note of the session before.
func (s *Session) wasKept() {
	var b []byte
	err := s.c.Desk.Journal.View(s.ctx, func(tx journal.JournalTx) (err error) {
		b, err = tx.Note(s.ctx, noteResume)
		return err
	})
	if err != nil {
		s.c.Log.Error("where the desk was cannot be read", "err", err)
	}
	var k kept
	if b == nil || json.Unmarshal(b, &k) != nil {
		return
	}
	s.before = &k
}

// resume goes on where the desk was, when it is the same operator who signs in, soon
// enough. It reports whether the job of the sign-in ends later, with what was asked
// again. What does not go on is told.
func (s *Session) resume(j *job, o Outcome) bool {
	k := s.before
	s.before = nil
	if k == nil {
		return false
	}
	last, done := s.since(*k)
	undone := k.Lost + len(k.Queue)
	if k.Question != nil {
		undone++
	}
	open := k.Patron != "" || undone > 0
	if k.Operator != s.operator.Name || s.now().Sub(last) > s.c.Desk.Policy().ResumeWithin() {
		if open {
			s.notice(VisitEnded, "", "at", s.c.Words.When(last, s.names()), "undone", s.undoneText(undone))
		}
		return false
	}
	s.place, s.inhouse = k.Place, k.InHouse
	if !k.Drop.IsZero() && k.Place == AtCheckIn {
		s.drop = &drop{Drop: Drop{Date: k.Drop}}
		s.keepDrop()
	}
	if k.Patron != "" && !s.reopen(*k, done) {
		s.notice(VisitEnded, "", "at", s.c.Words.When(last, s.names()), "undone", s.undoneText(undone))
		return false
	}
	if !open {
		return false
	}
	s.notice(VisitResumed, "", "at", s.c.Words.When(last, s.names()), "undone", s.undoneText(k.Lost))
	all := k.Queue
	if k.Question != nil {
		all = append([]keptInput{*k.Question}, all...)
	}
	for i, in := range all {
		if again := in.input(); again != nil {
			next := &job{n: j.n, in: again, place: in.Place, again: k.Question != nil && i == 0}
			if shown, ok := again.(Scan); ok {
				next.shows(shown.Text)
			}
			s.queue = append(s.queue, next)
		}
	}
	if len(s.queue) == 0 {
		return false
	}
	s.answer = &answer{job: j, first: &o}
	return true
}

func (s *Session) undoneText(n int) string {
	if n == 0 {
		return ""
	}
	return s.c.Words.N(words.OutcomeUndoneScans, n)
}

// since gives what was done since a note, and when the desk was last at work.
func (s *Session) since(k kept) (last time.Time, done []doneEntry) {
	last = k.At
	if k.Patron == "" {
		return last, nil
	}
	err := s.c.Desk.Journal.View(s.ctx, func(tx journal.JournalTx) error {
		done = nil
		es, err := tx.Entries(s.ctx, k.From, maxLines)
		if err != nil {
			return err
		}
		head, err := tx.Head(s.ctx, s.c.Desk.ID)
		if err != nil {
			return err
		}
		if head.Epoch != k.From.Epoch { // it writes in another one since
			more, err := tx.Entries(s.ctx, journal.Mark{Desk: s.c.Desk.ID, Epoch: head.Epoch}, maxLines)
			if err != nil {
				return err
			}
			for _, e := range more {
				if !e.Act.At.Before(k.Began) {
					es = append(es, e)
				}
			}
		}
		for _, e := range es {
			if e.Act.At.After(last) {
				last = e.Act.At
			}
			story, err := journal.Story(s.ctx, tx, e.Act.ID)
			if err != nil {
				return err
			}
			if e.Of == "" && story != nil && len(story.Events) > 0 {
				done = append(done, doneEntry{e, story})
			}
		}
		return nil
	})
	if err != nil {
		s.c.Log.Error("what was done in the visit cannot be read", "err", err)
	}
	return last, done
}

// reopen opens the visit again, with what was done in it. False: the patron is not
// there any more.
func (s *Session) reopen(k kept, done []doneEntry) bool {
	var panel Patron
	there := false
	if err := s.read(func(f *facts) {
		var p circ.Patron
		if p, there = f.patron(k.Patron); there {
			panel = s.panel(f, p)
		}
	}); err != nil || !there {
		return false
	}
	v := &visit{patron: panel.ID, card: panel.Card, panel: panel, asleep: k.Asleep, began: k.Began, from: k.From}
	for i, d := range done {
		if d.e.Act.Operator == circ.OperatorID(k.Operator) {
			if o, ok := s.lineOf(d, v.patron); ok {
				o.N = int64(i - len(done)) // before every input of this session
				v.put(o)
			}
		}
	}
	s.visit = v
	v.alive(s)
	return true
}

// lineOf gives an entry as the line of the visit that it was. False: it was none.
func (s *Session) lineOf(d doneEntry, p circ.PatronID) (o Outcome, ok bool) {
	var of circ.PatronID
	for _, e := range d.story.Events {
		switch e := circ.Value(e).(type) {
		case circ.CheckedOut:
			of = e.Patron
		case circ.Renewed:
			of = p // a renewal is done in the visit whose loan it is
		}
	}
	switch circ.CommandValue(d.e.Act.Command).(type) {
	case circ.CheckOut, circ.Renew:
	default:
		return o, false
	}
	if of != p {
		return o, false
	}
	_, barcode, _ := Concerns(d.e.Act.Command)
	j := &job{place: AtCheckOut}
	j.shows(barcode)
	ord := &order{job: j, cmd: d.e.Act.Command, done: lent}
	ord.item, ord.title = s.itemOfEvents(d.story.Events, "")
	o = s.outcome(ord, verdict{events: d.story.Events, mode: d.e.Mode, entry: d.e.Act.ID})
	o.At, o.Final, o.Scanned = d.e.Act.At, true, j.scanned
	return o, true
}
