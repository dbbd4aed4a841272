package relay

import (
	"cmp"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// Config is what a relay is made of. Desk is needed: its copy are the relay's facts, and
// its journal holds the chains of the branch beside its own.
type Config struct {
	Desk *local.Desk
	Log  *slog.Logger // nil: nothing is logged
}

// Relay holds the branch's journals. It is safe for concurrent use.
type Relay struct {
	Config
	shelf
	run string // names what it remembers: another one after each start

	taking chan struct{} // full while something is changed: one change at a time

	mu      sync.Mutex // what follows
	order   []place    // the chains, as they came to be known
	took    order      // of their entries
	chains  map[place]*chain
	told    map[circ.EntryID]journal.Receipt // what is made of entries that are not home
	log     []local.Work
	first   uint64                  // the number of the first of the log
	newest  map[circ.EntryID]uint64 // the number under which an entry was told last
	changed chan struct{}           // closed when the log grows
	epoch   string                  // of the central server's store that was handed to last
	due     chan struct{}           // something is to be handed on
}

// place is a chain: a desk's entries of one epoch.
type place struct {
	Desk  circ.DeskID `json:"desk"`
	Epoch uint64      `json:"epoch"`
}

// chain is what the relay knows of one.
type chain struct {
	end  *uint64 // what stands behind it was written again in a later epoch; nil: nothing was
	last journal.Mark
	sent uint64 // the central server has answered for entries up to it
	ask  bool   // the central server has another store: what of the chain is in it is not known
	why  error  // why the rest is not handed on; nil: it is
}

// noteChains is where the journal lists the chains that it holds.
const noteChains = "relay chains"

// noteEpoch is which store the central server had when something was handed on last.
const noteEpoch = "relay epoch"

// kept is a chain in that note.
type kept struct {
	place
	End *uint64 `json:"end,omitempty"`
}

// Open reads what the relay holds, and finds again what it shows of it.
func Open(ctx context.Context, c Config) (*Relay, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	r := &Relay{
		Config: c, run: rand.Text(), chains: map[place]*chain{}, told: map[circ.EntryID]journal.Receipt{}, newest: map[circ.EntryID]uint64{},
		first: 1, changed: make(chan struct{}), due: make(chan struct{}, 1), taking: make(chan struct{}, 1),
	}
	if err := r.load(ctx); err != nil {
		return nil, fmt.Errorf("open the relay %s: %w", c.Desk.ID, err)
	}
	return r, nil
}

func (r *Relay) load(ctx context.Context) error {
	var all []kept
	err := r.Desk.Journal.Update(ctx, func(tx journal.JournalTx) error {
		all = nil
		v, err := tx.Note(ctx, noteChains)
		if err == nil && v != nil {
			err = json.Unmarshal(v, &all)
		}
		if err != nil {
			return err
		}
		v, err = tx.Note(ctx, noteEpoch)
		r.epoch = string(v)
		if err == nil {
			r.took, err = readOrder(ctx, tx)
		}
		if err != nil {
			return err
		}
		return tx.SetNote(ctx, journal.NoteMidway, []byte("1"))
	})
	if err != nil {
		return err
	}
	slices.SortFunc(all, func(a, b kept) int { return cmp.Or(cmp.Compare(a.Desk, b.Desk), cmp.Compare(a.Epoch, b.Epoch)) })
	var waiting [][]journal.Entry
	for _, k := range all {
		at := &chain{end: k.End}
		home, err := r.Desk.HasHome(ctx, k.Desk, k.Epoch)
		if err != nil {
			return err
		}
		es, last, err := r.held(ctx, k.place, home.Seq)
		if err != nil {
			return err
		}
		if k.End != nil {
			es = slices.DeleteFunc(es, func(e journal.Entry) bool { return e.Seq > *k.End })
		}
		at.last = last
		r.chains[k.place] = at
		r.order = append(r.order, k.place)
		waiting = append(waiting, es)
	}
	for _, e := range r.took.sorted(waiting) {
		if err := r.show(ctx, e); err != nil {
			return err
		}
	}
	return nil
}

// merged puts the entries of desks in the order of their times; those of one desk stay
// in theirs.
func merged(each [][]journal.Entry) (out []journal.Entry) {
	for {
		next := -1
		for i, es := range each {
			if len(es) > 0 && (next < 0 || es[0].Act.At.Before(each[next][0].Act.At)) {
				next = i
			}
		}
		if next < 0 {
			return out
		}
		out = append(out, each[next][0])
		each[next] = each[next][1:]
	}
}

// held gives all entries of a chain after a number, and its last one.
func (r *Relay) held(ctx context.Context, at place, after uint64) (out []journal.Entry, last journal.Mark, err error) {
	last = journal.Mark{Desk: at.Desk, Epoch: at.Epoch}
	err = r.Desk.Journal.View(ctx, func(tx journal.JournalTx) error {
		out = nil
		heads, err := tx.Heads(ctx, at.Desk)
		if err != nil {
			return err
		}
		for _, m := range heads {
			if m.Epoch == at.Epoch {
				last = m
			}
		}
		for from := (journal.Mark{Desk: at.Desk, Epoch: at.Epoch, Seq: after}); ; {
			es, err := tx.Entries(ctx, from, 500)
			if err != nil || len(es) == 0 {
				return err
			}
			out = append(out, es...)
			from.Seq = es[len(es)-1].Seq
		}
	})
	return out, last, err
}

// Heads gives how far the relay has come with epochs of a desk: by what it holds, and
// by its copy of the central server's facts.
func (r *Relay) Heads(ctx context.Context, desk circ.DeskID, epochs []uint64) ([]journal.Mark, error) {
	out := make([]journal.Mark, 0, len(epochs))
	for _, e := range epochs {
		m, err := r.head(ctx, place{desk, e})
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

func (r *Relay) head(ctx context.Context, at place) (journal.Mark, error) {
	r.mu.Lock()
	c := r.chains[at]
	r.mu.Unlock()
	if c != nil {
		return c.last, nil
	}
	m, err := r.Desk.HasHome(ctx, at.Desk, at.Epoch)
	if err != nil {
		return journal.Mark{}, err
	}
	return markOf(m)
}

// Take takes entries of one desk, in their order, durably. It gives the last that the
// relay has of their epoch. A *central.GapError names what is missing, a
// *central.ForkError says that the relay has another entry under a number: nothing is
// taken then.
func (r *Relay) Take(ctx context.Context, entries []journal.Entry) (journal.Mark, error) {
	if len(entries) == 0 || len(entries) > central.BatchSize {
		return journal.Mark{}, fmt.Errorf("take %d entries: 1 to %d at once", len(entries), central.BatchSize)
	}
	done, err := r.alone(ctx)
	if err != nil {
		return journal.Mark{}, err
	}
	defer done()
	at := place{entries[0].Act.Desk, entries[0].Epoch}
	head, err := r.head(ctx, at)
	if err != nil {
		return head, err
	}
	fresh, err := r.follow(ctx, at, head, entries)
	if err != nil || len(fresh) == 0 {
		return head, err
	}
	if err := r.keep(ctx, at, fresh, nil); err != nil {
		return head, fmt.Errorf("take %d entries of desk %s: %w", len(fresh), at.Desk, err)
	}
	for _, e := range fresh {
		if err := r.show(ctx, e); err != nil { // it is kept; what is shown of it comes with the next start
			r.Log.Error("an entry that was taken cannot be shown", "desk", at.Desk, "epoch", e.Epoch, "seq", e.Seq, "err", err)
		}
	}
	r.poke()
	last := fresh[len(fresh)-1]
	return journal.Mark{Desk: at.Desk, Epoch: at.Epoch, Seq: last.Seq, Hash: last.Hash()}, nil
}

// alone waits until nothing is changed, until done. Nobody asks the central server
// meanwhile: a desk never waits for the relay's line.
func (r *Relay) alone(ctx context.Context) (done func(), err error) {
	select {
	case r.taking <- struct{}{}:
		return func() { <-r.taking }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// follow gives those of the entries that are new and follow what is there.
func (r *Relay) follow(ctx context.Context, at place, head journal.Mark, entries []journal.Entry) ([]journal.Entry, error) {
	for i, e := range entries {
		if e.Act.Desk != at.Desk || e.Epoch != at.Epoch || i > 0 && e.Seq != entries[i-1].Seq+1 {
			return nil, errors.New("the entries are not of one chain, in their order")
		}
	}
	if first := entries[0]; first.Seq > head.Seq+1 {
		return nil, &central.GapError{Mark: head}
	}
	r.mu.Lock()
	c := r.chains[at]
	ended := c != nil && c.end != nil
	r.mu.Unlock()
	for i, e := range entries {
		switch {
		case e.Seq > head.Seq && ended: // the central server has others in their places
			return nil, &central.ForkError{Mark: head}
		case e.Seq > head.Seq:
			if before := head.Hash; i == 0 || entries[i-1].Seq <= head.Seq {
				if e.Prev != before {
					return nil, &central.ForkError{Mark: head}
				}
			} else if e.Prev != entries[i-1].Hash() {
				return nil, &central.ForkError{Mark: head}
			}
		default:
			same, err := r.has(ctx, e)
			if err != nil {
				return nil, err
			}
			if !same {
				return nil, &central.ForkError{Mark: head}
			}
		}
	}
	return entries[min(int(head.Seq+1-entries[0].Seq), len(entries)):], nil
}

// has reports whether the relay has exactly this entry under its number, or nothing:
// then it is at home.
func (r *Relay) has(ctx context.Context, e journal.Entry) (same bool, err error) {
	err = r.Desk.Journal.View(ctx, func(tx journal.JournalTx) error {
		es, err := tx.Entries(ctx, journal.Mark{Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq - 1}, 1)
		same = len(es) == 0 || es[0].Seq != e.Seq || es[0].Hash() == e.Hash()
		return err
	})
	return same, err
}

// keep writes entries of a chain, and notes of the caller's, durably.
func (r *Relay) keep(ctx context.Context, at place, entries []journal.Entry, notes map[string][]byte) error {
	last := entries[len(entries)-1]
	r.mu.Lock()
	_, known := r.chains[at]
	list, err := r.listed(&kept{place: at}, known)
	took, over := r.took.without(r.done)
	took, changed := took.with(at, entries[0].Seq, last.Seq)
	r.mu.Unlock()
	if err != nil {
		return err
	}
	err = r.Desk.Journal.Update(ctx, func(tx journal.JournalTx) error {
		for _, e := range entries {
			if _, err := tx.Add(ctx, e); err != nil {
				return err
			}
		}
		for name, v := range notes {
			if err := tx.SetNote(ctx, name, v); err != nil {
				return err
			}
		}
		for _, n := range over {
			if err := tx.SetNote(ctx, orderNote(n), nil); err != nil {
				return err
			}
		}
		if err := took.write(ctx, tx, changed); err != nil || known {
			return err
		}
		return tx.SetNote(ctx, noteChains, list)
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.took = took
	if !known {
		r.chains[at] = &chain{}
		r.order = append(r.order, at)
	}
	r.chains[at].last = journal.Mark{Desk: at.Desk, Epoch: at.Epoch, Seq: last.Seq, Hash: last.Hash()}
	return nil
}

// done reports whether the central server has answered for all of a piece of the order
// that counts, or takes nothing of its desk any more: its entries wait here, and nobody's
// wait for them. r.mu is held.
func (r *Relay) done(d run) bool {
	c := r.chains[d.place]
	if c == nil {
		return false
	}
	barred, _ := errors.AsType[*central.StandingError](c.why)
	return d.To <= c.sent || c.end != nil && *c.end <= c.sent || barred != nil && barred.Standing == central.Revoked
}

// listed gives the note of all chains, with one more unless it is known. r.mu is held.
func (r *Relay) listed(more *kept, known bool) ([]byte, error) {
	var all []kept
	for _, at := range r.order {
		all = append(all, kept{at, r.chains[at].end})
	}
	if !known {
		all = append(all, *more)
	}
	return json.Marshal(all)
}

// show finds what an entry comes to here, and lays that over the copy, for all desks.
func (r *Relay) show(ctx context.Context, e journal.Entry) error {
	receipt, err := r.judge(ctx, e)
	if err != nil {
		return err
	}
	return r.tell(ctx, workOf(e, receipt), receipt)
}

func workOf(e journal.Entry, receipt journal.Receipt) local.Work {
	return local.Work{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Mode: e.Mode, Events: receipt.Events}
}

// judge judges an entry by the relay's facts; one that the central server has judged
// came to what that said.
func (r *Relay) judge(ctx context.Context, e journal.Entry) (receipt journal.Receipt, err error) {
	rules, now := r.Desk.Policy(), r.Desk.Now()
	err = r.Desk.Journal.View(ctx, func(tx journal.JournalTx) error {
		var known bool
		if receipt, known, err = (ledger{tx, r}).Receipt(ctx, e.Act.ID); err != nil {
			return err
		}
		if known { // judged already, at the central server or here, before it was written again
			receipt, err = receipt.At(e.Epoch, e.Seq)
			return err
		}
		return r.Desk.View(ctx, func(facts journal.Reader) error {
			b := journal.Bench{Book: facts, Ledger: ledger{tx, r}, Rules: rules, Now: now}
			receipt, _, err = journal.Judge(ctx, b, e)
			return err
		})
	})
	if bad := (*journal.UnjudgedError)(nil); errors.As(err, &bad) { // the central server says what it is
		return journal.Receipt{Entry: e.Act.ID, Desk: e.Act.Desk, Epoch: e.Epoch, Seq: e.Seq, Verdict: journal.Rejected}, nil
	}
	return receipt, err
}

// ledger is the journal with what the relay makes of entries that have no receipt.
type ledger struct {
	journal.JournalTx
	r *Relay
}

func (l ledger) Receipt(ctx context.Context, id circ.EntryID) (journal.Receipt, bool, error) {
	if r, ok, err := l.JournalTx.Receipt(ctx, id); err != nil || ok {
		return r, ok, err
	}
	l.r.mu.Lock()
	defer l.r.mu.Unlock()
	r, ok := l.r.told[id]
	return r, ok, nil
}

// tell lays work over the copy and lets the desks know.
func (r *Relay) tell(ctx context.Context, w local.Work, receipt journal.Receipt) error {
	if err := r.Desk.Hear(ctx, []local.Work{w}); err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if w.Gone {
		delete(r.told, w.Entry)
	} else {
		r.told[w.Entry] = receipt
	}
	r.newest[w.Entry] = r.first + uint64(len(r.log))
	r.log = append(r.log, w)
	close(r.changed)
	r.changed = make(chan struct{})
	return nil
}

// Page is a piece of what the branch has done.
type Page struct {
	Run   string // names the relay's memory: after a start it begins anew, with another one
	Works []local.Work
	Next  uint64 // from where to go on
}

// mostWorks is how many entries a page has.
const mostWorks = 500

// Works gives the work after a number, and waits as long as wait when there is none.
func (r *Relay) Works(ctx context.Context, run string, after uint64, wait time.Duration) Page {
	of, _, _ := strings.Cut(run, "/")
	if of != r.run {
		run, after = "", 0
	}
	over := time.NewTimer(wait)
	defer over.Stop()
	for {
		r.mu.Lock()
		p := Page{Run: run, Next: max(after, r.first-1)}
		if run == "" || after < r.first-1 { // what was told in between is not known any more: all begins anew
			p.Run = fmt.Sprintf("%s/%d", r.run, r.first)
		}
		if from := p.Next + 1 - r.first; from < uint64(len(r.log)) {
			p.Works = slices.Clone(r.log[from:min(from+mostWorks, uint64(len(r.log)))])
			p.Next += uint64(len(p.Works))
		}
		changed := r.changed
		r.mu.Unlock()
		if len(p.Works) > 0 || p.Run != run || wait <= 0 {
			return p
		}
		select {
		case <-changed:
		case <-over.C:
			return p
		case <-ctx.Done():
			return p
		}
	}
}

// Left says how many entries the relay holds that the central server has not answered
// for, as far as is known, and of how many desks.
func (r *Relay) Left() (entries, desks int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	of := map[circ.DeskID]bool{}
	for i, w := range r.log {
		c := r.chains[place{w.Desk, w.Epoch}]
		if w.Gone || r.newest[w.Entry] != r.first+uint64(i) || c == nil || w.Seq <= c.sent {
			continue
		}
		of[w.Desk] = true
		entries++
	}
	return entries, len(of)
}

// keptWorks is how much of what is home is told all the same: a desk whose own copy is
// behind the relay's, and which was away when it was told, would not hear of it until it
// reaches the central server itself.
const keptWorks = 5000

// Fresh says that the copy has been brought up to date: what it holds need not be shown
// beside it any more.
func (r *Relay) Fresh(ctx context.Context) error {
	r.mu.Lock()
	order := slices.Clone(r.order)
	r.mu.Unlock()
	home := map[place]uint64{}
	for _, at := range order {
		m, err := r.Desk.HasHome(ctx, at.Desk, at.Epoch)
		if err != nil {
			return err
		}
		home[at] = m.Seq
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	n := 0
	for ; n < len(r.log)-keptWorks; n++ {
		w := r.log[n]
		if r.newest[w.Entry] != r.first+uint64(n) { // it was told anew since
			continue
		}
		if at := (place{w.Desk, w.Epoch}); !w.Gone && (w.Seq > home[at] || w.Seq > r.chains[at].sent) {
			break
		}
		delete(r.told, w.Entry)
		delete(r.newest, w.Entry)
	}
	r.log, r.first = slices.Clone(r.log[n:]), r.first+uint64(n)
	r.poke()
	return nil
}

// Wake says that the central server answers, or may.
func (r *Relay) Wake() { r.poke() }

func (r *Relay) poke() {
	select {
	case r.due <- struct{}{}:
	default:
	}
}
