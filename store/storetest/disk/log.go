package disk

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
)

// root is the number of the disk's own folder.
const root = 1

// op is one thing that was asked of the disk.
type op struct {
	kind     opKind
	file     int // the file, or the folder that is changed
	to       int // rename: the other folder; create and mkdir: what was made
	name, as string
	at       int64  // write: where; truncate: the new length
	data     []byte // write, note
}

type opKind int

const (
	opWrite opKind = iota
	opTruncate
	opSync
	opSyncFolder
	opCreate
	opMkdir
	opRename
	opRemove
	opNote
)

// Loss says what becomes of writes that nobody has waited for.
type Loss string

// The losses.
const (
	Kept   Loss = "kept"   // all are there: the program was killed, not the power
	Lost   Loss = "lost"   // none is
	Prefix Loss = "prefix" // those before some moment are
	Subset Loss = "subset" // any of them are, and others before them are not
	Torn   Loss = "torn"   // as Subset, and of each any of its sectors
)

// Losses are all of them.
var Losses = []Loss{Kept, Lost, Prefix, Subset, Torn}

// sector is what a disk writes whole.
const sector = 512

// content is what a file holds; behind its bytes and up to its length are zeros.
type content struct {
	bytes []byte
	size  int64
}

func (c *content) write(at int64, data []byte) {
	end := at + int64(len(data))
	if grow := end - int64(len(c.bytes)); grow > 0 {
		c.bytes = append(c.bytes, make([]byte, grow)...)
	}
	copy(c.bytes[at:], data)
	c.size = max(c.size, end)
}

func (c *content) truncate(size int64) {
	c.size = size
	if size < int64(len(c.bytes)) {
		c.bytes = c.bytes[:size]
	}
}

func (c *content) apply(o op) {
	if o.kind == opTruncate {
		c.truncate(o.at)
		return
	}
	c.write(o.at, o.data)
}

func (c *content) read(into []byte, at int64) []byte {
	n := int(min(int64(len(into)), max(0, c.size-at)))
	into = into[:n]
	clear(into)
	if at < int64(len(c.bytes)) {
		copy(into, c.bytes[at:])
	}
	return into
}

// Replay walks through a log and knows at each place what is on the disk for
// sure, and what may be.
type Replay struct {
	ops     []op
	at      int
	deaf    bool
	files   map[int]*content       // as far as it is sure
	waiting map[int][]op           // writes to a file that nobody has waited for
	folders map[int]map[string]int // as far as they are sure
	moves   []op                   // changes of folders that nobody has waited for
	notes   []string
}

func replay(ops []op) *Replay {
	return &Replay{ops: ops, files: map[int]*content{}, waiting: map[int][]op{}, folders: map[int]map[string]int{root: {}}}
}

// Deaf makes a disk of it that says it has waited, and has not: what is shown with
// it holds for no disk.
func (r *Replay) Deaf() *Replay { r.deaf = true; return r }

// Notes are those that were taken before this place.
func (r *Replay) Notes() []string { return r.notes }

// Next goes on by one operation; false: it was the last.
func (r *Replay) Next() bool {
	if r.at == len(r.ops) {
		return false
	}
	o := r.ops[r.at]
	r.at++
	switch o.kind {
	case opWrite, opTruncate:
		r.waiting[o.file] = append(r.waiting[o.file], o)
	case opSync:
		if !r.deaf {
			r.sync(o.file)
		}
	case opSyncFolder:
		if !r.deaf {
			r.move(r.moves)
			r.moves = nil
		}
	case opNote:
		r.notes = append(r.notes, string(o.data))
	default:
		r.moves = append(r.moves, o)
	}
	return true
}

// Settle makes all that was written by now sure: it lay on the disk before.
func (r *Replay) Settle() {
	for f := range r.waiting {
		r.sync(f)
	}
	r.move(r.moves)
	r.moves = nil
}

func (r *Replay) sync(f int) {
	c := r.content(r.files, f)
	for _, o := range r.waiting[f] {
		c.apply(o)
	}
	delete(r.waiting, f)
}

func (r *Replay) content(in map[int]*content, f int) *content {
	if in[f] == nil {
		in[f] = &content{}
	}
	return in[f]
}

func (r *Replay) move(ops []op) { moved(r.folders, ops) }

func moved(folders map[int]map[string]int, ops []op) {
	for _, o := range ops {
		switch o.kind {
		case opCreate:
			folders[o.file][o.name] = o.to
		case opMkdir:
			folders[o.file][o.name] = o.to
			folders[o.to] = map[string]int{}
		case opRemove:
			delete(folders[o.file], o.name)
		case opRename:
			folders[o.to][o.as] = folders[o.file][o.name]
			delete(folders[o.file], o.name)
		}
	}
}

// Image writes what the disk holds when the power goes now into a folder. Folders
// change in their order, as with a journal of the file system; what is in a file
// is there as the loss says.
func (r *Replay) Image(into string, how Loss, rand *rand.Rand) error {
	folders := make(map[int]map[string]int, len(r.folders))
	for id, names := range r.folders {
		folders[id] = make(map[string]int, len(names))
		for name, file := range names {
			folders[id][name] = file
		}
	}
	moved(folders, some(r.moves, how, rand))
	return r.write(into, folders, root, how, rand)
}

// some gives the changes of folders that are there: those before some moment.
func some(ops []op, how Loss, rand *rand.Rand) []op {
	switch how {
	case Kept:
		return ops
	case Lost:
		return nil
	}
	return ops[:rand.IntN(len(ops)+1)]
}

func (r *Replay) write(into string, folders map[int]map[string]int, folder int, how Loss, rand *rand.Rand) error {
	if err := os.MkdirAll(into, 0o700); err != nil {
		return err
	}
	names := make([]string, 0, len(folders[folder]))
	for name := range folders[folder] {
		names = append(names, name)
	}
	slices.Sort(names) // so that the same chance gives the same disk
	for _, name := range names {
		id, path := folders[folder][name], filepath.Join(into, name)
		if _, is := folders[id]; is {
			if err := r.write(path, folders, id, how, rand); err != nil {
				return err
			}
			continue
		}
		c := r.left(id, how, rand)
		if err := os.WriteFile(path, c.bytes, 0o600); err != nil {
			return err
		}
		if err := os.Truncate(path, c.size); err != nil {
			return err
		}
	}
	return nil
}

// left is what is left of a file.
func (r *Replay) left(f int, how Loss, rand *rand.Rand) *content {
	c := &content{}
	if sure := r.files[f]; sure != nil {
		c.bytes, c.size = slices.Clone(sure.bytes), sure.size
	}
	ops := r.waiting[f]
	if how == Prefix {
		ops = ops[:rand.IntN(len(ops)+1)]
	}
	for _, o := range ops {
		switch {
		case how == Lost || (how == Subset || how == Torn) && rand.IntN(2) == 0:
		case how == Torn && o.kind == opWrite:
			for i := 0; i < len(o.data); i += sector {
				if rand.IntN(2) == 0 {
					c.write(o.at+int64(i), o.data[i:min(i+sector, len(o.data))])
				}
			}
		default:
			c.apply(o)
		}
	}
	return c
}
