package circ_test

import (
	"encoding/json"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"circdesk/desk/circ"
)

// TestSameFactsSameDecision: a case that was read from other copies of the rows,
// in another order, and knows more than it asked for, has the same answer.
func TestSameFactsSameDecision(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		_, w := drawDeeds(r, t, lively(), "desk-1", now, 4)
		a := drawAct(r, w)
		c := w.gathered(t, a)
		first := circ.Decide(c)
		if again := circ.Decide(c); !reflect.DeepEqual(first, again) {
			r.Fatalf("the second answer is another:\n%+v\n%+v", first, again)
		}
		elsewhere := travelled(r, w)
		e := circ.NewCase(a, rules)
		for k := range elsewhere.rows {
			e.Add(circ.ByKey(k.Kind, k.ID), elsewhere.read(circ.ByKey(k.Kind, k.ID)))
		}
		elsewhere.gather(t, e)
		if there := circ.Decide(e); !reflect.DeepEqual(first, there) {
			r.Fatalf("%+v\nhere\n%+v\nthere\n%+v", a.Command, first, there)
		}
	})
}

// TestWhatWasToldIsApplied: where the server knows what the desk knew, the fact
// is recorded as told, and nobody objects.
func TestWhatWasToldIsApplied(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		_, w := drawDeeds(r, t, lively(), "desk-1", now, 4)
		a := drawAct(r, w)
		d := w.decide(t, a)
		if !d.Done() {
			return
		}
		events, objections := w.record(t, a, d.Events)
		if len(surprises(a, objections)) > 0 || !reflect.DeepEqual(events, d.Events) {
			r.Fatalf("%+v\ntold\n%+v\napplied\n%+v\nobjections %+v", a.Command, d.Events, events, objections)
		}
	})
}

// surprises gives the objections but that somebody has to catalogue what was added: that
// always is one.
func surprises(a circ.Act, objections []circ.Remark) (out []circ.Remark) {
	_, adds := a.Command.(circ.AddItem)
	for _, m := range objections {
		if !adds || m.Reason != circ.UnknownItem {
			out = append(out, m)
		}
	}
	return out
}

// TestCaseStaysAsItWas: the functions of the engine change no row and no case.
func TestCaseStaysAsItWas(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		deeds, w := drawDeeds(r, t, lively(), "desk-1", now, 4)
		c := circ.NewCase(drawAct(r, w), rules)
		if len(deeds) > 0 {
			c.Was = &deeds[len(deeds)-1].story
		}
		c.Told = []circ.Event{drawEvent(r)}
		w.gather(t, c)
		before := w.frozen(r)
		c.Apply(drawEvent(r))
		changes := c.Changes()
		circ.Decide(c)
		circ.Record(c)
		circ.Retract(c)
		if now := c.Changes(); !reflect.DeepEqual(now, changes) {
			r.Fatalf("the changes of the case were\n%+v\nand are\n%+v", changes, now)
		}
		if w.frozen(r) != before {
			r.Fatal("a row was written to")
		}
	})
}

// TestLacksEnds: whatever the command, the told events and the story name, the
// case is complete after a few trips, and nothing is asked for twice.
func TestLacksEnds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		w := lively()
		for _, k := range []string{"reader", "third"} {
			if rapid.Bool().Draw(r, "merged") {
				merged(k, rapid.SampledFrom([]string{"reader", "other", "third", "nobody"}).Draw(r, "into"))(w)
			}
		}
		c := circ.NewCase(act("entry-1", drawCommand(r)), rules)
		c.Told = rapid.SliceOfN(rapid.Custom(drawEvent), 0, 4).Draw(r, "told")
		if rapid.Bool().Draw(r, "takes back") {
			c.Was = &circ.Story{Act: act("entry-0", drawCommand(r)), Events: rapid.SliceOfN(rapid.Custom(drawEvent), 0, 4).Draw(r, "was")}
		}
		w.gather(t, c) // fails when asked twice, or when it does not end
		circ.Decide(c)
		circ.Retract(c)
		events, _ := circ.Record(c)
		w.apply(events...)
	})
}

// TestLacksEndsOnLongQueues: a queue in which nothing fits is read once through.
func TestLacksEndsOnLongQueues(t *testing.T) {
	w := plain(onLoan("item", "reader", day))
	for i := range 5000 {
		waiting("r"+time.Duration(i).String(), "other", time.Duration(i)*time.Second, onlyCopy("copy"))(w)
	}
	read := 0
	trips := w.gather(t, circ.NewCase(act("entry-1", back), rules))
	for _, trip := range trips {
		for _, want := range trip {
			if want.Index == circ.QueueOf {
				read += want.N
			}
		}
	}
	if len(trips) > 9 || read < 5000 {
		t.Errorf("%d trips for %d rows", len(trips), read)
	}
}

// TestRetractRestores: whatever an entry did, taking it back at once leaves
// every row as it was, and counts nothing that is new.
func TestRetractRestores(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		deeds, w := drawDeeds(r, t, lively(), "desk-1", now, 6)
		if len(deeds) == 0 {
			return
		}
		last := deeds[len(deeds)-1]
		a := last.story.Act
		a.ID, a.Command, a.At = "entry-back", nil, a.At.Add(time.Minute)
		events, objections := w.retract(t, a, last.story)
		if len(objections) > 0 {
			r.Fatalf("%+v: objections %+v", last.story.Act.Command, objections)
		}
		w.apply(events...).restores(r, last.before)

		// A clerk's undo does the same, but for money and what was counted.
		a.Command = circ.Undo{Entry: last.story.Act.ID}
		d := w.undo(t, a, last.story)
		switch k := last.story.Act.Command.(type) {
		case circ.Refund, circ.Pay, circ.CloseDrawer, circ.SeeContact, circ.CarryConflict:
			if pay, ok := k.(circ.Pay); ok && pay.Method == circ.ByCredit {
				break
			}
			if d.Done() {
				r.Fatal("money is given back, or what was counted is taken back")
			}
			return
		}
		if !reflect.DeepEqual(d.Events, events) {
			r.Fatalf("withdrawn %+v\nundone %+v", events, d.Events)
		}
	})
}

// TestAllIsTakenBack: a day's deeds taken back, the last first, leave the
// library as it was in the morning.
func TestAllIsTakenBack(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		deeds, w := drawDeeds(r, t, lively(), "desk-1", now, 5)
		for i := len(deeds) - 1; i >= 0; i-- {
			a := deeds[i].story.Act
			a.Command, a.At = nil, hence(30*day)
			events, objections := w.retract(t, a, deeds[i].story)
			if len(objections) > 0 {
				r.Fatalf("%+v: objections %+v", deeds[i].story.Act.Command, objections)
			}
			w = w.apply(events...)
			for _, wrong := range w.wrongs() {
				r.Errorf("%s", wrong)
			}
		}
		if len(deeds) > 0 {
			w.restores(r, deeds[0].before)
		}
	})
}

// TestARefusedUndoSaysWhoAndWhen: where another desk has worked on the same
// records since, the clerk hears which, and when.
func TestARefusedUndoSaysWhoAndWhen(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		deeds, w := drawDeeds(r, t, lively(), "desk-1", now, 3)
		if len(deeds) == 0 {
			return
		}
		last := deeds[len(deeds)-1].story
		_, w = drawDeeds(r, t, w, "desk-2", last.Act.At, 4)
		a := act("entry-undo", circ.Undo{Entry: last.Act.ID})
		a.At = hence(60 * day)
		for _, m := range w.undo(t, a, last).Refused {
			if m.Reason == circ.ChangedSince && (m.Desk != "desk-2" || !m.When.After(last.Act.At)) {
				r.Fatalf("%+v is not undone: %+v", last.Act.Command, m)
			}
		}
	})
}

// TestTwoDesksMeet: two desks that know nothing of each other both tell what
// they did; the records stay whole, whoever tells first.
func TestTwoDesksMeet(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		morning := lively()
		one, _ := drawDeeds(r, t, morning, "desk-1", now, 5)
		two, _ := drawDeeds(r, t, morning, "desk-2", now, 5)
		w := morning
		for len(one)+len(two) > 0 {
			from := &one
			if len(one) == 0 || len(two) > 0 && rapid.Bool().Draw(r, "the second") {
				from = &two
			}
			s := (*from)[0].story
			*from = (*from)[1:]
			events, objections := w.record(t, s.Act, s.Events)
			after := w.apply(events...)
			for _, wrong := range after.wrongs() {
				r.Errorf("%s", wrong)
			}
			paid := int64(0)
			for _, e := range s.Events {
				switch e := e.(type) {
				case circ.CheckedOut:
					if l := after.loan(string(e.Loan)); l.Patron == "" || !l.Due.Equal(e.Due) {
						r.Errorf("the loan that was told is %+v", l)
					}
				case circ.Seen:
					if at := after.item(string(e.Item)).Seen.At; at.Before(e.At) {
						r.Errorf("last seen %v, and was seen %v", at, e.At)
					}
				case circ.Paid:
					paid += e.Amount.Minor
				case circ.Refunded:
					paid -= e.Amount.Minor
				case circ.Charged:
					if f := of[circ.Fee](after, circ.KindFee, string(e.Fee)); f.Amount.Minor > e.Amount.Minor {
						r.Errorf("the fee that was told as %v is %v", e.Amount, f.Amount)
					}
				}
			}
			if got := cash(after) - cash(w); got != paid {
				r.Errorf("cash told %d, booked %d", paid, got)
			}
			if r.Failed() {
				r.Fatalf("recording %+v at %v\ntold %+v\napplied %+v\nobjections %+v\nbefore %s\nafter %s", s.Act.Command, s.Act.At, s.Events, events, objections, w.frozen(r), after.frozen(r))
			}
			w = after
		}
		// The open loan of an item is that of the last who had it in hand, unless it is here incomplete.
		for _, i := range every[circ.Item](w) {
			if l, out := w.rows[circ.Key{Kind: circ.KindLoan, ID: string(i.Loan)}].(circ.Loan); out && !l.Incomplete() && had(l).Before(i.Seen.At) {
				r.Errorf("%s is in hand since %v, and was seen %v", i.ID, had(l), i.Seen.At)
			}
		}
	})
}

// had gives when the patron last had the item at a desk.
func had(l circ.Loan) time.Time {
	at := l.Out
	for _, n := range l.Renewals {
		if n.Desk != "" && n.At.After(at) {
			at = n.At
		}
	}
	return at
}

// drawAct gives an act on the evening of a day.
func drawAct(t *rapid.T, w *world) circ.Act {
	a := act("entry-1", drawUseful(t, w))
	a.At = hence(9 * day)
	if rapid.Bool().Draw(t, "says yes") {
		a.Over = everything
	}
	return a
}

// travelled gives a world whose rows were written and read again.
func travelled(t *rapid.T, w *world) *world {
	there := &world{rows: map[circ.Key]circ.Row{}}
	for _, row := range w.rows {
		text, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		read := reflect.New(reflect.TypeOf(row))
		if err := json.Unmarshal(text, read.Interface()); err != nil {
			t.Fatal(err)
		}
		there.put(read.Elem().Interface().(circ.Row))
	}
	return there
}
