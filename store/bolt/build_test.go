package bolt

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"go.etcd.io/bbolt"
	"pgregory.net/rapid"
)

// built writes a file of buckets, by their names, and opens it with bbolt.
func built(t interface{ Fatal(...any) }, path string, buckets map[string]map[string]string) *bbolt.DB {
	b, err := newBuild(path)
	if err != nil {
		t.Fatal(err)
	}
	var list []builtBucket
	for _, name := range sortedKeys(buckets) {
		tree := tree{b: b}
		for _, k := range sortedKeys(buckets[name]) {
			if err := tree.put([]byte(k), []byte(buckets[name][k])); err != nil {
				t.Fatal(err)
			}
		}
		list = append(list, builtBucket{[]byte(name), tree.root()})
	}
	if err := b.finish(list, true); err != nil {
		t.Fatal(err)
	}
	db, err := bbolt.Open(path, 0o600, &bbolt.Options{NoSync: true, FreelistType: bbolt.FreelistMapType})
	if err != nil {
		t.Fatal(err)
	}
	return db
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// same compares a bucket with what should be in it, and has bbolt check all pages.
func same(t *rapid.T, db *bbolt.DB, buckets map[string]map[string]string) {
	err := db.View(func(tx *bbolt.Tx) error {
		for err := range tx.Check() {
			t.Error(err)
		}
		for name, want := range buckets {
			b := tx.Bucket([]byte(name))
			if b == nil {
				return fmt.Errorf("no bucket %s", name)
			}
			keys, i := sortedKeys(want), 0
			if err := b.ForEach(func(k, v []byte) error {
				if i >= len(keys) || string(k) != keys[i] || string(v) != want[keys[i]] {
					return fmt.Errorf("pair %d is %q", i, k)
				}
				i++
				return nil
			}); err != nil || i != len(keys) {
				return fmt.Errorf("bucket %s: %d of %d pairs, %w", name, i, len(keys), err)
			}
			for _, k := range keys {
				if string(b.Get([]byte(k))) != want[k] {
					return fmt.Errorf("bucket %s: %q is not found", name, k)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// TestAFileThatIsBuiltIsBboltsOwn: CIRCDESK_LONG=1 builds 300 files.
func TestAFileThatIsBuiltIsBboltsOwn(t *testing.T) {
	setChecks(t, "40", "300")
	dir := t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		buckets := map[string]map[string]string{}
		for _, name := range []string{"index", "meta", "rows"} {
			pairs := map[string]string{}
			for i := range rapid.SampledFrom([]int{0, 1, 2, 40, 700, 3000}).Draw(t, name) {
				key := fmt.Sprintf("%0*d", rapid.SampledFrom([]int{1, 9, 300, 1500}).Draw(t, "key"), i)
				pairs[key] = string(bytes.Repeat([]byte{byte(i)}, rapid.SampledFrom([]int{0, 1, 200, 200, 5000, 70000}).Draw(t, "value")%max(1, 200000/(i+1))))
			}
			buckets[name] = pairs
		}
		path := filepath.Join(dir, fmt.Sprint(rapid.Uint64().Draw(t, "file"), len(buckets["rows"])))
		b, err := filepath.Glob(path)
		if err != nil || len(b) > 0 {
			t.Skip("the file is there")
		}
		db := built(t, path, buckets)
		defer func() { _ = errors.Join(db.Close(), os.Remove(path)) }() // many files would need much room
		same(t, db, buckets)
		// And bbolt goes on with it.
		if err := db.Update(func(tx *bbolt.Tx) error {
			rows := tx.Bucket([]byte("rows"))
			for i, k := range sortedKeys(buckets["rows"]) {
				if i%3 == 0 {
					delete(buckets["rows"], k)
					if err := rows.Delete([]byte(k)); err != nil {
						return err
					}
				}
			}
			for i := range 500 {
				k := fmt.Sprintf("new %d", i)
				buckets["rows"][k] = k
				if err := rows.Put([]byte(k), []byte(k)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		same(t, db, buckets)
	})
}

// setChecks sets rapid's number of checks for one test, in the short form and in the
// long one, unless the command line set it.
func setChecks(t *testing.T, short, long string) {
	t.Helper()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if given {
		return
	}
	n := short
	if os.Getenv("CIRCDESK_LONG") != "" {
		n = long
	}
	checks := flag.Lookup("rapid.checks").Value
	was := checks.String()
	if err := checks.Set(n); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := checks.Set(was); err != nil {
			t.Error(err)
		}
	})
}

func TestABuildRefusesWhatIsOutOfOrder(t *testing.T) {
	b, err := newBuild(filepath.Join(t.TempDir(), "x"))
	if err != nil {
		t.Fatal(err)
	}
	defer b.drop()
	tree := tree{b: b}
	for _, row := range []struct {
		key  string
		fine bool
	}{{"b", true}, {"b", false}, {"a", false}, {"c", true}} {
		if err := tree.put([]byte(row.key), nil); errors.Is(err, errOrder) == row.fine {
			t.Errorf("%s: %v", row.key, err)
		}
	}
}
