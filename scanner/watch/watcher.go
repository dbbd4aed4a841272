package watch

import (
	"context"
	"errors"
	"io/fs"
	"slices"
	"sync"
	"time"

	"circdesk/scanner"
	"circdesk/scanner/reader"
)

// Watcher reads all scanners. It is a [scanner.Signaller], and is run once.
type Watcher struct {
	// Backends are the ways to reach devices, the best first.
	Backends []scanner.Backend
	// Wanted are the scanners that the settings name.
	Wanted []Wanted
	// OnlyWanted leaves alone what nobody named.
	OnlyWanted bool
	// Again is [reader.Reader.Again]: 0 is [scanner.RepeatWithin].
	Again time.Duration
	// Notice hears of all that happens to scanners, nil: nobody. It is called by one
	// goroutine and must not wait for Run to end.
	Notice func(Notice)
	// Step is [reader.Reader.Step]. It is called by the goroutine of each device.
	Step func(reader.Step)

	events chan event
	lists  [][]scanner.Info // of the backends
	heard  []bool           // which backends have told their list
	parts  map[string]*part
	here   map[string]bool // names of scanners that were here before
	missed bool            // what is missing was told

	signals sync.Mutex // guards running
	running map[string][]chan scanner.Signal
}

// part is a part of a device that is read, or shall be.
type part struct {
	choice
	name   string
	active bool // its goroutine runs
	open   bool
	fails  int       // in a row: it could not be opened, or not be read for long
	since  time.Time // when it was opened
	next   time.Time // not before it is tried again
	told   Event     // why it could not be opened; "": nothing was told
	info   scanner.Info
}

// event is what a goroutine tells the one that owns the watcher.
type event func(*Watcher)

const (
	look    = 500 * time.Millisecond // how often devices are looked for where that is cheap
	ask     = 3 * time.Second        // how often where it is not
	retry   = time.Second            // before a device that could not be opened is tried again, the first time
	longest = 15 * time.Second       // the same, later
	steady  = 5 * time.Second        // how long a device is read that is well
	grace   = look + look/4          // before a device is opened another way than the best, which may list it in a moment
	goneFor = 3                      // times that a device may be listed and not there before that is told
	backlog = 1024                   // scans that wait to be given before a device waits too
)

// Run is [scanner.Device.Run]. It returns when the context has ended and every
// device is closed.
func (w *Watcher) Run(ctx context.Context, give func(scanner.Scan)) error {
	w.events = make(chan event)
	w.lists, w.heard = make([][]scanner.Info, len(w.Backends)), make([]bool, len(w.Backends))
	w.parts, w.here = make(map[string]*part), make(map[string]bool)
	w.signals.Lock()
	w.running = make(map[string][]chan scanner.Signal)
	w.signals.Unlock()

	var devices, giver sync.WaitGroup
	scans := make(chan scanner.Scan, backlog)
	giver.Go(func() {
		for scan := range scans {
			give(scan)
		}
	})
	kicks := make([]chan struct{}, len(w.Backends))
	for i := range w.Backends {
		kicks[i] = make(chan struct{}, 1)
		devices.Go(func() { w.list(ctx, i, kicks[i]) })
	}
	start := func(p *part) {
		devices.Go(func() { w.read(ctx, p.choice, p.name, scans, kicks) })
	}
	finished := make(chan struct{})
	ticker := time.NewTicker(look)
	defer ticker.Stop()
	ended := ctx.Done()
	for {
		select {
		case do := <-w.events:
			do(w)
			if ctx.Err() == nil {
				w.settle(start)
			}
		case <-ticker.C:
			if ctx.Err() == nil {
				w.settle(start)
			}
		case <-ended:
			ended = nil
			go func() { devices.Wait(); close(finished) }()
		case <-finished:
			close(scans)
			giver.Wait()
			return nil
		}
	}
}

// list tells the list of a backend whenever it may have changed, until the context
// ends.
func (w *Watcher) list(ctx context.Context, n int, kick <-chan struct{}) {
	stamper, _ := w.Backends[n].(scanner.Stamper)
	last := ""
	for first := true; ; first = false {
		stamp, pause := "", ask
		if stamper != nil {
			stamp = stamper.Stamp()
		}
		if stamp != "" {
			pause = look
		}
		if first || stamp == "" || stamp != last {
			list, err := w.Backends[n].List()
			w.events <- func(w *Watcher) { w.listed(n, list, err) }
			if errors.Is(err, errors.ErrUnsupported) {
				return
			}
			last = stamp
		}
		timer := time.NewTimer(pause)
		select {
		case <-ctx.Done():
			timer.Stop()
			return
		case <-kick:
			timer.Stop()
			last = ""
		case <-timer.C:
		}
	}
}

// listed takes in the list of a backend. A list that could not be had is the one
// before.
func (w *Watcher) listed(n int, list []scanner.Info, err error) {
	name := w.Backends[n].Name()
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		w.tell(Notice{Event: NoBackend, Name: name, Err: err})
	case err != nil:
		if !w.heard[n] {
			w.tell(Notice{Event: NoBackend, Name: name, Err: err})
		}
	default:
		w.lists[n] = list
	}
	w.heard[n] = true
}

// settle starts what shall be read and is not, and forgets what is gone.
func (w *Watcher) settle(start func(*part)) {
	choices := w.chosen(w.lists)
	w.forget(choices)
	for _, c := range choices {
		p := w.parts[c.part]
		if p == nil {
			p = &part{choice: c, name: w.nameOf(c)}
			if c.ways[0].Backend != w.Backends[0].Name() {
				p.next = time.Now().Add(grace)
			}
			w.parts[c.part] = p
		}
		if p.active || time.Now().Before(p.next) {
			continue
		}
		p.choice = c
		for i := range p.ways {
			p.ways[i] = remembered(p.ways[i], p.info)
		}
		p.active = true
		start(p)
	}
	w.miss(choices)
}

// chosen are the parts that shall be read, of the lists of the backends.
func (w *Watcher) chosen(lists [][]scanner.Info) []choice {
	lists, wanted := slices.Clone(lists), w.Wanted
	for n, b := range w.Backends {
		if b.Name() == string(scanner.Serial) {
			var more []scanner.Info
			more, wanted = ports(lists[n], w.Wanted, b.Name())
			lists[n] = slices.Concat(lists[n], more)
		}
	}
	return choose(lists, wanted, w.OnlyWanted)
}

// remembered fills in what was known of a part before it was opened: while it is
// open, and just after, the system may have no descriptor of it.
func remembered(now, before scanner.Info) scanner.Info {
	same := now.Vendor == before.Vendor && now.Product == before.Product && now.Serial == before.Serial
	if same && now.Descriptor == nil && before.Descriptor != nil {
		now.Descriptor, now.Kind, now.Packet = before.Descriptor, before.Kind, before.Packet
	}
	return now
}

// forget drops the parts that are not there any more.
func (w *Watcher) forget(choices []choice) {
	for name, p := range w.parts {
		there := slices.ContainsFunc(slices.Concat(w.lists...), func(i scanner.Info) bool { return i.Part == name }) ||
			slices.ContainsFunc(choices, func(c choice) bool { return c.part == name })
		if !p.active && !there {
			delete(w.parts, name)
		}
	}
}

// miss tells once which scanners the settings name and nobody has found.
func (w *Watcher) miss(choices []choice) {
	if w.missed || slices.Contains(w.heard, false) {
		return
	}
	w.missed = true
	for _, wanted := range w.Wanted {
		if wanted.Path == "" && !slices.ContainsFunc(choices, func(c choice) bool { return wanted.is(c.ways[0]) }) {
			w.tell(Notice{Event: Missing, Name: wanted.name()})
		}
	}
}

// name is what a scanner that is named is called.
func (w Wanted) name() string {
	if w.Setup.Name != "" {
		return w.Setup.Name
	}
	return w.String()
}

// nameOf is what a scanner is called: as the settings have it, or by its vendor and
// product, and by its plug too if another device is called so already.
func (w *Watcher) nameOf(c choice) string {
	name := c.wanted.Setup.Name
	if name == "" {
		name = c.ways[0].ID()
	}
	if name == "" {
		name = c.ways[0].Path
	}
	for _, p := range w.parts {
		if p.active && p.name == name && p.ways[0].Device != c.ways[0].Device {
			return name + "@" + c.part
		}
	}
	return name
}

// read reads one part by the first way that opens it, and tells how it went.
func (w *Watcher) read(ctx context.Context, c choice, name string, scans chan<- scanner.Scan, kicks []chan struct{}) {
	var why error
	opened := false
	for _, info := range c.ways {
		err := w.by(ctx, c, info, name, &opened, scans)
		if opened || err == nil || ctx.Err() != nil {
			why = err
			break
		}
		why = worse(why, err)
	}
	for _, kick := range kicks {
		select {
		case kick <- struct{}{}:
		default:
		}
	}
	w.events <- func(w *Watcher) { w.ended(c.part, why) }
}

// by reads a part by one way.
func (w *Watcher) by(ctx context.Context, c choice, info scanner.Info, name string, opened *bool, scans chan<- scanner.Scan) error {
	setup := c.wanted.Setup
	setup.Name = name
	info.Kind = c.wanted.kind(info)
	decoder, err := reader.Decoder(info, setup)
	if err != nil {
		return err
	}
	signals := make(chan scanner.Signal, 1)
	var faulted time.Time
	r := reader.Reader{
		Backend: w.backend(info.Backend), Info: info, Setup: setup, Decoder: decoder,
		Again: w.Again, Signals: signals,
		Step: func(s reader.Step) { w.step(name, s, &faulted) },
		Opened: func(takes []scanner.Signal) {
			*opened = true
			if len(takes) > 0 {
				w.listen(name, signals)
			}
			w.events <- func(w *Watcher) { w.opened(c.part, info, takes) }
		},
	}
	err = r.Run(ctx, func(s scanner.Scan) { scans <- s })
	w.deafen(name, signals)
	return err
}

// backend returns the backend of a name; there is one, since it made the list.
func (w *Watcher) backend(name string) scanner.Backend {
	return w.Backends[slices.IndexFunc(w.Backends, func(b scanner.Backend) bool { return b.Name() == name })]
}

// worse returns of two reasons why a part cannot be opened the one that a person
// can do something about.
func worse(a, b error) error {
	rank := func(err error) int {
		switch {
		case err == nil:
			return 0
		case errors.Is(err, scanner.ErrGone):
			return 1
		case errors.Is(err, fs.ErrPermission):
			return 4
		case errors.Is(err, scanner.ErrBusy):
			return 3
		}
		return 2
	}
	if rank(b) > rank(a) {
		return b
	}
	return a
}

// step tells of a fault, and hands the step on. Of a device that sends nothing but
// faults not all are told.
func (w *Watcher) step(name string, s reader.Step, faulted *time.Time) {
	if w.Step != nil {
		w.Step(s)
	}
	if s.Reading.Fault != scanner.NoFault && s.At.Sub(*faulted) >= look {
		*faulted = s.At
		notice := Notice{Event: Faulted, Name: name, Info: s.Info, Reading: s.Reading}
		w.events <- func(w *Watcher) { w.tell(notice) }
	}
}

// opened takes in that a part is read now.
func (w *Watcher) opened(name string, info scanner.Info, takes []scanner.Signal) {
	p := w.parts[name]
	p.open, p.since, p.told, p.info = true, time.Now(), "", info
	w.tell(Notice{Event: Plugged, Name: p.name, Info: info, Back: w.here[p.name], Signals: takes})
	w.here[p.name] = true
}

// ended takes in that a part is not read any more, or could not be.
func (w *Watcher) ended(name string, why error) {
	p := w.parts[name]
	wasOpen := p.open
	p.active, p.open = false, false
	if why == nil {
		return // the watcher itself ends
	}
	now := time.Now()
	p.next = now.Add(min(retry<<min(p.fails, 4), longest))
	switch {
	case wasOpen && now.Sub(p.since) >= steady:
		p.fails = 0
		p.next = now.Add(look) // the lists of before may still have it
	default:
		p.fails++
	}
	if wasOpen {
		w.tell(Notice{Event: Unplugged, Name: p.name, Info: p.info, Err: why})
		return
	}
	what := Failed
	switch {
	case errors.Is(why, fs.ErrPermission):
		what = NoPermission
	case errors.Is(why, scanner.ErrBusy):
		what = Busy
	case errors.Is(why, scanner.ErrGone) && p.wanted.Path != "":
		what = Missing
	case errors.Is(why, scanner.ErrGone) && p.fails <= goneFor:
		return // it was pulled out meanwhile, or comes again with the next list
	}
	// The first time may be too early: the system is still setting the device up.
	if p.fails > 1 && p.told != what {
		p.told = what
		w.tell(Notice{Event: what, Name: p.name, Info: p.ways[0], Err: why})
	}
}

func (w *Watcher) tell(n Notice) {
	if w.Notice != nil {
		w.Notice(n)
	}
}

// listen and deafen keep who can be signalled.
func (w *Watcher) listen(name string, c chan scanner.Signal) {
	w.signals.Lock()
	defer w.signals.Unlock()
	w.running[name] = append(w.running[name], c)
}

func (w *Watcher) deafen(name string, c chan scanner.Signal) {
	w.signals.Lock()
	defer w.signals.Unlock()
	w.running[name] = slices.DeleteFunc(w.running[name], func(o chan scanner.Signal) bool { return o == c })
}

// Signal is [scanner.Signaller.Signal]. A signal that the one before it keeps
// waiting is left out.
func (w *Watcher) Signal(source string, s scanner.Signal) bool {
	w.signals.Lock()
	defer w.signals.Unlock()
	for _, c := range w.running[source] {
		select {
		case c <- s:
		default:
		}
	}
	return len(w.running[source]) > 0
}
