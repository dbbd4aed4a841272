package circ

import (
	"slices"
	"time"

	"circdesk/desk/policy"
)

// ItemState says what is wrong with an item that is not on loan. It travels: never
// renamed.
type ItemState string

// The states of an item; "" is the ordinary one.
const (
	ItemMissing   ItemState = "missing" // it is not where it should be, and was looked for
	ItemDamaged   ItemState = "damaged" // somebody has to look at it before it is lent
	ItemWithdrawn ItemState = "withdrawn"
)

// ItemMark is the state of an item, since when, and when it was looked for. The
// latest word counts.
type ItemMark struct {
	State  ItemState   `json:"state,omitempty"`
	At     time.Time   `json:"at,omitzero"`
	Desk   DeskID      `json:"desk,omitempty"`
	Text   string      `json:"text,omitempty"`
	Rounds []time.Time `json:"rounds,omitempty"` // of the search for what is missing, oldest first

	Library policy.LibraryID `json:"library,omitempty"` // where it was said; empty: where the item is at home
}

// since gives since when it is so: what is missing, since the first round of the
// search that is kept.
func (m ItemMark) since() time.Time {
	if m.State == ItemMissing && len(m.Rounds) > 0 {
		return m.Rounds[0]
	}
	return m.At
}

// unfit gives the mark of an item that is here and yet not to be shelved or lent; zero
// for any other. What was missing is here.
func (m ItemMark) unfit() ItemMark {
	switch m.State {
	case ItemDamaged, ItemWithdrawn:
		return m
	}
	return ItemMark{}
}

func (m ItemMark) same(o ItemMark) bool { return m.State == o.State && m.At.Equal(o.At) }

// ItemMarked: an item is missing, damaged, withdrawn, or there again.
type ItemMarked struct {
	Item    ItemID           `json:"item"`
	State   ItemState        `json:"state,omitempty"` // "": there again, as ever
	At      time.Time        `json:"at"`
	Desk    DeskID           `json:"desk,omitempty"`
	Text    string           `json:"text,omitempty"`
	Rounds  []time.Time      `json:"rounds,omitempty"`
	Library policy.LibraryID `json:"library,omitempty"`

	WasMark ItemMark `json:"was_mark,omitzero"`
}

func (ItemMarked) Name() string     { return "item_marked" }
func (e ItemMarked) Touches() []Key { return touch(e.Item.key()) }
func (ItemMarked) lacks(*lacking)   {}

func (e ItemMarked) prepare(c *Case) Event {
	if it, ok := c.Item(e.Item, ""); ok {
		e.WasMark = it.Mark
	}
	return e
}

func (e ItemMarked) mark() ItemMark {
	return ItemMark{e.State, e.At, e.Desk, e.Text, e.Rounds, e.Library}
}

func (e ItemMarked) apply(_ Key, old Row) Row {
	it, ok := old.(Item)
	if !ok || it.Mark.At.After(e.At) {
		return nil
	}
	it.Mark = e.mark()
	return it
}

// fit: the latest word counts; what was seen since is not missing.
func (e ItemMarked) fit(f *fitting) {
	e.At = f.when(e.At)
	it, ok := f.c.Item(e.Item, "")
	if ok && it.Mark.At.After(e.At) {
		f.object(Remark{Reason: ChangedSince, When: it.Mark.At, Desk: it.Mark.Desk, Item: it.ID})
		return
	}
	if e.State == ItemMissing && it.Seen.At.After(e.At) {
		return // the command's own checks say so
	}
	f.emit(e)
}

func (e ItemMarked) retract(r *retraction) {
	it, ok := r.c.Item(e.Item, "")
	switch {
	case !ok:
	case !it.Mark.same(e.mark()):
		r.object(Remark{Reason: ChangedSince, When: it.Mark.At, Desk: it.Mark.Desk, Item: it.ID})
	default:
		r.emit(ItemUnmarked{Item: e.Item, Mark: e.WasMark})
	}
}

// ItemUnmarked: what was said of an item is taken back.
type ItemUnmarked struct {
	none
	Item ItemID   `json:"item"`
	Mark ItemMark `json:"mark,omitzero"` // as it was before
}

func (ItemUnmarked) Name() string          { return "item_unmarked" }
func (e ItemUnmarked) Touches() []Key      { return touch(e.Item.key()) }
func (e ItemUnmarked) prepare(*Case) Event { return e }
func (e ItemUnmarked) fit(f *fitting)      { f.emit(e) }
func (e ItemUnmarked) retract(*retraction) {}

func (e ItemUnmarked) apply(_ Key, old Row) Row {
	it, ok := old.(Item)
	if !ok {
		return nil
	}
	it.Mark = e.Mark
	return it
}

// MarkItem says what is wrong with an item that is not on loan. Missing once more is
// a further round of the search.
type MarkItem struct {
	Item    ItemID    `json:"item,omitempty"`
	Barcode string    `json:"barcode,omitempty"`
	State   ItemState `json:"state"`
	Text    string    `json:"text,omitempty"`
}

func (MarkItem) Name() string       { return "mark_item" }
func (k MarkItem) lacks(l *lacking) { l.item(k.Item, k.Barcode) }

// mostRounds is how many rounds of a search are kept.
const mostRounds = 20

func (k MarkItem) decide(t *trial) {
	it, ok := t.c.Item(k.Item, k.Barcode)
	if !ok {
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
		return
	}
	seenSince(&asking{trial: t, it: it})
	if loan, out := t.c.Loan(it.Loan); out {
		t.refuse(Remark{Reason: OnLoanToOther, Who: loan.Patron, When: loan.Due, Item: it.ID})
	}
	known := k.State == ItemMissing || k.State == ItemDamaged || k.State == ItemWithdrawn
	switch {
	case !known:
		t.refuse(Remark{Reason: NothingGiven})
	case it.Mark.State == k.State && k.State != ItemMissing:
		t.refuse(Remark{Reason: MarkedAlready, Text: string(k.State), When: it.Mark.At, Item: it.ID})
	}
	if t.stopped() {
		return
	}
	e := ItemMarked{Item: it.ID, State: k.State, At: t.c.Act.At, Desk: t.c.Act.Desk, Text: k.Text, Library: t.c.Act.Library}
	if k.State == ItemMissing {
		e.Rounds = append(slices.Clone(it.Mark.Rounds), t.c.Act.At)
		e.Rounds = e.Rounds[max(len(e.Rounds)-mostRounds, 0):]
	}
	if it.Held != "" {
		t.emit(Untrapped{Request: it.Held, Item: it.ID})
	}
	t.emit(e)
}

// here says that an item was seen: what was missing is there again.
func (t *trial) here(it Item) {
	if it.Mark.State == ItemMissing {
		t.emit(ItemMarked{Item: it.ID, At: t.c.Act.At, Desk: t.c.Act.Desk})
		t.tell(Remark{Reason: WasMissing, When: it.Mark.At, Item: it.ID})
	}
}

// itemMarked: what is damaged or withdrawn is not lent without a word.
func itemMarked(a *asking) {
	if m := a.it.Mark.unfit(); m.State != "" {
		a.stands(Remark{Reason: NotInUse, Text: string(m.State), When: m.At, Item: a.it.ID})
	}
}
