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
	// On hears what happens, from the uplink's own goroutines, one call at a
	// time. It must not wait for the uplink.
	On  func(Event)
	Log *slog.Logger // nil: nothing is logged

	// How often the line is tried when nothing else is said on it; zero: 2 s.
	Beat time.Duration
	// How long an answer may take before the line counts as gone; zero: 1.5 s
	// for a greeting. A delivery or a page of the feed may take ten times that.
	Patience time.Duration
}

// Event is something that happened on the line.
type Event interface{ uplinkEvent() }

type (
	// LineUp: the central system answers.
	LineUp struct{ System string }
	// LineDown: it does not.
	LineDown struct{ Why error }
	// Receipts: verdicts came, and are durable.
	Receipts struct{ Delivered }
	// Fresh: the copy has been brought up to date.
	Fresh struct{}
	// Stuck: the system refuses this desk's chain. Nothing is lost and nothing is
	// delivered until somebody has looked at it.
	Stuck struct{ Why error }
)

func (LineUp) uplinkEvent()   {}
func (LineDown) uplinkEvent() {}
func (Receipts) uplinkEvent() {}
func (Fresh) uplinkEvent()    {}
func (Stuck) uplinkEvent()    {}

// Status is how the line is.
type Status struct {
	Up      bool
	Since   time.Time     // when it came or went; zero: it was never tried
	Answer  time.Time     // of the last answer; zero: there was none
	Took    time.Duration // the last greeting
	Copy    time.Time     // when the copy was last known to be complete; zero: never
	Stuck   error         // not nil: the chain is refused
	Unsent  int           // entries without a receipt
	Pending int           // entries that the copy does not hold
}

// Uplink keeps a desk and its central system together, by itself.
type Uplink struct {
	Config
	line Line
	wake chan struct{}
	pull chan struct{}

	on sync.Mutex // one call of On at a time

	mu      sync.Mutex // what follows
	st      Status
	ask     bool // a question may be asked
	answers int  // greetings answered since the line went
	system  string
}

// New makes an uplink. It does nothing until [Uplink.Run].
func New(c Config) *Uplink {
	if c.Beat == 0 {
		c.Beat = 2 * time.Second
	}
	if c.Patience == 0 {
		c.Patience = 1500 * time.Millisecond
	}
	if c.On == nil {
		c.On = func(Event) {}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &Uplink{Config: c, line: Line{c.Desk, c.System}, wake: make(chan struct{}, 1), pull: make(chan struct{}, 1)}
}

// Run delivers and pulls until the context ends.
func (u *Uplink) Run(ctx context.Context) {
	var wg sync.WaitGroup
	for _, f := range []func(context.Context){u.beats, u.delivers, u.pulls} {
		wg.Go(func() { f(ctx) })
	}
	wg.Wait()
}

// Wake says that there is something to deliver.
func (u *Uplink) Wake() { poke(u.wake) }

func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}

// Asking reports whether a question would be answered: the line is up, and few
// entries wait before it.
func (u *Uplink) Asking() bool {
	u.mu.Lock()
	ok := u.ask && u.st.Up && u.st.Stuck == nil
	u.mu.Unlock()
	return ok && u.Desk.Unsettled() < central.BatchSize
}

// Missed says that a question was not answered in time: nothing is asked until
// the line has been tried and has answered twice.
func (u *Uplink) Missed() { u.failed(errMissed) }

var errMissed = errors.New("a question was not answered in time")

// Status says how the line is.
func (u *Uplink) Status() Status {
	u.mu.Lock()
	st := u.st
	u.mu.Unlock()
	st.Unsent, st.Pending = u.Desk.Unsettled(), u.Desk.Pending()
	return st
}

func (u *Uplink) tell(e Event) {
	u.on.Lock()
	defer u.on.Unlock()
	u.On(e)
}

// failed notes that no answer came.
func (u *Uplink) failed(why error) {
	u.mu.Lock()
	u.ask, u.answers = false, 0
	went := u.st.Up || u.st.Since.IsZero()
	if went {
		u.st.Up, u.st.Since = false, u.Desk.Now()
	}
	u.mu.Unlock()
	if went {
		u.Log.Warn("the line is gone", "why", why)
		u.tell(LineDown{why})
	}
}

// neededAnswers is how many greetings must be answered before a line that was
// gone counts as back.
const neededAnswers = 2

// greeted notes that a greeting was answered.
func (u *Uplink) greeted(w central.Welcome, took time.Duration) {
	u.mu.Lock()
	u.answers++
	u.st.Answer, u.st.Took, u.system = u.Desk.Now(), took, w.System
	first := u.st.Since.IsZero()
	came := !u.st.Up && (first || u.answers >= neededAnswers)
	if came {
		u.st.Up, u.st.Since, u.ask = true, u.Desk.Now(), true
	}
	u.mu.Unlock()
	if came {
		u.Log.Info("the line is there", "system", w.System)
		u.tell(LineUp{w.System})
		poke(u.wake)
		poke(u.pull)
	}
}

func (u *Uplink) up() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.st.Up
}

// beats greets the system so often that a line that went or came is noticed
// within seconds.
func (u *Uplink) beats(ctx context.Context) {
	for ctx.Err() == nil {
		u.greet(ctx)
		wait := u.Beat
		if !u.up() {
			wait /= 4
		}
		sleep(ctx, wait)
	}
}

func (u *Uplink) greet(ctx context.Context) {
	g, ok := u.System.(central.Greeter)
	if !ok {
		u.greeted(central.Welcome{}, 0)
		return
	}
	head, err := u.Desk.Head(ctx)
	if err != nil {
		u.Log.Error("read the journal's head", "err", err)
		return
	}
	begun := time.Now()
	c, cancel := context.WithTimeout(ctx, u.Patience)
	defer cancel()
	w, err := g.Hello(c, central.Hello{
		Desk: u.Desk.ID, Library: string(u.Desk.Library), Last: head,
		Now: u.Desk.Now().UTC(), Version: u.Version, Protocol: 1,
	})
	switch {
	case ctx.Err() != nil:
	case err != nil:
		u.failed(err)
	default:
		u.greeted(w, time.Since(begun))
	}
}

// delivers hands over what is unsent whenever the line is there.
func (u *Uplink) delivers(ctx context.Context) {
	backoff := time.Second
	for ctx.Err() == nil {
		if u.up() {
			left, err := u.deliverAll(ctx)
			if err == nil && !left {
				backoff = time.Second
			} else if err != nil {
				sleep(ctx, backoff/2+rand.N(backoff/2+1))
				backoff = min(2*backoff, time.Minute)
				continue
			}
		}
		select {
		case <-ctx.Done():
		case <-u.wake:
		}
	}
}

// deliverAll delivers until nothing is unsent.
func (u *Uplink) deliverAll(ctx context.Context) (left bool, err error) {
	for ctx.Err() == nil {
		n, err := u.deliver(ctx)
		if err != nil || n == 0 {
			return err != nil, err
		}
	}
	return true, ctx.Err()
}

func (u *Uplink) deliver(ctx context.Context) (n int, err error) {
	c, cancel := context.WithTimeout(ctx, 10*u.Patience)
	defer cancel()
	d, err := u.line.Deliver(c)
	switch {
	case ctx.Err() != nil:
		return 0, ctx.Err()
	case errors.Is(err, journal.ErrFork), errors.Is(err, journal.ErrGap):
		u.stuck(err)
		return 0, err
	case err != nil:
		u.failed(err)
		return 0, err
	case len(d.Receipts) == 0:
		return 0, nil
	}
	u.mu.Lock()
	u.st.Answer, u.st.Stuck = u.Desk.Now(), nil
	u.mu.Unlock()
	u.tell(Receipts{d})
	poke(u.pull)
	return len(d.Receipts), nil
}

func (u *Uplink) stuck(why error) {
	u.mu.Lock()
	fresh := u.st.Stuck == nil
	u.st.Stuck = why
	u.mu.Unlock()
	if fresh {
		u.Log.Error("the central system refuses this desk's entries", "why", why)
		u.tell(Stuck{why})
	}
}

// feedWait is how long a page of the feed may be waited for when there is none.
const feedWait = 10 * time.Second

// pulls keeps the copy fresh.
func (u *Uplink) pulls(ctx context.Context) {
	if _, ok := u.System.(central.Feeder); !ok {
		return
	}
	for ctx.Err() == nil {
		if !u.up() {
			select {
			case <-ctx.Done():
			case <-u.pull:
			}
			continue
		}
		if _, err := u.pullOnce(ctx, feedWait); err != nil && ctx.Err() == nil {
			u.Log.Warn("read the feed", "err", err)
			sleep(ctx, time.Second)
		}
	}
}

func (u *Uplink) pullOnce(ctx context.Context, wait time.Duration) (complete bool, err error) {
	c, cancel := context.WithTimeout(ctx, wait+10*u.Patience)
	defer cancel()
	complete, err = u.line.Pull(c, wait)
	if err != nil || !complete {
		return complete, err
	}
	u.mu.Lock()
	u.st.Copy = u.Desk.Now()
	u.mu.Unlock()
	u.tell(Fresh{})
	return true, nil
}

// Sync delivers all that is unsent and brings the copy up to date, now. An
// error says why not all could be.
func (u *Uplink) Sync(ctx context.Context) error {
	if _, err := u.deliverAll(ctx); err != nil {
		return err
	}
	for {
		complete, err := u.pullOnce(ctx, 0)
		if err != nil || complete {
			return err
		}
	}
}

func sleep(ctx context.Context, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-t.C:
	}
}
