package circ

// AddItem makes a record for an item that nobody here knows, by the title that was
// typed: a book that is lent without a line, and was never in the copy. Where the
// barcode is known after all, the new record becomes a pointer to that item.
type AddItem struct {
	Barcode string `json:"barcode"`
	Title   string `json:"title"`
	Staff   string `json:"staff,omitempty"` // why whoever takes it back gives it to staff
}

func (AddItem) Name() string { return "add_item" }

func (k AddItem) lacks(l *lacking) {
	l.item("", k.Barcode)
	l.key(KindItem, NewID(l.c.Act.ID, KindItem, 0))
	l.key(KindTitle, NewID(l.c.Act.ID, KindTitle, 0))
}

func (k AddItem) decide(t *trial) {
	if k.Barcode == "" || k.Title == "" {
		t.refuse(Remark{Reason: NothingGiven})
		return
	}
	id := ItemID(t.newID(KindItem, 0))
	if known, ok := t.c.Item("", k.Barcode); ok && known.ID != id {
		t.emit(ItemAliased{Item: id, Known: known.ID})
		return
	}
	t.emit(k.added(t.c.Act, id))
}

// added gives what the act adds, under an id.
func (k AddItem) added(a Act, id ItemID) ItemAdded {
	title := Title{ID: TitleID(NewID(a.ID, KindTitle, 0)), Title: k.Title}
	return ItemAdded{
		Item:  Item{ID: id, Barcode: k.Barcode, Title: title.ID, Home: a.Library, Staff: k.Staff},
		Title: title, At: a.At,
	}
}
