package desk

import (
	"cmp"
	"errors"
	"runtime"
	"slices"
	"syscall"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/uplink"
	"circdesk/desk/words"
)

// order is a command on its way to its final outcome.
type order struct {
	*job
	cmd     circ.Command
	item    *Item  // what it concerns; nil: no item, or one not known here
	title   string //
	patron  *Patron
	tell    []circ.Remark                                      // besides what the engine tells
	done    func(o *Outcome, d circ.Decision, es []circ.Event) // fills what was done; nil: DONE
	then    func(id circ.EntryID, es []circ.Event)             // after it was done, before it is said; nil: nothing
	settled bool                                               // no question is opened: reasons are told
	over    []circ.Reason                                      // what was said yes to
	why, by string
}

// asked is a question to the central system that has no answer yet.
type asked struct {
	*order
	entry *journal.Entry
	d     circ.Decision // the local one
	shown Outcome       // the local word
	stop  func()
}

// perform carries a command out: it is asked when the line is there, else it is
// a fact.
func (s *Session) perform(o *order) {
	if !s.may(o.job, circ.RightCirculate) {
		return
	}
	if !s.carries(o.cmd) {
		no := circ.Remark{Reason: circ.NotCarried, Text: o.cmd.Name()}
		s.decided(o, verdict{d: circ.Decision{Refused: []circ.Remark{no}}, mode: journal.Fact}, nil)
		return
	}
	if o.grant != nil && len(o.over) == 0 {
		o.over, o.why, o.by = s.granted(o)
	}
	a := s.c.Desk.Act(circ.OperatorID(s.operator.Name), o.cmd)
	a.Over, a.Why = o.over, o.why
	if o.by != s.operator.Name {
		a.By = circ.OperatorID(o.by)
	}
	rights := s.rightsFor(o)
	if s.c.Up == nil || !s.c.Up.Asking() {
		d, e, err := s.c.Desk.Fact(s.ctx, a, rights)
		if err != nil {
			s.notWritten(o, err)
			return
		}
		s.wake()
		s.decided(o, verdict{d: d, events: d.Events, mode: journal.Fact, entry: idOf(e)}, nil)
		return
	}
	d, e, err := s.c.Desk.Ask(s.ctx, a, rights)
	if err != nil {
		s.notWritten(o, err)
		return
	}
	q := &asked{order: o, entry: e, d: d}
	q.shown = s.outcome(o, verdict{d: d, events: d.Events, mode: journal.Asked, entry: a.ID})
	s.say(o.job, q.shown)
	q.stop = s.after(s.c.Desk.Policy().AskDeadline(), s.missed)
	s.asks = append(s.asks, q)
	s.wake()
}

// carries reports whether the central system can be told of a command at all. What
// it cannot be told of is not done here either, line or no line: nobody there would
// ever know.
func (s *Session) carries(k circ.Command) bool {
	up, ok := s.c.Up.(interface{ Carries(command string) bool })
	return !ok || up.Carries(k.Name())
}

func (s *Session) wake() {
	if s.c.Up != nil && !s.together {
		s.c.Up.Wake()
	}
}

func idOf(e *journal.Entry) circ.EntryID {
	if e == nil {
		return ""
	}
	return e.Act.ID
}

// notWritten ends an order of which nothing stands in the journal.
func (s *Session) notWritten(o *order, err error) {
	s.c.Log.Error("an entry was not written", "command", o.cmd.Name(), "err", err)
	why := s.trouble(err)
	s.notice(NotWritten, "", "why", why)
	s.stop(o.job, Outcome{Title: o.title, Item: o.item}, circ.Remark{Reason: NotWrittenDown, Text: why})
}

// trouble says an error of the machine for people.
func (s *Session) trouble(err error) string {
	if diskFull(err) {
		return s.c.Words.Text(words.RefusalDiskFull)
	}
	return clean(err.Error())
}

func diskFull(err error) bool {
	if runtime.GOOS == "windows" { // ERROR_DISK_FULL, ERROR_HANDLE_DISK_FULL
		return errors.Is(err, syscall.Errno(112)) || errors.Is(err, syscall.Errno(39))
	}
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EFBIG)
}

// verdict is what came of an order, here or at the central system.
type verdict struct {
	d      circ.Decision
	events []circ.Event
	mode   journal.Mode
	entry  circ.EntryID // empty: nothing was written
}

// outcome says a verdict.
func (s *Session) outcome(o *order, v verdict) Outcome {
	out := Outcome{
		Item: o.item, Title: o.title, Patron: o.patron, Scanned: o.scanned,
		Mode: v.mode, Entry: v.entry, Tell: s.said(append(slices.Clone(o.tell), s.unheard(o.job, v.d)...)),
	}
	switch {
	case len(v.d.Refused) > 0:
		out.Word, out.Reasons, out.Ask = WordStop, s.said(v.d.Refused), s.said(v.d.Ask)
		if all(v.d.Refused, circ.DoubleScan) {
			out.Word = WordAgain
		}
	case len(v.d.Ask) > 0:
		out.Word, out.Ask = WordAsk, s.said(v.d.Ask)
	default:
		out.Word = WordDone
		if out.Item == nil && o.scanned != "" {
			out.Item, out.Title = s.itemOfEvents(v.events, out.Title)
		}
		out.Route, out.Trace = s.routed(v.d.Route), s.traced(v.d.Trace)
		if o.done != nil {
			o.done(&out, v.d, v.events)
		}
	}
	return s.worded(out)
}

// itemOfEvents gives the item that was lent or taken back and its title, where
// the session did not know it: the central system did, and perhaps the copy has
// it by now. Else nil, and the title as it is.
func (s *Session) itemOfEvents(es []circ.Event, title string) (it *Item, _ string) {
	var id circ.ItemID
	for _, e := range es {
		switch e := circ.Value(e).(type) {
		case circ.CheckedOut:
			id = e.Item
		case circ.Renewed:
			id = e.Item
		case circ.Seen:
			id = e.Item
		}
	}
	if id == "" {
		return nil, title
	}
	err := s.read(func(f *facts) {
		if row, known := one[circ.Item](f, circ.KindItem, string(id)); known {
			one := called(f.rules, Item{Item: safe(row), Titled: safe(f.title(row.Title))})
			it = &one
		}
	})
	if err != nil {
		s.c.Log.Error("an item could not be read", "err", err)
	}
	if it == nil {
		return nil, title
	}
	return it, cmp.Or(title, it.Titled.Title)
}

func all(rs []circ.Remark, is circ.Reason) bool {
	return !slices.ContainsFunc(rs, func(r circ.Remark) bool { return r.Reason != is })
}

// decided says the final outcome of an order. shown is the local one that the
// clerk has seen; nil: none.
func (s *Session) decided(o *order, v verdict, shown *Outcome) {
	asks := len(v.d.Refused) == 0 && len(v.d.Ask) > 0
	if asks && s.again(o, v.d.Ask) {
		return
	}
	if v.d.Done() && o.then != nil {
		o.then(v.entry, v.events)
	}
	if s.visit != nil {
		s.visit.stale = true
	}
	s.drawerFresh = s.drawerFresh && !ofDrawer(o.cmd)
	out := s.outcome(o, v)
	if asks && !s.asksOpen(o, &out, v.d.Ask) {
		out.Word, out.Text = WordStop, ""
		out.Reasons = append(out.Reasons, out.Ask...)
		out = s.worded(out)
	}
	if shown != nil && out.Word != WordQueued {
		was := shown.Word
		if asks && was == WordAsk { // both ask, and in a series nobody is asked
			was = out.Word
		}
		out.Differs = out.Word != was || !out.Due.Equal(shown.Due) || routeOf(out) != routeOf(*shown)
		if out.Differs && out.Word == WordStop {
			w := s.c.Words
			why := w.Text(words.OutcomeCentral, "reasons", s.texts(out.Reasons))
			out.Text = w.Text(words.OutcomeStop, "what", cmp.Or(out.Title, out.Scanned), "reasons", why)
		}
	}
	s.finish(o.job, out)
}

func routeOf(o Outcome) circ.Route {
	if o.Route == nil {
		return circ.Route{}
	}
	r := o.Route.Route
	r.Until = time.Time{}
	return r
}

// hear hears the line.
func (s *Session) hear(e uplink.Event) {
	switch e := e.(type) {
	case uplink.LineUp:
		s.noted(s.c.Desk.LineBack(s.ctx))
		if !e.First {
			s.notice(LineBack, "", "waiting", s.waitingText())
		}
	case uplink.LineDown:
		s.noted(s.c.Desk.LineGone(s.ctx, s.c.Up.Status().Answer))
		s.unanswered()
		s.notice(LineGone, "")
	case uplink.Receipts:
		s.receipts(e.Receipts)
		for _, c := range e.Conflicts {
			s.lateRefusal(c)
		}
		if len(e.Conflicts) > 0 {
			s.countConflicts()
		}
	case uplink.Filling:
		s.filling = max(e.Came, 1)
	case uplink.Fresh:
		s.countConflicts()
		s.filling, s.drawerFresh = 0, false
		if s.visit != nil {
			s.visit.stale = true
		}
	case uplink.AtRelay: // the state says it
		if s.visit != nil {
			s.visit.stale = true
		}
	case uplink.Stuck:
		s.notice(ChainStuck, "", "why", clean(e.Why.Error()))
	}
}

// noted logs that how the line is could not be noted: nothing hangs on it but a report.
func (s *Session) noted(err error) {
	if err != nil {
		s.c.Log.Error("how the line is was not noted", "err", err)
	}
}

// receipts says the final outcome of what was asked and is answered.
func (s *Session) receipts(rs []journal.Receipt) {
	at := make(map[circ.EntryID]journal.Receipt, len(rs))
	for _, r := range rs {
		at[r.Entry] = r
	}
	var answered []*asked
	s.asks = slices.DeleteFunc(s.asks, func(q *asked) bool {
		_, ok := at[q.entry.Act.ID]
		if ok {
			answered = append(answered, q)
		}
		return ok
	})
	for _, q := range answered {
		s.answered(q, at[q.entry.Act.ID])
	}
}

// answered says the final outcome of one.
func (s *Session) answered(q *asked, r journal.Receipt) {
	q.stop()
	v := verdict{d: r.Decision, events: r.Events, mode: journal.Asked, entry: r.Entry}
	switch r.Verdict {
	case journal.Rejected:
		v.d.Refused = append(slices.Clone(v.d.Refused), r.Objections...)
		if v.d.Done() {
			v.d.Refused = []circ.Remark{{Reason: circ.Unreadable}}
		}
	case journal.Refused:
		if v.d.Done() {
			v.d.Refused = []circ.Remark{{Reason: circ.LateRefusal}}
		}
	default:
		v.d.Refused, v.d.Ask = nil, nil
	}
	s.decided(q.order, v, &q.shown)
}

// missed: the deadline of an ask has passed, and with it those of all that
// wait: nothing is asked until the line has answered again. When the desk could
// not write that down, the line is not what is wrong.
func (s *Session) missed() {
	if len(s.asks) == 0 {
		return
	}
	if s.unanswered() && s.c.Up != nil {
		s.c.Up.Missed()
	}
}

// unanswered writes down, for all that was asked and has no answer, in order,
// that it stood when the desk itself would have done it, and else that it was
// withdrawn. An answer that the journal has already counts. It reports whether
// all could be written.
func (s *Session) unanswered() (written bool) {
	waiting := s.asks
	s.asks, written = nil, true
	for _, q := range waiting {
		q.stop()
		err := s.second(q)
		if answer, ok := errors.AsType[*local.AnsweredError](err); ok {
			s.answered(q, answer.Receipt)
			continue
		}
		if err != nil {
			written = false
			s.notWritten(q.order, err)
			continue
		}
		s.decided(q.order, verdict{d: q.d, events: q.d.Events, mode: journal.Fact, entry: q.entry.Act.ID}, &q.shown)
	}
	s.wake()
	return written
}

// second writes down what became of a question without an answer. What cannot
// be written is told as not done, and so it is withdrawn.
func (s *Session) second(q *asked) error {
	if !q.d.Done() {
		_, err := s.c.Desk.Withdrawn(s.ctx, q.entry)
		return err
	}
	_, err := s.c.Desk.Stood(s.ctx, q.entry)
	if _, answered := errors.AsType[*local.AnsweredError](err); err == nil || answered {
		return err
	}
	if _, late := s.c.Desk.Withdrawn(s.ctx, q.entry); late != nil {
		if _, answered := errors.AsType[*local.AnsweredError](late); answered {
			return late
		}
	}
	return err
}

// lateRefusal says that the central system objects to what was told.
func (s *Session) lateRefusal(c circ.Conflict) {
	var cmd circ.Command
	told := c.ID // as the clerk knows it
	if e, ok := s.entry(c.ID); ok {
		cmd, told = e.Act.Command, cmp.Or(e.Of, told)
	}
	n := s.names()
	n.Patron = nil // notices stand on any screen
	var reasons []string
	for _, r := range c.Met {
		reasons = append(reasons, s.remark(r, n))
	}
	s.notice(LateRefusal, told, "what", s.whatOf(cmd), "reasons", s.c.Words.List(reasons...))
}

// entry gives an entry of the journal.
func (s *Session) entry(id circ.EntryID) (e journal.Entry, ok bool) {
	err := s.c.Desk.Journal.View(s.ctx, func(tx journal.JournalTx) (err error) {
		e, ok, err = tx.Entry(s.ctx, id)
		return err
	})
	if err != nil {
		s.c.Log.Error("an entry could not be read", "entry", id, "err", err)
		return e, false
	}
	return e, ok
}

// whatOf names what a command was about: its title, or else what was done.
func (s *Session) whatOf(c circ.Command) string {
	if c == nil {
		return ""
	}
	id, barcode, title := Concerns(c)
	var name string
	err := s.read(func(f *facts) {
		switch {
		case title != "":
			name = f.title(title).Title
		case id != "":
			name = f.titleOf(id).Title
		case barcode != "":
			if it, ok := f.item(barcode); ok {
				name = f.title(it.Title).Title
			}
		}
	})
	if err != nil {
		s.c.Log.Error("a title could not be read", "err", err)
	}
	return cmp.Or(clean(name), clean(barcode), s.c.Words.Command(c.Name()))
}

// Concerns gives the item or title that a command names.
func Concerns(c circ.Command) (id circ.ItemID, barcode string, title circ.TitleID) {
	switch c := circ.CommandValue(c).(type) {
	case circ.CheckOut:
		return c.Item, c.Barcode, ""
	case circ.CheckIn:
		return c.Item, c.Barcode, ""
	case circ.Use:
		return c.Item, c.Barcode, ""
	case circ.Renew:
		return c.Item, c.Barcode, ""
	case circ.Place:
		return c.Item, c.Barcode, c.Title
	case circ.Shelve:
		return c.Item, c.Barcode, ""
	case circ.TakeOff:
		return c.Item, c.Barcode, ""
	case circ.AddAlert:
		return c.Item, c.Barcode, ""
	case circ.Lose:
		return c.Item, c.Barcode, ""
	case circ.Claim:
		return c.Item, c.Barcode, ""
	case circ.Find:
		return c.Item, c.Barcode, ""
	case circ.WriteOff:
		return c.Item, c.Barcode, ""
	case circ.MarkItem:
		return c.Item, c.Barcode, ""
	case circ.SetDue:
		return c.Item, c.Barcode, ""
	case circ.CorrectReturn:
		return c.Item, c.Barcode, ""
	case circ.RecallLoan:
		return c.Item, c.Barcode, ""
	case circ.LiftRecall:
		return c.Item, c.Barcode, ""
	case circ.Incomplete:
		return c.Item, c.Barcode, ""
	case circ.GiveUp:
		return c.Item, c.Barcode, ""
	case circ.NoteCall:
		return c.Item, c.Barcode, ""
	case circ.SetParts:
		return c.Item, c.Barcode, ""
	}
	return "", "", ""
}
