package folder

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// Mirror says where a desk's journal is written a second time. The zero Mirror: it is
// not.
type Mirror struct {
	Dir  string
	Take bool // the mirror is put in the place of the journal, which is moved aside
	Drop bool // what the mirror has, and the journal has not, is given up
}

// MirrorError says that the mirror has what the journal has not: nothing is opened
// until somebody says which of them counts.
type MirrorError struct {
	Dir     string
	Gone    bool  // the journal is not there
	Damaged error // the journal cannot be read; nil: it can
	Ahead   int   // entries that only the mirror has
	Apart   bool  // each has entries that the other has not
	Other   bool  // the folder is the mirror of another journal
}

func (e *MirrorError) Error() string {
	switch {
	case e.Other:
		return fmt.Sprintf("%s is the mirror of another journal", e.Dir)
	case e.Gone:
		return fmt.Sprintf("the journal is gone, and its mirror in %s is there", e.Dir)
	case e.Damaged != nil:
		return fmt.Sprintf("%v; its mirror in %s is there", e.Damaged, e.Dir)
	case e.Apart:
		return fmt.Sprintf("the journal and its mirror in %s went on apart", e.Dir)
	}
	return fmt.Sprintf("the mirror in %s has %d entries that the journal has not", e.Dir, e.Ahead)
}

func (e *MirrorError) Unwrap() error { return e.Damaged }

func (m Mirror) file() string { return filepath.Join(m.Dir, bolt.MirrorFile) }

func (m Mirror) there() bool {
	if m.Dir == "" {
		return false
	}
	_, err := os.Stat(m.file())
	return err == nil
}

// OpenMirrored opens a desk's files as [Folder.OpenWith] does, and mirrors the journal
// from then on. A mirror that has what the journal has not is a [MirrorError].
func (f Folder) OpenMirrored(ctx context.Context, k Keys, m Mirror) (s Stores, err error) {
	if m.Dir == "" {
		return f.OpenWith(ctx, k)
	}
	if m.Take {
		if err := f.take(ctx, k, m); err != nil {
			return s, err
		}
	}
	if !f.Has(Journal) && !m.Drop && m.there() {
		return s, &MirrorError{Dir: m.Dir, Gone: true}
	}
	s, err = f.OpenWith(ctx, k)
	if damaged, ok := errors.AsType[*bolt.DamagedError](err); ok && damaged.Path == f.File(Journal) && !m.Drop && m.there() {
		return s, &MirrorError{Dir: m.Dir, Damaged: err}
	}
	if errors.Is(err, ErrJournalGone) && !m.Drop && m.there() {
		return s, &MirrorError{Dir: m.Dir, Gone: true}
	}
	if err != nil {
		return s, err
	}
	if err := f.compare(ctx, m, s.Journal); err != nil {
		return Stores{}, errors.Join(err, s.Close())
	}
	var opts []bolt.Option
	if m.Drop {
		opts = append(opts, bolt.DropMirror())
	}
	s.Journal.Mirror(m.Dir, opts...)
	return s, nil
}

// compare reports what the mirror has and the journal has not. One that cannot be read
// now is compared again by whoever writes to it, and does not keep a desk from its work.
func (f Folder) compare(ctx context.Context, m Mirror, j *bolt.Journal) error {
	if m.Drop || !m.there() {
		return nil
	}
	c, err := j.CompareMirror(ctx, m.Dir)
	switch {
	case errors.Is(err, journal.ErrHeld):
		return fmt.Errorf("the mirror of the journal: %w", err)
	case err == nil && c.Other:
		return &MirrorError{Dir: m.Dir, Other: true}
	case err == nil && (c.Ahead > 0 || c.Apart):
		return &MirrorError{Dir: m.Dir, Ahead: c.Ahead, Apart: c.Apart}
	}
	return nil
}

func unlessDamaged(err error) error {
	if _, damaged := errors.AsType[*bolt.DamagedError](err); damaged {
		return nil
	}
	return err
}

// take puts a copy of the mirror in the place of the journal, which is moved aside.
func (f Folder) take(ctx context.Context, k Keys, m Mirror) error {
	info, err := bolt.Look(m.file())
	if err != nil {
		return fmt.Errorf("take the mirror as the journal: %w", err)
	}
	var l *bolt.Lock
	if info.Sealed {
		if l, err = lockOf(k, m.file(), info.Held, ErrKeyGone); err != nil {
			return err
		}
	}
	if err := bolt.Check(ctx, m.file(), options(l)...); err != nil {
		return err
	}
	if f.Has(Journal) {
		if err := bolt.Check(ctx, f.File(Journal)); err != nil { // somebody who works with it keeps it
			if err := unlessDamaged(err); err != nil {
				return err
			}
		}
	}
	fresh := f.File(Journal) + ".taken"
	if err := CopyFile(fresh, m.file()); err != nil {
		return fmt.Errorf("take the mirror as the journal: %w", err)
	}
	aside := f.File(Journal) + ".before-" + time.Now().UTC().Format("20060102T150405")
	if err := os.Rename(f.File(Journal), aside); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.Rename(fresh, f.File(Journal))
}

// VerifyJournal walks through a journal in any file: see [bolt.Verify].
func VerifyJournal(ctx context.Context, path string, k Keys) (r bolt.Report, err error) {
	info, err := bolt.Look(path)
	if err != nil {
		return r, err
	}
	var l *bolt.Lock
	if info.Sealed {
		if l, err = lockOf(k, path, info.Held, ErrKeyGone); err != nil {
			return r, err
		}
	}
	if err := bolt.Check(ctx, path, append(options(l), bolt.PagesOnly())...); err != nil {
		return r, err
	}
	return bolt.Verify(ctx, path, options(l)...)
}
