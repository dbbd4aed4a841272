package circ

import "slices"

// PartsSet: other parts belong to an item.
type PartsSet struct {
	none
	Item  ItemID   `json:"item"`
	Parts []string `json:"parts,omitempty"` // nil: none
	By    Hand     `json:"by,omitzero"`

	WasParts  []string `json:"was_parts,omitempty"`
	WasParted Hand     `json:"was_parted,omitzero"`
}

func (PartsSet) Name() string     { return "parts_set" }
func (e PartsSet) Touches() []Key { return touch(e.Item.key()) }

func (e PartsSet) prepare(c *Case) Event {
	if it, ok := c.Item(e.Item, ""); ok {
		e.WasParts, e.WasParted = it.Parts, it.Parted
	}
	return e
}

func (e PartsSet) apply(_ Key, old Row) Row {
	it, ok := old.(Item)
	if !ok {
		return nil
	}
	it.Parts, it.Parted = nil, e.By
	if len(e.Parts) > 0 {
		it.Parts = e.Parts
	}
	return it
}

// fit: what was told last stands; where others have changed it meanwhile, somebody
// must look at it.
func (e PartsSet) fit(f *fitting) {
	it, ok := f.c.Item(e.Item, "")
	if ok && !slices.Equal(it.Parts, e.WasParts) && !slices.Equal(it.Parts, e.Parts) {
		f.object(Remark{Reason: ChangedSince, When: it.Parted.At, Desk: it.Parted.Desk, Item: it.ID})
	}
	f.emit(e)
}

func (e PartsSet) retract(r *retraction) {
	it, ok := r.c.Item(e.Item, "")
	switch {
	case !ok:
	case !it.Parted.same(e.By) || !slices.Equal(it.Parts, e.Parts):
		r.object(Remark{Reason: ChangedSince, When: it.Parted.At, Desk: it.Parted.Desk, Item: it.ID})
	default:
		r.emit(PartsSet{Item: e.Item, Parts: e.WasParts, By: e.WasParted})
	}
}
