package names

import (
	"bytes"
	"cmp"
	"encoding/hex"
	"slices"
	"sort"
	"strings"
)

// perBlock is how many people a whole block holds.
const perBlock = 1 << 15

// block is some people, in the order of their names. It never changes.
//
// text is their names with a line end behind each; at says where each begins. words
// are all places where a word begins, in the order of the text from there on; firsts
// are those of words that differ from the one before.
type block struct {
	text   []byte
	at     []uint32
	words  []uint32
	firsts []uint32
	ids    []byte
	idAt   []uint32 // nil: each has idSize bytes
}

// A person's id is kept as it is behind a byte, or a UUID in 16 bytes.
const (
	idPlain = 0
	idUUID  = 1
	idSize  = 17
)

// person is one name on its way into a block.
type person struct{ name, id string }

// longest is how many bytes of a name are looked at.
const longest = 256

// clip gives the part of a folded name that is looked at.
func clip(name string) string {
	if len(name) > longest {
		name = strings.ToValidUTF8(name[:longest], "")
	}
	if strings.IndexByte(name, '\n') >= 0 {
		name = strings.ReplaceAll(name, "\n", " ")
	}
	return strings.TrimSpace(name)
}

// newBlock makes a block of people, whose order it changes.
func newBlock(all []person) *block {
	slices.SortFunc(all, func(a, b person) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.id, b.id)) })
	size, words := 0, 0
	even := true
	for _, p := range all {
		size += len(p.name) + 1
		words += strings.Count(p.name, " ") + 1
		even = even && isUUID(p.id)
	}
	b := &block{text: make([]byte, 0, size), at: make([]uint32, 0, len(all)), words: make([]uint32, 0, words)}
	if even {
		b.ids = make([]byte, 0, idSize*len(all))
	} else {
		b.idAt = make([]uint32, 0, len(all))
	}
	for _, p := range all {
		from := len(b.text)
		b.at = append(b.at, uint32(from))
		for i := range p.name {
			if i == 0 || p.name[i-1] == ' ' {
				b.words = append(b.words, uint32(from+i))
			}
		}
		b.text = append(append(b.text, p.name...), '\n')
		if b.idAt != nil {
			b.idAt = append(b.idAt, uint32(len(b.ids)))
		}
		b.ids = appendID(b.ids, p.id)
	}
	b.ids = slices.Clip(b.ids)
	slices.SortFunc(b.words, func(x, y uint32) int { return bytes.Compare(b.line(x), b.line(y)) })
	for i, w := range b.words {
		if i == 0 || !bytes.Equal(b.word(w), b.word(b.words[i-1])) {
			b.firsts = append(b.firsts, uint32(i))
		}
	}
	b.firsts = slices.Clip(b.firsts)
	return b
}

// line is the text from a place to the end of its name, and word to the end of its
// word.
func (b *block) line(at uint32) []byte {
	rest := b.text[at:]
	return rest[:bytes.IndexByte(rest, '\n')]
}

func (b *block) word(at uint32) []byte {
	rest := b.text[at:]
	for i, c := range rest {
		if c == ' ' || c == '\n' {
			return rest[:i]
		}
	}
	return rest
}

// person gives the number of the one whose name holds a place.
func (b *block) person(at uint32) int {
	i, found := slices.BinarySearch(b.at, at)
	if !found {
		i--
	}
	return i
}

func (b *block) name(i int) []byte { return b.line(b.at[i]) }

func (b *block) id(i int) string {
	from := i * idSize
	to := from + idSize
	if b.idAt != nil {
		from, to = int(b.idAt[i]), len(b.ids)
		if i+1 < len(b.idAt) {
			to = int(b.idAt[i+1])
		}
	}
	return readID(b.ids[from:to])
}

// begins gives the number of the first whose name is not before something.
func (b *block) begins(with string) int {
	return sort.Search(len(b.at), func(i int) bool { return bytes.Compare(b.name(i), []byte(with)) >= 0 })
}

// wordsThat gives the places in words at which the text begins with something.
func (b *block) wordsThat(begin string) (from, to int) {
	from = sort.Search(len(b.words), func(i int) bool { return bytes.Compare(b.line(b.words[i]), []byte(begin)) >= 0 })
	to = from + sort.Search(len(b.words)-from, func(i int) bool { return !bytes.HasPrefix(b.line(b.words[from+i]), []byte(begin)) })
	return from, to
}

// last gives the place behind the words that are the same as the one in firsts.
func (b *block) last(first int) int {
	if first+1 < len(b.firsts) {
		return int(b.firsts[first+1])
	}
	return len(b.words)
}

func (b *block) size() int {
	return cap(b.text) + 4*(cap(b.at)+cap(b.words)+cap(b.firsts)+cap(b.idAt)) + cap(b.ids)
}

// isUUID reports an id in the usual form of a UUID, in small letters.
func isUUID(id string) bool {
	if len(id) != 36 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}

func appendID(to []byte, id string) []byte {
	if !isUUID(id) {
		return append(append(to, idPlain), id...)
	}
	var b [16]byte
	_, _ = hex.Decode(b[:], []byte(strings.ReplaceAll(id, "-", ""))) // of hexadecimal digits alone
	return append(append(to, idUUID), b[:]...)
}

func readID(b []byte) string {
	if b[0] == idPlain {
		return string(b[1:])
	}
	var out [36]byte
	b = b[1:]
	hex.Encode(out[:8], b[:4])
	hex.Encode(out[9:13], b[4:6])
	hex.Encode(out[14:18], b[6:8])
	hex.Encode(out[19:23], b[8:10])
	hex.Encode(out[24:], b[10:])
	for _, i := range [...]int{8, 13, 18, 23} {
		out[i] = '-'
	}
	return string(out[:])
}
