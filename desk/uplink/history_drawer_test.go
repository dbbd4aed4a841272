package uplink_test

import (
	"fmt"
	"reflect"
	"slices"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// till is the drawer that both desks use.
const till circ.DrawerID = "main/till"

// atDrawer draws what moves money, opens or closes the drawer.
func (w *world) atDrawer(s *station) circ.Command {
	t := w.t
	switch rapid.SampledFrom([]string{"drawer", "drawer", "pay", "pay", "card", "refund", "undo"}).Draw(t, "at the drawer") {
	case "pay":
		return circ.Pay{Fee: "G", Amount: eur(rapid.Int64Range(1, 500).Draw(t, "amount")), Drawer: till}
	case "card":
		return circ.Pay{Fee: "F", Amount: eur(30), Method: "card", Drawer: till}
	case "refund":
		return circ.Refund{Patron: "P1", Text: "moves away", Amount: eur(rapid.Int64Range(0, 5).Draw(t, "amount")), Drawer: till}
	case "undo":
		if id := w.toUndo(s); id != "" {
			return circ.Undo{Entry: id}
		}
	}
	return w.ofDrawer()
}

// ofDrawer draws what the clerk does with it: mostly what is its turn.
func (w *world) ofDrawer() circ.Command {
	t := w.t
	opens := true
	for _, id := range w.order {
		for _, e := range w.shown[id].events {
			switch e.(type) {
			case circ.DrawerOpened:
				opens = false
			case circ.DrawerClosed:
				opens = true
			}
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "out of turn") == 0 {
		opens = !opens
	}
	if opens {
		return circ.OpenDrawer{Drawer: till, Float: eur(rapid.SampledFrom([]int64{0, 5000}).Draw(t, "float"))}
	}
	return circ.CloseDrawer{Drawer: till, Text: "wrong change", Counted: []circ.Counted{
		{Method: "cash", Amount: eur(rapid.SampledFrom([]int64{0, 5000, 5400}).Draw(t, "counted"))}, {Method: "card"},
	}}
}

// figures are what a closed shift comes to.
type figures struct {
	shift circ.Shift
	sums  []circ.Tally
}

// atHub reads the hub's records.
func (w *world) atHub(do func(read func(circ.Want) []circ.Row)) {
	must(w.t, w.store.View(w.ctx, func(tx journal.HubTx) (err error) {
		do(func(want circ.Want) []circ.Row {
			rows, wrong := tx.Read(w.ctx, []circ.Want{want})
			if wrong != nil {
				err = wrong
				return nil
			}
			return rows[0]
		})
		return err
	}))
}

// movesIn gives the movements of money in a shift.
func movesIn(read func(circ.Want) []circ.Row, id circ.ShiftID) (moves []circ.Payment) {
	for _, r := range read(circ.In(circ.MovesOf, string(id), 1000)) {
		if p, ok := r.(circ.Payment); ok && p.Moves() {
			moves = append(moves, p)
		}
	}
	return moves
}

// countedStays: what a closed shift comes to at the hub is so for ever, unless nobody
// was told of its close.
func (w *world) countedStays() {
	now := map[circ.ShiftID]figures{}
	w.atHub(func(read func(circ.Want) []circ.Row) {
		for _, r := range read(circ.In(circ.ShiftsOf, string(till), 100)) {
			if s, ok := r.(circ.Shift); ok && !s.Open() {
				now[s.ID] = figures{s, s.Tallies(movesIn(read, s.ID))}
			}
		}
	})
	for id, was := range w.count {
		if is, ok := now[id]; ok && is.shift.Closed == was.shift.Closed && !reflect.DeepEqual(is, was) {
			w.fail("the closed shift %s is\n%+v\nand was\n%+v", id, is, was)
		}
	}
	w.count = now
}

// drawers: all money that was told in a shift is in one; who was told that the drawer
// is closed finds it closed, or hears that it had been counted before.
func (w *world) drawers(t truth) {
	told, booked := int64(0), int64(0)
	for _, id := range w.order {
		for _, e := range w.shown[id].events {
			if !w.shown[id].done {
				continue
			}
			switch e := e.(type) {
			case circ.Paid:
				if e.Shift != "" {
					told += e.Amount.Minor
				}
			case circ.Refunded:
				if e.Shift != "" {
					told -= e.Amount.Minor
				}
			case circ.DrawerClosed:
				if s, ok := at[circ.Shift](t, circ.KindDrawer, string(e.Shift)); (!ok || s.Open()) && !w.closedBy(t, e) && !w.objected(id, circ.ShiftOver) {
					w.fail("shown as closed, and open at the hub: %s %+v", id, s)
				}
			}
		}
	}
	w.atHub(func(read func(circ.Want) []circ.Row) {
		for n := 1; n < 30; n++ {
			id := circ.ShiftID(fmt.Sprint(till, "/", n))
			for _, y := range (circ.Shift{}).Tallies(movesIn(read, id)) {
				booked += y.Expected
			}
			for _, p := range movesIn(read, id) {
				if p.Late != "" {
					w.held["late money"]++
				}
			}
		}
	})
	if told != booked {
		w.fail("told in shifts %d, in all shifts %d", told, booked)
	}
}

// closedBy reports whether the hub has closed a shift by what a desk told, if in
// another shift than was told there.
func (w *world) closedBy(t truth, e circ.DrawerClosed) bool {
	for _, row := range t {
		if s, ok := row.(circ.Shift); ok && s.Closed.Desk == e.Desk && !s.Closed.At.After(e.At) && e.At.Sub(s.Closed.At) < step {
			return true
		}
	}
	return false
}

// objected reports whether the clerk hears that the hub objects to what was shown.
func (w *world) objected(id circ.EntryID, r circ.Reason) (found bool) {
	s := w.station(w.acts[id].Desk)
	all, err := s.desk.Conflicts(w.ctx, true)
	must(w.t, err)
	must(w.t, s.journal.View(w.ctx, func(tx journal.JournalTx) error {
		for _, c := range all {
			e, _, err := tx.Entry(w.ctx, c.ID)
			if err != nil {
				return err
			}
			about := c.ID == id || e.Of == id
			found = found || about && slices.ContainsFunc(c.Met, func(m circ.Remark) bool { return m.Reason == r })
		}
		return nil
	}))
	return found
}

// reversed gives what was booked against a payment that stands in a closed shift.
func reversed(t truth, p circ.Payment) int64 {
	r, _ := at[circ.Payment](t, circ.KindPayment, circ.NewID(circ.EntryID(p.ID), circ.KindPayment, 1))
	return r.Amount.Minor
}
