package local

import "time"

// clockSlack is how far the desk's clock may be off before it is set right.
const clockSlack = 250 * time.Millisecond

// Now gives the time by the desk's clock and its offset. The entries of all
// desks are ordered by it.
func (d *Desk) Now() time.Time { return d.Config.Now().Add(time.Duration(d.offset.Load())) }

// SetClock sets the offset by the central system's clock, which showed central
// within the last took. A difference that may come of the way there changes
// nothing, nor does a zero time.
func (d *Desk) SetClock(central time.Time, took time.Duration) {
	ahead := central.Add(took / 2).Sub(d.Now())
	if !central.IsZero() && ahead.Abs() > took/2+clockSlack {
		d.offset.Add(int64(ahead))
	}
}
