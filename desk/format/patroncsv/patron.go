package patroncsv

import "fmt"

// Patron is one row. Text is in normalization form C, without white space around
// it, and every run of white space or control characters in it is one blank. What
// the row does not say is "".
type Patron struct {
	Line        int // where the row begins in the source, counted from 1
	Card        string
	Family      string
	Given       string
	Middle      string
	Group       string // the source's code of the patron group
	HomeLibrary string // the source's code of the library
	Street      string
	City        string
	State       string
	Postcode    string
	Country     string
	Phone       string
	Email       string
	Language    string
	Note        string
	Birth       string // 2006-01-02; "": not known
	Expires     string // 2006-01-02, the last day; "": not known
	Unread      []Unread
}

// Unread is a field that could not be read.
type Unread struct {
	Heading string // as it stands in the source
	Value   string // as the row has it
	Reason  Reason
}

// BadRow is a row that could not be read. It has been passed over: the next
// call of [Reader.Next] goes on with the row after it.
type BadRow struct {
	Line   int // where the row begins in the source, counted from 1
	Reason Reason
	Fields int // how many fields it has, where that is the trouble
	Want   int // how many the heading line has
}

func (b *BadRow) Error() string {
	if b.Reason == WrongFieldCount {
		return fmt.Sprintf("patron row at line %d: %s: %d fields, the heading line has %d", b.Line, b.Reason, b.Fields, b.Want)
	}
	return fmt.Sprintf("patron row at line %d: %s", b.Line, b.Reason)
}

// Reason says why a row or a field could not be read.
type Reason string

// Reasons of rows.
const (
	NoCard          Reason = "no_card"           // a patron without a card cannot be found by one
	WrongFieldCount Reason = "wrong_field_count" // what is in which column is anybody's guess
	BadQuote        Reason = "bad_quote"         // a field in quotes that does not end, or that goes on after its end
	RowTooLong      Reason = "row_too_long"
)

// Reasons of fields.
const (
	NoDate        Reason = "no_date"        // not a date
	AmbiguousDate Reason = "ambiguous_date" // a date, but day and month could be either way round
)
