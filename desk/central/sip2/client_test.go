package sip2

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

func openStore(t testing.TB, path string) *bolt.Hub {
	t.Helper()
	s, err := bolt.OpenHub(path, bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// standing gives the library of the suite: Ada, Ben, Cleo who is blocked, and sixty
// books.
func standing(t testing.TB) *library {
	l := newLibrary(t)
	for i, name := range []string{"Ada Ünal", "Ben Ünal", "Cleo Ünal"} {
		l.patrons[fmt.Sprint(2001+i)] = &member{name: name, owes: "0.00"}
	}
	l.patrons["2003"].blocked = true
	for i := 1; i <= 60; i++ {
		l.items[fmt.Sprint(3000+i)] = &copyOf{title: fmt.Sprintf("Book %d", (i+1)/2)}
	}
	return l
}

// clientOf gives a client of the library, with what a file said of it.
func clientOf(t testing.TB, l *library, store *bolt.Hub, loaded []circ.Row) *Client {
	t.Helper()
	err := store.Update(t.Context(), func(tx journal.HubTx) error {
		if err := tx.SetNote(t.Context(), noteEpoch, []byte("e1")); err != nil {
			return err
		}
		return tx.Put(t.Context(), loaded)
	})
	if err != nil {
		t.Fatal(err)
	}
	profile, err := ProfileOf("plain")
	if err != nil {
		t.Fatal(err)
	}
	profile.Form = l.form
	return New(ClientConfig{
		Config: Config{Address: "ils:6001", Profile: profile, Dial: l.dial, Account: Account{User: "d", Institution: "main", Currency: "EUR"}},
		Store:  store, Rules: policy.Default("EUR", "Europe/Berlin"), Now: time.Now,
	})
}

func TestClient(t *testing.T) {
	centraltest.Run(t, func(t *testing.T) central.System {
		l := standing(t)
		store := openStore(t, filepath.Join(t.TempDir(), "sip2.db"))
		c := clientOf(t, l, store, centraltest.Library())
		t.Cleanup(func() {
			c.Close()
			l.all.Wait()
			store.Close()
		})
		return c
	})
}
