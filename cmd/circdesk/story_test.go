package main

import (
	"strconv"
	"strings"
	"testing"

	"circdesk/cmd/internal/sample"
)

// TestADayInPlainMode goes through what a desk does in a day, as a script sees it.
func TestADayInPlainMode(t *testing.T) {
	t.Parallel()
	tour := sample.TheTour()
	const another, dvd = "31234567890114", "31234567890064"
	p := start(t, "demo", "--json", "--data", demoFolder(t))

	p.want(tour.Lost, "STOP")
	if a := p.want(tour.Expired, "PATRON"); !a.Patron.Expired {
		t.Errorf("an expired card is not told: %s", a.raw)
	}
	if a := p.want(tour.LendItem, "ASK"); len(a.Ask) != 1 || a.Ask[0].Code != "card_expired" || a.Ask[0].Text == "" {
		t.Errorf("an expired card asks %s", a.raw)
	}
	p.want(another, "QUEUED")
	p.want(":done", "STOP") // a question is open
	a := p.want(":yes renews it on Monday", "OUT")
	if len(a.Then) != 1 || a.Then[0].Word != "OUT" || a.Then[0].Item.Barcode != another {
		t.Errorf("what was queued is answered by %s", a.raw)
	}
	p.want(":done", "DONE")

	p.want(tour.Owes, "PATRON")
	p.want(dvd, "ASK")
	if a := p.want(":yes pays tomorrow", "STOP"); !a.has("right_missing") {
		t.Errorf("without the right: %s", a.raw)
	}
	p.want(":yes", "STOP")
	if a := p.want(":yes pays tomorrow as head 0000", "STOP"); !a.has("wrong_pin") {
		t.Errorf("with a wrong PIN: %s", a.raw)
	}
	p.want(":yes pays tomorrow as head 9876", "OUT")
	p.want(":pay 13.20", "PAID")
	p.want(":pay nothing", "STOP")
	p.want(":block left the cafe without paying", "DONE")
	p.want("31234567890080", "ASK")
	p.want(":no", "STOP")
	p.want(":unblock", "DONE")
	p.want(":alert loan ask for the new address", "DONE")
	if a := p.want("31234567890080", "ASK"); !a.has("patron_alert") {
		t.Errorf("asked, with an alert on the patron: %s", a.raw)
	}
	p.want(":no", "STOP")
	p.want(":alert item 31234567890080 return count the maps", "DONE")
	p.want(":unalert item 31234567890080", "DONE")
	p.want(":unalert", "DONE")
	p.want(":done", "DONE")

	p.want(tour.Lend, "PATRON")
	p.want(tour.HeldItem, "ASK")
	p.want(":no", "STOP")
	if a := p.want(another, "ASK"); !a.has("on_loan_other") {
		t.Errorf("an item that the one before has: %s", a.raw)
	}
	p.want(":no", "STOP")
	p.want(":request "+another, "DONE")
	a = p.want(":patron", "PATRON")
	if len(a.Patron.Requests) != 1 {
		t.Fatalf("the request is not there: %s", a.raw)
	}
	p.want(":cancel 1", "DONE")
	lent := p.want("31234567890148", "OUT")
	renewed := p.line(":renew all")
	if renewed.Word != "STOP" && renewed.Word != "RENEWED" || len(renewed.Then) != 1 {
		t.Errorf("renewing all gave %s", renewed.raw)
	}
	p.want(":undo", "LIST")
	past := p.want(":undo", "LIST")
	n := 0
	for _, e := range past.Undoable {
		if e.Entry == lent.Entry {
			n = e.N
		}
	}
	if n == 0 || past.Undoable[n-1].Word != "OUT" {
		t.Fatalf("the loan is not in %s", past.raw)
	}
	if renewed.Word == "STOP" {
		p.want(":undo "+strconv.Itoa(n), "UNDONE")
		if a := p.want(":item 31234567890148", "ITEM"); a.Item.Person != "" {
			t.Errorf("after the undo it is with %s", a.Item.Person)
		}
	}
	p.want(":register card=29999999999996 family=Berg given=Ina birth=1990-02-01", "PATRON")
	p.want(":edit phone=030 123 email=ina@example.org", "DONE")
	p.want(":patron ina@example.org", "PATRON")
	p.want(":done", "DONE")

	p.want(":checkin", "MODE")
	if a := p.want(tour.BackItem, "HOLD"); a.Route.Person == "" {
		t.Errorf("nobody is named: %s", a.raw)
	}
	if a := p.want("31234567890106", "TRANSIT"); !a.has("was_not_out") || a.Entry == "" {
		t.Errorf("an item that was not on loan: %s", a.raw)
	}
	p.want(tour.Lend, "CARD")
	p.want(":checkin --date 2020-01-01", "MODE")
	p.want(another, "IN")
	p.want(":shelf", "LIST")
	if a := p.want(":overdue", "LIST"); !strings.Contains(a.raw, `"late":[{"title":"The trial"`) {
		t.Errorf("what is overdue: %s", a.raw)
	}
	p.want(":overdue long", "LIST")
	p.want(":operator temp 5555", "MODE")
	p.want(":signout", "MODE")
	if a := p.want(another, "ITEM"); a.Item.Person != "" {
		t.Errorf("a desk that nobody is signed in at tells of people: %s", a.raw)
	}
	if a := p.want(tour.Lend, "STOP"); !a.has("sign_in_first") {
		t.Errorf("a card without a sign-in: %s", a.raw)
	}
	p.end()
	if strings.Contains(p.said(), "5555") || strings.Contains(p.said(), "0000") {
		t.Error("a PIN was said")
	}
}

// TestALineThatComesAndGoes pulls the line between two scans: no scan is spent on
// a deadline.
func TestALineThatComesAndGoes(t *testing.T) {
	t.Parallel()
	tour := sample.TheTour()
	p := start(t, "demo", "--json", "--data", demoFolder(t))
	p.want(":plug", "MODE")
	p.want(tour.Lend, "PATRON")
	entries := map[string]bool{}
	for n, item := range []string{"31234567890148", "31234567890171", "31234567890197", "31234567890213"} {
		mode := "asked"
		var said []answer
		if n%2 == 1 {
			mode = "fact"
			said = append(said, p.want(":pull", "MODE"), p.want(":pull", "MODE"))
		}
		a := p.want(item, "OUT")
		said = append(said, a)
		if a.Mode != mode || entries[a.Entry] {
			t.Errorf("scan %d was %s: %s", n, a.Mode, a.raw)
		}
		entries[a.Entry] = true
		if mode == "fact" {
			if a.Waiting == 0 {
				t.Errorf("nothing waits: %s", a.raw)
			}
			gone := false
			for _, a := range said {
				for _, n := range a.Notices {
					gone = gone || n.Kind == "line_gone"
				}
			}
			if !gone {
				t.Errorf("nobody was told that the line is gone: %s", a.raw)
			}
			p.want(":plug", "MODE")
			if a := p.want(":sync", "DONE"); a.Waiting != 0 {
				t.Errorf("after a sync there wait %d", a.Waiting)
			}
			p.want(":sync", "DONE")
		}
	}
	p.end()
}
