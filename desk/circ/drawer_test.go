package circ_test

import (
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
)

// opened begins a shift so long ago with so much in it; closed ends it now, with
// nothing but so much cash counted.
func opened(shift string, float int64, before time.Duration) change {
	return func(w *world) {
		w.put(circ.Shift{ID: circ.ShiftID(shift), Float: euro(float), FloatIn: "cash", Opened: circ.Stamp{At: ago(before), Desk: "desk-0", Operator: "clerk"}})
	}
}

func closed(shift string, counted int64) change {
	return edit(circ.KindDrawer, shift, func(s *circ.Shift) {
		s.Closed = circ.Stamp{At: now, Desk: "desk-9", Operator: "clerk"}
		s.Counted = []circ.Counted{{Method: "cash", Amount: euro(counted)}}
	})
}

// paidIn takes cash so long ago, into a shift.
func paidIn(payment, shift, patron string, minor int64, before time.Duration) change {
	return func(w *world) {
		w.put(circ.Payment{ID: circ.PaymentID(payment), Patron: circ.PatronID(patron), Amount: euro(minor), Method: "cash", At: ago(before), Desk: "desk-0", Shift: circ.ShiftID(shift)})
	}
}

// moves gives the movements of a shift, as whoever counts it reads them.
func (w *world) moves(shift circ.ShiftID) (moves []circ.Payment) {
	for _, r := range w.read(circ.In(circ.MovesOf, string(shift), 1000)) {
		if p := r.(circ.Payment); p.Moves() {
			moves = append(moves, p)
		}
	}
	return moves
}

// tally gives what a shift comes to by a method.
func (w *world) tally(t testing.TB, shift circ.ShiftID, m circ.PayMethod) circ.Tally {
	t.Helper()
	for _, y := range of[circ.Shift](w, circ.KindDrawer, string(shift)).Tallies(w.moves(shift)) {
		if y.Method == m {
			return y
		}
	}
	return circ.Tally{}
}

// takenIn gives what a shift's movements come to, in minor units.
func (w *world) takenIn(t testing.TB, shift circ.ShiftID) (sum int64) {
	t.Helper()
	for _, y := range (circ.Shift{}).Tallies(w.moves(shift)) {
		sum += y.Expected
	}
	return sum
}

func TestDrawer(t *testing.T) {
	const till = "main/till"
	open := circ.OpenDrawer{Drawer: till, Float: euro(5000)}
	pay := circ.Pay{Fee: "f", Amount: euro(300), Drawer: till}
	counted := func(cash int64) []circ.Counted { return []circ.Counted{{Method: "cash", Amount: euro(cash)}} }
	shut := func(cash int64) circ.CloseDrawer { return circ.CloseDrawer{Drawer: till, Counted: counted(cash)} }
	owing := owes("f", "reader", 300, day)
	morning := []change{opened("main/till/1", 5000, time.Hour), owing}
	day1 := slices.Clip(append(morning, paidIn("p", "main/till/1", "other", 1200, time.Minute)))
	in := func(shift circ.ShiftID) func(*testing.T, outcome) {
		return func(t *testing.T, o outcome) {
			p := of[circ.Payment](o.after, circ.KindPayment, o.made(circ.KindPayment))
			is(t, "shift", p.Shift, shift)
			is(t, "late", p.Late, "")
		}
	}
	run(t, []row{
		{name: "the first opening", do: open, events: []string{"drawer_opened"}, then: func(t *testing.T, o outcome) {
			s := of[circ.Shift](o.after, circ.KindDrawer, "main/till/1")
			is(t, "open", s.Open(), true)
			is(t, "by", s.Opened.Operator, "clerk")
			is(t, "expected", o.after.tally(t, s.ID, "cash").Expected, 5000)
		}},
		{name: "an empty drawer", do: circ.OpenDrawer{Drawer: till}, events: []string{"drawer_opened"}},
		{name: "it is open", with: morning, do: open, refused: why(circ.DrawerIsOpen), then: func(t *testing.T, o outcome) {
			is(t, "at", o.remark(t, circ.DrawerIsOpen).Desk, "desk-0")
		}},
		{name: "it was closed: the next shift", with: append(morning, closed("main/till/1", 5000)), do: open, events: []string{"drawer_opened"}, then: func(t *testing.T, o outcome) {
			is(t, "open", of[circ.Shift](o.after, circ.KindDrawer, "main/till/2").Open(), true)
		}},
		{name: "a name that is none", do: circ.OpenDrawer{Drawer: "main/a b"}, refused: why(circ.NothingGiven)},
		{name: "a float below nothing", do: circ.OpenDrawer{Drawer: till, Float: euro(-1)}, refused: why(circ.NothingGiven)},

		{name: "money goes into the shift that is open", with: morning, do: pay, events: []string{"paid"}, then: in("main/till/1")},
		{name: "a library that never opened one", with: []change{owing}, do: pay, events: []string{"paid"}, then: in("")},
		{name: "a desk without a drawer", with: morning, do: circ.Pay{Fee: "f", Amount: euro(300)}, events: []string{"paid"}, then: in("")},
		{name: "nobody has opened it today", with: append(morning, closed("main/till/1", 5000)), do: pay, ask: why(circ.DrawerNotOpen)},
		{name: "nobody has opened it today, and the clerk says yes: it is of the next shift", with: append(morning, closed("main/till/1", 5000)), do: pay, over: why(circ.DrawerNotOpen), events: []string{"paid"}, then: func(t *testing.T, o outcome) {
			in("main/till/2")(t, o)
			a := act("entry-2", open)
			a.At = hence(time.Hour)
			d := o.after.decide(t, a)
			same(t, "told at the opening", reasons(d.Tell), why(circ.MoneyBefore))
			is(t, "late", o.after.apply(d.Events...).tally(t, "main/till/2", "cash").Late, 300)
		}},
		{name: "credit moves no money", with: append(morning, closed("main/till/1", 5000), paid("c", "", "reader", 500)), do: circ.Pay{Fee: "f", Method: circ.ByCredit, Drawer: till}, events: []string{"credit_used"}, then: func(t *testing.T, o outcome) {
			is(t, "in", len(o.after.moves("main/till/2")), 0)
		}},
		{name: "money given back", with: []change{opened("main/till/1", 5000, time.Hour), paid("c", "", "reader", 500)}, do: circ.Refund{Patron: "reader", Drawer: till, Text: "moves"}, over: why(circ.GiveBack), events: []string{"refunded"}, then: func(t *testing.T, o outcome) {
			is(t, "given", o.after.tally(t, "main/till/1", "cash").Given, 500)
			is(t, "expected", o.after.tally(t, "main/till/1", "cash").Expected, 4500)
		}},

		{name: "what is expected lies in it", with: day1, do: shut(6200), events: []string{"drawer_closed"}, then: func(t *testing.T, o outcome) {
			s := of[circ.Shift](o.after, circ.KindDrawer, "main/till/1")
			is(t, "open", s.Open(), false)
			is(t, "over", o.after.tally(t, s.ID, "cash").Over(), 0)
		}},
		{name: "two euros are missing", with: day1, do: shut(6000), ask: why(circ.DrawerShort), then: func(t *testing.T, o outcome) {
			is(t, "short", o.remark(t, circ.DrawerShort).Amount, euro(200))
			is(t, "of", o.remark(t, circ.DrawerShort).Limit, euro(6200))
			is(t, "right", o.remark(t, circ.DrawerShort).Right, circ.RightMoney)
		}},
		{name: "two euros are missing, and somebody says why", with: day1, do: shut(6000), over: why(circ.DrawerShort), events: []string{"drawer_closed"}, then: func(t *testing.T, o outcome) {
			is(t, "why", of[circ.Shift](o.after, circ.KindDrawer, "main/till/1").Text, "the clerk's reason")
		}},
		{name: "a yes without the right", with: day1, do: shut(6000), over: why(circ.DrawerShort), rights: []circ.Right{circ.RightCirculate}, ask: why(circ.DrawerShort), tell: why(circ.RightMissing)},
		{name: "two euros too many", with: day1, do: shut(6400), ask: why(circ.DrawerOver)},
		{name: "what came by card was not counted", with: append(day1, func(w *world) {
			w.put(circ.Payment{ID: "k", Patron: "other", Amount: euro(900), Method: "card", At: ago(time.Minute), Shift: "main/till/1"})
		}), do: shut(6200), refused: why(circ.NotCounted), then: func(t *testing.T, o outcome) {
			is(t, "what", o.remark(t, circ.NotCounted).Text, "card")
		}},
		{name: "short of one method and over of another", with: append(day1, func(w *world) {
			w.put(circ.Payment{ID: "k", Patron: "other", Amount: euro(900), Method: "card", At: ago(time.Minute), Shift: "main/till/1"})
		}), do: circ.CloseDrawer{Drawer: till, Counted: append(counted(7100), circ.Counted{Method: "card"})}, ask: why(circ.DrawerOver, circ.DrawerShort)},
		{name: "a method twice", with: day1, do: circ.CloseDrawer{Drawer: till, Counted: append(counted(6200), counted(0)...)}, refused: why(circ.NothingGiven)},
		{name: "shells", with: day1, do: circ.CloseDrawer{Drawer: till, Counted: append(counted(6200), circ.Counted{Method: "shells"})}, refused: why(circ.NoSuchMethod)},
		{name: "it is closed", with: append(day1, closed("main/till/1", 6200)), do: shut(6200), refused: why(circ.DrawerNotOpen)},
		{name: "it was never opened", do: shut(0), refused: why(circ.DrawerNotOpen)},
		{name: "another shift than the one that was counted is open", with: day1, do: circ.CloseDrawer{Drawer: till, Shift: "main/till/7", Counted: counted(6200)}, refused: why(circ.DrawerIsOpen)},
		{name: "money that another desk took after it was counted", with: append(day1, paidIn("q", "main/till/1", "other", 100, -time.Minute)), do: shut(6200), events: []string{"drawer_closed", "money_moved"}, then: func(t *testing.T, o outcome) {
			is(t, "in", o.after.takenIn(t, "main/till/1"), 1200)
			is(t, "in the next", o.after.takenIn(t, "main/till/2"), 100)
			is(t, "late", of[circ.Payment](o.after, circ.KindPayment, "q").Late, "main/till/1")
		}},
	})
}

// TestTwoDesksAndOneDrawer: what one desk tells of a drawer, and what the other has
// done with it meanwhile.
func TestTwoDesksAndOneDrawer(t *testing.T) {
	const till = "main/till"
	pay := circ.Pay{Fee: "f", Amount: euro(300), Drawer: till}
	shut := circ.CloseDrawer{Drawer: till, Counted: []circ.Counted{{Method: "cash", Amount: euro(0)}}}
	morning := []change{opened("main/till/1", 0, time.Hour), owes("f", "reader", 300, day)}
	for _, tt := range []struct {
		name         string
		both, server []change
		do           circ.Command
		over         []circ.Reason
		events       []string
		object       []circ.Reason
		then         func(*testing.T, *world)
	}{
		{name: "both have opened it: one shift, and the money of both is in it", server: []change{opened("main/till/1", 700, time.Minute)}, do: circ.OpenDrawer{Drawer: till, Float: euro(900)}, object: why(circ.DrawerIsOpen), then: func(t *testing.T, w *world) {
			is(t, "float", of[circ.Shift](w, circ.KindDrawer, "main/till/1").Float, euro(700))
		}},
		{name: "opened at one, opened and closed at the other", server: []change{opened("main/till/1", 700, time.Hour), closed("main/till/1", 700)}, do: circ.OpenDrawer{Drawer: till}, object: why(circ.ShiftOver)},
		{name: "both have closed it: what was counted first stands", both: morning, server: []change{paidIn("q", "main/till/1", "other", 200, time.Minute), closed("main/till/1", 200)}, do: shut, object: why(circ.DrawerNotOpen, circ.ShiftOver), then: func(t *testing.T, w *world) {
			is(t, "counted", w.tally(t, "main/till/1", "cash").Counted, 200)
		}},
		{name: "money for a shift that was closed meanwhile", both: morning, server: []change{closed("main/till/1", 0)}, do: pay, events: []string{"paid"}, object: why(circ.DrawerNotOpen, circ.ShiftOver), then: func(t *testing.T, w *world) {
			is(t, "in the closed one", w.takenIn(t, "main/till/1"), 0)
			m := w.moves("main/till/2")[0]
			is(t, "in the next", m.Amount, euro(300))
			is(t, "told in", m.Late, "main/till/1")
		}},
		{name: "money for a shift that was closed meanwhile, and the next is open", both: morning, server: []change{closed("main/till/1", 0), opened("main/till/2", 100, -time.Minute)}, do: pay, events: []string{"paid"}, object: why(circ.ShiftOver), then: func(t *testing.T, w *world) {
			is(t, "late", w.tally(t, "main/till/2", "cash").Late, 300)
			is(t, "expected", w.tally(t, "main/till/2", "cash").Expected, 400)
		}},
		{name: "money given back in a shift that was closed meanwhile", both: append(morning, paid("c", "", "other", 500)), server: []change{closed("main/till/1", 0)}, do: circ.Refund{Patron: "other", Drawer: till, Text: "x"}, over: why(circ.GiveBack), events: []string{"refunded"}, object: why(circ.DrawerNotOpen, circ.ShiftOver), then: func(t *testing.T, w *world) {
			is(t, "in the closed one", w.takenIn(t, "main/till/1"), 0)
			is(t, "in the next", w.takenIn(t, "main/till/2"), -500)
		}},
		{name: "closed, and the other had taken money before: it is in it, and missing from what was counted", both: morning, server: []change{paidIn("q", "main/till/1", "other", 200, time.Minute)}, do: shut, events: []string{"drawer_closed"}, object: why(circ.DrawerShort), then: func(t *testing.T, w *world) {
			is(t, "over", w.tally(t, "main/till/1", "cash").Over(), -200)
		}},
		{name: "closed, and the other has taken money since: that is of the next", both: morning, server: []change{paidIn("q", "main/till/1", "other", 200, -time.Minute)}, do: shut, events: []string{"drawer_closed", "money_moved"}, then: func(t *testing.T, w *world) {
			is(t, "over", w.tally(t, "main/till/1", "cash").Over(), 0)
			is(t, "in the next", w.takenIn(t, "main/till/2"), 200)
		}},
		{name: "closed, and the opening was withdrawn: what was counted stands", both: morning, server: []change{edit(circ.KindDrawer, "main/till/1", func(s *circ.Shift) { s.Opened = circ.Stamp{} })}, do: shut, events: []string{"drawer_closed"}, object: why(circ.DrawerNotOpen), then: func(t *testing.T, w *world) {
			s := of[circ.Shift](w, circ.KindDrawer, "main/till/1")
			isAt(t, "opened", s.Opened.At, ago(time.Hour))
			is(t, "open", s.Open(), false)
		}},
		{name: "closed in a shift that was begun after a close that was withdrawn: it is the same drawer", both: append(morning, closed("main/till/1", 0), opened("main/till/2", 0, time.Minute)), server: []change{opened("main/till/1", 0, time.Hour), edit(circ.KindDrawer, "main/till/2", func(s *circ.Shift) { s.Opened = circ.Stamp{} })}, do: shut, events: []string{"drawer_closed"}, object: why(circ.DrawerNotOpen), then: func(t *testing.T, w *world) {
			is(t, "open", of[circ.Shift](w, circ.KindDrawer, "main/till/1").Open(), false)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			a := act("entry-1", tt.do)
			a.Over = tt.over
			desk := plain(tt.both...)
			d := desk.decide(t, a)
			if !d.Done() {
				t.Fatalf("the desk itself does not do it: %v %v", reasons(d.Refused), reasons(d.Ask))
			}
			server := plain(append(tt.both, tt.server...)...)
			events, objections := server.record(t, a, d.Events)
			same(t, "events", names(events), tt.events)
			same(t, "objections", reasons(objections), tt.object)
			if tt.then != nil {
				tt.then(t, server.apply(events...))
			}
		})
	}
}

// TestMoneyToldOtherwise: the desk told of money in a shift that the central system had
// closed, and took it back there before it is booked as it was told.
func TestMoneyToldOtherwise(t *testing.T) {
	w := plain(owes("f", "reader", 300, day), opened("main/till/1", 0, time.Hour))
	a := act("entry-1", circ.Pay{Fee: "f", Amount: euro(300), Drawer: "main/till"})
	w, story := w.done(t, a)
	closed("main/till/1", 300)(w)
	back, _ := w.retract(t, a, story)
	w = w.apply(back...)
	again, _ := w.record(t, a, story.Events)
	w = w.apply(again...)
	is(t, "cash", cash(w), 300)
	is(t, "owes", w.account(t, "reader").Owes, 0)
	is(t, "in the closed shift", w.takenIn(t, "main/till/1"), 300)
	is(t, "in the next", w.takenIn(t, "main/till/2"), 0)
}

// TestShiftsHoldAllMoney: two desks that know nothing of each other work on one drawer;
// no money is in two shifts or in none, and what was counted stays as it was.
func TestShiftsHoldAllMoney(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		morning := plain(owes("f", "reader", 5000, day), owes("g", "other", 3000, day), opened("main/till/1", 100, time.Hour))
		one, two := drawMoney(r, t, morning, "desk-1"), drawMoney(r, t, morning, "desk-2")
		w := morning
		told := int64(0)
		for len(one)+len(two) > 0 {
			from := &one
			if len(one) == 0 || len(two) > 0 && rapid.Bool().Draw(r, "the second") {
				from = &two
			}
			s := (*from)[0]
			*from = (*from)[1:]
			for _, e := range s.Events {
				switch e := e.(type) {
				case circ.Paid:
					told += e.Amount.Minor
				case circ.Refunded:
					told -= e.Amount.Minor
				}
			}
			events, _ := w.record(t, s.Act, s.Events)
			was, figures := w, w.figures()
			w = w.apply(events...)
			w.keeps(r, was, figures)
			if rapid.IntRange(0, 4).Draw(r, "nobody was told") == 0 {
				a := s.Act
				a.Command = nil
				_, close := s.Act.Command.(circ.CloseDrawer)
				back, _ := w.retract(t, a, circ.Story{Act: s.Act, Events: events})
				was, figures := w, w.figures()
				w = w.apply(back...)
				if !close {
					w.keeps(r, was, figures)
				}
				for _, e := range events {
					switch e := e.(type) {
					case circ.Paid:
						told -= e.Amount.Minor
					case circ.Refunded:
						told += e.Amount.Minor
					}
				}
			}
		}
		var sum int64
		for _, p := range every[circ.Payment](w) {
			if d, n := p.Shift.Parts(); p.Moves() && (d != "main/till" || n == 0) {
				r.Errorf("money in no shift: %+v", p)
			}
		}
		for n := range 20 {
			sum += w.takenIn(t, circ.ShiftID("main/till/"+string(rune('0'+n/10))+string(rune('0'+n%10))))
			if n > 0 && n < 10 {
				sum += w.takenIn(t, circ.ShiftID("main/till/"+string(rune('0'+n))))
			}
		}
		if sum != told || cash(w) != told {
			r.Errorf("told %d, in all shifts %d, booked %d", told, sum, cash(w))
		}
	})
}

// drawMoney draws what one desk does with its drawer.
func drawMoney(r *rapid.T, t testing.TB, w *world, desk string) (told []circ.Story) {
	at := now
	for i := range 8 {
		at = at.Add(time.Duration(rapid.IntRange(1, 60).Draw(r, "minutes")) * time.Minute)
		k := rapid.SampledFrom([]circ.Command{
			circ.Pay{Fee: "f", Amount: euro(rapid.Int64Range(1, 400).Draw(r, "minor")), Drawer: "main/till"},
			circ.Pay{Patron: "other", Amount: euro(rapid.Int64Range(1, 4000).Draw(r, "minor")), Drawer: "main/till"},
			circ.Refund{Patron: "other", Drawer: "main/till", Text: "x"},
			circ.OpenDrawer{Drawer: "main/till", Float: euro(100)},
			circ.CloseDrawer{Drawer: "main/till", Text: "x", Counted: []circ.Counted{{Method: "cash", Amount: euro(100)}}},
		}).Draw(r, "what")
		a := act(desk+" "+string(rune('A'+i)), k)
		a.Desk, a.At, a.Over = circ.DeskID(desk), at, everything
		if d := w.decide(t, a); d.Done() {
			told = append(told, circ.Story{Act: a, Events: d.Events})
			w = w.apply(d.Events...)
		}
	}
	return told
}

// figures gives what every closed shift comes to.
func (w *world) figures() map[circ.ShiftID][]circ.Tally {
	all := map[circ.ShiftID][]circ.Tally{}
	for _, s := range every[circ.Shift](w) {
		if !s.Closed.At.IsZero() {
			all[s.ID] = s.Tallies(w.moves(s.ID))
		}
	}
	return all
}

// keeps checks that no shift that was closed has changed.
func (w *world) keeps(t failer, was *world, figures map[circ.ShiftID][]circ.Tally) {
	t.Helper()
	for id, want := range figures {
		s, old := of[circ.Shift](w, circ.KindDrawer, string(id)), of[circ.Shift](was, circ.KindDrawer, string(id))
		if got := s.Tallies(w.moves(id)); !reflect.DeepEqual(got, want) || !reflect.DeepEqual(s, old) {
			t.Errorf("the closed shift %s is\n%+v %+v\nand was\n%+v %+v", id, s, got, old, want)
		}
	}
}

// TestDrawerNames: what is typed as a drawer's name.
func TestDrawerNames(t *testing.T) {
	for name, good := range map[string]bool{"till": true, "Kasse_2": true, "ground-floor": true, "": false, "a b": false, "a/b": false, "=1+1": false, "a\n": false, "a-name-that-is-far-too-long": false} {
		if d, ok := circ.NewDrawerID("main", name); ok != good || ok && (d.Name() != name || d.Library() != "main") {
			t.Errorf("%q: %s %v", name, d, ok)
		}
	}
	d, n := circ.ShiftID("main/till/17").Parts()
	is(t, "drawer", d, "main/till")
	is(t, "number", n, 17)
	for _, id := range []circ.ShiftID{"", "till/1", "main/till/0", "main/till/017", "main/till/x", "main/till/-1"} {
		if _, n := id.Parts(); n != 0 {
			t.Errorf("%s is read as %d", id, n)
		}
	}
}

// TestReceiptNumbers: no two entries of any desk have the same.
func TestReceiptNumbers(t *testing.T) {
	is(t, "first epoch", circ.NewReceiptNo("desk-1", 1, 1043), "desk-1-1043")
	is(t, "after a restore", circ.NewReceiptNo("desk-1", 2, 7), "desk-1-2.7")
	w := plain(owes("f", "reader", 300, day), owes("g", "reader", 300, day))
	a := act("entry-1", circ.Pay{Patron: "reader", Amount: euro(600)})
	a.Receipt = circ.NewReceiptNo(a.Desk, 1, 9)
	w, _ = w.done(t, a)
	is(t, "payments on it", len(w.read(circ.In(circ.ByReceipt, "desk-1-9", 10))), 2)
}
