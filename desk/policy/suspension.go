package policy

import "time"

// Suspension keeps a person who was late from borrowing for a while, instead of
// money or beside it.
type Suspension struct {
	Days  int    // for each interval late; 0: nobody is suspended
	Every Period // the interval: days or weeks
	Most  int    // days; below zero: no limit
}

// longestSuspension bounds it, as periods are bounded: ten years.
const longestSuspension = 3660

// Suspended gives the last second of a suspension, which begins with the day on
// which the item came back; zero: nobody is suspended. Days late count as for
// [Set.Fine], with the same grace and amnesties, and in proportion: 7 days for each
// 15 make 170 days of 365 (Koha's maxsuspensiondays.t). amnesty names what lets off
// the return; empty: nothing does, or nobody would be suspended.
func (s *Set) Suspended(lib LibraryID, t Terms, l Late) (until time.Time, amnesty string) {
	if t.Suspend.Days <= 0 || t.Suspend.Every.N <= 0 || l.Due.IsZero() || l.Back.Unix() <= l.Due.Unix() {
		return time.Time{}, ""
	}
	r := s.overdue(lib, &t, l)
	if r.inGrace(t.grace(l)) {
		return time.Time{}, ""
	}
	every := int64(t.Suspend.Every.bounded().N)
	if t.Suspend.Every.Unit == Weeks {
		every *= 7
	}
	n := r.days(dayIn(l.Due, r.loc)).counts * int64(min(t.Suspend.Days, longestSuspension)) / every
	if t.Suspend.Most >= 0 {
		n = min(n, int64(t.Suspend.Most))
	}
	if n = min(n, longestSuspension); n == 0 {
		return time.Time{}, ""
	}
	if a, off := s.letsOff(lib, dayIn(l.Back, r.loc)); off {
		return time.Time{}, a.name
	}
	return (dayIn(l.Back, r.loc) + day(n)).end(r.loc), ""
}
