package siptest

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
)

// Proxy stands between terminals and a library system and does to their messages
// what its script says. Make it with [NewProxy].
//
// A terminal that connects again is let in only when the library has carried out
// what it was sent before, so that a test has one outcome: see [Delay] for what
// arrives late.
type Proxy struct {
	reach  func() (far, error)
	script Script

	mu     sync.Mutex
	nth    map[Passage]int
	all    int
	conns  int
	links  map[*link]bool
	faults []Passage
}

// far is the library's end.
type far interface {
	io.ReadWriteCloser
	CloseWrite() error
}

// NewProxy makes a proxy before a library in this process. A nil script passes
// everything.
func NewProxy(l *Library, s Script) *Proxy { return newProxy(l.reach, s) }

// NewProxyTo makes a proxy before whatever listens at an address.
func NewProxyTo(address string, s Script) *Proxy {
	return newProxy(func() (far, error) {
		c, err := net.Dial("tcp", address)
		if err != nil {
			return nil, err
		}
		return c.(*net.TCPConn), nil
	}, s)
}

func newProxy(reach func() (far, error), s Script) *Proxy {
	if s == nil {
		s = Rules()
	}
	return &Proxy{reach: reach, script: s, nth: make(map[Passage]int), links: make(map[*link]bool)}
}

// SetScript sets what happens from now on.
func (p *Proxy) SetScript(s Script) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.script = s
}

// Did returns the messages that were not just passed on.
func (p *Proxy) Did() []Passage {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]Passage(nil), p.faults...)
}

// Passed returns how many messages there have been, those that did not arrive
// counted.
func (p *Proxy) Passed() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.all
}

// Dial connects within this process; what it is asked for does not matter. It
// has the form of [net.Dialer.DialContext].
func (p *Proxy) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	near, end := net.Pipe()
	l, err := p.connect(ctx, end)
	if err != nil {
		return nil, err
	}
	return &nearConn{near, l}, nil
}

// nearConn is the terminal's end of a connection within this process.
type nearConn struct {
	net.Conn
	link *link
}

// Close marks the link before it can be seen that the terminal has left.
func (c *nearConn) Close() error {
	c.link.leave()
	return c.Conn.Close()
}

// Start lets the proxy listen on a port of this machine until the test ends, and
// returns its address.
func (p *Proxy) Start(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			if _, err := p.connect(context.Background(), c); err != nil {
				_ = c.Close()
			}
		}
	})
	t.Cleanup(func() {
		_ = ln.Close()
		all.Wait()
		p.Close()
	})
	return ln.Addr().String()
}

// Close ends all connections and waits until the library has carried out what it
// was sent.
func (p *Proxy) Close() {
	p.mu.Lock()
	var open []*link
	for l := range p.links {
		open = append(open, l)
	}
	p.mu.Unlock()
	for _, l := range open {
		l.leave()
		_ = l.near.Close()
		<-l.done
	}
}

// Settle waits until the library has carried out what it was sent on connections
// that have ended.
func (p *Proxy) Settle(ctx context.Context) error {
	for {
		p.mu.Lock()
		var leaving *link
		for l := range p.links {
			if l.leaving {
				leaving = l
			}
		}
		p.mu.Unlock()
		if leaving == nil {
			return nil
		}
		select {
		case <-leaving.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (p *Proxy) connect(ctx context.Context, near net.Conn) (*link, error) {
	if err := p.Settle(ctx); err != nil {
		return nil, err
	}
	f, err := p.reach()
	if err != nil {
		return nil, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns++
	l := &link{
		p: p, id: p.conns, near: near, far: f, events: make(chan event), done: make(chan struct{}),
		down: newQueue(near, near.Close), up: newQueue(f, f.CloseWrite),
	}
	p.links[l] = true
	go l.run()
	return l, nil
}

// decide says what becomes of a message.
func (p *Proxy) decide(m Passage) Fault {
	p.mu.Lock()
	defer p.mu.Unlock()
	key := Passage{From: m.From, Code: m.Code}
	p.nth[key]++
	p.all++
	m.Nth, m.All = p.nth[key], p.all
	f := p.script(m)
	if f != Pass {
		p.faults = append(p.faults, m)
	}
	return f
}

// link is one connection through the proxy. Its own goroutine owns it.
type link struct {
	p      *Proxy
	id     int
	near   net.Conn
	far    far
	down   *queue // to the terminal
	up     *queue // to the library
	events chan event
	done   chan struct{} // closed when the library has ended its side

	leaving bool // by the proxy's lock: the terminal is gone, or was cut off

	code     string   // of the request that was sent last
	late     [][]byte // answers that are held back
	waiting  [][]byte // requests that are
	mute     bool     // nothing passes any more
	cut      bool     // nothing goes to the terminal any more
	finished bool     // nothing goes to the library any more
}

// event is a message, or the end of a side.
type event struct {
	from Side
	raw  []byte
	end  bool
}

func (l *link) leave() {
	l.p.mu.Lock()
	l.leaving = true
	l.p.mu.Unlock()
}

func (l *link) run() {
	var readers sync.WaitGroup
	readers.Go(func() { l.listen(l.near, FromTerminal) })
	readers.Go(func() { l.listen(l.far, FromLibrary) })
	for over := 0; over < 2; {
		e := <-l.events
		switch {
		case e.end:
			over++
			l.ended(e.from)
		case e.from == FromTerminal:
			l.request(e.raw)
		default:
			l.answer(e.raw)
		}
	}
	readers.Wait()
	l.up.end()
	l.down.end()
	_ = l.far.Close()
	l.p.mu.Lock()
	delete(l.p.links, l)
	l.p.mu.Unlock()
	close(l.done)
}

// listen cuts what comes at CR.
func (l *link) listen(r io.Reader, from Side) {
	var held []byte
	piece := make([]byte, 4096)
	for {
		n, err := r.Read(piece)
		held = append(held, piece[:n]...)
		for {
			at := bytes.IndexByte(held, '\r')
			if at < 0 {
				break
			}
			l.events <- event{from: from, raw: bytes.Clone(held[:at+1])}
			held = held[at+1:]
		}
		if err != nil {
			l.events <- event{from: from, end: true}
			return
		}
	}
}

// ended takes that a side has ended.
func (l *link) ended(from Side) {
	if from == FromLibrary {
		l.cutOff()
		return
	}
	l.leave()
	if !l.mute {
		l.releaseRequests()
	}
	l.cutOff()
}

// cutOff ends both sides. What is on its way to the library arrives.
func (l *link) cutOff() {
	l.leave()
	if !l.finished {
		l.finished = true
		l.up.close()
	}
	if !l.cut {
		l.cut = true
		l.down.close()
	}
}

func (l *link) releaseRequests() {
	for _, raw := range l.waiting {
		l.toFar(raw)
	}
	l.waiting = nil
}

func (l *link) toFar(raw []byte) {
	if !l.finished {
		l.up.put(raw)
	}
}

func (l *link) toNear(raw []byte) {
	if !l.cut {
		l.down.put(raw)
	}
}

func (l *link) request(raw []byte) {
	if l.mute || l.finished {
		return
	}
	l.code = codeOf(raw)
	l.releaseRequests()
	f := l.p.decide(Passage{From: FromTerminal, Code: l.code, Conn: l.id})
	if f == Delay {
		l.waiting = append(l.waiting, raw)
	} else {
		l.pass(f, raw, l.toFar)
	}
	for _, late := range l.late {
		l.toNear(late)
	}
	l.late = nil
}

func (l *link) answer(raw []byte) {
	if l.mute || l.cut {
		return
	}
	switch f := l.p.decide(Passage{From: FromLibrary, Code: l.code, Conn: l.id}); f {
	case Delay:
		l.late = append(l.late, raw)
	case Double:
		l.toNear(raw)
		l.toNear(raw)
	default:
		l.pass(f, raw, l.toNear)
	}
}

// pass does to a message what does not depend on its side.
func (l *link) pass(f Fault, raw []byte, to func([]byte)) {
	switch f {
	case CutBefore:
		l.cutOff()
	case CutWithin:
		to(raw[:len(raw)/2])
		l.cutOff()
	case CutAfter:
		to(raw)
		l.cutOff()
	case Lose:
	case Garble:
		to(garbled(raw, l.p.Passed()))
	case Split:
		for i := range raw {
			to(raw[i : i+1])
		}
	case HalfOpen:
		l.mute = true
	case Junk:
		to([]byte("?? connection reset, please hold the line ??\r"))
		to(raw)
	default:
		to(raw)
	}
}

// codeOf is the code of a message, "": it has none.
func codeOf(raw []byte) string {
	raw = bytes.TrimLeft(raw, " \r\n")
	if len(raw) < 2 {
		return ""
	}
	return string(raw[:2])
}

// garbled returns a message with one other byte, whose place depends on the
// number.
func garbled(raw []byte, n int) []byte {
	b := bytes.Clone(raw)
	at := (len(b)/2 + 7*n) % (len(b) - 1)
	if b[at] ^= 1; b[at] < ' ' {
		b[at] = '~'
	}
	return b
}

// queue writes what is put into it, so that who puts does not wait for who
// reads.
type queue struct {
	mu     sync.Mutex
	more   *sync.Cond
	pieces [][]byte
	over   bool // nothing comes any more
	closed bool // the side is to be closed then
	w      io.Writer
	shut   func() error
	done   chan struct{}
}

func newQueue(w io.Writer, shut func() error) *queue {
	q := &queue{w: w, shut: shut, done: make(chan struct{})}
	q.more = sync.NewCond(&q.mu)
	go q.run()
	return q
}

func (q *queue) put(b []byte) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.pieces = append(q.pieces, b)
	q.more.Signal()
}

// close closes the side behind what was put.
func (q *queue) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.over, q.closed = true, true
	q.more.Signal()
}

// end waits until all is written.
func (q *queue) end() {
	q.mu.Lock()
	q.over = true
	q.more.Signal()
	q.mu.Unlock()
	<-q.done
}

func (q *queue) run() {
	defer close(q.done)
	for {
		q.mu.Lock()
		for len(q.pieces) == 0 && !q.over {
			q.more.Wait()
		}
		pieces, over, closed := q.pieces, q.over, q.closed
		q.pieces = nil
		q.mu.Unlock()
		for _, b := range pieces {
			if _, err := q.w.Write(b); err != nil {
				break
			}
		}
		if over {
			if closed {
				_ = q.shut()
			}
			return
		}
	}
}

// reach connects within this process.
func (l *Library) reach() (far, error) {
	in, up := io.Pipe()
	down, out := io.Pipe()
	go l.ServeConn(&ends{in, out})
	return &ends{down, up}, nil
}

// ends are the two directions of a connection within this process.
type ends struct {
	*io.PipeReader
	w *io.PipeWriter
}

func (e *ends) Write(b []byte) (int, error) { return e.w.Write(b) }

// CloseWrite says that nothing comes any more.
func (e *ends) CloseWrite() error { return e.w.Close() }

// Close ends both directions.
func (e *ends) Close() error { return errors.Join(e.PipeReader.Close(), e.w.Close()) }
