package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"

	"go.etcd.io/bbolt"

	"circdesk/desk/journal"
)

// A mirror is the journal a second time, in a file of its own in another folder:
// the same id, the same keys, the same sealed values. A commit is answered when it
// is durable in both, in this order, so that a mirror never has what nobody was
// told. A mirror that fails, or does not answer in time, ends nothing: it is
// behind, and is tried again; then the journal is copied whole, and what was
// written meanwhile is put behind the copy.
//
// Which state of the journal a mirror has stands in its meta bucket, by the number
// of the journal's transaction.

// MirrorFile is the name of a mirror in its folder.
const MirrorFile = "journal.db"

// metaMirrors is the number of the journal's transaction that a mirror has.
var metaMirrors = []byte("mirrors")

// noteMirror is the folder of a mirror that was on another disk than the journal.
const noteMirror = "mirror"

const (
	mirrorPatience = 2 * time.Second // how long a scan waits for the mirror
	mirrorQueue    = 4096            // commits that wait for a mirror; with more it is copied again
	mirrorMemory   = 64 << 20        // bytes up to which a journal is copied by way of memory
)

// MirrorState says how a mirror is.
type MirrorState struct {
	Dir string
	// Behind is since when it has not all that the journal has; zero: it has all.
	Behind time.Time
	Why    error // why it is behind; nil: it is being copied
	Same   bool  // it is on the journal's own disk, and is lost with it
}

// Errors of a mirror.
var (
	errMirrorSlow  = errors.New("it does not answer")
	errMirrorGone  = errors.New("the file is not there any more")
	errMirrorAhead = errors.New("it has what the journal has not: start the desk again to choose")
	errMirrorOther = errors.New("it is the mirror of another journal")
	errMirrorDisk  = errors.New("its disk is not there: the folder is on the journal's own disk now")
)

// put is one change of a transaction; a nil value removes.
type put struct{ bucket, key, value []byte }

// mirrored is one commit on its way to the mirror.
type mirrored struct {
	turn int
	puts []put
	done chan struct{} // closed when it is durable there, or never will be
}

// mirror is the mirror of an open journal.
type mirror struct {
	f    *file
	dir  string
	path string
	o    options
	work sync.WaitGroup
	wake chan struct{}       // something is in the queue, or it is to end
	gone chan struct{}       // closed at the end
	lend chan chan *bbolt.DB // who wants to read the mirror

	mu      sync.Mutex // what follows
	state   MirrorState
	changed func(MirrorState)
	takes   bool // commits go into the queue
	live    bool // a commit waits for the mirror
	queue   []*mirrored
	ended   bool

	// What follows belongs to the goroutine.
	db   *bbolt.DB
	file *os.File
}

// Mirror writes the journal a second time from now on, into a file in a folder,
// which must be there, or the one that it is in. It waits a little until the
// mirror has all; after that [Journal.OnMirror] tells. What the folder has of
// this journal already must not be ahead of it: see [Journal.CompareMirror]. Of the
// options only those of a file that is opened count.
func (j *Journal) Mirror(dir string, opts ...Option) {
	m := &mirror{
		f: j.f, dir: dir, path: filepath.Join(dir, MirrorFile), o: optionsOf(opts),
		wake: make(chan struct{}, 1), gone: make(chan struct{}), lend: make(chan chan *bbolt.DB),
		state: MirrorState{Dir: dir, Behind: time.Now()},
	}
	if j.f.mirror != nil {
		return
	}
	m.o.wait = max(m.o.wait/4, time.Millisecond)
	j.f.mirror = m
	tried := make(chan struct{})
	m.work.Go(func() { m.run(tried) })
	select {
	case <-tried:
	case <-time.After(mirrorPatience):
	}
}

// OnMirror has every change of the mirror's state told, from any goroutine, and tells
// how it is now. fn must not wait. Without a mirror it is never called.
func (j *Journal) OnMirror(fn func(MirrorState)) {
	m := j.f.mirror
	if m == nil {
		return
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.changed = fn
	fn(m.state)
}

// MirrorState gives how the mirror is; false: the journal has none.
func (j *Journal) MirrorState() (MirrorState, bool) {
	m := j.f.mirror
	if m == nil {
		return MirrorState{}, false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.state, true
}

// wrote is called by who has the writer's turn, with what a commit has changed. It
// returns when the mirror has it, too, or is behind.
func (m *mirror) wrote(turn int, puts []put) {
	if m == nil {
		return
	}
	b := &mirrored{turn: turn, puts: puts, done: make(chan struct{})}
	m.mu.Lock()
	if !m.takes {
		m.mu.Unlock()
		return
	}
	m.queue = append(m.queue, b)
	if len(m.queue) > mirrorQueue {
		m.dropLocked(errMirrorSlow)
	}
	live := m.live
	m.mu.Unlock()
	select {
	case m.wake <- struct{}{}:
	default:
	}
	if !live {
		return
	}
	late := time.NewTimer(mirrorPatience)
	defer late.Stop()
	select {
	case <-b.done:
	case <-late.C:
		m.mu.Lock()
		m.behindLocked(errMirrorSlow)
		m.mu.Unlock()
	}
}

// behindLocked notes that the mirror has not all, and that nobody waits for it.
func (m *mirror) behindLocked(why error) {
	m.live = false
	if m.state.Behind.IsZero() || m.state.Why == nil || m.state.Why.Error() != why.Error() {
		if m.state.Behind.IsZero() {
			m.state.Behind = time.Now()
		}
		m.state.Why = why
		m.tellLocked()
	}
}

func (m *mirror) tellLocked() {
	if m.changed != nil && !m.ended {
		m.changed(m.state)
	}
}

// dropLocked gives up what is on its way: the journal will be copied.
func (m *mirror) dropLocked(why error) {
	m.behindLocked(why)
	for _, b := range m.queue {
		close(b.done)
	}
	m.queue, m.takes = nil, false
}

// run keeps the mirror until the journal is closed.
func (m *mirror) run(tried chan struct{}) {
	defer faultsPanic()()
	m.connect()
	close(tried)
	tick := time.NewTicker(m.o.retry)
	defer tick.Stop()
	for {
		select {
		case <-m.gone:
			m.drain()
			m.disconnect()
			return
		case <-m.wake:
			m.drain()
		case to := <-m.lend:
			to <- m.db
		case <-tick.C:
			switch {
			case m.db == nil:
				m.connect()
			case !m.there():
				m.failed(errMirrorGone)
				m.connect()
			default:
				m.drain()
			}
		}
	}
}

// there reports whether the file that is written still stands under its name.
func (m *mirror) there() bool {
	now, err := os.Stat(m.path)
	if err != nil {
		return false
	}
	was, err := m.file.Stat()
	return err == nil && os.SameFile(was, now)
}

func (m *mirror) failed(why error) {
	m.mu.Lock()
	m.dropLocked(why)
	m.mu.Unlock()
	m.disconnect()
}

func (m *mirror) disconnect() {
	if m.db == nil {
		return
	}
	defer func() { _ = recover() }() // of a disk that is not there any more
	db := m.db
	m.db, m.file = nil, nil
	_ = db.Close() // what was told to be there is
	removePID(m.path)
}

// connect brings the mirror to what the journal has.
func (m *mirror) connect() {
	err := m.bring()
	if err != nil {
		m.failed(fmt.Errorf("mirror the journal to %s: %w", m.dir, named(m.path, err)))
		return
	}
	m.drain()
}

func (m *mirror) bring() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &DamagedError{m.path, fmt.Sprint(r)}
		}
	}()
	if err := m.place(); err != nil {
		return err
	}
	m.mu.Lock()
	m.takes = true // what is written from here on is put behind the copy
	m.mu.Unlock()
	switch err := m.open(); {
	case errors.Is(err, journal.ErrHeld):
		return err
	case err == nil && m.has() == m.turn():
		return nil
	case err == nil && !m.o.drop:
		if err := m.mayCopy(); err != nil {
			return err
		}
	}
	m.o.drop = false
	m.disconnect()
	turn, err := m.copy()
	if err != nil {
		return err
	}
	if err := m.open(); err != nil {
		return err
	}
	return m.apply([]*mirrored{{turn: turn}})
}

// mayCopy refuses to write over what only the mirror has. One that is damaged has
// nothing that could be read.
func (m *mirror) mayCopy() error {
	c, err := m.f.compare(context.Background(), &file{path: m.path, kind: kindJournal, db: m.db})
	_, damaged := errors.AsType[*DamagedError](err)
	switch {
	case err != nil && !damaged:
		return err
	case c.Other:
		return errMirrorOther
	case c.Ahead > 0 || c.Apart:
		return errMirrorAhead
	}
	return nil
}

// place looks at the folder.
func (m *mirror) place() error {
	if err := os.Mkdir(m.dir, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return err
	}
	if info, err := os.Stat(m.dir); err != nil {
		return err
	} else if !info.IsDir() {
		return errors.New("it is no folder")
	}
	same := sameDisk(m.dir, filepath.Dir(m.f.path))
	was, err := m.note()
	switch {
	case err != nil:
		return err
	case same && was == m.dir:
		return errMirrorDisk
	case !same && was != m.dir:
		if err := m.f.writer.update(context.Background(), func(t *tx) error {
			return t.SetNote(context.Background(), noteMirror, []byte(m.dir))
		}); err != nil {
			return err
		}
	}
	m.mu.Lock()
	m.state.Same = same
	m.mu.Unlock()
	return nil
}

func (m *mirror) note() (dir string, err error) {
	err = m.f.view(context.Background(), func(t *tx) error {
		v, err := t.Note(context.Background(), noteMirror)
		dir = string(v)
		return err
	})
	return dir, err
}

// turn gives the number of the journal's last transaction.
func (m *mirror) turn() int {
	b, err := m.f.begin(false)
	if err != nil {
		return -1
	}
	defer undo(b)
	return b.ID()
}

// has gives the number of the journal's transaction that the open mirror has; less
// than 0: it is the mirror of another one, or of nobody knows what.
func (m *mirror) has() (turn int) {
	b, err := m.db.Begin(false)
	if err != nil {
		return -1
	}
	defer undo(b)
	meta := b.Bucket(bucketMeta)
	if meta == nil || !bytes.Equal(meta.Get(metaID), m.f.id[:]) {
		return -1
	}
	if v := meta.Get(metaMirrors); len(v) == 8 {
		return int(binary.BigEndian.Uint64(v))
	}
	return -1
}

// open opens the file of the mirror.
func (m *mirror) open() error {
	o := m.o
	o.readOnly = false
	db, file, err := openDB(m.path, o, false)
	if err != nil {
		return err
	}
	m.db, m.file = db, file
	writePID(m.path)
	return nil
}

// copy puts a copy of the journal in the place of the mirror, and gives the number
// of the transaction that it has.
func (m *mirror) copy() (turn int, err error) {
	b, err := m.f.begin(false)
	if err != nil {
		return 0, err
	}
	turn = b.ID()
	from := io.WriterTo(b)
	end := func() { undo(b) }
	if b.Size() <= mirrorMemory { // a journal that must grow waits for who reads it: so not for a slow disk
		var whole bytes.Buffer
		_, err := b.WriteTo(&whole)
		undo(b)
		if err != nil {
			return 0, err
		}
		from, end = &whole, func() {}
	}
	defer end()
	fresh := m.path + ".new"
	w, err := os.OpenFile(fresh, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return 0, err
	}
	_, err = from.WriteTo(w)
	if !m.o.noSync {
		err = errors.Join(err, w.Sync())
	}
	if err = errors.Join(err, w.Close()); err != nil {
		return 0, err
	}
	if err := os.Rename(fresh, m.path); err != nil {
		return 0, err
	}
	if !m.o.noSync {
		syncFolder(m.dir)
	}
	return turn, nil
}

// drain writes what is in the queue, until it is empty.
func (m *mirror) drain() {
	for m.db != nil {
		m.mu.Lock()
		some := m.queue
		m.queue = nil
		if len(some) == 0 {
			if m.takes && (!m.live || !m.state.Behind.IsZero()) {
				m.live, m.state.Behind, m.state.Why = true, time.Time{}, nil
				m.tellLocked()
			}
			broken := !m.takes
			m.mu.Unlock()
			if broken {
				m.disconnect()
			}
			return
		}
		m.mu.Unlock()
		err := m.apply(some)
		for _, b := range some {
			if err != nil {
				m.mu.Lock()
				m.behindLocked(fmt.Errorf("mirror the journal to %s: %w", m.dir, named(m.path, err)))
				m.mu.Unlock()
			}
			close(b.done)
		}
		if err != nil {
			m.failed(fmt.Errorf("mirror the journal to %s: %w", m.dir, named(m.path, err)))
		}
	}
}

// apply writes commits, in one transaction.
func (m *mirror) apply(some []*mirrored) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &DamagedError{m.path, fmt.Sprint(r)}
		}
	}()
	return m.db.Update(func(b *bbolt.Tx) error {
		meta := b.Bucket(bucketMeta)
		if meta == nil {
			return &DamagedError{m.path, "it is no file of this program"}
		}
		last := 0
		if v := meta.Get(metaMirrors); len(v) == 8 {
			last = int(binary.BigEndian.Uint64(v))
		}
		for _, c := range some {
			if len(c.puts) > 0 && c.turn <= last { // it was in the copy
				continue
			}
			for _, p := range c.puts {
				in := b.Bucket(p.bucket)
				switch {
				case in == nil:
					return &DamagedError{m.path, fmt.Sprintf("no bucket %s", p.bucket)}
				case p.value == nil:
					if err := in.Delete(p.key); err != nil {
						return err
					}
				default:
					if err := in.Put(p.key, p.value); err != nil {
						return err
					}
				}
			}
			last = c.turn
		}
		return meta.Put(metaMirrors, binary.BigEndian.AppendUint64(nil, uint64(last)))
	})
}

// close ends the mirror. One that does not answer is left alone.
func (m *mirror) close() {
	if m == nil {
		return
	}
	m.mu.Lock()
	m.ended = true
	m.mu.Unlock()
	close(m.gone)
	ended := make(chan struct{})
	go func() {
		m.work.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(2 * mirrorPatience):
	}
}
