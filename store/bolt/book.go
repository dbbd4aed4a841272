package bolt

import (
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// stamp is a record's place in the feed, in front of its JSON.
const stampSize = 12

// stored is a record as it stands in the file. Of a sealed file the id stands
// with it, since the key does not show it.
type stored struct{ stamp, id, body []byte }

func (f *file) rowValue(r formed, turn uint64, pos uint32) []byte {
	v := f.newValue(stampSize + len(r.id) + 3 + len(r.body))
	v = binary.BigEndian.AppendUint64(v, turn)
	v = binary.BigEndian.AppendUint32(v, pos)
	if f.sealed {
		v = appendBytes(v, []byte(r.id))
	}
	return f.seal(bucketRows, r.key, append(v, r.body...))
}

func (f *file) openRow(key, v []byte) (s stored, err error) {
	b, err := f.open(bucketRows, key, v)
	if err == nil && len(b) < stampSize {
		err = errShort
	}
	if err != nil {
		return s, err
	}
	s.stamp, s.body = b[:stampSize], b[stampSize:]
	if f.sealed {
		s.id, s.body, err = cutBytes(s.body)
	}
	return s, err
}

// row reads the record under a key; the kind is in the key.
func (t *tx) row(key []byte) (circ.Row, error) {
	v, err := t.get(bucketRows, key)
	if v == nil || err != nil {
		return nil, err
	}
	if r, ok := t.f.decoded.get(key, v); ok {
		return r, nil
	}
	r, err := t.rowOf(key, v)
	if err != nil {
		return nil, err
	}
	return t.f.decoded.keep(key, v, r), nil
}

func (t *tx) rowOf(key, v []byte) (circ.Row, error) {
	kind, _ := readPart(key)
	id, whole := readPart(afterPart(key))
	s, err := t.f.openRow(key, v)
	var r circ.Row
	switch {
	case err != nil:
	case t.f.sealed:
		r, err = journal.DecodeRowOf(circ.Key{Kind: circ.Kind(kind), ID: string(s.id)}, s.body)
	case whole:
		r, err = journal.DecodeRowOf(circ.Key{Kind: circ.Kind(kind), ID: id}, s.body)
	default:
		r, err = journal.DecodeRow(circ.Kind(kind), s.body)
		if err == nil && !bytes.Equal(t.f.rowKey(r.Key()), key) {
			err = errors.New("it says to be another")
		}
	}
	if err != nil {
		return nil, t.damaged("%s %q: %v", kind, id, err)
	}
	return r, nil
}

// Read reads all wants.
func (t *tx) Read(ctx context.Context, wants []circ.Want) (rows [][]circ.Row, err error) {
	defer t.guard(&err, "read %d lookups", len(wants))
	rows = make([][]circ.Row, len(wants))
	for i, w := range wants {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if w.Index != "" {
			if rows[i], err = t.lookup(w); err != nil {
				return nil, err
			}
			continue
		}
		r, err := t.row(t.f.rowKey(w.Key))
		if err != nil {
			return nil, err
		}
		if r != nil {
			rows[i] = []circ.Row{r}
		}
	}
	return rows, nil
}

// A line of an index is a key: index, what it is looked up by, its place, and
// the key of the record. A line with a part too long for a key has all of them
// as its value, since only they say what the line is and where it belongs.

func (f *file) lineKey(l circ.Line, row []byte) []byte {
	if f.sealer != nil {
		return f.sealer.lineKey(l, row)
	}
	k := make([]byte, 0, len(l.Index)+len(l.Of)+len(l.Sort)+6+len(row))
	k = appendPart(k, string(l.Index))
	k = appendPart(k, l.Of)
	k = appendPart(k, l.Sort)
	return append(k, row...)
}

// lineValue is nil for lines whose key says it all, and in a sealed file for
// those whose record does.
func (f *file) lineValue(key []byte, l circ.Line, id string) []byte {
	if f.sealed && !l.Index.Begins() || !f.sealed && max(len(l.Of), len(l.Sort), len(id)) <= maxPart {
		return nil
	}
	v := f.newValue(len(l.Of) + len(l.Sort) + len(id) + 12)
	v = appendBytes(v, []byte(l.Of))
	v = appendBytes(v, []byte(l.Sort))
	return f.seal(bucketIndex, key, appendBytes(v, []byte(id)))
}

// line is a line that was found; what it says is read where it is needed.
type line struct {
	key, value         []byte
	row                []byte // key of the record
	of, sort, kind, id string
}

func (l line) long() bool { return len(l.value) > 0 }

// readLine reads what a line says.
func (t *tx) readLine(k, v []byte) (l line, err error) {
	l.key, l.value, l.row = k, v, rowOfLine(k)
	rest := afterPart(k)
	l.of, _ = readPart(rest)
	l.sort, _ = readPart(afterPart(rest))
	l.kind, _ = readPart(l.row)
	l.id, _ = readPart(afterPart(l.row))
	if !l.long() {
		return l, nil
	}
	b, err := t.f.open(bucketIndex, k, v)
	for _, part := range []*string{&l.of, &l.sort, &l.id} {
		var whole []byte
		if err == nil {
			whole, b, err = cutBytes(b)
		}
		*part = string(whole)
	}
	return l, err
}

func compareLines(a, b line) int {
	return cmp.Or(cmp.Compare(a.of, b.of), cmp.Compare(a.sort, b.sort), cmp.Compare(a.kind, b.kind), cmp.Compare(a.id, b.id))
}

// lookup gives the records of one want in an index.
func (t *tx) lookup(w circ.Want) ([]circ.Row, error) {
	find := t.lines
	switch {
	case t.f.sealed && !w.Index.Begins():
		return t.hiddenWhole(w)
	case t.f.sealed:
		find = t.hiddenBegins
	}
	lines, err := find(w)
	if err != nil {
		return nil, err
	}
	rows := make([]circ.Row, 0, len(lines))
	for _, l := range lines {
		r, err := t.row(l.row)
		if err != nil {
			return nil, err
		}
		if r == nil {
			kind, _ := readPart(l.row)
			id, _ := readPart(afterPart(l.row))
			return nil, t.damaged("index %s names %s %q, which is not there", w.Index, kind, id)
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// lines gives the lines of one want, in their order. Long lines stand in the
// file behind the short ones that begin alike, by their hash: they are read
// together and put in order here. They are good until the next lookup.
func (t *tx) lines(w circ.Want) ([]line, error) {
	prefix := appendPart(make([]byte, 0, len(w.Index)+len(w.ID)+len(w.After)+8), string(w.Index))
	if w.Index.Begins() {
		prefix = appendOpen(prefix, w.ID)
	} else {
		prefix = appendPart(prefix, w.ID)
	}
	from := prefix
	after := !w.Index.Begins() && w.After != ""
	if after {
		from = append(appendOpen(bytes.Clone(prefix), w.After), 0, endLong)
	}
	cut := w.Index.Begins() && len(w.ID) > maxPart // its key is the beginning of others too
	out, long := t.found[:0], false
	defer func() { t.found = out[:0] }()
	c, k, v, err := t.seek(bucketIndex, from)
	if err != nil {
		return nil, err
	}
	for ; bytes.HasPrefix(k, prefix); k, v = c.Next() {
		if len(out) >= w.N && len(v) == 0 {
			break
		}
		l := line{key: k, value: v, row: rowOfLine(k)}
		if l.long() || cut {
			if l, err = t.readLine(k, v); err != nil {
				return nil, t.damaged("line of index %s: %v", w.Index, err)
			}
			if l.long() && after && l.sort <= w.After || cut && !strings.HasPrefix(l.of, w.ID) {
				continue
			}
		}
		long = long || l.long()
		out = append(out, l)
	}
	if long {
		for i, l := range out {
			if out[i], err = t.readLine(l.key, l.value); err != nil {
				return nil, t.damaged("line of index %s: %v", w.Index, err)
			}
		}
		slices.SortStableFunc(out, compareLines)
	}
	return out[:min(len(out), max(w.N, 0))], nil
}

// Put replaces records, the lines of their indexes and their places in the feed; of a key
// that comes more than once the last counts.
func (t *tx) Put(_ context.Context, records []circ.Row) (err error) {
	defer t.guard(&err, "put %d records", len(records))
	records = last(records)
	if len(records) >= manyRows && !t.f.feeds() {
		return t.putMany(records)
	}
	for _, r := range records {
		f, err := t.f.form(r)
		if err != nil {
			return err
		}
		if err := t.putRow(f); err != nil {
			return err
		}
	}
	return nil
}

// formed is a record as it is kept.
type formed struct {
	key   []byte
	id    string
	body  []byte
	lines []circ.Line
}

// form gives a record as it is kept. Bytes that are no text become the
// replacement character in its JSON, and so in its lines; in its id they are an
// error.
func (f *file) form(r circ.Row) (formed, error) {
	k := r.Key()
	switch {
	case k.ID == "":
		return formed{}, fmt.Errorf("a record of kind %q: no id", k.Kind)
	case !utf8.ValidString(k.ID) || !utf8.ValidString(string(k.Kind)):
		return formed{}, fmt.Errorf("%s %q: its id is no text", k.Kind, k.ID)
	}
	body := journal.EncodeRow(r)
	if body == nil {
		return formed{}, fmt.Errorf("%s %q: it cannot be written as JSON", k.Kind, k.ID)
	}
	lines := r.Index()
	if slices.ContainsFunc(lines, func(l circ.Line) bool { return !utf8.ValidString(l.Of) || !utf8.ValidString(l.Sort) }) {
		back, err := journal.DecodeRowOf(k, body)
		if err != nil {
			return formed{}, err
		}
		lines = back.Index()
	}
	return formed{f.rowKey(k), k.ID, body, lines}, nil
}

// last gives the last record of each key, in the order in which they come last.
func last(records []circ.Row) []circ.Row {
	if len(records) < 2 {
		return records
	}
	at := make(map[circ.Key]int, len(records))
	for i, r := range records {
		at[r.Key()] = i
	}
	out := make([]circ.Row, 0, len(at))
	for i, r := range records {
		if at[r.Key()] == i {
			out = append(out, r)
		}
	}
	return out
}

func (t *tx) putRow(r formed) error {
	if t.f.loads.touched != nil {
		t.f.loads.touched[string(r.key)] = true
	}
	stale, err := t.forget(r.key)
	if err != nil {
		return err
	}
	turn, pos, err := t.place(r.key)
	if err != nil {
		return err
	}
	if err := t.put(bucketRows, r.key, t.f.rowValue(r, turn, pos)); err != nil {
		return err
	}
	for _, l := range r.lines {
		k := t.f.lineKey(l, r.key)
		if i := slices.IndexFunc(stale, func(s []byte) bool { return bytes.Equal(s, k) }); i >= 0 {
			stale = slices.Delete(stale, i, i+1)
			continue
		}
		if err := t.put(bucketIndex, k, t.f.lineValue(k, l, r.id)); err != nil {
			return err
		}
	}
	for _, k := range stale {
		if err := t.remove(bucketIndex, k); err != nil {
			return err
		}
	}
	return nil
}

// forget takes the old record under a key out of the feed and gives the lines
// under which it stands.
func (t *tx) forget(key []byte) (lines [][]byte, err error) {
	v, err := t.get(bucketRows, key)
	if v == nil || err != nil {
		return nil, err
	}
	s, err := t.f.openRow(key, v)
	kind, _ := readPart(key)
	if err != nil {
		id, _ := readPart(afterPart(key))
		return nil, t.damaged("%s %q: %v", kind, id, err)
	}
	if !circ.Kind(kind).Listed() {
		return nil, t.unfed(s)
	}
	old, ok := t.f.decoded.get(key, v) // who puts a record has mostly looked at it
	if !ok {
		if old, err = t.rowOf(key, v); err != nil {
			return nil, err
		}
	}
	for _, l := range old.Index() {
		lines = append(lines, t.f.lineKey(l, key))
	}
	return lines, t.unfed(s)
}

// unfed takes a record out of the feed.
func (t *tx) unfed(s stored) error {
	if !t.f.feeds() {
		return nil
	}
	return t.remove(bucketFeed, bytes.Clone(s.stamp))
}

// Drop takes records away, and the lines of their indexes; those that are not there
// are passed over. It is for caches: a feed has no line for what is not there.
func (t *tx) Drop(_ context.Context, keys []circ.Key) (err error) {
	defer t.guard(&err, "drop %d records", len(keys))
	for _, k := range keys {
		key := t.f.rowKey(k)
		lines, err := t.forget(key)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := t.remove(bucketIndex, l); err != nil {
				return err
			}
		}
		if have, err := t.get(bucketRows, key); err != nil {
			return err
		} else if have == nil {
			continue
		}
		if err := t.remove(bucketRows, key); err != nil {
			return err
		}
		if t.f.loads.touched != nil {
			t.f.loads.touched[string(key)] = true
		}
	}
	return nil
}
