package bolt

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"circdesk/desk/central/segment"
	"circdesk/desk/journal"
)

// A cache is made anew beside the one that is there, which serves as before. The
// rows of the segments are formed and sorted as they are to stand in the file, by as
// many goroutines as there are processors; what does not fit into memory waits in
// files beside it, sealed where the cache is. Then the file is written in order, and
// takes the place of the old one when it is on the disk. Until then nothing of it
// counts, and the next open removes what was left.

const (
	renewSuffix  = ".renew"
	renewWorkers = 4
	renewLimit   = 4 << 20 // bytes that each of a worker's two sorters holds in memory
)

// Renew makes the cache anew of segments that wait (see [Cache.Part]) and of notes,
// and forgets the segments. It is sealed where it was, with another key of its own
// for the same lock. progress, if not nil, is told how many rows are done. When it
// fails the cache is what it was, unless the last step of all fails, when the file is
// in its place and cannot be opened: then the cache is closed.
func (c *Cache) Renew(ctx context.Context, names []string, notes map[string][]byte, progress func(rows int)) error {
	c.mu.RLock()
	old := c.f
	o := optionsOf(c.opts)
	c.mu.RUnlock()
	r, err := newRenewal(old, o)
	if err != nil {
		return fmt.Errorf("make %s anew: %w", old.path, err)
	}
	defer r.close()
	if err := r.gather(ctx, c, names, progress); err != nil {
		return fmt.Errorf("make %s anew: %w", old.path, err)
	}
	if err := r.write(ctx, notes, o.noSync); err != nil {
		return fmt.Errorf("make %s anew: %w", old.path, err)
	}
	return c.swap(r.f.path, o)
}

// swap puts another file in the place of the cache's.
func (c *Cache) swap(fresh string, o options) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	path := c.f.path
	if err := c.f.close(); err != nil {
		return fmt.Errorf("put %s in the place of %s: %w", fresh, path, err)
	}
	moved := os.Rename(fresh, path) // when it fails, the old one is opened again
	if moved == nil && !o.noSync {
		syncFolder(filepath.Dir(path))
	}
	f, err := open(path, kindCache, append(c.opts[:len(c.opts):len(c.opts)], Unchecked()))
	if err != nil {
		return errors.Join(moved, err)
	}
	if c.f = f; moved != nil {
		return fmt.Errorf("put %s in the place of %s: %w", fresh, path, moved)
	}
	_ = f.keepParts(nil) // else the next fill does
	return nil
}

// renewal is a cache on its way.
type renewal struct {
	f    *file // not open: what it will be
	form *sealForm
	each []*sorters // one for each worker
}

// sorters is what one worker sorts.
type sorters struct{ rows, lines *sorter }

func newRenewal(old *file, o options) (*renewal, error) {
	r := &renewal{f: &file{path: old.path + renewSuffix, kind: kindCache}}
	rand.Read(r.f.id[:]) // never fails: it ends the program instead
	if old.sealed {
		if o.lock == nil || o.lock.Key == nil {
			return nil, ErrSealed
		}
		s, form, err := newSealer(*o.lock, kindCache, r.f.id[:])
		if err != nil {
			return nil, err
		}
		r.f.sealed, r.f.sealer, r.form = true, s, &form
	}
	if err := os.Remove(r.f.path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	for range min(runtime.GOMAXPROCS(0), renewWorkers) {
		// What goes into the files is sealed already, and the keys are hidden.
		r.each = append(r.each, &sorters{&sorter{path: old.path, limit: renewLimit}, &sorter{path: old.path, limit: renewLimit}})
	}
	return r, nil
}

func (r *renewal) close() {
	for _, w := range r.each {
		_ = w.rows.close() // what stays is removed by the next open
		_ = w.lines.close()
	}
}

// gather forms and sorts all rows.
func (r *renewal) gather(ctx context.Context, c *Cache, names []string, progress func(int)) error {
	work := make(chan string)
	var done atomic.Int64
	var tell sync.Mutex
	all, ctx := errgroup.WithContext(ctx)
	all.Go(func() error {
		defer close(work)
		for _, n := range names {
			select {
			case work <- n:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	for _, w := range r.each {
		all.Go(func() error {
			unpack, err := segment.NewReader()
			if err != nil {
				return err
			}
			defer unpack.Close()
			for name := range work {
				packed, err := c.packed(ctx, name)
				if err != nil {
					return err
				}
				n := 0
				for row, err := range unpack.Rows(packed) {
					if err == nil {
						err = r.f.sortRow(row, w)
					}
					if err != nil {
						return fmt.Errorf("segment %s: %w", name, err)
					}
					n++
				}
				if now := done.Add(int64(n)); progress != nil {
					tell.Lock()
					progress(int(now))
					tell.Unlock()
				}
			}
			return errors.Join(w.rows.rest(), w.lines.rest())
		})
	}
	return all.Wait()
}

// sortRow forms a row and gives it, and its lines, to the sorters.
func (f *file) sortRow(r segment.Row, w *sorters) error {
	row, err := journal.DecodeRowOf(r.Key, r.Body)
	if err != nil {
		return err
	}
	formed := formed{key: f.rowKey(r.Key), id: r.ID, body: r.Body}
	if err := w.rows.add(formed.key, f.rowValue(formed, 0, 0)); err != nil {
		return err
	}
	for _, l := range row.Index() {
		if err := addLine(f, w.lines, l, formed.key, formed.id); err != nil {
			return err
		}
	}
	return nil
}

// write writes the file.
func (r *renewal) write(ctx context.Context, notes map[string][]byte, noSync bool) (err error) {
	b, err := newBuild(r.f.path)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			b.drop()
		}
	}()
	var rows, lines []*sorter
	for _, w := range r.each {
		rows, lines = append(rows, w.rows), append(lines, w.lines)
	}
	var buckets []builtBucket
	for _, part := range []struct {
		name []byte
		all  []*sorter
	}{{bucketIndex, lines}, {bucketRows, rows}} {
		root, err := b.merged(ctx, part.all)
		if err != nil {
			return err
		}
		buckets = append(buckets, builtBucket{part.name, root})
	}
	small := map[string]map[string][]byte{string(bucketMeta): {
		string(metaVersion): binary.BigEndian.AppendUint32(nil, version),
		string(metaKind):    []byte(kindCache),
		string(metaID):      r.f.id[:],
	}, string(bucketNotes): {}}
	if r.form != nil {
		if small[string(bucketMeta)][string(metaSeal)], err = writeSealForm(*r.form); err != nil {
			return err
		}
	}
	for name, value := range notes {
		key := idKey(name)
		small[string(bucketNotes)][string(key)] = r.f.seal(bucketNotes, key, append(r.f.newValue(len(value)), value...))
	}
	for name, pairs := range small {
		t := tree{b: b}
		for _, k := range sortedNames(pairs) {
			if err := t.put([]byte(k), pairs[k]); err != nil {
				return err
			}
		}
		buckets = append(buckets, builtBucket{[]byte(name), t.root()})
	}
	slices.SortFunc(buckets, func(a, b builtBucket) int { return bytes.Compare(a.name, b.name) })
	return b.finish(buckets, noSync)
}

func sortedNames(m map[string][]byte) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

// merged writes a bucket of what sorters hold.
func (b *build) merged(ctx context.Context, all []*sorter) (root uint64, err error) {
	t := tree{b: b}
	n := 0
	for kv, err := range inOrder(all) {
		if n++; err == nil && n%10_000 == 0 {
			err = ctx.Err()
		}
		if err == nil {
			err = t.put(kv[0], kv[1])
		}
		if err != nil {
			return 0, err
		}
	}
	return t.root(), b.err
}

// inOrder gives the pairs of sorters whose memory is empty.
func inOrder(all []*sorter) iter.Seq2[[2][]byte, error] {
	return func(yield func([2][]byte, error) bool) { mergeRuns(all, yield) }
}
