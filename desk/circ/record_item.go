package circ

import (
	"time"

	"circdesk/desk/policy"
	"circdesk/desk/text"
)

// Title is what a library has copies of.
type Title struct {
	ID     TitleID  `json:"id"`
	Title  string   `json:"title"`
	Author string   `json:"author,omitempty"`
	Year   string   `json:"year,omitempty"`
	ISBNs  []string `json:"isbns,omitempty"` // ISBN-13
}

func (r Title) Key() Key { return Key{KindTitle, string(r.ID)} }
func (r Title) Index() []Line {
	lines := make([]Line, 0, 2)
	if f := text.Fold(r.Title); f != "" {
		lines = append(lines, Line{ByTitle, f, ""})
	}
	for _, n := range r.ISBNs {
		lines = append(lines, Line{ByISBN, n, string(r.ID)})
	}
	return lines
}

// A Sighting says when and where an item was last in somebody's hands.
type Sighting struct {
	At      time.Time        `json:"at,omitzero"`
	Desk    DeskID           `json:"desk,omitempty"`
	Library policy.LibraryID `json:"library,omitempty"`
}

// Item is one copy.
type Item struct {
	ID         ItemID            `json:"id"`
	Barcode    string            `json:"barcode"`
	Title      TitleID           `json:"title,omitempty"`
	Type       policy.ItemType   `json:"type,omitempty"`
	Home       policy.LibraryID  `json:"home,omitempty"`
	Location   policy.LocationID `json:"location,omitempty"`
	CallNumber string            `json:"call_number,omitempty"`
	Note       string            `json:"note,omitempty"`  // the clerk hears it at each check-out and check-in
	Staff      string            `json:"staff,omitempty"` // not empty: whoever takes it back gives it to staff, and why

	Loan LoanID    `json:"loan,omitempty"` // the open loan
	Held RequestID `json:"held,omitempty"` // the request it is kept for, on the shelf or on its way there
	// Transit is the library it is on its way to; empty: not under way.
	Transit policy.LibraryID `json:"transit,omitempty"`
	Seen    Sighting         `json:"seen,omitzero"`
}

func (r Item) Key() Key { return Key{KindItem, string(r.ID)} }
func (r Item) Index() []Line {
	lines := make([]Line, 0, 2)
	if r.Barcode != "" {
		lines = append(lines, Line{ByBarcode, r.Barcode, string(r.ID)})
	}
	if r.Title != "" {
		lines = append(lines, Line{ItemsOf, string(r.Title), r.Barcode})
	}
	return lines
}
