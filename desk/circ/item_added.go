package circ

import (
	"reflect"
	"slices"
	"time"

	"circdesk/desk/text"
)

// ItemAdded: there is a new item, of which no more is known than a title.
type ItemAdded struct {
	Item  Item      `json:"item"`
	Title Title     `json:"title"`
	At    time.Time `json:"at"`
}

func (ItemAdded) Name() string     { return "item_added" }
func (e ItemAdded) Touches() []Key { return touch(e.Item.ID.key(), e.Title.Key()) }
func (e ItemAdded) lacks(l *lacking) {
	if known, ok := l.item("", e.Item.Barcode); ok {
		l.key(KindTitle, string(known.Title))
	}
}
func (e ItemAdded) prepare(*Case) Event { return e }

func (e ItemAdded) apply(k Key, old Row) Row {
	if k.Kind == KindTitle {
		return e.Title
	}
	if it, ok := old.(Item); ok && it.Barcode != "" { // what became of it since stands
		return nil
	}
	return e.Item
}

// fit: a barcode that is known is that item's; the new record becomes a pointer to it.
// One that is not known is for somebody to catalogue.
func (e ItemAdded) fit(f *fitting) {
	known, ok := f.c.Item("", e.Item.Barcode)
	if !ok || known.ID == e.Item.ID {
		if !f.again {
			f.object(Remark{Reason: UnknownItem, Text: e.Item.Barcode, Item: e.Item.ID})
		}
		f.emit(e)
		return
	}
	if t, ok := f.c.Title(known.Title); !ok || text.Fold(t.Title) != text.Fold(e.Title.Title) {
		f.object(Remark{Reason: ItemKnown, Item: known.ID, Text: e.Title.Title})
	}
	f.emit(ItemAliased{Item: e.Item.ID, Known: known.ID})
}

func (e ItemAdded) retract(r *retraction) {
	it, ok := get[Item](r.c, KindItem, string(e.Item.ID))
	switch {
	case !ok || it.Merged != "":
	case it.Barcode == "":
		r.object(Remark{Reason: UndoneAlready, Item: it.ID})
	case it.Loan != "" || it.Held != "" || it.Seen != (Sighting{}):
		r.changed(it)
	case len(it.Pointers) > 0:
		by := it.Pointers[len(it.Pointers)-1].By
		r.object(Remark{Reason: ChangedSince, Item: it.ID, When: by.At, Desk: by.Desk})
	default:
		r.emit(ItemUnadded{Item: e.Item.ID, Title: e.Title.ID})
	}
}

// ItemUnadded: an item that was added never was.
type ItemUnadded struct {
	none
	Item  ItemID  `json:"item"`
	Title TitleID `json:"title"`
}

func (ItemUnadded) Name() string          { return "item_unadded" }
func (e ItemUnadded) Touches() []Key      { return touch(e.Item.key(), Key{KindTitle, string(e.Title)}) }
func (e ItemUnadded) prepare(*Case) Event { return e }
func (e ItemUnadded) fit(f *fitting)      { f.emit(e) }
func (e ItemUnadded) retract(*retraction) {}

func (e ItemUnadded) apply(_ Key, old Row) Row {
	switch r := old.(type) {
	case Item:
		return Item{ID: r.ID}
	case Title:
		return Title{ID: r.ID}
	}
	return nil
}

// ItemAliased: an item that was added at a desk was known already.
type ItemAliased struct {
	Item  ItemID `json:"item"`
	Known ItemID `json:"known"`
	By    Hand   `json:"by,omitzero"`   // zero: told by a version that did not say
	Over  bool   `json:"over,omitzero"` // its adding was taken back: nobody follows the pointer, which stays
}

func (ItemAliased) Name() string     { return "item_aliased" }
func (e ItemAliased) Touches() []Key { return touch(e.Item.key(), e.Known.key()) }

// retract: the known item keeps no pointer of an adding that never was.
func (e ItemAliased) retract(r *retraction) {
	known, _ := get[Item](r.c, KindItem, string(e.Known))
	if slices.ContainsFunc(known.Pointers, func(p Pointer) bool { return p.Item == e.Item }) {
		e.Over = true
		r.emit(e)
	}
}

func (e ItemAliased) lacks(l *lacking) {
	l.itemKey(e.Known)
	if k, adds := l.c.Act.Command.(AddItem); adds {
		k.added(l.c.Act, e.Known).lacks(l)
	}
}

func (e ItemAliased) prepare(c *Case) Event {
	e.By = c.hand()
	return e
}

// fit: where the adding of the item that was known has been taken back since, it is
// added again, by what was typed here: somebody has it in hand.
func (e ItemAliased) fit(f *fitting) {
	if e.Over {
		f.emit(e)
		return
	}
	known, ok := f.c.Item(e.Known, "")
	if k, adds := f.c.Act.Command.(AddItem); adds && ok && known.Barcode == "" {
		k.added(f.c.Act, known.ID).fit(f)
		known, _ = f.c.Item(e.Known, "")
	}
	if ok {
		e.Known = known.ID
	}
	if e.Known != e.Item {
		f.emit(e)
	}
}

func (e ItemAliased) apply(k Key, old Row) Row {
	it, ok := old.(Item)
	switch {
	case k == e.Item.key() && e.Over:
		return nil
	case k == e.Item.key():
		return Item{ID: e.Item, Merged: e.Known}
	case !ok || e.By == (Hand{}):
		return nil
	}
	it.Pointers = slices.DeleteFunc(slices.Clone(it.Pointers), func(p Pointer) bool { return p.Item == e.Item })
	if !e.Over {
		it.Pointers = append(it.Pointers, Pointer{e.Item, e.By})
	}
	if len(it.Pointers) == 0 {
		it.Pointers = nil
	}
	it.Pointers = it.Pointers[max(len(it.Pointers)-mostPointers, 0):]
	return it
}

// mostPointers bounds what an item keeps of others that point to it: the newest.
const mostPointers = 64

// knownItems gives a told event as it is of the items that are meant now, where a
// record that was added at a desk turned out to be another's.
func (c *Case) knownItems(e Event) Event {
	if count(c, func(i Item) bool { return i.Merged != "" }) == 0 {
		return e
	}
	switch Value(e).(type) {
	case ItemAdded, ItemUnadded, ItemAliased:
		return e
	}
	was := reflect.ValueOf(Value(e))
	if was.Kind() != reflect.Struct {
		return e
	}
	now := reflect.New(was.Type()).Elem()
	now.Set(was)
	if !c.meant(now) {
		return e
	}
	if known, ok := now.Interface().(Event); ok {
		return known
	}
	return e
}

// meant sets each item's id in a value to that of the item that is meant; false: none
// was another.
func (c *Case) meant(v reflect.Value) (other bool) {
	for i := range v.NumField() {
		f := v.Field(i)
		switch {
		case !f.CanSet():
		case f.Type() == reflect.TypeFor[ItemID]():
			if it, ok := c.Item(ItemID(f.String()), ""); ok && string(it.ID) != f.String() {
				f.SetString(string(it.ID))
				other = true
			}
		case f.Type() == reflect.TypeFor[Kept]():
			other = c.meant(f) || other
		}
	}
	return other
}
