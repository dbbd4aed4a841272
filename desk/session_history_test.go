package desk_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"runtime/debug"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Whatever is scanned, answered and broken, also when the disk is full and the
// program ends at any moment: each input has one final outcome, what was queued
// is answered once, no PIN is said, and in the end the central system has the
// loans that were shown. CIRCDESK_LONG=1 runs 1,000 of them.
func TestHistories(t *testing.T) {
	fewerCollections(t)
	setChecks(t, "60", "1000")
	rapid.Check(t, func(rt *rapid.T) {
		// Even chances: rapid's own numbers are small ones most of the time.
		chance := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "chance"), 0))
		steps := make([]int, rapid.IntRange(5, 40).Draw(rt, "length"))
		for i := range steps {
			steps[i] = chance.IntN(100)
		}
		synctest.Test(t, func(t *testing.T) {
			w := newWorldOf(t, monday, worldRules)
			defer w.close()
			w.start()
			h := &history{world: w, shown: map[string]circ.PatronID{}, unsure: map[string]bool{}, told: map[circ.EntryID]bool{}, newest: map[string]circ.EntryID{}}
			h.boss()
			for _, n := range steps {
				h.step(n)
			}
			h.end()
			if t.Failed() {
				t.Logf("steps %v", steps)
			}
		})
		if t.Failed() {
			rt.Fatal("see above")
		}
	})
}

// setChecks sets rapid's number of checks for one test, in the short form and in
// the long one, unless the command line set it.
func setChecks(t *testing.T, short, long string) {
	t.Helper()
	given := false
	flag.Visit(func(f *flag.Flag) { given = given || f.Name == "rapid.checks" })
	if given {
		return
	}
	n := short
	if os.Getenv("CIRCDESK_LONG") != "" {
		n = long
	}
	checks := flag.Lookup("rapid.checks")
	was := checks.Value.String()
	must(t, checks.Value.Set(n))
	t.Cleanup(func() { must(t, checks.Value.Set(was)) })
}

// fewerCollections lets the garbage of one test grow: it is a test of many short
// lives, most of whose time would go into collecting after them.
func fewerCollections(t *testing.T) {
	was := debug.SetGCPercent(400)
	t.Cleanup(func() { debug.SetGCPercent(was) })
}

type history struct {
	*world
	last   int64
	shown  map[string]circ.PatronID // who has what, by barcode, as the clerk was told
	unsure map[string]bool          // items of what the program ended before it told
	told   map[circ.EntryID]bool    // entries of which it told
	newest map[string]circ.EntryID  // of what was told of an item
}

var things = []string{middle, kind, planet, alibi, perl}

func (h *history) step(n int) {
	switch {
	case n < 32:
		h.last = h.send(desk.Scan{Text: things[n%len(things)]})
	case n < 41:
		h.last = h.send(desk.Scan{Text: []string{maria, tom, "44", nobody, lost}[n%5]})
	case n < 46:
		h.last = h.send(desk.Yes{Why: "x"})
	case n < 49:
		h.last = h.send(desk.Yes{Why: "x", As: "boss", PIN: "1234"})
	case n < 53:
		h.last = h.send(desk.No{})
	case n < 57:
		h.last = h.send(desk.Go{To: []desk.Place{desk.AtCheckIn, desk.AtCheckOut}[n%2]})
	case n < 58:
		h.last = h.send(desk.Done{})
	case n < 60:
		h.last = h.send(desk.RenewAll{})
	case n < 62:
		h.last = h.send(desk.Request{Text: things[n%len(things)]})
	case n < 64:
		h.last = h.send(desk.SignIn{Name: []string{"kim", "boss"}[n%2], PIN: "1234"})
	case n < 65:
		h.last = h.send(desk.Bookdrop{On: true})
	case n < 71:
		h.settle()
	case n < 79:
		h.pass(700 * time.Millisecond)
	case n < 80:
		h.pass(100 * time.Second)
	case n < 84:
		h.restart()
	case n < 87:
		h.store.journal.fill([]error{nil, syscall.ENOSPC, syscall.ENOSPC}[n%3])
	case n < 89: // the disk is full just when a deadline passes
		h.line.set(func() { h.line.mute, h.line.deaf = n == 87, n == 88 })
		h.last = h.send(desk.Scan{Text: things[int(h.last)%len(things)]})
		h.settle()
		h.store.journal.fill(syscall.ENOSPC)
		h.pass(2 * time.Second)
	default:
		h.line.set(func() {
			h.line.cut, h.line.mute, h.line.deaf, h.line.slow = n == 89, n == 90 || n == 91, n == 92 || n == 93, 0
		})
		if n == 94 || n == 95 {
			h.line.set(func() { h.line.slow = 400 * time.Millisecond })
		}
	}
}

// restart ends the program, with whatever is under way, and starts it again.
func (h *history) restart() {
	h.stop()
	h.audit(false)
	h.start()
	h.last = 0
	h.boss()
}

func (h *history) end() {
	t := h.t
	h.store.journal.fill(nil)
	h.line.set(func() { h.line.cut, h.line.mute, h.line.deaf, h.line.slow = false, false, false, 0 })
	h.pass(60 * time.Second)
	for range 20 { // what is open is answered
		h.last = h.send(desk.No{})
		h.pass(2 * time.Second)
		if st := h.st(); st.Question == nil && st.Queued == 0 {
			break
		}
	}
	h.last = h.send(desk.SignIn{Name: "kim", PIN: "1234"}, desk.Done{})
	h.pass(10 * time.Second)
	h.audit(true)
	if st := h.st(); st.Waiting != 0 || st.Visit != nil || st.Queued != 0 {
		t.Errorf("in the end: %d waiting, %d queued, visit %+v", st.Waiting, st.Queued, st.Visit)
	}
	if h.st().Conflicts != 0 {
		return // the central system objected, and a person settles it
	}
	for i, code := range things {
		id := circ.ItemID([]string{"I1", "I2", "I5", "I6", "I4"}[i])
		if l := h.loan(id); l.Patron != h.shown[code] && !h.unsure[code] {
			t.Errorf("%s: shown to be with %q, at the hub %q", code, h.shown[code], l.Patron)
		}
	}
}

// audit looks at all that was said since the program began, and notes what was
// told of each item. over: nothing is under way any more.
func (h *history) audit(over bool) {
	t := h.t
	h.mu.Lock()
	defer h.mu.Unlock()
	finals := map[int64]int{}
	queued := map[int64]bool{}
	then := map[int64]int{}
	for _, o := range h.said {
		if strings.Contains(fmt.Sprintf("%+v", o), "1234 ") {
			t.Errorf("a PIN was said: %+v", o)
		}
		if !o.Final {
			if finals[o.N] > 0 {
				t.Errorf("a local word after the final one: %+v", o)
			}
			continue
		}
		finals[o.N]++
		queued[o.N] = o.Word == desk.WordQueued
		h.note(o)
		for _, q := range o.Then {
			if q.N != o.N {
				then[q.N]++
			}
			h.note(q)
		}
	}
	if !over {
		h.untold()
		return
	}
	for n := int64(1); n <= h.last; n++ {
		if finals[n] != 1 {
			t.Errorf("input %d has %d final outcomes", n, finals[n])
		}
		if queued[n] && then[n] == 0 {
			t.Errorf("input %d was queued and never answered", n)
		}
	}
}

// untold notes the items of entries that did something, of which the clerk was
// not told before the program ended.
func (h *history) untold() {
	must(h.t, h.store.journal.View(h.t.Context(), func(tx journal.JournalTx) error {
		es, err := tx.Entries(h.t.Context(), journal.Mark{Desk: "main-1", Epoch: 1}, 1000)
		for _, e := range es {
			if story, err := journal.Story(h.t.Context(), tx, e.Act.ID); err != nil || h.told[e.Act.ID] || len(story.Events) == 0 {
				continue
			}
			_, barcode, _ := desk.Concerns(e.Act.Command)
			h.unsure[barcode] = true
			h.told[e.Act.ID] = true
		}
		return err
	}))
}

// note takes down what the clerk was told of an item.
func (h *history) note(o desk.Outcome) {
	h.told[o.Entry] = true
	for _, id := range o.Entries {
		h.told[id] = true
	}
	if o.Item == nil || o.Entry < h.newest[o.Item.Barcode] { // a word that came late is about an earlier scan
		return
	}
	h.newest[o.Item.Barcode] = max(o.Entry, h.newest[o.Item.Barcode])
	switch o.Word {
	case desk.WordOut, desk.WordIn, desk.WordHold, desk.WordTransit, desk.WordStaff:
		delete(h.unsure, o.Item.Barcode)
	}
	switch o.Word {
	case desk.WordOut:
		h.shown[o.Item.Barcode] = o.Patron.ID
	case desk.WordIn, desk.WordHold, desk.WordTransit, desk.WordStaff:
		delete(h.shown, o.Item.Barcode)
	}
}
