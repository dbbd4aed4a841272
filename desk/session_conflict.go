package desk

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/operator"
	"circdesk/desk/policy"
	"circdesk/desk/text"
	"circdesk/desk/words"
)

func (s *Session) countConflicts() {
	open, err := s.c.Desk.Conflicts(s.ctx, false)
	if err != nil {
		s.c.Log.Error("the conflicts could not be read", "err", err)
		return
	}
	s.conflicts = len(open)
}

// listConflicts lists what a person has to settle, in the order of [ByUrgency].
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
	if o.Conflicts, err = s.joinedAll(open); err != nil {
		s.failed(j, err)
		return
	}
	if o.Unsent, err = s.unsent(); err != nil {
		s.failed(j, err)
		return
	}
	s.roll()
	s.off(func(ctx context.Context) func() { // it reads the whole journal: scans go on meanwhile
		last := s.lastOutage(ctx)
		return func() {
			o.Outage = last
			s.finish(j, o)
		}
	})
}

func (s *Session) joinedAll(open []circ.Conflict) (all []Conflict, err error) {
	err = s.read(func(f *facts) { all = f.conflicts(open, s.now(), true) })
	for i := range all {
		all[i].Said = s.said(all[i].Met)
	}
	return all, err
}

// ListConflicts gives the conflicts that a desk knows of, whichever desk they are of, in
// the order of [ByUrgency]; all: settled ones too, which come last. Nobody's name is in it.
func ListConflicts(ctx context.Context, d *local.Desk, all bool) (list []Conflict, err error) {
	found, err := d.Conflicts(ctx, all)
	if err != nil {
		return nil, err
	}
	f := &facts{ctx: ctx, rules: d.Policy()}
	err = d.View(ctx, func(r journal.Reader) error {
		f.r, f.err = r, nil
		list = f.conflicts(found, d.Now(), false)
		return f.err
	})
	return list, err
}

// conflicts joins conflicts with titles, barcodes and, named, persons.
func (f *facts) conflicts(found []circ.Conflict, now time.Time, named bool) []Conflict {
	all := make([]Conflict, 0, len(found))
	for _, c := range found {
		all = append(all, f.conflict(c, named))
	}
	slices.SortStableFunc(all, func(a, b Conflict) int { return ByUrgency(a.Conflict, b.Conflict, now) })
	for i := range all {
		all[i].N = i + 1
	}
	return all
}

// ByUrgency is the order in which conflicts are shown: what waits past its call-back day,
// then what nobody has put off, then what the rules have settled and somebody only has
// to know, then what waits for its day, then what is settled; the oldest first.
func ByUrgency(a, b circ.Conflict, now time.Time) int {
	rank := func(c circ.Conflict) int {
		switch {
		case !c.Open():
			return 4
		case c.CallBack.After(now):
			return 3
		case !c.CallBack.IsZero():
			return 0
		case c.Stands:
			return 2
		}
		return 1
	}
	return cmp.Or(cmp.Compare(rank(a), rank(b)), a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
}

// conflict joins one.
func (f *facts) conflict(c circ.Conflict, named bool) Conflict {
	out := Conflict{Conflict: c, Code: clean(c.Barcode), Where: f.deskName(c.Desk)}
	it, known := f.itemOf(c.Item)
	if !known && c.Barcode != "" {
		it, known = f.item(c.Barcode)
	}
	if known {
		out.Code, out.Item = clean(it.Barcode), it.ID
	}
	title := f.title(c.Title)
	if title.Title == "" { // its own joined another
		title = f.title(it.Title)
	}
	out.Name = clean(title.Title)
	out.Concerns = c.Patron
	if k, ok := one[circ.Card](f, circ.KindCard, c.Card); ok && out.Concerns == "" {
		out.Concerns = k.Patron
	}
	other, there := c.Other()
	if there {
		out.Other = &OtherStory{Other: other, Where: f.deskName(other.Desk)}
	}
	if !named {
		return out
	}
	if p, ok := f.patron(out.Concerns); ok {
		out.Person = personName(p)
	}
	if p, ok := f.patron(other.Patron); ok && there {
		out.Other.Person = personName(p)
	}
	return out
}

// HereStory says what the desk did: what, to whom, where, when, and who did it.
func (c Conflict) HereStory(w *words.Book, n words.Names) string {
	return w.Text(words.ConflictsHere, "command", w.Command(c.Command), "who", c.Person, "desk", c.Where, "at", w.When(c.At, n), "operator", string(c.Operator))
}

// Called names the conflict: by its title, its barcode, or what was done.
func (c Conflict) Called(w *words.Book) string { return cmp.Or(c.Name, c.Code, w.Command(c.Command)) }

// ThereStory says what somebody else did; empty: nobody knows of anybody else.
func (c Conflict) ThereStory(w *words.Book, n words.Names) string {
	if c.Other == nil {
		return ""
	}
	at := ""
	if !c.Other.At.IsZero() {
		at = w.When(c.Other.At, n)
	}
	return w.List(c.Other.Person, c.Other.Where, at)
}

// deskName gives what a desk is called.
func (f *facts) deskName(id circ.DeskID) string {
	return cmp.Or(clean(f.rules.DeskName(policy.DeskID(id))), clean(string(id)))
}

// conflictNamed gives the open conflict that an input is about. False: the job has ended.
func (s *Session) conflictNamed(j *job, id circ.EntryID) (c Conflict, ok bool) {
	found, ok, err := s.c.Desk.Conflict(s.ctx, id)
	switch {
	case err != nil:
		s.failed(j, err)
		return c, false
	case !ok || !found.Open():
		s.refuse(j, NoSuchConflict, "")
		return c, false
	}
	all, err := s.joinedAll([]circ.Conflict{found})
	if err != nil {
		s.failed(j, err)
		return c, false
	}
	return all[0], true
}

// settle does what is to be done about a conflict, and then says that it is settled. What
// cannot be done leaves the conflict as it was.
func (s *Session) settle(j *job, in Settle) {
	if !s.may(j, circ.RightSettle) {
		return
	}
	why := text.Clean(in.Why, maxWhy)
	if why == "" {
		s.refuse(j, ReasonNeeded, "")
		return
	}
	c, ok := s.conflictNamed(j, in.Entry)
	if !ok {
		return
	}
	how := cmp.Or(in.How, circ.ConflictKeep)
	if !slices.Contains(c.Actions(), how) {
		s.refuse(j, NoSuchAction, string(how))
		return
	}
	settled := &order{job: j, cmd: circ.SettleConflict{Conflict: c.ID, How: how, Text: why}, done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		o.Word, o.Text = WordDone, s.c.Words.Text(words.OutcomeSettled, "title", c.Called(s.c.Words))
		s.countConflicts()
	}}
	todo, err := s.toSettle(j, c, how, why)
	switch {
	case err != nil:
		s.failed(j, err)
	case len(todo) == 0:
		s.perform(settled)
	default:
		s.performAll(todo, func(then []Outcome) {
			for _, o := range then {
				if len(o.Reasons)+len(o.Ask) > 0 {
					s.finish(j, Outcome{Word: WordStop, Reasons: append(o.Reasons, o.Ask...), Then: then, Title: c.Name})
					return
				}
			}
			s.perform(settled)
		})
	}
}

// toSettle makes the orders of what an action does beside settling.
func (s *Session) toSettle(j *job, c Conflict, how circ.ConflictAction, why string) (orders []*order, err error) {
	var todo []step
	err = s.read(func(f *facts) { todo = f.stepsOf(c, how, why) })
	for _, do := range todo {
		orders = append(orders, &order{
			job: &job{n: j.n, in: j.in, place: j.place}, cmd: do.cmd, title: c.Name, over: do.over, why: why, by: s.operator.Name,
		})
	}
	return orders, err
}

// step is a command that an action about a conflict does, and what was said yes to by
// choosing the action.
type step struct {
	cmd  circ.Command
	over []circ.Reason
}

// stepsOf gives what an action does beside settling.
func (f *facts) stepsOf(c Conflict, how circ.ConflictAction, why string) (all []step) {
	switch how {
	case circ.ConflictReturn:
		return []step{{circ.CheckIn{Item: c.Item}, []circ.Reason{circ.AllThere}}}
	case circ.ConflictRenew:
		return []step{{circ.Renew{Item: c.Item}, nil}}
	case circ.ConflictUndo:
		return []step{{circ.Undo{Entry: c.Entry()}, nil}}
	case circ.ConflictMerge:
		return []step{{circ.MergePatrons{Patron: c.Concerns, Into: otherOf(c)}, []circ.Reason{circ.MergeRecords}}}
	case circ.ConflictBillNobody:
		for _, fee := range f.billed(c) {
			all = append(all, step{circ.Waive{Fee: fee, Text: why}, []circ.Reason{circ.WaiveFee}})
		}
	}
	return all
}

// WorkOnConflict does what somebody says about a conflict without a session: the command
// itself after what the action does beside it. It gives what stands against it; nothing
// of what was done before that is taken back. deliver delivers all that is unsent, as
// [uplink.Uplink.Sync] does: what another desk did is taken back by asking the central
// system, which alone knows all of it.
func WorkOnConflict(ctx context.Context, d *local.Desk, deliver func(context.Context) error, by operator.Operator, cmd circ.Command) ([]circ.Remark, error) {
	todo := []step{{cmd: cmd}}
	if k, ok := cmd.(circ.SettleConflict); ok {
		more, why, err := beforeSettling(ctx, d, k)
		if err != nil || len(why) > 0 {
			return why, err
		}
		todo = append(more, todo...)
	}
	for _, do := range todo {
		a := d.Act(circ.OperatorID(by.Name), do.cmd)
		if a.Over = do.over; len(do.over) > 0 {
			a.Why = cmd.(circ.SettleConflict).Text
		}
		dec, _, err := d.Fact(ctx, a, rights(by))
		if err != nil {
			return nil, err
		}
		why := append(dec.Refused, dec.Ask...)
		if _, undo := do.cmd.(circ.Undo); undo && all(why, circ.UnknownThing) && len(why) > 0 {
			why, err = askAbout(ctx, d, deliver, a, rights(by))
		}
		if err != nil || len(why) > 0 {
			return why, err
		}
	}
	return nil, nil
}

// askAbout asks the central system to do something, and waits for its answer. It gives
// what stands against it: NoLine, where there is no answer; then nothing was done.
func askAbout(ctx context.Context, d *local.Desk, deliver func(context.Context) error, a circ.Act, rights []circ.Right) ([]circ.Remark, error) {
	if deliver == nil || deliver(ctx) != nil { // what waits goes before it
		return []circ.Remark{{Reason: NoLine}}, nil
	}
	_, asked, err := d.Ask(ctx, a, rights)
	if err != nil {
		return nil, err
	}
	_ = deliver(ctx) // the receipt says whether it came
	r, err := answerTo(ctx, d, asked)
	if err != nil || r == nil {
		return []circ.Remark{{Reason: NoLine}}, err
	}
	if r.Verdict == journal.Applied || r.Verdict == journal.Noop {
		return nil, nil
	}
	return append(append(r.Decision.Refused, r.Decision.Ask...), r.Objections...), nil
}

// answerTo gives the answer to what was asked; nil: there is none, and by now the
// question is withdrawn.
func answerTo(ctx context.Context, d *local.Desk, asked *journal.Entry) (r *journal.Receipt, err error) {
	ctx = context.WithoutCancel(ctx)
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		found, ok, err := tx.Receipt(ctx, asked.Act.ID)
		if r = nil; ok {
			r = &found
		}
		return err
	})
	if err != nil || r != nil {
		return r, err
	}
	_, err = d.Withdrawn(ctx, asked)
	if late, ok := errors.AsType[*local.AnsweredError](err); ok {
		return &late.Receipt, nil
	}
	return nil, err
}

func beforeSettling(ctx context.Context, d *local.Desk, k circ.SettleConflict) (todo []step, why []circ.Remark, err error) {
	found, ok, err := d.Conflict(ctx, k.Conflict)
	if err != nil || !ok || !found.Open() {
		return nil, nil, err // the engine says what is wrong
	}
	f := &facts{ctx: ctx, rules: d.Policy()}
	err = d.View(ctx, func(r journal.Reader) error {
		f.r, f.err = r, nil
		c := f.conflict(found, true)
		if todo, why = nil, nil; !slices.Contains(c.Actions(), k.How) {
			why = []circ.Remark{{Reason: NoSuchAction, Text: string(k.How)}}
			return nil
		}
		todo = f.stepsOf(c, k.How, k.Text)
		return f.err
	})
	return todo, why, err
}

// billed gives the fees for the item of a conflict of which something is left, of both
// sides.
func (f *facts) billed(c Conflict) (fees []circ.FeeID) {
	if c.Item == "" {
		return nil
	}
	for _, p := range slices.Compact([]circ.PatronID{c.Concerns, otherOf(c)}) {
		if p == "" {
			continue
		}
		k := circ.NewCase(circ.Act{}, f.rules)
		for _, i := range []circ.Index{circ.FeesOf, circ.PaymentsOf} {
			k.Add(circ.In(i, string(p), math.MaxInt), f.whole(i, string(p)))
		}
		for _, left := range k.Account(p).Fees {
			if left.Fee.Item == c.Item && left.Left > 0 {
				fees = append(fees, left.Fee.ID)
			}
		}
	}
	return fees
}

func otherOf(c Conflict) circ.PatronID {
	if c.Other == nil {
		return ""
	}
	return c.Other.Patron
}

// assign says who sees to a conflict.
func (s *Session) assign(j *job, in Assign) {
	who := text.Clean(in.Owner, maxNote)
	cmd := circ.AssignConflict{Conflict: in.Entry, Owner: circ.OperatorID(who)}
	s.worksOn(j, in.Entry, cmd, func(title string) string {
		if who == "" {
			return s.c.Words.Text(words.OutcomeAssignedNone, "title", title)
		}
		return s.c.Words.Text(words.OutcomeAssigned, "title", title, "who", who)
	})
}

// callBack says on which day a conflict is to be looked at again: from its beginning.
func (s *Session) callBack(j *job, in CallBackOn) {
	zone := s.c.Desk.Policy().Location(s.c.Desk.Library)
	on := in.On
	if !on.IsZero() {
		y, m, d := on.In(zone).Date()
		on = time.Date(y, m, d, 0, 0, 0, 0, zone).UTC()
	}
	s.worksOn(j, in.Entry, circ.CallBack{Conflict: in.Entry, On: on}, func(title string) string {
		if on.IsZero() {
			return s.c.Words.Text(words.OutcomeCallBackNow, "title", title)
		}
		return s.c.Words.Text(words.OutcomeCallBack, "title", title, "until", s.c.Words.Date(on, zone))
	})
}

// worksOn carries out what is done about a conflict that stays open.
func (s *Session) worksOn(j *job, id circ.EntryID, cmd circ.Command, says func(title string) string) {
	if !s.may(j, circ.RightCirculate) {
		return
	}
	c, ok := s.conflictNamed(j, id)
	if !ok {
		return
	}
	s.perform(&order{job: j, cmd: cmd, done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
		o.Word, o.Text = WordDone, says(c.Called(s.c.Words))
	}})
}

// A Searcher reads records of the central system itself, not of the copy.
type Searcher interface {
	Search(ctx context.Context, wants []circ.Want) ([][]circ.Row, error)
}

// contact tells how the patron of a conflict is reached: asked of the central system
// there and then, after it was written down that somebody looks.
func (s *Session) contact(j *job, in Contact) {
	if !s.may(j, circ.RightSettle) {
		return
	}
	c, ok := s.conflictNamed(j, in.Entry)
	if !ok {
		return
	}
	who := c.Concerns
	if in.Other {
		who = otherOf(c)
	}
	there, asks := s.c.Up.(Searcher)
	switch {
	case who == "":
		s.refuse(j, circ.UnknownPatron, "")
		return
	case s.c.Up != nil && (!asks || !s.c.Up.Status().Up):
		s.refuse(j, NoLine, "")
		return
	}
	s.perform(&order{
		job: &job{n: j.n, in: j.in, place: j.place, sink: func(o Outcome) {
			if len(o.Reasons)+len(o.Ask) > 0 {
				s.finish(j, o)
				return
			}
			if s.c.Up == nil {
				s.reached(j, who, nil, nil)
				return
			}
			s.off(func(ctx context.Context) func() {
				rows, err := there.Search(ctx, []circ.Want{circ.ByKey(circ.KindPatron, string(who))})
				return func() { s.reached(j, who, rows, err) }
			})
		}},
		cmd: circ.SeeContact{Conflict: c.ID, Patron: who}, settled: true,
	})
}

// reached says how a patron is reached. No rows: the desk's own facts are the only ones.
func (s *Session) reached(j *job, who circ.PatronID, rows [][]circ.Row, err error) {
	var p circ.Patron
	var ok bool
	switch {
	case err != nil:
		s.c.Log.Warn("how a patron is reached could not be asked", "err", err)
		s.refuse(j, NoLine, "")
		return
	case rows == nil:
		err = s.read(func(f *facts) { p, ok = f.patron(who) })
	default:
		for _, r := range slices.Concat(rows...) {
			p, ok = r.(circ.Patron)
		}
	}
	switch {
	case err != nil:
		s.failed(j, err)
	case !ok:
		s.refuse(j, circ.UnknownPatron, "")
	default:
		reach := Reach{Person: personName(p), Phone: clean(p.Phone), Email: clean(p.Email)}
		said := s.c.Words.Text(words.OutcomeReachNone, "who", reach.Person)
		if reach.Phone+reach.Email != "" {
			said = strings.TrimSpace(s.c.Words.List(reach.Person, reach.Phone, reach.Email))
		}
		s.finish(j, Outcome{Word: WordDone, Text: said, Reach: &reach})
	}
}
