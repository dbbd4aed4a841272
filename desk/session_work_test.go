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

func (w *world) work(kind desk.WorkKind) (out []string) {
	w.t.Helper()
	o := w.do(desk.Worklist{Kind: kind})
	if o.Word != desk.WordList || o.Work == nil {
		w.t.Fatalf("the worklist: %+v", o)
	}
	for _, r := range o.Work {
		out = append(out, strings.Join([]string{string(r.Kind), r.Title, r.Text, r.Person, string(r.Step)}, "|"))
	}
	return out
}

// lent gives the last loan of an item as the desk knows it.
func (w *world) lent(id circ.ItemID) (l circ.Loan) {
	w.t.Helper()
	must(w.t, w.desk.View(w.t.Context(), func(r journal.Reader) error {
		rows, err := r.Read(w.t.Context(), []circ.Want{circ.In(circ.LoansOfItem, string(id), 1)})
		if err == nil && len(rows[0]) > 0 {
			l = rows[0][0].(circ.Loan)
		}
		return err
	}))
	return l
}

// box says what belongs to Planet earth.
func (w *world) box() {
	w.t.Helper()
	w.boss()
	if o := w.do(desk.SetParts{Text: planet, Parts: "disc 1, disc 2; booklet"}); o.Word != desk.WordDone || o.Item == nil || !slices.Equal(o.Item.Parts, []string{"disc 1", "disc 2", "booklet"}) {
		w.t.Fatalf("the parts: %+v", o)
	}
}

func TestPartsAreCountedAtTheDesk(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.box()
		w.scan(maria)
		o := w.scan(planet)
		if o.Word != desk.WordAsk || reasons(o.Ask) != "all_there" || o.NeedsWhy() || o.Text != "Planet earth: is all there (disc 1, disc 2, booklet)?" {
			t.Fatalf("lent: %+v", o)
		}
		if o := w.scan(middle); o.Word != desk.WordQueued {
			t.Errorf("behind it: %+v", o)
		}
		if o := w.do(desk.Yes{}); o.Word != desk.WordOut || len(o.Then) != 1 || o.Then[0].Word != desk.WordOut {
			t.Errorf("yes: %+v", o)
		}
		w.do(desk.Go{To: desk.AtCheckIn})
		if o := w.scan(planet); o.Word != desk.WordAsk {
			t.Errorf("taken back: %+v", o)
		}
		if o := w.do(desk.No{}); o.Word != desk.WordStop || !w.lent("I5").Open() {
			t.Errorf("no: %+v", o)
		}
		w.pass(time.Minute)
		w.scan(planet)
		if o := w.do(desk.Yes{}); o.Word != desk.WordIn || w.lent("I5").Open() {
			t.Errorf("taken back whole: %+v", o)
		}
	})
}

// TestAYesToOneCountIsNoYesToTheNext: each item is counted by itself.
func TestAYesToOneCountIsNoYesToTheNext(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.box()
		w.do(desk.SetParts{Text: alibi, Parts: "book, map"})
		w.scan(maria)
		w.scan(planet)
		w.scan(alibi)
		o := w.do(desk.Yes{})
		if o.Word != desk.WordOut || len(o.Then) != 1 || o.Then[0].Word != desk.WordAsk || w.lent("I6").ID != "" {
			t.Fatalf("the first is counted: %+v", o)
		}
		if o := w.do(desk.Yes{}); o.Word != desk.WordOut || !w.lent("I6").Open() {
			t.Errorf("the second: %+v", o)
		}
	})
}

func TestAnIncompleteReturnAndItsNextSteps(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.box()
		w.scan(maria)
		w.scan(planet)
		w.do(desk.Yes{})
		w.do(desk.Go{To: desk.AtCheckIn})
		w.scan(planet)
		if o := w.do(desk.No{Missing: "9"}); reasons(o.Reasons) != "no_such_number" || w.st().Question == nil {
			t.Fatalf("a part that there is not: %+v", o)
		}
		o := w.do(desk.No{Missing: "2, booklet"})
		if o.Word != desk.WordStaff || reasons(o.Tell) != "came_incomplete" {
			t.Fatalf("incomplete: %+v", o)
		}
		if l := w.lent("I5"); !l.Open() || !l.Incomplete() || !slices.Equal(l.Marked.Missing, []string{"disc 2", "booklet"}) {
			t.Fatalf("the loan: %+v", l)
		}
		if got := w.work(""); !slices.Equal(got, []string{"incomplete|Planet earth|disc 2, booklet|SILVA, Maria|call"}) {
			t.Errorf("the worklist: %q", got)
		}
		if got := w.work(desk.WorkMissing); len(got) != 0 {
			t.Errorf("what is missing: %q", got)
		}
		if o := w.do(desk.Look{Text: planet}); !strings.Contains(o.Item.Status, "incomplete since") || !strings.Contains(o.Item.Status, "disc 2, booklet") {
			t.Errorf("the item: %q", o.Item.Status)
		}
		w.do(desk.Go{To: desk.AtCheckOut})
		w.scan(maria)
		if l := w.st().Visit.Patron.Loans; len(l) != 1 || !slices.Equal(l[0].Missing(), []string{"disc 2", "booklet"}) {
			t.Errorf("the patron: %+v", l)
		}
		w.do(desk.Slip{})
		if got := w.slips[len(w.slips)-1]; !strings.Contains(got, "Still missing\nPlanet earth\ndisc 2, booklet\n") || strings.Contains(got, "nothing on loan") {
			t.Errorf("the slip:\n%s", got)
		}
		w.do(desk.Call{Text: planet, Note: "looks for it", Again: time.Now().Add(48 * time.Hour)})
		if got := w.work(desk.WorkIncomplete); !strings.HasSuffix(got[0], "|wait") {
			t.Errorf("after a call: %q", got)
		}
		w.days(3)
		w.boss()
		if got := w.work(desk.WorkIncomplete); !strings.HasSuffix(got[0], "|call") {
			t.Errorf("three days later: %q", got)
		}
		if o := w.do(desk.Bill{Text: planet, Amount: "7.50"}); o.Word != desk.WordDone || !strings.Contains(o.Text, "SILVA, Maria is charged 7.50") {
			t.Errorf("billed: %+v", o)
		}
		w.days(20)
		w.boss()
		if o := w.do(desk.Complete{Text: planet}); o.Word != desk.WordIn || reasons(o.Tell) != "was_incomplete" {
			t.Errorf("complete: %+v", o)
		}
		if got := w.work(""); len(got) != 0 {
			t.Errorf("the worklist in the end: %q", got)
		}
		w.scan(maria)
		if p := w.st().Visit.Patron; p.Owes.Minor != 750 || len(p.Loans) != 0 {
			t.Errorf("she owes %v for %v", p.Owes, p.Fees)
		}
	})
}

func TestWhatWaitsForWork(t *testing.T) {
	story(t, func(w *world) {
		t := w.t
		w.boss()
		w.do(desk.Mark{Text: kind, As: desk.MarkMissing})
		w.days(1)
		w.boss()
		w.do(desk.Mark{Text: alibi, As: desk.MarkDamaged, Note: "wet"})
		w.pass(time.Minute)
		w.scan(maria)
		w.scan(middle)
		w.do(desk.Done{})
		w.do(desk.Mark{Text: middle, As: desk.MarkClaimed})
		want := []string{"missing|Kind of blue|||rest", "damaged|The deep blue alibi|wet||mend", "claimed|Middlemarch||SILVA, Maria|search"}
		if got := w.work(""); !slices.Equal(got, want) {
			t.Errorf("the worklist: %q", got)
		}
		w.days(7)
		w.boss()
		if got := w.work(desk.WorkMissing); !slices.Equal(got, []string{"missing|Kind of blue|||search"}) {
			t.Errorf("a week later: %q", got)
		}
		w.do(desk.Mark{Text: kind, As: desk.MarkMissing})
		o := w.do(desk.Worklist{Kind: desk.WorkMissing})
		if r := o.Work[0]; r.Times != 2 || !r.Last.After(r.Since) || !r.Next.Equal(r.Last.AddDate(0, 0, 7)) {
			t.Errorf("searched for twice: %+v", r)
		}
		all, err := desk.ListWork(t.Context(), w.desk, "", "")
		if err != nil || len(all) != 3 || all[2].Person != "" || all[2].Patron != "" {
			t.Errorf("without names: %+v, %v", all, err)
		}
		if o := w.do(desk.Worklist{Kind: "eaten"}); o.Word != desk.WordStop {
			t.Errorf("of a kind that nobody knows: %+v", o)
		}
		w.do(desk.Mark{Text: middle, As: desk.MarkFound})
		w.do(desk.Mark{Text: alibi, As: desk.MarkWithdrawn})
		w.do(desk.CheckIn{Text: kind})
		if got := w.work(""); len(got) != 0 {
			t.Errorf("in the end: %q", got)
		}
		w.do(desk.SignOut{})
		if o := w.do(desk.Worklist{}); reasons(o.Reasons) != "sign_in_first" {
			t.Errorf("signed out: %+v", o)
		}
	})
}

// TestSomeOfAllNoticesAreRefused: who has brought one of two back elsewhere is sent a notice
// of the other only, and that is said.
func TestSomeOfAllNoticesAreRefused(t *testing.T) {
	story(t, func(w *world) {
		t := w.t
		w.boss()
		w.scan(maria)
		w.scan(middle)
		w.scan(kind)
		w.days(40)
		w.boss()
		w.scan(maria)
		w.pass(time.Minute)
		w.line.set(func() { w.line.slow = 100 * time.Millisecond }) // the copy is older than the answer
		w.elsewhere(circ.CheckIn{Barcode: kind})
		n := w.send(desk.Call{By: circ.NoticeLetter})
		w.pass(time.Second)
		all := w.finals(n)
		if len(all) != 1 || all[0].Word != desk.WordDone || all[0].Text != "SILVA, Maria: notice by letter for 1 of 2 overdue loans" {
			t.Fatalf("all: %+v", all)
		}
		then := all[0].Then
		if wordsOf(then) != "DONE STOP" || reasons(then[1].Reasons) != "not_on_loan" || then[1].Title != "Kind of blue" {
			t.Errorf("then %s: %+v", wordsOf(then), then)
		}
	})
}

func TestAnItemThatNobodyHadIsIncomplete(t *testing.T) {
	story(t, func(w *world) {
		t := w.t
		w.boss()
		w.do(desk.Go{To: desk.AtCheckIn})
		if o := w.do(desk.Incomplete{Text: kind, Missing: "the map"}); o.Word != desk.WordStaff {
			t.Fatalf("incomplete: %+v", o)
		}
		if got := w.work(""); !slices.Equal(got, []string{"damaged|Kind of blue|the map||mend"}) {
			t.Errorf("the worklist: %q", got)
		}
		if o := w.do(desk.GiveUp{Text: kind, As: circ.ItemWithdrawn}); reasons(o.Reasons) != "not_incomplete" {
			t.Errorf("given up: %+v", o)
		}
	})
}

// TestWhatIsLongOverdueWaitsForWork: it becomes so by itself; its patron is called, and
// in the end it is lost, with the ordinary question about what it costs.
func TestWhatIsLongOverdueWaitsForWork(t *testing.T) {
	story(t, func(w *world) {
		t := w.t
		w.boss()
		w.scan(maria)
		w.scan(stored)
		w.do(desk.Yes{Why: "the lift is broken"})
		w.scan(kind)
		w.do(desk.Done{})
		w.pass(11 * time.Minute)
		if got := w.work(""); len(got) != 0 {
			t.Errorf("overdue, and not for long: %q", got)
		}
		w.pass(10 * time.Minute)
		want := []string{"long_overdue|Xylem||SILVA, Maria|call"}
		for _, k := range []desk.WorkKind{"", desk.WorkLongLate} {
			if got := w.work(k); !slices.Equal(got, want) {
				t.Errorf("of %q: %q", k, got)
			}
		}
		o := w.do(desk.Worklist{})
		if r := o.Work[0]; !r.Since.Equal(w.lent(r.Item).Due) || r.Barcode != stored || r.Phone == "" || r.N != 1 {
			t.Errorf("the row: %+v", r)
		}
		if all, err := desk.ListWork(t.Context(), w.desk, "", ""); err != nil || len(all) != 1 || all[0].Person != "" || all[0].Patron != "" {
			t.Errorf("without names: %+v, %v", all, err)
		}
		if all, err := desk.ListWork(t.Context(), w.desk, "east", ""); err != nil || len(all) != 0 {
			t.Errorf("at another library: %+v, %v", all, err)
		}
		w.do(desk.Call{Text: stored, Note: "looks for it", Again: time.Now().Add(48 * time.Hour)})
		if got := w.work(desk.WorkLongLate); !strings.HasSuffix(got[0], "|wait") {
			t.Errorf("after a call: %q", got)
		}
		for range 2 {
			w.pass(time.Minute)
			w.do(desk.Call{Text: stored})
		}
		if got := w.work(desk.WorkLongLate); !strings.HasSuffix(got[0], "|lost") {
			t.Errorf("called three times: %q", got)
		}
		if o := w.do(desk.Mark{Text: stored, As: desk.MarkLost}); o.Word == desk.WordAsk {
			w.do(desk.Yes{})
		}
		if got := w.work(""); len(got) != 0 || w.lent("I9").Marked.State != circ.LoanLost {
			t.Errorf("it is lost: %q", got)
		}
	})
}
