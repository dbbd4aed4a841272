package circ

import (
	"strings"
	"time"

	"circdesk/desk/policy"
	"circdesk/desk/text"
)

// Patron is a person who borrows.
type Patron struct {
	ID     PatronID `json:"id"`
	Card   string   `json:"card,omitempty"` // the card that is valid now
	Family string   `json:"family,omitempty"`
	Given  string   `json:"given,omitempty"`
	Birth  string   `json:"birth,omitempty"` // 2006-01-02; empty: not known
	// BirthMark stands in the copy of a desk that has no birth dates: see [BirthMark].
	BirthMark string           `json:"birth_mark,omitempty"`
	Street    string           `json:"street,omitempty"`
	Postcode  string           `json:"postcode,omitempty"`
	City      string           `json:"city,omitempty"`
	Phone     string           `json:"phone,omitempty"`
	Email     string           `json:"email,omitempty"`
	Language  string           `json:"language,omitempty"` // BCP 47; empty: the library's
	Group     policy.Group     `json:"group,omitempty"`
	Home      policy.LibraryID `json:"home,omitempty"`
	Expires   time.Time        `json:"expires,omitzero"` // the card is valid before it; zero: no end
	Note      string           `json:"note,omitempty"`   // shown whenever the patron is opened
	// Merged: this record is only a pointer, the person is known as that one.
	Merged PatronID `json:"merged,omitempty"`
	// Aliased: another record points here, since the same card was registered at
	// another desk too.
	Aliased bool `json:"aliased,omitempty"`
	Void    bool `json:"void,omitempty"` // the registration was taken back
	Changed Hand `json:"changed,omitzero"`
}

func (r Patron) Key() Key { return Key{KindPatron, string(r.ID)} }

func (r Patron) Index() []Line {
	if r.Merged != "" || r.Void {
		return nil
	}
	lines := make([]Line, 0, 3)
	if name := text.Fold(r.Family + " " + r.Given); name != "" {
		lines = append(lines, Line{ByName, name, ""})
	}
	if p := Digits(r.Phone); p != "" {
		lines = append(lines, Line{ByPhone, p, ""})
	}
	if m := text.Fold(r.Email); m != "" {
		lines = append(lines, Line{ByEmail, m, ""})
	}
	return lines
}

// Digits keeps the digits of a phone number.
func Digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// CardState says whether a card opens its patron.
type CardState string

// The states of a card.
const (
	CardValid CardState = "valid"
	CardLost  CardState = "lost" // replaced: whoever shows it is told so
	CardVoid  CardState = "void" // never given out: as if it were not known
)

// Card is a patron's card, by the number on it.
type Card struct {
	Number string    `json:"number"`
	Patron PatronID  `json:"patron"`
	State  CardState `json:"state"`
}

func (r Card) Key() Key { return Key{KindCard, r.Number} }
func (r Card) Index() []Line {
	return []Line{{CardsOf, string(r.Patron), r.Number}}
}

// Block keeps a patron from borrowing until it is lifted, or ends.
type Block struct {
	ID       BlockID    `json:"id"`
	Patron   PatronID   `json:"patron"`
	Text     string     `json:"text"`
	At       time.Time  `json:"at"`
	Operator OperatorID `json:"operator,omitempty"`
	Lifted   time.Time  `json:"lifted,omitzero"` // zero: it was not lifted
	Until    time.Time  `json:"until,omitzero"`  // its last instant; zero: it does not end by itself
	Against  BlockScope `json:"against,omitzero"`
	Loan     LoanID     `json:"loan,omitempty"` // that came back too late: the patron is suspended for it
}

// stands reports whether a block is neither lifted nor over.
func (r Block) stands(at time.Time) bool {
	return r.Lifted.IsZero() && (r.Until.IsZero() || !at.After(r.Until))
}

func (r Block) Key() Key { return Key{KindBlock, string(r.ID)} }
func (r Block) Index() []Line {
	if !r.Lifted.IsZero() {
		return nil
	}
	return []Line{{BlocksOf, string(r.Patron), SortTime(r.At) + string(r.ID)}}
}

// LinkKind says what one patron is to another.
type LinkKind string

// The kinds of links.
const (
	Guarantor LinkKind = "guarantor" // Other answers for Patron
	Pickup    LinkKind = "pickup"    // Other may collect Patron's requests
)

// Link ties one patron to another.
type Link struct {
	ID     LinkID    `json:"id"`
	Patron PatronID  `json:"patron"`
	Other  PatronID  `json:"other"`
	Kind   LinkKind  `json:"kind"`
	At     time.Time `json:"at"`
	Ended  time.Time `json:"ended,omitzero"`
}

func (r Link) Key() Key { return Key{KindLink, string(r.ID)} }
func (r Link) Index() []Line {
	if !r.Ended.IsZero() {
		return nil
	}
	return []Line{{LinksOf, string(r.Patron), SortTime(r.At) + string(r.ID)}}
}

// SortTime writes an instant so that the order of the bytes is that of time.
func SortTime(t time.Time) string { return t.UTC().Format("20060102150405.000000000") }
