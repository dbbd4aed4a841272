package hubserver

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// record is what the store keeps of a desk beside its entries, as JSON.
type record struct {
	Desk     circ.DeskID        `json:"desk"`
	Name     string             `json:"name,omitempty"` // for people; empty: its id
	Library  string             `json:"library,omitempty"`
	Version  string             `json:"version,omitempty"`
	Key      []byte             `json:"key,omitempty"` // Ed25519; empty: it is not enrolled
	Enrolled time.Time          `json:"enrolled,omitzero"`
	Ends     time.Time          `json:"ends,omitzero"`
	Revoked  time.Time          `json:"revoked,omitzero"`
	Fresh    bool               `json:"fresh,omitempty"`   // enrolled since: a lost journal may begin anew
	Granted  uint64             `json:"granted,omitempty"` // the newest epoch that it was given
	Leases   map[uint64]lease   `json:"leases,omitempty"`  // by epoch
	Back     map[uint64]uint64  `json:"back,omitempty"`    // entries up to it come again, by epoch
	Seen     time.Time          `json:"seen,omitzero"`
	Last     journal.Place      `json:"last,omitzero"` // as announced then
	Left     int                `json:"left,omitempty"`
	Had      uint64             `json:"had,omitempty"` // the entries of that epoch up to it were not among those left
	Notes    []central.DeskNote `json:"notes,omitempty"`
	Relay    bool               `json:"relay,omitempty"`
	Via      circ.DeskID        `json:"via,omitempty"` // the relay that brought entries of it last
	ViaAt    time.Time          `json:"via_at,omitzero"`
}

// lease is what was set last.
type lease struct {
	N   uint64 `json:"n"`
	Now string `json:"now"`
	Was string `json:"was,omitempty"`
}

// mostNotes is how many notes of a desk are kept.
const mostNotes = 50

func (r *record) note(n central.DeskNote) {
	if len(r.Notes) > 0 {
		last := r.Notes[len(r.Notes)-1]
		last.At = n.At
		if last == n { // the same again, as when an answer got lost
			return
		}
	}
	r.Notes = append(slices.Clone(r.Notes), n)
	r.Notes = r.Notes[max(0, len(r.Notes)-mostNotes):]
}

// clone gives a copy that can be changed.
func (r record) clone() record {
	r.Leases, r.Back = maps.Clone(r.Leases), maps.Clone(r.Back)
	if r.Leases == nil {
		r.Leases = map[uint64]lease{}
	}
	if r.Back == nil {
		r.Back = map[uint64]uint64{}
	}
	return r
}

func (r record) standing(now time.Time) central.Standing {
	switch {
	case !r.Revoked.IsZero():
		return central.Revoked
	case r.Key == nil:
		return central.Open
	case !r.Ends.IsZero() && now.After(r.Ends):
		return central.Lapsed
	}
	return central.Enrolled
}

// The notes of the store: one for each desk, and the list of them.
const (
	noteDesks = "desks"
	noteDesk  = "desk." // and its id
)

// readDesk gives what is kept of a desk; known is false when nothing is.
func readDesk(ctx context.Context, n journal.Notes, id circ.DeskID) (r record, known bool, err error) {
	v, err := n.Note(ctx, noteDesk+string(id))
	if err != nil || v == nil {
		return record{Desk: id}, false, err
	}
	if err := json.Unmarshal(v, &r); err != nil {
		return r, false, fmt.Errorf("read what is kept of desk %s: %w", id, err)
	}
	return r, true, nil
}

func writeDesk(ctx context.Context, n journal.Notes, r record) error {
	v, err := json.Marshal(r)
	if err != nil {
		return err
	}
	ids, err := readDesks(ctx, n)
	if err != nil {
		return err
	}
	if at, known := slices.BinarySearch(ids, r.Desk); !known {
		list, err := json.Marshal(slices.Insert(ids, at, r.Desk))
		if err != nil {
			return err
		}
		if err := n.SetNote(ctx, noteDesks, list); err != nil {
			return err
		}
	}
	return n.SetNote(ctx, noteDesk+string(r.Desk), v)
}

// readDesks gives the ids of the desks of which something is kept, sorted.
func readDesks(ctx context.Context, n journal.Notes) (ids []circ.DeskID, err error) {
	v, err := n.Note(ctx, noteDesks)
	if err != nil || v == nil {
		return nil, err
	}
	if err := json.Unmarshal(v, &ids); err != nil {
		return nil, fmt.Errorf("read the list of desks: %w", err)
	}
	return ids, nil
}

// heard is what a desk said when it was last heard of.
type heard struct {
	at   time.Time
	last journal.Place
	left int
	had  uint64
}

// hear notes what a desk says in memory; due: it is to be written down, too.
func (s *Server) hear(r record, h heard) (due bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.heard == nil {
		s.heard = map[circ.DeskID]heard{}
	}
	s.heard[r.Desk] = h
	return r.Seen.IsZero() || h.at.Sub(r.Seen) > restated || (h.left == 0) != (r.Left == 0)
}

// restated is how often it is written down that a desk was heard of.
const restated = time.Minute

// saying gives the newest of what a desk said.
func (s *Server) saying(r record) heard {
	s.mu.Lock()
	defer s.mu.Unlock()
	if h, ok := s.heard[r.Desk]; ok && !h.at.Before(r.Seen) {
		return h
	}
	return heard{at: r.Seen, last: r.Last, left: r.Left, had: r.Had}
}

// Roll names the desks: see [central.Roller].
func (s *Server) Roll(ctx context.Context) (out []central.DeskState, err error) {
	err = s.Store.View(ctx, func(tx journal.HubTx) error {
		out = nil
		ids, err := readDesks(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			r, _, err := readDesk(ctx, tx, id)
			if err != nil {
				return err
			}
			st, err := s.stateOf(ctx, tx, r)
			if err != nil {
				return err
			}
			out = append(out, st)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("name the desks: %w", err)
	}
	return out, nil
}

// stateOf says what is known of a desk: what it announced, less what is here of that.
func (s *Server) stateOf(ctx context.Context, tx journal.HubTx, r record) (st central.DeskState, err error) {
	h := s.saying(r)
	last, err := tx.Head(ctx, r.Desk)
	if err != nil {
		return st, err
	}
	heads, err := tx.Heads(ctx, r.Desk)
	if err != nil {
		return st, err
	}
	left := h.left
	if has := min(headOf(heads, h.last.Epoch).Seq, h.last.Seq); has > h.had { // what was written since was not announced
		left -= int(has - h.had)
	}
	return central.DeskState{
		Desk: r.Desk, Name: r.Name, Library: r.Library, Standing: r.standing(s.Now()), Version: r.Version, Seen: h.at, Last: last,
		Left: max(left, 0), Enrolled: r.Enrolled, Ends: r.Ends, Notes: r.Notes, Relay: r.Relay, Via: r.Via, ViaAt: r.ViaAt,
	}, nil
}
