package hubserver

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	fastjson "github.com/go-json-experiment/json/v1"

	"circdesk/desk/central"
	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// A shelf keeps snapshots in segments, as files. One is made when a desk asks and there
// is none that is new enough; all desks that ask take the same one. What was written
// since it was begun, the feed has. Segments are known by what they hold: what did not
// change between two snapshots has the same ones.
type shelf struct {
	dir string // empty: one of the machine's own, made when it is needed

	mu     sync.Mutex // what follows
	made   bool       // the folder is there, and holds nothing of an earlier process
	now    *edition   // the newest; nil: none
	before *edition   // the one before it, for those who are taking it
	making *making    // nil: nothing is being made
}

// edition is a snapshot that can be given.
type edition struct {
	began  time.Time
	rules  string // what no desk gets, as [policy.Copy.Name] says it
	all    central.Manifest
	shares []share // of each segment
}

// share says who gets a segment: the desks that get the items at home in a library;
// empty: all desks.
type share struct{ home policy.LibraryID }

// making is a snapshot on its way.
type making struct {
	rows atomic.Int64
	err  error
	done chan struct{}
}

// editionLasts is how long a snapshot is given before another one is made.
const editionLasts = time.Hour

// rawWalker is a [Walker] that gives records as they are kept.
type rawWalker interface {
	// WalkRaw gives at most n records after a key, in the order of their keys; the zero
	// Key is the beginning.
	WalkRaw(ctx context.Context, after circ.Key, n int) ([]segment.Row, error)
}

// Manifest gives the segments that a desk gets, with the cursor that it goes on from;
// making is not nil while they are made, and says how many rows are in them. said is
// the library where the desk says that it stands.
func (s *Server) Manifest(ctx context.Context, said policy.LibraryID) (m central.Manifest, made int, making bool, err error) {
	var of scope
	var rules *policy.Set
	err = s.Store.View(ctx, func(tx journal.HubTx) (err error) {
		if rules, err = s.policy(ctx, tx); err != nil {
			return err
		}
		of, err = s.scopeFor(ctx, tx, said)
		return err
	})
	if err != nil {
		return m, 0, false, err
	}
	e, now, err := s.shelf.take(s, rules.Copy())
	switch {
	case err != nil:
		return m, 0, false, fmt.Errorf("make a snapshot: %w", err)
	case e == nil:
		return m, now, true, nil
	}
	m = e.all
	m.Cursor = of.sign(m.Cursor)
	m.Segments = nil
	for i, seg := range e.all.Segments {
		if of.item(e.shares[i].home) {
			m.Segments = append(m.Segments, seg)
		}
	}
	return m, 0, false, nil
}

// take gives the newest snapshot; nil: it is being made, and has so many rows.
func (h *shelf) take(s *Server, c policy.Copy) (*edition, int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	rules := c.Name("")
	if e := h.now; e != nil && e.rules == rules && s.Now().Sub(e.began) < editionLasts && !s.Now().Before(e.began) {
		return e, 0, nil
	}
	if m := h.making; m != nil {
		select {
		case <-m.done:
			if h.making = nil; m.err != nil {
				return nil, 0, m.err
			}
		default:
		}
		return nil, int(m.rows.Load()), nil // who asks again begins another one, if that is due
	}
	if err := h.folder(); err != nil {
		return nil, 0, err
	}
	m := &making{done: make(chan struct{})}
	h.making = m
	go func() {
		e, err := s.edition(context.Background(), h, c, m)
		h.mu.Lock()
		if m.err = err; err == nil {
			h.now, h.before = e, h.now
		}
		h.sweep()
		close(m.done)
		h.mu.Unlock()
	}()
	return nil, 0, nil
}

// folder makes the folder, or empties it of what an earlier process left.
func (h *shelf) folder() (err error) {
	if h.made {
		return nil
	}
	if h.dir == "" {
		if h.dir, err = os.MkdirTemp("", "circdesk-segments-"); err != nil {
			return err
		}
	}
	if err := os.RemoveAll(h.dir); err != nil {
		return err
	}
	if err := os.MkdirAll(h.dir, 0o700); err != nil {
		return err
	}
	h.made = true
	return nil
}

// sweep removes segments that are of no snapshot any more. h.mu is held.
func (h *shelf) sweep() {
	keep := map[string]bool{}
	for _, e := range []*edition{h.now, h.before} {
		if e == nil {
			continue
		}
		for _, s := range e.all.Segments {
			keep[s.Hash] = true
		}
	}
	files, err := os.ReadDir(h.dir)
	if err != nil {
		return // the next one tries again
	}
	for _, f := range files {
		if !keep[f.Name()] {
			_ = os.Remove(filepath.Join(h.dir, f.Name()))
		}
	}
}

// open opens a segment; [central.ErrSegment] when it is not there.
func (h *shelf) open(hash string) (*os.File, error) {
	h.mu.Lock()
	dir, made := h.dir, h.made
	h.mu.Unlock()
	if !made || !segment.Named(hash) {
		return nil, central.ErrSegment
	}
	f, err := os.Open(filepath.Join(dir, hash))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, central.ErrSegment
	}
	return f, err
}

// close removes a folder of the machine's own.
func (h *shelf) close() {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.made {
		_ = os.RemoveAll(h.dir)
		h.made, h.now, h.before = false, nil, nil
	}
}

// Close forgets the snapshots. The store stays the caller's.
func (s *Server) Close() { s.shelf.close() }

// edition makes a snapshot.
func (s *Server) edition(ctx context.Context, h *shelf, c policy.Copy, m *making) (*edition, error) {
	e := &edition{began: s.Now(), rules: c.Name("")}
	p, err := newPacker(h.keep, c, e.began)
	if err != nil {
		return nil, err
	}
	err = s.Store.View(ctx, func(tx journal.HubTx) (err error) {
		e.all.At = e.began.UTC()
		if e.all.Cursor, err = newest(ctx, tx); err != nil {
			return err
		}
		if p.birth, err = birthKey(ctx, tx); err != nil {
			return err
		}
		e.all.Marks, err = marksOf(ctx, tx)
		return err
	})
	if err == nil {
		err = s.everyRow(ctx, func(r segment.Row) error {
			m.rows.Add(1)
			return p.put(r)
		})
	}
	if err == nil {
		err = p.end()
	}
	if err != nil {
		return nil, err
	}
	for _, part := range p.sorted() {
		e.all.Segments = append(e.all.Segments, part.Segment)
		e.shares = append(e.shares, part.share)
	}
	return e, nil
}

// keep makes a file of a segment.
func (h *shelf) keep(info segment.Info, b []byte) error {
	path := filepath.Join(h.dir, info.Hash)
	if _, err := os.Lstat(path); err == nil { // of an earlier snapshot
		return nil
	}
	if err := os.WriteFile(path+".new", b, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

// Pack makes segments of rows that come in the order of their kinds, and hands each to
// keep, once. It gives them in the order in which a desk takes them: what must not be
// missed is first. now says which blocks count. The rows are taken as they are: what a
// desk does not get is not among them.
func Pack(rows iter.Seq2[segment.Row, error], now time.Time, keep func(segment.Info, []byte) error) ([]central.Segment, error) {
	p, err := newPacker(keep, policy.Copy{}, now)
	if err != nil {
		return nil, err
	}
	for r, err := range rows {
		if err == nil {
			err = p.put(r)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := p.end(); err != nil {
		return nil, err
	}
	var out []central.Segment
	for _, part := range p.sorted() {
		out = append(out, part.Segment)
	}
	return out, nil
}

// newest gives the cursor of the end of the feed.
func newest(ctx context.Context, tx journal.HubTx) (string, error) {
	if w, ok := tx.(Walker); ok {
		return w.Newest(ctx)
	}
	for cursor := ""; ; {
		_, next, complete, err := tx.Since(ctx, cursor, pieceSize)
		if err != nil || complete {
			return next, err
		}
		cursor = next
	}
}

// marksOf gives how far the store has come with each epoch of each desk.
func marksOf(ctx context.Context, tx journal.HubTx) (out []circ.Mark, err error) {
	ids, err := readDesks(ctx, tx)
	if err != nil {
		return nil, err
	}
	for _, id := range ids {
		heads, err := tx.Heads(ctx, id)
		if err != nil {
			return nil, err
		}
		for _, m := range heads {
			out = append(out, circ.Mark{Desk: m.Desk, Epoch: m.Epoch, Seq: m.Seq})
		}
	}
	return out, nil
}

// before puts what is first before what is not.
func before(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// everyRow gives all rows in the order of their keys. Rows that are written meanwhile
// may be as they were or as they are.
func (s *Server) everyRow(ctx context.Context, put func(segment.Row) error) error {
	raw := false
	err := s.Store.View(ctx, func(tx journal.HubTx) error { _, raw = tx.(rawWalker); return nil })
	if err != nil {
		return err
	}
	if !raw {
		_, err := s.Snapshot(ctx, func(rows []circ.Row) error {
			for _, r := range rows {
				if err := put(segment.Row{Key: r.Key(), Body: journal.EncodeRow(r)}); err != nil {
					return err
				}
			}
			return nil
		})
		return err
	}
	for after := (circ.Key{}); ; {
		var rows []segment.Row
		err := s.Store.View(ctx, func(tx journal.HubTx) (err error) {
			rows, err = tx.(rawWalker).WalkRaw(ctx, after, pieceSize)
			return err
		})
		if err != nil || len(rows) == 0 {
			return err
		}
		for _, r := range rows {
			if err := put(r); err != nil {
				return err
			}
		}
		after = rows[len(rows)-1].Key
	}
}

// packer makes segments of rows that come in the order of their keys.
type packer struct {
	keep    func(segment.Info, []byte) error
	copy    policy.Copy
	birth   []byte // the key of the marks of birth dates
	now     time.Time
	zip     *segment.Writer
	drafts  map[lot]*segment.Draft
	blocked map[circ.PatronID]bool
	parts   []packed
}

// lot says which rows go into one segment.
type lot struct {
	first bool
	kind  circ.Kind // empty, of those that come first
	home  policy.LibraryID
}

type packed struct {
	central.Segment
	share share
}

func newPacker(keep func(segment.Info, []byte) error, c policy.Copy, now time.Time) (*packer, error) {
	zip, err := segment.NewWriter()
	return &packer{keep: keep, copy: c, now: now, zip: zip, drafts: map[lot]*segment.Draft{}, blocked: map[circ.PatronID]bool{}}, err
}

// put puts a row where it belongs. Blocks come before cards, and cards before patrons,
// as the order of the keys is.
func (p *packer) put(r segment.Row) error {
	l := lot{kind: r.Kind}
	switch r.Kind {
	case circ.KindBlock:
		b, err := readAs[circ.Block](r)
		if err != nil {
			return err
		}
		if b.Lifted.IsZero() && (b.Until.IsZero() || !p.now.After(b.Until)) {
			p.blocked[b.Patron], l.first = true, true
		}
	case circ.KindCard:
		c, err := readAs[circ.Card](r)
		if err != nil {
			return err
		}
		l.first = c.State != circ.CardValid || p.blocked[c.Patron]
	case circ.KindItem:
		i, err := readAs[circ.Item](r)
		if err != nil {
			return err
		}
		l.first, l.home = i.Staff != "" || i.Mark.State != "" || i.Held != "", home(i)
	case circ.KindPatron:
		l.first = p.blocked[circ.PatronID(r.ID)]
		return p.shorn(l, r, p.copy.Patrons)
	case circ.KindLoan:
		return p.shorn(l, r, p.copy.Loans)
	case circ.KindRequest:
		return p.shorn(l, r, p.copy.Requests)
	}
	return p.add(l, r)
}

// shorn puts what of a row desks get.
func (p *packer) shorn(l lot, r segment.Row, some bool) error {
	if !some {
		return p.add(l, r)
	}
	row, err := journal.DecodeRowOf(r.Key, r.Body)
	if err != nil {
		return err
	}
	if row = shorn(p.copy, p.birth, row); row == nil {
		return nil
	}
	return p.add(l, segment.Row{Key: r.Key, Body: journal.EncodeRow(row)})
}

// readAs reads a row as one of its kind. Its key is not looked at.
func readAs[R circ.Row](r segment.Row) (row R, err error) {
	if err := fastjson.Unmarshal(r.Body, &row); err != nil {
		return row, fmt.Errorf("read %s %q: %w", r.Kind, r.ID, err)
	}
	return row, nil
}

func (p *packer) add(l lot, r segment.Row) error {
	if l.first {
		l.kind = ""
	}
	d := p.drafts[l]
	if d == nil {
		d = new(segment.Draft)
		p.drafts[l] = d
	}
	if err := d.Add(r); err != nil {
		return err
	}
	if d.Full() {
		return p.pack(l, d)
	}
	return nil
}

// pack ends a segment.
func (p *packer) pack(l lot, d *segment.Draft) error {
	info, b := p.zip.End(d)
	p.parts = append(p.parts, packed{central.Segment{Info: info, First: l.first}, share{l.home}})
	return p.keep(info, b)
}

// sorted gives the segments, those that come first before the others.
func (p *packer) sorted() []packed {
	slices.SortStableFunc(p.parts, func(a, b packed) int { return before(a.First, b.First) })
	return p.parts
}

// end packs what is left, in an order that is always the same.
func (p *packer) end() error {
	for _, l := range slices.SortedFunc(maps.Keys(p.drafts), func(a, b lot) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.home, b.home), before(a.first, b.first))
	}) {
		if d := p.drafts[l]; d.Rows() > 0 {
			if err := p.pack(l, d); err != nil {
				return err
			}
		}
	}
	return nil
}
