package bolt

import (
	"bytes"
	"crypto/rand"
	"testing"
)

// sealedFile is a file that seals, without a file.
func sealedFile(t testing.TB) *file {
	t.Helper()
	key := make([]byte, KeySize)
	rand.Read(key)
	s, _, err := newSealer(Lock{Key: key}, kindJournal, make([]byte, idSize))
	if err != nil {
		t.Fatal(err)
	}
	return &file{path: "x.db", kind: kindJournal, sealed: true, sealer: s}
}

func FuzzOpen(f *testing.F) {
	file := sealedFile(f)
	good := file.seal(bucketNotes, []byte("k"), append(file.newValue(5), "hello"...))
	f.Add([]byte("k"), good, 0)
	f.Add([]byte(""), []byte{}, 3)
	f.Add([]byte("other"), good[:20], 9)
	f.Fuzz(func(t *testing.T, key, v []byte, flip int) {
		if b, err := file.open(bucketNotes, key, v); err == nil && (string(key) != "k" || string(b) != "hello") {
			t.Fatalf("what nobody has sealed opens: %q", b)
		}
		sealed := file.seal(bucketNotes, key, append(file.newValue(len(v)), v...))
		if b, err := file.open(bucketNotes, key, sealed); err != nil || !bytes.Equal(b, v) {
			t.Fatalf("what was sealed does not come back: %q %v", b, err)
		}
		if _, err := file.open(bucketHeads, key, sealed); err == nil {
			t.Fatal("it opens in another bucket")
		}
		if _, err := file.open(bucketNotes, append(key[:len(key):len(key)], 0), sealed); err == nil {
			t.Fatal("it opens under another key")
		}
		at := (flip%len(sealed) + len(sealed)) % len(sealed)
		sealed[at] ^= 1 << (flip & 7)
		if _, err := file.open(bucketNotes, key, sealed); err == nil {
			t.Fatalf("a flipped bit in byte %d is not found", at)
		}
		if _, err := file.open(bucketNotes, key, sum(bytes.Clone(sealed))); err == nil && at >= sumSize {
			t.Fatalf("a flipped bit in byte %d, under a checksum that fits, is not found", at)
		}
	})
}
