package local

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/names"
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

	writing sync.Mutex   // one entry at a time
	taking  sync.Mutex   // what changes the copy, one at a time, also over a line; before marking
	marking sync.Mutex   // the copy's marks and what is laid over by them; never over a line; before writing
	names   names.Index  // of the copy's patrons
	offset  atomic.Int64 // nanoseconds that the desk's clock is behind

	mu       sync.RWMutex // what follows
	pending  backlog      // entries above the mark of the copy
	layer    *journal.Layer
	marks    marks     // of the copy
	epoch    uint64    // in which the desk writes
	epochs   []uint64  // in which it has written
	last     time.Time // of the newest entry
	copied   time.Time // when the copy was last known to be complete
	stated   time.Time // when that was written down
	owed     []journal.Entry
	unheard  map[circ.EntryID]bool // entries that have no receipt, pending or not
	rules    *policy.Set
	body     string        // of the rules row that rules were read from
	stale    bool          // the layer must be made anew before the next look
	behind   bool          // the layer is to be made anew; until then it hides what is newer in the copy
	renewed  time.Time     // when the layer was made anew last
	renewing time.Duration // how long that took
	turn     int           // how often what is under the layer, or pending, has changed
	settles  int           // how often receipts were kept
	works    works         // what other desks of the branch have done
	namesDue chan struct{} // has one when the names are to be read anew; nil: nobody reads them
}

// The notes that the copy keeps.
const (
	noteMark   = "mark"   // as noteMarks, of a desk that knew one epoch
	noteMarks  = "marks"  // marks as JSON: entries up to them are in the copy
	noteCursor = "cursor" // of the feed
	noteEpoch  = "epoch"  // of the central system's store
	noteCopied = "copied" // when the feed was last read to its end, about
)

// Open reads what is pending. It writes nothing: see [Desk.Restart].
func Open(ctx context.Context, c Config) (*Desk, error) {
	d := &Desk{Config: c, layer: journal.NewLayer(), rules: c.Rules}
	if err := d.load(ctx); err != nil {
		return nil, fmt.Errorf("open desk %s: %w", c.ID, err)
	}
	return d, nil
}

// reload is load while the desk is at work.
func (d *Desk) reload(ctx context.Context) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	return d.load(ctx)
}

// load reads the mark of the copy and the entries above it. d.writing is held,
// or nobody knows the desk yet.
func (d *Desk) load(ctx context.Context) error {
	d.mu.RLock()
	settles := d.settles
	d.mu.RUnlock()
	var at marks
	var copied time.Time
	err := d.Cache.View(ctx, func(tx journal.CacheTx) (err error) {
		if at, err = readMarks(ctx, tx); err != nil {
			return err
		}
		copied, err = readCopied(ctx, tx)
		return err
	})
	if err != nil {
		return err
	}
	var found []*pending
	var last time.Time
	var unheard map[circ.EntryID]bool
	var epochs []uint64
	var head journal.Mark
	err = d.Journal.View(ctx, func(tx journal.JournalTx) error {
		found, last, unheard, epochs = nil, time.Time{}, map[circ.EntryID]bool{}, nil
		var c chain
		if head, c, err = d.current(ctx, tx); err != nil {
			return err
		}
		heads, err := tx.Heads(ctx, d.ID)
		if err != nil {
			return err
		}
		lost, err := answerLost(ctx, tx, d.ID, at)
		if err != nil {
			return err
		}
		for _, e := range lost {
			unheard[e.Act.ID] = true
		}
		for _, m := range heads {
			epochs = append(epochs, m.Epoch)
			ps, err := d.above(ctx, tx, m.Epoch, at[m.Epoch], c)
			if err != nil {
				return err
			}
			for _, p := range ps {
				if p.receipt == nil {
					unheard[p.id] = true
				}
			}
			found = append(found, ps...)
		}
		if n := len(heads); n > 0 {
			es, err := tx.Entries(ctx, journal.Mark{Desk: d.ID, Epoch: heads[n-1].Epoch, Seq: heads[n-1].Seq - 1}, 1)
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
	if d.settles != settles { // receipts were kept meanwhile: perhaps behind what was read
		d.mu.Unlock()
		return d.load(ctx)
	}
	defer d.mu.Unlock()
	d.pending, d.unheard, d.marks, d.stated = newBacklog(found), unheard, at, copied
	d.epoch, d.epochs = head.Epoch, epochs
	if copied.After(d.copied) {
		d.copied = copied
	}
	if last.After(d.last) {
		d.last = last
	}
	d.changed()
	return nil
}

// above gives the entries of an epoch after a number that count, as pending ones.
func (d *Desk) above(ctx context.Context, tx journal.JournalTx, epoch, seq uint64, c chain) (out []*pending, err error) {
	for from := (journal.Mark{Desk: d.ID, Epoch: epoch, Seq: seq}); ; {
		es, err := tx.Entries(ctx, from, 500)
		if err != nil {
			return nil, err
		}
		for _, e := range es {
			if from.Seq = e.Seq; !c.counts(e.Epoch, e.Seq) {
				return out, nil
			}
			p := &pending{epoch: e.Epoch, seq: e.Seq, id: e.Act.ID, mode: e.Mode, of: e.Of, told: e.Told}
			r, ok, err := tx.Receipt(ctx, e.Act.ID)
			if err != nil {
				return nil, err
			}
			if ok {
				p.receipt, p.met = &r, d.met(e, r)
			}
			out = append(out, p)
		}
		if len(es) == 0 {
			return out, nil
		}
	}
}

// Act makes an act of this desk, now: always after its newest entry.
func (d *Desk) Act(operator circ.OperatorID, c circ.Command) circ.Act {
	d.mu.RLock()
	defer d.mu.RUnlock()
	at := d.rising(d.Now().UTC().Round(0))
	return circ.Act{ID: d.NewID(), Desk: d.ID, Library: d.Library, Operator: operator, At: at, Zone: d.Zone, Command: c}
}

// rising gives an instant, or the one next to the newest entry where it is not after that:
// a time and a desk name one act, and say which was first. d.mu is held.
func (d *Desk) rising(at time.Time) time.Time {
	if at.After(d.last) {
		return at
	}
	return d.last.Add(time.Nanosecond)
}

// stamped is rising for an act that was made a while ago; d.writing is held.
func (d *Desk) stamped(at time.Time) time.Time {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.rising(at)
}

// Policy gives the rules in force at this desk.
func (d *Desk) Policy() *policy.Set {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return d.rules
}

// Mark says how far the copy has come with this desk's entries of the epoch in which
// it writes.
func (d *Desk) Mark() journal.Mark {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return journal.Mark{Desk: d.ID, Epoch: d.epoch, Seq: d.marks[d.epoch]}
}

// Pending says how many entries the copy does not hold yet.
func (d *Desk) Pending() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.pending.list)
}

// Unsettled says how many entries have no receipt.
func (d *Desk) Unsettled() int {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return len(d.unheard)
}
