package hubserver

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"
)

// Serve answers on the listener until ctx is done. Then it takes no more, calls ending,
// unless that is nil, lets what is under way come to its end within grace, and closes the
// listener. An error says why it ended before. The server's ConnState is Serve's own.
func Serve(ctx context.Context, l net.Listener, server *http.Server, grace time.Duration, ending func()) error {
	var unused spare
	server.ConnState = unused.state
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve on %s: %w", l.Addr(), err)
	case <-ctx.Done():
	}
	if ending != nil {
		ending()
	}
	over, cancel := context.WithTimeout(context.WithoutCancel(ctx), grace)
	defer cancel()
	unused.close()
	if server.Shutdown(over) != nil { // who had no answer by now asks again
		_ = server.Close() // the listener is closed already
	}
	<-ended
	return nil
}

// spare are the connections of an [http.Server] on which nothing was asked yet: a client
// opens one ahead. A shutdown waits five seconds for a request on them, and ends at once
// when they are closed before. The zero spare has none.
type spare struct {
	mu    sync.Mutex
	over  bool
	conns map[net.Conn]struct{}
}

// state is for [http.Server.ConnState].
func (s *spare) state(c net.Conn, is http.ConnState) {
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

// close closes them, and those that are still to come.
func (s *spare) close() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	for c := range s.conns {
		_ = c.Close() // who was about to ask asks again
	}
	clear(s.conns)
}
