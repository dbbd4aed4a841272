package sip2

import (
	"testing"
	"testing/synctest"
	"time"

	"circdesk/desk"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/central/sip2/siptest"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
)

// TestWhatTheSystemSaysIsAnAlert: what a system says of a patron stands before the clerk
// as an alert, until it says something else or a clerk has ended it; small talk does not.
func TestWhatTheSystemSaysIsAnAlert(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w, lib := far(t, siptest.Koha(), siptest.Rules())
		now := func() (alert circ.Alert, stands bool) {
			t.Helper()
			w.now = w.now.Add(time.Hour)
			if err := w.client.learned(t.Context(), "", "2001", true); err != nil {
				t.Fatal(err)
			}
			w.sync()
			err := w.desk.View(t.Context(), func(r journal.Reader) error {
				rows, err := r.Read(t.Context(), []circ.Want{circ.In(circ.AlertsOf, "ada", 10)})
				stands = false
				for _, row := range rows[0] {
					alert, stands = row.(circ.Alert), row.(circ.Alert).Ended.IsZero()
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return alert, stands
		}
		if a, stands := now(); stands {
			t.Errorf("small talk is an alert: %+v", a)
		}
		lib.AddFee(siptest.Fee{Patron: "2001", Amount: 500, Type: "01"})
		a, stands := now()
		if !stands || a.Text != "central: Patron owes 5.00" || !a.For(circ.AtLoan) {
			t.Fatalf("the alert is %+v", a)
		}
		if _, e, err := w.desk.Fact(t.Context(), w.desk.Act("ana", circ.EndAlert{Alert: a.ID}), nil); err != nil || e == nil {
			t.Fatal(err)
		}
		w.sync()
		if a, stands := now(); stands {
			t.Errorf("a clerk has ended it, and it is back: %+v", a)
		}
		lib.AddFee(siptest.Fee{Patron: "2001", Amount: 200, Type: "01"})
		if a, stands := now(); !stands || a.Text != "central: Patron owes 7.00" {
			t.Errorf("what it says now is not heard: %+v", a)
		}
		w.fact(circ.Pay{Patron: "ada", Amount: money.Amount{Minor: 700, Currency: "EUR"}})
		w.sync()
		if a, stands := now(); stands {
			t.Errorf("the system says it no more: %+v", a)
		}
	})
}

// TestALoanAndAReturnThatAreTakenBack: the message says that it cancels the one before,
// for systems that know that.
func TestALoanAndAReturnThatAreTakenBack(t *testing.T) {
	p, a := mustProfile(t, "alma"), Account{Institution: "01MY_INST"}
	loan, err := p.Checkout(a, Loan{Patron: "2001", Item: "3001", At: nine, Cancels: true})
	if err != nil {
		t.Fatal(err)
	}
	back, err := p.Checkin(a, Return{Item: "3001", At: nine, Returned: nine, Cancels: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range []sipwire.Message{loan, back} {
		if yes, ok := m.FlagField(sipwire.Cancel); !yes || !ok {
			t.Errorf("%s: BI is not Y", m.Code)
		}
	}
	plain, err := p.Checkout(a, Loan{Patron: "2001", Item: "3001", At: nine})
	if _, there := plain.First(sipwire.Cancel); there || err != nil {
		t.Errorf("BI in a plain loan (%v)", err)
	}
}

func mustProfile(t *testing.T, name string) Profile {
	t.Helper()
	p, err := ProfileOf(name)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestMoneyThatCannotBeTold: at a system that takes no payments the money is taken, and
// stands in the drawer's report as not booked until somebody has settled it; other things
// that its own word denies are refused.
func TestMoneyThatCannotBeTold(t *testing.T) {
	d := siptest.Plain()
	d.Services, d.Lacks = "YYYNYYYYYNYYYNYY", map[string]bool{"01": true, "15": true, "37": true} // no block, fee paid, hold
	synctest.Test(t, func(t *testing.T) {
		w, lib := far(t, d, siptest.Rules())
		if _, err := w.client.pool.Ping(t.Context()); err != nil {
			t.Fatal(err)
		}
		for command, want := range map[string]bool{"block": false, "unblock": true, "request": false, "cancel_request": false, "pay": true, "check_out": true} {
			if got := w.client.Carries(command); got != want {
				t.Errorf("%s is carried: %v", command, got)
			}
		}
		lib.AddFee(siptest.Fee{Patron: "2001", Amount: 500, Type: "01"})
		if err := w.client.learned(t.Context(), "", "2001", true); err != nil {
			t.Fatal(err)
		}
		w.sync()
		till, _ := circ.NewDrawerID(centraltest.Branch, "till")
		w.fact(circ.OpenDrawer{Drawer: till})
		w.sync()
		_, r := w.asks(circ.Pay{Patron: "ada", Drawer: till, Amount: money.Amount{Minor: 500, Currency: "EUR"}})
		if r == nil || r.Verdict != journal.Applied || len(r.Objections) != 1 || r.Objections[0].Reason != circ.NotBooked || r.Objections[0].Amount.Minor != 500 {
			t.Fatalf("receipt %+v", r)
		}
		w.sync()
		if till, ok, err := desk.ReadDrawer(t.Context(), w.desk, till, 0); err != nil || !ok || till.Unbooked != 1 {
			t.Errorf("the drawer: %+v, %v", till, err)
		}
		if len(lib.Payments()) > 0 {
			t.Error("booked there")
		}
	})
}
