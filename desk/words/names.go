package words

import (
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/policy"
)

// Names says what a text cannot know: how ids are called here, and where and
// when it is read. A nil func, and an empty answer of one, is a name that is not
// known; ids are never shown instead of the names of people.
type Names struct {
	Patron  func(circ.PatronID) string // "SILVA, Maria"
	Item    func(circ.ItemID) string   // its title
	Library func(policy.LibraryID) string
	// Location names a location of a library, Desk a desk.
	Location func(policy.LibraryID, policy.LocationID) string
	Desk     func(circ.DeskID) string

	Zone     *time.Location // nil: UTC
	Now      time.Time      // zero: not known, and every date has its year
	Currency string         // of the amounts in an explanation; empty: two decimals
}

func (n Names) zone() *time.Location {
	if n.Zone == nil {
		return time.UTC
	}
	return n.Zone
}

func (n Names) patron(id circ.PatronID) string {
	if n.Patron == nil || id == "" {
		return ""
	}
	return n.Patron(id)
}

func (n Names) item(id circ.ItemID) string {
	if n.Item == nil || id == "" {
		return ""
	}
	return n.Item(id)
}

func (n Names) location(lib policy.LibraryID, id policy.LocationID) string {
	if n.Location != nil && id != "" {
		if name := n.Location(lib, id); name != "" {
			return name
		}
	}
	return string(id)
}

func (n Names) desk(id circ.DeskID) string {
	if n.Desk != nil && id != "" {
		if name := n.Desk(id); name != "" {
			return name
		}
	}
	return string(id)
}

func (n Names) library(id policy.LibraryID) string {
	if id == "" {
		return ""
	}
	if n.Library != nil {
		if name := n.Library(id); name != "" {
			return name
		}
	}
	return string(id)
}
