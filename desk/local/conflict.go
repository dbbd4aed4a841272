package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Conflict is an entry that met something else at the central system: it was
// applied with objections, or rejected. It is kept until a person settles it.
type Conflict struct {
	Entry      circ.EntryID    `json:"entry"`
	Seq        uint64          `json:"seq"`
	Verdict    journal.Verdict `json:"verdict"`
	Objections []circ.Remark   `json:"objections"`
	Found      time.Time       `json:"found"`

	Settled time.Time       `json:"settled,omitzero"` // zero: open
	By      circ.OperatorID `json:"by,omitempty"`
	Why     string          `json:"why,omitempty"`
}

// Open reports whether nobody has settled it.
func (c Conflict) Open() bool { return c.Settled.IsZero() }

const noteConflicts = "conflicts"

// keptSettled is how many settled conflicts are kept for the record.
const keptSettled = 500

func conflictOf(r journal.Receipt, now time.Time) (Conflict, bool) {
	if r.Verdict != journal.Rejected && len(r.Objections) == 0 {
		return Conflict{}, false
	}
	return Conflict{Entry: r.Entry, Seq: r.Seq, Verdict: r.Verdict, Objections: r.Objections, Found: now}, true
}

func readConflicts(ctx context.Context, n journal.Notes) (cs []Conflict, err error) {
	v, err := n.Note(ctx, noteConflicts)
	if err != nil || v == nil {
		return nil, err
	}
	if err := json.Unmarshal(v, &cs); err != nil {
		return nil, fmt.Errorf("read conflicts: %w", err)
	}
	return cs, nil
}

func writeConflicts(ctx context.Context, n journal.Notes, cs []Conflict) error {
	settled := 0
	for i := len(cs) - 1; i >= 0; i-- {
		if cs[i].Open() {
			continue
		}
		if settled++; settled > keptSettled {
			cs = slices.Delete(cs, i, i+1)
		}
	}
	v, err := json.Marshal(cs)
	if err != nil {
		return err
	}
	return n.SetNote(ctx, noteConflicts, v)
}

func addConflicts(ctx context.Context, n journal.Notes, fresh []Conflict) error {
	if len(fresh) == 0 {
		return nil
	}
	cs, err := readConflicts(ctx, n)
	if err != nil {
		return err
	}
	return writeConflicts(ctx, n, append(cs, fresh...))
}

// Conflicts gives the conflicts of this desk's entries, oldest first; settled
// ones too when all is set.
func (d *Desk) Conflicts(ctx context.Context, all bool) ([]Conflict, error) {
	var out []Conflict
	err := d.Journal.View(ctx, func(tx journal.JournalTx) (err error) {
		out, err = readConflicts(ctx, tx)
		return err
	})
	if !all {
		out = slices.DeleteFunc(out, func(c Conflict) bool { return !c.Open() })
	}
	return out, err
}

// ErrNoConflict: there is no open conflict of that entry.
var ErrNoConflict = errors.New("no open conflict")

// SettleConflict notes that a person has settled a conflict, and how.
func (d *Desk) SettleConflict(ctx context.Context, id circ.EntryID, by circ.OperatorID, why string) error {
	err := d.Journal.Update(ctx, func(tx journal.JournalTx) error {
		cs, err := readConflicts(ctx, tx)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(cs, func(c Conflict) bool { return c.Entry == id && c.Open() })
		if i < 0 {
			return ErrNoConflict
		}
		cs[i].Settled, cs[i].By, cs[i].Why = d.Now().UTC(), by, why
		return writeConflicts(ctx, tx, cs)
	})
	if err != nil {
		return fmt.Errorf("settle the conflict of entry %s: %w", id, err)
	}
	return nil
}
