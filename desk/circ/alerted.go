package circ

import "time"

// Alerted: somebody wrote what a clerk must hear when an item or a patron is at
// the desk.
type Alerted struct {
	Alert    AlertID    `json:"alert"`
	Patron   PatronID   `json:"patron,omitempty" private:"yes"`
	Item     ItemID     `json:"item,omitempty"`
	Text     string     `json:"text" private:"yes"`
	Shown    Moment     `json:"shown"`
	At       time.Time  `json:"at"`
	Operator OperatorID `json:"operator,omitempty"`
	Until    time.Time  `json:"until,omitzero"`
}

func (Alerted) Name() string          { return "alerted" }
func (e Alerted) Touches() []Key      { return touch(e.Alert.key()) }
func (e Alerted) lacks(l *lacking)    { l.patron(e.Patron) }
func (e Alerted) prepare(*Case) Event { return e }

func (e Alerted) apply(Key, Row) Row {
	return Alert{ID: e.Alert, Patron: e.Patron, Item: e.Item, Text: e.Text, Shown: e.Shown, At: e.At, Operator: e.Operator, Until: e.Until}
}

func (e Alerted) fit(f *fitting) {
	e.Patron = f.c.known(e.Patron)
	f.emit(e)
}

func (e Alerted) retract(r *retraction) {
	a, ok := r.c.Alert(e.Alert)
	switch {
	case !ok:
	case !a.Ended.IsZero():
		r.object(Remark{Reason: UndoneAlready, Who: a.Patron, Item: a.Item})
	default:
		r.emit(AlertEnded{Alert: e.Alert, Patron: e.Patron, Item: e.Item, At: r.c.Act.At})
	}
}

// AlertEnded: an alert is shown no more.
type AlertEnded struct {
	none
	Alert  AlertID   `json:"alert"`
	Patron PatronID  `json:"patron,omitempty" private:"yes"`
	Item   ItemID    `json:"item,omitempty"`
	At     time.Time `json:"at"`
}

func (AlertEnded) Name() string          { return "alert_ended" }
func (e AlertEnded) Touches() []Key      { return touch(e.Alert.key()) }
func (e AlertEnded) prepare(*Case) Event { return e }

func (e AlertEnded) apply(_ Key, old Row) Row {
	a, ok := old.(Alert)
	if !ok {
		return nil
	}
	a.Ended = e.At
	return a
}

func (e AlertEnded) fit(f *fitting) {
	if a, ok := f.c.Alert(e.Alert); ok && a.Ended.IsZero() {
		f.emit(e)
	}
}

func (e AlertEnded) retract(r *retraction) {
	a, ok := r.c.Alert(e.Alert)
	switch {
	case !ok:
	case !a.Ended.Equal(e.At):
		r.object(Remark{Reason: UndoneAlready, Who: a.Patron, Item: a.Item})
	default:
		r.emit(AlertRestored{Alert: e.Alert})
	}
}

// AlertRestored: an alert that was ended is shown again.
type AlertRestored struct {
	none
	Alert AlertID `json:"alert"`
}

func (AlertRestored) Name() string          { return "alert_restored" }
func (e AlertRestored) Touches() []Key      { return touch(e.Alert.key()) }
func (e AlertRestored) prepare(*Case) Event { return e }
func (e AlertRestored) fit(f *fitting)      { f.emit(e) }
func (e AlertRestored) retract(*retraction) {}

func (e AlertRestored) apply(_ Key, old Row) Row {
	a, ok := old.(Alert)
	if !ok {
		return nil
	}
	a.Ended = time.Time{}
	return a
}
