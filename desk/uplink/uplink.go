package uplink

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"

	"circdesk/desk/central"
	"circdesk/desk/journal"
	"circdesk/desk/local"
)

// Config is what an uplink is made of. Desk and System are needed.
type Config struct {
	Desk    *local.Desk
	System  central.System
	Version string // of the program, for the greeting
	// On hears what happens, from the uplink's own goroutines and those that call
	// it, one call at a time. It must not wait for the uplink.
	On  func(Event)
	Log *slog.Logger // nil: nothing is logged

	// Branch is the desk's end of the line to the relay of its branch; nil: it has none.
	Branch *Branch
	// Members: who is in the branch is asked for and kept. A desk with a relay, and the
	// relay itself, need it.
	Members bool

	// How often the line is tried when nothing else is said on it; zero: 2 s.
	Beat time.Duration
	// How long an answer may take before the line counts as gone; zero: 1.5 s
	// for a greeting. A delivery or a page of the feed may take ten times that.
	Patience time.Duration
	// How long what failed waits before it is tried again, unless the line comes
	// meanwhile; then twice as long each time, at most sixty times. Zero: 1 s.
	Again time.Duration
	// How long what others of the branch did may stand still before this desk's work is
	// delivered without it; zero: 10 s.
	OrderTime time.Duration
}

// Event is something that happened on the line.
type Event interface{ uplinkEvent() }

type (
	// LineUp: the central system answers.
	LineUp struct {
		System string
		First  bool // it was not known yet how the line is
	}
	// LineDown: it does not.
	LineDown struct{ Why error }
	// Receipts: verdicts came, and are durable.
	Receipts struct{ Delivered }
	// Filling: an empty copy is being filled, and is so far.
	Filling local.Filling
	// Blocks: of a copy that is being filled, the rows that must not be missed are
	// there: who may not borrow, cards that were lost, items to be kept.
	Blocks struct{ Rows int }
	// Again: a segment of a snapshot, by its hash, came damaged, and is fetched again.
	Again struct{ Segment string }
	// Fresh: the copy has been brought up to date.
	Fresh struct{}
	// Stuck: the system refuses this desk's entries. Nothing is lost and nothing
	// is delivered until somebody has looked at it.
	Stuck struct{ Why error }
	// Rejoined: the desk goes on in a new epoch, since its journal was not the one
	// that the system has. Nothing is lost.
	Rejoined struct{ Joined }
	// Barred: the system does not speak with this desk, which is not enrolled (any
	// more). It is told once, until the system speaks with it again.
	Barred struct{ central.Standing }
	// AtRelay: the relay of the branch came or went, or holds more.
	AtRelay struct{ RelayStatus }
)

func (LineUp) uplinkEvent()   {}
func (LineDown) uplinkEvent() {}
func (Receipts) uplinkEvent() {}
func (Filling) uplinkEvent()  {}
func (Blocks) uplinkEvent()   {}
func (Again) uplinkEvent()    {}
func (Fresh) uplinkEvent()    {}
func (Stuck) uplinkEvent()    {}
func (Rejoined) uplinkEvent() {}
func (Barred) uplinkEvent()   {}
func (AtRelay) uplinkEvent()  {}

// Status is how the line is.
type Status struct {
	Up     bool
	Since  time.Time     // when it came or went; zero: it was never tried
	Answer time.Time     // of the last answer; zero: there was none
	Took   time.Duration // the last greeting
	Copy   time.Time     // when the copy was last known to be complete; zero: never
	Stuck  error         // not nil: the entries are refused
	Paused bool          // nothing is delivered until somebody says so
	Ends   time.Time     // of the desk's enrolment, as the system said last; zero: it has none, or nobody knows
	// Standing is how the desk stands with the system; empty: nobody knows.
	Standing central.Standing
	Unsent   int         // entries without a receipt
	Pending  int         // entries that the copy does not hold
	Relay    RelayStatus // of the branch; zero: there is none
}

// Uplink keeps a desk and its central system together, by itself.
type Uplink struct {
	Config
	line Line
	wake chan struct{}
	pull chan struct{}
	beat chan struct{}
	// jitter gives how long what failed waits, of the time that it waits at most.
	jitter func(time.Duration) time.Duration

	find chan string   // cards to be looked up anew
	who  chan struct{} // who is in the branch is to be asked

	asking  sync.Mutex    // who is in the branch
	joining chan struct{} // full while a new epoch is begun, or something delivered; before on
	on      sync.Mutex    // one change of the line, or call of On, at a time

	mu       sync.Mutex // what follows
	st       Status
	ask      bool // a question may be asked
	answers  int  // greetings answered since the line went
	turn     turn
	sending  time.Time      // when the delivery that is under way began; zero: none is
	refusals int            // deliveries that failed, one after the other, though the line was there
	lacks    []journal.Mark // the system was set back to them, and is to be refilled
	heads    []journal.Mark // of the desk's epochs, as the system has them
	joined   int            // how often a new epoch was begun
	barred   central.Standing
	closed   string // why the system cannot be spoken to; empty: it can
	order    ordering
	left     []string // cards whose visit is over, which the system has not heard
}

// turn is the time from when the line came or went until it does the next time.
// What was begun in one turn says nothing of the line in another.
type turn struct {
	n    int
	life context.Context
	end  context.CancelFunc
}

func (t turn) next() turn {
	if t.end != nil {
		t.end()
	}
	life, end := context.WithCancel(context.Background())
	return turn{t.n + 1, life, end}
}

// New makes an uplink. It does nothing until [Uplink.Run], or until it is asked.
func New(c Config) *Uplink {
	if c.Beat == 0 {
		c.Beat = 2 * time.Second
	}
	if c.Patience == 0 {
		c.Patience = 1500 * time.Millisecond
	}
	if c.Again == 0 {
		c.Again = time.Second
	}
	if c.OrderTime == 0 {
		c.OrderTime = orderTime
	}
	if c.On == nil {
		c.On = func(Event) {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	poker := func() chan struct{} { return make(chan struct{}, 1) }
	return &Uplink{Config: c, line: Line{c.Desk, c.System}, jitter: jitter, turn: turn{}.next(), wake: poker(), pull: poker(), beat: poker(), find: make(chan string, 8), joining: poker(), who: poker()}
}

// Run delivers and pulls until the context ends.
func (u *Uplink) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, f := range []func(context.Context){u.beats, u.delivers, u.pulls, u.finds, u.members} {
		wg.Go(func() { f(ctx) })
	}
	if u.Branch != nil {
		wg.Go(func() { u.Branch.Run(ctx) })
	}
	wg.Wait()
}

// Wake says that there is something to deliver.
func (u *Uplink) Wake() {
	poke(u.wake)
	if u.Branch != nil {
		u.Branch.Wake()
	}
}

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Asking reports whether a question would be answered in time: the line is up,
// few entries wait before it, and none of them for long, nor for what others did.
func (u *Uplink) Asking() bool {
	u.mu.Lock()
	ok := u.ask && u.st.Up && u.st.Stuck == nil && !u.st.Paused && (u.sending.IsZero() || time.Since(u.sending) < u.Patience)
	u.mu.Unlock()
	n := u.Desk.Unsettled()
	return ok && n < central.AtOnce(u.System) && (n == 0 || !u.Waits())
}

// Missed says that a question was not answered in time: nothing is asked until
// the line has been tried and has answered twice.
func (u *Uplink) Missed() { u.failed(u.now(), errMissed) }

var errMissed = errors.New("a question was not answered in time")

// Status says how the line is.
func (u *Uplink) Status() Status {
	u.mu.Lock()
	st := u.st
	if u.barred != "" {
		st.Standing = u.barred
	}
	u.mu.Unlock()
	st.Copy, st.Unsent, st.Pending = u.Desk.Copied(), u.Desk.Unsettled(), u.Desk.Pending()
	if u.Branch != nil {
		st.Relay = u.Branch.Status()
	}
	return st
}

func (u *Uplink) tell(e Event) {
	u.on.Lock()
	defer u.on.Unlock()
	u.On(e)
}

// now gives the turn that the line is in.
func (u *Uplink) now() turn {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.turn
}

func (u *Uplink) up() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.st.Up
}

// during bounds what is done on the line: by d, and by the turn that the line is in.
func (u *Uplink) during(ctx context.Context, d time.Duration) (context.Context, turn, context.CancelFunc) {
	t := u.now()
	c, cancel := context.WithTimeout(ctx, d)
	stop := context.AfterFunc(t.life, cancel)
	return c, t, func() { stop(); cancel() }
}

// failed notes that what was begun in a turn got no answer.
func (u *Uplink) failed(in turn, why error) {
	u.on.Lock()
	defer u.on.Unlock()
	u.mu.Lock()
	went := in.n == u.turn.n && (u.st.Up || u.st.Since.IsZero())
	if in.n == u.turn.n {
		u.ask, u.answers = false, 0
	}
	if went {
		u.st.Up, u.st.Since, u.left = false, u.Desk.Now(), nil
		u.turn = u.turn.next()
	}
	u.mu.Unlock()
	if went {
		u.Log.Warn("the line is gone", "why", why)
		u.On(LineDown{why})
	}
}

// neededAnswers is how many greetings must be answered before a line that was
// gone counts as back.
const neededAnswers = 2

// greeted notes that a greeting, begun in a turn, was answered.
func (u *Uplink) greeted(in turn, w central.Welcome, took time.Duration) {
	u.on.Lock()
	defer u.on.Unlock()
	u.mu.Lock()
	u.st.Answer, u.st.Took = u.Desk.Now(), took
	if u.st.Ends, u.st.Standing = w.Ends, central.Open; !w.Ends.IsZero() {
		u.st.Standing = central.Enrolled
	}
	first := u.st.Since.IsZero()
	if in.n == u.turn.n {
		u.answers++
	}
	came := in.n == u.turn.n && !u.st.Up && (first || u.answers >= neededAnswers)
	if came {
		u.st.Up, u.st.Since, u.ask = true, u.Desk.Now(), true
		u.turn = u.turn.next()
	}
	u.mu.Unlock()
	if came {
		u.Log.Info("the line is there", "system", w.System)
		u.On(LineUp{w.System, first})
		poke(u.wake)
		poke(u.pull)
		poke(u.who)
	}
}

// jitter gives a half to the whole of a time: desks that lost a line together do not
// come back together.
func jitter(d time.Duration) time.Duration { return d/2 + rand.N(d/2+1) }

// rest waits for a poke, or for d when that is not zero. An error is the
// context's.
func rest(ctx context.Context, d time.Duration, poked <-chan struct{}) error {
	var over <-chan time.Time
	if d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		over = t.C
	}
	select {
	case <-ctx.Done():
	case <-poked:
	case <-over:
	}
	return ctx.Err()
}
