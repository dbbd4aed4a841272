package bolt

import (
	"bufio"
	"bytes"
	"cmp"
	"container/heap"
	"crypto/cipher"
	"crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/crypto/chacha20"
)

// sorter sorts pairs of bytes by the first, in bounded memory: what does not
// fit waits in files beside the store, which are removed by close. Pairs with
// the same first come in the order in which they were added.
type sorter struct {
	path  string // of the store
	limit int    // bytes held in memory
	key   []byte // with which the files are encrypted; nil: they are not
	bytes []byte
	pairs []pair
	runs  []*os.File
}

// pair is a place in sorter.bytes.
type pair struct{ at, key, value int }

// sortLimit is how much a sorter holds in memory, sortFirst how much it takes before it
// is known that there is more.
const (
	sortLimit = 8 << 20
	sortFirst = 64 << 10
)

// runPattern names the files of a sorter.
const runPattern = ".load-*"

// newSorter gives a sorter for a file. What it puts beside a sealed one is
// encrypted with a key that is nowhere else.
func (f *file) newSorter() *sorter {
	s := &sorter{path: f.path, limit: sortLimit}
	if f.sealed {
		s.key = make([]byte, chacha20.KeySize)
		rand.Read(s.key) // never fails: it ends the program instead
	}
	return s
}

// stream gives what encrypts and decrypts the nth file; nil: nothing does.
func (s *sorter) stream(n int) cipher.Stream {
	if s.key == nil {
		return nil
	}
	nonce := binary.BigEndian.AppendUint32(make([]byte, chacha20.NonceSize-4), uint32(n))
	c, err := chacha20.NewUnauthenticatedCipher(s.key, nonce)
	if err != nil { // of a key or nonce of another size
		panic(err)
	}
	return c
}

func (s *sorter) first(p pair) []byte { return s.bytes[p.at : p.at+p.key] }

func (s *sorter) add(key, value []byte) error {
	if len(s.bytes)+len(key)+len(value) > s.limit && len(s.pairs) > 0 {
		if err := s.spill(); err != nil {
			return err
		}
	}
	if n := len(s.bytes) + len(key) + len(value); n > cap(s.bytes) {
		room := s.limit
		if s.bytes == nil && n <= sortFirst {
			room = min(room, sortFirst)
		}
		s.bytes = append(make([]byte, 0, max(room, n)), s.bytes...)
	}
	s.pairs = append(s.pairs, pair{len(s.bytes), len(key), len(value)})
	s.bytes = append(append(s.bytes, key...), value...)
	return nil
}

func (s *sorter) sort() {
	slices.SortFunc(s.pairs, func(a, b pair) int { return cmp.Or(bytes.Compare(s.first(a), s.first(b)), cmp.Compare(a.at, b.at)) })
}

// spill writes what is in memory to a file.
func (s *sorter) spill() (err error) {
	f, err := os.CreateTemp(filepath.Dir(s.path), filepath.Base(s.path)+runPattern)
	if err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	s.runs = append(s.runs, f)
	s.sort()
	var to io.Writer = f
	if c := s.stream(len(s.runs)); c != nil {
		to = cipher.StreamWriter{S: c, W: f}
	}
	w := bufio.NewWriterSize(to, 1<<18)
	var head []byte
	for _, p := range s.pairs {
		head = binary.AppendUvarint(head[:0], uint64(p.key))
		head = binary.AppendUvarint(head, uint64(p.value))
		_, _ = w.Write(head) // an error stays: Flush gives it
		_, _ = w.Write(s.bytes[p.at : p.at+p.key+p.value])
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("sort: %w", err)
	}
	s.bytes, s.pairs = s.bytes[:0], s.pairs[:0]
	return nil
}

// rest writes what is in memory to a file, and lets go of the memory.
func (s *sorter) rest() error {
	if len(s.pairs) == 0 {
		return nil
	}
	err := s.spill()
	s.bytes, s.pairs = nil, nil
	return err
}

// sorted gives the pairs in order. They are good until the next one.
func (s *sorter) sorted() iter.Seq2[[2][]byte, error] {
	if len(s.runs) == 0 {
		return s.inMemory
	}
	return func(yield func([2][]byte, error) bool) {
		if err := s.spill(); err != nil {
			yield([2][]byte{}, err)
			return
		}
		s.bytes, s.pairs = nil, nil
		s.merge(yield)
	}
}

func (s *sorter) inMemory(yield func([2][]byte, error) bool) {
	s.sort()
	for _, p := range s.pairs {
		if !yield([2][]byte{s.first(p), s.bytes[p.at+p.key : p.at+p.key+p.value]}, nil) {
			return
		}
	}
}

func (s *sorter) merge(yield func([2][]byte, error) bool) { mergeRuns([]*sorter{s}, yield) }

// mergeRuns gives the pairs in the files of sorters, in order.
func mergeRuns(all []*sorter, yield func([2][]byte, error) bool) {
	var h runs
	for _, s := range all {
		if !s.open(&h, yield) {
			return
		}
	}
	heap.Init(&h)
	for len(h) > 0 {
		r := h[0]
		if !yield([2][]byte{r.buf[:r.key], r.buf[r.key:]}, nil) {
			return
		}
		switch err := r.next(); err {
		case nil:
			heap.Fix(&h, 0)
		case io.EOF:
			heap.Pop(&h)
		default:
			yield([2][]byte{}, fmt.Errorf("sort: %w", err))
			return
		}
	}
}

// open begins to read the files.
func (s *sorter) open(h *runs, yield func([2][]byte, error) bool) bool {
	for i, f := range s.runs {
		var from io.Reader = f
		if c := s.stream(i + 1); c != nil {
			from = cipher.StreamReader{S: c, R: f}
		}
		r := &run{n: i, r: bufio.NewReaderSize(from, 1<<14)}
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			yield([2][]byte{}, fmt.Errorf("sort: %w", err))
			return false
		}
		if err := r.next(); err == nil {
			*h = append(*h, r)
		} else if err != io.EOF {
			yield([2][]byte{}, fmt.Errorf("sort: %w", err))
			return false
		}
	}
	return true
}

// close removes the files.
func (s *sorter) close() error {
	var errs []error
	for _, f := range s.runs {
		errs = append(errs, f.Close(), os.Remove(f.Name()))
	}
	s.runs, s.bytes, s.pairs = nil, nil, nil
	return errors.Join(errs...)
}

// run is one sorted file, at its next pair.
type run struct {
	n   int
	r   *bufio.Reader
	buf []byte
	key int
}

func (r *run) next() error {
	k, err := binary.ReadUvarint(r.r)
	if err != nil {
		return err // io.EOF: the run is over
	}
	v, err := binary.ReadUvarint(r.r)
	if err != nil {
		return fmt.Errorf("cut off: %w", err)
	}
	r.key = int(k)
	r.buf = slices.Grow(r.buf[:0], int(k+v))[:k+v]
	if _, err := io.ReadFull(r.r, r.buf); err != nil {
		return fmt.Errorf("cut off: %w", err)
	}
	return nil
}

// runs is a heap of runs, the smallest pair first.
type runs []*run

func (h runs) Len() int { return len(h) }
func (h runs) Less(i, j int) bool {
	return cmp.Or(bytes.Compare(h[i].buf[:h[i].key], h[j].buf[:h[j].key]), cmp.Compare(h[i].n, h[j].n)) < 0
}
func (h runs) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *runs) Push(x any)   { *h = append(*h, x.(*run)) }
func (h *runs) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
