package uplink_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/relay"
)

// weather is how a line is.
type weather struct {
	name             string
	least, most      time.Duration // each way
	lost, unanswered float64       // of requests; of answers
	twice            float64       // of requests: they come again, much later
	half             float64       // of deliveries: only a half of the batch comes, and nobody hears of it
	cut              bool          // nobody is there
	deaf             bool          // requests come, answers do not
	flaps            bool          // it is cut every other second
}

// weathers are those that there are. The first is the plain one.
var weathers = []weather{
	{name: "clear", least: time.Millisecond, most: 40 * time.Millisecond},
	{name: "slow", least: 100 * time.Millisecond, most: 2500 * time.Millisecond},
	{name: "bad", least: time.Millisecond, most: time.Second, lost: 0.2, unanswered: 0.2, twice: 0.2, half: 0.1},
	{name: "cut", cut: true},
	{name: "half open", least: time.Millisecond, most: 40 * time.Millisecond, deaf: true},
	{name: "flaps", least: time.Millisecond, most: 400 * time.Millisecond, flaps: true},
}

// cord is a line between two, under a weather. What has been sent arrives, whether
// the sender still waits for it, or lives.
type cord struct {
	name  string
	seed  uint64
	under *sync.WaitGroup // what is on its way

	mu   sync.Mutex
	is   weather
	cuts chan struct{}  // closed when it is cut
	n    map[string]int // calls of a kind
}

func newCord(name string, seed uint64, under *sync.WaitGroup) *cord {
	return &cord{name: name, seed: seed, under: under, is: weathers[0], cuts: make(chan struct{}), n: map[string]int{}}
}

// turn changes the weather. What waits for an answer when the line is cut is told so.
func (c *cord) turn(w weather) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.is = w
	if w.cut {
		close(c.cuts)
		c.cuts = make(chan struct{})
	}
}

// fate is what becomes of one call.
type fate struct {
	out, back, again             time.Duration
	cut, lost, unanswered, twice bool
	half                         bool
	cuts                         chan struct{}
}

// chance is that of the n-th call of a kind, whatever else happens.
func chance(seed uint64, name, kind string, n int) *rand.Rand {
	h := fnv.New64a()
	fmt.Fprint(h, name, "\x00", kind, "\x00", n)
	return rand.New(rand.NewPCG(seed, h.Sum64()))
}

func (c *cord) fate(kind string) fate {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n[kind]++
	r := chance(c.seed, c.name, kind, c.n[kind])
	w := c.is
	between := func(least, most time.Duration) time.Duration {
		return least + time.Duration(r.Int64N(int64(most-least)+1))
	}
	f := fate{cuts: c.cuts}
	f.out, f.back, f.again = between(w.least, w.most), between(w.least, w.most), between(0, time.Minute)
	f.lost, f.unanswered, f.twice, f.half = r.Float64() < w.lost, r.Float64() < w.unanswered || w.deaf, r.Float64() < w.twice, r.Float64() < w.half
	f.cut = w.cut || w.flaps && time.Now().Second()%2 == 1
	return f
}

// callTime is how long a call waits for its answer at most.
const callTime = 30 * time.Second

// carry carries a request and its answer. once: a request that comes again is not
// listened to.
func carry[T any](ctx context.Context, c *cord, l *life, kind string, once bool, do func(f fate) (T, error)) (none T, _ error) {
	if l.over() {
		return none, errDead
	}
	f := c.fate(kind)
	if f.cut {
		return none, errPulled
	}
	type answer struct {
		v   T
		err error
	}
	came := make(chan answer, 1)
	if !f.lost {
		c.under.Go(func() {
			time.Sleep(f.out)
			v, err := do(f)
			if f.unanswered || f.half {
				return
			}
			time.Sleep(f.back)
			came <- answer{v, err}
		})
	}
	if f.twice && !once {
		c.under.Go(func() {
			time.Sleep(f.out + f.again)
			_, _ = do(fate{})
		})
	}
	ctx, cancel := context.WithTimeout(ctx, callTime)
	defer cancel()
	select {
	case a := <-came:
		if l.over() {
			return none, errDead
		}
		return a.v, a.err
	case <-f.cuts:
		return none, errPulled
	case <-l.dead:
		return none, errDead
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

// site is where the server stands. It does one thing at a time.
type site struct {
	*branch
	mu   sync.Mutex
	shut chan struct{} // closed when it is down
}

func (s *site) down() bool {
	select {
	case <-s.shut:
		return true
	default:
		return false
	}
}

// at does something at the server, if it is there.
func at1[T any](s *site, do func(*hubserver.Server) (T, error)) (none T, _ error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.down() {
		return none, errPulled
	}
	return do(s.server)
}

// closes does something to the server's files while it is down.
func (s *site) closes(do func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.down() {
		close(s.shut)
	}
	do()
}

func (s *site) opens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.shut = make(chan struct{})
}

// long is a desk's line to the server.
type longLine struct {
	c *cord
	s *site
	m *machine
}

func (l longLine) Deliver(ctx context.Context, es []journal.Entry) ([]journal.Receipt, error) {
	return carry(ctx, l.c, l.m.life, "deliver", false, func(f fate) ([]journal.Receipt, error) {
		some := es
		if f.half {
			some = es[:len(es)/2]
		}
		sent, err := wired(some)
		if err != nil || len(sent) == 0 {
			return nil, err
		}
		return at1(l.s, func(s *hubserver.Server) ([]journal.Receipt, error) {
			return s.Deliver(context.Background(), sent)
		})
	})
}

func (l longLine) Hello(ctx context.Context, h central.Hello) (central.Welcome, error) {
	m := l.m
	if !m.noRing {
		m.ringing.Lock()
		if m.ring.Next == "" {
			m.nonces++
			m.ring.Next = fmt.Sprint("nonce of ", m.name, m.nonces)
		}
		h.Lease = m.ring
		m.ringing.Unlock()
	}
	w, err := carry(ctx, l.c, m.life, "hello", true, func(fate) (central.Welcome, error) {
		return at1(l.s, func(s *hubserver.Server) (central.Welcome, error) { return s.Hello(context.Background(), h) })
	})
	if err == nil && !m.noRing && (w.State == central.Normal || w.Grant > 0) {
		m.ringing.Lock()
		if m.ring.Next == h.Lease.Next {
			m.ring = central.Lease{N: h.Lease.N + 1, Now: h.Lease.Next}
		}
		m.ringing.Unlock()
	}
	return w, err
}

func (l longLine) Since(ctx context.Context, cursor string, n int, wait time.Duration) (central.Page, error) {
	return carry(ctx, l.c, l.m.life, "since", true, func(fate) (central.Page, error) {
		over := time.NewTimer(wait)
		defer over.Stop()
		for {
			var written, shut <-chan struct{}
			p, err := at1(l.s, func(s *hubserver.Server) (central.Page, error) {
				written, shut = l.s.watched.Written(), l.s.shut
				return s.Since(context.Background(), cursor, n, 0)
			})
			if err != nil && strings.Contains(err.Error(), "did not give that cursor") { // as its HTTP side says it
				err = central.ErrCursor
			}
			if err != nil || len(p.Rows) > 0 || !p.Complete || wait == 0 {
				return p, err
			}
			select {
			case <-written:
			case <-over.C:
				return p, nil
			case <-shut:
				return central.Page{}, errPulled
			}
		}
	})
}

func (l longLine) Recorded(ctx context.Context, after journal.Mark, n int) ([]central.Recorded, error) {
	return carry(ctx, l.c, l.m.life, "recorded", true, func(fate) ([]central.Recorded, error) {
		return at1(l.s, func(s *hubserver.Server) ([]central.Recorded, error) {
			return s.Recorded(context.Background(), after, n)
		})
	})
}

// Anew is asked by a relay.
func (l longLine) Anew(ctx context.Context, other journal.Mark) (uint64, error) {
	return carry(ctx, l.c, l.m.life, "anew", true, func(fate) (uint64, error) {
		return at1(l.s, func(s *hubserver.Server) (uint64, error) { return s.Anew(context.Background(), other) })
	})
}

// shed is a relay's machine, and the relay while it runs.
type shed struct {
	m  *machine
	mu sync.Mutex
	r  *relay.Relay // nil: it is down
}

func (s *shed) is() (*relay.Relay, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.r == nil {
		return nil, errPulled
	}
	return s.r, nil
}

// shortLine is a desk's line to the relay of its branch.
type shortLine struct {
	c  *cord
	m  *machine
	to *shed
}

func (l shortLine) Meet(ctx context.Context, epochs []uint64) (central.RelayMet, error) {
	return carry(ctx, l.c, l.m.life, "meet", true, func(fate) (met central.RelayMet, err error) {
		r, err := l.to.is()
		if err != nil {
			return met, err
		}
		met.Relay = l.to.m.id
		met.Heads, err = r.Heads(context.Background(), l.m.id, epochs)
		return met, err
	})
}

func (l shortLine) Hand(ctx context.Context, es []journal.Entry) (journal.Mark, int, error) {
	m, err := carry(ctx, l.c, l.m.life, "hand", false, func(f fate) (journal.Mark, error) {
		some := es
		if f.half {
			some = es[:len(es)/2]
		}
		sent, err := wired(some)
		if err != nil || len(sent) == 0 {
			return journal.Mark{}, err
		}
		r, err := l.to.is()
		if err != nil {
			return journal.Mark{}, err
		}
		c, cancel := context.WithTimeout(context.Background(), callTime)
		defer cancel()
		return r.Take(c, sent)
	})
	return m, len(es), err
}

func (l shortLine) Works(ctx context.Context, run string, after uint64, wait time.Duration) ([]local.Work, string, uint64, error) {
	p, err := carry(ctx, l.c, l.m.life, "works", true, func(fate) (relay.Page, error) {
		r, err := l.to.is()
		if err != nil {
			return relay.Page{}, err
		}
		return r.Works(context.Background(), run, after, wait), nil
	})
	return slices.Clone(p.Works), p.Run, p.Next, err
}
