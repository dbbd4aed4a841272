package bolt

import (
	"encoding/binary"
	"hash/fnv"
	"os"
)

// The last transaction of a bbolt file is named by one of its two first pages. If
// that page is damaged, the file opens as it was one transaction before, and
// nothing says so. No failure of power leaves it damaged: what counts of it is
// within one sector of the disk.

// Where a first page has what.
const (
	metaAt    = 16 // behind the head of the page
	metaSum   = 56 // behind that: the checksum of what is before it
	metaWhole = metaSum + 8
)

// behind reports whether one of a file's two first pages is damaged. A file that
// cannot be read is not: its open says why.
func behind(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	for i := range int64(2) {
		var b [metaWhole]byte
		if _, err := f.ReadAt(b[:], i*pageSize(path)+metaAt); err != nil {
			return false
		}
		sum := fnv.New64a()
		_, _ = sum.Write(b[:metaSum]) // never fails
		if sum.Sum64() != binary.NativeEndian.Uint64(b[metaSum:]) {
			return true
		}
	}
	return false
}

// Behind reports whether what was written last may be missing, since one of the
// journal's two first pages was damaged when it was opened.
func (j *Journal) Behind() bool { return j.f.behind }

// Behind is as [Journal.Behind].
func (h *Hub) Behind() bool { return h.f.behind }

// tellBehind adds to a report that what was written last may be missing.
func (f *file) tellBehind(r *Report) {
	if f.behind {
		r.Problems = append(r.Problems, Problem{f.path, "one of its two first pages is damaged: what was written last may be missing"})
	}
}
