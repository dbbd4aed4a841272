package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"time"

	"github.com/spf13/cobra"

	"circdesk/cmd/internal/folder"
	"circdesk/cmd/internal/server"
	"circdesk/cmd/internal/station"
	"circdesk/desk/central"
	"circdesk/desk/central/hub"
	"circdesk/desk/circ"
	"circdesk/desk/load"
	"circdesk/desk/operator"
	"circdesk/desk/policy"
	"circdesk/desk/relay"
	"circdesk/desk/uplink"
	"circdesk/desk/words"
	"circdesk/store/secret"
)

// deskFlags are what a command line says of a desk, before its settings.
type deskFlags struct {
	central, id, library string
	plainHTTP, plainSIP2 bool
	sip2Trace            string
	code                 string       // to enrol with
	relay                string       // of the branch
	safety               *safetyFlags // of a desk that starts; nil: its files are opened as they are
}

func (f *deskFlags) flags(c *cobra.Command) {
	c.Flags().StringVar(&f.central, "central", "", "the central server's `URL`; sip2://HOST:PORT or sip2s://HOST:PORT for a system that speaks SIP2 (default: a server of its own, in the data folder)")
	c.Flags().StringVar(&f.relay, "relay", "", "the `URL` of the relay of this branch, which takes the journal while the central server is away")
	c.Flags().BoolVar(&f.plainHTTP, "plain-http", false, "allow http to another machine: whoever sees that network sees the patrons")
	c.Flags().BoolVar(&f.plainSIP2, "plain-sip2", false, "allow SIP2 without TLS to another machine: whoever sees that network sees the patrons")
	c.Flags().StringVar(&f.sip2Trace, "sip2-trace", "", "write what is said by SIP2 to the end of `FILE`, patrons' data masked")
}

func (p *program) deskCommand() *cobra.Command {
	var f front
	var d deskFlags
	c := &cobra.Command{
		Use: "desk", Short: "a desk", Args: takesArgs(cobra.NoArgs),
		Long: `A desk: at a central server (--central), or with a server of its own in the data folder,
for a library of one desk. Settings are in desk.toml of the data folder, which the first start
writes; who may sign in is in operators.toml: see 'circdesk operators'.

A central server knows each desk by a key of its own, which is kept in the system's keyring, or
behind a passphrase (--passphrase-file). It is enrolled once, with a code that 'circdesk desks
invite' makes at the server (--code, or asked for at the first start); from then on the folder
knows its server, and --central is not needed. A desk that is not enrolled any more works on, and
delivers when it is enrolled again with another code.

With a relay in the branch ('circdesk serve --relay'; --relay here, or relay in desk.toml) the desks
see each other's work while the central server is away. What is at the relay is not delivered yet:
it waits here, too, until the central server has it.`,
		RunE: func(c *cobra.Command, _ []string) error { return p.desk(c.Context(), d, &f) },
	}
	p.dataFlag(c)
	d.flags(c)
	c.Flags().StringVar(&d.code, "code", "", "the `CODE` with which the desk is enrolled at the central server")
	c.Flags().StringVar(&d.id, "desk", "", "this desk's id, at its first start")
	c.Flags().StringVar(&d.library, "library", "", "the library it stands in")
	f.flags(c)
	d.safety = &safetyFlags{}
	d.safety.flags(c)
	return c
}

func (p *program) desk(ctx context.Context, flags deskFlags, f *front) (err error) {
	if err := p.checkFront(f); err != nil {
		return err
	}
	where, err := p.folder()
	if err != nil {
		return err
	}
	if err := p.lasting(where, flags.safety); err != nil {
		return err
	}
	if err := where.Make(); err != nil {
		return err
	}
	if _, err := where.Keep(folder.DeskTOML, []byte(folder.SettingsText)); err != nil {
		return err
	}
	operators, err := p.operatorsOf(where)
	if err != nil {
		return err
	}
	log, w, err := where.OpenLog()
	if err != nil {
		return err
	}
	defer w.Close()
	b, err := p.openBooks(ctx, where, flags)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	if b.stores.Journal.Behind() {
		p.note(p.words.Text(words.ErrorJournalBehind, "file", where.File(folder.Journal)))
		log.Error("a first page of the journal is damaged: what was written last may be missing")
	}
	if b.stores.Rebuilt {
		p.note(p.words.Text(words.ErrorCacheDamaged, "file", where.File(folder.Cache)))
	}
	if b.stores.Emptied {
		p.note(p.words.Text(words.SealEmptied, "file", where.File(folder.Cache)))
	}
	labels, err := labelsOf(b.settings)
	if err != nil {
		return err
	}
	p.serving = b.own
	f.settings, f.ready = b.settings, b.own != nil && f.asPlain()
	return p.shows(ctx, where, station.Config{
		Stores: b.stores, ID: circ.DeskID(b.settings.Desk), Library: b.library, Rules: b.rules, System: b.system, Relay: b.relay,
		Drawer: b.settings.Drawer, Labels: labels, Operators: operators, Words: p.words, Slip: p.slip(where, b.settings), Log: log, Version: version(), Days: b.settings.Seal.Days,
	}, f)
}

// operatorsOf gives who may sign in. Nobody is no error: the desk looks things
// up, and says how somebody is added.
func (p *program) operatorsOf(where folder.Folder) (operator.Source, error) {
	source, err := operator.Open(where.File(folder.Operators), time.Now)
	if errors.Is(err, fs.ErrNotExist) {
		p.note(p.words.Text(words.ErrorNoOperators, "file", where.File(folder.Operators)), p.words.Text(words.CliAddOperator))
		return operator.Fixed(operator.Roll{}, time.Now), nil
	}
	if err != nil {
		return nil, err
	}
	return source, nil
}

// books are the open stores of a folder and the central system that belongs to
// them.
type books struct {
	settings folder.Settings
	library  policy.LibraryID
	stores   folder.Stores
	keeper   secret.Keeper // of the desk's keys; nil: nowhere is one
	rules    *policy.Set
	system   central.System
	key      *hub.Key       // by which the desk is known there; nil: it is not
	relay    uplink.Relay   // of the branch; nil: there is none
	own      *server.Server // nil: the central server is elsewhere
	ledger   *server.Server // what a system that speaks SIP2 does not keep itself; nil: it is none
	trace    string         // the file for what is said by SIP2; empty: none
	done     func()         // ends what serves
}

// openBooks opens a desk's stores, and its own server where it has no other.
func (p *program) openBooks(ctx context.Context, where folder.Folder, flags deskFlags) (b *books, err error) {
	b = &books{done: func() {}}
	if b.settings, err = where.ReadSettings(); err != nil {
		return nil, told{[]string{p.words.Text(words.ErrorBadFile, "file", where.File(folder.DeskTOML), "why", err.Error())}, exitFailed}
	}
	s := &b.settings
	s.Central, s.PlainHTTP = firstOf(flags.central, firstOf(s.Central, s.SIP2.Central())), flags.plainHTTP || s.PlainHTTP
	s.Relay = firstOf(flags.relay, s.Relay)
	s.SIP2.Plain = flags.plainSIP2 || s.SIP2.Plain
	b.trace = flags.sip2Trace
	s.Desk, s.Library = firstOf(flags.id, s.Desk), firstOf(flags.library, s.Library)
	keys, err := p.keysToSeal(where, *s, flags.safety)
	if err != nil {
		return nil, err
	}
	if b.keeper = keys.Keeper; b.keeper == nil { // its files are open, the key by which it is known is not
		kept, err := p.keysOf(where, *s)
		if err != nil {
			return nil, err
		}
		b.keeper = kept.Keeper
	}
	mirror := folder.Mirror{Dir: s.Mirror}
	if flags.safety != nil {
		mirror = flags.safety.mirror
		mirror.Dir = firstOf(mirror.Dir, s.Mirror)
	}
	if mirror.Dir == "" && (mirror.Take || mirror.Drop) {
		return nil, usage{errors.New("--from-mirror and --drop-mirror: --mirror says where it is")}
	}
	if b.stores, err = where.OpenMirrored(ctx, keys, mirror); err != nil {
		return nil, err
	}
	p.tellMirror(b.stores.Journal)
	if err := p.openCentral(ctx, where, b, flags.code); err != nil {
		return nil, errors.Join(err, b.stores.Close())
	}
	return b, nil
}

func (p *program) openCentral(ctx context.Context, where folder.Folder, b *books, typed string) error {
	if speaksSIP2(b.settings.Central) {
		b.library = policy.LibraryID(b.settings.Library)
		return p.openSIP2(ctx, where, b)
	}
	was, err := readEnrolment(ctx, b.stores.Journal)
	if err != nil {
		return err
	}
	s := &b.settings
	if s.Central = firstOf(s.Central, was.Central); s.Central != was.Central {
		was = enrolment{} // at another server
	}
	if s.Central == "" && typed != "" {
		return usage{errors.New("--code enrols a desk at a central server: --central says which")}
	}
	if s.Central != "" {
		return p.dialCentral(ctx, b, was, typed)
	}
	b.library = policy.LibraryID(s.Library)
	own, err := server.Open(ctx, server.Config{Folder: where, Token: newToken()})
	if err != nil {
		return err
	}
	if err := notSIP2(ctx, own); err != nil {
		return errors.Join(err, own.Close())
	}
	p.rulesRefused(own)
	client, done, err := overLoopback(ctx, own, &http.Transport{})
	if err != nil {
		return errors.Join(err, own.Close())
	}
	b.own, b.system, b.rules, b.done = own, client, own.Rules(), done
	if b.library == "" {
		if b.library, err = load.Home(ctx, own.Store); err != nil {
			return errors.Join(fmt.Errorf("find the library with most items: %w", err), b.close())
		}
	}
	return nil
}

// dialCentral makes the client of a central server elsewhere.
func (p *program) dialCentral(ctx context.Context, b *books, was enrolment, typed string) error {
	key, err := p.keyFor(ctx, b, was, typed)
	if err != nil {
		return err
	}
	if key != nil {
		if was, err = readEnrolment(ctx, b.stores.Journal); err != nil {
			return err
		}
		b.settings.Desk = string(key.Desk())
	}
	b.library = policy.LibraryID(firstOf(b.settings.Library, was.Library))
	client, err := b.dial(key)
	if err != nil {
		return err
	}
	b.system, b.key, b.rules, b.done = client, key, policy.Default(server.Currency, server.Zone().String()), client.Close
	return p.dialRelay(b)
}

// dial makes a client of the central server of the settings.
func (b *books) dial(key *hub.Key) (*hub.Client, error) {
	config := hub.Config{URL: b.settings.Central, Token: b.settings.Token, Plain: b.settings.PlainHTTP, Key: key}
	if b.settings.Relay != "" {
		var err error
		if config.Transport, err = hub.Ways(b.settings.Relay + relay.ToCentral); err != nil {
			return nil, told{[]string{err.Error()}, exitUsage}
		}
	}
	client, err := hub.New(config)
	if err != nil {
		return nil, told{[]string{err.Error()}, exitUsage}
	}
	return client, nil
}

// close ends what serves, and closes the stores.
func (b *books) close() error {
	b.done()
	err := b.stores.Close()
	for _, s := range []*server.Server{b.own, b.ledger} {
		if s != nil {
			err = errors.Join(err, s.Close())
		}
	}
	return err
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}
