package sip2

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"circdesk/desk/central/sip2/sipwire"
)

// Pool keeps a few connections to one system, at most as many as its profile says:
// made when they are needed, kept alive while they are not, made anew when they
// were lost. It is safe for concurrent use.
type Pool struct {
	config Config

	places chan struct{} // one for each connection that is in use

	mu     sync.Mutex // what follows
	idle   []*Conn    // the one used last is the last
	made   int
	heard  time.Time // when the system answered last; zero: it did not, or failed since
	status *Status   // as it was told last; nil: never
	closed bool
}

// NewPool makes a pool. It connects to nothing yet.
func NewPool(c Config) *Pool {
	return &Pool{config: c, places: make(chan struct{}, c.Profile.connections())}
}

// stale is how long a connection may have been idle and still be trusted with a
// change without a word: the answer to a change on a connection that the other end
// has dropped silently is unknown, not no.
const stale = 20 * time.Second

// Ask says what only asks, on any connection. Where the connection turns out to
// be lost it says it once more on a new one. An error is the second one.
func (p *Pool) Ask(ctx context.Context, m sipwire.Message) (sipwire.Message, error) {
	if s := m.Spec(); s == nil || !s.Asks {
		return sipwire.Message{}, fmt.Errorf("ask SIP2 message %s: it does not only ask", m.Code)
	}
	var reply sipwire.Message
	err := p.twice(ctx, func(c *Conn) (err error) {
		reply, err = c.Exchange(ctx, m)
		return err
	})
	return reply, err
}

// twice does what only asks, and once more on another connection where the first
// was lost.
func (p *Pool) twice(ctx context.Context, fn func(*Conn) error) error {
	err := p.With(ctx, fn)
	if err != nil && ctx.Err() == nil && !leaves(err) {
		err = p.With(ctx, fn)
	}
	return err
}

// Change says what does something, once, on a connection that has just answered or
// was idle for a short time only. What it gives is Unsaid where no connection could
// be had.
func (p *Pool) Change(ctx context.Context, m sipwire.Message) Outcome {
	var out Outcome
	err := p.With(ctx, func(c *Conn) error {
		if c.Idle() > stale {
			if err := c.Ping(ctx); err != nil {
				out = Outcome{Verdict: Unsaid, Err: err}
				return err
			}
		}
		out = c.Change(ctx, m)
		return out.Err
	})
	if err != nil && out.Err == nil {
		return Outcome{Verdict: Unsaid, Err: err}
	}
	return out
}

// Ping asks for the system's status, on a connection that stands or a new one.
func (p *Pool) Ping(ctx context.Context) (Status, error) {
	var st Status
	err := p.twice(ctx, func(c *Conn) error {
		if !c.greeted {
			if err := c.Ping(ctx); err != nil {
				return err
			}
		}
		c.greeted = false
		if c.status != nil {
			st = *c.status
		}
		return nil
	})
	return st, err
}

// Look says whether the system is there: from an answer that is not older than
// fresh and a connection that still stands, else by asking.
func (p *Pool) Look(ctx context.Context, fresh time.Duration) (Status, error) {
	p.mu.Lock()
	st, ok := p.status, !p.heard.IsZero() && time.Since(p.heard) < fresh
	for i := len(p.idle) - 1; i >= 0 && ok; i-- {
		if p.idle[i].HungUp() {
			p.idle = append(p.idle[:i], p.idle[i+1:]...)
			ok = false
		}
	}
	p.mu.Unlock()
	if ok && st != nil && st.Online {
		return *st, nil
	}
	return p.Ping(ctx)
}

// With lends a connection to fn: one that stands, else a new one. It waits while
// all are in use.
func (p *Pool) With(ctx context.Context, fn func(*Conn) error) error {
	select {
	case p.places <- struct{}{}:
	default:
		select {
		case p.places <- struct{}{}:
		case <-ctx.Done():
			return &NoAnswerError{Undone: true, Err: fmt.Errorf("wait for a connection to the SIP2 server %s: %w", p.config.Address, ctx.Err())}
		}
	}
	defer func() { <-p.places }()
	c, err := p.take(ctx)
	if err != nil {
		p.failed()
		return err
	}
	err = fn(c)
	p.give(c, err)
	return err
}

// take takes an idle connection that stands, or makes one.
func (p *Pool) take(ctx context.Context) (*Conn, error) {
	for {
		p.mu.Lock()
		if p.closed {
			p.mu.Unlock()
			return nil, &NoAnswerError{Undone: true, Err: ErrClosed}
		}
		n := len(p.idle) - 1
		if n < 0 {
			p.made++
			id := p.made
			p.mu.Unlock()
			return p.make(ctx, id)
		}
		c := p.idle[n]
		p.idle = p.idle[:n]
		p.mu.Unlock()
		if !c.HungUp() {
			return c, nil
		}
	}
}

func (p *Pool) make(ctx context.Context, id int) (*Conn, error) {
	c, err := Connect(ctx, p.config)
	if err != nil {
		return nil, err
	}
	c.ID = id
	if err := c.Greet(ctx); err != nil {
		c.Close()
		return nil, err
	}
	c.greeted = c.status != nil
	return c, nil
}

// give takes a connection back after it was used.
func (p *Pool) give(c *Conn, err error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if c.status != nil {
		p.status = c.status
	}
	switch {
	case p.closed:
		c.Close()
	case c.broken != nil:
		if !errors.Is(err, context.Canceled) {
			p.heard = time.Time{}
		}
	default:
		p.heard = c.used
		p.idle = append(p.idle, c)
	}
}

func (p *Pool) failed() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.heard = time.Time{}
}

// Tend keeps idle connections alive until ctx ends. One that does not answer is
// given up; the next that is needed is made then.
func (p *Pool) Tend(ctx context.Context) {
	every := p.config.Profile.ping()
	if every == 0 {
		return
	}
	tick := time.NewTicker(max(every/4, time.Second))
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			p.tend(ctx, every)
		}
	}
}

// tend pings what was idle for long. Meanwhile it is nobody's: who needs a
// connection then has another, or waits.
func (p *Pool) tend(ctx context.Context, every time.Duration) {
	for {
		select {
		case p.places <- struct{}{}:
		default:
			return // all are in use
		}
		c := p.oldest(every)
		if c != nil {
			p.give(c, c.Ping(ctx))
		}
		<-p.places
		if c == nil {
			return
		}
	}
}

// oldest takes a connection that was idle for so long; nil: there is none.
func (p *Pool) oldest(every time.Duration) *Conn {
	return p.pick(func(c *Conn) bool { return c.Idle() >= every })
}

// pick takes the first idle connection that is such a one; nil: none is.
func (p *Pool) pick(is func(*Conn) bool) *Conn {
	p.mu.Lock()
	defer p.mu.Unlock()
	for i, c := range p.idle {
		if is(c) {
			p.idle = append(p.idle[:i:i], p.idle[i+1:]...)
			return c
		}
	}
	return nil
}

// each does something on each connection that stands, is such a one and not in use. It
// makes none. The error is the last one.
func (p *Pool) each(ctx context.Context, is func(*Conn) bool, fn func(*Conn) error) (err error) {
	done := map[*Conn]bool{}
	for {
		select {
		case p.places <- struct{}{}:
		case <-ctx.Done():
			return ctx.Err()
		}
		c := p.pick(func(c *Conn) bool { return !done[c] && is(c) })
		if c != nil {
			done[c] = true
			if !c.HungUp() {
				if failed := fn(c); failed != nil {
					err = failed
				}
			}
			p.give(c, err)
		}
		<-p.places
		if c == nil {
			return err
		}
	}
}

// Close closes what is idle, and what is in use as soon as it is not.
func (p *Pool) Close() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed = true
	for _, c := range p.idle {
		c.Close()
	}
	p.idle = nil
}
