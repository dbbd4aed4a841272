package desk

import (
	"slices"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

// worklist lists what waits for somebody's work at this library.
func (s *Session) worklist(j *job, in Worklist) {
	if !s.signedIn(j) {
		return
	}
	if in.Kind != "" && !slices.Contains(WorkKinds(), in.Kind) {
		s.refuse(j, NothingTyped, "")
		return
	}
	o := Outcome{Word: WordList, AsOf: s.asOf()}
	err := s.read(func(f *facts) {
		o.Work = f.worklist(s.c.Desk.Library, in.Kind, s.now(), true)
	})
	if err != nil {
		s.failed(j, err)
		return
	}
	w := s.c.Words
	if o.Text = w.N(words.OutcomeWork, len(o.Work), "at", w.When(o.AsOf, s.names())); len(o.Work) == 0 {
		o.Work, o.Text = []Work{}, w.Text(words.OutcomeWorkNone, "at", w.When(o.AsOf, s.names()))
	}
	s.finish(j, o)
}

// asOf gives how old the desk's facts are: now, where there is no other copy.
func (s *Session) asOf() time.Time {
	if s.c.Up == nil {
		return s.now()
	}
	return s.c.Up.Status().Copy
}

// incomplete takes an item back of which something is missing.
func (s *Session) incomplete(j *job, in Incomplete) {
	f, ok := s.itemScanned(j, in.Text)
	if !ok {
		return
	}
	date := in.Date
	if date.IsZero() && s.place == AtCheckIn {
		date = s.dropDate()
	}
	if o, ok := s.notAll(j, f, in.Missing, date); ok {
		s.perform(o)
	}
}

// notAll makes the order of an incomplete return; missing is as it was typed. A job
// that names no part ends.
func (s *Session) notAll(j *job, f found, missing string, date time.Time) (*order, bool) {
	cmd := circ.Incomplete{Date: date}
	cmd.Item, cmd.Barcode = named(f)
	var parts []string
	if f.item != nil {
		parts = f.item.Parts
	}
	var bad int
	if cmd.Missing, bad = circ.PartsTyped(missing, parts); bad != 0 {
		s.stop(j, Outcome{}, circ.Remark{Reason: NoSuchNumber, N: bad})
		return nil, false
	}
	if len(cmd.Missing) == 0 {
		s.refuse(j, NothingTyped, "")
		return nil, false
	}
	return &order{job: j, cmd: cmd, item: s.itemOf(f), title: clean(f.title.Title), tell: warnings(f), done: back}, true
}

// missing answers the open question with no: at a check-in the item is taken back
// incomplete.
func (s *Session) missing(j *job, q *question, missing string) {
	in, back := (circ.CheckIn{}), false
	if q.order != nil {
		in, back = q.order.cmd.(circ.CheckIn)
	}
	if !back || !slices.ContainsFunc(q.asks, func(r circ.Remark) bool { return r.Reason == circ.AllThere }) {
		s.no(j, No{})
		return
	}
	f := found{title: circ.Title{Title: q.order.title}}
	f.label.Code = in.Barcode
	if q.order.item != nil {
		f.item, f.title = &q.order.item.Item, q.order.item.Titled
	}
	o, ok := s.notAll(j, f, missing, in.Date)
	if !ok {
		return
	}
	s.question = nil
	s.answer = &answer{job: j, waiting: true}
	o.job = s.answering(q.order.job)
	s.perform(o)
}

// complete takes back an item that had come back incomplete: the rest is there.
func (s *Session) complete(j *job, in Complete) {
	f, ok := s.itemScanned(j, in.Text)
	if !ok {
		return
	}
	cmd := circ.CheckIn{}
	cmd.Item, cmd.Barcode = named(f)
	s.perform(&order{job: j, cmd: cmd, over: []circ.Reason{circ.AllThere}, item: s.itemOf(f), title: clean(f.title.Title), tell: warnings(f), done: back})
}

// giveUp ends the loan of an item that came back incomplete.
func (s *Session) giveUp(j *job, in GiveUp) {
	f, ok := s.itemScanned(j, in.Text)
	if !ok {
		return
	}
	cmd := circ.GiveUp{As: in.As}
	cmd.Item, cmd.Barcode = named(f)
	s.perform(&order{job: j, cmd: cmd, item: s.itemOf(f), title: clean(f.title.Title), tell: warnings(f), done: back})
}

// setParts says what belongs to an item.
func (s *Session) setParts(j *job, in SetParts) {
	f, ok := s.itemScanned(j, in.Text)
	if !ok {
		return
	}
	cmd := circ.SetParts{}
	cmd.Parts, _ = circ.PartsTyped(in.Parts, nil)
	cmd.Item, cmd.Barcode = named(f)
	s.worked(j, f, cmd, words.OutcomeParts, "text", circ.PartsText(cmd.Parts))
}

// bill charges the patron of an item's loan for a part that is missing.
func (s *Session) bill(j *job, in Bill) {
	f, ok := s.itemScanned(j, in.Text)
	if !ok {
		return
	}
	amount, ok := s.some(j, in.Amount)
	if !ok {
		return
	}
	var loan circ.Loan
	var p circ.Patron
	err := s.read(func(fs *facts) {
		loan, p = circ.Loan{}, circ.Patron{}
		if f.item != nil {
			loan, _ = one[circ.Loan](fs, circ.KindLoan, string(f.item.Loan))
			p, _ = fs.patron(loan.Patron)
		}
	})
	switch {
	case err != nil:
		s.failed(j, err)
		return
	case p.ID == "":
		s.stop(j, Outcome{Item: s.itemOf(f), Title: clean(f.title.Title)}, circ.Remark{Reason: circ.NotOnLoan})
		return
	}
	note := in.Note
	if note == "" {
		note = circ.PartsText(loan.Marked.Missing)
	}
	cmd := circ.Charge{Patron: p.ID, Type: circ.FeePart, Amount: amount, Text: text.Clean(note, maxNote)}
	cmd.Item, cmd.Barcode = named(f)
	s.money(j, s.short(p), cmd, WordDone, "", "", words.OutcomeCharged, "amount", s.c.Words.Money(amount), "kind", s.c.Words.Fee(circ.FeePart))
}

// worked carries out a command about an item, says it, and shows the item.
func (s *Session) worked(j *job, f found, cmd circ.Command, said words.Key, args ...string) {
	title := clean(f.title.Title)
	s.perform(&order{job: j, cmd: cmd, item: s.itemOf(f), title: title, tell: warnings(f), done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		o.Word, o.Text = WordDone, s.c.Words.Text(said, append(args, "title", title)...)
		s.looks(o, f)
		*o = s.warned(*o)
	}})
}
