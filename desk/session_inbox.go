package desk

import "sync"

// numbered is an input with its number.
type numbered struct {
	n  int64
	in Input
}

// inbox holds what the session has not looked at yet. It takes any number of
// inputs without waiting, from any goroutine, and gives them in order. Calls,
// which are what timers, the line and finished waits have to say, go before
// inputs.
type inbox struct {
	ready chan struct{} // holds one when something may be there

	mu     sync.Mutex // what follows
	n      int64      // the last number given
	inputs fifo[numbered]
	calls  fifo[func()]
}

func (b *inbox) send(in Input) int64 {
	b.mu.Lock()
	b.n++
	n := b.n
	b.inputs.push(numbered{n, in})
	b.mu.Unlock()
	b.wake()
	return n
}

func (b *inbox) call(f func()) {
	b.mu.Lock()
	b.calls.push(f)
	b.mu.Unlock()
	b.wake()
}

func (b *inbox) wake() {
	select {
	case b.ready <- struct{}{}:
	default:
	}
}

// next gives a call, or an input that is accepted; neither when there is none.
func (b *inbox) next(accept func(Input) bool) (call func(), in *numbered) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if f, ok := b.calls.first(); ok {
		b.calls.drop()
		return f, nil
	}
	if i, ok := b.inputs.first(); ok && accept(i.in) {
		b.inputs.drop()
		return nil, &i
	}
	return nil, nil
}

// fifo is a queue without an end. The zero fifo is empty.
type fifo[T any] struct {
	all  []T
	head int
}

func (q *fifo[T]) push(v T) { q.all = append(q.all, v) }

func (q *fifo[T]) first() (v T, ok bool) {
	if q.head == len(q.all) {
		return v, false
	}
	return q.all[q.head], true
}

// drop lets the first go, and now and then its room.
func (q *fifo[T]) drop() {
	var none T
	q.all[q.head] = none
	q.head++
	switch {
	case q.head == len(q.all):
		q.all, q.head = nil, 0
	case q.head > 1024 && q.head > len(q.all)/2:
		q.all = append([]T(nil), q.all[q.head:]...)
		q.head = 0
	}
}
