package desk_test

import (
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// lentAtEast: East lent Kind of blue to Tom without a line an hour ago, and Maria has
// taken it here since.
func (w *world) lentAtEast() circ.EntryID {
	w.t.Helper()
	w.scan(maria)
	if o := w.scan(kind); o.Word != desk.WordOut {
		w.t.Fatalf("lent here: %+v", o)
	}
	w.do(desk.Done{})
	at := time.Now().Add(-time.Hour)
	w.byEast(circ.CheckOut{Patron: "P2", Item: "I2"}, journal.Fact, at, circ.CheckedOut{
		Loan: "L east", Item: "I2", Patron: "P2", At: at.UTC(), Due: at.Add(14 * 24 * time.Hour).UTC(), Desk: "east-1", Library: "east",
	})
	w.pass(2 * time.Second)
	o := w.do(desk.Conflicts{})
	if len(o.Conflicts) != 1 {
		w.t.Fatalf("listed: %+v", o.Conflicts)
	}
	return o.Conflicts[0].ID
}

func (w *world) conflict() desk.Conflict {
	w.t.Helper()
	o := w.do(desk.Conflicts{})
	if len(o.Conflicts) == 0 {
		return desk.Conflict{}
	}
	return o.Conflicts[0]
}

// TestAConflictOfAnotherDesk: what East did without a line met what was done here. Both
// stories are told, and it is settled here.
func TestAConflictOfAnotherDesk(t *testing.T) {
	story(t, func(w *world) {
		id := w.lentAtEast()
		c := w.conflict()
		if c.Class != circ.ClassDoubleCheckOut || c.Stands || c.Desk != "east-1" || c.Operator != "jo" || c.Person != "WU, Tom" || c.Name != "Kind of blue" {
			t.Errorf("here: %+v", c)
		}
		if c.Other == nil || c.Other.Person != "SILVA, Maria" || c.Other.Desk != "main-1" || c.Other.At.IsZero() {
			t.Errorf("there: %+v", c.Other)
		}
		if w.st().Conflicts != 1 {
			t.Errorf("%d conflicts in the status line", w.st().Conflicts)
		}
		w.do(desk.SignIn{Name: "boss", PIN: "1234"})
		w.do(desk.Assign{Entry: id, Owner: "boss"})
		w.do(desk.CallBackOn{Entry: id, On: time.Now().Add(72 * time.Hour)})
		if c := w.conflict(); c.Owner != "boss" || c.Waits(time.Now()) || !c.Waits(time.Now().Add(72*time.Hour)) {
			t.Errorf("worked on: %+v", c.Conflict)
		}
		if o := w.do(desk.Settle{Entry: id, How: circ.ConflictRenew, Why: "x"}); reasons(o.Reasons) != "no_such_action" {
			t.Errorf("an action that does not fit: %+v", o)
		}
		if o := w.do(desk.Settle{Entry: id, How: circ.ConflictReturn, Why: "Maria had brought it back"}); o.Word != desk.WordDone {
			t.Fatalf("settled: %+v", o)
		}
		w.pass(2 * time.Second)
		if l := w.loan("I2"); l.ID != "" {
			t.Errorf("Maria still has it: %+v", l)
		}
		if w.st().Conflicts != 0 {
			t.Errorf("%d conflicts are open", w.st().Conflicts)
		}
		all, err := w.desk.Conflicts(t.Context(), true)
		if err != nil || len(all) != 1 || all[0].Settled.By != "boss" || all[0].Settled.How != circ.ConflictReturn || all[0].Settled.Why != "Maria had brought it back" {
			t.Errorf("recorded: %+v, %v", all, err)
		}
	})
}

// TestAConflictIsSettledWithoutALine: what the copy knows of is settled here, and the
// central system and the others hear of it when the line is back. Of two who settle it
// the first stays, and nothing is lost.
func TestAConflictIsSettledWithoutALine(t *testing.T) {
	story(t, func(w *world) {
		id := w.lentAtEast()
		w.do(desk.SignIn{Name: "boss", PIN: "1234"})
		w.pull()
		w.elsewhere(circ.SettleConflict{Conflict: id, Text: "talked to Tom"})
		if o := w.do(desk.Settle{Entry: id, Why: "talked to Maria"}); o.Word != desk.WordDone || w.st().Conflicts != 0 {
			t.Fatalf("without a line: %+v, %d open", o, w.st().Conflicts)
		}
		w.plug()
		w.pass(5 * time.Second)
		all, err := w.desk.Conflicts(t.Context(), true)
		if err != nil || len(all) != 2 || all[0].Settled.By != "jo" {
			t.Fatalf("settled: %+v, %v", all, err)
		}
		if c := all[1]; !c.Open() || c.Command != "settle_conflict" || c.Met[0].Reason != circ.SettledAlready {
			t.Errorf("the second word: %+v", c)
		}
	})
}

// TestWhatCannotBeDoneStaysOpen: an undo that something stands against settles nothing.
func TestWhatCannotBeDoneStaysOpen(t *testing.T) {
	story(t, func(w *world) {
		id := w.lentAtEast()
		w.do(desk.SignIn{Name: "boss", PIN: "1234"})
		w.pull() // East's entry is not in this desk's journal
		if o := w.do(desk.Settle{Entry: id, How: circ.ConflictUndo, Why: "x"}); o.Word != desk.WordStop {
			t.Fatalf("undone: %+v", o)
		}
		if w.st().Conflicts != 1 {
			t.Error("it is settled though nothing was done")
		}
	})
}

// TestContactIsAskedThereAndThen: how a patron is reached comes from the central system,
// for who may see it, and that somebody looked is noted.
func TestContactIsAskedThereAndThen(t *testing.T) {
	story(t, func(w *world) {
		id := w.lentAtEast()
		if o := w.do(desk.Contact{Entry: id, Other: true}); reasons(o.Reasons) != "right_missing" || o.Reach != nil {
			t.Errorf("without the right: %+v", o)
		}
		w.do(desk.SignIn{Name: "boss", PIN: "1234"})
		o := w.do(desk.Contact{Entry: id, Other: true})
		if o.Reach == nil || o.Reach.Phone != "030 1234567" || o.Reach.Email != "maria@example.org" {
			t.Errorf("reached: %+v", o)
		}
		if c := w.conflict(); len(c.Seen) != 1 || c.Seen[0].By != "boss" || c.Seen[0].Patron != "P1" {
			t.Errorf("noted: %+v", c.Seen)
		}
		w.pull()
		if o := w.do(desk.Contact{Entry: id, Other: true}); reasons(o.Reasons) != "no_line" || o.Reach != nil {
			t.Errorf("without a line: %+v", o)
		}
		if c := w.conflict(); len(c.Seen) != 1 {
			t.Errorf("nobody looked, and it is noted: %+v", c.Seen)
		}
	})
}

// TestByUrgency: what waits past its day is first, what waits for its day is last.
func TestByUrgency(t *testing.T) {
	now := monday
	order := []circ.Conflict{
		{ID: "past its day", Class: circ.ClassOther, CallBack: now.Add(-time.Hour), At: now},
		{ID: "old", Class: circ.ClassOther, At: now.Add(-48 * time.Hour)},
		{ID: "new", Class: circ.ClassOther, At: now},
		{ID: "to know", Class: circ.ClassOverpaid, Stands: true, At: now.Add(-90 * time.Hour)},
		{ID: "put off", Class: circ.ClassOther, CallBack: now.Add(time.Hour), At: now.Add(-99 * time.Hour)},
		{ID: "settled", Class: circ.ClassOther, Settled: circ.Settlement{Hand: circ.Hand{At: now}}},
	}
	for i, a := range order {
		for j, b := range order {
			if got := desk.ByUrgency(a, b, now); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%s against %s: %d", a.ID, b.ID, got)
			}
		}
	}
}

// TestOnePersonTwice: East registered Maria once more without a line, and lent to her. The
// records are made one here; what East lent, and the card it gave out, are the one Maria's.
func TestOnePersonTwice(t *testing.T) {
	story(t, func(w *world) {
		w.do(desk.SignIn{Name: "boss", PIN: "1234"})
		at := time.Now().Add(-time.Hour)
		again := circ.Patron{ID: "P east", Card: card("55501"), Family: "Silwa", Given: "Maria", Birth: "1984-02-01", Email: "m@example.org"}
		w.byEast(circ.Register{Patron: again}, journal.Fact, at, circ.Registered{Patron: again, At: at.UTC()})
		w.byEast(circ.CheckOut{Patron: "P east", Item: "I2"}, journal.Fact, at.Add(time.Minute), circ.CheckedOut{
			Loan: "L east", Item: "I2", Patron: "P east", At: at.Add(time.Minute).UTC(), Due: at.Add(14 * 24 * time.Hour).UTC(), Desk: "east-1", Library: "east",
		})
		w.pass(2 * time.Second)
		c := w.conflict()
		if c.Class != circ.ClassPatronSimilar || c.Concerns != "P east" || c.Other == nil || c.Other.Patron != "P1" {
			t.Fatalf("the conflict: %+v, other %+v", c.Conflict, c.Other)
		}
		if o := w.do(desk.Settle{Entry: c.ID, How: circ.ConflictMerge, Why: "she showed her passport"}); o.Word != desk.WordDone {
			t.Fatalf("settled: %+v", o)
		}
		w.pass(2 * time.Second)
		if l := w.loan("I2"); l.Patron != "P1" {
			t.Errorf("what East lent is on %s", l.Patron)
		}
		w.scan(card("55501"))
		if v := w.st().Visit; v == nil || v.Patron.ID != "P1" || len(v.Patron.Loans) != 1 {
			t.Errorf("East's card opens %+v", v)
		}
		if w.st().Conflicts != 0 {
			t.Errorf("%d conflicts are open", w.st().Conflicts)
		}
	})
}
