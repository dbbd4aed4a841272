package uplink_test

import (
	"context"
	"errors"
	"sync"

	"circdesk/desk/journal"
)

// life is that of a program: what it has begun ends with it, and from then on it
// reads, writes and hears nothing.
type life struct {
	mu            sync.Mutex
	dead          chan struct{} // closed when it is over
	before, after int           // it ends at the n-th commit from now, just before it or just after; 0: it does not
}

func newLife() *life { return &life{dead: make(chan struct{})} }

// errDead is what a program meets that has been killed.
var errDead = errors.New("killed")

func (l *life) over() bool {
	select {
	case <-l.dead:
		return true
	default:
		return false
	}
}

func (l *life) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over() {
		close(l.dead)
	}
}

// arm lets it end at a commit.
func (l *life) arm(before, after int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.before, l.after = before, after
}

// commits counts a commit that is due.
func (l *life) commits() (before, after bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.before--
	l.after--
	return l.before == 0, l.after == 0
}

// mortal is a store of a program that can be killed.
type mortal[T any] struct {
	journal.Store[T]
	*life
}

func (m mortal[T]) View(ctx context.Context, fn func(T) error) error {
	if m.over() {
		return errDead
	}
	return m.Store.View(ctx, fn)
}

func (m mortal[T]) Update(ctx context.Context, fn func(T) error) error {
	if m.over() {
		return errDead
	}
	before, after := m.commits()
	if before {
		m.end()
		return errDead
	}
	err := m.Store.Update(ctx, fn)
	if after {
		m.end()
	}
	if m.over() {
		return errDead
	}
	return err
}
