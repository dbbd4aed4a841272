package hubserver

import (
	"net"
	"net/http"
	"sync"
)

// Spare are the connections of an [http.Server] on which nothing was asked yet: a client
// opens one ahead. A shutdown waits five seconds for a request on them, and ends at once
// when they are closed before. The zero Spare has none.
type Spare struct {
	mu    sync.Mutex
	over  bool
	conns map[net.Conn]struct{}
}

// State is for [http.Server.ConnState].
func (s *Spare) State(c net.Conn, is http.ConnState) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case is != http.StateNew:
		delete(s.conns, c)
	case s.over:
		_ = c.Close() // nobody has asked anything on it
	default:
		if s.conns == nil {
			s.conns = map[net.Conn]struct{}{}
		}
		s.conns[c] = struct{}{}
	}
}

// Close closes them, and those that are still to come.
func (s *Spare) Close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	for c := range s.conns {
		_ = c.Close() // who was about to ask asks again
	}
	clear(s.conns)
}
