package local

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"circdesk/desk/journal"
)

// An Outage is a time in which the desk had no line to its central system, with what
// was done in it.
type Outage struct {
	From time.Time `json:"from"`
	To   time.Time `json:"to,omitzero"` // zero: the line has not come back
}

const (
	noteOutages = "outages"
	// keptOutages is how many outages are kept, the newest.
	keptOutages = 200
	// flapping is how soon after it came the line goes again for both to be one outage.
	flapping = time.Minute
)

// LineGone notes that the line is gone since an instant, that of its last answer; zero:
// now. While it is, nothing more is noted: also not by a program that was started anew.
func (d *Desk) LineGone(ctx context.Context, since time.Time) error {
	return d.outages(ctx, func(all []Outage, now time.Time) []Outage {
		from := since.UTC().Round(0)
		if since.IsZero() {
			from = now
		}
		if n := len(all); n > 0 {
			last := &all[n-1]
			if last.To.IsZero() {
				return all
			}
			if from.Sub(last.To) < flapping {
				last.To = time.Time{}
				return all
			}
		}
		all = append(all, Outage{From: from})
		return all[max(len(all)-keptOutages, 0):]
	})
}

// LineBack notes that the line is there.
func (d *Desk) LineBack(ctx context.Context) error {
	return d.outages(ctx, func(all []Outage, now time.Time) []Outage {
		if n := len(all); n > 0 && all[n-1].To.IsZero() {
			all[n-1].To = now
		}
		return all
	})
}

func (d *Desk) outages(ctx context.Context, change func([]Outage, time.Time) []Outage) error {
	now := d.Now().UTC().Round(0)
	err := d.Journal.Update(ctx, func(tx journal.JournalTx) error {
		all, err := readOutages(ctx, tx)
		if err != nil {
			return err
		}
		v, err := json.Marshal(change(all, now))
		if err != nil {
			return err
		}
		return tx.SetNote(ctx, noteOutages, v)
	})
	if err != nil {
		return fmt.Errorf("note how the line of desk %s is: %w", d.ID, err)
	}
	return nil
}

func readOutages(ctx context.Context, n journal.Notes) (all []Outage, err error) {
	v, err := n.Note(ctx, noteOutages)
	if err != nil || v == nil {
		return nil, err
	}
	if err := json.Unmarshal(v, &all); err != nil {
		return nil, fmt.Errorf("read the outages: %w", err)
	}
	return all, nil
}

// Outages gives the outages of this desk that ended after an instant, or have not ended,
// oldest first.
func (d *Desk) Outages(ctx context.Context, since time.Time) (out []Outage, err error) {
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		all, err := readOutages(ctx, tx)
		out = nil
		for _, o := range all {
			if o.To.IsZero() || o.To.After(since) {
				out = append(out, o)
			}
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the outages of desk %s: %w", d.ID, err)
	}
	return out, nil
}

// Has reports whether an instant lies in the outage.
func (o Outage) Has(at time.Time) bool {
	return !at.Before(o.From) && (o.To.IsZero() || !at.After(o.To))
}
