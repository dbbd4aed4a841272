package desk_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk"
	"circdesk/desk/circ"
)

// Whatever is scanned, answered and broken: each input has one final outcome,
// what was queued is answered once, no PIN is said, and in the end the central
// system has the loans that were shown.
func TestHistories(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		steps := rapid.SliceOfN(rapid.IntRange(0, 99), 5, 40).Draw(rt, "steps")
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, monday)
			defer w.close()
			w.start()
			h := &history{world: w, shown: map[string]circ.PatronID{}}
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

type history struct {
	*world
	last  int64
	shown map[string]circ.PatronID // who has what, by barcode, as the clerk was told
}

var things = []string{middle, kind, planet, alibi, perl}

func (h *history) step(n int) {
	switch {
	case n < 40:
		h.last = h.send(desk.Scan{Text: things[n%len(things)]})
	case n < 50:
		h.last = h.send(desk.Scan{Text: []string{maria, tom, "44", nobody, lost}[n%5]})
	case n < 56:
		h.last = h.send(desk.Yes{Why: "x"})
	case n < 60:
		h.last = h.send(desk.Yes{Why: "x", As: "boss", PIN: "1234"})
	case n < 65:
		h.last = h.send(desk.No{})
	case n < 69:
		h.last = h.send(desk.Go{To: []desk.Place{desk.AtCheckIn, desk.AtCheckOut}[n%2]})
	case n < 71:
		h.last = h.send(desk.Done{})
	case n < 73:
		h.last = h.send(desk.RenewAll{})
	case n < 75:
		h.last = h.send(desk.Request{Text: things[n%len(things)]})
	case n < 77:
		h.last = h.send(desk.SignIn{Name: []string{"kim", "boss"}[n%2], PIN: "1234"})
	case n < 79:
		h.last = h.send(desk.Bookdrop{On: n%2 == 0})
	case n < 85:
		h.settle()
	case n < 90:
		h.pass(700 * time.Millisecond)
	case n < 92:
		h.pass(100 * time.Second)
	default:
		h.line.set(func() { h.line.cut, h.line.mute, h.line.slow = n == 92, n == 93 || n == 94, 0 })
		if n == 95 || n == 96 {
			h.line.set(func() { h.line.slow = 400 * time.Millisecond })
		}
	}
}

func (h *history) end() {
	t := h.t
	h.line.set(func() { h.line.cut, h.line.mute, h.line.slow = false, false, 0 })
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

	h.mu.Lock()
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
	st := h.state
	h.mu.Unlock()
	for n := int64(1); n <= h.last; n++ {
		if finals[n] != 1 {
			t.Errorf("input %d has %d final outcomes", n, finals[n])
		}
		if queued[n] && then[n] == 0 {
			t.Errorf("input %d was queued and never answered", n)
		}
	}
	if st.Waiting != 0 || st.Visit != nil || st.Queued != 0 {
		t.Errorf("in the end: %d waiting, %d queued, visit %+v", st.Waiting, st.Queued, st.Visit)
	}
	if st.Conflicts != 0 {
		return // the central system objected, and a person settles it
	}
	for i, code := range things {
		id := circ.ItemID([]string{"I1", "I2", "I5", "I6", "I4"}[i])
		if l := h.loan(id); l.Patron != h.shown[code] {
			t.Errorf("%s: shown to be with %q, at the hub %q", code, h.shown[code], l.Patron)
		}
	}
}

// note takes down what the clerk was told of an item.
func (h *history) note(o desk.Outcome) {
	if o.Item == nil {
		return
	}
	switch o.Word {
	case desk.WordOut:
		h.shown[o.Item.Barcode] = o.Patron.ID
	case desk.WordIn, desk.WordHold, desk.WordTransit, desk.WordStaff:
		delete(h.shown, o.Item.Barcode)
	}
}
