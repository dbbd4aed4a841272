package circ

import (
	"time"

	"circdesk/desk/policy"
)

// Placed: a patron waits for a title, or for one copy of it.
type Placed struct {
	Request RequestID        `json:"request"`
	Title   TitleID          `json:"title"`
	Item    ItemID           `json:"item,omitempty"`
	Patron  PatronID         `json:"patron" private:"yes"`
	Pickup  policy.LibraryID `json:"pickup,omitempty"`
	At      time.Time        `json:"at"`
	Note    string           `json:"note,omitempty" private:"yes"`
	By      Hand             `json:"by,omitzero"`
}

func (Placed) Name() string       { return "placed" }
func (e Placed) Touches() []Key   { return touch(e.Request.key()) }
func (e Placed) lacks(l *lacking) { l.patron(e.Patron) }

func (e Placed) prepare(c *Case) Event {
	e.By = c.hand()
	return e
}

func (e Placed) apply(Key, Row) Row {
	return Request{ID: e.Request, Title: e.Title, Item: e.Item, Patron: e.Patron, Pickup: e.Pickup, At: e.At, Stage: Waiting, Note: e.Note, Changed: e.By}
}

func (e Placed) fit(f *fitting) {
	e.Patron, e.At = f.c.known(e.Patron), f.when(e.At)
	f.emit(e)
}

func (e Placed) retract(r *retraction) {
	q, ok := r.c.Request(e.Request)
	switch {
	case !ok:
	case q.Stage == Cancelled:
		r.object(Remark{Reason: UndoneAlready, Who: q.Patron})
	case q.Stage != Waiting:
		r.requestChanged(q)
		if !r.undo && q.Stage != Expired { // also when it was filled: that may be taken back too
			r.emit(RequestEnded{Request: q.ID, Item: q.Copy, Patron: q.Patron, Stage: Cancelled, At: r.c.Act.At})
		}
	default:
		r.emit(RequestEnded{Request: e.Request, Patron: e.Patron, Stage: Cancelled, At: r.c.Act.At})
	}
}
