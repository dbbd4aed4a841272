package bolt

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"circdesk/desk/central/segment"
)

// The segments of a snapshot wait beside a cache until all are there. What comes of
// one is written as it comes, in pieces, each sealed as the values of the cache are
// and tied to its place: who has the files sees how much came, and not what. They
// are not waited for to be on the disk: a piece that the power took is fetched again.

// partsFolder is behind the name of the cache.
const partsFolder = ".parts"

var bucketParts = []byte("parts") // of no file: what the pieces are tied to

func (f *file) parts() string { return f.path + partsFolder }

type waiting struct {
	c    *Cache
	name string
	file *os.File
	sum  hash.Hash
	size int64 // of what came
	n    uint64
	end  int64 // of the file
}

// Part opens what has come of a segment, by its hash.
func (c *Cache) Part(name string) (segment.Part, error) {
	if !segment.Named(name) {
		return nil, fmt.Errorf("open what came of segment %.80q: that is no name of one", name)
	}
	c.mu.RLock()
	dir := c.f.parts()
	c.mu.RUnlock()
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, err
	}
	file, err := os.OpenFile(filepath.Join(dir, name), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	p := &waiting{c: c, name: name, file: file, sum: sha256.New()}
	if err := p.look(); err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return p, nil
}

// look reads the pieces that are sound; what is behind them is cut off.
func (p *waiting) look() error {
	err := p.pieces(func(b []byte) { p.sum.Write(b) })
	if err != nil {
		return err
	}
	if err := p.file.Truncate(p.end); err != nil {
		return err
	}
	_, err = p.file.Seek(p.end, io.SeekStart)
	return err
}

// mostPiece bounds what is taken for a piece, in bytes.
const mostPiece = 1 << 20

// pieces gives the pieces that are sound, from the first.
func (p *waiting) pieces(take func([]byte)) error {
	p.c.mu.RLock()
	defer p.c.mu.RUnlock()
	if _, err := p.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	p.n, p.end, p.size = 0, 0, 0
	r := bufio.NewReaderSize(p.file, 1<<17)
	for {
		var head [4]byte
		if _, err := io.ReadFull(r, head[:]); err != nil {
			return notEnd(err)
		}
		n := binary.BigEndian.Uint32(head[:])
		if n > mostPiece {
			return nil
		}
		v := make([]byte, n)
		if _, err := io.ReadFull(r, v); err != nil {
			return notEnd(err)
		}
		b, err := p.c.f.open(bucketParts, p.key(), v)
		if err != nil {
			return nil // of another key, or half of one: it is fetched again
		}
		take(b)
		p.n++
		p.size += int64(len(b))
		p.end += int64(len(head) + len(v))
	}
}

func notEnd(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return nil
	}
	return err
}

func (p *waiting) key() []byte { return binary.BigEndian.AppendUint64([]byte(p.name), p.n) }

func (p *waiting) Size() int64 { return p.size }

func (p *waiting) Whole() bool {
	state, err := p.sum.(encoding.BinaryMarshaler).MarshalBinary()
	if err != nil {
		return false
	}
	h := sha256.New()
	if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state); err != nil {
		return false
	}
	return hex.EncodeToString(h.Sum(nil)) == p.name
}

// Add is that of [segment.Part]: of at most half a megabyte.
func (p *waiting) Add(b []byte) error {
	p.c.mu.RLock()
	defer p.c.mu.RUnlock()
	v := p.c.f.seal(bucketParts, p.key(), append(p.c.f.newValue(len(b)), b...))
	if _, err := p.file.Write(append(binary.BigEndian.AppendUint32(make([]byte, 0, 4+len(v)), uint32(len(v))), v...)); err != nil {
		return errors.Join(err, p.file.Truncate(p.end))
	}
	p.sum.Write(b)
	p.n++
	p.size += int64(len(b))
	p.end += int64(4 + len(v))
	return nil
}

func (p *waiting) Begin() error {
	p.sum.Reset()
	p.n, p.end, p.size = 0, 0, 0
	if err := p.file.Truncate(0); err != nil {
		return err
	}
	_, err := p.file.Seek(0, io.SeekStart)
	return err
}

func (p *waiting) Packed() ([]byte, error) {
	out := make([]byte, 0, p.size)
	err := p.pieces(func(b []byte) { out = append(out, b...) })
	return out, err
}

func (p *waiting) Close() error { return p.file.Close() }

// KeepParts forgets the segments that wait, but for some; nil: all of them.
func (c *Cache) KeepParts(names []string) error {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.f.keepParts(names)
}

func (f *file) keepParts(names []string) error {
	if len(names) == 0 {
		return os.RemoveAll(f.parts())
	}
	there, err := os.ReadDir(f.parts())
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	keep := slices.Sorted(slices.Values(names))
	for _, e := range there {
		if _, found := slices.BinarySearch(keep, e.Name()); !found {
			err = errors.Join(err, os.Remove(filepath.Join(f.parts(), e.Name())))
		}
	}
	return err
}

// packed reads a segment that waits, and checks it.
func (c *Cache) packed(ctx context.Context, name string) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	p, err := c.Part(name)
	if err != nil {
		return nil, err
	}
	defer p.Close()
	if !p.Whole() {
		return nil, fmt.Errorf("segment %s is not whole any more", name)
	}
	return p.Packed()
}
