package local

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"circdesk/desk/circ"
	"circdesk/desk/journal"
)

// Work is what an entry of a desk of the branch has done, as the branch's relay sees
// it. It is laid over the copy as long as that does not hold the entry: nothing of it
// is final.
type Work struct {
	Entry  circ.EntryID
	Desk   circ.DeskID
	Epoch  uint64
	Seq    uint64
	Mode   journal.Mode
	Events []circ.Event
	Gone   bool // it stands elsewhere by now, or nowhere: it is laid over nothing
}

// chainOf names the chain of a desk and epoch.
type chainOf struct {
	desk  circ.DeskID
	epoch uint64
}

// works are the work of the branch, in the relay's order; the desk's own among it, which
// says where in that order its own entries are.
type works struct {
	list []Work
	at   map[circ.EntryID]int
	home map[chainOf]uint64 // entries up to it are in the copy
}

func (w works) clone() works { return works{list: slices.Clone(w.list)} }

// chains gives the chains that something is laid over the copy of, or was.
func (w works) chains() []chainOf { return slices.Collect(maps.Keys(w.home)) }

// since gives the events of the work of others from a place in the list on.
func (w works) since(own circ.DeskID, from int) (out []circ.Event) {
	for _, k := range w.list[min(from, len(w.list)):] {
		if k.Desk != own {
			out = append(out, k.Events...)
		}
	}
	return out
}

// among gives the events of the branch's work with those of the desk's pending entries
// among them. What the relay made of an own fact counts more than what was told, until
// the central system has said what it makes of it; own entries that the relay does not
// have are the newest.
func (w works) among(own circ.DeskID, ps []*pending, owed []journal.Entry) []circ.Event {
	if len(w.list) == 0 {
		return tell(ps, owed)
	}
	each := tellEach(ps, owed)
	mine := make(map[circ.EntryID]int, len(ps))
	for i, p := range ps {
		mine[p.id] = i
	}
	var out []circ.Event
	next := 0 // own entries stay in their order
	for _, k := range w.list {
		i, pending := mine[k.Entry]
		switch {
		case k.Desk != own:
			out = append(out, k.Events...)
		case pending && i >= next:
			for ; next < i; next++ {
				out = append(out, each[next]...)
			}
			if p := ps[i]; p.receipt == nil && p.mode == journal.Fact {
				out = append(out, k.Events...)
			} else {
				out = append(out, each[i]...)
			}
			next++
		}
	}
	for ; next < len(ps); next++ {
		out = append(out, each[next]...)
	}
	return out
}

// readHome reads how far the copy has come with chains.
func readHome(ctx context.Context, r journal.Reader, chains []chainOf) (map[chainOf]uint64, error) {
	if len(chains) == 0 {
		return nil, nil
	}
	wants := make([]circ.Want, len(chains))
	for i, c := range chains {
		k := circ.MarkKey(c.desk, c.epoch)
		wants[i] = circ.ByKey(k.Kind, k.ID)
	}
	found, err := r.Read(ctx, wants)
	if err != nil {
		return nil, err
	}
	out := make(map[chainOf]uint64, len(chains))
	for i, rows := range found {
		out[chains[i]] = 0
		for _, row := range rows {
			if m, ok := row.(circ.Mark); ok {
				out[chains[i]] = m.Seq
			}
		}
	}
	return out, nil
}

// cameHome drops the work that the copy holds by now. Chains that are not heard of any
// more are looked up anew when they are.
func (d *Desk) cameHome(home map[chainOf]uint64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for c, seq := range home {
		if _, known := d.works.home[c]; known { // else the relay began anew meanwhile
			d.works.home[c] = seq
		}
	}
	d.pruneWorks()
}

// pruneWorks drops what is in the copy. d.mu is held.
func (d *Desk) pruneWorks() {
	w := &d.works
	n := len(w.list)
	w.list = slices.DeleteFunc(slices.Clone(w.list), func(k Work) bool { return k.Gone || k.Seq <= w.home[chainOf{k.Desk, k.Epoch}] })
	if len(w.list) == n {
		return
	}
	w.at = make(map[circ.EntryID]int, len(w.list))
	for i, k := range w.list {
		w.at[k.Entry] = i
	}
	d.movedOn()
}

// Hear lays work of the branch over the copy, in its order. What the copy holds already
// is not laid over it; work that is known counts as it is told now.
func (d *Desk) Hear(ctx context.Context, more []Work) error {
	if len(more) == 0 {
		return nil
	}
	if err := d.hear(ctx, more); err != nil {
		return fmt.Errorf("lay %d entries of the branch over the copy of desk %s: %w", len(more), d.ID, err)
	}
	return nil
}

func (d *Desk) hear(ctx context.Context, more []Work) error {
	d.marking.Lock() // the copy's marks stay as they are read
	defer d.marking.Unlock()
	d.mu.RLock()
	var fresh []chainOf
	for _, k := range more {
		c := chainOf{k.Desk, k.Epoch}
		if _, known := d.works.home[c]; !known && !slices.Contains(fresh, c) {
			fresh = append(fresh, c)
		}
	}
	d.mu.RUnlock()
	var home map[chainOf]uint64
	if err := d.Cache.View(ctx, func(tx journal.CacheTx) (err error) {
		home, err = readHome(ctx, tx, fresh)
		return err
	}); err != nil {
		return err
	}
	err := d.Cache.View(ctx, func(tx journal.CacheTx) error {
		d.mu.Lock()
		defer d.mu.Unlock()
		w := &d.works
		if w.home == nil {
			w.home, w.at = map[chainOf]uint64{}, map[circ.EntryID]int{}
		}
		maps.Copy(w.home, home)
		from, again := len(w.list), false
		for _, k := range more {
			at, known := w.at[k.Entry]
			switch {
			case known:
				w.list[at], again = k, true
			case !k.Gone && k.Seq > w.home[chainOf{k.Desk, k.Epoch}]:
				w.at[k.Entry] = len(w.list)
				w.list = append(w.list, k)
			}
		}
		if again = again || d.overtaken(from); again {
			d.movedOn()
		}
		d.pruneWorks()
		if d.stale || d.behind || again {
			d.behind = true
			return nil
		}
		return d.layer.Apply(ctx, tx, w.since(d.ID, from))
	})
	if err != nil {
		d.mu.Lock()
		d.changed()
		d.mu.Unlock()
		return err
	}
	return d.renew(ctx)
}

// overtaken reports whether work of others that was heard from a place in the list on goes
// before something of the desk's own, or the relay has made something else of that than
// was told: then it cannot be laid over the rest. d.mu is held.
func (d *Desk) overtaken(from int) bool {
	w := &d.works
	for _, k := range w.list[min(from, len(w.list)):] {
		if k.Desk == d.ID {
			if p := d.pending.of(k.Entry); p != nil && p.receipt == nil && p.mode == journal.Fact && !circ.Same(p.told, k.Events) {
				return true
			}
			continue
		}
		n := len(d.pending.list)
		if n == 0 {
			return false
		}
		newest, told := w.at[d.pending.list[n-1].id]
		return !told || newest > w.at[k.Entry]
	}
	return false
}

// Unhear takes all work of the branch off: the relay is another one than before.
func (d *Desk) Unhear(ctx context.Context) error {
	d.mu.Lock()
	none := len(d.works.list) == 0
	d.works = works{}
	if !none {
		d.movedOn()
	}
	d.mu.Unlock()
	if none {
		return nil
	}
	return d.renew(ctx)
}

// Heard says how many entries of the branch are laid over the copy, the desk's own not
// counted.
func (d *Desk) Heard() (n int) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, k := range d.works.list {
		if k.Desk != d.ID {
			n++
		}
	}
	return n
}

// Behind says how many of the desk's oldest entries without a receipt go before all that
// others of the branch have done and the copy does not hold yet; and how many of those
// go before the next one. Questions wait for nobody, since the central system decides
// them by what it knows: behind is 0 where nothing else is left.
func (d *Desk) Behind() (ahead, behind int) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	theirs := func(k Work) bool { return k.Desk != d.ID }
	first := slices.IndexFunc(d.works.list, theirs)
	if first < 0 {
		return len(d.unheard), 0
	}
	at := -1 // in the branch's order, of the first entry that is not ahead
	for _, p := range d.pending.list {
		if !d.unheard[p.id] {
			continue
		}
		if at < 0 {
			i, told := d.works.at[p.id]
			if told && i < first {
				ahead++
				continue
			}
			if at = i; !told {
				at = len(d.works.list)
			}
		}
		if p.mode == journal.Asked {
			continue
		}
		for _, k := range d.works.list[:at] {
			if theirs(k) {
				behind++
			}
		}
		return ahead, behind
	}
	return len(d.unheard), 0
}

// HasHome says how far the copy has come with a chain of any desk.
func (d *Desk) HasHome(ctx context.Context, desk circ.DeskID, epoch uint64) (m circ.Mark, err error) {
	k := circ.MarkKey(desk, epoch)
	err = d.Cache.View(ctx, func(tx journal.CacheTx) error {
		rows, err := tx.Read(ctx, []circ.Want{circ.ByKey(k.Kind, k.ID)})
		if err != nil {
			return err
		}
		m = circ.Mark{Desk: desk, Epoch: epoch}
		for _, row := range rows[0] {
			if found, ok := row.(circ.Mark); ok {
				m = found
			}
		}
		return nil
	})
	if err != nil {
		return m, fmt.Errorf("look how far the copy of desk %s is with desk %s: %w", d.ID, desk, err)
	}
	return m, nil
}

// UnsettledWithin says how many entries without a receipt there are up to a number of
// each epoch.
func (d *Desk) UnsettledWithin(upTo map[uint64]uint64) (n int) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	for _, p := range d.pending.list {
		if d.unheard[p.id] && p.seq <= upTo[p.epoch] {
			n++
		}
	}
	return n
}
