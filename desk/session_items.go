package desk

import (
	"circdesk/desk/circ"
	"circdesk/desk/words"
)

// historySize is how many loans of an item are shown.
const historySize = 20

// look tells about an item.
func (s *Session) look(j *job, scan string) {
	code, ok := s.code(j, scan)
	if !ok {
		return
	}
	f, err := s.resolve(code)
	if err == nil {
		f = s.lookedUp(f, code)
	}
	switch {
	case err != nil:
		s.failed(j, err)
	case f.item == nil && len(f.titles) > 0:
		s.isbn(j, f)
	default:
		s.tellItem(j, f)
	}
}

// tellItem tells about an item: status, who has it, who waits. Without sign-in
// nothing of a person is told.
func (s *Session) tellItem(j *job, f found) {
	if f.item == nil {
		s.stop(j, Outcome{Tell: s.said(warnings(f))}, circ.Remark{Reason: UnknownCode, Text: f.label.Code})
		return
	}
	it, err := s.itemView(*f.item)
	if err != nil {
		s.failed(j, err)
		return
	}
	o := Outcome{Word: WordItem, Item: &it, Title: clean(it.Titled.Title), Tell: s.said(warnings(f))}
	if it.Loan != nil {
		o.Due = it.Loan.Due
	}
	o.Text = s.c.Words.Text(words.OutcomeIn, "title", o.Title, "route", it.Status)
	s.finish(j, s.warned(o))
}

// warned puts what is told behind the line of an outcome.
func (s *Session) warned(o Outcome) Outcome {
	if len(o.Tell) > 0 {
		o.Text = s.c.Words.Text(words.OutcomeTold, "line", o.Text, "tell", s.texts(o.Tell))
	}
	return o
}

// itemView reads all that the item's screen shows.
func (s *Session) itemView(row circ.Item) (out Item, err error) {
	var held circ.Request
	err = s.read(func(f *facts) {
		out, held = Item{Item: row}, circ.Request{}
		if now, ok := one[circ.Item](f, circ.KindItem, string(row.ID)); ok {
			out.Item = now
		}
		out.Titled = f.title(out.Title)
		var person circ.PatronID
		if l, ok := one[circ.Loan](f, circ.KindLoan, string(out.Item.Loan)); ok && l.Open() {
			out.Loan, person = &l, l.Patron
			out.LongOverdue = s.longOverdue(f, out.Item, l)
		}
		if r, ok := one[circ.Request](f, circ.KindRequest, string(out.Held)); ok && !r.Stage.Over() {
			held = r
			if person == "" {
				person = r.Patron
			}
		}
		var queue []circ.Request
		for _, r := range index[circ.Request](f, circ.QueueOf, string(out.Title), queueSize) {
			if r.Item == "" || r.Item == out.ID {
				queue = append(queue, r)
			}
		}
		out.Queue = s.holds(f, queue)
		if s.operator == nil {
			return
		}
		if p, ok := f.patron(person); ok {
			out.Person = personName(p)
		}
		out.History = index[circ.Loan](f, circ.LoansOfItem, string(out.ID), historySize)
		out.Alerts = s.alertsOfItem(f, out.ID)
	})
	if err != nil {
		return out, err
	}
	if s.operator == nil {
		if out.Loan != nil {
			out.Loan = &circ.Loan{ID: out.Loan.ID, Item: out.ID, Due: out.Loan.Due}
		}
		for i := range out.Queue {
			out.Queue[i].Patron, out.Queue[i].Note = "", ""
		}
	}
	if out.Loan != nil && s.operator != nil {
		out.Story = s.storyOfLoan(*out.Loan)
	}
	out.Status = s.status(out, held)
	return called(s.c.Desk.Policy(), safe(out)), nil
}

// longOverdue reports whether the rules take the loan of an item for long overdue.
func (s *Session) longOverdue(f *facts, it circ.Item, l circ.Loan) bool {
	c := circ.NewCase(circ.Act{At: s.now()}, f.rules)
	c.Add(circ.ByKey(circ.KindItem, string(it.ID)), []circ.Row{it})
	if p, ok := f.patron(l.Patron); ok {
		p.ID = l.Patron
		c.Add(circ.ByKey(circ.KindPatron, string(p.ID)), []circ.Row{p})
	}
	return circ.LongOverdue(c, l, s.now())
}

// status says where an item is.
func (s *Session) status(it Item, held circ.Request) string {
	w, n := s.c.Words, s.names()
	loan := circ.Loan{}
	if it.Loan != nil {
		loan = *it.Loan
	}
	switch m := loan.Marked; {
	case loan.Incomplete():
		return w.Text(words.ItemStatusMarked, "state", w.Mark(string(m.State)), "at", w.When(m.Back, n), "operator", string(m.Operator), "name", it.Person, "text", circ.PartsText(m.Missing))
	case m.Missed():
		return w.Text(words.ItemStatusMarked, "state", w.Mark(string(m.State)), "at", w.When(m.At, n), "operator", string(m.Operator), "name", it.Person)
	case it.Loan == nil && it.Mark.State != "":
		since, searched := it.Mark.At, []string{}
		if rounds := it.Mark.Rounds; len(rounds) > 1 { // the first is that it was missed
			since = rounds[0]
			for _, at := range rounds {
				searched = append(searched, w.When(at, n))
			}
		}
		return w.Text(words.ItemStatusMarked, "state", w.Mark(string(it.Mark.State)), "at", w.When(since, n), "text", it.Mark.Text, "searched", w.List(searched...))
	case it.LongOverdue:
		return w.Text(words.ItemStatusLongOverdue, "name", it.Person, "due", w.Due(it.Loan.Due, n))
	case it.Loan != nil && s.now().After(it.Loan.Due):
		return w.List(w.Text(words.ItemStatusOverdue, "name", it.Person, "due", w.Due(it.Loan.Due, n)), recalledSince(w, loan, n))
	case it.Loan != nil:
		return w.List(w.Text(words.ItemStatusOnLoan, "name", it.Person, "due", w.Due(it.Loan.Due, n)), recalledSince(w, loan, n))
	case it.Staff != "":
		return w.Text(words.ItemStatusStaff, "why", it.Staff)
	case held.Stage == circ.OnShelf:
		return w.Text(words.ItemStatusOnHoldShelf, "name", it.Person, "until", w.Due(held.Until, n))
	case it.Transit != "":
		return w.Text(words.ItemStatusInTransit, "library", n.Library(it.Transit), "name", it.Person)
	case held.Stage == circ.Underway:
		return w.Text(words.ItemStatusInTransit, "library", n.Library(held.Pickup), "name", it.Person)
	case held.ID != "":
		return w.Text(words.ItemStatusKept, "name", it.Person)
	}
	return w.Text(words.ItemStatusOnShelf, "location", n.Location(it.Home, it.Location))
}

// recalledSince says since when a loan is recalled; empty: it is not.
func recalledSince(w *words.Book, l circ.Loan, n words.Names) string {
	since := l.RecalledSince()
	if since.IsZero() {
		return ""
	}
	return w.Text(words.RecallSince, "at", w.When(since, n), "operator", string(l.Recalled.Operator))
}

// shelf lists the hold shelf of this library, first to expire first.
func (s *Session) shelf(j *job) {
	if !s.signedIn(j) {
		return
	}
	var held []Hold
	err := s.read(func(f *facts) {
		held = s.holds(f, index[circ.Request](f, circ.ShelfOf, string(s.c.Desk.Library), listSize))
	})
	if err != nil {
		s.failed(j, err)
		return
	}
	o := Outcome{Word: WordList, Holds: held, Text: s.c.Words.N(words.OutcomeShelf, len(held))}
	if len(held) == 0 {
		o.Text = s.c.Words.Text(words.OutcomeShelfNone)
	}
	s.finish(j, o)
}

// toHolds puts an item on the hold shelf, or takes it off when its time there
// is up.
func (s *Session) toHolds(j *job, f found) {
	if f.item != nil && f.item.Held != "" {
		var r circ.Request
		err := s.read(func(facts *facts) {
			r, _ = one[circ.Request](facts, circ.KindRequest, string(f.item.Held))
		})
		if err != nil {
			s.failed(j, err)
			return
		}
		over := r.Stage == circ.OnShelf && !r.Until.IsZero() && s.now().After(r.Until)
		if over && r.Pickup == s.c.Desk.Library {
			s.fromShelf(j, f)
			return
		}
	}
	s.toShelf(j, f)
}

// shelve and takeOff put the item of a scan on the hold shelf and take it off.
func (s *Session) shelve(j *job, scan string) {
	if f, ok := s.itemScanned(j, scan); ok {
		s.toShelf(j, f)
	}
}

func (s *Session) takeOff(j *job, scan string) {
	if f, ok := s.itemScanned(j, scan); ok {
		s.fromShelf(j, f)
	}
}

func (s *Session) toShelf(j *job, f found) {
	var cmd circ.Shelve
	cmd.Item, cmd.Barcode = named(f)
	s.perform(&order{job: j, cmd: cmd, item: s.itemOf(f), title: clean(f.title.Title), tell: warnings(f), done: back})
}

func (s *Session) fromShelf(j *job, f found) {
	var cmd circ.TakeOff
	cmd.Item, cmd.Barcode = named(f)
	title := clean(f.title.Title)
	s.perform(&order{job: j, cmd: cmd, item: s.itemOf(f), title: title, tell: warnings(f), done: func(o *Outcome, d circ.Decision, es []circ.Event) {
		back(o, d, es)
		o.Text = s.c.Words.Text(words.OutcomeOffShelf, "title", title, "route", routeWords(o.Route))
		*o = s.warned(*o)
	}})
}
