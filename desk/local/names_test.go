package local_test

import (
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// named gives the family names that a search fits and is near to.
func (w *world) named(query string) (fit, near []string) {
	w.t.Helper()
	found, err := w.FindNamed(w.ctx, query, 50)
	ok(w.t, err)
	for _, p := range found.Fit {
		fit = append(fit, p.Family)
	}
	for _, n := range found.Near {
		near = append(near, n.Patron.Family)
	}
	return fit, near
}

func (w *world) finds(query string, fit, near []string) {
	w.t.Helper()
	f, n := w.named(query)
	if !slices.Equal(f, fit) || !slices.Equal(n, near) {
		w.t.Errorf("%q finds %q and %q, not %q and %q", query, f, n, fit, near)
	}
}

// keep reads the names, and waits until all are there.
func (w *world) keep() {
	w.t.Helper()
	ctx, cancel := context.WithCancel(w.ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		_ = w.KeepNames(ctx)
	}()
	w.t.Cleanup(func() { cancel(); <-done })
	w.whole()
}

func (w *world) whole() {
	w.t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		kept := w.KeepsNames()
		found, err := w.FindNamed(w.ctx, "x", 1)
		ok(w.t, err)
		if kept && !found.Coming {
			return
		}
		if time.Now().After(end) {
			w.t.Fatal("the names are not there")
		}
	}
}

func (w *world) put(rows ...circ.Row) {
	w.t.Helper()
	ok(w.t, w.hub.Store.Update(w.ctx, func(tx journal.HubTx) error { return tx.Put(w.ctx, rows) }))
	w.pull()
}

func TestANameIsFoundAsItIsNow(t *testing.T) {
	for _, kept := range []bool{false, true} {
		t.Run(fmt.Sprintf("the names are kept: %v", kept), func(t *testing.T) {
			w := newWorld(t)
			w.pull()
			if kept {
				w.keep()
			}
			w.finds("sil", []string{"Silva"}, nil)
			w.finds("sliva", nil, []string{"Silva"})
			w.put(circ.Patron{ID: "R", Card: "2003", Family: "Silvana", Given: "Rosa"})
			w.finds("silv", []string{"Silva", "Silvana"}, nil)
			w.put(circ.Patron{ID: "P", Card: "2001", Family: "Costa"}) // married
			w.finds("silv", []string{"Silvana"}, nil)
			w.finds("cost", []string{"Costa"}, nil)
			w.put(circ.Patron{ID: "R", Merged: "P"}) // two records of one person
			w.finds("silv", nil, nil)
			w.finds("silvona", nil, nil)
			w.put(circ.Patron{ID: "P", Void: true})
			w.finds("cost", nil, nil)
		})
	}
}

func TestWhoIsRegisteredWithoutALineIsFoundAtOnce(t *testing.T) {
	w := newWorld(t)
	w.pull()
	w.keep()
	w.fact(circ.Register{Patron: circ.Patron{Card: "2009", Family: "Żółty", Given: "Anna"}})
	w.finds("zolt", []string{"Żółty"}, nil)
	w.finds("anna", []string{"Żółty"}, nil)
	w.finds("zolyt", nil, []string{"Żółty"})
	w.deliver()
	w.pull()
	w.finds("zolt", []string{"Żółty"}, nil)
	w.finds("zolyt", nil, []string{"Żółty"})
}

func TestNamesAreReadAnewWhenTheCopyIsFilledOrEmptied(t *testing.T) {
	w := newWorld(t)
	w.keep()
	w.finds("silv", nil, nil)
	_, err := w.Fill(w.ctx, func(_ context.Context, put func([]circ.Row) error) (string, error) {
		return "a cursor", put(rows())
	}, func(int, int) {})
	ok(t, err)
	w.whole()
	w.finds("ilv", []string{"Silva"}, nil)
	ok(t, w.Empty(w.ctx, func() error { return w.cache.Empty(nil) }))
	w.whole()
	w.finds("silva", nil, nil)
	w.finds("sliva", nil, nil)
}
