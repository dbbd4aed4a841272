package sip2

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"circdesk/desk/central/sip2/siptest"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
)

// TestAVisitEnds: a system hears that a visit is over when it was spoken of that patron,
// once, and only where its profile and its own word have it.
func TestAVisitEnds(t *testing.T) {
	for _, row := range []struct {
		name  string
		set   func(*counter, *siptest.Library)
		lends bool
		leave string
		ended int
	}{
		{"after a loan", nil, true, "2001", 1},
		{"of somebody else", nil, true, "2002", 0},
		{"of whom nothing was said", nil, false, "2001", 0},
		{"at a system that cannot bear it", func(w *counter, _ *siptest.Library) { w.client.Profile.EndsSession = false }, true, "2001", 0},
		{"at a system that says that it does not take it", func(_ *counter, lib *siptest.Library) { lib.Dialect.Services = "YYYYYYYYNYYYYYYY" }, true, "2001", 0},
		{"when the connection was lost meanwhile", func(w *counter, _ *siptest.Library) {
			w.far.SetScript(siptest.Rules(siptest.Rule{From: siptest.FromLibrary, Code: "11", Do: siptest.CutAfter}))
		}, true, "2001", 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, lib := far(t, siptest.Plain(), siptest.Rules())
				lib.LoanDays = 14
				if row.set != nil {
					row.set(w, lib)
				}
				if row.lends {
					w.fact(out3("2001", 1))
					w.sync()
					synctest.Wait()
				}
				for range 2 {
					if err := w.client.Leave(t.Context(), row.leave); err != nil {
						t.Error(err)
					}
				}
				if n := lib.Count(siptest.Ended, "", ""); n != row.ended {
					t.Errorf("the system heard it %d times, not %d: %v", n, row.ended, lib.HeardCodes())
				}
			})
		})
	}
}

// TestWithoutPatronInformation: a system that gives a patron's status only is asked for
// that; what it lists nowhere is known from the desk.
func TestWithoutPatronInformation(t *testing.T) {
	for name, d := range map[string]func(*siptest.Dialect){
		"by its own word": func(d *siptest.Dialect) { d.Services, d.Lacks = "YYYYYYYNYYYYYYYY", map[string]bool{"63": true} },
		"by its profile":  func(d *siptest.Dialect) { d.Lacks = map[string]bool{"63": true} },
	} {
		t.Run(name, func(t *testing.T) {
			dialect := siptest.Plain()
			d(&dialect)
			synctest.Test(t, func(t *testing.T) {
				w, lib := far(t, dialect, siptest.Rules())
				lib.LoanDays = 14
				if name == "by its profile" {
					w.client.Profile.Without = append(w.client.Profile.Without, "63")
				} else if _, err := w.client.pool.Ping(t.Context()); err != nil {
					t.Fatal(err)
				}
				lib.AddFee(siptest.Fee{Patron: "2001", Amount: 700, Type: "01"})
				if err := w.client.learned(t.Context(), "", "2001", true); err != nil {
					t.Fatal(err)
				}
				w.fact(out3("2001", 1))
				w.sync()
				w.fact(circ.Pay{Patron: "ada", Amount: money.Amount{Minor: 700, Currency: "EUR"}})
				w.sync()
				w.fact(back(1))
				w.sync()
				if codes := lib.HeardCodes(); !slices.Contains(codes, "23") || slices.Contains(codes, "63") {
					t.Errorf("it heard %v", codes)
				}
				if lib.Owes("2001") != 0 || lib.Count(siptest.CheckedIn, "", "3001") != 1 {
					t.Errorf("done there: %+v", lib.Deeds())
				}
				if got := w.objections(); len(got) > 0 {
					t.Errorf("objections %v", got)
				}
			})
		})
	}
}

// TestRenewAll: all that a patron has is renewed with one message where the system does
// that well, and each by itself where it does not, has more of theirs than the desk, or
// renews some only; whatever is lost, nothing is renewed twice.
func TestRenewAll(t *testing.T) {
	for _, row := range []struct {
		name   string
		set    func(*counter, *siptest.Library)
		all    int // messages 65
		each   int // messages 29
		failed bool
		last   journal.Verdict // of the third
	}{
		{"with one message", nil, 1, 0, false, journal.Applied},
		{"at a system of which that is not known", func(w *counter, _ *siptest.Library) { w.client.Profile.RenewsAll = false }, 0, 3, false, journal.Applied},
		{"when the system has one more, which nobody asked to renew", func(w *counter, lib *siptest.Library) {
			lib.AddLoan(siptest.Loan{Patron: "2001", Item: "3009", Since: w.now, Due: w.now.AddDate(0, 0, 9)})
		}, 0, 3, false, journal.Applied},
		{"when one may not be renewed, the clerk hears why", func(_ *counter, lib *siptest.Library) { lib.AddRequest("2002", "3003") }, 1, 1, false, journal.Refused},
		{"when the answer is lost, each is looked at", func(w *counter, _ *siptest.Library) {
			w.far.SetScript(siptest.Rules(siptest.Rule{From: siptest.FromLibrary, Code: "65", Do: siptest.CutBefore}))
		}, 1, 0, true, journal.Applied},
		{"when the message is lost, each is said by itself", func(w *counter, _ *siptest.Library) {
			w.far.SetScript(siptest.Rules(siptest.Rule{From: siptest.FromTerminal, Code: "65", Do: siptest.CutBefore}))
		}, 0, 3, true, journal.Applied},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w, lib := far(t, siptest.Plain(), siptest.Rules())
				lib.LoanDays = 14
				for n := 1; n <= 3; n++ {
					w.fact(out3("2001", n))
				}
				w.sync()
				w.now = w.now.AddDate(0, 0, 5)
				if row.set != nil {
					row.set(w, lib)
				}
				w.now = w.now.Add(time.Minute)
				var last *journal.Entry
				for n := 1; n <= 3; n++ {
					_, e, err := w.desk.Ask(t.Context(), w.desk.Act("ana", circ.Renew{Barcode: fmt.Sprint(3000 + n)}), nil)
					if err != nil {
						t.Fatal(err)
					}
					last = e
				}
				failed := w.sync()
				codes := map[string]int{}
				for _, c := range lib.HeardCodes() {
					codes[c]++
				}
				if codes["65"] != row.all || codes["29"] != row.each || failed > 0 != row.failed {
					t.Errorf("%d for all and %d for each; %d deliveries failed", codes["65"], codes["29"], failed)
				}
				for n := 1; n <= 3; n++ {
					want := 1
					if n == 3 && row.last == journal.Refused {
						want = 0
					}
					there, _ := lib.Loan(fmt.Sprint(3000 + n))
					here, _ := w.loan(n)
					if there.Renewals != want || !sameDay(here.Due, there.Due, there.Since, time.UTC) {
						t.Errorf("book %d: %d renewals, due %s there and %s here", n, there.Renewals, there.Due, here.Due)
					}
				}
				if lib.Count(siptest.Renewed, "", "3009") > 0 {
					t.Error("what nobody asked for was renewed")
				}
				var r journal.Receipt
				err := w.journal.View(t.Context(), func(tx journal.JournalTx) (err error) {
					r, _, err = tx.Receipt(t.Context(), last.Act.ID)
					return err
				})
				if err != nil || r.Verdict != row.last {
					t.Errorf("the third is %s, %v", r.Verdict, err)
				}
				if row.last == journal.Refused && (len(r.Decision.Refused) != 1 || r.Decision.Refused[0].Text != "Item is requested by another patron") {
					t.Errorf("refused because of %+v", r.Decision.Refused)
				}
				if got := w.objections(); len(got) > 0 {
					t.Errorf("objections %v", got)
				}
			})
		})
	}
}

// TestARenewalWithoutAnAnswer: what the due date proves, what a count proves where the
// system has one, and what nobody can find out: that is not said again.
func TestARenewalWithoutAnAnswer(t *testing.T) {
	const lost = siptest.CutBefore
	for _, row := range []struct {
		name    string
		days    int // since the loan
		loan    int // days
		counts  bool
		from    siptest.Side // what is lost
		renewed int
		unclear bool
	}{
		{"the answer is lost, the date has moved", 5, 14, false, siptest.FromLibrary, 1, false},
		{"the message is lost, the date has not moved and would have", 5, 14, false, siptest.FromTerminal, 1, false},
		{"the answer is lost, on the day of the loan: the date says nothing", 0, 7, false, siptest.FromLibrary, 1, true},
		{"the message is lost, on the day of the loan: the date says nothing", 0, 7, false, siptest.FromTerminal, 0, true},
		{"the answer is lost, on the day of the loan, and the system counts", 0, 7, true, siptest.FromLibrary, 1, false},
		{"the message is lost, on the day of the loan, and the system counts", 0, 7, true, siptest.FromTerminal, 1, false},
		{"the message is lost, of what is overdue", 15, 7, false, siptest.FromTerminal, 1, false},
	} {
		t.Run(row.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dialect := siptest.Plain()
				if row.counts {
					dialect.RenewalsTag = "ZR"
				}
				w, lib := far(t, dialect, siptest.Rules())
				lib.LoanDays = 14
				lib.LoanDays = row.loan
				if row.counts {
					w.client.Profile.Fields.Renewals = "ZR"
				}
				w.fact(out3("2001", 1))
				w.sync()
				w.now = w.now.AddDate(0, 0, row.days)
				w.far.SetScript(siptest.Rules(siptest.Rule{From: row.from, Code: "29", Nth: 1, Do: lost}))
				w.fact(circ.Renew{Barcode: "3001"})
				w.sync()
				if n := lib.Count(siptest.Renewed, "", "3001"); n != row.renewed {
					t.Errorf("renewed %d times, not %d", n, row.renewed)
				}
				if got := slices.Contains(w.objections(), circ.OutcomeUnknown); got != row.unclear {
					t.Errorf("nobody knows: %v (%v)", got, w.objections())
				}
			})
		})
	}
}
