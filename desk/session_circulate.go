package desk

import (
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
	"circdesk/desk/words"
)

// checkOut lends an item to the open visit.
func (s *Session) checkOut(j *job, f found) {
	v, ok := s.here(j)
	if !ok {
		return
	}
	j.visit = v
	p := s.short(v.panel.Patron)
	cmd := circ.CheckOut{Patron: v.patron}
	cmd.Item, cmd.Barcode = named(f)
	s.perform(&order{
		job: j, cmd: cmd, item: s.itemOf(f), title: clean(f.title.Title), patron: &p, tell: warnings(f), done: lent,
	})
}

// named names an item: by its id where it is known, else by what was scanned.
func named(f found) (circ.ItemID, string) {
	if f.item != nil {
		return f.item.ID, f.item.Barcode
	}
	return "", f.label.Code
}

// lent fills in what a check-out or a renewal did.
func lent(o *Outcome, _ circ.Decision, es []circ.Event) {
	o.Word = WordOut
	for _, e := range es {
		switch e := circ.Value(e).(type) {
		case circ.CheckedOut:
			o.Word, o.Due = WordOut, e.Due
		case circ.Renewed:
			o.Word, o.Due = WordRenewed, e.Due
		}
	}
}

// back fills in what a check-in did: the word is the place the item goes to.
func back(o *Outcome, d circ.Decision, _ []circ.Event) {
	o.Word = WordIn
	if d.Route == nil {
		return
	}
	switch d.Route.Kind {
	case circ.ToHoldShelf:
		o.Word = WordHold
	case circ.ToTransit, circ.ToDesk:
		o.Word = WordTransit
	case circ.ToStaff:
		o.Word = WordStaff
	}
}

// checkIn takes back as of a date.
func (s *Session) checkIn(j *job, in CheckIn) {
	if f, ok := s.itemScanned(j, in.Text); ok {
		s.takeBack(j, f, in.Date)
	}
}

// itemScanned finds the item of a command that needs one. A job that names no
// code, or an ISBN, ends.
func (s *Session) itemScanned(j *job, scan string) (found, bool) {
	if !s.signedIn(j) {
		j.shows(scan)
		return found{}, false
	}
	code, ok := s.code(j, scan)
	if !ok {
		return found{}, false
	}
	f, err := s.resolve(code)
	if err == nil {
		f = s.lookedUp(f, code)
	}
	switch {
	case err != nil:
		s.failed(j, err)
	case f.item == nil && f.titles != nil:
		s.isbn(j, f)
	default:
		return f, true
	}
	return found{}, false
}

// takeBack takes an item back; a zero date is now.
func (s *Session) takeBack(j *job, f found, date time.Time) {
	cmd := circ.CheckIn{Date: date}
	cmd.Item, cmd.Barcode = named(f)
	s.perform(&order{job: j, cmd: cmd, item: s.itemOf(f), title: clean(f.title.Title), tell: warnings(f), done: back})
	if s.drop != nil {
		s.keepDrop()
	}
}

// toldCard tells whose card was among the items that are taken back.
func (s *Session) toldCard(j *job, f found, p Patron) {
	s.finish(j, Outcome{
		Word: WordCard, Patron: &p, Tell: s.said(warnings(f)),
		Text: s.c.Words.Text(words.OutcomeCard, "name", p.Name),
	})
}

// drop is bookdrop mode.
type drop struct {
	Drop
	stop func()
}

// goTo goes to a place.
func (s *Session) goTo(j *job, to Place) {
	switch to {
	case AtCheckOut, AtCheckIn, AtPatron, AtHolds, AtItems, AtSync:
	default:
		s.refuse(j, NothingTyped, "")
		return
	}
	if s.place == AtCheckIn && to != AtCheckIn && s.drop != nil {
		s.endDrop()
		s.notice(BookdropEnd, "")
	}
	s.inhouse = s.inhouse && to == AtCheckIn
	s.place, s.returner = to, returner{}
	s.finish(j, Outcome{Word: WordMode, Text: s.c.Words.Text(words.OutcomePlace, "place", s.c.Words.Place(string(to)))})
}

// bookdrop begins or ends bookdrop mode.
func (s *Session) bookdrop(j *job, in Bookdrop) {
	w := s.c.Words
	if !in.On {
		s.endDrop()
		s.finish(j, Outcome{Word: WordMode, Text: w.Text(words.OutcomeBookdropOff)})
		return
	}
	if !s.may(j, circ.RightCirculate) {
		return
	}
	rules, now := s.c.Desk.Policy(), s.now()
	date := in.Date
	if date.IsZero() {
		date = lastClose(rules, s.c.Desk.Library, now)
	}
	if date.After(now) {
		s.stop(j, Outcome{}, circ.Remark{Reason: circ.FutureDate, When: date})
		return
	}
	s.endDrop()
	s.place, s.inhouse = AtCheckIn, false
	s.drop = &drop{Drop: Drop{Date: date.UTC()}}
	s.keepDrop()
	n := s.names()
	s.finish(j, Outcome{Word: WordMode, Text: w.Text(words.OutcomeBookdropOn, "date", w.When(date, n), "ends", w.When(s.drop.Ends, n))})
}

// lastClose gives the end of the last opening; where none is known, of the day
// before.
func lastClose(rules *policy.Set, lib policy.LibraryID, now time.Time) time.Time {
	if at, ok := rules.LastClose(lib, now); ok {
		return at
	}
	return rules.DayStart(lib, now).Add(-time.Second)
}

// dropDate gives the date as of which items are taken back; zero: now.
func (s *Session) dropDate() time.Time {
	if s.drop == nil {
		return time.Time{}
	}
	return s.drop.Date
}

// keepDrop begins the wait for the end of bookdrop mode anew: it ends without a
// scan, or with the local day.
func (s *Session) keepDrop() {
	d, rules, now := s.drop, s.c.Desk.Policy(), s.now()
	if d.stop != nil {
		d.stop()
	}
	d.Ends = now.Add(rules.BookdropEnds())
	if midnight := rules.DayEnd(s.c.Desk.Library, now).Add(time.Second); midnight.Before(d.Ends) {
		d.Ends = midnight
	}
	d.stop = s.after(d.Ends.Sub(now), func() {
		if s.drop == d {
			s.endDrop()
			s.notice(BookdropEnd, "")
		}
	})
}

func (s *Session) endDrop() {
	if s.drop != nil && s.drop.stop != nil {
		s.drop.stop()
	}
	s.drop = nil
}
