package tui_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"pgregory.net/rapid"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/words"
	"circdesk/tui"
	"circdesk/tui/kit"
	"circdesk/tui/kit/screentest"
	"circdesk/tui/screen"
)

func TestEveryActionIsListedOnceAndMayHaveItsKeys(t *testing.T) {
	for _, w := range []*words.Book{words.English(), words.Pseudo()} {
		actions := tui.Actions(w)
		if _, err := kit.NewRegistry(actions, "question", screen.ScopeForm, screen.ScopeConfirm); err != nil {
			t.Error(err)
		}
		for _, a := range actions {
			if a.Help == "" || strings.Contains(a.Help, ".") && !strings.Contains(a.Help, " ") {
				t.Errorf("action %s: no sentence: %q", a.ID, a.Help)
			}
		}
	}
}

func TestEveryFunctionKeyHasATwin(t *testing.T) {
	for _, a := range tui.Actions(words.English()) {
		for n := 1; n <= 10; n++ {
			if slices.Contains(a.Keys, fmt.Sprintf("f%d", n)) && !slices.Contains(a.Keys, fmt.Sprintf("alt+%d", n%10)) {
				t.Errorf("action %s: F%d and no Alt+%d", a.ID, n, n%10)
			}
		}
	}
}

func TestOtherKeysCanBeGivenAndBadOnesAreRefused(t *testing.T) {
	give := func(keys map[string][]string) error {
		_, err := tui.New(tui.Config{Send: func(desk.Input) int64 { return 1 }, Words: words.English(), Keys: keys})
		return err
	}
	if err := give(map[string][]string{"done": {"ctrl+g"}}); err != nil {
		t.Error(err)
	}
	for _, keys := range []map[string][]string{{"done": {"d"}}, {"done": {"alt+u"}}, {"question.yes": {"enter"}}, {"no such": {"f11"}}} {
		if give(keys) == nil {
			t.Errorf("taken: %v", keys)
		}
	}
}

// answers are the inputs that answer a question.
func answers(s *stage) (n int) {
	for _, in := range s.sent {
		switch in.(type) {
		case desk.Yes, desk.No:
			n++
		}
	}
	return n
}

func TestAQuestionIsAnsweredByItsKeysAlone(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := open(t, words.English(), 80, 24)
		question(s)
		for range rapid.IntRange(1, 20).Draw(rt, "inputs") {
			s.update(kit.InputMsg{
				Text: rapid.SampledFrom([]string{"", "y", "n", "31234000000041", "yes", "1", " "}).Draw(rt, "text"),
				Key:  rapid.SampledFrom([]string{"", "enter", "tab", "ctrl+j", "paste", "esc", "up", "down", "space", "f2", "f6", "alt+d", "alt+u", "ctrl+k", "insert", "f12"}).Draw(rt, "key"),
			})
		}
		if answers(s) != 0 {
			rt.Fatalf("answered by %v", s.sent)
		}
	})
}

func TestScansTypedAtAQuestionGoToTheQueue(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	question(s)
	before := len(s.sent)
	s.scan(perl)
	s.scan(beloved)
	if got := s.sent[before:]; len(got) != 2 || got[0] != (desk.Scan{Text: perl}) || got[1] != (desk.Scan{Text: beloved}) {
		t.Errorf("sent %v", got)
	}
	s.shows("5 scans waiting")
}

func TestAYesNeedsAReasonAndTakesNoScanForOne(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	question(s)
	s.key("alt+y", "alt+y")
	if answers(s) != 0 {
		t.Fatal("answered without a reason")
	}
	s.scan(perl) // a scanner does not know that a field is open
	if got := last[desk.Scan](s); got.Text != perl {
		t.Errorf("the scan was sent as %q", got.Text)
	}
	s.typed("pays tomorrow")
	s.scan(beloved)
	if got := last[desk.Scan](s); got.Text != beloved {
		t.Errorf("the scan behind the reason was sent as %q", got.Text)
	}
	s.key("alt+y")
	if got := last[desk.Yes](s); got.Why != "pays tomorrow" || got.As != "" {
		t.Errorf("sent %+v", got)
	}
}

// TestWhetherAllIsThereIsAnsweredByOneKey: no reason is asked for, and a no at a
// check-in leads to what is missing.
func TestWhetherAllIsThereIsAnsweredByOneKey(t *testing.T) {
	back := func(s *stage) {
		s.key("f3")
		s.say(func(st *desk.State) { st.Place = desk.AtCheckIn })
		allThere(s, s.scan(alibi))
	}
	t.Run("yes", func(t *testing.T) {
		s := open(t, words.English(), 80, 24)
		back(s)
		s.key("alt+y")
		if got := last[desk.Yes](s); got != (desk.Yes{}) {
			t.Errorf("sent %+v", got)
		}
	})
	t.Run("no, and what is missing", func(t *testing.T) {
		s := open(t, words.English(), 80, 24)
		back(s)
		s.key("alt+n")
		if answers(s) != 0 {
			t.Fatalf("answered before it is known what is missing: %v", s.sent)
		}
		s.scan(perl) // a scanner does not know that a form is open
		if got := last[desk.Scan](s); got.Text != perl {
			t.Errorf("the scan was sent as %q", got.Text)
		}
		s.typed("2")
		s.key("f12")
		if got := last[desk.No](s); got != (desk.No{Missing: "2"}) {
			t.Errorf("sent %+v", got)
		}
	})
	t.Run("no, and back to the question", func(t *testing.T) {
		s := open(t, words.English(), 80, 24)
		back(s)
		s.key("alt+n", "esc")
		if answers(s) != 0 {
			t.Fatalf("answered by %v", s.sent)
		}
		s.key("alt+y")
		last[desk.Yes](s)
	})
	t.Run("no at a check-out", func(t *testing.T) {
		s := open(t, words.English(), 80, 24)
		lend(s)
		allThere(s, s.scan(alibi))
		s.key("alt+n")
		if got := last[desk.No](s); got != (desk.No{}) {
			t.Errorf("sent %+v", got)
		}
	})
}

func TestAKeyThatWouldDoSomethingElseIsToldToAnswerFirst(t *testing.T) {
	for _, key := range []string{"f5", "alt+d", "ctrl+k", "alt+m"} {
		s := open(t, words.English(), 80, 24)
		question(s)
		before := len(s.sent)
		s.key(key)
		if key == "alt+m" { // which is an answer here, and a payment elsewhere
			s.shows("Somebody else says yes")
			continue
		}
		s.shows("a question is open: answer it first", "[F2 Out]")
		if len(s.sent) != before {
			t.Errorf("%s sent %#v", key, s.sent[before:])
		}
		s.key("alt+n")
		s.say(func(st *desk.State) { st.Question, st.Queued = nil, 0 })
		s.showsNo("answer it first")
	}
}

func TestAKeyPressedTwiceAnswersOneQuestion(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	question(s)
	s.key("alt+n", "alt+n")
	if answers(s) != 1 {
		t.Fatalf("%d answers", answers(s))
	}
	s.hear(stop(s.words, s.n(), blue, "Kind of blue", circ.Remark{Reason: circ.OwesTooMuch, Amount: eur(1320)}))
	s.say(func(st *desk.State) { st.Question.N++; o := *st.Question; st.Question = &o })
	s.key("alt+n")
	if answers(s) != 2 {
		t.Errorf("%d answers after the next question", answers(s))
	}
}

func TestARefusedYesLeavesTheQuestionOpenForAnother(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	question(s)
	s.key("alt+m")
	s.typed("Jo")
	s.key("down")
	s.typed("9999")
	s.key("down")
	s.typed("ok")
	s.key("f12")
	if got := last[desk.Yes](s); got.As != "Jo" || got.PIN != "9999" || got.Why != "ok" {
		t.Fatalf("sent %+v", got)
	}
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordStop, Text: "name or PIN is wrong"})
	s.shows("name or PIN is wrong", "Jo")
	s.key("esc", "alt+n")
	last[desk.No](s)
}

func TestAPinIsNeverOnTheScreen(t *testing.T) {
	for _, open1 := range []func(*stage){
		func(s *stage) { s.key("alt+o") },
		func(s *stage) { question(s); s.key("alt+m") },
	} {
		s := open(t, words.English(), 80, 24)
		open1(s)
		s.typed("Jo")
		s.key("down")
		s.typed("7351")
		s.showsNo("7351")
		s.shows("****")
		s.key("down")
		s.typed("ok") // the reason, or the name again
		s.key("f12")
		s.showsNo("7351", "****")
		s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordStop, Text: "name or PIN is wrong"})
		s.showsNo("7351")
	}
}

func TestAnotherOperatorLeavesThePatronOpen(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	s.key("alt+o")
	s.typed("Jo")
	s.key("tab")
	s.typed("1234")
	s.key("enter") // nothing is lent or paid by it
	if got := last[desk.SignIn](s); got != (desk.SignIn{Name: "Jo", PIN: "1234"}) {
		t.Fatalf("sent %+v", got)
	}
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordMode, Text: "Jo is signed in"})
	s.say(func(st *desk.State) { st.Operator = "Jo" })
	s.shows("SILVA, Maria", "Main desk · Jo")
}

func TestAnotherOperatorSignsInAtAQuestion(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	question(s)
	s.key("alt+o")
	s.typed("Jo")
	s.key("down")
	s.typed("1234")
	s.showsNo("1234")
	s.key("f12")
	last[desk.SignIn](s)
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordMode, Text: "Jo is signed in"})
	s.shows("2 reasons not to lend Kind of blue")
	s.key("f1")
	s.shows("Help and keys")
	s.key("esc")
	s.shows("2 reasons not to")
}

func TestEscClearsTheScanLine(t *testing.T) {
	for _, play := range []func(*stage){func(*stage) {}, question} {
		s := open(t, words.English(), 80, 24)
		play(s)
		s.typed("pays tomorrow")
		s.shows("scan pays tomorrow")
		s.key("esc")
		s.scan(middle)
		if got := last[desk.Scan](s); got.Text != middle {
			t.Errorf("sent %q", got.Text)
		}
	}
}

func TestAnEmptyScanIsToldAndSendsNothing(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	before := len(s.sent)
	for _, key := range []string{"enter", "ctrl+j", "tab"} {
		s.update(kit.InputMsg{Text: " ", Key: key})
	}
	s.shows("the scan was empty")
	if len(s.sent) != before {
		t.Errorf("sent %#v", s.sent[before:])
	}
}

func TestWhatIsLookedUpWhileAVisitSleepsIsSeen(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lookedUp(s)
	s.say(func(st *desk.State) { st.Visit = &desk.Visit{Asleep: true} })
	s.showsNo("WU, Ana", "Middlemarch")
	it := item(blue, "Planet earth")
	it.Status = "on the shelf"
	s.hear(desk.Outcome{N: s.scan(blue), Final: true, Word: desk.WordItem, Title: "Planet earth", Item: it})
	s.shows("Planet earth", "on the shelf")
	s.key("f2")
	s.shows("no scan for a while")
	s.showsNo("SILVA", "Kind of blue")
}

func TestAWarningIsNotReadWhileAVisitSleeps(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	bad := stop(s.words, s.scan(blue), blue, "Planet earth", circ.Remark{Reason: circ.NotForLoan})
	bad.Differs = true
	s.hear(bad)
	s.say(func(st *desk.State) { st.Visit = &desk.Visit{Asleep: true} })
	s.shows("seen (Alt+X)")
	s.showsNo("Planet earth")
	s.say(visit(maria()))
	s.shows("Planet earth", "seen (Alt+X)")
}

func TestNotListeningUntilSomebodyIsBack(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.update(tea.BlurMsg{})
	if got := last[desk.Focus](s); got.On {
		t.Error("told the session that the focus is here")
	}
	s.shows("NOT LISTENING")
	if s.View().Cursor != nil {
		t.Error("a cursor where nobody listens")
	}
	s.update(tea.FocusMsg{})
	s.showsNo("NOT LISTENING")
	s.update(tea.BlurMsg{})
	s.scan(middle) // a terminal that tells less than it should
	if got := last[desk.Scan](s); got.Text != middle {
		t.Error("the scan was not sent")
	}
	s.showsNo("NOT LISTENING")
}

func TestASleepingVisitHidesEverythingOfThePatron(t *testing.T) {
	secrets := []string{"SILVA", "Maria", "Elm St", "Middlemarch", "Kind of blue", "Beloved", "WU", "3.20", "0142", "0010", "0041"}
	for _, scene := range scenes {
		if strings.HasPrefix(scene.name, "question") || strings.Contains(scene.name, "edit") {
			continue
		}
		t.Run(scene.name, func(t *testing.T) {
			s := open(t, words.English(), 132, 43)
			scene.play(s)
			s.now = s.now.Add(91 * time.Second)
			s.say(func(st *desk.State) { st.Visit = &desk.Visit{Patron: maria(), Asleep: true} })
			s.showsNo(secrets...)
		})
	}
}

func TestWithoutAVisitPatronsAreForgottenWhenNobodyIsHere(t *testing.T) {
	for _, play := range []func(*stage){pile, namesakes, shelf, lookedUp, conflicts} {
		s := open(t, words.English(), 80, 24)
		play(s)
		s.say(func(st *desk.State) { st.Visit = nil })
		s.now = s.now.Add(89 * time.Second)
		s.update(tui.Tick(s.now))
		s.now = s.now.Add(2 * time.Second)
		s.update(tui.Tick(s.now))
		s.showsNo("SILVA", "WU, Ana", "SILV MAR")
		s.key("down") // somebody is back, and it is not shown to them either
		s.showsNo("SILVA", "WU, Ana", "SILV MAR")
	}
}

func TestAScannerThatIsNoKeyboardWakesTheScreen(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	pile(s)
	s.now = s.now.Add(2 * time.Minute)
	s.update(tui.Tick(s.now))
	s.shows("no scan for a while")
	s.hear(route(s.words, 9999, desk.WordIn, blue, "Planet earth", circ.Route{Kind: circ.ToShelf, Location: "adult"}))
	s.shows("Planet earth", "shelve: adult")
}

func TestNoKeyOfAScreenActsBehindADialog(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	s.key("f4", "f1", "alt+a")
	for _, in := range s.sent {
		if in == (desk.RenewAll{}) {
			t.Error("renewed all, behind the help")
		}
	}
	s.key("esc", "alt+a")
	last[desk.RenewAll](s)
}

func TestAFormThatIsBeingFilledInIsNotTakenAway(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	s.key("f4", "alt+e")
	s.now = s.now.Add(80 * time.Second)
	s.typed(" 12")
	s.now = s.now.Add(20 * time.Second)
	s.say(func(st *desk.State) { st.Visit.Asleep = true })
	s.shows("Elm St 12")
	s.now = s.now.Add(100 * time.Second)
	s.say(func(st *desk.State) { st.Queued = 0 })
	s.showsNo("Elm St 12")
	s.key("down")
	s.shows("Elm St 12")
}

func TestALateAnswerDoesNotChangeAScreenThatHasMovedOn(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	n := s.scan(middle)
	o := out(n, middle, "Planet earth", day(21))
	o.Final = false
	s.hear(o)
	ana := desk.Patron{Patron: circ.Patron{ID: "p2", Card: anasCard}, Name: "WU, Ana"}
	s.hear(patron(s.scan(anasCard), ana))
	s.say(visit(ana))
	o.Final = true
	s.hear(o)
	s.showsNo("Planet earth")
	n = s.scan(middle)
	o = out(n, middle, "Planet earth", day(21))
	o.Final = false
	s.hear(o)
	s.hear(patron(s.scan(mariasCard), maria()))
	s.say(visit(maria()))
	bad := stop(s.words, n, middle, "Planet earth", circ.Remark{Reason: circ.NotForLoan})
	bad.Differs = true
	s.hear(bad)
	s.shows("seen (Alt+X)", "Planet earth", "not for loan") // but nobody misses that it was not so
	s.key("alt+x")
	s.showsNo("Planet earth", "seen (Alt+X)")
}

func TestAgreeingWordsChangeOnlyTheirColourAndTheirDots(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	n := s.scan(perl)
	o := out(n, perl, "Planet earth", day(21))
	o.Final = false
	s.hear(o)
	s.shows("OUT…")
	o.Final = true
	s.hear(o)
	s.showsNo("OUT…", "seen (Alt+X)")
}

func TestADialogTakesNoScan(t *testing.T) {
	for _, name := range []string{"help", "why", "undo_list", "quit", "patron_cancel_request", "palette", "patron_register", "patron_block_refused", "patron_alert", "patron_end_alert", "operator", "fees_pay"} {
		i := slices.IndexFunc(scenes, func(s struct {
			name string
			play func(s *stage)
		}) bool {
			return s.name == name
		})
		s := open(t, words.English(), 80, 24)
		scenes[i].play(s)
		if name == "patron_register" {
			s.key("down") // into a field that is not for codes
		}
		s.scan(beloved)
		if got, ok := s.sent[len(s.sent)-1].(desk.Scan); !ok || got.Text != beloved {
			t.Errorf("%s: the scan was sent as %#v", name, s.sent[len(s.sent)-1])
		}
	}
}

func TestARefusedWayToAnotherScreenLeadsBack(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	for n := range s.sent {
		s.hear(desk.Outcome{N: int64(n + 1), Final: true, Word: desk.WordMode})
	}
	s.key("f3")
	s.shows("[F3 In]")
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordStop, Text: "answer first"}, s.state)
	s.shows("[F2 Out]", "answer first")
}

func TestWhatWasQueuedComesWithTheAnswer(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	question(s)
	queued := []int64{s.scan(perl), s.scan(beloved)}
	for _, n := range queued {
		s.hear(desk.Outcome{N: n, Final: true, Word: desk.WordQueued, Scanned: perl})
	}
	s.key("alt+n")
	no := stop(s.words, s.n(), blue, "Kind of blue", circ.Remark{Reason: circ.OwesTooMuch, Amount: eur(1320)})
	no.Then = []desk.Outcome{out(queued[0], perl, "Planet earth", day(21)), out(queued[1], beloved, "Night train", day(21))}
	s.hear(no)
	s.say(func(st *desk.State) { st.Question, st.Queued = nil, 0 })
	s.shows("Planet earth", "   OUT         Night train")
}

func TestWhatWasQueuedForAVisitThatIsOverIsNotOverlooked(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	n := s.scan(perl)
	s.hear(desk.Outcome{N: n, Final: true, Word: desk.WordQueued})
	ana := desk.Patron{Patron: circ.Patron{ID: "p2", Card: anasCard}, Name: "WU, Ana"}
	next := patron(s.scan(anasCard), ana)
	next.Then = []desk.Outcome{stop(s.words, n, perl, "Planet earth", circ.Remark{Reason: desk.NeverShown})}
	s.hear(next)
	s.say(visit(ana))
	s.shows("PATRON", "Planet earth", "seen (Alt+X)")
}

func TestMoneyIsBookedByItsKeyAndNeverByEnter(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	s.key("f6", "down", "alt+m")
	before := len(s.sent)
	s.update(kit.InputMsg{Text: "2.40", Key: kit.KeyEnter})
	s.key("enter", "enter")
	if len(s.sent) != before {
		t.Fatalf("Enter sent %#v", s.sent[before:])
	}
	s.key("f12", "f12")
	if got := last[desk.Pay](s); got != (desk.Pay{Amount: "2.40", Fee: "f1", Method: "cash"}) || len(s.sent) != before+1 {
		t.Errorf("sent %#v", s.sent[before:])
	}
}

func TestWhatWasTypedStaysWhenTheDeskSaysNo(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	s.key("f4", "alt+b")
	s.typed("lost three maps")
	s.key("f12")
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordStop, Text: "the disk is full"})
	s.shows("lost three maps", "the disk is full")
	s.key("f12")
	if got := last[desk.Block](s); got.Text != "lost three maps" {
		t.Errorf("sent %+v", got)
	}
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordDone, Text: "blocked"})
	s.showsNo("lost three maps")
}

// TestABlockStandsAgainstWhatIsChosen: against everything, unless the clerk says no.
func TestABlockStandsAgainstWhatIsChosen(t *testing.T) {
	for _, row := range []struct {
		keys []string
		want desk.Block
	}{
		{nil, desk.Block{Text: "lost a map"}},
		{[]string{"tab", "tab", "right", "tab", "right"}, desk.Block{Text: "lost a map", Against: circ.BlockScope{Request: true}}},
		{[]string{"tab", "tab", "tab", "tab", "right"}, desk.Block{Text: "lost a map", Against: circ.BlockScope{Loan: true, Renewal: true}}},
	} {
		s := open(t, words.English(), 80, 24)
		lend(s)
		s.key("f4", "alt+b")
		s.typed("lost a map")
		s.key(append(row.keys, "f12")...)
		if got := last[desk.Block](s); got != row.want {
			t.Errorf("%v: sent %+v", row.keys, got)
		}
	}
	s := open(t, words.English(), 80, 24)
	lend(s)
	before := len(s.sent)
	s.key("f4", "alt+b")
	s.typed("lost a map")
	s.key("tab", "tab", "right", "tab", "right", "tab", "right", "f12")
	s.shows("it would stand against nothing")
	for _, in := range s.sent[before:] {
		if b, sent := in.(desk.Block); sent {
			t.Errorf("sent %+v", b)
		}
	}
}

func TestHostileTextsCannotReachTheTerminal(t *testing.T) {
	evil := "x\x1b[2J\x1b]0;t\a\x9b31m\u202eabc\u2066\r\n\x00\u0301\x1b[31mred"
	for _, size := range sizes {
		for _, scene := range scenes {
			s := open(t, words.English(), size.cols, size.rows)
			scene.play(s)
			plain := s.View().Content
			s.state.Operator, s.state.Library, s.state.Desk = evil, evil, circ.DeskID(evil)
			p := maria()
			p.Name, p.Street, p.Note, p.Group, p.Born, p.Fees[0].Title, p.Loans[0].Title = evil, evil, evil, evil, evil, evil, evil
			p.Blocks = []circ.Block{{ID: "b", Text: evil, Operator: circ.OperatorID(evil)}}
			p.Alerts = []circ.Alert{{ID: "a", Text: evil, Shown: circ.Moment(evil), Operator: circ.OperatorID(evil)}}
			o := stop(s.words, s.n(), evil, evil, circ.Remark{Reason: circ.ItemNote, Text: evil})
			o.Text, o.Reasons[0].Words, o.Item.CallNumber, o.Item.Status, o.Differs = evil, evil, evil, evil, true
			o.Tell, o.Trace = o.Reasons, []desk.Line{{Words: evil}}
			o.Patrons, o.Titles = []desk.Patron{p}, []desk.Title{{Title: circ.Title{Title: evil, Author: evil}}}
			o.Work = []desk.Work{{Kind: desk.WorkIncomplete, Item: "i", Barcode: evil, Title: evil, Text: evil, Person: evil, Phone: evil, CallNumber: evil}}
			o.Holds = []desk.Hold{{Request: circ.Request{ID: "q"}, Of: evil, Person: evil, Card: evil, Barcode: evil}}
			o.Conflicts = []desk.Conflict{{Conflict: circ.Conflict{ID: "e", Class: circ.ConflictClass(evil), Command: evil, Owner: circ.OperatorID(evil)}, Name: evil, Code: evil, Person: evil, Where: evil, Said: o.Reasons}}
			o.Undoable = []desk.Past{{Entry: "e", Text: evil, Word: desk.Word(evil)}}
			s.typed(evil)
			s.say(visit(p))
			s.hear(o, desk.Notice{Kind: desk.NotWritten, Words: evil})
			o.Word = desk.WordList
			s.hear(o)
			o.Word, o.Patrons, o.Titles = desk.Word(evil), nil, nil
			s.hear(o)
			got := s.View()
			if extra := strings.Trim(got.Content, printable(got.Content)); extra != "" || strings.Contains(plain, "\a") {
				t.Fatalf("%s: %q on the screen", scene.name, extra)
			}
			if strings.ContainsAny(got.WindowTitle, "\x1b\a\n") {
				t.Fatalf("%s: window title %q", scene.name, got.WindowTitle)
			}
			screentest.Lines(got.Content, size.cols, size.rows)
		}
	}
}

// printable is the characters of s that a screen may have: letters and signs,
// line ends, and the escape character only as a theme writes it.
func printable(s string) string {
	s = styling.ReplaceAllString(s, "")
	var b strings.Builder
	b.WriteString("\x1b[m0123456789;")
	for _, r := range s {
		if r == '\n' || r >= ' ' && r != 0x7f && (r < 0x80 || r > 0x9f) && r != '\u202e' && r != '\u2066' {
			b.WriteRune(r)
		}
	}
	return b.String()
}

func TestATerminalThatIsTooSmallStillTakesScans(t *testing.T) {
	s := open(t, words.English(), 60, 10)
	s.shows("make the window larger")
	s.hear(patron(s.scan(mariasCard), maria()))
	s.say(visit(maria()))
	n := s.scan(middle)
	if got := last[desk.Scan](s); got.Text != middle {
		t.Errorf("sent %+v", got)
	}
	s.hear(out(n, middle, "Middlemarch", day(21)))
	s.shows("OUT", "Middlemarch · due Mon 14 Dec")
	s.say(func(st *desk.State) { st.Question, st.Queued = askFor(s.words, n), 1 })
	s.shows("ASK", "2 reasons not to lend", "1 scan waiting")
	for _, size := range [][2]int{{0, 0}, {1, 1}, {80, 1}, {1, 24}, {79, 24}, {80, 23}} {
		s.update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		if v := s.View(); strings.Count(v.Content, "\n") >= max(size[1], 1) {
			t.Errorf("%v: %d rows", size, strings.Count(v.Content, "\n")+1)
		}
	}
}

func TestNoSizeBreaksAScreen(t *testing.T) {
	for _, scene := range scenes {
		s := open(t, words.English(), 80, 24)
		scene.play(s)
		for _, size := range [][2]int{{80, 24}, {81, 25}, {100, 24}, {80, 60}, {300, 100}} {
			s.update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			s.cols, s.rows = size[0], size[1]
			if got := strings.Count(s.View().Content, "\n") + 1; got != size[1] {
				t.Errorf("%s at %v: %d rows", scene.name, size, got)
			}
		}
	}
}

func TestAFormOutlivesAWindowThatIsTooSmallForIt(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	s.key("f4", "alt+b")
	s.typed("lost three maps")
	for _, size := range [][2]int{{60, 10}, {132, 43}, {20, 3}, {80, 24}} {
		s.update(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
		v := s.View()
		if c := v.Cursor; c == nil || c.X < 0 || c.X >= size[0] || c.Y < 0 || c.Y >= size[1] {
			t.Errorf("%v: the cursor is at %+v", size, c)
		}
	}
	s.shows("lost three maps")
	s.key("f12")
	if got := last[desk.Block](s); got.Text != "lost three maps" {
		t.Errorf("sent %+v", got)
	}
}

func TestALineMeansWhatItsScreenSays(t *testing.T) {
	for _, row := range []struct {
		name string
		keys []string
		line string
		want desk.Input
	}{
		{"an item at Check out is lent", nil, middle, desk.Scan{Text: middle}},
		{"what the reader says of the bar code is no part of it", nil, "]C0" + middle, desk.Scan{Text: middle}},
		{"a name at Check out is looked at by the session", nil, "silva", desk.Scan{Text: "silva"}},
		{"a card at Patron opens its patron", []string{"f4"}, mariasCard, desk.Scan{Text: mariasCard}},
		{"a name at Patron is found", []string{"f4"}, "silva, m", desk.Find{Query: "silva, m"}},
		{"a phone number at Patron is found", []string{"alt+4"}, "5550142", desk.Find{Query: "5550142"}},
		{"a name at Fees is found", []string{"f6"}, "silva", desk.Find{Query: "silva"}},
		{"a title at Items is found", []string{"f8"}, "the deep", desk.FindTitle{Query: "the deep"}},
		{"an ISBN at Items is found", []string{"f8"}, "9780140449136", desk.FindTitle{Query: "9780140449136"}},
		{"a barcode of no pattern at Items is looked up", []string{"f8"}, "B 17", desk.FindTitle{Query: "B 17"}},
		{"a short number at Items is looked up", []string{"f8"}, "4711", desk.Scan{Text: "4711"}},
		{"an item at the hold shelf is shelved", []string{"f5"}, alibi, desk.Scan{Text: alibi}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := open(t, words.English(), 80, 24)
			s.key(row.keys...)
			s.update(typedLine(row.line))
			if got := s.sent[len(s.sent)-1]; got != row.want {
				t.Errorf("sent %#v", got)
			}
		})
	}
}

func TestWhatTheKeysSend(t *testing.T) {
	for _, row := range []struct {
		name string
		play func(s *stage)
		keys []string
		want desk.Input
	}{
		{"done ends the visit", lend, []string{"alt+d"}, desk.Done{}},
		{"the slip is written", lend, []string{"alt+p"}, desk.Slip{}},
		{"renew all", lend, []string{"f4", "alt+a"}, desk.RenewAll{}},
		{"renew the chosen loan", lend, []string{"f4", "down", "down", "alt+r"}, desk.RenewItem{Text: beloved}},
		{"cancel the chosen request, once more asked", lend, []string{"f4", "end", "up", "up", "up", "alt+c", "alt+y"}, desk.Cancel{ID: "q2"}},
		{"open the second of two namesakes", namesakes, []string{"down", "enter"}, desk.OpenPatron{ID: "p9"}},
		{"take the chosen item off the shelf", shelf, []string{"down", "alt+t"}, desk.TakeOff{Text: blue}},
		{"list the shelf anew", shelf, []string{"alt+r"}, desk.Shelf{}},
		{"request the title shown", lookedUp, []string{"alt+q"}, desk.Request{Text: middle}},
		{"request the copy shown", lookedUp, []string{"alt+r"}, desk.Request{Text: middle, Copy: true}},
		{"look at the chosen title", titles, []string{"enter"}, desk.Look{Text: middle}},
		{"an alert on the item shown", lookedUp, []string{"alt+t", "x", "f12"}, desk.Alert{Code: middle, Text: "x", Shown: circ.AtBoth}},
		{"an alert on the patron, for returns", lend, []string{"f4", "alt+t", "x", "tab", "right", "right", "f12"}, desk.Alert{Text: "x", Shown: circ.AtReturn}},
		{"end the chosen alert, once more asked", alerted, []string{"alt+i", "alt+y"}, desk.EndAlert{ID: "a1"}},
		{"end the second alert of the item shown", itemAlerted, []string{"alt+i", "right", "f12"}, desk.EndAlert{Code: middle, ID: "a4"}},
		{"the rest of the chosen row came", worklist, []string{"down", "alt+c"}, desk.Complete{Text: alibi}},
		{"the patron of the chosen row was called", worklist, []string{"down", "alt+l", "tab", "x", "f12"}, desk.Call{Text: alibi, By: circ.NoticePhone, Note: "x"}},
		{"a letter about the chosen loan", lend, []string{"f4", "down", "down", "alt+y", "tab", "x", "f12"}, desk.Call{Text: beloved, By: circ.NoticeLetter, Note: "x"}},
		{"the part is billed", worklist, []string{"down", "alt+b", "7", "f12"}, desk.Bill{Text: alibi, Amount: "7", Note: "disc 2, booklet"}},
		{"given up, back in use", worklist, []string{"down", "alt+g", "f12"}, desk.GiveUp{Text: alibi}},
		{"given up, withdrawn", worklist, []string{"down", "alt+g", "right", "right", "f12"}, desk.GiveUp{Text: alibi, As: circ.ItemWithdrawn}},
		{"searched for once more", worklist, []string{"down", "down", "alt+s", "f12"}, desk.Mark{Text: beloved, As: desk.MarkMissing}},
		{"the incomplete ones alone", worklist, []string{"alt+k"}, desk.Worklist{Kind: desk.WorkIncomplete}},
		{"the item of the chosen row", worklist, []string{"down", "enter"}, desk.Look{Text: alibi}},
		{"what belongs to the item shown", lookedUp, []string{"alt+b", "m", "a", "p", "f12"}, desk.SetParts{Text: middle, Parts: "map"}},
		{"the item shown came back incomplete", lookedUp, []string{"alt+f", "m", "a", "p", "f12"}, desk.Incomplete{Text: middle, Missing: "map"}},
		{"the conflict is settled by taking it back", conflicts, []string{"down", "alt+s", "left", "left", "left", "tab", "x", "f12"}, desk.Settle{Entry: "e1", How: circ.ConflictReturn, Why: "x"}},
		{"settled from its page, as it stands", conflicts, []string{"down", "enter", "alt+s", "tab", "x", "f12"}, desk.Settle{Entry: "e1", How: circ.ConflictKeep, Why: "x"}},
		{"somebody else sees to the conflict", conflicts, []string{"down", "down", "alt+j", "k", "f12"}, desk.Assign{Entry: "e2", Owner: "k"}},
		{"the conflict is to be looked at now", conflicts, []string{"down", "alt+l", "f12"}, desk.CallBackOn{Entry: "e1"}},
		{"how the patron is reached", conflicts, []string{"down", "down", "alt+h"}, desk.Contact{Entry: "e2"}},
		{"how the other one is reached", conflicts, []string{"down", "alt+h", "right", "f12"}, desk.Contact{Entry: "e1", Other: true}},
		{"deliver now", conflicts, []string{"alt+n"}, desk.Sync{}},
		{"pause", conflicts, []string{"alt+t"}, desk.Pause{On: true}},
		{"sign out", func(*stage) {}, []string{"ctrl+k", "s", "i", "g", "n", " ", "o", "u", "enter"}, desk.SignOut{}},
		{"bookdrop on, at the last closing", pile, []string{"alt+b", "f12"}, desk.Bookdrop{On: true}},
		{"go to check in", lend, []string{"alt+3"}, desk.Go{To: desk.AtCheckIn}},
	} {
		t.Run(row.name, func(t *testing.T) {
			s := open(t, words.English(), 80, 24)
			row.play(s)
			for _, k := range row.keys {
				if len(k) == 1 {
					s.typed(k)
					continue
				}
				s.key(k)
			}
			if got := s.sent[len(s.sent)-1]; got != row.want {
				t.Errorf("sent %#v\n%s", got, s.screen())
			}
		})
	}
}

func TestAnActionThatIsOffSaysWhy(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	before := len(s.sent)
	s.key("alt+d")
	s.shows("no patron is open")
	s.key("f4", "alt+a")
	for _, in := range s.sent[before:] {
		switch in.(type) {
		case desk.Done, desk.RenewAll:
			t.Errorf("sent %#v", in)
		}
	}
}

func TestABookdropDateIsReadAsPeopleWriteIt(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.key("f3", "alt+b")
	s.typed("21.11. 18:00")
	s.key("f12")
	if got := last[desk.Bookdrop](s); !got.On || !got.Date.Equal(time.Date(2026, 11, 21, 18, 0, 0, 0, time.UTC)) {
		t.Errorf("sent %+v", got)
	}
	s = open(t, words.English(), 80, 24)
	s.key("f3", "alt+b")
	s.typed("31.2.")
	s.key("f12")
	s.shows("there is no such day")
}

func TestARegisteredPatronIsSentWhole(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.key("f4", "alt+g")
	for _, v := range []string{anasCard, "WU", "Ana", "1984-05-17", "Oak Rd 1", "12345", "Elmtown", "555 0199", "ana@example.org", "en", "adult", "2027-12-31", "N. 9"} {
		s.typed(v)
		s.key("enter")
	}
	s.key("f12")
	want := circ.Patron{
		Card: anasCard, Family: "WU", Given: "Ana", Birth: "1984-05-17", Street: "Oak Rd 1", Postcode: "12345", City: "Elmtown", Phone: "555 0199",
		Email: "ana@example.org", Language: "en", Group: "adult", Expires: time.Date(2027, 12, 31, 23, 59, 59, 0, time.UTC), Note: "N. 9",
	}
	if got := last[desk.Register](s); got.Patron != want {
		t.Errorf("sent %+v", got.Patron)
	}
}

func TestAnEditSendsOnlyWhatWasChanged(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	s.key("f4", "alt+e")
	s.typed(" 12")
	s.key("f12")
	got := last[desk.Edit](s).Contact
	if got.Street == nil || *got.Street != "Elm St 12" {
		t.Errorf("street %v", got.Street)
	}
	if got.Phone != nil || got.Email != nil || got.City != nil || got.Postcode != nil || got.Language != nil {
		t.Errorf("sent %+v", got)
	}
}

func TestUndoTakesBackWhatIsMarked(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	undo(s)
	s.key("insert", "insert", "insert", "f12") // the third is undone already and takes no mark
	if got := last[desk.Undo](s); !slices.Equal(got.Entries, []circ.EntryID{"e3", "e2"}) {
		t.Errorf("sent %+v", got)
	}
}

// ran is what came of a command, and how often it rang the terminal's bell. It
// waits as long as the command does, and a command runs once.
func ran(cmd tea.Cmd) (msgs []tea.Msg, bells int) {
	if cmd == nil {
		return nil, 0
	}
	msg := cmd()
	if raw, ok := msg.(tea.RawMsg); ok && fmt.Sprint(raw.Msg) == "\a" {
		return nil, 1
	}
	v := reflect.ValueOf(msg)
	if !v.IsValid() || v.Kind() != reflect.Slice || v.Type().Elem() != reflect.TypeFor[tea.Cmd]() {
		return []tea.Msg{msg}, 0
	}
	for i := range v.Len() { // a batch, or a sequence
		m, n := ran(v.Index(i).Interface().(tea.Cmd))
		msgs, bells = append(msgs, m...), bells+n
	}
	return msgs, bells
}

func TestWhatHappensByItselfIsSeenAndHeard(t *testing.T) {
	for _, row := range []struct {
		kind  desk.NoticeKind
		bells int
		stays bool
	}{
		{desk.LineGone, 3, false},
		{desk.LineBack, 1, false},
		{desk.LateRefusal, 3, false},
		{desk.BookdropEnd, 1, false},
		{desk.NotWritten, 3, true},
		{desk.NotShown, 3, true},
		{desk.ChainStuck, 3, true},
	} {
		t.Run(string(row.kind), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := open(t, words.English(), 80, 24, func(c *tui.Config) { c.Bell = kit.Bell{Table: kit.Sounds()} })
				_, cmd := s.Model.Update(tui.Heard(desk.Notice{At: s.now, Kind: row.kind, Words: "something happened"}))
				s.shows("something happened")
				msgs, bells := ran(cmd)
				if bells != row.bells {
					t.Errorf("rang %d times, want %d", bells, row.bells)
				}
				for _, msg := range msgs { // the time of a message that goes away is over
					s.update(msg)
				}
				if stays := strings.Contains(s.screen(), "something happened"); stays != row.stays {
					t.Errorf("stays %v", stays)
				}
				s.key("alt+x")
				s.showsNo("something happened")
			})
		})
	}
}

func TestAWordThatDiffersStopsTheClerk(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := open(t, words.English(), 80, 24, func(c *tui.Config) { c.Bell = kit.Bell{Table: kit.Sounds()} })
		lend(s)
		n := s.scan(middle)
		o := out(n, middle, "Planet earth", day(21))
		o.Final = false
		_, cmd := s.Model.Update(tui.Heard(o))
		if _, bells := ran(cmd); bells != 0 {
			t.Error("a good word rings")
		}
		o = stop(s.words, n, middle, "Planet earth", circ.Remark{Reason: circ.NotForLoan})
		o.Differs = true
		s.now = s.now.Add(time.Second)
		_, cmd = s.Model.Update(tui.Heard(o))
		if _, bells := ran(cmd); bells != 3 {
			t.Errorf("rang %d times", bells)
		}
		s.hear(out(s.scan(perl), perl, "Night train", day(21)))
		s.shows("Planet earth · not for loan", "seen (Alt+X)")
	})
}

func TestACommandOfTheProgramIsInThePalette(t *testing.T) {
	synctest.Test(t, aCommandOfTheProgramIsInThePalette)
}

func aCommandOfTheProgramIsInThePalette(t *testing.T) {
	done := false
	s := open(t, words.English(), 80, 24, func(c *tui.Config) {
		c.Commands = []tui.Command{{ID: "pull", Label: "pull the line", Help: "take it away", Run: tui.Run0(func() string { done = true; return "the line is pulled" })}}
	})
	s.key("ctrl+k")
	s.typed("pull")
	_, cmd := s.Model.Update(kit.InputMsg{Key: kit.KeyEnter})
	msgs, _ := ran(cmd)
	for _, msg := range msgs {
		s.update(msg)
	}
	if !done {
		t.Fatal("not run")
	}
	s.shows("the line is pulled")
}

func TestACommandOfTheProgramHasAKeyAndItsAnswerIsShown(t *testing.T) {
	synctest.Test(t, aCommandOfTheProgramHasAKeyAndItsAnswerIsShown)
}

func aCommandOfTheProgramHasAKeyAndItsAnswerIsShown(t *testing.T) {
	s := open(t, words.English(), 80, 24, demo)
	question(s)
	_, cmd := s.Model.Update(kit.InputMsg{Key: "ctrl+p"})
	msgs, _ := ran(cmd)
	for _, msg := range msgs {
		s.update(msg)
	}
	s.showsNo("pull") // not behind a question
	s.say(func(st *desk.State) { st.Question, st.Queued = nil, 0 })
	_, cmd = s.Model.Update(kit.InputMsg{Key: "ctrl+p"})
	s.shows("pull…")
	msgs, _ = ran(cmd)
	for _, msg := range msgs {
		s.update(msg)
	}
	s.shows("pulled")
	s.hear(desk.Notice{At: s.now, Kind: desk.LineGone, Words: s.words.Notice(string(desk.LineGone))})
	s.shows("pulled", "the line is gone: go on as always, it is sent later") // both have room
	c := tui.Config{
		Send: func(desk.Input) int64 { return 1 }, Words: words.English(),
		Commands: []tui.Command{{ID: "x", Keys: []string{"alt+d"}, Label: "x"}},
	}
	if _, err := tui.New(c); err == nil {
		t.Error("a key that is bound already was taken")
	}
}

func TestHowFarTheFirstCopyIsStandsOnEveryScreen(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.update(tui.Progressed(kit.Progress{Label: s.words.Text(words.BarFirstCopy), Done: 45_000, Total: 100_000}))
	for _, key := range []string{"f2", "f3", "f4", "f9"} {
		s.key(key)
		s.shows("first copy from central", " 45%  45000/100000")
	}
	s.update(tui.Progressed(kit.Progress{}))
	s.showsNo("first copy")
}

func TestTenThousandScansInOneFrame(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	var outs []desk.Output
	for range 10_000 {
		n := s.scan(middle)
		o := out(n, middle, fmt.Sprintf("Volume %d", n), day(21))
		o.Final = false
		outs = append(outs, o)
		o.Final = true
		outs = append(outs, o)
	}
	if got := len(s.sent); got < 10_000 {
		t.Fatalf("sent %d", got)
	}
	s.hear(outs...)
	s.shows(fmt.Sprintf("Volume %d", s.n()), fmt.Sprintf("Volume %d ", s.n()-1))
	s.key("home")
	s.shows("Volume")
}

func TestNoOutcomeIsLostOnItsWayToTheScreen(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		q := tui.NewOutputs()
		var want, got []int64
		var state, seen int
		for i := range rapid.IntRange(1, 60).Draw(rt, "outputs") {
			switch rapid.IntRange(0, 3).Draw(rt, "kind") {
			case 0:
				state++
				q.Add(desk.State{Waiting: state})
			case 1:
				seen = drain(q, &got, seen)
			default:
				want = append(want, int64(i))
				q.Add(desk.Outcome{N: int64(i)})
			}
		}
		seen = drain(q, &got, seen)
		if !slices.Equal(got, want) || seen != state {
			rt.Fatalf("got %v, want %v; state %d of %d", got, want, seen, state)
		}
	})
}

func drain(q tui.Outputs, got *[]int64, seen int) int {
	for _, o := range q.Take() {
		switch o := o.(type) {
		case desk.Outcome:
			*got = append(*got, o.N)
		case desk.State:
			seen = o.Waiting
		}
	}
	return seen
}

func TestTheListOfSyncIsNeverOlderThanItsCounts(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lists := func() (n int) {
		for _, in := range s.sent {
			if _, ok := in.(desk.Conflicts); ok {
				n++
			}
		}
		return n
	}
	conflicts(s)
	if lists() != 1 {
		t.Fatalf("asked %d times for the list that is shown", lists())
	}
	s.say(func(st *desk.State) { st.Conflicts++ })
	s.say(func(st *desk.State) { st.Waiting++ }) // while the list is under way
	if lists() != 2 {
		t.Errorf("asked %d times after a conflict more", lists())
	}
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList}, s.state)
	if lists() != 3 {
		t.Errorf("asked %d times after an entry more", lists())
	}
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList}, s.state)
	s.say(func(st *desk.State) { st.Up = false }) // an outage is under way
	if lists() != 4 {
		t.Errorf("asked %d times after the line went", lists())
	}
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordStop, Text: "sign in first"}, s.state)
	s.say(func(st *desk.State) { st.Operator = "" })
	if lists() != 4 {
		t.Errorf("asked %d times though it was refused", lists())
	}
}

func TestADeskThatIsRefusedSaysSoUntilItIsNot(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	s.say(func(st *desk.State) { st.Stuck, st.Waiting = "wrong hash", 37 })
	s.shows("REFUSED by central · 37 waiting")
	s.key("f9")
	s.shows("central refuses this desk's entries: wrong hash", "37 entries: nothing is lost")
	s.say(func(st *desk.State) { st.Stuck = "" })
	s.shows("line up")
	s.showsNo("REFUSED")
}

func TestAClickPressesTheKeyThatStandsThere(t *testing.T) {
	click := func(s *stage, what string) {
		s.t.Helper()
		s.View() // a click is made on what is seen
		for y, l := range strings.Split(s.screen(), "\n") {
			if at := strings.Index(l, what); at >= 0 && (y == 1 || y == s.rows-1) {
				s.update(tea.MouseClickMsg{X: len([]rune(l[:at])), Y: y, Button: tea.MouseLeft})
				return
			}
		}
		s.t.Fatalf("no %s on the screen\n%s", what, s.screen())
	}
	s := open(t, words.English(), 80, 24)
	s.now = s.now.Add(time.Second)
	lend(s)
	click(s, "F3")
	s.shows("[F3 In]")
	click(s, "F1 keys")
	s.shows("Help and keys")
	click(s, "Esc")
	s.showsNo("Help and keys")
	click(s, "F2")
	click(s, "Alt+D")
	last[desk.Done](s)

	question(s)
	click(s, "Alt+N")
	last[desk.No](s)
	s.say(func(st *desk.State) { st.Question, st.Queued = nil, 0 })

	before := len(s.sent)
	s.update(tea.BlurMsg{})
	click(s, "Alt+D") // brings the focus back, and no more
	s.update(tea.MouseClickMsg{X: 2, Y: 23, Button: tea.MouseRight})
	s.update(tea.MouseClickMsg{X: 60, Y: 23, Button: tea.MouseLeft})
	s.update(tea.FocusMsg{})
	click(s, "Alt+D")
	for _, in := range s.sent[before:] {
		if _, ok := in.(desk.Done); ok {
			t.Error("the click that brought the focus back ended the visit")
		}
	}
	s.showsNo("NOT LISTENING")
}

func TestTheWheelMovesTheChoice(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	s.update(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	s.update(tea.MouseWheelMsg{Button: tea.MouseWheelUp})
	s.shows(">STOP      Beloved")
	s.update(tea.MouseWheelMsg{Button: tea.MouseWheelDown})
	s.shows(">OUT       Kind of blue")
}

func TestTheMouseCanBeLeftToTheTerminal(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	if s.View().MouseMode == tea.MouseModeNone {
		t.Error("no clicks come")
	}
	s.key("ctrl+k")
	s.update(kit.InputMsg{Text: "mouse", Key: ""})
	s.key("enter")
	if s.View().MouseMode != tea.MouseModeNone {
		t.Error("the terminal has not got the mouse")
	}
	s = open(t, words.English(), 80, 24, func(c *tui.Config) { c.NoMouse = true })
	if s.View().MouseMode != tea.MouseModeNone {
		t.Error("the mouse was asked for")
	}
}

func TestAHugeScanIsOneScan(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	before := len(s.sent)
	s.scan(strings.Repeat("x", 10_000) + middle)
	if got := s.sent[before:]; len(got) != 1 || got[0] == (desk.Scan{Text: middle}) {
		t.Errorf("sent %d scans", len(got))
	}
	for odd, want := range map[string]string{"A/17": "A/17", "📚": "📚", "9999": "9999", "]C1\x1d1017": "\x1d1017"} {
		s.scan(odd)
		if got := last[desk.Scan](s); got.Text != want {
			t.Errorf("%q was sent as %q, want %q", odd, got.Text, want)
		}
	}
}

func TestAKeyPressedOnceMoreTakesNoOtherHoldOffTheShelf(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	shelf(s)
	s.key("down", "alt+t")
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordDone, Text: "off the hold shelf"})
	last[desk.Shelf](s)
	s.hear(desk.Outcome{N: s.n(), Final: true, Word: desk.WordList, Holds: []desk.Hold{
		{Request: circ.Request{ID: "q1", Stage: circ.OnShelf, Until: day(7)}, Of: "The deep blue alibi", Barcode: alibi, Person: "SILVA, Maria", Card: mariasCard},
	}})
	s.key("alt+t")
	s.shows("choose a line first")
	last[desk.Shelf](s)
}

func TestALateRefusalOpensNothingOverTheScreen(t *testing.T) {
	s := open(t, words.English(), 80, 24)
	lend(s)
	s.hear(desk.Notice{At: s.now, Kind: desk.LateRefusal, Words: s.words.Notice(string(desk.LateRefusal), "what", "Beloved", "reasons", "not for loan")})
	s.say(func(st *desk.State) { st.Conflicts = 1 })
	s.shows("1 conflict", "OUT       Kind of blue", "SILVA, Maria", "[F2 Out]", "See Sync (F9)")
	s.showsNo("seen (Alt+X)")
}

func TestAScanAtAFieldOfChoicesIsNotSwallowed(t *testing.T) {
	for _, halves := range [][]string{{beloved}, {beloved[:5], beloved[5:]}, {beloved, ""}} {
		s := open(t, words.English(), 80, 24)
		lend(s)
		s.key("f4", "alt+l", "down") // whether guarantor or not
		for i, h := range halves {
			key := ""
			if i == len(halves)-1 {
				key = kit.KeyEnter
			}
			s.update(kit.InputMsg{Text: h, Key: key})
		}
		if got := last[desk.Scan](s); got.Text != beloved {
			t.Errorf("%q was sent as %q", halves, got.Text)
		}
		s.shows("< guarantor >")
		s.key("right")
		s.shows("< may collect >")
	}
}
