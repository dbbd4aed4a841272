package sample

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/operator"
	"circdesk/desk/policy"
	"circdesk/store/bolt"
)

// wednesday is when most tests look at the sample: five past noon in Berlin.
var wednesday = time.Date(2026, 4, 1, 10, 5, 0, 0, time.UTC)

// world is the sample in a server's store, and at the desk that the demo opens.
type world struct {
	t     *testing.T
	now   time.Time
	rows  []circ.Row
	rules *policy.Set
	hub   *bolt.Hub
	desk  *local.Desk
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func sampleRules(t *testing.T) *policy.Set {
	t.Helper()
	rules, err := policy.Parse(Rules())
	must(t, err)
	return rules
}

func sampleRows(t *testing.T, now time.Time) []circ.Row {
	t.Helper()
	rows, err := Rows(now)
	must(t, err)
	return rows
}

func newWorld(t *testing.T, now time.Time) *world {
	t.Helper()
	w := &world{t: t, now: now, rows: sampleRows(t, now), rules: sampleRules(t)}
	dir := t.TempDir()
	var err error
	w.hub, err = bolt.OpenHub(filepath.Join(dir, "hub.db"), bolt.NoSync(), bolt.Unchecked())
	must(t, err)
	t.Cleanup(func() { must(t, w.hub.Close()) })
	must(t, w.hub.Update(t.Context(), func(tx journal.HubTx) error { return tx.Put(t.Context(), w.rows) }))
	cache, err := bolt.OpenCache(filepath.Join(dir, "cache.db"), bolt.NoSync(), bolt.Unchecked())
	must(t, err)
	t.Cleanup(func() { must(t, cache.Close()) })
	must(t, cache.Update(t.Context(), func(tx journal.CacheTx) error { return tx.Put(t.Context(), w.rows) }))
	j, err := bolt.OpenJournal(filepath.Join(dir, "journal.db"), bolt.NoSync(), bolt.Unchecked())
	must(t, err)
	t.Cleanup(func() { must(t, j.Close()) })
	ids := 0
	w.desk, err = local.Open(t.Context(), local.Config{
		ID: Desk, Library: Library, Zone: "Europe/Berlin", Journal: j, Cache: cache, Rules: w.rules,
		Now:   func() time.Time { return now },
		NewID: func() circ.EntryID { ids++; return circ.EntryID(fmt.Sprint("e", ids)) },
	})
	must(t, err)
	return w
}

// read reads the server's records.
func (w *world) read(wants ...circ.Want) (rows [][]circ.Row) {
	w.t.Helper()
	must(w.t, w.hub.View(w.t.Context(), func(tx journal.HubTx) (err error) {
		rows, err = tx.Read(w.t.Context(), wants)
		return err
	}))
	return rows
}

// one reads a record of the server; ok is false where there is none.
func one[R circ.Row](w *world, k circ.Kind, id string) (r R, ok bool) {
	w.t.Helper()
	if found := w.read(circ.ByKey(k, id))[0]; id != "" && len(found) > 0 {
		r, ok = found[0].(R)
	}
	return r, ok
}

// in reads an index of the server.
func in[R circ.Row](w *world, i circ.Index, of string) (out []R) {
	w.t.Helper()
	for _, r := range w.read(circ.In(i, of, 100))[0] {
		out = append(out, r.(R))
	}
	return out
}

// kind gives the rows of one kind.
func kind[R circ.Row](rows []circ.Row) (out []R) {
	for _, r := range rows {
		if v, ok := r.(R); ok {
			out = append(out, v)
		}
	}
	return out
}

// item reads the item with a barcode.
func (w *world) item(barcode string) circ.Item {
	w.t.Helper()
	found := in[circ.Item](w, circ.ByBarcode, barcode)
	if len(found) != 1 {
		w.t.Fatalf("%d items have the barcode %s", len(found), barcode)
	}
	return found[0]
}

// ask lets the desk decide, as somebody whose rights are not looked at.
func (w *world) ask(c circ.Command) circ.Decision {
	w.t.Helper()
	return w.askAs(w.desk.Act("ana", c), nil)
}

func (w *world) askAs(a circ.Act, rights []circ.Right) circ.Decision {
	w.t.Helper()
	d, err := w.desk.Decide(w.t.Context(), a, rights)
	must(w.t, err)
	return d
}

// signIn signs an operator of the sample in, and gives the rights.
func signIn(t *testing.T, name, pin string) ([]circ.Right, error) {
	t.Helper()
	roll, err := operator.Parse(Operators())
	must(t, err)
	o, err := operator.Fixed(roll, time.Now).SignIn(context.Background(), name, pin)
	rights := make([]circ.Right, len(o.Rights))
	for i, r := range o.Rights {
		rights[i] = circ.Right(r)
	}
	return rights, err
}

// saidOf gives the reasons of remarks.
func saidOf(remarks []circ.Remark) string { return fmt.Sprint(reasons(remarks)) }
