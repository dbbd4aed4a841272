package circ

import (
	"time"

	"circdesk/desk/policy"
)

// Stage is where a request stands. It travels: never renamed.
type Stage string

// The stages of a request.
const (
	Waiting   Stage = "waiting"   // in the queue of its title
	Underway  Stage = "transit"   // a copy is on its way to the pickup library
	OnShelf   Stage = "shelf"     // a copy waits on the hold shelf
	Filled    Stage = "filled"    // the patron has it
	Cancelled Stage = "cancelled" // nobody wants it any more
	Expired   Stage = "expired"   // not collected in time
)

// Over reports whether nothing further happens to a request at this stage.
func (s Stage) Over() bool { return s == Filled || s == Cancelled || s == Expired }

// Request asks for a title, or for one copy of it.
type Request struct {
	ID     RequestID        `json:"id"`
	Title  TitleID          `json:"title"`
	Item   ItemID           `json:"item,omitempty"` // only this copy; empty: any
	Patron PatronID         `json:"patron"`
	Pickup policy.LibraryID `json:"pickup,omitempty"`
	At     time.Time        `json:"at"`
	Stage  Stage            `json:"stage"`
	Copy   ItemID           `json:"copy,omitempty"` // the copy kept for it
	Until  time.Time        `json:"until,omitzero"` // kept on the shelf until then
	Note   string           `json:"note,omitempty"`

	Changed Hand `json:"changed,omitzero"`
}

func (r Request) Key() Key { return Key{KindRequest, string(r.ID)} }
func (r Request) Index() []Line {
	if r.Stage.Over() {
		return nil
	}
	lines := []Line{{RequestsOf, string(r.Patron), SortTime(r.At) + string(r.ID)}}
	switch r.Stage {
	case Waiting:
		lines = append(lines, Line{QueueOf, string(r.Title), r.Place()})
	case OnShelf:
		lines = append(lines, Line{ShelfOf, string(r.Pickup), SortTime(r.Until) + string(r.ID)})
	}
	return lines
}

// Place is the request's place in its title's queue: first come, first served.
func (r Request) Place() string { return SortTime(r.At) + string(r.ID) }

// takes reports whether the request can be filled by the item.
func (r Request) takes(it Item) bool {
	return r.Title == it.Title && (r.Item == "" || r.Item == it.ID)
}
