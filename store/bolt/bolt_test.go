package bolt_test

import (
	"path/filepath"
	"runtime/debug"
	"testing"

	"circdesk/desk/journal"
	"circdesk/store/bolt"
	"circdesk/store/storetest"
)

func openJournal(t testing.TB) journal.Store[journal.JournalTx] {
	t.Helper()
	s, err := bolt.OpenJournal(filepath.Join(t.TempDir(), "journal.db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, s) })
	return s
}

func openCache(t testing.TB) journal.Store[journal.CacheTx] {
	t.Helper()
	s, err := bolt.OpenCache(filepath.Join(t.TempDir(), "cache.db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, s) })
	return s
}

func openHub(t testing.TB) journal.Store[journal.HubTx] {
	t.Helper()
	s, err := bolt.OpenHub(filepath.Join(t.TempDir(), "hub.db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, s) })
	return s
}

func closed(t testing.TB, s interface{ Close() error }) {
	t.Helper()
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func TestJournal(t *testing.T) {
	fewerCollections(t)
	storetest.RunStore(t, openJournal)
	storetest.RunLedger(t, openJournal)
}

func TestCache(t *testing.T) {
	fewerCollections(t)
	storetest.RunStore(t, openCache)
	storetest.RunBook(t, openCache)
}

func TestHub(t *testing.T) {
	fewerCollections(t)
	storetest.RunHub(t, openHub)
}

// fewerCollections lets the garbage of one test grow: it is a test of many short
// lives, most of whose time would go into collecting after them.
func fewerCollections(t *testing.T) {
	was := debug.SetGCPercent(400)
	t.Cleanup(func() { debug.SetGCPercent(was) })
}
