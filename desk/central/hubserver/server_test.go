package hubserver

import (
	"context"
	"path/filepath"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// newServer gives a server that holds the library of the suite.
func newServer(t testing.TB) *Server {
	t.Helper()
	store, err := bolt.OpenHub(filepath.Join(t.TempDir(), "hub.db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	s := New(Config{Store: Watch(store), Rules: centraltest.Rules(), Now: time.Now})
	if err := s.Begin(t.Context(), "epoch of the test"); err != nil {
		t.Fatal(err)
	}
	err = s.Store.Update(t.Context(), func(tx journal.HubTx) error { return tx.Put(t.Context(), centraltest.Library()) })
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestServer(t *testing.T) {
	centraltest.Run(t, func(t *testing.T) central.System { return direct{newServer(t)} })
}

// direct is the server as its HTTP side uses it.
type direct struct{ *Server }

func (d direct) Deliver(ctx context.Context, entries []journal.Entry) ([]journal.Receipt, error) {
	rs, err := d.Server.Deliver(ctx, entries)
	if err != nil {
		err = d.headed(ctx, entries[0], err)
	}
	return rs, err
}

func (d direct) Since(ctx context.Context, cursor string, n int, _ time.Duration) (central.Page, error) {
	return d.since(ctx, cursor, n)
}
