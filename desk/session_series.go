package desk

import (
	"strconv"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/words"
)

// series is an input of which several orders come: each has its own outcome,
// and the input's holds them all, in order.
type series struct {
	left int
	then []Outcome
	end  func(then []Outcome)
}

// performAll carries out all orders, and then ends. No order opens a question.
func (s *Session) performAll(orders []*order, end func(then []Outcome)) {
	all := &series{left: len(orders), then: make([]Outcome, len(orders)), end: end}
	for i, o := range orders {
		o.settled = true
		o.job.sink = func(out Outcome) {
			all.then[i] = out
			if all.left--; all.left == 0 {
				all.end(all.then)
			}
		}
	}
	s.together = true // a system that renews all at once is to have them all at once
	for _, o := range orders {
		s.perform(o)
	}
	s.together = false
	s.wake()
}

// summary gives an outcome of a series what its parts have.
func summary(then []Outcome, word Word) (o Outcome, done int) {
	o = Outcome{Word: word, Then: then}
	for _, t := range then {
		if t.Word == word {
			done++
		}
		if t.Entry != "" {
			o.Entries = append(o.Entries, t.Entry)
		}
		o.Tell = append(o.Tell, t.Tell...)
		if o.Mode == "" || t.Mode == journal.Fact { // one that was not answered says how the line is
			o.Mode = t.Mode
		}
	}
	if len(o.Entries) == 1 {
		o.Entry = o.Entries[0]
	}
	return o, done
}

// renewAll renews all loans of the open visit.
func (s *Session) renewAll(j *job) {
	if !s.may(j, circ.RightCirculate) {
		return
	}
	v, ok := s.here(j)
	if !ok {
		return
	}
	s.freshen(v)
	if len(v.panel.Loans) == 0 {
		s.refuse(j, NothingToRenew, "")
		return
	}
	p := s.short(v.panel.Patron)
	var orders []*order
	for _, l := range v.panel.Loans {
		var it Item
		var known bool
		err := s.read(func(f *facts) {
			it.Item, known = one[circ.Item](f, circ.KindItem, string(l.Item))
			it.Titled = f.title(it.Item.Title)
		})
		if err != nil {
			s.failed(j, err)
			return
		}
		o := &order{
			job: &job{n: j.n, in: j.in, place: j.place, scanned: l.Barcode, visit: v},
			cmd: circ.Renew{Item: l.Item}, title: l.Title, patron: &p, done: lent,
		}
		if known {
			it = safe(it)
			o.item = &it
		}
		orders = append(orders, o)
	}
	s.performAll(orders, func(then []Outcome) {
		o, done := summary(then, WordRenewed)
		o.Patron = &p
		w := s.c.Words
		o.Text = w.N(words.OutcomeRenewedAll, done)
		if done < len(then) {
			o.Text = w.Text(words.OutcomeRenewedSome, "done", strconv.Itoa(done), "all", strconv.Itoa(len(then)))
		}
		if done == 0 {
			o.Word = WordStop
			for _, t := range then {
				o.Reasons = append(o.Reasons, t.Reasons...)
			}
		}
		s.finish(j, o)
	})
}

// renewItem renews the loan of one item.
func (s *Session) renewItem(j *job, scan string) {
	f, ok := s.itemScanned(j, scan)
	if !ok {
		return
	}
	if s.visit != nil && !s.visit.asleep {
		j.visit = s.visit
	}
	var cmd circ.Renew
	cmd.Item, cmd.Barcode = named(f)
	s.perform(&order{job: j, cmd: cmd, item: s.itemOf(f), title: clean(f.title.Title), tell: warnings(f), done: lent})
}
