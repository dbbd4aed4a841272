package sip2

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/central/centraltest"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
)

// first makes trouble for the first message of a code.
func first(code sipwire.Code, what trouble) func(sipwire.Code, int) trouble {
	return func(c sipwire.Code, n int) trouble {
		if c == code && n == 1 {
			return what
		}
		return noTrouble
	}
}

// TestNothingIsDoneTwice: whatever becomes of a message, the desk and the system come
// to the same, and each change is done once.
func TestNothingIsDoneTwice(t *testing.T) {
	type deed struct {
		name string
		code sipwire.Code
		do   func(*counter)
		did  string // at the system
	}
	ada := circ.PatronID("ada")
	deeds := []deed{
		{"a check-out", sipwire.Checkout, func(w *counter) { w.fact(out3("2001", 1)) }, "11 2001 3001"},
		{"a check-in", sipwire.Checkin, func(w *counter) { w.fact(back(9)) }, "09 3009"},
		{"a renewal", sipwire.Renew, func(w *counter) {
			w.now = w.now.AddDate(0, 0, 3)
			w.fact(circ.Renew{Barcode: "3009"})
		}, "29 2002 3009"},
		{"a request", sipwire.Hold, func(w *counter) { w.fact(circ.Place{Card: "2001", Barcode: "3005"}) }, "15 2001 3005"},
		{"a payment", sipwire.FeePaid, func(w *counter) {
			w.fact(circ.Pay{Patron: ada, Amount: money.Amount{Minor: 500, Currency: "EUR"}})
		}, "37 2001"},
	}
	for _, d := range deeds {
		for _, row := range []struct {
			name  string
			what  trouble
			crash bool
			done  int
		}{
			{"", noTrouble, false, 1}, {" that never arrives", deaf, false, 1}, {" whose answer gets lost", mute, false, 1},
			{" whose answer gets lost, and the desk dies", mute, true, 1}, {" that the system refuses", refuses, false, 0},
		} {
			t.Run(d.name+row.name, func(t *testing.T) {
				l := standing(t)
				w := newCounter(t, l)
				l.patrons["2001"].owes = "5.00"
				w.fact(out3("2002", 9))
				w.sync()
				if err := w.client.learned(context.Background(), "", "2001", true); err != nil {
					t.Fatal(err)
				}
				w.sync()
				l.changed, l.count = nil, map[sipwire.Code]int{}
				d.do(w)
				l.fault = first(d.code, row.what)
				if row.crash {
					l.fault = func(c sipwire.Code, n int) trouble { // and the line is gone behind it
						if c == d.code {
							l.down = true
							return mute
						}
						return noTrouble
					}
					if _, err := w.line.Deliver(context.Background()); err == nil {
						t.Fatal("an answer that got lost was heard")
					}
					w.dies()
					l.down, l.fault = false, nil
				}
				w.sync()
				want := strings.Repeat(d.did, row.done)
				if l.did() != want {
					t.Errorf("at the system: %q, not %q", l.did(), want)
				}
				if objects := w.objections(); len(objects) > 0 != (row.what == refuses) {
					t.Errorf("objections %v", objects)
				}
				if err := w.store.View(t.Context(), func(tx journal.HubTx) error {
					if f, err := tx.Note(t.Context(), noteFlights); f != nil || err != nil {
						t.Errorf("left under way: %s, error %v", f, err)
					}
					return nil
				}); err != nil {
					t.Fatal(err)
				}
			})
		}
	}
}

// TestRefusedFactStands: what has happened is kept with the system's words, and what
// is looked up afterwards does not take it away.
func TestRefusedFactStands(t *testing.T) {
	l := standing(t)
	w := newCounter(t, l)
	l.fault = first(sipwire.Checkout, refuses)
	e := w.fact(out3("2001", 1))
	w.sync()
	cs, err := w.desk.Conflicts(t.Context(), false)
	if err != nil || len(cs) != 1 || cs[0].ID != e.Act.ID || cs[0].Rejected {
		t.Fatalf("conflicts %+v, error %v", cs, err)
	}
	if o := cs[0].Met[0]; o.Reason != circ.SystemRefused || o.Text != "not lent" || o.Who != "ada" || o.Item != "i1" {
		t.Errorf("objection %+v", o)
	}
	w.now = w.now.Add(time.Hour)
	for _, want := range []circ.Want{circ.In(circ.ByBarcode, "3001", 1), circ.ByKey(circ.KindCard, "2001")} {
		if _, err := w.client.Search(t.Context(), []circ.Want{want}); err != nil {
			t.Fatal(err)
		}
	}
	w.sync()
	if _, open := w.loan(1); !open {
		t.Error("the loan is gone from the desk, and the book is with the patron")
	}
	w.fact(back(1))
	w.sync()
	if _, open := w.loan(1); open {
		t.Error("the book is back, and still on loan")
	}
	if got := w.objections(); len(got) != 1 {
		t.Errorf("objections %v", got)
	}
}

// TestAnswers: what a question comes to.
func TestAnswers(t *testing.T) {
	for _, row := range []struct {
		name    string
		set     func(*counter)
		ask     circ.Command
		over    []circ.Reason
		verdict journal.Verdict
		reason  circ.Reason // refused, asked, or told
		did     string
	}{
		{"lent", nil, out3("2001", 1), nil, journal.Applied, "", "11 2001 3001"},
		{"the system says no", func(w *counter) { w.l.fault = first(sipwire.Checkout, refuses) }, out3("2001", 1), nil, journal.Refused, circ.SystemRefused, ""},
		{"with somebody else at the system, which the desk did not know", func(w *counter) { w.l.items["3001"].lent = "2002" }, out3("2001", 1), nil, journal.Refused, circ.SystemRefused, ""},
		{"a card that nobody knows", nil, out3("9999", 1), nil, journal.Refused, circ.UnknownPatron, ""},
		{"a book that only the system knows", func(w *counter) { w.l.items["7001"] = &copyOf{title: "New"} }, circ.CheckOut{Card: "2001", Barcode: "7001"}, nil, journal.Applied, "", "11 2001 7001"},
		{"a card that only the system knows", func(w *counter) { w.l.patrons["2009"] = &member{name: "Dora Doe", owes: "0.00"} }, out3("2009", 1), nil, journal.Applied, "", "11 2009 3001"},
		{"blocked at the system since", func(w *counter) { w.l.patrons["2001"].marks = sipwire.ExcessiveFines }, out3("2001", 1), nil, journal.Refused, circ.PatronBlocked, ""},
		{"only renewals are denied", func(w *counter) { w.l.patrons["2001"].marks = sipwire.RenewalDenied | sipwire.HoldDenied }, out3("2001", 1), nil, journal.Applied, "", "11 2001 3001"},
		{"taken back though it was not out", nil, back(1), nil, journal.Applied, circ.SystemSays, ""},
		{"a patron registered", nil, circ.Register{Patron: circ.Patron{Card: "2077", Family: "New", Given: "N"}}, nil, journal.Refused, circ.NotCarried, ""},
		{"blocked, as the desk wants", nil, circ.BlockPatron{Patron: "ada", Text: "card found"}, nil, journal.Applied, "", "01 2001"},
	} {
		t.Run(row.name, func(t *testing.T) {
			w := newCounter(t, standing(t))
			if row.set != nil {
				row.set(w)
			}
			_, r := w.asks(row.ask, row.over...)
			if r == nil {
				t.Fatal("no answer")
			}
			all := slices.Concat(r.Decision.Refused, r.Decision.Ask, r.Decision.Tell)
			has := slices.ContainsFunc(all, func(m circ.Remark) bool { return m.Reason == row.reason })
			if r.Verdict != row.verdict || row.reason != "" && !has {
				t.Errorf("%s: %+v", r.Verdict, r.Decision)
			}
			if w.l.did() != row.did {
				t.Errorf("at the system: %q, not %q", w.l.did(), row.did)
			}
		})
	}
}

// TestDateDiffers: a date that was told and is another there is a conflict with a way
// out, and the desk shows the system's from then on.
func TestDateDiffers(t *testing.T) {
	l := standing(t)
	l.trusts, l.days = false, 21
	w := newCounter(t, l)
	w.fact(out3("2001", 1))
	w.sync()
	if got := w.objections(); !slices.Equal(got, []circ.Reason{circ.DateDiffers}) {
		t.Fatalf("objections %v", got)
	}
	if cs, err := w.desk.Conflicts(t.Context(), false); err != nil || cs[0].Class != circ.ClassDateDiffers || cs[0].Actions()[0] != circ.ConflictRenew {
		t.Errorf("what fits is %v, %v", cs[0].Actions(), err)
	}
	if loan, _ := w.loan(1); !loan.Due.Equal(l.items["3001"].due) {
		t.Errorf("due %s at the desk, %s there", loan.Due, l.items["3001"].due)
	}
	_, r := w.asks(out3("2001", 2)) // nobody was told a date yet
	if r == nil || r.Verdict != journal.Applied || len(r.Objections) > 0 {
		t.Fatalf("receipt %+v", r)
	}
	if due := r.Events[0].(circ.CheckedOut).Due; !due.Equal(l.items["3002"].due) {
		t.Errorf("the answer is due %s, there %s", due, l.items["3002"].due)
	}
}

// TestOldReturnEndsNoNewerLoan: a book that came back without a line, and was lent at
// the system since, stays lent there.
func TestOldReturnEndsNoNewerLoan(t *testing.T) {
	l := standing(t)
	w := newCounter(t, l)
	w.fact(out3("2001", 1))
	w.sync()
	w.fact(back(1))
	w.now = w.now.Add(3 * time.Hour)
	l.items["3001"].lent = "2002" // taken back and lent by a self-check that needs no desk
	w.sync()
	if card, _ := l.lentTo("3001"); card != "2002" {
		t.Errorf("lent to %q", card)
	}
	if got := w.objections(); !slices.Contains(got, circ.NewerLoan) {
		t.Errorf("objections %v", got)
	}
}

// TestLentThereAlready: what the system has as lent to the same patron is not said: it
// would be a renewal.
func TestLentThereAlready(t *testing.T) {
	l := standing(t)
	w := newCounter(t, l)
	w.fact(out3("2001", 1))
	l.items["3001"].lent, l.items["3001"].due = "2001", w.now.AddDate(0, 0, 14)
	w.sync()
	if card, renewals := l.lentTo("3001"); card != "2001" || renewals != 0 || l.did() != "" {
		t.Errorf("lent to %s, %d renewals; done: %q", card, renewals, l.did())
	}
}

// TestUndo: a loan undone is taken back there; a return undone is a new loan there, and
// says so first.
func TestUndo(t *testing.T) {
	l := standing(t)
	w := newCounter(t, l)
	lent := w.fact(out3("2001", 1))
	w.sync()
	if _, r := w.asks(circ.Undo{Entry: lent.Act.ID}); r == nil || r.Verdict != journal.Applied {
		t.Fatalf("receipt %+v", r)
	}
	if card, _ := l.lentTo("3001"); card != "" {
		t.Errorf("still lent to %s", card)
	}
	w.sync()
	w.fact(out3("2001", 2))
	in := w.fact(back(2))
	w.sync()
	_, r := w.asks(circ.Undo{Entry: in.Act.ID})
	if r == nil || r.Verdict != journal.Refused || len(r.Decision.Ask) != 1 || r.Decision.Ask[0].Reason != circ.NewLoanThere {
		t.Fatalf("receipt %+v", r)
	}
	if _, r = w.asks(circ.Undo{Entry: in.Act.ID}, circ.NewLoanThere); r == nil || r.Verdict != journal.Applied {
		t.Fatalf("receipt %+v", r)
	}
	if card, _ := l.lentTo("3002"); card != "2001" {
		t.Errorf("lent to %q", card)
	}
}

// TestPaymentNotBooked: money that was taken stays booked here, and the drawer's report
// says that it is not booked there until somebody has settled it.
func TestPaymentNotBooked(t *testing.T) {
	l := standing(t)
	l.patrons["2001"].owes = "5.00"
	w := newCounter(t, l)
	if err := w.client.learned(t.Context(), "", "2001", true); err != nil {
		t.Fatal(err)
	}
	w.sync()
	till, ok := circ.NewDrawerID(centraltest.Branch, "till")
	if !ok {
		t.Fatal("no name for a drawer")
	}
	w.fact(circ.OpenDrawer{Drawer: till})
	l.fault = first(sipwire.FeePaid, refuses)
	e, r := w.asks(circ.Pay{Patron: "ada", Drawer: till, Amount: money.Amount{Minor: 500, Currency: "EUR"}})
	if r == nil || r.Verdict != journal.Applied || len(r.Objections) != 1 || r.Objections[0].Reason != circ.NotBooked || r.Objections[0].Amount.Minor != 500 {
		t.Fatalf("receipt %+v", r)
	}
	for _, want := range []int{1, 0} {
		w.sync()
		d, ok, err := desk.ReadDrawer(t.Context(), w.desk, till, 0)
		if err != nil || !ok || d.Unbooked != want || len(d.Moves) != 1 || d.Moves[0].Unbooked != (want == 1) {
			t.Errorf("%d movements are not booked, not %d (%+v, %v)", d.Unbooked, want, d.Moves, err)
		}
		if want == 1 {
			a := w.desk.Act("head", circ.SettleConflict{Conflict: e.Act.ID, Text: "booked by hand"})
			if d, settled, err := w.desk.Fact(t.Context(), a, []circ.Right{circ.RightCirculate, circ.RightSettle}); err != nil || settled == nil {
				t.Fatalf("not settled: %+v, %v", d, err)
			}
		}
	}
}

// TestQuestionAfterASilence: a question whose answer got lost, and whose clerk was told
// that it is not done, is taken back there; one that never arrived is never said.
func TestQuestionAfterASilence(t *testing.T) {
	for what, did := range map[trouble]string{mute: "11 2001 3001, 09 3001", deaf: ""} {
		l := standing(t)
		w := newCounter(t, l)
		l.fault = func(c sipwire.Code, n int) trouble {
			if c == sipwire.Checkout {
				l.down = true
				return what
			}
			return noTrouble
		}
		e, r := w.asks(out3("2001", 1))
		if r != nil {
			t.Fatalf("an answer: %+v", r)
		}
		if _, err := w.desk.Withdrawn(t.Context(), e); err != nil {
			t.Fatal(err)
		}
		l.down, l.fault = false, nil
		w.sync()
		if l.did() != did {
			t.Errorf("at the system: %q, not %q", l.did(), did)
		}
		if card, _ := l.lentTo("3001"); card != "" {
			t.Errorf("lent to %s", card)
		}
		if got := w.objections(); len(got) > 0 {
			t.Errorf("objections %v", got)
		}
	}
}

// TestWhatThePatronHas: lists come in pages, titles and dates with each item, and what
// the system does not list any more is back.
func TestWhatThePatronHas(t *testing.T) {
	l := standing(t)
	w := newCounter(t, l)
	for n := 1; n <= 60; n++ {
		it := l.items[fmt.Sprint(3000+n)]
		it.lent, it.due = "2001", w.now.AddDate(0, 0, 7)
	}
	loans := func() []circ.Row {
		t.Helper()
		w.now = w.now.Add(time.Hour)
		rows, err := w.client.Search(t.Context(), []circ.Want{circ.ByKey(circ.KindCard, "2001"), circ.In(circ.LoansOf, "ada", 100)})
		if err != nil {
			t.Fatal(err)
		}
		return rows[1]
	}
	if all := loans(); len(all) != 60 || !all[0].(circ.Loan).Due.Equal(l.items["3001"].due) {
		t.Fatalf("%d loans", len(all))
	}
	for n := 2; n <= 60; n++ {
		l.items[fmt.Sprint(3000+n)].lent = ""
	}
	if all := loans(); len(all) != 1 || all[0].(circ.Loan).Item != "i1" {
		t.Errorf("%d loans are left", len(all))
	}
}

// TestWhatIsOwed: the system's sum is one fee, so much more than was paid here.
func TestWhatIsOwed(t *testing.T) {
	l := standing(t)
	w := newCounter(t, l)
	left := func() (minor int64) {
		t.Helper()
		w.now = w.now.Add(time.Hour)
		rows, err := w.client.Search(t.Context(), []circ.Want{circ.In(circ.BlocksOf, "ada", 10), circ.In(circ.FeesOf, "ada", 10), circ.In(circ.PaymentsOf, "ada", 10)})
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rows[1] {
			minor += r.(circ.Fee).Amount.Minor
		}
		for _, r := range rows[2] {
			minor -= r.(circ.Payment).Amount.Minor
		}
		return minor
	}
	l.patrons["2001"].owes = "12.50"
	if n := left(); n != 1250 {
		t.Fatalf("%d left", n)
	}
	w.sync()
	w.fact(circ.Pay{Patron: "ada", Amount: money.Amount{Minor: 1250, Currency: "EUR"}})
	w.sync()
	if n := left(); n != 0 {
		t.Errorf("%d left after it was paid", n)
	}
	l.patrons["2001"].owes = "3.00"
	if n := left(); n != 300 {
		t.Errorf("%d left of what came since", n)
	}
}

// TestPatronsAreForgotten: who was learned of the system and not seen for a month is
// forgotten, but for who has something; who came with a file stays.
func TestPatronsAreForgotten(t *testing.T) {
	l := standing(t)
	w := newCounter(t, l)
	for _, card := range []string{"5001", "5002"} {
		l.patrons[card] = &member{name: "Doe, Dora " + card, owes: "0.00"}
	}
	l.items["3001"].lent, l.items["3001"].due = "5002", w.now.AddDate(0, 2, 0)
	for _, card := range []string{"5001", "5002", "2001"} {
		if _, err := w.client.Search(t.Context(), []circ.Want{circ.ByKey(circ.KindCard, card)}); err != nil {
			t.Fatal(err)
		}
	}
	found := func(name string) (n int) {
		t.Helper()
		w.sync()
		err := w.desk.View(t.Context(), func(r journal.Reader) error {
			rows, err := r.Read(t.Context(), []circ.Want{circ.In(circ.ByName, name, 10)})
			if err == nil {
				n = len(rows[0])
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := found("doe"); n != 2 {
		t.Fatalf("%d patrons were kept", n)
	}
	for days, want := range map[int]int{29: 0, 32: 1} {
		w.now = time.Date(2026, 11, 26, 9, 0, 0, 0, time.UTC).AddDate(0, 0, days)
		if days == 32 {
			continue
		}
		if n, err := w.client.Forget(t.Context()); n != want || err != nil {
			t.Errorf("after %d days %d were forgotten, error %v", days, n, err)
		}
	}
	w.now = time.Date(2026, 12, 28, 9, 0, 0, 0, time.UTC)
	if n, err := w.client.Forget(t.Context()); n != 1 || err != nil {
		t.Errorf("%d were forgotten, error %v", n, err)
	}
	if found("doe") != 1 || found("unal") != 3 {
		t.Errorf("%d of those learned, %d of those loaded are left", found("doe"), found("unal"))
	}
}

// TestFaultsOfAllKinds: a morning without a line, delivered over one that loses
// messages and answers and a desk that dies: at the end both have the same.
func TestFaultsOfAllKinds(t *testing.T) {
	for seed := range uint64(histories()) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) { faults(t, rand.New(rand.NewPCG(seed, 7))) })
	}
}

func faults(t *testing.T, rng *rand.Rand) {
	l := standing(t)
	w := newCounter(t, l)
	l.trusts = rng.IntN(2) == 0
	lent := map[int]string{}
	for range 12 {
		n := rng.IntN(4) + 1
		if lent[n] != "" {
			w.fact(back(n))
			lent[n] = ""
		} else {
			lent[n] = fmt.Sprint(2001 + rng.IntN(2))
			w.fact(out3(lent[n], n))
		}
	}
	l.mu.Lock()
	l.fault = func(sipwire.Code, int) trouble {
		switch rng.IntN(8) {
		case 0:
			return deaf
		case 1:
			return mute
		}
		return noTrouble
	}
	l.mu.Unlock()
	for w.desk.Unsettled() > 0 {
		if _, err := w.line.Deliver(t.Context()); err != nil && rng.IntN(3) == 0 {
			w.dies()
		}
	}
	l.mu.Lock()
	l.fault = nil
	l.mu.Unlock()
	w.sync()
	for n := 1; n <= 4; n++ {
		card, renewals := l.lentTo(fmt.Sprint(3000 + n))
		loan, open := w.loan(n)
		here := map[circ.PatronID]string{"ada": "2001", "ben": "2002"}[loan.Patron]
		if !open {
			here = ""
		}
		if card != lent[n] || here != lent[n] || renewals != 0 {
			t.Errorf("book %d is with %q, the system says %q (%d renewals), the desk %q", n, lent[n], card, renewals, here)
		}
	}
	if got := w.objections(); len(got) > 0 {
		t.Errorf("objections %v", got)
	}
}
