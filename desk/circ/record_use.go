package circ

import (
	"time"

	"circdesk/desk/policy"
)

// InHouse is one use of an item in the library. Each is a record of its own; how
// many there were is counted from them. Nobody stands in it.
type InHouse struct {
	ID       UseID             `json:"id"`
	Item     ItemID            `json:"item"`
	At       time.Time         `json:"at"`
	Desk     DeskID            `json:"desk,omitempty"`
	Library  policy.LibraryID  `json:"library,omitempty"` // where it was used
	Type     policy.ItemType   `json:"type,omitempty"`    // of the item, then
	Home     policy.LibraryID  `json:"home,omitempty"`    // of the item, then
	Location policy.LocationID `json:"location,omitempty"`
	Undone   time.Time         `json:"undone,omitzero"` // zero: it counts
}

func (r InHouse) Key() Key { return Key{KindUse, string(r.ID)} }
func (r InHouse) Index() []Line {
	if !r.Undone.IsZero() {
		return nil
	}
	return []Line{{UsesAt, string(r.Library), SortTime(r.At) + string(r.ID)}}
}
