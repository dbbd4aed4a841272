// Package segment writes and reads the pieces that a snapshot of facts is carried
// in: rows as the stores keep them, compressed (Zstandard), known by the SHA-256 of
// what travels. The same rows in the same order give the same bytes.
//
// It does not know what a row means, which rows belong in which segment, or how the
// bytes get from one place to another.
package segment

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"iter"

	"github.com/klauspost/compress/zstd"

	"circdesk/desk/circ"
)

// Row is a record as it is kept: its key, and its JSON byte for byte.
type Row struct {
	circ.Key
	Body []byte
}

// Sizes, in bytes, before compression.
const (
	Full    = 2 << 20  // from which on a segment is full
	MaxRow  = 4 << 20  // of one row
	MaxOpen = 16 << 20 // of a segment: more is never unpacked
)

// Info says what a segment is.
type Info struct {
	Hash string // SHA-256 of the compressed bytes, hexadecimal
	Size int64  // of them, in bytes
	Rows int
}

// A Part is what has come of a segment so far; it waits where the facts are kept, in
// the form in which they are, and outlives a restart.
type Part interface {
	// Size is how many bytes have come.
	Size() int64
	// Whole reports whether what has come is the segment.
	Whole() bool
	// Add puts bytes behind those that have come.
	Add(b []byte) error
	// Begin forgets what has come.
	Begin() error
	// Packed gives what has come.
	Packed() ([]byte, error)
	Close() error
}

// Writer gathers rows and makes segments of them. The zero Writer is not ready: see
// [NewWriter].
type Writer struct {
	zip *zstd.Encoder
}

// NewWriter makes a writer. It is not safe for concurrent use.
func NewWriter() (*Writer, error) {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1), zstd.WithWindowSize(1<<20), zstd.WithEncoderCRC(false))
	return &Writer{z}, err
}

// Draft is a segment that is not full yet.
type Draft struct {
	rows int
	buf  []byte
}

// Rows says how many rows it has.
func (d *Draft) Rows() int { return d.rows }

// Full reports whether it should be ended.
func (d *Draft) Full() bool { return len(d.buf) >= Full }

// Add puts a row behind those that are there.
func (d *Draft) Add(r Row) error {
	n := len(r.Kind) + len(r.ID) + len(r.Body)
	if n > MaxRow {
		return fmt.Errorf("%s %.40q has %d bytes: at most %d travel", r.Kind, r.ID, n, MaxRow)
	}
	d.buf = appendPart(d.buf, string(r.Kind))
	d.buf = appendPart(d.buf, r.ID)
	d.buf = binary.AppendUvarint(d.buf, uint64(len(r.Body)))
	d.buf = append(d.buf, r.Body...)
	d.rows++
	return nil
}

func appendPart(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// End gives the segment's bytes and makes the draft empty again.
func (w *Writer) End(d *Draft) (Info, []byte) {
	b := w.zip.EncodeAll(d.buf, nil)
	info := Info{Hash: Hash(b), Size: int64(len(b)), Rows: d.rows}
	d.buf, d.rows = d.buf[:0], 0
	return info, b
}

// Hash is what a segment is known by.
func Hash(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// Named reports whether a text can be the hash of a segment: no path is made of
// anything else.
func Named(s string) bool {
	b, err := hex.DecodeString(s)
	return err == nil && len(b) == sha256.Size && s == hex.EncodeToString(b)
}

// Reader unpacks segments, one after the other. It is not safe for concurrent use.
type Reader struct {
	zip *zstd.Decoder
	buf []byte
}

// NewReader makes a reader. Close it.
func NewReader() (*Reader, error) {
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxMemory(MaxOpen), zstd.WithDecoderMaxWindow(2<<20), zstd.WithDecoderLowmem(true))
	return &Reader{zip: z}, err
}

// Close lets go of its memory.
func (r *Reader) Close() { r.zip.Close() }

var errCut = errors.New("it is cut off")

// Rows unpacks a segment and gives its rows. A row and its bytes are good until the
// next one. An error comes last; what is no segment is one.
func (r *Reader) Rows(packed []byte) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		var err error
		if r.buf, err = r.zip.DecodeAll(packed, r.buf[:0]); err != nil {
			yield(Row{}, fmt.Errorf("unpack a segment: %w", err))
			return
		}
		kind := circ.Kind("")
		for b := r.buf; len(b) > 0; {
			var part [3][]byte
			for i := range part {
				n, w := binary.Uvarint(b)
				if w <= 0 || n > MaxRow || n > uint64(len(b)-w) {
					yield(Row{}, fmt.Errorf("read a segment: %w", errCut))
					return
				}
				part[i], b = b[w:w+int(n):w+int(n)], b[w+int(n):]
			}
			if !bytes.Equal(part[0], []byte(kind)) { // the same text again costs nothing
				kind = circ.Kind(part[0])
			}
			if !yield(Row{circ.Key{Kind: kind, ID: string(part[1])}, part[2]}, nil) {
				return
			}
		}
	}
}
