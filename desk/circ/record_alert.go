package circ

import (
	"cmp"
	"time"
)

// Moment is when an alert is for.
type Moment string

// The moments.
const (
	AtLoan   Moment = "loan"   // a check-out or a renewal
	AtReturn Moment = "return" // a check-in
	AtBoth   Moment = "both"
)

// Alert is a text that a clerk must hear when an item or a patron is at the
// desk. It stands against nothing.
type Alert struct {
	ID       AlertID    `json:"id"`
	Patron   PatronID   `json:"patron,omitempty"` // whom it is about; empty: it is about Item
	Item     ItemID     `json:"item,omitempty"`
	Text     string     `json:"text"`
	Shown    Moment     `json:"shown"`
	At       time.Time  `json:"at"`
	Operator OperatorID `json:"operator,omitempty"` // who wrote it
	Until    time.Time  `json:"until,omitzero"`     // its last instant; zero: it does not end by itself
	Ended    time.Time  `json:"ended,omitzero"`     // zero: nobody has ended it
}

// stands reports whether an alert is neither ended nor over.
func (r Alert) stands(at time.Time) bool {
	return r.Ended.IsZero() && (r.Until.IsZero() || !at.After(r.Until))
}

// For reports whether the alert is shown at a moment.
func (r Alert) For(m Moment) bool { return r.Shown == m || r.Shown == AtBoth }

func (r Alert) Key() Key { return Key{KindAlert, string(r.ID)} }
func (r Alert) Index() []Line {
	sort := SortTime(r.At) + string(r.ID)
	switch {
	case !r.Ended.IsZero():
		return nil
	case r.Patron != "":
		return []Line{{AlertsOf, string(r.Patron), sort}}
	case r.Item != "":
		return []Line{{AlertsOfItem, string(r.Item), sort}}
	}
	return nil
}

// Alert gives an alert by its id.
func (c *Case) Alert(id AlertID) (Alert, bool) { return get[Alert](c, KindAlert, string(id)) }

// Alerts gives the alerts of a patron, and those of an item, that stand at the
// act's instant, oldest first; an empty id has none.
func (c *Case) Alerts(p PatronID, i ItemID) []Alert {
	return all(c, func(a Alert) bool {
		about := a.Patron == p
		if a.Patron == "" {
			about = a.Item == i && i != ""
		}
		return about && a.stands(c.Act.At)
	}, func(a, b Alert) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
}
