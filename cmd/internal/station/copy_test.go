package station

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
	"circdesk/store/secret"
	"circdesk/store/storetest/memory"
)

func TestMain(m *testing.M) {
	bolt.RunCheckChild() // else each check would run all tests again
	os.Exit(memory.Run(m))
}

// away is a sealed desk that has worked, and whose central system is not there.
type away struct {
	*Station
	t    *testing.T
	dir  string
	keys folder.Keys
	now  time.Time
}

func newAway(t *testing.T) *away {
	a := &away{t: t, dir: t.TempDir(), now: time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)}
	a.keys = folder.Keys{Keeper: &losing{Keeper: new(secret.Memory)}, Kind: folder.KindKeyring, Seal: true}
	a.opens()
	rows := []circ.Row{
		circ.Patron{ID: "p", Card: "21234000012345", Family: "Müller", Group: "adult"},
		circ.Card{Number: "21234000012345", Patron: "p", State: circ.CardValid},
		circ.Title{ID: "t", Title: "Die Blechtrommel"},
		circ.Item{ID: "i", Barcode: "31234000567890", Title: "t", Type: "book", Home: "main"},
	}
	if err := a.Desk.Take(t.Context(), "", rows, "cursor", true); err != nil {
		t.Fatal(err)
	}
	d, e, err := a.Desk.Fact(t.Context(), a.Desk.Act("ana", circ.CheckOut{Card: "21234000012345", Barcode: "31234000567890"}), nil)
	if err != nil || e == nil {
		t.Fatal(d, err)
	}
	return a
}

// losing is a keyring that may lose what it holds.
type losing struct {
	secret.Keeper
	lost bool
}

func (l *losing) Get(name string) ([]byte, error) {
	if l.lost {
		return nil, secret.ErrNoKeyring
	}
	return l.Keeper.Get(name)
}

// opens opens the desk, as a start does.
func (a *away) opens() {
	a.t.Helper()
	stores, err := folder.Folder(a.dir).OpenWith(a.t.Context(), a.keys)
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { _ = stores.Close() })
	rules := policy.Default("EUR", "Europe/Berlin")
	a.Station = &Station{stores: stores}
	if a.Desk, err = local.Open(a.t.Context(), local.Config{
		ID: "d1", Library: "main", Zone: "Europe/Berlin", Journal: stores.Journal, Cache: stores.Cache, Rules: rules,
		Now: func() time.Time { return a.now }, NewID: entryID,
	}); err != nil {
		a.t.Fatal(err)
	}
}

// knows reports whether the desk knows the patron, how many entries its journal has
// and how many wait.
func (a *away) knows() (patron bool, entries, waits int) {
	a.t.Helper()
	err := a.Desk.View(a.t.Context(), func(r journal.Reader) error {
		rows, err := r.Read(a.t.Context(), []circ.Want{circ.ByKey(circ.KindCard, "21234000012345")})
		patron = err == nil && len(rows[0]) > 0
		return err
	})
	report, err2 := a.stores.Journal.Verify(a.t.Context(), nil)
	if err := errors.Join(err, err2); err != nil || len(report.Problems) > 0 {
		a.t.Fatal(err, report.Problems)
	}
	return patron, report.Entries, a.Desk.Unsettled()
}

func TestACopyThatIsTooOldIsEmptied(t *testing.T) {
	for _, row := range []struct {
		name  string
		after time.Duration
		days  int
		gone  bool
	}{
		{"a fortnight without a line", 14 * 24 * time.Hour, 0, false},
		{"and an hour", 14*24*time.Hour + time.Hour, 0, true},
		{"three days, where the library says two", 72 * time.Hour, 2, true},
		{"a year, where the library says never", 365 * 24 * time.Hour, -1, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			a := newAway(t)
			a.now = a.now.Add(row.after)
			gone, err := a.Stale(t.Context(), row.days)
			if err != nil || gone != row.gone {
				t.Fatalf("emptied: %v, want %v, error %v", gone, row.gone, err)
			}
			patron, entries, waits := a.knows()
			if patron == row.gone || entries != 1 || waits != 1 {
				t.Errorf("it knows the patron: %v; %d entries, %d wait", patron, entries, waits)
			}
			if !gone {
				return
			}
			if again, err := a.Stale(t.Context(), row.days); again || err != nil {
				t.Errorf("an empty copy is emptied: %v %v", again, err)
			}
			if err := a.Desk.Take(t.Context(), "", []circ.Row{circ.Card{Number: "21234000012345", Patron: "p", State: circ.CardValid}}, "next", true); err != nil {
				t.Error(err)
			}
			if patron, _, _ := a.knows(); !patron {
				t.Error("it is not filled again")
			}
			if err := a.stores.Close(); err != nil {
				t.Fatal(err)
			}
			a.opens()
			if patron, entries, _ := a.knows(); !patron || entries != 1 {
				t.Errorf("after a restart it knows the patron: %v; %d entries", patron, entries)
			}
		})
	}
}

func TestARevokedDeskForgetsItsCopy(t *testing.T) {
	a := newAway(t)
	path := filepath.Join(a.dir, folder.Cache)
	stolen, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.Forget(t.Context()); err != nil {
		t.Fatal(err)
	}
	if patron, entries, waits := a.knows(); patron || entries != 1 || waits != 1 {
		t.Errorf("it knows the patron: %v; %d entries, %d wait", patron, entries, waits)
	}
	if err := a.stores.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, stolen, 0o600); err != nil { // a copy of what it had, with all keys that are left
		t.Fatal(err)
	}
	a.opens()
	if patron, entries, _ := a.knows(); patron || entries != 1 {
		t.Errorf("a copy of what it had is opened: %v; %d entries", patron, entries)
	}
	if now, err := os.ReadFile(path); err != nil || bytes.Equal(now, stolen) {
		t.Errorf("it is still there (%v)", err)
	}
}
