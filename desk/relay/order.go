package relay

import (
	"context"
	"slices"
	"strconv"

	"circdesk/desk/journal"
)

// The relay keeps in which order it took the entries of the branch: each was decided by a
// desk that could have seen all those before it, and none of those behind it. So it is the
// order in which they are shown again after a start, and handed on.

// run is a piece of that order: entries of one chain, one after the other.
type run struct {
	place
	From uint64 `json:"from"`
	To   uint64 `json:"to"`
}

// order is the pieces in notes of the journal, so many in each: a note is written with
// the entries that it names, and no note grows with the length of an outage.
type order struct {
	first, next int // the numbers of the notes that there are: from first, before next
	notes       map[int][]run
}

const (
	noteOrder   = "relay order"
	runsPerNote = 64
)

func orderNote(n int) string { return noteOrder + "/" + strconv.Itoa(n) }

// span is the note that says which others there are.
type span struct {
	First int `json:"first"`
	Next  int `json:"next"`
}

func readOrder(ctx context.Context, n journal.Notes) (o order, err error) {
	o = order{notes: map[int][]run{}}
	var s span
	if err := journal.ReadNote(ctx, n, noteOrder, &s); err != nil {
		return o, err
	}
	o.first, o.next = s.First, s.Next
	for i := o.first; i < o.next; i++ {
		var runs []run
		if err := journal.ReadNote(ctx, n, orderNote(i), &runs); err != nil {
			return o, err
		}
		o.notes[i] = runs
	}
	return o, nil
}

// with gives the order with entries of one chain at its end, and the number of the note
// that is another one then. The order that there was stays as it is.
func (o order) with(at place, from, to uint64) (order, int) {
	out := order{o.first, o.next, make(map[int][]run, len(o.notes)+1)}
	for i, runs := range o.notes {
		out.notes[i] = runs
	}
	n := out.next - 1
	last := slices.Clone(out.notes[n])
	switch end := len(last) - 1; {
	case end >= 0 && last[end].place == at && last[end].To+1 == from:
		last[end].To = to
	case end >= 0 && len(last) < runsPerNote:
		last = append(last, run{at, from, to})
	default:
		n, last = out.next, []run{{at, from, to}}
		out.next++
	}
	out.notes[n] = last
	return out, n
}

// write writes one note, and which there are.
func (o order) write(ctx context.Context, tx journal.Notes, n int) error {
	if err := journal.WriteNote(ctx, tx, orderNote(n), o.notes[n]); err != nil {
		return err
	}
	return journal.WriteNote(ctx, tx, noteOrder, span{o.first, o.next})
}

// runs gives the pieces, the oldest first.
func (o order) runs() (out []run) {
	for i := o.first; i < o.next; i++ {
		out = append(out, o.notes[i]...)
	}
	return out
}

// without forgets the oldest notes, as far as all that they name is done. It gives the
// numbers of those that are not needed any more.
func (o order) without(done func(run) bool) (out order, gone []int) {
	out = order{o.first, o.next, map[int][]run{}}
	for out.first < out.next && !slices.ContainsFunc(o.notes[out.first], func(r run) bool { return !done(r) }) {
		gone = append(gone, out.first)
		out.first++
	}
	for i := out.first; i < out.next; i++ {
		out.notes[i] = o.notes[i]
	}
	return out, gone
}

// sorted puts entries, by chain and each in its order, in the order in which they were
// taken. Those of which that is not known come first, by their times.
func (o order) sorted(chains [][]journal.Entry) (out []journal.Entry) {
	at := map[place][]journal.Entry{}
	known := map[place]uint64{} // the first number of each whose place is known
	for _, r := range o.runs() {
		if from, ok := known[r.place]; !ok || r.From < from {
			known[r.place] = r.From
		}
	}
	var old [][]journal.Entry
	for _, es := range chains {
		if len(es) == 0 {
			continue
		}
		p := place{es[0].Act.Desk, es[0].Epoch}
		from, ok := known[p]
		n := slices.IndexFunc(es, func(e journal.Entry) bool { return ok && e.Seq >= from })
		if n < 0 {
			n = len(es)
		}
		at[p] = es[n:]
		if last := len(old) - 1; last >= 0 && len(old[last]) > 0 && old[last][0].Act.Desk == p.Desk {
			old[last] = append(slices.Clip(old[last]), es[:n]...) // a desk's epochs follow each other
		} else {
			old = append(old, es[:n])
		}
	}
	out = merged(old)
	for _, r := range o.runs() {
		es := at[r.place]
		n := 0
		for n < len(es) && es[n].Seq <= r.To {
			n++
		}
		out = append(out, es[:n]...)
		at[r.place] = es[n:]
	}
	for _, es := range chains { // none is, unless notes were lost
		if len(es) > 0 {
			p := place{es[0].Act.Desk, es[0].Epoch}
			out = append(out, at[p]...)
			at[p] = nil
		}
	}
	return out
}
