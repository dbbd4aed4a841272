package bolt

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"sync"

	"go.etcd.io/bbolt"
	bbolterrors "go.etcd.io/bbolt/errors"

	"circdesk/desk/journal"
)

// version is the version of the files that this package writes; see
// [file.upgrade].
const version = 4

// kind says what a file is; it stands in the file.
type kind string

const (
	kindJournal kind = "journal"
	kindCache   kind = "cache"
	kindHub     kind = "hub"
)

// The buckets.
var (
	bucketMeta     = []byte("meta")     // what the file is
	bucketNotes    = []byte("notes")    // name → value
	bucketEntries  = []byte("entries")  // desk, epoch, number → hash and frame
	bucketIDs      = []byte("ids")      // entry → key in entries
	bucketLater    = []byte("later")    // asked entry → key of the first desk's that names it, another desk's: see [laterKey]; entry, key of one that undoes it → nothing
	bucketHeads    = []byte("heads")    // desk → epoch, number, hash of its last entry
	bucketReceipts = []byte("receipts") // entry → receipt
	bucketSettled  = []byte("settled")  // desk, epoch → the number up to which all have a receipt
	bucketAhead    = []byte("ahead")    // key in entries → nothing: it has a receipt, and one before it has none
	bucketRows     = []byte("rows")     // kind, id → place in the feed, record
	bucketIndex    = []byte("index")    // lines, see [lineKey]
	bucketFeed     = []byte("feed")     // transaction, position → key in rows
)

func (k kind) buckets() [][]byte {
	both := [][]byte{bucketMeta, bucketNotes}
	ledger := [][]byte{bucketEntries, bucketIDs, bucketLater, bucketHeads, bucketReceipts, bucketSettled, bucketAhead}
	book := [][]byte{bucketRows, bucketIndex}
	switch k {
	case kindJournal:
		return append(both, ledger...)
	case kindCache:
		return append(both, book...)
	}
	return append(slices.Concat(both, ledger, book), bucketFeed)
}

// What stands in the meta bucket.
var (
	metaVersion = []byte("version")
	metaKind    = []byte("kind")
	metaID      = []byte("id") // of the store, made once
)

const idSize = 16

// file is one open bbolt file.
type file struct {
	path string
	kind kind
	id   [idSize]byte
	// version is that of the file when it was opened.
	version uint32
	sealed  bool
	held    string  // what keeps the desk's key of a sealed file
	sealer  *sealer // nil: it is not sealed, or looked at without its keys
	db      *bbolt.DB
	// behind: one of its two first pages was damaged when it was opened.
	behind  bool
	runs    []feedRun // of a feed; the last is this open's, where it may write
	writer  *writer
	loads   loads
	room    *room
	decoded decoded
	mirror  *mirror // nil: it is written once

	closing sync.Once
	closed  error
}

func (f *file) feeds() bool { return f.kind == kindHub }

// open opens a file, or makes one where there is none.
func open(path string, k kind, opts []Option) (*file, error) {
	o := optionsOf(opts)
	f, err := openFile(path, k, o)
	if err != nil {
		return nil, fmt.Errorf("open %s %s: %w", k, path, err)
	}
	return f, nil
}

func openFile(path string, k kind, o options) (*file, error) {
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) && !o.readOnly {
		if err := create(path, k, o); err != nil {
			return nil, err
		}
	}
	older := behind(path)
	db, opened, err := openDB(path, o, false)
	if err != nil {
		return nil, err
	}
	f := &file{path: path, kind: k, db: db, behind: older}
	if err := f.look(o); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	f.writer = newWriter(f)
	if o.readOnly {
		return f, nil
	}
	writePID(path)
	f.room = newRoom(f, o, opened)
	for _, step := range []func() error{f.afterLoad, f.upgrade, f.beginRun} {
		if err := step(); err != nil {
			return nil, errors.Join(err, f.close())
		}
	}
	return f, nil
}

// create makes a new file under another name and moves it to its place when
// everything in it is on the disk: a start that is cut short leaves no half
// file, and the next one begins anew.
func create(path string, k kind, o options) error {
	temp := path + ".new"
	db, err := openNew(temp, o)
	if err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil { // somebody else was faster
		return db.Close()
	}
	err = prepare(db, o, k, temp)
	if _, left := errors.AsType[*DamagedError](err); left { // half a file, of a start without power
		if err := errors.Join(db.Close(), os.Remove(temp)); err != nil {
			return err
		}
		if db, err = openNew(temp, o); err != nil {
			return err
		}
		err = prepare(db, o, k, temp)
	}
	if err == nil && !o.noSync {
		err = db.Sync()
	}
	if err := errors.Join(named(temp, err), db.Close()); err != nil {
		return err
	}
	if _, err := os.Lstat(path); err == nil {
		return nil
	}
	if err := os.Rename(temp, path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if !o.noSync {
		syncFolder(filepath.Dir(path))
	}
	return nil
}

// prepare writes what stands in every file of a kind.
func prepare(db *bbolt.DB, o options, k kind, path string) (err error) {
	defer faultsPanic()()
	defer func() {
		if r := recover(); r != nil {
			err = &DamagedError{path, fmt.Sprint(r)}
		}
	}()
	return db.Update(func(b *bbolt.Tx) error {
		for _, name := range k.buckets() {
			if _, err := b.CreateBucketIfNotExists(name); err != nil {
				return err
			}
		}
		id := make([]byte, idSize)
		rand.Read(id) // never fails: it ends the program instead
		if o.id != nil {
			id = o.id
		}
		meta := b.Bucket(bucketMeta)
		if err := sealNew(meta, o, k, id); err != nil {
			return err
		}
		return errors.Join(
			meta.Put(metaVersion, binary.BigEndian.AppendUint32(nil, version)),
			meta.Put(metaKind, []byte(k)),
			meta.Put(metaID, id),
		)
	})
}

// openNew opens what is to become a new file; what an earlier start left there
// is of no use to anybody.
func openNew(temp string, o options) (*bbolt.DB, error) {
	db, _, err := openDB(temp, o, true)
	if _, damaged := errors.AsType[*DamagedError](err); !damaged {
		return db, err
	}
	if err := os.Remove(temp); err != nil {
		return nil, err
	}
	db, _, err = openDB(temp, o, true)
	return db, err
}

// syncFolder makes a rename durable where the system can; Windows cannot.
func syncFolder(dir string) {
	if runtime.GOOS == "windows" {
		return
	}
	d, err := os.Open(dir)
	if err != nil {
		return
	}
	_ = d.Sync() // some file systems know no such thing; the file itself is synced
	_ = d.Close()
}

// openDB opens a bbolt file. A file shorter than its two first pages is damaged,
// unless an empty one may become a new one.
func openDB(path string, o options, mayBeEmpty bool) (db *bbolt.DB, opened *os.File, err error) {
	defer faultsPanic()()
	defer func() {
		if r := recover(); r != nil {
			if opened != nil {
				unlock(opened)
				_ = opened.Close()
			}
			db, opened, err = nil, nil, &DamagedError{path, fmt.Sprint(r)}
		}
	}()
	if !mayBeEmpty {
		if err := longEnough(path); err != nil {
			return nil, nil, err
		}
	}
	db, err = bbolt.Open(path, 0o600, &bbolt.Options{
		ReadOnly: o.readOnly, PreLoadFreelist: o.freelist,
		Timeout: o.wait, FreelistType: bbolt.FreelistMapType, NoSync: o.noSync, NoGrowSync: o.noSync, InitialMmapSize: mapSize(), NoStatistics: true,
		OpenFile: func(name string, flag int, mode os.FileMode) (*os.File, error) {
			f, err := os.OpenFile(name, flag, mode)
			opened = f
			return f, err
		},
	})
	switch {
	case errors.Is(err, bbolterrors.ErrTimeout):
		return nil, nil, held(path)
	case errors.Is(err, bbolterrors.ErrInvalid), errors.Is(err, bbolterrors.ErrChecksum), errors.Is(err, bbolterrors.ErrVersionMismatch):
		return nil, nil, &DamagedError{path, "its first pages cannot be read: " + err.Error()}
	}
	return db, opened, err
}

// longEnough refuses a file without room for its two first pages: bbolt would
// take an empty one for a new one.
func longEnough(path string) error {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a folder")
	case info.Size() == 0:
		return &DamagedError{path, "it is empty: put back a backup, or move it away to begin a new one"}
	case info.Size() < 2*pageSize(path):
		return &DamagedError{path, strconv.FormatInt(info.Size(), 10) + " bytes are too few: put back a backup, or move it away to begin a new one"}
	}
	return nil
}

// pageSize gives the size of a file's pages: that of the machine which made it.
func pageSize(path string) int64 {
	const least, atMagic, atSize = 4096, 16, 24 // in the first page
	f, err := os.Open(path)
	if err != nil {
		return least
	}
	defer f.Close()
	var b [atSize + 4]byte
	if _, err := f.ReadAt(b[:], 0); err != nil || binary.NativeEndian.Uint32(b[atMagic:]) != 0xED0CDAED {
		return least
	}
	return max(least, int64(binary.NativeEndian.Uint32(b[atSize:])))
}

// mapSize is how much address space a file gets at once, so that a growing file
// seldom waits for its readers. Windows would make the file that long.
func mapSize() int {
	if runtime.GOOS == "windows" || strconv.IntSize < 64 {
		return 0
	}
	return 256 << 20
}

// look checks that the file is what it should be.
func (f *file) look(o options) (err error) {
	defer faultsPanic()()
	defer func() {
		if r := recover(); r != nil {
			err = &DamagedError{f.path, fmt.Sprint(r)}
		}
	}()
	return f.db.View(func(b *bbolt.Tx) error {
		if err := f.readMeta(b); err != nil {
			return err
		}
		if err := f.readSeal(b, o); err != nil {
			return err
		}
		if o.unchecked {
			return nil
		}
		return f.ends(b)
	})
}

func (f *file) readMeta(b *bbolt.Tx) error {
	meta := b.Bucket(bucketMeta)
	if meta == nil {
		return &DamagedError{f.path, "it is no file of this program"}
	}
	v := meta.Get(metaVersion)
	if len(v) != 4 {
		return &DamagedError{f.path, "it does not say its version"}
	}
	if f.version = binary.BigEndian.Uint32(v); f.version > version {
		return fmt.Errorf("its version is %d, this program knows %d; update the program: %w", f.version, version, journal.ErrTooNew)
	}
	k := kind(meta.Get(metaKind))
	if f.kind == "" { // whatever it is
		f.kind = k
	}
	switch {
	case k != kindJournal && k != kindCache && k != kindHub:
		return &DamagedError{f.path, fmt.Sprintf("it says to be a %q", k)}
	case k != f.kind:
		return fmt.Errorf("it is a %s", k)
	}
	f.runs = readRuns(meta.Get(metaRuns))
	if copy(f.id[:], meta.Get(metaID)) != idSize {
		return &DamagedError{f.path, "it does not say its id"}
	}
	return nil
}

// ends reads the first and the last line of each bucket.
func (f *file) ends(b *bbolt.Tx) error {
	for _, name := range f.kind.buckets() {
		bucket := b.Bucket(name)
		if bucket == nil {
			return &DamagedError{f.path, fmt.Sprintf("no bucket %s", name)}
		}
		c := bucket.Cursor()
		c.First()
		c.Last()
	}
	return nil
}

// begin begins a transaction.
func (f *file) begin(write bool) (b *bbolt.Tx, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &DamagedError{f.path, fmt.Sprint(r)}
		}
	}()
	b, err = f.db.Begin(write)
	if errors.Is(err, bbolterrors.ErrDatabaseNotOpen) {
		err = ErrClosed
	}
	return b, err
}

// view runs fn in a transaction that reads.
func (f *file) view(ctx context.Context, fn func(*tx) error) error {
	defer faultsPanic()()
	if err := ctx.Err(); err != nil {
		return err
	}
	b, err := f.begin(false)
	if err != nil {
		return err
	}
	defer undo(b)
	t := &tx{f: f, b: b}
	defer func() { t.b = nil }()
	return fn(t)
}

// close waits for the writer and for readers.
func (f *file) close() error {
	f.closing.Do(func() {
		f.writer.close()
		f.room.close()
		f.mirror.close()
		removePID(f.path)
		if f.closed = f.db.Close(); f.closed != nil {
			f.closed = fmt.Errorf("close %s: %w", f.path, f.closed)
		}
	})
	return f.closed
}
