package marc

import (
	_ "embed"
	"sort"
)

//go:generate go run ./internal/gentable

// marc8Table holds the code tables of the Library of Congress, sorted by key:
// six bytes a code. See internal/gentable for its source and its layout.
//
//go:embed marc8.tbl
var marc8Table string

const (
	codeSize  = 6
	combining = 0x800000 // the mark of a combining character in the table
)

// lookup gives the character of a key in the table and whether it combines
// with the character that follows it in MARC-8. ok is false for a key that is
// in no table.
func lookup(k0, k1, k2 byte) (char rune, combines, ok bool) {
	key := uint32(k0)<<16 | uint32(k1)<<8 | uint32(k2)
	n := len(marc8Table) / codeSize
	i := sort.Search(n, func(i int) bool { return tableWord(i*codeSize) >= key })
	if i == n || tableWord(i*codeSize) != key {
		return 0, false, false
	}
	v := tableWord(i*codeSize + 3)
	return rune(v &^ combining), v&combining != 0, true
}

func tableWord(at int) uint32 {
	return uint32(marc8Table[at])<<16 | uint32(marc8Table[at+1])<<8 | uint32(marc8Table[at+2])
}
