package policy

import "time"

// lastInstant is the latest time that RFC 3339, and so the journal, can write.
var lastInstant = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC)

// Due reckons when something lent at an instant at a library is due, and says
// how.
//
//  1. Add the period: minutes and hours to the instant, days and longer to the
//     library's local day. A month that lacks the day gives its last one.
//  2. Day loans end with the local day, at 23:59:59 as a rule: exactly one
//     second before the next local day begins for good.
//  3. Day loans that fall on a closed day move as the library says (keep,
//     next_open, previous_open), searching at most 400 days.
//  4. Caps, in the order given, only shorten. A day loan cut to a closed day
//     goes back to the end of the open day before, unless the library keeps
//     dates; nothing ever rolls forward again.
//  5. The due date is never before at, and not after the year 9999.
//
// The answer is in UTC. An unknown library is one in the set's zone, without a
// calendar. A period beyond its bounds counts as the bound.
func (s *Set) Due(at time.Time, lib LibraryID, p Period, caps ...Cap) (due time.Time, trace []Step) {
	l := s.library(lib)
	r := reckoning{at: at, due: at, rule: l.closed, cal: l.calendar, loc: l.loc, trace: make([]Step, 0, 5)}
	r.add(p.bounded())
	for _, c := range caps {
		r.cap(c)
	}
	r.clamp()
	return r.due.UTC(), r.trace
}

// A reckoning is a due date on its way.
type reckoning struct {
	at, due time.Time
	byDay   bool // a day loan: it ends with a local day
	rule    Closed
	cal     *calendar
	loc     *time.Location
	trace   []Step
}

func (r *reckoning) note(s Step) {
	s.At = r.due.UTC()
	r.trace = append(r.trace, s)
}

func (r *reckoning) add(p Period) {
	switch p.Unit {
	case Minutes:
		r.due = r.at.Add(time.Duration(p.N) * time.Minute)
		r.note(Step{Code: StepLent, N: p.N, Unit: p.Unit})
		return
	case Hours:
		r.due = r.at.Add(time.Duration(p.N) * time.Hour)
		r.note(Step{Code: StepLent, N: p.N, Unit: p.Unit})
		return
	}
	r.byDay = true
	d := dayIn(r.at, r.loc).add(p)
	r.due = d.end(r.loc)
	if _, known := p.Unit.most(); known {
		r.note(Step{Code: StepLent, N: p.N, Unit: p.Unit})
	} else {
		r.note(Step{Code: StepUnknownUnit, Unit: p.Unit})
	}
	if r.rule == Keep || r.cal.open(d) {
		return
	}
	r.note(Step{Code: StepClosed, Row: r.cal.on(d).why})
	if r.rule == PreviousOpen {
		r.back(d)
		return
	}
	open, ok := r.cal.nearest(d, 1, search)
	if !ok {
		r.note(Step{Code: StepNoOpenDay, N: search})
		return
	}
	r.due = open.end(r.loc)
	r.note(Step{Code: StepNextOpen, N: int(open - d)})
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
	d := dayIn(r.due, r.loc)
	if !r.byDay || r.rule == Keep || r.cal.open(d) || r.due.Before(r.at) {
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
