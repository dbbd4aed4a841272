package circ

// TakeOff takes an item off the hold shelf. The request is over when its time
// was up; before that it waits again, in its old place.
type TakeOff struct {
	Item    ItemID `json:"item,omitempty"`
	Barcode string `json:"barcode,omitempty"`
}

func (TakeOff) Name() string { return "take_off" }

func (k TakeOff) lacks(l *lacking) {
	if it, ok := l.item(k.Item, k.Barcode); ok {
		l.queue(it.Title, func(r Request) bool { return r.takes(it) })
	}
}

func (k TakeOff) decide(t *trial) {
	act := t.c.Act
	it, ok := t.c.Item(k.Item, k.Barcode)
	if !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		return
	}
	seenSince(&asking{trial: t, it: it})
	r, held := t.c.Request(it.Held)
	if !held || r.Stage.Over() {
		t.refuse(Remark{Reason: NotHeld, Item: it.ID})
	}
	if t.stopped() {
		return
	}
	if q, ok := t.c.nextIn(it.Title, func(q Request) bool { return q.takes(it) && q.ID != r.ID }); ok {
		t.tell(Remark{Reason: NextWaits, Who: q.Patron, Item: it.ID})
	}
	if !r.Until.IsZero() && !act.At.Before(r.Until) {
		t.emit(RequestEnded{Request: r.ID, Item: it.ID, Patron: r.Patron, Stage: Expired, At: act.At})
	} else {
		t.emit(Untrapped{Request: r.ID, Item: it.ID})
	}
	t.home(it)
}
