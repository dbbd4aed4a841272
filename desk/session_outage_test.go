package desk_test

import (
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
)

// TestAnOutageFromBeginningToEnd: without a line a patron is registered and lent to, fees
// are taken, a loan is renewed, a request is noted, a returned item is kept for whoever
// waits, one is used in the library. Then all is told of it: what was done, what clashed.
func TestAnOutageFromBeginningToEnd(t *testing.T) {
	story(t, func(w *world) {
		w.do(desk.SignIn{Name: "boss", PIN: "1234"})
		w.scan(maria)
		w.scan(middle)
		w.do(desk.Done{})
		w.days(2) // so that a renewal gains something
		w.do(desk.SignIn{Name: "boss", PIN: "1234"})
		w.pull()
		began := time.Now()
		step := func(what string, o desk.Outcome, want desk.Word) {
			t.Helper()
			if o.Word != want {
				t.Fatalf("%s: %s, want %s: %+v", what, o.Word, want, o)
			}
		}
		step("registered", w.do(desk.Register{Patron: circ.Patron{Card: card("2000000000077"), Family: "Novak", Given: "Eva"}}), desk.WordPatron)
		step("lent to them", w.scan(kind), desk.WordOut)
		step("asked for", w.do(desk.Request{Text: planet}), desk.WordDone)
		w.do(desk.Done{})
		step("who has it", w.scan(maria), desk.WordPatron)
		step("renewed", w.do(desk.RenewItem{Text: middle}), desk.WordRenewed)
		w.do(desk.Done{})
		step("who owes", w.scan(tom), desk.WordPatron)
		step("paid", w.do(desk.Pay{Amount: "3.20", Method: "card"}), desk.WordPaid)
		w.do(desk.Done{})
		w.do(desk.Go{To: desk.AtCheckIn})
		step("kept for whoever waits", w.scan(perl), desk.WordHold)
		w.do(desk.InHouse{On: true})
		step("used here", w.scan(alibi), desk.WordUsed)
		w.do(desk.InHouse{})
		at := time.Now()
		w.byEast(circ.BlockPatron{Patron: "P1", Text: "a book came back wet", Against: circ.BlockScope{Renewal: true}}, "asked", began.Add(time.Second))
		w.pass(time.Minute)
		w.plug()
		w.pass(5 * time.Second)
		all, err := desk.ReportOutages(t.Context(), w.desk, time.Time{})
		if err != nil || len(all) != 1 {
			t.Fatalf("%+v, %v", all, err)
		}
		o := all[0]
		if o.From.Before(began.Add(-10*time.Second)) || o.To.Before(at) || o.Waiting != 0 {
			t.Errorf("from %v to %v, %d wait", o.From, o.To, o.Waiting)
		}
		done := map[string]int{}
		for _, d := range o.Done {
			done[d.Command] = d.N
		}
		if len(o.Taken) != 1 || o.Taken[0].Method != "card" || o.Taken[0].Amount.Minor != 320 {
			t.Errorf("taken: %+v", o.Taken)
		}
		if len(o.Met) != 1 || o.Open != 1 || o.Met[0].Class != circ.ClassPatronStopped || o.Met[0].Command != "renew" {
			t.Errorf("clashed: %+v", o.Met)
		}
		for _, want := range []string{"register", "check_out", "request", "renew", "pay", "check_in", "use"} {
			if done[want] != 1 {
				t.Errorf("%s was done %d times: %v", want, done[want], done)
			}
		}
	})
}

// TestAListingOfManyEntriesHoldsNobodyUp: while the last outage is read of the whole
// journal, scans go on.
func TestAListingOfManyEntriesHoldsNobodyUp(t *testing.T) {
	story(t, func(w *world) {
		w.pull()
		w.scan(maria)
		w.scan(middle)
		w.do(desk.Done{})
		w.plug()
		w.pass(5 * time.Second)
		w.do(desk.SignIn{Name: "boss", PIN: "1234"})
		reads, read := make(chan struct{}), make(chan struct{})
		w.store.journal.hold(func() { close(reads); <-read })
		list := w.send(desk.Conflicts{})
		<-reads
		if o := w.scan(kind); o.Word == "" {
			t.Errorf("a scan while the journal is read: %+v", o)
		}
		if all := w.finals(list); len(all) != 0 {
			t.Errorf("the list has come: %+v", all)
		}
		close(read)
		w.settle()
		all := w.finals(list)
		if len(all) != 1 || all[0].Outage == nil || len(all[0].Outage.Done) == 0 {
			t.Errorf("the list: %+v", all)
		}
	})
}
