package siptest

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// Start lets the library answer on a port of this machine until the test ends,
// and returns its address.
func (l *Library) Start(t testing.TB) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	stop := l.Serve(ln)
	t.Cleanup(stop)
	return ln.Addr().String()
}

// Serve answers whoever connects, until stop is called, which ends the listener
// and all connections and waits for them.
func (l *Library) Serve(ln net.Listener) (stop func()) {
	var all sync.WaitGroup
	var mu sync.Mutex
	open := make(map[net.Conn]bool)
	over := false
	all.Go(func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			mu.Lock()
			if over {
				_ = c.Close()
				mu.Unlock()
				return
			}
			open[c] = true
			mu.Unlock()
			all.Go(func() {
				l.ServeConn(c)
				mu.Lock()
				delete(open, c)
				mu.Unlock()
			})
		}
	})
	return func() {
		_ = ln.Close()
		mu.Lock()
		over = true
		for c := range open {
			_ = c.Close()
		}
		mu.Unlock()
		all.Wait()
	}
}

// Dial returns the near end of a connection to the library within this process.
// It ends when that end is closed.
func (l *Library) Dial() net.Conn {
	near, far := net.Pipe()
	go l.ServeConn(far)
	return near
}

// ServeConn answers on one connection until it ends, and closes it.
func (l *Library) ServeConn(c io.ReadWriteCloser) {
	defer c.Close()
	l.mu.Lock()
	l.open++
	l.total++
	l.most = max(l.most, l.open)
	l.mu.Unlock()
	defer func() {
		l.mu.Lock()
		l.open--
		l.mu.Unlock()
	}()
	s := session{l: l, at: l.Institution, signedIn: len(l.logins) == 0}
	in := bufio.NewReader(c)
	for {
		raw, err := line(in)
		if err != nil {
			return
		}
		if raw == "" && l.Dialect.Unknown != AskAgain {
			continue
		}
		said, err := s.hear(raw)
		if said != "" {
			if l.Latency > 0 {
				time.Sleep(l.Latency)
			}
			end := l.Dialect.Terminator
			if end == "" {
				end = "\r"
			}
			if _, err := io.WriteString(c, said+end); err != nil {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// line reads up to a CR, without what stands before a message.
func line(in *bufio.Reader) (string, error) {
	var b []byte
	for {
		c, err := in.ReadByte()
		switch {
		case err != nil:
			return "", err
		case c == '\r':
			return string(b), nil
		case len(b) == 0 && c <= ' ':
		case len(b) > 64<<10:
			return "", errHangUp
		default:
			b = append(b, c)
		}
	}
}

// errHangUp ends a connection.
var errHangUp = errors.New("the system hung up")

// session is one connection.
type session struct {
	l        *Library
	at       string // the library where the terminal stands
	signedIn bool
	strikes  int
	last     string // what was said last, without number and checksum
	asked    string // the message that was answered last, as it came; "": nothing
	answered string // what was said to it, as it was sent
}

const mostStrikes = 3

// hear takes a message and says the answer, "": none. An error ends the
// connection behind it.
func (s *session) hear(raw string) (string, error) {
	l := s.l
	l.mu.Lock()
	defer l.mu.Unlock()
	d := &l.Dialect
	r, ok := d.read(raw)
	switch {
	case !ok && d.Unknown == HangUp:
		return "", errHangUp
	case !ok, r.damaged:
		return s.again(), nil
	}
	l.heard = append(l.heard, raw)
	if r.code == "97" {
		return s.repeat(r), nil
	}
	if d.Strict && r.sequence == "" {
		return s.again(), nil
	}
	if !d.OpenFields && r.open {
		return s.failed(r)
	}
	if d.Remembers && r.summed && r.raw == s.asked {
		return s.answered, nil
	}
	if !s.signedIn && r.code != "93" && (r.code != "99" || !d.StatusFirst) {
		return "", errHangUp
	}
	answer := answers[r.code]
	if answer == nil || d.Lacks[r.code] {
		return s.unknown(r)
	}
	if l.announces(r.code) {
		said := s.say(r, s.status(r))
		s.asked = "" // it may be sent again as it was
		return said, nil
	}
	if ills := l.trouble[r.code]; len(ills) > 0 {
		l.trouble[r.code] = ills[1:]
		if ills[0].after {
			answer(s, r)
		}
		return s.failed(r)
	}
	reply := answer(s, r)
	if reply == nil {
		return "", errHangUp
	}
	said := s.say(r, reply)
	if s.strikes >= mostStrikes {
		return said, errHangUp
	}
	return said, nil
}

// announces reports whether a 98 comes in the place of the answer.
func (l *Library) announces(code string) bool {
	switch {
	case code == "93" || code == "99":
		return false
	case l.announce > 0:
		l.announce--
		return true
	case l.Dialect.Announces && !l.told[code]:
		l.told[code] = true
		return true
	}
	return false
}

// say seals an answer as the request was.
func (s *session) say(r request, a *reply) string {
	s.last = a.b.String()
	said := sealed(s.last, r.sequence)
	s.asked, s.answered = "", ""
	if r.summed {
		s.asked, s.answered = r.raw, said
	}
	return said
}

// again asks for what came damaged.
func (s *session) again() string {
	s.last = "96"
	return summed("96")
}

// repeat says again what was said last.
func (s *session) repeat(r request) string {
	switch {
	case s.last == "":
		return s.again()
	case !r.summed:
		return s.last
	case s.l.Dialect.ResendNumbered:
		return sealed(s.last, "0")
	}
	return summed(s.last)
}

// unknown answers what the system does not take.
func (s *session) unknown(r request) (string, error) {
	switch s.l.Dialect.Unknown {
	case AskAgain:
		s.last = "96"
		return s.last, nil
	case HangUp:
		return "", errHangUp
	case SayPlain:
		return s.failed(r)
	}
	return "", nil
}

// failed is an error of the system's own.
func (s *session) failed(r request) (string, error) {
	if s.l.Dialect.PlainErrors {
		return "Problems handling the request: " + r.code, nil
	}
	return "", errHangUp
}
