package sip2

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"circdesk/desk/central/centraltest"
	"circdesk/desk/central/sip2/siptest"
	"circdesk/desk/circ"
)

// far gives a desk at a library of a dialect, behind a proxy.
func far(t *testing.T, d siptest.Dialect, script siptest.Script) (*counter, *siptest.Library) {
	t.Helper()
	lib := siptest.New(d)
	for i, name := range []string{"Ada Ünal", "Ben Ünal"} {
		lib.AddPatron(siptest.Patron{ID: fmt.Sprint(2001 + i), Name: name})
	}
	for i := 1; i <= 60; i++ {
		lib.AddItem(siptest.Item{ID: fmt.Sprint(3000 + i), Title: fmt.Sprintf("Book %d & more", i)})
	}
	as := d.Name
	if as == "announcer" {
		as = "plain"
	}
	w := &counter{t: t, l: newLibrary(t), dir: t.TempDir(), now: time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC), far: siptest.NewProxy(lib, siptest.Rules()), as: as}
	lib.SetClock(func() time.Time { return w.now })
	w.open(centraltest.Library())
	t.Cleanup(func() {
		w.close()
		w.far.Close()
	})
	w.sync()
	w.far.SetScript(script)
	return w, lib
}

// TestDialects: a morning at each system, over a line that does everything that a line
// can do: in the end the desk shows what the system has, and each change is done once.
func TestDialects(t *testing.T) {
	for _, d := range siptest.Dialects() {
		for seed := range uint64(mornings()) {
			t.Run(fmt.Sprintf("%s %d", d.Name, seed), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { morning(t, d, seed) })
			})
		}
	}
}

func mornings() int {
	if long() {
		return 60
	}
	return 2
}

func morning(t *testing.T, d siptest.Dialect, seed uint64) {
	script := siptest.Rules()
	if seed > 0 {
		script = siptest.Noise(seed, 7, siptest.Faults()...)
	}
	w, lib := far(t, d, script)
	rng := rand.New(rand.NewPCG(seed, 3))
	lent, lendings := map[int]string{}, 0
	for range 10 {
		n := rng.IntN(4) + 1
		if lent[n] != "" {
			w.fact(back(n))
			lent[n] = ""
			continue
		}
		lent[n] = fmt.Sprint(2001 + rng.IntN(2))
		w.fact(out3(lent[n], n))
		lendings++
	}
	for tries := 0; w.desk.Unsettled() > 0; tries++ {
		if _, err := w.line.Deliver(context.Background()); err != nil {
			if tries > 300 {
				t.Fatalf("never delivered: %v", err)
			}
			if rng.IntN(4) == 0 {
				w.dies()
			}
		}
	}
	w.far.SetScript(siptest.Rules())
	w.sync()
	if err := w.far.Settle(context.Background()); err != nil {
		t.Fatal(err)
	}
	if n := lib.Count(siptest.CheckedOut, "", ""); n != lendings || lib.Count(siptest.Renewed, "", "") > 0 {
		t.Errorf("%d loans were made and %d renewals, for %d", n, lib.Count(siptest.Renewed, "", ""), lendings)
	}
	for n := 1; n <= 4; n++ {
		loan, open := w.loan(n)
		here := map[circ.PatronID]string{"ada": "2001", "ben": "2002"}[loan.Patron]
		if !open {
			here = ""
		}
		there, _ := lib.Loan(fmt.Sprint(3000 + n))
		if here != lent[n] || there.Patron != lent[n] {
			t.Errorf("book %d is with %q, the system says %q, the desk %q", n, lent[n], there.Patron, here)
		}
		if open && !sameDay(loan.Due, there.Due, there.Since, time.UTC) {
			t.Errorf("book %d is due %s at the desk, %s there", n, loan.Due, there.Due)
		}
	}
	for _, o := range w.objections() {
		if o != circ.DateDiffers { // none of these honours a date that was promised
			t.Errorf("objection %s", o)
		}
	}
}
