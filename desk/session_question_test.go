package desk_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// bothWays runs a story with the line up, and without one.
func bothWays(t *testing.T, fn func(w *world)) {
	t.Helper()
	for _, row := range []struct {
		name string
		line bool
	}{
		{"with the line up", true},
		{"without a line", false},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				if !row.line {
					w.pull()
				}
				fn(w)
				if !row.line {
					w.plug()
				}
			})
		})
	}
}

func (w *world) boss() { w.do(desk.SignIn{Name: "boss", PIN: "1234"}) }

func TestQuestion(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		w.scan(tom)
		o := w.scan(middle)
		if o.Word != desk.WordAsk || reasons(o.Ask) != "owes_too_much" || o.Title != "Middlemarch" {
			t.Fatalf("the question: %+v", o)
		}
		if q := w.st().Question; q == nil || q.N != o.N {
			t.Fatalf("the state: %+v", q)
		}
		if o := w.scan(kind); o.Word != desk.WordQueued || o.Scanned != kind {
			t.Errorf("a scan behind it: %+v", o)
		}
		if o := w.scan(noitem); o.Word != desk.WordQueued {
			t.Errorf("a further one: %+v", o)
		}
		if st := w.st(); st.Queued != 2 {
			t.Errorf("%d queued", st.Queued)
		}
		for _, in := range []desk.Input{desk.Done{}, desk.Go{To: desk.AtCheckIn}, desk.Find{Query: "silva"}, desk.RenewAll{}, desk.Undo{}, desk.SignOut{}} {
			if o := w.do(in); o.Word != desk.WordStop || reasons(o.Reasons) != "answer_first" {
				t.Errorf("%T: %+v", in, o)
			}
		}
		if o := w.do(desk.Yes{}); reasons(o.Reasons) != "reason_needed" || w.st().Question == nil {
			t.Errorf("a yes without a reason: %+v", o)
		}
		o = w.do(desk.Yes{Why: "  pays on Friday "})
		if o.Word != desk.WordOut || o.Title != "Middlemarch" || o.Due.IsZero() || wordsOf(o.Then) != "OUT STOP" {
			t.Fatalf("the yes: %s, then %s", o.Word, wordsOf(o.Then))
		}
		if o.Then[0].Title != "Kind of blue" || o.Then[0].Scanned != kind || reasons(o.Then[1].Reasons) != "unknown_item" {
			t.Errorf("then: %+v", o.Then)
		}
		all := []circ.EntryID{o.Entry, o.Then[0].Entry}
		if id := o.Then[1].Entry; id != "" { // asked, and refused
			all = append(all, id)
		}
		if !slices.Equal(o.Entries, all) {
			t.Errorf("its entries: %v, want %v", o.Entries, all)
		}
		for _, id := range []circ.EntryID{o.Entry, o.Then[0].Entry} {
			e := w.entry(id)
			if e.Act.Why != "pays on Friday" || len(e.Act.Over) != 1 || e.Act.Over[0] != circ.OwesTooMuch || e.Act.Operator != "boss" || e.Act.By != "" {
				t.Errorf("the entry: %+v", e.Act)
			}
		}
		st := w.st()
		if st.Question != nil || st.Queued != 0 || len(st.Visit.Patron.Loans) != 2 {
			t.Errorf("afterwards: %+v", st)
		}
		if got := wordsOf(st.Visit.Lines); got != "OUT OUT STOP" {
			t.Errorf("the lines: %s", got)
		}
		// the yes was for the pile, not for what comes later
		if o := w.scan(planet); o.Word != desk.WordAsk {
			t.Errorf("a later scan: %+v", o)
		}
	})
}

// entry reads an entry from the journal.
func (w *world) entry(id circ.EntryID) (e journal.Entry) {
	w.t.Helper()
	must(w.t, w.store.journal.View(w.t.Context(), func(tx journal.JournalTx) error {
		found, ok, err := tx.Entry(w.t.Context(), id)
		if !ok {
			w.t.Errorf("no entry %q", id)
		}
		e = found
		return err
	}))
	return e
}

func TestNo(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.scan(tom)
		w.scan(middle)
		w.scan(maria) // the next person
		w.scan(kind)
		o := w.do(desk.No{})
		if o.Word != desk.WordStop || reasons(o.Reasons) != "owes_too_much" || wordsOf(o.Then) != "PATRON OUT" {
			t.Fatalf("the no: %s %s, then %s", o.Word, reasons(o.Reasons), wordsOf(o.Then))
		}
		st := w.st()
		if st.Question != nil || st.Visit.Patron.ID != "P1" || len(st.Visit.Patron.Loans) != 1 {
			t.Errorf("afterwards: %+v", st.Visit)
		}
		if o := w.do(desk.No{}); reasons(o.Reasons) != "no_question" {
			t.Errorf("a further no: %+v", o)
		}
		if o := w.do(desk.Yes{Why: "x"}); reasons(o.Reasons) != "no_question" {
			t.Errorf("a further yes: %+v", o)
		}
	})
}

// The yes is for the kinds of reasons that were asked; a new kind is a new
// question, and the rest waits.
func TestNewReasonIsANewQuestion(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		w.scan(maria)
		w.do(desk.Block{Text: "see the head"})
		if o := w.scan(middle); reasons(o.Ask) != "patron_blocked" {
			t.Fatalf("the question: %+v", o)
		}
		w.scan(kind)
		w.scan(perl) // requested by Tom
		w.scan(planet)
		o := w.do(desk.Yes{Why: "talked to her"})
		if o.Word != desk.WordOut || wordsOf(o.Then) != "OUT ASK" || reasons(o.Then[1].Ask) == "" {
			t.Fatalf("the yes: %s, then %s", o.Word, wordsOf(o.Then))
		}
		if !strings.Contains(reasons(o.Then[1].Ask), "requested_other") {
			t.Errorf("the new question: %s", reasons(o.Then[1].Ask))
		}
		if st := w.st(); st.Queued != 1 || st.Question == nil {
			t.Errorf("%d queued", st.Queued)
		}
		if o := w.do(desk.Yes{Why: "Tom agrees"}); o.Word != desk.WordOut || wordsOf(o.Then) != "OUT" {
			t.Errorf("the second yes: %s, then %s", o.Word, wordsOf(o.Then))
		}
		if e := w.entry(w.st().Visit.Lines[2].Entry); len(e.Act.Over) != 2 {
			t.Errorf("said yes to %v", e.Act.Over)
		}
	})
}

func TestWhoSaysYes(t *testing.T) {
	story(t, func(w *world) {
		w.scan(tom)
		w.scan(middle)
		if o := w.do(desk.Yes{Why: "please"}); o.Word != desk.WordStop || reasons(o.Reasons) != "right_missing" || o.Reasons[0].Right != circ.RightMoney {
			t.Fatalf("without the right: %+v", o)
		}
		if o := w.do(desk.Yes{Why: "please", As: "boss", PIN: "9"}); reasons(o.Reasons) != "wrong_pin" {
			t.Fatalf("a wrong PIN: %+v", o)
		}
		if o := w.do(desk.Yes{Why: "please", As: "nobody", PIN: "1234"}); reasons(o.Reasons) != "wrong_pin" {
			t.Fatalf("a wrong name: %+v", o)
		}
		if o := w.do(desk.Yes{Why: "please", As: "guest", PIN: "1234"}); reasons(o.Reasons) != "right_missing" {
			t.Fatalf("somebody without the right: %+v", o)
		}
		if w.st().Question == nil {
			t.Fatal("the question is gone")
		}
		n := w.send(desk.Yes{Why: "please", As: "boss", PIN: "1234"})
		later := w.send(desk.Scan{Text: kind}) // waits for the PIN, then asks again
		w.settle()
		o := w.finals(n)
		if len(o) != 1 || o[0].Word != desk.WordOut {
			t.Fatalf("the boss: %+v", o)
		}
		e := w.entry(o[0].Entry)
		if e.Act.Operator != "kim" || e.Act.By != "boss" || e.Act.Why != "please" {
			t.Errorf("the entry: %+v", e.Act)
		}
		if st := w.st(); st.Operator != "kim" {
			t.Errorf("signed in: %s", st.Operator)
		}
		if o := w.finals(later); len(o) != 1 || o[0].Word != desk.WordQueued && o[0].Word != desk.WordAsk {
			t.Errorf("the scan after it: %+v", o)
		}
	})
}

// A card with many scans while the answers are on their way: what the desk
// would lend and the central system asks about becomes one question at a time.
func TestAnsweredWithAQuestion(t *testing.T) {
	story(t, func(w *world) {
		w.boss()
		w.scan(tom)
		w.line.set(func() { w.line.slow = 100 * time.Millisecond })
		a := w.send(desk.Scan{Text: middle})
		b := w.send(desk.Scan{Text: kind})
		w.settle()
		if said := w.outcomes(a); len(said) != 1 || said[0].Final || said[0].Word != desk.WordAsk {
			t.Fatalf("the local word: %+v", said)
		}
		w.pass(time.Second)
		if said := w.finals(a); len(said) != 1 || said[0].Word != desk.WordAsk {
			t.Fatalf("the first: %+v", said)
		}
		if said := w.finals(b); len(said) != 1 || said[0].Word != desk.WordQueued {
			t.Fatalf("the second: %+v", said)
		}
		n := w.send(desk.Yes{Why: "x"})
		w.pass(2 * time.Second)
		if o := w.finals(n); len(o) != 1 || o[0].Word != desk.WordOut || wordsOf(o[0].Then) != "OUT" {
			t.Errorf("the yes: %+v", o)
		}
	})
}

// A question about a visit that has ended is no question any more.
func TestAnsweredAfterTheVisit(t *testing.T) {
	story(t, func(w *world) {
		w.scan(tom)
		w.line.set(func() { w.line.slow = 100 * time.Millisecond })
		a := w.send(desk.Scan{Text: middle})
		w.send(desk.Scan{Text: maria})
		w.pass(time.Second)
		if o := w.finals(a); len(o) != 1 || o[0].Word != desk.WordStop || reasons(o[0].Reasons) != "owes_too_much" {
			t.Errorf("the item: %+v", o)
		}
		st := w.st()
		if st.Question != nil || st.Visit.Patron.ID != "P1" || len(st.Visit.Lines) != 0 {
			t.Errorf("the next visit: %+v", st)
		}
	})
}

// The line goes between the question and the yes, and while the yes is asked.
func TestYesWithoutALine(t *testing.T) {
	story(t, func(w *world) {
		w.boss()
		w.scan(tom)
		w.scan(middle)
		w.scan(kind)
		w.line.set(func() { w.line.mute = true })
		n := w.send(desk.Yes{Why: "x"})
		more := w.send(desk.Scan{Text: planet}) // while it is carried out
		w.settle()
		if o := w.finals(more); len(o) != 1 || o[0].Word != desk.WordQueued {
			t.Fatalf("a scan meanwhile: %+v", o)
		}
		w.pass(2 * time.Second)
		o := w.finals(n)
		if len(o) != 1 || o[0].Word != desk.WordOut || o[0].Mode != journal.Fact || wordsOf(o[0].Then) != "OUT OUT" {
			t.Fatalf("the yes: %+v", o)
		}
		w.plug()
		w.pass(30 * time.Second)
		for _, id := range []circ.ItemID{"I1", "I2", "I5"} {
			if l := w.loan(id); l.Patron != "P2" {
				t.Errorf("%s at the hub: %+v", id, l)
			}
		}
		if st := w.st(); st.Conflicts != 0 {
			t.Errorf("%d conflicts", st.Conflicts)
		}
	})
}

// A yes is for one visit: the next person is asked about anew.
func TestYesIsForOneVisit(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		w.scan(tom)
		w.scan(middle)
		w.scan("55") // owes too
		w.scan(kind)
		o := w.do(desk.Yes{Why: "pays on Friday"})
		if o.Word != desk.WordOut || wordsOf(o.Then) != "PATRON ASK" || reasons(o.Then[1].Ask) != "owes_too_much" {
			t.Errorf("the yes: %s, then %s", o.Word, wordsOf(o.Then))
		}
	})
}

// A yes covers what was asked of this visit, and is written to nothing else.
func TestYesCoversNoMore(t *testing.T) {
	for _, row := range []struct {
		name  string
		card  string
		asked string
		queue []string
		then  string
		last  int // of then, which is lent without a yes
	}{
		{"an item that needs none", maria, perl, []string{middle}, "OUT", 0},
		{"the next person", tom, middle, []string{maria, kind}, "PATRON OUT", 1},
	} {
		t.Run(row.name, func(t *testing.T) {
			bothWays(t, func(w *world) {
				w.boss()
				w.scan(row.card)
				w.scan(row.asked)
				for _, code := range row.queue {
					w.scan(code)
				}
				o := w.do(desk.Yes{Why: "agreed"})
				if o.Word != desk.WordOut || wordsOf(o.Then) != row.then {
					w.t.Fatalf("the yes: %s, then %s", o.Word, wordsOf(o.Then))
				}
				if a := w.entry(o.Entry).Act; len(a.Over) == 0 || a.Why != "agreed" {
					w.t.Errorf("what was asked: %+v", a)
				}
				if a := w.entry(o.Then[row.last].Entry).Act; len(a.Over) != 0 || a.Why != "" || a.By != "" {
					w.t.Errorf("what was not asked: %+v", a)
				}
			})
		})
	}
}

// An answer that is a question arrives while a yes is carried out: it waits
// behind it.
func TestQuestionDuringAnAnswer(t *testing.T) {
	story(t, func(w *world) {
		w.boss()
		w.scan(tom)
		w.line.set(func() { w.line.slow = 400 * time.Millisecond })
		w.send(desk.Scan{Text: middle})
		w.pass(100 * time.Millisecond)
		b := w.send(desk.Scan{Text: kind}) // goes with the next delivery
		w.pass(350 * time.Millisecond)
		if w.st().Question == nil {
			t.Fatal("no question yet")
		}
		n := w.send(desk.Yes{Why: "x"})
		w.pass(400 * time.Millisecond)
		if o := w.finals(b); len(o) != 1 || o[0].Word != desk.WordQueued {
			t.Fatalf("the second: %+v", o)
		}
		w.pass(2 * time.Second)
		if o := w.finals(n); len(o) != 1 || o[0].Word != desk.WordOut || wordsOf(o[0].Then) != "OUT" {
			t.Errorf("the yes: %+v", o)
		}
	})
}
