package desk

import (
	"context"
	"fmt"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// facts reads the desk's records within one look at them. The first error ends
// all reading; [Session.read] gives it.
//
// While it reads, the desk is locked for writing: nothing else is asked of the
// desk meanwhile, or it waits for itself. That is why the rules are here.
type facts struct {
	ctx   context.Context
	rules *policy.Set
	r     journal.Reader
	err   error
}

// read lets fn read the desk's facts.
func (s *Session) read(fn func(*facts)) error {
	f := &facts{ctx: s.ctx, rules: s.c.Desk.Policy()}
	err := s.c.Desk.View(s.ctx, func(r journal.Reader) error {
		f.r, f.err = r, nil
		fn(f)
		return f.err
	})
	if err != nil {
		return fmt.Errorf("read the facts of desk %s: %w", s.c.Desk.ID, err)
	}
	return nil
}

// rows reads all wants in one trip; nothing after an error.
func (f *facts) rows(wants ...circ.Want) [][]circ.Row {
	if f.err != nil || len(wants) == 0 {
		return make([][]circ.Row, len(wants))
	}
	rows, err := f.r.Read(f.ctx, wants)
	if err != nil || len(rows) != len(wants) {
		f.err = err
		return make([][]circ.Row, len(wants))
	}
	return rows
}

// of gives the rows of one kind.
func of[R circ.Row](rows []circ.Row) []R {
	out := make([]R, 0, len(rows))
	for _, r := range rows {
		if v, ok := r.(R); ok {
			out = append(out, v)
		}
	}
	return out
}

// one gives the record under a key.
func one[R circ.Row](f *facts, k circ.Kind, id string) (r R, ok bool) {
	if id == "" {
		return r, false
	}
	found := of[R](f.rows(circ.ByKey(k, id))[0])
	if len(found) == 0 {
		return r, false
	}
	return found[0], true
}

// many gives the records of some ids, in one trip.
func many[I ~string, R circ.Row](f *facts, k circ.Kind, ids []I) map[I]R {
	rows := byID(f, k, ids)
	out := make(map[I]R, len(rows))
	for id, r := range rows {
		if v, ok := r.(R); ok {
			out[id] = v
		}
	}
	return out
}

// byID gives the rows of some ids, in one trip. Of a thousand they are cheaper to keep
// than records, which are large and copied with each step.
func byID[I ~string](f *facts, k circ.Kind, ids []I) map[I]circ.Row {
	wants := make([]circ.Want, 0, len(ids))
	seen := make(map[I]bool, len(ids))
	for _, id := range ids {
		if id != "" && !seen[id] {
			seen[id] = true
			wants = append(wants, circ.ByKey(k, string(id)))
		}
	}
	out := make(map[I]circ.Row, len(wants))
	for _, rows := range f.rows(wants...) {
		for _, r := range rows {
			out[I(r.Key().ID)] = r
		}
	}
	return out
}

// index gives at most n records of an index.
func index[R circ.Row](f *facts, i circ.Index, id string, n int) []R {
	return of[R](f.rows(circ.In(i, id, n))[0])
}

// whole gives all rows of a list, read page by page to its end.
func (f *facts) whole(i circ.Index, id string) (all []circ.Row) {
	w := circ.In(i, id, listSize)
	for {
		rows := f.rows(w)[0]
		all = append(all, rows...)
		if len(rows) < listSize {
			return all
		}
		after, ok := circ.SortIn(rows[len(rows)-1], i, id)
		if !ok { // not a row of the list: it is the store's to say so
			return all
		}
		w.After = after
	}
}

// hops bounds how many pointers of merged patrons are followed.
const hops = 8

// patron gives a patron, following merged records.
func (f *facts) patron(id circ.PatronID) (circ.Patron, bool) {
	for range hops {
		p, ok := one[circ.Patron](f, circ.KindPatron, string(id))
		if !ok || p.Merged == "" {
			return p, ok && !p.Void
		}
		id = p.Merged
	}
	return circ.Patron{}, false
}

// card gives a card that was given out, and whose it is.
func (f *facts) card(number string) (circ.Card, circ.Patron, bool) {
	k, ok := one[circ.Card](f, circ.KindCard, number)
	if !ok || k.State == circ.CardVoid {
		return k, circ.Patron{}, false
	}
	p, ok := f.patron(k.Patron)
	return k, p, ok
}

// item gives the item of a barcode; of several, as the engine does, the one
// whose id comes first.
func (f *facts) item(barcode string) (it circ.Item, ok bool) {
	if barcode == "" {
		return it, false
	}
	for _, found := range index[circ.Item](f, circ.ByBarcode, barcode, 2) {
		if !ok || found.ID < it.ID {
			it, ok = found, true
		}
	}
	return it, ok
}

func (f *facts) title(id circ.TitleID) circ.Title {
	t, _ := one[circ.Title](f, circ.KindTitle, string(id))
	return t
}

// itemOf gives an item, following those that joined another.
func (f *facts) itemOf(id circ.ItemID) (circ.Item, bool) {
	for range hops {
		it, ok := one[circ.Item](f, circ.KindItem, string(id))
		if !ok || it.Merged == "" {
			return it, ok
		}
		id = it.Merged
	}
	return circ.Item{}, false
}

func (f *facts) titleOf(id circ.ItemID) circ.Title {
	it, ok := f.itemOf(id)
	if !ok {
		return circ.Title{}
	}
	return f.title(it.Title)
}

// book is an item with what a screen calls it. The zero book is not known.
type book struct {
	item           circ.Row
	title, barcode string
}

// books reads items and their titles. Records are large, and a patron may have a
// thousand: each is looked at once.
func (f *facts) books(ids []circ.ItemID) map[circ.ItemID]book {
	out := make(map[circ.ItemID]book, len(ids))
	known := make([]circ.ItemID, 0, len(ids))
	wants := make([]circ.Want, 0, len(ids))
	for _, id := range ids {
		if _, is := out[id]; id != "" && !is {
			out[id] = book{}
			known, wants = append(known, id), append(wants, circ.ByKey(circ.KindItem, string(id)))
		}
	}
	items := f.rows(wants...)
	titles := make([]circ.Want, len(known))
	for i, rows := range items {
		var it circ.Item
		if len(rows) > 0 {
			it, _ = rows[0].(circ.Item)
			out[known[i]] = book{item: rows[0], barcode: clean(it.Barcode)}
		}
		titles[i] = circ.ByKey(circ.KindTitle, string(it.Title))
	}
	for i, rows := range f.rows(titles...) {
		if len(rows) > 0 {
			t, _ := rows[0].(circ.Title)
			b := out[known[i]]
			b.title = clean(t.Title)
			out[known[i]] = b
		}
	}
	return out
}
