package circ_test

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

func TestSetDue(t *testing.T) {
	lent := []change{film("item"), onLoan("item", "other", 5*day)} // due in nine days
	due := func(d time.Duration) circ.Command { return circ.SetDue{Barcode: "301", Due: hence(d)} }
	yes := why(circ.OwnDate)
	run(t, []row{
		{name: "sooner than the rules say", with: lent, do: due(2 * day), over: yes, events: []string{"due_set"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, hence(2*day))
			isAt(t, "as it was lent", o.after.loan("loan of item").Lent.Due, o.before.loan("loan of item").Due)
		}},
		{name: "without a yes", with: lent, do: due(2 * day), ask: yes, then: func(t *testing.T, o outcome) {
			is(t, "right", o.remark(t, circ.OwnDate).Right, circ.RightOverride)
		}},
		{name: "in the past", with: lent, do: due(-day), over: yes, refused: why(circ.DueInPast)},
		{name: "as it is", with: lent, do: circ.SetDue{Barcode: "301", Due: dayEnd(9)}, over: yes, refused: why(circ.DueAlready)},
		{name: "not on loan", do: due(day), over: yes, refused: why(circ.NotOnLoan)},
		{name: "after the card ends", with: append(lent, editPatron("other", func(p *circ.Patron) { p.Expires = hence(day) })), do: due(2 * day), over: yes, tell: why(circ.DueAfterCard), events: []string{"due_set"}},
		{name: "renewed after a sooner date was set: due when the renewal says", with: append(lent, edit(circ.KindLoan, "loan of item", func(l *circ.Loan) {
			l.Lent = circ.Term{Due: l.Due}
			l.Fixed = circ.Fixed{At: ago(day), Due: hence(day), Desk: "desk-0"}
			l.Due = hence(day)
		})), do: circ.Renew{Barcode: "301"}, events: []string{"renewed"}, then: func(t *testing.T, o outcome) {
			isAt(t, "due", o.after.loan("loan of item").Due, dayEnd(14))
		}},
		{name: "made due before, and late by that date", with: append(lent, edit(circ.KindLoan, "loan of item", func(l *circ.Loan) {
			l.Lent = circ.Term{Due: l.Due}
			l.Fixed = circ.Fixed{At: ago(4 * day), Due: ago(2 * day), Desk: "desk-0"}
			l.Due = ago(2 * day)
		})), do: back, tell: why(circ.WasLate, circ.FeeCharged), events: []string{"checked_in", "charged", "seen"}},
	})
}

func TestCorrectReturn(t *testing.T) {
	came := func(at, date time.Time) change {
		return func(w *world) {
			a := act("theirs", circ.CheckIn{Barcode: "301", Date: date})
			a.At, a.Desk = at, "desk-9"
			after, _ := w.done(t, a)
			*w = *after
		}
	}
	late := []change{film("item"), onLoan("item", "other", 17*day), came(ago(time.Hour), time.Time{})} // due three days ago: 1.50
	at := func(d time.Duration) circ.Command { return circ.CorrectReturn{Barcode: "301", In: ago(d)} }
	yes := why(circ.OtherReturn)
	run(t, []row{
		{name: "it had come back the day before: the fee is less", with: late, do: at(day), over: yes, tell: why(circ.FeeLessened), events: []string{"return_corrected", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "fee", lateFee(o.after, "item").Amount, euro(100))
			isAt(t, "back", o.after.loan("loan of item").In, ago(day))
		}},
		{name: "it had come back in time: no fee, and what was paid is credit", with: append(late, func(w *world) {
			paid("p", string(lateFee(w, "item").ID), "other", 150)(w)
		}), do: at(4 * day), over: yes, tell: why(circ.FeeLessened), events: []string{"return_corrected", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "owes", o.after.account(t, "other").Owes, -150)
		}},
		{name: "without a yes", with: late, do: at(day), ask: yes, tell: why(circ.FeeLessened)},
		{name: "it lay in the bookdrop since today, not the day before yesterday: the fee is more", with: []change{film("item"), onLoan("item", "other", 17*day), came(ago(time.Hour), ago(2*day))}, do: at(2 * time.Hour), over: yes, tell: why(circ.FeeCharged), events: []string{"return_corrected", "charged"}, then: func(t *testing.T, o outcome) {
			is(t, "fee", lateFee(o.after, "item").Amount, euro(150))
		}},
		{name: "before it was lent", with: late, do: at(20 * day), over: yes, refused: why(circ.BeforeItWasLent)},
		{name: "tomorrow", with: late, do: at(-day), over: yes, refused: why(circ.FutureDate)},
		{name: "later than it was in hand", with: []change{film("item"), onLoan("item", "other", 17*day), came(ago(2*day), time.Time{})}, do: at(time.Hour), over: yes, refused: why(circ.InHandBefore)},
		{name: "never taken back", with: []change{onLoan("item", "other", day)}, do: at(time.Hour), over: yes, refused: why(circ.NeverReturned)},
	})
}
