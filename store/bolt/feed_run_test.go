package bolt_test

import (
	"os"
	"path/filepath"
	"testing"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

// A server's store is put back to an earlier day and works on until its feed has come as
// far as before. A cursor of the days that were lost counts something else then.
func TestACursorOfALostDayIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	open := func() *bolt.Hub {
		h, err := bolt.OpenHub(path, bolt.NoSync())
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	put := func(h *bolt.Hub, ids ...string) {
		for _, id := range ids {
			if err := h.Update(t.Context(), func(tx journal.HubTx) error {
				return tx.Put(t.Context(), []circ.Row{circ.Title{ID: circ.TitleID(id), Title: id}})
			}); err != nil {
				t.Fatal(err)
			}
		}
	}
	since := func(h *bolt.Hub, cursor string) (ids []string, next string, err error) {
		err = h.View(t.Context(), func(tx journal.HubTx) error {
			rows, at, _, err := tx.Since(t.Context(), cursor, 100)
			for _, r := range rows {
				ids = append(ids, r.Key().ID)
			}
			next = at
			return err
		})
		return ids, next, err
	}
	h := open()
	put(h, "monday 1", "monday 2")
	_, monday, err := since(h, "")
	if err != nil || h.Close() != nil {
		t.Fatal(err)
	}
	backup, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	h = open()
	put(h, "tuesday 1", "tuesday 2")
	_, tuesday, err := since(h, monday)
	if err != nil || h.Close() != nil {
		t.Fatal(err)
	}
	h = open()
	if ids, _, err := since(h, tuesday); err != nil || len(ids) > 0 {
		t.Errorf("after a restart the cursor gives %v, %v", ids, err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, backup, 0o600); err != nil {
		t.Fatal(err)
	}
	h = open()
	defer h.Close()
	put(h, "wednesday 1", "wednesday 2", "wednesday 3") // further than tuesday's
	if ids, _, err := since(h, tuesday); err == nil {
		t.Errorf("a cursor of a lost day gives %v", ids)
	}
	if ids, _, err := since(h, monday); err != nil || len(ids) != 3 {
		t.Errorf("a cursor of the backup gives %v, %v", ids, err)
	}
}

// The feed keeps each record's last state for ever, so a desk that was away for months goes
// on from where it was, over any number of starts of the server.
func TestADeskThatWasAwayForMonthsGoesOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	first := ""
	const starts = 30
	for n := range starts {
		h, err := bolt.OpenHub(path, bolt.NoSync())
		if err != nil {
			t.Fatal(err)
		}
		err = h.Update(t.Context(), func(tx journal.HubTx) error {
			return tx.Put(t.Context(), []circ.Row{circ.Title{ID: circ.TitleID(string(rune(0x61 + n))), Title: "x"}, circ.Title{ID: "changes each time", Title: string(rune('a' + n))}})
		})
		if err == nil {
			err = h.View(t.Context(), func(tx journal.HubTx) error {
				rows, next, complete, err := tx.Since(t.Context(), first, 1000)
				if n == 0 {
					first = next
				} else if len(rows) != n+1 || !complete {
					t.Errorf("at start %d %d rows came", n, len(rows))
				}
				return err
			})
		}
		if err != nil || h.Close() != nil {
			t.Fatal(err)
		}
	}
}
