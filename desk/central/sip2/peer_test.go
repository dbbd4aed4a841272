package sip2

import (
	"context"
	"errors"
	"net"
	"strings"
	"sync"
	"testing"

	"circdesk/desk/central/sip2/sipwire"
)

// peer is a system whose every word is written down in the test: what it does on
// each connection, the last on all further ones.
type peer struct {
	t     testing.TB
	talks []func(*side)

	mu    sync.Mutex
	dials int
	heard []string // codes of what was sent to it, with the connection's number before each login
	lines []string // the same, whole and without the trailer
	all   sync.WaitGroup
}

// side is the peer's end of one connection.
type side struct {
	p    *peer
	conn net.Conn
	read *sipwire.Reader
	last sipwire.Message
}

var errNoPeer = errors.New("nobody listens there")

func (p *peer) dial(context.Context, string, string) (net.Conn, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := min(p.dials, len(p.talks)-1)
	p.dials++
	if p.talks[n] == nil {
		return nil, errNoPeer
	}
	ours, theirs := net.Pipe()
	s := &side{p: p, conn: theirs, read: sipwire.NewReader(theirs, 0, 0)}
	p.all.Go(func() {
		defer theirs.Close()
		p.talks[n](s)
	})
	return ours, nil
}

// hears reads the next message; "" is the end of the connection.
func (s *side) hears() sipwire.Code {
	b, err := s.read.Next()
	if err != nil {
		return ""
	}
	m, err := sipwire.Parse(b, 0)
	if err != nil || m.Check() == sipwire.Damaged {
		s.p.t.Errorf("the desk sent %q: %v", b, err)
		return ""
	}
	s.last = m
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	s.p.heard = append(s.p.heard, string(m.Code))
	bare := m.Bare()
	bare.End = nil
	s.p.lines = append(s.p.lines, string(bare.Bytes()))
	return m.Code
}

// says answers with a line, numbered as the last request was.
func (s *side) says(line string) {
	m, err := sipwire.Parse([]byte(line+"\r"), 0)
	if err != nil {
		s.p.t.Error(err)
	}
	if n, ok := s.last.Number(); ok {
		m = m.Sealed(n)
	}
	s.raw(string(m.Bytes()))
}

func (s *side) raw(line string) { s.conn.Write([]byte(line)) }

const (
	hello98  = "98YYYYYN10000320261126    1200002.00AOmain|BXYYYYYYYYYYYYYYYY|"
	sleeps98 = "98NYYYYN10000320261126    1200002.00AOmain|BXYYYYYYYYYYYYYYYY|"
	lent12   = "121NNY20261126    120000AOmain|AA2001|AB3001|AJBook|AH20261210    235900|"
	renews12 = "121YNY20261126    120000AOmain|AA2001|AB3001|AJBook|AH20261210    235900|"
	refuse12 = "120NUN20261126    120000AOmain|AA2001|AB3001|AJ|AH|AFGreetings from Koha. -- Patron owes 5.00|"
	ada64    = "64              00120261126    120000000000000001000000000000AOmain|AA2001|AEAda|BLY|AU3001|"
)

// greets answers login and status, and then goes on.
func greets(then func(*side)) func(*side) {
	return func(s *side) {
		if s.hears() == sipwire.Login {
			s.says("941")
			s.hears()
		}
		s.says(hello98)
		if then != nil {
			then(s)
		}
	}
}

// answers gives each request its line in turn, and hears on.
func answers(lines ...string) func(*side) {
	return greets(func(s *side) {
		for _, line := range lines {
			if s.hears() == "" {
				return
			}
			s.says(line)
		}
		s.hears()
	})
}

func (p *peer) config() Config {
	profile, err := ProfileOf("koha")
	if err != nil {
		p.t.Fatal(err)
	}
	return Config{
		Address: "ils.example.org:6001", Profile: profile, Dial: p.dial,
		Account: Account{User: "desk", Password: "secret", Institution: "main", Branch: "CPL", Terminal: "term", Currency: "EUR"},
	}
}

// said gives the codes of all that was sent, but for greetings.
func (p *peer) said() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return strings.Join(p.heard, " ")
}
