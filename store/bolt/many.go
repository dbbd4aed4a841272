package bolt

import (
	"bytes"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"circdesk/desk/circ"
)

// manyRows is from how many records on a Put into a cache sorts them first: a page of the
// file is then looked for once and not once for each record in it.
const manyRows = 16

// atOnce is how many records are worked on until others have the processor: about a
// millisecond, so that who scans meanwhile does not wait.
const atOnce = 32

// change is a record on its way into a cache, with what it changes of the index.
type change struct {
	formed
	had   []byte // the value that stands there; nil: none
	same  bool   // it says the same as the record
	value []byte
	lines []lineChange
}

// lineChange is a line that is put or removed.
type lineChange struct {
	key, value []byte
	gone       bool
}

// putMany is putRow for many records of a file without a feed, each of another key. One
// that stands there as it is stays untouched. Nothing is written when a record cannot be.
func (t *tx) putMany(records []circ.Row) error {
	all := make([]change, len(records))
	if err := together(len(all), func(i int) (err error) {
		all[i].formed, err = t.f.form(records[i])
		return err
	}); err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b change) int { return bytes.Compare(a.key, b.key) })
	for i := range all {
		c := &all[i]
		if t.f.loads.touched != nil {
			t.f.loads.touched[string(c.key)] = true
		}
		var err error
		if c.had, err = t.get(bucketRows, c.key); err != nil {
			return err
		}
	}
	if err := together(len(all), func(i int) error { return t.work(&all[i]) }); err != nil {
		return err
	}
	var lines []lineChange
	for _, c := range all {
		if c.same {
			continue
		}
		if err := t.put(bucketRows, c.key, c.value); err != nil {
			return err
		}
		lines = append(lines, c.lines...)
	}
	slices.SortFunc(lines, func(a, b lineChange) int { return bytes.Compare(a.key, b.key) })
	for _, l := range lines {
		var err error
		if l.gone {
			err = t.remove(bucketIndex, l.key)
		} else {
			err = t.put(bucketIndex, l.key, l.value)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// work says what a record changes. It reads and writes nothing in the file.
func (t *tx) work(c *change) error {
	var stale [][]byte
	if c.had != nil {
		old, same, err := t.was(c)
		if c.same = same; err != nil || same {
			return err
		}
		for _, l := range old {
			stale = append(stale, t.f.lineKey(l, c.key))
		}
	}
	c.value = t.f.rowValue(c.formed, 0, 0)
	for _, l := range c.formed.lines {
		k := t.f.lineKey(l, c.key)
		if i := slices.IndexFunc(stale, func(s []byte) bool { return bytes.Equal(s, k) }); i >= 0 {
			stale = slices.Delete(stale, i, i+1)
			continue
		}
		c.lines = append(c.lines, lineChange{key: k, value: t.f.lineValue(k, l, c.id)})
	}
	for _, k := range stale {
		c.lines = append(c.lines, lineChange{key: k, gone: true})
	}
	return nil
}

// was gives the lines of the record that stands there, and whether it is the same.
func (t *tx) was(c *change) (lines []circ.Line, same bool, err error) {
	s, err := t.f.openRow(c.key, c.had)
	kind, _ := readPart(c.key)
	switch {
	case err != nil:
		return nil, false, t.damaged("%s %q: %v", kind, c.id, err)
	case bytes.Equal(s.body, c.body):
		return nil, true, nil
	case !circ.Kind(kind).Listed():
		return nil, false, nil
	}
	old, ok := t.f.decoded.get(c.key, c.had)
	if !ok {
		if old, err = t.rowOf(c.key, c.had); err != nil {
			return nil, false, err
		}
	}
	return old.Index(), false, nil
}

// together calls do for 0 to n-1 on all processors, and gives the error of the lowest of
// those that failed. A panic of do is one of the caller.
func together(n int, do func(i int) error) error {
	var next atomic.Int64
	type failure struct {
		at    int
		err   error
		panic any
	}
	failed := make(chan failure, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for range min(cap(failed), (n+atOnce-1)/atOnce) {
		wg.Go(func() {
			defer faultsPanic()()
			defer func() {
				if r := recover(); r != nil {
					failed <- failure{panic: r}
				}
			}()
			for {
				from := int(next.Add(atOnce)) - atOnce
				for i := from; i < min(from+atOnce, n); i++ {
					if err := do(i); err != nil {
						next.Store(int64(n))
						failed <- failure{at: i, err: err}
						return
					}
				}
				if from >= n {
					return
				}
				runtime.Gosched()
			}
		})
	}
	wg.Wait()
	close(failed)
	var first failure
	for f := range failed {
		if f.panic != nil {
			panic(f.panic)
		}
		if first.err == nil || f.at < first.at {
			first = f
		}
	}
	return first.err
}
