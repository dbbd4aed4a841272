package pending

import (
	"bytes"
	"fmt"
	"slices"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/money"
)

// Kind says what was done.
type Kind string

// The kinds.
const (
	Loan         Kind = "loan"
	Renewal      Kind = "renewal"
	Return       Kind = "return"
	Payment      Kind = "payment"
	Registration Kind = "registration"
	InHouseUse   Kind = "in_house_use"
	Other        Kind = "other" // what no file has: Command names it
)

// Transaction is one thing that was done.
type Transaction struct {
	Line    int          // of the file it was read from, from 1; 0: of none
	Entry   circ.EntryID // of our journal; in a file of another tool, what it says of its own
	Kind    Kind
	At      time.Time // zero: the file has no times
	Card    string
	Barcode string
	Due     time.Time // of a loan or a renewal; zero: the file does not say
	Back    time.Time // of a return: when it came back; zero: At
	Amount  money.Amount
	Count   int // of uses
	Person  Person
	Command string
}

// Person is who was registered.
type Person struct {
	Family, Given, Birth           string
	Street, Postcode, City         string
	Phone, Email, Language, Secret string // Secret: a first password
}

// Target is where a file goes.
type Target struct {
	Zone      *time.Location // of the times in it
	Currency  string         // of the amounts in it, ISO 4217
	Profile   int            // xacts: the permission group of who is registered; 0: nobody is
	HomeOrg   int            // xacts: their library, by Evergreen's number
	StatGroup string         // rdy: the statistics group; empty: 0
}

// Why says why something is not in a file. It stands in reports: never renamed.
type Why string

// The reasons.
const (
	NoSuchThing    Why = "no_such_thing"    // the format has nothing for it
	NoCard         Why = "no_card"          // nobody knows the patron's card
	NoBarcode      Why = "no_barcode"       // nobody knows the item's barcode
	CardTooLong    Why = "card_too_long"    // the other system would cut it
	BarcodeTooLong Why = "barcode_too_long" // the other system would cut it
	BadCharacter   Why = "bad_character"    // of a card or a barcode, that the file cannot hold
	NoDueDate      Why = "no_due_date"      // the file wants one
	NoProfile      Why = "no_profile"       // nobody said as what the other system registers
	TakenBack      Why = "taken_back"       // what stands in an earlier file was undone
	WithoutDue     Why = "without_due"      // it is there, and the file has no place for the due date
	WithoutBack    Why = "without_back"     // it is there, and the file has no place for when it came back
	WithoutTime    Why = "without_time"     // it is there, and the file has no times
	WithoutRest    Why = "without_rest"     // it is there, and not all of what is known of a person
)

// Left is what is not in a file.
type Left struct {
	Transaction
	Why Why
}

// Problem is a line of a file that cannot be read.
type Problem struct {
	Line int
	Text string
}

// Format is a kind of file.
type Format struct {
	Name string // as a person writes it
	Ext  string // of the file's name, with the point
	// Prefix begins the file's name, where the other system wants that.
	Prefix string

	// What it says of a transaction beside what and who.
	due, back, clock bool

	fits  func(Target, Transaction) Why
	says  func(Transaction) Transaction // what of it the file says, besides the times
	write func(Target, []Transaction) []byte
	// Read reads a file, line by line; what cannot be read is named and left out.
	Read func([]byte, Target) ([]Transaction, []Problem)
}

// Timed reports whether the file says when each thing was done, with its time of day and
// who has what: what another tool has done can be taken from it.
func (f Format) Timed() bool { return f.Name == koc.Name || f.Name == xacts.Name }

// Formats gives the formats in the order in which they are told.
func Formats() []Format { return []Format{koc, xacts, almadat, rdy, pmb} }

// Named gives a format by its name.
func Named(name string) (Format, bool) {
	i := slices.IndexFunc(Formats(), func(f Format) bool { return f.Name == name })
	if i < 0 {
		return Format{}, false
	}
	return Formats()[i], true
}

// Export writes transactions as a file, in the order of their times, and gives what
// it says and what is left out. It reads the file again: an error says that it did not
// say the same, and there is none.
func (f Format) Export(to Target, all []Transaction) (file []byte, kept []Transaction, left []Left, err error) {
	all = slices.Clone(all)
	slices.SortStableFunc(all, func(a, b Transaction) int { return a.At.Compare(b.At) })
	for _, t := range all {
		if why := f.fits(to, t); why != "" {
			left = append(left, Left{t, why})
			continue
		}
		kept = append(kept, t)
	}
	file = f.write(to, kept)
	if err := f.check(to, file, kept); err != nil {
		return nil, nil, nil, err
	}
	return file, kept, left, nil
}

// Partly gives what a file does not say of the transactions that it has, one for each
// thing.
func (f Format) Partly(kept []Transaction) (all []Left) {
	for _, t := range kept {
		for _, one := range []struct {
			lacks bool
			why   Why
		}{
			{!f.clock, WithoutTime},
			{!f.due && t.Kind.anyOf(Loan, Renewal) && !t.Due.IsZero(), WithoutDue},
			{!f.back && t.Kind == Return && !t.Back.IsZero(), WithoutBack},
			{t.Kind == Registration && t.Person.Language != "", WithoutRest},
		} {
			if one.lacks {
				all = append(all, Left{t, one.why})
			}
		}
	}
	return all
}

// check reads a file that was written, and compares.
func (f Format) check(to Target, file []byte, kept []Transaction) error {
	again, problems := f.Read(file, to)
	if len(problems) > 0 {
		return fmt.Errorf("read the %s file again: line %d: %s", f.Name, problems[0].Line, problems[0].Text)
	}
	if len(again) != len(kept) {
		return fmt.Errorf("read the %s file again: %d lines, not %d", f.Name, len(again), len(kept))
	}
	for i, t := range kept {
		want, got := f.says(t), again[i] // their times are compared as they are written
		got.Line, got.At, got.Due, got.Back = 0, time.Time{}, time.Time{}, time.Time{}
		if got != want {
			return fmt.Errorf("read the %s file again: transaction %d of entry %s is another", f.Name, i+1, t.Entry)
		}
	}
	if !bytes.Equal(f.write(to, again), file) {
		return fmt.Errorf("read the %s file again: its times are others", f.Name)
	}
	return nil
}

// plain reports whether a code is of printable ASCII without a space at an end, and
// has none of some characters.
func plain(code, none string) bool {
	for i, r := range []byte(code) {
		if r < ' ' || r > '~' || bytes.IndexByte([]byte(none), r) >= 0 || r == ' ' && (i == 0 || i == len(code)-1) {
			return false
		}
	}
	return true
}

// codes reports what is wrong with the codes of a transaction: how long they may be,
// 0 for no bound, and which characters they may not have.
func codes(t Transaction, mostCard, mostBarcode int, none string) Why {
	wantsCard := t.Kind == Loan || t.Kind == Payment || t.Kind == Registration || t.Kind == Renewal && t.Card != ""
	wantsItem := t.Kind == Loan || t.Kind == Renewal || t.Kind == Return || t.Kind == InHouseUse
	switch {
	case wantsCard && t.Card == "":
		return NoCard
	case wantsItem && t.Barcode == "":
		return NoBarcode
	case wantsCard && !plain(t.Card, none) || wantsItem && !plain(t.Barcode, none):
		return BadCharacter
	case wantsCard && mostCard > 0 && len(t.Card) > mostCard:
		return CardTooLong
	case wantsItem && mostBarcode > 0 && len(t.Barcode) > mostBarcode:
		return BarcodeTooLong
	}
	return ""
}

// lends reports what is wrong with a transaction for a file that has loans and returns
// alone, and renewals as loans; the bounds are those of [codes].
func lends(t Transaction, mostCard, mostBarcode int, none string) Why {
	switch {
	case !t.Kind.anyOf(Loan, Renewal, Return):
		return NoSuchThing
	case t.Kind == Renewal && t.Card == "":
		return NoCard
	}
	return codes(t, mostCard, mostBarcode, none)
}

// lent is what such a file says of a transaction.
func lent(t Transaction) Transaction {
	if t.Kind == Return {
		return Transaction{Kind: Return, Barcode: t.Barcode}
	}
	return Transaction{Kind: Loan, Card: t.Card, Barcode: t.Barcode}
}

// anyOf reports whether a kind is one of some.
func (k Kind) anyOf(kinds ...Kind) bool { return slices.Contains(kinds, k) }
