package desk_test

import (
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

func TestScans(t *testing.T) {
	for _, row := range []struct {
		name    string
		before  []desk.Input
		scan    string
		word    desk.Word
		reasons string
		tell    string
		visit   string // the patron whose visit is open then
		title   string
	}{
		{name: "a card opens a visit", scan: maria, word: desk.WordPatron, visit: "P1"},
		{name: "a card ends the visit before", before: []desk.Input{desk.Scan{Text: tom}}, scan: maria, word: desk.WordPatron, visit: "P1"},
		{name: "a card with white space and a frame around it", scan: " \x02" + maria + "\r\n", word: desk.WordPatron, visit: "P1"},
		{name: "a code that no pattern decides is a card, and what stands against its owner is told", scan: "77", word: desk.WordPatron, visit: "P2", tell: "owes_too_much"},
		{name: "a code that no pattern decides is an item", before: []desk.Input{desk.Scan{Text: maria}}, scan: "88", word: desk.WordOut, visit: "P1", title: "Kind of blue"},
		{name: "a card that was lost opens nobody, and ends the visit before", before: []desk.Input{desk.Scan{Text: tom}}, scan: lost, word: desk.WordStop, reasons: "card_lost"},
		{name: "a card that nobody knows ends the visit before", before: []desk.Input{desk.Scan{Text: tom}}, scan: nobody, word: desk.WordStop, reasons: "unknown_patron"},
		{name: "an expired card opens, and is told", scan: ana, word: desk.WordPatron, tell: "card_expired", visit: "P3"},
		{name: "a card at another screen opens too", before: []desk.Input{desk.Go{To: desk.AtItems}}, scan: maria, word: desk.WordPatron, visit: "P1"},
		{name: "a card among returned items is told", before: []desk.Input{desk.Go{To: desk.AtCheckIn}}, scan: maria, word: desk.WordCard},
		{name: "a card among returned items leaves the visit as it is", before: []desk.Input{desk.Scan{Text: tom}, desk.Go{To: desk.AtCheckIn}}, scan: maria, word: desk.WordCard, visit: "P2"},
		{name: "a lost card among returned items is told too", before: []desk.Input{desk.Go{To: desk.AtCheckIn}}, scan: lost, word: desk.WordCard},
		{name: "an item without a visit is told about", scan: middle, word: desk.WordItem, title: "Middlemarch"},
		{name: "an item at Items is told about", before: []desk.Input{desk.Scan{Text: maria}, desk.Go{To: desk.AtItems}}, scan: middle, word: desk.WordItem, visit: "P1", title: "Middlemarch"},
		{name: "an item that nobody knows is not lent", before: []desk.Input{desk.Scan{Text: maria}}, scan: noitem, word: desk.WordStop, reasons: "unknown_item", visit: "P1"},
		{name: "an item that nobody knows is not taken back", before: []desk.Input{desk.Go{To: desk.AtCheckIn}}, scan: noitem, word: desk.WordStop, reasons: "unknown_item"},
		{name: "an unknown code without a visit", scan: "hello", word: desk.WordStop, reasons: "unknown_code"},
		{name: "an item that was not out is taken back", before: []desk.Input{desk.Go{To: desk.AtCheckIn}}, scan: middle, word: desk.WordIn, tell: "was_not_out", title: "Middlemarch"},
		{name: "an item of another library", before: []desk.Input{desk.Go{To: desk.AtCheckIn}}, scan: atlas, word: desk.WordTransit, tell: "was_not_out", title: "Atlas"},
		{name: "an item that somebody waits for", before: []desk.Input{desk.Go{To: desk.AtCheckIn}}, scan: perl, word: desk.WordHold, tell: "was_not_out", title: "Perl"},
		{name: "the same item twice is lent once", before: []desk.Input{desk.Scan{Text: maria}, desk.Scan{Text: middle}}, scan: middle, word: desk.WordAgain, reasons: "double_scan", visit: "P1", title: "Middlemarch"},
		{name: "the same item twice is taken back once", before: []desk.Input{desk.Go{To: desk.AtCheckIn}, desk.Scan{Text: middle}}, scan: middle, word: desk.WordAgain, title: "Middlemarch"},
		{name: "an ISBN where an item is expected", before: []desk.Input{desk.Scan{Text: maria}}, scan: "9780306406157", word: desk.WordStop, reasons: "isbn", visit: "P1"},
		{name: "an ISBN of no title", scan: "0306406152", word: desk.WordStop, reasons: "isbn"},
		{name: "a wrong check digit warns and does not refuse", scan: "30000000000099", word: desk.WordStop, reasons: "unknown_code", tell: "check_digit"},
		{name: "an empty scan", scan: "", word: desk.WordStop, reasons: "empty_scan"},
		{name: "a scan of spaces", scan: " \t ", word: desk.WordStop, reasons: "empty_scan"},
		{name: "a scan of 10 kB", scan: strings.Repeat("3", 10_000), word: desk.WordStop, reasons: "too_long"},
		{name: "10 kB of spaces", scan: strings.Repeat(" ", 10_000), word: desk.WordStop, reasons: "empty_scan"},
		{name: "a barcode with a slash", scan: "3/4000", word: desk.WordStop, reasons: "unknown_code"},
		{name: "an emoji", scan: "📚", word: desk.WordStop, reasons: "unknown_code"},
		{name: "two codes in one", scan: middle + "\n" + maria, word: desk.WordStop, reasons: "not_a_code"},
		{name: "an escape sequence", scan: "\x1b[2J" + middle, word: desk.WordStop, reasons: "not_a_code"},
		{name: "bytes that are no text", scan: "3000\xff", word: desk.WordStop, reasons: "not_a_code"},
	} {
		t.Run(row.name, func(t *testing.T) {
			story(t, func(w *world) {
				for _, in := range row.before {
					w.do(in)
				}
				o := w.scan(row.scan)
				if o.Word != row.word || reasons(o.Reasons) != row.reasons || reasons(o.Tell) != row.tell || o.Title != row.title {
					t.Errorf("got %s %q %q, %q told; want %s %q %q, %q told", o.Word, o.Title, reasons(o.Reasons), reasons(o.Tell), row.word, row.title, row.reasons, row.tell)
				}
				if o.Text == "" || strings.ContainsAny(o.Text+o.Scanned, "\x1b\n\r") || len(o.Scanned) > 300 {
					t.Errorf("said %q of %q", o.Text, o.Scanned)
				}
				visit := ""
				if v := w.st().Visit; v != nil {
					visit = string(v.Patron.ID)
				}
				if visit != row.visit {
					t.Errorf("the visit is of %q, want %q", visit, row.visit)
				}
			})
		})
	}
}

// What comes back is an entry, on loan or not; what nobody knows is a question
// to the central system, and without a line it is told as not done.
func TestWhatIsTakenBack(t *testing.T) {
	for _, row := range []struct {
		name    string
		scan    string
		word    desk.Word
		reasons string
		tell    string
	}{
		{"on loan", kind, desk.WordIn, "", ""},
		{"not on loan", middle, desk.WordIn, "", "was_not_out"},
		{"known to nobody", noitem, desk.WordStop, "unknown_item", ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			bothWays(t, func(w *world) {
				t := w.t
				w.scan(maria)
				w.scan(kind)
				w.do(desk.Go{To: desk.AtCheckIn})
				o := w.scan(row.scan)
				if o.Word != row.word || reasons(o.Reasons) != row.reasons || reasons(o.Tell) != row.tell {
					t.Fatalf("got %s %q %q", o.Word, reasons(o.Reasons), reasons(o.Tell))
				}
				if row.word == desk.WordStop && o.Mode == journal.Fact {
					if o.Entry != "" || !strings.Contains(o.Text, row.scan) {
						t.Errorf("told as not done: %q, entry %q", o.Text, o.Entry)
					}
					return
				}
				e := w.entry(o.Entry)
				if in, ok := circ.CommandValue(e.Act.Command).(circ.CheckIn); !ok || in.Item == "" && in.Barcode != row.scan {
					t.Errorf("the entry: %+v", e.Act)
				}
				if row.word == desk.WordIn && len(e.Told) == 0 {
					t.Error("it tells nothing")
				}
			})
		})
	}
}

// What another desk lends is asked about, and what it shelves goes there; desks,
// locations and item types are called as the library calls them.
func TestAnotherDeskShelvesIt(t *testing.T) {
	bothWays(t, func(w *world) {
		t := w.t
		o := w.do(desk.Look{Text: stored})
		if o.Item == nil || o.Item.Kind != "Bound volume" || o.Item.Place != "Closed stacks" || o.Text != "Xylem: on the shelf: Closed stacks" {
			t.Fatalf("looked up: %+v", o)
		}
		w.scan(maria)
		o = w.scan(stored)
		if o.Word != desk.WordAsk || reasons(o.Ask) != "not_from_this_desk" || !strings.Contains(o.Text, "not lent from this desk, but from Stacks desk") {
			t.Fatalf("lent: %s %q", o.Word, o.Text)
		}
		if o = w.do(desk.Yes{Why: "the lift is broken"}); o.Word != desk.WordOut {
			t.Fatalf("the yes: %s %q", o.Word, o.Text)
		}
		w.do(desk.Go{To: desk.AtCheckIn})
		o = w.scan(stored)
		if o.Word != desk.WordTransit || o.Text != "Xylem: to another desk: Stacks desk, then shelve: Closed stacks" {
			t.Fatalf("taken back: %s %q", o.Word, o.Text)
		}
		if o = w.do(desk.Look{Text: stored}); o.Item.Status != "in transit to Riverside" {
			t.Errorf("and is then %q", o.Item.Status)
		}
	})
}

// Every text is outside text, wherever it is typed: one word, a reason, and
// nothing that moves a cursor or fills a screen.
func TestWhateverIsTyped(t *testing.T) {
	for name, typed := range map[string]string{
		"10 kB": strings.Repeat("7", 10_000), "nothing": "", "a slash": "3/4000", "an emoji": "📚", "an escape sequence": "\x1b[2J\x1b]0;x\x07",
		"a null": "\x00", "no text": "\xff\xfe", "lines": "a\r\nb", "from right to left": "\u202e123",
	} {
		t.Run(name, func(t *testing.T) {
			story(t, func(w *world) {
				for _, in := range []desk.Input{
					desk.Scan{Text: typed}, desk.CheckIn{Text: typed}, desk.Find{Query: typed}, desk.FindTitle{Query: typed}, desk.OpenPatron{ID: circ.PatronID(typed)},
					desk.Look{Text: typed}, desk.SignIn{Name: typed, PIN: typed}, desk.Yes{Why: typed, As: typed, PIN: typed}, desk.Settle{Entry: circ.EntryID(typed), Why: typed},
					desk.Go{To: desk.Place(typed)}, desk.Undo{Entries: []circ.EntryID{circ.EntryID(typed)}},
					desk.Scan{Text: maria}, desk.Scan{Text: typed}, desk.RenewItem{Text: typed}, desk.Request{Text: typed, Note: typed}, desk.Request{Title: circ.TitleID(typed)},
					desk.Cancel{ID: circ.RequestID(typed)}, desk.Shelve{Text: typed}, desk.TakeOff{Text: typed}, desk.Pay{Amount: typed}, desk.Block{Text: typed}, desk.Alert{Code: typed, Text: typed}, desk.EndAlert{Code: typed}, desk.EndAlert{ID: circ.AlertID(typed)}, desk.Unblock{ID: circ.BlockID(typed)},
					desk.Register{Patron: circ.Patron{Card: typed, Family: typed, Given: typed}}, desk.ReplaceCard{Number: typed}, desk.Link{Card: typed, Kind: circ.LinkKind(typed)},
				} {
					o := w.do(in)
					if o.Word == "" || o.Text == "" || len(o.Text) > 2000 || len(o.Scanned) > 300 {
						t.Errorf("%T: %s %.100q of %.100q", in, o.Word, o.Text, o.Scanned)
					}
					if o.Word == desk.WordStop && len(o.Reasons) == 0 {
						t.Errorf("%T: no reason", in)
					}
				}
				w.do(desk.No{})
				if o := w.scan(maria); o.Word != desk.WordPatron {
					t.Errorf("afterwards: %+v", o)
				}
				w.mu.Lock()
				defer w.mu.Unlock()
				for _, o := range w.said {
					unclean(t, fmt.Sprintf("outcome %d %s", o.N, o.Word), reflect.ValueOf(o))
				}
			})
		})
	}
}

// Texts as people read them.
func TestLines(t *testing.T) {
	story(t, func(w *world) {
		for _, row := range []struct {
			name string
			in   desk.Input
			want string
		}{
			{"a patron who owes", desk.Scan{Text: tom}, "WU, Tom: 0 out, owes 13.20"},
			{"a patron", desk.Scan{Text: maria}, "SILVA, Maria: 0 out"},
			{"lent", desk.Scan{Text: middle}, "Middlemarch, due Mon 14 Dec"},
			{"an ISBN", desk.Scan{Text: "9780306406157"}, "that is the ISBN of Middlemarch, not the item's barcode: scan the library's own label"},
			{"told about", desk.Look{Text: middle}, "Middlemarch: on loan to SILVA, Maria, due Mon 14 Dec"},
			{"renewed too early", desk.RenewItem{Text: middle}, "Middlemarch: would not be due later than Mon 14 Dec"},
			{"requested", desk.Request{Text: kind}, "Kind of blue: requested by SILVA, Maria, number 1 in line"},
			{"paid", desk.Pay{Amount: "1,x"}, "not an amount: 1,x"},
			{"check in", desk.Go{To: desk.AtCheckIn}, "Check in"},
			{"a card in the pile", desk.Scan{Text: tom}, "a card in the pile: WU, Tom, put it aside"},
			{"taken back", desk.Scan{Text: middle}, "Middlemarch: shelve: Adult fiction"},
			{"to the hold shelf", desk.Scan{Text: perl}, "Perl: hold shelf for WU, Tom, until Sat 5 Dec; was not on loan"},
			{"to another library", desk.Scan{Text: atlas}, "Atlas: to East branch; was not on loan"},
		} {
			if o := w.do(row.in); o.Text != row.want {
				t.Errorf("%s: got %q, want %q", row.name, o.Text, row.want)
			}
		}
	})
}

func TestDoubleScanIsOverAfterSeconds(t *testing.T) {
	story(t, func(w *world) {
		w.do(desk.Go{To: desk.AtCheckIn})
		w.scan(middle)
		w.pass(11 * time.Second)
		if o := w.scan(middle); o.Word != desk.WordIn || o.Entry == "" {
			t.Errorf("after eleven seconds: %s", o.Word)
		}
		w.scan(kind)
		if o := w.scan(middle); o.Word != desk.WordIn {
			t.Errorf("after another item: %s", o.Word)
		}
	})
}

func TestTenThousandScans(t *testing.T) {
	story(t, func(w *world) {
		w.do(desk.Go{To: desk.AtItems})
		var first, last int64
		for i := range 10_000 {
			code := []string{middle, kind, noitem, "📚"}[i%4]
			last = w.send(desk.Scan{Text: code})
			if i == 0 {
				first = last
			}
		}
		w.settle()
		w.mu.Lock()
		defer w.mu.Unlock()
		next := first
		for _, o := range w.said {
			if o.N < first {
				continue
			}
			if o.N != next || !o.Final {
				t.Fatalf("outcome of %d, want %d", o.N, next)
			}
			next++
		}
		if next != last+1 {
			t.Errorf("%d outcomes, want %d", next-first, last+1-first)
		}
	})
}
