package main

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"circdesk/cmd/internal/folder"
	"circdesk/desk"
	"circdesk/scanner"
	"circdesk/scanner/hid"
	"circdesk/scanner/hidraw"
	"circdesk/scanner/serial"
	"circdesk/scanner/watch"
)

// watcherOf makes what reads the scanners that the settings name, and those that
// say of themselves that they are scanners.
func watcherOf(s folder.Settings) (*watch.Watcher, error) {
	w := &watch.Watcher{
		Backends:   []scanner.Backend{&hid.Backend{}, &hidraw.Backend{}, &serial.Backend{}},
		OnlyWanted: s.Scanners.OnlyNamed, Again: scanner.RepeatWithin,
	}
	if s.Scanners.Again != 0 {
		w.Again = time.Duration(s.Scanners.Again) * time.Millisecond
	}
	for _, c := range s.Scanner {
		wanted, err := watch.Parse(c.Name)
		if err != nil {
			return nil, fmt.Errorf("read the scanners in %s: %w", folder.DeskTOML, err)
		}
		set := &wanted.Setup
		if c.Kind != "" {
			set.Kind = scanner.Kind(c.Kind)
		}
		set.Layout, set.Prefix, set.Suffix, set.Line, set.Caps = c.Layout, c.Prefix, c.Suffix, c.Line, c.Caps
		set.Pause = time.Duration(c.Pause) * time.Millisecond
		w.Wanted = append(w.Wanted, wanted)
	}
	return w, nil
}

// backendOfAll is the way to scanners that there is on every system. A program
// without it was built so, which is said at every start.
var backendOfAll = (*hid.Backend)(nil).Name()

// scanners read the scanners of a desk: their scans go to the session, what
// happens to them is noted, and what came of a scan is shown at the scanner.
type scanners struct {
	watch *watch.Watcher
	send  func(desk.Input) int64
	note  func(desk.NoticeKind, ...string)
	log   *slog.Logger

	mu      sync.Mutex
	sources map[int64]string // of scans without a final outcome yet
}

// begin makes them ready. Before that there is nothing to hear.
func (s *scanners) begin(w *watch.Watcher, session *desk.Session, log *slog.Logger) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.watch, s.send, s.note, s.log, s.sources = w, session.Send, session.Note, log, map[int64]string{}
	w.Notice = s.notice
}

// run reads until the context ends.
func (s *scanners) run(ctx context.Context) {
	if err := s.watch.Run(ctx, s.scanned); err != nil && s.log != nil {
		s.log.Error("scanners are not read any more", "err", err)
	}
}

func (s *scanners) scanned(scan scanner.Scan) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sources[s.send(desk.Scan{Text: scan.Text, Source: scan.Source})] = scan.Source
}

// hear shows at its scanner what came of a scan.
func (s *scanners) hear(out desk.Output) {
	o, ok := out.(desk.Outcome)
	if !ok || !o.Final {
		return
	}
	s.mu.Lock()
	source, ours := s.sources[o.N]
	delete(s.sources, o.N)
	s.mu.Unlock()
	if ours {
		s.watch.Signal(source, signalOf(o.Word))
	}
}

// signalOf says what a word is at the scanner.
func signalOf(w desk.Word) scanner.Signal {
	switch w {
	case desk.WordStop, desk.WordAsk, desk.WordQueued:
		return scanner.BadRead
	}
	return scanner.GoodRead
}

// notices are what is said of what happens to a scanner.
var notices = map[watch.Event]desk.NoticeKind{
	watch.Plugged: desk.ScannerHere, watch.Unplugged: desk.ScannerGone, watch.Missing: desk.ScannerMissing,
	watch.NoPermission: desk.ScannerDenied, watch.Busy: desk.ScannerBusy, watch.Failed: desk.ScannerFailed,
	watch.Faulted: desk.ScannerFault, watch.NoBackend: desk.ScannersNone,
}

func (s *scanners) notice(n watch.Notice) {
	if n.Err != nil && s.log != nil {
		s.log.Warn("scanner", "event", n.Event, "name", n.Name, "err", n.Err)
	}
	kind, known := notices[n.Event]
	switch {
	case !known, n.Event == watch.NoBackend && n.Name != backendOfAll && len(s.watch.Wanted) == 0: // nobody misses it
		return
	case n.Event == watch.Plugged && n.Back:
		kind = desk.ScannerBack
	}
	s.note(kind, "name", n.Name)
}
