package bolt

import (
	"bytes"
	"encoding/binary"
	"errors"
	"hash/crc32"

	"circdesk/desk/journal"
)

// Every value begins with the CRC-32C of the rest.
var castagnoli = crc32.MakeTable(crc32.Castagnoli)

const sumSize = 4

var (
	errChecksum = errors.New("its checksum does not fit")
	errShort    = errors.New("it is cut off")
)

// newValue begins a value of about n bytes; [seal] ends it.
func newValue(n int) []byte { return make([]byte, sumSize, sumSize+n) }

// seal writes the checksum.
func seal(v []byte) []byte {
	binary.BigEndian.PutUint32(v, crc32.Checksum(v[sumSize:], castagnoli))
	return v
}

// unseal checks a value and gives what follows the checksum: bbolt's own
// memory, good until the transaction ends.
func unseal(v []byte) ([]byte, error) {
	if len(v) < sumSize {
		return nil, errShort
	}
	if binary.BigEndian.Uint32(v) != crc32.Checksum(v[sumSize:], castagnoli) {
		return nil, errChecksum
	}
	return v[sumSize:], nil
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

// entryValue writes an entry: its hash, its id, then its frame.
func entryValue(e journal.Entry) []byte {
	f, h := e.Frame(), e.Hash()
	v := newValue(len(h) + len(e.Act.ID) + len(f.Open) + len(f.Private) + len(f.Key) + 15)
	v = append(v, h[:]...)
	v = appendBytes(v, []byte(e.Act.ID))
	v = appendBytes(v, f.Open)
	v = appendBytes(v, f.Private)
	return seal(appendBytes(v, f.Key))
}

// readEntry reads an entry and checks it against its hash. What the entry says
// may be of a later version, or nothing that can be understood: it is given
// back as far as it can be read (see [journal.Decode]).
func readEntry(v []byte) (e journal.Entry, h journal.Hash, err error) {
	return readEntryWith(v, journal.Decode)
}

// readPlace reads of an entry where it belongs, and checks it as readEntry does.
func readPlace(v []byte) (e journal.Entry, h journal.Hash, err error) {
	return readEntryWith(v, journal.DecodePlace)
}

func readEntryWith(v []byte, decode func(journal.Frame) (journal.Entry, error)) (e journal.Entry, h journal.Hash, err error) {
	b, err := unseal(v)
	if err != nil {
		return e, h, err
	}
	if len(b) < len(h) {
		return e, h, errShort
	}
	copy(h[:], b)
	id, b, err := cutBytes(bytes.Clone(b[len(h):]))
	if err != nil {
		return e, h, err
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
	b, err := unseal(v)
	if err == nil && len(b) < len(journal.Hash{}) {
		err = errShort
	}
	if err != nil {
		return nil, err
	}
	id, _, err = cutBytes(b[len(journal.Hash{}):])
	return id, err
}

// hashOf reads the hash alone.
func hashOf(v []byte) (h journal.Hash, err error) {
	b, err := unseal(v)
	if err == nil && len(b) < len(h) {
		err = errShort
	}
	if err != nil {
		return h, err
	}
	copy(h[:], b)
	return h, nil
}
