package policy

import (
	"slices"
	"strings"
	"time"
)

// Charged says which intervals a fee for being late counts. It stands in the
// library's file: never renamed.
type Charged string

// The ways.
const (
	Begun     Charged = "begun"     // each that has begun
	Completed Charged = "completed" // only those that are over
)

// Late is a loan that came back, or would come back, after it was due.
type Late struct {
	Due, Back time.Time
	Price     int64 // of the item, minor units; 0: as the terms say
	Recalled  bool  // a recall made it due then
}

// longestLate bounds what is charged for, as periods are bounded: a hundred
// years, in days.
const longestLate = 100 * 366

// Fine reckons what being late costs, in minor units, and says how. It is never
// negative, never more with an earlier return, and never more than a billion
// minor units, so that no sum of fees overflows. What is not late, or costs
// nothing, has no trace.
//
//  1. Days and weeks count the library's local days after the one on which it was
//     due, so what was due on Monday and comes back on Tuesday is a day late,
//     whatever the hour. Minutes and hours count time. Closed days and closed time
//     are left out, unless the terms say otherwise; a library without opening hours
//     is never closed. Days of an amnesty are left out always. A week is seven days
//     that count.
//  2. Within the grace nothing is charged. Once it has passed, all is, from the due
//     date on (FOLIO's overdue fine policies). Grace of days, weeks and months counts
//     days in the same way, of minutes and hours time; months count closed days too.
//  3. Each interval that has begun is charged (Evergreen, FOLIO), or each that is
//     over (Koha's chargeperiod_charge_at). A loan due within an open day has then
//     begun the first day as soon as it is late.
//  4. What comes back on a day of an amnesty that lets off returns costs nothing.
//  5. What a recall made due is charged at its own rate where the terms have one, and
//     has no grace where they say so.
//  6. Never more than the most for one item, nor than the price of the item where
//     the terms say so. A price that nobody knows limits nothing.
//
// The terms and the library are those that the due date was reckoned by. A second
// begun is no time: what comes back within the second in which it is due is not late.
func (s *Set) Fine(lib LibraryID, t Terms, l Late) (minor int64, trace []Step) {
	return s.fine(lib, &t, l, false)
}

// Forecast is the sum of [Set.Fine], for who does not ask how: of a thousand loans the
// steps cost more than the sums.
func (s *Set) Forecast(lib LibraryID, t *Terms, l Late) (minor int64) {
	minor, _ = s.fine(lib, t, l, true)
	return minor
}

func (s *Set) fine(lib LibraryID, t *Terms, l Late, silent bool) (minor int64, trace []Step) {
	due, back := l.Due.Unix(), l.Back.Unix()
	rate, of := t.rate(l)
	if rate <= 0 || t.FineEvery.N <= 0 || l.Due.IsZero() || back <= due {
		return 0, nil
	}
	r := s.overdue(lib, t, l)
	r.silent = silent
	for _, n := range []number{of, fineEvery} {
		if t.from != nil {
			r.note(t.step(n))
		}
	}
	late, whole := r.count(t.FineEvery.Unit)
	r.say(late, t.FineEvery.Unit, l.Back)
	if a, off := s.letsOff(lib, dayIn(l.Back, r.loc)); off {
		r.note(Step{Code: StepAmnesty, Row: a.name})
		return 0, r.trace
	}
	if r.inGrace(t.grace(l)) {
		r.note(Step{Code: StepInGrace, N: t.FineGrace.N, Unit: t.FineGrace.Unit})
		return 0, r.trace
	}
	r.most(l.Price)
	return r.charge(rate, r.intervals(late, whole)), r.trace
}

// rate gives what each interval costs, and the number that says so.
func (t *Terms) rate(l Late) (int64, number) {
	if l.Recalled && t.RecallFine >= 0 {
		return t.RecallFine, recallFine
	}
	return t.Fine, fine
}

// grace gives how late costs nothing.
func (t *Terms) grace(l Late) Period {
	if l.Recalled && !t.RecallGrace {
		return Period{}
	}
	return t.FineGrace
}

// overdue begins to reckon how late something is.
func (s *Set) overdue(lib LibraryID, t *Terms, l Late) overdue {
	on := s.library(lib)
	due := l.Due.Unix()
	r := overdue{due: due, back: min(l.Back.Unix(), due+longestLate*secondsADay), loc: on.loc, cal: on.calendar, free: s.freeDays(lib), terms: *t}
	if t.FineClosed {
		r.cal = nil
	}
	return r
}

// overdue is a fee on its way. Instants are seconds since 1970 UTC.
type overdue struct {
	due, back int64
	loc       *time.Location
	cal       *calendar // nil: no time is left out for it
	free      []amnesty // days that are left out for them, in order
	terms     Terms
	caps      [3]Step // what limits the fee, with the amount as N; without a code: nothing
	trace     []Step
	silent    bool // nobody asks for the trace
}

// fewSteps is as many as most fees have.
const fewSteps = 8

func (r *overdue) note(s Step) {
	if r.silent {
		return
	}
	if r.trace == nil {
		r.trace = make([]Step, 0, fewSteps)
	}
	r.trace = append(r.trace, s)
}

// A lateness is how late something is, in days or in seconds: what counts, what
// was left out since the library was closed, and what an amnesty left out.
type lateness struct{ counts, closed, free int64 }

// most finds what limits the fee.
func (r *overdue) most(price int64) {
	if r.terms.MaxFine >= 0 {
		r.caps[0] = Step{Code: StepFineMost, N: int(r.terms.MaxFine)}
	}
	if price <= 0 {
		price = r.terms.Price
	}
	if r.terms.FinePrice && price >= 0 {
		r.caps[1] = Step{Code: StepFineToPrice, N: int(min(price, mostMinor))}
	}
	r.caps[2] = Step{Code: StepFineBound, N: mostMinor}
}

// count says how late it is in the unit of the interval. whole: the first day
// counts as begun, though no day after it has.
func (r *overdue) count(u Unit) (late lateness, begun bool) {
	if u == Minutes || u == Hours {
		return r.time(), false
	}
	from := dayIn(time.Unix(r.due, 0), r.loc)
	within := r.due < from.end(r.loc).Unix()
	return r.days(from), within && r.cal.open(from) && !r.isFree(from)
}

// days counts the local days after the one on which it was due.
func (r *overdue) days(from day) (late lateness) {
	for d, last := from+1, r.backOn(); d <= last; d++ {
		switch {
		case r.isFree(d):
			late.free++
		case r.cal.open(d):
			late.counts++
		default:
			late.closed++
		}
	}
	return late
}

// isFree reports whether a day is left out by an amnesty.
func (r *overdue) isFree(d day) bool {
	return slices.ContainsFunc(r.free, func(a amnesty) bool { return a.from <= d && d <= a.to })
}

// backOn gives the local day of the return. A day that clocks begin twice has not
// begun before the one before it has ended for good.
func (r *overdue) backOn() day {
	d := dayIn(time.Unix(r.back, 0), r.loc)
	for r.back <= (d - 1).end(r.loc).Unix() {
		d--
	}
	return d
}

// time counts seconds.
func (r *overdue) time() (late lateness) {
	whole := opening{r.due, r.back}
	late.free = r.freeIn(whole)
	late.counts = r.back - r.due - late.free
	if r.cal == nil {
		return late
	}
	var open int64
	first := dayIn(time.Unix(r.due, 0), r.loc) - 2
	for o := range r.cal.openings(first, int(r.backOn()-first)+2, r.loc) {
		if o.from >= r.back {
			break
		}
		o = opening{max(o.from, r.due), min(o.to, r.back)}
		open += max(0, o.to-o.from) - r.freeIn(o)
	}
	late.closed = late.counts - open
	late.counts = open
	return late
}

// freeIn gives how much of a time an amnesty leaves out.
func (r *overdue) freeIn(o opening) (seconds int64) {
	for _, a := range r.free {
		from, to := a.from.start(r.loc).Unix(), (a.to + 1).start(r.loc).Unix()
		seconds += max(0, min(to, o.to)-max(from, o.from))
	}
	return seconds
}

// say tells how late it is, and what of that does not count.
func (r *overdue) say(l lateness, u Unit, back time.Time) {
	per, unit := int64(1), Days
	if u == Minutes || u == Hours {
		per, unit = 60, Minutes
	}
	r.note(Step{Code: StepLate, N: int((l.counts + l.closed + l.free) / per), Unit: unit, At: back.UTC()})
	if n := l.closed / per; n > 0 {
		r.note(Step{Code: StepClosedTime, N: int(n), Unit: unit})
	}
	if n := l.free / per; n > 0 {
		r.note(Step{Code: StepLetOff, N: int(n), Unit: unit, Row: r.freed()})
	}
}

// freed names the amnesties whose days are left out.
func (r *overdue) freed() string {
	var names []string
	for _, a := range r.free {
		if a.from.start(r.loc).Unix() <= r.back && (a.to+1).start(r.loc).Unix() > r.due {
			names = append(names, a.name)
		}
	}
	return strings.Join(names, ", ")
}

// inGrace reports whether so late costs nothing.
func (r *overdue) inGrace(g Period) bool {
	g = g.bounded()
	if g.N == 0 {
		return false
	}
	from := dayIn(time.Unix(r.due, 0), r.loc)
	switch g.Unit {
	case Minutes:
		return r.time().counts <= int64(g.N)*60
	case Hours:
		return r.time().counts <= int64(g.N)*3600
	case Months:
		return r.backOn() <= from.addMonths(g.N)
	case Weeks:
		g.N *= 7
	}
	return r.days(from).counts <= int64(g.N)
}

// intervals says how many are charged.
func (r *overdue) intervals(l lateness, begun bool) int64 {
	every := int64(r.terms.FineEvery.N)
	switch r.terms.FineEvery.Unit {
	case Minutes:
		every *= 60
	case Hours:
		every *= 3600
	case Weeks:
		every *= 7
	}
	if r.terms.FineCharged == Completed {
		return l.counts / every
	}
	n := (l.counts + every - 1) / every
	if begun {
		n = max(n, 1)
	}
	return n
}

// charge gives what so many intervals cost, and no more than anything allows.
func (r *overdue) charge(rate, n int64) int64 {
	r.note(Step{Code: StepIntervals, N: int(n)})
	// A fee of a row is at most a billion, and there are fewer than four billion
	// seconds in a hundred years; terms that nobody read may say more.
	sum := min(rate, mostMinor) * n
	r.note(Step{Code: StepFineSum, N: int(min(sum, mostMinor))})
	for _, c := range r.caps {
		if c.Code != "" && sum > int64(c.N) {
			sum = int64(c.N)
			r.note(c)
		}
	}
	return sum
}
