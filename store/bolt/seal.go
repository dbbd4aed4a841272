package bolt

import (
	"bytes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"sync"
	"sync/atomic"

	"go.etcd.io/bbolt"
	"golang.org/x/crypto/chacha20poly1305"

	"circdesk/store/secret"
)

// A sealed file has keys of its own, made at random, that seal its values
// (XChaCha20-Poly1305, tied to bucket and key). They stand in the file, each
// wrapped for the desk's key, and in a journal also for the server's recovery
// key. When that key changes, what is written next has a new key: values say by
// which they are sealed.
//
// What in the keys of a cache is about people or things is hidden behind a keyed
// hash, see [file.rowKey] and [file.lineKey].

// Errors on which callers branch.
var (
	ErrSealed   = errors.New("it is sealed, and there is no key for it")
	ErrOtherKey = errors.New("the key does not open it: it is another desk's")
)

// KeySize is the size of a desk's key, in bytes.
const KeySize = chacha20poly1305.KeySize

// Lock is what a file is sealed with. A new file is sealed with Key; an old one
// is opened with Key or, where that is nil, with Recovery. A file that is not
// sealed stays so.
type Lock struct {
	Key      []byte           // the desk's, of KeySize bytes
	Held     string           // what keeps Key; a new file says so to whoever opens it next: see [Look]
	Recovery *secret.Recovery // the server's; nil: none
}

// Sealed gives the lock of a file.
func Sealed(l Lock) Option { return func(o *options) { o.lock = &l } }

// In front of a sealed value stand its checksum, what stays open, the number of
// its key and a random nonce; the tag is its end.
const (
	sealVersion = 1
	genSize     = 2
	sealHead    = sumSize + genSize + chacha20poly1305.NonceSizeX
	mostKeys    = 1<<16 - 1
)

// metaSeal names the keys in the meta bucket: a [sealForm], as JSON behind its
// checksum.
var metaSeal = []byte("seal")

type sealForm struct {
	Held string    `json:"held,omitempty"`
	Keys []keyForm `json:"keys"` // the last seals
}

// keyForm is one key of a file, wrapped.
type keyForm struct {
	Desk []byte            `json:"desk"`         // for the desk's key
	To   map[string][]byte `json:"to,omitempty"` // for recovery keys, by their public half
}

// sealer seals and opens the values of a file.
type sealer struct {
	lock  Lock
	rekey sync.Mutex // one new recovery key at a time
	opens string     // the last one that was asked for; of who holds rekey
	keys  atomic.Pointer[[]dataKey]
	hide  sync.Pool // of keyed hashes, see hidden
}

type dataKey struct {
	key  []byte
	aead cipher.AEAD
}

var (
	errOpen  = errors.New("it was changed, or sealed with another key")
	errNoGen = errors.New("it names a key that the file does not have")
)

func newDataKey(key []byte) (dataKey, error) {
	aead, err := chacha20poly1305.NewX(key)
	return dataKey{key, aead}, err
}

// newSealer makes the first key of a new file.
func newSealer(l Lock, k kind, id []byte) (*sealer, sealForm, error) {
	s := &sealer{lock: l}
	made, form, err := s.makeKey(k, id, 1, "")
	if err != nil {
		return nil, sealForm{}, err
	}
	return s, sealForm{Held: l.Held, Keys: []keyForm{form}}, s.use([]dataKey{made})
}

// makeKey makes the nth key, wrapped for the desk and, unless it is empty, for a
// recovery key.
func (s *sealer) makeKey(k kind, id []byte, n int, public string) (made dataKey, form keyForm, err error) {
	key := make([]byte, KeySize)
	rand.Read(key) // never fails: it ends the program instead
	if made, err = newDataKey(key); err != nil {
		return made, form, err
	}
	desk, err := chacha20poly1305.NewX(s.lock.Key)
	if err != nil {
		return made, form, fmt.Errorf("the desk's key: %w", err)
	}
	nonce := make([]byte, desk.NonceSize(), desk.NonceSize()+KeySize+desk.Overhead())
	rand.Read(nonce)
	form.Desk = desk.Seal(nonce, nonce, key, wrapFor(k, id, n))
	if public != "" {
		wrapped, err := secret.WrapFor(public, key)
		if err != nil {
			return made, form, err
		}
		form.To = map[string][]byte{public: wrapped}
	}
	return made, form, nil
}

// wrapFor ties a wrapped key to its place.
func wrapFor(k kind, id []byte, n int) []byte {
	return fmt.Appendf(nil, "circdesk data key %d %d %s %x", sealVersion, n, k, id)
}

// openSealer opens the keys in a file.
func openSealer(l Lock, form sealForm, k kind, id []byte) (*sealer, error) {
	s := &sealer{lock: l}
	var keys []dataKey
	for i, f := range form.Keys {
		key, err := l.open(f, k, id, i+1)
		if err != nil {
			return nil, err
		}
		d, err := newDataKey(key)
		if err != nil {
			return nil, err
		}
		keys = append(keys, d)
	}
	return s, s.use(keys)
}

// open opens one wrapped key.
func (l Lock) open(f keyForm, k kind, id []byte, n int) ([]byte, error) {
	if l.Key != nil {
		desk, err := chacha20poly1305.NewX(l.Key)
		if err != nil {
			return nil, fmt.Errorf("the desk's key: %w", err)
		}
		if len(f.Desk) < desk.NonceSize() {
			return nil, errors.New("its keys are cut off")
		}
		key, err := desk.Open(nil, f.Desk[:desk.NonceSize()], f.Desk[desk.NonceSize():], wrapFor(k, id, n))
		if err != nil {
			return nil, ErrOtherKey
		}
		return key, nil
	}
	if l.Recovery == nil {
		return nil, ErrSealed
	}
	for public, wrapped := range f.To {
		if l.Recovery.Has(public) {
			return l.Recovery.Open(wrapped)
		}
	}
	if len(f.To) == 0 {
		return nil, fmt.Errorf("its desk had not met the server yet, and sealed it for nobody else: %w", ErrSealed)
	}
	return nil, fmt.Errorf("it was sealed for another recovery key than those of this server: %w", ErrOtherKey)
}

// use makes the keys those of the file.
func (s *sealer) use(keys []dataKey) error {
	if len(keys) == 0 {
		return errors.New("it is sealed with no key")
	}
	if s.hide.New == nil {
		mac, err := hkdf.Key(sha256.New, keys[0].key, nil, "circdesk keys of an index", sha256.Size)
		if err != nil {
			return err
		}
		s.hide.New = func() any { return hmac.New(sha256.New, mac) }
	}
	s.keys.Store(&keys)
	return nil
}

// bound is what a sealed value is tied to: its place, and what stands open of it.
func bound(bucket, key, open []byte) []byte {
	b := make([]byte, 0, 6+len(bucket)+len(key)+len(open))
	b = append(b, sealVersion, byte(len(bucket)))
	b = append(b, bucket...)
	b = binary.BigEndian.AppendUint32(b, uint32(len(key)))
	return append(append(b, key...), open...)
}

// seal seals a value behind its head, in place where it has room for the tag, too.
func (s *sealer) seal(bucket, key, v []byte, open int) []byte {
	keys := *s.keys.Load()
	first := sumSize + open
	head := first + genSize + chacha20poly1305.NonceSizeX
	binary.BigEndian.PutUint16(v[first:], uint16(len(keys)))
	nonce := v[first+genSize : head]
	rand.Read(nonce)
	text := keys[len(keys)-1].aead.Seal(v[head:head], nonce, v[head:], bound(bucket, key, v[sumSize:first]))
	return append(v[:head], text...)
}

// open opens a value without its checksum.
func (s *sealer) open(bucket, key, v []byte, open int) ([]byte, error) {
	head := open + genSize + chacha20poly1305.NonceSizeX
	if len(v) < head+chacha20poly1305.Overhead {
		return nil, errShort
	}
	keys := *s.keys.Load()
	n := int(binary.BigEndian.Uint16(v[open:]))
	if n < 1 || n > len(keys) {
		return nil, errNoGen
	}
	b, err := keys[n-1].aead.Open(make([]byte, 0, len(v)-head), v[open+genSize:head], v[head:], bound(bucket, key, v[:open]))
	if err != nil {
		return nil, errOpen
	}
	return b, nil
}

// hiddenSize is how many bytes of a keyed hash stand in a key.
const hiddenSize = 16

// hidden gives the keyed hash (HMAC-SHA-256) of a part of a key. The same part of
// another place has another one.
func (s *sealer) hidden(place, part string) string {
	h := s.hide.Get().(hash.Hash)
	defer s.hide.Put(h)
	h.Reset()
	var b [2 * sha256.Size]byte
	buf := append(append(b[:0], byte(len(place))), place...)
	_, _ = h.Write(append(buf, part...)) // a hash does not fail
	return string(h.Sum(b[:0])[:hiddenSize])
}

// readSeal opens the keys of a file, if it is sealed.
func (f *file) readSeal(b *bbolt.Tx, o options) error {
	v := b.Bucket(bucketMeta).Get(metaSeal)
	if v == nil {
		return nil
	}
	form, err := readSealForm(v)
	if err != nil {
		return &DamagedError{f.path, "its keys: " + err.Error()}
	}
	f.held, f.sealed = form.Held, true
	switch {
	case o.lock == nil && o.keyless:
		return nil
	case o.lock == nil:
		return ErrSealed
	}
	f.sealer, err = openSealer(*o.lock, form, f.kind, f.id[:])
	return err
}

// sealNew makes the keys of a new file, where it is to be sealed.
func sealNew(meta *bbolt.Bucket, o options, k kind, id []byte) error {
	if o.lock == nil || o.lock.Key == nil {
		return nil
	}
	_, form, err := newSealer(*o.lock, k, id)
	if err != nil {
		return err
	}
	v, err := writeSealForm(form)
	if err != nil {
		return err
	}
	return meta.Put(metaSeal, v)
}

func readSealForm(v []byte) (form sealForm, err error) {
	b, err := summed(v)
	if err != nil {
		return form, err
	}
	return form, json.Unmarshal(bytes.Clone(b), &form)
}

func writeSealForm(form sealForm) ([]byte, error) {
	b, err := json.Marshal(form)
	if err != nil {
		return nil, err
	}
	return sum(append(make([]byte, sumSize), b...)), nil
}
