package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
)

func TestUndo(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		if o := w.do(desk.Undo{}); o.Word != desk.WordList || len(o.Undoable) != 0 || o.Text == "" {
			t.Errorf("nothing yet: %+v", o)
		}
		w.scan(maria)
		w.scan(middle)
		w.scan(noitem) // refused: nothing to take back
		w.scan(kind)
		w.do(desk.Go{To: desk.AtCheckIn})
		w.scan(perl)
		o := w.do(desk.Undo{})
		var got []string
		for _, p := range o.Undoable {
			got = append(got, string(p.Word)+" "+p.Text)
		}
		want := []string{"HOLD Perl, WU, Tom", "OUT Kind of blue, SILVA, Maria", "OUT Middlemarch, SILVA, Maria"}
		if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
			t.Fatalf("listed: %q, want %q", got, want)
		}
		o = w.do(desk.Undo{N: []int{3, 1}})
		if o.Word != desk.WordUndone || wordsOf(o.Then) != "UNDONE UNDONE" || o.Then[0].Title != "Perl" || len(o.Entries) != 2 || o.Text == "" {
			t.Fatalf("undone: %s, then %s", o.Word, wordsOf(o.Then))
		}
		if reasons(o.Tell) != "tell_the_person" {
			t.Errorf("told: %s", reasons(o.Tell))
		}
		if p := w.st().Visit.Patron; len(p.Loans) != 1 || p.Loans[0].Title != "Kind of blue" {
			t.Errorf("the panel: %+v", p.Loans)
		}
		o = w.do(desk.Undo{})
		if len(o.Undoable) != 3 || !o.Undoable[0].Undone || o.Undoable[1].Undone || !o.Undoable[2].Undone {
			t.Errorf("listed again: %+v", o.Undoable)
		}
		if o := w.do(desk.Undo{N: []int{1}}); o.Word != desk.WordStop || len(o.Reasons) == 0 {
			t.Errorf("undone twice: %+v", o)
		}
		if o := w.do(desk.Undo{N: []int{2}}); o.Word != desk.WordUndone || o.Text != "Kind of blue: undone" {
			t.Errorf("one: %+v", o)
		}
		for _, n := range []int{0, 4, -1} {
			if o := w.do(desk.Undo{N: []int{n}}); reasons(o.Reasons) != "no_such_number" {
				t.Errorf("number %d: %+v", n, o)
			}
		}
		if o := w.do(desk.Undo{Entries: []circ.EntryID{"nothing"}}); o.Word != desk.WordStop {
			t.Errorf("no entry: %+v", o)
		}
		w.plug()
		w.pass(10 * time.Second)
		for _, id := range []circ.ItemID{"I1", "I2"} {
			if l := w.loan(id); l.ID != "" {
				t.Errorf("%s at the hub: %+v", id, l)
			}
		}
	})
}

// TestTheListOfUndoSaysWhatEachEntryWas: what was done where the word does not say it,
// how much, on what and for whom.
func TestTheListOfUndoSaysWhatEachEntryWas(t *testing.T) {
	bothWays(t, func(w *world) {
		w.boss()
		w.do(desk.OpenPatron{ID: "P4"})
		w.scan(middle)
		for _, in := range []desk.Input{
			desk.Charge{Type: circ.FeeCard, Amount: "2.50"}, desk.Pay{Amount: "1"}, desk.Waive{N: 1, Text: "was ill"},
			desk.Alert{Text: "call home"}, desk.Alert{Code: kind, Text: "count the maps"}, desk.Block{Text: "see the head"},
			desk.Mark{Text: middle, As: desk.MarkLost}, desk.Mark{Text: kind, As: desk.MarkMissing}, desk.Request{Text: perl},
		} {
			w.pass(time.Second)
			if o := w.do(in); o.Word == desk.WordAsk {
				w.do(desk.Yes{Why: "so"})
			}
		}
		var got []string
		for _, p := range w.do(desk.Undo{}).Undoable {
			got = append(got, string(p.Word)+" "+p.Text)
		}
		want := []string{
			"DONE request, Perl, OKAFOR, Lee", "DONE item marked, Kind of blue", "DONE lost, Middlemarch, OKAFOR, Lee", "DONE block, OKAFOR, Lee",
			"DONE alert, Kind of blue", "DONE alert, OKAFOR, Lee", "DONE waiver, OKAFOR, Lee", "PAID payment, 1.00, OKAFOR, Lee", "DONE fee, 2.50, OKAFOR, Lee",
			"OUT Middlemarch, OKAFOR, Lee",
		}
		if !slices.Equal(got, want) {
			w.t.Errorf("listed:\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		if o := w.do(desk.Undo{N: []int{4}}); o.Text != "block: undone" {
			w.t.Errorf("undone: %s %q", o.Word, o.Text)
		}
	})
}

// What an entry did besides is taken back with it; what others have changed since
// is not, and it is said what stands in the way.
func TestUndoTakesBackAll(t *testing.T) {
	for _, row := range []struct {
		name   string
		before func(w *world)
		scan   string
		since  func(w *world) // somebody else does
		word   desk.Word
		why    string
		tell   string
		status string // of the item then
		queue  int    // who waits then
	}{
		{
			name: "a hold trap, and who was told must be told", scan: perl, word: desk.WordUndone, tell: "tell WU, Tom", status: "Perl: on the shelf: Adult fiction", queue: 1,
			before: func(w *world) { w.do(desk.Go{To: desk.AtCheckIn}) },
		},
		{
			name: "a transit", scan: atlas, word: desk.WordUndone, status: "Atlas: on the shelf: Adult fiction",
			before: func(w *world) { w.do(desk.Go{To: desk.AtCheckIn}) },
		},
		{
			name: "a loan", scan: middle, word: desk.WordUndone, status: "Middlemarch: on the shelf: Adult fiction",
			before: func(w *world) { w.scan(maria) },
		},
		{
			name: "a loan whose item came back elsewhere", scan: middle, word: desk.WordStop, why: "changed_since", status: "Middlemarch: in transit to Riverside",
			before: func(w *world) { w.scan(maria) },
			since:  func(w *world) { w.elsewhere(circ.CheckIn{Item: "I1"}) },
		},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				row.before(w)
				w.scan(row.scan)
				w.pass(time.Second)
				if row.since != nil {
					row.since(w)
				}
				w.pass(2 * time.Second)
				o := w.do(desk.Undo{N: []int{1}})
				if o.Word != row.word || reasons(o.Reasons) != row.why || row.tell != "" && !strings.Contains(o.Text, row.tell) {
					t.Errorf("got %s %q: %q", o.Word, reasons(o.Reasons), o.Text)
				}
				w.pass(2 * time.Second)
				if o := w.do(desk.Look{Text: row.scan}); o.Text != row.status || len(o.Item.Queue) != row.queue {
					t.Errorf("then it says %q, %d wait", o.Text, len(o.Item.Queue))
				}
				if o := w.do(desk.Shelf{}); len(o.Holds) != 0 {
					t.Errorf("on the hold shelf: %+v", o.Holds)
				}
			})
		})
	}
}

// Numbers are those of the list that was shown.
func TestUndoNumbers(t *testing.T) {
	story(t, func(w *world) {
		w.scan(maria)
		w.scan(middle)
		w.do(desk.Undo{})
		w.scan(kind)
		if o := w.do(desk.Undo{N: []int{1}}); o.Text != "Middlemarch: undone" {
			t.Errorf("got %q", o.Text)
		}
		// money is never taken back, and yesterday is over
		w.scan(tom)
		w.do(desk.Pay{Amount: "1.00"})
		if o := w.do(desk.Undo{}); o.Undoable[0].Word != desk.WordPaid {
			t.Errorf("listed: %+v", o.Undoable)
		}
		if o := w.do(desk.Undo{N: []int{1}}); reasons(o.Reasons) != "money_stays" {
			t.Errorf("money: %+v", o)
		}
		w.do(desk.Undo{})
		w.days(1)
		if o := w.do(desk.Undo{}); len(o.Undoable) != 0 {
			t.Errorf("a day later: %+v", o.Undoable)
		}
	})
}
