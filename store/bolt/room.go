package bolt

import "os"

// A journal has room ahead: pages behind its last one that are written already,
// with zeros. A commit that stays within them changes what is in the file and
// not where the file is on the disk, so the disk is waited for less. And a disk
// that is full is met when room is made, while the journal can still be written
// for a while.

const (
	roomLeast = 128 << 10 // bytes; less is made more
	roomStep  = 256 << 10 // bytes that are written at once
)

// room is the room ahead of a file; the writer's goroutine has it.
type room struct {
	file *os.File // nil: none is made
	end  int64    // it was written up to here
}

// newRoom gives the room of a file that was opened. Where the memory for a file
// is as long as the file, bbolt cuts it as it likes: none is made there.
func newRoom(k kind, o options, file *os.File) room {
	if k != kindJournal || o.noSync || mapSize() == 0 {
		return room{}
	}
	return room{file: file}
}

// makeRoom sees to the room ahead. What cannot be written is of no harm: the
// next commit looks for a place of its own, and says so where there is none.
func (f *file) makeRoom() {
	if f.room.file == nil {
		return
	}
	b, err := f.begin(false)
	if err != nil {
		return
	}
	used := b.Size() // no page of the file is at or behind it
	undo(b)
	f.room.end = max(f.room.end, used)
	if f.room.end-used >= roomLeast {
		return
	}
	n, err := f.room.file.WriteAt(make([]byte, roomStep), f.room.end)
	f.room.end += int64(n)
	if n > 0 && err == nil && f.room.file.Sync() != nil {
		f.room.file = nil // the next commit meets it too, and knows what to say
	}
}
