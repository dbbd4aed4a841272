package load

import "circdesk/desk/text"

// Trouble is what of a file was not taken over as it stands. What it says of the
// file is clean and short.
type Trouble struct {
	Number int    // the record's place in the file: counted from 1, or its line in a table
	ID     string // its control number or card; empty: not known
	Field  string // as the file names it; empty: the record was not taken over
	Why    string // for the systems librarian
	// Kept: the field was taken over all the same, in the way that Why says.
	// Otherwise it was left unknown, or, where it is an item's, left out.
	Kept bool
}

// Counts is what was read of a file.
type Counts struct {
	Read     int `json:"read"`   // records, also those that were not taken over
	Titles   int `json:"titles"` // two records of one title count once
	Patrons  int `json:"patrons"`
	Items    int `json:"items"`
	Blocks   int `json:"blocks,omitempty"`
	Skipped  int `json:"skipped"`  // records that were not taken over
	NoItems  int `json:"no_items"` // items that were not taken over
	Troubles int `json:"troubles"` // how many were told
}

// The lengths, in characters, up to which texts of a file are taken over.
const (
	maxCode  = 100 // a code of a group, a type, a library: what rules can name
	maxLine  = 200 // a name, an address
	maxTitle = 1000
	maxNote  = 1000
	maxShown = 60 // of what a trouble quotes
)

// quote gives a piece of the file for a trouble.
func quote(s string) string { return "“" + text.Clean(s, maxShown) + "”" }
