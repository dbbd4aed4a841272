package bolt

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"circdesk/desk/circ"
)

// The lines of a sealed file show the index, and of what they are looked up by no
// more than a keyed hash:
//
//	index that matches the whole, in the order of times:  index, hash of Of, Sort, record
//	another that matches the whole:                       index, hash of Of, hash of Sort, record
//	index that matches a beginning:                       index, hash of the first 3 bytes of Of, hash of the first 8 and of the line, record
//
// Lines of the first two have no value: what is hidden, and in which order they
// come, the records say. Those of the last have it as their value, sealed. A
// lookup by a beginning opens every line that has the first 3 or 8 bytes in
// common, and of fewer than 3 every line of the index; whoever has the file sees
// how many begin alike, and not how.

const (
	shortBegin = 3
	longBegin  = 8
	beginSize  = 8 // bytes of the hash of a beginning
)

func (s *sealer) lineKey(l circ.Line, row []byte) []byte {
	k := make([]byte, 0, len(l.Index)+len(l.Sort)+2*hiddenSize+16+len(row))
	k = appendPart(k, string(l.Index))
	if l.Index.Begins() {
		k = appendPart(k, s.begin(l.Index, l.Of, shortBegin))
		k = appendPart(k, s.begin(l.Index, l.Of, longBegin)+s.hidden("line "+string(l.Index), l.Of+"\x00"+l.Sort)[:beginSize])
		return append(k, row...)
	}
	k = appendPart(k, s.hidden("of "+string(l.Index), l.Of))
	if l.Index.Timed() {
		k = appendPart(k, l.Sort)
	} else {
		k = appendPart(k, s.hidden("sort "+string(l.Index), l.Sort))
	}
	return append(k, row...)
}

// begin hides the first n bytes of what is looked up by.
func (s *sealer) begin(i circ.Index, of string, n int) string {
	return s.hidden("begin "+string(i), of[:min(n, len(of))])[:beginSize]
}

// placed is a record and its place in an index.
type placed struct {
	sort string
	row  circ.Row
}

func comparePlaced(a, b placed) int {
	return cmp.Or(cmp.Compare(a.sort, b.sort), cmp.Compare(a.row.Key().Kind, b.row.Key().Kind), cmp.Compare(a.row.Key().ID, b.row.Key().ID))
}

// hiddenWhole gives the records of a want that matches the whole.
func (t *tx) hiddenWhole(w circ.Want) ([]circ.Row, error) {
	prefix := appendPart(nil, string(w.Index))
	prefix = appendPart(prefix, t.f.sealer.hidden("of "+string(w.Index), w.ID))
	from, timed := prefix, w.Index.Timed()
	if timed && w.After != "" {
		from = append(appendOpen(bytes.Clone(prefix), w.After), 0, endLong)
	}
	var keys [][]byte
	c, k, _, err := t.seek(bucketIndex, from)
	if err != nil {
		return nil, err
	}
	for last := ""; bytes.HasPrefix(k, prefix); k, _ = c.Next() {
		if timed {
			sort, whole := readPart(k[len(prefix):])
			if whole && len(keys) >= w.N && sort != last {
				break
			}
			last = sort
		}
		keys = append(keys, bytes.Clone(k))
	}
	all := make([]placed, 0, len(keys))
	for _, k := range keys {
		p, err := t.placed(w, k)
		if err != nil {
			return nil, err
		}
		if w.After == "" || p.sort > w.After {
			all = append(all, p)
		}
	}
	slices.SortFunc(all, comparePlaced)
	rows := make([]circ.Row, 0, len(all))
	for _, p := range all[:min(len(all), max(w.N, 0))] {
		rows = append(rows, p.row)
	}
	return rows, nil
}

// placed gives the record that a line names, and its place there.
func (t *tx) placed(w circ.Want, k []byte) (p placed, err error) {
	key := rowOfLine(k)
	if p.row, err = t.row(key); err != nil {
		return p, err
	}
	if p.row == nil {
		return p, t.damaged("index %s names a record that is not there", w.Index)
	}
	lines := slices.DeleteFunc(slices.Clone(p.row.Index()), func(l circ.Line) bool { return l.Index != w.Index || l.Of != w.ID })
	for _, l := range lines {
		if len(lines) == 1 || bytes.Equal(t.f.lineKey(l, key), k) {
			p.sort = l.Sort
			return p, nil
		}
	}
	return p, t.damaged("index %s names %s %q, which does not belong there", w.Index, p.row.Key().Kind, p.row.Key().ID)
}

// hiddenBegins gives the lines of a want that matches a beginning, in their order.
func (t *tx) hiddenBegins(w circ.Want) ([]line, error) {
	prefix := appendPart(nil, string(w.Index))
	if len(w.ID) >= shortBegin {
		prefix = appendPart(prefix, t.f.sealer.begin(w.Index, w.ID, shortBegin))
	}
	if len(w.ID) >= longBegin {
		prefix = appendOpen(prefix, t.f.sealer.begin(w.Index, w.ID, longBegin))
	}
	c, k, v, err := t.seek(bucketIndex, prefix)
	if err != nil {
		return nil, err
	}
	n := max(w.N, 0)
	var out []line
	for ; bytes.HasPrefix(k, prefix); k, v = c.Next() {
		l, err := t.readLine(k, v)
		if err != nil {
			return nil, t.damaged("line of index %s: %v", w.Index, err)
		}
		if !strings.HasPrefix(l.of, w.ID) {
			continue
		}
		out = append(out, l)
		if len(out) > 2*n+1024 { // those behind the first n are of no use
			slices.SortStableFunc(out, compareLines)
			out = slices.Clip(out[:n])
		}
	}
	slices.SortStableFunc(out, compareLines)
	return out[:min(len(out), n)], nil
}
