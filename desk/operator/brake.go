package operator

import (
	"fmt"
	"time"
)

// How a name is slowed down.
const (
	freeTries = 5               // wrong PINs in a row that cost no wait
	firstWait = 5 * time.Second // after the fifth; doubled with every further one
	longest   = 5 * time.Minute
	forget    = time.Hour // without a try, a name starts anew
	maxNames  = 4096      // names remembered; beyond it the one tried longest ago goes
)

// Wait is the error for a name that was tried too often: its PIN was not looked
// at.
type Wait struct {
	For time.Duration // until the next try counts
}

func (w *Wait) Error() string {
	return fmt.Sprintf("too many wrong PINs: wait %s", w.For.Round(time.Second))
}

// brake counts the wrong PINs of every name, of those that do not exist too.
type brake struct {
	names map[string]tries
}

type tries struct {
	wrong int
	last  time.Time
}

// wait returns how long the tries so far keep the name waiting.
func (t tries) wait() time.Duration {
	wait := firstWait
	for range t.wrong - freeTries {
		if wait *= 2; wait >= longest {
			return longest
		}
	}
	return wait
}

// try counts a try as wrong before its PIN is looked at, so that tries at the
// same time do not slip through; right takes it back. It returns the wait, 0: go
// on. A try while waiting counts nothing. A clock that went back waits no longer
// than the wait itself.
func (b *brake) try(name string, now time.Time) time.Duration {
	t := b.names[name]
	since := now.Sub(t.last)
	if since > forget {
		t = tries{}
	}
	if t.wrong >= freeTries {
		if wait := t.wait(); since < wait {
			return min(wait, wait-since)
		}
	}
	if b.names == nil {
		b.names = make(map[string]tries)
	}
	if _, known := b.names[name]; !known && len(b.names) >= maxNames {
		b.drop()
	}
	b.names[name] = tries{t.wrong + 1, now}
	return 0
}

// right forgets the wrong tries of a name.
func (b *brake) right(name string) { delete(b.names, name) }

// drop forgets the name that was tried longest ago.
func (b *brake) drop() {
	oldest, found := "", false
	for name, t := range b.names {
		if !found || t.last.Before(b.names[oldest].last) {
			oldest, found = name, true
		}
	}
	delete(b.names, oldest)
}
