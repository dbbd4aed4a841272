package desk_test

import (
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/money"
)

// counted is what the clerk counts in cash and by card.
func counted(cash, card, why string) desk.CloseDrawer {
	return desk.CloseDrawer{Text: why, Counted: []desk.CountedBy{{Method: "cash", Amount: cash}, {Method: "card", Amount: card}}}
}

func TestADrawerIsOpenedAndClosed(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		w.do(desk.OpenPatron{ID: "P2"})
		if d := w.st().Drawer; d == nil || d.Name != "till" || d.Shift.Open() {
			t.Fatalf("the drawer in the morning: %+v", d)
		}
		for _, step := range []struct {
			name string
			in   desk.Input
			word desk.Word
			why  string // the reasons of a refusal or a question
			says string
		}{
			{"money before any drawer was in use", desk.Pay{Amount: "1"}, desk.WordPaid, "", "receipt main-1-"},
			{"closed before it was opened", counted("0", "0", ""), desk.WordStop, "drawer_not_open", ""},
			{"opened with less than nothing", desk.OpenDrawer{Float: "-3"}, desk.WordStop, "bad_amount", ""},
			{"opened", desk.OpenDrawer{Float: "50"}, desk.WordDone, "", "drawer till is open, with 50.00 in it"},
			{"opened twice", desk.OpenDrawer{Float: "50"}, desk.WordStop, "drawer_is_open", "since"},
			{"in cash", desk.Pay{Amount: "2"}, desk.WordPaid, "", "receipt main-1-"},
			{"by card", desk.Pay{Amount: "3", Method: "card"}, desk.WordPaid, "", ""},
			{"shown", desk.ShowDrawer{}, desk.WordList, "", "drawer till, shift 1: opened"},
			{"nobody counted the card slips", counted("52", "", ""), desk.WordStop, "not_counted", "card"},
			{"one euro is missing", counted("51", "3", ""), desk.WordAsk, "drawer_short", "1.00"},
			{"somebody says why", desk.Yes{Why: "wrong change"}, desk.WordDone, "", "drawer till is closed"},
			{"money after the close", desk.Pay{Amount: "1"}, desk.WordAsk, "drawer_not_open", ""},
			{"it is of the next shift", desk.Yes{Why: "in my hand"}, desk.WordPaid, "", ""},
			{"opened again", desk.OpenDrawer{Float: "50"}, desk.WordDone, "", "told before it was opened"},
			{"closed with a reason at once", counted("52", "0", "found one"), desk.WordDone, "", "drawer till is closed"},
			{"a receipt that is none", desk.ShowDrawer{Receipt: "main-1-999"}, desk.WordStop, "no_such_receipt", "main-1-999"},
		} {
			w.pass(time.Second)
			o := w.do(step.in)
			if o.Word != step.word || reasons(o.Reasons)+reasons(o.Ask) != step.why || !strings.Contains(o.Text, step.says) {
				t.Fatalf("%s: %s %q %v %v", step.name, o.Word, o.Text, reasons(o.Reasons), reasons(o.Ask))
			}
			if o.Word == desk.WordPaid {
				found := w.do(desk.ShowDrawer{Receipt: o.Receipt})
				if found.Word != desk.WordList || len(found.Tell) != 1 || !strings.Contains(toldLines(found), o.Receipt) {
					t.Errorf("the receipt %q: %q\n%s", o.Receipt, found.Text, toldLines(found))
				}
			}
		}
		if d := w.st().Drawer; d.Shift.Open() || d.Shift.Text != "found one" {
			t.Errorf("the drawer in the evening: %+v", d)
		}
		w.do(desk.Slip{})
		if slips := strings.Join(w.slips, ""); !strings.Contains(slips, "paid 2.00") || !strings.Contains(slips, "receipt main-1-") {
			t.Errorf("the slip:\n%s", slips)
		}
		story := toldLines(w.do(desk.FeeStory{N: 1}))
		if !strings.Contains(story, "receipt main-1-") {
			t.Errorf("the story of the fee:\n%s", story)
		}
	})
}

// TestADrawerIsClosedWithoutALine: what is not delivered is said, and all of it is
// there after the delivery, also what another desk took meanwhile.
func TestADrawerIsClosedWithoutALine(t *testing.T) {
	story(t, func(w *world) {
		t := w.t
		w.boss()
		w.do(desk.OpenDrawer{Float: "50"})
		w.pull()
		w.do(desk.OpenPatron{ID: "P2"})
		w.do(desk.Pay{Amount: "2"})
		w.pass(time.Minute)
		o := w.do(counted("52", "", ""))
		if o.Word != desk.WordDone || !strings.Contains(toldLines(o), "1 movement is not at the central system yet") || !strings.Contains(toldLines(o), "there is no line") {
			t.Fatalf("%s %q\n%s", o.Word, o.Text, toldLines(o))
		}
		if !strings.Contains(o.Text, "1 movement is not at the central system yet") {
			t.Errorf("the line: %q", o.Text)
		}
		if o.Drawer == nil || o.Drawer.Unsent != 1 || o.Drawer.Over() != 0 {
			t.Errorf("the drawer: %+v", o.Drawer)
		}
		w.pass(time.Minute)
		w.elsewhere(circ.Pay{Fee: "F2", Amount: money.Amount{Minor: 700, Currency: "EUR"}, Drawer: "main/till"})
		w.plug()
		w.pass(time.Minute)
		o = w.do(desk.ShowDrawer{})
		said := o.Text + "\n" + toldLines(o)
		if o.Drawer.Unsent != 0 || len(o.Drawer.Moves) != 1 || strings.Contains(said, "no line") || !strings.Contains(said, "1 movement of money waits for the next shift") {
			t.Errorf("after the delivery:\n%s\n%+v", said, o.Drawer)
		}
		if o := w.do(desk.OpenDrawer{Float: "50"}); !strings.Contains(o.Text, "told before it was opened") {
			t.Errorf("%s %q", o.Word, o.Text)
		}
		if o := w.do(desk.ShowDrawer{}); !strings.Contains(toldLines(o), "57.00 expected, 50.00 of it float, 7.00 taken, 7.00 told late") {
			t.Errorf("the next shift:\n%s", toldLines(o))
		}
	})
}

// TestOverAndShortNeedTheRight: who may not is asked for somebody who may.
func TestOverAndShortNeedTheRight(t *testing.T) {
	bothWays(t, func(w *world) {
		w.do(desk.OpenDrawer{Float: "50"})
		o := w.do(counted("49", "", "no idea"))
		if o.Word != desk.WordAsk || reasons(o.Ask) != "drawer_short" {
			w.t.Fatalf("%s %q", o.Word, o.Text)
		}
		if o := w.do(desk.Yes{Why: "no idea"}); o.Word == desk.WordDone {
			w.t.Fatalf("kim may: %s %q", o.Word, o.Text)
		}
		if o := w.do(desk.Yes{Why: "no idea", As: "boss", PIN: "1234"}); o.Word != desk.WordDone || w.st().Drawer.Shift.Open() {
			w.t.Errorf("the boss says yes: %s %q", o.Word, o.Text)
		}
	})
}
