package load

import (
	"crypto/sha256"
	"strings"

	"circdesk/desk/circ"
)

// newID derives the id of a record from what names it in the file. No entry has
// an id of that form, so no record that an entry makes has the same.
func newID(kind circ.Kind, name ...string) string {
	return circ.NewID(circ.EntryID("load\n"+strings.Join(name, "\n")), kind, 0)
}

// mark is what is remembered of a text: enough to know it again.
type mark [16]byte

func markOf(s ...string) (m mark) {
	sum := sha256.Sum256([]byte(strings.Join(s, "\x00")))
	copy(m[:], sum[:])
	return m
}
