package scanner

import (
	"slices"
	"time"
)

// RepeatWithin is how soon after itself a code is the same scan, not a new one. A person
// needs longer to take a label away and show it again.
const RepeatWithin = 400 * time.Millisecond

// mostSeen is how many codes are remembered: more than a reader reads within the time.
const mostSeen = 64

// Repeats tells what a presentation scanner reads again because the label still lies
// before it. A code is read again when the same device read the same text in the same
// symbology less than Within before, be it as a scan or again; other codes between
// do not matter, for two labels on one book are read in turns. So a label that stays is
// one scan however long it stays.
//
// It is for devices that are read as such, each with its own. What is typed or pasted
// twice is meant twice: a list may name a number twice, and takes no time.
//
// The zero Repeats is ready. It must not be used by several goroutines at once.
type Repeats struct {
	Within time.Duration // 0: [RepeatWithin]; less: nothing is read again

	seen []Scan // the last time of each code, the newest last
}

// Again reports whether a scan is one of those before, read again. It goes by
// [Scan.At]: a scan that is earlier than the one before it is a new one.
func (r *Repeats) Again(s Scan) bool {
	within := r.Within
	if within == 0 {
		within = RepeatWithin
	}
	r.seen = slices.DeleteFunc(r.seen, func(before Scan) bool {
		since := s.At.Sub(before.At)
		return since < 0 || since >= within
	})
	at := slices.IndexFunc(r.seen, func(before Scan) bool {
		return before.Text == s.Text && before.Symbology == s.Symbology && before.Source == s.Source
	})
	if at >= 0 {
		r.seen = slices.Delete(r.seen, at, at+1)
	} else if len(r.seen) == mostSeen {
		r.seen = slices.Delete(r.seen, 0, 1)
	}
	r.seen = append(r.seen, s)
	return at >= 0
}

// Once hands on what is not read again: device.Run(ctx, repeats.Once(give)).
func (r *Repeats) Once(give func(Scan)) func(Scan) {
	return func(s Scan) {
		if !r.Again(s) {
			give(s)
		}
	}
}
