package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"sync"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/reach"
	"circdesk/cmd/internal/station"
	"circdesk/desk"
	"circdesk/desk/central"
	"circdesk/desk/policy"
	"circdesk/desk/uplink"
	"circdesk/desk/words"
	"circdesk/scanner"
	"circdesk/scanner/replay"
	"circdesk/tui"
	"circdesk/tui/kit"
	"circdesk/tui/plain"
)

// front is how a desk is shown.
type front struct {
	plain, json bool
	scans       string // a file of scans to play; empty: none

	settings folder.Settings
	card     []string      // what a newcomer may try
	commands []tui.Command // of the program's own
	line     plain.Line    // that can be pulled; nil: none
	first    []desk.Input  // done before anything else
	ready    bool          // wait for the line before the first line is read
}

// flags gives a command the flags of its front.
func (f *front) flags(c *cobra.Command) {
	c.Flags().BoolVar(&f.plain, "plain", false, "line by line instead of screens: for screen readers and scripts")
	c.Flags().BoolVar(&f.json, "json", false, "plain, with one JSON object for each line")
	c.Flags().StringVar(&f.scans, "replay", "", "play a `file` of scans, as if a scanner read them")
}

// asPlain reports whether the front is plain.
func (f *front) asPlain() bool { return f.plain || f.json }

// check says what is wrong with the front before anything is opened.
func (p *program) checkFront(f *front) error {
	if f.asPlain() {
		if f.scans != "" {
			return usage{errors.New("--replay is for the screens: in plain mode the lines are the scans")}
		}
		return nil
	}
	if !terminal(p.in) || !terminal(p.out) {
		return p.tell(exitUsage, words.ErrorNoTerminal)
	}
	return nil
}

func terminal(v any) bool {
	f, ok := v.(*os.File)
	return ok && term.IsTerminal(f.Fd())
}

// shows makes a station of its parts and shows it until the clerk leaves. The
// stores stay the caller's.
func (p *program) shows(ctx context.Context, where folder.Folder, c station.Config, f *front) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	play, err := f.player()
	if err != nil {
		return err
	}
	watcher, err := watcherOf(f.settings)
	if err != nil {
		return told{[]string{err.Error()}, exitFailed}
	}
	var show interface {
		run(context.Context) error
		hear(desk.Output)
	}
	var st *station.Station
	send := func(in desk.Input) int64 { return st.Session.Send(in) }
	rules := func() *policy.Set { // a desk may get others while it runs: at its first start those of the library
		if st == nil {
			return c.Rules
		}
		return st.Desk.Policy()
	}
	if f.asPlain() {
		show, err = p.plainFront(rules, c.Library, f, send, func() int { return st.Desk.Unsettled() })
	} else {
		show, err = screens(c, rules, f, send)
	}
	if err != nil {
		return err
	}
	devices := &scanners{}
	c.Out = func(out desk.Output) {
		show.hear(out)
		devices.hear(out)
	}
	c.Filling = p.noteFirstCopy()
	if m, ok := show.(screenShow); ok {
		c.Filling = func(f uplink.Filling) { m.Progress(firstCopy(p.words, f)) }
	}
	if st, err = station.New(ctx, c); err != nil {
		return err
	}
	if l, ok := f.line.(*line); ok {
		l.probe = st.Up.Probe
	}
	done, err := p.reachable(ctx, where, st)
	if err != nil {
		return err
	}
	defer done()
	var work sync.WaitGroup
	var ran error
	work.Go(func() {
		defer cancel() // without a session there is nothing to show
		ran = st.Run(ctx)
	})
	for _, in := range f.first {
		st.Session.Send(in)
	}
	if f.ready {
		waitReady(ctx, st, c.Log)
	}
	if !f.asPlain() {
		devices.begin(watcher, st.Session, c.Log)
		work.Go(func() { devices.run(ctx) })
	}
	if play != nil {
		work.Go(func() {
			_ = play.Run(ctx, func(s scanner.Scan) { st.Session.Send(desk.Scan{Text: s.Text, Source: s.Source}) })
		})
	}
	err = show.run(ctx)
	if ctx.Err() == nil && err == nil {
		st.Session.Leave()
	}
	cancel()
	work.Wait()
	return errors.Join(err, ran)
}

// patience is how long a first line waits for the line and the facts.
const patience = time.Minute

// waitReady waits until the desk has the facts. A line that does not come up is
// no reason to keep the clerk waiting for ever.
func waitReady(ctx context.Context, st *station.Station, log *slog.Logger) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := st.Ready(ctx); err != nil && log != nil {
		log.Warn("the desk began without a line", "err", err)
	}
}

// player gives what plays the file of scans; nil: none.
func (f *front) player() (*replay.Player, error) {
	if f.scans == "" {
		return nil, nil
	}
	return replay.Open(f.scans)
}

// reachable lets other commands ask this desk. A desk that cannot be asked works
// all the same.
func (p *program) reachable(ctx context.Context, where folder.Folder, st *station.Station) (done func(), err error) {
	return reach.Listen(ctx, where.File(folder.Reach), func(ctx context.Context, args []string, in io.Reader, out, errw io.Writer) int {
		asked := &program{in: in, out: out, err: errw, words: p.words, running: st, serving: p.serving, data: string(where)}
		return asked.run(ctx, args)
	})
}

// plainShow is a plain front.
type plainShow struct{ *plain.Desk }

func (s plainShow) run(ctx context.Context) error { return s.Run(ctx) }
func (s plainShow) hear(out desk.Output)          { s.Hear(out) }

func (p *program) plainFront(rules func() *policy.Set, lib policy.LibraryID, f *front, send func(desk.Input) int64, waiting func() int) (plainShow, error) {
	config := plain.Config{
		In: p.in, Out: p.out, JSON: f.json, Send: send, Waiting: waiting, Words: p.words,
		Zone: func() *time.Location { return rules().Location(lib) }, Line: f.line,
	}
	if in, ok := p.in.(*os.File); ok && terminal(in) {
		config.Secret = func(prompt string) (string, error) { return p.secret(in, prompt) }
	}
	d, err := plain.New(config)
	return plainShow{d}, err
}

// secret asks for something that the terminal does not show.
func (p *program) secret(in *os.File, prompt string) (string, error) {
	_, _ = fmt.Fprint(p.err, prompt+": ")
	b, err := term.ReadPassword(in.Fd())
	p.note("")
	return string(b), err
}

// screenShow are the screens.
type screenShow struct{ *tui.Model }

func (s screenShow) run(ctx context.Context) error { return tui.Run(ctx, s.Model) }
func (s screenShow) hear(out desk.Output)          { s.Out(out) }

func screens(c station.Config, rules func() *policy.Set, f *front, send func(desk.Input) int64) (screenShow, error) {
	config := tui.Config{
		Send: send, Words: c.Words, Labels: c.Labels, Card: f.card, Commands: f.commands,
		Theme: kit.Kind(f.settings.Screen.Theme), Keys: f.settings.Screen.Keys, Idle: c.Rules.SleepAfter(),
	}
	config.Zone = func() *time.Location { return rules().Location(c.Library) }
	config.Library = func(id policy.LibraryID) string { return rules().LibraryName(id) }
	config.Location = func(lib policy.LibraryID, id policy.LocationID) string { return rules().LocationName(lib, id) }
	typing := f.settings.Typing
	config.Typing = scanner.Setup{Layout: typing.Layout, Host: typing.Host, Prefix: typing.Prefix, Suffix: typing.Suffix}
	if tells, ok := c.System.(central.Carrier); ok {
		config.Carries = tells.Carries
	}
	_, looks := c.System.(central.Finder)
	_, lists := c.System.(central.Snapshotter)
	config.Seen = looks && !lists
	if !f.settings.Screen.Silent {
		config.Bell = kit.Bell{Table: kit.Sounds()}
	}
	m, err := tui.New(config)
	return screenShow{m}, err
}
