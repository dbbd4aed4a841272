package circ

import "slices"

// SetParts says what belongs to an item; none: nobody asks any more.
type SetParts struct {
	Item    ItemID   `json:"item,omitempty"`
	Barcode string   `json:"barcode,omitempty"`
	Parts   []string `json:"parts,omitempty"`
}

func (SetParts) Name() string       { return "set_parts" }
func (k SetParts) lacks(l *lacking) { l.item(k.Item, k.Barcode) }

func (k SetParts) decide(t *trial) {
	it, ok := t.c.Item(k.Item, k.Barcode)
	parts := Parts(k.Parts)
	switch {
	case !ok:
		t.refuse(Remark{Reason: UnknownItem, Text: k.Barcode})
	case slices.Equal(parts, it.Parts):
		t.refuse(Remark{Reason: NothingGiven, Item: it.ID})
	default:
		t.emit(PartsSet{Item: it.ID, Parts: parts, By: t.c.hand()})
	}
}
