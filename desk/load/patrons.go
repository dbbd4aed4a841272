package load

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/text/language"

	"circdesk/desk/circ"
	"circdesk/desk/format/kohadb"
	"circdesk/desk/format/patroncsv"
	"circdesk/desk/policy"
	"circdesk/desk/text"
)

// PatronOptions says how patrons are read. The zero value knows the common
// headings, and dates that can be read in one way only.
type PatronOptions struct {
	Headings patroncsv.Map     // the library's own; nil: the common ones alone
	Slashes  patroncsv.Slashes // how 03/04/2030 is meant
	Zone     *time.Location    // in which a card's last day ends; nil: UTC
	At       time.Time         // when the file was made, for what it says of that day
	Trouble  func(Trouble)     // hears what was not taken over as it stands; nil: nobody does
}

// Patrons reads patrons and their cards from a table of text, or from Koha's
// borrowers.db. Without a column of cards reading ends with
// [patroncsv.ErrNoCardColumn] or [kohadb.ErrNoBorrowers].
func Patrons(src io.Reader, o PatronOptions) *Source {
	if o.Zone == nil {
		o.Zone = time.UTC
	}
	how, _ := json.Marshal([]any{o.Headings, o.Slashes, o.Zone.String()}) // text and a number: it cannot fail
	p := &patrons{PatronOptions: o, cards: map[mark]int{}}
	return &Source{kind: circ.KindPatron, how: string(how), told: o.Trouble, src: src, read: p.read}
}

// patrons reads one file.
type patrons struct {
	PatronOptions
	cards map[mark]int // the line that has the card
}

func (p *patrons) read(src io.Reader, out *draft) error {
	from := bufio.NewReader(src)
	if begin, _ := from.Peek(len(kohadb.Magic)); string(begin) == kohadb.Magic {
		return p.readKoha(from, out)
	}
	in, err := patroncsv.NewReader(from, p.Headings)
	if err != nil {
		return err
	}
	in.Slashes = p.Slashes
	out.number = 1
	for _, heading := range in.Unused() {
		out.lack(text.Clean(heading, maxShown), "no heading of a patron's: the column is not read")
	}
	for !out.over {
		row, err := in.Next()
		if err == io.EOF {
			return nil
		}
		if p.bad(err, out) {
			continue
		}
		if err != nil {
			return err
		}
		p.row(row, out)
	}
	return nil
}

// bad reports whether an error is about one row, and tells it.
func (p *patrons) bad(err error, out *draft) bool {
	bad, ok := errors.AsType[*patroncsv.BadRow](err)
	if ok {
		out.begin(bad.Line, "")
		out.skip(whyRow(bad))
	}
	return ok
}

// row reads one row: a patron and the card. ok: they were handed on.
func (p *patrons) row(row *patroncsv.Patron, out *draft) (who circ.Patron, ok bool) {
	out.begin(row.Line, row.Card)
	card, ok := text.Code(row.Card)
	if !ok {
		out.skip(quote(row.Card) + " cannot be a card")
		return who, false
	}
	if before, known := p.cards[markOf(card)]; known {
		out.skip(fmt.Sprintf("the card is that of line %d", before))
		return who, false
	}
	p.cards[markOf(card)] = row.Line
	for _, u := range row.Unread {
		out.lack(text.Clean(u.Heading, maxShown), whyField(u))
	}
	expires, endless := p.expires(row.Expires)
	who = circ.Patron{
		ID:       circ.PatronID(newID(circ.KindPatron, card)),
		Card:     card,
		Family:   out.text("family", row.Family, maxLine),
		Given:    out.text("given", strings.TrimSpace(row.Given+" "+row.Middle), maxLine),
		Birth:    row.Birth,
		Street:   out.text("street", row.Street, maxLine),
		Postcode: out.text("postcode", row.Postcode, maxLine),
		City:     out.text("city", place(row), maxLine),
		Phone:    out.text("phone", row.Phone, maxLine),
		Email:    out.text("email", row.Email, maxLine),
		Language: tongue(row.Language, out),
		Group:    policy.Group(out.code("group", row.Group)),
		Home:     policy.LibraryID(out.code("library", row.HomeLibrary)),
		Expires:  expires,
		Note:     out.text("note", row.Note, maxNote),
	}
	if who.Family == "" && who.Given == "" {
		out.lack("name", "no name")
	}
	out.counts.Patrons++
	out.hand(drawn{row: who, number: row.Line, endless: endless})
	out.put(circ.Card{Number: card, Patron: who.ID, State: circ.CardValid})
	return who, true
}

// other tells of a patron whose card is somebody else's in the library.
func (s *Source) other(d drawn) {
	who, _ := d.row.(circ.Patron)
	s.counts.Patrons--
	s.counts.Skipped++
	s.tell(Trouble{Number: d.number, ID: text.Clean(who.Card, maxShown), Why: "a desk gave the card to somebody of another name: that person's record stays as it is"})
}

// place joins what an address has after the street, but the postcode.
func place(row *patroncsv.Patron) string {
	var parts []string
	for _, s := range []string{row.City, row.State, row.Country} {
		if s != "" {
			parts = append(parts, s)
		}
	}
	return strings.Join(parts, ", ")
}

// tongue reads a language as BCP 47.
func tongue(s string, out *draft) string {
	if s == "" {
		return ""
	}
	tag, err := language.Parse(text.Clean(s, maxCode))
	if err != nil || tag == language.Und {
		out.lack("language", quote(s)+" is no language (BCP 47)")
		return ""
	}
	return tag.String()
}

// never is the year that systems write for a card without an end.
const never = 9999

// expires gives the instant before which a card is valid whose last day that is.
func (p *patrons) expires(last string) (at time.Time, endless bool) {
	day, err := time.Parse(time.DateOnly, last)
	if err != nil { // not known
		return time.Time{}, false
	}
	if day.Year() >= never {
		return time.Time{}, true
	}
	return dayAfter(day, p.Zone), false
}

// dayAfter gives the first instant of the day after a calendar day: midnight as
// a rule, and the end of the gap where clocks jump over it.
func dayAfter(day time.Time, zone *time.Location) time.Time {
	want := day.AddDate(0, 0, 1)
	y, m, d := want.Date()
	at := time.Date(y, m, d, 0, 0, 0, 0, zone)
	if y, m, d = at.Date(); time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Before(want) { // before the gap
		_, at = at.ZoneBounds()
	}
	return at.UTC()
}

// whyRow says why a row was not taken over.
func whyRow(b *patroncsv.BadRow) string {
	switch b.Reason {
	case patroncsv.NoCard:
		return "no card"
	case patroncsv.WrongFieldCount:
		return fmt.Sprintf("%d fields, the heading line has %d", b.Fields, b.Want)
	case patroncsv.BadQuote:
		return "a quote too many or too few"
	case patroncsv.RowTooLong:
		return "longer than a row may be"
	}
	return string(b.Reason)
}

// whyField says why a field was left unknown.
func whyField(u patroncsv.Unread) string {
	switch u.Reason {
	case patroncsv.NoDate:
		return quote(u.Value) + " is no date"
	case patroncsv.AmbiguousDate:
		return quote(u.Value) + " may begin with the day or with the month"
	}
	return quote(u.Value) + ": " + string(u.Reason)
}
