package bolt

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"

	"circdesk/desk/circ"
)

// SealFile seals a journal or a cache that is not sealed. All of it is written to
// another file, which takes its place when it is whole and on the disk: whoever is
// stopped before has the file as it was, and begins anew. Of what stood in the
// clear the disk itself may keep traces. progress, if not nil, is told how many
// entries or records are done. A file that is sealed already stays as it is, and
// one that is not there is no error.
func SealFile(ctx context.Context, path string, l Lock, progress func(n int), opts ...Option) error {
	if len(l.Key) != KeySize {
		return fmt.Errorf("seal %s: the desk's key has %d bytes, not %d", path, len(l.Key), KeySize)
	}
	if progress == nil {
		progress = func(int) {}
	}
	o := optionsOf(opts)
	o.lock = &l
	if err := sealFile(ctx, path, o, progress); err != nil {
		return fmt.Errorf("seal %s: %w", path, err)
	}
	return nil
}

// sealingEnd ends the name of the file that is to take the other's place.
const sealingEnd = ".sealing"

func sealFile(ctx context.Context, path string, o options, progress func(int)) (err error) {
	fresh := path + sealingEnd
	if err := removeFile(fresh); err != nil { // of one that was stopped
		return err
	}
	if _, err := os.Lstat(path); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	from, err := openFile(path, "", o)
	if err != nil {
		return err
	}
	if from.sealed {
		return from.close()
	}
	if from.kind == kindHub {
		return errors.Join(errors.New("it is a server's store"), from.close())
	}
	o.id = from.id[:]
	to, err := openFile(fresh, from.kind, o)
	if err != nil {
		return errors.Join(err, from.close())
	}
	if from.kind == kindJournal {
		err = copyLedger(ctx, from, to, progress)
	} else {
		err = copyBook(ctx, from, to, progress)
	}
	if err = errors.Join(err, to.close(), from.close()); err != nil {
		return errors.Join(err, removeFile(fresh))
	}
	if err := os.Rename(fresh, path); err != nil {
		return err
	}
	if !o.noSync {
		syncFolder(filepath.Dir(path))
	}
	return nil
}

func removeFile(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// copyChunk is how many values go into one commit.
const copyChunk = 10_000

// copyLedger copies a journal: its keys stay, its values are sealed.
func copyLedger(ctx context.Context, from, to *file, progress func(int)) error {
	for _, name := range kindJournal.buckets() {
		if string(name) == string(bucketMeta) {
			continue
		}
		valued := sealedValues(name)
		if err := from.each(ctx, name, func(b []pairOf) error {
			return to.writer.update(ctx, func(t *tx) (err error) {
				for _, p := range b {
					v := p.value
					if valued {
						if v, err = resealed(from, to, name, p); err != nil {
							return &DamagedError{from.path, fmt.Sprintf("a value of %s: %v", name, err)}
						}
					}
					if err := t.put(name, p.key, v); err != nil {
						return err
					}
				}
				return nil
			})
		}, func(n int) {
			if string(name) == string(bucketEntries) {
				progress(n)
			}
		}); err != nil {
			return err
		}
	}
	return nil
}

// resealed gives a value of one file as it stands in another.
func resealed(from, to *file, bucket []byte, p pairOf) (v []byte, err error) {
	open := 0
	if string(bucket) == string(bucketEntries) {
		if _, _, open, err = cutEntry(p.value); err != nil {
			return nil, err
		}
	}
	plain, err := from.openBehind(bucket, p.key, p.value, open)
	if err != nil {
		return nil, err
	}
	clear := p.value[sumSize : sumSize+open]
	return to.sealBehind(bucket, p.key, append(to.newValueBehind(clear, len(plain)), plain...), open), nil
}

// sealedValues reports whether the values of a bucket of a journal are sealed; the
// others are empty, or keys.
func sealedValues(bucket []byte) bool {
	for _, b := range [][]byte{bucketNotes, bucketEntries, bucketHeads, bucketReceipts, bucketSettled} {
		if string(b) == string(bucket) {
			return true
		}
	}
	return false
}

type pairOf struct{ key, value []byte }

// each gives the pairs of a bucket, some at a time.
func (f *file) each(ctx context.Context, name []byte, fn func([]pairOf) error, progress func(int)) error {
	return f.view(ctx, func(t *tx) (err error) {
		defer t.guard(&err, "read all of %s", name)
		b, err := t.in(name)
		if err != nil {
			return err
		}
		n := 0
		var some []pairOf
		flush := func() error {
			if len(some) == 0 {
				return ctx.Err()
			}
			n += len(some)
			err := fn(some)
			some = some[:0]
			progress(n)
			return err
		}
		c := b.Cursor()
		for k, v := c.First(); k != nil; k, v = c.Next() {
			if some = append(some, pairOf{k, v}); len(some) == copyChunk {
				if err := flush(); err != nil {
					return err
				}
			}
		}
		return flush()
	})
}

// copyBook copies a cache: its records are loaded anew, under keys of their own.
func copyBook(ctx context.Context, from, to *file, progress func(int)) error {
	rows := func(yield func(circ.Row, error) bool) {
		enough := errors.New("enough")
		err := from.view(ctx, func(t *tx) (err error) {
			defer t.guard(&err, "read all records")
			b, err := t.in(bucketRows)
			if err != nil {
				return err
			}
			c := b.Cursor()
			for k, v := c.First(); k != nil; k, v = c.Next() {
				r, err := t.rowOf(k, v)
				if err != nil {
					return err
				}
				if !yield(r, nil) {
					return enough
				}
			}
			return nil
		})
		if err != nil && !errors.Is(err, enough) {
			yield(nil, err)
		}
	}
	if err := to.load(ctx, iter.Seq2[circ.Row, error](rows), progress); err != nil {
		return err
	}
	return from.each(ctx, bucketNotes, func(b []pairOf) error {
		return to.writer.update(ctx, func(t *tx) error {
			for _, p := range b {
				name, _ := readPart(p.key)
				v, err := from.open(bucketNotes, p.key, p.value)
				if err == nil {
					err = t.SetNote(ctx, name, v)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
	}, func(int) {})
}
