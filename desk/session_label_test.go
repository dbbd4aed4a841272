package desk_test

import (
	"strings"
	"testing"

	"circdesk/desk"
	"circdesk/desk/circ"
	"circdesk/desk/label"
)

// wrong is a number with another check digit.
func wrong(number string) string {
	last := len(number) - 1
	return number[:last] + string('0'+(number[last]-'0'+1)%10)
}

// shown is one thing done while Maria's visit is open.
type shown struct {
	name    string
	at      desk.Place
	in      desk.Input
	word    desk.Word
	reasons string
	tell    string
	visit   bool // hers is still open
}

// library is a library of such numbers on one day.
func library(t *testing.T, labels *label.Rules, rows []shown) {
	story(t, func(w *world) {
		w.stop()
		w.labels = labels
		w.start()
		w.do(desk.SignIn{Name: "kim", PIN: "1234"})
		for _, row := range rows {
			w.do(desk.Go{To: desk.AtCheckOut})
			w.do(desk.Done{})
			w.scan(maria)
			w.do(desk.Go{To: row.at})
			o := w.do(row.in)
			if o.Word != row.word || reasons(o.Reasons) != row.reasons || reasons(o.Tell) != row.tell {
				t.Errorf("%s: got %s %q, %q told; want %s %q, %q told", row.name, o.Word, reasons(o.Reasons), reasons(o.Tell), row.word, row.reasons, row.tell)
			}
			if o.Text == "" || strings.Contains(o.Text, "{") {
				t.Errorf("%s: said %q", row.name, o.Text)
			}
			if v := w.st().Visit; (v != nil) != row.visit {
				t.Errorf("%s: the visit is %+v", row.name, v)
			}
		}
	})
}

func TestALibraryThatTakesNoWrongCheckDigit(t *testing.T) {
	strict, err := label.New([]string{`mod10!:2[0-9]{13}`}, []string{`mod10!:3[0-9]{13}`})
	if err != nil {
		t.Fatal(err)
	}
	library(t, strict, []shown{
		{name: "an item is lent", at: desk.AtCheckOut, in: desk.Scan{Text: middle}, word: desk.WordOut, visit: true},
		{name: "a wrong item is not lent", at: desk.AtCheckOut, in: desk.Scan{Text: wrong(middle)}, word: desk.WordStop, reasons: "check_refused", visit: true},
		{name: "a wrong item is not lent, whatever the reader sends around it", at: desk.AtCheckOut, in: desk.Scan{Text: "A" + wrong(middle) + "B"}, word: desk.WordStop, reasons: "check_refused", visit: true},
		{name: "a wrong item is not taken back", at: desk.AtCheckIn, in: desk.Scan{Text: wrong(middle)}, word: desk.WordStop, reasons: "check_refused", visit: true},
		{name: "a wrong item is not put on the hold shelf", at: desk.AtHolds, in: desk.Shelve{Text: wrong(perl)}, word: desk.WordStop, reasons: "check_refused", visit: true},
		{name: "a wrong item is not looked up", at: desk.AtItems, in: desk.Look{Text: wrong(middle)}, word: desk.WordStop, reasons: "check_refused", visit: true},
		{name: "a wrong card is not the one before", at: desk.AtCheckOut, in: desk.Scan{Text: wrong(tom)}, word: desk.WordStop, reasons: "check_refused"},
		{name: "a wrong card among returned items leaves the visit as it is", at: desk.AtCheckIn, in: desk.Scan{Text: wrong(tom)}, word: desk.WordStop, reasons: "check_refused", visit: true},
		{name: "nobody gets a wrong card", at: desk.AtPatron, in: desk.ReplaceCard{Number: wrong(nobody)}, word: desk.WordStop, reasons: "check_refused", visit: true},
		{name: "nobody is registered with a wrong card", at: desk.AtPatron, in: desk.Register{Patron: circ.Patron{Card: wrong(nobody), Family: "Nguyen"}}, word: desk.WordStop, reasons: "check_refused", visit: true},
		{name: "a number of another form is nobody's business", at: desk.AtCheckOut, in: desk.Scan{Text: "88"}, word: desk.WordOut, visit: true},
	})
}

func TestWrongCheckDigitsAndForeignNumbersAreTold(t *testing.T) {
	library(t, label.Default(), []shown{
		{name: "a wrong item is told, and nobody knows it", at: desk.AtCheckOut, in: desk.Scan{Text: wrong(middle)}, word: desk.WordStop, reasons: "unknown_item", tell: "check_digit", visit: true},
		{name: "the maker's barcode of a film", at: desk.AtCheckOut, in: desk.Scan{Text: "036000291452"}, word: desk.WordStop, reasons: "unknown_item", tell: "product", visit: true},
		{name: "the maker's barcode of a magazine", at: desk.AtCheckIn, in: desk.Scan{Text: "9770378595002"}, word: desk.WordStop, reasons: "unknown_item", tell: "issn", visit: true},
		{name: "printed music", at: desk.AtItems, in: desk.Scan{Text: "9790260000438"}, word: desk.WordStop, reasons: "unknown_code", tell: "ismn", visit: true},
		{name: "the number of a record", at: desk.AtItems, in: desk.Look{Text: ".i19627919"}, word: desk.WordStop, reasons: "unknown_code", tell: "record", visit: true},
		{name: "an ISBN of no title is no item", at: desk.AtCheckIn, in: desk.CheckIn{Text: "9780143007234"}, word: desk.WordStop, reasons: "isbn", visit: true},
		{name: "an ISBN of no title is looked up", at: desk.AtItems, in: desk.Look{Text: "9780143007234"}, word: desk.WordStop, reasons: "unknown_code", tell: "isbn", visit: true},
		{name: "a request by ISBN is a request", at: desk.AtItems, in: desk.Request{Text: "9780306406157"}, word: desk.WordDone, visit: true},
		{name: "a wrong card is told and taken", at: desk.AtPatron, in: desk.ReplaceCard{Number: wrong(nobody)}, word: desk.WordDone, tell: "check_digit", visit: true},
	})
}

// A card is registered as it is scanned later, without start and stop.
func TestACardIsRegisteredAsItIs(t *testing.T) {
	story(t, func(w *world) {
		o := w.do(desk.Register{Patron: circ.Patron{Card: "A" + nobody + "B", Family: "Nguyen"}})
		if o.Patron == nil || o.Patron.Card != nobody {
			t.Fatalf("registered: %+v", o)
		}
		w.scan(maria)
		if o := w.scan(nobody); o.Word != desk.WordPatron || o.Patron.Card != nobody {
			t.Errorf("scanned: %+v", o)
		}
		w.scan(maria)
		if o := w.do(desk.Link{Card: "A" + nobody + "B", Kind: circ.Guarantor}); o.Word != desk.WordDone {
			t.Errorf("linked: %+v", o)
		}
	})
}
