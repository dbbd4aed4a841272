package desk_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
)

func TestAlertsOfThePatron(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		panel := func() desk.Patron { return w.st().Visit.Patron }
		w.scan(tom)
		if o := w.do(desk.Alert{Text: "call\x1b[31m home", Shown: circ.AtLoan}); o.Word != desk.WordDone || o.Text != "WU, Tom: alert noted" || len(panel().Alerts) != 1 || panel().Alerts[0].Text != "call home" || panel().Alerts[0].Operator == "" {
			t.Fatalf("noted: %+v %+v", o, panel().Alerts)
		}
		w.pass(time.Second)
		w.do(desk.Alert{Text: "bring the map", Until: time.Now().Add(time.Hour)})
		if o := w.do(desk.Alert{Text: "x", Until: time.Now()}); reasons(o.Reasons) != "alert_past" {
			t.Errorf("until now: %+v", o)
		}
		if o := w.do(desk.EndAlert{}); reasons(o.Reasons) != "no_such_number" {
			t.Errorf("ended without a number, of two: %+v", o)
		}
		if o := w.do(desk.EndAlert{N: 2}); o.Word != desk.WordDone || o.Text != "WU, Tom: alert ended" || len(panel().Alerts) != 1 {
			t.Errorf("ended: %+v %+v", o, panel().Alerts)
		}
		if o := w.do(desk.EndAlert{}); o.Word != desk.WordDone || len(panel().Alerts) != 0 {
			t.Errorf("the only one is ended: %+v", o)
		}
		if o := w.do(desk.Undo{N: []int{1}}); o.Word != desk.WordUndone || len(panel().Alerts) != 1 {
			t.Errorf("that is undone: %+v %+v", o, panel().Alerts)
		}
		w.do(desk.Done{})
		for _, in := range []desk.Input{desk.Alert{Text: "x"}, desk.EndAlert{}} {
			if o := w.do(in); reasons(o.Reasons) != "no_patron" {
				t.Errorf("%T without a visit: %+v", in, o)
			}
		}
	})
}

// A patron's alert is told once in a visit, with both words of an asked scan.
func TestAPatronsAlertIsToldOnceInAVisit(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		w.scan(tom)
		w.do(desk.Alert{Text: "call home"})
		w.do(desk.Pay{Amount: "13.20"})
		w.do(desk.Block{Text: "see the head"})
		if o := w.scan(middle); o.Word != desk.WordAsk || reasons(o.Tell) != "patron_alert" {
			t.Errorf("a question: %+v", o)
		}
		n := w.send(desk.Yes{Why: "he has called"})
		w.settle()
		w.mu.Lock()
		for _, o := range w.said {
			if o.N == n && (o.Word != desk.WordOut || reasons(o.Tell) != "patron_alert" || !strings.Contains(o.Text, "ALERT about WU, Tom: call home, by boss")) {
				t.Errorf("what was asked, and not told as done: %+v", o)
			}
		}
		w.mu.Unlock()
		w.do(desk.Unblock{})
		if o := w.scan(kind); o.Word != desk.WordOut || len(o.Tell) != 0 {
			t.Errorf("the next item: %s %+v %+v", o.Word, o.Tell, o.Ask)
		}
		w.do(desk.Done{})
		w.scan(tom)
		if o := w.scan(planet); reasons(o.Tell) != "patron_alert" {
			t.Errorf("the next visit: %+v", o.Tell)
		}
		if o := w.do(desk.RenewAll{}); reasons(o.Tell) != "" {
			t.Errorf("renewed in the same visit: %+v", o.Tell)
		}
		w.do(desk.Done{})
		w.scan(maria)
		w.scan(alibi)

		w.do(desk.Go{To: desk.AtCheckIn})
		for _, one := range []struct{ name, code, tell string }{
			{"the first that comes back", middle, "patron_alert"},
			{"the next of the same", kind, ""},
			{"somebody else's", alibi, ""},
			{"his once more", planet, "patron_alert"},
		} {
			if o := w.scan(one.code); o.Word == desk.WordStop || reasons(o.Tell) != one.tell {
				t.Errorf("%s: %s %s, want %s", one.name, o.Word, reasons(o.Tell), one.tell)
			}
		}
	})
}

// Of several items that are renewed at once the first tells the alert.
func TestAllRenewedTellAPatronsAlertOnce(t *testing.T) {
	bothWays(t, func(w *world) {
		w.scan(maria)
		w.scan(middle)
		w.scan(kind)
		w.do(desk.Alert{Text: "call home", Shown: circ.AtLoan})
		w.do(desk.Done{})
		w.days(3)
		w.scan(maria)
		if o := w.do(desk.RenewAll{}); reasons(o.Tell) != "patron_alert" || wordsOf(o.Then) != "RENEWED RENEWED" {
			w.t.Errorf("told %q, %+v", reasons(o.Tell), o)
		}
	})
}

func TestAlertsOfAnItem(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		if o := w.do(desk.Alert{Code: middle, Text: "count the maps"}); o.Word != desk.WordDone || o.Text != "Middlemarch: alert noted" || o.Item == nil || len(o.Item.Alerts) != 1 {
			t.Fatalf("noted: %+v", o)
		}
		w.pass(time.Second)
		w.do(desk.Alert{Code: middle, Text: "the lid is loose", Shown: circ.AtReturn})
		if o := w.do(desk.Alert{Code: noitem, Text: "x"}); reasons(o.Reasons) != "unknown_item" {
			t.Errorf("on what is not known: %+v", o)
		}
		w.scan(maria)
		if o := w.scan(middle); o.Word != desk.WordOut || reasons(o.Tell) != "item_alert" || !strings.Contains(o.Text, "ALERT: count the maps, by kim") {
			t.Errorf("lent: %+v", o)
		}
		w.do(desk.Go{To: desk.AtCheckIn})
		for _, name := range []string{"taken back", "scanned again"} {
			if o := w.scan(middle); !strings.HasPrefix(reasons(o.Tell), "item_alert item_alert") {
				t.Errorf("%s: %+v", name, o.Tell)
			}
			w.pass(time.Minute)
		}
		if o := w.do(desk.EndAlert{Code: middle, N: 3}); reasons(o.Reasons) != "no_such_number" {
			t.Errorf("the third of two is ended: %+v", o)
		}
		if o := w.do(desk.EndAlert{Code: noitem, N: 1}); reasons(o.Reasons) != "no_such_number" {
			t.Errorf("ended on what is not known: %+v", o)
		}
		if o := w.do(desk.EndAlert{Code: middle, N: 2}); o.Word != desk.WordDone || o.Text != "Middlemarch: alert ended" || len(o.Item.Alerts) != 1 || o.Item.Alerts[0].Text != "count the maps" {
			t.Errorf("ended: %+v", o)
		}
		if o := w.do(desk.Look{Text: middle}); len(o.Item.Alerts) != 1 {
			t.Errorf("looked at: %+v", o.Item)
		}
		w.do(desk.SignOut{})
		if o := w.do(desk.Look{Text: middle}); o.Item == nil || len(o.Item.Alerts) != 0 {
			t.Errorf("looked at by nobody: %+v", o.Item)
		}
		if o := w.do(desk.Alert{Code: middle, Text: "x"}); o.Word != desk.WordStop {
			t.Errorf("noted by nobody: %+v", o)
		}
	})
}
