package local

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/journal"
)

// noteMembers is where the journal keeps who is in the branch.
const noteMembers = "branch"

// members are the desks of the branch as the central system has named them.
type members struct {
	At   time.Time        `json:"at"`
	List []central.Member `json:"list"`
}

// KeepMembers keeps who is in the branch, for the time without the central system.
func (d *Desk) KeepMembers(ctx context.Context, list []central.Member) error {
	was, _, err := d.Members(ctx)
	if err != nil {
		return err
	}
	if slices.EqualFunc(was, list, func(a, b central.Member) bool {
		return a.Desk == b.Desk && a.Name == b.Name && string(a.Key) == string(b.Key) && a.Standing == b.Standing && a.Relay == b.Relay
	}) {
		return nil
	}
	v, err := json.Marshal(members{d.Now().UTC(), list})
	if err == nil {
		err = d.Journal.Update(ctx, func(tx journal.JournalTx) error { return tx.SetNote(ctx, noteMembers, v) })
	}
	if err != nil {
		return fmt.Errorf("keep who is in the branch of desk %s: %w", d.ID, err)
	}
	return nil
}

// Members gives who is in the branch, as was kept last, and when that changed; none and
// zero: nobody has said.
func (d *Desk) Members(ctx context.Context) ([]central.Member, time.Time, error) {
	return ReadMembers(ctx, d.Journal)
}

// ReadMembers is [Desk.Members] of the desk whose journal it is.
func ReadMembers(ctx context.Context, j journal.Store[journal.JournalTx]) ([]central.Member, time.Time, error) {
	var m members
	err := j.View(ctx, func(tx journal.JournalTx) error {
		m = members{}
		v, err := tx.Note(ctx, noteMembers)
		if err != nil || v == nil {
			return err
		}
		return json.Unmarshal(v, &m)
	})
	if err != nil {
		return nil, time.Time{}, fmt.Errorf("read who is in the branch: %w", err)
	}
	return m.List, m.At, nil
}
