package local_test

import (
	"slices"
	"testing"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// TestACopyWithoutBirthDatesTellsThemByTheirMarks: the key comes with the greeting, is the
// same after the server's restart, and goes when the copy is emptied.
func TestACopyWithoutBirthDatesTellsThemByTheirMarks(t *testing.T) {
	w := newWorld(t)
	ok(t, w.hub.Begin(w.ctx, "epoch"))
	greet := func() []byte {
		t.Helper()
		got, err := w.hub.Hello(w.ctx, central.Hello{Desk: w.ID})
		ok(t, err)
		return got.Birth
	}
	key := greet()
	ok(t, w.hub.Begin(w.ctx, "epoch"))
	if len(key) < 32 || !slices.Equal(key, greet()) {
		t.Fatalf("the key %x", key)
	}
	ok(t, w.KeepBirthKey(w.ctx, key))
	ok(t, w.KeepBirthKey(w.ctx, nil))
	p := circ.Patron{ID: "B", Family: "Kos", Birth: "1990-04-23"}.WithoutBirth(key)
	ok(t, w.cache.Update(w.ctx, func(tx journal.CacheTx) error { return tx.Put(w.ctx, []circ.Row{p}) }))
	kept, err := w.BirthKey(w.ctx)
	ok(t, err)
	found, err := w.FindNamed(w.ctx, "kos", 5)
	ok(t, err)
	if len(found.Fit) != 1 || found.Fit[0].Birth != "" {
		t.Fatalf("%+v", found)
	}
	for day, want := range map[string]bool{"1990-04-23": true, "1990-04-22": false} {
		if is, known := found.Fit[0].BornOn(kept, day); is != want || !known {
			t.Errorf("%s: %v, %v", day, is, known)
		}
	}
	ok(t, w.Empty(w.ctx, func() error { return w.cache.Empty(nil) }))
	if kept, err = w.BirthKey(w.ctx); err != nil || kept != nil {
		t.Errorf("the copy was emptied, and has the key %x, %v", kept, err)
	}
}
