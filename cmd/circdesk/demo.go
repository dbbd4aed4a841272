package main

import (
	"context"
	"crypto/rand"
	"errors"
	"net"
	"net/http"
	"os"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/sample"
	"circdesk/cmd/internal/server"
	"circdesk/cmd/internal/station"
	"circdesk/desk"
	"circdesk/desk/central/hub"
	"circdesk/desk/label"
	"circdesk/desk/operator"
	"circdesk/desk/words"
	"circdesk/tui"
)

// demo is a whole library in one process.
type demo struct {
	*program
	front
	patrons, titles string // files; empty: the sample's
}

func (p *program) demoCommand() *cobra.Command {
	d := &demo{program: p}
	c := &cobra.Command{
		Use: "demo", Short: "a whole library on this machine, to try", Args: takesArgs(cobra.NoArgs),
		Long: `A whole library in one process, the central server and a desk, signed in: with a small
sample library, or with your own patrons and titles. Without --data it is gone when you leave.

The line to the central server can be pulled: Ctrl+K, then "pull"; in plain mode :pull.`,
		RunE: func(c *cobra.Command, _ []string) error { return d.run(c.Context()) },
	}
	c.Flags().StringVar(&d.patrons, "patrons", "", "your own patrons, a CSV `file`")
	c.Flags().StringVar(&d.titles, "titles", "", "your own titles and items, a MARC 21 `file`")
	c.Flags().StringVar(&p.data, "data", "", "keep the library in this `folder`")
	d.flags(c)
	return c
}

func (d *demo) run(ctx context.Context) (err error) {
	if err := d.checkFront(&d.front); err != nil {
		return err
	}
	if d.data == "" {
		dir, err := os.MkdirTemp("", "circdesk-demo-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		d.data = dir
	}
	where := folder.Folder(d.data)
	if err := where.Make(); err != nil {
		return err
	}
	if _, err := where.Keep(folder.Operators, sample.Operators()); err != nil {
		return err
	}
	if d.settings, err = where.ReadSettings(); err != nil {
		return err
	}
	log, w, err := where.OpenLog()
	if err != nil {
		return err
	}
	defer w.Close()
	stores, err := where.OpenDesk(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, stores.Close()) }()
	rules := sample.Rules()
	if d.own() {
		rules = nil
	}
	s, err := server.Open(ctx, server.Config{Folder: where, Rules: rules, Token: rand.Text(), Log: log})
	if err != nil {
		return err
	}
	d.rulesRefused(s)
	d.serving = s
	defer func() { err = errors.Join(err, s.Close()) }()
	what, err := d.fill(ctx, s)
	if err != nil {
		return err
	}
	d.line = newLine(&http.Transport{})
	central, done, err := overLoopback(ctx, s, d.line.(*line))
	if err != nil {
		return err
	}
	defer done()
	operators, err := operator.Open(where.File(folder.Operators), time.Now)
	if err != nil {
		return err
	}
	labels, err := labelsOf(d.settings)
	if err != nil {
		return err
	}
	d.tells(what)
	d.ready = true
	d.first = []desk.Input{desk.SignIn{Name: what.Operator, PIN: what.PIN}}
	return d.shows(ctx, where, station.Config{
		Stores: stores, ID: sample.Desk, Library: what.library, Rules: s.Rules(), System: central, Labels: labels,
		Drawer: folder.Drawer, Operators: operators, Words: d.words, Slip: d.slip(where, d.settings), Log: log, Version: version(),
	}, &d.front)
}

// own reports whether the library is the user's own.
func (d *demo) own() bool { return d.patrons != "" || d.titles != "" }

// tells says what there is to try: on the screen, or beside the output.
func (d *demo) tells(what tour) {
	w := d.words
	lines := []string{w.Text(words.DemoTitle), w.Text(words.DemoSignedIn, "name", what.Operator, "pin", what.PIN, "manager", what.Manager, "manager_pin", what.ManagerPIN)}
	lines = append(lines, what.lines(w, d.asPlain())...)
	lines = append(lines, w.Text(words.SealDemo))
	if d.asPlain() {
		d.note(lines...)
		return
	}
	d.card = lines
	l := d.line.(*line)
	d.commands = []tui.Command{
		{ID: "demo.pull", Label: w.Text(words.DemoPull), Help: w.Text(words.DemoPullHelp), Run: d.takes(l.Pull, words.PlainPulled, words.PlainPulledAlready)},
		{ID: "demo.plug", Label: w.Text(words.DemoPlug), Help: w.Text(words.DemoPlugHelp), Run: d.takes(l.Plug, words.PlainPlugged, words.PlainPluggedAlready)},
	}
}

func (d *demo) takes(do func(context.Context) (bool, error), done, already words.Key) func(context.Context) string {
	return func(ctx context.Context) string {
		was, err := do(ctx)
		switch {
		case err != nil:
			return d.words.Text(words.RefusalFailed, "why", err.Error())
		case was:
			return d.words.Text(already)
		}
		return d.words.Text(done)
	}
}

// overLoopback puts a server on a port of this machine and gives a client of it.
func overLoopback(ctx context.Context, s *server.Server, over http.RoundTripper) (*hub.Client, func(), error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, nil, err
	}
	client, err := hub.New(hub.Config{URL: "http://" + l.Addr().String(), Token: s.HTTP.Token, Transport: over})
	if err != nil {
		return nil, nil, errors.Join(err, l.Close())
	}
	ctx, cancel := context.WithCancel(ctx)
	var work sync.WaitGroup
	work.Go(func() { _ = s.Serve(ctx, l) })
	return client, func() {
		client.Close()
		cancel()
		work.Wait()
	}, nil
}

// labelsOf gives the forms of the library's numbers.
func labelsOf(s folder.Settings) (*label.Rules, error) {
	if len(s.Labels.Cards) == 0 && len(s.Labels.Items) == 0 {
		return label.Default(), nil
	}
	return label.New(s.Labels.Cards, s.Labels.Items)
}
