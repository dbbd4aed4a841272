package main

import (
	"context"
	"errors"
	"log/slog"
	"net/url"
	"slices"
	"sync/atomic"

	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/station"
	"circdesk/desk/central"
	"circdesk/desk/central/hub"
	"circdesk/desk/central/hubserver"
	"circdesk/desk/central/sip2/sipserver"
	"circdesk/desk/circ"
	"circdesk/desk/journal"
	"circdesk/desk/local"
	"circdesk/desk/relay"
	"circdesk/desk/uplink"
	"circdesk/desk/words"
)

// relayFlags are those of a relay.
type relayFlags struct {
	relay   bool
	central string
	code    string
	plain   bool
	safety  safetyFlags
}

func (r *relayFlags) flags(c *cobra.Command) {
	f := c.Flags()
	f.BoolVar(&r.relay, "relay", false, "be the relay of a branch, for a central server elsewhere")
	f.StringVar(&r.central, "central", "", "of a relay: the central server's `URL`; after the first start the folder knows it")
	f.StringVar(&r.code, "code", "", "of a relay: the `CODE` with which it is enrolled at the central server")
	f.BoolVar(&r.plain, "plain-http", false, "of a relay: allow http to another machine")
	r.safety.flags(c)
}

// given reports whether something was said that only a relay needs.
func (r *relayFlags) given() bool {
	return r.central != "" || r.code != "" || r.plain || r.safety != safetyFlags{}
}

// serveRelay is the relay of a branch until the context ends.
func (p *program) serveRelay(ctx context.Context, listen string, f relayFlags, terminals sip2Flags) (err error) {
	where, err := p.folder()
	if err != nil {
		return err
	}
	if err := p.lasting(where, &f.safety); err != nil {
		return err
	}
	if err := where.Make(); err != nil {
		return err
	}
	l, err := p.listen(listen)
	if err != nil {
		return err
	}
	defer l.Close()
	log := slog.New(slog.NewTextHandler(p.err, nil))
	door, err := p.openDoor(where, terminals, log)
	if err != nil {
		return err
	}
	defer door.close()
	b, err := p.openRelay(ctx, where, f)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	client, line := b.system.(*hub.Client), &relayLine{}
	line.Client = client
	st, err := station.New(ctx, station.Config{
		Stores: b.stores, ID: circ.DeskID(b.settings.Desk), Library: b.library, Rules: b.rules, System: line, Words: p.words,
		Log: log, Version: version(), Days: b.settings.Seal.Days, Members: true, Hear: line.hear,
	})
	if err != nil {
		return err
	}
	defer st.Wait()
	r, err := p.beginRelay(ctx, st, line, log)
	if err != nil {
		return err
	}
	defer r.Close()
	line.relay.Store(r)
	done, err := p.reachable(ctx, where, st)
	if err != nil {
		return err
	}
	defer done()
	to, err := url.Parse(b.settings.Central)
	if err != nil {
		return err
	}
	key := words.CliServing
	if !hubserver.Local(l.Addr()) {
		key = words.CliServingOpen
	}
	p.note(p.words.Text(words.CliRelaying, "relay", string(st.Desk.ID), "library", string(st.Desk.Library)), p.words.Text(key, "address", l.Addr().String()))
	if door != nil {
		door.as = st.Desk.ID
		p.note(p.words.Text(door.says, "address", door.listener.Addr().String()))
	}
	all, ctx := errgroup.WithContext(ctx)
	all.Go(func() error {
		h := relay.HTTP{Relay: r, Key: b.key, Members: membersOf(ctx, st), Stranger: st.Up.WhoIsThere, Central: to, Log: log}
		return h.Serve(ctx, l)
	})
	all.Go(func() error { st.Up.Run(ctx); return nil })
	all.Go(func() error { st.KeepFresh(ctx); return nil })
	all.Go(func() error {
		r.Run(ctx, hub.Bearer{Client: client}, func() bool { return st.Up.Status().Up }, func(err error) {
			log.Warn("not all could be handed on", "err", err)
		})
		return nil
	})
	if door != nil {
		all.Go(func() error {
			return door.serve(ctx, hubserver.New(hubserver.Config{Store: r.Store(), Rules: st.Desk.Policy(), Now: st.Desk.Now, Provisional: true}), p.words)
		})
	}
	err = all.Wait()
	p.note(p.words.Text(words.CliStopped))
	return err
}

// openRelay opens the files of a relay, and enrols it where that is not done.
func (p *program) openRelay(ctx context.Context, where folder.Folder, f relayFlags) (*books, error) {
	if !where.Has(folder.Journal) && f.central == "" {
		if s, err := where.ReadSettings(); err == nil && s.Central == "" {
			return nil, p.tell(exitUsage, words.ErrorRelayCentral)
		}
	}
	if _, err := where.Keep(folder.DeskTOML, []byte(folder.SettingsText)); err != nil {
		return nil, err
	}
	b, err := p.openBooks(ctx, where, deskFlags{central: f.central, code: f.code, plainHTTP: f.plain, safety: &f.safety})
	if err != nil {
		return nil, err
	}
	_, elsewhere := b.system.(*hub.Client)
	switch {
	case b.own != nil || !elsewhere:
		err = p.tell(exitUsage, words.ErrorRelayCentral)
	case b.key == nil:
		err = p.tell(exitFailed, words.ErrorRelayKey)
	}
	if err != nil {
		return nil, errors.Join(err, b.close())
	}
	return b, nil
}

// beginRelay opens the relay, and lets the station say what it holds. Where the central
// server answers now it is asked who is in the branch, and whether this is its relay.
func (p *program) beginRelay(ctx context.Context, st *station.Station, line *relayLine, log *slog.Logger) (*relay.Relay, error) {
	r, err := relay.Open(ctx, relay.Config{Desk: st.Desk, Log: log})
	if err != nil {
		return nil, err
	}
	st.Holds = holds(st, r, hub.Bearer{Client: line.Client})
	if st.Up.Probe(ctx).Up {
		if err := st.Up.AskMembers(ctx, line.Client); err != nil {
			log.Warn("who is in the branch could not be asked", "err", err)
		}
	}
	all, _, err := st.Desk.Members(ctx)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(all, func(m central.Member) bool { return m.Desk == st.Desk.ID && !m.Relay }) {
		return nil, p.tell(exitFailed, words.ErrorRelayNone, "desk", string(st.Desk.ID))
	}
	return r, nil
}

// holds gives what a station says of a relay.
func holds(st *station.Station, r *relay.Relay, c relay.Central) func(context.Context) (int, int, error) {
	return func(ctx context.Context) (entries, desks int, err error) {
		if err := r.Fresh(ctx); err != nil {
			return 0, 0, err
		}
		if st.Up.Status().Up {
			if err = r.HandOn(ctx, c); err == nil {
				st.Up.Probe(ctx) // the central server hears how many are left now
			}
		}
		entries, desks = r.Left()
		return entries, desks, err
	}
}

// holdsOf lets a station on the folder of a relay that does not run say what that holds.
func holdsOf(ctx context.Context, b *books, st *station.Station) error {
	client, ok := b.system.(*hub.Client)
	if !ok {
		return nil
	}
	is := false
	err := b.stores.Journal.View(ctx, func(tx journal.JournalTx) error {
		v, err := tx.Note(ctx, journal.NoteMidway)
		is = v != nil
		return err
	})
	if err != nil || !is {
		return err
	}
	r, err := relay.Open(ctx, relay.Config{Desk: st.Desk})
	if err == nil {
		st.Holds = holds(st, r, hub.Bearer{Client: client})
	}
	return err
}

// relayLine is a relay's own line to the central server: it says what the relay holds,
// and the relay hears of it when the line comes and the copy is fresh.
type relayLine struct {
	*hub.Client
	relay atomic.Pointer[relay.Relay]
}

func (l *relayLine) Hello(ctx context.Context, h central.Hello) (central.Welcome, error) {
	if r := l.relay.Load(); r != nil {
		n, _ := r.Left()
		h.Left += n
	}
	return l.Client.Hello(ctx, h)
}

func (l *relayLine) hear(e uplink.Event) {
	r := l.relay.Load()
	if r == nil {
		return
	}
	switch e.(type) {
	case uplink.LineUp:
		r.Wake()
	case uplink.Fresh:
		_ = r.Fresh(context.Background()) // it is tried again with the next
	}
}

// membersOf gives who is in the branch, as was kept last.
func membersOf(ctx context.Context, st *station.Station) func() []central.Member {
	return func() []central.Member {
		all, _, err := st.Desk.Members(ctx)
		if err != nil {
			return nil // nobody is let in
		}
		return all
	}
}

// dialRelay makes the desk's end of the line to its relay.
func (p *program) dialRelay(b *books) error {
	if b.settings.Relay == "" || b.key == nil {
		return nil
	}
	members := func() (all []central.Member) {
		all, _, err := local.ReadMembers(context.Background(), b.stores.Journal)
		if err != nil {
			return nil // no relay is spoken with
		}
		return all
	}
	r, err := hub.NewRelay(hub.Config{URL: b.settings.Relay, Plain: b.settings.PlainHTTP, Key: b.key}, members)
	if err != nil {
		return told{[]string{err.Error()}, exitUsage}
	}
	done := b.done
	b.relay, b.done = r, func() { r.Close(); done() }
	return nil
}

// ofRelay gives the settings of terminals as those of a relay: each is a desk of its own
// there, whatever is called alike elsewhere.
func ofRelay(s *sipserver.Settings, as circ.DeskID) *sipserver.Settings {
	if s == nil || as == "" {
		return s
	}
	named := *s
	named.Terminals = slices.Clone(s.Terminals)
	for i := range named.Terminals {
		named.Terminals[i].Desk = as + "." + named.Terminals[i].Desk
	}
	return &named
}
