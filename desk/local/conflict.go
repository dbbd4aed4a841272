package local

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// conflictsPage is how many conflicts are read at once.
const conflictsPage = 200

// mostSettled is how many settled conflicts are listed, the newest of them.
const mostSettled = 500

// Conflicts gives the conflicts that this desk knows of, whichever desk they are of,
// oldest first: the central system's, as of the copy, and those of entries that the copy
// does not hold yet. all: settled ones too.
func (d *Desk) Conflicts(ctx context.Context, all bool) ([]circ.Conflict, error) {
	var out []circ.Conflict
	err := d.View(ctx, func(r journal.Reader) (err error) {
		if out, err = ReadConflicts(ctx, r, circ.ConflictsOpen); err != nil || !all {
			return err
		}
		settled, err := ReadConflicts(ctx, r, circ.ConflictsSettled)
		out = append(settled[max(len(settled)-mostSettled, 0):], out...)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the conflicts at desk %s: %w", d.ID, err)
	}
	return out, nil
}

// ReadConflicts gives the open or the settled conflicts, oldest first.
func ReadConflicts(ctx context.Context, r journal.Reader, which string) (out []circ.Conflict, err error) {
	for w := circ.In(circ.ConflictsOf, which, conflictsPage); ; {
		rows, err := r.Read(ctx, []circ.Want{w})
		if err != nil {
			return nil, err
		}
		for _, row := range rows[0] {
			if c, ok := row.(circ.Conflict); ok {
				out = append(out, c)
			}
		}
		if len(rows[0]) < w.N {
			return out, nil
		}
		var more bool
		if w.After, more = circ.SortIn(rows[0][len(rows[0])-1], circ.ConflictsOf, which); !more {
			return out, nil
		}
	}
}

// Conflict gives a conflict by its entry. False: none is known here.
func (d *Desk) Conflict(ctx context.Context, id circ.EntryID) (c circ.Conflict, ok bool, err error) {
	err = d.View(ctx, func(r journal.Reader) error {
		rows, err := r.Read(ctx, []circ.Want{circ.ByKey(circ.KindConflict, string(id))})
		if err != nil {
			return err
		}
		for _, row := range rows[0] {
			c, ok = row.(circ.Conflict)
			ok = ok && c.Class != ""
		}
		return nil
	})
	if err != nil {
		return c, false, fmt.Errorf("read the conflict of entry %s at desk %s: %w", id, d.ID, err)
	}
	return c, ok, nil
}

// met gives the conflict that a receipt makes of an entry; nil: it met nothing.
func (d *Desk) met(e journal.Entry, r journal.Receipt) circ.Event {
	if raised, is := journal.Met(e, r, d.Now().UTC()); is {
		return raised
	}
	return nil
}

// noteConflicts is where desks of an earlier version kept their conflicts for
// themselves, as a list.
const noteConflicts = "conflicts"

// noted is a conflict in that note.
type noted struct {
	Entry      circ.EntryID    `json:"entry"`
	Verdict    journal.Verdict `json:"verdict"`
	Objections []circ.Remark   `json:"objections"`
	Found      time.Time       `json:"found"`
	Settled    time.Time       `json:"settled,omitzero"` // zero: open
	By         circ.OperatorID `json:"by,omitempty"`
	Why        string          `json:"why,omitempty"`
}

// CarryOver writes an entry for each conflict that an earlier version of the desk has
// kept for itself, so that the central system and the other desks hear of it, and then
// drops the note. It says how many there were. Cut short it goes on where it was: a
// conflict that is told twice is one.
func (d *Desk) CarryOver(ctx context.Context) (carried int, err error) {
	var old []noted
	entries := map[circ.EntryID]journal.Entry{}
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		v, err := tx.Note(ctx, noteConflicts)
		if err != nil || v == nil {
			return err
		}
		if err := json.Unmarshal(v, &old); err != nil {
			return fmt.Errorf("read the note of conflicts: %w", err)
		}
		for _, c := range old {
			e, ok, err := tx.Entry(ctx, c.Entry)
			if err != nil {
				return err
			}
			if ok {
				entries[c.Entry] = e
			}
		}
		return nil
	})
	if err != nil || len(old) == 0 {
		return 0, err
	}
	for _, n := range old {
		c := d.carried(n, entries[n.Entry])
		_, e, err := d.Fact(ctx, d.Act("", circ.CarryConflict{Conflict: c}), nil)
		if err != nil {
			return carried, fmt.Errorf("carry over the conflict of entry %s: %w", n.Entry, err)
		}
		if e != nil {
			carried++
		}
	}
	err = d.Journal.Update(ctx, func(tx journal.JournalTx) error { return tx.SetNote(ctx, noteConflicts, nil) })
	if err != nil {
		return carried, errors.Join(errors.New("drop the note of conflicts that were carried over"), err)
	}
	return carried, nil
}

// carried makes the conflict of a note. An entry that is not in the journal any more
// leaves what the note says.
func (d *Desk) carried(n noted, e journal.Entry) circ.Conflict {
	a, told := e.Act, e.Told
	if a.ID == "" {
		a = circ.Act{ID: n.Entry, Desk: d.ID, Library: d.Library, At: n.Found}
	}
	c := circ.Raise(a, told, n.Objections, n.Verdict == journal.Rejected, n.Found).Conflict
	c.Of = e.Of
	if !n.Settled.IsZero() {
		c.Settled = circ.Settlement{Hand: circ.Hand{At: n.Settled, Desk: d.ID}, By: n.By, How: circ.ConflictKeep, Why: n.Why}
	}
	return c
}
