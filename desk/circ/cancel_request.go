package circ

// CancelRequest ends a request that nobody wants any more. A copy kept for it
// is free again, and has to be fetched from the hold shelf.
type CancelRequest struct {
	Request RequestID `json:"request"`
}

func (CancelRequest) Name() string { return "cancel_request" }

func (k CancelRequest) lacks(l *lacking) { l.request(k.Request) }

func (k CancelRequest) decide(t *trial) {
	r, ok := t.c.Request(k.Request)
	switch {
	case !ok:
		t.refuse(Remark{Reason: UnknownThing, Text: string(k.Request)})
	case r.Stage.Over():
		t.refuse(Remark{Reason: RequestOver, Who: r.Patron})
	default:
		if r.Copy != "" {
			t.tell(Remark{Reason: ShelfStill, Item: r.Copy})
		}
		t.emit(RequestEnded{Request: r.ID, Item: r.Copy, Patron: r.Patron, Stage: Cancelled, At: t.c.Act.At})
	}
}
