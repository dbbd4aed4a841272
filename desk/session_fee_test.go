package desk_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
)

// told gives the lines of a story.
func toldLines(o desk.Outcome) string {
	var lines []string
	for _, s := range o.Tell {
		lines = append(lines, s.Words)
	}
	return strings.Join(lines, "\n")
}

func TestFeesAtTheDesk(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		owes := func() int64 { return w.st().Visit.Patron.Owes.Minor }
		w.do(desk.OpenPatron{ID: "P2"})
		for _, step := range []struct {
			name string
			in   desk.Input
			word desk.Word
			why  string // the reasons of a refusal
			owes int64
		}{
			{"for a card", desk.Charge{Type: circ.FeeCard, Amount: "2.50", Text: "new card"}, desk.WordDone, "", 1570},
			{"for nothing at all", desk.Charge{Type: circ.FeeCard, Amount: "0"}, desk.WordStop, "bad_amount", 1570},
			{"for coffee on a book", desk.Charge{Type: circ.FeeDamaged, Amount: "1", Item: middle}, desk.WordDone, "", 1670},
			{"on a fee of that number that there is not", desk.Pay{Amount: "1", N: 7}, desk.WordStop, "no_such_number", 1670},
			{"by card, on the second", desk.Pay{Amount: "2.50", N: 2, Method: "card"}, desk.WordPaid, "", 1420},
			{"in shells", desk.Pay{Amount: "2.50", Method: "shells"}, desk.WordStop, "no_such_method", 1420},
			{"waived without a reason", desk.Waive{N: 1}, desk.WordStop, "no_reason", 1420},
			{"waived in part", desk.Waive{N: 1, Amount: "3.20", Text: "was ill"}, desk.WordDone, "", 1100},
			{"waived, and no number of which", desk.Waive{Text: "was ill"}, desk.WordStop, "which_fee", 1100},
			{"disputed", desk.Dispute{N: 1, Text: "brought it back"}, desk.WordDone, "", 100},
			{"disputed twice", desk.Dispute{N: 1, Text: "brought it back"}, desk.WordStop, "disputed", 100},
			{"more than is owed", desk.Pay{Amount: "3", Method: "card"}, desk.WordAsk, "", 100},
			{"keeps it", desk.Yes{Why: "keeps it"}, desk.WordPaid, "", -200},
			{"not disputed any more", desk.Restore{N: 1}, desk.WordDone, "", 800},
			{"credit used", desk.Pay{Method: circ.ByCredit}, desk.WordPaid, "", 800},
			{"no credit left", desk.Pay{Method: circ.ByCredit}, desk.WordStop, "no_credit", 800},
			{"nothing to give back", desk.Refund{Text: "moves away"}, desk.WordStop, "no_credit", 800},
		} {
			w.pass(time.Second)
			o := w.do(step.in)
			if o.Word != step.word || reasons(o.Reasons) != step.why || owes() != step.owes {
				t.Fatalf("%s: %s %q %v, owes %d, want %s %s and %d", step.name, o.Word, o.Text, reasons(o.Reasons), owes(), step.word, step.why, step.owes)
			}
		}
		o := w.do(desk.FeeStory{})
		story := o.Text + "\n" + toldLines(o)
		for _, want := range []string{"lost, 13.20", "3.20 waived", "was ill", "2.00 paid out of credit", "still to pay: 8.00"} {
			if !strings.Contains(story, want) {
				t.Errorf("the story does not say %q:\n%s", want, story)
			}
		}
		w.do(desk.Pay{Amount: "10", Keep: true})
		w.do(desk.Yes{Why: "no change"})
		if o := w.do(desk.Refund{Text: "moves away"}); o.Word != desk.WordPaid || !strings.HasPrefix(o.Text, "2.00 back to WU, Tom") || owes() != 0 {
			t.Errorf("given back: %s %q, owes %d", o.Word, o.Text, owes())
		}
		if o := w.do(desk.FeeStory{All: true}); o.Word != desk.WordList || o.Text != "owes nothing" || len(o.Tell) == 0 || !strings.HasSuffix(o.Tell[0].Words, "settled") {
			t.Errorf("what is settled: %s %q\n%s", o.Word, o.Text, toldLines(o))
		}
		if o := w.do(desk.FeeStory{N: 1}); o.Word != desk.WordList || !strings.Contains(toldLines(o), "settled") {
			t.Errorf("the story of what is settled: %s %q\n%s", o.Word, o.Text, toldLines(o))
		}
		w.do(desk.Charge{Type: circ.FeeCard, Amount: "1.30"})
		if o := w.do(desk.Call{N: 1, By: circ.NoticeLetter}); o.Word != desk.WordStop || reasons(o.Reasons) != "no_loan_of_fee" {
			t.Errorf("a notice of no loan: %s %q", o.Word, o.Text)
		}
		w.do(desk.Charge{Type: circ.FeeOther, Amount: "1.00"})
		if o := w.do(desk.FeeStory{}); o.Word != desk.WordList || o.Text != "owes 2.30" || len(o.Tell) < 3 {
			t.Errorf("which of two: %s %q\n%s", o.Word, o.Text, toldLines(o))
		}
		if o := w.do(desk.Waive{Text: "was ill"}); o.Word != desk.WordStop || !strings.HasPrefix(o.Text, "which fee? there are 2") {
			t.Errorf("one of two is waived: %s %q", o.Word, o.Text)
		}
		w.do(desk.Waive{N: 2, Text: "was ill"})
		if o := w.do(desk.FeeStory{N: 2}); o.Word != desk.WordList || !strings.Contains(toldLines(o), "settled") {
			t.Errorf("the same, behind an open one: %s %q\n%s", o.Word, o.Text, toldLines(o))
		}
		if o := w.do(desk.Pay{Amount: "1", Method: "shells"}); o.Word != desk.WordStop || !strings.Contains(o.Text, "here it is cash") {
			t.Errorf("in shells: %s %q", o.Word, o.Text)
		}
		w.do(desk.Charge{Type: circ.FeeOther, Amount: "0.70"})
		w.do(desk.Dispute{N: 1, Text: "never got it"})
		if o := w.do(desk.Pay{Amount: desk.PayAll}); !strings.HasPrefix(o.Text, "0.70 from WU, Tom") {
			t.Errorf("all but what is disputed: %s %q", o.Word, o.Text)
		}
		for _, c := range []struct {
			in   desk.Input
			says string
		}{
			{desk.Pay{Amount: desk.PayAll}, "all that is owed is disputed; end that first"},
			{desk.Pay{Amount: "0"}, "not an amount: 0"},
			{desk.Charge{Type: circ.FeeOther, Amount: "99999999999"}, "more than can be booked at once: 99999999999; at most 10000000.00"},
			{desk.Charge{Type: "beer", Amount: "3"}, "no fee of that kind: beer; there are damaged"},
		} {
			if o := w.do(c.in); o.Word != desk.WordStop || !strings.HasPrefix(o.Text, c.says) {
				t.Errorf("%+v: %s %q", c.in, o.Word, o.Text)
			}
		}
		w.do(desk.Restore{N: 1})
		if o := w.do(desk.Pay{Amount: "20"}); o.Word != desk.WordPaid || !strings.HasPrefix(o.Text, "1.30 from WU, Tom, receipt ") || !strings.HasSuffix(o.Text, "; change: 18.70") || owes() != 0 {
			t.Errorf("a note of twenty: %s %q, owes %d", o.Word, o.Text, owes())
		}
	})
}

// TestAllIsPaidByCredit: credit that covers all that is owed pays it, though in cash nothing
// is owed.
func TestAllIsPaidByCredit(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		w.do(desk.OpenPatron{ID: "P2"})
		w.do(desk.Pay{Amount: "20", Keep: true})
		w.do(desk.Yes{Why: "no change"})
		w.do(desk.Charge{Type: circ.FeeCard, Amount: "1.50"})
		owes := w.st().Visit.Patron.Owes.Minor
		if o := w.do(desk.Pay{Amount: desk.PayAll}); owes >= 0 || reasons(o.Reasons) != "nothing_owed" {
			t.Errorf("all in cash: %s %q, owes %d", o.Word, o.Text, owes)
		}
		o := w.do(desk.Pay{Amount: desk.PayAll, Method: circ.ByCredit})
		if p := w.st().Visit.Patron; o.Word != desk.WordPaid || len(p.Fees) != 0 || p.Owes.Minor != owes {
			t.Errorf("all by credit: %s %q, left %+v, owes %d", o.Word, o.Text, p.Fees, p.Owes.Minor)
		}
	})
}

// TestWaivingNeedsTheRight: who may not waive is asked for somebody who may.
func TestWaivingNeedsTheRight(t *testing.T) {
	bothWays(t, func(w *world) {
		w.do(desk.SignIn{Name: "kim", PIN: "1234"})
		w.do(desk.OpenPatron{ID: "P2"})
		o := w.do(desk.Waive{Text: "was ill"})
		if o.Word != desk.WordAsk || reasons(o.Ask) != "waive_fee" {
			w.t.Fatalf("%s %q", o.Word, o.Text)
		}
		if o := w.do(desk.Yes{Why: "was ill", As: "boss", PIN: "1234"}); o.Word != desk.WordDone || w.st().Visit.Patron.Owes.Minor != 0 {
			w.t.Errorf("the boss says yes: %s %q", o.Word, o.Text)
		}
	})
}

// TestAFeeTellsItsWholeStory: all that was said of the loan, in its order, who has taken
// the item back and where, and what was corrected since.
func TestAFeeTellsItsWholeStory(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.do(desk.OpenPatron{ID: "P4"})
		w.scan(middle)
		w.days(10)
		w.boss()
		w.do(desk.OpenPatron{ID: "P4"})
		w.pass(time.Minute)
		if o := w.do(desk.RenewAll{}); o.Word != desk.WordRenewed {
			t.Fatalf("renewed: %s %q", o.Word, o.Text)
		}
		w.do(desk.Done{})
		w.days(20)
		w.do(desk.OpenPatron{ID: "P4"})
		for _, in := range []desk.Input{
			desk.Call{By: circ.NoticeLetter, Note: "first notice"},
			desk.Mark{Text: middle, As: desk.MarkClaimed}, desk.Call{Text: middle, Note: "will look"}, desk.Mark{Text: middle, As: desk.MarkFound},
		} {
			w.pass(time.Minute)
			if o := w.do(in); o.Word != desk.WordDone {
				t.Fatalf("%+v: %s %q %v", in, o.Word, o.Text, reasons(append(o.Reasons, o.Ask...)))
			}
		}
		o := w.do(desk.Look{Text: middle})
		if got := strings.Join(o.Item.Story, "\n"); !strings.Contains(got, "notice by letter") || !strings.Contains(got, "by kim: first notice") {
			t.Errorf("the loan's story on the item:\n%s", got)
		}
		w.pass(time.Hour)
		w.do(desk.CheckIn{Text: middle})
		w.do(desk.OpenPatron{ID: "P4"})
		if o := w.do(desk.Call{N: 1, By: circ.NoticeEmail, Note: "bill"}); o.Word != desk.WordDone || !strings.Contains(o.Text, "notice by e-mail") {
			t.Errorf("a notice about the fee of what is back: %s %q", o.Word, o.Text)
		}
		if o := w.do(desk.Call{By: circ.NoticeEmail}); o.Word != desk.WordStop || reasons(o.Reasons) != "none_overdue" {
			t.Errorf("a notice about nothing: %s %q", o.Word, o.Text)
		}
		story, at := toldLines(w.do(desk.FeeStory{})), 0
		for _, want := range []string{"lent", "at Riverside by kim, due", "renewed", "at Riverside by boss, due", "notice by letter", "by kim: first notice", "claimed returned", "notice by phone", "by kim: will look", "found", "back", "at Riverside by kim", "notice by e-mail", "bill", "still to pay"} {
			i := strings.Index(story[at:], want)
			if i < 0 {
				t.Fatalf("the story does not say %q, or too early:\n%s", want, story)
			}
			at += i
		}
		past := w.do(desk.Undo{})
		i := slices.IndexFunc(past.Undoable, func(p desk.Past) bool { return strings.HasPrefix(p.Text, "notice") })
		if i < 0 {
			t.Fatalf("nothing says how to take a notice back: %+v", past.Undoable)
		}
		w.do(desk.Undo{N: []int{past.Undoable[i].N}})
		if story := toldLines(w.do(desk.FeeStory{})); strings.Contains(story, "e-mail") || !strings.Contains(story, "by letter") {
			t.Errorf("a notice that was taken back is told:\n%s", story)
		}
	})
}

// TestAFeeSaysWhoDidIt: whoever set the date, recalled the item, said that it is lost, took
// down that the patron disputes it, and corrected the return, is named.
func TestAFeeSaysWhoDidIt(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.do(desk.OpenPatron{ID: "P4"})
		w.scan(middle)
		w.do(desk.Done{})
		w.boss()
		do := func(in desk.Input) {
			t.Helper()
			w.pass(time.Minute)
			o := w.do(in)
			if o.Word == desk.WordAsk {
				o = w.do(desk.Yes{Why: "so it is"})
			}
			if o.Word != desk.WordDone {
				t.Fatalf("%+v: %s %q %v", in, o.Word, o.Text, reasons(append(o.Reasons, o.Ask...)))
			}
		}
		tells := func(lines ...string) {
			t.Helper()
			story := toldLines(w.do(desk.FeeStory{N: 1}))
			for _, want := range lines {
				if !regexp.MustCompile(want + ` [^,\n]*by boss`).MatchString(story) {
					t.Errorf("the story does not say who %s:\n%s", want, story)
				}
			}
		}
		do(desk.SetDue{Text: middle, Due: time.Now().Add(5 * 24 * time.Hour), Why: "a course"})
		do(desk.Recall{Text: middle})
		w.days(20)
		w.boss()
		do(desk.Mark{Text: middle, As: desk.MarkLost})
		w.pass(time.Hour)
		w.do(desk.CheckIn{Text: middle})
		w.pass(time.Hour)
		do(desk.CorrectReturn{Text: middle, In: time.Now().Add(-90 * time.Minute), Why: "lay there"})
		w.do(desk.OpenPatron{ID: "P4"})
		do(desk.Dispute{N: 1, Text: "was not late"})
		tells("set", "recalled", "lost", "disputed since [^,]*, taken down", "return corrected")
	})
}

// TestWhatAnotherSystemChargesIsForecastAsAnEstimate: the forecast says so, and nothing is
// owed here when the item is back.
func TestWhatAnotherSystemChargesIsForecastAsAnEstimate(t *testing.T) {
	storyOf(t, monday, strings.Replace(worldRules, "currency", "fees_elsewhere = true\ncurrency", 1), func(w *world) {
		t := w.t
		w.do(desk.OpenPatron{ID: "P4"})
		w.scan(middle)
		w.do(desk.Done{})
		w.days(17)
		w.do(desk.OpenPatron{ID: "P4"})
		if p := w.st().Visit.Patron; p.IfBack.Minor != 20 || !p.Estimate {
			t.Errorf("if it came back now %v, an estimate: %v", p.IfBack, p.Estimate)
		}
		o := w.do(desk.CheckIn{Text: middle})
		if p := w.st().Visit.Patron; p.Owes.Minor != 0 || !strings.Contains(reasons(o.Tell), "fee_estimate") {
			t.Errorf("owes %v, told %s", p.Owes, reasons(o.Tell))
		}
	})
}

// TestALateReturnIsChargedAndTakenBack: the clerk hears the fee, the patron's panel
// has it, and an undo takes it along.
func TestALateReturnIsChargedAndTakenBack(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.do(desk.OpenPatron{ID: "P4"})
		w.scan(middle)
		w.do(desk.Done{})
		w.days(17) // three days late, of which it was open on none but the last
		w.do(desk.OpenPatron{ID: "P4"})
		if p := w.st().Visit.Patron; p.IfBack.Minor != 20 || p.Loans[0].IfBack.Minor != 20 || p.Owes.Minor != 0 || p.Estimate {
			t.Errorf("if it came back now %v, of the loan %v, owes %v", p.IfBack, p.Loans[0].IfBack, p.Owes)
		}
		o := w.do(desk.CheckIn{Text: middle})
		if !strings.Contains(reasons(o.Tell), "fee_charged") {
			t.Errorf("told %s", reasons(o.Tell))
		}
		if p := w.st().Visit.Patron; p.Owes.Minor != 20 || p.IfBack.Minor != 0 {
			t.Errorf("owes %v, more if back %v", p.Owes, p.IfBack)
		}
		story := w.do(desk.FeeStory{})
		for _, want := range []string{"lent", " at Riverside by kim\n", "fee for each interval late: 0.20", "still to pay: 0.20"} {
			if !strings.Contains(toldLines(story), want) {
				t.Errorf("the story does not say %q:\n%s", want, toldLines(story))
			}
		}
		if u := w.do(desk.Undo{Entries: []circ.EntryID{o.Entry}}); u.Word != desk.WordUndone {
			t.Fatalf("%s %q", u.Word, u.Text)
		}
		if p := w.st().Visit.Patron; p.Owes.Minor != 0 || len(p.Loans) != 1 {
			t.Errorf("after the undo owes %v and has %d loans", p.Owes, len(p.Loans))
		}
	})
}

// TestWhatIsChargedByTheRulesIsTold: for a card and for a request, in the words of the
// outcome, and an undo takes it back.
func TestWhatIsChargedByTheRulesIsTold(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		w.boss()
		owes := func() int64 { return w.st().Visit.Patron.Owes.Minor }
		for _, step := range []struct {
			name string
			in   desk.Input
			word desk.Word
			says string
			owes int64
		}{
			{"registered", desk.Register{Patron: circ.Patron{Card: card("2000000000077"), Family: "Guest", Group: "guest"}}, desk.WordPatron, "fee of 6.00", 600},
			{"a request", desk.Request{Text: middle}, desk.WordDone, "fee of 0.80", 680},
			{"another card", desk.ReplaceCard{Number: card("2000000000078")}, desk.WordDone, "fee of 2.50", 930},
			{"valid for longer", desk.RenewCard{Until: monday.AddDate(1, 0, 0)}, desk.WordDone, "fee of 5.00", 1430},
			{"that undone", desk.Undo{N: []int{1}}, desk.WordUndone, "", 930},
			{"the request cancelled, which is no undo", desk.Cancel{N: 1}, desk.WordDone, "", 930},
		} {
			w.pass(time.Second)
			o := w.do(step.in)
			if o.Word != step.word || !strings.Contains(o.Text, step.says) || owes() != step.owes {
				t.Fatalf("%s: %s %q, owes %d, want %s %q and %d", step.name, o.Word, o.Text, owes(), step.word, step.says, step.owes)
			}
		}
	})
}
