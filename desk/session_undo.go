package desk

import (
	"cmp"
	"slices"
	"strconv"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/words"
)

// mostPast is how many entries the list of undo has.
const mostPast = 200

// undo lists today's entries, or takes some back: one entry each, the newest
// first.
func (s *Session) undo(j *job, in Undo) {
	if !s.may(j, circ.RightCirculate) {
		return
	}
	if today := s.c.Desk.Policy().DayStart(s.c.Desk.Library, s.now()); !today.Equal(s.listedOn) {
		s.listed, s.listedOn = nil, today
	}
	past, err := s.today()
	if err != nil {
		s.failed(j, err)
		return
	}
	if len(in.Entries) == 0 && len(in.N) == 0 {
		s.listPast(j, past)
		return
	}
	ids := slices.Clone(in.Entries)
	for _, n := range in.N {
		id, ok := s.numbered(past, n)
		if !ok {
			s.stop(j, Outcome{}, circ.Remark{Reason: NoSuchNumber, N: n})
			return
		}
		ids = append(ids, id)
	}
	s.undoAll(j, past, ids)
}

// numbered gives the entry of a number: in the list that was shown, else in the
// list as it is.
func (s *Session) numbered(past []Past, n int) (circ.EntryID, bool) {
	switch {
	case n < 1:
	case s.listed != nil && n <= len(s.listed):
		return s.listed[n-1], true
	case s.listed == nil && n <= len(past):
		return past[n-1].Entry, true
	}
	return "", false
}

func (s *Session) listPast(j *job, past []Past) {
	s.listed = make([]circ.EntryID, 0, len(past))
	for _, p := range past {
		s.listed = append(s.listed, p.Entry)
	}
	o := Outcome{Word: WordList, Undoable: past, Text: s.c.Words.N(words.OutcomeUndoList, len(past))}
	if len(past) == 0 {
		o.Text = s.c.Words.Text(words.OutcomeUndoNone)
	}
	s.finish(j, o)
}

// undoAll takes entries back.
func (s *Session) undoAll(j *job, past []Past, ids []circ.EntryID) {
	age := make(map[circ.EntryID]int, len(past))
	what := make(map[circ.EntryID]string, len(past))
	for i, p := range past {
		age[p.Entry], what[p.Entry] = i-len(past), p.about
	}
	slices.SortStableFunc(ids, func(a, b circ.EntryID) int { return cmp.Compare(age[a], age[b]) })
	ids = slices.Compact(ids)
	var orders []*order
	for _, id := range ids {
		title := what[id]
		orders = append(orders, &order{
			job: &job{n: j.n, in: j.in, place: j.place, visit: nil},
			cmd: circ.Undo{Entry: id}, title: title,
			done: func(o *Outcome, _ circ.Decision, _ []circ.Event) {
				o.Word, o.Text = WordUndone, s.c.Words.Text(words.OutcomeUndone, "what", title)
				*o = s.warned(*o)
			},
		})
	}
	s.performAll(orders, func(then []Outcome) {
		if s.visit != nil {
			s.visit.stale = true
		}
		if len(then) == 1 {
			s.finish(j, then[0])
			return
		}
		o, done := summary(then, WordUndone)
		w := s.c.Words
		o.Text = w.N(words.OutcomeUndoneAll, done)
		if done < len(then) {
			o.Text = w.Text(words.OutcomeUndoneSome, "done", strconv.Itoa(done), "all", strconv.Itoa(len(then)))
		}
		if done == 0 {
			o.Word = WordStop
			for _, t := range then {
				o.Reasons = append(o.Reasons, t.Reasons...)
			}
		}
		s.finish(j, s.warned(o))
	})
}

// doneEntry is an entry of today with what it did.
type doneEntry struct {
	e     journal.Entry
	story *circ.Story
}

// pageSize is how many entries are read at once, from the newest back.
const pageSize = 200

// today gives the entries of this desk's local day that did something, newest
// first.
func (s *Session) today() ([]Past, error) {
	since := s.c.Desk.Policy().DayStart(s.c.Desk.Library, s.now())
	var found []doneEntry
	undone := map[circ.EntryID]bool{}
	err := s.c.Desk.Journal.View(s.ctx, func(tx journal.JournalTx) error {
		found = nil
		clear(undone)
		head, err := tx.Head(s.ctx, s.c.Desk.ID)
		if err != nil {
			return err
		}
		for to := head.Seq; to > 0 && len(found) < mostPast; {
			from := to - min(to, pageSize)
			es, err := tx.Entries(s.ctx, journal.Mark{Desk: s.c.Desk.ID, Epoch: head.Epoch, Seq: from}, int(to-from))
			if err != nil {
				return err
			}
			for i := len(es) - 1; i >= 0 && len(found) < mostPast; i-- {
				if es[i].Act.At.Before(since) {
					return nil
				}
				story, err := journal.Story(s.ctx, tx, es[i].Act.ID)
				if err != nil {
					return err
				}
				if es[i].Of != "" || story == nil || len(story.Events) == 0 {
					continue
				}
				if u, ok := circ.CommandValue(es[i].Act.Command).(circ.Undo); ok {
					undone[u.Entry] = true
					continue
				}
				found = append(found, doneEntry{es[i], story})
			}
			to = from
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]Past, 0, len(found))
	for i, d := range found {
		out = append(out, Past{
			N: i + 1, Entry: d.e.Act.ID, At: d.e.Act.At, Word: wordOf(d.story.Events),
			Text: s.told(d), Undone: undone[d.e.Act.ID], about: s.whatOf(d.e.Act.Command),
		})
	}
	return out, nil
}

// told says what an entry was: what was done, where its word does not say that, with
// how much money, on what, and for whom.
func (s *Session) told(d doneEntry) string {
	w, cmd := s.c.Words, d.e.Act.Command
	did, what := w.Command(cmd.Name()), s.whatOf(cmd)
	if what == did {
		what = ""
	}
	switch wordOf(d.story.Events) {
	case WordOut, WordRenewed, WordUsed, WordIn, WordTransit, WordHold:
		did = ""
	}
	sum := moneyOf(d.story.Events)
	if k, ok := circ.CommandValue(cmd).(circ.Charge); ok {
		sum = k.Amount
	}
	who := s.who(s.names(), circ.Concerned(d.e.Act, d.story.Events))
	money := ""
	if sum.Minor != 0 {
		money = w.Money(abs(sum))
	}
	return w.List(did, money, what, who)
}

// wordOf gives the word for what events did.
func wordOf(es []circ.Event) Word {
	word := WordDone
	for _, e := range es {
		switch e := circ.Value(e).(type) {
		case circ.CheckedOut:
			return WordOut
		case circ.Renewed:
			return WordRenewed
		case circ.Paid:
			return WordPaid
		case circ.Registered:
			return WordPatron
		case circ.Used:
			word = WordUsed
		case circ.Seen:
			if word == WordDone {
				word = WordIn
			}
			if e.Transit != "" {
				word = WordTransit
			}
		case circ.Trapped:
			if e.Stage == circ.OnShelf {
				word = WordHold
			}
		}
	}
	return word
}
