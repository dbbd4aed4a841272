package bolt

import (
	"context"
	"encoding/binary"

	"circdesk/desk/journal"
)

// midway reports whether an entry begins its chain here, although it is not the first
// of its epoch: see [journal.NoteMidway].
func (t *tx) midway(ctx context.Context, e journal.Entry, head journal.Mark) bool {
	return head.Seq == 0 && e.Seq > 1 && t.holdsOthers(ctx)
}

// holdsOthers reports whether the chains of the file may begin with any entry.
func (t *tx) holdsOthers(ctx context.Context) bool {
	v, err := t.Note(ctx, journal.NoteMidway)
	return err == nil && v != nil
}

// beginAt notes that what stands before the entry under a key waits for nothing here.
func (t *tx) beginAt(key []byte) error {
	chain, seq := key[:len(key)-8], seqOf(key)
	return t.put(bucketSettled, chain, t.f.seal(bucketSettled, chain, binary.BigEndian.AppendUint64(t.f.newValue(8), seq-1)))
}
