package disk

import (
	"context"
	"path"
	"slices"
	"sync"
	"syscall"
	"time"

	"github.com/hanwen/go-fuse/v2/fs"
	"github.com/hanwen/go-fuse/v2/fuse"
)

// NotesFile is a file of the disk that is no file: each write to it is a note in
// the log, of what a program has told by then.
const NotesFile = "notes"

// Disk is a mounted disk.
type Disk struct {
	server *fuse.Server

	mu     sync.Mutex
	ops    []op
	last   int // number given
	calls  map[string]int
	refuse func(Call) syscall.Errno
}

// Call is something that a program asks of the disk.
type Call struct {
	What string // "write", "sync", "truncate", "create", "rename", "remove"
	Path string // within the disk
	N    int    // the how many-th of its kind for this path, from 1
}

// Mount mounts a disk on an empty folder. An error says what this machine lacks
// for it.
func Mount(dir string) (*Disk, error) {
	d := &Disk{last: root, calls: map[string]int{}}
	long := time.Hour // nobody else changes anything
	server, err := fs.Mount(dir, &folder{disk: d, id: root}, &fs.Options{
		MountOptions: fuse.MountOptions{
			DirectMount: true, FsName: "testdisk", Name: "testdisk", MaxWrite: 1 << 20, DisableXAttrs: true,
		},
		EntryTimeout: &long, AttrTimeout: &long,
	})
	if err != nil {
		return nil, err
	}
	d.server = server
	return d, nil
}

// Unmount ends the disk.
func (d *Disk) Unmount() error { return d.server.Unmount() }

// Refuse lets a function say which calls fail, and how; 0: not this one. What is
// written in vain is not on the disk. After a wait that failed, what was waited
// for is lost for good, though the program may read it: so does Linux.
func (d *Disk) Refuse(fn func(Call) syscall.Errno) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.refuse = fn
}

// Note takes a note into the log.
func (d *Disk) Note(text string) { d.add(op{kind: opNote, data: []byte(text)}) }

// Replay gives the log as it is now.
func (d *Disk) Replay() *Replay {
	d.mu.Lock()
	defer d.mu.Unlock()
	return replay(slices.Clone(d.ops))
}

// Calls says how often what was asked of a path.
func (d *Disk) Calls(what, path string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.calls[what+" "+path]
}

func (d *Disk) add(o op) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.ops = append(d.ops, o)
}

// asked counts a call and says whether it fails.
func (d *Disk) asked(what, path string) syscall.Errno {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls[what+" "+path]++
	if d.refuse == nil {
		return 0
	}
	return d.refuse(Call{what, path, d.calls[what+" "+path]})
}

// forget takes what nobody has waited for out of the log.
func (d *Disk) forget(f int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := len(d.ops) - 1; i >= 0 && !(d.ops[i].kind == opSync && d.ops[i].file == f); i-- {
		if o := &d.ops[i]; o.file == f && (o.kind == opWrite || o.kind == opTruncate) {
			o.kind, o.data = opNote, nil
		}
	}
}

func (d *Disk) number() int {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.last++
	return d.last
}

// folder is a folder of the disk.
type folder struct {
	fs.Inode
	disk *Disk
	id   int
}

var (
	_ fs.NodeCreater   = (*folder)(nil)
	_ fs.NodeMkdirer   = (*folder)(nil)
	_ fs.NodeUnlinker  = (*folder)(nil)
	_ fs.NodeRmdirer   = (*folder)(nil)
	_ fs.NodeRenamer   = (*folder)(nil)
	_ fs.NodeFsyncer   = (*folder)(nil)
	_ fs.NodeGetattrer = (*folder)(nil)
	_ fs.NodeSetattrer = (*folder)(nil)
)

func (f *folder) at(name string) string { return path.Join(f.Path(nil), name) }

func (f *folder) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	out.Mode = 0o700
	return 0
}

func (f *folder) Setattr(_ context.Context, _ fs.FileHandle, _ *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	out.Mode = 0o700
	return 0
}

func (f *folder) Create(ctx context.Context, name string, _, _ uint32, out *fuse.EntryOut) (*fs.Inode, fs.FileHandle, uint32, syscall.Errno) {
	if errno := f.disk.asked("create", f.at(name)); errno != 0 {
		return nil, nil, 0, errno
	}
	made := &file{disk: f.disk, id: f.disk.number(), notes: f.id == root && name == NotesFile}
	if !made.notes {
		f.disk.add(op{kind: opCreate, file: f.id, name: name, to: made.id})
	}
	out.Mode = 0o600
	return f.NewInode(ctx, made, fs.StableAttr{Mode: fuse.S_IFREG, Ino: uint64(made.id)}), nil, fuse.FOPEN_KEEP_CACHE, 0
}

func (f *folder) Mkdir(ctx context.Context, name string, _ uint32, out *fuse.EntryOut) (*fs.Inode, syscall.Errno) {
	if errno := f.disk.asked("create", f.at(name)); errno != 0 {
		return nil, errno
	}
	made := &folder{disk: f.disk, id: f.disk.number()}
	f.disk.add(op{kind: opMkdir, file: f.id, name: name, to: made.id})
	out.Mode = 0o700
	return f.NewInode(ctx, made, fs.StableAttr{Mode: fuse.S_IFDIR, Ino: uint64(made.id)}), 0
}

func (f *folder) Unlink(_ context.Context, name string) syscall.Errno {
	if errno := f.disk.asked("remove", f.at(name)); errno != 0 {
		return errno
	}
	f.disk.add(op{kind: opRemove, file: f.id, name: name})
	return 0
}

func (f *folder) Rmdir(ctx context.Context, name string) syscall.Errno { return f.Unlink(ctx, name) }

func (f *folder) Rename(_ context.Context, name string, newParent fs.InodeEmbedder, newName string, flags uint32) syscall.Errno {
	to, ok := newParent.(*folder)
	if !ok || flags != 0 {
		return syscall.ENOTSUP
	}
	if errno := f.disk.asked("rename", f.at(name)); errno != 0 {
		return errno
	}
	f.disk.add(op{kind: opRename, file: f.id, name: name, to: to.id, as: newName})
	return 0
}

func (f *folder) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	if errno := f.disk.asked("sync", f.at("")); errno != 0 {
		return errno
	}
	f.disk.add(op{kind: opSyncFolder, file: f.id})
	return 0
}

// file is a file of the disk.
type file struct {
	fs.Inode
	disk  *Disk
	id    int
	notes bool

	mu sync.Mutex
	content
}

var (
	_ fs.NodeOpener    = (*file)(nil)
	_ fs.NodeReader    = (*file)(nil)
	_ fs.NodeWriter    = (*file)(nil)
	_ fs.NodeFsyncer   = (*file)(nil)
	_ fs.NodeFlusher   = (*file)(nil)
	_ fs.NodeGetattrer = (*file)(nil)
	_ fs.NodeSetattrer = (*file)(nil)
)

func (f *file) Open(_ context.Context, flags uint32) (fs.FileHandle, uint32, syscall.Errno) {
	if flags&syscall.O_ACCMODE != syscall.O_RDONLY {
		if errno := f.disk.asked("open to write", f.Path(nil)); errno != 0 {
			return nil, 0, errno
		}
	}
	return nil, fuse.FOPEN_KEEP_CACHE, 0
}

func (f *file) Read(_ context.Context, _ fs.FileHandle, into []byte, at int64) (fuse.ReadResult, syscall.Errno) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return fuse.ReadResultData(f.read(into, at)), 0
}

func (f *file) Write(_ context.Context, _ fs.FileHandle, data []byte, at int64) (uint32, syscall.Errno) {
	if f.notes {
		f.disk.Note(string(data))
		return uint32(len(data)), 0
	}
	if errno := f.disk.asked("write", f.Path(nil)); errno != 0 {
		return 0, errno
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.write(at, data)
	f.disk.add(op{kind: opWrite, file: f.id, at: at, data: slices.Clone(data)})
	return uint32(len(data)), 0
}

func (f *file) Fsync(context.Context, fs.FileHandle, uint32) syscall.Errno {
	f.mu.Lock()
	defer f.mu.Unlock()
	if errno := f.disk.asked("sync", f.Path(nil)); errno != 0 {
		f.disk.forget(f.id)
		return errno
	}
	f.disk.add(op{kind: opSync, file: f.id})
	return 0
}

func (f *file) Flush(context.Context, fs.FileHandle) syscall.Errno { return 0 }

func (f *file) Getattr(_ context.Context, _ fs.FileHandle, out *fuse.AttrOut) syscall.Errno {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.attr(out)
	return 0
}

func (f *file) Setattr(_ context.Context, _ fs.FileHandle, in *fuse.SetAttrIn, out *fuse.AttrOut) syscall.Errno {
	f.mu.Lock()
	defer f.mu.Unlock()
	if size, ok := in.GetSize(); ok && !f.notes {
		if errno := f.disk.asked("truncate", f.Path(nil)); errno != 0 {
			return errno
		}
		f.truncate(int64(size))
		f.disk.add(op{kind: opTruncate, file: f.id, at: int64(size)})
	}
	f.attr(out)
	return 0
}

func (f *file) attr(out *fuse.AttrOut) {
	out.Mode, out.Size = 0o600, uint64(f.size)
	out.Blocks = (uint64(len(f.bytes)) + sector - 1) / sector
}
