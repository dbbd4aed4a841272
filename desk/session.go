package desk

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"circdesk/desk/circ"
	"circdesk/desk/operator"
	"circdesk/desk/uplink"
)

// Session is one clerk's session at a desk. [Session.Send] and [Session.Hear]
// may be called from any goroutine; everything else belongs to the one that
// [Session.Run] is.
type Session struct {
	c     Config
	inbox inbox
	begun chan struct{} // closed when Run has begun

	ctx  context.Context
	work sync.WaitGroup // what Run waits for: sign-ins, deliveries, searches
	busy bool           // inputs wait until a sign-in or a search is answered

	place    Place
	focus    bool
	operator *operator.Operator // nil: nobody is signed in
	visit    *visit             // nil: none
	drop     *drop              // nil: bookdrop mode is off
	inhouse  bool               // in-house mode is on
	returner returner           // whose items come back now

	question *question // nil: none is open
	answer   *answer   // nil: none is being carried out
	queue    []*job    // behind the question, in order

	asks        []*asked       // without an answer yet, in order
	together    bool           // the line is not woken: more comes
	last        scanned        // the scan before
	listed      []circ.EntryID // the list of undo that was shown; nil: none
	listedOn    time.Time      // the beginning of its day
	conflicts   int            // open ones
	drawer      *Till          // as it was read last
	drawerFresh bool

	filling int // rows of an empty copy's fill that came; 0: none is under way
	unshown int // turns since the last State
	changed bool
}

// New makes a session. It does nothing until [Session.Run].
func New(c Config) (*Session, error) {
	switch {
	case c.Desk == nil:
		return nil, errors.New("make a session: no desk")
	case c.Operators == nil:
		return nil, errors.New("make a session: no operators")
	case c.Words == nil:
		return nil, errors.New("make a session: no words")
	case c.Out == nil:
		return nil, errors.New("make a session: nobody hears it")
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.After == nil {
		c.After = func(d time.Duration, f func()) func() bool { return time.AfterFunc(d, f).Stop }
	}
	return &Session{c: c, inbox: inbox{ready: make(chan struct{}, 1)}, begun: make(chan struct{}), place: AtCheckOut, focus: true}, nil
}

// Send hands over an input and gives its number: they count from 1. It never
// waits. What is sent before Run begins is looked at then; what is sent after
// it has ended, never.
func (s *Session) Send(in Input) int64 { return s.inbox.send(in) }

// Hear hands over what happened on the line. It never waits.
func (s *Session) Hear(e uplink.Event) { s.inbox.call(func() { s.hear(e) }) }

// Note says what happened beside the session, with the values of its row. It never
// waits.
func (s *Session) Note(kind NoticeKind, args ...string) {
	s.inbox.call(func() { s.notice(kind, "", args...) })
}

// Begun is closed when [Session.Run] has withdrawn what was asked before a
// restart and never shown. The line is to run only then: an answer that comes
// before would let such an entry stand.
func (s *Session) Begun() <-chan struct{} { return s.begun }

// calmly is how many turns may pass without a State while more is to be done.
const calmly = 16

// Run is the session, until the context ends. First it withdraws what was asked
// before a restart and never shown. The error says why it could not begin.
func (s *Session) Run(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer s.work.Wait()
	defer cancel()
	s.ctx = ctx
	if err := s.begin(); err != nil {
		return err
	}
	defer s.stopTimers()
	for {
		call, in := s.inbox.next(s.accepts)
		if ctx.Err() != nil {
			return nil
		}
		switch {
		case call != nil:
			call()
		case in != nil:
			s.take(&job{n: in.n, in: in.in, place: s.place})
		default:
			s.show()
			select {
			case <-ctx.Done():
				return nil
			case <-s.inbox.ready:
			}
			continue
		}
		s.carryOut()
		s.changed = true
		if s.unshown++; s.unshown >= calmly {
			s.show()
		}
	}
}

// begin withdraws what was never shown, and says so.
func (s *Session) begin() error {
	withdrawn, err := s.c.Desk.Restart(s.ctx)
	if err != nil {
		return fmt.Errorf("begin the session: %w", err)
	}
	for _, e := range withdrawn {
		s.notice(NotShown, e.Act.ID, "what", s.whatOf(e.Act.Command))
	}
	if _, err := s.c.Desk.CarryOver(s.ctx); err != nil { // they stay where they are, and the next start tells of them
		s.c.Log.Error("conflicts of an earlier version could not be carried over", "err", err)
	}
	s.countConflicts()
	s.changed = true
	s.wake()
	close(s.begun)
	return nil
}

// accepts says which input may be looked at now: while a yes is carried out
// only what queues behind it.
func (s *Session) accepts(in Input) bool {
	return !s.busy && (s.answer == nil || queues(in))
}

// off does something that takes its time, off this goroutine, and then what is
// to be done with it, on this goroutine.
func (s *Session) off(do func(context.Context) (then func())) {
	s.work.Go(func() { s.inbox.call(do(s.ctx)) })
}

// after calls f on this goroutine, later, unless it is stopped before.
func (s *Session) after(d time.Duration, f func()) (stop func()) {
	stopped := false
	end := s.c.After(max(d, 0), func() {
		s.inbox.call(func() {
			if !stopped {
				f()
			}
		})
	})
	return func() {
		stopped = true
		end()
	}
}

func (s *Session) stopTimers() {
	s.closeVisit()
	s.endDrop()
	for _, a := range s.asks {
		a.stop()
	}
}

func (s *Session) now() time.Time { return s.c.Desk.Now().UTC() }

// notice says what happened by itself.
func (s *Session) notice(kind NoticeKind, entry circ.EntryID, args ...string) {
	s.c.Out(Notice{At: s.now(), Kind: kind, Words: s.c.Words.Notice(string(kind), args...), Entry: entry})
}
