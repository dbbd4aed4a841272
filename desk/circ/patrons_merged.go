package circ

import (
	"slices"
	"time"
)

// PatronsMerged: a person had two records; one is a pointer to the other from now on, and
// what stood under it stands under the one that is kept.
type PatronsMerged struct {
	Patron PatronID  `json:"patron" private:"yes"`
	Known  PatronID  `json:"known" private:"yes"`
	Moved  []Key     `json:"moved,omitempty" private:"yes"`
	Reach  Contact   `json:"reach,omitzero" private:"yes"` // what the record that is kept did not say
	At     time.Time `json:"at"`
	By     Hand      `json:"by,omitzero"`

	WasAliased bool `json:"was_aliased,omitempty"`
}

func (PatronsMerged) Name() string { return "patrons_merged" }
func (e PatronsMerged) Touches() []Key {
	return touch(append([]Key{e.Patron.key(), e.Known.key()}, e.Moved...)...)
}
func (e PatronsMerged) lacks(l *lacking) {
	l.patron(e.Known)
	l.belongings(e.Patron)
	if l.c.Was != nil { // what came of it since
		l.belongings(e.Known)
	}
}

func (e PatronsMerged) prepare(c *Case) Event {
	e.By, e.Moved = c.hand(), c.belongings(e.Patron)
	if p, ok := get[Patron](c, KindPatron, string(e.Known)); ok {
		e.WasAliased = p.Aliased
		if gone, ok := get[Patron](c, KindPatron, string(e.Patron)); ok {
			e.Reach = gone.reach().missingIn(p)
		}
	}
	return e
}

func (e PatronsMerged) apply(k Key, old Row) Row {
	p, ok := old.(Patron)
	switch {
	case e.Patron == e.Known:
		return nil
	case k == e.Patron.key() && ok:
		p.Merged, p.Changed = e.Known, e.By
		return p
	case k == e.Patron.key():
		return Patron{ID: e.Patron, Merged: e.Known, Changed: e.By}
	case k == e.Known.key() && ok:
		p.Aliased, p.Changed = true, e.By
		return e.Reach.to(p)
	}
	return under(old, e.Known)
}

// fit: what stands under the record by now goes with it, also what the desk did not know.
// One that is not there any more, or is somebody else's by now, stays as it is: people are
// made one by a person only.
func (e PatronsMerged) fit(f *fitting) {
	p, ok := f.c.Patron(e.Patron)
	kept, known := f.c.Patron(e.Known)
	switch {
	case !ok || !known || p.ID == kept.ID: // told by the command
	case p.ID != e.Patron:
		f.patronChanged(p)
	default:
		e.Known, e.At = kept.ID, f.when(e.At)
		f.emit(e)
	}
}

// retract gives back what was moved. Where there is something under the record that is
// kept that came of it since, a clerk is told so.
func (e PatronsMerged) retract(r *retraction) {
	p, ok := get[Patron](r.c, KindPatron, string(e.Patron))
	kept := r.c.known(e.Known)
	switch {
	case !ok:
	case p.Merged == "":
		r.object(Remark{Reason: UndoneAlready, Who: p.ID})
	case p.Merged != e.Known || kept != e.Known:
		k, _ := r.c.Patron(e.Patron)
		r.patronChanged(k)
	default:
		back, since := r.c.cameOf(e)
		k, _ := r.c.Patron(e.Known)
		if r.undo && since != (Hand{}) {
			r.object(Remark{Reason: ChangedSince, Who: k.ID, When: since.At, Desk: since.Desk})
			return
		}
		r.emit(PatronsUnmerged{Patron: e.Patron, Known: e.Known, Moved: back, Reach: e.Reach.emptied(k), Aliased: e.WasAliased})
	}
}

// cameOf gives the keys of what was moved and is there, and of the fees and payments that
// came of it since. Since says who made one of those, or used credit; zero: nobody.
func (c *Case) cameOf(e PatronsMerged) (back []Key, since Hand) {
	fees := map[FeeID]bool{}
	moved := func(k Key) bool { return slices.Contains(e.Moved, k) }
	for _, k := range e.Moved {
		if whose(c.record(k)) == e.Known {
			back = append(back, k)
		}
		if k.Kind == KindFee {
			fees[FeeID(k.ID)] = true
		}
	}
	for fee := range each[Fee](c) {
		if fee.Patron == e.Known && !moved(fee.Key()) && moved(fee.Loan.key()) && fee.Loan != "" {
			back, since, fees[fee.ID] = append(back, fee.Key()), Hand{fee.At, fee.Desk}, true
		}
	}
	for m := range each[Payment](c) {
		switch {
		case m.Patron != e.Known || moved(m.Key()):
		case m.Fee != "" && fees[m.Fee]:
			back, since = append(back, m.Key()), Hand{m.At, m.Desk}
		case m.Fee == "" && m.At.After(e.At):
			since = Hand{m.At, m.Desk}
		}
	}
	slices.SortFunc(back, compareKeys)
	return slices.Compact(back), since
}

// PatronsUnmerged: two records are of two people after all.
type PatronsUnmerged struct {
	none
	Patron  PatronID `json:"patron" private:"yes"`
	Known   PatronID `json:"known" private:"yes"`
	Moved   []Key    `json:"moved,omitempty" private:"yes"`
	Reach   Contact  `json:"reach,omitzero" private:"yes"` // of the one that was kept
	Aliased bool     `json:"aliased,omitempty"`            // another record points to it
	By      Hand     `json:"by,omitzero"`
}

func (PatronsUnmerged) Name() string { return "patrons_unmerged" }
func (e PatronsUnmerged) Touches() []Key {
	return touch(append([]Key{e.Patron.key(), e.Known.key()}, e.Moved...)...)
}
func (e PatronsUnmerged) fit(f *fitting)      { f.emit(e) }
func (e PatronsUnmerged) retract(*retraction) {}

func (e PatronsUnmerged) prepare(c *Case) Event {
	e.By = c.hand()
	return e
}

func (e PatronsUnmerged) apply(k Key, old Row) Row {
	p, ok := old.(Patron)
	switch {
	case e.Patron == e.Known:
		return nil
	case ok && k == e.Patron.key():
		p.Merged, p.Changed = "", e.By
		return p
	case ok && k == e.Known.key():
		p.Aliased, p.Changed = e.Aliased, e.By
		return e.Reach.to(p)
	}
	return under(old, e.Patron)
}
