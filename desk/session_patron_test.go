package desk_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
)

func TestFind(t *testing.T) {
	for _, row := range []struct {
		name   string
		query  string
		word   desk.Word
		who    string // whose visit is open then
		listed string // years of birth
		reason string
	}{
		{name: "a card", query: maria, word: desk.WordPatron, who: "P1"},
		{name: "a card that no pattern decides", query: "77", word: desk.WordPatron, who: "P2"},
		{name: "a lost card", query: lost, word: desk.WordStop, reason: "card_lost"},
		{name: "namesakes, the older first", query: "silva", word: desk.WordList, listed: "1950 1984"},
		{name: "a name as it is listed", query: "WU, Tom", word: desk.WordPatron, who: "P2"},
		{name: "a name as it is said", query: "tom wu", word: desk.WordPatron, who: "P2"},
		{name: "the beginning of a name", query: "oka", word: desk.WordPatron, who: "P4"},
		{name: "a phone number with other spaces", query: "030-12 34", word: desk.WordPatron, who: "P1"},
		{name: "an e-mail", query: "Maria@Example.org", word: desk.WordPatron, who: "P1"},
		{name: "nobody", query: "zz", word: desk.WordStop, reason: "no_patron_found"},
		{name: "digits of nobody", query: "123", word: desk.WordStop, reason: "no_patron_found"},
		{name: "nothing", query: " ", word: desk.WordStop, reason: "nothing_typed"},
		{name: "punctuation", query: ",", word: desk.WordStop, reason: "no_patron_found"},
		{name: "10 kB", query: strings.Repeat("a", 10_000), word: desk.WordStop, reason: "no_patron_found"},
		{name: "an escape sequence", query: "\x1b[2Jsilva", word: desk.WordList, listed: "1950 1984"},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				o := w.do(desk.Find{Query: row.query})
				var years []string
				for _, p := range o.Patrons {
					years = append(years, p.Born)
				}
				who := ""
				if v := w.st().Visit; v != nil {
					who = string(v.Patron.ID)
				}
				if o.Word != row.word || who != row.who || strings.Join(years, " ") != row.listed || reasons(o.Reasons) != row.reason {
					t.Errorf("got %s %q %q, visit of %q", o.Word, years, reasons(o.Reasons), who)
				}
			})
		})
	}
}

func TestPatron(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		panel := func() desk.Patron { return w.st().Visit.Patron }
		if o := w.do(desk.OpenPatron{ID: "P9"}); reasons(o.Reasons) != "unknown_patron" {
			t.Errorf("nobody: %+v", o)
		}
		if o := w.do(desk.OpenPatron{}); reasons(o.Reasons) != "no_patron" {
			t.Errorf("the open one, where nobody is: %+v", o)
		}
		w.do(desk.OpenPatron{ID: "P2"})
		if o := w.do(desk.OpenPatron{}); o.Word != desk.WordPatron || o.Patron.ID != "P2" {
			t.Errorf("the open one once more: %+v", o)
		}
		if p := panel(); p.Owes.Minor != 1320 || len(p.Fees) != 1 || p.Fees[0].Left.Minor != 1320 || len(p.Requests) != 1 || p.Requests[0].Of != "Perl" {
			t.Fatalf("the panel: %+v", p)
		}
		if o := w.do(desk.Pay{Amount: "3,20"}); o.Word != desk.WordPaid || o.Text != "3.20 from WU, Tom, still owes 10.00, receipt main-1-1" || panel().Owes.Minor != 1000 {
			t.Errorf("paid: %q, owes %d", o.Text, panel().Owes.Minor)
		}
		if o := w.do(desk.Pay{Amount: "-1"}); reasons(o.Reasons) != "bad_amount" {
			t.Errorf("paid less than nothing: %+v", o)
		}
		if o := w.do(desk.Pay{Amount: "12", Keep: true}); o.Word != desk.WordAsk || reasons(o.Ask) != "surplus" {
			t.Errorf("paid too much: %+v", o)
		}
		if o := w.do(desk.Yes{Why: "keeps it as credit"}); o.Word != desk.WordPaid || panel().Owes.Minor != -200 {
			t.Errorf("a yes to it: %+v", o)
		}
		if o := w.do(desk.Block{Text: "see the\x1b[31m head"}); o.Word != desk.WordDone || len(panel().Blocks) != 1 || panel().Blocks[0].Text != "see the head" {
			t.Errorf("blocked: %+v", panel().Blocks)
		}
		if o := w.do(desk.Unblock{ID: panel().Blocks[0].ID}); o.Word != desk.WordDone || len(panel().Blocks) != 0 {
			t.Errorf("block lifted: %+v", o)
		}
		street := "Oak St 5"
		if o := w.do(desk.Edit{Contact: circ.Contact{Street: &street}}); o.Word != desk.WordDone || panel().Street != street {
			t.Errorf("changed: %+v", o)
		}
		until := time.Date(2027, 12, 31, 22, 59, 59, 0, time.UTC)
		if o := w.do(desk.RenewCard{Until: until}); o.Word != desk.WordDone || !panel().Expires.Equal(until) {
			t.Errorf("card renewed: %+v", o)
		}
		if o := w.do(desk.Link{Card: maria, Kind: circ.Guarantor}); o.Word != desk.WordDone || len(panel().Links) != 1 || panel().Links[0].Name != "SILVA, Maria" {
			t.Errorf("linked: %+v", panel().Links)
		}
		if o := w.do(desk.Link{Card: nobody, Kind: circ.Guarantor}); reasons(o.Reasons) != "unknown_patron" {
			t.Errorf("linked to nobody: %+v", o)
		}
		if o := w.do(desk.ReplaceCard{Number: "20000000000990"}); o.Word != desk.WordDone || panel().Card != "20000000000990" {
			t.Errorf("card replaced: %+v", o)
		}
		if o := w.scan(tom); reasons(o.Reasons) != "card_lost" || w.st().Visit != nil {
			t.Errorf("the old card: %+v", o)
		}
		if o := w.scan("20000000000990"); o.Word != desk.WordPatron {
			t.Errorf("the new card: %+v", o)
		}
		o := w.do(desk.Register{Patron: circ.Patron{Card: "99", Family: "Nguyen\x07", Given: "An"}})
		if o.Word != desk.WordPatron || o.Entry == "" || panel().Name != "NGUYEN, An" || panel().Home != "main" {
			t.Errorf("registered: %+v %+v", o, panel())
		}
		if o := w.do(desk.Register{Patron: circ.Patron{Card: maria, Family: "X"}}); reasons(o.Reasons) != "card_taken" || panel().Name != "NGUYEN, An" {
			t.Errorf("registered with a taken card: %+v", o)
		}
		if o := w.scan(middle); o.Word != desk.WordOut || panel().Name != "NGUYEN, An" {
			t.Errorf("lent to the new patron: %+v", o)
		}
		w.do(desk.Done{})
		for _, in := range []desk.Input{desk.Pay{Amount: "1"}, desk.Block{Text: "x"}, desk.RenewAll{}, desk.Request{Text: middle}, desk.Slip{}, desk.Cancel{N: 1}} {
			if o := w.do(in); reasons(o.Reasons) != "no_patron" {
				t.Errorf("%T without a visit: %+v", in, o)
			}
		}
	})
}

// TestTwoRecordsOfOnePerson: a second record is made part of the open one by who may, once
// asked, and taken back by undo.
func TestTwoRecordsOfOnePerson(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		visit := func() desk.Patron {
			if v := w.st().Visit; v != nil {
				return v.Patron
			}
			return desk.Patron{}
		}
		w.scan(maria)
		if o := w.do(desk.Merge{Card: tom}); reasons(o.Reasons) != "right_missing" {
			t.Errorf("without the right: %+v", o)
		}
		w.boss()
		w.do(desk.Done{})
		if o := w.do(desk.Merge{Card: tom}); reasons(o.Reasons) != "no_patron" {
			t.Errorf("without a visit: %+v", o)
		}
		w.scan(maria)
		if o := w.do(desk.Merge{Card: nobody}); reasons(o.Reasons) != "unknown_patron" {
			t.Errorf("with nobody: %+v", o)
		}
		if o := w.do(desk.Merge{Card: maria}); reasons(o.Reasons) != "same_person" {
			t.Errorf("with oneself: %+v", o)
		}
		owed, asked := visit().Owes.Minor, len(visit().Requests)
		o := w.do(desk.Merge{Card: tom})
		if o.Word != desk.WordAsk || reasons(o.Ask) != "merge_records" || !strings.Contains(o.Ask[0].Words, "WU, Tom") {
			t.Fatalf("asked: %+v", o)
		}
		if o := w.do(desk.No{}); o.Word != desk.WordStop || visit().Owes.Minor != owed {
			t.Errorf("a no: %+v, owes %d", o, visit().Owes.Minor)
		}
		w.do(desk.Merge{Card: tom})
		o = w.do(desk.Yes{Why: "has married"})
		if o.Word != desk.WordDone || o.Text != "SILVA, Maria: one record now, with that of WU, Tom" {
			t.Fatalf("a yes: %+v", o)
		}
		merge := o.Entry
		if p := visit(); p.ID != "P1" || p.Owes.Minor != owed+1320 || len(p.Requests) != asked+1 {
			t.Errorf("the record that is kept: %+v", p)
		}
		w.do(desk.Done{})
		if o := w.scan(tom); o.Word != desk.WordPatron || visit().ID != "P1" {
			t.Errorf("the other card opens %+v", visit())
		}
		past := w.do(desk.Undo{}).Undoable
		if len(past) == 0 || past[0].Entry != merge || !strings.Contains(past[0].Text, "merge") {
			t.Fatalf("to undo: %+v", past)
		}
		if o := w.do(desk.Undo{N: []int{1}}); o.Word != desk.WordUndone || visit().Owes.Minor != owed {
			t.Errorf("undone: %+v, owes %d", o, visit().Owes.Minor)
		}
		w.do(desk.Done{})
		if o := w.scan(tom); o.Word != desk.WordPatron || visit().ID != "P2" || visit().Owes.Minor != 1320 {
			t.Errorf("the other card opens %+v", visit())
		}
	})
}

func TestRequests(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		panel := func() desk.Patron { return w.st().Visit.Patron }
		w.scan(maria)
		if o := w.do(desk.Request{Text: kind}); o.Word != desk.WordDone || len(panel().Requests) != 1 || panel().Requests[0].N != 1 {
			t.Fatalf("by an item: %+v", o)
		}
		w.pass(time.Second)
		if o := w.do(desk.Request{Text: "9780306406157", Pickup: "East branch"}); o.Word != desk.WordDone || o.Title != "Middlemarch" || panel().Requests[1].Pickup != "east" {
			t.Errorf("by ISBN: %+v", o)
		}
		w.pass(time.Second)
		if o := w.do(desk.Request{Title: "T5"}); o.Word != desk.WordDone || len(panel().Requests) != 3 {
			t.Errorf("by title: %+v", o)
		}
		if o := w.do(desk.Request{Title: "T6"}); o.Word != desk.WordAsk || reasons(o.Ask) != "too_many_requests" {
			t.Errorf("too many: %+v", o)
		}
		w.do(desk.No{})
		if o := w.do(desk.Request{Text: kind}); reasons(o.Reasons) != "requested_already" {
			t.Errorf("twice: %+v", o)
		}
		for _, in := range []desk.Input{desk.Request{}, desk.Request{Text: middle, Pickup: "nowhere"}} {
			if o := w.do(in); reasons(o.Reasons) != "nothing_typed" {
				t.Errorf("%+v: %+v", in, o)
			}
		}
		if o := w.do(desk.Request{Text: noitem}); reasons(o.Reasons) != "unknown_item" {
			t.Errorf("an unknown item: %+v", o)
		}
		for _, n := range []int{0, 4, -1} {
			if o := w.do(desk.Cancel{N: n}); reasons(o.Reasons) != "no_such_number" {
				t.Errorf("cancel %d: %+v", n, o)
			}
		}
		if o := w.do(desk.Cancel{N: 2}); o.Word != desk.WordDone || o.Title != "Middlemarch" || len(panel().Requests) != 2 {
			t.Errorf("cancelled: %+v", o)
		}
	})
}

func TestHoldShelf(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		if o := w.do(desk.Shelf{}); o.Word != desk.WordList || len(o.Holds) != 0 || o.Text == "" {
			t.Errorf("empty: %+v", o)
		}
		w.do(desk.Go{To: desk.AtHolds})
		if o := w.scan(perl); o.Word != desk.WordHold || o.Route.Person != "WU, Tom" {
			t.Fatalf("put on the shelf: %+v", o)
		}
		if o := w.scan(perl); o.Word != desk.WordAgain {
			t.Errorf("the same scan twice: %+v", o)
		}
		w.pass(time.Minute)
		if o := w.scan(perl); reasons(o.Reasons) != "held_already" {
			t.Errorf("again later: %+v", o)
		}
		if o := w.scan(middle); reasons(o.Reasons) != "nobody_waits" {
			t.Errorf("for nobody: %+v", o)
		}
		o := w.do(desk.Shelf{})
		if len(o.Holds) != 1 || o.Holds[0].Of != "Perl" || o.Holds[0].Person != "WU, Tom" || o.Holds[0].Barcode != perl || o.Holds[0].Expired {
			t.Errorf("the list: %+v", o.Holds)
		}
		if o := w.do(desk.Look{Text: perl}); !strings.HasPrefix(o.Text, "Perl: on the hold shelf for WU, Tom") {
			t.Errorf("told: %q", o.Text)
		}
		w.days(6)
		w.do(desk.Go{To: desk.AtHolds})
		if o := w.do(desk.Shelf{}); len(o.Holds) != 1 || !o.Holds[0].Expired {
			t.Errorf("expired: %+v", o.Holds)
		}
		if o := w.scan(perl); o.Word != desk.WordIn {
			t.Errorf("taken off: %+v", o)
		}
		if o := w.do(desk.TakeOff{Text: perl}); reasons(o.Reasons) != "not_held" {
			t.Errorf("taken off twice: %+v", o)
		}
		if o := w.do(desk.Shelve{Text: perl}); reasons(o.Reasons) != "nobody_waits" {
			t.Errorf("the request is over: %+v", o)
		}
	})
}

func TestRenewAll(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.scan(maria)
		if o := w.do(desk.RenewAll{}); reasons(o.Reasons) != "nothing_to_renew" {
			t.Errorf("nothing: %+v", o)
		}
		w.scan(middle)
		w.scan(kind)
		w.scan("44")
		w.do(desk.Request{Text: kind})
		w.days(3)
		w.scan(maria)
		o := w.do(desk.RenewAll{})
		if o.Word != desk.WordRenewed || wordsOf(o.Then) != "RENEWED STOP" || len(o.Entries) == 0 || o.Text != "1 of 2 renewed" {
			t.Fatalf("all: %s, then %s, %q", o.Word, wordsOf(o.Then), o.Text)
		}
		if reasons(o.Then[1].Ask) != "requested_other" || o.Then[1].Title != "Kind of blue" || w.st().Question != nil {
			t.Errorf("the one that somebody waits for: %+v", o.Then[1])
		}
		if p := w.st().Visit.Patron; len(p.Loans) != 2 || len(p.Loans[0].Renewals) != 1 {
			t.Errorf("the panel: %+v", p.Loans)
		}
		w.pass(time.Minute)
		if o := w.do(desk.RenewItem{Text: kind}); o.Word != desk.WordAsk {
			t.Errorf("one: %+v", o)
		}
	})
}

func TestSlip(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.scan(maria)
		w.scan(middle)
		w.do(desk.Done{})
		w.scan(maria)
		w.scan(kind)
		if o := w.do(desk.Slip{}); o.Word != desk.WordDone || len(w.slips) != 1 {
			t.Fatalf("got %+v", o)
		}
		s := w.slips[0]
		if !strings.Contains(s, "Kind of blue") || !strings.Contains(s, "Riverside") || strings.Contains(s, "Middlemarch") {
			t.Errorf("the slip:\n%s", s)
		}
		if o := w.do(desk.Slip{}); o.Word != desk.WordDone || len(w.slips) != 2 || w.slips[1] != s {
			t.Errorf("once more: %+v %q", o, w.slips)
		}
		w.noSlip = errors.New("out of paper")
		if o := w.do(desk.Slip{}); reasons(o.Reasons) != "slip_failed" || !strings.Contains(o.Text, "out of paper") {
			t.Errorf("without paper: %+v", o)
		}
	})
}
