package bolt

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"

	"go.etcd.io/bbolt"
)

// maxGroup bounds how many Updates share one commit.
const maxGroup = 256

// writer commits Updates, those that wait at the same moment together. One
// goroutine holds bbolt's write transaction and lends it to each Update in
// turn, which runs its function in its own goroutine.
//
// An Update that fails after it has written spoils the transaction: the
// transaction is undone, the others run again without it, and it runs again
// alone, so that what it met was not the work of a neighbour that came to
// nothing.
type writer struct {
	f      *file
	jobs   chan *job
	quit   chan struct{}
	gone   chan struct{}
	broken error // after a commit of which nobody knows whether it counts
}

// job is one Update.
type job struct {
	begun atomic.Bool // taken by the writer, or left by its caller: whoever is first
	turn  chan *tx
	ran   chan bool // whether fn came back
	err   error     // what fn said; written by the caller before ran
	done  chan error
}

func newWriter(f *file) *writer {
	w := &writer{f: f, jobs: make(chan *job), quit: make(chan struct{}), gone: make(chan struct{})}
	go w.work()
	return w
}

// close waits for the commit under way; later Updates are refused.
func (w *writer) close() {
	close(w.quit)
	<-w.gone
}

// update runs fn in a transaction and returns when the result is known. A
// context that ends before fn has begun is honoured.
func (w *writer) update(ctx context.Context, fn func(*tx) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	j := &job{turn: make(chan *tx), ran: make(chan bool, 1), done: make(chan error, 1)}
	select {
	case w.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-w.quit:
		return ErrClosed
	}
	ended := ctx.Done()
	for {
		select {
		case t := <-j.turn:
			j.run(t, fn)
		case err := <-j.done:
			return err
		case <-ended:
			if j.begun.CompareAndSwap(false, true) {
				return ctx.Err()
			}
			ended = nil
		}
	}
}

// run calls fn and tells the writer how it went, also when fn panics or ends
// its goroutine.
func (j *job) run(t *tx, fn func(*tx) error) {
	defer faultsPanic()()
	back := false
	defer func() { j.ran <- back }()
	j.err = fn(t)
	back = true
}

func (w *writer) work() {
	defer close(w.gone)
	defer faultsPanic()()
	for {
		w.f.makeRoom() // when all have their answer
		select {
		case <-w.quit:
			return
		case j := <-w.jobs:
			w.commit(w.waiting(j))
		}
	}
}

// waiting gives the job and all that wait beside it and have not been left.
func (w *writer) waiting(j *job) []*job {
	var group []*job
	take := func(j *job) {
		if j.begun.CompareAndSwap(false, true) {
			group = append(group, j)
		}
	}
	take(j)
	runtime.Gosched() // those that were answered together come back together
	for len(group) < maxGroup {
		select {
		case j := <-w.jobs:
			take(j)
		default:
			return group
		}
	}
	return group
}

// commit runs a group until every job has its answer.
func (w *writer) commit(group []*job) {
	var alone []*job
	for len(group) > 0 {
		var spoilt *job
		if group, spoilt = w.try(group); spoilt != nil {
			alone = append(alone, spoilt)
		}
	}
	for _, j := range alone {
		w.try([]*job{j})
	}
}

// try runs a group in one transaction and answers all of it; or it gives what
// must run again, and the job that spoilt the transaction if that has no answer
// yet.
func (w *writer) try(group []*job) (again []*job, spoilt *job) {
	if w.broken != nil {
		w.answer(group, w.broken)
		return nil, nil
	}
	b, err := w.f.begin(true)
	if err != nil {
		w.answer(group, err)
		return nil, nil
	}
	defer undo(b)
	ran := make([]*job, 0, len(group))
	wrote := false
	for i, j := range group {
		t := &tx{f: w.f, b: b}
		j.turn <- t
		back := <-j.ran
		t.b = nil
		switch {
		case t.wrote && back && j.err != nil && !wrote:
			j.done <- j.err
			return append(ran, group[i+1:]...), nil
		case t.wrote && back && j.err != nil:
			return append(ran, group[i+1:]...), j
		case t.wrote && !back:
			return append(ran, group[i+1:]...), nil
		case back:
			ran = append(ran, j)
			wrote = wrote || t.wrote
		}
	}
	if wrote {
		if err := w.finish(b); err != nil {
			w.answer(ran, err)
			return nil, nil
		}
	}
	for _, j := range ran {
		j.done <- j.err
	}
	return nil, nil
}

func (w *writer) answer(group []*job, err error) {
	for _, j := range group {
		j.done <- err
	}
}

// finish makes the transaction durable.
func (w *writer) finish(b *bbolt.Tx) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &DamagedError{w.f.path, fmt.Sprint(r)}
		}
		if err == nil {
			return
		}
		err = fmt.Errorf("commit to %s: %w", w.f.path, err)
		if !full(err) {
			w.broken = fmt.Errorf("%s must be opened again: %w", w.f.path, err)
		}
	}()
	return b.Commit()
}

// undo ends a transaction that was not committed; nothing of it stays.
func undo(b *bbolt.Tx) {
	defer func() { _ = recover() }() // of a damaged file, which has been told already
	_ = b.Rollback()                 // after a commit: it says that the transaction is over
}
