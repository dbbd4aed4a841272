package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"

	"golang.org/x/crypto/chacha20poly1305"

	"circdesk/desk/journal"
)

// Every value begins with the CRC-32C of the rest.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const sumSize = 4

var (
	errChecksum = errors.New("its checksum does not fit")
	errShort    = errors.New("it is cut off")
)

// sum writes the checksum.
func sum(v []byte) []byte {
	binary.BigEndian.PutUint32(v, crc32.Checksum(v[sumSize:], castagnoli))
	return v
}

// summed checks a value and gives what follows the checksum.
func summed(v []byte) ([]byte, error) {
	if len(v) < sumSize {
		return nil, errShort
	}
	if binary.BigEndian.Uint32(v) != crc32.Checksum(v[sumSize:], castagnoli) {
		return nil, errChecksum
	}
	return v[sumSize:], nil
}

// newValue begins a value of about n bytes; [file.seal] ends it.
func (f *file) newValue(n int) []byte { return f.newValueBehind(nil, n) }

// newValueBehind begins a value of which a first part stays open;
// [file.sealBehind] ends it.
func (f *file) newValueBehind(open []byte, n int) []byte {
	head := sumSize
	if f.sealer != nil {
		head, n = sealHead, n+chacha20poly1305.Overhead
	}
	v := make([]byte, head+len(open), head+len(open)+n)
	copy(v[sumSize:], open)
	return v
}

// seal makes a value ready for its place: sealed where the file is, with its
// checksum in front.
func (f *file) seal(bucket, key, v []byte) []byte { return f.sealBehind(bucket, key, v, 0) }

// sealBehind seals what stands behind the open part, and ties it to that.
func (f *file) sealBehind(bucket, key, v []byte, open int) []byte {
	if f.sealer != nil {
		v = f.sealer.seal(bucket, key, v, open)
	}
	return sum(v)
}

// open checks a value and gives what was written; where the file is not sealed
// that is bbolt's own memory, good until the transaction ends.
func (f *file) open(bucket, key, v []byte) ([]byte, error) { return f.openBehind(bucket, key, v, 0) }

// openBehind gives what stands behind the open part.
func (f *file) openBehind(bucket, key, v []byte, open int) ([]byte, error) {
	b, err := summed(v)
	switch {
	case err != nil:
		return nil, err
	case len(b) < open:
		return nil, errShort
	case !f.sealed:
		return b[open:], nil
	case f.sealer == nil:
		return nil, ErrSealed
	}
	return f.sealer.open(bucket, key, b, open)
}

func appendBytes(b, part []byte) []byte {
	return append(binary.AppendUvarint(b, uint64(len(part))), part...)
}

func cutBytes(b []byte) (part, rest []byte, err error) {
	n, w := binary.Uvarint(b)
	if w <= 0 || n > uint64(len(b)-w) {
		return nil, nil, errShort
	}
	return b[w : w+int(n)], b[w+int(n):], nil
}

// entryValue writes an entry: its hash and its id, then its frame. The first two
// say nothing of anybody, and stand open in a sealed file, too.
func (t *tx) entryValue(key []byte, e journal.Entry) []byte {
	f, h := e.Frame(), e.Hash()
	open := appendBytes(append(make([]byte, 0, len(h)+len(e.Act.ID)+3), h[:]...), []byte(e.Act.ID))
	v := t.f.newValueBehind(open, len(f.Open)+len(f.Private)+len(f.Key)+12)
	v = appendBytes(v, f.Open)
	v = appendBytes(v, f.Private)
	return t.f.sealBehind(bucketEntries, key, appendBytes(v, f.Key), len(open))
}

// cutEntry cuts the parts that stand open from the value of an entry.
func cutEntry(v []byte) (h journal.Hash, id []byte, open int, err error) {
	b, err := summed(v)
	if err != nil {
		return h, nil, 0, err
	}
	if len(b) < len(h) {
		return h, nil, 0, errShort
	}
	id, rest, err := cutBytes(b[copy(h[:], b):])
	return h, id, len(b) - len(rest), err
}

// readEntry reads an entry and checks it against its hash. What the entry says
// may be of a later version, or nothing that can be understood: it is given
// back as far as it can be read (see [journal.Decode]).
func (t *tx) readEntry(key, v []byte) (e journal.Entry, h journal.Hash, err error) {
	return t.readEntryWith(key, v, journal.Decode)
}

// readPlace reads of an entry where it belongs, and checks it as readEntry does.
func (t *tx) readPlace(key, v []byte) (e journal.Entry, h journal.Hash, err error) {
	return t.readEntryWith(key, v, journal.DecodePlace)
}

func (t *tx) readEntryWith(key, v []byte, decode func(journal.Frame) (journal.Entry, error)) (e journal.Entry, h journal.Hash, err error) {
	h, id, open, err := cutEntry(v)
	if err != nil {
		return e, h, err
	}
	b, err := t.f.openBehind(bucketEntries, key, v, open)
	if err != nil {
		return e, h, err
	}
	if !t.f.sealed {
		b = bytes.Clone(b)
	}
	var f journal.Frame
	for _, part := range []*[]byte{&f.Open, &f.Private, &f.Key} {
		if *part, b, err = cutBytes(b); err != nil {
			return e, h, err
		}
	}
	e, err = decode(f)
	if un, ok := errors.AsType[*journal.UnreadableError](err); err != nil && (!ok || un.Desk == "") {
		return e, h, err
	}
	switch {
	case e.Hash() != h:
		return e, h, errors.New("its hash does not fit")
	case string(e.Act.ID) != string(id):
		return e, h, errors.New("its id does not fit")
	}
	return e, h, nil
}

// idOf reads the id alone.
func idOf(v []byte) (id []byte, err error) {
	_, id, _, err = cutEntry(v)
	return id, err
}

// hashOf reads the hash alone.
func hashOf(v []byte) (h journal.Hash, err error) {
	h, _, _, err = cutEntry(v)
	return h, err
}
