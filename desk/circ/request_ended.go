package circ

import "time"

// RequestEnded: nobody waits any more; a copy that was kept is free.
type RequestEnded struct {
	Request RequestID `json:"request"`
	Item    ItemID    `json:"item,omitempty"` // the copy that was kept
	Patron  PatronID  `json:"patron" private:"yes"`
	Stage   Stage     `json:"stage"` // Cancelled or Expired
	At      time.Time `json:"at"`
	By      Hand      `json:"by,omitzero"`

	WasRequest Kept `json:"was_request,omitzero"`
}

func (RequestEnded) Name() string     { return "request_ended" }
func (e RequestEnded) Touches() []Key { return touch(e.Request.key(), e.Item.key()) }
func (e RequestEnded) lacks(l *lacking) {
	l.request(e.Request)
}

func (e RequestEnded) apply(_ Key, old Row) Row {
	switch r := old.(type) {
	case Request:
		return r.set(Kept{Stage: e.Stage}, e.By)
	case Item:
		if r.Held == e.Request {
			r.Held = ""
			return r
		}
	}
	return nil
}

func (e RequestEnded) prepare(c *Case) Event {
	e.By = c.hand()
	if r, ok := c.Request(e.Request); ok {
		e.WasRequest = r.kept()
	}
	return e
}

// fit: a copy that was trapped meanwhile is free too.
func (e RequestEnded) fit(f *fitting) {
	r, ok := f.c.Request(e.Request)
	switch {
	case !ok:
		f.object(Remark{Reason: UnknownThing, Text: string(e.Request)})
	case r.Stage.Over():
		f.object(Remark{Reason: RequestOver, Who: r.Patron})
	default:
		e.Item = r.Copy
		f.emit(e)
	}
}

func (e RequestEnded) retract(r *retraction) {
	if e.WasRequest.Stage.Over() {
		return
	}
	it, _ := r.c.Item(e.Item, "")
	r.requeue(e.Request, e.Item, Kept{Stage: e.Stage}, e.WasRequest, it.Held == "" && it.Loan == "")
}

// Requeued: a request stands again as it stood before.
type Requeued struct {
	none
	Request RequestID `json:"request"`
	Item    ItemID    `json:"item,omitempty"` // the copy that it was taken from or gets back
	Kept    Kept      `json:"kept"`
	Patron  PatronID  `json:"patron,omitempty" private:"yes"` // whose it is now, where records were made one since; empty: whose it was
	By      Hand      `json:"by,omitzero"`
}

func (Requeued) Name() string          { return "requeued" }
func (e Requeued) Touches() []Key      { return touch(e.Request.key(), e.Item.key()) }
func (e Requeued) fit(f *fitting)      { f.emit(e) }
func (e Requeued) retract(*retraction) {}

func (e Requeued) prepare(c *Case) Event {
	e.By = c.hand()
	if r, ok := c.Request(e.Request); ok && e.Kept.Stage != Filled && e.Kept.Stage != Cancelled {
		if now := c.known(r.Patron); now != r.Patron {
			e.Patron = now
		}
	}
	return e
}

func (e Requeued) apply(_ Key, old Row) Row {
	switch r := old.(type) {
	case Request:
		if e.Patron != "" {
			r.Patron = e.Patron
		}
		return r.set(e.Kept, e.By)
	case Item:
		switch {
		case e.Kept.Copy == r.ID:
			r.Held = e.Request
		case r.Held == e.Request:
			r.Held = ""
		default:
			return nil
		}
		return r
	}
	return nil
}
