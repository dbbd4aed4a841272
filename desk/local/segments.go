package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// A Renewer is a copy that can be made anew, beside the one that is there, of segments
// that wait with it.
type Renewer interface {
	// Part opens what has come of a segment, by its hash.
	Part(name string) (segment.Part, error)
	// KeepParts forgets the segments that wait, but for some.
	KeepParts(names []string) error
	// Renew makes the copy of the segments and of notes, puts it in the place of the one
	// that is there, which serves until then, and forgets the segments.
	Renew(ctx context.Context, names []string, notes map[string][]byte, progress func(rows int)) error
}

// Progress hears how far a fill is. Nil fields are not called.
type Progress struct {
	Filling func(Filling)
	// First: the desk knows what must not be missed.
	First func(rows int)
	// Again: what came of a segment was not what it should be, and is fetched again.
	Again func(hash string)
}

// Filling is how far a fill is: the central system puts rows together, they come, and
// when all have come they are kept. What nobody knows is 0.
type Filling struct {
	Making   int   // rows that the central system has put together; nothing has come yet
	Came     int   // rows that came
	Kept     int   // rows that stand in the copy that is made
	All      int   // rows that will come
	Bytes    int64 // that came of the packed rows
	AllBytes int64 // that will come
}

// tries is how often a segment is fetched whose bytes are not what they should be.
const tries = 3

// errOtherBytes says that a segment never came as it should.
var errOtherBytes = errors.New("what comes is not what was announced")

// FillSegments fills a copy that has reached nothing yet from segments. What has come
// when it fails waits for the next time, also over a restart: it goes on with the
// segment it was in. The copy that is there serves until the new one is whole, and
// learns at once what must not be missed. filled is false, without an error, when the
// copy has reached something or is no [Renewer]. errors.ErrUnsupported: the system
// gives no segments.
func (d *Desk) FillSegments(ctx context.Context, s central.Segmenter, told Progress) (filled bool, err error) {
	r, ok := d.Cache.(Renewer)
	if !ok {
		return false, errors.ErrUnsupported
	}
	d.taking.Lock()
	defer d.taking.Unlock()
	if at, err := d.Cursor(ctx); err != nil || at != "" {
		return false, err
	}
	told = told.whole()
	m, err := s.Manifest(ctx, func(rows int) { told.Filling(Filling{Making: rows}) })
	if err == nil {
		err = d.fillFrom(ctx, s, r, m, told)
	}
	if err != nil {
		return false, fmt.Errorf("fill the copy of desk %s: %w", d.ID, err)
	}
	return true, nil
}

func (p Progress) whole() Progress {
	if p.Filling == nil {
		p.Filling = func(Filling) {}
	}
	if p.First == nil {
		p.First = func(int) {}
	}
	if p.Again == nil {
		p.Again = func(string) {}
	}
	return p
}

func (d *Desk) fillFrom(ctx context.Context, s central.Segmenter, r Renewer, m central.Manifest, told Progress) error {
	var names []string
	for _, seg := range m.Segments {
		names = append(names, seg.Hash)
	}
	if err := r.KeepParts(names); err != nil {
		return err
	}
	far := Filling{All: m.Rows(), AllBytes: m.Size()}
	told.Filling(far)
	var first []string
	for i, seg := range m.Segments {
		behind := far.Bytes
		if err := fetch(ctx, s, r, seg, told.Again, func(came int64) {
			if came += behind; came-far.Bytes >= far.AllBytes/steps {
				far.Bytes = came
				told.Filling(far)
			}
		}); err != nil {
			return err
		}
		far.Came, far.Bytes = far.Came+seg.Rows, behind+seg.Size
		told.Filling(far)
		if seg.First {
			first = append(first, seg.Hash)
		}
		if next := i + 1; seg.First && (next == len(m.Segments) || !m.Segments[next].First) {
			if err := d.learn(ctx, r, first, told); err != nil {
				return err
			}
		}
	}
	at, notes, err := d.notesOf(ctx, m)
	if err != nil {
		return err
	}
	if err := r.Renew(ctx, names, notes, func(made int) {
		far.Kept = made
		told.Filling(far)
	}); err != nil {
		return err
	}
	d.marking.Lock() // what was heard since the copies changed places was read in one of them
	defer d.marking.Unlock()
	d.readNames()
	d.mu.Lock()
	if m.At.After(d.copied) {
		d.copied = m.At
	}
	others := d.works.chains()
	d.mu.Unlock()
	var home map[chainOf]uint64
	if err := d.Cache.View(ctx, func(tx journal.CacheTx) (err error) {
		home, err = readHome(ctx, tx, others)
		return err
	}); err != nil {
		return err
	}
	d.cameHome(home)
	if err := d.reached(ctx, at, true); err != nil {
		return err
	}
	return d.renew(ctx)
}

// steps is in how many steps it is told at least what has come.
const steps = 200

// fetch fetches what is missing of a segment. told hears how many bytes of it are there,
// again when they had to come anew.
func fetch(ctx context.Context, s central.Segmenter, r Renewer, seg central.Segment, again func(hash string), told func(bytes int64)) (err error) {
	p, err := r.Part(seg.Hash)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	for try := 1; !p.Whole(); try++ {
		if p.Size() >= seg.Size { // all has come, and it is something else
			if try > tries {
				return fmt.Errorf("segment %.12s: %w", seg.Hash, errOtherBytes)
			}
			if again(seg.Hash); p.Size() > 0 {
				if err := p.Begin(); err != nil {
					return err
				}
			}
		}
		if err := s.Segment(ctx, seg.Hash, p.Size(), func(b []byte) error {
			if p.Size()+int64(len(b)) > seg.Size {
				return fmt.Errorf("segment %.12s: more than its %d bytes came: %w", seg.Hash, seg.Size, errOtherBytes)
			}
			if err := p.Add(b); err != nil {
				return err
			}
			told(p.Size())
			return nil
		}); err != nil {
			return err
		}
		if p.Size() < seg.Size {
			return fmt.Errorf("segment %.12s was cut off behind %d of %d bytes", seg.Hash, p.Size(), seg.Size)
		}
	}
	return nil
}

// learned is how many rows are put at once.
const learned = 2000

// learn puts the rows of segments into the copy that is there, where they are what the
// central system knew last.
func (d *Desk) learn(ctx context.Context, r Renewer, names []string, told Progress) error {
	unpack, err := segment.NewReader()
	if err != nil {
		return err
	}
	defer unpack.Close()
	n := 0
	var rows []circ.Row
	put := func() error {
		n += len(rows)
		err := d.Cache.Update(ctx, func(tx journal.CacheTx) error { return tx.Put(ctx, rows) })
		rows = rows[:0]
		return err
	}
	for _, name := range names {
		packed, err := packedOf(r, name)
		if err != nil {
			return err
		}
		for raw, err := range unpack.Rows(packed) {
			if err != nil {
				return err
			}
			row, err := journal.DecodeRowOf(raw.Key, raw.Body)
			if err != nil {
				return err
			}
			if rows = append(rows, row); len(rows) == learned {
				if err := put(); err != nil {
					return err
				}
			}
		}
	}
	if err := put(); err != nil {
		return err
	}
	d.mu.Lock()
	d.movedOn()
	d.mu.Unlock()
	told.First(n)
	return d.renew(ctx)
}

func packedOf(r Renewer, name string) (b []byte, err error) {
	p, err := r.Part(name)
	if err != nil {
		return nil, err
	}
	b, err = p.Packed()
	return b, errors.Join(err, p.Close())
}

// notesOf gives the notes of a copy that is made of a snapshot, and how far it has come
// with this desk's entries: as far as the system had when it began.
func (d *Desk) notesOf(ctx context.Context, m central.Manifest) (at marks, notes map[string][]byte, err error) {
	at = marks{}
	for _, k := range m.Marks {
		if k.Desk == d.ID {
			at[k.Epoch] = k.Seq
		}
	}
	v, err := json.Marshal(at)
	if err != nil {
		return nil, nil, err
	}
	given := map[string][]byte{noteEpoch: []byte(m.Epoch), noteBirth: m.Birth} // else what the greeting brought
	notes = map[string][]byte{noteCursor: []byte(m.Cursor), noteMarks: v, noteCopied: []byte(m.At.UTC().Format(time.RFC3339))}
	err = d.Cache.View(ctx, func(tx journal.CacheTx) error {
		for name, v := range given {
			if len(v) == 0 {
				if v, err = tx.Note(ctx, name); err != nil {
					return err
				}
			}
			if v != nil {
				notes[name] = v
			}
		}
		return nil
	})
	return at, notes, err
}
