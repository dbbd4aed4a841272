package circ

import "time"

// Trapped: an item is kept for a request, on the hold shelf or on its way there.
type Trapped struct {
	Request RequestID `json:"request"`
	Item    ItemID    `json:"item"`
	Patron  PatronID  `json:"patron" private:"yes"`
	At      time.Time `json:"at"`
	Stage   Stage     `json:"stage"`          // OnShelf or Underway
	Until   time.Time `json:"until,omitzero"` // on the shelf
	By      Hand      `json:"by,omitzero"`

	WasRequest Kept      `json:"was_request,omitzero"`
	WasHeld    RequestID `json:"was_held,omitempty"`
}

func (Trapped) Name() string     { return "trapped" }
func (e Trapped) Touches() []Key { return touch(e.Request.key(), e.Item.key()) }
func (e Trapped) lacks(l *lacking) {
	l.request(e.Request)
	l.item(e.Item, "")
}

func (e Trapped) apply(_ Key, old Row) Row {
	switch r := old.(type) {
	case Request:
		return r.set(Kept{e.Stage, e.Item, e.Until}, e.By)
	case Item:
		r.Held = e.Request
		return r
	}
	return nil
}

func (e Trapped) prepare(c *Case) Event {
	e.By = c.hand()
	if r, ok := c.Request(e.Request); ok {
		e.WasRequest = r.kept()
	}
	if it, ok := c.Item(e.Item, ""); ok {
		e.WasHeld = it.Held
	}
	return e
}

func (e Trapped) fit(f *fitting) {
	e.At = f.when(e.At)
	r, ok := f.c.Request(e.Request)
	it, known := f.c.Item(e.Item, "")
	free := ok && (r.Stage == Waiting || !r.Stage.Over() && r.Copy == e.Item)
	if !free || !known || it.Loan != "" || it.Held != "" && it.Held != e.Request || it.Seen.At.After(e.At) {
		f.object(Remark{Reason: RequestGone, Who: e.Patron, Item: e.Item})
		return
	}
	f.emit(e)
}

func (e Trapped) retract(r *retraction) {
	q, ok := r.c.Request(e.Request)
	it, _ := r.c.Item(e.Item, "")
	if !ok {
		return
	}
	switch {
	case q.Stage != e.Stage || q.Copy != e.Item:
		r.requestChanged(q)
		return
	case it.Held != e.Request:
		r.changed(it)
		return
	}
	r.emit(Requeued{Request: e.Request, Item: e.Item, Kept: e.WasRequest})
}

// Untrapped: an item is no longer kept for a request, which waits again.
type Untrapped struct {
	Request RequestID `json:"request"`
	Item    ItemID    `json:"item"`
	By      Hand      `json:"by,omitzero"`

	WasRequest Kept `json:"was_request,omitzero"`
}

func (Untrapped) Name() string     { return "untrapped" }
func (e Untrapped) Touches() []Key { return touch(e.Request.key(), e.Item.key()) }
func (e Untrapped) lacks(l *lacking) {
	l.request(e.Request)
	l.item(e.Item, "")
}

func (e Untrapped) apply(_ Key, old Row) Row {
	switch r := old.(type) {
	case Request:
		if r.Copy == e.Item && !r.Stage.Over() {
			return r.set(Kept{Stage: Waiting}, e.By)
		}
	case Item:
		if r.Held == e.Request {
			r.Held = ""
			return r
		}
	}
	return nil
}

func (e Untrapped) prepare(c *Case) Event {
	e.By = c.hand()
	if r, ok := c.Request(e.Request); ok {
		e.WasRequest = r.kept()
	}
	return e
}

func (e Untrapped) fit(f *fitting) {
	r, _ := f.c.Request(e.Request)
	it, _ := f.c.Item(e.Item, "")
	if r.Copy == e.Item && !r.Stage.Over() || it.Held == e.Request {
		f.emit(e)
	}
}

func (e Untrapped) retract(r *retraction) {
	q, ok := r.c.Request(e.Request)
	it, _ := r.c.Item(e.Item, "")
	if !ok || e.WasRequest.Copy != e.Item {
		return
	}
	switch {
	case it.Held != "" || it.Loan != "":
		r.changed(it)
		return
	case q.Stage != Waiting:
		r.requestChanged(q)
		return
	}
	r.emit(Requeued{Request: e.Request, Item: e.Item, Kept: e.WasRequest})
}
