package local

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// Config is what a desk is made of. All fields are needed.
type Config struct {
	ID      circ.DeskID
	Library policy.LibraryID
	Zone    string // IANA name
	Journal journal.Store[journal.JournalTx]
	Cache   journal.Store[journal.CacheTx]
	Rules   *policy.Set // until the copy holds the library's
	Now     func() time.Time
	NewID   func() circ.EntryID // a UUIDv7
}

// Desk is a desk by itself. It is safe for concurrent use; entries are written
// one after the other.
type Desk struct {
	Config

	writing sync.Mutex // one entry at a time

	mu      sync.RWMutex // what follows
	pending []pending    // entries above the mark of the copy, in order
	layer   *journal.Layer
	mark    journal.Mark // of the copy
	last    time.Time    // of the newest entry
	rules   *policy.Set
	version string // of the rules row that rules were read from
	stale   bool   // the layer must be made anew
}

// pending is an entry whose effects the copy does not hold.
type pending struct {
	seq     uint64
	id      circ.EntryID
	mode    journal.Mode
	of      circ.EntryID
	told    []circ.Event
	receipt *journal.Receipt
}

// The notes that the copy keeps.
const (
	noteMark   = "mark"   // journal.Mark as JSON: entries up to it are in the copy
	noteCursor = "cursor" // of the feed
)

// Open reads what is pending. It writes nothing: see [Desk.Restart].
func Open(ctx context.Context, c Config) (*Desk, error) {
	d := &Desk{Config: c, layer: journal.NewLayer(), rules: c.Rules}
	if err := d.load(ctx); err != nil {
		return nil, fmt.Errorf("open desk %s: %w", c.ID, err)
	}
	return d, nil
}

// load reads the mark of the copy and the entries above it.
func (d *Desk) load(ctx context.Context) error {
	var mark journal.Mark
	err := d.Cache.View(ctx, func(tx journal.CacheTx) (err error) {
		mark, err = readMark(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	mark.Desk = d.ID
	var found []pending
	var last time.Time
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		found, last = nil, time.Time{}
		head, err := tx.Head(ctx, d.ID)
		if err != nil {
			return err
		}
		if mark.Epoch != head.Epoch { // the copy knows nothing of this chain yet
			mark = journal.Mark{Desk: d.ID, Epoch: head.Epoch}
		}
		for from := mark; ; {
			es, err := tx.Entries(ctx, from, 500)
			if err != nil {
				return err
			}
			for _, e := range es {
				p := pending{seq: e.Seq, id: e.Act.ID, mode: e.Mode, of: e.Of, told: e.Told}
				r, ok, err := tx.Receipt(ctx, e.Act.ID)
				if err != nil {
					return err
				}
				if ok {
					p.receipt = &r
				}
				found = append(found, p)
				from.Seq, last = e.Seq, e.Act.At
			}
			if len(es) == 0 {
				break
			}
		}
		if last.IsZero() && head.Seq > 0 {
			es, err := tx.Entries(ctx, journal.Mark{Desk: d.ID, Epoch: head.Epoch, Seq: head.Seq - 1}, 1)
			if err != nil {
				return err
			}
			for _, e := range es {
				last = e.Act.At
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.pending, d.mark, d.last, d.stale = found, mark, last, true
	return nil
}

func readMark(ctx context.Context, n journal.Notes) (m journal.Mark, err error) {
	v, err := n.Note(ctx, noteMark)
	if err != nil || v == nil {
		return m, err
	}
	if err := json.Unmarshal(v, &m); err != nil {
		return m, fmt.Errorf("read the mark of the copy: %w", err)
	}
	return m, nil
}

// Act makes an act of this desk, now: never before its newest entry.
func (d *Desk) Act(operator circ.OperatorID, c circ.Command) circ.Act {
	d.mu.RLock()
	defer d.mu.RUnlock()
	at := d.Now().UTC().Round(0)
	if at.Before(d.last) {
		at = d.last
	}
	return circ.Act{ID: d.NewID(), Desk: d.ID, Library: d.Library, Operator: operator, At: at, Zone: d.Zone, Command: c}
}

// View lets fn read the desk's facts: the copy with the pending entries over it.
func (d *Desk) View(ctx context.Context, fn func(journal.Reader) error) error {
	if err := d.freshen(ctx); err != nil {
		return err
	}
	return d.Cache.View(ctx, func(tx journal.CacheTx) error {
		d.mu.RLock()
		defer d.mu.RUnlock()
		return fn(d.layer.Over(tx))
	})
}

// freshen makes the layer anew when what is under it, or what is pending, has
// changed in more than an added entry.
func (d *Desk) freshen(ctx context.Context) error {
	d.mu.RLock()
	stale := d.stale
	d.mu.RUnlock()
	if !stale {
		return nil
	}
	return d.Cache.View(ctx, func(tx journal.CacheTx) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		l := journal.NewLayer()
		for _, events := range tell(d.pending) {
			if err := l.Apply(ctx, tx, events); err != nil {
				return err
			}
		}
		if err := d.readRules(ctx, l.Over(tx)); err != nil {
			return err
		}
		d.layer, d.stale = l, false
		return nil
	})
}

// tell gives the events of each pending entry: as applied once they are known,
// as told until then. What an asked entry told is told again by the one that
// says it stood, and by nobody when it was withdrawn.
func tell(ps []pending) [][]circ.Event {
	second := map[circ.EntryID]pending{}
	for _, p := range ps {
		if p.of != "" {
			second[p.of] = p
		}
	}
	out := make([][]circ.Event, 0, len(ps))
	for _, p := range ps {
		if s, ok := second[p.id]; ok && s.receipt == nil {
			continue
		}
		if p.receipt != nil {
			out = append(out, p.receipt.Events)
		} else {
			out = append(out, p.told)
		}
	}
	return out
}

func (d *Desk) readRules(ctx context.Context, r journal.Reader) error {
	rows, err := r.Read(ctx, []circ.Want{circ.ByKey(circ.RulesKey.Kind, circ.RulesKey.ID)})
	if err != nil {
		return err
	}
	for _, row := range rows[0] {
		rules, ok := row.(circ.Rules)
		if !ok || rules.Version == d.version {
			continue
		}
		set, err := policy.Parse([]byte(rules.Body))
		if err != nil { // rules of a later version: those in force stay
			continue
		}
		d.rules, d.version = set, rules.Version
	}
	return nil
}

// Policy gives the rules in force at this desk.
func (d *Desk) Policy() *policy.Set {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.rules
}

// Mark says how far the copy has come with this desk's entries, and Pending how
// many entries it does not hold yet.
func (d *Desk) Mark() journal.Mark {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.mark
}

// Pending says how many entries the copy does not hold yet.
func (d *Desk) Pending() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.pending)
}

// Unsettled says how many entries have no receipt.
func (d *Desk) Unsettled() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	n := 0
	for _, p := range d.pending {
		if p.receipt == nil {
			n++
		}
	}
	return n
}
