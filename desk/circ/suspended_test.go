package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

// suspension is that for the loan of an item.
func suspension(w *world, item string) circ.Block {
	return of[circ.Block](w, circ.KindBlock, circ.NewID(circ.EntryID("loan of "+item), circ.KindBlock, 0))
}

func TestSuspension(t *testing.T) {
	late := []change{laptop("item"), onLoan("item", "other", 17*day)} // due three days ago: six days
	suspended := func(until time.Time) change {
		return func(w *world) {
			w.put(circ.Block{ID: "s", Patron: "reader", Loan: "loan-x", At: ago(day), Until: until})
		}
	}
	overdue := []change{onLoan("copy", "reader", 20*day), onLoan("item-2", "reader", 30*day)}
	run(t, []row{
		{name: "a laptop three days late: two days for each", with: late, do: back, tell: why(circ.WasLate, circ.SuspendedNow), events: []string{"checked_in", "blocked", "seen"}, then: func(t *testing.T, o outcome) {
			b := suspension(o.after, "item")
			isAt(t, "until", b.Until, dayEnd(6))
			is(t, "whom", b.Patron, "other")
			is(t, "for the loan", b.Loan, "loan of item")
			isAt(t, "told until", o.remark(t, circ.SuspendedNow).Until, dayEnd(6))
		}},
		{name: "a laptop in time", with: []change{laptop("item"), onLoan("item", "other", 9*day)}, do: back, events: []string{"checked_in", "seen"}},
		{name: "whoever is suspended is asked about", with: []change{suspended(hence(day))}, do: lend, ask: why(circ.Suspended), then: func(t *testing.T, o outcome) {
			isAt(t, "until", o.remark(t, circ.Suspended).Until, hence(day))
		}},
		{name: "it is over by itself", with: []change{suspended(ago(time.Hour))}, do: lend, events: []string{"checked_out"}},
		{name: "lifted by hand", with: []change{suspended(hence(day))}, do: circ.Unblock{Block: "s"}, events: []string{"unblocked"}},
		{name: "it had come back in time: nobody is suspended", with: append(late, func(w *world) {
			after, _ := w.done(t, act("theirs", back))
			*w = *after
		}), do: circ.CorrectReturn{Barcode: "301", In: ago(4 * day)}, at: hence(time.Hour), over: why(circ.OtherReturn), tell: why(circ.SuspensionOff), events: []string{"return_corrected", "unblocked"}},
		{name: "two items overdue, and none may be", with: overdue, do: lend, blocks: "[[terms]]\ngroup = \"adult\"\noverdue = 0\n", ask: why(circ.TooManyOverdue), then: func(t *testing.T, o outcome) {
			is(t, "take back", o.remark(t, circ.TooManyOverdue).Way, circ.Way{Do: circ.WayReturn, N: 2})
		}},
		{name: "one overdue, and one may be", with: overdue[:1], do: lend, blocks: "[[terms]]\ngroup = \"adult\"\noverdue = 1\n", events: []string{"checked_out"}},
		{name: "one claimed to be returned does not count", with: append(overdue[:1:1], marked("copy", circ.LoanClaimed, day)), do: lend, blocks: "[[terms]]\ngroup = \"adult\"\noverdue = 0\n", events: []string{"checked_out"}},
	})
}

// TestWhatComesBackIsLookedAtAgain: an undo of what had taken a fee and a suspension
// away does not bring them back where the loan was never lent.
func TestWhatComesBackIsLookedAtAgain(t *testing.T) {
	w := plain(laptop("item"), onLoan("item", "other", 17*day), edit(circ.KindLoan, "loan of item", func(l *circ.Loan) {
		l.In, l.How = now, circ.Void
	}))
	fee := circ.Charged{Fee: lateFee(w, "item").ID, Patron: "other", Item: "item", Loan: "loan of item", Type: circ.FeeOverdue, Amount: euro(0), At: now}
	fee.Fee = circ.FeeID(circ.NewID("loan of item", circ.KindFee, 0))
	w = w.apply(fee)
	fee.WasAmount, fee.WasDue, fee.WasBack = 200, ago(3*day), now
	a := act("entry-2", circ.Undo{Entry: "theirs"})
	events, _ := w.retract(t, a, circ.Story{Act: act("theirs", back), Events: []circ.Event{fee}})
	if f := lateFee(w.apply(events...), "item"); f.Amount.Minor != 0 {
		t.Errorf("the fee is back: %+v", f)
	}
}

func TestASuspensionFollowsItsLoan(t *testing.T) {
	w := plain(laptop("item"), onLoan("item", "other", 17*day))
	told := w.decide(t, act("entry-1", back)).Events
	renewedElsewhere := plain(laptop("item"), onLoan("item", "other", 17*day), renewed("item", "r", 4*day))
	events, objections := renewedElsewhere.record(t, act("entry-1", back), told)
	same(t, "objections", reasons(objections), why(circ.SuspensionOff))
	same(t, "events", names(events), []string{"checked_in", "seen"})

	after := w.apply(told...)
	d := after.undo(t, act("entry-2", circ.Undo{Entry: "entry-1"}), circ.Story{Act: act("entry-1", back), Events: told})
	if b := suspension(after.apply(d.Events...), "item"); b.Lifted.IsZero() {
		t.Errorf("after the undo: %+v", b)
	}
}
