package bolt

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
)

// A build writes a bbolt file from its first page to its last, in one go, of pairs
// that come in the order of their keys. Through bbolt's own transactions the same
// file takes many times as long, since each pair is looked for from the root and
// each page goes through the memory of a transaction: the six million rows of a
// large library would not be there in a minute. Afterwards the file is bbolt's
// alone. What is written here is its format 2, as etcd and others keep it for ten
// years; an open of a later format is refused by bbolt, and a test has bbolt check
// every page and read every pair.
type build struct {
	f    *os.File
	w    *bufio.Writer
	page int    // bytes
	next uint64 // number of the next page
	buf  []byte
	err  error // the first one
}

// What bbolt calls these.
const (
	pageHead   = 16 // number, flags, count, further pages
	pairHead   = 16 // flags, place, size of the key, size of the value
	childHead  = 16 // place, size of the key, page
	flagBranch = 0x01
	flagLeaf   = 0x02
	flagMeta   = 0x04
	flagFree   = 0x10
	pairBucket = 0x01 // the value is the head of a bucket
	bboltMagic = 0xED0CDAED
	bboltForm  = 2
	firstPages = 3 // two that say what the file is, and the list of free pages
)

// buildFill is how full a page becomes: what comes later finds a little room.
const buildFill = loadFill

var errOrder = errors.New("pairs come out of order")

// newBuild begins a file, which is not there yet.
func newBuild(path string) (*build, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	b := &build{f: f, w: bufio.NewWriterSize(f, 1<<20), page: max(4096, os.Getpagesize())}
	b.write(make([]byte, firstPages*b.page))
	b.next = firstPages
	return b, nil
}

func (b *build) write(p []byte) {
	if b.err == nil {
		_, b.err = b.w.Write(p)
	}
}

// begin begins a page that holds size bytes behind its head, and gives its number.
func (b *build) begin(flags uint16, count, size int) uint64 {
	n := b.next
	more := (pageHead + size - 1) / b.page
	b.buf = binary.NativeEndian.AppendUint64(b.buf[:0], n)
	b.buf = binary.NativeEndian.AppendUint16(b.buf, flags)
	b.buf = binary.NativeEndian.AppendUint16(b.buf, uint16(count))
	b.buf = binary.NativeEndian.AppendUint32(b.buf, uint32(more))
	b.next += uint64(1 + more)
	return n
}

// end writes the page that was begun, up to its full size.
func (b *build) end() {
	for rest := (b.page - len(b.buf)%b.page) % b.page; rest > 0; {
		n := min(rest, len(zeros))
		b.buf, rest = append(b.buf, zeros[:n]...), rest-n
	}
	b.write(b.buf)
}

var zeros [4096]byte

// tree is one bucket, as it grows.
type tree struct {
	b      *build
	leaf   spread
	above  []spread // the pages that name pages, the lowest first
	last   []byte   // the last key
	any    bool
	bucket bool // its values are heads of buckets
}

// spread is what goes into the next page of a level.
type spread struct {
	size  int
	pairs []span
	bytes []byte
}

// span is a key and its value in spread.bytes; of a page that is named, its number
// is the value.
type span struct{ key, value int }

// put adds a pair, whose key comes behind those before it.
func (t *tree) put(key, value []byte) error {
	if t.any && bytes.Compare(key, t.last) <= 0 {
		return fmt.Errorf("%x behind %x: %w", key, t.last, errOrder)
	}
	t.last, t.any = append(t.last[:0], key...), true
	size := pairHead + len(key) + len(value)
	if len(t.leaf.pairs) > 0 && pageHead+t.leaf.size+size > t.b.room() {
		t.endLeaf()
	}
	t.leaf.add(size, key, value)
	return t.b.err
}

// room is how many bytes of a page are filled.
func (b *build) room() int { return int(buildFill * float64(b.page)) }

func (s *spread) add(size int, key, value []byte) {
	s.pairs = append(s.pairs, span{len(key), len(value)})
	s.bytes = append(append(s.bytes, key...), value...)
	s.size += size
}

func (t *tree) endLeaf() {
	s, b := &t.leaf, t.b
	var flags uint32
	if t.bucket {
		flags = pairBucket
	}
	n := b.begin(flagLeaf, len(s.pairs), s.size)
	at := pairHead * len(s.pairs)
	for i, p := range s.pairs {
		b.buf = binary.NativeEndian.AppendUint32(b.buf, flags)
		b.buf = binary.NativeEndian.AppendUint32(b.buf, uint32(at-i*pairHead))
		b.buf = binary.NativeEndian.AppendUint32(b.buf, uint32(p.key))
		b.buf = binary.NativeEndian.AppendUint32(b.buf, uint32(p.value))
		at += p.key + p.value
	}
	b.buf = append(b.buf, s.bytes...)
	b.end()
	first := []byte(nil)
	if len(s.pairs) > 0 {
		first = bytes.Clone(s.bytes[:s.pairs[0].key])
	}
	s.pairs, s.bytes, s.size = s.pairs[:0], s.bytes[:0], 0
	t.name(0, first, n)
}

// name puts the number of a page into the level above it.
func (t *tree) name(level int, first []byte, page uint64) {
	if level == len(t.above) {
		t.above = append(t.above, spread{})
	}
	s := &t.above[level]
	// Three stay: no page names fewer than two others.
	if size := childHead + len(first); len(s.pairs) > 3 && pageHead+s.size+size > t.b.room() {
		t.endBranch(level, len(s.pairs)-2)
	}
	s = &t.above[level]
	var number [8]byte
	binary.NativeEndian.PutUint64(number[:], page)
	s.add(childHead+len(first), first, number[:])
}

// endBranch writes a page of the first n pages that a level names.
func (t *tree) endBranch(level, n int) {
	s, b := &t.above[level], t.b
	size, used := 0, 0
	for _, p := range s.pairs[:n] {
		size += childHead + p.key
		used += p.key + p.value
	}
	at := b.begin(flagBranch, n, size)
	place, from := childHead*n, 0
	for i, p := range s.pairs[:n] {
		b.buf = binary.NativeEndian.AppendUint32(b.buf, uint32(place-i*childHead))
		b.buf = binary.NativeEndian.AppendUint32(b.buf, uint32(p.key))
		b.buf = append(b.buf, s.bytes[from+p.key:from+p.key+p.value]...)
		place += p.key
		from += p.key + p.value
	}
	from = 0
	for _, p := range s.pairs[:n] {
		b.buf = append(b.buf, s.bytes[from:from+p.key]...)
		from += p.key + p.value
	}
	b.end()
	first := bytes.Clone(s.bytes[:s.pairs[0].key])
	s.pairs = append(s.pairs[:0], s.pairs[n:]...)
	s.bytes = append(s.bytes[:0], s.bytes[used:]...)
	s.size -= size
	t.name(level+1, first, at)
}

// root ends the bucket and gives the number of its first page.
func (t *tree) root() uint64 {
	if len(t.leaf.pairs) > 0 || len(t.above) == 0 {
		t.endLeaf()
	}
	for level := 0; ; level++ {
		s := &t.above[level]
		if level == len(t.above)-1 && len(s.pairs) == 1 {
			return binary.NativeEndian.Uint64(s.bytes[s.pairs[0].key:])
		}
		t.endBranch(level, len(s.pairs))
	}
}

// builtBucket is a bucket that is written.
type builtBucket struct {
	name []byte
	root uint64
}

// finish writes the list of buckets and the first pages, and waits for the disk
// unless told not to. The file is closed, in any case.
func (b *build) finish(buckets []builtBucket, noSync bool) error {
	top := tree{b: b, bucket: true}
	for _, k := range buckets {
		head := binary.NativeEndian.AppendUint64(make([]byte, 0, 16), k.root)
		if err := top.put(k.name, binary.NativeEndian.AppendUint64(head, 0)); err != nil {
			b.err = err
		}
	}
	root := top.root()
	end := b.next
	if b.err == nil {
		b.err = b.w.Flush()
	}
	for n := range uint64(2) {
		b.first(n, root, end)
	}
	b.next = 2
	b.begin(flagFree, 0, 0)
	b.at(2)
	if b.err == nil && !noSync {
		b.err = b.f.Sync()
	}
	return errors.Join(b.err, b.f.Close())
}

// first writes one of the two pages that say what the file is.
func (b *build) first(n, root, end uint64) {
	b.next = n
	b.begin(flagMeta, 0, 0)
	from := len(b.buf)
	for _, v := range []uint32{bboltMagic, bboltForm, uint32(b.page), 0} {
		b.buf = binary.NativeEndian.AppendUint32(b.buf, v)
	}
	for _, v := range []uint64{root, 0, 2, end, n} {
		b.buf = binary.NativeEndian.AppendUint64(b.buf, v)
	}
	sum := fnv.New64a()
	_, _ = sum.Write(b.buf[from:]) // never fails
	b.buf = binary.NativeEndian.AppendUint64(b.buf, sum.Sum64())
	b.at(n)
}

// at writes the page that was begun at its place.
func (b *build) at(n uint64) {
	if b.err == nil {
		_, b.err = b.f.WriteAt(b.buf, int64(n)*int64(b.page))
	}
}

// drop gives a build up.
func (b *build) drop() {
	_ = b.f.Close()
	_ = os.Remove(b.f.Name()) // else the next build does
}
