package bolt

import (
	"bytes"
	"path/filepath"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestASorterSortsAndKeepsTheOrderOfEquals(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		s := (&file{path: filepath.Join(dir, "x.db")}).newSorter()
		s.limit = rapid.IntRange(0, 60).Draw(t, "limit")
		var want [][2][]byte
		for i := range rapid.IntRange(0, 30).Draw(t, "pairs") {
			kv := [2][]byte{bytes.Repeat([]byte{'a'}, rapid.IntRange(0, 5).Draw(t, "key")), {byte(i)}}
			want = append(want, kv)
			if err := s.add(kv[0], kv[1]); err != nil {
				t.Fatal(err)
			}
		}
		slices.SortStableFunc(want, func(a, b [2][]byte) int { return bytes.Compare(a[0], b[0]) })
		n := 0
		for kv, err := range s.sorted() {
			if err != nil {
				t.Fatal(err)
			}
			if n >= len(want) || !bytes.Equal(kv[0], want[n][0]) || !bytes.Equal(kv[1], want[n][1]) {
				t.Fatalf("pair %d is %q", n, kv)
			}
			n++
		}
		if n != len(want) {
			t.Fatalf("%d of %d came", n, len(want))
		}
		if err := s.close(); err != nil {
			t.Fatal(err)
		}
	})
	if left, _ := filepath.Glob(filepath.Join(dir, "*")); len(left) != 0 {
		t.Errorf("it left %v", left)
	}
}
