package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"go.etcd.io/bbolt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Compared is how a mirror stands to the journal.
type Compared struct {
	There bool // there is a mirror
	Other bool // it is the mirror of another journal
	Ahead int  // entries that it has, and the journal has not
	Apart bool // each has entries that the other has not: they come from one journal, and went on apart
}

// CompareMirror compares the journal with what is in the folder of its mirror, before
// it is mirrored there. Its damage, or that it is held, is an
// error. Of the options only [Wait] counts.
func (j *Journal) CompareMirror(ctx context.Context, dir string, opts ...Option) (c Compared, err error) {
	path := filepath.Join(dir, MirrorFile)
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	o := optionsOf(opts)
	o.unchecked, o.keyless, o.lock = true, true, nil // what is compared is not sealed
	m, err := openToRead(path, o)
	if err != nil {
		return c, fmt.Errorf("compare the journal with %s: %w", path, err)
	}
	defer m.db.Close() // of a file that was not written
	if c, err = j.f.compare(ctx, m); err != nil {
		err = fmt.Errorf("compare the journal with %s: %w", path, err)
	}
	return c, err
}

// compare compares the journal with the open file of a mirror.
func (f *file) compare(ctx context.Context, m *file) (c Compared, err error) {
	c.There = true
	err = m.view(ctx, func(t *tx) (err error) {
		defer t.guard(&err, "read what it is")
		meta := t.b.Bucket(bucketMeta)
		if meta == nil {
			return t.damaged("it is no file of this program")
		}
		c.Other = !bytes.Equal(meta.Get(metaID), f.id[:])
		return nil
	})
	if err != nil || c.Other {
		return c, err
	}
	err = f.view(ctx, func(ours *tx) error {
		return m.view(ctx, func(theirs *tx) error {
			desks, err := theirs.desks()
			for _, d := range desks {
				heads, err := theirs.Heads(ctx, d)
				if err != nil {
					return err
				}
				for _, h := range heads {
					if err := c.chain(ours, theirs, h); err != nil {
						return err
					}
				}
			}
			return err
		})
	})
	return c, err
}

// chain compares one epoch of a desk, by its last entry in the mirror.
func (c *Compared) chain(ours, theirs *tx, head journal.Mark) error {
	last, err := ours.headOf(head.Desk, head.Epoch)
	if err != nil {
		return err
	}
	at, ahead := head.Seq, uint64(0)
	if at > last.Seq {
		at, ahead = last.Seq, at-last.Seq
	}
	if at > 0 {
		a, err := ours.hashAt(head.Desk, head.Epoch, at)
		if err != nil {
			return err
		}
		b, err := theirs.hashAt(head.Desk, head.Epoch, at)
		if err != nil {
			return err
		}
		c.Apart = c.Apart || a != b
	}
	c.Ahead += int(ahead)
	return nil
}

func (t *tx) hashAt(desk circ.DeskID, epoch, seq uint64) (h journal.Hash, err error) {
	key := entryKey(desk, epoch, seq)
	v, err := t.get(bucketEntries, key)
	if err != nil {
		return h, err
	}
	if v == nil {
		return h, t.damaged("%s is missing", placeName(key))
	}
	return hashOf(v)
}

// desks gives the desks that have entries.
func (t *tx) desks() (all []circ.DeskID, err error) {
	defer t.guard(&err, "read whose entries there are")
	b, err := t.in(bucketHeads)
	if err != nil {
		return nil, err
	}
	c := b.Cursor()
	for k, _ := c.First(); k != nil; k, _ = c.Next() {
		if d, whole := readPart(k); whole {
			all = append(all, circ.DeskID(d))
		}
	}
	return all, nil
}

// VerifyMirror walks through the mirror of an open journal, as [Journal.Verify] does
// through the journal; false: there is none, or it is not there now.
func (j *Journal) VerifyMirror(ctx context.Context) (r Report, ok bool, err error) {
	m := j.f.mirror
	if m == nil {
		return r, false, nil
	}
	got := make(chan *bbolt.DB, 1)
	select {
	case m.lend <- got:
	case <-m.gone:
		return r, false, ErrClosed
	case <-ctx.Done():
		return r, false, ctx.Err()
	}
	db := <-got
	if db == nil {
		return r, false, nil
	}
	f := &file{path: m.path, kind: kindJournal, id: m.f.id, version: m.f.version, sealed: m.f.sealed, held: m.f.held, sealer: m.f.sealer, db: db}
	r, err = f.verify(ctx, nil)
	return r, true, err
}
