package circ

import (
	"time"

	"circdesk/desk/policy"
)

// Used: an item was used in the library.
type Used struct {
	none
	Use      UseID             `json:"use"`
	Item     ItemID            `json:"item"`
	At       time.Time         `json:"at"`
	Desk     DeskID            `json:"desk,omitempty"`
	Library  policy.LibraryID  `json:"library,omitempty"`
	Type     policy.ItemType   `json:"type,omitempty"`
	Home     policy.LibraryID  `json:"home,omitempty"`
	Location policy.LocationID `json:"location,omitempty"`
}

func (Used) Name() string          { return "used" }
func (e Used) Touches() []Key      { return touch(e.Use.key()) }
func (e Used) prepare(*Case) Event { return e }

func (e Used) apply(Key, Row) Row {
	return InHouse{ID: e.Use, Item: e.Item, At: e.At, Desk: e.Desk, Library: e.Library, Type: e.Type, Home: e.Home, Location: e.Location}
}

// fit: it was used, whatever became of it meanwhile.
func (e Used) fit(f *fitting) {
	e.At = f.when(e.At)
	f.emit(e)
}

func (e Used) retract(r *retraction) {
	u, ok := get[InHouse](r.c, KindUse, string(e.Use))
	switch {
	case !ok:
	case !u.Undone.IsZero():
		r.object(Remark{Reason: UndoneAlready, Item: e.Item})
	default:
		r.emit(Unused{Use: e.Use, Item: e.Item, At: r.c.Act.At})
	}
}

// Unused: a use is taken back, and counts no more.
type Unused struct {
	none
	Use  UseID     `json:"use"`
	Item ItemID    `json:"item"`
	At   time.Time `json:"at"`
}

func (Unused) Name() string          { return "unused" }
func (e Unused) Touches() []Key      { return touch(e.Use.key()) }
func (e Unused) prepare(*Case) Event { return e }
func (e Unused) fit(f *fitting)      { f.emit(e) }
func (e Unused) retract(*retraction) {}

func (e Unused) apply(_ Key, old Row) Row {
	u, ok := old.(InHouse)
	if !ok {
		return nil
	}
	u.Undone = e.At
	return u
}
