package sip2

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/policy"
)

// ClientConfig is what a client is made of. All but Rights and Rest are needed.
type ClientConfig struct {
	Config
	// Store keeps what the system itself does not: how far it has come with the
	// desk, the receipts, what is being said to it now, and what was seen there.
	Store journal.Store[journal.HubTx]
	Rules *policy.Set // until the store holds the library's
	Now   func() time.Time
	// Rights gives the rights of an act's operators; nil: not looked at.
	Rights func(circ.Act) (rights []circ.Right, known bool)
	// Rest is how long the system is left alone after an answer did not come: it may
	// be at it still. Zero: 2 s.
	Rest time.Duration
}

// Client is a central system that is spoken to by SIP2. It is safe for concurrent
// use: what does something is said one thing after the other, in the order of the
// entries, but for facts that have neither item, title nor patron in common.
//
// Before a change is said it is written down that it is. What became of one that got
// no answer is found out before anything else is said: a check-out that is said twice
// is a renewal.
type Client struct {
	ClientConfig
	pool *Pool

	turn  chan struct{}        // whoever delivers
	fresh map[string]time.Time // when an item or a patron was looked at last; of whoever has facts
	facts chan struct{}        // whoever learns

	life context.Context // of what goes on when its caller has gone
	end  context.CancelFunc
	busy sync.WaitGroup

	mu      sync.Mutex        // what follows
	looking *looking          // a look that is under way; nil: none is
	written chan struct{}     // closed when something is written
	took    time.Duration     // how long an exchange takes, about
	looks   map[string]glance // the last look at an item, which may be had once more
	inForce *policy.Set       // the rules that the store holds
	body    string            // that they were read from
}

var (
	_ central.System   = (*Client)(nil)
	_ central.Greeter  = (*Client)(nil)
	_ central.Feeder   = (*Client)(nil)
	_ central.Searcher = (*Client)(nil)
	_ central.Pacer    = (*Client)(nil)
	_ central.Finder   = (*Client)(nil)
	_ central.Carrier  = (*Client)(nil)
	_ central.Leaver   = (*Client)(nil)
)

// New makes a client. It connects to nothing yet.
func New(c ClientConfig) *Client {
	life, end := context.WithCancel(context.Background())
	return &Client{
		ClientConfig: c, life: life, end: end, pool: NewPool(c.Config),
		turn: make(chan struct{}, 1), facts: make(chan struct{}, 1), fresh: map[string]time.Time{}, looks: map[string]glance{},
		written: make(chan struct{}),
	}
}

// Run keeps the connections alive, and forgets patrons in time, until ctx ends.
func (c *Client) Run(ctx context.Context) {
	var all sync.WaitGroup
	all.Go(func() { c.pool.Tend(ctx) })
	all.Go(func() {
		for ctx.Err() == nil {
			_, _ = c.Forget(ctx) // else it is tried again
			select {
			case <-ctx.Done():
			case <-time.After(forgetEvery):
			}
		}
	})
	all.Wait()
}

// glance is a look at an item.
type glance struct {
	itemSeen
	at time.Time // by this machine's own clock
}

// glanceGood is how old the look at an item may be that an entry is judged by, to be what a
// change is compared with afterwards: the same moment to a person.
const glanceGood = 500 * time.Millisecond

// looked keeps a look at an item.
func (c *Client) looked(s itemSeen) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.looks) > mostGlances {
		clear(c.looks)
	}
	c.looks[s.barcode] = glance{s, time.Now()}
}

const mostGlances = 100

// justLooked gives the look at an item of a moment ago, once.
func (c *Client) justLooked(barcode string) (itemSeen, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	g, ok := c.looks[barcode]
	delete(c.looks, barcode)
	return g.itemSeen, ok && time.Since(g.at) < glanceGood
}

// forgetEvery is how often it is looked who is to be forgotten.
const forgetEvery = 6 * time.Hour

// Close closes the connections, and waits for what is under way.
func (c *Client) Close() {
	c.end()
	c.pool.Close()
	c.busy.Wait()
}

// looking is a look whether the system is there, for whoever asks meanwhile.
type looking struct {
	done chan struct{} // closed when what follows is known
	st   Status
	err  error
}

// look looks whether the system is there. A connection that takes long to make, as at
// a system that answers the login seconds later, is made on when the caller has gone:
// the next one finds it.
func (c *Client) look(ctx context.Context) (Status, error) {
	c.mu.Lock()
	l := c.looking
	if l == nil {
		l = &looking{done: make(chan struct{})}
		c.looking = l
		c.busy.Go(func() {
			long, cancel := context.WithTimeout(c.life, c.Profile.connect()+2*c.Profile.answer())
			defer cancel()
			l.st, l.err = c.pool.Look(long, lookEvery)
			c.mu.Lock()
			c.looking = nil
			c.mu.Unlock()
			close(l.done)
		})
	}
	c.mu.Unlock()
	select {
	case <-l.done:
		return l.st, l.err
	case <-ctx.Done():
		return Status{}, ctx.Err()
	}
}

// lookEvery is how old the last answer may be for a greeting that asks nothing.
const lookEvery = 10 * time.Second

// The notes in the store.
const (
	noteEpoch   = "epoch"        // names the store
	noteFlights = "sip2.flights" // what is being said, by entry
	noteKept    = "sip2.kept"    // loans that the system has refused, though they are
	noteSeen    = "sip2.seen"    // when a patron who was learned of the system was seen last
)

// Hello says whether the system is there, and how far it has come with the desk.
func (c *Client) Hello(ctx context.Context, h central.Hello) (w central.Welcome, err error) {
	st, err := c.look(ctx)
	if err != nil {
		_, untrusted := errors.AsType[*CertificateError](err)
		if untrusted || errors.Is(err, ErrLogin) || errors.Is(err, ErrNotTLS) {
			err = &central.ShutError{Err: err}
		}
		return w, err
	}
	w.System, w.Now = c.name(st), c.Now().UTC()
	err = c.Store.View(ctx, func(tx journal.HubTx) error {
		epoch, err := tx.Note(ctx, noteEpoch)
		if err != nil {
			return err
		}
		w.Epoch = string(epoch)
		w.Mark, err = tx.Head(ctx, h.Desk)
		return err
	})
	return w, err
}

// takes reports whether the system has an answer to a message, as its profile says, and
// as it says itself (BX). Lending, taking back and looking up are asked of it whatever it
// says: without them there is nothing to do for a desk.
func (c *Client) takes(code sipwire.Code) bool {
	if !c.Profile.Takes(code) {
		return false
	}
	service, ok := services[code]
	if !ok {
		return true
	}
	c.pool.mu.Lock()
	st := c.pool.status
	c.pool.mu.Unlock()
	return st == nil || st.Takes == 0 || st.Takes&service != 0
}

// services are what a system may say that it has no answer to, and is believed.
var services = map[sipwire.Code]sipwire.Services{
	sipwire.BlockPatron: sipwire.TakesBlockPatron, sipwire.PatronEnable: sipwire.TakesPatronEnable, sipwire.Hold: sipwire.TakesHold,
	sipwire.FeePaid: sipwire.TakesFeePaid, sipwire.EndSession: sipwire.TakesEndSession, sipwire.RenewAll: sipwire.TakesRenewAll,
	sipwire.PatronInformation: sipwire.TakesPatronInformation,
}

func (c *Client) name(st Status) string {
	name := c.Profile.For
	if st.Library != "" {
		name = st.Library + ", " + name
	}
	return name + " by SIP2"
}

// Since reads what was learned and done: see [central.Feeder].
func (c *Client) Since(ctx context.Context, cursor string, n int, wait time.Duration) (p central.Page, err error) {
	over := time.NewTimer(wait)
	defer over.Stop()
	for {
		c.mu.Lock()
		written := c.written
		c.mu.Unlock()
		err = c.Store.View(ctx, func(tx journal.HubTx) (err error) {
			p.Rows, p.Next, p.Complete, err = tx.Since(ctx, cursor, n)
			return err
		})
		switch {
		case err != nil:
			return central.Page{}, c.strange(ctx, cursor, err)
		case len(p.Rows) > 0 || !p.Complete || wait <= 0:
			return p, nil
		}
		select {
		case <-ctx.Done():
			return central.Page{}, ctx.Err()
		case <-over.C:
			return p, nil
		case <-written:
		}
	}
}

// strange says of a cursor that cannot be read while the beginning can that it is not
// of this store.
func (c *Client) strange(ctx context.Context, cursor string, err error) error {
	if cursor == "" || ctx.Err() != nil {
		return err
	}
	begins := c.Store.View(ctx, func(tx journal.HubTx) error {
		_, _, _, err := tx.Since(ctx, "", 1)
		return err
	})
	if begins == nil {
		return errors.Join(central.ErrCursor, err)
	}
	return err
}

// update writes, and tells those that wait for it.
func (c *Client) update(ctx context.Context, fn func(journal.HubTx) error) error {
	if err := c.Store.Update(ctx, fn); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	close(c.written)
	c.written = make(chan struct{})
	return nil
}

// rules gives the rules in force.
func (c *Client) rules(ctx context.Context, r journal.Reader) (*policy.Set, error) {
	rules, found, err := journal.RulesOf(ctx, r)
	if err != nil || !found {
		return c.Rules, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.inForce != nil && c.body == rules.Body {
		return c.inForce, nil
	}
	set, err := policy.Parse([]byte(rules.Body))
	if err != nil {
		return nil, fmt.Errorf("read the rules %s in force: %w", rules.Version, err)
	}
	c.inForce, c.body = set, rules.Body
	return set, nil
}

// take takes a turn; give gives it back.
func take(ctx context.Context, turn chan struct{}) (give func(), err error) {
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// atOnceFor is how long a delivery should take at most.
const atOnceFor = 2 * time.Second

// guessed is how long an exchange is taken to last before one has.
const guessed = 100 * time.Millisecond

// AtOnce says how many entries a delivery should carry: see [central.Pacer].
func (c *Client) AtOnce() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	each := 3 * max(cmp.Or(c.took, guessed), 10*time.Millisecond) / time.Duration(c.Profile.connections())
	return min(max(int(atOnceFor/each), 1), central.BatchSize)
}

// measured notes how long an exchange took.
func (c *Client) measured(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.took == 0 {
		c.took = d
	}
	c.took += (d - c.took) / 8
}

// noteSystem names the system that a store belongs to.
const noteSystem = "sip2.system"

// ErrOwnEntries: the store has entries of the desk that no SIP2 system was ever told.
var ErrOwnEntries = errors.New("it holds entries that were never told to a SIP2 system: take a new folder")

// Bind makes a store that of a system, by its address. A store that was a central
// server of its own before is not taken.
func Bind(ctx context.Context, store journal.Store[journal.HubTx], desk circ.DeskID, address string) error {
	return store.Update(ctx, func(tx journal.HubTx) error {
		was, err := tx.Note(ctx, noteSystem)
		if err != nil {
			return err
		}
		if was == nil {
			head, err := tx.Head(ctx, desk)
			if err != nil {
				return err
			}
			if head.Seq > 0 {
				return ErrOwnEntries
			}
		}
		return tx.SetNote(ctx, noteSystem, []byte(address))
	})
}

// Bound gives the address of the system that a store belongs to; empty: none.
func Bound(ctx context.Context, store journal.Store[journal.HubTx]) (address string, err error) {
	err = store.View(ctx, func(tx journal.HubTx) error {
		b, err := tx.Note(ctx, noteSystem)
		address = string(b)
		return err
	})
	return address, err
}
