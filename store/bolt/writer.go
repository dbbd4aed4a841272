package bolt

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"go.etcd.io/bbolt"
)

// maxGroup bounds how many Updates share one commit.
const maxGroup = 256

// writer lets one Update at a time have the turn. Who has it runs its function
// in the transaction that is open, or begins one. If others wait by then, it
// leaves the transaction open and gives the first of them the turn; if nobody
// waits, it commits, for itself and for those before it. So an Update alone
// meets no other goroutine, and those that wait at the same moment share a
// commit.
//
// An Update that fails after it has written spoils the transaction: the
// transaction is undone, those before it run again, and it runs again alone, so
// that what it met was not the work of a neighbour that came to nothing.
type writer struct {
	f *file

	mu     sync.Mutex    // what follows
	taken  bool          // somebody has the turn
	line   []*job        // who waits for it
	came   chan struct{} // closed when somebody comes into the line; nil: nobody waits for that
	closed bool
	gone   chan struct{} // closed when nobody will have the turn any more

	// What follows belongs to who has the turn.
	b      *bbolt.Tx     // the open transaction; nil: none
	used   []used        // the buckets that were found in it
	group  []*job        // those who have run in it
	wrote  bool          // one of them has written
	puts   []put         // what they have written, where a mirror is to have it
	last   int           // how many the last commit was of
	took   time.Duration // what it took
	broken error         // after a commit of which nobody knows whether it counts
}

// job is one Update.
type job struct {
	turn chan struct{}
	done chan error
	ran  bool  // it has run, and waits for its result
	err  error // what its function said
}

func newJob() *job { return &job{turn: make(chan struct{}, 1), done: make(chan error, 1)} }

func newWriter(f *file) *writer { return &writer{f: f, gone: make(chan struct{})} }

// close waits for the commit under way; Updates that have not begun are refused.
func (w *writer) close() {
	w.mu.Lock()
	if !w.closed {
		w.closed = true
		w.arrived()
		w.line = slices.DeleteFunc(w.line, func(j *job) bool {
			if !j.ran {
				j.done <- ErrClosed
			}
			return !j.ran
		})
		if !w.taken {
			close(w.gone)
		}
	}
	w.mu.Unlock()
	<-w.gone
}

// update runs fn in a transaction and returns when the result is known. A
// context that ends before fn has begun is honoured.
func (w *writer) update(ctx context.Context, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	defer faultsPanic()()
	j := newJob()
	if err := w.wait(ctx, j); err != nil {
		return err
	}
	for {
		w.run(j, fn)
		select {
		case err := <-j.done:
			return err
		case <-j.turn: // it was undone because of another
		}
	}
}

// wait waits for the turn. Without an error, the caller has it, and must pass
// it on.
func (w *writer) wait(ctx context.Context, j *job) error {
	w.mu.Lock()
	switch {
	case w.closed:
		w.mu.Unlock()
		return ErrClosed
	case !w.taken:
		w.taken = true
		w.mu.Unlock()
		return nil
	}
	w.line = append(w.line, j)
	w.arrived()
	w.mu.Unlock()
	select {
	case <-j.turn:
	case err := <-j.done:
		return err
	case <-ctx.Done():
		if w.leave(j) {
			return ctx.Err()
		}
		select { // it was called, or refused, at the same moment
		case <-j.turn:
		case err := <-j.done:
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		w.pass()
		return err
	}
	return nil
}

// arrived tells who waits for somebody in line.
func (w *writer) arrived() {
	if w.came != nil {
		close(w.came)
		w.came = nil
	}
}

// leave takes a job out of the line; false: it is no longer in it.
func (w *writer) leave(j *job) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := slices.Index(w.line, j)
	if at >= 0 {
		w.line = slices.Delete(w.line, at, at+1)
	}
	return at >= 0
}

// run runs fn, and passes the turn on.
func (w *writer) run(j *job, fn func(*tx) error) {
	defer w.pass() // also when fn panics or ends its goroutine
	for alone := false; !alone; {
		alone = len(w.group) == 0
		t, err := w.begin()
		if err != nil {
			j.done <- err
			return
		}
		if w.try(j, t, fn); !t.wrote || j.err == nil {
			j.ran = true
			w.group = append(w.group, j)
			w.wrote = w.wrote || t.wrote
			w.puts = append(w.puts, t.puts...)
			return
		}
	}
	j.done <- j.err
}

// try runs fn once. If nothing of it may stay, the transaction is spoilt.
func (w *writer) try(j *job, t *tx, fn func(*tx) error) {
	back := false
	defer func() {
		w.used = t.used
		t.b, t.used = nil, nil
		if t.wrote && (!back || j.err != nil) {
			w.spoilt()
		}
	}()
	j.err = fn(t)
	back = true
}

// begin gives the open transaction, or begins one.
func (w *writer) begin() (*tx, error) {
	if w.broken != nil {
		return nil, w.broken
	}
	if w.b == nil {
		b, err := w.f.begin(true)
		if err != nil {
			return nil, err
		}
		w.b = b
	}
	return &tx{f: w.f, b: w.b, used: w.used}, nil
}

// spoilt undoes the transaction: who has run in it runs again, before others.
func (w *writer) spoilt() {
	w.mu.Lock()
	w.line = append(w.group, w.line...)
	w.mu.Unlock()
	w.reset()
}

// reset ends the transaction. One that was not committed leaves nothing behind.
func (w *writer) reset() {
	if w.b != nil {
		undo(w.b)
	}
	w.b, w.used, w.group, w.wrote, w.puts = nil, nil, nil, false, nil
}

// pass gives the turn to the next. If there is none, or those who have run are
// many, the transaction is ended first.
func (w *writer) pass() {
	w.gather()
	if n := len(w.group); n > 0 && n < maxGroup && w.call() {
		return
	}
	w.commit()
	w.callOrRest()
}

// patience bounds how long a commit waits for those who are missing, as a part of what
// the last one took.
const patience = 4

// gather waits a moment for somebody in line when fewer have run than the last commit was
// of: those that were answered together come back together, and each commit without one
// of them costs all of them the time of another. Who was alone never waits.
func (w *writer) gather() {
	if !w.wrote || len(w.group) >= w.last {
		return
	}
	w.mu.Lock()
	if len(w.line) > 0 || w.closed {
		w.mu.Unlock()
		return
	}
	came := make(chan struct{})
	w.came = came
	w.mu.Unlock()
	t := time.NewTimer(w.took / patience)
	defer t.Stop()
	select {
	case <-came:
	case <-t.C:
		w.mu.Lock()
		w.came = nil
		w.mu.Unlock()
	}
}

// call gives the turn to the first in line, if there is one.
func (w *writer) call() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.callLocked()
}

// callOrRest gives the turn to the first in line, or to whoever comes.
func (w *writer) callOrRest() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.callLocked() {
		return
	}
	if w.taken = false; w.closed {
		close(w.gone)
	}
}

func (w *writer) callLocked() bool {
	if len(w.line) == 0 {
		return false
	}
	w.line[0].turn <- struct{}{}
	w.line = slices.Delete(w.line, 0, 1)
	return true
}

// commit makes the transaction durable, and answers those who have run in it.
func (w *writer) commit() {
	if w.b == nil {
		return
	}
	var err error
	if w.wrote {
		used, turn, began := w.b.Size(), w.b.ID(), time.Now()
		if err = w.finish(w.b); err == nil {
			w.f.room.used(used)
			w.f.mirror.wrote(turn, w.puts)
		}
		w.took = time.Since(began)
	}
	group := w.group
	w.last = len(group)
	w.reset()
	for _, j := range group {
		if err != nil {
			j.err = err
		}
		j.done <- j.err
	}
}

// finish makes the transaction durable.
func (w *writer) finish(b *bbolt.Tx) (err error) {
	turn := b.ID()
	defer func() {
		if r := recover(); r != nil {
			err = &DamagedError{w.f.path, fmt.Sprint(r)}
		}
		if err == nil {
			return
		}
		err = fmt.Errorf("commit to %s: %w", w.f.path, named(w.f.path, err))
		if !full(err) || w.f.shows(turn) {
			w.broken = fmt.Errorf("%s must be opened again: %w", w.f.path, err)
		}
	}()
	return b.Commit()
}

// shows reports whether who reads now is shown a transaction, by its number: one
// that failed at its very last write may be.
func (f *file) shows(turn int) bool {
	b, err := f.begin(false)
	if err != nil {
		return true
	}
	defer undo(b)
	return b.ID() >= turn
}

// undo ends a transaction that was not committed; nothing of it stays.
func undo(b *bbolt.Tx) {
	defer func() { _ = recover() }() // of a damaged file, which has been told already
	_ = b.Rollback()                 // after a commit: it says that the transaction is over
}
