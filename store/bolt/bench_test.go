package bolt_test

import (
	"path/filepath"
	"testing"
	"time"

	"go.etcd.io/bbolt"

	"circdesk/desk/journal"
)

// What an Update alone costs beside a plain one of bbolt that writes the same.
func BenchmarkAlone(b *testing.B) {
	b.Run("bbolt", func(b *testing.B) {
		db, err := bbolt.Open(filepath.Join(b.TempDir(), "x.db"), 0o600, &bbolt.Options{Timeout: time.Second, FreelistType: bbolt.FreelistMapType, NoSync: true})
		if err != nil {
			b.Fatal(err)
		}
		defer closed(b, db)
		for b.Loop() {
			if err := db.Update(func(tx *bbolt.Tx) error {
				n, err := tx.CreateBucketIfNotExists([]byte("notes"))
				if err != nil {
					return err
				}
				return n.Put([]byte("n"), make([]byte, 300))
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("store", func(b *testing.B) {
		j := openJournal(b)
		for b.Loop() {
			if err := j.Update(b.Context(), func(tx journal.JournalTx) error {
				return tx.SetNote(b.Context(), "n", make([]byte, 300))
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
