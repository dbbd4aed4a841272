package desk

import (
	"testing"
	"time"

	"circdesk/desk/circ"
)

// branching is a record with what a text may stand in: also records of its own type.
type branching struct {
	ID     circ.ItemID
	Text   string
	At     time.Time
	Codes  []circ.FeeType
	Loans  []circ.LoanID
	Under  []branching
	hidden string
}

// TestSafeCleansWhateverHoldsText: in fields, slices and records of the same type; ids, and
// the record that was given, stay as they are.
func TestSafeCleansWhateverHoldsText(t *testing.T) {
	const evil, good = "a\x1b[2Jb", "ab"
	given := branching{
		ID: evil, Text: evil, Codes: []circ.FeeType{evil, "c"}, Loans: []circ.LoanID{evil},
		Under: []branching{{Text: evil, Under: []branching{{Text: evil}}, hidden: evil}},
	}
	for range 2 { // the second time the type is known
		got := safe(given)
		if got.Text != good || got.Codes[0] != good || got.Codes[1] != "c" || got.Under[0].Text != good || got.Under[0].Under[0].Text != good {
			t.Errorf("a text is left as it was: %+q", got)
		}
		if got.ID != evil || got.Loans[0] != evil || got.Under[0].hidden != evil {
			t.Errorf("what is shown to nobody has changed: %+q", got)
		}
		if got.Loans[0] = "other"; given.Loans[0] != evil || given.Text != evil || given.Codes[0] != evil || given.Under[0].Text != evil || given.Under[0].Under[0].Text != evil {
			t.Fatalf("the record that was given has changed: %+q", given)
		}
	}
}
