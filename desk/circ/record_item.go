package circ

import (
	"cmp"
	"slices"
	"time"

	"circdesk/desk/money"
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

// A Sighting says when and where an item was in somebody's hands, and where it
// was on its way to then.
type Sighting struct {
	At      time.Time        `json:"at,omitzero"`
	Desk    DeskID           `json:"desk,omitempty"`
	Library policy.LibraryID `json:"library,omitempty"`
	Transit policy.LibraryID `json:"transit,omitempty"`
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
	Price      money.Amount      `json:"price,omitzero"`  // to replace it; zero: as the rules say
	Note       string            `json:"note,omitempty"`  // the clerk hears it at each check-out and check-in
	Staff      string            `json:"staff,omitempty"` // not empty: whoever takes it back gives it to staff, and why
	Parts      []string          `json:"parts,omitempty"` // what belongs to it: the clerk counts it at each check-out and check-in; nil: nobody asks
	Parted     Hand              `json:"parted,omitzero"` // who has said last at a desk what belongs to it

	// Merged: this record was added at a desk and is only a pointer, the item is known as
	// that one.
	Merged ItemID `json:"merged,omitempty"`
	// Pointers: other records that point here, since the same barcode was added there, in
	// the order in which that was done.
	Pointers []Pointer `json:"pointers,omitempty"`

	Mark ItemMark  `json:"mark,omitzero"`  // what is wrong with it
	Loan LoanID    `json:"loan,omitempty"` // the open loan
	Held RequestID `json:"held,omitempty"` // the request it is kept for, on the shelf or on its way there
	// Transit is the library it is on its way to; empty: not under way. It is
	// that of the last sighting, once there is one.
	Transit policy.LibraryID `json:"transit,omitempty"`
	Seen    Sighting         `json:"seen,omitzero"`     // the last
	Earlier []Sighting       `json:"earlier,omitempty"` // newest first; what a withdrawn one falls back on
}

// sightingsKept bounds Earlier: so many entries of one item can be withdrawn in
// a row, while older ones come in from other desks, before its last sighting is
// forgotten.
const sightingsKept = 5

// sight adds a sighting, wherever it belongs in time.
func (r Item) sight(s Sighting) Item {
	return r.sightings(append(slices.DeleteFunc(r.all(), s.same), s))
}

// unsight takes a sighting back: the last of the others counts.
func (r Item) unsight(at time.Time, d DeskID) Item {
	return r.sightings(slices.DeleteFunc(r.all(), Sighting{At: at, Desk: d}.same))
}

// Apart gives when an item was seen at a desk whose times are told in seconds or minutes:
// as told, or a millisecond later for each sighting that it has from the same desk at that
// instant, which would be taken for the same. Whoever tells does so in order.
func (r Item) Apart(d DeskID, at time.Time) time.Time {
	for slices.ContainsFunc(r.all(), Sighting{At: at, Desk: d}.same) {
		at = at.Add(time.Millisecond)
	}
	return at
}

func (s Sighting) same(o Sighting) bool { return s.At.Equal(o.At) && s.Desk == o.Desk }

// all gives all sightings; how the item stands is the last of them.
func (r Item) all() []Sighting {
	last := r.Seen
	last.Transit = r.Transit
	if last == (Sighting{}) {
		return slices.Clone(r.Earlier)
	}
	return append([]Sighting{last}, r.Earlier...)
}

// seenAfter gives when the item was first seen after an instant; the last time it
// was seen, where nobody knows.
func (r Item) seenAfter(t time.Time) time.Time {
	at := r.Seen.At
	for _, s := range r.Earlier {
		if s.At.After(t) && s.At.Before(at) {
			at = s.At
		}
	}
	return at
}

func (r Item) sightings(all []Sighting) Item {
	slices.SortStableFunc(all, func(a, b Sighting) int { return cmp.Or(b.At.Compare(a.At), cmp.Compare(b.Desk, a.Desk)) })
	r.Seen, r.Transit, r.Earlier = Sighting{}, "", nil
	if len(all) > 0 {
		r.Seen, r.Transit = all[0], all[0].Transit
		if rest := all[1:min(len(all), sightingsKept+1)]; len(rest) > 0 {
			r.Earlier = rest
		}
	}
	return r
}

// Pointer is a record that was added at a desk, and is known as another.
type Pointer struct {
	Item ItemID `json:"item"`
	By   Hand   `json:"by"` // who added it
}

// unadded reports whether the adding of the item was taken back: only its id is left.
func (r Item) unadded() bool { return r.Barcode == "" && r.Title == "" && r.Merged == "" }

func (r Item) Key() Key { return Key{KindItem, string(r.ID)} }
func (r Item) Index() []Line {
	lines := make([]Line, 0, 3)
	if r.Barcode != "" {
		lines = append(lines, Line{ByBarcode, r.Barcode, string(r.ID)})
	}
	if r.Title != "" {
		lines = append(lines, Line{ItemsOf, string(r.Title), r.Barcode})
	}
	if s := r.Mark.State; s == ItemMissing || s == ItemDamaged {
		lines = append(lines, work(ItemWork, cmp.Or(r.Mark.Library, r.Home), r.Mark.since(), string(r.ID))...)
	}
	return lines
}
