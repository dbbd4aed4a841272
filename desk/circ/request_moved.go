package circ

import "circdesk/desk/policy"

// RequestMoved: a request is collected at another library.
type RequestMoved struct {
	Request RequestID        `json:"request"`
	Patron  PatronID         `json:"patron" private:"yes"`
	Pickup  policy.LibraryID `json:"pickup"`
	By      Hand             `json:"by,omitzero"`

	WasPickup  policy.LibraryID `json:"was_pickup,omitempty"`
	WasChanged Hand             `json:"was_changed,omitzero"`
}

func (RequestMoved) Name() string       { return "request_moved" }
func (e RequestMoved) Touches() []Key   { return touch(e.Request.key()) }
func (e RequestMoved) lacks(l *lacking) { l.request(e.Request) }

func (e RequestMoved) prepare(c *Case) Event {
	if r, ok := c.Request(e.Request); ok {
		e.WasPickup, e.WasChanged = r.Pickup, r.Changed
	}
	return e
}

func (e RequestMoved) apply(_ Key, old Row) Row {
	r, ok := old.(Request)
	if !ok {
		return nil
	}
	r.Pickup, r.Changed = e.Pickup, e.By
	return r
}

// fit: a copy that is kept by now stays where it was put, and what others have moved
// meanwhile is moved once more, and looked at.
func (e RequestMoved) fit(f *fitting) {
	r, ok := f.c.Request(e.Request)
	switch {
	case !ok:
		f.object(Remark{Reason: UnknownThing, Text: string(e.Request)})
	case r.Stage.Over():
		f.object(Remark{Reason: RequestOver, Who: r.Patron})
	case r.Stage != Waiting:
		f.object(Remark{Reason: HeldAlready, Item: r.Copy, Who: r.Patron})
	default:
		if r.Pickup != e.WasPickup && r.Pickup != e.Pickup {
			f.object(Remark{Reason: ChangedSince, Who: r.Patron, When: r.Changed.At, Desk: r.Changed.Desk})
		}
		f.emit(e)
	}
}

func (e RequestMoved) retract(r *retraction) {
	q, ok := r.c.Request(e.Request)
	switch {
	case !ok:
	case q.Pickup != e.Pickup || q.Stage != Waiting: // a copy that was kept meanwhile, and is no more, changes nothing
		r.requestChanged(q)
	default:
		r.emit(RequestMoved{Request: e.Request, Patron: e.Patron, Pickup: e.WasPickup, By: e.WasChanged})
	}
}
