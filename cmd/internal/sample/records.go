package sample

import (
	_ "embed"
	"strconv"
	"strings"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

//go:embed data/titles.tsv
var titlesTSV string

//go:embed data/items.tsv
var itemsTSV string

//go:embed data/patrons.tsv
var patronsTSV string

var (
	titleColumns  = []string{"id", "title", "author", "year", "isbn"}
	itemColumns   = []string{"barcode", "title", "home", "type", "location", "call_number", "note", "staff", "parts", "comment"}
	patronColumns = []string{
		"id", "card", "family", "given", "birth", "street", "postcode", "city", "phone", "email", "language",
		"group", "home", "valid", "note", "state", "comment",
	}
)

// titles reads the titles.
func titles(text string) ([]circ.Row, error) {
	t, err := readTable("titles.tsv", text, titleColumns...)
	if err != nil {
		return nil, err
	}
	rows := make([]circ.Row, 0, len(t.rows))
	for _, r := range t.rows {
		f := r.fields
		title := circ.Title{ID: circ.TitleID(f[0]), Title: f[1], Author: f[2], Year: f[3]}
		if title.ID == "" || title.Title == "" {
			return nil, r.wrong("a title without an id, or without its words")
		}
		if f[4] != "" {
			title.ISBNs = []string{f[4]}
		}
		rows = append(rows, title)
	}
	return rows, nil
}

// items reads the copies. Nobody has seen them yet.
func items(text string) ([]circ.Row, error) {
	t, err := readTable("items.tsv", text, itemColumns...)
	if err != nil {
		return nil, err
	}
	rows := make([]circ.Row, 0, len(t.rows))
	for _, r := range t.rows {
		f := r.fields
		if f[0] == "" || f[1] == "" || f[2] == "" {
			return nil, r.wrong("an item without a barcode, a title or a home")
		}
		rows = append(rows, circ.Item{
			ID: itemID(f[0]), Barcode: f[0], Title: circ.TitleID(f[1]), Home: policy.LibraryID(f[2]), Type: policy.ItemType(f[3]),
			Location: policy.LocationID(f[4]), CallNumber: f[5], Note: f[6], Staff: f[7], Parts: parts(f[8]),
		})
	}
	return rows, nil
}

// parts reads what belongs to a copy, with commas between.
func parts(text string) []string { return circ.Parts(strings.Split(text, ",")) }

// itemID gives the id of the item with a barcode.
func itemID(barcode string) circ.ItemID { return circ.ItemID("I" + barcode) }

// patrons reads the people, each with the card. The states are for readers and
// for the tests. today is the beginning of the library's day.
func patrons(text string, today time.Time) ([]circ.Row, error) {
	t, err := readTable("patrons.tsv", text, patronColumns...)
	if err != nil {
		return nil, err
	}
	rows := make([]circ.Row, 0, 2*len(t.rows))
	for _, r := range t.rows {
		f := r.fields
		p := circ.Patron{
			ID: circ.PatronID(f[0]), Card: f[1], Family: f[2], Given: f[3], Birth: f[4], Street: f[5], Postcode: f[6], City: f[7],
			Phone: f[8], Email: f[9], Language: f[10], Group: policy.Group(f[11]), Home: policy.LibraryID(f[12]), Note: f[14],
		}
		if p.ID == "" || p.Card == "" || p.Family == "" {
			return nil, r.wrong("a patron without an id, a card or a name")
		}
		if f[13] != "" {
			valid, err := strconv.Atoi(f[13])
			if err != nil {
				return nil, r.wrong("valid: %q is no number of days", f[13])
			}
			p.Expires = today.AddDate(0, 0, valid+1).UTC() // the day after the last
		}
		rows = append(rows, p, circ.Card{Number: p.Card, Patron: p.ID, State: circ.CardValid})
	}
	return rows, nil
}
