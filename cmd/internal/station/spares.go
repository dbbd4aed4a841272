package station

import (
	"context"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// noteSpares is where the journal keeps which other desks the library has.
const noteSpares = "spares"

// keptSpare is another desk as it is kept.
type keptSpare struct {
	Desk     circ.DeskID      `json:"desk"`
	Name     string           `json:"name,omitempty"`
	Standing central.Standing `json:"standing"`
	Seen     time.Time        `json:"seen,omitzero"`
	Ends     time.Time        `json:"ends,omitzero"`
}

// Spares gives the other desks of the library, as the central system knows them; while
// it does not answer, as it knew them when it was asked last.
func (s *Station) Spares(ctx context.Context) []central.DeskState {
	r, ok := s.Up.System.(central.Roller)
	if !ok {
		return nil
	}
	if s.Up.Status().Up {
		if all, err := s.askSpares(ctx, r); err == nil {
			return all
		}
	}
	var kept []keptSpare
	if err := s.stores.Journal.View(ctx, func(tx journal.JournalTx) error {
		kept = nil
		return journal.ReadNote(ctx, tx, noteSpares, &kept)
	}); err != nil {
		return nil
	}
	var out []central.DeskState
	for _, k := range kept {
		out = append(out, central.DeskState{Desk: k.Desk, Name: k.Name, Standing: k.Standing, Seen: k.Seen, Ends: k.Ends})
	}
	return out
}

// askSpares asks the central system for the other desks, and keeps what it says for the
// time without it.
func (s *Station) askSpares(ctx context.Context, r central.Roller) ([]central.DeskState, error) {
	c, cancel := context.WithTimeout(ctx, lookPatience)
	defer cancel()
	all, err := r.Roll(c)
	if err != nil {
		return nil, err
	}
	var out []central.DeskState
	var keep []keptSpare
	for _, d := range all {
		if d.Desk == s.Desk.ID || d.Standing == central.Revoked || d.Library != "" && d.Library != string(s.Desk.Library) {
			continue
		}
		out = append(out, d)
		keep = append(keep, keptSpare{d.Desk, d.Name, d.Standing, d.Seen, d.Ends})
	}
	if err := s.stores.Journal.Update(ctx, func(tx journal.JournalTx) error {
		return journal.WriteNote(ctx, tx, noteSpares, keep)
	}); err != nil { // they are known all the same
		s.log.Warn("the spare desks could not be kept for the time without a line", "err", err)
	}
	return out, nil
}
