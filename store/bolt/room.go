package bolt

import (
	"context"
	"os"
)

// A journal has room ahead: pages behind its last one that are written already,
// with zeros. A commit that stays within them changes what is in the file and
// not where the file is on the disk, so the disk is waited for less. And a disk
// that is full is met when room is made, while the journal can still be written
// for a while.

const (
	roomLeast = 128 << 10 // bytes; of less more is made
	roomStep  = 256 << 10 // bytes that are written at once
)

// room makes the room ahead of a file, in a goroutine of its own.
type room struct {
	f    *file
	file *os.File
	end  int64         // it was written up to here; of who has the writer's turn
	low  chan struct{} // there is little left
	gone chan struct{}
}

// newRoom begins to make room; nil: none is made. Where the memory for a file is
// as long as the file, bbolt cuts the file as it likes.
func newRoom(f *file, o options, opened *os.File) *room {
	if f.kind != kindJournal || o.noSync || mapSize() == 0 {
		return nil
	}
	r := &room{f: f, file: opened, low: make(chan struct{}, 1), gone: make(chan struct{})}
	r.low <- struct{}{}
	go r.work()
	return r
}

// used says how many bytes of the file are in use, about. It is called by who
// has the writer's turn.
func (r *room) used(n int64) {
	if r == nil || r.end-n >= roomLeast {
		return
	}
	select {
	case r.low <- struct{}{}:
	default:
	}
}

// close is called when the writer is closed.
func (r *room) close() {
	if r == nil {
		return
	}
	close(r.low)
	<-r.gone
}

func (r *room) work() {
	defer close(r.gone)
	defer faultsPanic()()
	for range r.low {
		r.make()
	}
}

// make writes a piece of room, in a turn of the writer. What cannot be written
// does no harm: the next commit looks for a place of its own, and says so where
// there is none.
func (r *room) make() {
	w := r.f.writer
	if w.wait(context.Background(), newJob()) != nil {
		return
	}
	defer w.pass()
	w.commit()
	b, err := r.f.begin(false)
	if err != nil {
		return
	}
	used := b.Size() // no page of the file is at or behind it
	undo(b)
	r.end = max(r.end, used)
	if r.end-used >= roomLeast {
		return
	}
	n, err := r.file.WriteAt(make([]byte, roomStep), r.end)
	if err == nil {
		err = r.file.Sync()
	}
	if err == nil {
		r.end += int64(n)
	}
}
