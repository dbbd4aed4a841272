package local

import "time"

// clockSlack is how far the desk's clock may be off before it is set right.
const clockSlack = 250 * time.Millisecond

// Now gives the time by the desk's clock and its offset. The entries of all
// desks are ordered by it.
func (d *Desk) Now() time.Time { return d.Config.Now().Add(time.Duration(d.offset.Load())) }

// Offset is how far the machine's clock is behind the central system's, as far as the
// desk knows.
func (d *Desk) Offset() time.Duration { return time.Duration(d.offset.Load()) }

// farAhead is how far the newest entry may be ahead of a clock that was set right
// and still hold the next ones back: with less, the order is worth more.
const farAhead = 30 * time.Minute

// SetClock sets the offset by the central system's clock, which showed central
// within the last took. A difference that may come of the way there changes
// nothing, nor does a zero time. Entries of a clock that was far ahead hold later
// ones back no longer: those are of the time that is.
func (d *Desk) SetClock(central time.Time, took time.Duration) {
	if central.IsZero() {
		return
	}
	ahead := central.Add(took / 2).Sub(d.Now())
	if ahead.Abs() > took/2+clockSlack {
		d.offset.Add(int64(ahead))
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if now := d.Now(); d.last.Sub(now) > farAhead {
		d.last = now
	}
}
