package sipserver

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipwire"
	"circdesk/desk/operator"
	"circdesk/desk/words"
)

// Server answers terminals. Its fields are set before it serves, and not changed then.
type Server struct {
	Hub *hubserver.Server
	// Settings gives those in force. A terminal has those of its login, and is left when
	// it may not log in by them any more. It is called by many at the same time.
	Settings func() *Settings
	Words    *words.Book
	Now      func() time.Time
	Log      *slog.Logger // nil: nothing is logged
	// TLS reports whether the listener is one of TLS; without it, and without Plain,
	// only this machine is listened to.
	TLS   bool
	Plain bool

	look time.Duration // from one look whether a terminal still may log in to the next

	once    sync.Once
	log     *slog.Logger
	hashing chan struct{} // one for each password that is looked at
	logins  *brake
	cards   *brake // wrong PINs, by patron
	sprays  *brake // wrong PINs, by terminal
	secret  [32]byte
	keys    keys

	handlers map[sipwire.Code]handler

	mu    sync.Mutex // what follows
	open  map[*conn]string
	right map[string][sha256.Size]byte // passwords that were right: login and hash → digest

	troubled atomic.Bool // the store did not take the last change
}

// ErrPlain says that a server would talk to other machines so that whoever sees the
// network sees the patrons.
var ErrPlain = errors.New("SIP2 without TLS is for this machine only")

// atOnce is how many passwords are looked at at the same time: each takes 19 MiB.
const atOnce = 2

func (s *Server) prepare() {
	s.once.Do(func() {
		if s.log = s.Log; s.log == nil {
			s.log = slog.New(slog.DiscardHandler)
		}
		if s.look == 0 {
			s.look = time.Second
		}
		s.hashing = make(chan struct{}, atOnce)
		s.logins, s.cards, s.sprays = newBrake(freeTries, tryAgain), newBrake(freeTries, tryAgain), newBrake(freeCards, cardAgain)
		s.open, s.right = map[*conn]string{}, map[string][sha256.Size]byte{}
		s.handlers = handlers()
		_, _ = rand.Read(s.secret[:]) // never fails: it ends the program instead
	})
}

// How long the server waits.
const (
	graceTime = 5 * time.Second  // for requests under way when the server ends
	writeTime = 20 * time.Second // for a terminal to take a reply
	retryTime = 50 * time.Millisecond
)

// Serve answers on the listener until ctx is done; then it takes no more, lets requests
// under way come to their end for a few seconds, and closes the listener. On a listener
// that other machines reach it needs TLS or Plain, else the error is [ErrPlain].
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	s.prepare()
	defer l.Close()
	if !s.TLS && !s.Plain && !hubserver.Local(l.Addr()) {
		return fmt.Errorf("serve SIP2 on %s: %w", l.Addr(), ErrPlain)
	}
	stop := context.AfterFunc(ctx, func() { _ = l.Close() })
	defer stop()
	var all sync.WaitGroup
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	for {
		c, err := l.Accept()
		if ctx.Err() != nil {
			if err == nil {
				_ = c.Close()
			}
			break
		}
		if err != nil {
			if errors.Is(err, net.ErrClosed) {
				s.end(&all, cancel)
				return fmt.Errorf("serve SIP2 on %s: %w", l.Addr(), err)
			}
			s.log.WarnContext(ctx, "sip2: no connection taken", "why", err.Error())
			pause(ctx, retryTime) // too many open files
			continue
		}
		s.begin(work, c, &all)
	}
	s.end(&all, cancel)
	return nil
}

func pause(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}

// begin takes a connection, unless there are too many.
func (s *Server) begin(ctx context.Context, nc net.Conn, all *sync.WaitGroup) {
	c := newConn(s, nc)
	s.mu.Lock()
	if len(s.open) >= s.Settings().Limits.Connections {
		s.mu.Unlock()
		s.log.WarnContext(ctx, "sip2: too many connections", "from", c.from)
		_ = nc.Close()
		return
	}
	s.open[c] = ""
	s.mu.Unlock()
	all.Go(func() {
		defer func() {
			_ = nc.Close()
			s.mu.Lock()
			delete(s.open, c)
			s.mu.Unlock()
		}()
		c.run(ctx)
	})
}

// end lets requests under way come to their end.
func (s *Server) end(all *sync.WaitGroup, cancel func()) {
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	s.mu.Lock()
	for c := range s.open {
		c.leave()
	}
	s.mu.Unlock()
	t := time.NewTimer(graceTime)
	defer t.Stop()
	select {
	case <-done:
		return
	case <-t.C:
	}
	cancel()
	s.mu.Lock()
	for c := range s.open {
		_ = c.net.Close()
	}
	s.mu.Unlock()
	<-done
}

// enter counts a connection as one of a login. False: there are too many of it.
func (s *Server) enter(c *conn, login string, most int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for o, l := range s.open {
		if o != c && l == login {
			n++
		}
	}
	if n >= most {
		return false
	}
	s.open[c] = login
	return true
}

// password reports whether a password is that of a terminal. Those that were right are
// known again without the price of a hash: there are terminals that connect anew for each
// patron.
func (s *Server) password(ctx context.Context, x *Terminal, said string) bool {
	key := x.Login + "\x00" + x.Password
	digest := sha256.Sum256([]byte(string(s.secret[:]) + key + "\x00" + said))
	s.mu.Lock()
	was, known := s.right[key]
	s.mu.Unlock()
	if known && subtle.ConstantTimeCompare(was[:], digest[:]) == 1 {
		return true
	}
	select {
	case s.hashing <- struct{}{}:
		defer func() { <-s.hashing }()
	case <-ctx.Done():
		return false
	}
	if operator.VerifyPIN(x.Password, said) != nil {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.right) > mostTerminals {
		clear(s.right)
	}
	s.right[key] = digest
	return true
}
