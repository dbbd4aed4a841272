package bolt

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"go.etcd.io/bbolt"

	"circdesk/desk/journal"
)

// tx is a [journal.HubTx], and so a [journal.JournalTx] and a
// [journal.CacheTx]; which of them a caller sees depends on the file.
type tx struct {
	f     *file
	b     *bbolt.Tx // nil: over
	wrote bool
	turn  uint64 // number of the transaction in the feed; 0: nothing was put yet
	pos   uint32 // records put by it so far
	used  []used // the buckets that were used so far
	found []line // by the last lookup: the next one has its room
	puts  []put  // what it has changed so far, where a mirror is to have it
}

// used is a bucket that was found, and the cursor of lookups in it.
type used struct {
	name []byte
	b    *bbolt.Bucket
	c    *bbolt.Cursor
}

var _ journal.HubTx = (*tx)(nil)

var errOver = errors.New("the transaction is over")

// guard turns a panic of bbolt on a damaged page into an error, and says what
// was tried. It is called by defer.
func (t *tx) guard(err *error, what string, on ...any) {
	if r := recover(); r != nil {
		*err = &DamagedError{t.f.path, fmt.Sprint(r)}
	}
	if *err != nil {
		*err = fmt.Errorf(what+": %w", append(on, *err)...)
	}
}

// in gives a bucket.
func (t *tx) in(name []byte) (*bbolt.Bucket, error) {
	u, err := t.use(name)
	if err != nil {
		return nil, err
	}
	return u.b, nil
}

func (t *tx) use(name []byte) (*used, error) {
	if t.b == nil {
		return nil, errOver
	}
	for i := range t.used {
		if u := &t.used[i]; &u.name[0] == &name[0] {
			return u, nil
		}
	}
	b := t.b.Bucket(name)
	if b == nil {
		return nil, t.damaged("no bucket %s", name)
	}
	t.used = append(t.used, used{name: name, b: b})
	return &t.used[len(t.used)-1], nil
}

// seek gives a cursor that is good until the next seek in the bucket, and the
// pair at or behind a key.
func (t *tx) seek(name, key []byte) (c *bbolt.Cursor, k, v []byte, err error) {
	u, err := t.use(name)
	if err != nil {
		return nil, nil, nil, err
	}
	if u.c == nil {
		u.c = u.b.Cursor()
	}
	k, v = u.c.Seek(key)
	return u.c, k, v, nil
}

func (t *tx) damaged(reason string, args ...any) error {
	return &DamagedError{t.f.path, fmt.Sprintf(reason, args...)}
}

func (t *tx) put(bucket, key, value []byte) error {
	b, err := t.in(bucket)
	if err != nil {
		return err
	}
	if t.b.Writable() {
		t.wrote = true
	}
	if t.f.mirror != nil {
		t.puts = append(t.puts, put{bucket, bytes.Clone(key), append([]byte{}, value...)})
	}
	return b.Put(key, value)
}

func (t *tx) get(bucket, key []byte) ([]byte, error) {
	_, k, v, err := t.seek(bucket, key)
	if err != nil || !bytes.Equal(k, key) {
		return nil, err
	}
	if v == nil { // as bbolt gives a value of no bytes
		v = []byte{}
	}
	return v, nil
}

func (t *tx) remove(bucket, key []byte) error {
	b, err := t.in(bucket)
	if err != nil {
		return err
	}
	if t.b.Writable() {
		t.wrote = true
	}
	if t.f.mirror != nil {
		t.puts = append(t.puts, put{bucket, bytes.Clone(key), nil})
	}
	return b.Delete(key)
}

// Note gives a note.
func (t *tx) Note(_ context.Context, name string) (value []byte, err error) {
	defer t.guard(&err, "read note %q", name)
	v, err := t.get(bucketNotes, idKey(name))
	if v == nil || err != nil {
		return nil, err
	}
	b, err := t.f.open(bucketNotes, idKey(name), v)
	if err != nil {
		return nil, t.damaged("note %q: %v", name, err)
	}
	return append([]byte{}, b...), nil
}

// SetNote sets a note; nil removes it.
func (t *tx) SetNote(_ context.Context, name string, value []byte) (err error) {
	defer t.guard(&err, "set note %q", name)
	if value == nil {
		return t.remove(bucketNotes, idKey(name))
	}
	key := idKey(name)
	return t.put(bucketNotes, key, t.f.seal(bucketNotes, key, append(t.f.newValue(len(value)), value...)))
}
