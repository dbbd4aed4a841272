package plain_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/money"
	"circdesk/desk/words"
	"circdesk/tui/plain"
)

var monday = time.Date(2026, 11, 30, 13, 5, 0, 0, time.UTC)

// session answers every input with an outcome, as the real one does, and keeps
// what it was sent.
type session struct {
	mu   sync.Mutex
	sent []desk.Input
	say  func(desk.Output)
	does func(desk.Input) desk.Outcome // nil: DONE
}

func (s *session) send(in desk.Input) int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sent = append(s.sent, in)
	n := int64(len(s.sent))
	o := desk.Outcome{Word: desk.WordDone}
	if s.does != nil {
		o = s.does(in)
	}
	local := desk.Outcome{N: n, Word: desk.WordOut, Text: "not yet"}
	o.N, o.Final = n, true
	go func() {
		s.say(local)
		s.say(desk.Outcome{N: n + 1000, Final: true, Text: "of another"})
		s.say(o)
	}()
	return n
}

type pulled struct{ out bool }

func (p *pulled) Pull(context.Context) (bool, error) { was := p.out; p.out = true; return was, nil }
func (p *pulled) Plug(context.Context) (bool, error) { was := !p.out; p.out = false; return was, nil }

// run types lines at a desk and gives what it wrote.
func run(t *testing.T, s *session, lines string, change func(*plain.Config)) string {
	t.Helper()
	var out bytes.Buffer
	c := plain.Config{
		In: strings.NewReader(lines), Out: &out, Send: s.send, Waiting: func() int { return 7 }, Words: words.English(),
		Now: func() time.Time { return monday }, Line: &pulled{},
	}
	if change != nil {
		change(&c)
	}
	d, err := plain.New(c)
	if err != nil {
		t.Fatal(err)
	}
	s.say = d.Hear
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	if err := d.Run(ctx); err != nil {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatal("the desk did not end with its lines")
	}
	return out.String()
}

func asJSON(c *plain.Config) { c.JSON = true }

func TestALineIsAScanOrACommand(t *testing.T) {
	street, phone := "Elm St 3", "030 77"
	for _, c := range []struct {
		name, line string
		want       desk.Input
	}{
		{"a card", "21234567890017", desk.Scan{Text: "21234567890017"}},
		{"white space is the scanner's affair", "  3123 ", desk.Scan{Text: "  3123 "}},
		{"a line of Windows", "3123\r", desk.Scan{Text: "3123"}},
		{"an empty line is an empty scan", "", desk.Scan{}},
		{"lending", ":checkout", desk.Go{To: desk.AtCheckOut}},
		{"taking back", ":checkin", desk.Go{To: desk.AtCheckIn}},
		{"taking back as of a day", ":checkin --date 2026-11-28", desk.Bookdrop{On: true, Date: time.Date(2026, 11, 28, 23, 59, 0, 0, time.UTC)}},
		{"taking back as of a day and a time", ":checkin --date 2026-11-28 18:00", desk.Bookdrop{On: true, Date: time.Date(2026, 11, 28, 18, 0, 0, 0, time.UTC)}},
		{"taking back as of an instant", ":checkin --date=2026-11-28T18:00:00+01:00", desk.Bookdrop{On: true, Date: time.Date(2026, 11, 28, 17, 0, 0, 0, time.UTC)}},
		{"taking one item back as of a day", ":checkin --date 2026-11-28 3123", desk.CheckIn{Text: "3123", Date: time.Date(2026, 11, 28, 23, 59, 0, 0, time.UTC)}},
		{"taking one item back", ":checkin 3123", desk.CheckIn{Text: "3123"}},
		{"the open one once more", ":patron", desk.OpenPatron{}},
		{"a person by name", ":patron silva, maria", desk.Find{Query: "silva, maria"}},
		{"a title", ":title kind of", desk.FindTitle{Query: "kind of"}},
		{"an item", ":item 3123", desk.Look{Text: "3123"}},
		{"the hold shelf", ":shelf", desk.Shelf{}},
		{"in-house mode", ":inhouse", desk.InHouse{On: true}},
		{"the end of in-house mode", ":inhouse off", desk.InHouse{}},
		{"one use", ":inhouse 3123", desk.Use{Text: "3123"}},
		{"what is overdue", ":overdue", desk.Overdue{}},
		{"what is long overdue", ":overdue long", desk.Overdue{Long: true}},
		{"onto the hold shelf", ":shelve 3123", desk.Shelve{Text: "3123"}},
		{"off the hold shelf", ":takeoff 3123", desk.TakeOff{Text: "3123"}},
		{"renewing all", ":renew all", desk.RenewAll{}},
		{"renewing one", ":renew 3123", desk.RenewItem{Text: "3123"}},
		{"recalling a loan", ":recall 3123", desk.Recall{Text: "3123"}},
		{"lifting a recall", ":unrecall 3123", desk.Recall{Text: "3123", Lift: true}},
		{"a request", ":request 9780306406157", desk.Request{Text: "9780306406157"}},
		{"cancelling one", ":cancel 2", desk.Cancel{N: 2}},
		{"money", ":pay 3.20", desk.Pay{Amount: "3.20"}},
		{"all of it", ":pay all", desk.Pay{Amount: desk.PayAll}},
		{"all of a fee, by card", ":pay all 2 card", desk.Pay{Amount: desk.PayAll, N: 2, Method: "card"}},
		{"money by card", ":pay 3.20 card", desk.Pay{Amount: "3.20", Method: "card"}},
		{"by card, money", ":pay card 3.20", desk.Pay{Amount: "3.20", Method: "card"}},
		{"money by card, said so", ":pay 3.20 by card", desk.Pay{Amount: "3.20", Method: "card"}},
		{"money for a fee, the rest is kept", ":pay 5 2 keep", desk.Pay{Amount: "5", N: 2, Keep: true}},
		{"credit", ":pay credit", desk.Pay{Method: circ.ByCredit}},
		{"credit for a fee", ":pay credit 2", desk.Pay{N: 2, Method: circ.ByCredit}},
		{"what is no amount is the session's to say", ":pay nothing", desk.Pay{Amount: "nothing"}},
		{"the drawer", ":drawer", desk.ShowDrawer{}},
		{"the drawer is opened", ":drawer open 50.00", desk.OpenDrawer{Float: "50.00"}},
		{"the drawer is closed", ":drawer close cash=123.40 card=20.00 one coin under the desk", desk.CloseDrawer{
			Counted: []desk.CountedBy{{Method: "cash", Amount: "123.40"}, {Method: "card", Amount: "20.00"}}, Text: "one coin under the desk",
		}},
		{"the drawer is closed, and it is right", ":drawer close cash=0", desk.CloseDrawer{Counted: []desk.CountedBy{{Method: "cash", Amount: "0"}}}},
		{"a receipt", ":drawer receipt desk-1-1043", desk.ShowDrawer{Receipt: "desk-1-1043"}},
		{"a block that ends, against requests and renewals", ":block --until 2026-12-31 --for request,renewal lost a map", desk.Block{
			Text: "lost a map", Until: time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC), Against: circ.BlockScope{Renewal: true, Request: true},
		}},
		{"a block", ":block left without paying", desk.Block{Text: "left without paying"}},
		{"an alert", ":alert bring the map", desk.Alert{Text: "bring the map"}},
		{"an alert for returns that ends", ":alert return until 2026-12-31 count the maps", desk.Alert{
			Text: "count the maps", Shown: circ.AtReturn, Until: time.Date(2026, 12, 31, 23, 59, 59, 0, time.UTC),
		}},
		{"an alert on an item", ":alert item 3123 loan the lid is loose", desk.Alert{Code: "3123", Text: "the lid is loose", Shown: circ.AtLoan}},
		{"the end of the only alert", ":unalert", desk.EndAlert{}},
		{"the end of an alert", ":unalert 2", desk.EndAlert{N: 2}},
		{"the end of an item's only alert", ":unalert item 3123", desk.EndAlert{Code: "3123"}},
		{"the end of an item's alert", ":unalert item 3123 2", desk.EndAlert{Code: "3123", N: 2}},
		{"registering", `:register card=21 family=van der Berg given="Ana M." birth=17.5.1984`,
			desk.Register{Patron: circ.Patron{Card: "21", Family: "van der Berg", Given: "Ana M.", Birth: "1984-05-17"}}},
		{"editing changes what is named", ":edit street=Elm St 3 phone=030 77", desk.Edit{Contact: circ.Contact{Street: &street, Phone: &phone}}},
		{"a card is renewed", ":card renew 2027-12-31", desk.RenewCard{Until: time.Date(2027, 12, 31, 23, 59, 59, 0, time.UTC)}},
		{"a card is replaced", ":card replace 22", desk.ReplaceCard{Number: "22"}},
		{"two records of one person", ":merge 23", desk.Merge{Card: "23"}},
		{"a guarantor", ":link guarantor 23", desk.Link{Card: "23", Kind: circ.Guarantor}},
		{"the list of undo", ":undo", desk.Undo{}},
		{"undoing several", ":undo 1, 3 4", desk.Undo{N: []int{1, 3, 4}}},
		{"the end of a visit", ":done", desk.Done{}},
		{"a yes", ":yes paid next week", desk.Yes{Why: "paid next week"}},
		{"a yes of another", ":yes paid next week as head 9876", desk.Yes{Why: "paid next week", As: "head", PIN: "9876"}},
		{"a yes without a reason is the session's to refuse", ":yes", desk.Yes{}},
		{"a no", ":no", desk.No{}},
		{"signing in", ":operator ana 1234", desk.SignIn{Name: "ana", PIN: "1234"}},
		{"signing out", ":signout", desk.SignOut{}},
		{"delivering", ":sync", desk.Sync{}},
		{"a pause", ":pause", desk.Pause{On: true}},
		{"going on", ":go_on", desk.Pause{}},
		{"conflicts", ":conflicts", desk.Conflicts{}},
		{"settling by entry", ":settle 0192-a called them", desk.Settle{Entry: "0192-a", Why: "called them"}},
		{"a slip", ":slip", desk.Slip{}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &session{}
			run(t, s, c.line+"\n", nil)
			if len(s.sent) != 1 || !reflect.DeepEqual(s.sent[0], c.want) {
				t.Errorf("%q sent %#v, want %#v", c.line, s.sent, c.want)
			}
		})
	}
}

func TestALineThatIsNotUnderstoodIsToldAndSendsNothing(t *testing.T) {
	for _, c := range []struct{ name, line, says string }{
		{"no such command", ":lend 3", "no such command: :lend"},
		{"a command with control characters", ":\x1b[2Jx\a", "no such command: :x"},
		{"a rest where there is none", ":done now", ":done"},
		{"a number that is none", ":cancel two", ":cancel N"},
		{"a number below one", ":undo 0", ":undo"},
		{"money without an amount", ":pay", ":pay AMOUNT"},
		{"money in three ways", ":pay 3 card cash", ":pay AMOUNT"},
		{"credit is all there is", ":pay credit 1.50", ":pay AMOUNT"},
		{"money without an amount, kept", ":pay keep", ":pay AMOUNT"},
		{"a block against what is not known", ":block --for theft x", ":block"},
		{"a block until a day that is none", ":block --until never x", "not a date: never"},
		{"a block without a reason", ":block --for loan", ":block"},
		{"an alert until a day that is none", ":alert until never x", "not a date: never"},
		{"an alert without a text", ":alert item 3123 both until 2026-12-31", ":alert"},
		{"the end of an alert that has no number", ":unalert two", ":unalert"},
		{"a date that is none", ":checkin --date someday", "not a date: someday"},
		{"a date without a date", ":checkin --date", ":checkin"},
		{"a field that is not known", ":register card=1 family=X shoe=43 age=7", ""},
		{"a field twice", ":edit phone=1 phone=2", ":edit"},
		{"a registration without a name", ":register card=1", "family: is needed"},
		{"a day of birth that is none", ":register card=1 family=X birth=30.2.1984", "birth: there is no such day"},
		{"an address that is none", ":edit email=nobody", "email: not an e-mail address"},
		{"a link of another kind", ":link cousin 23", ":link guarantor|pickup"},
		{"settling a number before the list", ":settle 1 done", "no number 1"},
		{"no PIN, and no terminal to ask on", ":operator ana", ":operator NAME PIN"},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &session{}
			got := run(t, s, c.line+"\n", nil)
			if c.says == "" { // what is not a field belongs to the value before it
				return
			}
			if len(s.sent) > 0 || !strings.HasPrefix(got, "STOP") || !strings.Contains(got, c.says) {
				t.Errorf("%q sent %v and said %q, want STOP with %q", c.line, s.sent, got, c.says)
			}
		})
	}
}

func TestEveryLineIsExactlyOneObject(t *testing.T) {
	s := &session{does: func(in desk.Input) desk.Outcome {
		if _, ok := in.(desk.Conflicts); ok {
			return desk.Outcome{Word: desk.WordList, Conflicts: []desk.Conflict{{Conflict: circ.Conflict{ID: "e1", Class: circ.ClassOther}, N: 1, Name: "Kind of blue"}}}
		}
		return desk.Outcome{Word: desk.WordOut, Title: "a \n b \x1b", Due: monday, Entry: "e1", Waiting: 2, Mode: "fact",
			Then: []desk.Outcome{{Word: desk.WordIn, Title: "inner"}}}
	}}
	lines := []string{
		"3123", "", "\x00\x1b[2J", strings.Repeat("9", 10_000), strings.Repeat("8", 100_000), "📚", ":help", ":nonsense", ":pull", ":pull", ":plug",
		":plug", ":undo x", ":conflicts", ":settle 1 called", "\xff\xfe", ":quit",
	}
	got := run(t, s, strings.Join(lines, "\n")+"\nnever read\n", asJSON)
	out := strings.Split(strings.TrimSuffix(got, "\n"), "\n")
	if len(out) != len(lines) {
		t.Fatalf("%d lines gave %d objects:\n%s", len(lines), len(out), got)
	}
	for i, l := range out {
		var v map[string]any
		if err := json.Unmarshal([]byte(l), &v); err != nil {
			t.Errorf("line %.40q gave %q: %v", lines[i], l, err)
			continue
		}
		if _, ok := v["word"].(string); !ok {
			t.Errorf("line %.40q gave no word: %s", lines[i], l)
		}
		if _, ok := v["waiting"].(float64); !ok {
			t.Errorf("line %.40q does not say what waits: %s", lines[i], l)
		}
	}
	if last := s.sent[len(s.sent)-2]; !reflect.DeepEqual(last, desk.Settle{Entry: "e1", Why: "called"}) {
		t.Errorf("the number of the list settled %#v", last)
	}
}

func TestTheObjectOfALoan(t *testing.T) {
	s := &session{does: func(desk.Input) desk.Outcome {
		return desk.Outcome{
			Word: desk.WordOut, Text: "Kind of blue, due Mon 14 Dec", Title: "Kind of blue", Due: monday.Add(14 * 24 * time.Hour), Mode: "asked",
			Entry: "0192", Item: &desk.Item{Item: circ.Item{Barcode: "3123"}, Titled: circ.Title{Title: "Kind of blue"}},
			Patron: &desk.Patron{Patron: circ.Patron{ID: "P1", Card: "21"}, Name: "SILVA, Maria"},
			Tell:   []desk.Said{{Remark: circ.Remark{Reason: circ.ItemNote}, Words: "4 pieces"}},
		}
	}}
	got := run(t, s, "3123\n", asJSON)
	want := `{"word":"OUT","text":"Kind of blue, due Mon 14 Dec","patron":{"id":"P1","card":"21","name":"SILVA, Maria"},` +
		`"item":{"barcode":"3123","title":"Kind of blue"},"title":"Kind of blue","due":"2026-12-14T13:05:00Z",` +
		`"tell":[{"code":"item_note","text":"4 pieces"}],"mode":"asked","entry":"0192","waiting":0}` + "\n"
	if got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}

// TestWhatWasCountedIsTold: a drawer that is closed says what it came to, and what of
// it is not delivered.
func TestWhatWasCountedIsTold(t *testing.T) {
	does := func(desk.Input) desk.Outcome {
		return desk.Outcome{Word: desk.WordDone, Text: "drawer till is closed", Tell: []desk.Said{{Words: "cash: 50.00 counted"}}, Drawer: &desk.Drawer{
			Name: "till", N: 3, Currency: "EUR", Unsent: 2, Sums: []circ.Tally{{Method: "cash", Float: 5000, Expected: 5100, Counted: 5000, IsCount: true}},
		}}
	}
	if out := run(t, &session{does: does}, ":drawer close cash=50\n", nil); !strings.Contains(out, "        cash: 50.00 counted\n") {
		t.Errorf("printed:\n%s", out)
	}
	out := run(t, &session{does: does}, ":drawer close cash=50\n", asJSON)
	want := `"drawer":{"name":"till","shift":3,"open":false,"sums":[{"method":"cash","float":"50.00","expected":"51.00","counted":"50.00","over":"-1.00"}],"waits":2}`
	if !strings.Contains(out, want) {
		t.Errorf("in JSON:\n%s\nwant %s", out, want)
	}
}

func TestNoticesStandWithTheNextLineInJSONAndAtOnceInText(t *testing.T) {
	gone := desk.Notice{Kind: desk.LineGone, Words: "the line is gone", At: monday}
	s := &session{}
	s.does = func(desk.Input) desk.Outcome {
		if len(s.sent) == 1 {
			s.say(gone)
		}
		return desk.Outcome{Word: desk.WordIn}
	}
	got := run(t, s, "1\n2\n", asJSON)
	if n := strings.Count(got, `"kind":"line_gone"`); n != 1 || !strings.Contains(strings.Split(got, "\n")[0], "line_gone") {
		t.Errorf("the notice stands %d times: %s", n, got)
	}
	s.sent = nil
	if got := run(t, s, "1\n", nil); !strings.Contains(got, "!       the line is gone\n") {
		t.Errorf("the notice is not told: %q", got)
	}
}

func TestThePINIsNeverWritten(t *testing.T) {
	const pin = "73519"
	for _, change := range []func(*plain.Config){asJSON, nil} {
		s := &session{does: func(in desk.Input) desk.Outcome {
			return desk.Outcome{Word: desk.WordStop, Text: "name or PIN is wrong"}
		}}
		got := run(t, s, ":operator ana "+pin+"\n:yes because as head "+pin+"\n:operator\n", change)
		if strings.Contains(got, pin) {
			t.Errorf("the PIN was written: %s", got)
		}
	}
}

func TestTheTextOfAQuestionSaysTheWay(t *testing.T) {
	s := &session{does: func(desk.Input) desk.Outcome {
		return desk.Outcome{Word: desk.WordAsk, Text: "2 reasons: owes 13.20, limit 10.00", Then: []desk.Outcome{{Word: desk.WordQueued, Text: "3123"}}}
	}}
	want := "ASK     2 reasons: owes 13.20, limit 10.00. :yes REASON or :no\nQUEUED  3123\n"
	if got := run(t, s, "3123\n", nil); got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestWorkInPlainMode(t *testing.T) {
	s := &session{does: func(in desk.Input) desk.Outcome {
		switch in.(type) {
		case desk.Scan:
			return desk.Outcome{Word: desk.WordAsk, Text: "Box: is all there (disc 1)?", Ask: []desk.Said{{Remark: circ.Remark{Reason: circ.AllThere}}}}
		case desk.Worklist:
			return desk.Outcome{Word: desk.WordList, Text: "1 waits for work", AsOf: monday, Work: []desk.Work{{
				N: 1, Kind: desk.WorkIncomplete, Since: monday.AddDate(0, 0, -3), Barcode: "3123", Title: "Box", Text: "disc 1", Person: "WU, Ana", Step: desk.StepCall,
			}}}
		}
		return desk.Outcome{Word: desk.WordDone}
	}}
	const lines = "3123\n:no 1\n:incomplete 3123 disc 1, map\n:complete 3123\n:giveup 3123 withdrawn\n:call 3123 until 2026-12-24 back on Thursday\n" +
		":bill 3123 7.50 disc 1\n:parts 3123 disc 1, disc 2\n:worklist incomplete\n"
	got := run(t, s, lines, nil)
	for _, want := range []string{
		"ASK     Box: is all there (disc 1)? :yes, or :no and what is missing\n",
		"LIST    1 waits for work\n        1. incomplete, 3 days: Box, 3123, disc 1, WU, Ana: call\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in %q", want, got)
		}
	}
	want := []desk.Input{
		desk.Scan{Text: "3123"}, desk.No{Missing: "1"}, desk.Incomplete{Text: "3123", Missing: "disc 1, map"}, desk.Complete{Text: "3123"},
		desk.GiveUp{Text: "3123", As: circ.ItemWithdrawn}, desk.Call{Text: "3123", Note: "back on Thursday", Again: time.Date(2026, 12, 24, 23, 59, 59, 0, time.UTC)},
		desk.Bill{Text: "3123", Amount: "7.50", Note: "disc 1"}, desk.SetParts{Text: "3123", Parts: "disc 1, disc 2"}, desk.Worklist{Kind: desk.WorkIncomplete},
	}
	if !reflect.DeepEqual(s.sent, want) {
		t.Errorf("sent %+v\nwant %+v", s.sent, want)
	}
	for _, c := range []struct {
		line string
		want desk.Input
	}{
		{":notice 3123 letter second notice", desk.Call{Text: "3123", By: circ.NoticeLetter, Note: "second notice"}},
		{":notice fee 2 email", desk.Call{N: 2, By: circ.NoticeEmail}},
		{":notice sms until 2026-12-24 bring it", desk.Call{By: circ.NoticeSMS, Note: "bring it", Again: time.Date(2026, 12, 24, 23, 59, 59, 0, time.UTC)}},
	} {
		s.sent = nil
		if run(t, s, c.line+"\n", nil); len(s.sent) != 1 || s.sent[0] != c.want {
			t.Errorf("%s sent %+v", c.line, s.sent)
		}
	}
	for _, wrong := range []string{":notice", ":notice 3123", ":notice pigeon", ":notice fee letter", ":notice fee 2", ":incomplete 3123", ":giveup", ":giveup 3123 eaten", ":call", ":bill 3123", ":parts", ":worklist eaten"} {
		if got := run(t, s, wrong+"\n", nil); !strings.HasPrefix(got, "STOP    it is "+strings.Fields(wrong)[0]) {
			t.Errorf("%s: %q", wrong, got)
		}
	}
	got = run(t, s, ":worklist\n", asJSON)
	if want := `"work":[{"kind":"incomplete","since":"2026-11-27T13:05:00Z","barcode":"3123","title":"Box","text":"disc 1","person":"WU, Ana","step":"call"}],"as_of":"2026-11-30T13:05:00Z"`; !strings.Contains(got, want) {
		t.Errorf("got %s", got)
	}
}

func TestOutsideTheDemoTheLineCannotBePulled(t *testing.T) {
	s := &session{}
	got := run(t, s, ":pull\n:plug\n", func(c *plain.Config) { c.Line = nil })
	if strings.Count(got, "STOP    only the demo can pull its line") != 2 {
		t.Errorf("got %q", got)
	}
}

func TestAReasonSaysWhoMaySayYesAndWhatWouldLiftIt(t *testing.T) {
	owes := circ.Remark{
		Reason: circ.OwesTooMuch, Right: circ.RightManager, Or: []circ.Right{circ.RightMoney},
		Way: circ.Way{Do: circ.WayPay, Amount: money.Amount{Minor: 320, Currency: "EUR"}},
	}
	s := &session{does: func(desk.Input) desk.Outcome {
		return desk.Outcome{Word: desk.WordAsk, Text: "1 reason", Ask: []desk.Said{{Remark: owes, Words: "owes 13.20"}}}
	}}
	got := run(t, s, "3123\n", asJSON)
	want := `"ask":[{"code":"owes_too_much","text":"owes 13.20","right":"override.manager","or":["override.money"],"way":{"do":"pay","amount":"3.20"}}]`
	if !strings.Contains(got, want) {
		t.Errorf("%s is not in\n%s", want, got)
	}
	got = run(t, s, "3123\n", nil)
	if want := "        manager or override money may say yes; take a payment of 3.20 (F6)\n"; !strings.Contains(got, want) {
		t.Errorf("%q is not in\n%s", want, got)
	}
}

func TestABirthDateIsAskedLineByLine(t *testing.T) {
	s := &session{does: func(in desk.Input) desk.Outcome { return desk.Outcome{Word: desk.WordDone, Text: "MATCH"} }}
	got := run(t, s, ":born 1990-04-23\n:born 23.4.1990\n:born soon\n:born\n", nil)
	if len(s.sent) != 2 || s.sent[0] != (desk.Born{Date: "1990-04-23"}) || s.sent[1] != s.sent[0] || strings.Count(got, "DONE    MATCH") != 2 || !strings.Contains(got, ":born DATE") {
		t.Errorf("sent %#v\n%s", s.sent, got)
	}
}

func TestNamesThatAreNearAreToldApart(t *testing.T) {
	s := &session{does: func(desk.Input) desk.Outcome {
		return desk.Outcome{Word: desk.WordList, Text: "1 found", Coming: true, Patrons: []desk.Patron{{Name: "SLIVAK, Ida"}}, Near: []desk.Near{
			{Patron: desk.Patron{Name: "SILVA, Maria", Born: "1984"}, Name: "Silva", Query: "silva", People: 214},
			{Patron: desk.Patron{Name: "SLAVA, Jan", Born: "1999"}, Name: "Slava", Query: "slava", People: 1},
		}}
	}}
	got := run(t, s, ":patron sliva\n", nil)
	for _, want := range []string{"SLIVAK, Ida\n", "much like it: Silva, 214 people (:patron silva)\n", "much like it: SLAVA, Jan, 1999 (:patron slava)\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	got = run(t, s, ":patron sliva\n", asJSON)
	if want := `"near":[{"name":"Silva","query":"silva","people":214},{"name":"SLAVA, Jan","query":"slava","people":1}],"coming":true`; !strings.Contains(got, want) {
		t.Errorf("%s is not in %s", want, got)
	}
}

func TestWhatAnotherSystemChargesIsAnEstimate(t *testing.T) {
	s := &session{does: func(desk.Input) desk.Outcome {
		late := money.Amount{Minor: 120, Currency: "EUR"}
		return desk.Outcome{Word: desk.WordPatron, Text: "SILVA, Maria", Patron: &desk.Patron{
			Patron: circ.Patron{ID: "P1"}, Estimate: true, IfBack: late, Loans: []desk.Loan{{Title: "Emma", Loan: circ.Loan{Due: monday}, Overdue: true, IfBack: late}},
		}}
	}}
	got := run(t, s, ":patron silva\n", nil)
	for _, want := range []string{"overdue, 1.20 by now (estimate)\n", "if all came back now 1.20 more (estimate)\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
}

func TestThePatronsRequestsAndBlocksHaveNumbers(t *testing.T) {
	s := &session{does: func(in desk.Input) desk.Outcome {
		if _, ok := in.(desk.Find); ok {
			return desk.Outcome{Word: desk.WordPatron, Text: "SILVA, Maria", Patron: &desk.Patron{
				Patron: circ.Patron{ID: "P1"}, Loans: []desk.Loan{
					{Title: "Emma", Loan: circ.Loan{Due: monday, Marked: circ.Marked{State: circ.LoanClaimed, At: monday, Operator: "jo"}}, Overdue: true, IfBack: money.Amount{Minor: 120, Currency: "EUR"}},
					{Title: "Ulysses", Loan: circ.Loan{Due: monday}, Overdue: true},
					{Title: "Atlas", Loan: circ.Loan{Due: monday, Marked: circ.Marked{State: circ.LoanIncomplete, At: monday, Missing: []string{"map"}}}, Overdue: true},
				}, Requests: []desk.Hold{{N: 1, Of: "Perl", Request: circ.Request{Stage: circ.Waiting}}},
				Blocks: []circ.Block{{ID: "B1", Text: "call us"}, {ID: "B2", Text: "wet", Until: monday.Add(24 * time.Hour), Against: circ.BlockScope{Request: true}}},
				Alerts: []circ.Alert{{ID: "A1", Text: "bring the map", Shown: circ.AtReturn, Until: monday.Add(24 * time.Hour)}, {ID: "A2", Text: "ask", Shown: circ.AtBoth, Operator: "jo"}},
				Standing: []circ.Remark{
					{Reason: circ.PatronBlocked, Text: "call us", Way: circ.Way{Do: circ.WayLiftBlock}},
					{Reason: circ.TooManyLoans, N: 21, Max: 20, Way: circ.Way{Do: circ.WayReturn, N: 2}},
				},
			}}
		}
		return desk.Outcome{Word: desk.WordDone}
	}}
	got := run(t, s, ":patron silva\n:unblock\n:unblock 2\n", nil)
	for _, want := range []string{"Emma, due Mon 30 Nov 13:05, claimed returned 13:05 by jo, 1.20 by now\n", "Ulysses, due Mon 30 Nov 13:05, overdue\n", "Atlas, due Mon 30 Nov 13:05, missing: map\n", "1. request, Perl, waiting\n", "1. BLOCKED, call us; lift the block (F4)\n", "2. BLOCKED, wet, request, until Tue 1 Dec 13:05; lift the block (F4)\n", "1. ALERT: bring the map, return, until Tue 1 Dec 13:05\n", "2. ALERT: ask, jo\n", "        21 on loan, limit 20; take 2 items back (F3)\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in\n%s", want, got)
		}
	}
	if len(s.sent) != 3 || s.sent[1] != (desk.Unblock{}) || s.sent[2] != (desk.Unblock{N: 2}) {
		t.Errorf("sent %#v", s.sent)
	}
}

func FuzzLines(f *testing.F) {
	for _, l := range []string{"3123", ":yes as a b", ":checkin --date 1 2 3", ":register a=b", ":settle 1", ":unblock 9", ":alert item 3 both until 1 x", ":unalert item 3 9", "\x1b]0;x\a", ":edit email=@", "\r\r"} {
		f.Add(l)
	}
	f.Fuzz(func(t *testing.T, in string) {
		s := &session{}
		got := run(t, s, in, asJSON)
		lines := strings.Count(in, "\n")
		if !strings.HasSuffix(in, "\n") && strings.TrimSuffix(in[strings.LastIndex(in, "\n")+1:], "\r") != "" {
			lines++
		}
		if n := strings.Count(got, "\n"); n > lines || n < lines && !strings.Contains(in, ":quit") {
			t.Errorf("%s: %d lines gave %d objects: %s", fmt.Sprintf("%.200q", in), lines, n, got)
		}
	})
}

// TestADateIsOfTheLibrarysClock: a desk hears at its first sync where its library is, and
// reads dates by that clock from then on.
func TestADateIsOfTheLibrarysClock(t *testing.T) {
	zone := time.UTC
	s := &session{does: func(in desk.Input) desk.Outcome {
		if _, is := in.(desk.Sync); is {
			zone = time.FixedZone("", 3600)
		}
		return desk.Outcome{Word: desk.WordDone}
	}}
	run(t, s, ":due 2026-12-20 3123 x\n:sync\n:due 2026-12-20 3123 x\n", func(c *plain.Config) { c.Zone = func() *time.Location { return zone } })
	before := s.sent[0].(desk.SetDue).Due
	if now := s.sent[2].(desk.SetDue).Due; !now.Equal(before.Add(-time.Hour)) {
		t.Errorf("the end of the day was %s, and is %s", before, now)
	}
}
