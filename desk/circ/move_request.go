package circ

import "circdesk/desk/policy"

// MoveRequest changes the library where a request is collected, while no copy is kept for
// it yet. It keeps its place in the queue.
type MoveRequest struct {
	Request RequestID        `json:"request"`
	Pickup  policy.LibraryID `json:"pickup"`
}

func (MoveRequest) Name() string { return "move_request" }

func (k MoveRequest) lacks(l *lacking) { l.request(k.Request) }

func (k MoveRequest) decide(t *trial) {
	r, ok := t.c.Request(k.Request)
	switch {
	case !ok:
		t.refuse(Remark{Reason: UnknownThing, Text: string(k.Request)})
	case r.Stage.Over():
		t.refuse(Remark{Reason: RequestOver, Who: r.Patron})
	case r.Stage != Waiting:
		t.refuse(Remark{Reason: HeldAlready, Item: r.Copy, Who: r.Patron})
	case k.Pickup == "" || k.Pickup == r.Pickup:
		t.refuse(Remark{Reason: NothingGiven})
	default:
		t.emit(RequestMoved{Request: r.ID, Patron: r.Patron, Pickup: k.Pickup, By: t.c.hand()})
	}
}
