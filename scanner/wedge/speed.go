package wedge

import (
	"slices"
	"time"
)

// Speed is how fast the characters of a text came. It is a hint, for a badge or a
// sound: it never decides what a scan contains.
type Speed struct {
	Characters int
	Median     time.Duration // from one character to the next; half of them are faster
	Longest    time.Duration
}

// What a scanner is likely to need from one character to the next.
const (
	scannedMedian  = 35 * time.Millisecond
	scannedLongest = 120 * time.Millisecond
	remoteLongest  = 250 * time.Millisecond // over a line
	scannedFewest  = 6                      // characters
)

// NewSpeed reckons the speed of a text from when its characters came, in order.
// Characters that came together have the same time.
func NewSpeed(times []time.Time) Speed {
	s := Speed{Characters: len(times)}
	if len(times) < 2 {
		return s
	}
	gaps := make([]time.Duration, 0, len(times)-1)
	for i := 1; i < len(times); i++ {
		gaps = append(gaps, max(times[i].Sub(times[i-1]), 0))
	}
	slices.Sort(gaps)
	s.Median, s.Longest = gaps[len(gaps)/2], gaps[len(gaps)-1]
	return s
}

// Scanned reports whether a scanner is likelier than a person. Over a line to
// another machine single characters may be late.
func (s Speed) Scanned(remote bool) bool {
	longest := scannedLongest
	if remote {
		longest = remoteLongest
	}
	return s.Characters >= scannedFewest && s.Median <= scannedMedian && s.Longest <= longest
}
