package desk

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"circdesk/desk/circ"
	"circdesk/desk/operator"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// question is what waits for a yes or a no.
type question struct {
	order *order // what is to be done on a yes; nil: whether the visit goes on
	job   *job   // then done in the visit that goes on
	asks  []circ.Remark
	out   Outcome // as it was said
}

// grant is a yes: to reasons of some kinds, for one visit.
type grant struct {
	over   []circ.Reason
	why    string
	by     string       // who said it
	rights []circ.Right // of theirs
	visit  *visit
}

// answer is an answer being carried out: first what was asked about, then what
// is queued, one after the other, until a further question opens.
type answer struct {
	job     *job // the answer itself
	grant   *grant
	first   *Outcome // nil: what comes first of the queue
	then    []Outcome
	waiting bool // for the outcome of one of them
}

// queues reports whether an input waits behind an open question.
func queues(in Input) bool {
	switch in.(type) {
	case Scan, CheckIn:
		return true
	}
	return false
}

// meanwhile looks at an input while a question is open or an answer is carried
// out. It reports whether the input may go on.
func (s *Session) meanwhile(j *job) bool {
	switch in := j.in.(type) {
	case Yes, No, SignIn, Sleep, Focus, Sync, Conflicts, Seek:
		return true
	case Scan:
		j.shows(in.Text)
	case CheckIn:
		j.shows(in.Text)
	}
	if !queues(j.in) {
		s.refuse(j, AnswerFirst, "")
		return false
	}
	s.enqueue(j)
	s.finish(j, s.queued(Outcome{}, j))
	return false
}

func (s *Session) queued(o Outcome, j *job) Outcome {
	o.Word, o.Text = WordQueued, s.c.Words.Text(words.OutcomeQueued, "scanned", j.scanned)
	return o
}

// enqueue keeps an input for later, in the order in which they came.
func (s *Session) enqueue(j *job) {
	later := &job{n: j.n, in: j.in, place: j.place, scanned: j.scanned}
	at, _ := slices.BinarySearchFunc(s.queue, later, func(a, b *job) int { return cmp.Compare(a.n, b.n) })
	s.queue = slices.Insert(s.queue, at, later)
}

// asksOpen opens the question of an order. While another is open the order
// waits behind it. False: no question can be opened.
func (s *Session) asksOpen(o *order, out *Outcome, asks []circ.Remark) bool {
	if o.settled || o.visit != nil && o.visit != s.visit {
		return false
	}
	if s.question != nil || s.answer != nil && o.sink == nil {
		s.enqueue(o.job)
		*out = s.queued(*out, o.job)
		return true
	}
	s.question = &question{order: o, asks: asks, out: *out}
	s.question.out.N = o.n
	return true
}

// stillFor asks whether the visit that sleeps goes on, with this job.
func (s *Session) stillFor(j *job) {
	later := &job{n: j.n, in: j.in, place: j.place, scanned: j.scanned}
	asks := []circ.Remark{{Reason: StillFor, Who: s.visit.patron}}
	said := s.said(asks)
	o := Outcome{Word: WordAsk, Ask: said, Text: s.texts(said), Scanned: j.scanned}
	o.N = j.n
	s.question = &question{job: later, asks: asks, out: o}
	s.finish(j, o)
}

// yes answers the open question.
func (s *Session) yes(j *job, y Yes) {
	q := s.question
	switch {
	case q == nil:
		s.refuse(j, NoQuestion, "")
	case q.order == nil:
		s.goOn(j, q)
	case !s.signedIn(j):
	case strings.TrimSpace(y.Why) == "" && q.out.NeedsWhy():
		s.refuse(j, ReasonNeeded, "")
	case y.As == "":
		s.grantedBy(j, q, y.Why, *s.operator)
	default:
		s.busy = true
		s.off(func(ctx context.Context) func() {
			who, err := s.c.Operators.SignIn(ctx, y.As, y.PIN)
			return func() {
				s.busy = false
				if err != nil {
					s.notSignedIn(j, err)
					return
				}
				s.grantedBy(j, q, y.Why, who)
			}
		})
	}
}

// NeedsWhy reports whether a yes to the question needs a reason in words. To say that
// all is there is nothing to give a reason for.
func (o Outcome) NeedsWhy() bool { return needsWhy(o.Ask) }

func needsWhy(asks []Said) bool {
	return len(asks) == 0 || slices.ContainsFunc(asks, func(r Said) bool { return r.Reason != circ.AllThere })
}

// maxWhy is the longest reason that is kept.
const maxWhy = 500

// grantedBy carries a yes out, if those who say it may.
func (s *Session) grantedBy(j *job, q *question, why string, who operator.Operator) {
	if s.question != q {
		s.refuse(j, NoQuestion, "")
		return
	}
	g := &grant{why: text.Clean(why, maxWhy), by: who.Name, rights: rights(who), visit: s.visit}
	if g.why == "" && len(q.order.over) > 0 { // what was said yes to before keeps its words
		g.why, g.by = q.order.why, q.order.by
	}
	g.over = append(g.over, q.order.over...)
	may := append(rights(*s.operator), g.rights...)
	var missing []circ.Remark
	for _, r := range q.asks {
		if !slices.Contains(g.over, r.Reason) {
			g.over = append(g.over, r.Reason)
		}
		lacks, short := r.Lacks(may)
		if short && !slices.ContainsFunc(missing, func(m circ.Remark) bool { return slices.Equal(m.Rights(), lacks.Rights()) }) {
			missing = append(missing, lacks)
		}
	}
	if len(missing) > 0 {
		s.stop(j, Outcome{}, missing...)
		return
	}
	s.question = nil
	s.answer = &answer{job: j, grant: g, waiting: true}
	again := *q.order
	again.job = s.answering(q.order.job)
	again.job.again = false
	again.grant, again.over, again.why, again.by = g, g.over, g.why, g.by
	g.over = slices.DeleteFunc(slices.Clone(g.over), func(r circ.Reason) bool { return r == circ.AllThere }) // each is counted by itself
	again.visit = s.visit
	if q.order.visit == nil {
		again.visit = nil
	}
	s.perform(&again)
}

// answering gives a job whose outcome goes into the answer.
func (s *Session) answering(j *job) *job {
	a := s.answer
	a.waiting = true
	later := &job{n: j.n, in: j.in, place: j.place, scanned: j.scanned, again: j.again}
	later.sink = func(o Outcome) {
		a.waiting = false
		if a.first == nil {
			a.first = &o
			return
		}
		a.then = append(a.then, o)
	}
	if a.grant != nil && a.grant.visit == s.visit {
		later.grant = a.grant
	}
	return later
}

// goOn wakes the visit.
func (s *Session) goOn(j *job, q *question) {
	s.question = nil
	if s.visit != nil {
		s.visit.asleep, s.visit.stale = false, true
		s.visit.alive(s)
	}
	s.enqueue(q.job)
	s.answer = &answer{job: j}
}

// no answers the open question.
func (s *Session) no(j *job, in No) {
	q := s.question
	if q == nil {
		s.refuse(j, NoQuestion, "")
		return
	}
	if in.Missing != "" {
		s.missing(j, q, in.Missing)
		return
	}
	s.question = nil
	if q.order != nil {
		out := q.out
		out.Word, out.Text, out.Reasons = WordStop, "", append(slices.Clone(out.Reasons), out.Ask...)
		out.Ask = nil
		out = s.worded(out)
		if v := q.order.visit; v != nil {
			out.N, out.Final = q.order.n, true
			v.put(out)
		}
		s.answer = &answer{job: j, first: &out}
		return
	}
	name := ""
	if s.visit != nil {
		name = s.visit.panel.Name
	}
	behind := s.queue
	s.queue = nil
	for len(behind) > 0 && behind[0].n < q.job.n { // of the visit that is dropped
		s.queue, behind = append(s.queue, behind[0]), behind[1:]
	}
	left := s.closeVisit()
	s.queue = behind
	s.enqueue(q.job)
	out := Outcome{Word: WordDone, Text: s.c.Words.Text(words.OutcomeDone, "name", name)}
	s.answer = &answer{job: j, first: &out, then: left}
}

// carryOut goes on with the answer that is being carried out: the next of the
// queue, until it is empty or a question opens.
func (s *Session) carryOut() {
	for a := s.answer; a != nil && !a.waiting && !s.busy; a = s.answer {
		if s.question == nil && len(s.queue) > 0 {
			next := s.queue[0]
			s.queue = s.queue[1:]
			s.do(s.answering(next))
			continue
		}
		s.answer = nil
		out := Outcome{Word: WordDone}
		if a.first != nil {
			out = *a.first
		}
		out.Then = append(out.Then, a.then...)
		s.finish(a.job, gathered(out))
	}
}

// gathered gives an answer the entries of what was queued besides its own.
func gathered(o Outcome) Outcome {
	all := o.Entries
	if len(all) == 0 && o.Entry != "" {
		all = []circ.EntryID{o.Entry}
	}
	own := len(all)
	for _, t := range o.Then {
		if t.Entry != "" {
			all = append(all, t.Entry)
		}
	}
	if len(all) > own {
		o.Entries = all
	}
	return o
}

// again carries an order out with the yes that was given for its visit, when it
// covers all that is asked now and did not before.
func (s *Session) again(o *order, asks []circ.Remark) bool {
	if o.grant == nil {
		return false
	}
	over := slices.Clone(o.over)
	for _, r := range asks {
		if !slices.Contains(o.grant.over, r.Reason) {
			return false
		}
		if !slices.Contains(over, r.Reason) {
			over = append(over, r.Reason)
		}
	}
	if len(over) == len(o.over) {
		return false
	}
	next := *o
	next.over, next.why, next.by = over, o.grant.why, o.grant.by
	s.perform(&next)
	return true
}

// granted gives the kinds of reasons of an order that the yes covers, as far as
// the desk itself can tell.
func (s *Session) granted(o *order) (over []circ.Reason, why, by string) {
	d, err := s.c.Desk.Decide(s.ctx, s.c.Desk.Act(circ.OperatorID(s.operator.Name), o.cmd), s.rightsFor(o))
	if err != nil {
		return nil, "", "" // it fails again, and is told, when it is done
	}
	for _, r := range d.Ask {
		if slices.Contains(o.grant.over, r.Reason) && !slices.Contains(over, r.Reason) {
			over = append(over, r.Reason)
		}
	}
	if len(over) == 0 {
		return nil, "", ""
	}
	return over, o.grant.why, o.grant.by
}
