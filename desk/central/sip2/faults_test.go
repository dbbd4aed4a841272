package sip2

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"circdesk/desk/central/sip2/siptest"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/money"
)

// shift is a desk that lends book 1, takes book 2 back, renews book 3 and takes 5.00 that
// Ben owes, while something happens to one message of the dialogue.
type shift struct {
	*counter
	lib *siptest.Library
}

func newShift(t *testing.T, d siptest.Dialect) *shift {
	t.Helper()
	w, lib := far(t, d, siptest.Rules())
	lib.LoanDays = 14
	w.fact(out3("2001", 2))
	w.fact(out3("2002", 3))
	owes := int64(500) // all of it is paid: most systems say nothing of fees then
	if d.Announces {
		owes = 1200
	}
	lib.AddFee(siptest.Fee{Patron: "2002", Amount: owes, Type: "01"})
	w.sync()
	if err := w.client.learned(context.Background(), "", "2002", true); err != nil {
		t.Fatal(err)
	}
	w.now = w.now.AddDate(0, 0, 5)
	w.sync()
	return &shift{w, lib}
}

// work does the day's work. Each is done with the one before delivered, as it is at a
// desk with a line.
func (d *shift) work() {
	d.t.Helper()
	for _, k := range []circ.Command{
		out3("2001", 1), back(2), circ.Renew{Barcode: "3003"},
		circ.Pay{Patron: "ben", Amount: money.Amount{Minor: 500, Currency: "EUR"}},
	} {
		d.fact(k)
		d.sync()
	}
}

// messages is how many messages the day has where nothing happens to any.
func messages(t *testing.T, dialect siptest.Dialect) (n int) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		d := newShift(t, dialect)
		before := d.far.Passed()
		d.work()
		n = d.far.Passed() - before
		if wrong := append(wrongThere(d.lib), d.wrongHere()...); len(wrong) > 0 {
			t.Errorf("without any fault: %q", wrong)
		}
		for _, o := range d.objections() {
			if o != circ.DateDiffers {
				t.Errorf("without any fault: objection %s", o)
			}
		}
	})
	return n
}

// wrongThere says what the library did that nobody asked for, or did twice.
func wrongThere(lib *siptest.Library) (wrong []string) {
	atMost := func(what siptest.What, patron, item string, most int) {
		if n := lib.Count(what, patron, item); n > most {
			wrong = append(wrong, fmt.Sprintf("%s %d times instead of %d: %s %s", what, n, most, patron, item))
		}
	}
	atMost(siptest.CheckedOut, "", "3001", 1)
	atMost(siptest.Renewed, "", "3001", 0)
	atMost(siptest.CheckedIn, "", "3002", 1)
	atMost(siptest.CheckedOut, "", "3002", 1)
	atMost(siptest.Renewed, "", "3002", 0)
	atMost(siptest.Renewed, "", "3003", 1)
	atMost(siptest.Paid, "2002", "", 1)
	atMost(siptest.CheckedIn, "", "3001", 0)
	atMost(siptest.CheckedIn, "", "3003", 0)
	return wrong
}

// wrongHere says where the desk shows something else than the library has, without a
// conflict that says so.
func (d *shift) wrongHere() (wrong []string) {
	d.t.Helper()
	cs, err := d.desk.Conflicts(context.Background(), false)
	if err != nil {
		d.t.Fatal(err)
	}
	told := func(item circ.ItemID, reasons ...circ.Reason) bool {
		for _, c := range cs {
			for _, o := range c.Met {
				if o.Item == item && (len(reasons) == 0 || slices.Contains(reasons, o.Reason)) {
					return true
				}
			}
		}
		return false
	}
	for n := 1; n <= 3; n++ {
		item := circ.ItemID(fmt.Sprintf("i%d", n))
		here, open := d.loan(n)
		there, lent := d.lib.Loan(fmt.Sprint(3000 + n))
		if open != lent && !told(item) {
			wrong = append(wrong, fmt.Sprintf("book %d: on loan %v here and %v there", n, open, lent))
		}
		if open && lent && !sameDay(here.Due, there.Due, there.Since, time.UTC) && !told(item) {
			wrong = append(wrong, fmt.Sprintf("book %d: due %v here, %v there", n, here.Due, there.Due))
		}
	}
	if n := d.lib.Count(siptest.Renewed, "", "3003"); n != 1 && !told("i3") {
		wrong = append(wrong, "the renewal was lost")
	}
	if len(d.lib.Payments()) != 1 && !told("", circ.NotBooked) {
		wrong = append(wrong, "the payment was lost")
	}
	return wrong
}

// TestEachFaultAtEachMessage: whatever happens to whichever message of a shift, at each
// dialect, nothing is done twice, nothing is lost, and in the end the desk shows what the
// library has. A sample; CIRCDESK_LONG=1 tries them all.
func TestEachFaultAtEachMessage(t *testing.T) {
	const sample = 5 // for each dialect
	for i, dialect := range siptest.Dialects() {
		t.Run(dialect.Name, func(t *testing.T) {
			n := messages(t, dialect)
			type one struct {
				at int
				do siptest.Fault
			}
			var all []one
			for at := 1; at <= n; at++ {
				for _, do := range siptest.Faults() {
					all = append(all, one{at, do})
				}
			}
			if !long() {
				rand.New(rand.NewPCG(uint64(i), 5)).Shuffle(len(all), func(a, b int) { all[a], all[b] = all[b], all[a] })
				all = all[:sample]
			}
			for _, x := range all {
				t.Run(fmt.Sprintf("%s at message %d", x.do, x.at), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						d := newShift(t, dialect)
						d.far.SetScript(siptest.At(d.far.Passed()+x.at, x.do))
						d.work()
						if err := d.far.Settle(context.Background()); err != nil {
							t.Fatal(err)
						}
						if len(d.far.Did()) != 1 {
							t.Fatalf("the fault met %d messages", len(d.far.Did()))
						}
						for _, wrong := range append(wrongThere(d.lib), d.wrongHere()...) {
							t.Errorf("%s of %s: %s", d.far.Did()[0].From, d.far.Did()[0].Code, wrong)
						}
						for _, o := range d.objections() {
							if o != circ.DateDiffers { // none is left to a person: all of it can be found out
								t.Errorf("%s of %s: objection %s", d.far.Did()[0].From, d.far.Did()[0].Code, o)
							}
						}
					})
				})
			}
			t.Logf("%d of %d", len(all), n*len(siptest.Faults()))
		})
	}
}

// TestWhoAsksAgainBlindlyDoesItTwice is the counter-proof: the same day, told by
// somebody who says again what got no answer, does something twice at every system that
// has no memory of its own, and is seen to.
func TestWhoAsksAgainBlindlyDoesItTwice(t *testing.T) {
	for _, row := range []struct {
		code  sipwire.Code
		wrong string
	}{
		{sipwire.Checkout, "renewed 1 times instead of 0:  3001"},
		{sipwire.Renew, "renewed 2 times instead of 1:  3003"},
		{sipwire.FeePaid, "paid 2 times instead of 1: 2002 "},
	} {
		for _, do := range []siptest.Fault{siptest.CutAfter, siptest.Lose} {
			t.Run(fmt.Sprintf("%s %s", do, row.code), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					d := newShift(t, siptest.Koha())
					from := siptest.FromLibrary
					if do == siptest.CutAfter {
						from = siptest.FromTerminal
					}
					d.far.SetScript(siptest.Rules(siptest.Rule{From: from, Code: string(row.code), Nth: d.nth(row.code) + 1, Do: do}))
					d.blindly()
					if err := d.far.Settle(context.Background()); err != nil { // what was cut off arrives
						t.Fatal(err)
					}
					if wrong := wrongThere(d.lib); !slices.Contains(wrong, row.wrong) {
						t.Errorf("nobody saw it: %q", wrong)
					}
				})
			})
		}
	}
}

// nth is how many messages of a code the library has heard.
func (d *shift) nth(code sipwire.Code) (n int) {
	for _, c := range d.lib.HeardCodes() {
		if c == string(code) {
			n++
		}
	}
	return n
}

// blindly tells the day's work until each is answered.
func (d *shift) blindly() {
	d.t.Helper()
	p, a := d.client.Profile, d.client.Account
	say := func(m sipwire.Message, err error) {
		if err != nil {
			d.t.Fatal(err)
		}
		for range 5 {
			if out := d.client.pool.Change(context.Background(), m); out.Verdict == Done || out.Verdict == Refused {
				return
			}
		}
		d.t.Fatalf("%s is never answered", m.Code)
	}
	say(p.Checkout(a, Loan{Patron: "2001", Item: "3001", At: d.now}))
	say(p.Checkin(a, Return{Item: "3002", At: d.now, Returned: d.now}))
	say(p.Renew(a, Loan{Patron: "2002", Item: "3003", At: d.now}))
	say(p.FeePaid(a, Payment{Patron: "2002", At: d.now, Amount: money.Amount{Minor: 500, Currency: "EUR"}}))
}
