package sipserver

import (
	"crypto/sha256"
	"sync"
	"time"
)

// How wrong passwords and PINs are slowed down. Nobody is locked out: after a while the
// next try counts.
const (
	freeTries  = 10              // wrong ones that cost no wait
	tryAgain   = time.Minute     // after which one more is looked at
	mostBraked = 8192            // names remembered; beyond it the one tried longest ago goes
	freeCards  = 60              // wrong PINs of all patrons at one terminal
	cardAgain  = 5 * time.Second // after which one more there is looked at
)

// brake counts wrong tries by name, and lets one more through after each interval. The
// same wrong answer said again costs nothing: there are machines that send one with every
// request. It is safe for concurrent use.
type brake struct {
	free  int
	every time.Duration

	mu    sync.Mutex // what follows
	names map[string]tries
}

type tries struct {
	spent float64 // wrong tries that count yet
	at    time.Time
	wrong [sha256.Size]byte // the last wrong answer
}

func newBrake(free int, every time.Duration) *brake {
	return &brake{free: free, every: every, names: map[string]tries{}}
}

// before reports whether an answer may be looked at; known: it was wrong before.
func (b *brake) before(name, answer string, now time.Time) (may, known bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, ok := b.names[name]
	if !ok {
		return true, false
	}
	if t.wrong == sum(name, answer) {
		return true, true
	}
	return b.left(t, now) < float64(b.free), false
}

func (b *brake) left(t tries, now time.Time) float64 {
	since := max(now.Sub(t.at), 0)
	return max(t.spent-float64(since)/float64(b.every), 0)
}

// wrong counts a wrong answer.
func (b *brake) wrong(name, answer string, now time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t, ok := b.names[name]
	if !ok && len(b.names) >= mostBraked {
		b.drop()
	}
	b.names[name] = tries{b.left(t, now) + 1, now, sum(name, answer)}
}

// right forgets the wrong answers of a name.
func (b *brake) right(name string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	delete(b.names, name)
}

func (b *brake) drop() {
	oldest, found := "", false
	for name, t := range b.names {
		if !found || t.at.Before(b.names[oldest].at) {
			oldest, found = name, true
		}
	}
	delete(b.names, oldest)
}

func sum(name, answer string) [sha256.Size]byte { return sha256.Sum256([]byte(name + "\x00" + answer)) }
