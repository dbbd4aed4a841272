package health

import (
	"cmp"
	"time"

	"circdesk/desk/central"
)

// OfSpares is the question whether the other desks could stand in.
const OfSpares Name = "spares"

// What it says.
const (
	SparesLapse Code = "spares_lapse"
	SparesSome  Code = "spares_some"
	SparesNone  Code = "spares_none"
)

// Spares says whether the enrolment of another desk is over, or nearly so: one that lies
// in a drawer is not heard of. It names the first.
func Spares(f Facts) Answer {
	n := 0
	for _, d := range f.Spares {
		if d.Standing == central.Revoked || d.Desk == f.Desk {
			continue
		}
		n++
		left, ends := Left(d, f.Now)
		if d.Standing == central.Lapsed || ends && left < LeastDays {
			a := no(OfSpares, SparesLapse)
			a.Text, a.N, a.At = cmp.Or(d.Name, string(d.Desk)), left, d.Ends
			return a
		}
	}
	a := yes(OfSpares, SparesSome)
	if n == 0 {
		a = yes(OfSpares, SparesNone)
	}
	a.N = n
	return a
}

// Left says for how many whole days the enrolment of a desk lasts, if it ends at all.
func Left(d central.DeskState, now time.Time) (days int, ends bool) {
	if d.Ends.IsZero() || d.Standing == central.Open {
		return 0, false
	}
	return max(int(d.Ends.Sub(now).Hours()/24), 0), true
}
