package bolt

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
)

// part draws parts near each other: bytes that escape, and lengths at the limit.
var part = rapid.Custom(func(t *rapid.T) string {
	s := string(rapid.SliceOfN(rapid.SampledFrom([]byte{0, 1, 2, 'a', 'b', 0xfe, 0xff}), 0, 4).Draw(t, "bytes"))
	if rapid.IntRange(0, 3).Draw(t, "long") == 0 {
		s = strings.Repeat("x", maxPart-2) + s
	}
	return s
})

func TestKeysSortAsTheirPartsDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := [2]string{part.Draw(t, "a"), part.Draw(t, "a'")}, [2]string{part.Draw(t, "b"), part.Draw(t, "b'")}
		key := func(p [2]string) []byte { return appendPart(appendPart(nil, p[0]), p[1]) }
		got, want := bytes.Compare(key(a), key(b)), cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
		long := func(p string) bool { return len(p) > maxPart }
		alike := long(a[0]) && long(b[0]) || a[0] == b[0] && long(a[1]) && long(b[1])
		if alike { // their order among themselves is that of their hash
			got, want = got*got, want*want
		}
		if got != want {
			t.Fatalf("%q and %q: %d, want %d", a, b, got, want)
		}
	})
}

func TestAKeyIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		one, two := part.Draw(t, "one"), part.Draw(t, "two")
		k := appendPart(appendPart(nil, one), two)
		for _, want := range []string{one, two} {
			got, whole := readPart(k)
			if whole != (len(want) <= maxPart) || got != want[:min(len(want), maxPart)] {
				t.Fatalf("part %q was read as %q, whole: %v", want, got, whole)
			}
			k = afterPart(k)
		}
		if len(k) != 0 {
			t.Fatalf("%q is left", k)
		}
	})
}

func TestTheLongestKeyFits(t *testing.T) {
	zeros := strings.Repeat("\x00", 100_000)
	f := new(file)
	row := f.rowKey(circ.Key{Kind: circ.Kind(zeros), ID: zeros})
	if k := f.lineKey(circ.Line{Index: circ.QueueOf, Of: zeros, Sort: zeros}, row); len(k) > 32768 {
		t.Errorf("%d bytes", len(k))
	}
	if len(row) != 2*(2*maxPart+2+sha256.Size) {
		t.Errorf("a record's key has %d bytes", len(row))
	}
}

func FuzzReadKey(f *testing.F) {
	f.Add([]byte("a\x00\x01b\x00\x02"))
	f.Add([]byte("\x00"))
	f.Fuzz(func(t *testing.T, k []byte) {
		for n := 0; k != nil && n < 10; n++ {
			readPart(k)
			k = afterPart(k)
		}
		for _, file := range []*file{{}, sealedFile(t)} {
			read := &tx{f: file}
			_, _ = read.readLine(k, k)
			_, _, _ = read.readEntry(k, k)
			_, _ = file.openRow(k, k)
		}
	})
}
