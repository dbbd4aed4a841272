package bolt

import (
	"bytes"
	"context"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// What became of a question is kept by the question: of the desk that says something of
// it first, which is nearly always the one that asked. What other desks say of it stands
// by the question and the desk. The question need not be there, so nobody knows yet whose
// it is.

// laterKey is the key of what became of a question as a desk says that is not the first
// to. It begins with an empty part, as no entry's id is empty.
func laterKey(of circ.EntryID, desk circ.DeskID) []byte {
	k := make([]byte, 0, len(of)+len(desk)+6)
	return appendPart(appendPart(appendPart(k, ""), string(of)), string(desk))
}

// became notes what became of an asked entry: what a clerk was told counts more than that
// nobody was.
func (t *tx) became(e journal.Entry, key []byte) error {
	at, was, err := t.laterAt(e.Act.Desk, e.Of)
	if err != nil {
		return err
	}
	if was != nil {
		was, err := t.at(was)
		if err != nil || was.Mode == journal.Stood || e.Mode != journal.Stood {
			return err
		}
	}
	return t.put(bucketLater, at, key)
}

// laterAt gives where it is noted what became of a question as the desk says, and the key
// of the entry that says so; nil: it says nothing. The desk "": the first that does.
func (t *tx) laterAt(desk circ.DeskID, of circ.EntryID) (at, key []byte, err error) {
	at = idKey(string(of))
	key, err = t.get(bucketLater, at)
	if key == nil || err != nil || desk == "" || bytes.HasPrefix(key, idKey(string(desk))) {
		return at, key, err
	}
	at = laterKey(of, desk)
	key, err = t.get(bucketLater, at)
	return at, key, err
}

// Later gives the stood or withdrawn entry of a desk that names its asked one; of more the
// first that stood, else the first.
func (t *tx) Later(_ context.Context, asked circ.DeskID, id circ.EntryID) (e journal.Entry, ok bool, err error) {
	defer t.guard(&err, "read what came after entry %q", id)
	_, key, err := t.laterAt(asked, id)
	if key == nil || err != nil {
		return e, false, err
	}
	e, err = t.at(key)
	return e, err == nil, err
}
