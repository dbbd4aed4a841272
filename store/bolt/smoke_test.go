package bolt_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/store/bolt"
)

func entry(t testing.TB, id string, seq uint64, prev journal.Hash) journal.Entry {
	t.Helper()
	e, err := journal.Entry{
		Act:   circ.Act{ID: circ.EntryID(id), Desk: "d", At: time.Unix(1, 0).UTC(), Command: circ.CheckOut{Card: "1", Barcode: "2"}},
		Epoch: 1, Seq: seq, Prev: prev, Mode: journal.Fact,
	}.Finish()
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func TestSmoke(t *testing.T) {
	path := filepath.Join(t.TempDir(), "hub.db")
	h, err := bolt.OpenHub(path, bolt.NoSync())
	if err != nil {
		t.Fatal(err)
	}
	ctx := t.Context()
	one := entry(t, "1", 1, journal.Hash{})
	two := entry(t, "2", 2, one.Hash())
	if err := h.Update(ctx, func(tx journal.HubTx) error {
		for _, e := range []journal.Entry{one, two, one} {
			if _, err := tx.Add(ctx, e); err != nil {
				return err
			}
		}
		return tx.Put(ctx, []circ.Row{circ.Patron{ID: "p", Family: "Ärger", Given: "A"}, circ.Item{ID: "i", Barcode: "99"}})
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := bolt.OpenHub(path, bolt.Wait(time.Millisecond)); !errors.Is(err, journal.ErrHeld) {
		t.Fatalf("opened twice: %v", err)
	}
	if err := h.Close(); err != nil {
		t.Fatal(err)
	}
	if h, err = bolt.OpenHub(path); err != nil {
		t.Fatal(err)
	}
	defer h.Close()
	if err := h.View(context.Background(), func(tx journal.HubTx) error {
		un, err := tx.Unsettled(ctx, "d", 10)
		if err != nil || len(un) != 2 {
			t.Errorf("unsettled %v %v", un, err)
		}
		rows, err := tx.Read(ctx, []circ.Want{circ.In(circ.ByName, "ar", 5), circ.In(circ.ByBarcode, "99", 2), circ.ByKey(circ.KindPatron, "q")})
		t.Log(rows, err)
		fr, next, complete, err := tx.Since(ctx, "", 1)
		t.Log(fr, next, complete, err)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}
