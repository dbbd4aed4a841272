package hub_test

import (
	"context"
	"net"
	"path/filepath"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/central/hub"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

const token = "a token for the test"

func TestHub(t *testing.T) {
	centraltest.Run(t, func(t *testing.T) central.System { return dial(t, start(t, bolt.NoSync())) })
}

// start puts a server that holds the library of the suite on a port of this
// machine, until the test ends.
func start(t testing.TB, opts ...bolt.Option) (address string) {
	t.Helper()
	store, err := bolt.OpenHub(filepath.Join(t.TempDir(), "hub.db"), opts...)
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
	address, stop := serve(t, s)
	t.Cleanup(func() {
		stop()
		s.Close()
		if err := store.Close(); err != nil {
			t.Error(err)
		}
	})
	return address
}

// serve puts a server on a port of this machine.
func serve(t testing.TB, s *hubserver.Server) (address string, stop func()) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- hubserver.HTTP{Server: s, Token: token}.Serve(ctx, l) }()
	return "http://" + l.Addr().String(), func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}
}

func dial(t testing.TB, address string) *hub.Client {
	t.Helper()
	c, err := hub.New(hub.Config{URL: address, Token: token})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Close)
	return c
}
