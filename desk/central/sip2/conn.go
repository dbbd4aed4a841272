package sip2

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"circdesk/desk/central/sip2/sipwire"
)

// Config says how a system is reached. Address and Profile are needed.
type Config struct {
	Address string      // host:port
	TLS     *tls.Config // nil: in the clear, or through a tunnel that others have dug
	Profile Profile
	Account Account
	// Dial makes a connection; nil: a net.Dialer does.
	Dial func(ctx context.Context, network, address string) (net.Conn, error)
	// Trace hears each message, masked, from whoever speaks on a connection; it
	// must not wait. nil: nobody listens.
	Trace func(Line)
}

// Line is one message as a trace shows it: without patrons' data and passwords,
// see [sipwire.Message.Trace].
type Line struct {
	At   time.Time
	Conn int  // which connection, from 1
	Sent bool // by the desk; else it came
	Text string
}

// Account is who the desk is to the system: what the system's administrator has
// given out. What is empty is not sent, or sent empty where the protocol demands
// the field.
type Account struct {
	User, Password string // CN and CO; no User: the system wants no login
	Location       string // CP
	Institution    string // AO
	Branch         string // AP of a check-in: a branch's code as the system has it
	Terminal       string // AC, the terminal's password
	Language       string // three digits; empty: 000, unknown
	// Zone is the library's: dates travel without one. nil: UTC.
	Zone *time.Location
	// Currency is that of amounts which name none. Empty: such amounts are not read.
	Currency string
}

func (a Account) zone() *time.Location { return cmp.Or(a.Zone, time.UTC) }

// Why a connection was given up, besides what [sipwire] has.
var (
	// ErrNotSIP: what came is no SIP2, as the plain text that a system writes when
	// it has failed within itself. Nobody knows what it was about.
	ErrNotSIP = errors.New("what came is no SIP2 message")
	// ErrLogin: the system does not know the desk's user and password, or does not
	// let it in.
	ErrLogin = errors.New("the system refuses the login")
	// ErrOffline: the system says that it is off-line.
	ErrOffline = errors.New("the system says that it is off-line")
	// ErrClosed: the connection, or the pool, was closed.
	ErrClosed = errors.New("closed")
)

// NoAnswerError: a request has no answer. The connection was given up with it.
type NoAnswerError struct {
	Code sipwire.Code // of the request; empty: the connection was being made
	// Undone: the system cannot have carried the request out. False says that
	// nobody knows.
	Undone bool
	Err    error
}

func (e *NoAnswerError) Error() string {
	if e.Code == "" {
		return e.Err.Error()
	}
	name := ""
	if s, ok := sipwire.Lookup(e.Code); ok {
		name = " (" + s.Name + ")"
	}
	return fmt.Sprintf("ask SIP2 message %s%s: %v", e.Code, name, e.Err)
}

// Unwrap gives why.
func (e *NoAnswerError) Unwrap() error { return e.Err }

// Conn is one connection. It is used by one goroutine at a time; [Conn.Close] may
// be called by any.
type Conn struct {
	Config
	ID int // in traces

	net    net.Conn
	term   sipwire.Terminal
	read   *sipwire.Reader
	in     chan arrival  // what comes, as it comes
	gone   chan struct{} // closed by Close
	once   sync.Once
	broken error // why it was given up; nil: it stands

	status  *Status   // the last one; nil: none came yet
	greeted bool      // it has just said its status, and was asked nothing since
	used    time.Time // when something was heard last
	spoken  cards     // patrons whose session was not ended here
}

// arrival is one message as it came, or why none comes any more.
type arrival struct {
	bytes []byte
	err   error
}

// Connect makes a connection and says nothing on it: see [Conn.Greet].
func Connect(ctx context.Context, c Config) (*Conn, error) {
	p := c.Profile
	if err := p.Form.Check(); err != nil {
		return nil, fmt.Errorf("connect to the SIP2 server %s: %w", c.Address, err)
	}
	dialing, cancel := context.WithTimeout(ctx, p.connect())
	defer cancel()
	dial := c.Dial
	if dial == nil {
		dial = (&net.Dialer{KeepAlive: keepAlive}).DialContext
	}
	n, err := dial(dialing, "tcp", c.Address)
	if err == nil && c.TLS != nil {
		n, err = secure(dialing, n, c)
	}
	if err != nil {
		return nil, fmt.Errorf("connect to the SIP2 server %s: %w", c.Address, &NoAnswerError{Undone: true, Err: err})
	}
	conn := &Conn{
		Config: c, net: n, read: sipwire.NewReader(n, 0, p.Form.Delimiter), used: time.Now(),
		term: sipwire.Terminal{Form: p.Form, Detect: p.Detect, Retries: p.retries()},
		in:   make(chan arrival), gone: make(chan struct{}),
	}
	go conn.listen()
	return conn, nil
}

// keepAlive is how often the network is asked whether the other end is there.
const keepAlive = 15 * time.Second

// secure speaks TLS on a connection, with the host's name where none is set.
func secure(ctx context.Context, n net.Conn, c Config) (net.Conn, error) {
	conf := c.TLS.Clone()
	if conf.ServerName == "" {
		host, _, err := net.SplitHostPort(c.Address)
		if err != nil {
			host = c.Address
		}
		conf.ServerName = host
	}
	t := tls.Client(n, conf)
	if err := t.HandshakeContext(ctx); err != nil {
		n.Close()
		return nil, fmt.Errorf("speak TLS: %w", err)
	}
	return t, nil
}

// listen hands on what comes until nothing comes any more, or nobody listens.
func (c *Conn) listen() {
	for {
		b, err := c.read.Next()
		select {
		case c.in <- arrival{b, err}:
		case <-c.gone:
			return
		}
		if err != nil {
			return
		}
	}
}

// Dial makes a connection and greets the system on it.
func Dial(ctx context.Context, c Config) (*Conn, error) {
	conn, err := Connect(ctx, c)
	if err != nil {
		return nil, err
	}
	if err := conn.Greet(ctx); err != nil {
		conn.Close()
		return nil, err
	}
	return conn, nil
}

// Close gives the connection up. It may be called twice.
func (c *Conn) Close() error {
	c.once.Do(func() {
		close(c.gone)
		c.net.Close()
	})
	return nil
}

// Broken says why the connection was given up; nil: it stands, as far as anybody
// knows.
func (c *Conn) Broken() error { return c.broken }

// HungUp looks whether the other end has closed the connection, or said something
// that nobody asked for. Then it is given up. It waits for nothing.
func (c *Conn) HungUp() bool {
	if c.broken != nil {
		return true
	}
	select {
	case a := <-c.in:
		if a.err == nil {
			c.heard(a.bytes)
			a.err = sipwire.ErrAnswer
		}
		c.give(a.err)
	default:
	}
	return c.broken != nil
}

// Status gives the status that the system sent last; nil: none came.
func (c *Conn) Status() *Status { return c.status }

// Idle says for how long nothing was heard.
func (c *Conn) Idle() time.Duration { return time.Since(c.used) }

// maxNotes is how often a system may answer one request with its status.
const maxNotes = 3

// Exchange says one message and waits for its answer. Where the system answers
// with its status instead, the status is noted and the message said again, unless
// it may have been carried out. What only asks is said again by itself when no
// answer comes in time, or the system says that it could not read it; a change never
// is.
//
// An error is a *[NoAnswerError], and the connection is given up with it: so it is
// when ctx ends.
func (c *Conn) Exchange(ctx context.Context, m sipwire.Message) (sipwire.Message, error) {
	for range maxNotes {
		step := c.exchange(ctx, m)
		switch {
		case step.Do == sipwire.Take:
			c.note(&step.Message)
			c.spoken.note(m)
			return step.Message, nil
		case step.Do != sipwire.Note:
			return sipwire.Message{}, &NoAnswerError{m.Code, step.Undone, step.Err}
		}
		c.note(&step.Message)
		if c.status != nil && !c.status.Online {
			c.give(ErrOffline)
			return sipwire.Message{}, &NoAnswerError{m.Code, step.Undone, ErrOffline}
		}
		if !step.Undone && !asks(m) {
			c.give(sipwire.ErrAnswer)
			return sipwire.Message{}, &NoAnswerError{m.Code, false, sipwire.ErrAnswer}
		}
	}
	c.give(sipwire.ErrAnswer)
	return sipwire.Message{}, &NoAnswerError{m.Code, true, sipwire.ErrAnswer}
}

// exchange says one message until it is answered, or nothing helps: the step is
// Take, Note or Leave.
func (c *Conn) exchange(ctx context.Context, m sipwire.Message) sipwire.Step {
	c.greeted = false
	if c.HungUp() {
		return left(c.broken, true)
	}
	if err := ctx.Err(); err != nil {
		return left(err, true)
	}
	out, err := c.term.Ask(m)
	if err != nil {
		c.give(err)
		return left(err, true)
	}
	step := sipwire.Step{Do: sipwire.Send, Bytes: out}
	for {
		if step.Do == sipwire.Send {
			if err := c.send(ctx, step.Bytes); err != nil {
				c.give(err)
				return left(err, false)
			}
		}
		step = c.hear(ctx)
		if step.Do == sipwire.Send && string(step.Bytes) == string(out) && !asks(m) {
			// it says that it could not read something: perhaps what stood before this
			step = left(sipwire.ErrUnreadable, false)
		}
		switch step.Do {
		case sipwire.Take, sipwire.Note:
			return step
		case sipwire.Leave:
			c.give(step.Err)
			return step
		}
	}
}

// asks reports whether a message only asks.
func asks(m sipwire.Message) bool {
	spec := m.Spec()
	return spec != nil && spec.Asks || m.Code == sipwire.Login
}

func left(why error, undone bool) sipwire.Step {
	return sipwire.Step{Do: sipwire.Leave, Err: why, Undone: undone}
}

// send writes a message in one piece.
func (c *Conn) send(ctx context.Context, b []byte) error {
	limit := time.Now().Add(c.Profile.write())
	if d, ok := ctx.Deadline(); ok && d.Before(limit) {
		limit = d
	}
	c.net.SetWriteDeadline(limit)
	stop := context.AfterFunc(ctx, func() { c.net.SetWriteDeadline(time.Unix(1, 0)) })
	defer stop()
	c.trace(true, b)
	_, err := c.net.Write(b)
	return err
}

// hear waits for what is to be done next.
func (c *Conn) hear(ctx context.Context) sipwire.Step {
	limit := time.NewTimer(c.Profile.answer())
	defer limit.Stop()
	for {
		select {
		case a := <-c.in:
			step := c.arrived(a)
			if step.Do != sipwire.Wait {
				return step
			}
		case <-limit.C:
			return c.term.TimedOut()
		case <-ctx.Done():
			return left(ctx.Err(), false)
		case <-c.gone:
			return left(ErrClosed, false)
		}
	}
}

// arrived makes a step of what came.
func (c *Conn) arrived(a arrival) sipwire.Step {
	switch {
	case errors.Is(a.err, io.EOF), errors.Is(a.err, io.ErrUnexpectedEOF):
		return left(fmt.Errorf("the system hung up: %w", a.err), false)
	case a.err != nil:
		return left(a.err, false)
	}
	c.heard(a.bytes)
	if _, err := c.Profile.Form.Parse(a.bytes); err != nil {
		return left(ErrNotSIP, false)
	}
	return c.term.Heard(a.bytes)
}

// heard notes that something came.
func (c *Conn) heard(b []byte) {
	c.used = time.Now()
	c.trace(false, b)
}

func (c *Conn) trace(sent bool, b []byte) {
	if c.Trace != nil {
		c.Trace(Line{time.Now(), c.ID, sent, sipwire.Trace(b, c.Profile.Form.Delimiter)})
	}
}

// give gives the connection up.
func (c *Conn) give(why error) {
	if c.broken == nil {
		c.broken = why
	}
	c.Close()
}

// note keeps a status.
func (c *Conn) note(m *sipwire.Message) {
	if m.Code == sipwire.SystemStatus {
		s := c.statusOf(m)
		c.status = &s
	}
}
