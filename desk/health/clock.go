package health

import "time"

// OfClock is the question whether the machine's clock is right.
const OfClock Name = "clock"

// What it says.
const (
	ClockRight   Code = "clock_right"
	ClockUnknown Code = "clock_unknown"
	ClockBehind  Code = "clock_behind"
	ClockAhead   Code = "clock_ahead"
)

// MostOff is how far the clock may be off: a start without a line has no other.
const MostOff = 2 * time.Minute

// Clock says whether the machine's clock goes as the central system's does.
func Clock(f Facts) Answer {
	switch {
	case f.Alone:
		return yes(OfClock, ClockRight)
	case !f.Clock.Known:
		return yes(OfClock, ClockUnknown)
	case f.Clock.By.Abs() <= MostOff:
		return yes(OfClock, ClockRight)
	}
	a := no(OfClock, ClockBehind)
	if f.Clock.By < 0 {
		a = no(OfClock, ClockAhead)
	}
	a.N = int(f.Clock.By.Abs().Round(time.Second) / time.Second)
	return a
}
