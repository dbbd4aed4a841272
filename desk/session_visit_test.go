package desk_test

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
)

func (w *world) asleep() bool {
	v := w.st().Visit
	return v != nil && v.Asleep
}

func TestVisitSleeps(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.scan(middle)
		w.pass(80 * time.Second)
		w.scan(kind)
		w.pass(80 * time.Second)
		if w.asleep() {
			t.Fatal("asleep 80 s after a scan")
		}
		w.pass(20 * time.Second)
		v := w.st().Visit
		if !w.asleep() || v.Patron.ID != "" || v.Patron.Name != "" || len(v.Lines) != 0 {
			t.Fatalf("100 s after a scan: %+v", v)
		}
		o := w.scan(planet)
		if o.Word != desk.WordAsk || reasons(o.Ask) != "still_for" || o.Text != "still for SILVA, Maria?" {
			t.Fatalf("an item: %+v", o)
		}
		if o := w.scan(alibi); o.Word != desk.WordQueued {
			t.Fatalf("a further item: %+v", o)
		}
		o = w.do(desk.Yes{})
		if o.Word != desk.WordOut || o.Title != "Planet earth" || wordsOf(o.Then) != "OUT" {
			t.Fatalf("the yes: %+v", o)
		}
		if v := w.st().Visit; v.Asleep || len(v.Patron.Loans) != 4 || len(v.Lines) != 4 {
			t.Errorf("awake: %d loans, %d lines", len(v.Patron.Loans), len(v.Lines))
		}
	})
}

// Only who works at the desk keeps the visit awake.
func TestFocusKeepsNobodyAwake(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		for i := range 4 {
			w.pass(25 * time.Second)
			w.do(desk.Focus{On: i%2 == 1})
		}
		if !w.asleep() {
			t.Error("awake 100 s after the last scan")
		}
	})
}

func TestVisitSleepsNoMore(t *testing.T) {
	for _, row := range []struct {
		name string
		in   []desk.Input
		word desk.Word // of the last
		then string
		who  string
	}{
		{"the same card", []desk.Input{desk.Scan{Text: maria}}, desk.WordPatron, "", "P1"},
		{"another card", []desk.Input{desk.Scan{Text: "44"}}, desk.WordPatron, "", "P4"},
		{"a no drops the visit, and the item is told about", []desk.Input{desk.Scan{Text: middle}, desk.No{}}, desk.WordDone, "ITEM", ""},
		{"a no, and the next card has been scanned", []desk.Input{desk.Scan{Text: middle}, desk.Scan{Text: "44"}, desk.Scan{Text: kind}, desk.No{}}, desk.WordDone, "ITEM PATRON OUT", "P4"},
		{"a yes, and the next card has been scanned", []desk.Input{desk.Scan{Text: middle}, desk.Scan{Text: "44"}, desk.Scan{Text: kind}, desk.Yes{}}, desk.WordOut, "PATRON OUT", "P4"},
		{"a renewal asks too", []desk.Input{desk.RenewAll{}, desk.Yes{}}, desk.WordStop, "", "P1"},
		{"done", []desk.Input{desk.Done{}}, desk.WordDone, "", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				w.scan(maria)
				w.pass(100 * time.Second)
				if !w.asleep() {
					t.Fatal("not asleep")
				}
				var o desk.Outcome
				for _, in := range row.in {
					o = w.do(in)
				}
				if o.Word != row.word || wordsOf(o.Then) != row.then {
					t.Errorf("got %s, then %q", o.Word, wordsOf(o.Then))
				}
				who := ""
				if v := w.st().Visit; v != nil {
					who = string(v.Patron.ID)
				}
				if who != row.who {
					t.Errorf("the visit is of %q", who)
				}
			})
		})
	}
}

// What waits for an answer when the visit falls asleep is hidden, not lost.
func TestQuestionSleeps(t *testing.T) {
	for _, row := range []struct {
		name string
		in   desk.Input
		word desk.Word
		then string
	}{
		{"the same card goes on with it", desk.Scan{Text: tom}, desk.WordPatron, "ASK"},
		{"another card leaves it undone", desk.Scan{Text: maria}, desk.WordPatron, "STOP STOP"},
		{"done leaves it undone", desk.Done{}, desk.WordDone, "STOP STOP"},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				w.scan(tom)
				w.scan(middle)
				w.scan(kind)
				w.pass(100 * time.Second)
				if st := w.st(); !w.asleep() || st.Question != nil || st.Queued != 2 {
					t.Fatalf("asleep %v, question %+v, %d queued", w.asleep(), st.Question, st.Queued)
				}
				o := w.do(row.in)
				if o.Word != row.word || wordsOf(o.Then) != row.then {
					t.Errorf("got %s, then %q", o.Word, wordsOf(o.Then))
				}
			})
		})
	}
	t.Run("an item asks, and a yes goes on with all", func(t *testing.T) {
		story(t, func(w *world) {
			w.boss()
			w.scan(tom)
			w.scan(middle)
			w.scan(kind)
			w.pass(100 * time.Second)
			if o := w.scan(planet); reasons(o.Ask) != "still_for" {
				t.Fatalf("an item: %+v", o)
			}
			if o := w.do(desk.Yes{}); o.Word != desk.WordAsk || reasons(o.Ask) != "owes_too_much" || o.Title != "Middlemarch" {
				t.Fatalf("the yes: %+v", o)
			}
			if o := w.do(desk.Yes{Why: "x"}); o.Word != desk.WordOut || wordsOf(o.Then) != "OUT OUT" {
				t.Errorf("the next yes: %s, then %s", o.Word, wordsOf(o.Then))
			}
		})
	})
}

func TestBookdrop(t *testing.T) {
	saturday := time.Date(2026, 11, 28, 13, 0, 0, 0, time.UTC) // 14:00 in Berlin
	lend := func(w *world) {
		w.scan(maria)
		w.scan(middle)
		w.do(desk.Done{})
	}
	t.Run("items count as returned at the end of the last opening", func(t *testing.T) {
		storyAt(t, time.Date(2026, 11, 30, 16, 55, 0, 0, time.UTC), func(w *world) { // 17:55 in Berlin
			lend(w)
			w.pass(10 * time.Minute) // the library is closed
			w.do(desk.Go{To: desk.AtCheckIn})
			suggests := w.st().Suggests
			o := w.do(desk.Bookdrop{On: true})
			if d := w.st().Bookdrop; d == nil || !d.Date.Equal(suggests) {
				t.Errorf("suggested %v, begun with %+v", suggests, d)
			}
			d := w.st().Bookdrop
			if o.Word != desk.WordMode || d == nil || !d.Date.Equal(time.Date(2026, 11, 30, 17, 0, 0, 0, time.UTC)) || w.st().Place != desk.AtCheckIn {
				t.Fatalf("on: %+v %+v", o, d)
			}
			w.scan(middle)
			if l := w.loan("I1"); l.ID != "" {
				t.Errorf("at the hub: %+v", l)
			}
			o = w.do(desk.Look{Text: middle})
			if o.Item == nil || len(o.Item.History) != 1 || !o.Item.History[0].In.Equal(d.Date) {
				t.Errorf("its history: %+v", o.Item.History)
			}
		})
	})
	for _, row := range []struct {
		name string
		do   func(w *world)
		off  bool
		told int
	}{
		{"it ends on leaving the screen", func(w *world) { w.do(desk.Go{To: desk.AtCheckOut}) }, true, 1},
		{"it stays on the screen", func(w *world) { w.do(desk.Go{To: desk.AtCheckIn}) }, false, 0},
		{"it ends after ten minutes without a scan", func(w *world) { w.pass(11 * time.Minute) }, true, 1},
		{"a scan keeps it on", func(w *world) { w.pass(9 * time.Minute); w.scan(kind); w.pass(9 * time.Minute) }, false, 0},
		{"it is switched off", func(w *world) { w.do(desk.Bookdrop{}) }, true, 0},
		{"signing out switches it off", func(w *world) { w.do(desk.SignOut{}) }, true, 0},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				w.do(desk.Bookdrop{On: true, Date: saturday})
				if d := w.st().Bookdrop; d == nil || !d.Date.Equal(saturday) {
					t.Fatalf("on: %+v", d)
				}
				row.do(w)
				if off := w.st().Bookdrop == nil; off != row.off || w.noticed(desk.BookdropEnd) != row.told {
					t.Errorf("off %v, told %d times", off, w.noticed(desk.BookdropEnd))
				}
			})
		})
	}
	t.Run("it ends at midnight", func(t *testing.T) {
		storyAt(t, time.Date(2026, 11, 30, 22, 52, 0, 0, time.UTC), func(w *world) { // 23:52 in Berlin
			w.do(desk.Bookdrop{On: true})
			w.pass(5 * time.Minute)
			w.scan(kind)
			if d := w.st().Bookdrop; d == nil || !d.Ends.Equal(time.Date(2026, 11, 30, 23, 0, 0, 0, time.UTC)) {
				t.Fatalf("before midnight: %+v", d)
			}
			w.pass(3 * time.Minute)
			if w.st().Bookdrop != nil || w.noticed(desk.BookdropEnd) != 1 {
				t.Errorf("after midnight: %+v", w.st().Bookdrop)
			}
		})
	})
	t.Run("a date to come is refused", func(t *testing.T) {
		story(t, func(w *world) {
			o := w.do(desk.Bookdrop{On: true, Date: time.Now().Add(time.Hour)})
			if reasons(o.Reasons) != "future_date" || w.st().Bookdrop != nil {
				t.Errorf("got %+v", o)
			}
		})
	})
	t.Run("one item with a date of its own", func(t *testing.T) {
		story(t, func(w *world) {
			lend(w)
			if o := w.do(desk.CheckIn{Text: middle, Date: saturday}); o.Word != desk.WordIn {
				t.Fatalf("got %+v", o)
			}
			if o := w.do(desk.CheckIn{Text: kind, Date: time.Now().Add(time.Hour)}); reasons(o.Reasons) != "future_date" {
				t.Errorf("a date to come: %+v", o)
			}
		})
	})
}

func TestOperator(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.scan(middle)
		if o := w.do(desk.SignIn{Name: "boss", PIN: "no"}); reasons(o.Reasons) != "wrong_pin" || w.st().Operator != "kim" {
			t.Fatalf("a wrong PIN: %+v", o)
		}
		// what comes after a sign-in is done by the new operator
		w.send(desk.SignIn{Name: "boss", PIN: "1234"})
		n := w.send(desk.Scan{Text: kind})
		w.settle()
		o := w.finals(n)
		if len(o) != 1 || o[0].Word != desk.WordOut || w.entry(o[0].Entry).Act.Operator != "boss" {
			t.Fatalf("after it: %+v", o)
		}
		if st := w.st(); st.Operator != "The Boss" || st.Visit == nil || st.Visit.Patron.ID != "P1" {
			t.Errorf("the open visit: %+v", st)
		}
		w.do(desk.SignIn{Name: "guest", PIN: "1234"})
		if o := w.scan(planet); reasons(o.Reasons) != "right_missing" {
			t.Errorf("without the right to circulate: %+v", o)
		}
	})
}

func TestPINIsNotGuessed(t *testing.T) {
	story(t, func(w *world) {
		for range 6 {
			w.do(desk.SignIn{Name: "boss", PIN: "0"})
		}
		o := w.do(desk.SignIn{Name: "boss", PIN: "1234"})
		if reasons(o.Reasons) != "wait" || o.Reasons[0].N < 1 {
			t.Errorf("got %+v", o)
		}
	})
}

// A PIN is nowhere but where it was typed: not in what is said or logged, and in
// no file.
func TestPINsAreNowhere(t *testing.T) {
	const wrong = "Wq3kzJ8t"
	bothWays(t, func(w *world) {
		t := w.t
		w.do(desk.SignIn{Name: "pia", PIN: wrong})
		w.do(desk.SignIn{Name: "nobody", PIN: piasPIN})
		w.do(desk.SignIn{Name: "pia", PIN: piasPIN})
		w.do(desk.SignIn{Name: "kim", PIN: "1234"})
		w.scan(maria)
		w.scan(perl)
		if o := w.do(desk.Yes{Why: "agreed", As: "pia", PIN: wrong}); reasons(o.Reasons) != "wrong_pin" {
			t.Fatalf("a wrong PIN: %+v", o)
		}
		o := w.do(desk.Yes{Why: "agreed", As: "pia", PIN: piasPIN})
		if o.Word != desk.WordOut || w.entry(o.Entry).Act.By != "pia" {
			t.Fatalf("the yes: %+v", o)
		}
		w.do(desk.Undo{})
		w.store.journal.fill(errors.New("broken"))
		w.do(desk.Yes{Why: "x", As: "pia", PIN: piasPIN})
		w.scan(middle)
		w.store.journal.fill(nil)
		w.pass(5 * time.Second)
		w.mu.Lock()
		defer w.mu.Unlock()
		said := fmt.Sprintf("%+v %+v %+v %s", w.said, w.notices, w.state, w.log.String())
		for _, pin := range []string{piasPIN, wrong} {
			if strings.Contains(said, pin) {
				t.Errorf("the PIN %s was said or logged", pin)
			}
			for _, name := range []string{"journal.db", "cache.db", "hub.db"} {
				data, err := os.ReadFile(filepath.Join(w.dir, name))
				must(t, err)
				if bytes.Contains(data, []byte(pin)) {
					t.Errorf("the PIN %s is in %s", pin, name)
				}
			}
		}
		if w.log.Len() == 0 {
			t.Error("nothing was logged")
		}
	})
}

// Without sign-in the desk looks up items, and nothing of a person.
func TestSignedOut(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.scan(middle)
		w.do(desk.SignOut{})
		if st := w.st(); st.Visit != nil || st.Operator != "" || st.Rights != nil {
			t.Errorf("the state: %+v", st)
		}
		for _, in := range []desk.Input{
			desk.Scan{Text: maria}, desk.Find{Query: "silva"}, desk.OpenPatron{ID: "P1"}, desk.Shelf{}, desk.CheckIn{Text: middle},
			desk.Bookdrop{On: true}, desk.RenewAll{}, desk.RenewItem{Text: middle}, desk.Request{Text: middle}, desk.Cancel{N: 1},
			desk.Shelve{Text: middle}, desk.TakeOff{Text: middle}, desk.Pay{Amount: "1"}, desk.Block{Text: "x"}, desk.Unblock{ID: "x"}, desk.Alert{Text: "x"}, desk.Alert{Code: middle, Text: "x"}, desk.EndAlert{ID: "x"},
			desk.Register{Patron: circ.Patron{Card: "9", Family: "x"}}, desk.Edit{}, desk.RenewCard{}, desk.ReplaceCard{Number: "9"},
			desk.Link{Card: tom}, desk.Merge{Card: tom}, desk.Undo{}, desk.Conflicts{}, desk.Settle{}, desk.Slip{},
		} {
			if o := w.do(in); o.Word != desk.WordStop || reasons(o.Reasons) != "sign_in_first" {
				t.Errorf("%T: %s %s", in, o.Word, reasons(o.Reasons))
			}
		}
		w.do(desk.Go{To: desk.AtCheckIn})
		o := w.scan(middle)
		if o.Word != desk.WordItem || o.Item.Person != "" || o.Item.Loan == nil || o.Item.Loan.Patron != "" || o.Text != "Middlemarch: on loan, due Mon 14 Dec" {
			t.Errorf("an item: %q %+v", o.Text, o.Item)
		}
		if o := w.do(desk.Look{Text: perl}); len(o.Item.Queue) != 1 || o.Item.Queue[0].Patron != "" || o.Item.Queue[0].Person != "" {
			t.Errorf("a queue: %+v", o.Item.Queue)
		}
		if o := w.do(desk.FindTitle{Query: "middle"}); len(o.Titles) != 1 {
			t.Errorf("a title: %+v", o)
		}
	})
}
