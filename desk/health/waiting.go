package health

import "time"

// OfWaiting is the question whether what was done is delivered.
const OfWaiting Name = "waiting"

// What it says.
const (
	WaitingNothing Code = "waiting_nothing"
	WaitingSome    Code = "waiting_some"
	WaitingLong    Code = "waiting_long"
)

// How long entries may wait: with a line they are on their way, without one a library
// gets them home within days.
const (
	MostWaitUp   = 10 * time.Minute
	MostWaitDown = 72 * time.Hour
)

// Waiting says whether what was done is at the central system, or waits for too long.
func Waiting(f Facts) Answer {
	if f.Waiting == 0 {
		return yes(OfWaiting, WaitingNothing)
	}
	most := MostWaitDown
	if f.Up {
		most = MostWaitUp
	}
	a := yes(OfWaiting, WaitingSome)
	if !f.Oldest.IsZero() && f.Now.Sub(f.Oldest) > most {
		a = no(OfWaiting, WaitingLong)
	}
	a.N, a.At = f.Waiting, f.Oldest
	return a
}
