package bolt

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"circdesk/desk/circ"
)

// A load sorts first, since a bbolt file that is filled in order is filled many
// times faster: records by key, and then, when all stand, the lines of their
// indexes. Each part is an Update like others, so others go on meanwhile.
//
// A record that is there already and differs is put as by Put; one that does
// not differ stays as it is. The lines of new records wait for the second part;
// until it is done the file carries a mark, and an open that finds it writes
// the lines that are missing.

// loadRows and loadLines are how many of each go into one commit.
const (
	loadRows  = 10_000
	loadLines = 20_000
	loadFill  = 0.95
)

var metaLoading = []byte("loading")

// loads keeps loads apart from each other, and from the Updates beside one.
type loads struct {
	one sync.Mutex
	// touched are the records put by Updates since the load began; nil: no load
	// is under way. It belongs to whoever has the writer's turn.
	touched map[string]bool
}

// Load puts many records: of a key that comes more than once the last counts.
// They may come in any order; memory stays bounded, and what does not fit in it
// waits in files beside the store. An error of rows ends the load before
// anything is put; a later one may leave some of the records. Lookups other
// than by key find them when Load has returned. progress, if not nil, is told
// how many records are done; the records are in the feed.
func (h *Hub) Load(ctx context.Context, rows iter.Seq2[circ.Row, error], progress func(n int)) error {
	return h.f.load(ctx, rows, progress)
}

func (f *file) load(ctx context.Context, rows iter.Seq2[circ.Row, error], progress func(n int)) (err error) {
	f.loads.one.Lock()
	defer f.loads.one.Unlock()
	records, lines := f.newSorter(), f.newSorter()
	defer func() {
		_ = records.close() // what stays is removed by the next open
		_ = lines.close()
		if err != nil {
			err = fmt.Errorf("load %s: %w", f.path, err)
		}
	}()
	if err := f.sortRecords(ctx, rows, records); err != nil {
		return err
	}
	cut, err := f.cutShort() // by a full disk, in this very process
	if err != nil {
		return err
	}
	defer func() {
		_ = f.writer.update(context.Background(), func(t *tx) error { t.f.loads.touched = nil; return nil })
	}()
	err = f.putSorted(ctx, records, lines, progress)
	_ = records.close()
	if cut {
		return errors.Join(err, f.mend())
	}
	return errors.Join(err, f.putLines(lines)) // also of the first part of a load that failed
}

func (f *file) sortRecords(ctx context.Context, rows iter.Seq2[circ.Row, error], into *sorter) error {
	var v []byte
	for r, err := range rows {
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return err
		}
		r, err := f.form(r)
		if err != nil {
			return err
		}
		v = appendBytes(v[:0], []byte(r.id))
		v = binary.AppendUvarint(v, uint64(len(r.lines)))
		for _, l := range r.lines {
			v = appendBytes(v, []byte(l.Index))
			v = appendBytes(v, []byte(l.Of))
			v = appendBytes(v, []byte(l.Sort))
		}
		if err := into.add(r.key, append(v, r.body...)); err != nil {
			return err
		}
	}
	return nil
}

// readFormed reads what sortRecords wrote, into memory of its own.
func readFormed(kv [2][]byte) (formed, error) {
	f := formed{key: bytes.Clone(kv[0])}
	id, b, err := cutBytes(bytes.Clone(kv[1]))
	if err != nil {
		return f, err
	}
	f.id = string(id)
	n, w := binary.Uvarint(b)
	b = b[max(w, 0):]
	for range n {
		var part [3][]byte
		for i := range part {
			if part[i], b, err = cutBytes(b); err != nil {
				return f, err
			}
		}
		f.lines = append(f.lines, circ.Line{Index: circ.Index(part[0]), Of: string(part[1]), Sort: string(part[2])})
	}
	f.body = b
	return f, nil
}

// putSorted puts the records and gives the lines of those that are new.
func (f *file) putSorted(ctx context.Context, records, lines *sorter, progress func(n int)) error {
	chunk := make([]formed, 0, loadRows)
	done := 0
	flush := func() error {
		if len(chunk) == 0 {
			return nil
		}
		var fresh []bool
		if err := f.writer.update(ctx, func(t *tx) (err error) {
			fresh, err = t.putChunk(chunk)
			return err
		}); err != nil {
			return err
		}
		for i, r := range chunk {
			if !fresh[i] {
				continue
			}
			for _, l := range r.lines {
				if err := addLine(f, lines, l, r.key, r.id); err != nil {
					return err
				}
			}
		}
		done += len(chunk)
		chunk = chunk[:0]
		if progress != nil {
			progress(done)
		}
		return nil
	}
	for kv, err := range records.sorted() {
		if err != nil {
			return err
		}
		r, err := readFormed(kv)
		if err != nil {
			return err
		}
		if n := len(chunk); n > 0 && bytes.Equal(chunk[n-1].key, r.key) {
			chunk[n-1] = r
			continue
		}
		if len(chunk) == loadRows {
			if err := flush(); err != nil {
				return err
			}
		}
		chunk = append(chunk, r)
	}
	return flush()
}

// putChunk puts records and says which of them are new.
func (t *tx) putChunk(chunk []formed) (fresh []bool, err error) {
	defer t.guard(&err, "put %d records", len(chunk))
	if err := t.fill(bucketRows, bucketFeed, bucketIndex); err != nil {
		return nil, err
	}
	if err := t.put(bucketMeta, metaLoading, []byte{1}); err != nil {
		return nil, err
	}
	if t.f.loads.touched == nil {
		t.f.loads.touched = map[string]bool{}
	}
	fresh = make([]bool, len(chunk))
	for i, r := range chunk {
		have, err := t.get(bucketRows, r.key)
		if err != nil {
			return nil, err
		}
		if have != nil {
			row, err := t.f.openRow(r.key, have)
			if err == nil && bytes.Equal(row.body, r.body) {
				continue
			}
			if err := t.putRow(r); err != nil {
				return nil, err
			}
			continue
		}
		fresh[i] = true
		turn, pos, err := t.place(r.key)
		if err != nil {
			return nil, err
		}
		if err := t.put(bucketRows, r.key, t.f.rowValue(r, turn, pos)); err != nil {
			return nil, err
		}
	}
	return fresh, nil
}

// fill lets pages be filled to the brim: what comes next is put behind.
func (t *tx) fill(buckets ...[]byte) error {
	for _, name := range buckets {
		if t.b != nil && t.b.Bucket(name) == nil { // a cache has no feed
			continue
		}
		b, err := t.in(name)
		if err != nil {
			return err
		}
		b.FillPercent = loadFill
	}
	return nil
}

func addLine(f *file, into *sorter, l circ.Line, row []byte, id string) error {
	k := f.lineKey(l, row)
	return into.add(k, f.lineValue(k, l, id))
}

// loadLine is a line on its way into its index.
type loadLine struct{ key, value, row []byte }

// putLines puts the lines of new records and ends the load. It is not given up
// half way: lookups would miss what is there.
func (f *file) putLines(lines *sorter) error {
	chunk := make([]loadLine, 0, loadLines)
	flush := func(last bool) error {
		err := f.writer.update(context.Background(), func(t *tx) error { return t.putLines(chunk, last) })
		chunk = chunk[:0]
		return err
	}
	for kv, err := range lines.sorted() {
		if err != nil {
			return err
		}
		if len(chunk) == loadLines {
			if err := flush(false); err != nil {
				return err
			}
		}
		key := bytes.Clone(kv[0])
		chunk = append(chunk, loadLine{key, bytes.Clone(kv[1]), rowOfLine(key)})
	}
	return flush(true)
}

// rowOfLine gives the key of a line's record.
func rowOfLine(k []byte) []byte { return afterPart(afterPart(afterPart(k))) }

func (t *tx) putLines(chunk []loadLine, last bool) (err error) {
	defer t.guard(&err, "put %d lines of indexes", len(chunk))
	if err := t.fill(bucketIndex); err != nil {
		return err
	}
	for _, l := range chunk {
		if t.f.loads.touched[string(l.row)] {
			if ok, err := t.stands(l); err != nil || !ok {
				if err != nil {
					return err
				}
				continue
			}
		}
		if err := t.put(bucketIndex, l.key, l.value); err != nil {
			return err
		}
	}
	if !last {
		return nil
	}
	return t.remove(bucketMeta, metaLoading)
}

// stands reports whether a line is one of its record's, as that is now.
func (t *tx) stands(l loadLine) (bool, error) {
	r, err := t.row(l.row)
	if r == nil || err != nil {
		return false, err
	}
	return slices.ContainsFunc(r.Index(), func(w circ.Line) bool { return bytes.Equal(t.f.lineKey(w, l.row), l.key) }), nil
}

// afterLoad deals with a load that was cut short, and removes its files.
func (f *file) afterLoad() error {
	left, _ := filepath.Glob(globSafe(f.path) + runPattern)
	for _, name := range append(left, f.path+renewSuffix) {
		_ = os.Remove(name) // another open tries again
	}
	cut, err := f.cutShort()
	switch {
	case err != nil || !cut:
		return err
	case f.kind == kindCache:
		return &DamagedError{f.path, "filling it was cut short"}
	}
	return f.mend()
}

// cutShort reports whether a load has put records and not all of their lines.
func (f *file) cutShort() (cut bool, err error) {
	err = f.view(context.Background(), func(t *tx) error {
		v, err := t.get(bucketMeta, metaLoading)
		cut = v != nil
		return err
	})
	return cut, err
}

// mend puts the lines of all records.
func (f *file) mend() error {
	lines := f.newSorter()
	defer lines.close()
	if err := f.view(context.Background(), func(t *tx) error { return t.allLines(lines) }); err != nil {
		return err
	}
	return f.putLines(lines)
}

// globSafe keeps a path from being taken for a pattern.
func globSafe(path string) string {
	var b []byte
	for i := range len(path) {
		if c := path[i]; c == '*' || c == '?' || c == '[' || c == '\\' && filepath.Separator != '\\' {
			b = append(b, '[', c, ']')
		} else {
			b = append(b, c)
		}
	}
	return string(b)
}

// allLines gives the lines of all records.
func (t *tx) allLines(into *sorter) (err error) {
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
		for _, l := range r.Index() {
			if err := addLine(t.f, into, l, k, r.Key().ID); err != nil {
				return err
			}
		}
	}
	return nil
}
