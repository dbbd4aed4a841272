package sip2

import (
	"context"
	"encoding/json"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/money"
)

// flight is an entry that is being told to the system. It is written down before
// each change is said, so that after a crash, or an answer that never came, it is
// known what has to be found out.
type flight struct {
	Entry   circ.EntryID    `json:"entry"`
	Receipt json.RawMessage `json:"receipt"` // as it was judged; what the system says of it is not in it yet
	Steps   []step          `json:"steps"`
	Results []result        `json:"results"`        // of the steps that are through, in order
	Said    bool            `json:"said,omitempty"` // the next step may have been said
	Before  before          `json:"before,omitzero"`
}

// before is how things stood before a step was said: what a look afterwards is
// compared with.
type before struct {
	Out    bool         `json:"out,omitempty"` // with a patron
	Due    string       `json:"due,omitempty"` // as the system wrote it
	DueAt  time.Time    `json:"due_at,omitzero"`
	Renews string       `json:"renews,omitempty"` // how often it was renewed, as the system wrote it
	Listed bool         `json:"listed,omitempty"`
	Holds  int          `json:"holds,omitempty"` // -1: not counted
	Owes   money.Amount `json:"owes,omitzero"`
	Counts bool         `json:"counts,omitempty"` // Owes was said
}

// result is what became of a step.
type result struct {
	Did       did          `json:"did"`
	Text      string       `json:"text,omitempty"`
	Due       time.Time    `json:"due,omitzero"` // as the system has it
	RawDue    string       `json:"raw_due,omitempty"`
	Fee       money.Amount `json:"fee,omitzero"` // that it wants first
	Wants     bool         `json:"wants,omitempty"`
	Route     *circ.Route  `json:"route,omitempty"`
	Was       bool         `json:"was,omitempty"`       // it was so before anything was said
	Alert     bool         `json:"alert,omitempty"`     // the system wants somebody to look
	Elsewhere bool         `json:"elsewhere,omitempty"` // it is with somebody else
	Newer     bool         `json:"newer,omitempty"`     // not said: something newer stands there
	NotSent   bool         `json:"not_sent,omitempty"`  // not said: nobody waits for it any more
}

// did says what became of a step. It is stored: never renamed.
type did string

const (
	isDone    did = "done"
	isRefused did = "refused"
	isUnclear did = "unclear" // nobody can find out
)

func (f *flight) next() (step, bool) {
	if len(f.Results) >= len(f.Steps) {
		return step{}, false
	}
	return f.Steps[len(f.Results)], true
}

// through notes what became of a step.
func (f *flight) through(r result) {
	f.Results = append(f.Results, r)
	f.Said, f.Before = false, before{}
}

// flightOf reads the flight of an entry; nil: there is none.
func flightOf(ctx context.Context, n journal.Notes, id circ.EntryID) (*flight, error) {
	all := map[circ.EntryID]*flight{}
	err := journal.ReadNote(ctx, n, noteFlights, &all)
	return all[id], err
}

// setFlight keeps the flight of an entry; nil forgets it.
func setFlight(ctx context.Context, n journal.Notes, id circ.EntryID, f *flight) error {
	all := map[circ.EntryID]*flight{}
	if err := journal.ReadNote(ctx, n, noteFlights, &all); err != nil {
		return err
	}
	if f == nil {
		if all[id] == nil {
			return nil
		}
		if delete(all, id); len(all) == 0 {
			return n.SetNote(ctx, noteFlights, nil)
		}
	} else {
		all[id] = f
	}
	return journal.WriteNote(ctx, n, noteFlights, all)
}

// fly notes durably what is about to be said.
func (c *Client) fly(ctx context.Context, all ...*flight) error {
	return c.Store.Update(ctx, func(tx journal.HubTx) error {
		for _, f := range all {
			if err := setFlight(ctx, tx, f.Entry, f); err != nil {
				return err
			}
		}
		return nil
	})
}

// flying gives the items about which something is being said: what is learned of
// them meanwhile is no news.
func flying(ctx context.Context, n journal.Notes) (map[circ.ItemID]bool, error) {
	all := map[circ.EntryID]*flight{}
	if err := journal.ReadNote(ctx, n, noteFlights, &all); err != nil {
		return nil, err
	}
	items := map[circ.ItemID]bool{}
	for _, f := range all {
		for _, s := range f.Steps {
			items[s.ItemID] = true
		}
	}
	return items, nil
}
