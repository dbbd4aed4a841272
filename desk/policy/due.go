package policy

import (
	"cmp"
	"time"
)

// lastInstant is the latest time that RFC 3339, and so the journal, can write.
var lastInstant = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

// Lending is what the terms say of how long something is lent. The zero Lending
// is for no time at all.
type Lending struct {
	Period      Period
	Schedule    string        // of [EndOfTerm]
	DueBy       string        // a schedule whose date for the term is a cap; "": none
	ClosedDays  Closed        // "": as the library says
	ClosedHours ClosedHours   // "": as the library says
	Overnight   time.Duration // lent so long before it closes, or less, a loan of minutes or hours goes overnight; 0: none does
	Morning     time.Duration // when it is due then, after the next opening
}

// Due reckons when something lent at an instant at a library is due, and says
// how. A zero time means that it cannot be lent: its schedule has no term that
// holds the day.
//
//  1. Add the period: minutes and hours to the instant, days and longer to the
//     library's local day. A month that lacks the day gives its last one. The end
//     of hours is the closing after the instant, the end of term the schedule's
//     date. With open days only, days and weeks count no closed day.
//  2. Day loans end with the local day, at 23:59:59 as a rule: exactly one
//     second before the next local day begins for good.
//  3. Day loans that fall on a closed day move as [Closed] says, searching at
//     most 400 days. The date of a term only moves back.
//  4. Loans of minutes and hours that are lent shortly before closing go overnight
//     where the terms say so; else those that fall into closed hours move as
//     [ClosedHours] says.
//  5. Caps only shorten: the schedule's that the terms name, then those given, in
//     their order. A day loan cut to a closed day goes back to the end of the open
//     day before, unless dates are kept; nothing ever rolls forward again.
//  6. The due date is never before at, and not after the year 9999.
//
// The answer is in UTC. An unknown library is one in the set's zone, without a
// calendar. A period beyond its bounds counts as the bound. A day between the
// terms of a schedule gives no date: FOLIO refuses such a loan too, where a
// default would be a date that nobody set (its loan policies' "loan date falls
// outside of the date ranges").
func (s *Set) Due(at time.Time, lib LibraryID, lent Lending, caps ...Cap) (due time.Time, trace []Step) {
	l := s.library(lib)
	r := reckoning{at: at, due: at, lent: lent, rule: l.closed, hours: l.closedHours, cal: l.calendar, loc: l.loc, trace: make([]Step, 0, 5)}
	if lent.ClosedDays != "" {
		r.rule = lent.ClosedDays
	}
	if lent.ClosedHours != "" {
		r.hours = lent.ClosedHours
	}
	if !r.begin(lent.Period.bounded(), s.schedules[lent.Schedule]) || !r.capByTerm(s.schedules[lent.DueBy]) {
		return time.Time{}, r.trace
	}
	for _, c := range caps {
		r.cap(c)
	}
	r.clamp()
	return r.due.UTC(), r.trace
}

// A reckoning is a due date on its way.
type reckoning struct {
	at, due time.Time
	lent    Lending
	byDay   bool // a day loan: it ends with a local day
	rule    Closed
	hours   ClosedHours
	cal     *calendar
	loc     *time.Location
	trace   []Step
}

func (r *reckoning) note(s Step) {
	s.At = r.due.UTC()
	r.trace = append(r.trace, s)
}

// begin reckons what the period alone gives, with closed days and hours. False:
// there is no date.
func (r *reckoning) begin(p Period, of *schedule) bool {
	switch p.Unit {
	case Minutes:
		r.due = r.at.Add(time.Duration(p.N) * time.Minute)
	case Hours:
		r.due = r.at.Add(time.Duration(p.N) * time.Hour)
	case EndOfOpening:
		r.untilClosing()
		return true
	case EndOfTerm:
		return r.untilTerm(of)
	default:
		r.addDays(p)
		return true
	}
	r.note(Step{Code: StepLent, N: p.N, Unit: p.Unit})
	if !r.overnight() {
		r.keepHours()
	}
	return true
}

// addDays goes on by days or longer, and over closed days.
func (r *reckoning) addDays(p Period) {
	r.byDay = true
	from := dayIn(r.at, r.loc)
	d := from.add(p)
	r.due = d.end(r.loc)
	if _, known := p.Unit.most(); !known {
		r.note(Step{Code: StepUnknownUnit, Unit: p.Unit})
		r.overClosed(d, p)
		return
	}
	r.note(Step{Code: StepLent, N: p.N, Unit: p.Unit})
	if r.rule == OpenDays && r.cal != nil && p.N > 0 && p.Unit != Months {
		if open, ok := r.cal.count(from, int(d-from)); ok {
			r.due = open.end(r.loc)
			if open != d {
				r.note(Step{Code: StepOpenDays, N: int(open - d)})
			}
			return
		}
		r.note(Step{Code: StepNoOpenDay, N: search})
		return
	}
	r.overClosed(d, p)
}

// overClosed moves a due day that is closed.
func (r *reckoning) overClosed(d day, p Period) {
	if r.rule == Keep || r.cal.open(d) {
		return
	}
	r.note(Step{Code: StepClosed, Row: r.cal.on(d).why})
	if r.rule == PreviousOpen {
		r.back(d)
		return
	}
	step, code := 1, StepNextOpen
	if weeks := p.Unit == Weeks || p.Unit == Days && p.N > 0 && p.N%7 == 0; weeks && r.rule == SameWeekday && len(r.cal.usual(d.weekday()).spans) > 0 {
		step, code = 7, StepSameWeekday
	}
	open, ok := r.cal.nearest(d, step, search/step)
	if !ok {
		r.note(Step{Code: StepNoOpenDay, N: search})
		return
	}
	r.due = open.end(r.loc)
	r.note(Step{Code: code, N: int(open - d)})
}

// untilTerm gives the schedule's date of the term that holds the day.
func (r *reckoning) untilTerm(of *schedule) bool {
	t, ok := of.at(dayIn(r.at, r.loc))
	if !ok {
		r.note(Step{Code: StepNoTerm, Row: r.lent.Schedule})
		return false
	}
	r.byDay = true
	r.due = t.ends.end(r.loc)
	r.note(Step{Code: StepTerm, Row: cmp.Or(t.name, of.id)})
	r.backIfClosed()
	return true
}

// capByTerm shortens to the date of the term that holds the day.
func (r *reckoning) capByTerm(by *schedule) bool {
	if r.lent.DueBy == "" {
		return true
	}
	t, ok := by.at(dayIn(r.at, r.loc))
	if !ok {
		r.note(Step{Code: StepNoTerm, Row: r.lent.DueBy})
		return false
	}
	r.cap(Cap{At: t.ends.end(r.loc), Why: CapTerm})
	return true
}

// untilClosing is due when the library closes after the instant.
func (r *reckoning) untilClosing() {
	if r.cal != nil {
		if o, _, ok := r.cal.at(r.at.Unix(), r.loc); ok {
			r.due = time.Unix(o.to, 0)
			r.note(Step{Code: StepUntilClosing})
			r.overnight()
			return
		}
	}
	r.byDay = true // nobody knows when it closes: by the end of the day
	r.due = dayIn(r.at, r.loc).end(r.loc)
	r.note(Step{Code: StepNoHours})
}

// overnight makes what is lent shortly before closing due after the next opening.
func (r *reckoning) overnight() bool {
	if r.lent.Overnight <= 0 || r.cal == nil {
		return false
	}
	o, open, ok := r.cal.at(r.at.Unix(), r.loc)
	if !ok || !open || time.Unix(o.to, 0).Sub(r.at) > r.lent.Overnight {
		return false
	}
	next, _, ok := r.cal.at(o.to, r.loc)
	if !ok {
		return false
	}
	r.due = time.Unix(next.from, 0).Add(r.lent.Morning)
	r.note(Step{Code: StepOvernight, N: int(r.lent.Morning / time.Minute), Unit: Minutes})
	return true
}

// keepHours moves a loan of minutes or hours out of closed hours.
func (r *reckoning) keepHours() {
	if r.hours == KeepHours || r.hours == "" || !r.cal.closedAt(r.due.Unix(), r.loc) {
		return
	}
	from, code := r.at.Unix(), StepEndOfHours
	if r.hours == NextHours {
		from, code = r.due.Unix(), StepNextHours
	}
	o, _, ok := r.cal.at(from, r.loc)
	if !ok {
		r.note(Step{Code: StepNoOpenDay, N: search})
		return
	}
	r.due = time.Unix(o.to, 0)
	if r.hours == NextHours {
		r.due = time.Unix(o.from, 0)
	}
	r.note(Step{Code: code})
}

// back moves the due date from a closed day to the end of the last open one,
// but not before the day it was lent.
func (r *reckoning) back(d day) {
	most := min(search, max(0, int(d-dayIn(r.at, r.loc))))
	open, ok := r.cal.nearest(d, -1, most)
	if !ok {
		r.note(Step{Code: StepNoOpenDay, N: most})
		return
	}
	r.due = open.end(r.loc)
	r.note(Step{Code: StepPrevOpen, N: int(d - open)})
}

func (r *reckoning) cap(c Cap) {
	if !c.At.Before(r.due) {
		return
	}
	r.due = c.At
	r.note(Step{Code: StepCapped, Row: c.Why})
	if r.byDay && !r.due.Before(r.at) {
		r.backIfClosed()
	}
}

// backIfClosed moves a date that may not move forward off a closed day.
func (r *reckoning) backIfClosed() {
	d := dayIn(r.due, r.loc)
	if r.rule == Keep || r.cal.open(d) {
		return
	}
	r.note(Step{Code: StepClosed, Row: r.cal.on(d).why})
	r.back(d)
}

func (r *reckoning) clamp() {
	if r.due.After(lastInstant) {
		r.due = lastInstant
		r.note(Step{Code: StepCalendarEnd})
	}
	if r.due.Before(r.at) {
		r.due = r.at
		r.note(Step{Code: StepNotBefore})
	}
}
