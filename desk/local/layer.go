package local

import (
	"context"
	"slices"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

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

// changed notes that the layer must be made anew. d.mu is held.
func (d *Desk) changed() {
	d.stale = true
	d.turn++
}

// freshen makes the layer anew when what is pending has changed in more than an
// added entry. While the copy moves on under its hands it begins again; what was
// shown is never missing from it.
func (d *Desk) freshen(ctx context.Context) error {
	for tries := 3; ; tries-- {
		d.mu.RLock()
		stale, turn := d.stale, d.turn
		d.mu.RUnlock()
		if !stale {
			return nil
		}
		built := false
		err := d.Cache.View(ctx, func(tx journal.CacheTx) error {
			d.mu.Lock()
			defer d.mu.Unlock()
			if built = d.turn == turn || tries == 0; !built {
				return nil
			}
			l := journal.NewLayer()
			if err := l.Apply(ctx, tx, d.works.among(d.ID, d.pending.list, d.owed)); err != nil {
				return err
			}
			return d.lay(ctx, tx, l, turn)
		})
		if err != nil || built {
			return err
		}
	}
}

// restBetween is how many times as long as the layer took it rests before it is made
// anew while a backlog is under way: each batch of it moves the copy on.
const restBetween = 8

// renew makes the layer anew when the copy has moved on. Meanwhile looks see the
// old one over the new copy, and wait for nothing. While more entries wait for
// their receipts than one delivery carries, it is not made anew each time: the
// receipts that are still to come make it anew again.
func (d *Desk) renew(ctx context.Context) error {
	begun := time.Now()
	d.mu.RLock()
	rests := len(d.unheard) > central.BatchSize && begun.Sub(d.renewed) < restBetween*d.renewing
	due, turn := d.behind && !d.stale && !rests, d.turn
	var told []*pending
	var owed []journal.Entry
	var works works
	if due {
		told, owed, works = slices.Clone(d.pending.list), slices.Clone(d.owed), d.works.clone()
	}
	d.mu.RUnlock()
	if !due {
		return nil
	}
	err := d.Cache.View(ctx, func(tx journal.CacheTx) error {
		l := journal.NewLayer()
		if err := l.Apply(ctx, tx, works.among(d.ID, told, owed)); err != nil {
			return err
		}
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.turn != turn {
			return nil // whoever changed it makes it anew
		}
		more := tell(d.pending.list[len(told):], nil)
		if err := l.Apply(ctx, tx, append(more, d.works.since(d.ID, len(works.list))...)); err != nil {
			return err
		}
		return d.lay(ctx, tx, l, turn)
	})
	d.mu.Lock()
	defer d.mu.Unlock()
	d.renewed = time.Now()
	d.renewing = d.renewed.Sub(begun)
	if err != nil {
		d.changed()
	}
	return err
}

// lay puts a layer, made in a turn, in the place of the old one. d.mu is held.
func (d *Desk) lay(ctx context.Context, tx journal.CacheTx, l *journal.Layer, turn int) error {
	if err := d.readRules(ctx, l.Over(tx)); err != nil {
		return err
	}
	d.layer, d.stale, d.behind = l, d.turn != turn, d.turn != turn
	return nil
}

// tell gives the events of pending entries, in order: as applied once they are
// known, as told until then. What an asked entry told is told again by the one
// that says it stood, and by nobody when it was withdrawn, or is to be.
func tell(ps []*pending, owed []journal.Entry) (out []circ.Event) {
	for _, events := range tellEach(ps, owed) {
		out = append(out, events...)
	}
	return out
}

// tellEach gives for each pending entry what it tells.
func tellEach(ps []*pending, owed []journal.Entry) [][]circ.Event {
	second := map[circ.EntryID]*pending{}
	for _, e := range owed {
		second[e.Act.ID] = &pending{}
	}
	for _, p := range ps {
		if p.of != "" {
			second[p.of] = p
		}
	}
	out := make([][]circ.Event, len(ps))
	for i, p := range ps {
		if p.met != nil {
			out[i] = append(out[i], p.met)
		}
		if s, ok := second[p.id]; ok && s.receipt == nil {
			continue
		}
		if p.receipt != nil {
			out[i] = append(out[i], p.receipt.Events...)
		} else {
			out[i] = append(out[i], p.told...)
		}
	}
	return out
}

func (d *Desk) readRules(ctx context.Context, r journal.Reader) error {
	rules, found, err := journal.RulesOf(ctx, r)
	if err != nil || !found || rules.Body == d.body {
		return err
	}
	if set, err := policy.Parse([]byte(rules.Body)); err == nil { // else rules of a later version: those in force stay
		d.rules, d.body = set, rules.Body
	}
	return nil
}
