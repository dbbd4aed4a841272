package wirecheck_test

import (
	"context"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/central/centraltest/wirecheck"
	"circdesk/desk/central/hub"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

const token = "a token for the test"

// TestHub tells the stories of the suite to our own hub; all that goes over the
// line meanwhile must be as the description says.
func TestHub(t *testing.T) {
	described := wirecheck.Read(t, hubserver.OpenAPI())
	centraltest.Run(t, func(t *testing.T) central.System {
		address, transport := start(t), &http.Transport{}
		t.Cleanup(transport.CloseIdleConnections)
		c, err := hub.New(hub.Config{
			URL: address, Token: token,
			Transport: &wirecheck.Transport{T: t, Description: described, Next: transport},
		})
		if err != nil {
			t.Fatal(err)
		}
		return c
	})
}

// start puts a hub that holds the library of the suite on a port of this machine.
func start(t testing.TB) (address string) {
	t.Helper()
	store, err := bolt.OpenHub(filepath.Join(t.TempDir(), "hub.db"), bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	s := hubserver.New(hubserver.Config{Store: hubserver.Watch(store), Rules: centraltest.Rules(), Now: time.Now})
	if err := s.Begin(t.Context(), "epoch of the test"); err != nil {
		t.Fatal(err)
	}
	err = s.Store.Update(t.Context(), func(tx journal.HubTx) error { return tx.Put(t.Context(), centraltest.Library()) })
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- hubserver.HTTP{Server: s, Token: token}.Serve(ctx, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}
