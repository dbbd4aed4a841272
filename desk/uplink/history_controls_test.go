package uplink_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"
)

// TestEveryLawIsNeeded leaves out one law at a time. The histories must find
// each; what they found is printed with -v.
func TestEveryLawIsNeeded(t *testing.T) {
	fewerCollections(t)
	setFlag(t, "rapid.nofailfile", "true")
	setFlag(t, "rapid.shrinktime", long("1ms", "2s"))
	setChecks(t, "5000")
	setFlag(t, "rapid.seed", long("11", "0")) // one that finds each soon; in the long form any
	for _, control := range []struct {
		name string
		flaw flaws
	}{
		{"the second entry gets the stored verdict of the first", flaws{verdictByID: true}},
		{"entries leave the layer at any page of the feed", flaws{anyPage: true}},
		{"nobody remembers when an item was last seen", flaws{noSeenSince: true}},
		{"a fact is applied as it was told", flaws{toldOnly: true}},
		{"the layer shows what was told after the receipt", flaws{toldAfter: true}},
		{"open questions are not withdrawn at a restart", flaws{noWithdrawals: true}},
		// Each invariant of the reference finds something by itself.
		{"I1, one verdict an entry: a repeat is judged anew", flaws{judgesAgain: true, only: func(w *world, _ truth) { w.verdicts() }}},
		{"I2, one open loan an item: a fact is applied as it was told", flaws{toldOnly: true, only: (*world).pointersAgree}},
		{"I3, all copies are alike: a page of the feed lacks a record", flaws{missesRows: true, only: (*world).copiesEqual}},
		{"I4, the chain verifies: a number is given twice, and the second taken for a repeat", flaws{bySeqAlone: true, only: func(w *world, _ truth) { w.chainsVerify() }}},
		{"I5, nothing is applied twice: a repeat is applied anew", flaws{appliesAgain: true, only: func(w *world, t truth) {
			w.pointersAgree(t)
			w.shownIsTrue(t)
			w.recordFollowsBook(t)
		}}},
		{"I6, money is conserved: a repeated payment is another one", flaws{paysAgain: true, only: (*world).cash}},
	} {
		t.Run(control.name, func(t *testing.T) {
			found := &witness{T: t}
			n := 0
			found.check(func(rt *rapid.T) {
				n++
				history(rt, control.flaw, tally{})
			})
			if found.text == "" {
				t.Fatalf("%d histories did not find it", n)
			}
			t.Logf("found, %d histories with shrinking: %s", n, found.text)
		})
	}
}

// witness is a test that is expected to fail, and keeps why.
type witness struct {
	*testing.T
	text string
}

func (w *witness) check(prop func(*rapid.T)) {
	defer func() {
		if p := recover(); p != nil && p != any(w) {
			panic(p)
		}
	}()
	rapid.Check(w, prop)
}

func (w *witness) note(s string) {
	if w.text == "" {
		w.text = s
	}
}

func (w *witness) Errorf(format string, args ...any) { w.note(fmt.Sprintf(format, args...)) }
func (w *witness) Error(args ...any)                 { w.note(fmt.Sprint(args...)) }
func (w *witness) Fatalf(format string, args ...any) {
	w.note(fmt.Sprintf(format, args...))
	panic(any(w))
}
func (w *witness) Fatal(args ...any) { w.Fatalf("%s", fmt.Sprint(args...)) }
func (w *witness) FailNow()          { w.Fatalf("failed") }
func (w *witness) Fail()             { w.note("failed") }
func (w *witness) Failed() bool      { return w.text != "" }
func (w *witness) Log(...any)        {}
func (w *witness) Logf(string, ...any) {
}
