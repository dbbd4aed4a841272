//go:build linux

package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"circdesk/scanner"
	"circdesk/scanner/hid"
	"circdesk/scanner/hidraw"
	"circdesk/scanner/watch"
)

// backends are the ways to reach a scanner, the better first.
func backends() []scanner.Backend { return []scanner.Backend{&hid.Backend{}, &hidraw.Backend{}} }

// heard is a scan as it was given, and when.
type heard struct {
	scanner.Scan
	at time.Time
}

// desk is a desk that reads scanners.
type desk struct {
	watcher watch.Watcher
	cancel  context.CancelFunc
	ended   chan struct{}
	err     error // of the watcher, when ended is closed
	scans   chan heard
	labels  int // that were read by [desk.reads]: none twice, since it may be left out

	mu      sync.Mutex
	notices []watch.Notice
}

// backlog is more scans than any check makes without taking them.
const backlog = 4096

// sit sits down at a desk that reads what the backends reach.
func sit(backends []scanner.Backend, wanted ...watch.Wanted) *desk {
	d := &desk{ended: make(chan struct{}), scans: make(chan heard, backlog)}
	d.watcher = watch.Watcher{Backends: backends, Wanted: wanted, Notice: d.note}
	var ctx context.Context
	ctx, d.cancel = context.WithCancel(context.Background())
	go func() {
		defer close(d.ended)
		d.err = d.watcher.Run(ctx, func(s scanner.Scan) { d.scans <- heard{s, time.Now()} })
	}()
	return d
}

// leave ends the desk's work, and returns when all its devices are closed.
func (d *desk) leave() error {
	d.cancel()
	<-d.ended
	return d.err
}

func (d *desk) note(n watch.Notice) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.notices = append(d.notices, n)
}

// find returns the first notice of an event about a scanner.
func (d *desk) find(event watch.Event, name string) (n watch.Notice, ok bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.notices, func(n watch.Notice) bool { return n.Event == event && n.Name == name })
	if i < 0 {
		return watch.Notice{}, false
	}
	return d.notices[i], true
}

// told are all notices that the desk has had, as one line.
func (d *desk) told() string {
	d.mu.Lock()
	defer d.mu.Unlock()
	var list []string
	for _, n := range d.notices {
		s := string(n.Event) + " " + n.Name
		if n.Event == watch.Faulted {
			s += fmt.Sprintf(" %s %q", n.Reading.Fault, n.Reading.Lost)
		}
		list = append(list, s)
	}
	return strings.Join(list, ", ")
}

// notice waits for an event about a scanner, and forgets it and all notices before
// it.
func (d *desk) notice(ctx context.Context, event watch.Event, name string) (n watch.Notice, err error) {
	err = until(ctx, fmt.Sprintf("notice %q of %s", event, name), func() (ok bool) {
		n, ok = d.find(event, name)
		return ok
	})
	if err != nil {
		return n, fmt.Errorf("%w; told were: %s", err, d.told())
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.IndexFunc(d.notices, func(n watch.Notice) bool { return n.Event == event && n.Name == name })
	d.notices = d.notices[i+1:]
	return n, nil
}

// patience is how long a scan may take before it is lost. It is long: what is
// looked for is a scan that never comes, not a slow one.
const patience = 10 * time.Second

// hear waits for the next scan, which must be the one that is wanted.
func (d *desk) hear(ctx context.Context, want scanner.Scan) (at time.Time, err error) {
	select {
	case got := <-d.scans:
		want.At = got.At
		if got.Scan != want {
			return got.at, fmt.Errorf("changed: sent %+v, got %+v; told were: %s", want, got.Scan, d.told())
		}
		return got.at, nil
	case <-ctx.Done():
		return time.Time{}, fmt.Errorf("the check's time is over before %+v came", want)
	case <-time.After(patience):
	}
	return time.Time{}, fmt.Errorf("lost: sent %+v; told were: %s", want, d.told())
}

// silence waits a moment in which no scan may come.
func (d *desk) silence() error {
	select {
	case got := <-d.scans:
		return fmt.Errorf("nobody sent %+v", got.Scan)
	case <-time.After(300 * time.Millisecond):
		return nil
	}
}

// reads sends the next label from a scanner and waits until the desk has it.
func (d *desk) reads(ctx context.Context, m model, p *plugged, source string) error {
	t := m.label(d.labels)
	d.labels++
	p.Send(m.reports(t)...)
	_, err := d.hear(ctx, m.scan(t, source))
	return err
}

// named is a scanner that the settings name.
func named(m model, serial string) watch.Wanted {
	d := m.device(serial)
	return watch.Wanted{Vendor: d.Vendor, Product: d.Product, Serial: serial, Setup: scanner.Setup{Name: serial}}
}
