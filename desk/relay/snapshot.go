package relay

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"circdesk/desk/central"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/segment"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// The relay gives its own facts to a desk whose copy is empty, in segments as the central
// server does. They wait with the relay's copy, sealed as that is, and say how old they are.

// shelf is what the relay has to give.
type shelf struct {
	mu     sync.Mutex // what follows
	now    *central.Manifest
	making *making // nil: nothing is being made
	work   sync.WaitGroup
}

type making struct {
	rows atomic.Int64
	done chan struct{}
	end  context.CancelFunc
	err  error
}

// parts is a copy with which segments may wait.
type parts interface {
	Part(name string) (segment.Part, error)
	KeepParts(names []string) error
}

// Manifest gives the segments of the relay's facts; making: they are being made, and so
// many rows are in them. A relay whose copy was never whole is [local.ErrNoFacts].
func (r *Relay) Manifest(ctx context.Context) (m central.Manifest, made int, making bool, err error) {
	facts, err := r.Desk.Facts(ctx)
	if err != nil {
		return m, 0, false, err
	}
	s := &r.shelf
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now != nil && s.now.Cursor == facts.Cursor && s.now.Epoch == facts.Epoch { // nothing has come since
		m = *s.now
		m.At = facts.At
		return m, 0, false, nil
	}
	if under := s.making; under != nil {
		select {
		case <-under.done:
			if s.making = nil; under.err != nil {
				return m, 0, false, under.err
			}
		default:
			return m, int(under.rows.Load()), true, nil
		}
	}
	s.begin(r)
	return m, 0, true, nil
}

// begin begins to make segments. s.mu is held.
func (s *shelf) begin(r *Relay) {
	ctx, end := context.WithCancel(context.Background())
	m := &making{done: make(chan struct{}), end: end}
	s.making = m
	s.work.Go(func() {
		defer end()
		made, err := r.segments(ctx, &m.rows)
		s.mu.Lock()
		defer s.mu.Unlock()
		if m.err = err; err == nil {
			s.now = &made
		}
		close(m.done)
	})
}

// triesToMake is how often segments are begun anew since something has come meanwhile.
const triesToMake = 5

// segments makes segments of one state of the copy.
func (r *Relay) segments(ctx context.Context, rows *atomic.Int64) (central.Manifest, error) {
	with, ok := r.Desk.Cache.(parts)
	if !ok {
		return central.Manifest{}, fmt.Errorf("make segments of the relay's facts: %w", errors.ErrUnsupported)
	}
	for range triesToMake {
		m, err := r.Desk.Facts(ctx)
		if err != nil {
			return m, err
		}
		rows.Store(0)
		m.Segments, err = hubserver.Pack(func(yield func(segment.Row, error) bool) {
			for row, err := range r.Desk.Rows(ctx) {
				if err == nil && row.Kind == circ.KindMark {
					m.Marks, err = withMark(m.Marks, row)
				}
				rows.Add(1)
				if !yield(row, err) {
					return
				}
			}
		}, r.Desk.Now(), func(info segment.Info, b []byte) error { return wait(with, info, b) })
		if err != nil {
			return m, fmt.Errorf("make segments of the relay's facts: %w", err)
		}
		after, err := r.Desk.Facts(ctx)
		if err != nil {
			return m, err
		}
		if after.Cursor != m.Cursor || after.Epoch != m.Epoch {
			continue // rows of two states
		}
		return m, with.KeepParts(namesOf(m))
	}
	return central.Manifest{}, errors.New("make segments of the relay's facts: they change all the time, so the central server answers")
}

func withMark(all []circ.Mark, raw segment.Row) ([]circ.Mark, error) {
	row, err := journal.DecodeRowOf(raw.Key, raw.Body)
	if m, ok := row.(circ.Mark); ok && err == nil {
		all = append(all, circ.Mark{Desk: m.Desk, Epoch: m.Epoch, Seq: m.Seq})
	}
	return all, err
}

func namesOf(m central.Manifest) (out []string) {
	for _, s := range m.Segments {
		out = append(out, s.Hash)
	}
	return out
}

// piece is how many bytes wait in one piece.
const piece = 256 << 10

// wait lets a segment wait with the copy.
func wait(with parts, info segment.Info, b []byte) (err error) {
	p, err := with.Part(info.Hash)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, p.Close()) }()
	if p.Whole() { // of an earlier time
		return nil
	}
	if err := p.Begin(); err != nil {
		return err
	}
	for some := range slices.Chunk(b, piece) {
		if err := p.Add(some); err != nil {
			return err
		}
	}
	return nil
}

// Segment gives the bytes of one of the segments; [central.ErrSegment] when it is not
// there any more.
func (r *Relay) Segment(_ context.Context, hash string) ([]byte, error) {
	s := &r.shelf
	s.mu.Lock()
	defer s.mu.Unlock()
	with, ok := r.Desk.Cache.(parts)
	if !ok || s.now == nil || !slices.Contains(namesOf(*s.now), hash) {
		return nil, central.ErrSegment
	}
	p, err := with.Part(hash)
	if err != nil {
		return nil, fmt.Errorf("read segment %.12s: %w", hash, err)
	}
	defer p.Close()
	if !p.Whole() { // the copy was made anew, and has forgotten them
		s.now = nil
		return nil, central.ErrSegment
	}
	return p.Packed()
}

// Close ends what the relay is doing by itself. The desk's files stay the caller's.
func (r *Relay) Close() {
	s := &r.shelf
	s.mu.Lock()
	if s.making != nil {
		s.making.end()
	}
	s.mu.Unlock()
	s.work.Wait()
}
