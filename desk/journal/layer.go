package journal

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"circdesk/desk/circ"
)

// A Layer is rows laid over a reader: what it has under a key is what is seen.
// A desk lays its pending entries over its cache.
//
// A Layer is not safe for concurrent use while it is changed.
type Layer struct {
	rows   map[circ.Key]circ.Row
	kinds  map[circ.Kind]int // how many rows there are of each
	lines  map[place][]lined // of the rows laid over
	covers map[place]int     // how many lines of rows under them there are
}

// lined is where a row stands in a place.
type lined struct {
	sort string
	key  circ.Key
}

// place is an index and what is looked up in it.
type place struct {
	index circ.Index
	of    string
}

// NewLayer gives an empty layer.
func NewLayer() *Layer {
	return &Layer{rows: map[circ.Key]circ.Row{}, kinds: map[circ.Kind]int{}, lines: map[place][]lined{}, covers: map[place]int{}}
}

// Len says how many rows are laid over.
func (l *Layer) Len() int { return len(l.rows) }

// Of gives the rows of a kind that are laid over, in no order.
func (l *Layer) Of(kind circ.Kind) (rows []circ.Row) {
	if l.kinds[kind] == 0 { // most that is laid over is of a few kinds
		return nil
	}
	for k, r := range l.rows {
		if k.Kind == kind {
			rows = append(rows, r)
		}
	}
	return rows
}

// Apply lays the events over the reader: the same [circ.Case.Apply] as anywhere.
func (l *Layer) Apply(ctx context.Context, under Reader, events []circ.Event) error {
	c := circ.NewCase(circ.Act{}, nil)
	c.Told = events
	var wants []circ.Want
	for _, e := range events {
		for _, k := range e.Touches() {
			wants = append(wants, circ.ByKey(k.Kind, k.ID))
		}
	}
	rows, err := l.Over(under).Read(ctx, wants)
	if err != nil {
		return fmt.Errorf("lay events over: %w", err)
	}
	for i, w := range wants {
		c.Add(w, rows[i])
	}
	for _, e := range events {
		c.Apply(e)
	}
	changes := c.Changes()
	for i, w := range wants { // what was read of a row that is not laid over yet is what lies under it
		if _, laid := l.rows[w.Key]; !laid {
			l.cover(rows[i])
		}
	}
	for _, r := range changes {
		l.put(r)
	}
	return nil
}

// Put lays rows over the reader.
func (l *Layer) Put(ctx context.Context, under Reader, rows []circ.Row) error {
	var wants []circ.Want
	for _, r := range rows {
		if k := r.Key(); l.rows[k] == nil {
			wants = append(wants, circ.ByKey(k.Kind, k.ID))
		}
	}
	covered, err := under.Read(ctx, wants)
	if err != nil {
		return fmt.Errorf("lay rows over: %w", err)
	}
	for _, found := range covered {
		l.cover(found)
	}
	for _, r := range rows {
		l.put(r)
	}
	return nil
}

// cover notes the lines of rows that others are laid over. A row that is noted
// and stays as it is does no harm: lookups read further than they must.
func (l *Layer) cover(rows []circ.Row) {
	for _, r := range rows {
		for _, line := range r.Index() {
			l.covers[place{line.Index, line.Of}]++
		}
	}
}

func (l *Layer) put(r circ.Row) {
	k := r.Key()
	if old := l.rows[k]; old == nil {
		l.kinds[k.Kind]++
	} else {
		for _, line := range old.Index() {
			p := place{line.Index, line.Of}
			if l.lines[p] = slices.DeleteFunc(l.lines[p], func(at lined) bool { return at.key == k }); len(l.lines[p]) == 0 {
				delete(l.lines, p)
			}
		}
	}
	l.rows[k] = r
	for _, line := range r.Index() {
		p := place{line.Index, line.Of}
		l.lines[p] = append(l.lines[p], lined{line.Sort, k})
	}
}

// Over gives a reader that sees the layer over what is under it.
func (l *Layer) Over(under Reader) Reader { return layered{l, under} }

type layered struct {
	l     *Layer
	under Reader
}

func (o layered) Read(ctx context.Context, wants []circ.Want) ([][]circ.Row, error) {
	if len(o.l.rows) == 0 {
		return o.under.Read(ctx, wants)
	}
	below := wants
	for i, w := range wants {
		if w.Index == "" {
			continue
		}
		if n := o.l.covered(w); n > 0 { // rows that the layer covers drop out of the page
			if &below[0] == &wants[0] {
				below = slices.Clone(wants)
			}
			below[i].N += n
		}
	}
	rows, err := o.under.Read(ctx, below)
	if err != nil {
		return nil, err
	}
	for i, w := range wants {
		if w.Index == "" {
			if r := o.l.rows[w.Key]; r != nil {
				rows[i] = []circ.Row{r}
			}
			continue
		}
		if !o.l.clear(w) {
			rows[i] = o.l.mix(w, rows[i])
		}
	}
	return rows, nil
}

// clear reports that the layer has nothing to do with what is looked up.
func (l *Layer) clear(w circ.Want) bool {
	p := place{w.Index, w.ID}
	return !w.Index.Begins() && len(l.lines[p]) == 0 && l.covers[p] == 0
}

// covered counts the lines under the layer that it covers in what is looked up.
func (l *Layer) covered(w circ.Want) int {
	if !w.Index.Begins() {
		return l.covers[place{w.Index, w.ID}]
	}
	n := 0
	for p, lines := range l.covers {
		if p.index == w.Index && strings.HasPrefix(p.of, w.ID) {
			n += lines
		}
	}
	return n
}

// mix puts the layer's rows among those found under it, in the index's order.
func (l *Layer) mix(w circ.Want, found []circ.Row) []circ.Row {
	if w.Index.Begins() {
		return l.mixBegun(w, found)
	}
	mine := slices.Clone(l.lines[place{w.Index, w.ID}])
	mine = slices.DeleteFunc(mine, func(at lined) bool { return w.After != "" && at.sort <= w.After })
	slices.SortFunc(mine, lined.compare)
	rest := make([]circ.Row, 0, len(found))
	for _, r := range found {
		if l.rows[r.Key()] == nil {
			rest = append(rest, r)
		}
	}
	rows := make([]circ.Row, 0, len(rest)+len(mine))
	for _, at := range mine { // they are few, and each has its place in what is in order
		n, _ := slices.BinarySearchFunc(rest, at, func(r circ.Row, at lined) int {
			sort, _ := circ.SortIn(r, w.Index, w.ID)
			return lined{sort, r.Key()}.compare(at)
		})
		rows = append(append(rows, rest[:n]...), l.rows[at.key])
		rest = rest[n:]
	}
	rows = append(rows, rest...)
	return rows[:min(len(rows), w.N)]
}

func (a lined) compare(b lined) int {
	return cmp.Or(cmp.Compare(a.sort, b.sort), cmp.Compare(a.key.Kind, b.key.Kind), cmp.Compare(a.key.ID, b.key.ID))
}

// mixBegun is mix for all places of an index that begin alike.
func (l *Layer) mixBegun(w circ.Want, found []circ.Row) []circ.Row {
	type placed struct {
		of string
		lined
		row circ.Row
	}
	var out []placed
	for _, r := range found {
		if l.rows[r.Key()] != nil {
			continue
		}
		for _, line := range r.Index() {
			if line.Index == w.Index && strings.HasPrefix(line.Of, w.ID) {
				out = append(out, placed{line.Of, lined{line.Sort, r.Key()}, r})
			}
		}
	}
	for p, lines := range l.lines {
		if p.index != w.Index || !strings.HasPrefix(p.of, w.ID) {
			continue
		}
		for _, at := range lines {
			if at.sort > w.After || w.After == "" {
				out = append(out, placed{p.of, at, l.rows[at.key]})
			}
		}
	}
	slices.SortFunc(out, func(a, b placed) int { return cmp.Or(cmp.Compare(a.of, b.of), a.compare(b.lined)) })
	out = slices.CompactFunc(out, func(a, b placed) bool { return a.of == b.of && a.lined == b.lined })
	rows := make([]circ.Row, 0, min(len(out), w.N))
	for _, p := range out[:min(len(out), w.N)] {
		rows = append(rows, p.row)
	}
	return rows
}
