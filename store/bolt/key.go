package bolt

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"

	"circdesk/desk/circ"
)

// A key is made of parts, so that keys sort as their parts do and no two lists
// of parts give one key:
//
//	a part of at most maxPart bytes:  its bytes, 00 written as 00 FF, then 00 01
//	a longer part:                    its first maxPart bytes so, then 00 02 and the SHA-256 of the whole
//
// Longer parts sort among themselves by their hash; who cares about their order
// keeps them whole beside the key. A key of four parts stays below bbolt's
// limit of 32768 bytes.
const (
	maxPart = 2048

	endShort = 0x01
	endLong  = 0x02
	zeroByte = 0xff
)

// appendOpen adds the beginning of a part: keys whose part begins with s begin so.
func appendOpen(k []byte, s string) []byte {
	if len(s) > maxPart {
		s = s[:maxPart]
	}
	for i := range len(s) {
		k = append(k, s[i])
		if s[i] == 0 {
			k = append(k, zeroByte)
		}
	}
	return k
}

// appendPart adds a part.
func appendPart(k []byte, s string) []byte {
	k = appendOpen(k, s)
	if len(s) <= maxPart {
		return append(k, 0, endShort)
	}
	sum := sha256.Sum256([]byte(s))
	return append(append(k, 0, endLong), sum[:]...)
}

// afterPart gives what follows the first part of a key; nil: it is no such key.
func afterPart(k []byte) []byte {
	for {
		i := bytes.IndexByte(k, 0)
		if i < 0 || i+1 >= len(k) {
			return nil
		}
		end := k[i+1]
		k = k[i+2:]
		switch {
		case end == endShort:
			return k
		case end == endLong && len(k) >= sha256.Size:
			return k[sha256.Size:]
		case end != zeroByte:
			return nil
		}
	}
}

// readPart gives the first part of a key, and whether it is whole.
func readPart(k []byte) (part string, whole bool) {
	var out []byte // nil: no zero byte was written in two
	for from := 0; ; {
		i := bytes.IndexByte(k[from:], 0)
		if i += from; i < from || i+1 >= len(k) { // it does not end
			return string(out) + string(k[from:]), false
		}
		if k[i+1] != zeroByte {
			if out == nil {
				return string(k[:i]), k[i+1] == endShort
			}
			return string(append(out, k[from:i]...)), k[i+1] == endShort
		}
		out = append(append(out, k[from:i]...), 0)
		from = i + 2
	}
}

func idKey(id string) []byte { return appendPart(make([]byte, 0, len(id)+2), id) }

// rowKey is the key of a record. In a sealed file its id is hidden: cards are
// ids, and ids are made of barcodes. Records then stand in no order.
func (f *file) rowKey(k circ.Key) []byte {
	if f.sealer != nil {
		k.ID = f.sealer.hidden(string(bucketRows)+string(k.Kind), k.ID)
	}
	return appendPart(appendPart(make([]byte, 0, len(k.Kind)+len(k.ID)+4), string(k.Kind)), k.ID)
}

// chainKey is the key below which the entries of a desk's epoch stand.
func chainKey(d circ.DeskID, epoch uint64) []byte {
	k := appendPart(make([]byte, 0, len(d)+18), string(d))
	return binary.BigEndian.AppendUint64(k, epoch)
}

func entryKey(d circ.DeskID, epoch, seq uint64) []byte {
	return binary.BigEndian.AppendUint64(chainKey(d, epoch), seq)
}

// seqOf reads the number from the end of an entry's key.
func seqOf(k []byte) uint64 { return binary.BigEndian.Uint64(k[len(k)-8:]) }

// deskOf reads the desk from the beginning of a chain's key.
func deskOf(k []byte) string {
	desk, _ := readPart(k)
	return desk
}

// placeOf reads epoch and number from the end of an entry's key.
func placeOf(k []byte) (epoch, seq uint64) {
	if len(k) < 16 {
		return 0, 0
	}
	return binary.BigEndian.Uint64(k[len(k)-16:]), binary.BigEndian.Uint64(k[len(k)-8:])
}
